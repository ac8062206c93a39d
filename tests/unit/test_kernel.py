"""The compiled kernel beside numpy: the same training, by other means."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unfold import kernel
from unfold.activations import ACTIVATIONS
from unfold.datasets import blobs, circles, gate
from unfold.losses import LOSSES
from unfold.network import Network
from unfold.optimizers import OPTIMIZERS
from unfold.training import train

X, Y = gate("xor")
OUTPUTS = {"mean squared error": "sigmoid", "binary cross-entropy": "sigmoid", "softmax cross-entropy": "softmax"}


def largest_difference(a, b):
    arrays = zip((*a.weights, *a.biases), (*b.weights, *b.biases), strict=True)
    return max(float(np.abs(p - q).max()) for p, q in arrays)


def both(net, X, Y, epochs, rate, *rest, **how):
    return (train(net, X, Y, epochs, rate, *rest, **how, engine=engine) for engine in ("numpy", "kernel"))


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "softplus", "silu", "gelu", "mish", "sine"])
def test_whole_trainings_agree_to_1e_12(name):
    net = Network.create((2, 2, 1), name, seed=5)
    ours, theirs = both(net, X, Y, 2000, 0.5)
    assert (ours.engine, theirs.engine) == ("numpy", "kernel")
    np.testing.assert_allclose(theirs.loss, ours.loss, atol=1e-12)
    assert largest_difference(ours.final, theirs.final) < 1e-12


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_activation_loss_and_optimizer_agrees_step_by_step(name, loss, optimizer):
    """Chaos parts whole runs in the end (a corner of ReLU, Adam's division by a slope near 0), so each of 40 steps
    begins from the same numbers."""
    data = blobs(9, 0.2, 3, classes=3 if loss == "softmax cross-entropy" else 2)
    net = Network.create((2, 4, 3, data.Y.shape[1]), name, OUTPUTS[loss], seed=6)
    how = {"loss": loss, "l1": 1e-3, "l2": 1e-2, "batch": 4, "seed": 2}
    start = net
    for _ in range(40):
        ours, theirs = both(start, data.X, data.Y, 1, 0.05, optimizer, **how)
        np.testing.assert_allclose(theirs.loss, ours.loss, rtol=1e-12, atol=1e-14)
        scale = max(float(np.abs(p).max()) for p in (*ours.final.weights, *ours.final.biases))
        # An optimizer that divides by the size of a slope makes much of a slope that is rounding alone.
        loose = 1e-8 if optimizer in ("rmsprop", "adam") else 1e-12
        assert largest_difference(ours.final, theirs.final) <= loose * scale
        start = ours.progress


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_any_shape_batch_and_number_of_replicas_agrees(data):
    widths = data.draw(st.lists(st.integers(1, 16), min_size=2, max_size=8))
    names = [data.draw(st.sampled_from(["tanh", "sigmoid", "softplus", "sine"])) for _ in widths[2:]]
    random = np.random.default_rng(data.draw(st.integers(0, 1000)))
    samples = data.draw(st.integers(1, 23))
    inputs, targets = random.normal(size=(samples, widths[0])), random.uniform(size=(samples, widths[-1]))
    seed = data.draw(st.sampled_from([4, [1], [1, 2, 3]]))
    net = Network.create(widths, names, seed=seed, initial="glorot")
    batch = data.draw(st.sampled_from([None, 1, 4, 5, 100]))
    ours, theirs = both(net, inputs, targets, 3, 0.1, data.draw(st.sampled_from(["sgd", "momentum"])), batch=batch)
    assert theirs.loss.shape == ours.loss.shape
    np.testing.assert_allclose(theirs.loss, ours.loss, rtol=1e-11)
    assert largest_difference(ours.final, theirs.final) < 1e-11
    assert [p.shape for p in theirs.final.weights] == [p.shape for p in net.weights]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_numpys_to_the_last_digits_wherever_it_is_asked(name):
    """One neuron with an identity above it: the loss against 0 is the square of its output."""
    z = np.concatenate([np.linspace(-40, 40, 401), np.geomspace(1e-12, 700, 101), -np.geomspace(1e-12, 700, 101)])
    expected = ACTIVATIONS[name].value(z)
    net = Network(
        (np.ones((len(z), 1, 1)), np.ones((len(z), 1, 1))),
        (z[:, None].copy(), np.zeros((len(z), 1))),
        (name, "identity"),
    )
    history = train(net, np.zeros((1, 1)), np.zeros((1, 1)), 0, 1.0, engine="kernel")
    # numpy's sigmoid is half of one plus tanh: near 0 it is exact to the last digit of 1, not of itself.
    near_0 = 1.2e-16 if name == "sigmoid" else 1e-160
    np.testing.assert_allclose(np.sqrt(history.loss[:, 0]), np.abs(expected), rtol=4e-15, atol=near_0)


def test_thousands_of_calls_leave_its_memory_as_it_was():
    net = Network.create((2, 2, 1), seed=1)
    large = Network.create((2, 16, 16, 1), seed=range(64))
    train(large, X, Y, 3, 0.1, engine="kernel")
    first = train(net, X, Y, 3, 0.1, engine="kernel")
    for _ in range(300):
        assert (train(net, X, Y, 3, 0.1, engine="kernel").loss == first.loss).all()


def test_what_the_kernel_cannot_do_numpy_does_and_says_so():
    data = circles(12, 0.0, 0)
    typed = Network.create((2, 2, 1), "x * tanh(softplus(x))", seed=1)
    wide = Network.create((2, 17, 1), seed=1)
    deep = Network.create((2, *[3] * 7, 1), seed=1)
    for net, reason in ((typed, "is a formula"), (wide, "larger than 7 layers of 16"), (deep, "larger than 7 layers")):
        assert train(net, data.X, data.Y, 2, 0.1).engine == "numpy"
        assert reason in kernel.why_not(net)
        with pytest.raises(ValueError, match=f"engine: 'kernel' is not allowed here: .*{reason}"):
            train(net, data.X, data.Y, 2, 0.1, engine="kernel")
    assert train(Network.create((2, 2, 1)), X, Y, 2, 0.1).engine == "kernel"


def test_what_is_handed_in_is_not_changed():
    net = Network.create((2, 3, 1), seed=[1, 2])
    before = [p.copy() for p in (*net.weights, *net.biases)]
    history = train(net, X, Y, 5, 1.0, "adam", engine="kernel")
    assert all((a == b).all() for a, b in zip(before, (*net.weights, *net.biases), strict=True))
    slots = [m.copy() for memory in history.progress.slots for m in memory]
    train(history.progress, X, Y, 5, 1.0, "adam", engine="kernel")
    assert all(
        (a == b).all() for a, b in zip(slots, [m for memory in history.progress.slots for m in memory], strict=True)
    )


def test_no_epochs_are_the_loss_as_it_is():
    net = Network.create((2, 2, 1), seed=1)
    history = train(net, X, Y, 0, 1.0, engine="kernel")
    assert history.loss.tolist() == [pytest.approx(float(net.loss(X, Y)), rel=1e-15)]
    assert math.isfinite(history.loss[0])
