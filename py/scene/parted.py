"""The square of inputs parted by a line in the reader's hand: the picture, and what of it is under the pointer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scene.answers import Rows
from scene.four_points import HIGH, LOW, PIXEL, ROWS, four_points, name_places, name_spots, plane, row_at, sides
from scene.held_line import grips
from scene.labelling import Taken, spots
from scene.marks import Array, Arrows, Handles, Lines, Mark, View
from scene.plane import line_in_square

REACH = 0.065
"""How near to a part the pointer is on it, in units."""
ARROW = 0.33
"""How long an arrow is that only points."""
BEYOND = np.array([0.3, 0.18])
"""How far it may go past the left and the lower edge, where the margin is."""


@dataclass(frozen=True, eq=False)
class Parted:
    """The line normal . x + bias = 0 in the square; `normal` may be zero, and then there is none.

    An arrow goes from its first handle to the side that answers 1: by `legs`, (2,), across and up where they have a
    meaning, else as far as there is room, and then `normal` is of length 1.
    """

    normal: Array
    bias: float
    legs: Array | None = None

    @property
    def drawn(self) -> tuple[Array, float]:
        """The line itself: its normal and bias."""
        return self.normal, self.bias

    @cached_property
    def handles(self) -> Array:
        """Where the handles `shift` and `turn` stand, (2, 2); only one, (1, 2), or none where there is no room."""
        if not self.normal.any():
            return np.empty((0, 2))
        return grips(self.normal, self.bias, LOW, HIGH, ROWS, ARROW * self.normal if self.legs is None else self.legs)

    @cached_property
    def parts(self) -> dict[str, Array]:
        """What is in sight, from one end to the other, (2, 2): "line", "arrow" and its legs, "across" and "up"."""
        ends = line_in_square(self.normal, self.bias, LOW, HIGH)
        if ends is None:
            return {}
        tail, legs = self.handles[0], self.legs
        if legs is None:
            edges = np.where(self.normal > 0.0, HIGH, LOW - BEYOND) - tail
            legs = self.normal * min(ARROW, *(edges[self.normal != 0.0] / self.normal[self.normal != 0.0]))
        corner, tip = tail + legs * (1.0, 0.0), tail + legs
        found = {"line": ends, "arrow": np.array([tail, tip])}
        found |= {"across": np.array([tail, corner]), "up": np.array([corner, tip])}
        return {name: part for name, part in found.items() if (part[0] != part[1]).any()}

    def term_at(self, x: float | None, y: float | None, parts: Mapping[str, str]) -> str:
        """Return the term at a place: a row's name, or the first in `parts` whose part is there; else nothing."""
        if x is None or y is None:
            return ""
        near = (term for term, part in parts.items() if part in self.parts and _away(self.parts[part], x, y) < REACH)
        return row_at(x, y) or next(near, "")

    def view(self, rows: Rows, part: str, row: str, past: Sequence[tuple[Array, float]] = ()) -> View:
        """Return the picture of the sides, the line, the four rows, arrow and handles; lines of the `past` are faint.

        `part` of the line is lit, and the row named `row`. A past line is (normal, bias), as `remembered` takes it.
        """
        taken = _taken(self.drawn, *past).and_spots(spots(self.handles, 9.0 * PIXEL))
        line: list[Mark] = []
        held: list[Mark] = []
        if "line" in self.parts:
            line.append(Lines((self.parts["line"],), *(("act", 4.0) if part == "line" else ("ink", 2.5))))
            tail, tip = self.parts["arrow"]
            taken = taken.and_spots(spots(tail + np.linspace(0.3, 1.0, 5)[:, None] * (tip - tail), 3.0 * PIXEL))
            held.append(_arrow(self.parts["arrow"], "ink", 2.5))
        if part in self.parts and part != "line":
            held.append(_arrow(self.parts[part], "act", 4.0))
        if len(self.handles):
            held.append(Handles(self.handles, ("shift", "turn")[: len(self.handles)]))
        names = name_places(taken)
        points = four_points(rows.targets, rows.answers, row, names)
        both = sides(self.normal, self.bias, taken.and_spots(name_spots(names)))
        return plane([*both, *remembered(past), *line, *points, *held])

    def left(self, rows: Rows, row: str, marks: Iterable[Mark]) -> View:
        """Return the picture of other `marks` and the four rows, with the line as it was left, faint."""
        points = four_points(rows.targets, rows.answers, row, name_places(_taken(self.drawn)))
        return plane([*marks, *remembered([self.drawn]), *points])


def _taken(*lines: tuple[Array, float]) -> Taken:
    """Return that lines, (normal, bias) each, are taken, those that are none left out."""
    found = np.array([[*normal, bias] for normal, bias in lines if normal.any()]).reshape(-1, 3)
    return Taken(lines=found / np.hypot(found[:, :1], found[:, 1:2]))


def _arrow(ends: Array, colour: str, width: float) -> Arrows:
    return Arrows(ends[:1], ends[1:], colour, width, 11.0)


def _away(ends: Array, x: float, y: float) -> float:
    """Return how far a place is from a line with two ends, (2, 2)."""
    run, place = ends[1] - ends[0], np.array([x, y]) - ends[0]
    return float(np.hypot(*(place - np.clip(place @ run / (run @ run), 0.0, 1.0) * run)))


def remembered(lines: Iterable[tuple[Array, float]]) -> list[Mark]:
    """Return the mark of lines that were, (normal, bias) each, faint and dashed; none where there are none."""
    ends = [line_in_square(normal, bias, LOW, HIGH) for normal, bias in lines]
    return [Lines(tuple(part for part in ends if part is not None), "soft", 1.5, (5.0, 4.0))] if ends else []
