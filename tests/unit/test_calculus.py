"""Slopes against known derivatives, and the way downhill against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unfold.activations import ACTIVATIONS
from unfold.backprop import gradients
from unfold.calculus import (
    CURVES,
    descend,
    gradient_of_two_weights,
    loss_of_two_weights,
    numeric_derivative,
    tangent,
)
from unfold.network import Network

REACH = st.floats(-4.0, 4.0)
IDENTITY = ACTIVATIONS["identity"]
SMOOTH = [ACTIVATIONS[name] for name in ("identity", "sigmoid", "tanh", "softplus", "silu", "gelu", "mish", "sine")]

# Functions of several sizes and speeds, with their derivatives by hand.
KNOWN = {
    "exponential": (math.exp, math.exp),
    "bell": (lambda x: math.exp(-x * x), lambda x: -2.0 * x * math.exp(-x * x)),
    "peak": (lambda x: 1.0 / (1.0 + 25.0 * x * x), lambda x: -50.0 * x / (1.0 + 25.0 * x * x) ** 2),
    "ripple": (lambda x: math.sin(20.0 * x), lambda x: 20.0 * math.cos(20.0 * x)),
    "still at every half": (
        lambda x: math.sin(64.0 * math.pi * x),
        lambda x: 64.0 * math.pi * math.cos(64.0 * math.pi * x),
    ),
    "parabola on a height": (lambda x: 1e6 + x * x, lambda x: 2.0 * x),
    "flat": (lambda x: 3.7, lambda x: 0.0),
    "corner at 1/3": (lambda x: abs(x - 1 / 3), lambda x: math.copysign(1.0, x - 1 / 3)),
}


def random_problem(seed, samples=5):
    random = np.random.default_rng(seed)
    return random.normal(size=(samples, 2)), random.normal(size=samples)


def bowl(seed):
    """Loss and gradient of the line w x + b for some samples, the best w and b, and the greatest curvature."""
    X, y = random_problem(seed, samples=6)
    X[:, 1] = 1.0

    def loss_gradient(point):
        return loss_of_two_weights(*point, X, y, IDENTITY), gradient_of_two_weights(*point, X, y, IDENTITY)

    return loss_gradient, np.linalg.lstsq(X, y, rcond=None)[0], np.linalg.eigvalsh(2.0 * X.T @ X / len(X))[-1]


@pytest.mark.parametrize("name", CURVES)
@settings(deadline=None, max_examples=40)
@given(x=REACH)
def test_the_derivative_of_each_curve_is_what_its_values_give(name, x):
    curve = CURVES[name]
    value, error = numeric_derivative(curve.value, x)
    assert abs(value - curve.derivative(x)) <= error < 1e-10


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_takes_whole_arrays_and_is_told_in_words(name):
    x = np.linspace(-3.0, 3.0, 7)
    for function in (CURVES[name].value, CURVES[name].derivative):
        np.testing.assert_array_equal(function(x), [function(one) for one in x])
    assert "x" in CURVES[name].words


@pytest.mark.parametrize("name", CURVES)
@given(x=REACH)
@settings(deadline=None, max_examples=20)
def test_the_tangent_meets_the_curve_at_its_point_and_leaves_it_as_the_square_of_the_distance(name, x):
    curve = CURVES[name]
    line = tangent(curve.value, curve.derivative, x)
    assert (line.x, line.y, line.slope) == (x, float(curve.value(x)), float(curve.derivative(x)))
    assert line.at(x) == line.y
    away = np.array([1e-2, 1e-3, 1e-4])
    # Half the greatest second derivative near the point: 15 for the cubic, |6 x| / 2 and a little.
    assert np.all(np.abs(curve.value(x + away) - line.at(x + away)) <= 15.0 * away**2 + 1e-13)


@pytest.mark.parametrize("name", KNOWN)
def test_the_error_of_a_numeric_derivative_is_within_its_estimate(name):
    f, slope = KNOWN[name]
    random = np.random.default_rng(7)
    for x in [*random.uniform(-3.0, 3.0, 150).tolist(), *np.linspace(-2.0, 2.0, 17).tolist()]:
        value, error = numeric_derivative(f, x)
        assert abs(value - slope(x)) <= error, x
        assert error <= 1e-7, x  # and the estimate is worth having


def test_two_results_that_agree_by_chance_at_one_width_are_not_taken_for_the_derivative():
    f, slope = KNOWN["bell"]
    value, error = numeric_derivative(f, 1.332)  # here they do
    assert abs(value - slope(1.332)) <= error / 2.0


def test_where_a_function_has_a_corner_the_estimate_reaches_both_slopes():
    value, error = numeric_derivative(lambda x: max(x, 0.0), 0.0)
    assert value - error <= 0.0 < 1.0 <= value + error
    for x, slope in ((1e-7, 1.0), (-1e-7, 0.0)):  # nearer to the corner than any width
        value, error = numeric_derivative(lambda x: max(x, 0.0), x)
        assert abs(value - slope) <= error


def test_where_a_function_jumps_the_estimate_is_as_large_as_the_slope():
    value, error = numeric_derivative(lambda x: float(x >= 0.0), 0.0)
    assert error >= abs(value) > 1.0


def test_a_numeric_derivative_keeps_to_where_the_function_is_defined():
    value, error = numeric_derivative(np.log, 0.01)
    assert abs(value - 100.0) <= error < 1e-6
    for x in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match=r"x: .* is not allowed"):
            numeric_derivative(np.log, x)


def test_a_pole_has_no_derivative_though_the_values_on_both_sides_are_alike():
    with pytest.raises(ValueError, match=r"x: 0\.0 is not allowed; points around which f is finite are"):
        numeric_derivative(lambda x: np.divide(1.0, abs(x)), 0.0)


@pytest.mark.parametrize("x", [1e4, -1e6, 1e12])
def test_a_numeric_derivative_far_from_zero_keeps_within_its_estimate(x):
    value, error = numeric_derivative(lambda x: x * x, x)
    assert abs(value - 2.0 * x) <= error < 1e-3 * abs(x)


@pytest.mark.parametrize("activation", SMOOTH, ids=lambda activation: activation.name)
@settings(deadline=None, max_examples=15)
@given(w1=REACH, w2=REACH, seed=st.integers(0, 1000))
def test_the_gradient_of_two_weights_is_what_losses_alone_give(activation, w1, w2, seed):
    X, y = random_problem(seed)
    gradient = gradient_of_two_weights(w1, w2, X, y, activation)
    along1 = numeric_derivative(lambda w: loss_of_two_weights(w, w2, X, y, activation), w1)
    along2 = numeric_derivative(lambda w: loss_of_two_weights(w1, w, X, y, activation), w2)
    for ours, (value, error) in zip(gradient, (along1, along2), strict=True):
        assert abs(ours - value) <= error < 1e-6


def test_on_a_grid_every_loss_and_gradient_is_that_of_its_own_two_weights_and_of_the_same_network():
    X, y = random_problem(1)
    w1, w2 = np.meshgrid(np.linspace(-2.0, 2.0, 4), np.linspace(-3.0, 1.0, 3))
    tanh = ACTIVATIONS["tanh"]
    losses, slopes = (of(w1, w2, X, y, tanh) for of in (loss_of_two_weights, gradient_of_two_weights))
    assert losses.shape == (3, 4)
    assert slopes.shape == (3, 4, 2)
    for place in np.ndindex(3, 4):
        net = Network((np.array([[w1[place]], [w2[place]]]),), (np.zeros(1),), ("tanh",))
        assert losses[place] == pytest.approx(float(net.loss(X, y[:, None])), rel=1e-13)
        slope = gradients(net, X, y[:, None]).weights[0][:, 0]
        np.testing.assert_allclose(slopes[place], slope, rtol=1e-11, atol=1e-14)


def test_targets_may_stand_in_a_row_or_in_a_column():
    X, y = random_problem(2)
    for of in (loss_of_two_weights, gradient_of_two_weights):
        np.testing.assert_array_equal(of(0.3, -0.7, X, y, IDENTITY), of(0.3, -0.7, X, y[:, None], IDENTITY))


@pytest.mark.parametrize("seed", range(5))
def test_on_the_bowl_of_a_line_small_steps_come_to_the_least_squares_line(seed):
    loss_gradient, best, curvature = bowl(seed)
    descent = descend(loss_gradient, np.array([2.0, -2.0]), rate=1.0 / curvature, steps=2000, limit=10.0)
    assert not descent.diverged
    assert descent.points.shape == (2001, 2)
    assert descent.losses.shape == (2001,)
    np.testing.assert_allclose(descent.points[-1], best, atol=1e-6)
    assert np.all(np.diff(descent.losses) <= 1e-15)


@pytest.mark.parametrize("seed", range(5))
def test_on_the_bowl_of_a_line_a_rate_over_2_divided_by_the_curvature_runs_away_and_one_under_it_does_not(seed):
    loss_gradient, _, curvature = bowl(seed)
    far = descend(loss_gradient, np.array([2.0, -2.0]), rate=2.2 / curvature, steps=2000, limit=100.0)
    assert far.diverged
    assert 1 < len(far.points) == len(far.losses) < 2001
    assert np.all(np.abs(far.points) <= 100.0)
    last = far.points[-1]
    assert np.any(np.abs(last - 2.2 / curvature * loss_gradient(last)[1]) > 100.0)
    assert not descend(loss_gradient, np.array([2.0, -2.0]), rate=1.8 / curvature, steps=2000, limit=100.0).diverged


def test_each_step_of_a_descent_is_the_rate_times_the_gradient_downhill():
    loss_gradient, _, _ = bowl(3)
    start = np.array([1.0, 0.5])
    descent = descend(loss_gradient, start, rate=0.1, steps=3, limit=10.0)
    np.testing.assert_array_equal(descent.points[0], start)
    for here, there, loss in zip(descent.points, descent.points[1:], descent.losses, strict=False):
        np.testing.assert_array_equal(there, here - 0.1 * loss_gradient(here)[1])
        assert loss == loss_gradient(here)[0]


@pytest.mark.parametrize("limit", [1e3, 1e300, math.inf])
def test_no_descent_however_wild_holds_a_number_that_is_not_finite(limit):
    for power in (4, 7, 40):
        descent = descend(
            lambda point, power=power: ((point**power).sum(), power * point ** (power - 1)),
            start=np.array([3.0, -2.0]),
            rate=5.0,
            steps=500,
            limit=limit,
        )
        assert descent.diverged
        assert len(descent.points) >= 1
        assert np.isfinite(descent.points).all()
        assert np.isfinite(descent.losses).all()
        assert np.all(np.abs(descent.points) <= limit)


def test_a_descent_stops_before_infinity_even_where_the_loss_is_finite_there():
    descent = descend(lambda point: (1.0, np.full(2, -1e308)), np.zeros(2), rate=1.0, steps=9, limit=math.inf)
    assert descent.diverged
    assert descent.points.tolist() == [[0.0, 0.0], [1e308, 1e308]]


def test_a_descent_of_no_steps_is_its_start():
    loss_gradient, _, _ = bowl(0)
    descent = descend(loss_gradient, np.array([1.0, 1.0]), rate=0.1, steps=0, limit=2.0)
    assert descent.points.tolist() == [[1.0, 1.0]]
    assert not descent.diverged


@pytest.mark.parametrize("start", [(3.0, 0.0), (0.0, -3.0), (math.nan, 0.0), (0.0, math.inf)])
def test_a_start_beyond_the_limit_is_refused(start):
    loss_gradient, _, _ = bowl(0)
    with pytest.raises(ValueError, match=r"start: .* is not allowed; points within 2\.0"):
        descend(loss_gradient, np.array(start), rate=0.1, steps=10, limit=2.0)
