"""What is answered to the four rows of a gate: counted, in words and in tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from scene.four_points import ROW_NAMES
from scene.marks import Array
from scene.ticks import number, subscript

GATES = {
    "0000": "0 everywhere", "0001": "AND", "0010": "A and not B", "0011": "A", "0100": "B and not A", "0101": "B",
    "0111": "OR", "1000": "NOR", "1010": "not B", "1011": "A or not B", "1100": "not A", "1101": "B or not A",
    "1110": "NAND", "1111": "1 everywhere",
}  # fmt: skip
"""What one neuron can answer to the four rows, by name: all there is but XOR and its opposite."""


class Rows(NamedTuple):
    """What one neuron makes of the rows: its sums, the answers, and the targets they should be, (4,) each."""

    sums: Array
    answers: Array
    targets: Array

    @property
    def right(self) -> int:
        """How many answers are right."""
        return int(np.sum(self.answers == self.targets))


def answered(sums: Array, targets: Array) -> Rows:
    """Return the answers to the rows by their sums: 1 where a sum is 0 or more."""
    return Rows(sums, (sums >= 0.0).astype(float), targets)


def gate_name(answers: Array) -> str:
    """Return the name of the gate that answers the rows so, (4,), as one neuron can."""
    return GATES["".join(f"{answer:.0f}" for answer in answers)]


def ones(answers: Array) -> str:
    """Return in words the rows answered by 1."""
    return ", ".join(row for row, one in zip(ROW_NAMES, answers, strict=True) if one) or "no corner"


def told(answers: Array, targets: Array) -> str:
    """Return each row's answer in words, with what it should be where it is wrong."""
    return ", ".join(
        f"{name} gives {a:.0f}" + ("" if a == t else f" (should be {t:.0f})")
        for name, a, t in zip(ROW_NAMES, answers, targets, strict=True)
    )


def still_to_join(says: Array, targets: Array) -> str:
    """Return in words what neurons must say to the rows, (neurons, 4), so that their AND gives the targets, (4,)."""
    needs = []
    for row, target, each in zip(ROW_NAMES, targets, says.T, strict=True):
        silent = f" and ".join(f"h{subscript(k)}" for k, one in enumerate(each, 1) if not one)
        if target and silent:
            needs.append(f"{silent} must say 1 to {row}")
        elif not target and not silent:
            needs.append(f"one of them must say 0 to {row}")
    return "; ".join(needs)


def row_table(sums: Array, answers: Array, targets: Array, title: str) -> str:
    """Return a table, as HTML, of each row's sum, (4,), the answer to it, (4,), and what it should be, (4,)."""
    body = (
        (number(float(z)), _marked(a, a == t, " ✓" if a == t else f" wrong"), f"{t:.0f}")
        for z, a, t in zip(sums, answers, targets, strict=True)
    )
    return _table([_head(name) for name in (f"sum", f"answer", title)], body)


def truth_table(says: Array, joined: Array, targets: Array, title: str) -> str:
    """Return a table, as HTML, of what each neuron says to the rows, (neurons, 4), their AND, (4,), and the targets."""
    neurons = range(1, len(says) + 1)
    names = [f'<th scope="col" class="h{k}" data-term="h{k}">h{subscript(k)}</th>' for k in neurons]
    both = " AND ".join(f"h{subscript(k)}" for k in neurons)
    body = (
        (*(f"{one:.0f}" for one in each), f"{a:.0f}", _marked(t, a == t, " ✓" if a == t else " ✗"))
        for each, a, t in zip(says.T, joined, targets, strict=True)
    )
    return _table([*names, f'<th scope="col" data-term="both" tabindex="0">{both}</th>', _head(title)], body)


def _head(name: str) -> str:
    return f'<th scope="col">{name}</th>'


def _marked(value: float, right: bool, mark: str) -> str:
    return f'<td class="{"right" if right else "wrong"}">{value:.0f}{mark}</td>'


def _table(heads: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """Return a table of the rows, each with its name as a term: A and B, then under `heads` the cells of `body`."""
    lines = []
    for name, row in zip(ROW_NAMES, body, strict=True):
        cells = "".join(cell if cell.startswith("<td") else f"<td>{cell}</td>" for cell in (*name, *row))
        lines.append(f'<tr data-term="{name}" tabindex="0">{cells}</tr>')
    head = "".join((_head("A"), _head("B"), *heads))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
