"""Where the hidden layer puts the samples, and the line that the output neuron draws there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import permutations

import numpy as np

from scene.finite import outputs
from scene.learnt_plane import HIGH, LOW, class_points, row_names
from scene.marks import Array, Axis, Labels, Lines, Mark, Surface, View
from scene.plane import grid, line_in_square
from unfold.network import Network

CELLS = 24
BOUNDS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "sine": (-1.0, 1.0)}
"""Between what an activation's values lie, where they are bounded."""
ROOM = 1.5
"""How much wider than the samples the picture is at least."""
SIDES = np.array([[-17.0, 0.0], [0.0, -18.0], [0.0, 18.0], [17.0, 0.0]])
PLACES = np.array([SIDES[list(order)] for order in permutations(range(4))])
"""Where the names of the four rows may stand around their points, in pixels: clear of one another where points meet."""


@dataclass(frozen=True, eq=False)
class HiddenPlane:
    """A plane through the space of the hidden layer's outputs: places of it are middle + place @ axes.

    `middle` is (neurons,), `axes` (2, neurons). It is the whole space for two neurons or one, whose second axis is
    zero; for more it is that of the samples' first two principal components, and holds the share `kept` of their
    spread: the sum of squared distances from their mean.
    """

    middle: Array
    axes: Array
    kept: float

    @classmethod
    def through(cls, hidden: Array) -> HiddenPlane:
        """Return the plane for the samples' hidden outputs, (n, neurons)."""
        neurons = hidden.shape[1]
        if neurons <= 2:
            return cls(np.zeros(neurons), np.eye(2, neurons), 1.0)
        middle = hidden.mean(axis=0)
        _, sizes, axes = np.linalg.svd(hidden - middle, full_matrices=False)
        # A component has no sign of its own: from the first sample to the last, and from the second to the third,
        # is to the right or up, so that the picture does not flip while it learns.
        ways = np.array([hidden[-1] - hidden[0], hidden[2] - hidden[1]]) @ axes[:2].T
        signs = np.where(np.take_along_axis(ways, np.abs(ways).argmax(axis=0)[None], axis=0)[0] < 0, -1.0, 1.0)
        total = float((sizes**2).sum())
        return cls(middle, signs[:, None] * axes[:2], float((sizes[:2] ** 2).sum()) / total if total > 0.0 else 1.0)

    def places(self, hidden: Array) -> Array:
        """Return where hidden outputs (..., neurons) stand on the plane, (..., 2)."""
        places: Array = (hidden - self.middle) @ self.axes.T
        return places


def square_around(at: Array, values: tuple[float, float] | None) -> tuple[Array, float]:
    """Return the middle, (2,), and half the side of a square with room around places (n, 2).

    It changes in jumps only, so that a picture does not swim; where the places are of known `values`, low and high,
    it is theirs.
    """
    if values is not None:
        return np.full(2, sum(values) / 2), 0.8 * (values[1] - values[0])
    low, high = at.min(axis=0), at.max(axis=0)
    half = float(np.exp2(np.ceil(2.0 * np.log2(max(ROOM * float((high - low).max()) / 2.0, 1e-3))) / 2.0))
    return np.round((low + high) / half) * half / 2.0, 1.25 * half


def hidden_space(net: Network, X: Array, Y: Array) -> View:
    """Return the plane of a hidden layer's outputs: the square's grid as it lies there, the samples, the answer's line.

    The colour is what the output neuron answers there.
    """
    hidden = outputs(net, X)[1]
    plane = HiddenPlane.through(hidden)
    at = plane.places(hidden)
    neurons = hidden.shape[1]
    middle, half = square_around(at, BOUNDS.get(net.activations[0]) if neurons <= 2 else None)
    w, b = plane.axes @ net.weights[1][:, 0], float(plane.middle @ net.weights[1][:, 0] + net.biases[1][0])
    z = (middle + half * grid(-1.0, 1.0, CELLS)) @ w + b
    marks: list[Mark] = [Surface(net.functions[1].value(z).reshape(CELLS, CELLS))]
    marks.append(Lines(plane.places(outputs(net, _grid_lines())[1]).reshape(-1, 33, 2), "panel", 1.0))
    ends = line_in_square(w, float(b + middle @ w), -half, half)
    if ends is not None:
        marks.append(Lines((ends + middle,), "ink", 2.5, halo=True))
    marks += class_points(at, Y)
    for place, name, offset in zip(at, row_names(X), _around(at).tolist(), strict=True):
        marks.append(Labels(place[None], (name,), size=11.5, offset=tuple(offset)))
    low, high = middle - half, middle + half
    names = [("h₁", "h1"), ("h₂", "h2")][:neurons] if neurons <= 2 else [(f"1st", "soft"), (f"2nd", "soft")]
    ends_of_axes = ((high[0], low[1], "right", (-2.0, -9.0)), (low[0], high[1], "left", (2.0, 9.0)))
    for (name, colour), (x, y, align, offset) in zip(names, ends_of_axes, strict=False):
        marks.append(Labels(np.array([[x, y]]), (name,), colour, 13.0, align, offset))  # type: ignore[arg-type]
    return View(tuple(marks), Axis(low[0], high[0]), Axis(low[1], high[1]), ground="tint")


def _around(at: Array) -> Array:
    """Return where the names of the four rows stand around their points, (4, 2) pixels: one to each side, outwards."""
    outwards = (at - at.mean(axis=0)) * [1.0, -1.0]
    best: Array = PLACES[np.einsum("pij,ij->p", PLACES, outwards).argmax()]
    return best


@cache
def _grid_lines() -> Array:
    """Return lines across and up the square of inputs, 33 points each, one after another: (2 * 8 * 33, 2)."""
    along, across = np.meshgrid(np.linspace(LOW, HIGH, 33), np.linspace(LOW, HIGH, 8))
    one_way = np.stack([along, across], axis=-1)
    return np.concatenate([one_way, one_way[..., ::-1]]).reshape(-1, 2)


def plane_named(net: Network, X: Array) -> tuple[str, str]:
    """Return what the picture's plane is, in short, and the share of the samples' spread that it holds."""
    hidden = outputs(net, X)[1]
    kept = HiddenPlane.through(hidden).kept
    if hidden.shape[1] <= 2:
        return ("a line" if hidden.shape[1] == 1 else "h₁ across, h₂ up"), repr(kept)
    return f"2 components of {hidden.shape[1]}: {100 * kept:.0f}%", repr(kept)
