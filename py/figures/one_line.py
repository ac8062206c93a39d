"""Figure `one-line`: the reader tries to part XOR with one line."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from figures.controls import Choice, Control, Range, Toggle
from scene.answers import Rows, answered, row_table, told
from scene.four_points import HIGH, LOW, MIDDLE, ROWS
from scene.line import Line
from scene.marks import Array, Scene
from scene.mathml import equations
from scene.parted import Parted
from scene.perceptron_formula import WHERE, answers_one, line_terms
from scene.ticks import number
from scene.xor_curve import CONIC, conic, curve_sides
from unfold.datasets import gate
from unfold.separability import separable

NAME = "one-line"
TARGETS = gate("xor")[1][:, 0]
LOWEST, HIGHEST = -1.0, 2.0
"""The offsets that can be set."""
PARTS = {"offset": "line", "angle": "arrow"}
"""What in the picture each term of the formula is."""

QUESTION = "Can one line part XOR?"
HINT = "Drag the line. Get as many points right as you can."
CAPTION = (
    "Whichever side gets more points right counts as 1; a ring marks a point that is still wrong. "
    "When you have done your best, show the curve."
)
POINTED = ("plane",)
SIZES = {"plane": (424, 404)}
OPENING = (
    "The four points of XOR, 00 and 11 as squares, 01 and 10 as discs, and a line. The line leaves two of them "
    "on the wrong side."
)
VIEWS = (("plane", "One line", OPENING, ("score",)),)
LAYOUT = {"guess": ("guess",), "groups": (("curve",),), "controls": ("angle", "offset")}
CONTROLS: tuple[Control, ...] = (
    Range("angle", "Angle in degrees", 0, 359, 1),
    Range("offset", "Offset", LOWEST, HIGHEST, 0.01),
    Toggle("curve", "Show a curve that does it", "Back to the line"),
    Choice("guess", "How many of the four can one line get right?", (("2", "2"), ("3", "3"), ("4", "4")), tapped=True),
)


@dataclass(frozen=True)
class State:
    """What the reader has set: the line cos(angle) A + sin(angle) B = offset."""

    angle: int = 100
    offset: float = 0.4
    curve: bool = False
    guess: str = ""
    distance: float | None = None
    """The line's distance from the middle, not rounded, while it is being turned."""
    term: str = ""


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: the offset on its step, nothing held."""
    return replace(state, offset=round(state.offset, 2) + 0.0, distance=None)


@lru_cache(1)
def best() -> int:
    """Return how many rows of XOR a line can get right: the most over all labellings that a line can make."""
    labellings = (np.array(labels) for labels in itertools.product((0.0, 1.0), repeat=4))
    return max(int(np.sum(labels == TARGETS)) for labels in labellings if separable(ROWS, labels).separable)


def _line(state: State) -> tuple[Array, float]:
    """Return the line's unit normal, towards the side that counts as 1, and its bias; more right answers decide."""
    normal = Line.across(state.angle, 0.0).normal
    return max((normal, -state.offset), (-normal, state.offset), key=lambda side: _answered(*side).right)


def _answered(normal: Array, bias: float) -> Rows:
    # Rounded, so that a point on the line is on it: it counts as 1, as for any perceptron.
    return answered(np.round(ROWS @ normal + bias, 9), TARGETS)


def _line_rows(state: State) -> Rows:
    """Return what the line makes of the rows, whatever else is shown."""
    return _answered(*_line(state))


def _rows(state: State) -> Rows:
    """Return what the curve makes of the rows where it is shown, else the line."""
    return answered(conic(ROWS), TARGETS) if state.curve else _line_rows(state)


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with the line shifted (the offset changes) or turned about the middle to a place."""
    line = Line.across(state.angle, 0.0)
    distance = state.offset - float(line.normal @ MIDDLE) if state.distance is None else state.distance
    line = replace(line, distance=distance).moved(handle, *np.clip((x, y), LOW, HIGH))
    line = Line.across(line.degrees, line.distance)
    if -line.bias(line.normal) < LOWEST:
        line = line.reverse()
    offset = min(max(round(-line.bias(line.normal), 2), LOWEST), HIGHEST) + 0.0
    held = line.distance if handle == "turn" else None
    return replace(state, angle=line.degrees, offset=offset, distance=held)


def hovered(state: State, _view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit that the pointer is at: a row's point, the arrow, or the line."""
    term = Parted(*_line(state)).term_at(x, y, {} if state.curve else PARTS)
    return state if term == state.term else replace(state, term=term)


def scene(state: State) -> Scene:
    """Return the picture: two sides, of the line or of the curve, the line, its handles, and the four points."""
    parted, rows = Parted(*_line(state)), _rows(state)
    if state.curve:
        return {"plane": parted.left(rows, state.term, curve_sides())}
    return {"plane": parted.view(rows, PARTS.get(state.term, ""), state.term)}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    score, most, shown = _line_rows(state).right, best(), _rows(state).right
    words = f"✓ {most} of 4: no line does better" if score == most else f"Not yet: the line gets {score} of 4"
    return {
        "score": (f"{f'curve' if state.curve else f'line'}: {shown} of 4 right", str(shown)),
        "solved": (words, str(score == most).lower()),
    }


def describe(state: State) -> str:
    """Return in words where the line is, the four answers, and whether more can be done."""
    score, most, rows = _line_rows(state).right, best(), _rows(state)
    answers = f"gets {rows.right} of 4 right: {told(rows.answers, rows.targets)}."
    if state.curve:
        said = f"An ellipse around 01 and 10 {answers} "
        said += f"The line you left gets {score}; the most that any line gets is {most}."
    else:
        said = f"The line at angle {state.angle}° and offset {number(state.offset)} {answers} "
        said += f"{score} of 4: no line does better." if score == most else "A line can do better."
    if state.guess and (state.curve or score == most):
        said += f" You guessed {state.guess}: {'so it is' if int(state.guess) == most else f'it is {most}'}."
    return said


def formula(state: State) -> str:
    """Return the side that counts as 1 with the present numbers, and the four rows' sums."""
    a, b, bias = line_terms(*_line(state), 2)
    line = answers_one(("angle", a + b), ("offset", bias))
    row = (WHERE, f"{CONIC}<mo>≥</mo><mn>0</mn>") if state.curve else line
    return equations([row]) + row_table(*_rows(state), "XOR")
