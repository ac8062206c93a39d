"""Figure `step-function`: the step, a nudge either way, and the slope that tells nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from figures.controls import Choice, Control, Range
from scene.jump import jump_equations, nudged_step, quotient, quotients
from scene.marks import Scene
from scene.tangents import slope_bar
from scene.ticks import number, went
from unfold.activations import STEP
from unfold.calculus import Tangent

NAME = "step-function"
FAR, NARROWEST, WIDEST = 2.0, 0.1, 1.5
OPENING = (-0.8, 1.2)
"""The z and the nudge that the figure opens with: a nudge so wide that it seems to find a slope."""
NARROW = 0.2
"""At the jump, the nudge from which on the quotient is seen to grow."""
TOP = 5.5

QUESTION = "Which way should the weight move?"
HINT = "The answer is 0 and should be 1. Shrink the nudge."
CAPTION = (
    "A nudge of a weight moves z by h, up or down; the line joins the two answers, and the bar is its slope. Nothing "
    "happens until a nudge crosses 0, then everything at once. As h shrinks, the box keeps its area of 1 and becomes "
    "a spike: beside the jump a slope of 0, at the jump none. Going downhill needs a slope."
)
SIZES = {"step": (300, 300), "quotient": (300, 300)}
VIEWS = (
    (
        "step",
        "The step",
        "A graph that is 0 left of z = 0 and 1 from there on, with a point at z = −0.8 and a nudge of 1.2 either way.",
        ("answer",),
    ),
    ("quotient", "Slope by the nudge", "A low box around z = 0, and in it a bar of 0.42 at z = −0.8.", ("slope",)),
)
LAYOUT = {"guess": ("guess",), "controls": ("z", "nudge")}
POINTED = ("step", "quotient")
GUESSES = {"0": "0", "0.42": "0.42, as now", "more": "more and more"}
CONTROLS: tuple[Control, ...] = (
    Range("z", "Sum z", -FAR, FAR, 0.1),
    Range("nudge", "Nudge h", NARROWEST, WIDEST, 0.1),
    Choice("guess", "Shrink the nudge at z = −0.8: what slope is left?", tuple(GUESSES.items()), tapped=True),
)


@dataclass(frozen=True)
class State:
    """Where the reader stands, how far the nudge goes, and what they have found."""

    z: float = OPENING[0]
    nudge: float = OPENING[1]
    guess: str = ""
    term: str = ""
    flat: bool = False
    """Whether the reader has seen a nudge that changes nothing, at OPENING's z or beside the jump elsewhere."""
    spike: bool = False
    """Whether the reader has seen the quotient grow at the jump."""
    news: str = ""

    @property
    def slope(self) -> float:
        """The quotient at z, for the nudge."""
        return quotient(self.z, self.nudge)


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: on the sliders' steps, with what was found and what changed."""
    z = round(min(max(state.z, -FAR), FAR), 1) + 0.0
    state = replace(state, z=z, nudge=round(min(max(state.nudge, NARROWEST), WIDEST), 1))
    flat, spike = before.flat or state.slope == 0.0, before.spike or (z == 0.0 and state.nudge <= NARROW)
    moved = went("zh", (before.z, before.nudge), (z, state.nudge))
    if not moved:
        return state
    did = f"stayed" if state.slope == before.slope else f"went from {number(before.slope)} to"
    return replace(state, flat=flat, spike=spike, news=f"{moved}, and the slope {did} {number(state.slope)}. ")


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with z moved along the axis, or the nudge made to reach as far as the pointer."""
    return changed(replace(state, z=x) if handle == "z" else replace(state, nudge=abs(x - state.z)), state)


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit that the pointer is at: the slope at z, the nudge around it, or none."""
    away = 9.0 if x is None else abs(x - state.z)
    term = "slope" if away < 0.25 else "nudge" if view == "step" and away <= state.nudge else ""
    return state if term == state.term else replace(state, term=term)


def scene(state: State) -> Scene:
    """Return the figure's two pictures: `step` and `quotient`."""
    place = Tangent(state.z, 0.0, state.slope)
    return {
        "step": nudged_step(state.z, state.nudge, state.term),
        "quotient": slope_bar(quotients(state.nudge), place, TOP, None, state.term == "slope"),
    }


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    answer, done = float(STEP.value(np.array(state.z))), state.flat and state.spike
    words = "✓ A slope of 0, or none" if done else f"Not yet: {state.flat + state.spike} of 2 places tried"
    return {
        "answer": (f"answer {answer:.0f}", str(answer)),
        "slope": (number(state.slope), repr(state.slope)),
        "solved": (words, str(done).lower()),
    }


def describe(state: State) -> str:
    """Return in words what changed, what the nudge changes, the slope at z, and what is still to be tried."""
    behind, here, ahead = STEP.value(state.z + state.nudge * np.array([-1.0, 0.0, 1.0])).tolist()
    told = (
        f"{state.news}At z = {number(state.z, 1)} the answer is {here:.0f}; nudged by {number(state.nudge, 1)} it is "
    )
    told += f"{behind:.0f} below and {ahead:.0f} above, " + ("no change" if ahead == behind else "the whole jump")
    if state.z == 0.0:
        told += (
            f". This is the jump: the slope by the nudge, {number(state.slope)}, grows without end as h shrinks, so "
        )
        told += "there is none."
    elif state.slope:
        told += f": it seems a slope of {number(state.slope)}. A nudge below {number(abs(state.z), 1)} misses the jump."
    else:
        told += ". The slope is 0: it says neither up nor down."
    if not state.flat:
        return told + " Still to try: a nudge too small to reach the jump."
    told += "" if state.spike else f" Still to try: z = 0 with a nudge of {NARROW} or less."
    left = f"{quotient(OPENING[0], NARROWEST):g}"
    verdict = f"right" if state.guess == left else "not this time"
    return told + (f" You guessed {GUESSES[state.guess]} at z = −0.8: {verdict}, it is {left}." if state.guess else "")


def formula(state: State) -> str:
    """Return the step and the quotient with their numbers, and the quotient for shrinking nudges."""
    return jump_equations(state.z, state.nudge)
