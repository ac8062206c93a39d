"""A line in the square of inputs, as a reader shifts and turns it: an angle, and a distance from the middle."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scene.four_points import MIDDLE
from scene.held_line import turned
from scene.marks import Array

TOWARDS = (f"right", "upper right", f"top", "upper left", f"left", "lower left", f"bottom", "lower right")


@dataclass(frozen=True)
class Line:
    """The line across `angle`, in radians, `distance` that way from the middle of the square."""

    angle: float
    distance: float
    length: float = 1.0
    """That of the weights it was made from."""

    @classmethod
    def of(cls, weights: Array, bias: float) -> Line:
        """Return the line weights . x + bias = 0; `weights`, (2,), may be zero, and then it is none to look at."""
        length = float(np.hypot(*weights))
        distance = -float(weights @ MIDDLE + bias) / (length or 1.0)
        return cls(math.atan2(weights[1], weights[0]), distance, length)

    @classmethod
    def across(cls, degrees: float, distance: float) -> Line:
        """Return the line across an angle in degrees."""
        return cls(math.radians(degrees), distance)

    @property
    def degrees(self) -> int:
        """The angle in whole degrees, from 0 to 359."""
        return round(math.degrees(self.angle)) % 360

    @cached_property
    def normal(self) -> Array:
        """The direction across the line, (2,), of length 1."""
        # Rounded, so that a line through a corner goes through it exactly.
        unit: Array = np.round([math.cos(self.angle), math.sin(self.angle)], 12) + 0.0
        return unit

    @property
    def towards(self) -> str:
        """Where its normal points, in words, to an eighth of a turn."""
        return TOWARDS[round(self.angle / (math.pi / 4)) % 8]

    def bias(self, weights: Array) -> float:
        """Return the bias with which `weights`, (2,), make a line that stands as far from the middle."""
        return -float(weights @ MIDDLE + np.hypot(*weights) * self.distance)

    def reverse(self) -> Line:
        """Return the same line, seen from its other side."""
        return replace(self, angle=self.angle + math.pi, distance=-self.distance)

    def moved(self, handle: str, x: float, y: float) -> Line:
        """Return it through a place, or as near as can be: turned about the middle by `turn`, shifted by another."""
        place = np.array([x, y]) - MIDDLE
        if handle == "turn":
            return replace(self, angle=turned(self.angle, self.distance, *place.tolist()))
        return replace(self, distance=float(self.normal @ place))
