"""Loss functions: one number for how wrong the answers are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from unfold.activations import Activation, Array


@dataclass(frozen=True)
class Loss:
    """A loss of the output layer, averaged over the samples.

    `value(z, a, Y)` is () or (R,); `delta(z, a, Y, f)` is dLoss/dz, (..., samples, outputs). z and a are the layer's
    pre-activations and outputs, f is its activation. The cross-entropies are worked out from z, with the activation
    they belong to, so that no logarithm meets a 0.
    """

    name: str
    value: Callable[[Array, Array, Array], Array]
    delta: Callable[[Array, Array, Array, Activation], Array]
    output: str | None = None
    """The activation that the output layer must have; None where any will do."""


def mean_squared_error(outputs: Array, targets: Array) -> Array:
    """Return the mean of (output - target)^2 over samples and outputs: shape () or (R,) with replicas.

    Both arguments are (..., samples, outputs).
    """
    error = outputs - targets
    mean: Array = np.mean(error * error, axis=(-2, -1))
    return mean


def mean_squared_error_derivative(outputs: Array, targets: Array) -> Array:
    """Return dLoss/doutput, (..., samples, outputs): 2 (output - target) / (samples x outputs)."""
    slope: Array = (outputs - targets) * (2.0 / (outputs.shape[-1] * outputs.shape[-2]))
    return slope


def binary_cross_entropy(z: Array, targets: Array) -> Array:
    """Return the mean over samples and outputs of -log of what sigmoid(z) gives the target: () or (R,).

    That is softplus(z) - target z, which is exact where sigmoid(z) has long been rounded to 0 or 1.
    """
    mean: Array = np.mean(np.logaddexp(0.0, z) - targets * z, axis=(-2, -1))
    return mean


def softmax_cross_entropy(z: Array, targets: Array) -> Array:
    """Return the mean over samples of -log of what softmax(z) gives the target, which is one-hot: () or (R,)."""
    largest = z.max(axis=-1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(z - largest), axis=-1, keepdims=True))
    mean: Array = np.mean(np.sum(targets * (log_sum - (z - largest)), axis=-1), axis=-1)
    return mean


LOSSES = {
    loss.name: loss
    for loss in (
        Loss(
            "mean squared error",
            lambda z, a, Y: mean_squared_error(a, Y),
            lambda z, a, Y, f: mean_squared_error_derivative(a, Y) * f.derivative(z, a),
        ),
        Loss(
            "binary cross-entropy",
            lambda z, a, Y: binary_cross_entropy(z, Y),
            lambda z, a, Y, f: (a - Y) / (a.shape[-1] * a.shape[-2]),
            output="sigmoid",
        ),
        Loss(
            "softmax cross-entropy",
            lambda z, a, Y: softmax_cross_entropy(z, Y),
            lambda z, a, Y, f: (a - Y) / a.shape[-2],
            output="softmax",
        ),
    )
}
"""All losses by name."""


def loss_for(output: str, name: str) -> Loss:
    """Return the loss of that name for an output layer with the activation `output`.

    Raises ValueError for an unknown name, or where the two do not go together: a cross-entropy needs its own
    activation, and softmax needs its cross-entropy.
    """
    if name not in LOSSES:
        raise ValueError(f"loss: {name!r} is not allowed; allowed are {', '.join(LOSSES)}")
    fitting = [loss.name for loss in LOSSES.values() if loss.output == output]
    if output != "softmax":
        fitting = [loss.name for loss in LOSSES.values() if loss.output in (None, output)]
    if name not in fitting:
        raise ValueError(f"loss: {name!r} is not allowed for {output} outputs; allowed are {', '.join(fitting)}")
    return LOSSES[name]
