"""What a reader sets to train a network: controls of one name and meaning wherever a network is trained."""

from __future__ import annotations

from figures.controls import Button, Choice, Range, Toggle
from unfold.kernel import why_not
from unfold.network import Network

ACTIVATION = Choice(
    "activation",
    "Activation",
    (("tanh", "tanh"), ("sigmoid", "sigmoid"), ("relu", "ReLU"), ("mish", "Mish"), ("sine", "sine")),
)
OPTIMIZER = Choice(
    "optimizer",
    "Optimizer",
    (("sgd", "plain descent"), ("momentum", "momentum"), ("rmsprop", "RMSProp"), ("adam", "Adam")),
)
LEARNING_RATE = Range("learning-rate", "Learning rate", 0.1, 10.0, 0.1)
HIDDEN = Range("hidden", "Hidden neurons", 1, 8, 1)
SEED = Range("seed", "Seed", 0, 999, 1, typed=True)
PLAY, STEP, REWIND = Toggle("play", "Play", "Pause"), Button("step", "Step"), Button("rewind", "Rewind")
SPEED = Choice(
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
)
CONTROLS = (PLAY, STEP, REWIND, SPEED, ACTIVATION, HIDDEN, LEARNING_RATE, SEED, OPTIMIZER)
BY_HAND = ("line", "1", "10", "100")
"""Speeds at which the Python that stands in a figure runs, by numpy; beyond them its sums run compiled."""


def engine_for(speed: str) -> str:
    """Return the engine that trains at this speed."""
    return "numpy" if speed in BY_HAND else "auto"


def engine_read(speed: str, net: Network) -> tuple[str, str]:
    """Return in words, and by name, what trains this network at this speed."""
    compiled = engine_for(speed) == "auto" and not why_not(net)
    return ("at this speed compiled", "kernel") if compiled else ("by numpy, line for line", "numpy")


def epochs_owed(speed: str, elapsed: float) -> float:
    """Return how many epochs should run in `elapsed` seconds."""
    return float("inf") if speed == "most" else elapsed * float(speed)
