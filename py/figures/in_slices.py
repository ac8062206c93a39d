"""A network with one hidden layer that learns in slices of time: the controls, their part of a State, what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from figures import recipe
from figures.controls import Control, Range
from figures.motion import running as running
from figures.own_formula import FORMULA, Typed, activation_of
from figures.recipe import epochs_owed
from figures.runs import FIRST_CHUNK, MOST_EPOCHS, in_slice
from scene.marks import Array
from unfold.network import Network
from unfold.training import Progress, train

S = TypeVar("S", bound=Any)
ACTIVATIONS = ("tanh", "sigmoid", "relu", "softplus", "mish", "sine")
CONTROLS: tuple[Control, ...] = (
    recipe.PLAY,
    recipe.STEP,
    recipe.REWIND,
    Range("hidden", "Hidden neurons", 2, 8, 1),
    activation_of(*ACTIVATIONS),
    FORMULA,
    Range("learning-rate", "Learning rate", 0.1, 5.0, 0.1),
    recipe.speed("10", "100", "1000", "most"),
    recipe.SEED,
)


SET = ("hidden", "activation", "formula", "learning-rate", "speed", "seed")
"""The names of those that are no buttons, in the order in which a figure has them."""


@dataclass(frozen=True)
class Learning(Typed):
    """The part of a State that learns."""

    play: bool = False
    hidden: int = 2
    learning_rate: float = 1.0
    speed: str = "1000"
    seed: int = 0
    run: Progress = field(default_factory=lambda: Progress.begin(Network.create((2, 2, 1)), "sgd"))
    owed: float = 0.0
    """Epochs that should have run by now and have not."""


def begun(state: S) -> S:
    """Return the state with the seed's network before any training."""
    net = Network.create((2, state.hidden, 1), state.function, seed=state.seed)
    return replace(state, run=Progress.begin(net, "sgd"), owed=0.0)


def is_another(state: Learning, before: Learning) -> bool:
    """Return whether the settings ask for another network."""
    return (state.hidden, state.function, state.seed) != (before.hidden, before.function, before.seed)


def stepped(state: S, X: Array, Y: Array) -> S:
    """Return the state one epoch later, paused."""
    return replace(_moved(X, Y, state, 1), play=False)


def learned(state: S, X: Array, Y: Array, elapsed: float, budget: float, clock: Callable[[], float]) -> S:
    """Return the state `elapsed` seconds later, having trained for about `budget` seconds of `clock` at most.

    It stops by itself when it has diverged, at MOST_EPOCHS, and where there is nothing to learn.
    """
    owed = min(state.owed + epochs_owed(state.speed, elapsed), MOST_EPOCHS - state.run.epoch)
    state, owed = in_slice(partial(_moved, X, Y), state, owed, FIRST_CHUNK["numpy"], budget, clock)
    going = len(X) > 0 and state.run.epoch < MOST_EPOCHS and bool(state.run.diverged < 0)
    return replace(state, owed=owed, play=going)


def _moved(X: Array, Y: Array, state: S, epochs: int) -> S:
    """Return the state some epochs later; the state itself where there is nothing to learn, or no further to go."""
    run: Progress = state.run
    if not len(X) or run.diverged >= 0 or run.epoch >= MOST_EPOCHS:
        return state
    return replace(state, run=train(run, X, Y, epochs, state.learning_rate).progress)
