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


def step(network: Network, gradient: Network, learning_rate: float) -> Network:
    """Return the network after one step of gradient descent: each parameter less its rate times its gradient."""
    W, dW = network.weights, gradient.weights
    b, db = network.biases, gradient.biases
    return Network(
        tuple(w - learning_rate * dw for w, dw in zip(W, dW, strict=True)),
        tuple(c - learning_rate * dc for c, dc in zip(b, db, strict=True)),
        network.activations,
    )


def train(network: Network, X: Array, Y: Array, epochs: int, learning_rate: float) -> History:
    """Return the history of `epochs` steps of gradient descent, each on all samples.

    `X` is (samples, inputs), `Y` (samples, outputs). The network handed in is not changed.
    """
    losses = [network.loss(X, Y)]
    for _ in range(epochs):
        network = step(network, gradients(network, X, Y), learning_rate)
        losses.append(network.loss(X, Y))
    return History(np.stack(losses, axis=-1), network)
