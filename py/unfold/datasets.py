"""Data to learn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from unfold.activations import Array

GATES = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "nand": (1, 1, 1, 0), "nor": (1, 0, 0, 0), "xor": (0, 1, 1, 0)}
"""The logic gates: their answers to 00, 01, 10 and 11."""
GRAPHS: dict[str, Callable[[Array], Array]] = {
    "line": lambda x: 0.5 * x,
    "parabola": lambda x: 1.2 * x * x - 0.6,
    "sine": lambda x: 0.6 * np.sin(3.0 * x),
}
"""Functions of x whose graphs part the samples of `above`, by name."""
MOST_SAMPLES = 20_000
"""The most samples that a data set may have."""
EDGE = 1.2
"""The samples of `above` fill the square from -EDGE to EDGE."""


def gate(name: str) -> tuple[Array, Array]:
    """Return a logic gate's four rows, (4, 2) in the order 00, 01, 10, 11, and its answers, (4, 1).

    Raises ValueError for a name that is none of GATES.
    """
    if name not in GATES:
        raise ValueError(f"gate: {name!r} is unknown; allowed are {', '.join(GATES)}")
    rows = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
    return rows, np.array(GATES[name], float)[:, None]


@dataclass(frozen=True, eq=False)  # arrays have no single answer to ==
class Data:
    """Samples X, (n, 2), their answers Y, and the names of the classes.

    For two classes Y is (n, 1), 0 for the first and 1 for the second; for three it is (n, 3), a 1 in the class's
    own column and 0 elsewhere.
    """

    X: Array
    Y: Array
    names: tuple[str, ...]


def labelled(X: Array, which: NDArray[np.intp], names: tuple[str, ...]) -> Data:
    """Return the samples X, (n, 2), as Data, given the class of each, (n,), counted from 0 in two or three names."""
    Y = which[:, None].astype(float) if len(names) == 2 else np.eye(len(names))[which]
    return Data(X, Y, names)


def labels(Y: Array) -> NDArray[np.intp]:
    """Return the class of each row, (n,), counted from 0, for answers or a network's outputs, (n, 1) or (n, 3).

    One output means class 1 above a half; of three the largest is the class.
    """
    which: NDArray[np.intp] = (Y[:, 0] > 0.5).astype(np.intp) if Y.shape[1] == 1 else np.argmax(Y, axis=1)
    return which


def _start(n: int, noise: float, seed: int, classes: int) -> tuple[np.random.Generator, NDArray[np.intp], Array]:
    """Return a generator, each sample's class, (n,), and its place from 0 to 1 in the class's shape, (n,).

    The classes take turns, so that any batch has them all; the places are even, in random order.
    """
    for field, value, low, high in (("n", n, classes, MOST_SAMPLES), ("seed", seed, 0, 2**32 - 1)):
        if not isinstance(value, int | np.integer) or not low <= value <= high:
            raise ValueError(f"{field}: {value!r} is not allowed; allowed are whole numbers from {low} to {high}")
    if not isinstance(noise, int | float | np.number) or not 0.0 <= noise <= 1.0:
        raise ValueError(f"noise: {noise!r} is not allowed; allowed are numbers from 0 to 1")
    rng = np.random.default_rng(seed)
    which, place = np.arange(n) % classes, np.empty(n)
    for label in range(classes):
        count = len(place[label::classes])
        place[label::classes] = (rng.permutation(count) + 0.5) / count
    return rng, which, place


def _finish(rng: np.random.Generator, x: Array, y: Array, noise: float, which: NDArray[np.intp], *names: str) -> Data:
    """Return Data with the noise added. It is drawn last: more noise moves each sample further the same way."""
    X = np.column_stack((x, y))
    return labelled(X + noise * rng.standard_normal(X.shape), which, names)


def circles(n: int, noise: float = 0.0, seed: int = 0) -> Data:
    """Return n samples on two circles about the origin, the inner of radius 0.4 and the outer of radius 1.

    As for all the data sets: classes are even, to within one sample; `noise`, 0 to 1, is the standard deviation of
    the Gaussian noise added to both coordinates; one seed gives one set. Raises ValueError for anything else, or
    for n outside 2 to 20,000.
    """
    rng, which, place = _start(n, noise, seed, 2)
    radius, angle = np.where(which == 0, 0.4, 1.0), 2.0 * np.pi * place
    return _finish(rng, radius * np.cos(angle), radius * np.sin(angle), noise, which, "inner", "outer")


def moons(n: int, noise: float = 0.0, seed: int = 0) -> Data:
    """Return n samples on two half circles of radius 1 that reach into each other.

    Arguments and errors raised are those of `circles`.
    """
    rng, which, place = _start(n, noise, seed, 2)
    angle, shift = np.pi * (place + which), which - 0.5  # half a turn about the origin takes one moon to the other
    return _finish(rng, np.cos(angle) + shift, np.sin(angle) + shift / 2.0, noise, which, "upper", "lower")


def spirals(n: int, noise: float = 0.0, seed: int = 0) -> Data:
    """Return n samples on two spirals of one and a half turns, of radius 0.1 to 1.2, one opposite the other.

    Arguments and errors raised are those of `circles`.
    """
    rng, which, place = _start(n, noise, seed, 2)
    radius, angle = 0.1 + 1.1 * place, np.pi * (3.0 * place + which)
    return _finish(rng, radius * np.cos(angle), radius * np.sin(angle), noise, which, "first", "second")


def blobs(n: int, noise: float = 0.0, seed: int = 0, classes: int = 2) -> Data:
    """Return n samples in two or three filled discs of radius 0.4, their centres 0.8 from the origin.

    Arguments and errors raised are those of `circles`; so is ValueError for other numbers of classes.
    """
    if classes not in (2, 3):
        raise ValueError(f"classes: {classes!r} is not allowed; allowed are 2 and 3")
    rng, which, place = _start(n, noise, seed, classes)
    turn, angle = np.pi + 2.0 * np.pi * which / classes, 2.0 * np.pi * rng.random(n)
    radius = 0.4 * np.sqrt(place)  # the root, since a ring's area grows with its radius
    x, y = 0.8 * np.cos(turn) + radius * np.cos(angle), 0.8 * np.sin(turn) + radius * np.sin(angle)
    return _finish(rng, x, y, noise, which, *("first", "second", "third")[:classes])


def above(n: int, noise: float = 0.0, seed: int = 0, graph: str | Callable[[Array], Array | float] = "sine") -> Data:
    """Return n samples that fill a square, labelled 1 above the graph of a function of x and 0 below it.

    `graph` is one of GRAPHS, or a function of an array. On either side of it the samples are equally dense all
    over. The label is given before the noise is added. Other arguments and errors raised are those of `circles`; so
    is ValueError for an unknown graph, one that is not a number somewhere, or one with too little room in the
    square above or below it.
    """
    function = GRAPHS.get(graph) if isinstance(graph, str) else graph
    if not callable(function):
        raise ValueError(f"graph: {graph!r} is not allowed; allowed are {', '.join(GRAPHS)} and functions of x")
    rng, which, place = _start(n, noise, seed, 2)
    grid = np.linspace(-EDGE, EDGE, 2001)
    height = np.clip(np.broadcast_to(function(grid), grid.shape), -EDGE, EDGE)
    x, y = np.empty(n), np.empty(n)
    for label, side, room in ((0, "below", -EDGE - height), (1, "above", EDGE - height)):
        if not np.abs(room).mean() >= 0.01:  # nor if it is not a number
            raise ValueError(f"graph: {graph!r} is not allowed; allowed are numbers throughout, with room {side} them")
        share = np.cumsum(np.abs(room)) / np.abs(room).sum()
        at = np.searchsorted(share, place[label::2])
        x[label::2] = grid[at]
        y[label::2] = height[at] + room[at] * (1.0 - rng.random(at.size))  # never 0: not on the graph itself
    return _finish(rng, x, y, noise, which, "below", "above")


DATASETS: dict[str, Callable[[int, float, int], Data]] = {
    "circles": circles,
    "moons": moons,
    "spirals": spirals,
    "blobs": blobs,
    "three-blobs": partial(blobs, classes=3),
    "above": above,
}
"""The data sets that a reader may choose, each a function of n, noise and seed."""


def split(data: Data, test: float = 0.3, seed: int = 0) -> tuple[Data, Data]:
    """Return the data in two parts, to train on and to test with, of which the second has the share `test`.

    Each class is split by itself, at random, so that both parts have every class; one with a single sample is
    trained on. The samples keep their order. Raises ValueError unless test is above 0 and below 1.
    """
    if not isinstance(test, int | float | np.number) or not 0.0 < test < 1.0:
        raise ValueError(f"test: {test!r} is not allowed; allowed are numbers above 0 and below 1")
    rng, which = np.random.default_rng(seed), labels(data.Y)
    tested = np.zeros(len(which), bool)
    for label in range(len(data.names)):
        members = rng.permutation(np.flatnonzero(which == label))
        tested[members[: min(max(round(test * members.size), 1), members.size - 1)]] = True
    train, held_out = (Data(data.X[part], data.Y[part], data.names) for part in (~tested, tested))
    return train, held_out
