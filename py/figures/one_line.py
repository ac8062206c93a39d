"""Figure `one-line`: the reader tries to part XOR with one line."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from figures.controls import Choice, Control, Range, Toggle
from scene.four_points import HIGH, LOW, ROW_NAMES, ROWS, four_points, plane, row_at, row_table, sides, told
from scene.held_line import grips, held_line, turned
from scene.marks import Array, Lines, Mark, Regions, Scene
from scene.mathml import equations
from scene.perceptron_formula import answers_one, signed
from scene.plane import line_in_square
from scene.ticks import number
from unfold.datasets import gate
from unfold.separability import separable

NAME = "one-line"
TARGETS = gate("xor")[1][:, 0]
MIDDLE = np.full(2, (LOW + HIGH) / 2)
LOWEST, HIGHEST = -1.0, 2.0
"""The offsets that can be set."""

QUESTION = "Can one line part XOR?"
HINT = "Drag the line. Get as many points right as you can."
CAPTION = (
    "Whichever side gets more points right counts as 1; a ring marks a point that is still wrong. "
    "When you have done your best, show the curve."
)
POINTED = ("plane",)
SIZES = {"plane": (424, 404)}
VIEWS = (
    (
        "plane",
        "One line",
        "The four points of XOR, 00 and 11 as squares, 01 and 10 as discs, and a line. The line leaves two of them "
        "on the wrong side.",
        ("score",),
    ),
)
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
    turn = math.radians(state.angle)
    normal = np.round([math.cos(turn), math.sin(turn)], 12) + 0.0
    sides = [(normal, -state.offset), (-normal, state.offset)]
    return max(sides, key=lambda side: int(np.sum(_answered(*side) == TARGETS)))


def _answered(normal: Array, bias: float) -> Array:
    # Rounded, so that a point on the line is on it: it counts as 1, as for any perceptron.
    return (np.round(ROWS @ normal + bias, 9) >= 0.0).astype(float)


def conic(points: Array) -> Array:
    """Return 3 - 6 (A + B - 1)^2 - (A - B)^2 for points, (n, 2): above 0 inside the ellipse that parts XOR."""
    a, b = points.T
    inside: Array = 3.0 - 6.0 * (a + b - 1.0) ** 2 - (a - b) ** 2
    return inside


def _ellipse() -> Array:
    turn = np.linspace(0.0, 2.0 * np.pi, 97)
    total, difference = 1.0 + np.sqrt(0.5) * np.cos(turn), np.sqrt(3.0) * np.sin(turn)
    return np.column_stack([total + difference, total - difference]) / 2


def _answers(state: State) -> tuple[Array, Array]:
    """Return the four sums and the answers to them, of the curve where it is shown, else of the line."""
    if state.curve:
        sums = conic(ROWS)
        return sums, (sums >= 0.0).astype(float)
    normal, bias = _line(state)
    return ROWS @ normal + bias, _answered(normal, bias)


def _score(state: State) -> int:
    """How many of the four the line gets right, whatever else is shown."""
    return int(np.sum(_answered(*_line(state)) == TARGETS))


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with the line shifted (the offset changes) or turned about the middle to a place."""
    here, turn, distance = np.clip([x, y], LOW, HIGH), math.radians(state.angle), None
    if handle == "turn":
        normal = np.array([math.cos(turn), math.sin(turn)])
        distance = float(state.offset - normal @ MIDDLE) if state.distance is None else state.distance
        turn = math.radians(round(math.degrees(turned(turn, distance, *(here - MIDDLE).tolist()))))
    normal = np.array([math.cos(turn), math.sin(turn)])
    offset = float(normal @ here) if distance is None else float(normal @ MIDDLE) + distance
    if offset < LOWEST:  # the same line, seen from its other side
        turn, offset, distance = turn + math.pi, -offset, None if distance is None else -distance
    offset = min(max(round(offset, 2), LOWEST), HIGHEST) + 0.0
    return replace(state, angle=round(math.degrees(turn)) % 360, offset=offset, distance=distance)


def hovered(state: State, _view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit that the pointer is at: a row's point, the arrow, or the line."""
    term = ""
    if x is not None and y is not None:
        normal, bias = _line(state)
        away = float(normal @ (x, y) + bias)
        aside = np.linalg.norm(_foot(state) + away * normal - (x, y))
        part = "offset" if abs(away) < 0.06 else "angle" if 0 < away < 0.36 and aside < 0.08 else ""
        term = row_at(x, y) or ("" if state.curve else part)
    return state if term == state.term else replace(state, term=term)


def _foot(state: State) -> Array:
    foot: Array = grips(*_line(state), LOW, HIGH, ROWS)[0]
    return foot


def scene(state: State) -> Scene:
    """Return the picture: two sides, of the line or of the curve, the line, its handles, and the four points."""
    normal, bias = _line(state)
    points = four_points(TARGETS, _answers(state)[1], state.term if state.term in ROW_NAMES else "")
    if not state.curve:
        lit = {"angle": "arrow", "offset": "line"}.get(state.term, "")
        held = held_line(normal, bias, LOW, HIGH, ROWS, 0.33 * normal, lit)
        return {"plane": plane([*sides(normal, bias), *held[:1], *points, *held[1:]])}
    square = np.array([[LOW, LOW], [HIGH, LOW], [HIGH, HIGH], [LOW, HIGH], [LOW, LOW]])
    ellipse, ends = _ellipse(), line_in_square(normal, bias, LOW, HIGH)
    # The way round the square and back round the ellipse encloses what is between them.
    rest = np.concatenate([square, ellipse, square[:1]])
    marks: list[Mark] = [Regions((ellipse,), "one-fill", 0.2), Regions((rest,), "zero-fill", 0.2)]
    if ends is not None:
        marks.append(Lines((ends,), "soft", 1.5, (5.0, 4.0)))
    return {"plane": plane([*marks, Lines((ellipse,), "ink", 2.5), *points])}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    score, most = _score(state), best()
    shown = int(np.sum(_answers(state)[1] == TARGETS))
    words = f"✓ {most} of 4: no line does better" if score == most else f"Not yet: the line gets {score} of 4"
    return {
        "score": (f"{'curve' if state.curve else 'line'}: {shown} of 4 right", str(shown)),
        "solved": (words, "true" if score == most else "false"),
    }


def describe(state: State) -> str:
    """Return in words where the line is, the four answers, and whether more can be done."""
    score, most = _score(state), best()
    if state.curve:
        _, answers = _answers(state)
        right = int(np.sum(answers == TARGETS))
        said = f"An ellipse around 01 and 10 gets {right} of 4 right: {told(answers, TARGETS)}. "
        said += f"The line you left gets {score}; the most that any line gets is {most}."
    else:
        answers = _answered(*_line(state))
        said = f"The line at angle {state.angle}° and offset {number(state.offset)} gets {score} of 4 right: "
        said += f"{told(answers, TARGETS)}. "
        said += f"{score} of 4: no line does better." if score == most else "A line can do better."
    if state.guess and (state.curve or score == most):
        said += f" You guessed {state.guess}: {'so it is' if int(state.guess) == most else f'it is {most}'}."
    return said


def formula(state: State) -> str:
    """Return the side that counts as 1 with the present numbers, and the four rows' sums."""
    sums, answers = _answers(state)
    if state.curve:
        square = "<msup><mrow><mo>(</mo>{}<mo>)</mo></mrow><mn>2</mn></msup>".format
        total = square("<mi>A</mi><mo>+</mo><mi>B</mi><mo>−</mo><mn>1</mn>")
        row = f"<mn>3</mn><mo>−</mo><mn>6</mn>{total}<mo>−</mo>{square('<mi>A</mi><mo>−</mo><mi>B</mi>')}"
        terms = [("", row)]
    else:
        (a, b), bias = _line(state)
        turn = f"{signed(a, 2)}<mi>A</mi>{signed(b, 2, True)}<mi>B</mi>"
        terms = [("angle", turn), ("offset", signed(bias, 2, True))]
    return equations([answers_one(*terms)]) + row_table(sums, answers, TARGETS, "XOR")
