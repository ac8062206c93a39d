"""The loss landscape: directions, and the surface over them."""

from __future__ import annotations

import numpy as np
import pytest

from unfold import landscape
from unfold.datasets import gate
from unfold.landscape import at, principal_directions, random_directions, surface
from unfold.network import Network
from unfold.training import train

X, Y = gate("xor")
XS, YS = np.linspace(-1.0, 1.0, 7), np.linspace(-0.5, 1.5, 5)


def flat(net):
    return np.concatenate([p.ravel() for p in (*net.weights, *net.biases)])


def test_every_neuron_has_a_direction_as_long_as_its_incoming_weights():
    net = Network.create((2, 5, 3, 1), seed=3)
    for direction in random_directions(net, seed=0):
        assert direction.activations == net.activations
        for W, D in zip(net.weights, direction.weights, strict=True):
            assert D.shape == W.shape
            np.testing.assert_allclose(np.linalg.norm(D, axis=0), np.linalg.norm(W, axis=0))
        assert all(not d.any() for d in direction.biases)


def test_a_neuron_without_weights_has_no_direction():
    net = Network.create((2, 2, 1), seed=3)
    still = Network((net.weights[0] * [1.0, 0.0], net.weights[1]), net.biases, net.activations)
    d1, _ = random_directions(still, seed=0)
    assert d1.weights[0][:, 0].all()
    assert not d1.weights[0][:, 1].any()


def test_one_seed_gives_one_pair_of_directions_and_the_two_differ():
    net = Network.create((2, 3, 1), seed=3)
    (d1, d2), (again, _), (other, _) = (random_directions(net, seed) for seed in (5, 5, 6))
    assert (flat(d1) == flat(again)).all()
    assert (d1.weights[0] != d2.weights[0]).all()
    assert (d1.weights[0] != other.weights[0]).all()


def test_moving_by_nothing_is_the_network_itself_and_by_one_adds_the_direction():
    net = Network.create((2, 3, 1), seed=3)
    d1, d2 = random_directions(net, seed=1)
    assert (flat(at(net, d1, d2, 0.0, 0.0)) == flat(net)).all()
    np.testing.assert_allclose(flat(at(net, d1, d2, 1.0, -2.0)), flat(net) + flat(d1) - 2.0 * flat(d2))


@pytest.mark.parametrize("memory", [1, 5_000, landscape._CHUNK_BYTES])
@pytest.mark.parametrize("layers", [(2, 2, 1), (2, 4, 3, 1)])
def test_the_surface_is_the_loss_of_every_network_on_it(layers, memory, monkeypatch):
    monkeypatch.setattr(landscape, "_CHUNK_BYTES", memory)
    net = Network.create(layers, seed=8)
    d1, d2 = principal_directions([Network.create(layers, seed=seed) for seed in (1, 2, 8)])[:2]
    found = surface(net, d1, d2, X, Y, xs=XS, ys=YS)
    one_by_one = [[float(at(net, d1, d2, x, y).loss(X, Y)) for x in XS] for y in YS]
    np.testing.assert_allclose(found, one_by_one, rtol=1e-13)
    assert found[1, 3] == pytest.approx(float(net.loss(X, Y)), rel=1e-13)


def test_the_surface_takes_another_loss():
    net = Network.create((2, 2, 1), seed=8)
    d1, d2 = random_directions(net, seed=1)

    def worst(outputs, targets):
        return np.abs(outputs - targets).max(axis=(-2, -1))

    found = surface(net, d1, d2, X, Y, XS, YS, loss=worst)
    assert found[1, 3] == pytest.approx(float(np.abs(net.forward(X) - Y).max()))


def test_a_surface_of_51_by_51_networks_has_a_height_for_each():
    net = train(Network.create((2, 2, 1), seed=0), X, Y, epochs=50, learning_rate=0.5).final
    d1, d2 = random_directions(net, seed=1)
    line = np.linspace(-1.0, 1.0, 51)
    found = surface(net, d1, d2, X, Y, line, line)
    assert found.shape == (51, 51)
    assert np.isfinite(found).all()
    assert found[25, 25] == pytest.approx(float(net.loss(X, Y)), rel=1e-13)


def test_a_path_in_a_plane_is_found_again_exactly():
    net = Network.create((2, 3, 1), seed=3)
    e1, e2 = random_directions(net, seed=1)
    turns = np.linspace(3.0, 0.0, 30)
    nets = [at(net, e1, e2, t * np.cos(2 * t), t * np.sin(2 * t)) for t in turns]
    d1, d2, shares, coordinates = principal_directions(nets)
    assert coordinates.shape == (30, 2)
    assert coordinates[-1].tolist() == [0.0, 0.0]
    assert shares.sum() == pytest.approx(1.0)
    assert shares[0] >= shares[1] > 0.01
    for one, (a, b) in zip(nets, coordinates, strict=True):
        np.testing.assert_allclose(flat(at(nets[-1], d1, d2, a, b)), flat(one), atol=1e-13)


def test_principal_directions_have_length_one_stand_at_right_angles_and_point_the_same_way_each_time():
    nets = [Network.create((2, 4, 1), seed=seed) for seed in range(6)]
    d1, d2, shares, coordinates = principal_directions(nets)
    np.testing.assert_allclose([flat(d1) @ flat(d1), flat(d2) @ flat(d2), flat(d1) @ flat(d2)], [1, 1, 0], atol=1e-12)
    assert flat(d1)[np.argmax(np.abs(flat(d1)))] > 0
    differences = np.array([flat(net) - flat(nets[-1]) for net in nets])
    np.testing.assert_allclose(shares, (coordinates**2).sum(axis=0) / (differences**2).sum())
    assert shares.sum() < 1.0
    for _ in range(100):
        other = np.random.default_rng(_).normal(size=differences.shape[1])
        assert ((differences @ other) ** 2).sum() / (other @ other) <= (coordinates[:, 0] ** 2).sum()


def test_a_path_that_never_moves_has_no_shares_and_one_network_is_no_path():
    net = Network.create((2, 2, 1), seed=0)
    _, _, shares, coordinates = principal_directions([net, net])
    assert shares.tolist() == [0.0, 0.0]
    assert not coordinates.any()
    with pytest.raises(ValueError, match="nets: 1 is not allowed; allowed are 2 networks or more"):
        principal_directions([net])
