"""A picture in space that the reader turns, by two sliders or by a drag: the controls, and their part of a State."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from figures.controls import Control, Range

S = TypeVar("S", bound=Any)
DEGREES_A_PIXEL = 0.5
TURN = Range("turn", "Turn", 0, 359, 1)
TILT = Range("tilt", "Tilt", 10, 80, 1)
"""For surfaces, which cannot be read from the edge or from straight above."""
FREE_TILT = Range("tilt", "Tilt", 0, 90, 1)
CONTROLS: tuple[Control, ...] = (TURN, FREE_TILT)


@dataclass(frozen=True)
class Turning:
    """The part of a State that says from where a space is seen, in degrees."""

    turn: int = 30
    tilt: int = 24
    rest: tuple[float, float] = (0.0, 0.0)
    """Parts of a degree that a drag has moved and that no control can hold."""

    @property
    def seen(self) -> tuple[float, float]:
        """The turn and the tilt."""
        return self.turn, self.tilt


def turned(state: S, dx: float, dy: float, tilts: Range = TILT) -> S:
    """Return the state, which has `turn`, `tilt` and `rest`, after a drag of so many pixels: what is near follows."""
    turn, tilt = (
        at + rest + DEGREES_A_PIXEL * d
        for at, rest, d in zip((state.turn, state.tilt), state.rest, (dx, dy), strict=True)
    )
    tilt = min(max(tilt, tilts.low), tilts.high)
    rest = (turn - round(turn), tilt - round(tilt))
    return replace(state, turn=round(turn) % 360, tilt=round(tilt), rest=rest)
