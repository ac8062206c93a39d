"""Backpropagation (Rumelhart, Hinton and Williams 1986), written out by hand."""

from __future__ import annotations

from unfold.activations import ACTIVATIONS, Array
from unfold.losses import mean_squared_error_derivative
from unfold.network import Network


def gradients(network: Network, X: Array, Y: Array) -> Network:
    """Return dLoss/dparameter for every weight and bias, in the shape of the network.

    `X` is (samples, inputs), `Y` (samples, outputs); the loss is the mean squared error. `delta` is dLoss/dz of
    the layer at hand, (..., samples, neurons).
    """
    z, a = network.layer_values(X)
    slope = [ACTIVATIONS[name].derivative for name in network.activations]
    dW, db = [], []
    delta = mean_squared_error_derivative(a[-1], Y) * slope[-1](z[-1], a[-1])
    for layer in reversed(range(len(network.weights))):
        dW.insert(0, a[layer].swapaxes(-1, -2) @ delta)
        db.insert(0, delta.sum(axis=-2))
        if layer > 0:
            W = network.weights[layer]
            delta = (delta @ W.swapaxes(-1, -2)) * slope[layer - 1](z[layer - 1], a[layer])
    return Network(tuple(dW), tuple(db), network.activations)
