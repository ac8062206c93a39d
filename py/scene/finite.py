"""Numbers that can be shown of a network whose activation may be any formula: it may grow past all bounds, or end.

In the place of what is no number stands 0, and nothing lies farther away than LARGEST. All else is as it is, to the
last bit, and so is what the built-in activations make of numbers.
"""

from __future__ import annotations

import numpy as np

from scene.marks import Array
from unfold.activations import ACTIVATIONS
from unfold.network import Network

LARGEST = 1e6
"""How far from 0 a value can be shown."""
LOST = " At some places f has no value, or one beyond a million: 0, or a million, stands in its place."
WORST = 1.0
"""The largest loss that answers between 0 and 1 can have; answers that are none count as that."""


def held(values: Array) -> Array:
    """Return the values within LARGEST of 0, with 0 for those that are not numbers."""
    return np.clip(np.nan_to_num(values), -LARGEST, LARGEST)


def beyond(values: Array) -> bool:
    """Return whether any of the values is no number, or farther away than LARGEST."""
    return not bool((np.abs(values) <= LARGEST).all())


def outputs(net: Network, X: Array) -> list[Array]:
    """Return X, (samples, inputs), and what each layer makes of what the one before is shown to put out."""
    found = [X]
    with np.errstate(over="ignore", invalid="ignore"):
        for W, b, function in zip(net.weights, net.biases, net.functions, strict=True):
            values = function.value(found[-1] @ W + b)
            found.append(values if function.name in ACTIVATIONS else held(values))
    return found


def lost_told(net: Network, X: Array) -> str:
    """Return in words that the layers take some of the inputs X, (samples, inputs), where they cannot be shown.

    It is nothing where that is not so.
    """
    layers = list(zip(outputs(net, X)[:-2], net.weights, net.biases, net.functions[:-1], strict=False))
    if not any(f.name not in ACTIVATIONS and beyond(f.value(a @ W + b)) for a, W, b, f in layers):
        return ""
    return LOST


def answers(net: Network, X: Array) -> Array:
    """Return what a network is shown to answer, (samples, outputs)."""
    return outputs(net, X)[-1]


def loss(net: Network, X: Array, Y: Array) -> float:
    """Return the loss of a network's answers: WORST where it is not a number."""
    with np.errstate(all="ignore"):
        error = float(net.loss(X, Y))
    return error if np.isfinite(error) else WORST
