"""Backpropagation (Rumelhart, Hinton and Williams 1986), written out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from unfold.activations import Array
from unfold.losses import loss_for
from unfold.network import Network


def gradients(net: Network, X: Array, Y: Array, loss: str = "mean squared error") -> Network:
    """Return dLoss/dparameter for every weight and bias, in the shape of the net.

    `X` is (samples, inputs), `Y` (samples, outputs). `delta` is dLoss/dz of the layer at hand, (..., samples,
    neurons). Raises ValueError for an unknown loss, or one that the output layer's activation does not go with.
    """
    z, a = net.layer_values(X)
    f = net.functions
    dW: list[Array] = []
    db: list[Array] = []
    delta = loss_for(net.activations[-1], loss).delta(z[-1], a[-1], Y, f[-1])
    for i in reversed(range(len(f))):
        dW.insert(0, a[i].swapaxes(-1, -2) @ delta)
        db.insert(0, delta.sum(axis=-2))
        if i > 0:
            dLda = delta @ net.weights[i].swapaxes(-1, -2)
            delta = dLda * f[i - 1].derivative(z[i - 1], a[i])
    return Network(tuple(dW), tuple(db), net.activations)


def with_penalties(slope: Network, net: Network, l1: float, l2: float) -> Network:
    """Return the slopes with those of l1 sum |w| + l2 / 2 sum w^2 added, the penalties on the net's weights."""
    penalised = zip(slope.weights, net.weights, strict=True)
    return replace(slope, weights=tuple(dW + l1 * np.sign(W) + l2 * W for dW, W in penalised))
