"""The figure `step-function`, with no browser: its slopes are 0 or grow without end, and words tell which."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import step_function
from figures.controls import read_link, with_values, write_link
from scene.jump import SHRINKING, quotient, quotients
from scene.marks import Handles, Lines, Points
from unfold.activations import STEP

STATES = st.fixed_dictionaries(
    {
        "z": st.integers(-20, 20).map(lambda n: n / 10),
        "nudge": st.integers(1, 15).map(lambda n: n / 10),
        "guess": st.sampled_from(["", *step_function.GUESSES]),
    }
)


def put(state, **values):
    for name, value in values.items():
        state = step_function.changed(replace(state, **{name: value}), state)
    return state


def marks(state, view, kind, colour):
    return [mark for mark in step_function.scene(state)[view].marks if isinstance(mark, kind) and mark.colour == colour]


@given(STATES)
def test_the_slope_shown_is_that_of_the_nudge_0_beside_the_jump_and_one_over_its_width_across(values):
    state = put(step_function.start(), **values)
    across = -state.nudge <= state.z < state.nudge
    expected = 1.0 / (2.0 * state.nudge) if across else 0.0
    assert float(step_function.readouts(state)["slope"][1]) == expected
    ends = marks(state, "step", Lines, "act")[0].paths[0]
    np.testing.assert_array_equal(ends[:, 0], [state.z - state.nudge, state.z + state.nudge])
    np.testing.assert_array_equal(ends[:, 1], STEP.value(ends[:, 0]))
    np.testing.assert_allclose((ends[1, 1] - ends[0, 1]) / (ends[1, 0] - ends[0, 0]), expected, rtol=1e-12)
    bar = marks(state, "quotient", Lines, "act")[0].paths[0]
    np.testing.assert_array_equal(bar, [[state.z, 0.0], [state.z, expected]])


@given(st.floats(-3.0, 3.0).filter(lambda z: abs(z) > 1e-6))
def test_beside_the_jump_a_small_enough_nudge_changes_nothing(z):
    assert quotient(z, abs(z) / 2) == 0.0


@pytest.mark.parametrize("nudge", [1.0, 0.1, 1e-3, 1e-6, 1e-9])
def test_at_the_jump_the_slope_of_the_nudge_grows_without_end(nudge):
    assert quotient(0.0, nudge) == pytest.approx(0.5 / nudge)


@given(st.floats(0.01, 1.5))
def test_the_box_of_slopes_keeps_an_area_of_1_while_it_narrows(nudge):
    box = quotients(nudge)
    assert np.trapezoid(box[:, 1], box[:, 0]) == pytest.approx(1.0)
    for z in np.linspace(-3.0, 3.0, 61) + 0.003:
        inside = -nudge < z < nudge
        assert quotient(float(z), nudge) == pytest.approx(box[2, 1] if inside else 0.0)


def test_the_picture_says_which_end_of_the_jump_belongs_to_the_step():
    points = marks(step_function.start(), "step", Points, "ink")
    np.testing.assert_array_equal(points[0].at, [[0.0, float(STEP.value(np.array(0.0)))]])
    assert STEP.derivative(np.array([-1.0, 2.0]), np.array([0.0, 1.0])).tolist() == [0.0, 0.0]


@given(STATES)
def test_every_state_is_drawn_in_the_picture_told_and_read_with_finite_numbers(values):
    state = put(step_function.start(), **values)
    for name, view in step_function.scene(state).items():
        for mark in view.marks:
            for part in (*getattr(mark, "paths", ()), *([mark.at] if hasattr(mark, "at") else [])):
                assert np.isfinite(part).all(), name
                assert (part[:, 0] >= view.x.low).all(), name
                assert (part[:, 0] <= view.x.high).all(), name
                assert (part[:, 1] >= view.y.low).all(), name
                assert (part[:, 1] <= view.y.high).all(), name
    shown = (step_function.describe(state), step_function.formula(state), str(step_function.readouts(state)))
    assert not any(re.search(r"\b(nan|inf)\b|None|[{}]", text) for text in shown[:2])


@given(STATES, st.floats(-4, 4))
def test_drags_do_what_the_sliders_do(values, x):
    state = put(step_function.start(), **values)
    z = round(min(max(x, -2.0), 2.0), 1) + 0.0
    assert step_function.dragged(state, "z", x, 0.3) == put(state, z=z)
    nudge = round(min(max(abs(x - state.z), 0.1), 1.5), 1)
    assert step_function.dragged(state, "nudge", x, 0.3) == put(state, nudge=nudge)


@given(STATES)
def test_both_handles_stand_in_the_picture_and_apart(values):
    state = put(step_function.start(), **values)
    rod, held = (mark.at[0] for mark in step_function.scene(state)["step"].marks if isinstance(mark, Handles))
    assert abs(rod[1] - held[1]) >= 0.25
    assert abs(rod[0] - state.z) == pytest.approx(state.nudge)
    assert abs(rod[0]) <= 2.0


@given(STATES)
def test_a_link_brings_the_same_place_nudge_and_guess(values):
    state = put(step_function.start(), **values)
    read, refused = read_link(write_link(state, step_function.start(), step_function.CONTROLS), step_function.CONTROLS)
    again = step_function.changed(with_values(step_function.start(), read), step_function.start())
    assert refused == []
    assert (again.z, again.nudge, again.guess) == (state.z, state.nudge, state.guess)


def test_a_bad_nudge_in_a_link_is_refused_by_name():
    _, refused = read_link("nudge=0", step_function.CONTROLS)
    assert refused == ["nudge: “0” is not allowed here. Allowed: a number from 0.1 to 1.5. The default is used."]


def test_it_opens_where_a_wide_nudge_seems_to_find_a_slope_and_is_solved_from_its_words_alone():
    state = step_function.start()
    assert "it seems a slope of 0.42" in step_function.describe(state)
    assert "A nudge below 0.8 misses the jump." in step_function.describe(state)
    assert step_function.readouts(state)["solved"][1] == "false"
    state = put(state, nudge=0.7)
    assert "h went from 1.2 to 0.7, and the slope went from 0.42 to 0.00." in step_function.describe(state)
    assert "The slope is 0: it says neither up nor down." in step_function.describe(state)
    assert "Still to try: z = 0 with a nudge of 0.2 or less." in step_function.describe(state)
    state = put(state, z=0.0, nudge=0.2)
    assert "grows without end" in step_function.describe(state)
    assert step_function.readouts(state)["solved"] == ("✓ A slope of 0, or none", "true")
    assert step_function.readouts(put(state, z=1.0))["solved"][1] == "true"


@pytest.mark.parametrize(("guess", "verdict"), [("0", "right"), ("0.42", "not this time"), ("more", "not this time")])
def test_the_guess_is_judged_once_a_small_nudge_was_seen(guess, verdict):
    state = put(step_function.start(), guess=guess)
    assert "You guessed" not in step_function.describe(state)
    told = step_function.describe(put(state, nudge=0.3))
    assert f"You guessed {step_function.GUESSES[guess]} at z = −0.8: {verdict}, it is 0." in told


@given(STATES)
def test_the_table_has_the_quotient_for_each_shrinking_nudge(values):
    state = put(step_function.start(), **values)
    cells = re.findall(r"<td>(.*?)</td>", step_function.formula(state))
    assert [float(cell) for cell in cells] == [quotient(state.z, h) for h in SHRINKING]


@pytest.mark.parametrize(("view", "x", "term"), [
    ("step", -0.8, "slope"), ("step", 0.2, "nudge"), ("step", 2.5, ""), ("quotient", -0.7, "slope"),
    ("quotient", 0.2, ""), ("step", None, ""),
])  # fmt: skip
def test_pointing_lights_the_slope_at_z_and_the_nudge_around_it(view, x, term):
    lit = step_function.hovered(replace(step_function.start(), term="z"), view, x, 0.1)
    assert lit.term == term
    assert not term or f'data-term="{term}"' in step_function.formula(lit)


def test_each_term_of_the_formula_lights_something_in_the_picture():
    plain = step_function.scene(step_function.start())["step"]
    for term in set(re.findall(r'data-term="(\w+)"', step_function.formula(step_function.start()))):
        lit = step_function.scene(replace(step_function.start(), term=term))["step"]
        assert [repr(mark) for mark in lit.marks] != [repr(mark) for mark in plain.marks], term
