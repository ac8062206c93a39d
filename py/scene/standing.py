"""A point on a surface that stands over its two coordinates: the ways to it along the floor, and up."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from scene.marks import Array, Handles, Labels, Lines, Mark, Points
from scene.relief import Relief, Terrain


def ways_to(terrain: Terrain, at: Array) -> tuple[Array, Array, Array]:
    """Return the paths, (n, 3), to a place of x, y and height: on the floor along x, along y, and from there up."""
    corners = np.array([[0.0, 0.0], [at[0], 0.0], at[:2]])
    share = np.linspace(0.0, 1.0, 24)[:, None]
    along, across = (np.column_stack([a + share * (b - a), np.full(24, -np.inf)]) for a, b in pairwise(corners))
    rise = terrain.floor + share[:, 0] * (at[2] - terrain.floor)
    return along, across, np.column_stack([np.tile(at[:2], (24, 1)), rise])


def standing(terrain: Terrain, at: Array, goal: Array, ways: Mapping[str, Array], lit: str) -> Relief:
    """Return the surface, seen from nowhere yet, with the ways to the place `at`, its foot, and the place to reach.

    `ways` are paths by name; the one named `lit` stands out.
    """
    paths = tuple(
        Lines((path,), "act" if name == lit else "ink", 4.0 if name == lit else 1.75, halo=True)
        for name, path in ways.items()
    )
    foot = Points(np.array([[*at[:2], -np.inf]]), "act", "disc", 4.0, "panel", 1.5)
    return Relief(terrain, 0.0, 0.0, paths, (foot, Points(goal[None], "good", "square", 5.0, "panel", 1.5)))


def named_places(relief: Relief, at: Array, name: str, goal_name: str) -> list[Mark]:
    """Return a handle with its name at the place `at`, and the goal's name where there is room for both."""
    here, there = relief.flat(at[None]), relief.flat(relief.points[1].at)
    across, up = (there - here)[0]
    covered = abs(across) < 0.2 and 0.0 <= up < 0.4
    side = 20.0 if covered else -20.0
    marks: list[Mark] = [Handles(here, (name,)), Labels(here, (name,), "act", 15.0, offset=(0.0, side), italic=True)]
    if np.hypot(across, up) > 0.35:
        marks.append(Labels(there, (goal_name,), "good", 12.5, offset=(0.0, 17.0)))
    return marks
