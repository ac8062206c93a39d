"""Figure `training`: a small network learns XOR by gradient descent, beside the code that runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from figures import recipe, replay
from figures.controls import Choice, Control, Range, Toggle
from figures.replay import Replay
from figures.runs import MOST_EPOCHS, Run, Way
from scene.diagram import xor_network
from scene.finite import lost_told
from scene.hidden_space import hidden_space, plane_named
from scene.learnt_plane import PLACES, answers_told, learnt_plane, neuron_at, right
from scene.loss_curve import loss_curve, loss_told
from scene.marks import Scene
from scene.mathml import network_formula
from scene.run_told import guess_told, run_told, solved_read, stopped_told, stuck_told
from scene.ticks import count
from unfold.backprop import gradients
from unfold.datasets import gate
from unfold.network import Network
from unfold.optimizers import adam, momentum, rmsprop
from unfold.training import Progress, step

NAME = "training"
X, Y = gate("xor")

QUESTION = "Can it find the answer by itself?"
HINT = "Press Play. Nobody tells it about lines."
CAPTION = (
    "Rewind and play again: the same seed gives the same run, and the earlier curve stays to be compared with. "
    "Draw the dot on the loss curve back to see any epoch once more. Then try other seeds until one gets stuck."
)
CODE_TITLE, CODE_READOUTS = "One epoch, as it runs", ("engine",)
CODE = (gradients, momentum, rmsprop, adam, step)
"""The functions whose source stands in the figure."""
SIZES = {"surface": (272, 272), "hidden": (272, 272), "loss": (272, 150), "network": (272, 150)}
POINTED = ("surface", "loss")
VIEWS = (
    ("surface", "What it answers", "The plane of inputs, coloured by the untrained network's answers.", ("correct",)),
    ("hidden", "Hidden space", "The four points where the hidden neurons put them, and the answer's line.", ("plane",)),
    ("loss", "Loss", "The loss against epochs: one point so far.", ("loss", "epoch")),
    ("network", "Weights", "The network: inputs A and B, two hidden neurons, one answer y, and its weights.", ()),
)
"""The pictures in their order: name, title, what the poster shows, readouts beside the title."""
LAYOUT = {
    "guess": ("guess",),
    "groups": (("play", "step", "rewind"),),
    "controls": (*recipe.SET, "epoch-shown", "log"),
}
SHARED = ("formula",)
GUESSES = (("40", "40"), ("400", "400"), ("4000", "4000"))
CONTROLS: tuple[Control, ...] = (
    *recipe.CONTROLS,
    Range("epoch-shown", "Epoch shown", 0, MOST_EPOCHS, 1),
    Toggle("log", "Log scale", "Log scale"),
    Choice("guess", "About how many epochs will it need?", GUESSES, tapped=True),
)


def _begun(activation: str, hidden: int, seed: int, way: Way) -> Run:
    return Run.begin(Network.create((2, hidden, 1), activation, seed=seed), X, Y, recipe.SOLVED_BELOW, way)


FIRST = _begun("tanh", 2, 5, Way(1.0, "sgd", "numpy"))


@dataclass(frozen=True, kw_only=True)
class State(Replay):
    """What the reader has set, the run so far, and where it stands at the epoch that is shown."""

    run: Run = FIRST
    at: Progress = FIRST.kept[0]
    hidden: int = 2
    seed: int = 5
    log: bool = False
    guess: str = ""
    term: str = ""
    """The hidden neuron that is lit: h1, say."""
    pointed: int | None = None
    """The epoch under the pointer."""

    @property
    def asks(self) -> tuple[str, int, int]:
        """What decides which network the run begins with."""
        return self.function, self.hidden, self.seed


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def limits(state: State) -> dict[str, int]:
    """Return how far a slider goes at present: that of the epochs, as far as the run."""
    return {"epoch-shown": max(state.run.end, 1)}


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: another network starts anew, everything else goes on."""
    anew = None if state.asks == before.asks else _begun(*state.asks, state.way)
    return replace(replay.settled(state, before, anew), pointed=None)


def pressed(state: State, button: str) -> State:
    """Return the state after a press of `step` (one epoch, or one line) or `rewind` (the same start again)."""
    if button == "rewind":
        return replay.rewound(state, _begun(*state.asks, state.way))
    return replay.stepped(replace(state, play=False), CODE)


def advance(state: State, elapsed: float, budget: float, clock: Callable[[], float]) -> State:
    """Return the state after `elapsed` seconds, having trained for at most about `budget` seconds of `clock`."""
    return replay.advanced(state, elapsed, budget, clock, CODE)


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the epoch, or the neuron's line, under the pointer shown."""
    if x is None or y is None:
        return replace(state, pointed=None, term="")
    if view == "loss":
        return replace(state, pointed=round(min(max(x, 0), state.run.end)))
    return replace(state, term=neuron_at(state.network, x, y))


def pressed_at(state: State, view: str, x: float, y: float) -> State:
    """Return the state after a press on the loss curve: the epoch there is shown."""
    return dragged(state, "epoch-shown", x, y) if view == "loss" else state


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with the dot on the loss curve drawn to another epoch of the run."""
    epoch = round(min(max(x, 0), state.run.end))
    return state if epoch == state.epoch else changed(replace(state, epoch_shown=epoch), state)


running, lit, code = replay.running, replay.lit, replay.code


def scene(state: State) -> Scene:
    """Return the figure's four pictures."""
    net = state.network
    return {
        "surface": learnt_plane(net, X, Y, state.term),
        "hidden": hidden_space(net, X, Y),
        "loss": loss_curve(state.losses, state.before, state.epoch, state.pointed, recipe.SOLVED_BELOW, state.log),
        "network": xor_network(net.weights, state.term),
    }


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    loss, correct = float(state.losses[state.epoch]), right(state.network, X, Y)
    return {
        "epoch": (count(state.epoch), str(state.epoch)),
        "loss": (loss_told(loss), repr(loss)),
        "correct": (f"{correct} of 4 right", str(correct)),
        "plane": plane_named(state.network, X),
        "solved": solved_read(state.solved_at),
        "engine": recipe.engine_read(state.speed, state.network),
    }


def describe(state: State) -> str:
    """Return in words what the figure shows: where training stands, each answer, and what came of the guess."""
    neurons = f"{state.hidden} hidden {state.kind} neurons" if state.hidden > 1 else f"1 hidden {state.kind} neuron"
    told = f"{run_told(state.losses, state.epoch, neurons)} {answers_told(state.network, X, Y)}"
    told += stopped_told(state.epoch == state.run.most < MOST_EPOCHS) + state.meaning + lost_told(state.network, PLACES)
    if state.solved_at is None:
        return told + stuck_told(state.losses[: state.epoch + 1])
    return f"{told} Solved at epoch {count(state.solved_at)}.{guess_told(state.guess, state.solved_at)}"


def formula(state: State) -> str:
    """Return the network's equations, as MathML, with the present numbers in place of the symbols."""
    return network_formula(state.network)
