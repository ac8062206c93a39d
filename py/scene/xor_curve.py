"""A curve that parts XOR, as no line does: the ellipse 3 - 6 (A + B - 1)^2 - (A - B)^2 = 0 around 01 and 10."""

from __future__ import annotations

import numpy as np

from scene.four_points import HIGH, LOW
from scene.marks import Array, Lines, Mark, Regions

_SQUARE = "<msup><mrow><mo>(</mo>{}<mo>)</mo></mrow><mn>2</mn></msup>".format
CONIC = (
    f"<mn>3</mn><mo>−</mo><mn>6</mn>{_SQUARE('<mi>A</mi><mo>+</mo><mi>B</mi><mo>−</mo><mn>1</mn>')}"
    f"<mo>−</mo>{_SQUARE('<mi>A</mi><mo>−</mo><mi>B</mi>')}"
)
"""What `conic` returns, as MathML."""


def conic(points: Array) -> Array:
    """Return 3 - 6 (A + B - 1)^2 - (A - B)^2 for points, (n, 2): above 0 inside the ellipse that parts XOR."""
    a, b = points.T
    inside: Array = 3.0 - 6.0 * (a + b - 1.0) ** 2 - (a - b) ** 2
    return inside


def _outline() -> Array:
    turn = np.linspace(0.0, 2.0 * np.pi, 97)
    total, difference = 1.0 + np.sqrt(0.5) * np.cos(turn), np.sqrt(3.0) * np.sin(turn)
    return np.column_stack([total + difference, total - difference]) / 2


def curve_sides() -> list[Mark]:
    """Return the marks of the curve's two sides, in the colours of what they answer, and of the curve itself."""
    square = np.array([[LOW, LOW], [HIGH, LOW], [HIGH, HIGH], [LOW, HIGH], [LOW, LOW]])
    ellipse = _outline()
    # The way round the square and back round the ellipse encloses what is between them.
    rest = np.concatenate([square, ellipse, square[:1]])
    sides: list[Mark] = [Regions((ellipse,), "one-fill", 0.2), Regions((rest,), "zero-fill", 0.2)]
    return [*sides, Lines((ellipse,), "ink", 2.5)]
