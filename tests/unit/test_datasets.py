"""The data sets: their shapes, their noise, and the split into two parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unfold.datasets import (
    DATASETS,
    EDGE,
    GRAPHS,
    MOST_SAMPLES,
    Data,
    above,
    blobs,
    circles,
    labelled,
    labels,
    moons,
    spirals,
    split,
)

EVERY = pytest.mark.parametrize("name", DATASETS)


@EVERY
@pytest.mark.parametrize("n", [3, 4, 101, MOST_SAMPLES])
def test_the_classes_are_even_to_within_one_sample(name, n):
    data = DATASETS[name](n, 0.1, 0)
    sizes = np.bincount(labels(data.Y), minlength=len(data.names))
    assert data.X.shape == (n, 2)
    assert data.Y.shape == (n, 1 if len(data.names) == 2 else 3)
    assert sizes.sum() == n
    assert sizes.max() - sizes.min() <= 1


@EVERY
def test_the_classes_take_turns_so_that_every_batch_has_them_all(name):
    data = DATASETS[name](30, 0.0, 0)
    assert (labels(data.Y) == np.arange(30) % len(data.names)).all()


@EVERY
def test_one_seed_gives_one_set_and_another_gives_another(name):
    same, again, other = (DATASETS[name](200, 0.1, seed).X for seed in (7, 7, 8))
    assert (same == again).all()
    assert (same != other).any(axis=1).all()


@EVERY
def test_a_set_without_noise_lies_around_the_origin_and_within_one_and_a_half(name):
    X = DATASETS[name](2000, 0.0, 0).X
    assert np.abs(X).max() <= 1.5
    np.testing.assert_allclose((X.max(axis=0) + X.min(axis=0)) / 2.0, 0.0, atol=0.21)


@EVERY
def test_noise_is_gaussian_and_its_standard_deviation_is_the_one_asked_for(name):
    """More noise also moves each sample further the same way, so that a slider does not make points jump."""
    still, near, far = (DATASETS[name](MOST_SAMPLES, noise, 3).X for noise in (0.0, 0.25, 0.5))
    moved = (far - still) / 0.5
    np.testing.assert_allclose(moved.mean(axis=0), 0.0, atol=0.03)
    np.testing.assert_allclose(moved.std(axis=0), 1.0, atol=0.03)
    np.testing.assert_allclose(np.mean(np.abs(moved) < 1.0, axis=0), 0.6827, atol=0.02)
    np.testing.assert_allclose(far - still, 2.0 * (near - still), atol=1e-12)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("circles", [0.14487313, -0.94317869]),
        ("moons", [1.35197991, -0.40028547]),
        ("spirals", [-0.50920064, -0.59725246]),
        ("blobs", [1.12117637, -0.0342336]),
        ("three-blobs", [0.19717058, -0.76184326]),
        ("above", [0.3876119, 0.69265788]),
    ],
)
def test_every_machine_draws_the_same_samples(name, first):
    np.testing.assert_allclose(DATASETS[name](60, 0.1, 5).X[7], first, atol=1e-7)


def test_the_circles_have_radius_two_fifths_and_one():
    data = circles(301)
    radius = np.hypot(*data.X.T)
    np.testing.assert_allclose(radius[labels(data.Y) == 0], 0.4, rtol=1e-15)
    np.testing.assert_allclose(radius[labels(data.Y) == 1], 1.0, rtol=1e-15)
    assert data.names == ("inner", "outer")


def test_the_samples_of_a_circle_are_evenly_spaced():
    outer = circles(40).X[1::2]
    angles = np.sort(np.arctan2(*outer.T))
    np.testing.assert_allclose(np.diff(angles), 2.0 * np.pi / 20)


def test_one_moon_is_the_other_turned_by_half_a_turn_and_reaches_into_it():
    X = moons(200).X
    upper, lower = X[::2], X[1::2]
    np.testing.assert_allclose(np.sort(upper[:, 0]), np.sort(-lower[:, 0]))
    np.testing.assert_allclose(np.hypot(upper[:, 0] + 0.5, upper[:, 1] + 0.25), 1.0)
    np.testing.assert_allclose(np.hypot(lower[:, 0] - 0.5, lower[:, 1] - 0.25), 1.0)
    assert upper[:, 1].min() < lower[:, 1].max()
    assert upper[:, 0].max() > lower[:, 0].min()


def test_the_spirals_are_opposite_each_other_and_never_meet():
    X = spirals(400).X
    first, second = X[::2], X[1::2]
    np.testing.assert_allclose(np.sort(np.hypot(*first.T)), np.sort(np.hypot(*second.T)))
    assert np.linalg.norm(first[:, None] - second, axis=-1).min() > 0.19
    turned = np.unwrap(np.arctan2(*first[np.argsort(np.hypot(*first.T))].T))
    np.testing.assert_allclose(abs(turned[-1] - turned[0]), 3.0 * np.pi, rtol=0.01)


@pytest.mark.parametrize("classes", [2, 3])
def test_the_blobs_are_discs_apart_from_each_other_and_filled_evenly(classes):
    data = blobs(3000, classes=classes)
    centres = np.array([data.X[labels(data.Y) == label].mean(axis=0) for label in range(classes)])
    np.testing.assert_allclose(np.hypot(*centres.T), 0.8, atol=0.02)
    away = np.linalg.norm(data.X[:, None] - centres, axis=-1)
    assert (away.argmin(axis=1) == labels(data.Y)).all()
    assert away.min(axis=1).max() < 0.42
    np.testing.assert_allclose(np.mean(away.min(axis=1) < 0.2), 0.25, atol=0.02)  # half the radius, a quarter the area


@pytest.mark.parametrize("graph", GRAPHS)
def test_the_label_is_one_above_the_graph_and_zero_below_it(graph):
    data = above(4000, graph=graph)
    assert ((data.X[:, 1] > GRAPHS[graph](data.X[:, 0])) == data.Y[:, 0]).all()
    assert data.names == ("below", "above")


def test_the_samples_of_a_graph_fill_each_side_evenly():
    """Below y = x in the square, 3/4 of the area is where x is above 0, and as much where y is below 0."""
    data = above(MOST_SAMPLES, graph=lambda x: x)
    below = data.X[data.Y[:, 0] == 0]
    np.testing.assert_allclose(np.mean(below[:, 0] > 0), 0.75, atol=0.01)
    np.testing.assert_allclose(np.mean(below[:, 1] < 0), 0.75, atol=0.01)


@pytest.mark.parametrize(
    "graph", [lambda x: 0.3, lambda x: 40.0 * x, lambda x: np.where(x > 0.0, np.inf, -np.inf), abs]
)
def test_a_graph_may_be_any_function_even_one_that_leaves_the_square(graph):
    data = above(500, graph=graph)
    assert ((data.X[:, 1] > graph(data.X[:, 0])) == data.Y[:, 0]).all()
    assert np.abs(data.X).max() <= EDGE


@given(st.integers(2, 400), st.floats(0.0, 1.0), st.integers(0, 2**32 - 1), st.sampled_from(sorted(DATASETS)))
def test_whatever_is_allowed_gives_finite_samples(n, noise, seed, name):
    data = DATASETS[name](max(n, 3), noise, seed)
    assert np.isfinite(data.X).all()
    assert set(labels(data.Y)) == set(range(len(data.names)))


@EVERY
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, 0.0, 0), r"^n: 1 is not allowed; allowed are whole numbers from [23] to 20000$"),
        ((20_001, 0.0, 0), r"^n: 20001 is"),
        ((50.0, 0.0, 0), r"^n: 50\.0 is"),
        (("50", 0.0, 0), r"^n: '50' is"),
        ((50, -0.1, 0), r"^noise: -0\.1 is not allowed; allowed are numbers from 0 to 1$"),
        ((50, 1.1, 0), r"^noise: 1\.1 is"),
        ((50, float("nan"), 0), r"^noise: nan is"),
        ((50, "0", 0), r"^noise: '0' is"),
        ((50, 0.0, -1), r"^seed: -1 is not allowed; allowed are whole numbers from 0 to 4294967295$"),
        ((50, 0.0, 0.5), r"^seed: 0\.5 is"),
    ],
)
def test_a_value_out_of_range_is_named_with_what_is_allowed(name, arguments, message):
    with pytest.raises(ValueError, match=message):
        DATASETS[name](*arguments)


def test_three_classes_need_three_samples():
    with pytest.raises(ValueError, match=r"^n: 2 is not allowed; allowed are whole numbers from 3 to 20000$"):
        blobs(2, classes=3)
    with pytest.raises(ValueError, match=r"^classes: 4 is not allowed; allowed are 2 and 3$"):
        blobs(50, classes=4)


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        ("cosine", r"^graph: 'cosine' is not allowed; allowed are line, parabola, sine and functions of x$"),
        (3.0, r"^graph: 3\.0 is not allowed; allowed are line"),
        (lambda x: x + 2.5, "allowed are numbers throughout, with room above them$"),
        (lambda x: 0.0 * x - np.inf, "allowed are numbers throughout, with room below them$"),
        (lambda x: np.where(x > 1.0, np.nan, x), "allowed are numbers throughout"),
    ],
)
def test_a_graph_that_cannot_part_the_square_is_refused(graph, message):
    with pytest.raises(ValueError, match=message):
        above(50, graph=graph)


def test_one_output_is_a_class_above_a_half_and_of_three_the_largest_is():
    assert labels(np.array([[0.0], [0.5], [0.51], [1.0]])).tolist() == [0, 0, 1, 1]
    assert labels(np.array([[0.2, 0.5, 0.3], [0.0, 0.0, 1.0], [0.9, 0.0, 0.1]])).tolist() == [1, 2, 0]


@given(st.integers(2, 3).flatmap(lambda k: st.tuples(st.just(k), st.lists(st.integers(0, k - 1), max_size=50))))
def test_answers_and_labels_say_the_same(classes_and_which):
    classes, which = classes_and_which
    data = labelled(np.zeros((len(which), 2)), np.array(which, int), ("a", "b", "c")[:classes])
    assert labels(data.Y).tolist() == which
    assert classes == 2 or (data.Y.sum(axis=1) == 1.0).all()


def rows(data):
    return [(*x, *y) for x, y in zip(data.X.tolist(), data.Y.tolist(), strict=True)]


@given(
    st.lists(st.integers(0, 2), min_size=2, max_size=60),
    st.floats(0.01, 0.99),
    st.integers(0, 1000),
)
def test_a_split_puts_every_sample_in_one_part_and_every_class_in_both(which, test, seed):
    data = labelled(np.arange(2.0 * len(which)).reshape(-1, 2), np.array(which), ("a", "b", "c"))
    train, held_out = split(data, test, seed)
    assert sorted(rows(train) + rows(held_out)) == rows(data)
    assert rows(train) == sorted(rows(train))
    sizes, tested = (np.bincount(labels(part.Y), minlength=3) for part in (data, held_out))
    assert ((tested > 0) == (sizes > 1)).all()
    assert (tested <= np.maximum(sizes - 1, 0)).all()
    asked = np.clip(test * sizes, np.minimum(sizes, 1), np.maximum(sizes - 1, 1))
    assert (np.abs(tested - asked)[sizes > 1] <= 0.5).all()


def test_a_split_is_random_but_the_same_for_one_seed():
    data = circles(200, 0.1)
    parts = [rows(split(data, 0.3, seed)[1]) for seed in (1, 1, 2)]
    assert len(parts[0]) == 60
    assert parts[0] == parts[1] != parts[2]
    assert isinstance(split(data)[0], Data)
    assert split(data)[1].names == data.names


@pytest.mark.parametrize("test", [0.0, 1.0, -0.2, float("nan"), "half"])
def test_a_split_must_leave_something_on_both_sides(test):
    with pytest.raises(ValueError, match=r"^test: .* is not allowed; allowed are numbers above 0 and below 1$"):
        split(circles(20), test)
