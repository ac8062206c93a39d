"""Pictures of a curve with its tangent and slope triangle, and of the slopes as a curve of their own, or as a bar."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from scene.marks import Array, Axis, Handles, Labels, Lines, Mark, Points, View
from scene.placement import Placement
from scene.ticks import number, ticks

NAMES = {"parabola": f"parabola", "cubic": f"cubic", "sine": f"sine", "sigmoid": "sigmoid"}
"""The curves' names in words."""
EDGE = 3.6
HALF = 40.0
"""Half the tangent's least length, in pixels of a picture of SIZE; it reaches as far as its triangle."""
SIZE = (300.0, 300.0)


class Line(Protocol):
    """A straight line through (x, y)."""

    @property
    def x(self) -> float:
        """Where it touches."""

    @property
    def y(self) -> float:
        """The height there."""

    @property
    def slope(self) -> float:
        """Its slope."""


def triangle(line: Line, run: float) -> Array:
    """Return the slope triangle's corners, (3, 2), from left to right: start, end of the run, end of the rise.

    It reaches from the point towards the middle of the picture, so that it stays in it.
    """
    left = line.x - run if line.x > 0 else line.x
    base, top = (line.y + line.slope * (x - line.x) for x in (left, left + run))
    return np.array([[left, base], [left + run, base], [left + run, top]])


def _view(marks: list[Mark], heights: tuple[float, float]) -> View:
    zero = Lines((np.array([[-EDGE, 0.0], [EDGE, 0.0]]),), "soft", 1.0)
    x, y = Axis(-EDGE, EDGE, ticks(-3.0, 3.0, 7)), Axis(*heights, ticks(*heights, 7))
    return View((zero, *marks), x, y, margin=(38.0, 8.0, 28.0, 26.0))


def curve_with_tangent(path: Array, line: Line, run: float, heights: tuple[float, float], term: str) -> View:
    """Return the curve `path`, (n, 2), with a handle `x` where `line` touches it; `term`, x or slope, is lit."""
    lit = term == "slope"
    place = Placement(_view([], heights), *SIZE)
    across = HALF / float(np.hypot(place.x(1.0) - place.x(0.0), (place.y(1.0) - place.y(0.0)) * line.slope))
    corners = triangle(line, run)
    x = np.clip([min(line.x - across, corners[0, 0]), max(line.x + across, corners[1, 0])], -EDGE, EDGE)
    middles = (corners[:-1] + corners[1:]) / 2
    # The run begins or ends at the handle: its length stands a little farther off, past the run for a falling line.
    aside = (-4.0 if line.x > 0 else 4.0, 16.0 if line.slope >= 0 else -16.0)
    marks: list[Mark] = [Lines((path,), "ink", 2.5)]
    if term == "x":
        marks.append(Lines((np.array([[line.x, 0.0], [line.x, line.y]]),), "act", 3.0, (3.0, 3.0)))
    marks += [
        Lines((corners[:2],), "soft", 3.0 if lit else 1.75),
        Lines((np.column_stack([x, line.y + line.slope * (x - line.x)]),), "act", 4.0 if lit else 2.5),
        Lines((corners[1:],), "act", 4.0 if lit else 1.75),
        Handles(np.array([[line.x, line.y]]), ("x",)),
        Labels(middles[:1], (f"{run:g}",), "soft", 11.5, offset=aside),
        Labels(middles[1:], (number(line.slope * run),), "act", 11.5, "left", (9.0, 0.0)),
    ]
    return _view(marks, heights)


def slopes_so_far(seen: Array, whole: Array | None, line: Line, heights: tuple[float, float], gap: float) -> View:
    """Return the slopes `seen`, (n, 2), joined where they lie within `gap`, the present one, and the whole if given."""
    marks: list[Mark] = [] if whole is None else [Lines((whole,), "soft", 1.5, (2.0, 4.0))]
    stretches = np.split(seen, np.flatnonzero(np.diff(seen[:, 0]) > gap) + 1)
    marks.append(Lines(tuple(part for part in stretches if len(part) > 1), "ink", 1.5))
    marks.append(Points(seen, "ink", "disc", 2.25, "ink", 0.0))
    return _view([*marks, *_bar(line, 2.5)], heights)


def slope_bar(slopes: Array | None, line: Line, top: float, level: tuple[float, str] | None, lit: bool) -> View:
    """Return the slope of `line` as a bar under the curve of all `slopes`, (n, 2), where that is given; 0 to `top`.

    `level` is a height to compare with, and its name.
    """
    marks: list[Mark] = []
    if level is not None:
        marks.append(Lines((np.array([[-EDGE, level[0]], [EDGE, level[0]]]),), "soft", 1.25, (5.0, 4.0)))
        marks.append(Labels(np.array([[EDGE, level[0]]]), (level[1],), "soft", 11.5, "right", (-4.0, -11.0)))
    if slopes is not None:
        marks.append(Lines((slopes,), "ink", 2.5))
    return _view([*marks, *_bar(line, 9.0 if lit else 6.0)], (-0.06 * top, top))


def _bar(line: Line, width: float) -> list[Mark]:
    ends = np.array([[line.x, 0.0], [line.x, line.slope]])
    return [Lines((ends,), "act", width), Points(ends[1:], "act", "disc", 6.0, "panel", 2.0)]
