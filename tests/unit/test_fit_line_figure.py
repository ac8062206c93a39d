"""The figure `fit-line`, with no browser: the loss it tells, the moves it counts, and the challenge by text alone."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import fit_line
from figures.controls import read_link, with_values, write_link
from scene.marks import Handles, Labels, Lines, Points
from scene.placement import Placement

STATES = st.fixed_dictionaries(
    {
        "w": st.integers(-20, 20).map(lambda n: n / 10),
        "b": st.integers(-10, 10).map(lambda n: n / 10),
        "seed": st.integers(0, 999),
        "challenge": st.booleans(),
        "guess": st.sampled_from(["", "5", "15", "50"]),
        "term": st.sampled_from(["", "w", "b", "e1", "e4"]),
    }
)


def put(state, **values):
    for name, value in values.items():
        state = fit_line.changed(replace(state, **{name: value}), state)
    return state


def drawn_numbers(state):
    for view in fit_line.scene(state).values():
        yield from (view.x.low, view.x.high, view.y.low, view.y.high)
        for mark in view.marks:
            for part in (*getattr(mark, "paths", ()), *([mark.at] if hasattr(mark, "at") else [])):
                yield from np.ravel(part)


@given(STATES)
def test_every_state_can_be_drawn_described_and_read_with_finite_numbers(values):
    state = put(fit_line.start(), **values)
    assert set(fit_line.scene(state)) == set(fit_line.SIZES)
    assert np.isfinite(list(drawn_numbers(state))).all()
    for text in (fit_line.describe(state), fit_line.formula(state), *map(str, fit_line.readouts(state).values())):
        assert text
        assert not re.search(r"\b(nan|inf)\b|None", text)


@given(STATES)
def test_the_loss_is_the_mean_of_the_squared_vertical_errors(values):
    state = put(fit_line.start(), **values)
    w, b = fit_line.target(state.seed)
    squares = [((state.w * x + state.b) - (w * x + b)) ** 2 for x in fit_line.X]
    assert float(fit_line.readouts(state)["loss"][1]) == pytest.approx(sum(squares) / 4, abs=1e-12)


@given(STATES)
def test_a_link_gives_the_same_line_target_and_guess_again(values):
    state = put(fit_line.start(), **values)
    read, refused = read_link(write_link(state, fit_line.start(), fit_line.CONTROLS), fit_line.CONTROLS)
    again = fit_line.changed(with_values(fit_line.start(), read), fit_line.start())
    assert refused == []
    for name in ("w", "b", "seed", "challenge", "guess"):
        assert getattr(again, name) == getattr(state, name)


@given(STATES, st.sampled_from("wb"), st.floats(-5, 5))
def test_a_drag_has_the_same_effect_as_its_slider(values, handle, height):
    state = put(fit_line.start(), **values)
    goal = height if handle == "b" else (height - state.b) / fit_line.W_HANDLE
    most = 1.0 if handle == "b" else 2.0
    value = round(min(max(goal, -most), most), 1) + 0.0
    assert fit_line.dragged(state, handle, 0.3, height) == put(state, **{handle: value})


def test_no_setting_of_the_sliders_has_just_the_loss_of_the_tolerance():
    w, b = np.meshgrid(np.arange(-41, 42) / 10, np.arange(-21, 22) / 10)
    losses = np.mean((w[..., None] * fit_line.X + b[..., None]) ** 2, axis=-1)
    assert np.abs(losses - fit_line.SOLVED_BELOW).min() > 1e-3


def test_every_seed_has_a_target_on_the_sliders_that_is_not_solved_at_the_start():
    for seed in range(1000):
        state = put(fit_line.start(), seed=seed)
        w, b = fit_line.target(seed)
        assert abs(w) <= 2.0 >= 2 * abs(b)
        assert fit_line.readouts(state)["solved"][1] == "false"
        assert state.moves == 0


def test_it_is_solved_under_the_tolerance_and_says_at_which_move():
    start = fit_line.start()
    w, b = fit_line.target(start.seed)
    state = put(start, w=w, b=b)
    assert fit_line.readouts(state)["solved"] == ("✓ Solved at move 2", "true")
    assert "Solved: under 0.02 at move 2." in fit_line.describe(state)
    away = put(state, b=0.9)
    assert fit_line.readouts(away)["solved"][1] == "false"
    assert fit_line.readouts(put(away, b=b))["solved"][0] == "✓ Solved at move 2"


def test_each_change_of_w_or_b_is_a_move_and_its_loss_is_traced():
    state = put(fit_line.start(), w=0.5, b=-0.1)
    state = put(state, guess="5", b=-0.1)
    assert fit_line.readouts(state)["moves"] == ("move 2", "2")
    assert len(state.tried) == 3
    trace = [mark for mark in fit_line.scene(state)["trace"].marks if isinstance(mark, Points)][-1]
    np.testing.assert_allclose(trace.at, [[2.0, state.tried[-1]]])


def test_a_new_target_or_the_challenge_starts_the_count_anew():
    state = put(fit_line.start(), w=1.0, b=0.3)
    for fresh in (fit_line.pressed(state, "new"), put(state, challenge=True)):
        assert (fresh.w, fresh.b, fresh.moves) == (*fit_line.OPENING, 0)
    assert fit_line.pressed(state, "new").seed == state.seed + 1


def test_the_challenge_hides_the_target_in_picture_formula_and_words_until_it_is_solved():
    hidden = put(fit_line.start(), challenge=True)
    w, b = fit_line.target(hidden.seed)

    def tells(state):
        dashed = [m for m in fit_line.scene(state)["fit"].marks if isinstance(m, Lines) and m.colour == "ink"]
        return [bool(dashed), "e1" in fit_line.formula(state), "the target has" in fit_line.describe(state)]

    assert tells(hidden) == [False] * 3
    assert fit_line.hovered(hidden, "fit", 0.9, -1.8).term == ""
    assert tells(put(hidden, challenge=False)) == [True] * 3
    assert tells(put(hidden, w=w, b=b)) == [True] * 3


@pytest.mark.parametrize("seed", [0, 3, 17, 400, 999])
def test_the_challenge_can_be_solved_from_its_description_alone(seed):
    state = put(fit_line.start(), seed=seed, challenge=True)
    for name, most in (("w", 2.0), ("b", 1.0)):
        direction, turned = 0.1, 0
        while turned < 3 and "Solved" not in fit_line.describe(state):
            value = round(getattr(state, name) + direction, 1)
            if abs(value) <= most:
                state = put(state, **{name: value})
            if abs(value) > most or ", worse than" in fit_line.describe(state):
                direction, turned = -direction, turned + 1
    assert "Solved" in fit_line.describe(state)


def test_the_handles_stand_on_the_line():
    state = put(fit_line.start(), w=-1.3, b=0.4)
    handles = next(mark for mark in fit_line.scene(state)["fit"].marks if isinstance(mark, Handles))
    np.testing.assert_allclose(handles.at[:, 1], state.w * handles.at[:, 0] + state.b)


def test_pointing_at_an_error_lights_its_term_and_leaving_puts_it_out():
    state = fit_line.start()
    lit = fit_line.hovered(state, "fit", 0.88, -0.8)
    assert lit.term == "e4"
    assert 'data-term="e4"' in fit_line.formula(lit)
    assert fit_line.hovered(lit, "fit", None, None).term == ""
    assert fit_line.hovered(state, "fit", 0.02, 0.1).term == "b"


def test_the_guess_is_judged_when_it_is_solved():
    w, b = fit_line.target(3)
    assert "You guessed 50: it took fewer." in fit_line.describe(put(fit_line.start(), guess="50", w=w, b=b))


@given(STATES)
def test_the_target_s_name_covers_neither_line_nor_a_letter_and_stays_in_the_picture(values):
    state = put(fit_line.start(), **{**values, "challenge": False, "term": ""})
    view = fit_line.scene(state)["fit"]
    place, half = Placement(view, 288, 288), np.array([18.0, 5.5])
    labels = {mark.texts: place(mark.at) + mark.offset for mark in view.marks if isinstance(mark, Labels)}
    (middle,) = labels["target",]
    x = np.linspace(-1.2, 1.2, 101)
    lines = [place(np.column_stack([x, w * x + b])) for w, b in (fit_line.target(state.seed), (state.w, state.b))]
    gaps = np.abs(np.concatenate([labels["b", "w"], *lines]) - middle) - half
    assert gaps.max(axis=1).min() > 0.0
    assert (middle - half).min() >= 0.0
    assert (middle + half).max() <= 288
