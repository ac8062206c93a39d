"""One activation trained on XOR from many seeds at once, a slice of epochs at a time; only what is drawn is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from figures.recipe import SOLVED_BELOW
from figures.training import X, Y
from scene.finite import WORST
from scene.many_runs import Outcome
from scene.marks import Array
from unfold.network import Network
from unfold.training import Progress, train

EPOCHS = 2000
DRAWN = np.concatenate([np.arange(50), np.arange(50, EPOCHS + 1, 10)])
"""The epochs whose losses are drawn: every one while they change fast, then every tenth."""
SLICES = {"kernel": 50, "numpy": 10}
"""Epochs trained at a call, by engine: a few milliseconds' worth."""


@dataclass(frozen=True, eq=False)
class Runs:
    """Where training stands from all seeds, and what is known of the way there."""

    progress: Progress
    quartiles: Array
    """First quartile, median and third quartile of the seeds' losses, (n, 3), at the first n epochs of DRAWN."""
    solved_at: NDArray[np.int64]
    """For each seed the first epoch at which its loss was under SOLVED_BELOW, or -1: (seeds,)."""
    engine: str

    @property
    def epoch(self) -> int:
        """How many epochs have been trained."""
        return self.progress.epoch

    @property
    def outcome(self) -> Outcome:
        """What is told and drawn of the runs."""
        drawn, solved = DRAWN[: len(self.quartiles)], np.sort(self.solved_at[self.solved_at >= 0])
        by_then = np.searchsorted(solved, drawn, side="right").astype(float)
        epochs = np.quantile(solved, (0.25, 0.5, 0.75)) if solved.size else None
        return Outcome(drawn, self.quartiles, by_then, len(self.solved_at), epochs)


@lru_cache(maxsize=2)
def _starts(seeds: int) -> Network:
    return Network.create((2, 2, 1), seed=range(seeds))


def begun(activation: str, seeds: int, learning_rate: float, optimizer: str) -> Runs:
    """Return the runs from the seeds 0, 1, … before any training; `activation` is a name or a formula."""
    network = replace(_starts(seeds), activations=(activation, "sigmoid"))
    empty = Runs(Progress.begin(network, optimizer), np.empty((0, 3)), np.full(seeds, -1), "")
    return _trained(empty, 0, learning_rate, optimizer)


def further(runs: dict[str, Runs], activations: dict[str, str], seeds: int, how: tuple[float, str]) -> dict[str, Runs]:
    """Return the runs with those furthest behind begun, or a slice of epochs further on; themselves at the end.

    `activations` has a name or a formula for each of them, `how` are learning rate and optimizer. Formulas, which numpy
    trains, wait until the compiled ones are through.
    """
    epochs = {name: runs[name].epoch if name in runs else -1 for name in activations}
    name = min(epochs, key=lambda name: (epochs[name] == EPOCHS, name != activations[name], epochs[name]))
    if epochs[name] == EPOCHS:
        return runs
    if name not in runs:
        return runs | {name: begun(activations[name], seeds, *how)}
    return runs | {name: _trained(runs[name], min(SLICES[runs[name].engine], EPOCHS - epochs[name]), *how)}


def engines(runs: Iterable[Runs]) -> tuple[str, str]:
    """Return which engines train the runs, in words and by name."""
    names = sorted({one.engine for one in runs})
    return {"kernel numpy": "compiled, yours by numpy", "numpy": "by numpy"}.get(
        " ".join(names), f"compiled"
    ), " ".join(names)


def _trained(runs: Runs, epochs: int, learning_rate: float, optimizer: str) -> Runs:
    history = train(runs.progress, X, Y, epochs, learning_rate, optimizer)
    first = runs.epoch
    under = history.loss < SOLVED_BELOW
    now = np.where(under.any(axis=1), first + under.argmax(axis=1), -1)
    drawn = DRAWN[len(runs.quartiles) :]
    losses = np.minimum(history.loss[:, drawn[drawn <= first + epochs] - first], WORST)
    quartiles = np.quantile(losses, (0.25, 0.5, 0.75), axis=0).T
    return Runs(
        history.progress,
        np.concatenate([runs.quartiles, quartiles]),
        np.where(runs.solved_at >= 0, runs.solved_at, now),
        history.engine,
    )
