"""A feed-forward network: its parameters, and what it makes of its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from unfold.activations import ACTIVATIONS, Array
from unfold.losses import mean_squared_error


@dataclass(frozen=True)
class Network:
    """The weights and biases of every layer, and each layer's activation by name.

    `weights[l]` is (..., inputs, outputs), so that a layer is x @ W + b; `biases[l]` is (..., outputs). The
    dots stand for nothing, or for the replica axis R: R networks side by side.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    activations: tuple[str, ...]

    @classmethod
    def create(
        cls,
        layers: Sequence[int],
        activation: str | Sequence[str] = "tanh",
        output: str = "sigmoid",
        seed: int | Sequence[int] = 0,
    ) -> Network:
        """Return a network with random weights, uniform between -1 and 1, and biases 0.

        `layers` are the widths from inputs to outputs; `activation` is one name, or one for each hidden layer.
        A sequence of seeds gives the replica axis: replica r is bit for bit the network of that seed alone.
        Raises ValueError for fewer than two layers, a width under 1 or an unknown activation.
        """
        if len(layers) < 2 or min(layers) < 1:
            raise ValueError(f"layers: {tuple(layers)} is not allowed; at least two widths of at least 1 are")
        hidden = len(layers) - 2
        names = (activation,) * hidden if isinstance(activation, str) else tuple(activation)
        if len(names) != hidden:
            raise ValueError(f"activation: {len(names)} names for {hidden} hidden layers")
        for name in (*names, output):
            if name not in ACTIVATIONS:
                raise ValueError(f"activation: {name!r} is unknown; allowed are {', '.join(ACTIVATIONS)}")
        if not isinstance(seed, int | np.integer):
            each = [cls.create(layers, names, output, int(one)) for one in seed]
            weights = tuple(np.stack(same) for same in zip(*(net.weights for net in each), strict=True))
            biases = tuple(np.stack(same) for same in zip(*(net.biases for net in each), strict=True))
            return cls(weights, biases, (*names, output))
        random = np.random.default_rng(int(seed))
        shapes = list(pairwise(layers))
        return cls(
            tuple(random.uniform(-1.0, 1.0, shape) for shape in shapes),
            tuple(np.zeros(width) for width in layers[1:]),
            (*names, output),
        )

    def layer_values(self, X: Array) -> tuple[list[Array], list[Array]]:
        """Return every layer's pre-activations z and outputs a, each (..., samples, neurons).

        `X` is (samples, inputs). The outputs begin with X itself: `a[l]` is what layer l receives.
        """
        z, a = [], [X]
        for W, b, name in zip(self.weights, self.biases, self.activations, strict=True):
            z.append(a[-1] @ W + b[..., None, :])
            a.append(ACTIVATIONS[name].value(z[-1]))
        return z, a

    def forward(self, X: Array) -> Array:
        """Return the network's answers, (..., samples, outputs), to the inputs X, (samples, inputs)."""
        return self.layer_values(X)[1][-1]

    def loss(self, X: Array, Y: Array) -> Array:
        """Return the mean squared error of the answers to X against Y, (samples, outputs): () or (R,)."""
        return mean_squared_error(self.forward(X), Y)
