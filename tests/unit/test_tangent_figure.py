"""The figure `tangent`, with no browser: the slope is the derivative, and the derivative grows where one has been."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import tangent
from figures.controls import read_link, with_values, write_link
from scene.labelling import WIDTH_OF_LETTER
from scene.marks import Handles, Labels, Lines, Points
from scene.placement import Placement
from scene.tangents import triangle
from unfold.calculus import CURVES, numeric_derivative

STATES = st.fixed_dictionaries(
    {
        "curve": st.sampled_from(list(CURVES)),
        "x": st.integers(-30, 30).map(lambda n: n / 10),
        "reveal": st.booleans(),
        "guess": st.sampled_from(["", *tangent.SHAPES]),
        "term": st.sampled_from(["", "x", "slope"]),
    }
)


def put(state, **values):
    for name, value in values.items():
        state = tangent.changed(replace(state, **{name: value}), state)
    return state


def walked(state):
    """The state after a walk over the whole of its curve."""
    for x in [*tangent.PLACES[::-1], *tangent.PLACES]:
        state = put(state, x=float(x))
    return state


def drawn(state, view, kind, colour):
    return [mark for mark in tangent.scene(state)[view].marks if isinstance(mark, kind) and mark.colour == colour]


@given(STATES)
def test_every_state_can_be_drawn_described_and_read_with_finite_numbers(values):
    state = put(tangent.start(), **values)
    for view in tangent.scene(state).values():
        for mark in view.marks:
            for part in (*getattr(mark, "paths", ()), *([mark.at] if hasattr(mark, "at") else [])):
                assert np.isfinite(part).all()
    for text in (tangent.describe(state), tangent.formula(state), *map(str, tangent.readouts(state).values())):
        assert text
        assert not re.search(r"\b(nan|inf)\b|None|[{}]", text)


@given(STATES)
def test_the_slope_shown_is_the_analytic_derivative_and_the_numeric_one_within_its_error(values):
    state = put(tangent.start(), **values)
    curve = CURVES[state.curve]
    slope = float(tangent.readouts(state)["slope"][1])
    assert slope == float(curve.derivative(state.x))
    point = drawn(state, "slopes", Points, "act")[0]
    np.testing.assert_array_equal(point.at, [[state.x, slope]])
    corners = triangle(state.tangent, tangent.LOOKS[state.curve].run)
    rise, run = corners[2, 1] - corners[1, 1], corners[1, 0] - corners[0, 0]
    assert rise / run == pytest.approx(slope, abs=1e-12)
    found, error = numeric_derivative(curve.value, state.x)
    assert abs(found - slope) <= error + 1e-15
    assert f"{found:.10f}".replace("-", "−").lstrip("−") in tangent.formula(state)


@given(STATES)
def test_the_point_and_the_tangent_stand_on_the_curve_and_in_the_picture(values):
    state = put(tangent.start(), **values)
    view = tangent.scene(state)["curve"]
    handle = next(mark for mark in view.marks if isinstance(mark, Handles))
    assert handle.at[0, 1] == pytest.approx(CURVES[state.curve].value(state.x))
    for mark in view.marks:
        for path in getattr(mark, "paths", ()):
            assert (path[:, 0] >= view.x.low - 1e-9).all()
            assert (path[:, 0] <= view.x.high + 1e-9).all()
            assert (path[:, 1] >= view.y.low).all()
            assert (path[:, 1] <= view.y.high).all()


@given(STATES)
def test_a_link_gives_the_same_curve_place_and_guess_again(values):
    state = put(tangent.start(), **values)
    read, refused = read_link(write_link(state, tangent.start(), tangent.CONTROLS), tangent.CONTROLS)
    again = tangent.changed(with_values(tangent.start(), read), tangent.start())
    assert refused == []
    for name in ("curve", "x", "reveal", "guess"):
        assert getattr(again, name) == getattr(state, name)


@given(STATES, st.floats(-4, 4))
def test_a_drag_has_the_same_effect_as_the_slider(values, x):
    state = put(tangent.start(), **values)
    by_drag, by_slider = tangent.dragged(state, "x", x, 0.0), put(state, x=round(min(max(x, -3.0), 3.0), 1))
    assert by_drag.x == by_slider.x
    assert abs(by_drag.x) <= tangent.LOOKS[state.curve].reach
    np.testing.assert_array_equal(by_drag.visited, by_slider.visited)


def test_the_derivative_grows_where_the_reader_has_been_and_nowhere_else():
    state = put(tangent.start(), x=1.5)
    np.testing.assert_allclose(tangent.PLACES[state.visited], [1.0, 1.1, 1.2, 1.3, 1.4, 1.5])
    dots = drawn(state, "slopes", Points, "ink")[0]
    np.testing.assert_allclose(dots.at, [[x, 2 * x] for x in (1.0, 1.1, 1.2, 1.3, 1.4, 1.5)])
    leapt = put(state, x=-2.0)
    assert leapt.visited.sum() == 7
    assert len(drawn(leapt, "slopes", Lines, "ink")[0].paths) == 1


@pytest.mark.parametrize("curve", CURVES)
def test_a_walk_over_the_curve_draws_the_whole_derivative(curve):
    state = put(tangent.start(), curve=curve)
    assert tangent.readouts(state)["solved"][1] == "false"
    state = walked(state)
    assert tangent.readouts(state)["solved"] == ("✓ The derivative is drawn", "true")
    assert "The whole derivative is" in tangent.describe(state)
    dots = drawn(state, "slopes", Points, "ink")[0].at
    np.testing.assert_allclose(dots[:, 1], CURVES[curve].derivative(dots[:, 0]))
    assert (dots[0, 0], dots[-1, 0]) == pytest.approx((-tangent.LOOKS[curve].reach, tangent.LOOKS[curve].reach))


def test_the_whole_derivative_shows_faintly_when_asked_for_and_when_all_of_it_was_visited():
    def faint(state):
        return [mark for mark in drawn(state, "slopes", Lines, "soft") if mark.dash]

    state = tangent.start()
    assert not faint(state)
    assert faint(put(state, reveal=True))
    assert faint(walked(state))
    assert tangent.readouts(put(state, reveal=True))["solved"][1] == "false"


def test_another_curve_is_new_ground_and_x_stays_on_it():
    state = put(tangent.start(), x=1.6, guess="line")
    state = put(put(state, x=3.0), curve="cubic")
    assert (state.x, state.visited.sum(), state.guess, state.came_from) == (2.2, 1, "", None)


def test_the_description_tells_where_the_slope_came_from():
    text = tangent.describe(put(tangent.start(), x=1.1))
    assert "at x = 1.1: y is 1.21 and the slope is 2.20; from x = 1.0, where it was 2.00, it rose." in text
    assert "is level here" in tangent.describe(put(tangent.start(), x=0.0))


@pytest.mark.parametrize(("curve", "shape"), [("parabola", "line"), ("cubic", "parabola"), ("sine", "wave")])
def test_the_guess_is_judged_when_the_derivative_shows(curve, shape):
    state = put(tangent.start(), curve=curve, guess=shape)
    assert "You guessed" not in tangent.describe(state)
    assert f"You guessed {tangent.SHAPES[shape]}: right." in tangent.describe(put(state, reveal=True))
    assert "not this time" in tangent.describe(put(state, reveal=True, guess="bump"))


def test_pointing_at_the_point_lights_the_slope_and_leaving_puts_it_out():
    lit = tangent.hovered(tangent.start(), "curve", 1.2, 1.0)
    assert lit.term == "slope"
    assert 'data-term="slope"' in tangent.formula(lit)
    assert tangent.hovered(lit, "curve", None, None).term == ""


@given(STATES)
def test_run_and_rise_are_written_clear_of_the_handle_and_in_the_picture(values):
    state = put(tangent.start(), **values)
    view = tangent.scene(state)["curve"]
    place = Placement(view, 288, 288)
    (handle,) = (place(mark.at)[0] for mark in view.marks if isinstance(mark, Handles))
    for mark in (mark for mark in view.marks if isinstance(mark, Labels)):
        wide = WIDTH_OF_LETTER * mark.size * len(mark.texts[0])
        middle = place(mark.at)[0] + mark.offset + np.array([wide / 2 if mark.align == "left" else 0.0, 0.0])
        half = np.array([wide / 2, 0.45 * mark.size])
        assert (np.abs(handle - middle) - half).max() >= 8.9, mark.texts
        assert (middle - half).min() >= 0.0
        assert (middle + half).max() <= 288
