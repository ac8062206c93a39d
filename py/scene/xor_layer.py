"""A hidden layer of two neurons over the four rows of XOR: where it takes them, and which biases part them there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise, product

import numpy as np

from scene.four_points import NEAR, ROW_NAMES, row_at
from scene.marks import Array
from scene.ticks import number
from unfold.activations import ACTIVATIONS
from unfold.datasets import gate
from unfold.separability import Separation, separable

X, Y = gate("xor")
MOST = 10.0
"""The largest weight and bias."""
WORTH = 0.05
"""The least width of band that biases are recommended for."""


@dataclass(frozen=True)
class Layer:
    """Six numbers, the biases b1 and b2, then the weights A to h1, A to h2, B to h1, B to h2; and an activation."""

    numbers: tuple[float, ...]
    activation: str

    @cached_property
    def weights(self) -> Array:
        """The weights, (2, 2), a row for each input and a column for each neuron."""
        return np.reshape(self.numbers[2:], (2, 2))

    @cached_property
    def biases(self) -> Array:
        """The biases, (2,)."""
        return np.array(self.numbers[:2])

    def after(self, places: Array) -> Array:
        """Return where the layer takes places, (..., 2)."""
        return ACTIVATIONS[self.activation].value(places @ self.weights + self.biases)

    @cached_property
    def images(self) -> Array:
        """Where the four rows go, (4, 2)."""
        return self.after(X)

    @cached_property
    def separation(self) -> Separation:
        """Whether a line parts the images of 01 and 10 from those of 00 and 11, decided exactly."""
        return separable(self.images, Y)

    @property
    def width(self) -> float:
        """The width of the widest band between the two classes; 0 where no line parts them."""
        return 2.0 * self.separation.margin

    @property
    def meeting(self) -> Array:
        """Where the threads between the two points of each class meet, (2,), when no line parts them."""
        point: Array = self.separation.alpha @ self.images[1:3]
        return point

    @cached_property
    def way(self) -> tuple[float, ...] | None:
        """Two biases, each with its line midway between rows, that give these weights a band; None if none do."""
        sums = np.sort(X @ self.weights, axis=0)
        tries = [[_settable(-(a + b) / 2) for a, b in pairwise(column)] for column in sums.T.tolist()]
        width, best = max((layer((*both, *self.numbers[2:]), self.activation).width, both) for both in product(*tries))
        return best if width >= WORTH else None

    def lit(self, biases: tuple[float, ...], k: int) -> str:
        """Return the rows to which neuron k, from 0, has a sum above 0 with other biases, in words."""
        names = zip(ROW_NAMES, X @ self.weights[:, k] + biases[k], strict=True)
        return ", ".join(name for name, total in names if total > 0.0) or f"none"

    def term_at(self, view: str, x: float, y: float) -> str:
        """Return the row, or in the picture `plane` also the neuron's line, that is at a place; or nothing."""
        if view != "plane":
            away = np.hypot(*(self.images - (x, y)).T)
            return ROW_NAMES[int(away.argmin())] if away.min() < NEAR else ""
        lengths = np.hypot(*self.weights)
        away = np.where(lengths > 0.0, np.abs((x, y) @ self.weights + self.biases) / np.maximum(lengths, 1e-9), np.inf)
        return row_at(x, y) or (f"h{int(away.argmin()) + 1}" if away.min() < 0.05 else "")


@lru_cache(maxsize=512)
def layer(numbers: tuple[float, ...], activation: str) -> Layer:
    """Return the layer; of one set of numbers there is one, which keeps what it has worked out."""
    return Layer(numbers, activation)


def _settable(bias: float) -> float:
    return round(min(max(bias, -MOST), MOST), 1) + 0.0


@cache
def tangled(seed: int) -> tuple[float, ...]:
    """Return six numbers, drawn by a seed, with which no line parts the rows and other biases do, by a sigmoid.

    Both neurons' lines go through the middle of the square. So the images of opposite corners lie opposite each other
    about one point, and there the threads meet.
    """
    random = np.random.default_rng(seed)
    while True:
        weights = random.integers(-16, 17, (2, 2)) / 2
        weights[1] += (weights.sum(axis=0) % 1.0) * np.where(weights[1] < 0.0, 1.0, -1.0)  # so that halves are settable
        found = layer((*(-weights.sum(axis=0) / 2 + 0.0).tolist(), *weights.ravel().tolist()), "sigmoid")
        if found.way and not found.separation.separable:
            return found.numbers


def places(layer: Layer) -> str:
    """Return in words where the four rows go."""
    pairs = zip(ROW_NAMES, layer.images.tolist(), strict=True)
    return ", ".join(f"{name} to ({number(a)}, {number(b)})" for name, (a, b) in pairs)


def hint(layer: Layer, strength: int) -> str:
    """Return a hint, of strength 1 to 3, how to part the rows, worked out from the weights as they are; "" for 0."""
    if not strength:
        return ""
    if not layer.way:
        return "Hint: change the weights first; 6, 4, 4 and 6, in the order of the controls, will do."
    first, second = (layer.lit(layer.way, k) for k in (0, 1))
    verbs = (
        f"{f'keep' if goal == now else f'raise' if goal > now else f'lower'} {name}"
        for goal, now, name in zip(layer.way, layer.numbers[:2], ("b₁", "b₂"), strict=True)
    )
    biases = f" and ".join(f"{name} = {number(goal, 1)}" for goal, name in zip(layer.way, ("b₁", "b₂"), strict=True))
    return (
        f"Hint: let h₁ light {first} and no other row.",
        f"Hint: let h₁ light {first} and h₂ {second}: {f' and '.join(verbs)}.",
        f"Hint: {biases} will do.",
    )[strength - 1]
