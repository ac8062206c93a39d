"""Figure `training`: a small network learns XOR by gradient descent, beside the code that runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from figures.controls import Button, Choice, Control, Range, Toggle
from figures.tracing import traced
from scene.colours import HIDDEN_DASHES
from scene.curve import thinned
from scene.diagram import network_diagram
from scene.marks import Array, Axis, Labels, Lines, Mark, Points, Scene, Surface, View
from scene.mathml import equations, network_equations
from scene.plane import grid, line_in_square
from scene.ticks import count, number, ticks
from unfold.backprop import gradients
from unfold.datasets import gate
from unfold.kernel import why_not
from unfold.network import Network
from unfold.training import step, train

NAME = "training"
X, Y = gate("xor")
LOW, HIGH = -0.35, 1.35
CELLS = 56
SOLVED_BELOW = 0.05
"""One wrong answer is off by a half or more, which alone makes the loss 1/16: under this all four are right."""
MOST_EPOCHS = 200_000
LINE_SECONDS = 0.6
FIRST_CHUNK = 16
"""Epochs trained before the clock is looked at; then more at a time, as long as the slice has room."""
BY_HAND = ("line", "1", "10", "100")
"""Speeds at which the Python that stands in the figure runs, by numpy; beyond them its sums run compiled."""
ENGINES = {"numpy": "by numpy, line for line", "kernel": "at this speed compiled"}

QUESTION = "Can it find the answer by itself?"
HINT = "Press Play. Nobody tells it about lines."
CAPTION = (
    "Rewind and play again: the same seed gives the same run, and the earlier curve stays to be compared with. "
    "Then try other seeds until one gets stuck."
)
CODE_TITLE = "One epoch, as it runs"
CODE_READOUTS = ("engine",)
CODE = (gradients, step)
"""The functions whose source stands in the figure."""
SIZES = {"surface": (344, 344), "loss": (236, 124), "network": (236, 206)}
VIEWS = (
    (
        "surface",
        "What it answers",
        "The plane of inputs, coloured by the network's answer, with the four points of XOR and a line for each "
        "hidden neuron. Nothing is trained yet.",
        ("correct",),
    ),
    ("loss", "Loss", "The loss against epochs: one point so far.", ("loss", "epoch")),
    ("network", "Weights", "The network: inputs A and B, two hidden neurons, one answer y, and its weights.", ()),
)
"""The pictures in their order: name, title, what the poster shows, readouts beside the title."""
LAYOUT = {
    "guess": ("guess",),
    "groups": (("play", "step", "rewind"),),
    "controls": ("speed", "activation", "hidden", "learning-rate", "seed"),
}

CONTROLS: tuple[Control, ...] = (
    Toggle("play", "Play", "Pause"),
    Button("step", "Step"),
    Button("rewind", "Rewind"),
    Choice("activation", "Activation", (("tanh", "tanh"), ("sigmoid", "sigmoid"))),
    Range("learning-rate", "Learning rate", 0.1, 10.0, 0.1),
    Range("hidden", "Hidden neurons", 1, 8, 1),
    Range("seed", "Seed", 0, 999, 1, typed=True),
    Choice(
        "speed",
        "Speed",
        (
            ("line", "line by line"),
            ("1", "1 epoch/s"),
            ("10", "10 epochs/s"),
            ("100", "100 epochs/s"),
            ("1000", "1000 epochs/s"),
            ("10000", "10 000 epochs/s"),
            ("most", "as fast as it can"),
        ),
    ),
    Choice(
        "guess", "About how many epochs will it need?", (("40", "40"), ("400", "400"), ("4000", "4000")), tapped=True
    ),
)


@dataclass(frozen=True)
class State:
    """What the reader has set, and the run so far."""

    play: bool = False
    activation: str = "tanh"
    learning_rate: float = 1.0
    hidden: int = 2
    seed: int = 5
    speed: str = "100"
    guess: str = ""
    network: Network = field(default_factory=lambda: Network.create((2, 2, 1), "tanh", seed=5))
    losses: Array = field(default_factory=lambda: np.empty(0))
    """The loss before training and after every epoch."""
    solved_at: int | None = None
    """The first epoch at which the loss was under SOLVED_BELOW."""
    before: Array = field(default_factory=lambda: np.empty(0))
    """The losses of the run before a rewind: its curve stays, faint, to be compared with."""
    owed: float = 0.0
    """Epochs (or lines) that should have run by now and have not."""
    lines: tuple[tuple[str, int], ...] = ()
    """Line by line: the lines that the present epoch runs, the last one lit."""
    at_line: int = 0

    @property
    def epoch(self) -> int:
        """How many epochs have been trained."""
        return len(self.losses) - 1


def start() -> State:
    """Return the state the figure opens in."""
    return _from_the_start(State())


def _from_the_start(state: State) -> State:
    network = Network.create((2, state.hidden, 1), state.activation, seed=state.seed)
    loss = np.array([float(network.loss(X, Y))])
    return replace(state, network=network, losses=loss, solved_at=None, owed=0.0, lines=(), at_line=0)


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: another network starts anew, everything else goes on."""
    if (state.activation, state.hidden, state.seed) != (before.activation, before.hidden, before.seed):
        return replace(_from_the_start(state), before=np.empty(0))
    if state.speed != before.speed:
        return replace(state, owed=0.0, lines=(), at_line=0)
    if state.play and not before.play and state.epoch >= MOST_EPOCHS:
        return replace(state, play=False)
    return state


def pressed(state: State, button: str) -> State:
    """Return the state after a press of `step` (one epoch, or one line) or `rewind` (the same start again)."""
    if button == "rewind":
        kept = state.losses if state.epoch > 0 else state.before
        return replace(_from_the_start(state), play=False, before=kept)
    paused = replace(state, play=False)
    return _next_line(paused) if state.speed == "line" else _trained(replace(paused, lines=()), 1)


def running(state: State) -> bool:
    """Return whether time changes the state."""
    return state.play


def advance(state: State, elapsed: float, budget: float, clock: Callable[[], float]) -> State:
    """Return the state after `elapsed` seconds, having trained for at most about `budget` seconds of `clock`."""
    if state.speed == "line":
        owed = state.owed + elapsed / LINE_SECONDS
        return replace(_next_line(state), owed=owed - 1.0) if owed >= 1.0 else replace(state, owed=owed)
    deadline = clock() + budget
    owed = np.inf if state.speed == "most" else state.owed + elapsed * float(state.speed)
    state = replace(state, lines=()) if state.lines else state
    chunk, now = FIRST_CHUNK, clock()
    while owed >= 1.0 and now < deadline and state.epoch < MOST_EPOCHS:
        epochs, begin = int(min(chunk, owed, MOST_EPOCHS - state.epoch)), now
        state = _trained(state, epochs)
        owed -= epochs
        now = clock()
        chunk = 4 * chunk if 6.0 * (now - begin) < deadline - now else chunk
    # What there was no time for is not made up: the reader asked for a speed, and the machine is slower.
    return replace(state, owed=owed % 1.0 if np.isfinite(owed) else 0.0, play=state.epoch < MOST_EPOCHS)


def _trained(state: State, epochs: int) -> State:
    history = train(state.network, X, Y, epochs, state.learning_rate, engine=_engine(state))
    losses = np.concatenate([state.losses, history.loss[1:]])
    state = replace(state, network=history.final, losses=losses)
    if state.solved_at is None and history.loss.min() < SOLVED_BELOW:
        first = int(np.argmax(losses < SOLVED_BELOW))
        state = replace(state, solved_at=first)
    return state


def _engine(state: State) -> str:
    return "numpy" if state.speed in BY_HAND else "auto"


def _next_line(state: State) -> State:
    """Light the next line of the epoch at hand; past its last line the weights are new and an epoch begins."""
    if state.at_line + 1 < len(state.lines):
        return replace(state, at_line=state.at_line + 1)
    if state.lines:
        state = _trained(state, 1)

    def epoch() -> Network:
        return step(state.network, gradients(state.network, X, Y), state.learning_rate)

    return replace(state, lines=traced(epoch, CODE)[1], at_line=0)


def _right(state: State) -> int:
    """How many of the four answers are on the right side of one half."""
    return int(np.sum((state.network.forward(X) > 0.5) == (Y > 0.5)))


def lit(state: State) -> str:
    """Return the line of code that is lit: while single lines run that one, else the last of the epoch."""
    if state.lines:
        return "{}:{}".format(*state.lines[state.at_line])
    return "every" if state.play and _engine(state) == "numpy" else ""


def scene(state: State) -> Scene:
    """Return the figure's three pictures: `surface`, `network` and `loss`."""
    return {"surface": _surface(state), "network": _diagram(state), "loss": _loss(state)}


def _surface(state: State) -> View:
    answers = state.network.forward(grid(LOW, HIGH, CELLS)).reshape(CELLS, CELLS)
    marks: list[Mark] = [Surface(answers)]
    W, b = state.network.weights[0], state.network.biases[0]
    for neuron in range(state.hidden):
        ends = line_in_square(W[:, neuron], float(b[neuron]), LOW, HIGH)
        if ends is not None:
            marks.append(Lines((ends,), f"h{neuron + 1}", 2.5, HIDDEN_DASHES[neuron], halo=True))
    for target, colour, shape in ((0.0, "zero-fill", "square"), (1.0, "one-fill", "disc")):
        marks.append(Points(X[Y[:, 0] == target], colour, shape))  # type: ignore[arg-type]
    for align, offset, side in (("left", 14.0, X[:, 0] < 0.5), ("right", -14.0, X[:, 0] > 0.5)):
        texts = tuple(f"{int(a)}{int(b)}" for a, b in X[side])
        marks.append(Labels(X[side], texts, align=align, offset=(offset, 0.0)))  # type: ignore[arg-type]
    return View(tuple(marks), Axis(LOW, HIGH), Axis(LOW, HIGH), ground="tint")


def _diagram(state: State) -> View:
    hidden = tuple(f"h{'₁₂₃₄₅₆₇₈'[i]}" for i in range(state.hidden))
    rings = tuple(f"h{i + 1}" for i in range(state.hidden))
    return network_diagram(state.network.weights, (("A", "B"), hidden, ("y",)), (("ink",) * 2, rings, ("ink",)))


def _loss(state: State) -> View:
    longest = max(len(state.losses), len(state.before), 101) - 1
    highest = max(float(state.losses.max()), float(state.before.max(initial=0.0)), 0.3) * 1.05
    marks: list[Mark] = []
    goal = np.array([[0.0, SOLVED_BELOW], [longest, SOLVED_BELOW]])
    marks.append(Lines((goal,), "good", 1.5, (3.0, 4.0)))
    if len(state.before) > 1:
        marks.append(Lines((thinned(state.before),), "soft", 1.5))
    curve = thinned(state.losses)
    if len(curve) > 1:
        marks.append(Lines((curve,), "ink", 2.0))
    marks.append(Points(curve[-1:], "act", "disc", 4.5, "panel", 1.5))
    return View(
        tuple(marks),
        Axis(0.0, float(longest), ticks(0.0, longest, 4)),
        Axis(0.0, highest, ticks(0.0, highest, 4)),
        margin=(38.0, 10.0, 24.0, 26.0),
    )


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    right = _right(state)
    solved = "false" if state.solved_at is None else "true"
    engine = "numpy" if _engine(state) == "numpy" or why_not(state.network) else "kernel"
    words = "Not solved yet" if state.solved_at is None else f"✓ Solved at epoch {count(state.solved_at)}"
    return {
        "epoch": (count(state.epoch), str(state.epoch)),
        "loss": (number(float(state.losses[-1]), 4), repr(float(state.losses[-1]))),
        "correct": (f"{right} of 4 right", str(right)),
        "solved": (words, solved),
        "engine": (ENGINES[engine], engine),
    }


def describe(state: State) -> str:
    """Return in words what the figure shows: where training stands, each answer, and what came of the guess."""
    answers = state.network.forward(X)[:, 0]
    rows = ", ".join(
        f"{int(a)}{int(b)} gives {number(float(answer))}" for (a, b), answer in zip(X, answers, strict=True)
    )
    neurons = f"{state.hidden} hidden {state.activation} neuron" + ("s" if state.hidden > 1 else "")
    if state.epoch == 0:
        opening = f"A new network with {neurons}, not trained yet: the loss is {number(float(state.losses[-1]), 3)}."
    else:
        change = "fell" if state.losses[-1] < state.losses[0] else "went"
        opening = (
            f"Epoch {count(state.epoch)} with {neurons}: the loss {change} from {number(float(state.losses[0]), 3)} "
            f"to {number(float(state.losses[-1]), 3 if state.losses[-1] >= 0.0005 else 6)}."
        )
    return f"{opening} {_right(state)} of 4 answers are right: {rows}.{_verdict(state)}"


def _verdict(state: State) -> str:
    if state.solved_at is not None:
        told = f" Solved at epoch {count(state.solved_at)}."
        if state.guess:
            ratio = max(state.solved_at, 1) / float(state.guess)
            near = "a good guess" if 0.5 <= ratio <= 2.0 else "it was quicker" if ratio < 1.0 else "it took longer"
            told += f" You guessed {state.guess}: {near}."
        return told
    if state.epoch >= 2000 and state.losses[-1] > 0.9 * state.losses[-1000]:
        return " It has hardly moved for a thousand epochs: this start is stuck. Try another seed."
    return ""


def formula(state: State) -> str:
    """Return the network's equations, as MathML, with the present numbers in place of the symbols."""
    return equations(network_equations(state.network.weights, state.network.biases, state.network.activations))
