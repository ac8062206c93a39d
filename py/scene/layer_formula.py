"""A layer's three moves in numbers for one row: the row, times the weights, plus the biases, squashed."""

from __future__ import annotations

from scene.marks import Array
from scene.mathml import Row, called, equations_named, meaning
from scene.slope_formulas import brackets
from scene.ticks import number

_X, _W, _B = "<mi mathvariant='normal'>x</mi>", "<mi>W</mi>", "<mi mathvariant='normal'>b</mi>"


def pair(values: Array, digits: int) -> str:
    """Return two neurons' numbers in brackets, each in its neuron's colour."""
    inside = "<mo>,</mo>".join(f'<mn class="h{k}">{number(float(v), digits)}</mn>' for k, v in enumerate(values, 1))
    return brackets(inside)


def stages(row: tuple[Array, ...], weights: Array, biases: Array, activation: str, stage: int) -> str:
    """Return the row before and after each move, (2,) each, as equations; that of `stage`, from 0, is marked as now.

    Each can be pointed at, by the names stop-0 to stop-3.
    """
    product, total = f"{_X}{_W}", f"{_X}{_W}<mo>+</mo>{_B}"
    inputs = brackets("<mo>,</mo>".join(f"<mn>{value:.0f}</mn>" for value in row[0]))
    cells = "".join(
        "<mtr>" + "".join(f'<mtd><mn class="h{k}">{number(float(v), 1)}</mn></mtd>' for k, v in enumerate(to, 1))
        + "</mtr>" for to in weights
    )  # fmt: skip
    squashed = total if activation == "identity" else f"<mi>{called(activation)}</mi><mo>&#x2061;</mo>{brackets(total)}"
    rows: tuple[Row, ...] = (
        f"{_X}<mo>=</mo>{inputs}",
        (f"{product}<mo>=</mo>{inputs}{brackets(f'<mtable>{cells}</mtable>')}", f"<mo>=</mo>{pair(row[1], 1)}"),
        (f"{total}<mo>=</mo>{pair(row[1], 1)}<mo>+</mo>{pair(biases, 1)}", f"<mo>=</mo>{pair(row[2], 1)}"),
        f"{squashed}<mo>=</mo>{pair(row[3], 3)}",
    )
    named = {f"stop-{k}": row for k, row in enumerate(rows)}
    return equations_named(named, f"stop-{stage}") + meaning(activation)
