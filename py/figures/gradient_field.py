"""Figure `gradient-field`: the loss of one neuron as a map, the gradient at any place on it, and a ball going down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import hypot

import numpy as np

from figures.controls import Button, Choice, Control, Range, Toggle
from scene.chains import joined
from scene.contours import contour
from scene.marks import Array, Arrows, Axis, Handles, Heat, Labels, Lines, Mark, Points, Scene, View
from scene.mathml import equations, variable
from scene.plane import grid
from scene.ticks import number
from unfold.activations import ACTIVATIONS
from unfold.calculus import gradient_of_two_weights, loss_of_two_weights

NAME = "gradient-field"
X = np.array([[1.0, 0.2], [0.4, 1.0], [-0.8, 0.6], [0.3, -1.1], [-1.0, -0.5]])
BEST = np.array([1.2, -0.7])
Y = np.tanh(X @ BEST)
"""What a tanh neuron with the weights BEST answers: with tanh those weights have no loss."""
HIGH, EDGE = 3.0, 3.5
"""The weights go from -HIGH to HIGH; the picture from -EDGE to EDGE, so that an arrow at the end has room."""
CELLS = 61
LENGTHS = {"identity": 0.45, "tanh": 2.0}
"""How long an arrow stands for a slope of 1: tanh's slopes are gentler."""
STEPS_A_SECOND, MOST_STEPS = 12.0, 120
STILL = 0.01
"""A slope under which the ball is taken to lie still."""
Place = tuple[float, float]

QUESTION = "Which way is down?"
HINT = "Point anywhere for the slope there. Press to drop a ball."
CAPTION = (
    "Dark is low. The gradient crosses the contour at a right angle and points uphill; turn it around and it is the "
    "way down. Give the ball a higher and higher learning rate: it hurries, then overshoots, then leaves."
)
SIZES = {"field": (424, 424)}
VIEWS = (
    (
        "field",
        "Loss by the two weights",
        "A map of the loss over two weights: rings of equal loss around a dark valley, and at one point an arrow "
        "along the gradient, uphill, with its two components.",
        ("loss", "slope"),
    ),
)
LAYOUT = {
    "guess": ("guess",),
    "groups": (("drop", "descend"),),
    "controls": ("w1", "w2", "learning-rate", "activation"),
}
POINTED = ("field",)
CONTROLS: tuple[Control, ...] = (
    Range("w1", "Weight w₁", -HIGH, HIGH, 0.05),
    Range("w2", "Weight w₂", -HIGH, HIGH, 0.05),
    Range("learning-rate", "Learning rate", 0.01, 3.0, 0.01),
    Choice("activation", "Activation", (("identity", "none: a straight neuron"), ("tanh", "tanh"))),
    Toggle("descend", "Turn downhill", "Turn uphill"),
    Button("drop", "Drop a ball"),
    Choice("guess", "Which learning rate will throw the ball out?", (("0.5", "0.5"), ("1", "1"), ("2", "2")), True),
)


@dataclass(frozen=True)
class State:
    """The point the reader has chosen, where the pointer is, and the ball's way."""

    w1: float = -1.2
    w2: float = 1.4
    learning_rate: float = 0.2
    activation: str = "identity"
    descend: bool = False
    guess: str = ""
    term: str = ""
    pointed: Place | None = None
    path: tuple[Place, ...] = ()
    """Where the ball has been."""
    end: str = ""
    """Why the ball lies still: it left, rolled out, is at rest, or has had its steps; nothing while it rolls."""
    owed: float = 0.0

    @property
    def at(self) -> Place:
        """The point whose gradient is shown: the pointer's, else the chosen one."""
        return self.pointed or (self.w1, self.w2)


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def loss(state: State, at: Place) -> float:
    """Return the loss with the weights `at`."""
    return float(loss_of_two_weights(np.array(at[0]), np.array(at[1]), X, Y, ACTIVATIONS[state.activation]))


def gradient(state: State, at: Place) -> Array:
    """Return the gradient of the loss with the weights `at`, (2,)."""
    return gradient_of_two_weights(np.array(at[0]), np.array(at[1]), X, Y, ACTIVATIONS[state.activation])


@lru_cache
def lowest(activation: str) -> float:
    """Return the least loss that any two weights have."""
    at = BEST if activation == "tanh" else np.linalg.lstsq(X, Y, rcond=None)[0]
    return float(loss_of_two_weights(at[0], at[1], X, Y, ACTIVATIONS[activation]))


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: another activation is another landscape, where no ball lies yet."""
    if state.activation != before.activation:
        return replace(state, path=(), end="", owed=0.0)
    return replace(state, pointed=None) if (state.w1, state.w2) != (before.w1, before.w2) else state


def pressed(state: State, button: str) -> State:
    """Return the state after a press of `drop`: a ball lies at the chosen weights."""
    return _dropped(state, (state.w1, state.w2))


def pressed_at(state: State, view: str, x: float, y: float) -> State:
    """Return the state after a press on the picture: a ball lies there."""
    return _dropped(state, _within(x, y, EDGE))


def _dropped(state: State, at: Place) -> State:
    resting = hypot(*gradient(state, at)) < STILL
    return replace(state, path=(at,), end="rest" if resting else "", owed=0.0)


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the arrow at the pointer, or back at the chosen weights when it has left."""
    return replace(state, pointed=None if x is None or y is None else _within(x, y, EDGE))


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with the weights where the handle was dragged to."""
    w1, w2 = (round(round(value / 0.05) * 0.05, 2) for value in _within(x, y, HIGH))
    return replace(state, w1=w1, w2=w2, pointed=None)


def _within(x: float, y: float, limit: float) -> Place:
    return min(max(float(x), -limit), limit), min(max(float(y), -limit), limit)


def running(state: State) -> bool:
    """Return whether a ball rolls."""
    return bool(state.path) and not state.end


def advance(state: State, elapsed: float, budget: float, clock: Callable[[], float]) -> State:
    """Return the state after `elapsed` seconds: so many steps of gradient descent."""
    owed = state.owed + elapsed * STEPS_A_SECOND
    while owed >= 1.0 and running(state):
        state, owed = _step(state), owed - 1.0
    return replace(state, owed=owed)


def _step(state: State) -> State:
    """Take one step against the gradient; at the edge of the picture the ball stops, and it is told why."""
    here = np.array(state.path[-1])
    move = -state.learning_rate * gradient(state, state.path[-1])
    there = here + move
    out = np.abs(there) > EDGE
    if out.any():
        share = float(np.min((np.copysign(EDGE, move) - here)[out] / move[out]))
        edge = np.clip(here + share * move, -EDGE, EDGE)
        # Where downhill itself leads out, no rate would keep the ball in.
        beyond = (np.abs(edge) > EDGE - 1e-9) & (-gradient(state, tuple(edge)) * np.sign(edge) > 0.0)
        return replace(state, path=(*state.path, tuple(edge.tolist())), end="out" if beyond.any() else "left")
    path = (*state.path, tuple(there.tolist()))
    resting = hypot(*gradient(state, path[-1])) < STILL
    return replace(state, path=path, end="rest" if resting else "time" if len(path) > MOST_STEPS else "")


def at_bottom(state: State) -> bool:
    """Return whether the ball lies still where the loss is least, and not on a plateau."""
    return state.end == "rest" and loss(state, state.path[-1]) < lowest(state.activation) + 0.001


@lru_cache
def _map(activation: str) -> tuple[Mark, ...]:
    """Return the map of the loss: heat, and contours whose levels are as squares, so that a round bowl's are even."""
    f, at = ACTIVATIONS[activation], grid(-EDGE, EDGE, CELLS)
    heat = loss_of_two_weights(at[:, 0], at[:, 1], X, Y, f).reshape(CELLS, CELLS)
    side = np.linspace(-EDGE, EDGE, CELLS)
    values = loss_of_two_weights(side[None, :], side[:, None], X, Y, f)
    low, high = lowest(activation), float(values.max())
    levels = low + (high - low) * (np.arange(1, 10) / 10) ** 2
    rings = tuple(line for level in levels for line in joined(contour(values, side, side, float(level))))
    scaled = np.sqrt(heat - low)
    return Heat(scaled, 0.0, float(np.sqrt(high - low))), Lines(rings, "panel", 2.5), Lines(rings, "ink", 0.8)


def arrow(state: State) -> Array:
    """Return the arrow drawn, (2,), in weights: along the gradient or against it, shorter where the picture ends."""
    along = LENGTHS[state.activation] * gradient(state, state.at) * (-1.0 if state.descend else 1.0)
    room = EDGE - np.sign(along) * np.array(state.at)
    need = np.abs(along)
    return along * float(np.min(np.divide(room, need, out=np.ones(2), where=need > room)))


def scene(state: State) -> Scene:
    """Return the figure's picture: the map, the ball's way, and the gradient where the reader points."""
    marks: list[Mark] = [*_map(state.activation), *_ball(state)]
    at, along = np.array(state.at), arrow(state)
    corner = at + along * (1.0, 0.0)
    for tail, tip, term in ((at, corner, "w1"), (corner, at + along, "w2")):
        lit = state.term == term
        marks += _outlined(tail, tip, "act" if lit else "ink", 4.0 if lit else 1.5, 7.0)
    marks += _outlined(at, at + along, "act", 3.0, 12.0)
    marks.append(Handles(np.array([[state.w1, state.w2]]), ("w",)))
    shown = gradient(state, state.at) * (-1.0 if state.descend else 1.0)
    if abs(along[0]) > 0.3:
        side = 13.0 if (along[1] > 0 and at[1] > -3.1) or at[1] > 3.1 else -13.0
        marks.append(Labels(((at + corner) / 2)[None], (number(shown[0]),), size=12.0, offset=(0.0, side)))
    if abs(along[1]) > 0.3:
        right = (along[0] > 0 and corner[0] < 2.5) or corner[0] < -2.5
        beside = ((corner + at + along) / 2)[None]
        align, side = ("left", 8.0) if right else ("right", -8.0)
        marks.append(Labels(beside, (number(shown[1]),), size=12.0, align=align, offset=(side, 0.0)))  # type: ignore[arg-type]
    marks.append(Labels(np.array([[EDGE, -EDGE]]), ("w₁",), "soft", 14.0, "right", (0.0, 13.0), True))
    marks.append(Labels(np.array([[-EDGE, EDGE]]), ("w₂",), "soft", 14.0, "right", (-6.0, 8.0), True))
    axis = Axis(-EDGE, EDGE, tuple((float(k), number(k, 0)) for k in (-2, 0, 2)))
    return {"field": View(tuple(marks), axis, axis, margin=(28.0, 8.0, 8.0, 26.0))}


def _outlined(tail: Array, tip: Array, colour: str, width: float, head: float) -> list[Mark]:
    """Return an arrow in front of its own outline, so that it is seen on dark and on light."""
    ends = Lines((np.array([tail, tip]),), "panel", width + 3.0)
    return [ends, Arrows(tail[None], tip[None], colour, width, head)] if hypot(*(tip - tail)) > 1e-9 else []


def _ball(state: State) -> list[Mark]:
    if not state.path:
        return []
    way = np.array(state.path)
    marks: list[Mark] = [Lines((way,), "ink", 2.0, halo=True)] if len(way) > 1 else []
    stops = way[:-1][np.hypot(*np.diff(way, axis=0).T) > 0.12]  # nearer ones would be one blot
    marks += [Points(stops, "ink", "disc", 2.5, "panel", 1.0), Points(way[-1:], "good", "disc", 8.0)]
    if state.end in ("left", "out"):
        inward = "right" if way[-1, 0] > 0 else "left"
        offset = (-14.0 if inward == "right" else 14.0, 14.0 if way[-1, 1] > 2.8 else -14.0)
        words = "it left" if state.end == "left" else "it rolled out"
        marks.append(Labels(way[-1:], (words,), align=inward, offset=offset))  # type: ignore[arg-type]
    return marks


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    height, slope = loss(state, state.at), hypot(*gradient(state, state.at))
    words = "✓ It found the bottom" if at_bottom(state) else "Not yet at the bottom"
    return {
        "loss": (f"loss {number(height, 3)}", repr(height)),
        "slope": (f"slope {number(slope)}", repr(slope)),
        "solved": (words, str(at_bottom(state)).lower()),
    }


def describe(state: State) -> str:
    """Return in words what the figure shows: the gradient at the point, and what became of the ball."""
    first, second = gradient(state, state.at)
    way = "downhill, against the gradient" if state.descend else "uphill, along the gradient"
    told = (
        f"At w₁ = {number(state.at[0])}, w₂ = {number(state.at[1])} the loss is {number(loss(state, state.at), 3)} and "
        f"the gradient ({number(first)}, {number(second)}); the arrow points {way}, square to the contour."
    )
    if not state.path:
        return told + " No ball has been dropped."
    steps, height = len(state.path) - 1, number(loss(state, state.path[-1]), 3)
    rest = "at the bottom" if at_bottom(state) else "on a flat place that is not the lowest"
    ends = {
        "": f"The ball rolls: {steps} steps so far, loss {height}.",
        "left": f"After {steps} steps the ball is at the edge; it left: the rate is too high.",
        "out": f"After {steps} steps the ball rolled out of the picture: downhill leads on beyond the edge here.",
        "rest": f"After {steps} steps the ball lies still {rest}, at loss {height}.",
        "time": f"After {steps} steps the ball is not at rest yet: loss {height}. Try another rate.",
    }
    guess = ""
    if state.guess and state.end == "left" and state.activation == "identity":
        right = ": right, 0.5 and 1 keep it in." if state.guess == "2" else ", which keeps it in; 2 does not."
        guess = f" You guessed {state.guess}{right}"
    return f"{told} {ends[state.end]}{guess}"


def formula(state: State) -> str:
    """Return the gradient's components and the next step from the point, with the present numbers."""
    rows = []
    for k, (weight, slope) in enumerate(zip(state.at, gradient(state, state.at), strict=True), 1):
        w = variable("w", k)
        partial = f"<mfrac><mrow><mi>∂</mi><mi>L</mi></mrow><mrow><mi>∂</mi>{w}</mrow></mfrac>"
        value = f'<mrow data-term="w{k}" tabindex="0">{partial}<mo>=</mo><mn>{number(slope)}</mn></mrow>'
        factor = number(slope) if slope >= 0 else f"({number(slope)})"
        rows.append(
            f"{value}<mo>,</mo><mspace width='.6em'></mspace>{w}<mo>←</mo><mn>{number(weight)}</mn><mo>−</mo>"
            f"<mn>{number(state.learning_rate)}</mn><mo>·</mo><mn>{factor}</mn><mo>=</mo>"
            f"<mn>{number(weight - state.learning_rate * slope)}</mn>"
        )
    return equations(rows)
