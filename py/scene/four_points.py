"""The four rows of a logic gate as points in the square of inputs, each with its name, and under the pointer."""

from __future__ import annotations

import numpy as np

from scene.graph import half_square
from scene.labelling import Taken, spots
from scene.marks import Align, Array, Axis, Labels, Mark, Points, Regions, View
from unfold.datasets import gate

ROWS = gate("and")[0]
LOW, HIGH = -0.5, 1.5
"""The square of inputs that is shown."""
MIDDLE = np.full(2, (LOW + HIGH) / 2)
PIXEL = 1 / 120
"""How many units a pixel is on a phone, where labels have least room."""
PIXELS = PIXEL * np.array([1.0, 0.64, 0.36])[:, None, None, None]
"""The same on a phone, in a column and on a tablet: what is so many pixels away must be clear on each."""
CLEAR = 4.0 * PIXEL
"""How far labels keep from what they must not cover."""
BESIDE = np.array([(0.0, 31.0), (25.0, 25.0), (-25.0, 25.0), (32.0, 0.0), (-32.0, 0.0), (0.0, -31.0)])
"""Where a row's name may stand, the best first: pixels to the right of its point, and away from the middle."""
AROUND = np.array([(x, y) for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0) if x or y])
"""Where a side's answer may stand: the corners of the square and the middles of its edges, seen from its middle."""
NAME_HALF, ANSWER_HALF = np.array([8.5, 7.0]), np.array([27.0, 7.0])
"""Half the width and height, in pixels, of a row's name and of what a side answers."""
NEAR = 0.15
"""How near to a point the pointer is on it."""


def row_name(sample: Array) -> str:
    """Return how a row, (2,), is named: 01 where A is 0 and B is 1."""
    return "".join(f"{value:.0f}" for value in sample)


ROW_NAMES = tuple(row_name(row) for row in ROWS)


def name_places(taken: Taken) -> Array:
    """Return where the rows' names stand, (4, 2), in pixels to the right of and below their points.

    They keep clear of what is `taken` as far as they can.
    """
    outward = np.where(ROWS[:, 1:] > 0.5, -1.0, 1.0)
    places = BESIDE * np.stack([np.ones_like(outward), outward], axis=2)
    centres = ROWS[:, None] + PIXELS * places * (1.0, -1.0)
    free = taken.room(centres, PIXELS * NAME_HALF).min(axis=0)
    best = np.argmax(np.minimum(free, CLEAR), axis=1)
    chosen: Array = places[np.arange(4), best]
    return chosen


def name_spots(names: Array) -> Array:
    """Return the spots, (4, 3), that the rows' names cover where `name_places` puts them."""
    return spots(ROWS + PIXEL * names * (1.0, -1.0), 10.0 * PIXEL)


def four_points(targets: Array, answers: Array, lit: str = "", names: Array | None = None) -> list[Mark]:
    """Return the marks of the four rows: shape and colour by `targets`, (4,), a ring where `answers`, (4,), differ.

    The row named `lit` has a ring of its own. `names`, (4, 2), is where `name_places` puts the rows' names.
    """
    names = name_places(Taken()) if names is None else names
    marks: list[Mark] = []
    if lit in ROW_NAMES:
        marks.append(Points(ROWS[[ROW_NAMES.index(lit)]], "panel", "disc", 19.0, "act", 3.0))
    if (targets != answers).any():
        marks.append(Points(ROWS[targets != answers], "panel", "disc", 16.0, "ink", 1.8))
    marks.append(Points(ROWS[targets == 0.0], "zero-fill", "square", 8.5))
    marks.append(Points(ROWS[targets == 1.0], "one-fill", "disc", 9.5))
    for row, name, (across, down) in zip(ROWS, ROW_NAMES, names.tolist(), strict=True):
        marks.append(Labels(row[None], (name,), offset=(across, down)))
    return marks


def sides(normal: Array, bias: float, taken: Taken | None = None) -> list[Mark]:
    """Return the marks of the two sides of the line normal . x + bias = 0: a tint, and what it answers there.

    The side where the sum is 0 or more, the line itself included, answers 1. `normal` may be zero. The words keep
    clear of what is `taken`; where there is no room for them there are none.
    """
    marks: list[Mark] = []
    for side, answer, colour in ((1.0, 1, "one-fill"), (-1.0, 0, "zero-fill")):
        outline = half_square(side * normal, side * bias, LOW, HIGH)
        # A side without area is none: the whole line is the other one's.
        if len(outline) > 2 and (answer or (outline @ normal + bias < 0.0).any()):
            marks += [Regions((outline,), colour, 0.2), *_answer(answer, normal, bias, taken or Taken())]
    return marks


def _answer(answer: int, normal: Array, bias: float, taken: Taken) -> list[Mark]:
    """Return the words of the side that answers `answer`: deep in it, and clear of `taken`."""
    deep = AROUND @ np.where(normal < 0.0, normal - 1e-3, normal + 1e-3) * (1.0 if answer else -1.0)
    anchors = MIDDLE + AROUND * (HIGH - LOW) / 2
    centres = anchors - PIXELS[:, 0] * AROUND * (8.0 + ANSWER_HALF[0], 13.0)
    inside = ((np.concatenate([anchors[None], centres]) @ normal + bias >= 0.0) == answer).all(axis=0)
    free = taken.room(centres, PIXELS[:, 0] * ANSWER_HALF).min(axis=0)
    free = np.where(inside, np.minimum(free, CLEAR), -1.0)
    best = np.lexsort((deep, free))[-1]
    if free[best] < 2.0 * PIXEL:
        return []
    across, up = AROUND[best].tolist()
    align: Align = "right" if across > 0 else "left" if across < 0 else "center"
    return [Labels(anchors[[best]], (f"answers {answer}",), "soft", 11.5, align, (-8.0 * across, 13.0 * up))]


def plane(marks: list[Mark]) -> View:
    """Return the picture of the square of inputs, A across and B up."""
    across, up = (tuple((v, f"{name} = {v:.0f}") for v in (0.0, 1.0)) for name in "AB")
    return View(tuple(marks), Axis(LOW, HIGH, across), Axis(LOW, HIGH, up), margin=(46.0, 2.0, 2.0, 28.0))


def row_at(x: float, y: float) -> str:
    """Return the name of the row whose point is at a place, or nothing."""
    away = np.hypot(*(ROWS - (x, y)).T)
    return ROW_NAMES[int(away.argmin())] if away.min() < NEAR else ""
