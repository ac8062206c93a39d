"""Activations: each against its definition in Python's own mathematics, its slope, and its ends."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unfold.activations import ACTIVATIONS, SIGMOID, TANH, erf, erfc

DEFINITIONS = {
    "step": lambda z: 1.0 if z >= 0 else 0.0,
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "relu": lambda z: max(0.0, z),
    "leaky-relu": lambda z: z if z > 0 else 0.01 * z,
    "softplus": lambda z: math.log1p(math.exp(z)),
    "silu": lambda z: z / (1 + math.exp(-z)),
    "gelu": lambda z: z * math.erfc(-z / math.sqrt(2)) / 2,
    "mish": lambda z: z * math.tanh(math.log1p(math.exp(z))),
    "sine": math.sin,
}
CORNERS = {"step", "relu", "leaky-relu"}  # these turn a corner at 0
EVERY = pytest.mark.parametrize("name", list(DEFINITIONS))


def derivative(name, z):
    return ACTIVATIONS[name].derivative(z, ACTIVATIONS[name].value(z))


def test_the_activations_are_these_and_in_this_order():
    assert list(ACTIVATIONS) == list(DEFINITIONS)
    assert all(activation.name == name for name, activation in ACTIVATIONS.items())


@EVERY
def test_a_value_is_that_of_the_definition(name):
    z = np.linspace(-30.0, 30.0, 2401)
    expected = [DEFINITIONS[name](float(one)) for one in z]
    # The sigmoid is half a tanh and a half: exact to the last digit of 1, not of its own tiny values. At -30 the last
    # digits of the square root of 2 move GELU by 900 times as much.
    rtol, atol = (5e-13 if name == "gelu" else 1e-14), (2e-16 if name == "sigmoid" else 0.0)
    np.testing.assert_allclose(ACTIVATIONS[name].value(z), expected, rtol=rtol, atol=atol)


@EVERY
def test_a_derivative_is_the_slope(name):
    z = np.linspace(-30.0, 30.0, 2401) + 1 / 128  # 0 is left out: some have a corner there
    h = 2.0**-10
    value = ACTIVATIONS[name].value
    near, wide = ((value(z + w) - value(z - w)) / (2 * w) for w in (h, 2 * h))
    np.testing.assert_allclose(derivative(name, z), (4 * near - wide) / 3, rtol=1e-10, atol=1e-11)


@EVERY
def test_at_0_a_derivative_is_the_slope_or_at_a_corner_that_of_the_left(name):
    zero, tiny = np.zeros(1), np.array([-1e-300, -1e-17, 1e-17, 1e-300])
    if name in CORNERS:
        assert derivative(name, zero).tolist() == [{"step": 0.0, "relu": 0.0, "leaky-relu": 0.01}[name]]
    else:
        value = ACTIVATIONS[name].value
        np.testing.assert_allclose(derivative(name, zero), (value(zero + 1e-4) - value(zero - 1e-4)) / 2e-4, atol=1e-8)
        np.testing.assert_allclose(derivative(name, tiny), derivative(name, zero)[0], rtol=1e-14)
        small = np.array([-5e-4, -1e-9, 1e-9, 5e-4])
        slope = (value(small + 1e-4) - value(small - 1e-4)) / 2e-4
        np.testing.assert_allclose(derivative(name, small), slope, atol=1e-8)


@EVERY
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
def test_any_finite_number_gives_finite_numbers_without_a_warning(name, numbers):
    z = np.array([*numbers, -1e308, 1e308, -np.finfo(float).max, np.finfo(float).max, 5e-324, -0.0])
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(ACTIVATIONS[name].value(z)).all()
        assert np.isfinite(derivative(name, z)).all()


@EVERY
def test_far_out_a_value_and_its_derivative_are_the_limits(name):
    z = np.array([-1e308, 1e308])
    ends = {"step": ([0, 1], [0, 0]), "identity": ([-1e308, 1e308], [1, 1]), "sigmoid": ([0, 1], [0, 0])}
    ends |= {"tanh": ([-1, 1], [0, 0]), "leaky-relu": ([-1e306, 1e308], [0.01, 1])}
    ends["sine"] = ([math.sin(-1e308), math.sin(1e308)], [math.cos(-1e308), math.cos(1e308)])
    value, slope = ends.get(name, ([0, 1e308], [0, 1]))
    np.testing.assert_allclose(ACTIVATIONS[name].value(z), value, rtol=1e-15)
    np.testing.assert_allclose(derivative(name, z), slope, rtol=1e-15)


@EVERY
def test_increasing_is_said_of_those_that_increase_everywhere_and_of_no_other(name):
    rises = bool((np.diff(ACTIVATIONS[name].value(np.linspace(-10.0, 10.0, 2001))) > 0).all())
    assert ACTIVATIONS[name].increasing == rises
    assert ACTIVATIONS[name].increasing == (name in {"identity", "sigmoid", "tanh", "leaky-relu", "softplus"})


@EVERY
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3, 4)])
def test_a_value_and_its_derivative_have_the_shape_of_z_and_leave_z_alone(name, shape):
    z = np.random.default_rng(0).normal(size=shape)
    before = z.copy()
    a = ACTIVATIONS[name].value(z)
    slope = ACTIVATIONS[name].derivative(z, a)
    assert np.shape(a) == np.shape(slope) == shape
    assert not np.shares_memory(z, a)
    np.testing.assert_array_equal(z, before)


@EVERY
def test_what_is_not_a_number_stays_so_without_a_warning(name):
    with np.errstate(all="raise"):
        assert np.isnan(ACTIVATIONS[name].value(np.array([np.nan]))).all()


def test_tanh_and_sigmoid_are_to_the_bit_what_the_numbers_of_the_article_rest_on():
    z = np.random.default_rng(1).normal(scale=4.0, size=10_000)
    a = np.tanh(z)
    assert (TANH.value(z) == a).all()
    assert (TANH.derivative(z, a) == 1.0 - a * a).all()
    a = 0.5 * np.tanh(0.5 * z) + 0.5
    assert (SIGMOID.value(z) == a).all()
    assert (SIGMOID.derivative(z, a) == a * (1.0 - a)).all()


def test_the_error_function_is_that_of_python_to_the_last_digits():
    x = np.concatenate([np.linspace(-7.0, 7.0, 20_001), np.logspace(-300, 0, 601), [0.46875, 4.0, -0.46875, -4.0]])
    np.testing.assert_allclose(erf(x), [math.erf(one) for one in x], rtol=1e-15)
    x = np.concatenate([np.linspace(-7.0, 26.0, 20_001), [0.46875, 4.0]])
    np.testing.assert_allclose(erfc(x), [math.erfc(one) for one in x], rtol=2e-15)
    assert erfc(np.array([1e308, -1e308])).tolist() == [0.0, 2.0]


def test_gelu_far_to_the_left_is_tiny_but_right():
    z = np.array([-5.0, -10.0, -20.0, -37.0])
    expected = [one / 2 * math.erfc(-one * math.sqrt(0.5)) for one in z]
    np.testing.assert_allclose(ACTIVATIONS["gelu"].value(z), expected, rtol=1e-14)
    assert -7.62e-23 < float(ACTIVATIONS["gelu"].value(np.array(-10.0))) < -7.61e-23


def test_silu_gelu_mish_and_sine_have_a_valley():
    z = np.linspace(-6.0, 6.0, 12_001)
    bottoms = {"silu": (-1.278, -0.2785), "gelu": (-0.752, -0.1700), "mish": (-1.192, -0.3088)}
    for name, (place, depth) in bottoms.items():
        a = ACTIVATIONS[name].value(z)
        assert z[np.argmin(a)] == pytest.approx(place, abs=1e-3)
        assert a.min() == pytest.approx(depth, abs=1e-4)
    assert ACTIVATIONS["sine"].value(np.array([-np.pi / 2])).tolist() == [-1.0]
