"""The plane under a linear map and a shift: its grid, the unit square, basis vectors, and the directions it keeps."""

from __future__ import annotations

import numpy as np

from scene.carried import FAINT, REACH, Carried
from scene.labelling import across, arranged
from scene.marks import Array, Arrows, Axis, Handles, Labels, Lines, Mark, Points, Regions, View
from scene.placement import Placement
from scene.plane import line_in_square
from scene.ticks import number, ticks

EDGE = 3.1
SIDES = (288.0, 427.0, 702.0)
"""How large the picture is on a phone, on a screen, and between, in pixels: on all of them labels are to be clear."""
SQUARES = np.column_stack([SIDES, SIDES])
MARGIN = (26.0, 4.0, 4.0, 26.0)
TIP = 0.2
"""How far before its end an arrow's tip stands, in units: room for the point that is there."""


def _frame() -> list[Mark]:
    """Return the margins, which hide what goes on beyond the picture, with the numbers along the axes."""
    far = 2.0 * EDGE
    left = np.array([[-far, -far], [-EDGE, -far], [-EDGE, far], [-far, far]])
    marks: list[Mark] = [Regions((left, left[:, ::-1]), "panel", 1.0)]
    values = ticks(-REACH, REACH, 7)
    at, texts = np.array([value for value, _ in values]), tuple(text for _, text in values)
    edge = np.full_like(at, -EDGE)
    marks.append(Labels(np.column_stack([edge, at]), texts, "soft", 11.0, "right", (-6.0, 0.0)))
    marks.append(Labels(np.column_stack([at, edge]), texts, "soft", 11.0, offset=(0.0, 13.0)))
    return marks


FRAME = _frame()


def plane_map(carried: Carried, term: str) -> View:
    """Return the picture; `term` is lit: e1, e2, b, square, v1 or v2."""
    lines, letter, hatches = carried.parts
    corners, goals = carried.corners, carried.goals
    outline = np.vstack([corners, corners[:1]])
    over = carried.area < -1e-9
    axes = np.array([[[-EDGE, 0.0], [EDGE, 0.0]], [[0.0, -EDGE], [0.0, EDGE]]])
    marks: list[Mark] = [
        Lines(FAINT, "rule", 1.0),
        Lines(axes, "rule", 2.0),
        Lines(lines, "soft", 0.75),
        Regions((corners,), "act" if term == "square" else "soft", 0.3 if over else 0.2),
        Lines(hatches if over else hatches[:0], "soft", 1.0),
        Lines((outline,), *(("act", 3.0) if term == "square" else ("ink", 1.5)), (4.0, 3.0) if over else ()),
        Lines(letter, "ink", 2.5, halo=over),
    ]
    for k, (_, direction) in enumerate(carried.kept, 1):
        lit = term == f"v{k}"
        path = corners[0] + np.outer([-9.0, 9.0], direction)
        marks.append(Lines((path,), "act" if lit else "ink", 3.0 if lit else 1.25, (6.0, 5.0)))
    ways = np.stack([np.array([[0.0, 0.0], corners[0], corners[0]]), goals], axis=1)
    marks.append(Lines(ways, "act", 1.5, (2.0, 4.0)))
    if term == "b":
        marks.append(Lines(ways[:1], "act", 4.0))
    marks += _arrows(corners, term)
    marks += [Points(corners[::2], "zero-fill", "square", 8.5), Points(corners[1::2], "one-fill", "disc", 9.5)]
    axis = Axis(-EDGE, EDGE)
    view = View((), axis, axis, margin=MARGIN)
    marks += [*FRAME, Handles(goals, ("b", "e1", "e2"), radius=6.0), *_labels(carried, view)]
    return View(tuple(marks), axis, axis, margin=MARGIN)


def _arrows(corners: Array, term: str) -> list[Mark]:
    """Return the two basis vectors as arrows, each short of the point at its end."""
    marks: list[Mark] = []
    for name, end in (("e1", corners[1]), ("e2", corners[3])):
        along = end - corners[0]
        length = float(np.hypot(*along))
        tip = corners[0] + along * max(length - TIP, 0.6 * length) / max(length, 1e-9)
        lit = term == name
        marks.append(Arrows(corners[:1], tip[None], "act" if lit else "ink", 5.0 if lit else 3.0, 12.0))
    return marks


def _labels(carried: Carried, view: View) -> list[Labels]:
    """Return the names of the arrows, of their goals, of the shift, and what each kept direction is stretched by."""
    rooms = [Placement(view, side, side) for side in SIDES]
    corners, goals = carried.corners, carried.goals
    at, texts, colours = [], [], []
    there = np.abs(corners[[1, 3]] - goals[1:]).max(axis=1) < 0.01
    together = bool(np.abs(goals[1] - goals[2]).max() < 0.01)
    for name, corner, goal, arrived in zip(("e₁", "e₂"), corners[[1, 3]], goals[1:], there, strict=True):
        if not (together and name == "e₂"):
            at.append(goal)
            texts.append("e₁W, e₂W" if together else f"{name}W")
            colours.append("act")
        if not arrived:
            at.append(corner)
            texts.append(name)
            colours.append("ink")
    if np.abs(carried.b).max() > 0.0:
        at.append(goals[0])
        texts.append("b")
        colours.append("act")
    for value, direction in carried.kept:
        ends = line_in_square(
            np.array([-direction[1], direction[0]]), _offset(direction, corners[0]), 0.4 - EDGE, EDGE - 0.4
        )
        if ends is not None:
            far = np.linalg.norm(ends[:, None] - np.vstack([corners, goals]), axis=2).min(axis=1)
            at.append(ends[int(far.argmax())])
            texts.append(f"× {number(value)}")
            colours.append("ink")
    # The square's middle has the F, and the arrows are to be seen too.
    inner = (corners[[1, 2, 3]] + corners[0]) / 2.0
    taken = _placed(rooms, np.vstack([corners, goals, inner]))
    found: list[Labels] = []
    for spot, text, colour in zip(at, texts, colours, strict=True):
        spot = np.clip(spot, -EDGE, EDGE)[None]
        size, italic = (12.5, False) if text.startswith("×") else (15.0, True)
        pixels = _placed(rooms, spot)
        (label,) = arranged(spot, (text,), pixels, SQUARES, taken, colour=colour, size=size, italic=italic)
        found.append(label)
        taken = np.concatenate([taken, pixels + label.offset + across(text, size)], axis=1)
    return found


def _placed(rooms: list[Placement], at: Array) -> Array:
    """Return the pixels, (k, n, 2), of places on a picture of each size."""
    return np.stack([place(at) for place in rooms])


def _offset(direction: Array, through: Array) -> float:
    return float(direction[1] * through[0] - direction[0] * through[1])
