"""What a network with two inputs answers: the plane coloured by it, its hidden neurons' lines, and the words."""

from __future__ import annotations

import numpy as np

from scene.colours import HIDDEN_DASHES
from scene.finite import answers
from scene.marks import Array, Axis, Labels, Lines, Mark, Points, Surface, View
from scene.plane import grid, line_in_square
from scene.ticks import number
from unfold.network import Network

LOW, HIGH = -0.35, 1.35
"""The square of inputs that is shown."""
CELLS = 56
PLACES = grid(LOW, HIGH, CELLS)
NEAR = 0.05
"""How near to a line the pointer is on it."""


def learnt_plane(net: Network, X: Array, Y: Array, lit: str = "") -> View:
    """Return the square of inputs with the answers, the samples X, (n, 2), and a line for each hidden neuron.

    On a neuron's line its sum is 0; that of the neuron `lit`, h1 say, is drawn thick.
    """
    answered = answers(net, PLACES).reshape(CELLS, CELLS)
    marks: list[Mark] = [Surface(answered)]
    W, b = net.weights[0], net.biases[0]
    for neuron in range(len(b)):
        ends = line_in_square(W[:, neuron], float(b[neuron]), LOW, HIGH)
        if ends is not None:
            name = f"h{neuron + 1}"
            marks.append(Lines((ends,), name, 5.0 if name == lit else 2.5, HIDDEN_DASHES[neuron], halo=True))
    marks += class_points(X, Y)
    for side, align, offset in ((X[:, 0] < 0.5, "left", 14.0), (X[:, 0] > 0.5, "right", -14.0)):
        marks.append(Labels(X[side], row_names(X[side]), align=align, offset=(offset, 0.0)))  # type: ignore[arg-type]
    return View(tuple(marks), Axis(LOW, HIGH), Axis(LOW, HIGH), ground="tint")


def class_points(at: Array, Y: Array) -> list[Mark]:
    """Return the marks of samples at places (n, 2): squares for class 0, discs for class 1, by Y, (n, 1)."""
    zeros, ones = at[Y[:, 0] < 0.5], at[Y[:, 0] > 0.5]
    return [Points(zeros, "zero-fill", "square"), Points(ones, "one-fill", "disc")]


def row_names(X: Array) -> tuple[str, ...]:
    """Return the names of rows of inputs 0 and 1: 01, say."""
    return tuple(f"{int(a)}{int(b)}" for a, b in X)


def neuron_at(net: Network, x: float, y: float) -> str:
    """Return the name of the hidden neuron whose line is at a place of the square, or nothing."""
    W, b = net.weights[0], net.biases[0]
    away = np.abs(np.array([x, y]) @ W + b) / np.maximum(np.hypot(*W), 1e-300)
    return f"h{int(away.argmin()) + 1}" if away.min() < NEAR else ""


def right(net: Network, X: Array, Y: Array) -> int:
    """Return how many answers are on the right side of one half."""
    return int(np.sum((answers(net, X) > 0.5) == (Y > 0.5)))


def answers_told(net: Network, X: Array, Y: Array) -> str:
    """Return in words how many answers are right, and the answer to each row of inputs 0 and 1."""
    given = answers(net, X)[:, 0]
    rows = ", ".join(f"{name} gives {number(float(a))}" for name, a in zip(row_names(X), given, strict=True))
    return f"{right(net, X, Y)} of {len(X)} answers are right: {rows}."
