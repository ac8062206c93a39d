"""The plane as it can be carried along by a map: a grid, the unit square, and what shows which side of it is up."""

from __future__ import annotations

import numpy as np

from scene.marks import Array

SQUARE = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
"""The unit square's corners, anticlockwise: the four rows of a gate too."""
LETTER = np.array([[[0.34, 0.22], [0.34, 0.78]], [[0.34, 0.78], [0.7, 0.78]], [[0.34, 0.52], [0.6, 0.52]]])
"""An F in the unit square, (3, 2, 2): mirrored, it is no F any more."""


def grid_lines(reach: float, gap: float) -> Array:
    """Return the lines, (n, 2, 2), of a square grid out to `reach` on all sides, first those across, then those up."""
    at = np.arange(-reach, reach + gap / 2.0, gap)
    across = np.stack([np.column_stack([np.full_like(at, x), at]) for x in (-reach, reach)], axis=1)
    return np.concatenate([across, across[:, :, ::-1]])


def hatching(lines: int) -> Array:
    """Return parallel lines, (lines, 2, 2), across the unit square from side to side."""
    at = np.linspace(0.0, 2.0, lines + 2)[1:-1]
    low, high = np.maximum(at - 1.0, 0.0), np.minimum(at, 1.0)
    return np.stack([np.column_stack([low, high]), np.column_stack([high, low])], axis=1)
