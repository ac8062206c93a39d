"""What a reader sets to train a network: controls of one name and meaning wherever a network is trained."""

from __future__ import annotations

from figures.controls import Button, Choice, Range, Toggle
from figures.own_formula import FORMULA, activation_of
from unfold.kernel import why_not
from unfold.network import Network

SOLVED_BELOW = 0.05
"""One wrong answer of four is off by a half or more, which alone makes the loss 1/16: under this all are right."""
ACTIVATION = activation_of("tanh", "sigmoid", "relu", "mish", "sine")
OPTIMIZER = Choice(
    "optimizer",
    "Optimizer",
    (("sgd", "plain descent"), ("momentum", f"momentum"), ("rmsprop", "RMSProp"), ("adam", "Adam")),
)
LEARNING_RATE = Range("learning-rate", "Learning rate", 0.1, 10.0, 0.1)
HIDDEN = Range("hidden", "Hidden neurons", 1, 8, 1)
SEED = Range("seed", "Seed", 0, 999, 1, typed=True)
PLAY, STEP, REWIND = Toggle("play", "Play", "Pause"), Button("step", "Step"), Button("rewind", "Rewind")
SPEEDS = {
    "line": "line by line",
    "1": "1 epoch/s",
    "10": "10 epochs/s",
    "100": "100 epochs/s",
    "1000": "1000 epochs/s",
    "10000": "10 000 epochs/s",
    "most": "as fast as it can",
}


def speed(*names: str) -> Choice:
    """Return the list of these speeds."""
    return Choice("speed", "Speed", tuple((name, SPEEDS[name]) for name in names))


CONTROLS = (PLAY, STEP, REWIND, speed(*SPEEDS), ACTIVATION, FORMULA, HIDDEN, LEARNING_RATE, SEED, OPTIMIZER)
SET = ("speed", "activation", "formula", "hidden", "learning-rate", "seed", "optimizer")
"""The names of those that are no buttons, in the order in which a figure has them."""
BY_HAND = ("line", "1", "10", "100")
"""Speeds at which the Python that stands in a figure runs, by numpy; beyond them its sums run compiled."""


def engine_for(speed: str, net: Network) -> str:
    """Return the engine that trains this network at this speed: by numpy at any speed what is not compiled."""
    return "numpy" if speed in BY_HAND or why_not(net) else "auto"


def engine_read(speed: str, net: Network) -> tuple[str, str]:
    """Return in words, and by name, what trains this network at this speed."""
    if engine_for(speed, net) == "numpy":
        return "by numpy, line for line", "numpy"
    return "at this speed compiled", "kernel"


def epochs_owed(speed: str, elapsed: float) -> float:
    """Return how many epochs should run in `elapsed` seconds."""
    return float("inf") if speed == "most" else elapsed * float(speed)
