"""The plane of two hidden neurons: where the four points of XOR go, and the widest line between them there."""

from __future__ import annotations

import numpy as np

from scene.colours import HIDDEN_DASHES
from scene.four_points import HIGH, LOW, ROW_NAMES
from scene.graph import clipped, half_square
from scene.labelling import arranged
from scene.marks import Array, Axis, Labels, Lines, Mark, Points, Regions, View
from scene.placement import Placement
from scene.plane import line_in_square
from scene.ticks import number
from scene.xor_layer import Layer
from unfold.separability import Separation

SIZE = (300.0, 300.0)
"""The size of picture for which labels are arranged, in pixels."""
TOGETHER = 0.05
"""Images nearer than this, as a share of the picture, share one label."""
ROOM = 0.17
"""How far the picture reaches beyond the activation's values, as a share of them."""
DARK, LIT = [0, 3], [1, 2]
"""The rows of the two classes of XOR."""


def grid_lines(low: float, high: float, each: int = 9, corners: int = 41) -> Array:
    """Return the lines of a square grid, `each` across and as many along: (2 each, corners, 2)."""
    at, along = np.meshgrid(np.linspace(low, high, each), np.linspace(low, high, corners), indexing="ij")
    return np.concatenate([np.stack([at, along], axis=-1), np.stack([along, at], axis=-1)])


GRID = grid_lines(LOW, HIGH)


def threads(points: Array) -> list[Mark]:
    """Return a thread between the two points of each class of XOR, (4, 2): a line parts them if these do not meet."""
    return [
        Lines((points[DARK],), "zero", 2.0, halo=True),
        Lines((points[LIT],), "one", 2.0, (6.0, 4.0), halo=True),
    ]


def width_in_words(width: float) -> str:
    """Return the width of a band, above 0, with as many decimals as show that it is."""
    return "less than 0.000001" if width < 1e-6 else number(width, 3 if width >= 0.001 else 6)


def parting_band(separation: Separation, low: float, high: float, lit: bool) -> list[Mark]:
    """Return the widest band between the classes, in a square, and the line in its middle; nothing where none is."""
    w, b = separation.w, separation.b
    ends = line_in_square(w, b, low, high) if separation.separable else None
    if ends is None:
        return []
    band = clipped(half_square(w, b + separation.margin, low, high), -w, separation.margin - b)
    edge = "act" if lit else "good"
    return [Regions((band,), edge, 0.16), Lines((ends,), edge, 4.5 if lit else 3.0, halo=True)]


def answers_by_band(separation: Separation, images: Array) -> Array:
    """Return what the line answers to images, (n, 2): 0 or 1 beyond the band, and evenly from one to the other in it.

    Half of all answers are left out of the colours' ends, so that points stand out on them.
    """
    half = max(separation.margin, 1e-12)
    answers: Array = np.clip(0.5 + 0.3 * (images @ separation.w + separation.b) / half, 0.2, 0.8)
    return answers


def merged(images: Array, close: float) -> tuple[Array, tuple[str, ...]]:
    """Return places and names of the four rows' images, (4, 2), those that lie within `close` together as one."""
    groups: list[list[int]] = []
    for row, image in enumerate(images):
        near = next((group for group in groups if np.hypot(*(images[group[0]] - image)) < close), None)
        if near is None:
            groups.append([row])
        else:
            near.append(row)
    places = np.array([images[group].mean(axis=0) for group in groups])
    return places, tuple(", ".join(ROW_NAMES[row] for row in group) for group in groups)


def hidden_plane(layer: Layer, lit: str) -> View:
    """Return the plane of h1 and h2 with the images of the four rows and of a grid.

    `lit` is a row's name, h1, h2, line, or nothing.
    """
    images, separation = layer.images, layer.separation
    ends = (-1.0 if layer.activation == "tanh" else 0.0, 1.0)
    beyond = ROOM * (ends[1] - ends[0])
    low, high = ends[0] - beyond, ends[1] + beyond
    marks: list[Mark] = [] if layer.activation == "step" else [Lines(layer.after(GRID), "rule", 1.25)]
    marks += [*parting_band(separation, low, high, lit == "line"), *threads(images)]
    if lit in ROW_NAMES:
        marks.append(Points(images[[ROW_NAMES.index(lit)]], "panel", "disc", 17.0, "act", 3.0))
    # The disc is the smaller, so that a square below it is still to be seen.
    marks += [Points(images[DARK], "zero-fill", "square", 8.5), Points(images[LIT], "one-fill", "disc", 7.0)]
    if not separation.separable:
        marks.append(Points(layer.meeting[None], "panel", "disc", 3.5, "ink", 2.0))
    numbers = tuple((value, number(value, 0)) for value in ends)
    view = View((), Axis(low, high, numbers), Axis(low, high, numbers), margin=(30.0, 2.0, 2.0, 28.0))
    place = Placement(view, *SIZE)
    at, names = merged(images, TOGETHER * (high - low))
    taken = place(np.concatenate([images, [[high, low], [low, high]]]))
    return View((*marks, *neuron_axes(low, high, lit), *arranged(at, names, place(at), SIZE, taken)), view.x, view.y,
                margin=view.margin)  # fmt: skip


def neuron_axes(low: float, high: float, lit: str = "") -> list[Mark]:
    """Return the two axes in the neurons' colours and dashes, with their names at the ends."""
    marks: list[Mark] = []
    for k, (end, align, offset) in enumerate(
        ((np.array([high, low]), "right", (-6.0, -14.0)), (np.array([low, high]), "left", (9.0, 13.0))), 1
    ):
        colour = "act" if lit == f"h{k}" else f"h{k}"
        marks.append(Lines((np.array([[low, low], end]),), colour, 4.0, HIDDEN_DASHES[k - 1]))
        marks.append(Labels(end[None], (f"h{'₁₂'[k - 1]}",), colour, 14.0, align, offset))  # type: ignore[arg-type]
    return marks
