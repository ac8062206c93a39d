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
    f = [ACTIVATIONS[name] for name in network.activations]
    dW: list[Array] = []
    db: list[Array] = []
    dLda = mean_squared_error_derivative(a[-1], Y)
    for l in reversed(range(len(f))):
        delta = dLda * f[l].derivative(z[l], a[l + 1])
        dW.insert(0, a[l].swapaxes(-1, -2) @ delta)
        db.insert(0, delta.sum(axis=-2))
        if l > 0:
            dLda = delta @ network.weights[l].swapaxes(-1, -2)
    return Network(tuple(dW), tuple(db), network.activations)
