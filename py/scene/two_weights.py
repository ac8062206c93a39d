"""One neuron with two weights: its samples, its loss for any weights, and that loss as a surface and as a map."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from scene.chains import joined
from scene.contours import contour
from scene.marks import Array, Heat, Lines, Mark
from scene.plane import grid
from scene.relief import Terrain
from scene.ticks import ticks
from unfold.activations import ACTIVATIONS
from unfold.calculus import gradient_of_two_weights, loss_of_two_weights

X = np.array([[1.0, 0.2], [0.4, 1.0], [-0.8, 0.6], [0.3, -1.1], [-1.0, -0.5]])
BEST = np.array([1.2, -0.7])
Y = np.tanh(X @ BEST)
"""Five samples, and what a tanh neuron with the weights BEST answers to them: with tanh those have no loss."""


def loss(activation: str, w1: Array | float, w2: Array | float) -> Array:
    """Return the loss with the weights w1 and w2, which are broadcast against each other."""
    return loss_of_two_weights(np.asarray(w1, float), np.asarray(w2, float), X, Y, ACTIVATIONS[activation])


def gradient(activation: str, at: tuple[float, ...]) -> Array:
    """Return the gradient of the loss with the weights `at`, (2,)."""
    return gradient_of_two_weights(np.asarray(at[0]), np.asarray(at[1]), X, Y, ACTIVATIONS[activation])


@lru_cache
def lowest(activation: str) -> float:
    """Return the least loss that any two weights have."""
    at = BEST if activation == "tanh" else np.linalg.lstsq(X, Y, rcond=None)[0]
    return float(loss(activation, at[0], at[1]))


@lru_cache
def in_steps(activation: str, most: float, step: float) -> tuple[Array, Array]:
    """Return the weights from -most to most in steps, (n,), and the loss of each pair, (n, n): a row for each w2."""
    weights = np.round(np.linspace(-most, most, round(2 * most / step) + 1), 6)
    return weights, loss(activation, weights, weights[:, None])


@lru_cache
def lowest_in_steps(activation: str, most: float, step: float) -> tuple[float, float]:
    """Return the pair of weights with the least loss of those in steps."""
    weights, losses = in_steps(activation, most, step)
    row, column = np.unravel_index(int(losses.argmin()), losses.shape)
    return float(weights[column]), float(weights[row])


@lru_cache
def loss_terrain(activation: str, most: float, cells: int) -> Terrain:
    """Return the loss over the weights from -most to most as a surface of so many cells each way."""
    at, losses = in_steps(activation, most, 2 * most / cells)
    marks = ticks(0.0, float(losses.max()), 12)
    return Terrain(losses, at, at, 0.0, float(losses.max()), marks[1][0] - marks[0][0])


@lru_cache
def loss_map(activation: str, edge: float, cells: int) -> tuple[Mark, ...]:
    """Return the map of the loss: heat, and contours whose levels are as squares, so that a round bowl's are even."""
    heat = loss(activation, *grid(-edge, edge, cells).T).reshape(cells, cells)
    side = np.linspace(-edge, edge, cells)
    values = loss(activation, side, side[:, None])
    low, high = lowest(activation), float(values.max())
    levels = low + (high - low) * (np.arange(1, 10) / 10) ** 2
    rings = tuple(line for level in levels for line in joined(contour(values, side, side, float(level))))
    scaled = np.sqrt(heat - low)
    return Heat(scaled, 0.0, float(np.sqrt(high - low))), Lines(rings, "panel", 2.5), Lines(rings, "ink", 0.8)
