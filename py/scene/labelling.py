"""Labels that keep clear of one another and of what they must not cover."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scene.marks import Array, Labels

WIDTH_OF_LETTER = 0.56
"""How wide a letter is at most on average, in the size of its font."""
AROUND = np.array([[1, 0], [1, -1], [0, -1], [-1, 0], [-1, -1], [0, 1], [1, 1], [-1, 1]], float)
"""Where a label may stand around its point, the best first: to the right, above right, above, …"""

ROOM_ENOUGH = 8.0
"""Pixels between a label and what it keeps clear of that are enough."""


def spots(places: Array, reach: float = 0.0) -> Array:
    """Return places, (n, 2), as spots, (n, 3): x, y, and how far each reaches."""
    return np.column_stack([places, np.full(len(places), reach)])


@dataclass(frozen=True, eq=False)
class Taken:
    """What labels must not cover: spots, (n, 3), and lines, (m, 3), each a normal of length 1 and an offset."""

    spots: Array = field(default_factory=lambda: np.empty((0, 3)))
    lines: Array = field(default_factory=lambda: np.empty((0, 3)))

    def and_spots(self, *more: Array) -> Taken:
        """Return it with more spots, (k, 3) each."""
        return Taken(np.concatenate([self.spots, *more]), self.lines)

    def room(self, centres: Array, half: Array) -> Array:
        """Return how far boxes around `centres`, (..., 2), stay from what is nearest to each: (...,).

        `half`, (2,) or (..., 2), is half a box's width and height; where a box covers something the room is 0 or less.
        """
        away = np.maximum(np.abs(centres[..., None, :] - self.spots[:, :2]) - half[..., None, :], 0.0)
        to_spots = np.hypot(away[..., 0], away[..., 1]) - self.spots[:, 2]
        normals = self.lines[:, :2].T
        to_lines = np.abs(centres @ normals + self.lines[:, 2]) - half @ np.abs(normals)
        least: Array = np.minimum(to_spots.min(axis=-1, initial=np.inf), to_lines.min(axis=-1, initial=np.inf))
        return least


def arranged(
    at: Array, texts: tuple[str, ...], pixels: Array, room: tuple[float, float], taken: Array, **look: object
) -> tuple[Labels, ...]:
    """Return one Labels a text, each where it covers no other, nor any of the points `taken`, (m, 2) in pixels.

    `at` is (n, 2) in the view's units and `pixels` the same places in pixels on a picture of size `room`; `look`
    goes to Labels. Where no place is free it is the first that lies within the picture.
    """
    size = float(look.get("size", 12.5))  # type: ignore[arg-type]
    boxes = np.hstack([taken - 9.0, taken + 9.0])
    found = []
    for place, text, spot in zip(at, texts, pixels, strict=True):
        half = np.array([WIDTH_OF_LETTER * size * len(text) / 2, size * 0.62])
        offsets = AROUND * (half + np.array([12.0, 10.0]))
        low, high = spot + offsets - half, spot + offsets + half
        inside = ((low >= 0.0) & (high <= room)).all(axis=1)
        covers = (low[:, None] < boxes[:, 2:]).all(axis=2) & (boxes[:, :2] < high[:, None]).all(axis=2)
        best = int(np.argmax(inside * (2 - covers.any(axis=1))))
        boxes = np.vstack([boxes, np.concatenate([low[best], high[best]])])
        found.append(Labels(place[None], (text,), offset=tuple(offsets[best].tolist()), **look))  # type: ignore[arg-type]
    return tuple(found)


def roomiest(middles: Array, half: tuple[float, float], taken: Array, room: tuple[float, float]) -> int:
    """Return at which of the `middles`, (n, 2), a label of `half` width and height has most room, in pixels.

    It is to keep clear of `taken`, (m, 2), and of the edges of a picture of size `room`. Of those with ROOM_ENOUGH the
    first is taken.
    """
    size = np.array(half)
    gaps = (np.abs(middles[:, None] - taken) - size).max(axis=2).min(axis=1)
    inside = np.minimum(middles - size, np.array(room) - middles - size).min(axis=1)
    return int(np.argmax(np.minimum(np.minimum(gaps, inside + ROOM_ENOUGH), ROOM_ENOUGH)))
