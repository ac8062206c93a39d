"""Loss functions: one number for how wrong the answers are."""

from __future__ import annotations

import numpy as np

from unfold.activations import Array


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
