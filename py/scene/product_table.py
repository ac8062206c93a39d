"""A product of matrices as a table: W stands above z and x beside it, so that each entry is where its row and its
column meet (the scheme of Falk 1951)."""

from __future__ import annotations

import numpy as np

from scene.marks import Array, Axis, Labels, Lines, Mark, Regions, View
from scene.products import SUBSCRIPTS, Product
from scene.ticks import number

COLUMN = 2.5
"""Where the first neuron's column stands; the inputs' are at 0 and 1, and each column is 1 wide."""
FIRST_ROW = 5.0
"""How far down the first row of x and z stands; above it are the heads, the two rows of W, b, and heads again."""
MOST_NEURONS = 4
INPUTS = ("A", "B")


def _box(left: float, top: float, right: float, bottom: float) -> Array:
    """Return the outline, (5, 2), of a box; rows are counted downwards."""
    return np.array([[left, -top], [right, -top], [right, -bottom], [left, -bottom], [left, -top]])


def _brackets(left: float, top: float, right: float, bottom: float) -> list[Array]:
    """Return the two square brackets, each (4, 2), around a block of entries."""
    return [
        np.array([[x + inward, -top], [x, -top], [x, -bottom], [x + inward, -bottom]])
        for x, inward in ((left, 0.1), (right, -0.1))
    ]


def _row(y: float, texts: tuple[str, ...], first: float, colour: str, size: float, italic: bool = False) -> Labels:
    at = np.column_stack([first + np.arange(len(texts)), np.full(len(texts), -y)])
    return Labels(at, texts, colour, size, italic=italic)


def _blocks(rows: int, neurons: int) -> list[Array]:
    """Return the brackets around W, b, x and z."""
    left, right, low = COLUMN - 0.54, COLUMN + neurons - 0.46, FIRST_ROW + rows - 0.56
    return [
        *_brackets(left, 0.56, right, 2.44),
        *_brackets(left, 2.6, right, 3.4),
        *_brackets(-0.54, 4.56, 1.54, low),
        *_brackets(left, 4.56, right, low),
    ]


def cell_at(x: float, y: float, product: Product) -> str:
    """Return the term at a place: z1, z2, … for an entry of the result, h1, h2, … for a column of W and b, or none."""
    column, row = int(np.floor(x - COLUMN + 0.5)), int(np.floor(-y - FIRST_ROW + 0.5))
    if not 0 <= column < len(product.b):
        return ""
    if 0 <= row < len(product.X):
        return f"z{row * len(product.b) + column + 1}"
    return f"h{column + 1}" if 0.0 <= -y <= 3.5 else ""


def _boxes(cells: list[tuple[float, float]]) -> Lines:
    """Return outlines in the reader's colour around the cells at these places, across and down."""
    return Lines(tuple(_box(x - 0.44, y - 0.42, x + 0.44, y + 0.42) for x, y in cells), "act", 2.0)


def _lit_entry(row: int, column: int, stage: int) -> list[Mark]:
    """Return an entry lit with its row of x and its column of W and b, and the cells that its `stage` takes."""
    x, y = COLUMN + column, FIRST_ROW + row
    bands = (_box(x - 0.44, 0.58, x + 0.44, 3.42), _box(-0.44, y - 0.42, 1.44, y + 0.42))
    taken = {1: [(0.0, y), (x, 1.0)], 2: [(1.0, y), (x, 2.0)], 3: [(x, 3.0)]}.get(stage, [])
    return [Regions(bands, "act", 0.12), _boxes([(x, y), *taken])]


def _lit_column(column: int, rows: int) -> list[Mark]:
    """Return a neuron lit: its column of W, b and z."""
    left, right = COLUMN + column - 0.44, COLUMN + column + 0.44
    bands = (_box(left, 0.58, right, 3.42), _box(left, FIRST_ROW - 0.42, right, FIRST_ROW + rows - 0.58))
    return [Regions(bands, "act", 0.16)]


def _names(neurons: int) -> list[Mark]:
    """Return the names of the inputs, once beside the rows of W and once above x, and those of W, b and the sums."""
    sums = tuple(f"z{SUBSCRIPTS[column]}" for column in range(neurons))
    beside = np.array([[1.78, -1.0], [1.78, -2.0], [1.78, -3.0]])
    return [
        Labels(beside, (*INPUTS, "+ b"), "soft", 14.0, "right", italic=True),
        Labels(np.array([[0.4, -1.5]]), ("W",), "ink", 19.0, italic=True),
        _row(4.06, INPUTS, 0.0, "soft", 14.0, True),
        _row(4.06, sums, COLUMN, "soft", 14.0, True),
    ]


def product_table(product: Product, done: int, k: int, term: str, lines: tuple[str, str], stage: int) -> View:
    """Return the table of a product, with the first `done` entries of its result z.

    Entry `k` is lit with its row and column, and `lines` is its sum; a `term` h1, h2, … lights that column instead.
    At `stage` 1, 2 or 3 the first product, the second, or the bias is taken.
    """
    rows, neurons = product.result.shape
    column = int(term[1:]) - 1 if term.startswith("h") else neurons
    lit = _lit_column(column, rows) if column < neurons else _lit_entry(*product.at(k), stage)
    marks: list[Mark] = [*lit, Lines(tuple(_blocks(rows, neurons)), "ink", 1.5), *_names(neurons)]
    for index, numbers in enumerate(np.vstack([product.W, product.b]).T.tolist()):
        at, colour = np.column_stack([np.full(4, COLUMN + index), -np.arange(4.0)]), f"h{index + 1}"
        marks.append(Labels(at[:1], (f"h{SUBSCRIPTS[index]}",), colour, 15.0, italic=True))
        marks.append(Labels(at[1:], tuple(map(number, numbers)), colour, 13.5))
    texts = [number(value) if i < done else "?" if i == k - 1 else "" for i, value in enumerate(product.result.flat)]
    for row, inputs in enumerate(product.X.tolist()):
        marks.append(_row(FIRST_ROW + row, tuple(f"{value:.0f}" for value in inputs), 0.0, "ink", 14.5))
        marks.append(_row(FIRST_ROW + row, tuple(texts[row * neurons : (row + 1) * neurons]), COLUMN, "ink", 13.5))
    middle, low, half = (COLUMN + neurons - 1.0) / 2.0, FIRST_ROW + rows + 1.7, (COLUMN + MOST_NEURONS + 0.3) / 2.0
    marks.append(Labels(np.array([[middle, 1.25 - low], [middle, 0.5 - low]]), lines, "ink", 12.5))
    return View(tuple(marks), Axis(middle - half, middle + half), Axis(-low, 0.6))
