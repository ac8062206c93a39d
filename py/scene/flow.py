"""Values on their way through a small network: what each line carries, each neuron's sum and its output."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import numpy as np

from scene.diagram import NEURON_RADIUS, line_width
from scene.marks import Array, Axis, Labels, Lines, Mark, Points, View
from scene.names import on_picture
from scene.nine_numbers import SUMS
from scene.ticks import number
from unfold.network import Network

LINE = 15.0
"""Pixels from one line of text to the next."""
SHOWN_FROM = 0.005
"""A value nearer to 0 than this reads 0.00, and its line is drawn as one that carries nothing."""
PLACES = {"A": (0.0, 0.8), "B": (0.0, 0.2), "h1": (1.0, 1.0), "h2": (1.0, 0.0), "y": (2.0, 0.5)}
"""Where the 2-2-1 network's nodes stand."""
LABELLED = {
    ("A", "h1"): (0.5, (0.0, -17.0)), ("A", "h2"): (0.27, (-31.0, 0.0)), ("h1", "y"): (0.3, (34.0, -14.0)),
    ("B", "h2"): (0.5, (0.0, 17.0)), ("B", "h1"): (0.27, (-31.0, 0.0)), ("h2", "y"): (0.3, (34.0, 14.0)),
}  # fmt: skip
"""Where on its edge a product stands: the share of the way, and pixels to the right and down from there."""
PIXELS = (170.0, 240.0)
"""About how many a unit across and a unit up have: enough to tell which node the pointer is at."""
NEAR = 30.0
"""Pixels within which the pointer is taken to be at a node."""


@dataclass(frozen=True)
class Node:
    """A neuron or an input at a place: its name, its ring's colour, and lines of text above and below it.

    `apart` is how many pixels farther off the text stands, so that edges on their way to the node pass under it.
    """

    name: str
    at: tuple[float, float]
    ring: str
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    lit: bool = False
    apart: float = 0.0


@dataclass(frozen=True)
class Edge:
    """A weight between two places: the value that enters it (None: none yet) and where along it that value now is.

    `label_at` is the share of the way at which it is labelled, `aside` pixels to the right and down from there;
    `pulse` is the share that its value has gone, None at rest.
    """

    tail: tuple[float, float]
    tip: tuple[float, float]
    weight: float
    value: float | None
    label_at: float = 0.5
    aside: tuple[float, float] = (0.0, 0.0)
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
        weight = f"({plain(edge.weight)})" if edge.weight < 0 else plain(edge.weight)
        text = plain(edge.weight) if edge.value is None else f"{plain(edge.value)} · {weight}"
        label_at = ends[0] + edge.label_at * (ends[1] - ends[0])
        texts.append(Labels(label_at[None], (text,), "ink", 11.5, offset=edge.aside))
        if edge.pulse is not None and not idle:
            pulses.append(ends[0] + edge.pulse * (ends[1] - ends[0]))
    marks = under + lines
    if pulses:
        marks.append(Points(np.array(pulses), "ink", "disc", 6.0, "panel", 2.0))
    for node in nodes:
        at = np.array([node.at], float)
        ring, width = ("act", 4.0) if node.lit else (node.ring, 2.0)
        marks.append(Points(at, "panel", "disc", NEURON_RADIUS, ring, width))
        marks += on_picture(node.name, at, "ink", 15.0)
        for lines_of_text, way in ((node.above[::-1], -1.0), (node.below, 1.0)):
            for row, text in enumerate(lines_of_text):
                offset = (0.0, way * (NEURON_RADIUS + 11.0 + node.apart + LINE * row))
                texts.append(Labels(at, (text,), "ink", 12.0, offset=offset))
    return View(tuple(marks + texts), Axis(0.0, across), Axis(0.0, 1.0), margin=(36.0, 70.0, 46.0, 70.0))


def node_at(x: float, y: float, names: tuple[str, ...]) -> str:
    """Return which of the nodes `names` is near a place, or ""."""
    far = {name: hypot((x - PLACES[name][0]) * PIXELS[0], (y - PLACES[name][1]) * PIXELS[1]) for name in names}
    nearest = min(far, key=lambda name: far[name])
    return nearest if far[nearest] <= NEAR else ""


def network_flow(net: Network, values: dict[str, float], parts: tuple[str, ...], travelled: float, term: str) -> View:
    """Return the drawing of the neurons `parts` of a 2-2-1 network, their values having gone `travelled` layers.

    `values` has both inputs, and each neuron's sum and output, as `scene.nine_numbers.forward` names them. `term`, a
    node, is lit.
    """
    nodes = [
        Node("A", PLACES["A"], "ink", above=(f"A = {plain(values['A'])}",), lit=term == "A"),
        Node("B", PLACES["B"], "ink", below=(f"B = {plain(values['B'])}",), lit=term == "B"),
    ]
    edges = []
    for name in parts:
        layer, column = (1, 0) if name == "y" else (0, int(name[1]) - 1)
        bias = f"bias {plain(float(net.biases[layer][column]))}"
        told = (f"sum {plain(values[SUMS[name]])}", f"output {plain(values[name])}")
        told = told if travelled >= layer + 1 else ("", "")
        above, below = {"h1": ((bias, *told), ()), "h2": ((), (bias, *told)), "y": ((bias,), told)}[name]
        ring, apart = ("ink", 8.0) if name == "y" else (name, 0.0)
        nodes.append(Node(name, PLACES[name], ring, above, below, term == name, apart))
        moving = travelled - layer if layer <= travelled < layer + 1 else None
        for source, weight in zip(("h1", "h2") if layer else ("A", "B"), net.weights[layer][:, column], strict=True):
            value = values[source] if travelled >= layer else None
            share, aside = LABELLED[source, name]
            lit = term in (name, source)
            edges.append(Edge(PLACES[source], PLACES[name], float(weight), value, share, aside, moving, lit))
    return flow_view(tuple(nodes), tuple(edges), 2.0)
