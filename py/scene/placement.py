"""From a view's units to pixels: the one rule that every renderer follows."""

from __future__ import annotations

import numpy as np

from scene.marks import Array, View


class Placement:
    """Where a view's units stand on a picture of `width` x `height` CSS pixels, y pointing down."""

    def __init__(self, view: View, width: float, height: float) -> None:
        left, top, right, bottom = view.margin
        self.box = (left, top, max(width - right, left + 1.0), max(height - bottom, top + 1.0))
        """The plotting area: left, top, right, bottom, in pixels."""
        x0, y0, x1, y1 = self.box
        scale_x = (x1 - x0) / (view.x.high - view.x.low)
        scale_y = (y0 - y1) / (view.y.high - view.y.low)
        self._scale = np.array([scale_x, scale_y])
        self._shift = np.array([x0 - view.x.low * scale_x, y1 - view.y.low * scale_y])

    def __call__(self, at: Array) -> Array:
        """Return the pixels, (n, 2), of the positions `at`, (n, 2)."""
        pixels: Array = at * self._scale + self._shift
        return pixels

    def x(self, value: float) -> float:
        """Return the pixel across of a value on the x axis."""
        return float(value * self._scale[0] + self._shift[0])

    def y(self, value: float) -> float:
        """Return the pixel down of a value on the y axis."""
        return float(value * self._scale[1] + self._shift[1])

    def units(self, x: float, y: float) -> tuple[float, float]:
        """Return the position in the view's units of a pixel: what a pointer points at."""
        across, up = (np.array([x, y]) - self._shift) / self._scale
        return float(across), float(up)
