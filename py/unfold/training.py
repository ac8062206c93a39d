"""Training: the weights take small steps downhill, again and again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from unfold.activations import Array
from unfold.backprop import gradients
from unfold.network import Network


@dataclass(frozen=True)
class History:
    """A training run: the loss before it and after every epoch, (epochs + 1,) or (R, epochs + 1), and its end."""

    loss: Array
    final: Network


def step(net: Network, slope: Network, rate: float) -> Network:
    """Return the network after one step of gradient descent: each parameter less `rate` times its slope.

    `slope` holds dLoss/dparameter in the shape of the network, as `gradients` returns it.
    """
    W, dW = net.weights, slope.weights
    b, db = net.biases, slope.biases
    return Network(
        tuple(w - rate * dw for w, dw in zip(W, dW, strict=True)),
        tuple(c - rate * dc for c, dc in zip(b, db, strict=True)),
        net.activations,
    )


def train(net: Network, X: Array, Y: Array, epochs: int, learning_rate: float, optimizer: str = "sgd") -> History:
    """Return the history of `epochs` steps of gradient descent, each on all samples.

    `X` is (samples, inputs), `Y` (samples, outputs). The network handed in is not changed. Raises ValueError for
    epochs under 0, a learning rate that is not a positive number, or an optimizer other than "sgd".
    """
    if epochs < 0:
        raise ValueError(f"epochs: {epochs} is not allowed; 0 or more are")
    if not 0.0 < learning_rate < float("inf"):
        raise ValueError(f"learning_rate: {learning_rate} is not allowed; a number above 0 is")
    if optimizer != "sgd":
        raise ValueError(f"optimizer: {optimizer!r} is unknown; allowed is sgd")
    losses = [net.loss(X, Y)]
    for _ in range(epochs):
        net = step(net, gradients(net, X, Y), learning_rate)
        losses.append(net.loss(X, Y))
    return History(np.stack(losses, axis=-1), net)
