"""What a count of successes says of the share behind it."""

from __future__ import annotations

import numpy as np

from scene.marks import Array

Z_95 = 1.959963984540054
"""Within so many standard deviations of its mean lie 95 % of a normal distribution."""


def wilson(successes: Array, trials: int) -> tuple[Array, Array]:
    """Return the low and high end of the 95 % interval of a share, elementwise (Wilson 1927); it stays in 0 to 1."""
    share, spare = successes / trials, Z_95 * Z_95 / trials
    half = Z_95 * np.sqrt((share * (1.0 - share) + spare / 4.0) / trials)
    low, high = ((share + spare / 2.0 + side * half) / (1.0 + spare) for side in (-1.0, 1.0))
    return np.maximum(low, 0.0), np.minimum(high, 1.0)
