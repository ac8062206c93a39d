"""Slopes: tangents, numeric derivatives, the loss of two weights, and the way down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from unfold.activations import SIGMOID, Activation, Array

Function: TypeAlias = Callable[[Any], Any]
"""A function of one argument, a real number but for `descend`; those of CURVES take arrays, element by element."""

STEPS = 0.4 / 1.4 ** np.arange(28)
"""The widths that numeric_derivative tries, 0.4 to 0.00005. Not halves: sin(64 pi x) is 0 at every half of 1."""


class Curve(NamedTuple):
    """A function, its analytic derivative, and the function's formula in words."""

    value: Function
    derivative: Function
    words: str


CURVES = {
    "parabola": Curve(lambda x: x * x, lambda x: 2.0 * x, "x squared"),
    "cubic": Curve(lambda x: x * x * x - 3.0 * x, lambda x: 3.0 * x * x - 3.0, "x cubed, less 3 times x"),
    "sine": Curve(np.sin, np.cos, "the sine of x"),
    "sigmoid": Curve(
        SIGMOID.value, lambda x: SIGMOID.derivative(x, SIGMOID.value(x)), "1 divided by (1 + e to the −x)"
    ),
}
"""Curves to lay a tangent to, by name."""


class Tangent(NamedTuple):
    """The straight line through (x, y) with the slope that a curve has there."""

    x: float
    y: float
    slope: float

    def at(self, x: Any) -> Any:
        """Return the height of the line at x, a float or an array."""
        return self.y + self.slope * (x - self.x)


def tangent(f: Function, slope: Function, x: float) -> Tangent:
    """Return the tangent of `f`, whose derivative is `slope`, at the point x."""
    return Tangent(float(x), float(f(x)), float(slope(x)))


def _limit(rough: Array, rounding: Array, power: int) -> tuple[float, float]:
    """Return what `rough`, (widths,), tends to as the width goes to 0, and how far off that may be.

    The error of `rough` runs in width^power, width^(power + 2) and so on. Each round removes one of these from
    all (Richardson 1911); the result that lies closest to the two it is made of is the best (Ridders 1982).
    """
    best = (float("inf"), float(rough[-1]))
    for p in range(power, power + 2 * min(8, len(rough) - 1), 2):
        gain = 1.4**p
        better = (gain * rough[1:] - rough[:-1]) / (gain - 1.0)
        rounding = (gain * rounding[1:] + rounding[:-1]) / (gain - 1.0)
        errors = np.maximum(np.abs(better - rough[1:]), np.abs(better - rough[:-1])) + rounding
        errors[:-1] = np.maximum(errors[:-1], errors[1:])  # agreement at one width alone may be chance
        best = min(best, *zip(errors, better, strict=True))
        rough = better
    return float(best[1]), float(best[0])


def numeric_derivative(f: Function, x: float) -> tuple[float, float]:
    """Return the derivative of `f` at x from values of `f` alone, and an estimate of the error.

    Central differences of falling width, extrapolated to width 0 (Ridders 1982, Accurate computation of F'(x) and
    F'(x) F''(x)). The estimate counts what the extrapolation leaves open; rounding, trusting that `f` is right to
    the last places of x and of its value; and at a corner of `f`, where no derivative is, half the jump of the
    slope. What is finer than the smallest width it cannot see. `f` may be infinite or not a number at the greater
    widths. Raises ValueError where it is so at the smallest.
    """
    with np.errstate(all="ignore"):
        # What x + width differs from x by in truth, so that the last places of a large x do no harm.
        h = (x + STEPS * max(1.0, 1e-8 * abs(x))) - x
        middle = float(f(float(x)))
        right, left = (np.array([float(f(float(x + s))) for s in signed]) for signed in (h, -h))
        slope = (right - left) / (2.0 * h)
        bend = ((right - middle) - (middle - left)) / h  # the slope to the right less that to the left
    usable = np.logical_and.accumulate((np.isfinite(slope) & np.isfinite(bend))[::-1])[::-1]
    if not usable.any():
        raise ValueError(f"x: {x} is not allowed; points around which f is finite are")
    size = abs(middle) + np.maximum(np.abs(right), np.abs(left)) + abs(x) * np.abs(slope[usable]).max()
    rounding = (2.0 * np.finfo(float).eps * size / h)[usable]
    value, error = _limit(slope[usable], rounding, 2)
    jump, doubt = _limit(bend[usable], 2.0 * rounding, 1)
    return value, error + (abs(jump) + doubt) / 2.0 if abs(jump) > doubt else error


def _neuron(w1: Array, w2: Array, X: Array, y: Array, activation: Activation) -> tuple[Array, Array]:
    """Return a - y and da/dz of one neuron, each (..., samples)."""
    z = np.asarray(w1)[..., None] * X[:, 0] + np.asarray(w2)[..., None] * X[:, 1]
    a = activation.value(z)
    return a - y.ravel(), activation.derivative(z, a)


def loss_of_two_weights(w1: Array, w2: Array, X: Array, y: Array, activation: Activation) -> Array:
    """Return the mean squared error of one neuron without bias, activation(w1 x1 + w2 x2), for each w1 and w2.

    `w1` and `w2` are numbers, or arrays that broadcast to the shape of the result; `X` is (samples, 2), `y`
    (samples,) or (samples, 1). The line w x + b is the identity's case, with columns x and 1 in X.
    """
    error, _ = _neuron(w1, w2, X, y, activation)
    loss: Array = np.mean(error * error, axis=-1)
    return loss


def gradient_of_two_weights(w1: Array, w2: Array, X: Array, y: Array, activation: Activation) -> Array:
    """Return dLoss/dw1 and dLoss/dw2 of `loss_of_two_weights`, (..., 2), by the chain rule."""
    error, slope = _neuron(w1, w2, X, y, activation)
    gradient: Array = (2.0 * error * slope) @ X / len(X)
    return gradient


class Descent(NamedTuple):
    """A path downhill: its points, (steps + 1, 2), the loss at each, (steps + 1,), and whether it ran away.

    Every number is finite and every point within the limit: a path that ran away ends at its last such point.
    """

    points: Array
    losses: Array
    diverged: bool


def descend(loss_gradient: Function, start: Array, rate: float, steps: int, limit: float) -> Descent:
    """Return the path of gradient descent from `start`, (2,): `steps` steps, or fewer if it runs away.

    `loss_gradient`, called with a point, (2,), gives the loss there, a number, and its gradient, (2,). The path has
    run away when a coordinate is above `limit` or below minus `limit`, or the loss or its gradient is not finite.
    Raises ValueError for a start where that is so.
    """
    path: list[tuple[Array, float]] = []
    point = np.array(start, float)
    with np.errstate(all="ignore"):
        while len(path) <= steps and np.all(np.abs(point) <= limit):  # not a number is within no limit
            loss, gradient = loss_gradient(point)
            if not (np.isfinite(loss) and np.isfinite(gradient).all() and np.isfinite(point).all()):
                break
            path.append((point, float(loss)))
            point = point - rate * gradient
    if not path:
        raise ValueError(f"start: {start} is not allowed; points within {limit} that have a finite loss are")
    return Descent(np.array([point for point, _ in path]), np.array([loss for _, loss in path]), len(path) <= steps)
