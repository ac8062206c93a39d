"""Pictures of the plane of inputs on its way through a network: one large, and a strip with one after every layer."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from scene.marks import Array, Axis, Labels, Lines, Mark, Points, View
from scene.passage import ACROSS, ALONG, MOVES, Passage, neurons_named
from scene.plane import line_in_square
from scene.relief import camera
from scene.ticks import ticks

BOX = Axis(-1.66, 1.66)
SLOTS = 7
"""Small pictures that the strip has room for: the inputs and six layers."""
TILT = 24.0
FRAME = np.array([[0.03, 0.03], [0.97, 0.03], [0.97, 0.97], [0.03, 0.97], [0.03, 0.03]])
CORNER = np.array([-1.0, -1.0, -1.0])


def large(passage: Passage, Y: Array, time: float, turn: float, lit: str) -> View:
    """Return the plane at a time: its grid, dots in the colours of the answers, and the samples of classes Y, (n, 1).

    The axis of the neuron that is `lit`, h1 say, is thick. A space of three directions is seen from `turn` degrees. At
    the end the line that the output neuron draws is there too, where it sees no more than the two axes.
    """
    places, middle, half = passage.seen(time)
    names = passage.names(time)
    marks: list[Mark] = []
    if places.shape[1] == 3:
        flat, axes = _boxed(places, middle, half, turn)
        marks += axes.marks(names, lit)
        x = y = BOX
    else:
        flat = places
        x, y = Axis(middle[0] - half, middle[0] + half), Axis(middle[1] - half, middle[1] + half)
        x, y = Axis(x.low, x.high, ticks(x.low, x.high, 5)), Axis(y.low, y.high, ticks(y.low, y.high, 5))
        marks += _flat_axes(names, x, y, lit)
    marks += _sheet(passage, flat, 2.2, 1.0) + class_marks(flat[: len(Y)], Y, 7.5 if len(Y) < 9 else 4.5)
    if time == passage.end and passage.width == 2 and not passage.chosen:
        w, b = np.zeros(2), float(passage.net.biases[-1][0])
        w[: len(passage.net.weights[-1])] = passage.net.weights[-1][:, 0]
        ends = line_in_square(w, b + float(middle @ w), -half, half)
        marks += [Lines((ends + middle,), "ink", 2.5, halo=True)] if ends is not None else []
    return View(tuple(marks), x, y, margin=(34.0, 8.0, 8.0, 24.0) if places.shape[1] == 2 else (0.0,) * 4)


def strip(passage: Passage, Y: Array, time: float, turn: float) -> View:
    """Return small pictures of the plane before the first layer and after each, the one last reached framed."""
    reached = int(time // len(MOVES))
    marks: list[Mark] = []
    for at, slot in enumerate(_slots(passage, turn)):
        marks += _sheet(passage, slot, 1.0, 0.75) + class_marks(slot[: len(Y)], Y, 3.2 if len(Y) < 9 else 1.8)
        here, name = at == reached, "inputs" if at == 0 else f"layer {at}"
        marks.append(Lines((FRAME + np.array([at, 0.0]),), "act" if here else "rule", 2.0 if here else 1.0))
        under = np.array([[at + 0.5, 0.0]])
        marks.append(Labels(under, (name,), "ink" if here else "soft", 11.0, offset=(0.0, 11.0)))
    return View(tuple(marks), Axis(0.0, float(SLOTS)), Axis(0.0, 1.0), margin=(1.0, 1.0, 1.0, 20.0))


@lru_cache(4)
def _slots(passage: Passage, turn: float) -> tuple[Array, ...]:
    """Return where samples and sheet stand in each small picture, (samples + sheet, 2)."""
    slots = []
    for at in range(passage.layers + 1):
        places, middle, half = passage.seen(float(len(MOVES) * at))
        flat = _boxed(places, middle, half, turn)[0] / BOX.high if places.shape[1] == 3 else (places - middle) / half
        slots.append(0.44 * flat + [at + 0.5, 0.5])
    return tuple(slots)


def slot_at(x: float, layers: int) -> int:
    """Return which of the strip's small pictures is at a place, the inputs' being 0."""
    return min(max(int(x), 0), layers)


def class_marks(at: Array, Y: Array, radius: float) -> list[Mark]:
    """Return samples at places (n, 2) of classes Y, (n, 1), as squares and discs."""
    zeros, ones = at[Y[:, 0] < 0.5], at[Y[:, 0] > 0.5]
    edge = 2.0 if radius > 5.0 else 1.0
    return [
        Points(zeros, "zero-fill", "square", 0.9 * radius, stroke_width=edge),
        Points(ones, "one-fill", "disc", radius, stroke_width=edge),
    ]


def _sheet(passage: Passage, flat: Array, dot: float, width: float) -> list[Mark]:
    """Return the grid, and the dots in the colours of the answers."""
    lines, dots = np.split(flat[len(passage.X) :], [2 * ACROSS * ALONG])
    ones = passage.answers
    return [
        Lines(lines.reshape(-1, ALONG, 2), "rule" if width < 1.0 else "soft", 0.75 * width),
        Points(dots[~ones], "zero-fill", "square", dot, "zero-fill", 0.0),
        Points(dots[ones], "one-fill", "square", dot, "one-fill", 0.0),
    ]


class _Axes:
    """The three axes of a box, as they are seen."""

    def __init__(self, ways: Array) -> None:
        self.ways = ways

    def marks(self, names: tuple[str, ...], lit: str) -> list[Mark]:
        """Return the axes, each with its name at its end."""
        marks: list[Mark] = []
        for name, way in zip(names, self.ways, strict=False):
            colour = name if name.startswith("h") else "soft"
            marks += [
                Lines((way[:2],), colour, 4.5 if name == lit else 2.0),
                Labels(way[2:], (_small(name),), colour, 13.0),
            ]
        return marks


def _boxed(places: Array, middle: Array, half: float, turn: float) -> tuple[Array, _Axes]:
    view = camera(turn, TILT)[:2].T
    ways = np.array([[CORNER, CORNER + 2.0 * way, CORNER + 2.25 * way] for way in np.eye(3)])
    return ((places - middle) / half) @ view, _Axes(ways @ view)


def _flat_axes(names: tuple[str, ...], x: Axis, y: Axis, lit: str) -> list[Mark]:
    corner, right, top = np.array([[x.low, y.low], [x.high, y.low], [x.low, y.high]])
    marks: list[Mark] = []
    for name, tip, align, offset in zip(
        names, (right, top), ("right", "left"), ((-6.0, -11.0), (8.0, 10.0)), strict=False
    ):
        colour = name if name.startswith("h") else "soft"
        marks.append(Lines((np.array([corner, tip]),), colour, 4.5 if name == lit else 1.5))
        marks.append(Labels(tip[None], (_small(name),), colour, 13.0, align, offset))  # type: ignore[arg-type]
    return marks


def _small(name: str) -> str:
    return neurons_named(name[1])[0] if name.startswith("h") else name
