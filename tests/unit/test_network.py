"""Networks: shapes, replicas, and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from unfold.activations import ACTIVATIONS
from unfold.datasets import GATES, gate
from unfold.losses import mean_squared_error, mean_squared_error_derivative
from unfold.network import Network


def test_weights_are_inputs_by_outputs():
    net = Network.create(layers=(2, 3, 1), activation="tanh", output="sigmoid", seed=0)
    assert [W.shape for W in net.weights] == [(2, 3), (3, 1)]
    assert [b.shape for b in net.biases] == [(3,), (1,)]
    assert net.activations == ("tanh", "sigmoid")


def test_a_layer_is_x_times_weights_plus_bias_and_then_the_activation():
    net = Network.create((2, 3, 1), "tanh", seed=7)
    X, _ = gate("xor")
    hidden = np.tanh(X @ net.weights[0] + net.biases[0])
    z = hidden @ net.weights[1] + net.biases[1]
    np.testing.assert_allclose(net.forward(X), 1.0 / (1.0 + np.exp(-z)), rtol=1e-14)


def test_one_seed_gives_one_network_and_another_seed_another():
    first, again, other = (Network.create((2, 2, 1), seed=seed) for seed in (5, 5, 6))
    assert all((a == b).all() for a, b in zip(first.weights, again.weights, strict=True))
    assert not (first.weights[0] == other.weights[0]).any()


def test_a_replica_is_bit_for_bit_the_network_of_its_seed():
    many = Network.create((2, 3, 1), "sigmoid", seed=range(5))
    assert many.weights[0].shape == (5, 2, 3)
    for seed in range(5):
        one = Network.create((2, 3, 1), "sigmoid", seed=seed)
        assert all((a[seed] == b).all() for a, b in zip(many.weights, one.weights, strict=True))
    X, Y = gate("xor")
    assert many.forward(X).shape == (5, 4, 1)
    assert many.loss(X, Y).shape == (5,)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"layers": (2,)}, "layers"),
        ({"layers": (2, 0, 1)}, "layers"),
        ({"layers": (2, 2, 1), "activation": "tan"}, "'tan' is unknown; allowed are sigmoid, tanh"),
        ({"layers": (2, 2, 1), "output": "soft"}, "'soft' is unknown"),
        ({"layers": (2, 2, 2, 1), "activation": ["tanh"]}, "1 names for 2 hidden layers"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        Network.create(**arguments)


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_a_derivative_is_the_slope_of_its_activation_and_nothing_overflows(name):
    activation = ACTIVATIONS[name]
    z = np.linspace(-6, 6, 241)
    slope = (activation.value(z + 1e-6) - activation.value(z - 1e-6)) / 2e-6
    np.testing.assert_allclose(activation.derivative(z, activation.value(z)), slope, atol=1e-9)
    far = np.array([-1e308, -800.0, 800.0, 1e308])
    with np.errstate(all="raise", under="ignore"):
        a = activation.value(far)
        assert np.isfinite(a).all()
        assert np.isfinite(activation.derivative(far, a)).all()
    assert activation.increasing == bool((np.diff(activation.value(z)) > 0).all())


def test_the_loss_is_the_mean_of_squared_errors_and_its_derivative_the_slope():
    outputs, targets = np.array([[0.0, 1.0], [0.5, 0.5]]), np.array([[1.0, 1.0], [0.5, 0.0]])
    assert float(mean_squared_error(outputs, targets)) == (1.0 + 0.0 + 0.0 + 0.25) / 4
    slope = mean_squared_error_derivative(outputs, targets)
    for index in np.ndindex(outputs.shape):
        moved = outputs.copy()
        moved[index] += 1e-6
        change = float(mean_squared_error(moved, targets) - mean_squared_error(outputs, targets)) / 1e-6
        assert slope[index] == pytest.approx(change, abs=1e-6)


def test_gates_are_their_truth_tables():
    rows, answers = gate("xor")
    assert rows.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert answers.tolist() == [[0], [1], [1], [0]]
    python = {"and": lambda a, b: a & b, "or": lambda a, b: a | b, "xor": lambda a, b: a ^ b}
    python |= {"nand": lambda a, b: 1 - (a & b), "nor": lambda a, b: 1 - (a | b)}
    for name in GATES:
        X, Y = gate(name)
        assert [python[name](int(a), int(b)) for a, b in X] == Y[:, 0].astype(int).tolist()


def test_an_unknown_gate_is_refused_by_name():
    with pytest.raises(ValueError, match="gate: 'xnot' is unknown; allowed are and, or, nand, nor, xor"):
        gate("xnot")
