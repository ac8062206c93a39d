"""Pictures of a line that is being fitted: the line over its target with the errors between, and the losses tried."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scene.labelling import roomiest
from scene.marks import Array, Arrows, Axis, Handles, Labels, Lines, Mark, Points, View
from scene.placement import Placement
from scene.ticks import count, ticks

EDGE, TOP = 1.2, 3.4
W_HANDLE = 0.6
"""Where the line is held to turn it; at 0 it is held to lift it."""
SIZE = (300.0, 300.0)
"""The picture's size in pixels as it is laid out."""
SHOWN = 41
"""Losses that the trace shows: the present one and those of the last forty moves."""


def _line(w: float, b: float) -> Array:
    return np.array([[x, w * x + b] for x in (-EDGE, EDGE)])


def line_fit(line: tuple[float, float], target: tuple[float, float] | None, X: Array, term: str) -> View:
    """Return the line y = w x + b, (w, b), with handles `b` and `w`, and the target's line with its samples at X, (n,).

    The target is None where it is hidden. `term` is lit: w, b, or e1, e2, … for the error at one of X.
    """
    w, b = line
    x, y = Axis(-EDGE, EDGE, ticks(-1.0, 1.0, 3)), Axis(-TOP, TOP, ticks(-3.0, 3.0, 7))
    view = View((), x, y, margin=(30.0, 8.0, 12.0, 26.0))
    at, letters = np.array([[0.0, b], [W_HANDLE, w * W_HANDLE + b]]), (-12.0 if w >= 0 else 12.0, -15.0)
    axes = (np.array([[-EDGE, 0.0], [EDGE, 0.0]]), np.array([[0.0, -TOP], [0.0, TOP]]))
    marks: list[Mark] = [Lines(axes, "soft", 1.0)]
    if target is not None:
        marks.append(Lines((_line(*target),), "ink", 1.75, (6.0, 5.0)))
    marks.append(Lines((_line(w, b),), "act", 4.0 if term == "w" else 2.5))
    if target is not None:
        goals = np.column_stack([X, target[0] * X + target[1]])
        for i, goal in enumerate(goals):
            lit = term == f"e{i + 1}"
            error = np.array([[goal[0], w * goal[0] + b], goal])
            marks.append(Lines((error,), "act" if lit else "soft", 4.5 if lit else 1.5))
        taken = Placement(view, *SIZE)(at) + letters
        marks += [
            Points(goals, "ink", "disc", 5.5, "panel", 2.0),
            _target_label(_line(*target), _line(w, b), view, taken),
        ]
    else:
        marks.append(Labels(np.array([[-EDGE, TOP]]), ("the target is hidden",), "soft", 12.5, "left", (6.0, 12.0)))
    if term == "w":
        marks.append(Lines((np.array([[0.0, b], [1.0, b]]),), "act", 1.5, (3.0, 3.0)))
        marks.append(Arrows(np.array([[1.0, b]]), np.array([[1.0, b + w]]), "act"))
    if term == "b":
        marks.append(Arrows(np.zeros((1, 2)), np.array([[0.0, b]]), "act", 4.0, 13.0))
    marks += [Handles(at, ("b", "w")), Labels(at, ("b", "w"), "act", 15.0, offset=letters, italic=True)]
    return replace(view, marks=tuple(marks))


def _target_label(target: Array, line: Array, view: View, taken: Array) -> Labels:
    """Return the target's name, above or below one of its ends, where it keeps clear of both lines and of `taken`."""
    place = Placement(view, *SIZE)
    share = np.linspace(0.0, 1.0, 25)[:, None]
    lines = [place(ends[0] + share * (ends[1] - ends[0])) for ends in (target, line)]
    offsets = np.array([(x, y) for y in (-15.0, 15.0, -24.0, 24.0) for x in (22.0, -22.0)])
    ends = np.tile(target, (4, 1))
    best = roomiest(place(ends) + offsets, (19.0, 6.0), np.concatenate([*lines, taken]), SIZE)
    return Labels(ends[[best]], (f"target",), "ink", offset=tuple(offsets[best].tolist()))


def losses_tried(losses: tuple[float, ...], moves: int, goal: float) -> View:
    """Return the trace of the losses, the last one that after `moves` moves, over the dotted line of the goal."""
    losses = losses[-SHOWN:]
    at = np.arange(moves - len(losses) + 1, moves + 1, dtype=float)
    curve = np.column_stack([at, losses])
    low, high, top = at[0], max(at[0] + 10.0, at[-1]), max(1.12 * max(losses), 3.0 * goal)
    marks = (
        Lines((np.array([[low, goal], [high, goal]]),), "good", 1.5, (3.0, 4.0)),
        Labels(np.array([[high, goal]]), (f"{goal:g}",), "good", 11.5, "left", (8.0, 0.0)),
        Lines((curve,), "soft", 1.5),
        Points(curve[:-1], "ink", "disc", 3.0, "panel", 1.0),
        Points(curve[-1:], "act", "disc", 5.5, "panel", 2.0),
    )
    whole = tuple((value, count(int(value))) for value, _ in ticks(low, high, 5) if value == int(value))
    return View(marks, Axis(low, high, whole), Axis(0.0, top, ticks(0.0, top, 5)), margin=(42.0, 10.0, 40.0, 26.0))
