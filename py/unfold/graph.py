"""The computation graph of a network for one sample, and the chain rule along each of its paths."""

from __future__ import annotations

from copy import deepcopy
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from unfold.activations import ACTIVATIONS, Array
from unfold.calculus import numeric_derivative
from unfold.losses import mean_squared_error, mean_squared_error_derivative
from unfold.network import Network

LOSSES = {"mean squared error": (mean_squared_error, mean_squared_error_derivative)}
"""Each loss that a graph may end in, with its derivative by the outputs."""
MOST_PATHS = 4096
"""The most paths that `paths` writes out: each further layer multiplies them by its width."""


class LayerGraph(NamedTuple):
    """One layer for one sample: its values z and a, (outputs,), and its local derivatives.

    `da_dz` is (outputs,). `dz_dw`, (inputs,), is what the layer receives: the derivative of any z by its weight
    from that input. `dz_da`, (inputs, outputs), is the layer's weights: the derivative of each z by each input.
    """

    z: Array
    a: Array
    da_dz: Array
    dz_dw: Array
    dz_da: Array


class Graph(NamedTuple):
    """One sample's way through a network: the layers, the loss L, and dL/da of the outputs, (outputs,)."""

    layers: tuple[LayerGraph, ...]
    loss: float
    dloss_da: Array


class Factor(NamedTuple):
    """A local derivative, of `numerator` by `denominator`: of z2 by a1, say.

    The digit is the layer, counted from 1; which of its neurons is meant, the path says. The parameter that the
    path begins at is w or b, the loss L.
    """

    numerator: str
    denominator: str
    value: float

    @property
    def name(self) -> str:
        """The derivative as it is written: dz2/da1."""
        return f"d{self.numerator}/d{self.denominator}"


class Path(NamedTuple):
    """One way from a parameter to the loss: its factors in that order, and their product.

    `neurons` has the neuron it passes in the parameter's layer and in each later one, counted from 0.
    """

    neurons: tuple[int, ...]
    factors: tuple[Factor, ...]
    product: float


def _sample(net: Network, x: Array, y: Array) -> tuple[Array, Array]:
    """Return x and y as one row each, (1, inputs) and (1, outputs), once they are found to fit."""
    for field, row, shape in (("x", x, net.weights[0].shape[:-1]), ("y", y, net.biases[-1].shape)):
        if np.shape(row) != shape or len(shape) != 1:
            raise ValueError(f"{field}: shape {np.shape(row)} is not allowed; {shape[-1:]} for one network is")
    return np.array([x], float), np.array([y], float)


def _check(weights: tuple[Array, ...], layer: int, i: int | None, j: int) -> None:
    """Raise ValueError unless there is such a parameter."""
    inputs, outputs = weights[layer].shape if 0 <= layer < len(weights) else (0, 0)
    for field, value, size in (("layer", layer, len(weights)), ("i", i or 0, inputs), ("j", j, outputs)):
        if not 0 <= value < size:
            raise ValueError(f"{field}: {value} is not allowed; allowed are 0 to {size - 1}")


def computation_graph(net: Network, x: Array, y: Array, loss: str = "mean squared error") -> Graph:
    """Return every value and every local derivative of the network for one sample.

    `x` is (inputs,), `y` (outputs,). Raises ValueError for other shapes, a network with replicas or an unknown loss.
    """
    if loss not in LOSSES:
        raise ValueError(f"loss: {loss!r} is not allowed; allowed are {', '.join(LOSSES)}")
    X, Y = _sample(net, x, y)
    z, a = net.layer_values(X)
    slopes = [ACTIVATIONS[name].derivative(z[n], a[n + 1])[0] for n, name in enumerate(net.activations)]
    layers = tuple(LayerGraph(z[n][0], a[n + 1][0], slopes[n], a[n][0], W) for n, W in enumerate(net.weights))
    value, derivative = LOSSES[loss]
    return Graph(layers, float(value(a[-1], Y)), derivative(a[-1], Y)[0])


def paths(graph: Graph, layer: int, i: int | None, j: int) -> tuple[Path, ...]:
    """Return every path to the loss from the weight of `layer` from input i to neuron j; its bias, if i is None.

    All count from 0. The products of the paths add up to dL/dparameter: this is the chain rule written out, of
    which backpropagation (Rumelhart, Hinton and Williams 1986) is the thrifty form. Raises ValueError for a
    parameter that is not there, or more than MOST_PATHS paths.
    """
    _check(tuple(each.dz_da for each in graph.layers), layer, i, j)
    later = [range(each.z.size) for each in graph.layers[layer + 1 :]]
    if (count := prod(map(len, later))) > MOST_PATHS:
        raise ValueError(f"paths: {count} is not allowed; allowed are at most {MOST_PATHS}")
    by, slope = ("b", 1.0) if i is None else ("w", float(graph.layers[layer].dz_dw[i]))
    begin = Factor(f"z{layer + 1}", by, slope)
    return tuple(_path(graph, layer, begin, (j, *rest)) for rest in product(*later))


def _path(graph: Graph, layer: int, begin: Factor, neurons: tuple[int, ...]) -> Path:
    """Return the path that begins with the factor `begin` in `layer` and goes through these neurons."""
    factors = [begin]
    for n, neuron in enumerate(neurons, layer):
        if n > layer:
            factors.append(Factor(f"z{n + 1}", f"a{n}", float(graph.layers[n].dz_da[neurons[n - layer - 1], neuron])))
        factors.append(Factor(f"a{n + 1}", f"z{n + 1}", float(graph.layers[n].da_dz[neuron])))
    factors.append(Factor("L", f"a{len(graph.layers)}", float(graph.dloss_da[neurons[-1]])))
    return Path(neurons, tuple(factors), prod(factor.value for factor in factors))


def finite_difference(net: Network, x: Array, y: Array, layer: int, i: int | None, j: int) -> tuple[float, float]:
    """Return dL/dparameter for one sample from mean squared errors alone, and an estimate of its error.

    Arguments and errors raised are those of `computation_graph` and `paths`; the method is `numeric_derivative`.
    """
    X, Y = _sample(net, x, y)
    _check(net.weights, layer, i, j)
    moved = deepcopy(net)
    row = moved.biases[layer] if i is None else moved.weights[layer][i]

    def loss_at(value: float) -> float:
        row[j] = value
        return float(moved.loss(X, Y))

    return numeric_derivative(loss_at, float(row[j]))
