"""Optimizers: each against its equations written out for one number, and what all runs keep to."""

from __future__ import annotations

import math

import numpy as np
import pytest

from unfold.backprop import gradients
from unfold.datasets import circles, gate
from unfold.network import Network
from unfold.optimizers import OPTIMIZERS
from unfold.training import orders, train

X, Y = gate("xor")


def by_hand(name, slope, p, memory, t, rate):
    """One step for one number, as the papers write it."""
    if name == "sgd":
        return p - rate * slope
    if name in ("momentum", "nesterov"):
        v = memory["v"] = 0.9 * memory.get("v", 0.0) + slope
        return p - rate * (v if name == "momentum" else slope + 0.9 * v)
    if name == "rmsprop":
        s = memory["s"] = 0.9 * memory.get("s", 0.0) + 0.1 * slope**2
        return p - rate * slope / (math.sqrt(s) + 1e-8)
    m = memory["m"] = 0.9 * memory.get("m", 0.0) + 0.1 * slope
    v = memory["v"] = 0.999 * memory.get("v", 0.0) + 0.001 * slope**2
    return p - rate * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)


@pytest.mark.parametrize("engine", ["numpy", "auto"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_is_its_equations_for_every_number(name, engine):
    net = start = Network.create((2, 2, 1), seed=7)
    memories = {}
    for t in range(1, 30):
        slope = gradients(net, X, Y)
        moved = []
        for which, (p, d) in enumerate(zip((*net.weights, *net.biases), (*slope.weights, *slope.biases), strict=True)):
            new = np.empty_like(p)
            for index in np.ndindex(p.shape):
                memory = memories.setdefault((which, index), {})
                new[index] = by_hand(name, float(d[index]), float(p[index]), memory, t, 0.05)
            moved.append(new)
        net = Network(tuple(moved[:2]), tuple(moved[2:]), net.activations)
    ours = train(start, X, Y, 29, 0.05, name, engine=engine).final
    for a, b in zip((*ours.weights, *ours.biases), (*net.weights, *net.biases), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("engine", ["numpy", "auto"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_run_that_is_resumed_is_the_run_that_never_stopped_bit_for_bit(name, engine):
    data = circles(30, 0.1, 1)
    net = Network.create((2, 4, 1), seed=3)
    how = {"learning_rate": 0.02, "optimizer": name, "batch": 7, "l2": 1e-3, "seed": 5, "engine": engine}
    whole = train(net, data.X, data.Y, 150, **how)
    first = train(net, data.X, data.Y, 67, **how)
    second = train(first.progress, data.X, data.Y, 83, **how)
    assert (np.concatenate([first.loss, second.loss[1:]]) == whole.loss).all()
    assert all((a == b).all() for a, b in zip(second.final.weights, whole.final.weights, strict=True))
    assert second.progress.epoch == 150
    assert second.progress.steps == whole.progress.steps == 150 * 5


def test_every_epoch_has_each_sample_once_in_an_order_of_its_own():
    drawn = orders(50, 0, 200, 3)
    assert (np.sort(drawn, axis=1) == np.arange(50)).all()
    assert len({tuple(row) for row in drawn.tolist()}) == 200
    assert (orders(50, 61, 70, 3) == drawn[61:131]).all()
    assert not (orders(50, 0, 200, 4) == drawn).all()


def test_batches_of_all_samples_are_full_batch():
    net = Network.create((2, 2, 1), seed=1)
    assert (train(net, X, Y, 50, 1.0, batch=4).loss == train(net, X, Y, 50, 1.0).loss).all()


@pytest.mark.parametrize("engine", ["numpy", "auto"])
def test_a_run_that_diverges_ends_finite_and_says_at_which_epoch(engine):
    net = Network.create((2, 2, 1), "identity", "identity", seed=2)
    history = train(net, X, Y, 4000, 3.0, engine=engine)
    at = int(history.diverged)
    assert 1 < at < 4000
    assert np.isfinite(history.loss[:at]).all()
    assert np.isinf(history.loss[at:]).all()
    assert history.loss.shape == (4001,)
    assert all(np.isfinite(p).all() for p in (*history.final.weights, *history.final.biases))
    on = train(history.progress, X, Y, 5, 3.0, engine=engine)
    assert int(on.diverged) == at
    assert np.isinf(on.loss).all()
    assert all((a == b).all() for a, b in zip(on.final.weights, history.final.weights, strict=True))


@pytest.mark.parametrize("engine", ["numpy", "auto"])
def test_of_many_runs_each_diverges_alone(engine):
    net = Network.create((2, 2, 1), "identity", "identity", seed=range(6))
    history = train(net, X, Y, 400, 0.7, engine=engine)
    for replica in range(6):
        alone = train(Network.create((2, 2, 1), "identity", "identity", seed=replica), X, Y, 400, 0.7, engine=engine)
        assert history.diverged[replica] == alone.diverged
        np.testing.assert_allclose(history.loss[replica], alone.loss, rtol=1e-6)
    assert 0 < (history.diverged >= 0).sum() < 6


def test_penalties_shrink_weights():
    net = Network.create((2, 4, 1), seed=2)

    def size(**how):
        return sum(float(np.abs(W).sum()) for W in train(net, X, Y, 1500, 1.0, **how).final.weights)

    assert size(l2=0.01) < 0.5 * size()
    assert size(l1=0.005) < 0.7 * size()


@pytest.mark.parametrize(
    ("field", "value"),
    [("batch", 0), ("l1", -1.0), ("l2", float("nan")), ("engine", "magic"), ("loss", "hinge"), ("optimizer", "lion")],
)
def test_settings_that_are_not_allowed_are_named(field, value):
    with pytest.raises(ValueError, match=f"{field}: {value!r} is not allowed"):
        train(Network.create((2, 2, 1)), X, Y, 1, 0.1, **{field: value})


@pytest.mark.parametrize(("field", "arrays"), [("X", (X[:, :1], Y)), ("Y", (X, Y[:3])), ("Y", (X, Y[:, 0]))])
def test_samples_of_the_wrong_shape_are_named(field, arrays):
    with pytest.raises(ValueError, match=f"^{field}: "):
        train(Network.create((2, 2, 1)), *arrays, 1, 0.1)
