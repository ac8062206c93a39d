"""Learning a step at a time: the perceptron rule, from the weights that the reader set and back to them.

A figure's State is a Learner: it has the settings `gate`, `w1`, `w2`, `b` and `play`, and the buttons `step` and
`rewind`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

import numpy as np

from unfold.datasets import gate
from unfold.perceptron import Perceptron, Run, Update, run

Tenths = tuple[float, float, float]
"""w1, w2 and b in tenths: whole numbers, so that a sum of exactly 0 is one, and a cycle comes round exactly."""
RATE = 10.0
"""The learning rate, 1, in tenths."""
MOST = 4.0
"""How far the sliders go."""
STEP_SECONDS = 0.6


@dataclass(frozen=True)
class Learner:
    """A perceptron that learns a gate, as far as `taken` steps from `origin`."""

    gate: str = "and"
    w1: float = 0.0
    w2: float = 0.0
    b: float = 0.0
    """The weights now, as the sliders show them: learning may lead a little past a slider's end."""
    play: bool = False
    origin: Tenths = (0.0, 0.0, 0.0)
    """Where learning began."""
    taken: int = 0
    owed: float = 0.0
    """Steps that should have been made by now and have not."""

    @property
    def run(self) -> Run:
        """The whole run from `origin`, until it has converged or come round."""
        return _run(self.gate, self.origin)

    @property
    def round(self) -> int:
        """The steps in one lap of the cycle, if the run is known to go round by now; 0 if not."""
        return self.run.lap(self.taken) if self.taken else 0

    @property
    def learnt(self) -> bool:
        """Whether a whole pass has been made without a mistake."""
        return self.taken > 0 and self.run.learnt(self.taken)

    @property
    def now(self) -> Tenths:
        """The weights now, exactly."""
        if not self.taken:
            return self.origin
        one, _ = self.run.after(self.taken)
        return float(one.w[0]), float(one.w[1]), float(one.b)

    @property
    def last(self) -> Update | None:
        """The update just made, in the sliders' units."""
        last = self.run.after(self.taken)[1] if self.taken else None
        return last and replace(last, dw=last.dw / 10, db=last.db / 10)


L = TypeVar("L", bound=Learner)


@lru_cache(64)
def _run(name: str, origin: Tenths) -> Run:
    return run(Perceptron(np.array(origin[:2]), origin[2]), *gate(name), RATE)


def set_anew(state: L, before: L) -> L:
    """Return the state after a setting changed: other weights or another gate are where learning begins anew."""
    names = ("w1", "w2", "b")
    moved = [getattr(state, name) != getattr(before, name) for name in names]
    if any(moved) or state.gate != before.gate:
        now = [round(10 * getattr(state, n)) if m else t for n, m, t in zip(names, moved, before.now, strict=True)]
        state = _shown(replace(state, origin=(now[0], now[1], now[2]), taken=0))
    if state.play and not before.play:
        state = replace(state, owed=1.0, play=not state.learnt)
    return state


def _shown(state: L) -> L:
    w1, w2, b = (min(max(tenths / 10, -MOST), MOST) for tenths in state.now)
    return replace(state, w1=w1, w2=w2, b=b)


def stepped(state: L) -> L:
    """Return the state one sample later; what is learnt stays."""
    return state if state.learnt else _shown(replace(state, taken=state.taken + 1))


def rewound(state: L) -> L:
    """Return the state back where learning began."""
    return _shown(replace(state, taken=0))


def played(state: L, elapsed: float) -> L:
    """Return the state `elapsed` seconds on: a sample each STEP_SECONDS, until all is learnt or a lap is done."""
    owed = state.owed + elapsed / STEP_SECONDS
    if owed < 1.0:
        return replace(state, owed=owed)
    state = replace(stepped(state), owed=owed - 1.0)
    lap_done = state.round > 0 and (state.taken - len(state.run.steps)) % state.round == 0
    return replace(state, play=not (state.learnt or lap_done))
