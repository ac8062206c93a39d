"""Optimizers: how a parameter moves, given its slope and what is remembered of earlier slopes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from unfold.activations import Array

Slots: TypeAlias = tuple[Array, ...]

MOMENTUM = 0.9
DECAY = 0.9
BETA1, BETA2 = 0.9, 0.999
TINY = 1e-8


@dataclass(frozen=True)
class Optimizer:
    """A rule, elementwise, for one array of parameters.

    `move(slope, slots, step)` returns what to subtract for each unit of the learning rate, and the slots after it;
    `slots` are `memories` arrays in the shape of the parameters, at first 0, and `step` counts from 1.
    """

    name: str
    memories: int
    move: Callable[[Array, Slots, int], tuple[Array, Slots]]


def momentum(slope: Array, slots: Slots, step: int) -> tuple[Array, Slots]:
    """Return the sum of the slopes so far, the older the less."""
    velocity = MOMENTUM * slots[0] + slope
    return velocity, (velocity,)


def nesterov(slope: Array, slots: Slots, step: int) -> tuple[Array, Slots]:
    """Return momentum's move, looked at from where it leads."""
    velocity = MOMENTUM * slots[0] + slope
    return slope + MOMENTUM * velocity, (velocity,)


def rmsprop(slope: Array, slots: Slots, step: int) -> tuple[Array, Slots]:
    """Return the slope in units of its size of late."""
    square = DECAY * slots[0] + (1.0 - DECAY) * slope * slope
    return slope / (np.sqrt(square) + TINY), (square,)


def adam(slope: Array, slots: Slots, step: int) -> tuple[Array, Slots]:
    """Return the mean slope in units of its size of late, both corrected for how short the run still is."""
    mean = BETA1 * slots[0] + (1.0 - BETA1) * slope
    square = BETA2 * slots[1] + (1.0 - BETA2) * slope * slope
    move = mean / (1.0 - BETA1**step) / (np.sqrt(square / (1.0 - BETA2**step)) + TINY)
    return move, (mean, square)


OPTIMIZERS = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer("sgd", 0, lambda slope, slots, step: (slope, ())),
        Optimizer("momentum", 1, momentum),
        Optimizer("nesterov", 1, nesterov),
        Optimizer("rmsprop", 1, rmsprop),
        Optimizer("adam", 2, adam),
    )
}
"""All optimizers by name: plain gradient descent; momentum (Polyak 1964); Nesterov's (1983), in the form of Sutskever
et al. (2013); RMSProp (Tieleman and Hinton 2012); Adam (Kingma and Ba 2015)."""
