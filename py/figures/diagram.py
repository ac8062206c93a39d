"""Figure `diagram`: the 2-2-1 network as a graph, with the values of one row on their way through it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from figures.controls import Button, Choice, Control
from scene.flow import Edge, Node, flow_view, plain
from scene.marks import Array, Scene
from scene.mathml import NAMES, equations, variable
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
WEIGHTS = (np.array([[10.0, -10.0], [10.0, -10.0]]), np.array([[10.0], [10.0]]))
BIASES = (np.array([-5.0, 15.0]), np.array([-15.0]))
"""The neurons OR and NAND, and the AND that joins them. Large, so that the sigmoid is almost a step."""
GATES = {"h1": "OR", "h2": "NAND", "y": "AND"}
PARTS = {"one": ("h1",), "two": ("h1", "h2"), "three": ("h1", "h2", "y")}
"""The neurons that each architecture has."""
TITLES = {"one": "A single perceptron", "two": "Two perceptrons, not joined", "three": "The whole network"}
PLACES = {"A": (0.0, 0.8), "B": (0.0, 0.2), "h1": (1.0, 1.0), "h2": (1.0, 0.0), "y": (2.0, 0.5)}
WRITTEN = {"h1": "h₁", "h2": "h₂"}
PIXELS = (170.0, 240.0)
"""About how many a unit across and a unit up have: enough to tell which neuron the pointer is at."""
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
    Choice("activation", "Activation", (("step", "step"), ("sigmoid", "sigmoid"))),
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
    news = [f"{WRITTEN.get(name, name)} went from {plain(was[name])} to {plain(now[name])}" for name in both]
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


def _layers(state: State) -> float:
    return 2.0 if state.architecture == "three" else 1.0


def pressed_at(state: State, view: str, x: float, y: float) -> State:
    """Return the state after a press on the picture: on A or B that input changes."""
    at = _node_at(state, x, y)
    if at not in ("A", "B"):
        return state
    bits = [int(bit) ^ (name == at) for name, bit in zip("AB", state.row, strict=True)]
    return changed(replace(state, row=f"{bits[0]}{bits[1]}"), state)


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the node lit that the pointer is at."""
    term = "" if x is None or y is None else _node_at(state, x, y)
    return state if term == state.term else replace(state, term=term)


def _node_at(state: State, x: float, y: float) -> str:
    far = {
        name: math.hypot((x - PLACES[name][0]) * PIXELS[0], (y - PLACES[name][1]) * PIXELS[1])
        for name in ("A", "B", *PARTS[state.architecture])
    }
    nearest = min(far, key=lambda name: far[name])
    return nearest if far[nearest] < 30.0 else ""


def network(state: State) -> Network:
    """Return the whole network, of which an architecture may have a part."""
    return Network(WEIGHTS, BIASES, (state.activation,) * 2)


def _values(state: State) -> tuple[dict[str, float], dict[str, float]]:
    """Return the sums and the outputs for the row by name; inputs have an output alone."""
    z, a = network(state).layer_values(X[[ROWS.index(state.row)]])
    sums = dict(zip(("h1", "h2", "y"), np.concatenate([z[0][0], z[1][0]]).tolist(), strict=True))
    outputs = np.concatenate([layer[0] for layer in a]).tolist()
    return sums, dict(zip(("A", "B", "h1", "h2", "y"), outputs, strict=True))


def _outputs(state: State) -> dict[str, float]:
    outputs = _values(state)[1]
    return {name: outputs[name] for name in ("A", "B", *PARTS[state.architecture])}


def scene(state: State) -> Scene:
    """Return the figure's picture, `diagram`: what has not yet got its values does not show any."""
    sums, outputs = _values(state)
    nodes, edges = list[Node](), list[Edge]()
    for name in ("A", "B"):
        told = (f"{name} = {plain(outputs[name])}",)
        above, below = (told, ()) if name == "A" else ((), told)
        nodes.append(Node(name, PLACES[name], "ink", above, below, state.term == name))
    for name in PARTS[state.architecture]:
        layer, column = (1, 0) if name == "y" else (0, int(name[1]) - 1)
        bias, lit = f"bias {plain(float(BIASES[layer][column]))}", state.term == name
        there = state.travelled >= layer + 1
        values = (f"sum {plain(sums[name])}", f"output {plain(outputs[name])}") if there else ("", "")
        texts = {"h1": ((bias, *values), ()), "h2": ((), (bias, *values)), "y": ((bias,), values)}[name]
        ring = "ink" if name == "y" else name
        nodes.append(Node(WRITTEN.get(name, name), PLACES[name], ring, *texts, lit))
        moving = state.travelled - layer if layer <= state.travelled < layer + 1 else None
        for source, weight in zip(("h1", "h2") if layer else ("A", "B"), WEIGHTS[layer][:, column], strict=True):
            value = outputs[source] if state.travelled >= layer else None
            steep = layer == 0 and abs(PLACES[source][1] - PLACES[name][1]) > 0.5
            at, aside = (0.27, 0.0) if steep else (0.5 - 0.1 * layer, -13.0 if "h1" in (name, source) else 13.0)
            lit_edge = state.term in (name, source) and state.term != ""
            edges.append(Edge(PLACES[source], PLACES[name], float(weight), value, at, aside, moving, lit_edge))
    return {"diagram": flow_view(tuple(nodes), tuple(edges), 2.0)}


def _right(state: State, name: str) -> int:
    """How many of the four rows a neuron alone answers as XOR does."""
    _, hidden, answer = network(state).layer_values(X)[1]
    says: Array = answer[:, 0] if name == "y" else hidden[:, int(name[1]) - 1]
    return int(np.sum((says > 0.5) == (Y[:, 0] > 0.5)))


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    shown = PARTS[state.architecture][-1 if state.architecture == "three" else 0 :]
    outputs = _outputs(state)
    text = ", ".join(f"{WRITTEN.get(name, name)} = {plain(outputs[name])}" for name in shown)
    return {"answer": (text, ", ".join(repr(outputs[name]) for name in shown))}


def describe(state: State) -> str:
    """Return in words what changed, each neuron's sum and output for the row, and how far that answers XOR."""
    sums, outputs = _values(state)
    told = "; ".join(
        f"{WRITTEN.get(name, name)} ({GATES[name]}) has the sum {plain(sums[name])} and puts out {plain(outputs[name])}"
        for name in PARTS[state.architecture]
    )
    target = plain(float(Y[ROWS.index(state.row), 0]))
    news = f"{state.news}. " if state.news else ""
    opening = f"{TITLES[state.architecture]}, {state.activation}, A = {state.row[0]} and B = {state.row[1]}: {told}."
    right = _right(state, "y" if state.architecture == "three" else "h1")
    verdict = {
        "one": f"XOR wants {target}; alone, this neuron answers {right} of the four rows as XOR does.",
        "two": f"XOR wants {target}; each of the two has {right} of the four rows right, and nothing joins them.",
        "three": f"XOR wants {target}; the network has {right} of the four rows right.",
    }[state.architecture]
    return f"{news}{opening} {verdict}"


def _term(name: str, inside: str) -> str:
    return f'<mrow data-term="{name}" tabindex="0">{inside}</mrow>'


def _symbol(name: str) -> str:
    return variable("h", int(name[1]), name) if name in WRITTEN else variable(name)


def _applied(state: State, name: str, parts: tuple[str, str]) -> str:
    """Return the activation of a neuron's sum, in which `parts` stand for what comes in."""
    layer, column = (1, 0) if name == "y" else (0, int(name[1]) - 1)
    inside = ""
    for number, part in zip((*WEIGHTS[layer][:, column], BIASES[layer][column]), (*parts, ""), strict=True):
        sign = "<mo>−</mo>" if number < 0 else "<mo>+</mo>" if inside else ""
        inside += f"{sign}<mn>{plain(abs(float(number)))}</mn>" + (f"<mo>·</mo>{part}" if part else "")
    f = NAMES.get(state.activation, state.activation)
    return f"<mi>{f}</mi><mo>&#x2061;</mo><mrow><mo>(</mo>{inside}<mo>)</mo></mrow>"


def formula(state: State) -> str:
    """Return the composed function, then each neuron's equation with this row's numbers in it."""
    outputs, rows = _outputs(state), []
    inputs = (_term("A", variable("A")), _term("B", variable("B")))
    if state.architecture == "three":
        inner = (_term("h1", _applied(state, "h1", inputs)), _term("h2", _applied(state, "h2", inputs)))
        rows.append(_term("y", f"{variable('y')}<mo>=</mo>{_applied(state, 'y', inner)}"))
    for name in PARTS[state.architecture]:
        sources = ("h1", "h2") if name == "y" else ("A", "B")
        numbers = (f"<mn>{plain(outputs[sources[0]])}</mn>", f"<mn>{plain(outputs[sources[1]])}</mn>")
        result = f"<mo>{'=' if outputs[name] in (0.0, 1.0) else '≈'}</mo><mn>{plain(outputs[name])}</mn>"
        rows.append(_term(name, f"{_symbol(name)}<mo>=</mo>{_applied(state, name, numbers)}{result}"))
    return equations(rows)
