"""Activation functions: what a neuron makes of the sum it receives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Activation:
    """A function of the pre-activation z, elementwise, with its derivative.

    `value(z)` is the output a; `derivative(z, a)` is da/dz, which may use either, whichever is cheaper.
    `increasing` says whether a grows strictly with z everywhere.
    """

    name: str
    value: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]
    increasing: bool


def _sigmoid(z: Array) -> Array:
    # 1 / (1 + exp(-z)) would overflow for very negative z; tanh never does, and the two are one function.
    half: Array = 0.5 * np.tanh(0.5 * z) + 0.5
    return half


TANH = Activation("tanh", np.tanh, lambda z, a: 1.0 - a * a, increasing=True)
SIGMOID = Activation("sigmoid", _sigmoid, lambda z, a: a * (1.0 - a), increasing=True)

ACTIVATIONS = {activation.name: activation for activation in (SIGMOID, TANH)}
"""All activations by name."""
