"""Figure `sigmoid`: the smooth step, its slope as tangent and bar, and what many such slopes leave of a change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from figures.controls import Choice, Control, Range
from scene.chain_of_slopes import MOST, chain_bars, scientific, sigmoid_equations
from scene.graph import graph
from scene.marks import Array, Scene
from scene.tangents import EDGE, curve_with_tangent, slope_bar
from scene.ticks import number, went
from unfold.calculus import CURVES, Tangent

NAME = "sigmoid"
SIGMOID = CURVES["sigmoid"]
FAR, LEAST, HEAVIEST = 3.0, 0.5, 8.0
STEEPEST = float(SIGMOID.derivative(0.0))
"""The sigmoid's largest slope, which it has at 0."""
RUNS = (1.0, 0.5, 0.2)
"""Runs of the slope triangle: the first whose rise fits the picture is drawn."""

QUESTION = "How steep is the smooth step?"
HINT = "Move the point to where the slope is largest."
CAPTION = (
    "The bar is the slope of the tangent. A heavier w makes the curve steeper and the places with any slope fewer: "
    "the step comes back. On the way back through layers such slopes multiply; a dash marks the most that can be left."
)
SIZES = {"curve": (300, 240), "slope": (300, 240), "chain": (300, 240)}
VIEWS = (
    ("curve", "The sigmoid", "An S-shaped curve from 0 to 1, with a tangent at z = 1.5.", ("value",)),
    ("slope", "Its slope", "A short bar: the slope 0.149 at z = 1.5.", ("slope",)),
    ("chain", "Left after layers", "Three bars on a log scale, each lower than the one before.", ("product",)),
)
LAYOUT = {"guess": ("guess",), "controls": ("z", "weight", "layers")}
POINTED = ("curve", "slope", "chain")
GUESSES = {"0.25": "1/4", "0.5": "1/2", "1.0": "1"}
CONTROLS: tuple[Control, ...] = (
    Range("z", "Place z", -FAR, FAR, 0.1),
    Range("weight", "Weight w", LEAST, HEAVIEST, 0.5),
    Range("layers", "Layers n", 1, MOST, 1),
    Choice("guess", "With w = 1, what is the largest slope?", tuple(GUESSES.items()), tapped=True),
)


@dataclass(frozen=True)
class State:
    """Where the reader stands, how steep the sigmoid is, through how many layers, and whether the top was found."""

    z: float = 1.5
    weight: float = 1.0
    layers: int = 3
    guess: str = ""
    term: str = ""
    found: bool = False
    news: str = ""

    @property
    def tangent(self) -> Tangent:
        """The tangent of σ(wz) at z: its slope is w σ'(wz)."""
        inside = self.weight * self.z
        return Tangent(self.z, float(SIGMOID.value(inside)), self.weight * float(SIGMOID.derivative(inside)))

    @property
    def product(self) -> float:
        """As many of these slopes as there are layers, multiplied."""
        return self.tangent.slope**self.layers

    @property
    def most(self) -> float:
        """The largest slope that σ(wz) has anywhere."""
        return self.weight * STEEPEST


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: z on its step, what changed, and whether z is at the steepest place."""
    state = replace(state, z=round(min(max(state.z, -FAR), FAR), 1) + 0.0)
    state = replace(state, found=before.found or state.z == 0.0)
    moved = went(("z", "w"), (before.z, before.weight), (state.z, state.weight))
    if state.layers != before.layers:
        return replace(state, news=f"n went from {before.layers} to {state.layers}. ")
    if not moved:
        return state
    was, now = before.tangent.slope, state.tangent.slope
    did = f"stayed" if was == now else f"{f'rose' if now > was else f'fell'} from {scientific(was)}"
    return replace(state, news=f"{moved}, and the slope {did}. ")


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with the point moved along the curve to the pointer's x."""
    return changed(replace(state, z=x), state)


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit that the pointer is at: the slope near z, the product at its bar, or none."""
    lit = {"chain": ("product", state.layers)}.get(view, ("slope", state.z))
    term = lit[0] if x is not None and abs(x - lit[1]) < 0.5 else ""
    return state if term == state.term else replace(state, term=term)


def _slopes(state: State) -> Array:
    def slope(z: Array) -> Array:
        found: Array = state.weight * SIGMOID.derivative(state.weight * z)
        return found

    return graph(slope, -EDGE, EDGE)


def scene(state: State) -> Scene:
    """Return the figure's three pictures: `curve`, `slope` and `chain`; the top shows once it was found."""
    line, lit = state.tangent, state.term
    run = next((run for run in RUNS if run * line.slope <= 0.4), RUNS[-1])
    path = graph(lambda z: SIGMOID.value(state.weight * z), -EDGE, EDGE)
    level = (STEEPEST, "1/4") if state.found else None
    return {
        "curve": curve_with_tangent(path, line, run, (-0.3, 1.3), lit),
        "slope": slope_bar(_slopes(state) if state.found else None, line, max(1.1, 1.2 * state.most), level,
                           lit == "slope"),
        "chain": chain_bars(line.slope, state.most, state.layers, state.found, lit == "product"),
    }  # fmt: skip


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    line = state.tangent
    most = GUESSES[str(STEEPEST)] if state.weight == 1.0 else f"{state.most:g}"
    words = f"✓ Steepest at z = 0: {most}" if state.found else "Not yet at the steepest place"
    return {
        "value": (number(line.y, 3), repr(line.y)),
        "slope": (scientific(line.slope), repr(line.slope)),
        "product": (scientific(state.product), repr(state.product)),
        "solved": (words, str(state.found).lower()),
    }


def describe(state: State) -> str:
    """Return in words what changed, the slope at z, what is left after the layers, and the most that could be."""
    line, way = state.tangent, f"right" if state.z < 0.0 else f"left"
    told = f"{state.news}At z = {number(state.z, 1)} with w = {number(state.weight, 1)} the sigmoid is "
    told += f"{number(line.y, 3)} and its slope {scientific(line.slope)}. "
    layers = "one layer" if state.layers == 1 else f"{state.layers} layers"
    told += f"Through {layers} with this slope {scientific(state.product)} of a change is left"
    if not state.found:
        return f"{told}. That is not the largest slope yet: go to the {way}."
    told += f"; at most it could be {scientific(state.most**state.layers)}"
    told += (
        "." if state.weight == 1.0 else f", as w = {number(state.weight, 1)} makes the largest slope {state.most:g}."
    )
    verdict = f"right" if float(state.guess or 0) == STEEPEST else "not this time"
    guessed = f" You guessed {GUESSES[state.guess]}: {verdict}." if state.guess else ""
    return f"{told} With w = 1 the sigmoid is steepest at z = 0: its slope there is {GUESSES[str(STEEPEST)]}.{guessed}"


def formula(state: State) -> str:
    """Return the sigmoid, its slope and their product with the present numbers, as MathML."""
    line = state.tangent
    return sigmoid_equations(state.z, state.weight, line.y, line.slope, state.layers, state.found)
