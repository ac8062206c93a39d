"""The points that a figure learns from: drawn by a seed, painted by the reader, or read from comma-separated values."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from scene.graph import graph, within
from scene.marks import Array
from unfold import csv_data, formula
from unfold.datasets import DATASETS, EDGE, GRAPHS, Data, above, labels
from unfold.rings import surrounded

Painted: TypeAlias = tuple[tuple[float, float, int], ...]
"""Points of the reader's: x, y and the class, 0 or 1."""
COUNT = 120
"""How many points are drawn."""
FAR, FITTED = 1.6, 1.2
"""Points farther out than FAR are scaled, along each axis, to reach from -FITTED to FITTED."""
REACH = 0.2
"""How near to a place a point is that is erased there."""
NAMES = ("blue", "orange")
GRAPH = "graph"
"""The name of the points that the graph of the reader's own formula parts, beside those of `GRAPHS`."""


class Samples(NamedTuple):
    """Points X, (n, 2), with their targets Y, (n, 1)."""

    X: Array
    Y: Array

    @property
    def ones(self) -> NDArray[np.bool_]:
        """Which points are of class 1, (n,)."""
        return self.Y[:, 0] > 0.5

    @property
    def counted(self) -> str:
        """How many points there are of each class, in words."""
        return f"there are {int((~self.ones).sum())} blue and {int(self.ones.sum())} orange points"


def parting(data: str, typed: str) -> Callable[[Array], Array] | None:
    """Return the function whose graph parts the points of a data set, which may be the one typed; None for others."""
    return formula.activation(typed).value if data == GRAPH else GRAPHS.get(data)


@lru_cache(maxsize=16)
def parting_paths(data: str, typed: str) -> tuple[Array, ...]:
    """Return the graph that parts the points of a data set, (n, 2) a piece, inside the square that they fill."""
    function = parting(data, typed)
    return within(graph(function, -EDGE, EDGE), -EDGE, EDGE) if function else ()


@lru_cache(maxsize=16)
def samples(data: str, noise: float, own: Painted, typed: str = "") -> Samples:
    """Return the points of a data set by name, with its noise, or the reader's where the name is `own`.

    `typed` is the reader's formula, for points on either side of its graph: there are none where it cannot part them.
    """
    function = parting(data, typed)
    if data == "own":
        table = np.reshape(np.array(own, float), (-1, 3))
        return Samples(table[:, :2], table[:, 2:])
    try:
        drawn = above(COUNT, noise, 0, function) if function else DATASETS[data](COUNT, noise, 0)
    except ValueError:
        if data != GRAPH:
            raise
        return Samples(np.empty((0, 2)), np.empty((0, 1)))
    return Samples(drawn.X, drawn.Y)


@lru_cache(maxsize=16)
def is_ring(data: str, noise: float, own: Painted, typed: str = "") -> bool:
    """Return whether it is proved that two neurons of `unfold.rings.BENDING` cannot part these points."""
    X, _ = found = samples(data, noise, own, typed)
    blue, orange = X[~found.ones], X[found.ones]
    return surrounded(blue, orange) or surrounded(orange, blue)


def painted(found: Samples) -> Painted:
    """Return points as the reader's own, rounded to hundredths."""
    pairs = zip(np.round(found.X, 2) + 0.0, found.ones.tolist(), strict=True)
    return tuple((float(x), float(y), int(one)) for (x, y), one in pairs)


def with_point(own: Painted, x: float, y: float, pen: str) -> Painted:
    """Return points with another of class `pen`, "0" or "1", or without the nearest where it is "erase"."""
    if pen != "erase":
        return (*own, (round(x, 2) + 0.0, round(y, 2) + 0.0, int(pen)))
    away = [(px - x) ** 2 + (py - y) ** 2 for px, py, _ in own]
    nearest = min(range(len(own)), key=away.__getitem__, default=-1)
    return own[:nearest] + own[nearest + 1 :] if away and away[nearest] <= REACH**2 else own


def written(own: Painted) -> str:
    """Return points as text that `read` turns into the same points, if they are of two classes."""
    X, Y = samples("own", 0.0, own)
    return csv_data.write(Data(X, Y, NAMES)) if own else ""


def read(text: str) -> Painted:
    """Return the points in a text, scaled where they lie too far out; raise ValueError, naming the row, for others."""
    if not text:
        return ()
    data = csv_data.read(text)
    which = labels(data.Y)
    if len(data.names) > 2:
        rows = [row for row, line in enumerate(text.splitlines(), 1) if line.strip(" \t,;")]
        row = rows[len(rows) - len(which) + int(np.argmax(which == 2))]
        raise ValueError(f"row {row}, column 3: “{data.names[2]}” is a third label; two are allowed here")
    low, high = data.X.min(axis=0), data.X.max(axis=0)
    X = data.X
    if np.abs(X).max() > FAR:
        half = high / 2 - low / 2
        X = FITTED * (X - (high / 2 + low / 2)) / np.where(half > 0.0, half, 1.0)
    return tuple((x, y, label) for (x, y), label in zip(X.tolist(), which.tolist(), strict=True))
