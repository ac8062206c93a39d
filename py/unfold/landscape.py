"""The loss around a network, as a landscape over two directions (Li, Xu, Taylor, Studer and Goldstein 2018)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from unfold.activations import Array
from unfold.losses import mean_squared_error
from unfold.network import Network

_CHUNK_BYTES = 24_000_000
"""Working memory for the networks that are evaluated together."""


def random_directions(net: Network, seed: int) -> tuple[Network, Network]:
    """Return two random directions in the shape of one network, normalised filter by filter.

    A filter is the weights that come into one neuron, a column of W: its direction is normal noise, scaled to
    the length of that column, so that landscapes of different networks can be compared (Li et al. 2018,
    section 4). Biases stay where they are: their direction is 0, as in Li et al. One seed, one pair.
    """
    random = np.random.default_rng(seed)

    def direction() -> Network:
        weights = []
        for W in net.weights:
            noise = random.normal(size=W.shape)
            weights.append(noise * (np.linalg.norm(W, axis=-2) / np.linalg.norm(noise, axis=-2)))
        return replace(net, weights=tuple(weights), biases=tuple(np.zeros_like(b) for b in net.biases))

    return direction(), direction()


def principal_directions(nets: Sequence[Network]) -> tuple[Network, Network, Array, Array]:
    """Return the two main directions of a training path, their shares of it, (2,), and its coordinates, (T, 2).

    `nets` are the T networks of the path, without replicas; the last is the origin. The directions have length
    1 over all weights and biases and stand at right angles; they are the first two right singular vectors of
    the differences to the last network (Li et al. 2018, section 7). A share is the part of the squared
    differences that lies along the direction; both are 0 for a path that never moves. Raises ValueError for
    fewer than two networks.
    """
    if len(nets) < 2:
        raise ValueError(f"nets: {len(nets)} is not allowed; allowed are 2 networks or more")
    flat = np.array([np.concatenate([p.ravel() for p in (*net.weights, *net.biases)]) for net in nets])
    differences = flat - flat[-1]
    _, sizes, directions = np.linalg.svd(differences, full_matrices=False)
    # A singular vector's sign is arbitrary: make its largest entry positive, so that every machine agrees.
    main = np.array([d * np.sign(d[np.argmax(np.abs(d))]) for d in directions[:2]])
    total = float(np.sum(sizes**2))
    shares = sizes[:2] ** 2 / total if total > 0.0 else np.zeros(2)
    return _shaped(nets[-1], main[0]), _shaped(nets[-1], main[1]), shares, differences @ main.T


def at(net: Network, d1: Network, d2: Network, a: float | Array, b: float | Array) -> Network:
    """Return the network moved by `a` times the direction d1 and `b` times d2.

    `a` and `b` are numbers, or both (R,): then R networks side by side, along the replica axis.
    """

    def moved(p: Array, p1: Array, p2: Array) -> Array:
        dots = (..., *(None,) * p.ndim)
        there: Array = p + np.asarray(a, float)[dots] * p1 + np.asarray(b, float)[dots] * p2
        return there

    return replace(
        net,
        weights=tuple(map(moved, net.weights, d1.weights, d2.weights)),
        biases=tuple(map(moved, net.biases, d1.biases, d2.biases)),
    )


def surface(
    net: Network,
    d1: Network,
    d2: Network,
    X: Array,
    Y: Array,
    xs: Array,
    ys: Array,
    loss: Callable[[Array, Array], Array] = mean_squared_error,
) -> Array:
    """Return the loss at every net + x * d1 + y * d2, (len(ys), len(xs)): a row for each y.

    `X` is (samples, inputs), `Y` (samples, outputs); `loss` takes outputs, (R, samples, outputs), and Y, and
    returns (R,). The networks are evaluated many at a time along the replica axis, and so many that the memory
    at work stays under about 50 MB.
    """
    across, up = (grid.ravel() for grid in np.meshgrid(np.asarray(xs, float), np.asarray(ys, float)))
    # Every layer's z and a are held until the last is done, and an activation needs room to work in.
    widths = sum(W.shape[-1] for W in net.weights) + max(W.shape[-1] for W in net.weights)
    parameters = sum(p.size for p in (*net.weights, *net.biases))
    each = 8 * (2 * widths * len(X) + 3 * parameters)
    together = max(1, _CHUNK_BYTES // each)
    heights = np.empty(across.size)
    for start in range(0, across.size, together):
        here = slice(start, start + together)
        heights[here] = loss(at(net, d1, d2, across[here], up[here]).forward(X), Y)
    return heights.reshape(len(ys), len(xs))


def _shaped(net: Network, flat: Array) -> Network:
    """Return the flat list of numbers as weights and biases in the shape of the network."""
    parts, start = [], 0
    for p in (*net.weights, *net.biases):
        parts.append(flat[start : start + p.size].reshape(p.shape))
        start += p.size
    layers = len(net.weights)
    return replace(net, weights=tuple(parts[:layers]), biases=tuple(parts[layers:]))
