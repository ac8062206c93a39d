"""Backpropagation against finite differences and against a second, plainly written implementation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unfold.backprop import gradients
from unfold.datasets import gate
from unfold.network import Network

NAMES = ["tanh", "sigmoid"]


def parameters(net):
    return [*net.weights, *net.biases]


def with_parameters(net, values):
    half = len(net.weights)
    return Network(tuple(values[:half]), tuple(values[half:]), net.activations)


def finite_differences(net, X, Y, width=1e-6):
    """Central differences of the loss, one parameter at a time: error of the order of width squared."""
    slopes = [np.zeros_like(p) for p in parameters(net)]
    for which, parameter in enumerate(parameters(net)):
        for index in np.ndindex(parameter.shape):
            losses = []
            for sign in (1.0, -1.0):
                moved = [p.copy() for p in parameters(net)]
                moved[which][index] += sign * width
                losses.append(float(with_parameters(net, moved).loss(X, Y)))
            slopes[which][index] = (losses[0] - losses[1]) / (2 * width)
    return slopes


def neuron_by_neuron(net, X, Y):
    """The same gradients by loops over samples and neurons, in plain floats and the textbook's indices."""
    value = {"tanh": math.tanh, "sigmoid": lambda z: 1.0 / (1.0 + math.exp(-z))}
    slope = {"tanh": lambda a: 1.0 - a * a, "sigmoid": lambda a: a * (1.0 - a)}
    dW = [np.zeros_like(W) for W in net.weights]
    db = [np.zeros_like(b) for b in net.biases]
    for x, y in zip(X.tolist(), Y.tolist(), strict=True):
        layers = [x]
        for W, b, name in zip(net.weights, net.biases, net.activations, strict=True):
            inputs = layers[-1]
            sums = [b[j] + sum(inputs[i] * W[i, j] for i in range(len(inputs))) for j in range(len(b))]
            layers.append([value[name](z) for z in sums])
        feels = [2.0 * (a - t) / (len(y) * len(X)) for a, t in zip(layers[-1], y, strict=True)]
        for layer in reversed(range(len(net.weights))):
            inputs, outputs, name = layers[layer], layers[layer + 1], net.activations[layer]
            deltas = [feel * slope[name](a) for feel, a in zip(feels, outputs, strict=True)]
            for j, delta in enumerate(deltas):
                db[layer][j] += delta
                for i, a in enumerate(inputs):
                    dW[layer][i, j] += a * delta
            feels = [
                sum(net.weights[layer][i, j] * delta for j, delta in enumerate(deltas)) for i in range(len(inputs))
            ]
    return [*dW, *db]


@st.composite
def problems(draw):
    hidden = draw(st.lists(st.integers(1, 4), max_size=3))
    layers = (draw(st.integers(1, 3)), *hidden, draw(st.integers(1, 2)))
    names = [draw(st.sampled_from(NAMES)) for _ in hidden]
    net = Network.create(layers, names, draw(st.sampled_from(NAMES)), seed=draw(st.integers(0, 10_000)))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    net = with_parameters(net, [p + random.normal(0.0, 1.0, p.shape) for p in parameters(net)])
    samples = draw(st.integers(1, 5))
    return net, random.normal(size=(samples, layers[0])), random.uniform(size=(samples, layers[-1]))


@given(problems())
def test_gradients_equal_finite_differences(problem):
    net, X, Y = problem
    for ours, theirs in zip(parameters(gradients(net, X, Y)), finite_differences(net, X, Y), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-8)


@given(problems())
def test_gradients_equal_those_summed_neuron_by_neuron(problem):
    net, X, Y = problem
    for ours, theirs in zip(parameters(gradients(net, X, Y)), neuron_by_neuron(net, X, Y), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_each_replica_has_the_gradients_of_that_network_alone(name):
    X, Y = gate("xor")
    seeds = [3, 1, 4, 15]
    together = gradients(Network.create((2, 3, 1), name, seed=seeds), X, Y)
    for replica, seed in enumerate(seeds):
        alone = gradients(Network.create((2, 3, 1), name, seed=seed), X, Y)
        for many, one in zip(parameters(together), parameters(alone), strict=True):
            np.testing.assert_allclose(many[replica], one, rtol=1e-13, atol=1e-17)


def test_the_gradient_has_the_shape_of_the_network():
    X, Y = gate("xor")
    net = Network.create((2, 4, 1), seed=0)
    slope = gradients(net, X, Y)
    assert [p.shape for p in parameters(slope)] == [p.shape for p in parameters(net)]
    assert slope.activations == net.activations
