"""Figure `chain-rule`: one sample's way through a network, and the chain rule back from the loss to any weight."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import prod

from figures.controls import Button, Choice, Control, Range
from scene.chain_formula import chain_equations
from scene.computation import computation_view, edge_at
from scene.marks import Array, Scene
from scene.names import in_words
from scene.nine_numbers import PARAMETERS, TO, XOR_BY_HAND, Link, forward, network, parameter
from scene.nine_numbers import links as factors
from scene.ticks import number
from unfold.backprop import gradients
from unfold.datasets import gate
from unfold.graph import finite_difference
from unfold.network import Network
from unfold.training import step

NAME = "chain-rule"
X, Y = gate("xor")
ROWS = {f"{int(a)}{int(b)}": row for row, (a, b) in enumerate(X)}
STARTS = {
    "gates": network(XOR_BY_HAND, "sigmoid"),
    "random": Network.create((2, 2, 1), "sigmoid", seed=13),
}
"""The networks to begin with: OR, NAND and AND, made by hand, and one of random weights."""

QUESTION = "How does the loss feel one weight?"
HINT = "Point at a line, or choose a weight."
CAPTION = (
    "Values run forward, in the circles; slopes run backward, on the lines. The slopes from the loss back to a "
    "weight’s line, times the value that enters it, are the slope of the loss by the weight. Step moves all nine."
)
SIZES = {"graph": (424, 380)}
VIEWS = (
    (
        "graph",
        "Forward and back",
        "A computation graph from inputs A and B through sums and activations to the answer y and the loss L, with a "
        "number in every circle, and the path from one weight to the loss lit.",
        ("loss", "slope"),
    ),
)
LAYOUT = {"groups": (("step", "rewind"),), "controls": ("weight", "row", "learning-rate", "start")}
POINTED = ("graph",)
CONTROLS: tuple[Control, ...] = (
    Choice("weight", "Weight or bias", tuple((name, in_words(name)) for name in PARAMETERS)),
    Choice("row", "Inputs A, B", tuple((row, f"{row}, target {int(Y[k, 0])}") for row, k in ROWS.items())),
    Range("learning-rate", "Learning rate", 0.1, 5.0, 0.1),
    Choice("start", "Start from", (("gates", "three gates"), ("random", f"random"))),
    Button("step", "Step"),
    Button("rewind", "Rewind"),
)


@dataclass(frozen=True)
class State:
    """The chosen weight and row, the network as it stands, and the loss before the last step."""

    weight: str = "w11"
    row: str = "10"
    learning_rate: float = 1.0
    start: str = "gates"
    term: str = ""
    network: Network = field(default_factory=lambda: STARTS["gates"])
    steps: int = 0
    before: float | None = None


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: another start is a new network, another row compares no losses."""
    if state.start != before.start:
        state = pressed(state, "rewind")
    return replace(state, before=None, term="") if state.row != before.row else replace(state, term="")


def pressed(state: State, button: str) -> State:
    """Return the state after `step`, all nine parameters moved against their slopes, or `rewind`."""
    if button == "rewind":
        return replace(state, network=STARTS[state.start], steps=0, before=None)
    x, y = _sample(state)
    moved = step(state.network, gradients(state.network, x[None], y[None]), state.learning_rate)
    return replace(state, network=moved, steps=state.steps + 1, before=values(state)["L"])


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the edge under the pointer lit; a weight's own edge chooses the weight."""
    name = "" if x is None or y is None else edge_at(x, y)
    return replace(state, weight=name, term=f"{TO[name]}-{name}") if name in PARAMETERS else replace(state, term=name)


pressed_at = hovered


def _sample(state: State) -> tuple[Array, Array]:
    return X[ROWS[state.row]], Y[ROWS[state.row]]


def values(state: State) -> dict[str, float]:
    """Return the value in every circle."""
    x, y = _sample(state)
    return {**forward(state.network, x), "L": float(state.network.loss(x[None], y[None]))}


def links(state: State, name: str) -> tuple[Link, ...]:
    """Return the local derivatives on the path from the loss back to the weight or bias `name`."""
    return factors(state.network, *_sample(state), name)


def product(state: State) -> float:
    """Return the product that the formula writes out: the slope of the loss by the chosen weight or bias."""
    return prod(link.value for link in links(state, state.weight))


@lru_cache(maxsize=64)
def _measured(numbers: tuple[float, ...], row: int, name: str) -> float:
    return finite_difference(network(numbers, "sigmoid"), X[row], Y[row], *PARAMETERS[name])[0]


def measured(state: State) -> float:
    """Return the same slope from losses alone, by finite differences."""
    return _measured(tuple(parameter(state.network, name) for name in PARAMETERS), ROWS[state.row], state.weight)


def scene(state: State) -> Scene:
    """Return the figure's picture: the graph with its values, and the lit path with its local derivatives."""
    numbers = {name: parameter(state.network, name) for name in PARAMETERS}
    slopes = {link.ends: link.value for name in ("w11", "w12") for link in links(state, name)}
    told = f"target {int(_sample(state)[1][0])}"
    return {"graph": computation_view(values(state), numbers, slopes, links(state, state.weight), state.term, told)}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    loss, slope = values(state)["L"], product(state)
    return {
        "loss": (f"loss {number(loss, 4)}", repr(loss)),
        "slope": (f"slope {number(slope, 4)}", repr(slope)),
    }


def describe(state: State) -> str:
    """Return in words what the figure shows: the sample, the chosen weight's path and slope, and the last step."""
    shown, slope, name, chain = values(state), product(state), in_words(state.weight), links(state, state.weight)
    written = " · ".join(number(link.value, 3) for link in chain)
    way = " → ".join(in_words(link.top) for link in reversed(chain))
    effect = "raises the loss" if slope > 0 else "lowers the loss" if slope < 0 else "leaves the loss as it is"
    told = (
        f"Row {state.row}: the answer is {number(shown['y'], 3)}, the target {int(_sample(state)[1][0])}, the loss "
        f"{number(shown['L'], 4)}. From {name} = {number(parameter(state.network, state.weight), 3)} the path is "
        f"{way}; its slopes, from the loss back, are {written} = {number(slope, 5)}: a little more of {name} {effect}."
    )
    if state.before is None:
        return told
    change = f"fell" if shown["L"] < state.before else f"rose" if shown["L"] > state.before else f"stayed"
    return f"{told} Step {state.steps}: the loss {change}, from {number(state.before, 4)} to {number(shown['L'], 4)}."


def formula(state: State) -> str:
    """Return the product of local derivatives, in symbols and numbers, the finite difference, and the next step."""
    value = parameter(state.network, state.weight)
    return chain_equations(links(state, state.weight), product(state), measured(state), value, state.learning_rate)
