"""A feed-forward network: its parameters, and what it makes of its inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from unfold.activations import ACTIVATIONS, SOFTMAX, Activation, Array
from unfold.formula import FormulaError
from unfold.formula import activation as read_activation
from unfold.losses import loss_for

INITIAL: dict[str, Callable[[np.random.Generator, tuple[int, int]], Array]] = {
    "uniform": lambda random, shape: random.uniform(-1.0, 1.0, shape),
    "glorot": lambda random, shape: random.uniform(-1.0, 1.0, shape) * np.sqrt(6.0 / sum(shape)),
    "he": lambda random, shape: random.normal(size=shape) * np.sqrt(2.0 / shape[0]),
    "equal": lambda random, shape: np.full(shape, 0.5),
}
"""First weights of a layer, (inputs, outputs): uniform from -1 to 1; Glorot and Bengio's (2010), uniform; He et al.'s
(2015), normal; all one half, to show why weights must differ."""


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
        initial: str = "uniform",
    ) -> Network:
        """Return a network with random weights, as INITIAL has them, and biases 0.

        `layers` are the widths from inputs to outputs; `activation` is one name (or formula), or one for each
        hidden layer; `output` may also be "softmax". A sequence of seeds gives the replica axis: replica r is bit
        for bit the network of that seed alone. Raises ValueError for fewer than two layers, a width under 1, an
        unknown activation or an unknown `initial`.
        """
        if len(layers) < 2 or min(layers) < 1:
            raise ValueError(f"layers: {tuple(layers)} is not allowed; at least two widths of at least 1 are")
        hidden = len(layers) - 2
        names = (activation,) * hidden if isinstance(activation, str) else tuple(activation)
        if len(names) != hidden:
            raise ValueError(f"activation: {len(names)} names for {hidden} hidden layers")
        for name in names if output == SOFTMAX.name else (*names, output):
            try:
                read_activation(name)
            except FormulaError as problem:
                allowed = f"allowed are {', '.join(ACTIVATIONS)} and formulas in x"
                raise ValueError(f"activation: {name!r} is not allowed; {allowed} ({problem})") from None
        if initial not in INITIAL:
            raise ValueError(f"initial: {initial!r} is not allowed; allowed are {', '.join(INITIAL)}")
        if not isinstance(seed, int | np.integer):
            each = [cls.create(layers, names, output, int(one), initial) for one in seed]
            weights = tuple(np.stack(same) for same in zip(*(net.weights for net in each), strict=True))
            biases = tuple(np.stack(same) for same in zip(*(net.biases for net in each), strict=True))
            return cls(weights, biases, (*names, output))
        random = np.random.default_rng(int(seed))
        shapes = list(pairwise(layers))
        return cls(
            tuple(INITIAL[initial](random, shape) for shape in shapes),
            tuple(np.zeros(width) for width in layers[1:]),
            (*names, output),
        )

    @property
    def functions(self) -> list[Activation]:
        """The activation of every layer."""
        return [SOFTMAX if name == SOFTMAX.name else read_activation(name) for name in self.activations]

    def layer_values(self, X: Array) -> tuple[list[Array], list[Array]]:
        """Return every layer's pre-activations z and outputs a, each (..., samples, neurons).

        `X` is (samples, inputs). The outputs begin with X itself: `a[l]` is what layer l receives.
        """
        z, a = [], [X]
        for W, b, f in zip(self.weights, self.biases, self.functions, strict=True):
            z.append(a[-1] @ W + b[..., None, :])
            a.append(f.value(z[-1]))
        return z, a

    def forward(self, X: Array) -> Array:
        """Return the network's answers, (..., samples, outputs), to the inputs X, (samples, inputs)."""
        return self.layer_values(X)[1][-1]

    def loss(self, X: Array, Y: Array, loss: str = "mean squared error") -> Array:
        """Return the loss of the answers to X against Y, (samples, outputs): () or (R,).

        Raises ValueError for an unknown loss, or one that the output layer's activation does not go with.
        """
        z, a = self.layer_values(X)
        return loss_for(self.activations[-1], loss).value(z[-1], a[-1], Y)
