"""Values on their way through a small network: what each line carries, each neuron's sum and its output."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scene.diagram import NEURON_RADIUS, line_width
from scene.marks import Array, Axis, Labels, Lines, Mark, Points, View
from scene.ticks import number

LINE = 15.0
"""Pixels from one line of text to the next."""
SHOWN_FROM = 0.005
"""A value nearer to 0 than this reads 0.00, and its line is drawn as one that carries nothing."""


@dataclass(frozen=True)
class Node:
    """A neuron or an input at a place: its name, its ring's colour, and lines of text above and below it."""

    name: str
    at: tuple[float, float]
    ring: str
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    lit: bool = False


@dataclass(frozen=True)
class Edge:
    """A weight between two places: the value that enters it (None: none yet) and where along it that value now is.

    `label_at` is the share of the way at which it is labelled, `aside` pixels below the line; `pulse` is the share
    that its value has gone, None at rest.
    """

    tail: tuple[float, float]
    tip: tuple[float, float]
    weight: float
    value: float | None
    label_at: float = 0.5
    aside: float = 0.0
    pulse: float | None = None
    lit: bool = False


def plain(value: float) -> str:
    """Return a value with as few decimals as it needs, two at most, and a true minus sign."""
    return number(value, 0) if abs(value - round(value)) < 1e-9 else number(value)


def flow_view(nodes: tuple[Node, ...], edges: tuple[Edge, ...], across: float) -> View:
    """Return the drawing: thickness and colour are weights, a dashed line carries 0. x is 0 to `across`, y 0 to 1."""
    under: list[Mark] = []
    lines: list[Mark] = []
    pulses: list[Array] = []
    texts: list[Mark] = []
    for edge in edges:
        ends = np.array([edge.tail, edge.tip], float)
        idle = edge.value is None or abs(edge.value) < SHOWN_FROM
        if edge.lit:
            under.append(Lines((ends,), "act", line_width(edge.weight) + 6.0))
        colour, dash = "one-fill" if edge.weight >= 0 else "zero-fill", (7.0, 7.0) if idle else ()
        lines.append(Lines((ends,), colour, line_width(edge.weight), dash))
        text = plain(edge.weight) if edge.value is None else f"{plain(edge.value)} · {plain(edge.weight)}"
        label_at = ends[0] + edge.label_at * (ends[1] - ends[0])
        texts.append(Labels(label_at[None], (text,), "ink", 11.5, offset=(0.0, edge.aside)))
        if edge.pulse is not None and not idle:
            pulses.append(ends[0] + edge.pulse * (ends[1] - ends[0]))
    marks = under + lines
    if pulses:
        marks.append(Points(np.array(pulses), "ink", "disc", 6.0, "panel", 2.0))
    for node in nodes:
        at = np.array([node.at], float)
        ring, width = ("act", 4.0) if node.lit else (node.ring, 2.0)
        marks.append(Points(at, "panel", "disc", NEURON_RADIUS, ring, width))
        marks.append(Labels(at, (node.name,), "ink", 15.0, italic=True))
        for lines_of_text, way in ((node.above[::-1], -1.0), (node.below, 1.0)):
            for row, text in enumerate(lines_of_text):
                offset = (0.0, way * (NEURON_RADIUS + 11.0 + LINE * row))
                texts.append(Labels(at, (text,), "ink", 12.0, offset=offset))
    return View(tuple(marks + texts), Axis(0.0, across), Axis(0.0, 1.0), margin=(36.0, 70.0, 46.0, 70.0))
