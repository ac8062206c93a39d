"""Figure `activations`: nine activation functions and the reader's own, with their slopes, read off at one place."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from figures.controls import Button, Choice, Control, Range, Several
from figures.own_formula import EXAMPLE, FORMULA
from scene.activation_curves import (
    CORNERS,
    FAR,
    SIZE,
    WORDS,
    Kind,
    at,
    curve,
    frame,
    legend,
    picture,
    steepest,
    table,
    written,
)
from scene.marks import Scene
from scene.named_curves import Curve, curve_at, name_at
from scene.ticks import number

NAME = "activations"
KINDS: tuple[Kind, ...] = ("value", "slope")
RIVALS = ("tanh", "relu", "gelu", "sine")

QUESTION = "What can a neuron make of its sum?"
HINT = "Move x; hide what you do not need; type a formula."
CAPTION = (
    "Press a name, beside a curve or in the list, to hide it. The slope is what training hears of the weights behind a "
    f"neuron: where it is near zero, they hardly move. Now type a formula of your own, {EXAMPLE} perhaps: it is read, "
    "not run, its slope comes along, and every figure that lists it can train with it."
)
SIZES = {"value": SIZE, "slope": SIZE}
VIEWS = (
    ("value", "Value", "The graphs of sigmoid, tanh, ReLU and Mish from −4 to 4, each named at its end.", ("x",)),
    ("slope", "Slope", "The slopes of the same four over the same x: bumps, and for ReLU a jump from 0 to 1.", ()),
)
LAYOUT = {"guess": ("guess",), "groups": (("all", "none"),), "controls": ("show", "x", "formula"), "panels": "wide"}
POINTED = ("value", "slope")
SHARED = ("formula",)
SHOW = Several("show", "Shown", *legend(WORDS))
CONTROLS: tuple[Control, ...] = (
    Range("x", "Read off at x", -FAR, FAR, 0.1),
    SHOW,
    FORMULA,
    Button("all", "Show all"),
    Button("none", "Hide all"),
    Choice("guess", "Which climbs most steeply?", tuple((name, WORDS[name]) for name in RIVALS), tapped=True),
)


@dataclass(frozen=True)
class State:
    """Where the reader reads off, what is shown, and their own formula."""

    x: float = 1.0
    show: str = "sigmoid,tanh,relu,mish,own"
    formula: str = ""
    guess: str = ""
    term: str = ""
    step: str = ""
    """The last change, in words."""

    @property
    def shown(self) -> list[str]:
        """The activations to be seen; the reader's own only where there is one."""
        return [name for name in self.show.split(",") if name and (name != "own" or self.formula.strip())]


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: x in its range, and a new formula in sight."""
    state = replace(state, x=round(float(np.clip(state.x, -FAR, FAR)), 1) + 0.0)
    if state.formula != before.formula:
        show = SHOW.added(state.show, "own")
        step = f"Yours is now {state.formula.strip()}." if state.formula.strip() else "Yours is gone."
        return replace(state, show=show, step=step)
    if state.x != before.x:
        return replace(state, step=f"x went from {number(before.x, 1)} to {number(state.x, 1)}.")
    gone, come = ([WORDS[n] for n in a.shown if n not in b.shown] for a, b in ((before, state), (state, before)))
    told = [f"{word}: {', '.join(names)}." for word, names in (("Hidden", gone), ("Shown", come)) if names]
    return replace(state, step=" ".join(told)) if told else state


def pressed(state: State, button: str) -> State:
    """Return the state after a press of `all` or `none`: everything shown, or nothing."""
    return changed(replace(state, show=",".join(WORDS) if button == "all" else ""), state)


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with the cursor at the pointer's x."""
    return changed(replace(state, x=x), state)


def pressed_at(state: State, view: Kind, x: float, y: float) -> State:
    """Return the state after a press on a picture: on a name it hides that curve, else it moves the cursor there."""
    if x <= FAR:
        return changed(replace(state, x=x), state)
    name = name_at((frame(view), _curves(state, view)), SIZE, x, y)
    return changed(replace(state, show=SHOW.flipped(state.show, name)), state) if name else state


def hovered(state: State, view: Kind, x: float | None, y: float | None) -> State:
    """Return the state with the curve lit that the pointer is at, or whose name it is at."""
    term = curve_at((frame(view), _curves(state, view)), SIZE, x, y)
    return state if term == state.term else replace(state, term=term)


def _curves(state: State, kind: Kind) -> dict[str, Curve]:
    return {name: curve(name, state.formula, kind) for name in state.shown}


def _read_off(state: State) -> dict[str, tuple[str, str]]:
    """Each shown activation's value and slope at x, as a reader sees them."""
    found = {name: at(name, state.formula, state.x) for name in state.shown}
    return {
        name: (written(value), CORNERS.get(name, f"none") if np.isnan(slope) else written(slope))
        for name, (value, slope) in found.items()
    }


def scene(state: State) -> Scene:
    """Return the figure's two pictures: `value` and `slope`."""
    met = np.array([at(name, state.formula, state.x) for name in state.shown]).reshape(-1, 2)
    return {kind: picture(kind, _curves(state, kind), state.x, met[:, i], state.term) for i, kind in enumerate(KINDS)}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    return {"x": (f"x = {number(state.x, 1)}", repr(state.x))}


def describe(state: State) -> str:
    """Return in words every value and slope at x, the last change, and what came of the guess."""
    rows = _read_off(state).items()
    told = "; ".join(f"{WORDS[name]} is {value}, its slope {slope}" for name, (value, slope) in rows)
    told = f"At x = {number(state.x, 1)}: {told}." if told else "No curve is shown."
    return " ".join(part for part in (told, state.step, _verdict(state)) if part)


def _verdict(state: State) -> str:
    if not state.guess:
        return ""
    slopes = {name: steepest(name) for name in RIVALS}
    winner = max(RIVALS, key=lambda name: slopes[name][1])
    place, most = slopes[winner]
    told = f"Steepest of the four is {WORDS[winner]}: its slope is {number(most)} at x = {number(place, 1)}."
    if state.guess == winner:
        return f"{told} You guessed it."
    return f"{told} You guessed {WORDS[state.guess]}, whose slope gets no larger than {number(slopes[state.guess][1])}."


def formula(state: State) -> str:
    """Return the table of what is shown: each one's formula, and its value and slope at x."""
    rows = _read_off(state)
    return table(rows, state.formula.strip(), state.x) if rows else ""
