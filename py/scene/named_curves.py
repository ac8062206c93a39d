"""Several curves in one picture, each with its name at its end: the names keep clear of one another."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from scene.labelling import spread
from scene.marks import Array, Labels, Lines, Mark, View
from scene.placement import Placement

GAP, SIZE = 14.0, 11.5
"""Pixels from name to name, and a name's size."""
ROOM = 66.0
"""Pixels that the names take at the right of the picture."""
LEADER = 9.0


class Curve(NamedTuple):
    """A curve: the words at its end, its colour and dash, and its pieces, (n, 2) each, from left to right."""

    words: str
    colour: str
    dash: tuple[float, ...]
    pieces: tuple[Array, ...]

    @property
    def end(self) -> Array | None:
        """Its last place, (2,); None where nothing of it is to be seen."""
        return self.pieces[-1][-1] if self.pieces else None


def name_heights(curves: dict[str, Curve], view: View, size: tuple[float, float]) -> dict[str, float]:
    """Return how high, in units, each curve's name stands beside a view whose picture has this size in pixels."""
    place = Placement(view, *size)
    ends = {name: place.y(float(curve.end[1])) for name, curve in curves.items() if curve.end is not None}
    found = spread(np.array(list(ends.values())), GAP, place.box[1] + 6.0, place.box[3] - 6.0)
    return {name: place.units(0.0, float(y))[1] for name, y in zip(ends, found, strict=True)}


def named(curves: dict[str, Curve], view: View, size: tuple[float, float], lit: str) -> list[Mark]:
    """Return the marks of the curves and, right of the view, of their names; the one named `lit` is thicker."""
    place = Placement(view, *size)
    edge, beyond = view.x.high, place.units(place.box[2] + LEADER, 0.0)[0]
    marks: list[Mark] = []
    for name, curve in sorted(curves.items(), key=lambda entry: entry[0] == lit):
        marks.append(Lines(curve.pieces, curve.colour, 4.5 if name == lit else 2.25, curve.dash))
    heights = name_heights(curves, view, size)
    for name, height in heights.items():
        curve, at = curves[name], np.array([[beyond, height]])
        marks.append(Labels(at, (curve.words,), curve.colour, SIZE, "left", (3.0, 0.0)))
    at_edge = [(curves[name].end, height) for name, height in heights.items() if curves[name].end[0] > 0.995 * edge]  # type: ignore[index]
    leaders = np.array([[end, (beyond, height)] for end, height in at_edge]).reshape(-1, 2, 2)
    return [Lines(leaders, "soft", 1.0), *marks]


Picture: TypeAlias = tuple[View, dict[str, Curve]]
"""A view, and its curves by name, for the pointer to find."""


def name_at(picture: Picture, size: tuple[float, float], x: float, y: float) -> str:
    """Return the curve whose name, right of the picture, the pointer is at; "" if it is at none."""
    view, curves = picture
    return _nearest(name_heights(curves, view, size), view, size, y) if x > view.x.high else ""


def curve_at(picture: Picture, size: tuple[float, float], x: float | None, y: float | None) -> str:
    """Return the curve that the pointer is at, or whose name it is at; "" if it is at none or nowhere."""
    view, curves = picture
    if x is None or y is None:
        return ""
    if x > view.x.high:
        return name_at(picture, size, x, y)
    paths = {name: np.concatenate(curve.pieces) for name, curve in curves.items() if curve.pieces}
    return _nearest({name: float(np.interp(x, *path.T)) for name, path in paths.items()}, view, size, y)


def _nearest(heights: dict[str, float], view: View, size: tuple[float, float], y: float) -> str:
    place = Placement(view, *size)
    away = {name: abs(place.y(height) - place.y(y)) for name, height in heights.items()}
    nearest = min(away, key=away.__getitem__, default="")
    return nearest if nearest and away[nearest] <= GAP / 2 + 2.0 else ""
