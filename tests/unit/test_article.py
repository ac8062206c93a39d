"""Every number the article states, computed."""

from __future__ import annotations

import numpy as np
import pytest

from unfold.datasets import gate
from unfold.network import Network
from unfold.training import train

X, Y = gate("xor")
SEEDS = range(100)
EPOCHS = 5000


@pytest.fixture(scope="module")
def runs():
    """The hundred seeds' runs with 1 to 4 tanh neurons, at a learning rate of 1."""
    nets = {hidden: Network.create((2, hidden, 1), "tanh", seed=SEEDS) for hidden in (1, 2, 3, 4)}
    return {hidden: train(net, X, Y, epochs=EPOCHS, learning_rate=1.0) for hidden, net in nets.items()}


def solved(history):
    right = ((history.final.forward(X) > 0.5) == (Y > 0.5)).all(axis=(-2, -1))
    return right & (history.loss[:, -1] < 0.05)


def test_the_loss_starts_near_a_quarter(runs):
    assert abs(np.median(runs[2].loss[:, 0]) - 0.25) < 0.03
    assert float(np.mean((0.5 - Y) ** 2)) == 0.25


@pytest.mark.parametrize(("hidden", "share"), [(1, 0), (2, 69), (3, 97), (4, 100)])
def test_of_a_hundred_seeds_this_many_solve_xor(runs, hidden, share):
    assert int(solved(runs[hidden]).sum()) == share


def test_the_runs_that_fail_with_two_neurons_settle_at_one_eighth_two_right_and_two_at_one_half(runs):
    failed = ~solved(runs[2])
    assert int(failed.sum()) == 31
    np.testing.assert_allclose(runs[2].loss[failed, -1], 1 / 8, atol=0.002)
    answers = runs[2].final.forward(X)[failed, :, 0]
    near_half = np.abs(answers - 0.5) < 0.06
    assert (near_half.sum(axis=1) == 2).all()
    sure = np.abs(answers - Y[:, 0])
    assert (sure[~near_half] < 0.06).all()


def test_no_seed_gets_below_one_sixth_with_one_neuron(runs):
    assert float(runs[1].loss[:, -1].min()) > 1 / 6 - 1e-9


def test_no_line_gets_more_than_three_of_the_four_right():
    angles = np.linspace(0.0, 2 * np.pi, 721)
    sums = X @ np.array([np.cos(angles), np.sin(angles)])
    best = 0
    for offset in np.linspace(-2.0, 2.0, 401):
        right = ((sums + offset > 0) == (Y > 0.5)).sum(axis=0)
        best = max(best, int(right.max()))
    assert best == 3


def test_the_weights_grow_as_the_loss_falls(runs):
    good = solved(runs[2])
    start = Network.create((2, 2, 1), "tanh", seed=SEEDS)
    size_before = np.abs(start.weights[1][good]).mean()
    assert np.abs(runs[2].final.weights[1][good]).mean() > 3 * size_before


def test_the_network_has_six_weights_and_three_biases():
    net = Network.create((2, 2, 1))
    assert sum(W.size for W in net.weights) == 6
    assert sum(b.size for b in net.biases) == 3
