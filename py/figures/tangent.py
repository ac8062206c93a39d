"""Figure `tangent`: a curve, its tangent, and the derivative growing point by point."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from figures.controls import Choice, Control, Range, Toggle
from scene.graph import graph
from scene.marks import Scene
from scene.slope_formulas import slope_equations
from scene.tangents import NAMES, curve_with_tangent, slopes_so_far
from scene.ticks import number
from unfold.calculus import CURVES, Tangent, numeric_derivative, tangent

NAME = "tangent"
FAR, STEP = 3.0, 0.1
PLACES = np.round(np.arange(-FAR, FAR + STEP / 2, STEP), 1) + 0.0
"""The x that the control can reach: at each the slope is drawn once the reader has been there."""
PASSED = 10
"""Steps within one change that count as passed through; a longer jump lands without having been between."""


class Look(NamedTuple):
    """How a curve is shown: how far out, the triangle's run, both pictures' heights, the derivative's shape."""

    reach: float
    run: float
    heights: tuple[float, float]
    slopes: tuple[float, float]
    shape: str


LOOKS = {
    "parabola": Look(3.0, 1.0, (-2.0, 11.5), (-7.0, 7.0), "line"),
    "cubic": Look(2.2, 0.5, (-6.0, 6.0), (-5.0, 12.5), "parabola"),
    "sine": Look(3.0, 1.0, (-1.7, 1.7), (-1.25, 1.25), "wave"),
    "sigmoid": Look(3.0, 1.0, (-0.1, 1.1), (-0.05, 0.3), "bump"),
}
SHAPES = {"line": "a straight line", "parabola": "a parabola", "wave": "a wave about zero", "bump": "a bump above zero"}

QUESTION = "How steep is a curve at one point?"
HINT = "Move the point along the curve."
CAPTION = (
    "The tangent is as steep as the curve is where they touch: its slope is its climb for one step to the right. "
    "Visit every place: the slopes, side by side, draw the derivative. Where the curve is level, it is zero."
)
SIZES = {"curve": (300, 300), "slopes": (300, 300)}
VIEWS = (
    ("curve", "The curve", "A parabola, a tangent to it, and a triangle: one to the right, two up.", ("x", "y")),
    ("slopes", "Its slope at every x", "A graph with one point so far: the slope 2 at x = 1.", ("slope",)),
)
LAYOUT = {"guess": ("guess",), "groups": (("reveal",),), "controls": ("x", "curve")}
POINTED = ("curve", "slopes")
CONTROLS: tuple[Control, ...] = (
    Choice("curve", "Curve", tuple(NAMES.items())),
    Range("x", "x", -FAR, FAR, STEP),
    Toggle("reveal", "Show the whole derivative", "Hide what was not visited"),
    Choice("guess", "What will the slopes draw, side by side?", tuple(SHAPES.items()), tapped=True),
)


@dataclass(frozen=True)
class State:
    """The curve, where the reader stands on it, and where they have been."""

    curve: str = "parabola"
    x: float = 1.0
    reveal: bool = False
    guess: str = ""
    term: str = ""
    visited: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(len(PLACES), bool))
    """Which of PLACES the reader has been at on this curve."""
    came_from: float | None = None
    """x before the last move; None before any on this curve."""

    @property
    def tangent(self) -> Tangent:
        """The tangent at x."""
        return tangent(CURVES[self.curve].value, CURVES[self.curve].derivative, self.x)

    @property
    def seen(self) -> tuple[int, int]:
        """How many of the curve's places were visited, and how many there are."""
        return int(self.visited.sum()), int(np.sum(np.abs(PLACES) <= LOOKS[self.curve].reach + 1e-9))


def start() -> State:
    """Return the state the figure opens in."""
    return _arrived(State(), None)


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: x stays on the curve, and another curve is new ground."""
    reach = LOOKS[state.curve].reach
    state = replace(state, x=round(min(max(state.x, -reach), reach), 1) + 0.0)
    if state.curve != before.curve:
        guess = "" if state.guess == before.guess else state.guess
        return _arrived(replace(state, visited=State().visited, guess=guess), None)
    return _arrived(state, before.x) if state.x != before.x else state


def _arrived(state: State, came_from: float | None) -> State:
    here, there = (round((x + FAR) / STEP) for x in (state.x, state.x if came_from is None else came_from))
    first, last = (min(here, there), max(here, there)) if abs(here - there) <= PASSED else (here, here)
    passed = (np.arange(len(PLACES)) >= first) & (np.arange(len(PLACES)) <= last)
    return replace(state, visited=state.visited | passed, came_from=came_from)


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with the point moved along the curve to the pointer's x."""
    return changed(replace(state, x=x), state)


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit that the pointer is at: the tangent's slope near the point, else none."""
    term = "slope" if x is not None and abs(x - state.x) < 0.5 else ""
    return state if term == state.term else replace(state, term=term)


def scene(state: State) -> Scene:
    """Return the figure's two pictures: `curve` and `slopes`."""
    look, curve, line = LOOKS[state.curve], CURVES[state.curve], state.tangent
    whole = graph(curve.derivative, -look.reach, look.reach) if state.reveal or state.seen[0] == state.seen[1] else None
    been = PLACES[state.visited]
    seen = np.column_stack([been, curve.derivative(been)])
    path = graph(curve.value, -look.reach, look.reach)
    return {
        "curve": curve_with_tangent(path, line, look.run, look.heights, state.term),
        "slopes": slopes_so_far(seen, whole, line, look.slopes, 1.5 * STEP),
    }


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    line, (been, places) = state.tangent, state.seen
    badge = "✓ The derivative is drawn" if been == places else f"Not yet all: {been} of {places} slopes"
    return {
        "x": (f"x = {number(line.x, 1)}", repr(line.x)),
        "y": (f"y = {number(line.y)}", repr(line.y)),
        "slope": (number(line.slope), repr(line.slope)),
        "solved": (badge, str(been == places).lower()),
    }


def describe(state: State) -> str:
    """Return in words where the point is, the slope there and before, and how much of the derivative is drawn."""
    line, curve, (been, places) = state.tangent, CURVES[state.curve], state.seen
    told = f"On the {NAMES[state.curve]}, {curve.words}, at x = {number(line.x, 1)}: y is {number(line.y)} "
    told += f"and the slope is {number(line.slope)}"
    if state.came_from is not None:
        before = float(curve.derivative(state.came_from))
        verb = f"rose" if line.slope > before else f"fell" if line.slope < before else "stayed as it was"
        told += f"; from x = {number(state.came_from, 1)}, where it was {number(before)}, it {verb}"
    way = f"climbs" if line.slope >= 0.005 else f"falls" if line.slope <= -0.005 else "is level"
    told += f". The curve {way} here. {been} of {places} slopes are drawn."
    if been < places and not state.reveal:
        return told
    shape = LOOKS[state.curve].shape
    verdict = f"right" if state.guess == shape else "not this time"
    guessed = f" You guessed {SHAPES[state.guess]}: {verdict}." if state.guess else ""
    return f"{told} The whole derivative is {SHAPES[shape]}.{guessed}"


def formula(state: State) -> str:
    """Return the curve, its derivative with numbers, and beside it what differences alone give, as MathML."""
    line = state.tangent
    return slope_equations(state.curve, *line, numeric_derivative(CURVES[state.curve].value, line.x))
