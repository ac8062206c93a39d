"""Graphs of functions, and the half of a square on one side of a line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scene.marks import Array


def graph(f: Callable[[Array], Array], low: float, high: float, columns: int = 240) -> Array:
    """Return the points, (columns, 2), of the graph of f from `low` to `high`."""
    x = np.linspace(low, high, columns)
    return np.column_stack([x, f(x)])


def half_square(normal: Array, offset: float, low: float, high: float) -> Array:
    """Return the corners, (n, 2), of the part of the square from `low` to `high` where normal . x + offset >= 0.

    There are none where no part is.
    """
    square = np.array([[low, low], [high, low], [high, high], [low, high]])
    side = square @ normal + offset
    corners = []
    for k in range(4):
        here, there = side[k], side[(k + 1) % 4]
        if here >= 0:
            corners.append(square[k])
        if (here >= 0) != (there >= 0):
            corners.append(square[k] + here / (here - there) * (square[(k + 1) % 4] - square[k]))
    return np.array(corners).reshape(-1, 2)
