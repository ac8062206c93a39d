"""Lines of equal height of a field on a grid, by marching squares (Lorensen and Cline 1987, in two dimensions)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scene.marks import Array

Index = NDArray[np.intp]

# For each of a cell's 16 cases (a bit for each corner above the level: 1 lower left, 2 lower right, 4 upper right,
# 8 upper left) the edges that a line joins; edge 0 is the lower one, then right, upper, left.
_EDGES = (
    (), ((3, 0),), ((0, 1),), ((3, 1),), ((1, 2),), ((3, 2), (0, 1)), ((0, 2),), ((3, 2),),
    ((2, 3),), ((0, 2),), ((0, 3), (1, 2)), ((1, 2),), ((1, 3),), ((0, 1),), ((0, 3),), (),
)  # fmt: skip


def contour(values: Array, x: Array, y: Array, level: float) -> Array:
    """Return the pieces, (n, 2, 2), of the line where the field is `level`: two ends each, x and y.

    `values` is (rows, columns), at the places `y` (rows,) and `x` (columns,); along a cell's edge it is taken to be
    straight.
    """
    above = values > level
    case = above[:-1, :-1] + 2 * above[:-1, 1:] + 4 * above[1:, 1:] + 8 * above[1:, :-1]
    pieces = []
    for number, pairs in enumerate(_EDGES):
        if not pairs:
            continue
        rows, columns = np.nonzero(case == number)
        for first, second in pairs:
            ends = [_crossing(values, x, y, level, rows, columns, edge) for edge in (first, second)]
            pieces.append(np.stack(ends, axis=1))
    return np.concatenate(pieces)


def _crossing(values: Array, x: Array, y: Array, level: float, rows: Index, columns: Index, edge: int) -> Array:
    """Return where the level crosses an edge of each cell: (n, 2)."""
    (r0, c0), (r1, c1) = (((0, 0), (0, 1)), ((0, 1), (1, 1)), ((1, 0), (1, 1)), ((0, 0), (1, 0)))[edge]
    low, high = values[rows + r0, columns + c0], values[rows + r1, columns + c1]
    share = (level - low) / np.where(high == low, 1.0, high - low)
    across = x[columns + c0] + share * (x[columns + c1] - x[columns + c0])
    return np.column_stack([across, y[rows + r0] + share * (y[rows + r1] - y[rows + r0])])
