"""A run of training that can be gone back in: every loss, and where it stood, kept sparsely and recomputed exactly.

A run is never changed: what goes on from it is another one, which shares its memory.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

import numpy as np

from scene.marks import Array
from unfold.network import Network
from unfold.training import History, Progress, train

S = TypeVar("S")

MOST_EPOCHS = 200_000
KEPT_EVERY = {"numpy": 50, "auto": 1000}
"""Epochs from one kept standing to the next, by engine: so few that going through them again is not felt."""
FIRST_CHUNK = {"numpy": 16, "auto": 256}
"""Epochs trained before the clock is looked at; then more at a time, as long as the slice has room."""


class Way(NamedTuple):
    """How epochs are trained; the engine is one of `unfold.training.ENGINES`."""

    learning_rate: float
    optimizer: str
    engine: str

    def train(self, at: Network | Progress, X: Array, Y: Array, epochs: int) -> History:
        """Return the history of `epochs` epochs from where a run stands."""
        return train(at, X, Y, epochs, self.learning_rate, self.optimizer, engine=self.engine)


@dataclass(frozen=True, eq=False)  # arrays have no single answer to ==
class Run:
    """A run on samples X with answers Y; it counts as solved where the loss is first under `goal`.

    `kept` are standings in the order of their epochs; `ways` say from which epoch on it was trained how.
    """

    X: Array
    Y: Array
    goal: float
    buffer: Array
    """The losses before training and after every epoch, and room for more: nan where none has been written."""
    kept: tuple[Progress, ...]
    ways: tuple[tuple[int, Way], ...]
    end: int = 0
    most: int = MOST_EPOCHS
    """The epoch it cannot go beyond: there is no more room, or the next one's numbers leave the finite."""
    solved_at: int | None = None

    @classmethod
    def begin(cls, net: Network, X: Array, Y: Array, goal: float, way: Way) -> Run:
        """Return the run before its first epoch."""
        buffer = np.full(1024, np.nan)
        buffer[0] = net.loss(X, Y)
        return cls(X, Y, goal, buffer, (Progress.begin(net, way.optimizer),), ((0, way),))

    @property
    def losses(self) -> Array:
        """The loss before training and after every epoch, (end + 1,)."""
        return self.buffer[: self.end + 1]

    def way(self, epoch: int) -> Way:
        """Return how the epoch after this one was trained, or at the end is to be."""
        return self.ways[bisect_right(self.ways, epoch, key=_first) - 1][1]

    def at(self, epoch: int, near: Progress | None = None) -> Progress:
        """Return where the run stood after `epoch` epochs, to the last bit; `near`, an earlier one, may save work."""
        standing = self.kept[bisect_right(self.kept, epoch, key=_epoch) - 1]
        if near is not None and standing.epoch < near.epoch <= epoch:
            standing = near
        while standing.epoch < epoch:
            following = bisect_right(self.ways, standing.epoch, key=_first)
            until = self.ways[following][0] if following < len(self.ways) else epoch
            way = self.ways[following - 1][1]
            standing = way.train(standing, self.X, self.Y, min(until, epoch) - standing.epoch).progress
        return standing

    def turned(self, epoch: int, way: Way) -> tuple[Run, Progress]:
        """Return the run cut after `epoch` epochs, to go on in another way, and where it stands."""
        ways = tuple(old for old in self.ways if old[0] < epoch)
        kept = tuple(old for old in self.kept if old.epoch < epoch)
        solved_at = self.solved_at if self.solved_at is not None and self.solved_at <= epoch else None
        run = replace(self, ways=ways, kept=kept, end=epoch, most=MOST_EPOCHS, solved_at=solved_at)
        standing = run.at(epoch) if epoch else self.kept[0]
        if not ways or ways[-1][1].optimizer != way.optimizer:  # it remembers nothing of another optimizer's
            standing = replace(Progress.begin(standing.net, way.optimizer), epoch=epoch)
            run = replace(run, kept=(*kept, standing))
        return replace(run, ways=(*ways, (epoch, way))), standing

    def moved(self, standing: Progress, epochs: int, engine: str) -> tuple[Run, Progress]:
        """Return the run, and where it stands `epochs` later: those it has had again, then new ones by `engine`."""
        target = min(standing.epoch + epochs, self.most)
        standing = self.at(min(target, self.end), standing)
        return self._longer(standing, target, engine) if target > self.end else (self, standing)

    def _longer(self, standing: Progress, target: int, engine: str) -> tuple[Run, Progress]:
        way, ways, kept, buffer = self.ways[-1][1], self.ways, self.kept, self.buffer
        most, solved_at = self.most, self.solved_at
        if way.engine != engine:
            way = way._replace(engine=engine)
            ways = (*(old for old in ways if old[0] < self.end), (self.end, way))
            kept = kept if kept[-1].epoch == self.end else (*kept, standing)
        while standing.epoch < min(target, most):
            first, due = standing.epoch + 1, kept[-1].epoch + KEPT_EVERY[engine]
            history = way.train(standing, self.X, self.Y, min(target, due) - standing.epoch)
            diverged = int(history.diverged)
            most = most if diverged < 0 else diverged - 1
            end = min(history.progress.epoch, most)
            losses = history.loss[1 : end - first + 2]
            buffer = _written(buffer, first, losses)
            standing = replace(history.progress, epoch=end)
            kept = (*kept, standing) if end == due else kept
            if solved_at is None and losses.min(initial=np.inf) < self.goal:
                solved_at = first + int(np.argmax(losses < self.goal))
        run = replace(self, buffer=buffer, kept=kept, ways=ways, end=standing.epoch, most=most, solved_at=solved_at)
        return run, standing


def _first(entry: tuple[int, Way]) -> int:
    return entry[0]


def _epoch(standing: Progress) -> int:
    return standing.epoch


def _written(buffer: Array, first: int, values: Array) -> Array:
    """Return the buffer with the values from place `first` on: itself, or a copy where these places are not free."""
    end = first + len(values)
    if end >= len(buffer) or not np.isnan(buffer[first]):  # full, or another run has gone on from here
        longer = np.full(2 * end, np.nan)
        longer[:first] = buffer[:first]
        buffer = longer
    buffer[first:end] = values
    return buffer


def in_slice(
    move: Callable[[S, int], S], state: S, owed: float, chunk: int, budget: float, clock: Callable[[], float]
) -> tuple[S, float]:
    """Return the state after up to `owed` epochs, as far as `budget` seconds of `clock` go, and what is still owed.

    `move(state, epochs)` trains, and returns the state itself where it goes no further. The clock is looked at after
    `chunk` epochs first, see FIRST_CHUNK. A part of an epoch stays owed. What there was no time for is not made up:
    the reader asked for a speed, and the machine is slower.
    """
    now = clock()
    deadline = now + budget
    while owed >= 1.0 and now < deadline:
        epochs, begin = int(min(chunk, owed)), now
        before, state = state, move(state, epochs)
        owed = 0.0 if state is before else owed - epochs
        now = clock()
        chunk = 4 * chunk if 6.0 * (now - begin) < deadline - now else chunk
    return state, owed % 1.0 if np.isfinite(owed) else 0.0
