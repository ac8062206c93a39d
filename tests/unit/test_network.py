"""Networks: shapes, replicas, and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from unfold.datasets import GATES, gate
from unfold.losses import mean_squared_error, mean_squared_error_derivative
from unfold.network import Network
from unfold.training import train


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
        (
            {"layers": (2, 2, 1), "activation": "tan"},
            "activation: 'tan' is not allowed; allowed are step, identity, sigmoid",
        ),
        ({"layers": (2, 2, 1), "activation": "softmax"}, "activation: 'softmax' is not allowed"),
        ({"layers": (2, 2, 1), "initial": "zeros"}, "initial: 'zeros' is not allowed; allowed are uniform, glorot"),
        ({"layers": (2, 2, 1), "output": "soft"}, "activation: 'soft' is not allowed"),
        ({"layers": (2, 2, 2, 1), "activation": ["tanh"]}, "1 names for 2 hidden layers"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        Network.create(**arguments)


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


@pytest.mark.parametrize(("initial", "deviation"), [("uniform", 3**-0.5), ("glorot", (2 / 500) ** 0.5), ("he", 0.1)])
def test_first_weights_have_the_spread_their_authors_gave_them(initial, deviation):
    weights = Network.create((200, 300, 1), seed=3, initial=initial).weights[0]
    assert weights.std() == pytest.approx(deviation, rel=0.02)
    assert abs(weights.mean()) < 0.02 * deviation * 3


def test_neurons_that_begin_equal_stay_equal():
    net = Network.create((2, 3, 1), "tanh", initial="equal")
    X, Y = gate("xor")
    end = train(net, X, Y, epochs=200, learning_rate=1.0).final
    assert not (end.weights[0] == net.weights[0]).all()
    np.testing.assert_allclose(end.weights[0], end.weights[0][:, :1].repeat(3, axis=1), rtol=1e-12)


def test_a_formula_is_an_activation_like_any_other():
    typed, built_in = (Network.create((2, 2, 1), name, seed=4) for name in ("x * tanh(softplus(x))", "mish"))
    X, Y = gate("xor")
    np.testing.assert_allclose(typed.forward(X), built_in.forward(X), rtol=1e-14)
    ours, theirs = (train(net, X, Y, 200, 0.5, engine="numpy").loss for net in (typed, built_in))
    np.testing.assert_allclose(ours, theirs, rtol=1e-11)
