"""A network with one hidden layer that learns in slices of time: the controls, their part of a State, what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from figures.controls import Button, Choice, Control, Range, Toggle
from scene.marks import Array
from unfold.network import Network
from unfold.training import Progress, train

S = TypeVar("S", bound=Any)
MOST_EPOCHS = 200_000
FIRST_CHUNK = 16
"""Epochs trained before the clock is looked at; then more at a time, as long as the slice has room."""
SPEEDS = {"10": "10 epochs/s", "100": "100 epochs/s", "1000": "1000 epochs/s", "most": "as fast as it can"}
ACTIVATIONS = ("tanh", "sigmoid", "relu", "softplus", "mish", "sine")
CONTROLS: tuple[Control, ...] = (
    Toggle("play", "Play", "Pause"),
    Button("step", "Step"),
    Button("rewind", "Rewind"),
    Range("hidden", "Hidden neurons", 2, 8, 1),
    Choice("activation", "Activation", tuple((name, name) for name in ACTIVATIONS)),
    Range("learning-rate", "Learning rate", 0.1, 5.0, 0.1),
    Choice("speed", "Speed", tuple(SPEEDS.items())),
    Range("seed", "Seed", 0, 999, 1, typed=True),
)


@dataclass(frozen=True)
class Learning:
    """The part of a State that learns."""

    play: bool = False
    hidden: int = 2
    activation: str = "tanh"
    learning_rate: float = 1.0
    speed: str = "1000"
    seed: int = 0
    run: Progress = field(default_factory=lambda: Progress.begin(Network.create((2, 2, 1)), "sgd"))
    owed: float = 0.0
    """Epochs that should have run by now and have not."""


def begun(state: S) -> S:
    """Return the state with the seed's network before any training."""
    net = Network.create((2, state.hidden, 1), state.activation, seed=state.seed)
    return replace(state, run=Progress.begin(net, "sgd"), owed=0.0)


def is_another(state: Learning, before: Learning) -> bool:
    """Return whether the settings ask for another network."""
    return (state.hidden, state.activation, state.seed) != (before.hidden, before.activation, before.seed)


def running(state: Learning) -> bool:
    """Return whether time changes the state."""
    return state.play


def stepped(state: S, X: Array, Y: Array) -> S:
    """Return the state one epoch later, paused."""
    return replace(_trained(state, X, Y, 1.0, np.inf, float), play=False)


def learned(state: S, X: Array, Y: Array, elapsed: float, deadline: float, clock: Callable[[], float]) -> S:
    """Return the state `elapsed` seconds later, having trained until `deadline` at the latest.

    It stops by itself when it has diverged, at MOST_EPOCHS, and where there is nothing to learn.
    """
    due = np.inf if state.speed == "most" else state.owed + elapsed * float(state.speed)
    state = _trained(state, X, Y, due, deadline, clock)
    going = len(X) > 0 and state.run.epoch < MOST_EPOCHS and bool(state.run.diverged < 0)
    # What there was no time for is not made up: the reader asked for a speed, and the machine is slower.
    return replace(state, owed=due % 1.0 if np.isfinite(due) else 0.0, play=going)


def _trained(state: S, X: Array, Y: Array, due: float, deadline: float, clock: Callable[[], float]) -> S:
    run: Progress = state.run
    due = min(due, MOST_EPOCHS - run.epoch) if len(X) else 0.0
    chunk, now = FIRST_CHUNK, clock()
    while due >= 1.0 and now < deadline and run.diverged < 0:
        epochs, begin = int(min(chunk, due)), now
        run = train(run, X, Y, epochs, state.learning_rate).progress
        due -= epochs
        now = clock()
        chunk = 4 * chunk if 6.0 * (now - begin) < deadline - now else chunk
    return replace(state, run=run)
