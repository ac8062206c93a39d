"""A picture in space that the reader turns: the controls, their part of a State, and what a drag does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from figures.controls import Control, Range

S = TypeVar("S", bound=Any)
DEGREES_A_PIXEL = 0.5
HIGHEST = 90
CONTROLS: tuple[Control, ...] = (Range("turn", "Turn", 0, 359, 1), Range("tilt", "Tilt", 0, HIGHEST, 1))


@dataclass(frozen=True)
class Turning:
    """The part of a State that says from where a space is seen, in degrees."""

    turn: int = 30
    tilt: int = 24
    rest: tuple[float, float] = (0.0, 0.0)
    """Parts of a degree that a drag has moved and that no control can hold."""


def turned_by(state: S, dx: float, dy: float) -> S:
    """Return the state after a drag of so many pixels: what is near follows the pointer."""
    turn = state.turn + state.rest[0] + DEGREES_A_PIXEL * dx
    tilt = min(max(state.tilt + state.rest[1] + DEGREES_A_PIXEL * dy, 0.0), float(HIGHEST))
    return replace(state, turn=round(turn) % 360, tilt=round(tilt), rest=(turn - round(turn), tilt - round(tilt)))
