"""A space of three directions, seen from any side: a box with points in it, a sheet of lines, and a plane through it.

The box is -1 to 1 along each direction; the camera is that of reliefs.
"""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from scene.colours import HIDDEN_DASHES
from scene.marks import Array, Axis, Labels, Lines, Mark, Points, Regions, View
from scene.relief import camera

AXIS = Axis(-1.78, 1.78)
"""The axis, across and up, of a picture of the box."""
CORNERS = np.array(list(product((-1.0, 1.0), repeat=3)))
EDGES = np.array([pair for pair in combinations(range(8), 2) if (CORNERS[pair[0]] != CORNERS[pair[1]]).sum() == 1])
"""The box's corners, (8, 3), and the pairs of them, (12, 2), that its edges join."""
ENDS = np.array([[1.0, -1.0, -1.0], [-1.0, 1.0, -1.0], [-1.0, -1.0, 1.0]])
"""Where the three axes end that begin at the first corner."""
SLICES, SMALL, LARGE = 3, 4.0, 6.5
"""Layers of depth that points have on either side of the plane, and the radius of the farthest and of the nearest."""


def plane_in_box(normal: Array, offset: float) -> Array:
    """Return the corners in their order, (n, 3), of what the box holds of the plane normal . x + offset = 0."""
    side = CORNERS @ normal + offset
    a, b = side[EDGES].T
    cut = (a < 0.0) != (b < 0.0)
    if not cut.any():
        return np.empty((0, 3))
    ends, share = CORNERS[EDGES[cut]], (a[cut] / (a[cut] - b[cut]))[:, None]
    corners = ends[:, 0] + share * (ends[:, 1] - ends[:, 0])
    # Two directions in the plane, at right angles, to go round its middle by.
    unit = normal / np.linalg.norm(normal)
    first = np.cross(unit, np.eye(3)[np.abs(unit).argmin()])
    about = corners - corners.mean(axis=0)
    in_order: Array = corners[np.argsort(np.arctan2(about @ np.cross(unit, first), about @ first))]
    return in_order


def space(
    points: Array,
    ones: NDArray[np.bool_],
    plane: tuple[Array, float],
    sheet: Array,
    names: tuple[str, ...],
    cut: str,
    seen: tuple[float, float],
) -> View:
    """Return the box with points, (n, 3), class 1 where `ones`, (n,), and a plane: its normal, (3,), and its offset.

    `sheet` are lines, (m, k, 3), behind it all; `names` stand at the ends of the axes, h1 and so on in their colours;
    `cut` is the plane's colour. What is nearer covers what is farther, `seen` from a
    turn and a tilt in degrees.
    """
    view = camera(*seen)
    drawn = Lines(sheet @ view[:2].T, "rule", 1.25)
    axes, labels = box_axes(names, view)
    return View((box_edges(view), drawn, *axes, *on_both_sides(points, ones, plane, cut, view), *labels), AXIS, AXIS)


def box_edges(view: Array) -> Lines:
    """Return the twelve edges of the box, seen by a camera, (3, 3)."""
    return Lines(CORNERS[EDGES] @ view[:2].T, "rule", 1.0)


def axis_segments(names: tuple[str, ...], view: Array) -> dict[str, Array]:
    """Return each axis of the box by its name, as it is seen by a camera: (2, 2), from the common corner to its end."""
    return {name: np.stack([CORNERS[0], end]) @ view[:2].T for name, end in zip(names, ENDS, strict=False)}


def box_axes(names: tuple[str, ...], view: Array, lit: str = "") -> tuple[list[Mark], list[Mark]]:
    """Return the three axes, that which is `lit` thick, and the names at their ends: h₁ and so on in their colours."""
    lines: list[Mark] = []
    labels: list[Mark] = []
    segments = axis_segments(names, view).items()
    for (name, segment), end, dash in zip(segments, ENDS, HIDDEN_DASHES, strict=False):
        colour = f"h{'₁₂₃₄'.index(name[1]) + 1}" if name[0] == "h" else "soft"
        lines.append(Lines((segment,), colour, 5.5 if name == lit else 3.0, dash))
        labels.append(Labels((1.13 * end - 0.13)[None] @ view[:2].T, (name,), colour, 13.0))
    return lines, labels


def on_both_sides(
    points: Array, ones: NDArray[np.bool_], plane: tuple[Array, float] | None, cut: str, view: Array
) -> list[Mark]:
    """Return points, those beyond the plane first, then the plane, if any, in the colour `cut`, and then the rest."""
    flat, depth = points @ view[:2].T, points @ view[2]
    if plane is None:
        return _layers(flat, depth, ones, np.full(len(ones), True))
    normal, offset = plane
    near = (points @ normal + offset) * (normal @ view[2]) > 0.0
    marks = _layers(flat, depth, ones, ~near)
    outline = plane_in_box(normal, offset) @ view[:2].T
    if len(outline):
        marks += [Regions((outline,), cut, 0.2), Lines((np.concatenate([outline, outline[:1]]),), cut, 1.75)]
    return marks + _layers(flat, depth, ones, near)


def _layers(flat: Array, depth: Array, ones: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> list[Mark]:
    """Return the chosen points in layers, the farthest first, each a mark for class 0 and one for class 1."""
    marks: list[Mark] = []
    order = np.flatnonzero(chosen)[np.argsort(depth[chosen])]
    for layer in np.array_split(order, SLICES):
        if len(layer):
            radius = SMALL + (LARGE - SMALL) * min(max((float(depth[layer].mean()) + 1.4) / 2.8, 0.0), 1.0)
            marks += class_points(flat[layer], ones[layer], radius)
    return marks


def class_points(at: Array, ones: NDArray[np.bool_], radius: float) -> list[Mark]:
    """Return points, (n, 2), as class 1's discs where `ones`, (n,), and class 0's squares elsewhere."""
    return [
        Points(at[~ones], "zero-fill", "square", 0.88 * radius, "panel", 1.25),
        Points(at[ones], "one-fill", "disc", radius, "panel", 1.25),
    ]
