"""What is proved of two neurons and a ring: the proof's steps in numbers, and that no network is found against it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unfold.activations import ACTIVATIONS
from unfold.datasets import DATASETS, circles
from unfold.rings import BENDING, surrounded


def classes(data):
    ones = data.Y[:, 0] > 0.5
    return data.X[~ones], data.X[ones]


def both_ways(data):
    blue, orange = classes(data)
    return surrounded(blue, orange) or surrounded(orange, blue)


@pytest.mark.parametrize("noise", [0.0, 0.05, 0.1, 0.2])
def test_circles_are_a_ring_and_spirals_are_as_good_as_one(noise):
    assert both_ways(circles(120, noise, 0))
    assert both_ways(DATASETS["spirals"](120, noise, 0))


@pytest.mark.parametrize("name", ["moons", "blobs", "above"])
def test_what_is_not_a_ring_is_not_called_one(name):
    assert not both_ways(DATASETS[name](120, 0.05, 0))


def test_a_ring_with_a_gap_as_wide_as_its_inside_is_none_and_nor_are_a_few_points():
    inside, ring = classes(circles(120))
    assert not both_ways_of(inside, ring[np.abs(np.arctan2(ring[:, 1], ring[:, 0])) > 0.8])
    assert not both_ways_of(inside[:1], ring)
    assert not both_ways_of(inside, ring[:4])
    assert not both_ways_of(inside, ring[:0])
    assert not both_ways_of(inside[:0], ring[:0])


def both_ways_of(a, b):
    return surrounded(a, b) or surrounded(b, a)


@given(st.integers(0, 1000), st.floats(0.01, 100.0), st.floats(-50, 50), st.floats(0, 6.3))
def test_size_place_and_direction_do_not_matter(seed, size, shift, angle):
    inside, ring = classes(circles(80, 0.1, seed))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    assert surrounded(size * inside @ turn + shift, size * ring @ turn + shift)


@pytest.mark.parametrize("activation", BENDING)
def test_no_two_neurons_of_twenty_thousand_part_the_ring(activation):
    random = np.random.default_rng(5)
    data = circles(60, 0.05, 0)
    f = ACTIVATIONS[activation].value
    W = random.normal(size=(20_000, 2, 2)) * np.exp(random.uniform(-1, 3, (20_000, 1, 1)))
    b = random.normal(size=(20_000, 1, 2)) * np.exp(random.uniform(-1, 2, (20_000, 1, 1)))
    v = random.normal(size=(20_000, 2, 1))
    sums = (f(data.X @ W + b) @ v)[..., 0]
    ones = data.Y[:, 0] > 0.5
    # With the best bias the classes are parted if all sums of one are below all of the other.
    parted = (sums[:, ones].min(1) > sums[:, ~ones].max(1)) | (sums[:, ones].max(1) < sums[:, ~ones].min(1))
    assert not parted.any()


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus"])
def test_the_border_of_two_increasing_neurons_turns_round_at_most_twice(activation):
    random, f = np.random.default_rng(2), ACTIVATIONS[activation].value
    turned = []
    for _ in range(100):
        W, b, v = random.normal(size=(2, 2)) * 3, random.normal(size=2), random.normal(size=2)
        way = np.linalg.solve(W.T, np.sign(v) * random.uniform(0.2, 1.0, 2))  # along it both terms grow
        way /= np.linalg.norm(way)
        across = np.linspace(-3, 3, 301)[:, None] * np.array([-way[1], way[0]])
        level = float(f(random.normal(size=2) @ W + b) @ v)
        low, high = np.full(301, -20.0), np.full(301, 20.0)

        def answer(t, across=across, way=way, W=W, b=b, v=v, level=level):
            return f((across + t[:, None] * way) @ W + b) @ v - level

        met = (answer(low) < -1e-6) & (answer(high) > 1e-6)
        for _ in range(60):  # it grows along the way, so halving finds where it is 0
            middle = (low + high) / 2
            low, high = np.where(answer(middle) < 0, middle, low), np.where(answer(middle) < 0, high, middle)
        steps = np.diff(low[met])
        signs = np.sign(steps[np.abs(steps) > 1e-6])
        turned.append(int((signs[1:] != signs[:-1]).sum()))
    assert 1 <= max(turned) <= 2


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus"])
def test_along_a_line_two_increasing_neurons_change_their_answer_at_most_three_times(activation):
    random, f = np.random.default_rng(3), ACTIVATIONS[activation].value
    r = np.linspace(-30, 30, 6001)[:, None]
    changes = []
    for _ in range(400):
        sums = f(r * random.normal(size=2) * 4 + random.normal(size=2) * 3) @ random.normal(size=2)
        level = random.uniform(sums.min(), sums.max())
        above = sums[np.abs(sums - level) > 1e-9] > level
        changes.append(int((above[1:] != above[:-1]).sum()))
    assert max(changes) in (2, 3)


def test_of_two_relus_one_side_is_convex():
    random = np.random.default_rng(4)
    for _ in range(200):
        W, b, v, c = (random.normal(size=shape) for shape in ((2, 2), 2, 2, 1))

        def above(places, W=W, b=b, v=v, c=c):
            return np.maximum(places @ W + b, 0.0) @ v + c[0] > 0

        a, z = random.uniform(-3, 3, (2, 2000, 2))
        middle = above((a + z) / 2)
        bulges = [(middle[above(a) & above(z)]).all(), (~middle[~above(a) & ~above(z)]).all()]
        assert any(bulges)


def test_two_mish_neurons_make_a_bowl_that_keeps_the_circles_apart():
    angle = np.linspace(0, 2 * np.pi, 3601)
    mish = ACTIVATIONS["mish"].value
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    assert mish(1.9 * 0.4 * circle - 1.3).sum(axis=1).max() < -0.536
    assert mish(1.9 * circle - 1.3).sum(axis=1).min() > -0.437


def test_two_sines_make_a_bowl_too():
    angle = np.linspace(0, 2 * np.pi, 3601)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    inner, outer = (np.sin(1.5 * radius * circle + np.pi / 2).sum(axis=1) for radius in (0.4, 1.0))
    assert inner.min() > 1.82
    assert outer.max() < 1.08
