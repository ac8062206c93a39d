"""The figure `sigmoid`, with no browser: the slopes are the derivative's, at most w/4, and many of them vanish."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import sigmoid
from figures.controls import read_link, with_values, write_link
from scene.chain_of_slopes import scientific
from scene.marks import Handles, Lines, Regions
from unfold.activations import SIGMOID
from unfold.calculus import numeric_derivative

STATES = st.fixed_dictionaries(
    {
        "z": st.integers(-30, 30).map(lambda n: n / 10),
        "weight": st.integers(1, 16).map(lambda n: n / 2),
        "layers": st.integers(1, 10),
        "guess": st.sampled_from(["", *sigmoid.GUESSES]),
    }
)


def put(state, **values):
    for name, value in values.items():
        state = sigmoid.changed(replace(state, **{name: value}), state)
    return state


def marks(state, view, kind, colour):
    return [mark for mark in sigmoid.scene(state)[view].marks if isinstance(mark, kind) and mark.colour == colour]


def test_the_largest_slope_of_the_sigmoid_is_a_quarter_and_only_at_0():
    assert sigmoid.STEEPEST == 0.25
    z = np.linspace(-20.0, 20.0, 400_002)
    a = SIGMOID.value(z)
    assert SIGMOID.derivative(z, a).max() < 0.25


def test_ten_layers_leave_at_best_less_than_a_millionth():
    assert Fraction(1, 4) ** 10 == Fraction(1, 1_048_576)
    state = put(sigmoid.start(), z=0.0, layers=10)
    assert state.product == state.most**10 == 1 / 1_048_576
    assert "<mn>1\u2009048\u2009576</mn>" in sigmoid.formula(state)
    assert "Through 10 layers with this slope 9.54 · 10⁻⁷ of a change is left" in sigmoid.describe(state)


@given(STATES)
def test_bar_tangent_and_number_are_the_slope_and_so_are_differences(values):
    state = put(sigmoid.start(), **values)
    inside = state.weight * state.z
    slope = float(sigmoid.readouts(state)["slope"][1])
    assert slope == pytest.approx(state.weight / (2.0 + 2.0 * math.cosh(inside)), rel=1e-4)
    found, error = numeric_derivative(lambda z: SIGMOID.value(state.weight * z), state.z)
    assert abs(found - slope) <= error + 1e-12
    bar = marks(state, "slope", Lines, "act")[0].paths[0]
    np.testing.assert_array_equal(bar, [[state.z, 0.0], [state.z, slope]])
    tangent = marks(state, "curve", Lines, "act")[0].paths[0]
    assert np.diff(tangent[:, 1])[0] / np.diff(tangent[:, 0])[0] == pytest.approx(slope, rel=1e-6, abs=1e-9)
    np.testing.assert_allclose(
        tangent[0] + (state.z - tangent[0, 0]) * np.array([1.0, slope]), [state.z, state.tangent.y]
    )


@given(STATES)
def test_the_product_is_as_many_slopes_as_layers_and_never_more_than_the_most(values):
    state = put(sigmoid.start(), **values)
    product = float(sigmoid.readouts(state)["product"][1])
    assert product == pytest.approx(math.prod([state.tangent.slope] * state.layers))
    assert 0.0 < product <= (state.weight / 4.0) ** state.layers
    bar = marks(state, "chain", Regions, "act")[0].outlines[0]
    assert bar[:, 1].max() == pytest.approx(math.log10(product))
    assert len(marks(state, "chain", Regions, "soft")[0].outlines) == state.layers - 1


@given(st.floats(0.5, 8.0))
def test_a_heavier_weight_brings_the_step_back(weight):
    z = np.array([-3.0, -1.0, 1.0, 3.0])
    off = np.abs(SIGMOID.value(weight * z) - np.heaviside(z, 1.0))
    heavier = np.abs(SIGMOID.value(2.0 * weight * z) - np.heaviside(z, 1.0))
    assert (heavier < off).all()


@given(STATES)
def test_every_state_is_drawn_in_the_picture_told_and_read_with_finite_numbers(values):
    state = put(sigmoid.start(), **values)
    for name, view in sigmoid.scene(state).items():
        for mark in view.marks:
            outlines = getattr(mark, "outlines", ())
            for part in (*getattr(mark, "paths", ()), *outlines, *([mark.at] if hasattr(mark, "at") else [])):
                assert np.isfinite(part).all(), name
                assert (part >= np.array([view.x.low, view.y.low]) - 1e-9).all(), name
                assert (part <= np.array([view.x.high, view.y.high]) + 1e-9).all(), name
        assert 2 <= len(view.y.ticks) <= 10, name
    for text in (sigmoid.describe(state), sigmoid.formula(state), *map(str, sigmoid.readouts(state).values())):
        assert not re.search(r"\b(nan|inf)\b|None|[{}]", text)


@given(STATES, st.floats(-4, 4))
def test_a_drag_does_what_the_slider_does_and_the_handle_stays_on_the_curve(values, x):
    state = sigmoid.dragged(put(sigmoid.start(), **values), "x", x, 0.3)
    assert state == put(put(sigmoid.start(), **values), z=round(min(max(x, -3.0), 3.0), 1) + 0.0)
    handle = next(mark for mark in sigmoid.scene(state)["curve"].marks if isinstance(mark, Handles))
    np.testing.assert_allclose(handle.at, [[state.z, SIGMOID.value(state.weight * state.z)]])


@given(STATES)
def test_a_link_brings_the_same_place_weight_layers_and_guess(values):
    state = put(sigmoid.start(), **values)
    read, refused = read_link(write_link(state, sigmoid.start(), sigmoid.CONTROLS), sigmoid.CONTROLS)
    again = sigmoid.changed(with_values(sigmoid.start(), read), sigmoid.start())
    assert refused == []
    assert all(getattr(again, name) == getattr(state, name) for name in values)


def test_a_bad_number_of_layers_in_a_link_is_refused_by_name():
    _, refused = read_link("layers=2.5&weight=9", sigmoid.CONTROLS)
    assert refused[0] == "layers: “2.5” is not allowed here. Allowed: a whole number from 1 to 10. The default is used."
    assert refused[1].startswith("weight: “9” is not allowed here. Allowed: a number from 0.5 to 8.")


def test_the_answer_to_the_guess_is_nowhere_before_the_steepest_place_was_found():
    state = put(sigmoid.start(), z=0.3, layers=10, guess="0.5")
    assert not marks(state, "slope", Lines, "ink")
    assert not marks(state, "chain", Lines, "ink")
    assert "1/4" not in sigmoid.describe(state) + sigmoid.formula(state) + str(sigmoid.readouts(state))
    assert "at most" not in sigmoid.formula(state)
    assert sigmoid.scene(state)["slope"].y.high >= 1.0


@pytest.mark.parametrize(("guess", "verdict"), [("0.25", "1/4: right."), ("0.5", "1/2: not"), ("1.0", "1: not")])
def test_the_steepest_place_is_found_from_the_words_alone_and_the_guess_is_judged(guess, verdict):
    state = put(sigmoid.start(), guess=guess)
    while "go to the" in (told := sigmoid.describe(state)):
        state = put(state, z=round(state.z + (0.1 if "right" in told else -0.1), 1))
    assert state.z == 0.0
    assert sigmoid.readouts(state)["solved"] == ("✓ Steepest at z = 0: 1/4", "true")
    assert f"You guessed {verdict}" in sigmoid.describe(state)
    assert marks(state, "slope", Lines, "ink")
    assert sigmoid.readouts(put(state, z=2.0))["solved"][1] == "true"


def test_the_words_tell_what_a_change_did():
    told = sigmoid.describe(put(sigmoid.start(), z=1.4))
    assert told.startswith("z went from 1.5 to 1.4, and the slope rose from 0.149. At z = 1.4")
    assert sigmoid.describe(put(sigmoid.start(), layers=4)).startswith("n went from 3 to 4. ")
    assert "the slope stayed" in sigmoid.describe(put(put(sigmoid.start(), z=1.0), z=-1.0))


@pytest.mark.parametrize(("view", "x", "term"), [
    ("curve", 1.7, "slope"), ("slope", 1.2, "slope"), ("curve", -1.0, ""), ("chain", 3.2, "product"),
    ("chain", 1.0, ""), ("curve", None, ""),
])  # fmt: skip
def test_pointing_lights_the_slope_at_z_and_the_product_at_its_bar(view, x, term):
    lit = sigmoid.hovered(replace(sigmoid.start(), term="x"), view, x, 0.1)
    assert lit.term == term
    assert not term or f'data-term="{term}"' in sigmoid.formula(lit)


def test_each_term_of_the_formula_lights_something_in_a_picture():
    plain = {name: repr(view.marks) for name, view in sigmoid.scene(sigmoid.start()).items()}
    terms = set(re.findall(r'data-term="(\w+)"', sigmoid.formula(sigmoid.start())))
    assert terms == {"x", "slope", "product"}
    for term in terms:
        lit = sigmoid.scene(replace(sigmoid.start(), term=term))
        assert {name: repr(view.marks) for name, view in lit.items()} != plain


@given(st.floats(1e-95, 1e4))
def test_a_small_number_is_written_to_three_digits(value):
    text = scientific(value)
    digits, _, power = text.partition(" · 10")
    power = int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 1) if " · " in text else 0
    assert float(digits) * 10.0**power == pytest.approx(value, rel=0.0051)


@given(STATES)
def test_the_formulas_factors_multiply_to_the_slope(values):
    state = put(sigmoid.start(), **values)
    text = re.sub(r"<[^>]+>", "", sigmoid.formula(state)).replace(" · 10", "e").split(" ")
    *_, factors, slope = next(part for part in text if part.startswith("wσ′=")).split("=")
    read = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    product = math.prod(float(factor.translate(read)) for factor in factors.split("·"))
    assert product == pytest.approx(float(slope.translate(read)), rel=0.03)
