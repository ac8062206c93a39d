"""The plane of inputs on its way through a network: where its points are at every instant, and how they are seen.

Each hidden layer takes four moves, one unit of time each: a turn and a stretch, which are its weights, a shift, which
is its bias, and a bend, which is its activation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from scene.finite import outputs
from scene.marks import Array
from unfold.network import Network
from unfold.transforms import layer

MOVES = (f"turn", f"stretch", f"shift", f"bend")
ROOM = 1.25
"""How much wider than the points a picture is."""
LEAST = 0.05
"""Half the side of the smallest picture: points that have all met are seen as one."""
ACROSS, ALONG, DOTS = 9, 33, 15
"""Lines of the grid each way, points on each, and dots each way."""


@lru_cache(4)
def sheet(low: float, high: float) -> Array:
    """Return the square's grid lines, across and up, ALONG points each, and then its dots: one array, (n, 2)."""
    along, across = np.meshgrid(np.linspace(low, high, ALONG), np.linspace(low, high, ACROSS))
    lines = np.stack([along, across], axis=-1)
    dots = np.stack(np.meshgrid(*[low + (np.arange(DOTS) + 0.5) * (high - low) / DOTS] * 2), axis=-1)
    return np.concatenate([part.reshape(-1, 2) for part in (lines, lines[..., ::-1], dots)])


@dataclass(frozen=True, eq=False)
class Lens:
    """How a layer's space is seen: `axes`, (2 or 3, neurons), and the share of the spread that they `keep`."""

    axes: Array
    keep: float = 1.0


@dataclass(frozen=True, eq=False)
class Passage:
    """The hidden layers of a network, the samples X, (n, 2), and the square from `low` to `high`, on their way.

    `chosen` are the neurons to look at, two or three, counted from 0; with none of them a layer of up to three is seen
    whole, and a wider one by its samples' first three principal components.
    """

    net: Network
    X: Array
    low: float
    high: float
    chosen: tuple[int, ...] = ()

    @property
    def layers(self) -> int:
        """How many hidden layers there are."""
        return len(self.net.weights) - 1

    @property
    def end(self) -> int:
        """The time at which the last hidden layer is done."""
        return len(MOVES) * self.layers

    @cached_property
    def places(self) -> Array:
        """The samples and the sheet where they begin, (samples + sheet, 2)."""
        return np.concatenate([self.X, sheet(self.low, self.high)])

    @cached_property
    def values(self) -> list[Array]:
        """What each hidden layer receives, and at last what the output neuron does: samples, then sheet."""
        return outputs(self.net, self.places)[:-1]

    @cached_property
    def answers(self) -> NDArray[np.bool_]:
        """Whether each dot of the sheet is answered with class 1, (DOTS * DOTS,)."""
        W, b = self.net.weights[-1], self.net.biases[-1]
        return (self.values[-1][-DOTS * DOTS :] @ W + b)[:, 0] > 0.0

    @cached_property
    def width(self) -> int:
        """How many directions the widest layer has, the plane of inputs among them."""
        return max(int(value.shape[1]) for value in self.values)

    @cached_property
    def lenses(self) -> tuple[Lens, ...]:
        """How each layer's space is seen, from the inputs on, its directions filled up with zeros to the widest."""
        if self.chosen:
            eye = np.eye(self.width)
            inputs = Lens(eye[list(range(len(self.chosen)))])
            return inputs, *[Lens(eye[list(self.chosen)])] * self.layers
        found = [Lens(np.eye(min(max(self.width, 2), 3), self.width))]
        for value in self.values[1:]:
            found.append(found[0] if self.width <= 3 else principal(value[: len(self.X)], found[-1].axes))
        return tuple(found)

    def names(self, time: float) -> tuple[str, ...]:
        """Return the names of the axes at a time: of inputs, of neurons (h1, say), or of components."""
        if time == 0.0:
            return "A", "B"
        if self.chosen:
            return tuple(f"h{k + 1}" for k in self.chosen)
        return (
            (f"1st", f"2nd", f"3rd") if self.width > 3 else tuple(f"h{k + 1}" for k in range(self.values[-1].shape[1]))
        )

    @cached_property
    def cut(self) -> tuple[Array, float] | None:
        """What the output neuron draws at the end, its normal, (2 or 3,), and bias, where its inputs are all seen."""
        W, b = self.net.weights[-1], self.net.biases[-1]
        axes = self.lenses[-1].axes[:, : len(W)]
        return (axes @ W[:, 0], float(b[0])) if len(axes) >= len(W) else None

    def full(self, time: float) -> Array:
        """Return where samples and sheet are at a time from 0 to `end`: (samples + sheet, widest layer)."""
        at = min(int(time // len(MOVES)), self.layers - 1)
        part = time - len(MOVES) * at
        W, b = self.net.weights[at], self.net.biases[at]
        if part < 3.0:
            places = layer(self.values[at], W, b, self.net.activations[at], part / 2.0 if part < 2.0 else part - 1.0)
        else:
            places = (4.0 - part) * (self.values[at] @ W + b) + (part - 3.0) * self.values[at + 1]
        missing = self.width - places.shape[1]
        return np.concatenate([places, np.zeros((len(places), missing))], axis=1) if missing else places

    def seen(self, time: float) -> tuple[Array, Array, float]:
        """Return where they are seen, (n, 2 or 3), and the middle and half the side of a square, or cube, around them.

        From one layer to the next the view goes over from one lens to the other, and the size from stop to stop.
        """
        places = self.through(time)
        stop = min(int(time), self.end - 1)
        share = time - stop
        (middle, half), (next_middle, next_half) = extent(self, stop), extent(self, stop + 1)
        middle = (1.0 - share) * middle + share * next_middle
        half = (1.0 - share) * half + share * next_half
        return places, middle, max(half, ROOM * float(np.abs(places - middle).max()))

    def through(self, time: float) -> Array:
        """Return where samples and sheet are seen at a time: (samples + sheet, 2 or 3)."""
        at = min(int(time // len(MOVES)), self.layers - 1)
        share = time / len(MOVES) - at
        axes = (1.0 - share) * self.lenses[at].axes + share * self.lenses[at + 1].axes
        seen: Array = self.full(time) @ axes.T
        return seen


@lru_cache(128)
def extent(passage: Passage, stop: int) -> tuple[Array, float]:
    """Return the middle, (2 or 3,), and half the side of what is seen at a stop."""
    places = passage.through(float(stop))
    low, high = places.min(axis=0), places.max(axis=0)
    return (low + high) / 2.0, max(ROOM * float((high - low).max()) / 2.0, LEAST)


def principal(samples: Array, before: Array) -> Lens:
    """Return the lens of the samples' first three principal components, (n, 4 or more), nearest to the one `before`.

    Components have no sign, and those of like size no order: they are turned within their space so that they differ
    least from `before`, (3, neurons).
    """
    _, sizes, axes = np.linalg.svd(samples - samples.mean(axis=0), full_matrices=False)
    U, _, Vt = np.linalg.svd(before @ axes[:3].T)
    total = float((sizes**2).sum())
    return Lens(U @ Vt @ axes[:3], float((sizes[:3] ** 2).sum()) / total if total > 0.0 else 1.0)


def layer_at(time: float, layers: int) -> tuple[int, int]:
    """Return the layer at work at a time, counted from 1, and its move; at a stop, that which has just been made."""
    move = max(int(np.ceil(time)) - 1, 0)
    return min(move // len(MOVES) + 1, layers), move % len(MOVES)


def neurons_named(numbers: Sequence[int | str]) -> list[str]:
    """Return how neurons, by their numbers from 1, are written: h with a small number."""
    return [f"h{'₁₂₃₄'[int(number) - 1]}" for number in numbers]
