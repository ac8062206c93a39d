"""Pictures of the plane of inputs on its way through a network: one large, and a strip with one after every layer."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scene.marks import Align, Array, Axis, Labels, Lines, Mark, Points, View
from scene.passage import ACROSS, ALONG, MOVES, Passage, layer_at, neurons_named
from scene.plane import line_in_square
from scene.pointing import nearest
from scene.relief import camera
from scene.space import AXIS as BOX
from scene.space import axis_segments, box_axes, box_edges, on_both_sides
from scene.ticks import ticks

SLOTS = 7
"""Small pictures that the strip has room for: the inputs and six layers. Fewer stand apart, with the moves between."""
STOP = 3.0
"""How large a move's stop is drawn between small pictures."""
AIRY, ROOMY = 2.0, 3.0
"""How far from one another, in pictures, they stand to have stops between them, and the name of the present move."""
NEAR = 0.035
"""How near to an axis or a line the pointer is on it, as a share of the picture."""
FRAME = np.array([[0.03, 0.03], [0.97, 0.03], [0.97, 0.97], [0.03, 0.97], [0.03, 0.03]])


def large(passage: Passage, Y: Array, time: float, seen: tuple[float, float], lit: str, cut: str) -> View:
    """Return the plane at a time: its grid, dots in the colours of the answers, and the samples of classes Y, (n, 1).

    What the term `lit` means, h1 say, or y, is thick. A space of three directions is seen from a turn and a tilt in
    degrees. At the end the line or the plane that the output neuron draws is there too, in the colour `cut`.
    """
    places, middle, half = passage.seen(time)
    if places.shape[1] == 3:
        return _in_space(passage, Y[:, 0] > 0.5, time, (places - middle) / half, seen, lit, cut)
    x, y = (Axis(at - half, at + half, ticks(at - half, at + half, 5)) for at in middle.tolist())
    marks: list[Mark] = _flat_axes(passage.names(time), middle, half, lit)
    marks += _sheet(passage, places, 2.2, 1.0) + class_marks(places[: len(Y)], Y, 7.5 if len(Y) < 9 else 4.5)
    line = _line(passage, time, middle, half)
    marks += [Lines((line,), cut, 4.5 if lit == "y" else 2.5, halo=True)] if line is not None else []
    return View(tuple(marks), x, y, margin=(34.0, 8.0, 8.0, 24.0))


def _in_space(
    passage: Passage,
    ones: NDArray[np.bool_],
    time: float,
    places: Array,
    seen: tuple[float, float],
    lit: str,
    cut: str,
) -> View:
    """Return the box with the sheet at `places`, in -1 to 1, and the samples, which are first of them, before it."""
    view = camera(*seen)
    lines, labels = box_axes(tuple(_small(name) for name in passage.names(time)), view, _small(lit))
    plane = None
    if time == passage.end and passage.cut is not None:
        _, middle, half = passage.seen(time)
        plane = passage.cut[0] * half, float(passage.cut[0] @ middle) + passage.cut[1]
    samples = on_both_sides(places[: len(ones)], ones, plane, cut, view)
    sheet = _sheet(passage, places @ view[:2].T, 2.2, 1.0)
    return View((box_edges(view), *lines, *sheet, *samples, *labels), BOX, BOX)


def _line(passage: Passage, time: float, middle: Array, half: float) -> Array | None:
    """Return the ends, (2, 2), of the output neuron's line, if the last layer is done and it is in the picture."""
    if time != passage.end or passage.cut is None:
        return None
    normal, bias = passage.cut
    ends = line_in_square(normal, bias + float(middle @ normal), -half, half)
    return None if ends is None else ends + middle


def term_at(passage: Passage, time: float, seen: tuple[float, float], x: float, y: float) -> str:
    """Return what the pointer is at in the large picture: a neuron's axis, h1 say, the output's line, y, or nothing."""
    places, middle, half = passage.seen(time)
    names = passage.names(time)
    if places.shape[1] == 3:
        found, reach = axis_segments(names, camera(*seen)), NEAR * 2.0 * BOX.high
    else:
        found, reach = _flat_segments(names, middle, half), NEAR * 2.0 * half
        line = _line(passage, time, middle, half)
        found |= {} if line is None else {"y": line}
    name = nearest(x, y, found, reach)
    return name if name.startswith(("h", "y")) else ""


def strip(passage: Passage, Y: Array, time: float, seen: tuple[float, float]) -> View:
    """Return small pictures of the plane before the first layer and after each, the one last reached framed.

    Between them stand the stops of each layer's moves, where there is room, and how far the plane has come.
    """
    layers, apart = passage.layers, _apart(passage.layers)
    marks: list[Mark] = _way(layers, time) if apart > 1.0 else []
    for at, slot in enumerate(_slots(passage, seen)):
        marks += _sheet(passage, slot, 1.0, 0.75) + class_marks(slot[: len(Y)], Y, 3.2 if len(Y) < 9 else 1.8)
        here, name = at == int(time // len(MOVES)), f"inputs" if at == 0 else f"layer {at}"
        left = np.array([apart * at, 0.0])
        marks.append(Lines((FRAME + left,), "act" if here else "rule", 2.0 if here else 1.0))
        under = np.array([[apart * at + 0.5, 0.0]])
        marks.append(Labels(under, (name,), "ink" if here else "soft", 11.0, offset=(0.0, 11.0)))
    return View(tuple(marks), Axis(0.0, float(SLOTS)), Axis(0.0, 1.0), margin=(1.0, 1.0, 1.0, 20.0))


def _apart(layers: int) -> float:
    """Return how far one small picture is from the next: the first and the last stand at the strip's ends."""
    return (SLOTS - 1) / layers


def _way(layers: int, time: float) -> list[Mark]:
    """Return the lines between the small pictures, the stops of the moves on them, and how far the plane has come."""
    apart = _apart(layers)
    begins = np.arange(float(layers)) * apart + 1.0
    stops = np.add.outer(begins, (apart - 1.0) * np.arange(1.0, len(MOVES)) / len(MOVES)).ravel()
    segments = np.stack([begins, begins + apart - 1.0], axis=-1)
    at, share = divmod(min(time / len(MOVES), layers - 1e-9), 1.0)
    come = begins[: int(at) + 1] + (apart - 1.0) * np.where(np.arange(int(at) + 1) < at, 1.0, share)
    done = np.stack([begins[: int(at) + 1], come], axis=-1)
    marks: list[Mark] = [
        Lines(_level(segments), "rule", 1.5),
        Lines(_level(done), "act", 2.5),
    ]
    if apart >= AIRY:
        marks.append(Points(_level(stops), "rule", "disc", STOP, "panel", 1.0))
    layer, move = layer_at(time, layers)
    if time > 0.0 and apart >= ROOMY:
        middle = _level(begins[layer - 1 : layer] + (apart - 1.0) / 2.0)
        marks.append(Labels(middle, (MOVES[move],), "ink", 11.0, offset=(0.0, -12.0)))
    return marks


def _level(x: Array) -> Array:
    """Return places half way up the strip, (..., 2)."""
    return np.stack([x, np.full_like(x, 0.5)], axis=-1)


def time_at(x: float, layers: int) -> float:
    """Return the time of what is at a place of the strip: a small picture, or between two a stop of the moves."""
    apart = _apart(layers)
    at, over = divmod(min(max(x, 0.0), SLOTS - 0.5), apart)
    moves = (over - 1.0) / (apart - 1.0) * len(MOVES) if over > 1.0 else 0.0
    return min(len(MOVES) * at + round(moves), float(len(MOVES) * layers))


@lru_cache(4)
def _slots(passage: Passage, seen: tuple[float, float]) -> Array:
    """Return where samples and sheet stand in each small picture, (layers + 1, samples + sheet, 2)."""
    flat = _boxed(passage)
    flat = flat @ camera(*seen)[:2].T / BOX.high if flat.shape[2] == 3 else flat
    middles = np.stack([_apart(passage.layers) * np.arange(len(flat)) + 0.5, np.full(len(flat), 0.5)], axis=-1)
    slots: Array = 0.44 * flat + middles[:, None]
    return slots


@lru_cache(4)
def _boxed(passage: Passage) -> Array:
    """Return samples and sheet, the inputs and after each layer, -1 to 1: (layers + 1, samples + sheet, 2 or 3)."""
    found = []
    for at in range(passage.layers + 1):
        places, middle, half = passage.seen(float(len(MOVES) * at))
        found.append((places - middle) / half)
    return np.stack(found)


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


def _flat_segments(names: tuple[str, ...], middle: Array, half: float) -> dict[str, Array]:
    """Return the axis of each name, (2, 2): along the bottom, and up the left side."""
    corner = middle - half
    return {name: np.stack([corner, corner + 2.0 * half * way]) for name, way in zip(names, np.eye(2), strict=False)}


def _flat_axes(names: tuple[str, ...], middle: Array, half: float, lit: str) -> list[Mark]:
    marks: list[Mark] = []
    sides: tuple[tuple[Align, tuple[float, float]], ...] = (("right", (-6.0, -11.0)), ("left", (8.0, 10.0)))
    for (name, segment), (align, offset) in zip(_flat_segments(names, middle, half).items(), sides, strict=False):
        colour = name if name.startswith("h") else "soft"
        marks.append(Lines((segment,), colour, 4.5 if name == lit else 1.5))
        marks.append(Labels(segment[1:], (_small(name),), colour, 13.0, align, offset))
    return marks


def _small(name: str) -> str:
    return neurons_named(name[1])[0] if name.startswith("h") else name
