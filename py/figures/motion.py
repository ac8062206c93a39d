"""Motion as a function of time: it can be played, paused, scrubbed, and stepped through where motion is unwanted.

A figure that moves has the settings `play` and `time`. Time runs from 0 to an end; whole numbers are stops, where one
move is done and the next begins. Between stops the picture eases: it is drawn at `eased(time)`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, TypeVar

S = TypeVar("S", bound=Any)


def eased(time: float) -> float:
    """Return the time to draw at: stops stay where they are, to the last bit; each move sets out and lands gently."""
    stop = math.floor(time)
    share = time - stop
    return stop + share * share * (3.0 - 2.0 * share)


def begun(state: S, before: S, end: float) -> S:
    """Return the state after its settings changed: to play at the end is to play again; to scrub is to pause."""
    if state.play and not before.play and state.time >= end:
        return replace(state, time=0.0)
    return replace(state, play=False) if state.time != before.time else state


def played(state: S, elapsed: float, seconds: float, end: float) -> S:
    """Return the state `elapsed` seconds later, a move taking `seconds`; at the end it stands still."""
    time = min(state.time + elapsed / seconds, end)
    return replace(state, time=time, play=time < end)


def running(state: S) -> bool:
    """Return whether time changes the state: while it plays."""
    return bool(state.play)


def arrived(state: S, end: float) -> S:
    """Return the state at the next stop, paused: what a press of Play does where the reader wants no motion."""
    return replace(state, time=float(min(math.floor(state.time + 1e-9) + 1, end)), play=False)


def returned(state: S) -> S:
    """Return the state at the stop before, paused."""
    return replace(state, time=float(max(math.ceil(state.time - 1e-9) - 1, 0)), play=False)
