"""A network drawn as a graph: a circle a neuron, a line a weight, thickness its size and colour its sign."""

from __future__ import annotations

import numpy as np

from scene.marks import Array, Axis, Labels, Lines, Mark, Points, View
from scene.ticks import number

WIDEST = 7.0
NEURON_RADIUS = 17.0
MOST_NUMBERED = 6
"""With more weights than this in one layer their numbers would cover one another: the formula has them."""


def line_width(weight: float) -> float:
    """Return the thickness, in pixels, that stands for a weight: grows with its size, and is bounded."""
    return float(0.6 + (WIDEST - 0.6) * np.tanh(abs(weight) / 6.0))


def neuron_places(count: int) -> Array:
    """Return the heights, (count,), at which a layer of neurons stands: even, around 0.5, the first on top."""
    gap = min(0.5, 0.94 / max(count - 1, 1))
    heights: Array = 0.5 + gap * ((count - 1) / 2 - np.arange(count, dtype=np.float64))
    return heights


def network_diagram(
    weights: tuple[Array, ...],
    names: tuple[tuple[str, ...], ...],
    rings: tuple[tuple[str, ...], ...],
    lit: str = "",
) -> View:
    """Return the drawing of a network.

    `weights[l]` is (inputs, outputs); `names` and `rings` have one more entry than `weights`: the neurons'
    names and the colours of their circles, layer by layer from the inputs on. The circle of the colour `lit` is thick.
    """
    widths = [len(layer) for layer in names]
    places = [
        np.column_stack([np.full(width, index, float), neuron_places(width)]) for index, width in enumerate(widths)
    ]
    marks: list[Mark] = []
    numbers: list[Labels] = []
    for layer, matrix in enumerate(weights):
        numbered = matrix.size <= MOST_NUMBERED
        for source in range(widths[layer]):
            for target in range(widths[layer + 1]):
                weight = float(matrix[source, target])
                ends = np.array([places[layer][source], places[layer + 1][target]])
                colour = "one-fill" if weight >= 0 else "zero-fill"
                marks.append(Lines((ends,), colour, line_width(weight)))
                if numbered:
                    drops = np.abs(places[layer + 1][:, 1] - ends[0, 1])
                    nearness = int(np.sum(drops < drops[target] - 1e-9))
                    numbers.append(_weight_label(ends, weight, nearness))
    radius = NEURON_RADIUS if max(widths) <= 5 else 12.0
    for at, ring in zip(places, rings, strict=True):
        for row, colour in zip(at, ring, strict=True):
            marks.append(Points(row[None], "panel", "disc", radius, colour, 4.5 if colour == lit else 2.0))
    for at, layer_names in zip(places, names, strict=True):
        size = 15.0 if radius == NEURON_RADIUS else 12.0
        marks.append(Labels(at, layer_names, "ink", size, italic=True))
    return View(
        tuple(marks) + tuple(numbers),
        x=Axis(0.0, len(widths) - 1.0),
        y=Axis(0.0, 1.0),
        margin=(26.0, 24.0, 26.0, 24.0),
    )


def _weight_label(ends: Array, weight: float, nearness: int) -> Labels:
    """Return a weight's number on its line: the flatter the line, the farther along, so that none overlap."""
    at = ends[0] + (0.42, 0.3, 0.24)[min(nearness, 2)] * (ends[1] - ends[0])
    text = ("+" if weight >= 0 else "") + number(weight, 1)
    return Labels(at[None], (text,), "ink", 11.5)


def xor_network(weights: tuple[Array, ...], lit: str = "") -> View:
    """Return the drawing of a network from A and B through one hidden layer to y; `lit`, h1 say, is thick."""
    hidden = range(1, weights[0].shape[1] + 1)
    names = (("A", "B"), tuple(f"h{'₁₂₃₄₅₆₇₈'[k - 1]}" for k in hidden), ("y",))
    return network_diagram(weights, names, (("ink", "ink"), tuple(f"h{k}" for k in hidden), ("ink",)), lit)
