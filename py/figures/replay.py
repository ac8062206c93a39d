"""A figure that trains: what its state holds of the run, playing it, going back in it, and going on from there.

The controls `play`, `speed`, `learning-rate`, `optimizer` and `epoch-shown` are those of `figures.recipe` and a slider
over the run so far. A run that is gone back in is had again, to the last bit, when it plays on; a new learning rate or
optimizer turns it into another way from the epoch that is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np

from figures.motion import running as running
from figures.own_formula import Typed
from figures.recipe import engine_for, epochs_owed
from figures.runs import FIRST_CHUNK, Run, Way, in_slice
from figures.tracing import traced
from scene.marks import Array
from unfold.network import Network
from unfold.training import Progress, train

NOTHING = np.empty(0)
FURTHEST_BY_NUMPY = 2000
"""Epochs that are trained at once, without being watched, of a network that is not compiled."""
LINE_SECONDS = 0.6
"""Seconds a lit line stays lit."""


@dataclass(frozen=True, kw_only=True)
class Replay(Typed):
    """What the state of a figure that trains has of the run, and where it stands at the epoch that is shown."""

    run: Run
    at: Progress
    play: bool = False
    learning_rate: float = 1.0
    optimizer: str = "sgd"
    speed: str = "100"
    epoch_shown: int = 0
    before: Array = field(default_factory=NOTHING.copy)
    """The losses of the run before a rewind or a turn: its curve stays, faint, to be compared with."""
    owed: float = 0.0
    """Epochs (or lines) that should have run by now and have not."""
    lines: tuple[tuple[str, int], ...] = ()
    """Line by line: the lines that the epoch at hand runs."""
    at_line: int = 0
    """Which of them is lit."""

    @property
    def network(self) -> Network:
        """The network at the epoch that is shown."""
        return self.at.net

    @property
    def epoch(self) -> int:
        """The epoch that is shown."""
        return self.epoch_shown

    @property
    def losses(self) -> Array:
        """The loss before training and after every epoch of the run so far."""
        return self.run.losses

    @property
    def solved_at(self) -> int | None:
        """The first epoch whose loss was under the goal, if it is not later than the one that is shown."""
        first = self.run.solved_at
        return first if first is not None and first <= self.epoch_shown else None

    @property
    def way(self) -> Way:
        """How the next new epoch is trained."""
        return Way(self.learning_rate, self.optimizer, engine_for(self.speed, self.network))


S = TypeVar("S", bound=Any)
"""A state that is a Replay."""


def standing(state: S, run: Run, at: Progress) -> S:
    """Return the state that shows a run where it stands at `at`, with the settings that are in use there."""
    way = run.way(at.epoch)
    settings = {"learning_rate": way.learning_rate, "optimizer": way.optimizer}
    return replace(state, run=run, at=at, epoch_shown=at.epoch, lines=(), at_line=0, **settings)


def shown(state: S, epoch: int) -> S:
    """Return the state that shows another epoch; one that the run has not come to yet is trained for, compiled.

    A network that is not compiled is trained for FURTHEST_BY_NUMPY epochs at most, and stands there.
    """
    known = min(epoch, state.run.end)
    state, engine = standing(state, state.run, state.run.at(known)), engine_for("most", state.network)
    ahead = epoch - known if engine == "auto" else min(epoch - known, FURTHEST_BY_NUMPY)
    return moved(state, ahead, engine) if ahead > 0 else state


def moved(state: S, epochs: int, engine: str = "") -> S:
    """Return the state `epochs` later: those that the run has had again, then new ones."""
    return standing(state, *state.run.moved(state.at, epochs, engine or state.way.engine))


def settled(state: S, before: S, anew: Run | None) -> S:
    """Return the state after its settings changed; `anew` is a new network's run, if they ask for another network."""
    wanted = state.epoch_shown if state.epoch_shown != before.epoch_shown else None
    if anew is not None:
        state = replace(standing(state, anew, anew.kept[0]), before=NOTHING, owed=0.0)
    elif state.way[:2] != before.way[:2]:
        left = before.losses if before.epoch_shown < before.run.end else before.before
        state = replace(standing(state, *before.run.turned(before.epoch_shown, state.way)), before=left)
    if wanted is not None:
        state = shown(replace(state, play=state.play and not before.play), wanted)  # to go elsewhere is to pause
    if state.speed != before.speed:
        state = replace(state, owed=0.0, lines=(), at_line=0)
    return replace(state, play=state.play and state.epoch_shown < state.run.most)


def rewound(state: S, anew: Run) -> S:
    """Return the state at the start of the run anew, paused; the curve so far stays to be compared with."""
    left = state.losses if state.run.end > 0 else state.before
    return replace(standing(state, anew, anew.kept[0]), play=False, before=left, owed=0.0)


def stepped(state: S, functions: tuple[Callable[..., Any], ...]) -> S:
    """Return the state one epoch later, or, line by line, one line of `functions` later."""
    return _next_line(state, functions) if state.speed == "line" else moved(state, 1)


def advanced(
    state: S, elapsed: float, budget: float, clock: Callable[[], float], functions: tuple[Callable[..., Any], ...]
) -> S:
    """Return the state after `elapsed` seconds, having trained for at most about `budget` seconds of `clock`."""
    if state.speed == "line":
        owed = state.owed + elapsed / LINE_SECONDS
        return replace(_next_line(state, functions), owed=owed - 1.0) if owed >= 1.0 else replace(state, owed=owed)
    owed = min(state.owed + epochs_owed(state.speed, elapsed), state.run.most - state.epoch_shown)
    state, owed = in_slice(moved, state, owed, FIRST_CHUNK[state.way.engine], budget, clock)
    return replace(state, owed=owed, play=state.epoch_shown < state.run.most)


def lit(state: S) -> str:
    """Return the line of code that is lit: while single lines run that one, else every line while they all run."""
    if state.lines:
        return "{}:{}".format(*state.lines[state.at_line])
    return "every" if state.play and state.way.engine == "numpy" else ""


def code(state: S) -> tuple[str, str, str]:
    """Return the names of the functions that an epoch runs; of plain descent only the first and the last are any."""
    return "gradients", state.optimizer, "step"


def _next_line(state: S, functions: tuple[Callable[..., Any], ...]) -> S:
    """Light the next line of the epoch at hand; past its last line the weights are new and an epoch begins."""
    if state.at_line + 1 < len(state.lines):
        return replace(state, at_line=state.at_line + 1)
    if state.lines:
        state = moved(state, 1)
    run, way = state.run, state.way
    epoch = partial(train, state.at, run.X, run.Y, 1, way.learning_rate, way.optimizer, engine="numpy")
    return replace(state, lines=traced(epoch, functions)[1], at_line=0)
