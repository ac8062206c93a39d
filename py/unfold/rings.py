"""Rings: data that two hidden neurons of some kinds are proved unable to part, whatever their weights."""

from __future__ import annotations

import numpy as np

from unfold.activations import Array

BENDING = ("sigmoid", "tanh", "softplus", "relu")
"""Activations of which two neurons cannot part a ring from its inside."""
DIRECTIONS = 120


def surrounded(inside: Array, ring: Array) -> bool:
    """Return whether two neurons of BENDING are proved unable to part the points, (n, 2), from the ring, (m, 2).

    They are if, seen in any direction, five points lie side by side, of ring, inside, ring, inside and ring, those of
    the ring farther along. For the slope of the first three is a function F of the output, and a F(u) + b F(c + d u)
    has at most two zeros (F is u - u², 1 - u², 1 - exp(-u)): seen along a direction in which the answer grows, the
    border turns round at most twice, and here it would three times; where both neurons look the same way, the answer
    changes at most three times, and here it would four times. Of two ReLUs one side is convex and goes on for ever
    some way: that way, or its opposite, a point of the other class lies beyond two of its own.
    False says nothing.
    """
    points = np.concatenate([inside, ring])
    outer, far = np.arange(len(points)) >= len(inside), np.hypot(*np.ptp(points, axis=0)) if len(points) else 0.0
    room = float(far) * np.pi / DIRECTIONS  # no difference of two points grows more up to the next direction
    for angle in np.arange(DIRECTIONS) * 2.0 * np.pi / DIRECTIONS:
        across, along = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) @ points.T
        level = np.median(along[~outer]) if len(inside) else 0.0
        seen = np.flatnonzero(np.where(outer, along > level + room, along <= level))
        seen, found, last = seen[np.argsort(across[seen])], 0, -np.inf
        for place, is_ring in zip(across[seen].tolist(), outer[seen].tolist(), strict=True):
            if is_ring == (found % 2 == 0) and place > last + room:
                found, last = found + 1, place
        if found < 5:
            return False
    return True
