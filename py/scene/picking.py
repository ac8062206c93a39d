"""Which of several lines of a picture the pointer is on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scene.marks import Array


def line_at(lines: Mapping[str, Array], x: float, y: float, reach: float) -> str:
    """Return the name of the last of the straight `lines`, (2, 2) each, within `reach` of the place; "" for none."""
    at, found = np.array([x, y]), ""
    for name, (a, b) in lines.items():
        length = max(float((b - a) @ (b - a)), 1e-12)
        nearest = a + min(max(float((at - a) @ (b - a)) / length, 0.0), 1.0) * (b - a)
        if np.hypot(*(nearest - at)) < reach:
            found = name
    return found
