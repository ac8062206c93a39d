"""What pictures are made of: ticks, places, lines in a square, thinned curves, the network's drawing."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, example, given
from hypothesis import strategies as st

from scene.curve import thinned
from scene.diagram import line_width, network_diagram, neuron_places
from scene.marks import Axis, Labels, View
from scene.mathml import network_equations
from scene.placement import Placement
from scene.plane import grid, line_in_square
from scene.ticks import count, number, ticks

finite = st.floats(-50, 50, allow_nan=False)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 8))
def test_ticks_are_few_evenly_spaced_round_and_inside(low, span, most):
    high = low + span
    assume(high > low and span > abs(low) * 1e-9)
    marks = ticks(low, high, most)
    values = [value for value, _ in marks]
    assert 1 <= len(marks) <= most
    assert all(low - 1e-6 * span <= value <= high + 1e-6 * span for value in values)
    if len(values) > 2:
        np.testing.assert_allclose(np.diff(values), values[1] - values[0], rtol=1e-5)
    assert len({text for _, text in marks}) == len(marks)


def test_numbers_have_a_true_minus_sign_and_zero_has_none():
    assert number(-1.234) == "−1.23"
    assert number(-0.001) == "0.00"
    assert count(12345) == "12\u2009345"
    assert count(999) == "999"


@given(st.tuples(finite, finite), finite)
def test_a_line_in_a_square_lies_on_the_line_and_ends_on_the_edge(normal, offset):
    normal = np.array(normal)
    assume(np.abs(normal).max() > 1e-3)
    ends = line_in_square(normal, offset, -1.0, 2.0)
    corners = np.array([[-1, -1], [-1, 2], [2, -1], [2, 2]], float) @ normal + offset
    if ends is None:
        assert (corners >= -1e-9).all() or (corners <= 1e-9).all()
        return
    scale = np.abs(normal).max() * 3 + abs(offset)
    assert np.abs(ends @ normal + offset).max() <= 1e-9 * scale
    assert ((ends >= -1.0 - 1e-9) & (ends <= 2.0 + 1e-9)).all()
    on_an_edge = np.minimum(np.abs(ends + 1.0), np.abs(ends - 2.0)).min(axis=1)
    assert (on_an_edge < 1e-9).all()


def test_a_neuron_without_weights_has_no_line():
    assert line_in_square(np.zeros(2), 1.0, 0.0, 1.0) is None


def test_a_grid_covers_its_square_x_first():
    points = grid(0.0, 1.0, 4)
    assert points.shape == (16, 2)
    assert points[0].tolist() == [0.125, 0.125]
    assert points[1].tolist() == [0.375, 0.125]
    assert points[4].tolist() == [0.125, 0.375]


@given(st.integers(1, 20_000), st.integers(0, 10_000))
@example(2500, 0)  # as many values as fill the columns
def test_a_thinned_curve_keeps_ends_peaks_and_order(count_of_values, seed):
    values = np.random.default_rng(seed).normal(size=count_of_values)
    kept = thinned(values, 100)
    assert len(kept) <= 4 * 100 + 1 or count_of_values <= 4 * 100
    assert kept[0].tolist() == [0.0, values[0]]
    assert kept[-1].tolist() == [count_of_values - 1.0, values[-1]]
    assert kept[:, 1].max() == values.max()
    assert kept[:, 1].min() == values.min()
    assert (np.diff(kept[:, 0]) > 0).all()
    assert (values[kept[:, 0].astype(int)] == kept[:, 1]).all()


@given(finite, finite)
def test_a_place_on_the_picture_leads_back_to_its_units(x, y):
    view = View((), Axis(-60.0, 60.0), Axis(-60.0, 70.0), margin=(30.0, 5.0, 10.0, 20.0))
    place = Placement(view, 400.0, 300.0)
    px, py = place(np.array([[x, y]]))[0]
    np.testing.assert_allclose(place.units(px, py), (x, y), atol=1e-9)
    assert abs(place.x(x) - px) < 1e-9
    assert abs(place.y(y) - py) < 1e-9


def test_up_is_up():
    place = Placement(View((), Axis(0.0, 1.0), Axis(0.0, 1.0)), 100.0, 100.0)
    assert place.y(1.0) == 0.0
    assert place.y(0.0) == 100.0


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_larger_weight_is_never_drawn_thinner(first, second):
    small, large = sorted((abs(first), abs(second)))
    assert 0.6 <= line_width(small) <= line_width(-large) <= 7.0


def test_neurons_stand_evenly_around_the_middle_first_on_top():
    for width in range(1, 17):
        heights = neuron_places(width)
        assert abs(heights.mean() - 0.5) < 1e-12
        assert heights.max() <= 1.0
        assert heights.min() >= 0.0
        assert (np.diff(heights) < 0).all()


def test_the_weights_numbers_never_overlap_in_the_network_of_two_or_three():
    for hidden in (1, 2, 3):
        weights = (np.full((2, hidden), -3.25), np.full((hidden, 1), 4.5))
        names = (("A", "B"), ("h",) * hidden, ("y",))
        view = network_diagram(weights, names, (("ink",) * 2, ("h1",) * hidden, ("ink",)))
        place = Placement(view, 236.0, 206.0)
        labels = [mark for mark in view.marks if isinstance(mark, Labels) and mark.size < 12]
        assert len(labels) == 3 * hidden
        at = np.concatenate([place(label.at) for label in labels])
        for i in range(len(at)):
            for j in range(i):
                apart = np.abs(at[i] - at[j])
                assert apart[0] > 28.0 or apart[1] > 12.0, (hidden, i, j, apart)


def test_the_equations_hold_the_present_numbers():
    weights = (np.array([[1.5, -2.0], [0.25, 3.0]]), np.array([[-4.5], [4.75]]))
    biases = (np.array([0.5, -0.125]), np.array([2.0]))
    rows = network_equations(weights, biases, ("tanh", "sigmoid"))
    assert len(rows) == 3
    for text in ("4.50", "4.75", "2.00"):
        assert f"<mn>{text}</mn>" in rows[0]
    assert rows[0].index('<mo form="prefix">−</mo><mn>4.50') < rows[0].index("<mo>+</mo><mn>4.75")
    assert "<mn>1.50</mn>" in rows[1]
    assert '<mo form="prefix">−</mo><mn>2.00</mn>' in rows[2]
