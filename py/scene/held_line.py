"""A line that the reader holds: where its handles stand, and how it turns after the pointer."""

from __future__ import annotations

import math

import numpy as np

from scene.marks import Array
from scene.plane import line_in_square

INSET = 0.07
"""How far inside the picture the handles stay, as a share of its side."""
CLEAR = 0.17
"""How far handles keep from the places they must not cover, in units, where there is room."""


def grips(normal: Array, offset: float, low: float, high: float, avoid: Array, legs: Array | None = None) -> Array:
    """Return where the handles of the line normal . x + offset = 0 stand: (2, 2), to shift it and to turn it.

    They are on the line, inside the square from `low` to `high`, and clear of the places `avoid`, (n, 2), where there
    is room; so is an arrow by `legs`, (2,), from the first. A line of which hardly anything is in sight has one handle,
    (1, 2), at the edge next to it. `normal` is not zero.
    """
    length = float(np.hypot(*normal))
    unit, middle, edge = normal / length, np.full(2, (low + high) / 2), INSET * (high - low)
    foot = middle - (unit @ middle + offset / length) * unit
    ends = line_in_square(normal, offset, low + edge, high - edge)
    if ends is None:
        nearest: Array = np.clip(foot, low + edge, high - edge)[None]
        return nearest
    along = np.array([-unit[1], unit[0]])
    first, last = sorted(((ends - foot) @ along).tolist())

    def best(places: Array, way: Array) -> float:
        places = np.clip(places, first, last)
        covered = (foot + places[:, None] * along)[:, None] + way
        gaps = np.linalg.norm(covered[:, :, None] - avoid, axis=3).min(axis=(1, 2))
        return float(places[np.argmax(np.minimum(gaps, CLEAR))])

    arrow = np.array([[0.0], [0.5], [1.0]]) * (np.zeros(2) if legs is None else legs)
    shift = best(np.array([0.0, 0.2, -0.2, 0.4, -0.4]), arrow)
    reach = np.array([0.6, -0.6, 0.45, -0.45, 0.8, -0.8])
    reach = reach[(shift + reach >= first) & (shift + reach <= last)]
    turn = best(shift + reach, arrow[:1]) if len(reach) else first if shift - first > last - shift else last
    places = np.array([shift, turn] if abs(turn - shift) > 0.2 else [shift])
    at: Array = foot + places[:, None] * along
    return at


def turned(angle: float, distance: float, across: float, up: float) -> float:
    """Return the angle of a line's normal, in radians, so that the line goes through a place, or as near as it can.

    The line keeps its `distance` from a centre; `across` and `up` are counted from there. Of the two such lines it is
    the one whose normal is nearest to `angle`.
    """
    away = math.hypot(across, up)
    if away < 1e-9:
        return angle
    towards, swing = math.atan2(up, across), math.acos(min(max(distance / away, -1.0), 1.0))
    return min(towards + swing, towards - swing, key=lambda found: -math.cos(found - angle))
