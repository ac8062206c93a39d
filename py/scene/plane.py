"""Pictures of the plane of two inputs: where lines cross it, and a grid to ask a function over it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from scene.marks import Array


@lru_cache(16)
def grid(low: float, high: float, size: int) -> Array:
    """Return the centres of size x size cells of the square from `low` to `high`: (size * size, 2), x fastest.

    It is one array each time, and must not be changed.
    """
    centres = low + (np.arange(size) + 0.5) * (high - low) / size
    places = np.column_stack([np.tile(centres, size), np.repeat(centres, size)])
    places.flags.writeable = False
    return places


def line_in_square(normal: Array, offset: float, low: float, high: float) -> Array | None:
    """Return the part of the line normal . x + offset = 0 inside the square from `low` to `high`.

    The result is (2, 2), its two ends, or None where the line misses the square or `normal` is zero.
    """
    a, b = float(normal[0]), float(normal[1])
    length = float(np.hypot(a, b))
    if not (np.isfinite(length) and length > 0.0 and np.isfinite(offset)):
        return None
    nearest = np.array([a, b]) / length * (-offset / length)
    direction = np.array([-b, a]) / length
    first, last = -np.inf, np.inf
    for start, slope in zip(nearest, direction, strict=True):
        if abs(slope) < 1e-15:
            if not low <= start <= high:
                return None
            continue
        ends = sorted(((low - start) / slope, (high - start) / slope))
        first, last = max(first, ends[0]), min(last, ends[1])
    if first >= last:
        return None
    return np.array([nearest + first * direction, nearest + last * direction])
