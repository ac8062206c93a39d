"""Every claim of the article's first three chapters, computed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from unfold.activations import IDENTITY, MISH, SIGMOID, SINE, STEP
from unfold.backprop import gradients
from unfold.calculus import (
    CURVES,
    descend,
    gradient_of_two_weights,
    loss_of_two_weights,
    numeric_derivative,
    tangent,
)
from unfold.datasets import gate
from unfold.graph import computation_graph, paths
from unfold.network import Network
from unfold.perceptron import Perceptron, learn, run
from unfold.separability import separable, separate
from unfold.training import step

ROWS, XOR = gate("xor")
OR, NAND, AND = (1.0, 1.0, -0.5), (-1.0, -1.0, 1.5), (1.0, 1.0, -1.5)
TABLES = list(itertools.product((0, 1), repeat=4))
"""Every table of two inputs, as the answers to 00, 01, 10 and 11."""
LINES = [table for table in TABLES if separable(ROWS, np.array(table)).separable]
ZERO = Perceptron(np.zeros(2), 0.0)


def neuron(numbers):
    return Perceptron(np.array(numbers[:2]), numbers[2])


def made_by_hand(times, activation):
    """The network whose hidden neurons are OR and NAND and whose last is AND, its numbers multiplied."""
    hidden, last = times * np.array((OR, NAND)).T, times * np.array(AND)
    return Network((hidden[:2], last[:2, None]), (hidden[2], last[2:]), (activation, activation))


# One neuron


def test_with_weights_of_1_and_a_bias_of_minus_1_5_the_sums_are_these_and_the_neuron_is_and():
    one = neuron(AND)
    assert (ROWS @ one.w + one.b).tolist() == [-1.5, -0.5, -0.5, 0.5]
    assert one.predict(ROWS).tolist() == gate("and")[1][:, 0].tolist()


@pytest.mark.parametrize(("name", "numbers"), [("or", OR), ("nand", NAND)])
def test_with_a_bias_of_minus_one_half_it_is_or_and_with_the_signs_of_and_turned_round_it_is_nand(name, numbers):
    assert neuron(numbers).predict(ROWS).tolist() == gate(name)[1][:, 0].tolist()
    assert tuple(-number for number in AND) == NAND


def test_the_weights_are_an_arrow_at_right_angles_to_the_line_which_points_to_the_side_of_the_ones():
    rng = np.random.default_rng(0)
    for w, b in zip(rng.normal(size=(50, 2)), rng.normal(size=50), strict=True):
        on_line = -b * w / (w @ w)
        along = np.array([-w[1], w[0]])
        assert abs(w @ along) < 1e-12
        assert abs(w @ (on_line + 3.0 * along) + b) < 1e-12
        assert Perceptron(w, b).predict(np.array([on_line + 0.1 * w, on_line - 0.1 * w])).tolist() == [1.0, 0.0]


def test_doubling_all_three_numbers_changes_no_answer():
    rng = np.random.default_rng(1)
    points = rng.uniform(-2.0, 3.0, (200, 2))
    for w, b in zip(rng.normal(size=(50, 2)), rng.normal(size=50), strict=True):
        assert Perceptron(w, b).predict(points).tolist() == Perceptron(2 * w, 2 * b).predict(points).tolist()


def test_each_correction_moves_the_sum_of_its_row_by_at_least_1_towards_the_right_side():
    rng = np.random.default_rng(2)
    corrections = 0
    for w, b in zip(rng.uniform(-3.0, 3.0, (100, 2)), rng.uniform(-3.0, 3.0, 100), strict=True):
        for row, target in itertools.product(ROWS, (0.0, 1.0)):
            after, update = learn(Perceptron(w, b), row, target)
            if update.error:
                corrections += 1
                moved = (after.w @ row + after.b) - (w @ row + b)
                assert moved * (1.0 if target else -1.0) >= 1.0 - 1e-12
    assert corrections > 100


@pytest.mark.parametrize(("name", "corrections"), [("or", 5), ("nand", 10), ("and", 11)])
def test_from_zero_this_many_corrections_teach_each_gate(name, corrections):
    history = run(ZERO, *gate(name))
    assert history.converged
    assert sum(update.error != 0.0 for _, update in history.steps) == corrections


@pytest.mark.parametrize("table", LINES)
def test_wherever_a_line_is_to_be_found_the_rule_finds_one_from_any_start(table):
    rng = np.random.default_rng(3)
    for w, b in zip(rng.uniform(-5.0, 5.0, (5, 2)), rng.uniform(-5.0, 5.0, 5), strict=True):
        history = run(Perceptron(w, float(b)), ROWS, np.array(table))
        assert history.converged
        assert history.steps[-1][0].predict(ROWS).tolist() == list(table)


def test_on_xor_the_neuron_is_soon_caught_in_a_circle_of_four_corrections_one_a_row_which_add_up_to_nothing():
    history = run(ZERO, ROWS, XOR)
    assert not history.converged
    assert history.cycle == (6, 4)
    circle = [update for _, update in history.steps[6:]]
    assert len(circle) == 4
    assert all(update.error for update in circle)  # wrong every time
    assert {tuple(update.sample) for update in circle} == {tuple(row) for row in ROWS}
    assert sum(update.dw for update in circle).tolist() == [0.0, 0.0]
    assert sum(update.db for update in circle) == 0.0


@pytest.mark.parametrize("points", [2, 3, 4])
def test_whether_the_number_of_black_points_is_odd_takes_a_detector_that_sees_them_all(points):
    pictures = np.array(list(itertools.product((0.0, 1.0), repeat=points)))
    odd = pictures.sum(axis=1) % 2

    def seen(most):  # products of the points seen: any detector of so many points is a weighted sum of these
        views = [v for size in range(1, most + 1) for v in itertools.combinations(range(points), size)]
        return np.column_stack([pictures[:, view].prod(axis=1) for view in views])

    assert not separable(seen(points - 1), odd).separable
    assert separable(seen(points), odd).separable


def test_any_table_of_two_inputs_is_computed_by_some_neurons_in_two_layers():
    hidden = np.column_stack([neuron((2 * a - 1, 2 * b - 1, 0.5 - a - b)).predict(ROWS) for a, b in ROWS])
    assert hidden.tolist() == np.eye(4).tolist()  # one neuron for every row
    for table in TABLES:
        last = Perceptron(np.array(table, float), -0.5)
        assert last.predict(hidden).tolist() == list(table)


# The problem: XOR


def test_both_diagonals_have_the_middle_of_the_square_so_no_line_parts_them():
    lit, dark = ROWS[XOR[:, 0] == 1], ROWS[XOR[:, 0] == 0]
    assert lit.mean(axis=0).tolist() == dark.mean(axis=0).tolist() == [0.5, 0.5]
    assert not separate(lit, dark).separable


def test_the_sums_of_the_lit_rows_and_those_of_the_dark_rows_come_to_the_same():
    w1, w2, b = np.random.default_rng(4).integers(-100, 100, (3, 100))
    assert ((w1 + b) + (w2 + b) == b + (w1 + w2 + b)).all()
    sums = ROWS @ np.array([w1, w2]) + b
    assert (sums[1] + sums[2] == sums[0] + sums[3]).all()


def test_three_of_four_is_the_most_that_a_line_gets():
    assert max(sum(a == t for a, t in zip(table, XOR[:, 0], strict=True)) for table in LINES) == 3


def test_of_the_16_tables_of_two_inputs_a_line_can_do_14_all_but_xor_and_its_opposite():
    assert len(TABLES) == 16
    assert set(TABLES) - set(LINES) == {(0, 1, 1, 0), (1, 0, 0, 1)}


def test_an_ellipse_around_the_lit_diagonal_leaves_both_dark_corners_outside():
    along, across = np.array([[1.0, -1.0], [1.0, 1.0]]) @ (ROWS - 0.5).T / np.sqrt(2.0)
    inside = along**2 + across**2 / 0.25 < 1.0
    assert inside.tolist() == [False, True, True, False]


def test_one_neuron_that_weighs_both_inputs_with_90_degrees_and_takes_the_sine_is_xor():
    answers = SINE.value(np.radians(90.0) * ROWS.sum(axis=1))
    np.testing.assert_allclose(answers, [0.0, 1.0, 1.0, 0.0], atol=1e-15)


def test_one_mish_neuron_parts_xor_by_its_valley():
    answers = MISH.value(2.0 * ROWS.sum(axis=1) - 3.2)
    assert answers[1] == answers[2]
    assert (answers[[1, 2]] < -0.3).all()
    assert (answers[[0, 3]] > -0.13).all()


def test_the_first_line_cuts_off_00_and_the_second_11_and_between_them_is_xor():
    first, second = (neuron(numbers).predict(ROWS) for numbers in (OR, NAND))
    assert first.tolist() == [0, 1, 1, 1]
    assert second.tolist() == [1, 1, 1, 0]
    assert OR[0] * NAND[1] - OR[1] * NAND[0] == 0.0  # parallel
    assert (first * second).tolist() == XOR[:, 0].tolist()


def test_four_corners_turn_into_three_the_lit_ones_on_top_of_each_other_and_one_line_is_enough():
    _, a = made_by_hand(1.0, STEP.name).layer_values(ROWS)
    assert a[1].tolist() == [[0, 1], [1, 1], [1, 1], [1, 0]]
    assert separable(a[1], XOR).separable
    assert a[2].tolist() == XOR.tolist()


def test_if_an_and_joins_them_only_or_and_nand_give_xor():
    pairs = {frozenset((f, g)) for f in LINES for g in LINES if (np.minimum(f, g) == XOR[:, 0]).all()}
    assert pairs == {frozenset(((0, 1, 1, 1), (1, 1, 1, 0)))}


def test_if_the_third_neuron_may_be_any_there_are_eight_pairs_two_ways_to_draw_the_lines_and_four_to_face():
    def serves(f, g):
        return separable(np.column_stack((f, g)).astype(float), XOR).separable

    def flips(f):
        return f, tuple(1 - answer for answer in f)

    found = {frozenset((f, g)) for f in LINES for g in LINES if serves(f, g)}
    dark = itertools.product(flips((0, 1, 1, 1)), flips((1, 1, 1, 0)))  # a dark row to each line
    lit = itertools.product(flips((0, 1, 0, 0)), flips((0, 0, 1, 0)))  # a lit row to each line
    assert found == {frozenset(pair) for pair in (*dark, *lit)}
    assert len(found) == 8


@pytest.mark.parametrize(("layers", "numbers"), [((2, 1), 3), ((2, 2), 6), ((2, 2, 1), 9)])
def test_the_three_architectures_have_three_six_and_nine_numbers(layers, numbers):
    net = Network.create(layers)
    assert sum(array.size for array in (*net.weights, *net.biases)) == numbers


def test_a_small_nudge_to_a_network_of_steps_as_a_rule_changes_no_answer():
    rng = np.random.default_rng(5)
    same = 0
    for seed in range(300):
        net = Network.create((2, 2, 1), STEP.name, STEP.name, seed)
        net = Network(net.weights, tuple(rng.uniform(-1.0, 1.0, b.shape) for b in net.biases), net.activations)
        nudged = Network(tuple(W + 0.001 * rng.choice((-1, 1)) for W in net.weights), net.biases, net.activations)
        same += net.forward(ROWS).tolist() == nudged.forward(ROWS).tolist()
    assert same > 0.98 * 300
    assert not any(slope.any() for slope in gradients(net, ROWS, XOR).weights)  # it has no slope to follow


# Calculus to the rescue


def test_the_sigmoid_is_almost_0_far_below_zero_almost_1_far_above_and_one_half_at_zero():
    assert SIGMOID.value(np.array(0.0)) == 0.5
    assert SIGMOID.value(np.array(-10.0)) < 0.0001
    assert SIGMOID.value(np.array(10.0)) > 0.9999
    assert SIGMOID.value(np.array(1.0)) == pytest.approx(1.0 / (1.0 + 2.718281828**-1.0))


def test_with_the_nine_numbers_multiplied_by_20_each_answer_is_within_0_0001_of_its_target():
    assert np.abs(made_by_hand(20.0, SIGMOID.name).forward(ROWS) - XOR).max() < 0.0001


X = np.column_stack(((0.0, 1.0, 2.0), np.ones(3)))
T = np.array((1.0, 3.0, 5.0))
START = np.ones(2)


def loss(w, b):
    return loss_of_two_weights(w, b, X, T, IDENTITY)


def gradient(w, b):
    return gradient_of_two_weights(w, b, X, T, IDENTITY)


def bowl(point):
    return loss(*point), gradient(*point)


def test_the_line_with_w_1_and_b_1_answers_1_2_and_3_and_its_loss_is_5_thirds():
    assert (X @ START).tolist() == [1.0, 2.0, 3.0]
    assert (X @ START - T).tolist() == [0.0, -1.0, -2.0]
    assert loss(1.0, 1.0) == 5.0 / 3.0


def test_one_large_error_hurts_more_than_two_of_half_its_size():
    hurts = [float(np.mean(np.square(errors))) for errors in ((2.0, 0.0, 0.0), (1.0, 1.0, 0.0))]
    assert hurts[0] > hurts[1]


def test_the_slopes_of_the_square_at_3_come_to_6():
    square = CURVES["parabola"].value
    assert [round((square(3.0 + h) - square(3.0)) / h, 9) for h in (0.1, 0.01, 0.001)] == [6.1, 6.01, 6.001]
    assert CURVES["parabola"].derivative(3.0) == 6.0


def test_the_square_rises_by_2x_plus_h_for_every_step_of_h():
    x, h = np.random.default_rng(6).uniform(0.1, 3.0, (2, 100))
    np.testing.assert_allclose(((x + h) ** 2 - x**2) / h, 2.0 * x + h)


@pytest.mark.parametrize("name", sorted(CURVES))
def test_the_derivative_is_the_slope_of_the_tangent_which_touches_the_curve(name):
    curve = CURVES[name]
    for x in np.linspace(-2.0, 2.0, 9):
        line = tangent(curve.value, curve.derivative, x)
        assert line.at(x) == pytest.approx(curve.value(x))
        assert (line.at(x + 1.0) - line.at(x)) == pytest.approx(numeric_derivative(curve.value, x)[0], abs=1e-8)


def test_the_slope_of_the_sigmoid_is_sigmoid_times_1_minus_sigmoid_steepest_at_zero_and_almost_none_at_10():
    z = np.linspace(-10.0, 10.0, 2001)
    slope = CURVES["sigmoid"].derivative(z)
    a = CURVES["sigmoid"].value(z)
    np.testing.assert_allclose(slope, a * (1.0 - a))
    assert (z[np.argmax(slope)], slope.max()) == (pytest.approx(0.0, abs=1e-12), 0.25)
    assert 0.0 < slope[-1] < 0.00005
    assert slope[1234] == pytest.approx(numeric_derivative(CURVES["sigmoid"].value, z[1234])[0])


def test_the_partial_derivatives_of_the_lines_loss_are_minus_10_thirds_and_minus_2():
    error = X @ START - T
    by_formula = [2.0 / 3.0 * float((error * X[:, 0]).sum()), 2.0 / 3.0 * float(error.sum())]
    assert by_formula == pytest.approx([-10.0 / 3.0, -2.0])
    assert gradient(1.0, 1.0).tolist() == pytest.approx(by_formula)
    assert numeric_derivative(lambda w: loss(w, 1.0), 1.0)[0] == pytest.approx(by_formula[0])  # b stands still
    assert numeric_derivative(lambda b: loss(1.0, b), 1.0)[0] == pytest.approx(by_formula[1])  # w stands still


def test_raising_either_number_of_the_line_lowers_its_loss():
    assert loss(1.01, 1.0) < loss(1.0, 1.0) > loss(1.0, 1.01)


def test_the_loss_of_a_line_is_a_bowl_with_a_single_lowest_place_unless_all_points_share_one_x():
    rng = np.random.default_rng(7)
    for x in rng.normal(size=(50, 5)):
        columns = np.column_stack((x, np.ones(5)))
        assert np.linalg.eigvalsh(columns.T @ columns).min() > 0.0  # curved upward in every direction
    trough = np.ones((5, 2))
    assert np.linalg.matrix_rank(trough) == 1
    assert loss_of_two_weights(0.0, 2.0, trough, np.full(5, 3.0), IDENTITY) == loss_of_two_weights(
        1.0, 1.0, trough, np.full(5, 3.0), IDENTITY
    )


def test_the_bowl_of_our_line_is_lowest_at_w_2_and_b_1_where_the_loss_is_0():
    assert loss(2.0, 1.0) == 0.0
    assert gradient(2.0, 1.0).tolist() == [0.0, 0.0]
    w, b = np.meshgrid(np.linspace(0.0, 4.0, 41), np.linspace(-1.0, 3.0, 41))
    assert int((loss(w, b) < 1e-12).sum()) == 1


def test_of_all_directions_the_gradients_is_the_steepest_its_length_is_that_slope_and_the_contour_is_at_right_angles():
    uphill = gradient(1.0, 1.0)
    angles = np.linspace(0.0, 2.0 * np.pi, 3601)
    way = np.array([np.cos(angles), np.sin(angles)])
    h = 1e-6
    slopes = (loss(*(START[:, None] + h * way)) - loss(*(START[:, None] - h * way))) / (2.0 * h)
    best = int(np.argmax(slopes))
    assert way[:, best] @ uphill / np.linalg.norm(uphill) > 1.0 - 1e-6
    assert slopes[best] == pytest.approx(np.linalg.norm(uphill), rel=1e-6)
    level = np.array([-uphill[1], uphill[0]]) / np.linalg.norm(uphill)
    assert abs(loss(*(START + h * level)) - loss(*(START - h * level))) / (2.0 * h) < 1e-8


def test_the_gradient_does_not_point_at_the_bottom_of_the_valley():
    downhill, to_the_bottom = -gradient(1.0, 1.0), np.array([2.0, 1.0]) - START
    assert downhill @ to_the_bottom < 0.9 * np.linalg.norm(downhill) * np.linalg.norm(to_the_bottom)


def test_at_a_rate_of_a_tenth_the_first_step_takes_the_loss_from_1_667_to_0_514_and_fifty_take_it_to_0_0003():
    path = descend(bowl, START, 0.1, 50, 100.0)
    assert np.round(path.points[1], 3).tolist() == [1.333, 1.2]
    assert np.round(path.losses[:2], 3).tolist() == [1.667, 0.514]
    assert round(float(path.losses[50]), 4) == 0.0003


def test_at_a_rate_of_a_half_each_step_lands_higher_up_on_the_other_side():
    path = descend(bowl, START, 0.5, 100, 1e6)
    assert [f"{value:.3g}" for value in path.losses[:4]] == ["1.67", "3.07", "5.85", "11.2"]
    assert path.diverged
    assert (np.diff(path.losses) > 0.0).all()
    steepest = np.linalg.eigh(X.T @ X)[1][:, -1]
    across = (path.points - [2.0, 1.0]) @ steepest
    assert (across[1:] * across[:-1] < 0.0).all()  # over the valley every time


@pytest.mark.parametrize(("rate", "runs_away"), [(0.41, False), (0.43, True)])
def test_the_border_of_the_rates_lies_at_about_0_419(rate, runs_away):
    assert round(2.0 / np.linalg.eigvalsh(2.0 / 3.0 * X.T @ X).max(), 3) == 0.419
    path = descend(bowl, START, rate, 400, 1e6)
    assert path.diverged is runs_away
    assert (path.losses[-1] < 1e-3) is not runs_away


def test_gears_of_3_and_8_turn_24_times_as_fast_and_that_is_the_slope_of_the_square_of_3x_plus_1_at_1():
    u = 3.0 * 1.0 + 1.0
    assert (u, CURVES["parabola"].derivative(u) * 3.0) == (4.0, 24.0)
    assert numeric_derivative(lambda x: (3.0 * x + 1.0) ** 2, 1.0)[0] == pytest.approx(24.0)


SOFT = made_by_hand(1.0, SIGMOID.name)
ROW, TARGET = ROWS[2], XOR[2]


def nudged(layer, i, j, by):
    weights = [W.copy() for W in SOFT.weights]
    weights[layer][i, j] += by
    return Network(tuple(weights), SOFT.biases, SOFT.activations)


def test_for_the_row_10_the_soft_network_answers_0_437():
    assert round(float(SOFT.forward(ROW[None])[0, 0]), 3) == 0.437


def test_the_five_factors_of_the_first_weight_and_their_product():
    (path,) = paths(computation_graph(SOFT, ROW, TARGET), 0, 0, 0)
    values = [factor.value for factor in reversed(path.factors)]
    assert np.round(values, 3).tolist() == [-1.127, 0.246, 1.0, 0.235, 1.0]
    assert round(path.product, 3) == -0.065
    _, (_, h, answer) = SOFT.layer_values(ROW[None])
    y, h1 = float(answer[0, 0]), float(h[0, 0])
    in_symbols = [2.0 * (y - TARGET[0]), y * (1.0 - y), SOFT.weights[1][0, 0], h1 * (1.0 - h1), ROW[0]]
    assert values == pytest.approx(in_symbols)
    assert path.product == pytest.approx(gradients(SOFT, ROW[None], TARGET[None]).weights[0][0, 0], abs=1e-15)


def test_raising_the_first_weight_by_0_01_lowers_the_loss_by_0_00065():
    change = nudged(0, 0, 0, 0.01).loss(ROW[None], TARGET[None]) - SOFT.loss(ROW[None], TARGET[None])
    assert round(float(change), 5) == -0.00065


def test_a_weight_whose_input_is_0_has_no_slope():
    assert gradients(SOFT, ROW[None], TARGET[None]).weights[0][1].tolist() == [0.0, 0.0]


def test_the_first_two_factors_are_the_same_for_all_nine_numbers():
    graph = computation_graph(SOFT, ROW, TARGET)
    places = [(layer, i, j) for layer, W in enumerate(SOFT.weights) for i in (None, 0, 1) for j in range(W.shape[1])]
    assert len(places) == 9
    ends = {tuple(path.factors[-2:]) for place in places for path in paths(graph, *place)}
    assert len(ends) == 1


def test_one_pass_forward_serves_all_nine_slopes(monkeypatch):
    passes = []
    layer_values = Network.layer_values
    monkeypatch.setattr(Network, "layer_values", lambda net, rows: passes.append(1) or layer_values(net, rows))
    slope = gradients(SOFT, ROWS, XOR)
    assert sum(array.size for array in (*slope.weights, *slope.biases)) == 9
    assert len(passes) == 1


def test_one_step_at_a_rate_of_1_takes_the_loss_of_the_row_10_from_0_317_to_0_180():
    after = step(SOFT, gradients(SOFT, ROW[None], TARGET[None]), 1.0)
    losses = [round(float(net.loss(ROW[None], TARGET[None])), 3) for net in (SOFT, after)]
    assert losses == [0.317, 0.18]


def test_what_is_good_for_one_row_may_be_bad_for_another():
    after = step(SOFT, gradients(SOFT, ROW[None], TARGET[None]), 1.0)
    dark = ROWS[[0, 3]], XOR[[0, 3]]
    assert after.loss(*dark) > SOFT.loss(*dark)
