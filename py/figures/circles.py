"""Figure `circles`: a ring around its inside, and how many hidden neurons it takes to part them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from figures import in_slices, painting, turning
from figures.controls import Choice, Control
from scene.finite import answers, loss, lost_told
from scene.lifted import PLACES, answers_over_plane, hidden_space, network_formula, neuron_at, plane_of_inputs, two_can
from scene.marks import Array, Scene
from scene.run_told import stopped_told
from scene.ticks import count, number
from unfold.rings import BENDING

NAME = "circles"
LONG = 2000
"""Epochs after which the reader, who may have made a guess, is told what is known."""

QUESTION = "How many neurons lift the inside out of a ring?"
HINT = "Press Play. Then change the number of hidden neurons, or the activation."
CAPTION = (
    "Left, what the network answers everywhere, with a line for each hidden neuron; where the graph of a function "
    "parts the points, it is drawn thin. Right, where the hidden layer takes the points and a grid: there the output "
    "neuron has one straight cut. Drag the space to turn it."
)
SIZES = {"plane": (340, 340), "hidden": (340, 340)}
VIEWS = (
    ("plane", "Answers", "A ring of orange points around blue ones. Nothing is trained yet.", ("loss", "right")),
    ("hidden", "After the hidden layer", "The same points where two neurons take them.", ("epoch",)),
)
SHARED = ("formula",)
LAYOUT = {
    "panels": 3,
    "guess": ("guess",),
    "groups": (("play", "step", "rewind"),),
    "controls": (*in_slices.SET, "data", "noise", "turn", "tilt"),
    "more": painting.MORE,
}
POINTED = ("plane", "hidden")
CONTROLS: tuple[Control, ...] = (
    *in_slices.CONTROLS,
    *turning.CONTROLS,
    *painting.CONTROLS,
    Choice("guess", "How many hidden neurons will it need?", (("2", "2"), ("3", "3"), ("4", "4")), tapped=True),
)


@dataclass(frozen=True)
class State(painting.Painting, in_slices.Learning, turning.Turning):
    """What the reader has set, the points, the run so far, and what the network answers."""

    guess: str = ""
    term: str = ""
    answers: Array = field(default_factory=lambda: np.empty((0, 0)))
    """What the network answers over the plane; while it trains, at times what it answered a moment ago."""
    fresh: bool = True
    """Whether `answers` are those of the network as it stands."""

    @property
    def right(self) -> int:
        """How many points are on the right side of one half."""
        X, Y = self.samples
        return int(np.sum((answers(self.run.net, X) > 0.5) == (Y > 0.5)))

    @property
    def parted(self) -> bool:
        """Whether all points are on the right side."""
        return self.right == len(self.samples.X) > 0


def start() -> State:
    """Return the state the figure opens in."""
    return _refreshed(in_slices.begun(State()))


def _refreshed(state: State) -> State:
    return replace(state, answers=answers_over_plane(state.run.net), fresh=True)


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: another network starts anew, other points go on being learnt."""
    state = painting.painting_changed(state, before)
    if in_slices.is_another(state, before):
        return _refreshed(in_slices.begun(state))
    return state if state.fresh or state.play else _refreshed(state)


def pressed(state: State, button: str) -> State:
    """Return the state after a press: one epoch, the same start again, or a button of the painting's."""
    if button == "rewind":
        return _refreshed(in_slices.begun(replace(state, play=False)))
    if button == "step":
        return _refreshed(in_slices.stepped(state, *state.samples))
    return painting.painting_pressed(state, button)


def pressed_at(state: State, view: str, x: float, y: float) -> State:
    """Return the state after a press on a picture: while painting, the pen is used there."""
    return painting.painted_at(state, x, y) if view == "plane" else state


dragged = painting.cursor_dragged
running = in_slices.running


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the neuron lit whose line the pointer is at."""
    term = "" if x is None or y is None or view != "plane" else neuron_at(state.run.net, x, y)
    return state if term == state.term else replace(state, term=term)


def turned(state: State, view: str, dx: float, dy: float) -> State:
    """Return the state after the space was dragged by so many pixels."""
    return turning.turned(state, dx, dy, turning.FREE_TILT) if view == "hidden" else state


def advance(state: State, elapsed: float, budget: float, clock: Callable[[], float]) -> State:
    """Return the state after `elapsed` seconds, having trained for about `budget` seconds of `clock`.

    The answers over the plane are worked out every other time: they may cost as much as the training.
    """
    after = in_slices.learned(state, *state.samples, elapsed, budget if state.fresh else budget / 2, clock)
    return replace(after, fresh=False) if after.play and state.fresh else _refreshed(after)


def scene(state: State) -> Scene:
    """Return the figure's two pictures: `plane` and `hidden`."""
    found, net = state.samples, state.run.net
    cursor = np.array([state.x, state.y]) if state.paint else None
    cut = "act" if state.term == "y" else "good" if state.parted else "ink"
    return {
        "plane": plane_of_inputs(net, state.answers, found.X, found.ones, cursor, state.term, state.parting),
        "hidden": hidden_space(net, found.X, found.ones, cut, state.seen),
    }


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    X, Y = state.samples
    error = loss(state.run.net, X, Y) if len(X) else 0.0
    return {
        "right": (f"{state.right} of {len(X)} right", str(state.right)),
        "loss": (f"loss {number(error, 4)}", repr(error)),
        "epoch": (count(state.run.epoch), str(state.run.epoch)),
        "solved": (f"✓ All {len(X)} right" if state.parted else "Not all right yet", str(state.parted).lower()),
    }


def describe(state: State) -> str:
    """Return in words how the training stands, what may be concluded from it, and what came of the guess."""
    X, Y = state.samples
    if not len(X):
        return painting.none_told(state) + painting.told(state)
    told = f"{state.hidden} {state.kind} neurons, epoch {count(state.run.epoch)}: {state.right} of the {len(X)} "
    told += f"points are right, the loss is {number(loss(state.run.net, X, Y), 4)}. {_verdict(state)}"
    told += stopped_told(bool(state.run.diverged >= 0)) + state.meaning + lost_told(state.run.net, PLACES)
    return told + painting.told(state)


def _verdict(state: State) -> str:
    """Return what is known of these neurons and these points: no more than is so."""
    cut = {2: "a line", 3: "a plane"}.get(state.hidden, f"one cut through {state.hidden} dimensions")
    if state.parted:
        guessed = f" You guessed {state.guess}." if state.guess else ""
        return f"After the hidden layer {cut} parts the classes.{guessed}"
    so_far = f"So far {cut} has not parted the classes there."
    if state.hidden > 2 or state.run.epoch < LONG:
        return so_far
    if state.function in BENDING and state.is_ring:
        return f"Two {state.kind} neurons cannot part these points, whatever their weights: that is proved."
    known = f" Two {state.kind} neurons can do it: there are weights that do. Go on, or try another seed."
    return so_far + (known if two_can(state.function, *state.samples) else "")


def formula(state: State) -> str:
    """Return the network's equations with the present numbers; each neuron can be pointed at."""
    return network_formula(state.run.net)
