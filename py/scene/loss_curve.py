"""The loss against epochs, on an even scale or a logarithmic one: the epoch that is shown, and the one pointed at."""

from __future__ import annotations

import numpy as np

from scene.curve import thinned
from scene.marks import Align, Array, Axis, Handles, Labels, Lines, Mark, Points, View
from scene.ticks import count, decades, number, raised, ticks

HANDLE = "epoch-shown"
LEAST = 1e-15
"""On a logarithmic scale a loss under this stands here: 0 has no place on it."""
SHORTEST = 100
HALF_LETTER = 3.5
"""Half the width of a digit, in pixels."""


def loss_curve(losses: Array, before: Array, shown: int, pointed: int | None, goal: float, logarithmic: bool) -> View:
    """Return the picture of a run's `losses`, (epochs + 1,), and faintly of the run `before`, (m,), m may be 0.

    The place of the epoch `shown` is the handle HANDLE; `pointed` is an epoch under the pointer, or None. A line
    stands where the loss is `goal`.
    """
    curve, earlier = thinned(losses), thinned(before)
    longest = float(max(len(losses) - 1, len(before) - 1, SHORTEST))
    heights = np.concatenate([curve[:, 1], earlier[:, 1]])

    def placed(points: Array) -> Array:
        return np.column_stack([points[:, 0], _height(points[:, 1])]) if logarithmic else points

    marks: list[Mark] = [Lines((placed(np.array([[0.0, goal], [longest, goal]])),), "good", 1.5, (3.0, 4.0))]
    if len(earlier) > 1:
        marks.append(Lines((placed(earlier),), "soft", 1.5))
    if len(curve) > 1:
        marks.append(Lines((placed(curve),), "ink", 2.0))
    y = _powers(float(heights.min())) if logarithmic else _even(float(heights.max()))
    if pointed is not None:
        marks += _pointed(placed(np.array([[pointed, losses[pointed]]])), pointed, float(losses[pointed]), longest, y)
    marks.append(Handles(placed(np.array([[shown, losses[shown]]])), (HANDLE,), radius=6.5))
    x = Axis(0.0, longest, ticks(0.0, longest, 4))
    last = max(14.0, HALF_LETTER * len(x.ticks[-1][1]))  # room for half the last number, which may stand at the end
    return View(tuple(marks), x, y, margin=(40.0, 10.0, last, 26.0))


def loss_told(loss: float) -> str:
    """Return a loss with four decimals, or where these say little as a power of ten."""
    if loss >= 0.0005 or loss == 0.0:
        return number(loss, 4)
    factor, power = f"{loss:.1e}".split("e-")
    return f"{factor} × 10{raised(-int(power))}"


def _pointed(at: Array, epoch: int, loss: float, longest: float, y: Axis) -> list[Mark]:
    """Return the marks of the place under the pointer: a line up and down, a dot, and epoch and loss."""
    left = at[0, 0] < 0.5 * longest
    align: Align = "left" if left else "right"
    high = at[0, 1] > (y.low + y.high) / 2
    up = np.array([[at[0, 0], y.low], [at[0, 0], y.high]])
    label = np.array([[at[0, 0], y.low if high else y.high]])
    text = f"epoch {count(epoch)}", loss_told(loss)
    marks: list[Mark] = [Lines((up,), "act", 1.0), Points(at, "act", "disc", 4.0, "panel", 1.5)]
    for row, words in enumerate(text):
        down = (-27.0 if high else 9.0) + 15.0 * row
        marks.append(Labels(label, (words,), "act", 11.5, align, (7.0 if left else -7.0, down)))
    return marks


def _even(highest: float) -> Axis:
    high = max(highest, 0.3) * 1.05
    return Axis(0.0, high, ticks(0.0, high, 4))


def _powers(least: float) -> Axis:
    """Return a logarithmic axis from under the least loss to 1, with at most five powers of ten written."""
    low = min(-2.0, float(np.floor(np.log10(max(least, LEAST)))))
    return Axis(low, 0.0, decades(low, 0.0))


def _height(losses: Array) -> Array:
    heights: Array = np.log10(np.maximum(losses, LEAST))
    return heights
