"""Runs of training, and the loss around where they ended, over two directions: a surface to turn, the path on it.

Two directions of nine show a cut through the loss and no more (Li, Xu, Taylor, Studer and Goldstein 2018).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scene.labelling import AROUND, WIDTH_OF_LETTER, arranged
from scene.marks import Array, Labels, Lines, Mark, Points, View
from scene.placement import Placement
from scene.relief import AXIS, MARGIN, Relief, Terrain
from scene.relief_axes import relief_axes
from scene.ticks import ticks
from unfold.datasets import gate
from unfold.kernel import packed
from unfold.landscape import at, principal_directions, random_directions, surface
from unfold.network import Network
from unfold.training import train

X, Y = gate("xor")
HIDDEN = ("sigmoid", "tanh", "mish")
STOPS = np.arange(41) ** 2
"""The epochs at which a run is looked at: often at first, when it moves fast."""
RATE = 2.0
POINTS = 51
"""Losses worked out along each side of a surface."""
ROOM = 1.25
"""How much farther out than the path a surface reaches, to either side."""
LOWEST = 1e-5
"""The loss under which a logarithmic height falls no more."""

SIDES = (213.0, 288.0, 327.0)
"""How large a picture is, in pixels: on all of these its names are to be clear of one another."""
SQUARES = np.column_stack([SIDES, SIDES])
_PLACED = np.stack(
    [Placement(View((), AXIS, AXIS, margin=MARGIN), side, side)(np.array([[0.0, 0.0], [1.0, 1.0]])) for side in SIDES]
)
ORIGINS, UNITS = _PLACED[:, :1], _PLACED[:, 1:] - _PLACED[:, :1]
"""Where the middle of the view is on each of them, and how far a unit is, across and down: (sides, 1, 2) each."""
ALONG = np.array([[-1.0, 0.0], [0.0, 0.0], [1.0, 0.0]])
"""Where along a text others keep clear of it, as shares of half its width."""
BELOW = AROUND[[5, 2, 0, 3, 1, 4, 6, 7]]
"""Where a name may stand around its point, the best first: below it, above it, to the right, to the left, …"""


class Cut(NamedTuple):
    """A plane through a trained network, the path's shadow on it, and how much of the path lies in it.

    `path` is (T, 2), its last row the network itself; `share` is that part of the squared distances to it, 0 to 1.
    """

    net: Network
    d1: Network
    d2: Network
    path: Array
    share: float

    def losses(self, path: Array) -> Array:
        """Return the loss, (n,), at places of the plane, (n, 2)."""
        return at(self.net, self.d1, self.d2, path[:, 0], path[:, 1]).loss(X, Y)


@lru_cache(maxsize=32)
def run(activation: str, seed: int) -> tuple[Network, ...]:
    """Return the networks, with two hidden neurons, that a run of gradient descent on XOR was at each of STOPS."""
    history = train(Network.create((2, 2, 1), activation, seed=seed), X, Y, 0, RATE)
    nets = [history.final]
    for epochs in np.diff(STOPS).tolist():
        history = train(history.progress, X, Y, epochs, RATE)
        nets.append(history.final)
    return tuple(nets)


@lru_cache(maxsize=64)
def cut(activation: str, seed: int, noise: int | None) -> Cut:
    """Return the plane through a run's end along the path's two main directions, or along random ones of a seed."""
    nets = run(activation, seed)
    d1, d2 = principal_directions(nets)[:2] if noise is None else random_directions(nets[-1], noise)
    *flat, one, two = np.concatenate([packed(net.weights, net.biases) for net in (*nets, d1, d2)])
    differences, plane = np.array(flat) - flat[-1], np.array([one, two])
    path: Array = np.linalg.lstsq(plane.T, differences.T, rcond=None)[0].T
    total = float(np.sum(differences**2))
    share = 1.0 - float(np.sum((differences - path @ plane) ** 2)) / total if total else 0.0
    return Cut(nets[-1], d1, d2, path, share)


class Ground(NamedTuple):
    """All that does not change while it is turned: a surface, the path on it, and the pieces of it that are on it."""

    terrain: Terrain
    path: Array
    pieces: tuple[Array, ...]

    @property
    def ends(self) -> tuple[bool, bool]:
        """Whether the start of the path and its end, the trained network, are on the surface."""
        if not self.pieces:
            return False, False
        return bool((self.pieces[0][0] == self.path[0]).all()), bool((self.pieces[-1][-1] == self.path[-1]).all())


@lru_cache(maxsize=8)
def grounds(seed: int, noise: int | None, reach: float, log: bool) -> tuple[Ground, ...]:
    """Return the ground of all HIDDEN, as high as one another where the loss is the same.

    From the trained network it reaches `reach` times as far as the path does; along random directions, `reach` times
    the weights' own length.
    """
    fields = []
    for activation in HIDDEN:
        plane = cut(activation, seed, noise)
        low, high = plane.path.min(axis=0), plane.path.max(axis=0)
        middle, half = ((low + high) / 2, ROOM * (high - low) / 2) if noise is None else (np.zeros(2), np.ones(2))
        x, y = (reach * (m + max(h, 1e-3) * np.linspace(-1.0, 1.0, POINTS)) for m, h in zip(middle, half, strict=True))
        fields.append((plane, x, y, _heights(surface(plane.net, plane.d1, plane.d2, X, Y, x, y), log)))
    lowest = min(float(values.min()) for *_, values in fields) if log else 0.0
    highest = max(float(values.max()) for *_, values in fields)
    first, second = ticks(lowest, highest, 12)[:2]
    found = []
    for plane, x, y, values in fields:
        terrain = Terrain(values, x, y, lowest, highest, second[0] - first[0])
        path = np.column_stack([plane.path, _heights(plane.losses(plane.path), log)])
        inside: NDArray[np.bool_] = np.abs(terrain.boxed(path)[:, :2]).max(axis=1) <= 1.0
        parts = np.split(np.arange(len(path)), np.flatnonzero(np.diff(inside)) + 1)
        found.append(Ground(terrain, path, tuple(path[part] for part in parts if inside[part[0]])))
    return tuple(found)


def _heights(losses: Array, log: bool) -> Array:
    """Return losses as they are, or their logarithms to base 10."""
    return np.log10(np.maximum(losses, LOWEST)) if log else losses


def landscape(ground: Ground, turn: float, tilt: float, height: str, lit: str) -> View:
    """Return the picture of a surface with the path on it, as far as it reaches, from its start to the trained network.

    `height` names what is shown as height; of the marks `lit`, "path" or "end", stands out.
    """
    ends, (starts, arrives) = ground.path[[0, -1]], ground.ends
    line = Lines(ground.pieces, "act" if lit == "path" else "ink", 4.0 if lit == "path" else 2.0, halo=True)
    last = Points(
        ends[1:] if arrives else ends[:0],
        "act" if lit == "end" else "good",
        "disc",
        8.0 if lit == "end" else 6.0,
        "panel",
        2.0,
    )
    first = Points(ends[:1] if starts else ends[:0], "panel", "disc", 4.0, "ink", 2.0)
    relief = Relief(ground.terrain, turn, tilt, (line,), (first, last))
    axes = relief_axes(relief, ("α", "β", height), 0.0)
    at = relief.flat(ends)
    apart = bool(np.hypot(*(at[1] - at[0])) > 0.3)
    names = [(f"trained", "good", 1)] * arrives + [(f"start", "ink", 0)] * (starts and (apart or not arrives))
    marks = [_in_its_room(mark, ("α", "β", height)) for mark in (*axes, *_named(at, names, axes))]
    return View((relief, *marks), AXIS, AXIS, margin=MARGIN)


def _in_its_room(mark: Mark, kept: tuple[str, ...]) -> Mark:
    """Return a mark as it is, but labels, unless they are among those `kept`, only for pictures with room for them."""
    if isinstance(mark, Labels) and not set(mark.texts) <= set(kept):
        return replace(mark, least=SIDES[0] - 1.0)
    return mark


def _named(at: Array, names: list[tuple[str, str, int]], axes: list[Mark]) -> list[Labels]:
    """Return the names, each with its colour and its row of `at`, (2, 2), clear of one another and of the axes' own."""
    marks = [mark for mark in axes if isinstance(mark, Labels)]
    texts = [(mark.offset, WIDTH_OF_LETTER / 2 * mark.size * len(text) - 6.0) for mark in marks for text in mark.texts]
    offsets, reach = np.array([offset for offset, _ in texts]), np.array([far for _, far in texts])
    pixels = _on_all(np.concatenate([at, *(mark.at for mark in marks)]))
    letters = (pixels[:, 2:] + offsets)[:, :, None] + reach[:, None, None] * ALONG
    taken = np.concatenate([pixels[:, :2], letters.reshape(len(SIDES), -1, 2)], axis=1)
    rows, words = [row for *_, row in names], tuple(text for text, *_ in names)
    labels = arranged(at[rows], words, pixels[:, rows], SQUARES, taken, BELOW, size=11.5)
    return [
        Labels(label.at, label.texts, colour, label.size, offset=label.offset)
        for label, (_, colour, _) in zip(labels, names, strict=True)
    ]


def _on_all(at: Array) -> Array:
    """Return where places of the view, (n, 2), are on the pictures of all SIDES, in pixels: (sides, n, 2)."""
    return ORIGINS + at * UNITS
