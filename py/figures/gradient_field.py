"""Figure `gradient-field`: the loss of one neuron as a map, the gradient at any place on it, and a ball going down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from figures import rolling
from figures.controls import Button, Choice, Control, Range, Toggle
from figures.rolling import Place, within
from scene import two_weights
from scene.marks import Array, Handles, Scene
from scene.on_map import arrow_with_components, ball, in_room, weights_map
from scene.ticks import number
from scene.two_weight_formulas import step_formulas
from scene.words import assigned

NAME = "gradient-field"
HIGH, EDGE, CELLS = 3.0, 3.5, 61
"""The weights go from -HIGH to HIGH; the picture from -EDGE to EDGE, so that an arrow at the end has room."""
LENGTHS = {"identity": 0.45, "tanh": 2.0}
"""How long an arrow stands for a slope of 1: tanh's slopes are gentler."""

QUESTION = "Which way is down?"
HINT = "Point anywhere for the slope there. Press to drop a ball."
CAPTION = (
    "Dark is low. The gradient crosses the contour at a right angle and points uphill; turn it around and it is the "
    "way down. Give the ball a higher and higher learning rate: it hurries, then overshoots, then leaves."
)
SIZES = {"field": (424, 424)}
SHOWN = "A map of the loss over two weights: rings around a dark valley, and an arrow uphill with its two components."
VIEWS = (("field", "Loss by the two weights", SHOWN, ("loss", "slope")),)
CHOSEN = ("w1", "w2", "learning-rate", "activation")
LAYOUT = {"guess": ("guess",), "groups": (("drop", "descend"),), "controls": CHOSEN}
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
    end: str = ""
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
    return float(two_weights.loss(state.activation, *at))


def gradient(state: State, at: Place) -> Array:
    """Return the gradient of the loss with the weights `at`, (2,)."""
    return two_weights.gradient(state.activation, at)


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: another activation is another landscape, where no ball lies yet."""
    if state.activation != before.activation:
        return replace(state, path=(), end="", owed=0.0)
    return replace(state, pointed=None) if (state.w1, state.w2) != (before.w1, before.w2) else state


def pressed(state: State, button: str) -> State:
    """Return the state after a press of `drop`: a ball lies at the chosen weights."""
    return pressed_at(state, "field", state.w1, state.w2)


def pressed_at(state: State, view: str, x: float, y: float) -> State:
    """Return the state after a press on the picture: a ball lies there."""
    path, end = rolling.dropped(within(x, y, EDGE), partial(gradient, state))
    return replace(state, path=path, end=end, owed=0.0)


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the arrow at the pointer, or back at the chosen weights when it has left."""
    return replace(state, pointed=None if x is None or y is None else within(x, y, EDGE))


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with the weights where the handle was dragged to."""
    w1, w2 = (round(round(value / 0.05) * 0.05, 2) for value in within(x, y, HIGH))
    return replace(state, w1=w1, w2=w2, pointed=None)


def running(state: State) -> bool:
    """Return whether a ball rolls."""
    return bool(state.path) and not state.end


def advance(state: State, elapsed: float, budget: float, clock: Callable[[], float]) -> State:
    """Return the state after `elapsed` seconds: so many steps of gradient descent."""
    owed = state.owed + elapsed * rolling.STEPS_A_SECOND
    while owed >= 1.0 and running(state):
        path, end = rolling.rolled(state.path, partial(gradient, state), state.learning_rate, EDGE)
        state, owed = replace(state, path=path, end=end), owed - 1.0
    return replace(state, owed=owed)


def at_bottom(state: State) -> bool:
    """Return whether the ball lies still where the loss is least, and not on a plateau."""
    return state.end == "rest" and loss(state, state.path[-1]) < two_weights.lowest(state.activation) + 0.001


def arrow(state: State) -> Array:
    """Return the arrow drawn, (2,), in weights: along the gradient or against it, shorter where the picture ends."""
    return in_room(np.array(state.at), LENGTHS[state.activation] * _shown(state), EDGE)


def _shown(state: State) -> Array:
    return gradient(state, state.at) * (-1.0 if state.descend else 1.0)


def scene(state: State) -> Scene:
    """Return the figure's picture: the map, the ball's way, and the gradient where the reader points."""
    marks = [*two_weights.loss_map(state.activation, EDGE, CELLS), *ball(state.path, state.end, EDGE)]
    marks += arrow_with_components(np.array(state.at), arrow(state), _shown(state), state.term, EDGE)
    marks.append(Handles(np.array([[state.w1, state.w2]]), ("w",)))
    return {"field": weights_map(marks, EDGE)}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    height, slope = loss(state, state.at), float(np.hypot(*gradient(state, state.at)))
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
        f"At {assigned(('w₁', 'w₂'), state.at, 2)} the loss is {number(loss(state, state.at), 3)} and the gradient "
        f"({number(first)}, {number(second)}); the arrow points {way}, square to the contour."
    )
    if not state.path:
        return told + " No ball has been dropped."
    height = number(loss(state, state.path[-1]), 3)
    told += " " + rolling.told(state.end, len(state.path) - 1, height, at_bottom(state))
    if state.guess and state.end == "left" and state.activation == "identity":
        right = ": right, 0.5 and 1 keep it in." if state.guess == "2" else ", which keeps it in; 2 does not."
        told += f" You guessed {state.guess}{right}"
    return told


def formula(state: State) -> str:
    """Return the gradient's components and the next step from the point, with the present numbers."""
    return step_formulas(state.at, gradient(state, state.at), state.learning_rate)
