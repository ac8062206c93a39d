"""A reader's own formula: its value, its slope, and all that is refused."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unfold.activations import ACTIVATIONS
from unfold.formula import NAMES, FormulaError, activation, problems

X = np.linspace(-5.0, 5.0, 401) + 1 / 512  # 0 and whole numbers, where some have corners, are left out


def value_and_slope(text, x):
    own = activation(text)
    a = own.value(x)
    return a, own.derivative(x, a)


def finite_difference(value, x):
    """The slope by central differences, and how far it may be out: by truncation, and by the digits lost."""
    h = 2.0**-12
    points = [value(x + k * h) for k in (-2, -1, 1, 2)]
    near, wide = (points[2] - points[1]) / (2 * h), (points[3] - points[0]) / (4 * h)
    return (4 * near - wide) / 3, np.abs(near - wide) + 1e-12 * np.abs(points).max(axis=0) / h


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_the_name_of_a_built_in_gives_the_built_in(name):
    assert activation(name) is ACTIVATIONS[name]
    assert activation(f" {name} ") is ACTIVATIONS[name]


BY_FORMULA = {
    "step": "(1 + abs(x) / x) / 2",
    "identity": "x",
    "sigmoid": "1 / (1 + exp(-x))",
    "tanh": "(exp(x) - exp(-x)) / (exp(x) + exp(-x))",
    "relu": "max(x, 0)",
    "leaky-relu": "max(x, 0.01 * x)",
    "softplus": "log(1 + exp(x))",
    "silu": "x / (1 + exp(-x))",
    "gelu": "x * (1 + erf(x / sqrt(2))) / 2",
    "mish": "x * tanh(log(1 + exp(x)))",
    "sine": "sin(x)",
}


@pytest.mark.parametrize("name", list(BY_FORMULA))
def test_a_built_in_written_as_a_formula_has_the_same_value_and_by_dual_numbers_the_same_slope(name):
    a, slope = value_and_slope(BY_FORMULA[name], X)
    expected = ACTIVATIONS[name].value(X)
    np.testing.assert_allclose(a, expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(slope, ACTIVATIONS[name].derivative(X, expected), rtol=1e-11, atol=1e-13)
    a, slope = value_and_slope(f"{name.replace('-', '_')}(x)", X)
    assert (a == expected).all()
    assert (slope == ACTIVATIONS[name].derivative(X, expected)).all()


BY_HAND = [
    ("3", lambda x: 0 * x + 3, lambda x: 0 * x),
    ("pi * x + e", lambda x: math.pi * x + math.e, lambda x: 0 * x + math.pi),
    ("-x**2", lambda x: -x * x, lambda x: -2 * x),
    ("(-x)**3", lambda x: -(x**3), lambda x: -3 * x * x),
    ("2 - x - 1", lambda x: 1 - x, lambda x: 0 * x - 1),
    ("x**0", lambda x: 0 * x + 1, lambda x: 0 * x),
    ("x**-2", lambda x: 1 / x**2, lambda x: -2 / x**3),
    ("x / (1 + x**2)", lambda x: x / (1 + x**2), lambda x: (1 - x**2) / (1 + x**2) ** 2),
    ("8 / 4 / x", lambda x: 2 / x, lambda x: -2 / x**2),
    ("exp(-x**2 / 2)", lambda x: np.exp(-x * x / 2), lambda x: -x * np.exp(-x * x / 2)),
    ("log(x**2)", lambda x: np.log(x * x), lambda x: 2 / x),
    ("sqrt(abs(x))", lambda x: np.sqrt(np.abs(x)), lambda x: np.sign(x) / (2 * np.sqrt(np.abs(x)))),
    ("abs(x)**1.5", lambda x: np.abs(x) ** 1.5, lambda x: 1.5 * np.sign(x) * np.sqrt(np.abs(x))),
    ("sin(x) * cos(x)", lambda x: np.sin(2 * x) / 2, lambda x: np.cos(2 * x)),
    ("tan(x / 4)", lambda x: np.tan(x / 4), lambda x: 0.25 / np.cos(x / 4) ** 2),
    ("sinh(x) + cosh(x)", np.exp, np.exp),
    ("arctan(x) - 2 * atan(x)", lambda x: -np.arctan(x), lambda x: -1 / (1 + x * x)),
    ("erf(x)", lambda x: np.array([math.erf(v) for v in x]), lambda x: 2 / math.sqrt(math.pi) * np.exp(-x * x)),
    ("min(1, max(x, -1))", lambda x: np.clip(x, -1, 1), lambda x: np.where(np.abs(x) < 1, 1.0, 0.0)),
    ("1e3 * x + .5", lambda x: 1000 * x + 0.5, lambda x: 0 * x + 1000),
]


@pytest.mark.parametrize(("text", "value", "slope"), BY_HAND, ids=[text for text, _, _ in BY_HAND])
def test_the_slope_is_the_one_found_by_hand(text, value, slope):
    a, da = value_and_slope(text, X)
    np.testing.assert_allclose(a, value(X), rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(da, slope(X), rtol=1e-11, atol=1e-11)


def test_where_min_or_max_has_two_equal_values_the_slope_is_that_of_the_first():
    zero = np.zeros(1)
    for text, slope in (("max(x, 0)", 1.0), ("max(0, x)", 0.0), ("min(2 * x, x)", 2.0), ("min(x, 2 * x)", 1.0)):
        assert value_and_slope(text, zero)[1].tolist() == [slope]


SMOOTH_OF_ONE = ["tanh", "sigmoid", "softplus", "silu", "gelu", "mish", "sine", "sin", "cos", "exp", "arctan", "erf"]
CORNERED_OF_ONE = ["abs", "relu", "leaky_relu", "sqrt", "log", "tan", "sinh", "cosh"]
PIECES = st.recursive(
    st.sampled_from(["x", "x", "x", "pi", "e", "2", "0.5", "-x", "1.25"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(SMOOTH_OF_ONE + CORNERED_OF_ONE), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(inner, st.sampled_from(["2", "3", "-1", "0.5", "(1 / 2)"])).map(lambda t: f"({t[0]})**{t[1]}"),
        inner.map(lambda t: f"-{t}"),
    ),
    max_leaves=5,
).filter(lambda text: len(text) <= 200)

ONE_BY_ONE = {name: getattr(math, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "erf")}
ONE_BY_ONE |= {"abs": abs, "arctan": math.atan, "tanh": math.tanh, "sine": math.sin, "relu": lambda z: max(z, 0.0)}
ONE_BY_ONE |= {"min": min, "max": max, "pi": math.pi, "e": math.e, "leaky_relu": lambda z: max(z, 0.01 * z)}
ONE_BY_ONE |= {"sigmoid": lambda z: 1 / (1 + math.exp(-z)), "softplus": lambda z: math.log1p(math.exp(z))}
ONE_BY_ONE |= {"silu": lambda z: z / (1 + math.exp(-z)), "gelu": lambda z: z * math.erfc(-z / math.sqrt(2)) / 2}
ONE_BY_ONE |= {"mish": lambda z: z * math.tanh(math.log1p(math.exp(z)))}


def error_in_digits(text, x, rounding):
    """How much the value moves if x does in its last digits: where much, two right answers may differ."""
    value = activation(text).value
    with np.errstate(all="ignore"):
        return np.abs(value(x * (1 + rounding)) - value(x * (1 - rounding)))


@given(PIECES)
def test_the_value_of_any_formula_is_what_python_makes_of_the_same_text_number_by_number(text):
    x = X[::25]
    a = activation(text).value(x)
    slack = 1e-9 * (1 + np.abs(a)) + 1e5 * error_in_digits(text, x, 1e-15)
    for one, found, room in zip(x, a, slack, strict=True):
        try:
            expected = eval(text, {"__builtins__": {}}, ONE_BY_ONE | {"x": float(one)})
        except (ArithmeticError, ValueError, TypeError):  # a root of a negative number is complex to Python
            continue
        if isinstance(expected, complex) or not math.isfinite(expected) or not math.isfinite(room):
            continue
        assert found == pytest.approx(expected, abs=room)


CHECKED = []


@given(PIECES)
def test_the_slope_of_any_formula_is_its_finite_difference_where_it_is_smooth(text):
    own = activation(text)
    slope = value_and_slope(text, X)[1]
    with np.errstate(all="ignore"):
        difference, doubt = finite_difference(own.value, X)
        # A root of what is 0 all along, as sqrt(x - x), has a value but no slope that the chain rule can find.
        smooth = np.isfinite(slope) & np.isfinite(difference) & (doubt < 1e-4 * (1 + np.abs(difference)))
    CHECKED.append(smooth.mean())
    assert (np.abs(slope - difference)[smooth] <= (10 * doubt + 1e-7 * (1 + np.abs(difference)))[smooth]).all()


def test_most_of_those_slopes_were_at_smooth_places():
    if not CHECKED:
        pytest.skip("the test above was not chosen")
    assert np.mean(CHECKED) > 0.5


@given(PIECES, st.floats(allow_nan=False, allow_infinity=False))
@example("x / x", 0.0)
@example("exp(exp(x))", 1e308)
@example("x**-1 * log(x)", -0.0)
def test_no_formula_warns_whatever_the_number(text, number):
    x = np.array([number])
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        a, slope = value_and_slope(text, x)
    assert a.shape == slope.shape == (1,)
    assert a.dtype == slope.dtype == np.float64


@pytest.mark.parametrize("text", ["x * tanh(softplus(x))", "2", "1 / 0", "min(1, 2)", "gelu(1) * x"])
@pytest.mark.parametrize("shape", [(), (0,), (2, 3, 4)])
def test_value_and_slope_have_the_shape_of_z_and_are_arrays_of_their_own(text, shape):
    z = np.ones(shape)
    a, slope = value_and_slope(text, z)
    assert np.shape(a) == np.shape(slope) == shape
    assert not np.shares_memory(a, z)
    assert not np.shares_memory(slope, z)


def test_one_text_is_one_activation_named_by_it_and_not_said_to_be_increasing():
    own = activation(" x**3 ")
    assert own is activation(" x**3 ")
    assert own.name == "x**3"
    assert not own.increasing


def test_every_name_that_is_allowed_can_be_used():
    for name in NAMES:
        text = name if name in ("x", "pi", "e") else f"{name}(x, 1)" if name in ("min", "max") else f"{name}(x)"
        assert np.isfinite(value_and_slope(text, np.array([0.5]))).all()


REFUSED = [
    # text, position from 0, a part of the message
    ("", 0, "the end at character 1 comes too soon; allowed is a formula such as x * tanh(softplus(x))"),
    ("   ", 3, "the end at character 4 comes too soon"),
    ("x +", 3, "the end at character 4 comes too soon"),
    ('__import__("os")', 11, "'\"' at character 12 is not allowed; allowed are a to z, 0 to 9 and + - * / ** ( ) . ,"),
    ("__import__(os)", 0, "'__import__' at character 1 is unknown; allowed are x, pi, e, abs, arctan"),
    ("tanh(os)", 5, "'os' at character 6 is unknown; allowed are x, pi, e, abs, arctan"),
    ("  x + os", 6, "'os' at character 7 is unknown"),
    ("eval(x)", 0, "'eval' at character 1 is unknown"),
    ("X", 0, "'X' at character 1 is unknown"),
    ("x.__class__", 0, "'x.__class__' at character 1 is not allowed"),
    ("1 + x.real", 4, "'x.real' at character 5 is not allowed"),
    ("tanh(x).__self__", 0, "'tanh(x).__self__' at character 1"),
    ("9**9**9", 3, "'9**9' at character 4 cannot be a power; allowed are constants up to 16"),
    ("x**17", 3, "'17' at character 4 cannot be a power"),
    ("x**-16.5", 3, "'-16.5' at character 4 cannot be a power"),
    ("e**x", 3, "'x' at character 4 cannot be a power; allowed are constants up to 16; e**x is exp(x)"),
    ("2**(x**0)", 4, "'x**0' at character 5 cannot be a power"),
    ("x**(0 / 0)", 4, "'0 / 0' at character 5 cannot be a power"),
    ("x**x**2", 3, "'x**2' at character 4 cannot be a power"),
    ("x" * 10_000, 200, "'x' at character 201 is too much; allowed are 200 characters"),
    ("x" + " + x" * 49, None, None),
    ("x" + "+x" * 51, None, "is too much; allowed are 100 numbers, names and signs"),
    ("-" * 150 + "x", 100, "is too much"),
    ("(" * 100 + "x" + ")" * 99, 30, "'(' at character 31 is too deep; allowed are 30 brackets in brackets"),
    ("(" * 30 + "x" + ")" * 30, None, None),
    ("tanh(" * 31 + "x" + ")" * 31, 154, "'(' at character 155 is too deep"),
    ("(" * 10_000, 200, "is too much"),
    ("x**2" * 60, 200, "is too much"),
    ("x" + "**1" * 49, None, None),
    ("x" + "**1" * 51, 150, "is too much"),
    ("lambda: x", 6, "':' at character 7 is not allowed"),
    ("[x for x in x]", 0, "'[' at character 1 is not allowed"),
    ("(x for x in x)", 0, "'(x for x in x)' at character 1 is not allowed"),
    ("tanh(x for x in x)", None, "is not allowed"),
    ("x if x else x", 0, "'x if x else x' at character 1 is not allowed"),
    ("1if x else 2", 0, "is not allowed"),
    ("x and x", 0, "is not allowed"),
    ("not x", 0, "is not allowed"),
    ("x < 1", 2, "'<' at character 3 is not allowed"),
    ("x in x", 0, "is not allowed"),
    ("await x", 0, "is not allowed"),
    ("x // 2", 0, "'x // 2' at character 1 is not allowed"),
    ("x % 2", 2, "'%' at character 3"),
    ("x^2", 1, "'^' at character 2"),
    ("+x", 0, "'+x' at character 1"),
    ("x, x", 0, "'x, x' at character 1"),
    ("()", 0, "'()' at character 1"),
    ("x[0]", 1, "'[' at character 2"),
    ("x := 2", 2, "':' at character 3"),
    ("min(x, b=1)", 8, "'=' at character 9"),
    ("tanh(**x)", 0, "'tanh(**x)' at character 1"),
    ("tanh(x, **x)", 0, "'tanh(x, **x)' at character 1 is not allowed"),
    ("tanh(x, **2)", 0, "is not allowed"),
    ("min(*x)", None, "is not allowed"),
    ("min(*x, x)", 4, "'*x' at character 5 is not allowed"),
    ("tanh()", 0, "'tanh()' at character 1 is not allowed; allowed is tanh(x)"),
    ("tanh(x, x)", 0, "'tanh(x, x)' at character 1 is not allowed; allowed is tanh(x)"),
    ("1 + max(x)", 4, "'max(x)' at character 5 is not allowed; allowed is max(x, 1)"),
    ("min(x, x, x)", 0, "allowed is min(x, 1)"),
    ("exp", 0, "'exp' at character 1 needs brackets; allowed is exp(x)"),
    ("x + max", 4, "'max' at character 5 needs brackets; allowed is max(x, 1)"),
    ("exp(tanh)", 4, "'tanh' at character 5 needs brackets"),
    ("leaky-relu(x)", 0, "'leaky' at character 1 is unknown"),
    ("2x", 0, "cannot be read"),
    ("2(x)", 0, "'2(x)' at character 1 is not allowed"),
    ("x(x)", 0, "'x(x)' at character 1 is not allowed"),
    ("tanh(x)(x)", 0, "'tanh(x)(x)' at character 1 is not allowed"),
    ("x x", 2, "'x' at character 3 cannot be read"),
    ("   x x", 5, "'x' at character 6 cannot be read"),
    ("(x", 0, "'(' at character 1 cannot be read"),
    ("x) + (x", 1, "')' at character 2 cannot be read"),
    ("007", None, "cannot be read"),
    ("import os", 0, "cannot be read"),
    ("1j", 0, "'1j' at character 1 is not allowed"),
    ("x * 2J", 4, "'2J' at character 5 is not allowed"),
    ("1e7", 0, "'1e7' at character 1 is not allowed; allowed are numbers up to 1,000,000"),
    ("1e999 * x", 0, "'1e999' at character 1 is not allowed"),
    ("9" * 200, 0, f"'{'9' * 24}' at character 1 is not allowed; allowed are numbers up to 1,000,000"),
    ("'x'", 0, "is not allowed"),
    ("True", 0, "'True' at character 1 is not allowed"),
    ("None", 0, "is not allowed"),
    ("...", 0, "is not allowed"),
    ("x\0", 1, "'\\x00' at character 2 is not allowed"),
    ("x\n+ 1", 1, "'\\n' at character 2"),
    ("x # 1", 2, "'#' at character 3"),
    ("х + 1", 0, "'х' at character 1"),  # Cyrillic
    ("ｘ", 0, "'ｘ' at character 1"),  # full width: Python alone would take it for x
    ("ｔanh(x)", 0, "'ｔ' at character 1"),
    ("x − 1", 2, "'−' at character 3"),
    ("x²", 1, "'²' at character 2"),
    ("٣ * x", 0, "'٣' at character 1"),
    ("\ud800", 0, "'\\ud800' at character 1"),
]


@pytest.mark.parametrize(("text", "position", "message"), REFUSED, ids=[ascii(text)[:30] for text, _, _ in REFUSED])
def test_what_is_refused_is_named_with_its_place_and_what_is_allowed(text, position, message):
    if message is None:  # the longest, deepest and fullest that are allowed, beside those that are not
        assert np.isfinite(value_and_slope(text, np.ones(2))).all()
        return
    with pytest.raises(FormulaError) as caught:
        activation(text)
    assert str(caught.value).startswith("formula: ")
    assert message in str(caught.value)
    assert position is None or caught.value.position == position
    assert f"at character {caught.value.position + 1} " in str(caught.value)
    assert len(str(caught.value)) < 400


@given(
    st.one_of(
        st.text(max_size=250),
        st.text("x0123456789+-*/().,e _jn", max_size=60),
        st.lists(
            st.sampled_from([*NAMES, "(", ")", "(x)", "**", "*", "/", "-", ",", "2", "if", "for", "in", " ", "else"]),
            max_size=20,
        ).map("".join),
        PIECES.flatmap(
            lambda text: st.tuples(st.just(text), st.integers(0, len(text)), st.text(min_size=1, max_size=2)).map(
                lambda t: t[0][: t[1]] + t[2] + t[0][t[1] :]
            )
        ),
    )
)
def test_any_text_is_a_formula_or_is_refused_within_itself_and_nothing_else_happens(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            at_fault = None
            assert activation(text).value(X).shape == X.shape
        except FormulaError as error:
            at_fault = error.position
    assert at_fault is None or 0 <= at_fault <= len(text)


@pytest.mark.parametrize("text", ["1if x else 2", "0x1for x in x", "x**(1 / 0)", "x**(0 / 0)", "1(x)", "x is 1"])
def test_a_refusal_comes_without_a_warning(text):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        with pytest.raises(FormulaError):
            activation(text)
    assert not heard


def test_a_refusal_is_a_value_error():
    with pytest.raises(ValueError, match="formula: 'y' at character 1 is unknown"):
        activation("y")


PROBLEMS = [
    ("1 / x", "formula: infinite at x = 0; allowed is a finite value and slope from -6 to 6"),
    ("x / x", "formula: not a number at x = 0; allowed"),
    ("log(x)", "formula: not a number at x = -6; allowed"),
    ("log(x + 3)", "formula: not a number at x = -6; allowed"),
    ("sqrt(2 - x)", "formula: not a number at x = 2.01; allowed"),
    ("x**-1", "formula: infinite at x = 0; allowed"),
    ("1 / 0", "formula: infinite at x = -6; allowed"),
    ("exp(exp(exp(x)))", "formula: infinite at x = 1.89; allowed"),
    ("sqrt(abs(x))", "formula: its slope is not a number at x = 0; allowed"),
    ("abs(x)**0.5", "formula: its slope is not a number at x = 0; allowed"),
]


@pytest.mark.parametrize(("text", "sentence"), PROBLEMS, ids=[text for text, _ in PROBLEMS])
def test_the_first_place_without_a_value_or_a_slope_is_named(text, sentence):
    assert problems(activation(text)).startswith(sentence)


def test_a_pole_at_0_is_seen_from_any_range_that_holds_it():
    assert "at x = 0;" in problems(activation("1 / x"), -3.3, 4.7)
    assert problems(activation("1 / x"), 0.1, 5.0) == ""


@pytest.mark.parametrize("text", [*ACTIVATIONS, "x * tanh(softplus(x))", "x**0", "1 / (1 + x**2)", "abs(x)**1.5"])
def test_what_is_finite_everywhere_has_no_problems(text):
    assert problems(activation(text)) == ""
