"""Figure `diagram`: the 2-2-1 network as a graph, with the values of one row on their way through it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from figures.controls import Button, Choice, Control
from scene.activation_curves import WORDS
from scene.composed_formula import composed_equations
from scene.flow import network_flow, node_at, plain
from scene.marks import Array, Scene
from scene.names import in_words
from scene.nine_numbers import SUMS, XOR_BY_HAND, forward
from scene.nine_numbers import network as named_network
from unfold.datasets import gate
from unfold.network import Network

NAME = "diagram"
QUESTION = "What does each neuron do with what it gets?"
HINT = "Pick a row, or press A or B, and follow its values to the right."
CAPTION = (
    "A line carries a value times its weight: orange adds, blue takes away, thick is strong, dashed carries 0. "
    "Take the last neuron away: the two that are left each know half of the answer, and nobody joins them."
)
X, Y = gate("xor")
ROWS = ("00", "01", "10", "11")
NUMBERS = tuple(10.0 * number for number in XOR_BY_HAND)
"""The neurons OR and NAND, and the AND that joins them. Large, so that the sigmoid is almost a step."""
GATES = {"h1": "OR", "h2": "NAND", "y": "AND"}
PARTS = {"one": ("h1",), "two": ("h1", "h2"), "three": ("h1", "h2", "y")}
"""The neurons that each architecture has."""
TITLES = {"one": "A single perceptron", "two": "Two perceptrons, not joined", "three": "The whole network"}
SECONDS = 0.5
"""How long values take from one layer to the next."""

VIEWS = (
    (
        "diagram",
        "One row through the network",
        "A graph: inputs A = 0 and B = 1, two hidden neurons that both put out 1, and y, which puts out 1.",
        ("answer",),
    ),
)
SIZES = {"diagram": (424, 420)}
POINTED = ("diagram",)
LAYOUT = {"groups": (("send",),), "controls": ("row", "architecture", "activation")}
CONTROLS: tuple[Control, ...] = (
    Choice("row", "Row A B", tuple((row, f"{row[0]} {row[1]}") for row in ROWS)),
    Choice("architecture", "Architecture", tuple(TITLES.items())),
    Choice("activation", "Activation", (("step", f"step"), ("sigmoid", "sigmoid"))),
    Button("send", "Send it through again"),
)


@dataclass(frozen=True)
class State:
    """What the reader has set, and how many layers the values have gone through: 2 is all of them."""

    row: str = "01"
    architecture: str = "three"
    activation: str = "step"
    travelled: float = 2.0
    term: str = ""
    news: str = ""


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: its values set out, and what changed is told."""
    was, now = _outputs(before), _outputs(state)
    both = [name for name in now if name in was and abs(now[name] - was[name]) > 0.005]
    news = [f"{in_words(name)} went from {plain(was[name])} to {plain(now[name])}" for name in both]
    return replace(state, travelled=0.0, news=", ".join(news))


def pressed(state: State, button: str) -> State:
    """Return the state after a press of `send`: the values set out once more."""
    return replace(state, travelled=0.0)


def running(state: State) -> bool:
    """Return whether values are on their way."""
    return state.travelled < _layers(state)


def advance(state: State, elapsed: float, budget: float, clock: Callable[[], float]) -> State:
    """Return the state after `elapsed` seconds."""
    return replace(state, travelled=min(state.travelled + elapsed / SECONDS, _layers(state)))


def arrived(state: State) -> State:
    """Return the state with the values at the end of their way, for a reader who wants no motion."""
    return replace(state, travelled=_layers(state))


def _layers(state: State) -> float:
    return 2.0 if state.architecture == "three" else 1.0


def pressed_at(state: State, view: str, x: float, y: float) -> State:
    """Return the state after a press on the picture: on A or B that input changes."""
    at = node_at(x, y, _nodes(state))
    if at not in ("A", "B"):
        return state
    bits = [int(bit) ^ (name == at) for name, bit in zip("AB", state.row, strict=True)]
    return changed(replace(state, row=f"{bits[0]}{bits[1]}"), state)


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the node lit that the pointer is at."""
    term = "" if x is None or y is None else node_at(x, y, _nodes(state))
    return state if term == state.term else replace(state, term=term)


def _nodes(state: State) -> tuple[str, ...]:
    return ("A", "B", *PARTS[state.architecture])


def network(state: State) -> Network:
    """Return the whole network, of which an architecture may have a part."""
    return named_network(NUMBERS, state.activation)


def values(state: State) -> dict[str, float]:
    """Return the row's inputs, and each neuron's sum and output: z1 and h1, z2 and h2, z and y."""
    return forward(network(state), X[ROWS.index(state.row)])


def _outputs(state: State) -> dict[str, float]:
    found = values(state)
    return {name: found[name] for name in _nodes(state)}


def scene(state: State) -> Scene:
    """Return the figure's picture, `diagram`: what has not yet got its values does not show any."""
    parts = PARTS[state.architecture]
    return {"diagram": network_flow(network(state), values(state), parts, state.travelled, state.term)}


def _right(state: State, name: str) -> int:
    """How many of the four rows a neuron alone answers as XOR does."""
    _, hidden, answer = network(state).layer_values(X)[1]
    says: Array = answer[:, 0] if name == "y" else hidden[:, int(name[1]) - 1]
    return int(np.sum((says > 0.5) == (Y[:, 0] > 0.5)))


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    shown = PARTS[state.architecture][-1 if state.architecture == "three" else 0 :]
    outputs = _outputs(state)
    text = ", ".join(f"{in_words(name)} = {plain(outputs[name])}" for name in shown)
    return {"answer": (text, ", ".join(repr(outputs[name]) for name in shown))}


def describe(state: State) -> str:
    """Return in words what changed, each neuron's sum and output for the row, and how far that answers XOR."""
    found = values(state)
    told = "; ".join(
        f"{in_words(name)} ({GATES[name]}) has the sum {plain(found[SUMS[name]])} and puts out {plain(found[name])}"
        for name in PARTS[state.architecture]
    )
    target = plain(float(Y[ROWS.index(state.row), 0]))
    news = f"{state.news}. " if state.news else ""
    opening = (
        f"{TITLES[state.architecture]}, {WORDS[state.activation]}, A = {state.row[0]} and B = {state.row[1]}: {told}."
    )
    right = _right(state, "y" if state.architecture == "three" else "h1")
    verdict = {
        "one": f"XOR wants {target}; alone, this neuron answers {right} of the four rows as XOR does.",
        "two": f"XOR wants {target}; each of the two has {right} of the four rows right, and nothing joins them.",
        "three": f"XOR wants {target}; the network has {right} of the four rows right.",
    }[state.architecture]
    return f"{news}{opening} {verdict}"


def formula(state: State) -> str:
    """Return the composed function, then each neuron's equation with this row's numbers in it."""
    return composed_equations(network(state), _outputs(state), PARTS[state.architecture])
