"""Neurons with a step as half-planes: the line, an arrow to the side that says 1, and what two of them share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scene.colours import HIDDEN_DASHES
from scene.four_points import HIGH, LOW, PIXEL, ROWS, four_points, name_places, name_spots, plane
from scene.graph import clipped, half_square
from scene.held_line import grips
from scene.labelling import Taken, spots
from scene.line import Line
from scene.marks import Array, Arrows, Handles, Labels, Lines, Mark, Regions, View
from scene.plane import line_in_square
from scene.ticks import subscript
from unfold.perceptron import Perceptron

ARROW = 0.19
"""How long the arrow is, in units."""
NAMED = np.array([(0.0, -0.12), (0.15, 0.12), (-0.15, 0.12)])
"""Where a line's name may stand beside its arrow's tail, in units: behind it, or along the line before it."""
HALVES = PIXEL * np.array([[9.0, 8.0], [0.0, 0.0], [0.0, 0.0]])
"""Half the width and height of the name, the tail and the tip."""


def arrow_at(normal: Array, offset: float, square: tuple[float, float], taken: Taken) -> Array:
    """Return where a line's name, and its arrow's tail and tip stand, (3, 2), as far from what is `taken` as can be.

    There are none, (0, 2), where the line misses the square.
    """
    ends = line_in_square(normal, offset, *square)
    if ends is None:
        return np.empty((0, 2))
    tails = ends[0] + np.linspace(0.08, 0.92, 15)[:, None] * (ends[1] - ends[0])
    along = np.array([-normal[1], normal[0]])
    # For each place of the name all places along the line.
    names = tails + (NAMED[:, :1] * along + NAMED[:, 1:] * normal)[:, None]
    tails = np.broadcast_to(tails, names.shape)
    places = np.stack([names, tails, tails + ARROW * normal], axis=2).reshape(-1, 3, 2)
    edge = np.array([[0.08], [0.04], [0.04]])
    inside = ((places > square[0] + edge) & (places < square[1] - edge)).all(axis=2).sum(axis=1)
    free = taken.room(places, HALVES).min(axis=1)
    best: Array = places[np.argmax(free + inside)]
    return best


def crossing(lines: Sequence[Line], neurons: Sequence[Perceptron], targets: Array, says: Array, lit: str) -> View:
    """Return the picture of two neurons' half-planes, the four rows, and handles `move-1`, `turn-1`, `move-2`, …

    Neuron k stands on the k-th of `lines`; its w is of length 1. `says`, (4,), is the AND of both, tinted where it is
    1. `lit` is h1, h2, both, a row's name or nothing.
    """
    square, held, handles = (LOW, HIGH), list[Mark](), np.concatenate([ROWS, name_spots(name_places(Taken()))[:, :2]])
    for k, line in enumerate(lines, 1):
        at = grips(line.normal, line.bias(line.normal), *square, handles)
        handles = np.concatenate([handles, at])
        held += [Handles(at[:1], (f"move-{k}",)), Handles(at[1:], (f"turn-{k}",) * len(at[1:]), radius=6.5)]
    drawn = np.array([[*neuron.w, neuron.b] for neuron in neurons])
    taken = Taken(spots(handles[2 * len(ROWS) :], 9.0 * PIXEL), drawn)
    names = name_places(taken)
    taken = taken.and_spots(spots(ROWS, 17.0 * PIXEL), name_spots(names))
    shared = clipped(half_square(neurons[0].w, neurons[0].b, *square), neurons[1].w, neurons[1].b)
    marks: list[Mark] = [Regions((shared,), *(("act", 0.3) if lit == "both" else ("one-fill", 0.22)))]
    for k, neuron in enumerate(neurons, 1):
        arrow = arrow_at(neuron.w, neuron.b, square, replace(taken, lines=np.delete(drawn, k - 1, axis=0)))
        taken = taken.and_spots(spots(arrow, 9.0 * PIXEL))
        marks += half_plane(k, neuron.w, neuron.b, square, arrow, lit == f"h{k}")
    return plane([*marks, *four_points(targets, says, lit, names), *held])


def half_plane(
    index: int, normal: Array, offset: float, square: tuple[float, float], arrow: Array, lit: bool
) -> list[Mark]:
    """Return hidden neuron `index`'s (from 1) line in a square, low to high, and its arrow; its side too where `lit`.

    It says 1 where normal . x + offset >= 0; `normal` is of length 1; `arrow` is what `arrow_at` gives.
    """
    colour = f"h{index}"
    marks: list[Mark] = [Regions((half_square(normal, offset, *square),), colour, 0.2)] if lit else []
    ends = line_in_square(normal, offset, *square)
    if ends is not None:
        marks.append(Lines((ends,), colour, 4.5 if lit else 2.5, HIDDEN_DASHES[index - 1], halo=True))
        marks.append(Arrows(arrow[1:2], arrow[2:], colour, 2.5, 11.0))
        marks.append(Labels(arrow[:1], (f"h{subscript(index)}",), colour, 14.0))
    return marks
