"""What stands on a map of two numbers: an arrow with its components, and a ball's way."""

from __future__ import annotations

from math import hypot

import numpy as np

from scene.marks import Align, Array, Arrows, Axis, Labels, Lines, Mark, Points, View
from scene.ticks import number

GONE = {"left": "it left", "out": "it rolled out"}
"""What is written beside a ball that has left, by how it did."""


def in_room(at: Array, along: Array, edge: float) -> Array:
    """Return the arrow `along` from a place, (2,), shorter where it would leave the square from -edge to edge."""
    room = edge - np.sign(along) * at
    need = np.abs(along)
    return along * float(np.min(np.divide(room, need, out=np.ones(2), where=need > room)))


def arrow_with_components(at: Array, along: Array, numbers: Array, lit: str, edge: float) -> list[Mark]:
    """Return an arrow from a place, its two components, w1 and w2, with a number beside each that has room for one.

    The component named `lit` stands out.
    """
    corner, tip = at + along * (1.0, 0.0), at + along
    marks: list[Mark] = []
    for tail, end, term in ((at, corner, "w1"), (corner, tip, "w2")):
        marks += _outlined(tail, end, "act" if lit == term else "ink", 4.0 if lit == term else 1.5, 7.0)
    marks += _outlined(at, tip, "act", 3.0, 12.0)
    if abs(along[0]) > 0.3:
        side = 13.0 if (along[1] > 0 and at[1] > 0.4 - edge) or at[1] > edge - 0.4 else -13.0
        marks.append(Labels(((at + corner) / 2)[None], (number(numbers[0]),), size=12.0, offset=(0.0, side)))
    if abs(along[1]) > 0.3:
        right = (along[0] > 0 and corner[0] < edge - 1.0) or corner[0] < 1.0 - edge
        align: Align = "left" if right else "right"
        beside = ((corner + tip) / 2)[None]
        offset = (8.0 if right else -8.0, 0.0)
        marks.append(Labels(beside, (number(numbers[1]),), size=12.0, align=align, offset=offset))
    return marks


def _outlined(tail: Array, tip: Array, colour: str, width: float, head: float) -> list[Mark]:
    """Return an arrow in front of its own outline, so that it is seen on dark and on light."""
    ends = Lines((np.array([tail, tip]),), "panel", width + 3.0)
    return [ends, Arrows(tail[None], tip[None], colour, width, head)] if hypot(*(tip - tail)) > 1e-9 else []


def ball(path: tuple[tuple[float, float], ...], end: str, edge: float) -> list[Mark]:
    """Return the way of a ball, if there is one, its stops, the ball, and beside it how it left."""
    if not path:
        return []
    way = np.array(path)
    marks: list[Mark] = [Lines((way,), "ink", 2.0, halo=True)] if len(way) > 1 else []
    stops = way[:-1][np.hypot(*np.diff(way, axis=0).T) > 0.12]  # nearer ones would be one blot
    marks += [Points(stops, "ink", "disc", 2.5, "panel", 1.0), Points(way[-1:], "good", "disc", 8.0)]
    if end in GONE:
        inward: Align = "right" if way[-1, 0] > 0 else "left"
        offset = (-14.0 if inward == "right" else 14.0, 14.0 if way[-1, 1] > edge - 0.7 else -14.0)
        marks.append(Labels(way[-1:], (GONE[end],), align=inward, offset=offset))
    return marks


def weights_map(marks: list[Mark], edge: float) -> View:
    """Return the picture of the weights w1 and w2 from -edge to edge with these marks on it."""
    names: list[Mark] = [
        Labels(np.array([[edge, -edge]]), ("w₁",), "soft", 14.0, "right", (0.0, 13.0), True),
        Labels(np.array([[-edge, edge]]), ("w₂",), "soft", 14.0, "right", (-6.0, 8.0), True),
    ]
    axis = Axis(-edge, edge, tuple((float(k), number(k, 0)) for k in (-2, 0, 2)))
    return View((*marks, *names), axis, axis, margin=(28.0, 8.0, 8.0, 26.0))
