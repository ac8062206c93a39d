"""Every claim of the article's fourth chapter, computed."""

from __future__ import annotations

import numpy as np
import pytest

from unfold.activations import SIGMOID, STEP
from unfold.datasets import gate
from unfold.separability import separable
from unfold.transforms import eigen, fate, layer, path

ROWS, XOR = gate("xor")
W, B = np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([-0.5, 1.5])
"""The hidden layer made by hand: the neurons OR and NAND, a column each."""


# All neurons at once


def test_to_the_last_neuron_00_is_0_1_and_11_is_1_0_and_both_lit_rows_are_1_1():
    assert STEP.value(ROWS @ W + B).tolist() == [[0.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 0.0]]


def test_row_10_times_the_weights_plus_the_biases_is_one_half_twice():
    assert (np.array([[1.0, 0.0]]) @ W + B).tolist() == [[0.5, 0.5]]


def test_the_product_of_all_four_rows_has_the_four_rows_sums():
    assert (ROWS @ W + B).tolist() == [(row @ W + B).tolist() for row in ROWS]


# What a matrix does to the plane


def test_a_matrix_sends_each_unit_arrow_to_its_row_and_every_point_to_so_much_of_each():
    rng = np.random.default_rng(0)
    for matrix, (a, b) in zip(rng.normal(size=(100, 2, 2)), rng.normal(size=(100, 2)), strict=True):
        assert (np.eye(2) @ matrix).tolist() == matrix.tolist()
        np.testing.assert_allclose(np.array([a, b]) @ matrix, a * matrix[0] + b * matrix[1], atol=1e-14)


def test_equal_distances_along_a_line_stay_equal():
    rng = np.random.default_rng(1)
    for matrix, start, along in zip(*(rng.normal(size=(50, *s)) for s in ((2, 2), (2,), (2,))), strict=True):
        places = (start + np.arange(5)[:, None] * along) @ matrix
        np.testing.assert_allclose(np.diff(places, 2, axis=0), 0.0, atol=1e-12)


def shoelace(corners):
    x, y = corners.T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2.0


def test_the_determinant_is_how_many_times_larger_the_square_becomes_and_negative_where_it_is_turned_over():
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    for matrix in np.random.default_rng(2).normal(size=(200, 2, 2)):
        determinant = matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]
        assert shoelace(square @ matrix) == pytest.approx(determinant, abs=1e-12)


def test_a_quarter_turn_has_no_direction_that_it_does_not_turn():
    assert len(eigen(np.array([[0.0, 1.0], [-1.0, 0.0]]))[0]) == 0


def test_on_the_way_nothing_is_pressed_flat_that_the_matrix_does_not_press_flat():
    for matrix in np.random.default_rng(3).normal(size=(200, 2, 2)):
        if np.linalg.det(matrix) > 1e-6:
            assert min(np.linalg.det(path(matrix, t)) for t in np.linspace(0.0, 1.0, 41)) > 0.0


def test_the_matrix_of_or_and_nand_lays_the_rows_on_a_line_with_the_lit_ones_on_one_point_in_the_middle():
    assert np.linalg.det(W) == 0.0
    assert (ROWS @ W).tolist() == [[0.0, 0.0], [1.0, -1.0], [1.0, -1.0], [2.0, -2.0]]


# Why that is not enough


def test_no_matrix_and_no_shift_parts_xor():
    rng = np.random.default_rng(4)
    for width in (2, 3, 5):
        for matrix, bias in zip(rng.integers(-5, 6, (60, 2, width)), rng.integers(-5, 6, (60, width)), strict=True):
            assert not separable((ROWS @ matrix + bias).astype(float), XOR).separable


def test_two_layers_without_an_activation_are_one():
    rng = np.random.default_rng(5)
    x, w, b, v, c = (rng.normal(size=size) for size in ((9, 2), (2, 4), 4, (4, 3), 3))
    np.testing.assert_allclose((x @ w + b) @ v + c, x @ (w @ v) + (b @ v + c), atol=1e-12)


# A jump that teaches nothing


@pytest.mark.parametrize(("h", "quotient"), [(0.1, 5.0), (0.01, 50.0), (0.001, 500.0)])
def test_across_the_jump_the_difference_quotient_grows_without_end(h, quotient):
    (left,), (right,) = STEP.value(np.array([-h])), STEP.value(np.array([h]))
    assert (right - left) / (2.0 * h) == pytest.approx(quotient)


def test_beside_the_jump_the_step_is_level():
    z = np.linspace(-5.0, 5.0, 1000)  # 0 is not among them
    nudged = STEP.value(z + 1e-3) - STEP.value(z - 1e-3)
    assert (nudged[np.abs(z) > 1e-3] == 0.0).all()


# A slope that comes through


def slope(z):
    a = SIGMOID.value(np.asarray(z, float))
    return SIGMOID.derivative(np.asarray(z, float), a)


@pytest.mark.parametrize(("z", "said"), [(0.0, "0.25"), (2.0, "0.105"), (5.0, "0.0066")])
def test_the_sigmoids_slopes_are_these(z, said):
    assert f"{float(slope(z)):.{len(said) - 2}f}" == said


def test_no_slope_of_the_sigmoid_is_above_one_quarter():
    assert float(slope(np.linspace(-9.0, 9.0, 3601)).max()) == 0.25


def test_with_a_weight_of_20_it_climbs_from_a_tenth_to_nine_tenths_over_a_stretch_of_0_22():
    z = np.linspace(-1.0, 1.0, 400_001)
    answers = SIGMOID.value(20.0 * z)
    stretch = z[np.argmax(answers >= 0.9)] - z[np.argmax(answers >= 0.1)]
    assert f"{stretch:.2f}" == "0.22"


def test_ten_sigmoids_pass_on_at_most_one_part_in_1_048_576_and_with_sums_of_2_about_one_in_six_billion():
    assert float(slope(0.0)) ** 10 == 1.0 / 1_048_576
    assert 5.5e9 < 1.0 / float(slope(2.0)) ** 10 < 6.5e9


# One layer in three moves


def test_two_moves_keep_the_grid_straight_and_the_third_ends_inside_a_square_with_its_lines_curved():
    line = np.column_stack([np.linspace(-3.0, 3.0, 25), np.full(25, 0.4)])
    weights, bias = np.array([[2.0, -1.0], [0.5, 1.5]]), np.array([0.3, -0.7])
    for time in (0.3, 0.8, 1.0, 1.6, 2.0):
        assert np.abs(np.diff(layer(line, weights, bias, "sigmoid", time), 2, axis=0)).max() < 1e-12
    end = layer(line, weights, bias, "sigmoid", 3.0)
    assert ((end > 0.0) & (end < 1.0)).all()
    assert np.abs(np.diff(end, 2, axis=0)).max() > 0.01


def test_a_sigmoid_layer_that_does_not_press_the_plane_flat_never_folds_it():
    rng = np.random.default_rng(6)
    told = fate(rng.normal(size=(2, 2)), "sigmoid")
    assert (told.folded, told.flattened, told.projected) == (False, False, False)
    for weights in rng.normal(size=(30, 2, 2)):
        points = rng.uniform(-2.0, 2.0, (60, 2))
        images = SIGMOID.value(points @ weights)
        gaps = np.linalg.norm(images[:, None] - images, axis=2) + np.eye(60)
        assert gaps.min() > 0.0


# The task of the hidden layer


SIX_AND_FOUR = np.array([[6.0, 4.0], [4.0, 6.0]])


def parted(*biases):
    return separable(SIGMOID.value(ROWS @ SIX_AND_FOUR + np.array(biases)), XOR)


def crossing(a, b, c, d):
    """Whether two threads in general position meet: each has an end on either side of the other."""

    def turn(p, q, r):
        return np.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))

    return turn(a, b, c) != turn(a, b, d) and turn(c, d, a) != turn(c, d, b)


def test_one_line_will_do_just_when_the_two_threads_do_not_meet():
    rng = np.random.default_rng(7)
    seen = set()
    for points in rng.normal(size=(300, 4, 2)):
        meet = crossing(points[0], points[3], points[1], points[2])
        assert separable(points, XOR).separable is not bool(meet)
        seen.add(bool(meet))
    assert seen == {True, False}


def test_with_equal_biases_the_threads_always_cross_and_they_must_be_more_than_2_apart():
    for middle in np.round(np.arange(-10.0, 0.05, 0.1), 1):
        for apart in (0.0, 0.5, 1.0, 2.0):
            assert not parted(middle - apart / 2, middle + apart / 2).separable
    assert any(parted(b, round(b - 2.1, 1)).separable for b in np.round(np.arange(-8.0, 0.0, 0.1), 1))


@pytest.mark.parametrize(("biases", "gap"), [((-4.0, -6.1), "0.006"), ((-2.0, -8.0), "0.45")])
def test_the_gap_between_the_threads_is_as_wide_as_this(biases, gap):
    assert f"{2.0 * parted(*biases).margin:.{len(gap) - 2}f}" == gap


def test_at_minus_2_and_minus_8_one_neuron_is_or_and_the_other_and():
    answers = SIGMOID.value(ROWS @ SIX_AND_FOUR + np.array([-2.0, -8.0])) > 0.5
    assert answers[:, 0].tolist() == (gate("or")[1][:, 0] > 0).tolist()
    assert answers[:, 1].tolist() == (gate("and")[1][:, 0] > 0).tolist()
