"""Training: against a second, plainly written loop, and what holds of every run."""

from __future__ import annotations

import math

import numpy as np
import pytest

from unfold.backprop import gradients
from unfold.datasets import gate
from unfold.network import Network
from unfold.training import step, train

X, Y = gate("xor")


def plain_training(net, epochs, rate):
    """A 2-2-1 network trained on XOR with nothing but floats: one variable a weight, one line an equation."""
    w11, w12, w21, w22 = net.weights[0].ravel().tolist()
    b1, b2 = net.biases[0].tolist()
    v1, v2 = net.weights[1].ravel().tolist()
    c = float(net.biases[1][0])
    losses = []

    def answer(A, B):
        h1, h2 = math.tanh(A * w11 + B * w21 + b1), math.tanh(A * w12 + B * w22 + b2)
        return h1, h2, 1.0 / (1.0 + math.exp(-(h1 * v1 + h2 * v2 + c)))

    rows = [(0.0, 0.0, 0.0), (0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 0.0)]
    for epoch in range(epochs + 1):
        losses.append(sum((answer(A, B)[2] - t) ** 2 for A, B, t in rows) / 4)
        if epoch == epochs:
            break
        slopes = [0.0] * 9
        for A, B, t in rows:
            h1, h2, y = answer(A, B)
            d = 2 * (y - t) / 4 * y * (1 - y)
            d1, d2 = d * v1 * (1 - h1 * h1), d * v2 * (1 - h2 * h2)
            for k, part in enumerate((A * d1, A * d2, B * d1, B * d2, d1, d2, h1 * d, h2 * d, d)):
                slopes[k] += part
        w11, w12, w21, w22, b1, b2, v1, v2, c = (
            p - rate * s for p, s in zip((w11, w12, w21, w22, b1, b2, v1, v2, c), slopes, strict=True)
        )
    return losses, [w11, w12, w21, w22, b1, b2, v1, v2, c]


@pytest.mark.parametrize("seed", [0, 5, 9])
def test_a_whole_training_equals_a_second_plainly_written_one(seed):
    net = Network.create((2, 2, 1), "tanh", seed=seed)
    losses, last = plain_training(net, 400, 0.5)
    history = train(net, X, Y, epochs=400, learning_rate=0.5)
    np.testing.assert_allclose(history.loss, losses, rtol=1e-10)
    end = history.final
    ours = [*end.weights[0].ravel(), *end.biases[0], *end.weights[1].ravel(), *end.biases[1]]
    np.testing.assert_allclose(ours, last, rtol=1e-9)


def test_the_history_holds_the_loss_before_training_and_after_every_epoch():
    net = Network.create((2, 2, 1), seed=1)
    history = train(net, X, Y, epochs=20, learning_rate=0.5, optimizer="sgd")
    assert history.loss.shape == (21,)
    assert history.loss[0] == pytest.approx(net.loss(X, Y), rel=1e-15)
    assert history.loss[-1] == pytest.approx(history.final.loss(X, Y), rel=1e-15)


def test_training_changes_nothing_behind_the_callers_back():
    net = Network.create((2, 2, 1), seed=1)
    before = [p.copy() for p in (*net.weights, *net.biases)]
    train(net, X, Y, epochs=5, learning_rate=1.0)
    assert all((a == b).all() for a, b in zip(before, (*net.weights, *net.biases), strict=True))


def test_training_in_two_halves_is_the_same_run_bit_for_bit():
    net = Network.create((2, 3, 1), "sigmoid", seed=2)
    whole = train(net, X, Y, epochs=100, learning_rate=1.0)
    first = train(net, X, Y, epochs=37, learning_rate=1.0)
    second = train(first.final, X, Y, epochs=63, learning_rate=1.0)
    assert (np.concatenate([first.loss, second.loss[1:]]) == whole.loss).all()


def test_replicas_train_as_each_would_alone():
    seeds = [0, 5, 9, 11]
    together = train(Network.create((2, 2, 1), seed=seeds), X, Y, epochs=300, learning_rate=1.0)
    assert together.loss.shape == (4, 301)
    for replica, seed in enumerate(seeds):
        alone = train(Network.create((2, 2, 1), seed=seed), X, Y, epochs=300, learning_rate=1.0)
        np.testing.assert_allclose(together.loss[replica], alone.loss, rtol=1e-9)


def test_one_epoch_is_a_step_against_the_gradient():
    net = Network.create((2, 2, 1), seed=3)
    slope = gradients(net, X, Y)
    stepped = step(net, slope, 0.25)
    for new, old, d in zip(stepped.weights, net.weights, slope.weights, strict=True):
        assert (new == old - 0.25 * d).all()
    assert (train(net, X, Y, epochs=1, learning_rate=0.25, engine="numpy").final.biases[0] == stepped.biases[0]).all()


def test_a_small_step_lowers_the_loss():
    net = Network.create((2, 2, 1), seed=range(50))
    history = train(net, X, Y, epochs=1, learning_rate=1e-3)
    assert (history.loss[:, 1] < history.loss[:, 0]).all()


@pytest.mark.parametrize(
    ("field", "value"), [("epochs", -1), ("learning_rate", float("nan")), ("learning_rate", 0), ("optimizer", "magic")]
)
def test_bad_settings_are_named(field, value):
    settings = {"epochs": 1, "learning_rate": 0.5, field: value}
    with pytest.raises(ValueError, match=field):
        train(Network.create((2, 2, 1)), X, Y, **settings)
