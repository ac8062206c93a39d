"""Every claim of the article's last two chapters that `test_article` does not compute."""

from __future__ import annotations

import numpy as np
import pytest

from figures import landscape
from scene import landscapes
from unfold.activations import ACTIVATIONS, MISH, SIGMOID, TANH
from unfold.backprop import gradients
from unfold.datasets import circles, gate
from unfold.network import Network
from unfold.training import train
from unfold.transforms import fate

X, Y = gate("xor")
SEEDS = range(256)
SOLVED_BELOW = 0.05


def trained(activation, epochs, rate=1.0, optimizer="sgd"):
    net = Network.create((2, 2, 1), activation, seed=SEEDS)
    return train(net, X, Y, epochs, rate, optimizer=optimizer)


def solved(history, epochs):
    """Which seeds have been under the threshold by then, and the first epoch at which each was."""
    under = history.loss[:, : epochs + 1] < SOLVED_BELOW
    return under.any(axis=1), under.argmax(axis=1)


@pytest.fixture(scope="module")
def long_runs():
    return {name: trained(name, 20_000) for name in ("sigmoid", "tanh", "mish")}


# Other ways downhill


@pytest.mark.parametrize(
    ("optimizer", "rate", "count", "half"), [("sgd", 1.0, 172, 172), ("momentum", 1.0, 185, 41), ("adam", 0.1, 134, 33)]
)
def test_of_256_seeds_of_tanh_this_many_arrive_and_half_of_them_by_this_epoch(optimizer, rate, count, half):
    arrived, first = solved(trained("tanh", 2000, rate, optimizer), 2000)
    assert int(arrived.sum()) == count
    assert int(np.median(first[arrived])) == half


def test_four_answers_are_right_just_when_the_last_neurons_line_parts_the_hidden_points():
    for seed in range(40):
        net = train(Network.create((2, 2, 1), "tanh", seed=seed), X, Y, 300, 1.0).final
        hidden = net.layer_values(X)[1][1]
        side = hidden @ net.weights[1] + net.biases[1] > 0.0
        assert ((net.forward(X) > 0.5) == side).all()


# Three kinds of neuron


def test_tanh_is_a_stretched_sigmoid_whose_steepest_slope_is_1():
    z = np.linspace(-8.0, 8.0, 4001)
    np.testing.assert_allclose(np.tanh(z), 2.0 * SIGMOID.value(2.0 * z) - 1.0, atol=1e-15)
    assert TANH.derivative(z, np.tanh(z)).max() == 1.0


def test_mish_is_z_far_above_0_and_0_far_below_and_has_a_valley_0_31_deep_at_minus_1_19():
    assert MISH.value(np.array([20.0]))[0] == pytest.approx(20.0, abs=1e-9)
    assert MISH.value(np.array([-20.0]))[0] == pytest.approx(0.0, abs=1e-6)
    z = np.linspace(-5.0, 5.0, 100_001)
    a = MISH.value(z)
    np.testing.assert_allclose(a, z * np.tanh(np.log(1.0 + np.exp(z))), atol=1e-12)
    assert (f"{z[a.argmin()]:.2f}", f"{a.min():.2f}") == ("-1.19", "-0.31")


def test_one_mish_neuron_has_the_lit_rows_in_its_valley():
    answers = MISH.value(X @ np.array([2.8, 2.8]) - 4.0)
    assert [f"{a:.2f}" for a in answers] == ["-0.07", "-0.31", "-0.31", "1.51"]


@pytest.mark.parametrize(("name", "count", "half"), [("sigmoid", 186, 1051), ("tanh", 172, 172), ("mish", 256, 198)])
def test_after_2000_epochs_this_many_of_256_seeds_have_solved_xor(long_runs, name, count, half):
    arrived, first = solved(long_runs[name], 2000)
    assert int(arrived.sum()) == count
    assert int(np.median(first[arrived])) == half


def wilson(count, trials, z=1.959964):
    share = count / trials
    middle, half = share + z * z / (2 * trials), z * np.sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    return (middle - half) / (1 + z * z / trials), (middle + half) / (1 + z * z / trials)


def test_from_256_seeds_the_shares_of_sigmoid_and_tanh_are_known_within_six_per_cent_and_overlap():
    (low, high), (other_low, other_high) = wilson(186, 256), wilson(172, 256)
    for count, ends in ((186, (low, high)), (172, (other_low, other_high))):
        assert 0.05 < max(abs(end - count / 256) for end in ends) < 0.065
    assert low < other_high
    assert wilson(256, 256)[0] > max(high, other_high)


def test_at_a_rate_of_one_half_73_sigmoid_runs_arrive_in_time():
    assert int(solved(trained("sigmoid", 2000, 0.5), 2000)[0].sum()) == 73


@pytest.mark.parametrize(("name", "count"), [("sigmoid", 209), ("tanh", 173)])
def test_after_20_000_epochs_it_is_this_many_and_the_rest_lie_on_flat_ground(long_runs, name, count):
    arrived, _ = solved(long_runs[name], 20_000)
    assert int(arrived.sum()) == count
    slopes = gradients(long_runs[name].final, X, Y)
    steepest = max(float(np.abs(part[~arrived]).max()) for part in (*slopes.weights, *slopes.biases))
    assert steepest < 0.0001


# The lie of the land


def test_two_main_directions_hold_more_than_99_per_cent_of_the_path_and_two_random_ones_far_less():
    for activation in landscapes.HIDDEN:
        seed, noise = landscape.start().seed, landscape.start().direction_seed
        assert landscapes.cut(activation, seed, None).share > 0.99
        assert landscapes.cut(activation, seed, noise).share < 0.75


def test_what_is_a_pit_in_a_cut_may_have_a_way_out_to_the_side():
    def height(a, b, c):
        return a * a + b * b - c * c

    cut = [height(a, b, 0.0) for a in (-0.1, 0.0, 0.1) for b in (-0.1, 0.0, 0.1)]
    assert min(cut) == cut[4] == height(0.0, 0.0, 0.0)
    assert height(0.0, 0.0, 0.1) < height(0.0, 0.0, 0.0)


# A collection


def test_silu_gelu_and_mish_dip_below_zero_and_have_stretches_steeper_than_1_and_relu_is_level_or_1():
    z = np.linspace(-6.0, 6.0, 12_000)
    for name in ("silu", "gelu", "mish"):
        a = ACTIVATIONS[name].value(z)
        assert a.min() < -0.1
        assert ACTIVATIONS[name].derivative(z, a).max() > 1.05
    relu = ACTIVATIONS["relu"]
    assert set(relu.derivative(z, relu.value(z)).tolist()) == {0.0, 1.0}


# A harder problem


@pytest.fixture(scope="module")
def ring():
    return circles(120, 0.05)


def right_of(ring, activation, hidden, epochs=3000):
    """How many of the points each of 64 seeds has right after so many epochs at a rate of 1."""
    net = Network.create((2, hidden, 1), activation, seed=range(64))
    final = train(net, ring.X, ring.Y, epochs, 1.0).final
    return ((final.forward(ring.X) > 0.5) == (ring.Y > 0.5)).sum(axis=(-2, -1))


def test_the_circles_have_sixty_samples_each(ring):
    inner = np.hypot(*ring.X.T) < 0.7
    assert (int(inner.sum()), int((~inner).sum())) == (60, 60)
    assert (ring.Y[:, 0] == ~inner).all()


@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
def test_with_two_neurons_no_seed_of_64_has_more_than_103_of_120_right(ring, name):
    assert int(right_of(ring, name, 2).max()) == 103


def test_with_three_tanh_neurons_63_of_64_seeds_succeed(ring):
    assert int((right_of(ring, "tanh", 3) == 120).sum()) == 63


@pytest.mark.parametrize(("epochs", "count"), [(3000, 0), (12_000, 33)])
def test_of_64_seeds_of_two_mish_neurons_this_many_find_weights_that_do_it(ring, epochs, count):
    assert int((right_of(ring, "mish", 2, epochs) == 120).sum()) == count


def test_no_line_parts_the_images_of_a_ring_from_those_of_its_inside():
    # A line in the plane of two rising neurons: some inner point is never on another side than all of the ring.
    rng = np.random.default_rng(0)
    turn = np.linspace(0.0, 2.0 * np.pi, 721)
    rim = np.column_stack([np.cos(turn), np.sin(turn)])
    for activation in (SIGMOID, TANH):
        for _ in range(300):
            W, b, v = 3.0 * rng.normal(size=(2, 2)), 2.0 * rng.normal(size=2), rng.normal(size=2)
            on_rim, inside = activation.value(rim @ W + b) @ v, activation.value(0.4 * rim @ W + b) @ v
            assert on_rim.min() - 1e-4 < inside.min()
            assert inside.max() < on_rim.max() + 1e-4


def test_two_mish_neurons_can():
    turn = np.linspace(0.0, 2.0 * np.pi, 3601)
    bowls = [MISH.value(1.9 * r * np.cos(turn) - 1.3) + MISH.value(1.9 * r * np.sin(turn) - 1.3) for r in (0.4, 1.0)]
    assert bowls[0].max() < -0.53
    assert bowls[1].min() > -0.44


# What more layers add


def test_rising_layers_bend_and_relu_flattens_and_mish_and_sine_fold_and_narrower_layers_project():
    W = np.array([[1.2, -0.4], [0.3, 0.9]])
    told = {name: fate(W, name) for name in ("sigmoid", "tanh", "relu", "mish", "sine")}
    assert [name for name, one in told.items() if one.folded] == ["mish", "sine"]
    assert [name for name, one in told.items() if one.flattened] == ["relu"]
    assert fate(W[:, :1], "tanh").projected
    assert not fate(np.array([[1.0, 0.5, -0.3], [0.2, 1.0, 0.8]]), "tanh").projected


def windings(rim, points):
    """How often the closed loop, (n, 2), goes round each of the points, (m, 2)."""
    away = rim[None] - points[:, None]
    angles = np.unwrap(np.arctan2(away[..., 1], away[..., 0]), axis=1)
    return np.rint((angles[:, -1] - angles[:, 0]) / (2.0 * np.pi)).astype(int)


def test_through_six_rising_layers_as_wide_as_the_plane_the_inside_of_the_ring_stays_inside():
    rng = np.random.default_rng(1)
    turn = np.linspace(0.0, 2.0 * np.pi, 1441)
    circle = np.column_stack([np.cos(turn), np.sin(turn)])
    for _ in range(40):
        rim, inner = circle, 0.4 * circle[::36]
        for _ in range(6):
            rotation, _ = np.linalg.qr(rng.normal(size=(2, 2)))
            W, b = rotation * rng.uniform(0.7, 1.6, 2), rng.uniform(-0.4, 0.4, 2)
            rim, inner = np.tanh(rim @ W + b), np.tanh(inner @ W + b)
            assert set(np.abs(windings(rim, inner)).tolist()) == {1}
