"""Figure `chain-rule`: one sample's way through a network, and the chain rule back from the loss to any weight."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from math import hypot, prod

import numpy as np

from figures.controls import Button, Choice, Control, Range
from scene.diagram import line_width
from scene.marks import Array, Axis, Labels, Lines, Mark, Points, Scene, View
from scene.mathml import equations, variable
from scene.ticks import number
from unfold.backprop import gradients
from unfold.datasets import gate
from unfold.graph import computation_graph, finite_difference, paths
from unfold.network import Network
from unfold.training import step

NAME = "chain-rule"
X, Y = gate("xor")
ROWS = {f"{int(a)}{int(b)}": row for row, (a, b) in enumerate(X)}
SEED = 13
PARAMETERS: dict[str, tuple[int, int | None, int]] = {
    "w11": (0, 0, 0), "w12": (0, 0, 1), "w21": (0, 1, 0), "w22": (0, 1, 1), "b1": (0, None, 0), "b2": (0, None, 1),
    "v1": (1, 0, 0), "v2": (1, 1, 0), "c": (1, None, 0),
}  # fmt: skip
"""Each weight and bias: its layer, the input it comes from (none for a bias) and the neuron it goes to."""
SUBSCRIPTS = str.maketrans("12", "₁₂")
AT = {
    "A": (0.0, 0.75), "B": (0.0, 0.25), "z1": (1.25, 0.75), "z2": (1.25, 0.25), "h1": (2.3, 0.75), "h2": (2.3, 0.25),
    "z": (3.45, 0.5), "y": (4.45, 0.5), "L": (5.45, 0.5), "b1": (1.25, 1.0), "b2": (1.25, 0.0), "c": (3.45, 0.8),
}  # fmt: skip
"""Where each value stands; a bias is where its edge begins."""
FROM = {"w11": "A", "w12": "A", "w21": "B", "w22": "B", "v1": "h1", "v2": "h2", "b1": "b1", "b2": "b2", "c": "c"}
TO = {"w11": "z1", "w12": "z2", "w21": "z1", "w22": "z2", "v1": "z", "v2": "z", "b1": "z1", "b2": "z2", "c": "z"}
INNER = (("z1", "h1"), ("z2", "h2"), ("z", "y"), ("y", "L"))
"""Edges with no weight on them: an activation, or the loss."""
PLACES = {
    "w11": (0.5, 0.0, -13.0), "w12": (0.27, -15.0, 0.0), "w21": (0.27, -15.0, 0.0), "w22": (0.5, 0.0, 13.0),
    "v1": (0.45, 14.0, -13.0), "v2": (0.45, 14.0, 13.0), "b1": (0.0, 0.0, -10.0), "b2": (0.0, 0.0, 10.0),
    "c": (0.0, 0.0, -10.0),
}  # fmt: skip
"""Where on its edge a parameter's number stands: the share of the way, and pixels to the right and down."""
NEAR = 22.0
"""Pixels within which the pointer is taken to be on an edge."""

QUESTION = "How does the loss feel one weight?"
HINT = "Point at a line, or choose a weight."
CAPTION = (
    "Numbers in the circles run forward; numbers on the lines are slopes, and run backward. The slope of the loss by a "
    "weight is the product along its path. Step moves all nine against their slopes."
)
SIZES = {"graph": (424, 340)}
VIEWS = (
    (
        "graph",
        "Forward and back",
        "A computation graph from inputs A and B through sums and activations to the answer y and the loss L, with a "
        "number in every circle, and the path from one weight to the loss lit.",
        ("loss", "slope"),
    ),
)
LAYOUT = {"groups": (("step", "rewind"),), "controls": ("weight", "row", "learning-rate")}
POINTED = ("graph",)
CONTROLS: tuple[Control, ...] = (
    Choice("weight", "Weight or bias", tuple((name, name.translate(SUBSCRIPTS)) for name in PARAMETERS)),
    Choice("row", "Inputs A, B", tuple((row, f"{row}, target {int(Y[k, 0])}") for row, k in ROWS.items())),
    Range("learning-rate", "Learning rate", 0.1, 5.0, 0.1),
    Button("step", "Step"),
    Button("rewind", "Rewind"),
)


@dataclass(frozen=True)
class State:
    """The chosen weight and row, the network as it stands, and the loss before the last step."""

    weight: str = "w11"
    row: str = "11"
    learning_rate: float = 0.5
    term: str = ""
    network: Network = field(default_factory=lambda: Network.create((2, 2, 1), "tanh", seed=SEED))
    steps: int = 0
    before: float | None = None


@dataclass(frozen=True)
class Link:
    """One factor of the product: a local derivative, and the edge it belongs to."""

    top: str
    bottom: str
    ends: tuple[str, str]
    value: float

    @property
    def term(self) -> str:
        """The name that joins formula and picture."""
        return f"{self.top}-{self.bottom}"


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: with another row, the loss before the last step is no more told."""
    return replace(state, before=None, term="") if state.row != before.row else replace(state, term="")


def pressed(state: State, button: str) -> State:
    """Return the state after `step`, all nine parameters moved against their slopes, or `rewind`."""
    if button == "rewind":
        return replace(state, network=State().network, steps=0, before=None)
    x, y = _sample(state)
    network = step(state.network, gradients(state.network, x[None], y[None]), state.learning_rate)
    return replace(state, network=network, steps=state.steps + 1, before=values(state)["L"])


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the edge under the pointer lit; a weight's own edge chooses the weight."""
    if x is None or y is None:
        return replace(state, term="")
    edges = {**{name: (FROM[name], TO[name]) for name in PARAMETERS}, **{"-".join(e[::-1]): e for e in INNER}}
    far = {name: _distance(x, y, *ends) for name, ends in edges.items()}
    name = min(far, key=lambda one: far[one])
    if far[name] > NEAR:
        return replace(state, term="")
    if name in PARAMETERS:
        return replace(state, weight=name, term=f"{TO[name]}-{name}")
    return replace(state, term=name)


pressed_at = hovered


def _distance(x: float, y: float, first: str, last: str) -> float:
    """Return how many pixels of the picture as laid out lie between a place and an edge."""
    a, b, p = (np.array(at) * (70.0, 284.0) for at in (AT[first], AT[last], (x, y)))
    share = min(max(float((p - a) @ (b - a) / ((b - a) @ (b - a))), 0.0), 1.0)
    return hypot(*(a + share * (b - a) - p))


def _sample(state: State) -> tuple[Array, Array]:
    return X[ROWS[state.row]], Y[ROWS[state.row]]


def values(state: State) -> dict[str, float]:
    """Return the value in every circle."""
    graph = computation_graph(state.network, *_sample(state))
    (z1, z2), (h1, h2) = graph.layers[0].z.tolist(), graph.layers[0].a.tolist()
    z, y = float(graph.layers[1].z[0]), float(graph.layers[1].a[0])
    a, b = _sample(state)[0].tolist()
    return {"A": a, "B": b, "z1": z1, "z2": z2, "h1": h1, "h2": h2, "z": z, "y": y, "L": graph.loss}


def parameter(network: Network, name: str) -> float:
    """Return the present value of a weight or bias of the network."""
    layer, i, j = PARAMETERS[name]
    return float(network.biases[layer][j] if i is None else network.weights[layer][i, j])


def links(state: State, name: str) -> tuple[Link, ...]:
    """Return the local derivatives on the path from the loss back to the weight or bias `name`."""
    (path,) = paths(computation_graph(state.network, *_sample(state)), *PARAMETERS[name])
    stops = ["L", "y", "z", name] if TO[name] == "z" else ["L", "y", "z", "h" + TO[name][1], TO[name], name]
    found = []
    for (top, bottom), factor in zip(pairwise(stops), reversed(path.factors), strict=True):
        found.append(Link(top, bottom, (FROM[name] if bottom == name else bottom, top), factor.value))
    return tuple(found)


def product(state: State) -> float:
    """Return the product that the formula writes out: the slope of the loss by the chosen weight or bias."""
    return prod(link.value for link in links(state, state.weight))


@lru_cache(maxsize=64)
def _measured(numbers: tuple[float, ...], row: str, name: str) -> float:
    W, b, v, c = numbers[:4], numbers[4:6], numbers[6:8], numbers[8:]
    layers = (np.array(W).reshape(2, 2), np.array(v)[:, None]), (np.array(b), np.array(c))
    net = Network(*layers, State().network.activations)
    return finite_difference(net, X[ROWS[row]], Y[ROWS[row]], *PARAMETERS[name])[0]


def measured(state: State) -> float:
    """Return the same slope from losses alone, by finite differences."""
    return _measured(tuple(parameter(state.network, name) for name in PARAMETERS), state.row, state.weight)


def scene(state: State) -> Scene:
    """Return the figure's picture: the graph with its values, and the lit path with its local derivatives."""
    path = {link.ends: link for link in links(state, state.weight)}
    slopes = {link.ends: link.value for name in ("w11", "w12") for link in links(state, name)[:-1]}
    marks: list[Mark] = []
    edges = {(FROM[name], TO[name]): parameter(state.network, name) for name in PARAMETERS}
    for ends in (*edges, *INNER):
        line = (np.array([AT[ends[0]], AT[ends[1]]]),)
        if ends in path:
            marks.append(Lines(line, "act", 9.0 if path[ends].term == state.term else 5.0))
        elif ends in edges:
            marks.append(Lines(line, "one-fill" if edges[ends] >= 0 else "zero-fill", line_width(edges[ends])))
        else:
            lit = state.term == f"{ends[1]}-{ends[0]}"
            marks.append(Lines(line, "act" if lit else "soft", 4.0 if lit else 1.5))
    on_path = {place for ends in path for place in ends}
    numbers = values(state)
    for place, value in numbers.items():
        at = np.array([AT[place]])
        marks.append(Points(at, "panel", "disc", 16.0, "act" if place in on_path else "ink", 2.0))
        marks.append(Labels(at, (_short(value) if place not in "AB" else number(value, 0),), size=10.5))
        below = place.endswith("2") or place == "B"
        aside = 15.0 if place in ("z1", "z2", "z") else 0.0
        offset = (aside, 24.0 if below else -24.0)
        marks.append(Labels(at, (place.translate(SUBSCRIPTS),), "ink", 14.0, offset=offset, italic=True))
    for name in PARAMETERS:
        marks += _numbered(state, name, (FROM[name], TO[name]) in path)
    for ends in INNER:
        down = -20.0 if ends[0] == "z2" else 20.0
        middle, colour = (np.array([AT[ends[0]]]) + np.array([AT[ends[1]]])) / 2, "act" if ends in path else "soft"
        marks.append(Labels(middle, (_short(slopes[ends]),), colour, 10.5, offset=(0.0, down)))
    target = f"target {int(_sample(state)[1][0])}"
    marks.append(Labels(np.array([AT["L"]]), (target,), "soft", 11.0, "right", (17.0, 36.0)))
    return {"graph": View(tuple(marks), Axis(0.0, 5.45), Axis(0.0, 1.0), margin=(20.0, 28.0, 20.0, 28.0))}


def _numbered(state: State, name: str, lit: bool) -> list[Mark]:
    """Return a parameter's number on its edge, and its name where it is a bias or the chosen one."""
    text, colour = _short(parameter(state.network, name)), "act" if lit else "ink"
    along, across, down = PLACES[name]
    first, last = np.array(AT[FROM[name]]), np.array(AT[TO[name]])
    at = (first + along * (last - first))[None]
    if name in "b1b2c":
        return [Labels(at, (f"{name.translate(SUBSCRIPTS)} {text}",), colour, 10.5, offset=(across, down))]
    marks: list[Mark] = [Labels(at, (text,), colour, 10.5, offset=(across, down))]
    if name == state.weight:
        farther = down + (13.0 if down > 0 or name == "w12" else -13.0)
        marks.append(Labels(at, (name.translate(SUBSCRIPTS),), "act", 13.0, offset=(across, farther), italic=True))
    return marks


def _short(value: float) -> str:
    return number(value, 2 if abs(value) < 9.995 else 1)


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    loss, slope = values(state)["L"], product(state)
    return {
        "loss": (f"loss {number(loss, 4)}", repr(loss)),
        "slope": (f"∂L/∂{state.weight.translate(SUBSCRIPTS)} {number(slope, 4)}", repr(slope)),
    }


def describe(state: State) -> str:
    """Return in words what the figure shows: the sample, the chosen weight's path and slope, and the last step."""
    shown, slope, name = values(state), product(state), state.weight.translate(SUBSCRIPTS)
    factors = " · ".join(number(link.value, 3) for link in links(state, state.weight))
    way = " → ".join(link.top.translate(SUBSCRIPTS) for link in reversed(links(state, state.weight)))
    effect = "raises the loss" if slope > 0 else "lowers the loss" if slope < 0 else "leaves the loss as it is"
    told = (
        f"Row {state.row}: the answer is {number(shown['y'], 3)}, the target {int(_sample(state)[1][0])}, the loss "
        f"{number(shown['L'], 4)}. From {name} = {number(parameter(state.network, state.weight), 3)} the path is "
        f"{way}; its slopes, from the loss back, are {factors} = {number(slope, 5)}: a little more of {name} {effect}."
    )
    if state.before is None:
        return told
    change = "fell" if shown["L"] < state.before else "rose" if shown["L"] > state.before else "stayed"
    return f"{told} Step {state.steps}: the loss {change}, from {number(state.before, 4)} to {number(shown['L'], 4)}."


def _symbol(name: str) -> str:
    return variable(name[0], int(name[1:]), name if name[0] == "h" else "") if name[1:] else variable(name)


def _slope(top: str, bottom: str) -> str:
    over, under = (f"<mrow><mi>∂</mi>{_symbol(name)}</mrow>" for name in (top, bottom))
    return f"<mfrac>{over}{under}</mfrac>"


def formula(state: State) -> str:
    """Return the product of local derivatives, in symbols and numbers, the finite difference, and the next step."""
    chain, slope, value = links(state, state.weight), product(state), parameter(state.network, state.weight)
    symbols = [f'<mrow data-term="{link.term}" tabindex="0">{_slope(link.top, link.bottom)}</mrow>' for link in chain]
    figures = [f'<mrow data-term="{link.term}">{_figure(link.value)}</mrow>' for link in chain]
    rate, moved = number(state.learning_rate, 1), number(value - state.learning_rate * slope, 4)
    return equations([
        f"{_slope('L', state.weight)}<mo>=</mo>{'<mo>·</mo>'.join(symbols)}",
        f"<mo>=</mo>{'<mo>·</mo>'.join(figures)}<mo>=</mo><mn>{number(slope, 5)}</mn>",
        f"<mtext>by finite differences:&nbsp;</mtext><mn>{number(measured(state), 5)}</mn>",
        f"{_symbol(state.weight)}<mo>←</mo>{_figure(value)}<mo>−</mo><mn>{rate}</mn><mo>·</mo>{_figure(slope)}<mo>=</mo>"
        f"<mn>{moved}</mn>",
    ])  # fmt: skip


def _figure(value: float) -> str:
    text = number(value, 4)
    return f"<mn>({text})</mn>" if text[0] == "\u2212" else f"<mn>{text}</mn>"
