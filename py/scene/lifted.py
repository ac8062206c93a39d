"""Data before and after a hidden layer: the plane coloured by the network's answers, and the space of its neurons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scene import finite
from scene.colours import HIDDEN_DASHES
from scene.graph import half_square
from scene.marks import Array, Axis, Handles, Lines, Mark, Regions, Surface, View
from scene.mathml import equations_named, meaning, network_equations
from scene.parting import grid_lines, neuron_axes
from scene.plane import grid, line_in_square
from scene.space import class_points, space
from scene.ticks import ticks
from unfold.network import Network

LOW, HIGH = -1.6, 1.6
"""The square of inputs that is shown."""
CELLS = 100
PLACES = grid(LOW, HIGH, CELLS)
SHEET = grid_lines(-1.2, 1.2)
ENDS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "sine": (-1.0, 1.0)}
"""Between what an activation's values lie, where they have two ends."""
NEAR = 0.06
"""How near to a neuron's line the pointer is on it, in units."""
EDGE = 1.12
"""The picture of two neurons reaches so far beyond its box, which is -1 to 1."""


def answers_over_plane(network: Network) -> Array:
    """Return what a network answers over the whole square, (CELLS, CELLS)."""
    return finite.answers(network, PLACES).reshape(CELLS, CELLS)


def plane_of_inputs(
    network: Network,
    answers: Array,
    X: Array,
    ones: NDArray[np.bool_],
    cursor: Array | None,
    lit: str,
    parting: tuple[Array, ...] = (),
) -> View:
    """Return the square of inputs in the colours of the answers, with the neurons' lines, the data, and a cursor.

    `lit` names the neuron, h1, h2, …, whose line is lit; `parting` are the pieces, (n, 2) each, of the graph that the
    data were drawn on either side of.
    """
    marks: list[Mark] = [Surface(0.2 + 0.6 * answers)]  # paler than the points, which stand out on it
    if parting:
        marks.append(Lines(parting, "ink", 1.0))
    for k, (normal, bias) in enumerate(zip(network.weights[0].T, network.biases[0], strict=True)):
        ends = line_in_square(normal, float(bias), LOW, HIGH)
        if ends is not None:
            is_lit = lit == f"h{k + 1}"
            look = ("act", 4.0) if is_lit else (f"h{k + 1}", 2.0)
            marks.append(Lines((ends,), *look, HIDDEN_DASHES[k], halo=True))
    marks += class_points(X, ones, 4.5)
    if cursor is not None:
        marks.append(Handles(cursor[None], ("cursor",)))
    axis = Axis(LOW, HIGH, ticks(-1.0, 1.0, 3))
    return View(tuple(marks), axis, axis, margin=(30.0, 4.0, 4.0, 26.0))


BOWLS = {
    "mish": ([[1.69, -1.47], [-1.31, -1.59]], [-1.46, -1.53], [[33.94], [33.01]], [14.52]),
    "sine": ([[1.9, 1.87], [2.09, -2.12]], [-1.46, -1.52], [[7.89], [7.97]], [4.48]),
}
"""Weights, biases, output weights and output bias with which two neurons make a bowl: found by training."""


def two_can(activation: str, X: Array, Y: Array) -> bool:
    """Return whether the two neurons of BOWLS, if there are any of this activation, part points as they are."""
    if activation not in BOWLS:
        return False
    W, b, v, c = (np.array(part) for part in BOWLS[activation])
    right = (Network((W, v), (b, c), (activation, "sigmoid")).forward(X) > 0.5) == (Y > 0.5)
    return bool(right.all() or not right.any())  # with all signs of the output turned round it is the other way


def neuron_at(network: Network, x: float, y: float) -> str:
    """Return the neuron, h1, h2, …, whose line is at a place of the square of inputs, or nothing."""
    W, b = network.weights[0], network.biases[0]
    away = np.abs((x, y) @ W + b) / np.maximum(np.hypot(*W), 1e-9)
    return f"h{int(away.argmin()) + 1}" if away.min() < NEAR else ""


def network_formula(network: Network) -> str:
    """Return the network's equations in numbers; each neuron's row, y, h1, h2, …, can be pointed at."""
    rows = network_equations(network.weights, network.biases, network.activations)
    names = ("y", *(f"h{k + 1}" for k in range(len(rows) - 1)))
    return equations_named(dict(zip(names, rows, strict=True))) + meaning(network.activations[0])


@dataclass(frozen=True)
class Frame:
    """A box around what is shown of the hidden space: `ways`, (neurons, 2 or 3), span it; `low` and `high` end it."""

    ways: Array
    low: Array
    high: Array

    def boxed(self, hidden: Array) -> Array:
        """Return places in the box, -1 to 1, of hidden values, (..., neurons)."""
        places: Array = 2.0 * (hidden @ self.ways - self.low) / (self.high - self.low) - 1.0
        return places

    def cut(self, weights: Array, bias: float, middle: Array) -> tuple[Array, float]:
        """Return normal and offset in the box of where weights . h + bias = 0 cuts it, (neurons,) each.

        What the box does not span is as it is at `middle`, (neurons,).
        """
        inside = self.ways.T @ weights
        rest = weights @ (middle - self.ways @ (middle @ self.ways))
        half = (self.high - self.low) / 2.0
        return inside * half, float(inside @ (self.low + half) + rest + bias)


def framed(hidden: Array, activation: str) -> Frame:
    """Return the frame of hidden values, (n, neurons): their own directions, or the three main ones of more."""
    neurons = hidden.shape[1]
    ways = np.eye(neurons)
    if neurons > 3:
        _, found = np.linalg.eigh(np.cov(hidden.T, bias=True))
        ways = found[:, :-4:-1]
        ways = ways * np.where(ways[np.abs(ways).argmax(axis=0), np.arange(3)] < 0.0, -1.0, 1.0)
    elif activation in ENDS:
        low, high = ENDS[activation]
        return Frame(ways, np.full(neurons, low), np.full(neurons, high))
    places = hidden @ ways
    low, high = places.min(axis=0), places.max(axis=0)
    room = np.maximum(0.08 * (high - low), 1e-3)
    return Frame(ways, low - room, high + room)


def hidden_space(network: Network, X: Array, ones: NDArray[np.bool_], cut: str, seen: tuple[float, float]) -> View:
    """Return where the hidden layer takes the data and a grid, with what the output neuron draws between the classes.

    Two neurons span a plane, three a space; of more the three main directions are shown (principal components).
    `cut` is the colour of the output neuron's line or plane.
    """
    sheet, hidden = (finite.outputs(network, places)[1] for places in (SHEET.reshape(-1, 2), X))
    frame = framed(hidden if len(hidden) > 1 else sheet, network.activations[0])
    places, lines = frame.boxed(hidden), frame.boxed(sheet).reshape(*SHEET.shape[:2], -1)
    middle = hidden.mean(axis=0) if len(hidden) else sheet.mean(axis=0)
    normal, offset = frame.cut(network.weights[1][:, 0], float(network.biases[1][0]), middle)
    if len(normal) == 2:
        return _plane(places, ones, (normal, offset), lines, cut)
    names = ("h₁", "h₂", "h₃") if len(network.biases[0]) == 3 else (f"1st", f"2nd", f"3rd")
    return space(places, ones, (normal, offset), lines, names, cut, seen)


def _plane(places: Array, ones: NDArray[np.bool_], line: tuple[Array, float], sheet: Array, cut: str) -> View:
    normal, offset = line
    marks: list[Mark] = []
    for side, colour in ((1.0, "one-fill"), (-1.0, "zero-fill")):
        marks.append(Regions((half_square(side * normal, side * offset, -EDGE, EDGE),), colour, 0.14))
    marks.append(Lines(sheet, "rule", 1.25))
    ends = line_in_square(normal, offset, -EDGE, EDGE)
    if ends is not None:
        marks.append(Lines((ends,), cut, 2.5, halo=True))
    marks += [*class_points(places, ones, 4.5), *neuron_axes(-EDGE, EDGE)]
    axis = Axis(-EDGE, EDGE)
    return View(tuple(marks), axis, axis)
