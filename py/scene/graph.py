"""Graphs of functions, and the half of a square on one side of a line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scene.marks import Array


def graph(f: Callable[[Array], Array], low: float, high: float, columns: int = 240) -> Array:
    """Return the points, (columns, 2), of the graph of f from `low` to `high`."""
    x = np.linspace(low, high, columns)
    return np.column_stack([x, f(x)])


def clipped(outline: Array, normal: Array, offset: float) -> Array:
    """Return the part, (n, 2), of a convex outline where normal . x + offset >= 0 (Sutherland and Hodgman 1974)."""
    corners = []
    side = outline @ normal + offset
    for k in range(len(outline)):
        here, there = side[k - 1], side[k]
        if (here >= 0) != (there >= 0):
            corners.append(outline[k - 1] + here / (here - there) * (outline[k] - outline[k - 1]))
        if there >= 0:
            corners.append(outline[k])
    return np.array(corners).reshape(-1, 2)


def half_square(normal: Array, offset: float, low: float, high: float) -> Array:
    """Return the corners, (n, 2), of the part of the square from `low` to `high` where normal . x + offset >= 0.

    There are none where no part is.
    """
    return clipped(np.array([[low, low], [high, low], [high, high], [low, high]]), normal, offset)


def within(path: Array, low: float, high: float) -> tuple[Array, ...]:
    """Return the pieces of a path, (n, 2), that lie from the height `low` to `high`, cut where it leaves them.

    What is not a number is left out.
    """
    height = path[:, 1]
    if height.min() >= low and height.max() <= high:
        return (path,)
    path = path[np.isfinite(height)]
    places, points = [np.arange(len(path), dtype=float)], [path]
    for level in (low, high):
        above = path[:, 1] - level
        k = np.flatnonzero(above[:-1] * above[1:] < 0.0)
        share = above[k] / (above[k] - above[k + 1])
        places.append(k + share)
        points.append(np.column_stack([path[k, 0] + share * (path[k + 1, 0] - path[k, 0]), np.full(len(k), level)]))
    path = np.concatenate(points)[np.argsort(np.concatenate(places), kind="stable")]
    inside = (path[:, 1] >= low) & (path[:, 1] <= high)
    runs = np.split(path, np.flatnonzero(np.diff(inside)) + 1)
    return tuple(run for run in runs if len(run) > 1 and low <= run[0, 1] <= high)
