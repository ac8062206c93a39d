"""Labels that keep clear of one another and of what they must not cover."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scene.marks import Array, Labels

WIDTH_OF_LETTER = 0.56
"""How wide a letter is at most on average, in the size of its font."""
PLACES = ((1, 0), (1, -1), (0, -1), (-1, 0), (-1, -1), (0, 1), (1, 1), (-1, 1))
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
    goes to Labels. Where no place is free the first stands.
    """
    size = float(look.get("size", 12.5))  # type: ignore[arg-type]
    boxes: list[Array] = [np.array([x - 9.0, y - 9.0, x + 9.0, y + 9.0]) for x, y in taken]
    found = []
    for place, text, (x, y) in zip(at, texts, pixels, strict=True):
        half = np.array([WIDTH_OF_LETTER * size * len(text) / 2, size * 0.62])
        best = None
        for across, down in PLACES:
            middle = np.array([x + across * (half[0] + 12.0), y + down * (half[1] + 10.0)])
            box = np.concatenate([middle - half, middle + half])
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= room[0] and box[3] <= room[1]
            if inside and not any(_overlap(box, other) for other in boxes):
                best = middle, box
                break
            best = best or (middle, box)
        assert best is not None
        boxes.append(best[1])
        offset = (float(best[0][0] - x), float(best[0][1] - y))
        found.append(Labels(place[None], (text,), offset=offset, **look))  # type: ignore[arg-type]
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


def _overlap(a: Array, b: Array) -> bool:
    return bool(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])
