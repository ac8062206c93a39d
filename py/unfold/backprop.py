"""Backpropagation (Rumelhart, Hinton and Williams 1986), written out by hand."""

from __future__ import annotations

from unfold.activations import ACTIVATIONS, Array
from unfold.losses import mean_squared_error_derivative
from unfold.network import Network


def gradients(net: Network, X: Array, Y: Array) -> Network:
    """Return dLoss/dparameter for every weight and bias, in the shape of the net.

    `X` is (samples, inputs), `Y` (samples, outputs); the loss is the mean squared error. `delta` is dLoss/dz of
    the layer at hand, (..., samples, neurons).
    """
    z, a = net.layer_values(X)
    f = [ACTIVATIONS[name] for name in net.activations]
    dW: list[Array] = []
    db: list[Array] = []
    dLda = mean_squared_error_derivative(a[-1], Y)
    for i in reversed(range(len(f))):
        delta = dLda * f[i].derivative(z[i], a[i + 1])
        dW.insert(0, a[i].swapaxes(-1, -2) @ delta)
        db.insert(0, delta.sum(axis=-2))
        if i > 0:
            dLda = delta @ net.weights[i].swapaxes(-1, -2)
    return Network(tuple(dW), tuple(db), net.activations)
