"""A ball that goes down a slope step by step, until it lies still, leaves the picture, or has had its steps.

It is its path, and its end: why it lies still ("" while it rolls). `left`: a step threw it out; `out`: downhill itself
leads out; `rest`: where it lies there is hardly a slope; `time`: it has had its steps.
"""

from __future__ import annotations

from collections.abc import Callable
from math import hypot

import numpy as np

from scene.marks import Array

STEPS_A_SECOND, MOST_STEPS = 12.0, 120
STILL = 0.01
"""A slope under which the ball is taken to lie still."""
Place = tuple[float, float]
Slope = Callable[[Place], Array]
Path = tuple[Place, ...]


def dropped(at: Place, slope: Slope) -> tuple[Path, str]:
    """Return the path and the end of a ball that was put down."""
    return (at,), "rest" if hypot(*slope(at)) < STILL else ""


def rolled(path: Path, slope: Slope, rate: float, edge: float) -> tuple[Path, str]:
    """Return the path and the end after one step against the slope, within a square from -edge to edge."""
    here = np.array(path[-1])
    move = -rate * slope(path[-1])
    there = here + move
    out = np.abs(there) > edge
    if out.any():
        share = float(np.min((np.copysign(edge, move) - here)[out] / move[out]))
        rim = np.clip(here + share * move, -edge, edge)
        # Where downhill itself leads out, no rate would keep the ball in.
        beyond = (np.abs(rim) > edge - 1e-9) & (-slope((float(rim[0]), float(rim[1]))) * np.sign(rim) > 0.0)
        return (*path, tuple(rim.tolist())), "out" if beyond.any() else "left"
    path = (*path, tuple(there.tolist()))
    return path, "rest" if hypot(*slope(path[-1])) < STILL else "time" if len(path) > MOST_STEPS else ""


def within(x: float, y: float, limit: float) -> Place:
    """Return the place nearest to x and y in the square from -limit to limit."""
    return min(max(float(x), -limit), limit), min(max(float(y), -limit), limit)


def told(end: str, steps: int, loss: str, at_bottom: bool) -> str:
    """Return in words what became of a ball after so many steps."""
    rest = "at the bottom" if at_bottom else "on a flat place that is not the lowest"
    return {
        "": f"The ball rolls: {steps} steps so far, loss {loss}.",
        "left": f"After {steps} steps the ball is at the edge; it left: the rate is too high.",
        "out": f"After {steps} steps the ball rolled out of the picture: downhill leads on beyond the edge here.",
        "rest": f"After {steps} steps the ball lies still {rest}, at loss {loss}.",
        "time": f"After {steps} steps the ball is not at rest yet: loss {loss}. Try another rate.",
    }[end]
