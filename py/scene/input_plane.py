"""The plane of inputs with the lines of two hidden neurons in the reader's hand."""

from __future__ import annotations

import numpy as np

from scene.four_points import HIGH, LOW, PIXEL, ROWS, four_points, name_places, name_spots, plane
from scene.half_planes import arrow_at, half_plane
from scene.held_line import grips
from scene.labelling import Taken, spots
from scene.marks import Handles, Lines, Mark, Surface, View
from scene.parting import GRID, answers_by_band, threads
from scene.plane import grid
from scene.xor_layer import Layer, Y

CELLS = 44
PLACES = grid(LOW, HIGH, CELLS)


def input_plane(layer: Layer, lit: str) -> View:
    """Return the plane of inputs with each neuron's line and its handle, `line-1` or `line-2`.

    Where a line parts the rows after the layer, the colours are what that line says of every place. `lit` is a row's
    name, h1, h2, or nothing.
    """
    marks: list[Mark] = [Lines(GRID[:, [0, -1]], "rule", 1.25)]
    if layer.separation.separable:
        answers = answers_by_band(layer.separation, layer.after(PLACES))
        marks = [Surface(answers.reshape(CELLS, CELLS))]
    marks += threads(ROWS)
    held: list[Mark] = []
    # The rows, their names, and where the threads cross.
    places = np.concatenate([ROWS, name_spots(name_places(Taken()))[:, :2], [[0.5, 0.5]]])
    normals = {k: normal for k, normal in enumerate(layer.weights.T, 1) if normal.any()}
    drawn = {k: np.append(w, layer.biases[k - 1]) / np.hypot(*w) for k, w in normals.items()}
    for k, (*normal, offset) in drawn.items():
        unit, others = np.array(normal), [line for other, line in drawn.items() if other != k]
        at = grips(unit, offset, LOW, HIGH, places)[:1]
        taken = Taken(spots(np.concatenate([places, at]), 9.0 * PIXEL), np.reshape(others, (-1, 3)))
        arrow = arrow_at(unit, offset, (LOW, HIGH), taken)
        places = np.concatenate([places, at, arrow])
        marks += half_plane(k, unit, offset, (LOW, HIGH), arrow, lit == f"h{k}")
        held.append(Handles(at, (f"line-{k}",)))
    return plane([*marks, *four_points(Y[:, 0], Y[:, 0], lit), *held])
