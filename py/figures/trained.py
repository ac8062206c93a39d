"""Deep networks trained for a while, each stretch of it once: for figures that show what has been learnt."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from scene.marks import Array
from scene.passage import Passage
from unfold.datasets import circles, gate
from unfold.network import Network
from unfold.training import Progress, train

RATE, STRIDE, MOST_EPOCHS = 0.05, 50, 600
"""How they are trained, by Adam; how many epochs lie between two standings that are kept; and how many there are."""
SQUARES = {"xor": (-0.35, 1.35), "ring": (-1.3, 1.3)}
"""The square of inputs around the samples of each set, from and to."""


@lru_cache(4)
def samples(data: str) -> tuple[Array, Array]:
    """Return the samples (n, 2) and classes (n, 1) of XOR, or of a ring of class 1 around a core of class 0."""
    if data == "xor":
        return gate("xor")
    ring = circles(80, 0.03)
    return ring.X, ring.Y


def stopped_told(at: Progress) -> str:
    """Return in words that a network's numbers ran away in training, if they did."""
    if at.diverged < 0:
        return ""
    return f" In epoch {int(at.diverged)} the numbers ran away: this is the network just before. Try another seed."


@lru_cache(256)
def trained(data: str, layers: int, width: int, activation: str, seed: int, epochs: int) -> Progress:
    """Return where a network of hidden layers of one width stands after `epochs`; every STRIDE-th standing is kept."""
    if epochs == 0:
        shape = (2, *[width] * layers, 1)
        return Progress.begin(Network.create(shape, activation, seed=seed, initial="glorot"), "adam")
    stretch = epochs % STRIDE or STRIDE
    before = trained(data, layers, width, activation, seed, epochs - stretch)
    return train(before, *samples(data), stretch, RATE, "adam").progress


@lru_cache(16)
def passage(data: str, look: str, *settings: Any) -> Passage:
    """Return the plane's way through the network `trained` with these settings; `look` names the neurons shown."""
    chosen = tuple(int(k) - 1 for k in look) if look != "all" else ()
    return Passage(trained(data, *settings).net, samples(data)[0], *SQUARES[data], chosen)
