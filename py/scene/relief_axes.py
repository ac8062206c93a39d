"""Names and numbers around a relief: along the two near edges of its floor, and up its left corner."""

from __future__ import annotations

import math

import numpy as np

from scene.marks import Array, Labels, Lines, Mark
from scene.relief import Relief, camera
from scene.ticks import number, ticks


def relief_axes(relief: Relief, names: tuple[str, str, str], tick: float) -> list[Mark]:
    """Return the marks for the axes named `names`, x, y and height, with numbers at `tick` on both sides of 0.

    Where `tick` is 0, or an edge is seen from its end and there is no room for numbers, it has only its name.
    """
    marks: list[Mark] = []
    across, _, toward = camera(relief.turn, relief.tilt)
    near = toward + 1e-6 * across  # of two edges equally near the right one: the heights stand on the left
    ends = np.array([relief.terrain.x[[0, -1]], relief.terrain.y[[0, -1]]])
    middles = (ends[:, 0] + ends[:, 1]) / 2.0
    places = np.full((7, 3), -np.inf)  # the middle of the floor, and three places along each of two edges
    places[0, :2] = middles
    for axis in (0, 1):
        edge = places[1 + 3 * axis : 4 + 3 * axis]
        edge[:, axis] = (-tick, middles[axis], tick) if tick else (ends[axis, 0], middles[axis], ends[axis, 1])
        edge[:, 1 - axis] = ends[1 - axis][int(near[1 - axis] > 0)]
    numbers, corner = _scale(relief, ends)
    seen = relief.flat(np.concatenate([places, corner]))
    for axis in (0, 1):
        flat = seen[1 + 3 * axis : 4 + 3 * axis]
        offset = _outward(flat, seen[0])
        marks.append(Labels(flat[1:2], names[axis : axis + 1], "ink", 15.0, offset=offset, italic=True))
        if tick and (np.abs(flat[2] - flat[0]) > (0.6, 0.4)).any():
            texts = tuple(number(value, 0 if tick == round(tick) else 1) for value in (-tick, tick))
            marks.append(Labels(flat[::2], texts, "soft", 11.0, offset=offset))
    return marks + _heights(seen[7:], numbers, names[2])


def _outward(flat: Array, middle: Array) -> tuple[float, float]:
    """Return the way, in pixels, from an edge to its names: straight off it, away from the middle."""
    (across, up), (out_across, out_up) = (flat[2] - flat[0]).tolist(), (flat[1] - middle).tolist()
    away = math.copysign(1.0 / math.hypot(across, up), up * out_across - across * out_up)
    return 16.0 * away * up, 14.0 * away * across


def _scale(relief: Relief, ends: Array) -> tuple[tuple[str, ...], Array]:
    """Return the numbers up the left corner, and places on it, (2 + n, 3): of the lowest, the highest, and each number.

    `ends` are those of x and of y, (2, 2).
    """
    turned, terrain = camera(relief.turn, relief.tilt), relief.terrain
    across = turned[0] - 1e-6 * turned[2]
    scale = ticks(terrain.low, terrain.high, int(1.1 * turned[1, 2] / 0.2) + 1)
    places = np.empty((2 + len(scale), 3))
    places[:, :2] = ends[0, int(across[0] < 0.0)], ends[1, int(across[1] < 0.0)]
    places[:, 2] = (terrain.low, terrain.high, *(value for value, _ in scale))
    return tuple(text for _, text in scale), places


def _heights(flat: Array, texts: tuple[str, ...], name: str) -> list[Mark]:
    """Return the height's axis, from where its lowest, its highest and its numbers are seen, (2 + n, 2)."""
    return [
        Lines((flat[:2],), "soft", 1.0),
        Labels(flat[2:], texts, "soft", 11.0, "right", (-5.0, 0.0)),
        Labels(flat[1:2], (name,), "ink", 12.5, offset=(0.0, -13.0)),
    ]
