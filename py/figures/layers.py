"""Figure `layers`: the plane on its way through a deep network, move by move, and whether it is ever folded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from figures import motion, turning
from figures.controls import Choice, Control, Range, Toggle
from figures.motion import running as running
from figures.own_formula import FORMULA, Typed, activation_of
from figures.trained import MOST_EPOCHS, STRIDE, passage, samples, stopped_told, trained
from scene.finite import lost_told
from scene.learnt_plane import right
from scene.marks import Scene
from scene.passage import MOVES, Passage, layer_at, neurons_named
from scene.passage_told import GUESSES, at_work, fate_told, lens_told, meeting_shown, meeting_told, where_told, whole
from scene.passage_views import large, strip, term_at, time_at

NAME = "layers"
QUESTION = "What does every layer do to the plane?"
HINT = "Press Play: each layer turns, stretches, shifts and bends it."
CAPTION = (
    "Press a small picture to go to that layer. With the ring, try two tanh neurons in ever more layers, then Mish, "
    "then three neurons: what can part the core from its ring, and what cannot?"
)
SIZES = {"large": (432, 422), "strip": (432, 84)}
VIEWS = (
    ("large", "The plane on its way", "A square with a grid, and the four points of XOR in it.", ("move", "right")),
    ("strip", "After every layer", "Small pictures of the plane before the first layer and after each.", ("whole",)),
)
"""The pictures in their order: name, title, what the poster shows, readouts beside the title."""
POINTED = ("large", "strip")
CHOSEN = ("time", "layers", "width", "activation", "formula", "data", "epochs", "seed", "neurons", "turn", "tilt")
LAYOUT = {
    "panels": 1,
    "guess": ("guess",),
    "groups": (("play",),),
    "controls": CHOSEN,
}
SHARED = ("formula",)
SECONDS = 0.8
"""Seconds that a move takes."""
LOOKS = ("12", "13", "14", "23", "24", "34", "123", "124", "134", "234")
CONTROLS: tuple[Control, ...] = (
    Toggle("play", "Play", "Pause"),
    Range("time", "Moves made", 0.0, 24.0, 0.05),
    Range("layers", "Layers", 1, 6, 1),
    Range("width", "Neurons in each", 1, 4, 1),
    activation_of("tanh", "sigmoid", "softplus", "relu", "mish", "sine"),
    FORMULA,
    Choice("data", "Data", (("xor", "XOR"), ("ring", "ring and core"))),
    Range("epochs", "Epochs trained", 0, MOST_EPOCHS, STRIDE),
    Range("seed", "Seed", 0, 999, 1, typed=True),
    Choice("neurons", "Neurons shown", (("all", f"all"), *((look, ", ".join(neurons_named(look))) for look in LOOKS))),
    *turning.CONTROLS,
    Choice("guess", "Will two points of the plane ever meet?", GUESSES, tapped=True),
)


@dataclass(frozen=True)
class State(Typed, turning.Turning):
    """What the reader has set, and how far the plane has come."""

    play: bool = False
    time: float = 0.0
    layers: int = 2
    width: int = 2
    data: str = "xor"
    epochs: int = 250
    seed: int = 0
    neurons: str = "all"
    guess: str = ""
    term: str = ""
    """The neuron whose axis, or the output whose line, is lit."""

    @property
    def end(self) -> float:
        """The time at which the last layer is done."""
        return float(len(MOVES) * self.layers)

    @property
    def settings(self) -> tuple[int, int, str, int, int]:
        """What decides which network it is, as `trained` takes it."""
        return self.layers, self.width, self.function, self.seed, self.epochs

    @property
    def told(self) -> bool:
        """Whether the reader has guessed, or come to the end, and is told whether points meet."""
        return bool(self.guess) or self.time == self.end

    @property
    def passage(self) -> Passage:
        """The network with its plane, trained as far as is set."""
        return passage(self.data, self.neurons, *self.settings)


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def limits(state: State) -> dict[str, float]:
    """Return how far a slider goes at present: that of time, to the end of the last layer."""
    return {"time": state.end}


def changed(state: State, before: State) -> State:
    """Return the state after a control was set; neurons that there are not are not looked at."""
    state = motion.begun(replace(state, time=min(state.time, state.end)), before, state.end)
    return replace(state, neurons=state.neurons if max(state.neurons) <= str(state.width) else "all")


def advance(state: State, elapsed: float, _budget: float, _clock: Callable[[], float]) -> State:
    """Return the state `elapsed` seconds later."""
    return motion.played(state, elapsed, SECONDS, state.end)


def arrived(state: State) -> State:
    """Return the state after the next move, for readers who want no motion."""
    return motion.arrived(state, state.end)


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the neuron lit whose axis or line the pointer is at."""
    term = "" if x is None or y is None else term_at(state.passage, motion.eased(state.time), state.seen, x, y)
    return replace(state, term=term if view == "large" else "")


def pressed_at(state: State, view: str, x: float, _y: float) -> State:
    """Return the state after a press on the strip: the plane is there, after that layer or that move."""
    return replace(state, play=False, time=time_at(x, state.layers)) if view == "strip" else state


def turned(state: State, view: str, dx: float, dy: float) -> State:
    """Return the state after the large picture was dragged by so many pixels: all are turned and tilted."""
    return turning.turned(state, dx, dy, turning.FREE_TILT) if view == "large" else state


def scene(state: State) -> Scene:
    """Return the figure's two pictures."""
    (X, Y), time = samples(state.data), motion.eased(state.time)
    cut = "good" if right(state.passage.net, X, Y) == len(X) else "ink"
    return {
        "large": large(state.passage, Y, time, state.seen, state.term, cut),
        "strip": strip(state.passage, Y, time, state.seen),
    }


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    net, (X, Y) = state.passage.net, samples(state.data)
    correct = right(net, X, Y)
    return {
        "move": (where_told(state.time, state.layers, short=True), repr(state.time)),
        "right": (f"{correct} of {len(X)} right", str(correct)),
        "whole": (meeting_shown(net, state.told), str(whole(net)).lower()),
    }


def describe(state: State) -> str:
    """Return in words where the plane is, what the layer at work does to it, and what they all do."""
    net, (X, Y) = state.passage.net, samples(state.data)
    told = where_told(state.time, state.layers) + lens_told(state.passage, state.time)
    if state.time > 0.0:
        told += f" {fate_told(net, layer_at(state.time, state.layers)[0])}"
    part = f"After {state.epochs} epochs the output has {right(net, X, Y)} of {len(X)} points right."
    known = stopped_told(trained(state.data, *state.settings)) + state.meaning + state.judged
    return f"{told} {meeting_told(net, state.guess, state.told)} {part}{known}{lost_told(net, state.passage.places)}"


def formula(state: State) -> str:
    """Return the equations of the layer at work, and at the end the output's, as MathML, with the present numbers."""
    layer = layer_at(state.time, state.layers)[0]
    return at_work(state.passage.net, layer, state.time == state.end)
