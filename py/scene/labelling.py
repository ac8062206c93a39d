"""Labels that keep clear of one another and of what they must not cover."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scene.marks import Array, Labels

WIDTH_OF_LETTER = 0.56
"""How wide a letter is at most on average, in the size of its font."""
AROUND = np.array([[1, 0], [1, -1], [0, -1], [-1, 0], [-1, -1], [0, 1], [1, 1], [-1, 1]], float)
"""Where a label may stand around its point, the best first: to the right, above right, above, …"""
CORNERS = np.array([[1, -1], [-1, -1], [1, 1], [-1, 1], [0, -1], [1, 0], [-1, 0], [0, 1],
                    [2, -1], [-2, -1], [2, 1], [-2, 1], [1, -2], [-1, -2], [1, 2], [-1, 2]], float)  # fmt: skip
"""The corners first, for points that have lines through them across and up; then places farther out."""

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
    at: Array,
    texts: tuple[str, ...],
    pixels: Array,
    room: tuple[float, float] | Array,
    taken: Array,
    places: Array = AROUND,
    **look: object,
) -> tuple[Labels, ...]:
    """Return one Labels a text, each where it covers no other, nor any of the points `taken`, (m, 2) in pixels.

    `at` is (n, 2) in the view's units and `pixels` the same places in pixels on a picture of size `room`; for labels
    that are to be clear on pictures of k sizes, `pixels` is (k, n, 2), `taken` (k, m, 2) and `room` (k, 2). `look`
    goes to Labels. `places` are tried in their order; where none is free it is the first within the picture.
    """
    size = float(look.get("size", 12.5))  # type: ignore[arg-type]
    pixels, taken = (each[None] if each.ndim == 2 else each for each in (pixels, taken))
    rooms = np.reshape(room, (-1, 1, 2))
    boxes = np.concatenate([taken - 9.0, taken + 9.0], axis=2)
    found = []
    for index, (place, text) in enumerate(zip(at, texts, strict=True)):
        half = np.array([WIDTH_OF_LETTER * size * len(text) / 2, size * 0.62])
        offsets = places * (half + np.array([12.0, 10.0]))
        middle = pixels[:, index, None] + offsets
        low, high = middle - half, middle + half
        inside = ((low >= 0.0) & (high <= rooms)).all(axis=(0, 2))
        apart = (low[:, :, None] >= boxes[:, None, :, 2:]) | (boxes[:, None, :, :2] >= high[:, :, None])
        best = int(np.argmax(inside * (1 + (apart[..., 0] | apart[..., 1]).all(axis=(0, 2)))))
        boxes = np.concatenate([boxes, np.concatenate([low[:, best], high[:, best]], axis=1)[:, None]], axis=1)
        found.append(Labels(place[None], (text,), offset=tuple(offsets[best].tolist()), **look))  # type: ignore[arg-type]
    return tuple(found)


def across(text: str, size: float) -> Array:
    """Return places along a text, (3, 2) in pixels from its middle: where other labels must not stand."""
    reach: Array = np.array([[-1.0, 0.0], [0.0, 0.0], [1.0, 0.0]]) * (WIDTH_OF_LETTER / 2 * size * len(text) - 6.0)
    return reach


def roomiest(middles: Array, half: tuple[float, float], taken: Array, room: tuple[float, float]) -> int:
    """Return at which of the `middles`, (n, 2), a label of `half` width and height has most room, in pixels.

    It is to keep clear of `taken`, (m, 2), and of the edges of a picture of size `room`. Of those with ROOM_ENOUGH the
    first is taken.
    """
    size = np.array(half)
    gaps = (np.abs(middles[:, None] - taken) - size).max(axis=2).min(axis=1)
    inside = np.minimum(middles - size, np.array(room) - middles - size).min(axis=1)
    return int(np.argmax(np.minimum(np.minimum(gaps, inside + ROOM_ENOUGH), ROOM_ENOUGH)))


def spread(wanted: Array, gap: float, low: float, high: float) -> Array:
    """Return places near those wanted, (n,), in their order, at least `gap` apart and from `low` to `high`.

    Those that come too near to one another stand side by side around their middle. Where there is not room for all,
    they run over `high`.
    """
    order = np.argsort(wanted, kind="stable")
    blocks: list[list[float]] = []
    for place in wanted[order] - gap * np.arange(len(wanted)):
        blocks.append([float(place)])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            last = blocks.pop()
            blocks[-1] += last
    middles = np.array([float(np.mean(block)) for block in blocks for _ in block])
    most = max(low, high - gap * (len(wanted) - 1))
    found = np.empty(len(wanted))
    found[order] = np.clip(middles, low, most) + gap * np.arange(len(wanted))
    return found
