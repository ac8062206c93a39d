"""Neurons with a step as half-planes: the line, an arrow to the side that says 1, and what two of them share."""

from __future__ import annotations

import numpy as np

from scene.colours import HIDDEN_DASHES
from scene.graph import half_square
from scene.marks import Array, Arrows, Labels, Lines, Mark, Regions
from scene.plane import line_in_square

ARROW = 0.19
"""How long the arrow is, in units."""


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


def arrow_at(normal: Array, offset: float, square: tuple[float, float], avoid: Array) -> Array:
    """Return where a line's name, and its arrow's tail and tip stand, (3, 2), as far from `avoid`, (n, 2), as can be.

    There are none, (0, 2), where the line misses the square.
    """
    ends = line_in_square(normal, offset, *square)
    if ends is None:
        return np.empty((0, 2))
    shares = np.linspace(0.08, 0.92, 29)[:, None, None]
    across = np.array([-0.11, 0.0, ARROW])[:, None] * normal
    places: Array = ends[0] + shares * (ends[1] - ends[0]) + across
    gaps = np.linalg.norm(places[:, :, None] - avoid, axis=3).min(axis=(1, 2))
    inside = ((places > square[0] + 0.04) & (places < square[1] - 0.04)).all(axis=(1, 2))
    best: Array = places[np.argmax(gaps + inside)]
    return best


def half_plane(
    index: int, normal: Array, offset: float, square: tuple[float, float], arrow: Array, lit: bool
) -> list[Mark]:
    """Return hidden neuron `index`'s (from 1) line in a square, low to high, and its arrow; its side too where `lit`.

    It says 1 where normal . x + offset >= 0; `normal` is of length 1; `arrow` is what `arrow_at` gives.
    """
    colour = f"h{index}"
    marks: list[Mark] = [Regions((half_square(normal, offset, *square),), colour, 0.2)] if lit else []
    ends = line_in_square(normal, offset, *square)
    if ends is not None:
        marks.append(Lines((ends,), colour, 4.5 if lit else 2.5, HIDDEN_DASHES[index - 1], halo=True))
        marks.append(Arrows(arrow[1:2], arrow[2:], colour, 2.5, 11.0))
        marks.append(Labels(arrow[:1], (f"h{'₁₂₃₄₅₆₇₈'[index - 1]}",), colour, 14.0))
    return marks
