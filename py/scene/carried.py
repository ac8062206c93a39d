"""What a map carries along, before it and after: the plane's grid, and the unit square with its basis vectors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scene.grid_lines import LETTER, SQUARE, grid_lines, hatching
from scene.marks import Array
from unfold.transforms import eigen, path

REACH = 3.0
"""How far out the grid goes."""
FAINT = grid_lines(REACH, 1.0)
STILL = np.concatenate([SQUARE, *FAINT, *LETTER, *hatching(7)])
"""All that is carried along, (n, 2), before anything moves."""


@dataclass(frozen=True)
class Carried:
    """What became of the points STILL, and where the map sends them in the end."""

    moved: Array
    W: Array
    b: Array
    kept: tuple[tuple[float, Array], ...] = ()
    """Directions that the map keeps, each (2,), with what it stretches them by."""

    @property
    def corners(self) -> Array:
        """The unit square's corners, (4, 2): the images of (0, 0), (1, 0), (1, 1) and (0, 1)."""
        return self.moved[:4]

    @property
    def parts(self) -> tuple[Array, Array, Array]:
        """The grid's lines, the letter's strokes and the hatching, (n, 2, 2) each."""
        lines, letter, hatches = np.split(self.moved[4:].reshape(-1, 2, 2), [len(FAINT), len(FAINT) + len(LETTER)])
        return lines, letter, hatches

    @property
    def area(self) -> float:
        """The unit square's area, below 0 where the plane shows its back: the determinant."""
        (a, b), (c, d) = (self.corners[[1, 3]] - self.corners[0]).tolist()
        return float(a * d - b * c)

    @property
    def turn(self) -> float:
        """The angle, anticlockwise, by which the square is turned, beside being stretched or mirrored."""
        (a, b), (c, d) = (self.corners[[1, 3]] - self.corners[0]).tolist()
        return math.atan2(b - c, a + d)

    @property
    def stretches(self) -> tuple[float, ...]:
        """By what the kept directions are stretched."""
        return tuple(value for value, _ in self.kept)

    @property
    def goals(self) -> Array:
        """Where the shift and the two basis vectors are to end, (3, 2), the latter shifted as far as the plane is."""
        return np.vstack([self.b, self.corners[0] + self.W])

    @property
    def segments(self) -> dict[str, Array]:
        """What can be pointed at, (2, 2) each, by the name of its term."""
        origin = self.corners[0]
        found = {"e1": self.corners[[0, 1]], "e2": self.corners[[0, 3]], "b": np.array([[0.0, 0.0], self.b])}
        for k, (_, direction) in enumerate(self.kept, 1):
            found[f"v{k}"] = origin + np.outer([-9.0, 9.0], direction)
        return found


@lru_cache(maxsize=8)
def carry(entries: tuple[float, ...], shift: tuple[float, ...], time: float) -> Carried:
    """Return where the map of four `entries`, row by row, has carried everything: at 1 it is multiplied, at 2 shifted.

    Both are exact: STILL @ W, and STILL @ W + b.
    """
    W, b = np.reshape(entries, (2, 2)), np.array(shift)
    moved = STILL @ path(W, min(time, 1.0)) + max(time - 1.0, 0.0) * b
    return Carried(moved, W, b, tuple((float(value), direction) for value, direction in zip(*eigen(W), strict=True)))
