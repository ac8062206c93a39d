"""The computation graph of a 2-2-1 network: values in circles, local derivatives on lines, and the lit path."""

from __future__ import annotations

from math import hypot

import numpy as np

from scene.diagram import line_width
from scene.flow import plain
from scene.marks import Align, Axis, Labels, Lines, Mark, Points, View
from scene.names import on_picture
from scene.nine_numbers import FROM, TO, Link
from scene.ticks import number

AT = {
    "A": (0.0, 0.8), "B": (0.0, 0.2), "z1": (1.3, 0.8), "z2": (1.3, 0.2), "h1": (2.3, 0.8), "h2": (2.3, 0.2),
    "z": (3.4, 0.5), "y": (4.4, 0.5), "L": (4.4, 0.08), "b1": (1.3, 1.0), "b2": (1.3, 0.0), "c": (3.4, 0.83),
}  # fmt: skip
"""Where each value stands; a bias is where its edge begins."""
INNER = {("z1", "h1"): (0.0, 21.0), ("z2", "h2"): (0.0, -21.0), ("z", "y"): (0.0, 24.0), ("y", "L"): (-24.0, 4.0)}
"""Edges with no weight on them, an activation or the loss: where the slope stands, in pixels from the middle."""
NAMED = {
    "z1": (17.0, -26.0),
    "z2": (17.0, 25.0),
    "z": (17.0, -26.0),
    "B": (0.0, 28.0),
    "h2": (0.0, 27.0),
    "L": (-28.0, 0.0),
}
"""Where a circle's name stands, in pixels from its middle; others stand above."""
NUMBERED: dict[str, tuple[float, Align, tuple[float, float], tuple[float, float]]] = {
    "w11": (0.5, "center", (0.0, -12.0), (0.0, -28.0)), "w22": (0.5, "center", (0.0, 13.0), (0.0, 27.0)),
    "w12": (0.25, "center", (-20.0, 0.0), (-20.0, 14.0)), "w21": (0.25, "center", (-20.0, 0.0), (-20.0, -16.0)),
    "v1": (0.45, "center", (15.0, -14.0), (15.0, -30.0)), "v2": (0.45, "center", (15.0, 14.0), (15.0, 28.0)),
    "b1": (0.0, "left", (-5.0, -10.0), (-16.0, -11.0)), "b2": (0.0, "left", (-5.0, 11.0), (-16.0, 10.0)),
    "c": (0.0, "left", (-8.0, -10.0), (-16.0, -11.0)),
}  # fmt: skip
"""Where a parameter's number and its name stand: the share of its edge, and pixels to the right and down from there."""
RADIUS = 18.0
SIZE = 11.0
PIXELS = np.array([87.0, 324.0])
"""About how many a unit across and a unit up have: enough to tell which edge the pointer is at."""
NEAR = 22.0
"""Pixels within which the pointer is taken to be on an edge."""


def short(value: float, digits: int = 3) -> str:
    """Return a number of five characters at most, where so few will do, and with `digits` decimals at most."""
    texts = [number(value, places) for places in range(digits, -1, -1)]
    return next((text for text in texts if len(text) <= 5), texts[-1])


def edge_at(x: float, y: float) -> str:
    """Return whose edge is near a place: a parameter's, by its name, or a link's with no weight, by its term, or ""."""
    edges = {
        **{name: (FROM[name], TO[name]) for name in FROM},
        **{f"{top}-{bottom}": (bottom, top) for bottom, top in INNER},
    }
    far = {name: _distance(x, y, *ends) for name, ends in edges.items()}
    nearest = min(far, key=lambda name: far[name])
    return nearest if far[nearest] <= NEAR else ""


def _distance(x: float, y: float, first: str, last: str) -> float:
    """Return how many pixels of the picture as laid out lie between a place and an edge."""
    a, b, p = (np.array(at) * PIXELS for at in (AT[first], AT[last], (x, y)))
    share = min(max(float((p - a) @ (b - a) / ((b - a) @ (b - a))), 0.0), 1.0)
    return hypot(*(a + share * (b - a) - p))


def computation_view(
    values: dict[str, float],
    numbers: dict[str, float],
    slopes: dict[tuple[str, str], float],
    path: tuple[Link, ...],
    term: str,
    target: str,
) -> View:
    """Return the graph: `values` by place, `numbers` by parameter, `slopes` of INNER by their ends, and what is lit.

    `path` is lit, and of all edges the one of `term` is thickest; `target` stands by the loss.
    """
    lit = {link.ends: 9.0 if link.term == term else 5.0 for link in path}
    marks: list[Mark] = [_parameter_edge(name, value, lit) for name, value in numbers.items()]
    marks += [_inner_edge(ends, lit, term) for ends in INNER]
    marks += _circles(values, {place for ends in lit for place in ends})
    for name, value in numbers.items():
        marks += _number(name, value, "act" if (FROM[name], TO[name]) in lit else "ink")
    for ends, offset in INNER.items():
        middle = np.array([AT[ends[0]], AT[ends[1]]]).mean(axis=0, keepdims=True)
        text, colour = number(slopes[ends], 3), "act" if ends in lit else "soft"
        marks.append(Labels(middle, (text,), colour, SIZE, offset=offset))
    marks.append(Labels(np.array([AT["L"]]), (target,), "soft", SIZE, "right", (18.0, 31.0)))
    return View(tuple(marks), Axis(0.0, 4.4), Axis(0.0, 1.0), margin=(20.0, 28.0, 20.0, 28.0))


def _parameter_edge(name: str, value: float, lit: dict[tuple[str, str], float]) -> Lines:
    ends = FROM[name], TO[name]
    colour = "act" if ends in lit else "one-fill" if value >= 0 else "zero-fill"
    return Lines((np.array([AT[ends[0]], AT[ends[1]]]),), colour, lit.get(ends, line_width(value)))


def _inner_edge(ends: tuple[str, str], lit: dict[tuple[str, str], float], term: str) -> Lines:
    pointed_at = term == f"{ends[1]}-{ends[0]}"
    colour, width = ("act", 4.0) if pointed_at else ("soft", 1.5)
    return Lines((np.array([AT[ends[0]], AT[ends[1]]]),), "act" if ends in lit else colour, lit.get(ends, width))


def _circles(values: dict[str, float], lit: set[str]) -> list[Mark]:
    """Return the circles, those on the path ringed in its colour, with their values, and their names beside them."""
    at, ringed = np.array([AT[name] for name in values]), np.array([name in lit for name in values])
    texts = tuple(plain(value) if name in "AB" else short(value) for name, value in values.items())
    marks: list[Mark] = [
        Points(at[~ringed], "panel", "disc", RADIUS, "ink", 2.0),
        Points(at[ringed], "panel", "disc", RADIUS, "act", 2.0),
        Labels(at, texts, "ink", SIZE),
    ]
    for name, place in zip(values, at, strict=True):
        marks += on_picture(name, place[None], "ink", 14.0, NAMED.get(name, (0.0, -28.0)))
    return marks


def _number(name: str, value: float, colour: str) -> list[Mark]:
    """Return a parameter's number at its edge, and its name."""
    share, align, offset, named = NUMBERED[name]
    first, last = np.array(AT[FROM[name]]), np.array(AT[TO[name]])
    at = (first + share * (last - first))[None]
    return [Labels(at, (short(value, 2),), colour, SIZE, align, offset), *on_picture(name, at, colour, 14.0, named)]
