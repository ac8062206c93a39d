"""Losses and their gradients: against finite differences, plain formulas, and dual numbers."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unfold.activations import ACTIVATIONS
from unfold.backprop import gradients, with_penalties
from unfold.formula import activation
from unfold.losses import LOSSES, binary_cross_entropy, softmax_cross_entropy
from unfold.network import Network

OUTPUTS = {"mean squared error": "tanh", "binary cross-entropy": "sigmoid", "softmax cross-entropy": "softmax"}
SMOOTH = [name for name in ACTIVATIONS if name not in ("step", "relu", "leaky-relu")]


def problem(loss, layers, names, seed, samples):
    random = np.random.default_rng(seed)
    net = Network.create(layers, names, OUTPUTS[loss], seed=seed)
    net = replace(net, biases=tuple(random.normal(size=b.shape) for b in net.biases))
    X = random.normal(size=(samples, layers[0]))
    if loss == "softmax cross-entropy":
        return net, X, np.eye(layers[-1])[random.integers(layers[-1], size=samples)]
    return net, X, random.integers(2, size=(samples, layers[-1])).astype(float)


def penalised(net, X, Y, loss, l1, l2):
    """What the slopes are the slopes of."""
    weights = np.concatenate([W.ravel() for W in net.weights])
    return float(net.loss(X, Y, loss)) + l1 * np.abs(weights).sum() + l2 / 2 * (weights**2).sum()


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(list(LOSSES)), st.lists(st.sampled_from(SMOOTH), max_size=3), st.data())
def test_gradients_of_every_loss_and_penalty_equal_finite_differences(loss, names, data):
    widths = [data.draw(st.integers(1, 4)) for _ in range(len(names) + 2)]
    net, X, Y = problem(loss, widths, names, data.draw(st.integers(0, 10_000)), data.draw(st.integers(1, 5)))
    l1, l2 = data.draw(st.sampled_from([(0.0, 0.0), (0.01, 0.0), (0.0, 0.02), (0.01, 0.03)]))
    slope = with_penalties(gradients(net, X, Y, loss), net, l1, l2)
    for part in ("weights", "biases"):
        for layer, parameter in enumerate(getattr(net, part)):
            for index in np.ndindex(parameter.shape):
                found = []
                for change in (1e-6, -1e-6):
                    arrays = [p.copy() for p in getattr(net, part)]
                    arrays[layer][index] += change
                    found.append(penalised(replace(net, **{part: tuple(arrays)}), X, Y, loss, l1, l2))
                here = getattr(slope, part)[layer][index]
                assert here == pytest.approx((found[0] - found[1]) / 2e-6, rel=2e-6, abs=5e-8)


@pytest.mark.parametrize("name", SMOOTH)
def test_a_weights_slope_equals_the_dual_number_of_the_whole_loss(name):
    """The loss of a 1-1-1 network as a formula in its first weight x: its dual part is the slope."""
    net, X, Y = problem("mean squared error", (1, 1, 1), [name], 3, 1)
    parts = [*net.biases[0], net.weights[1][0, 0], *net.biases[1], X[0, 0], Y[0, 0]]
    b1, w2, b2, x1, y = (f"({float(part)!r})" for part in parts)
    function = {"identity": ""}.get(name, name)
    text = f"(tanh({function}(x * {x1} + {b1}) * {w2} + {b2}) - {y}) ** 2"
    w = net.weights[0][0]
    loss = activation(text)
    assert float(net.loss(X, Y)) == pytest.approx(loss.value(w)[0], rel=1e-12)
    slope = gradients(net, X, Y).weights[0][0, 0]
    assert slope == pytest.approx(loss.derivative(w, loss.value(w))[0], rel=1e-11, abs=1e-15)


def test_cross_entropies_are_the_mean_of_minus_log_of_what_was_given_the_answer():
    z = np.array([[0.3, -1.2], [2.0, 0.1]])
    Y = np.array([[1.0, 0.0], [0.0, 1.0]])
    sigmoid = 1.0 / (1.0 + np.exp(-z))
    expected = -np.mean(Y * np.log(sigmoid) + (1 - Y) * np.log(1 - sigmoid))
    assert float(binary_cross_entropy(z, Y)) == pytest.approx(expected, rel=1e-14)
    shares = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    assert float(softmax_cross_entropy(z, Y)) == pytest.approx(-np.mean(np.log((shares * Y).sum(axis=1))), rel=1e-14)


def test_a_cross_entropy_stays_exact_where_the_answer_has_long_been_rounded_to_0():
    z, Y = np.array([[-800.0]]), np.array([[1.0]])
    assert float(binary_cross_entropy(z, Y)) == 800.0
    assert float(softmax_cross_entropy(np.array([[0.0, 800.0]]), np.array([[1.0, 0.0]]))) == 800.0
    with np.errstate(all="raise", under="ignore"):
        assert float(binary_cross_entropy(-z, Y)) == 0.0


def test_softmax_of_two_is_the_sigmoid_of_their_difference():
    net = Network.create((2, 3, 2), "tanh", "softmax", seed=1)
    X = np.random.default_rng(0).normal(size=(7, 2))
    z = net.layer_values(X)[0][-1]
    np.testing.assert_allclose(net.forward(X)[:, 0], 1.0 / (1.0 + np.exp(z[:, 1] - z[:, 0])), rtol=1e-13)
    np.testing.assert_allclose(net.forward(X).sum(axis=1), 1.0, rtol=1e-15)


@pytest.mark.parametrize(
    ("loss", "output", "allowed"),
    [
        ("binary cross-entropy", "tanh", "allowed are mean squared error$"),
        ("softmax cross-entropy", "sigmoid", "allowed are mean squared error, binary cross-entropy$"),
        ("mean squared error", "softmax", "allowed are softmax cross-entropy$"),
    ],
)
def test_a_loss_that_does_not_go_with_the_output_is_refused(loss, output, allowed):
    net = Network.create((2, 2, 1), "tanh", output)
    for use in (net.loss, lambda *rest: gradients(net, *rest)):
        with pytest.raises(ValueError, match=f"loss: '{loss}' is not allowed for {output} outputs; {allowed}"):
            use(np.zeros((1, 2)), np.zeros((1, 1)), loss)


def test_an_unknown_loss_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="loss: 'hinge' is not allowed; allowed are mean squared error, "):
        Network.create((2, 2, 1)).loss(np.zeros((1, 2)), np.zeros((1, 1)), "hinge")


def test_the_binary_cross_entropy_of_an_even_answer_is_log_two():
    assert float(binary_cross_entropy(np.zeros((4, 1)), np.ones((4, 1)))) == pytest.approx(math.log(2.0), rel=1e-15)
