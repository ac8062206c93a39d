"""The figure `gate`, with no browser: the perceptron rule at work, its line, and what is said of it."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import gate
from figures.controls import Button, read_link, with_values, write_link
from scene.four_points import MIDDLE
from scene.held_line import grips, turned
from scene.marks import Arrows, Handles, Labels, Lines, Points, Regions
from unfold.datasets import gate as gate_rows
from unfold.perceptron import Perceptron, learn

tenths = st.integers(-40, 40).map(lambda k: k / 10)
names = st.sampled_from(["and", "or", "nand", "xor"])
terms = st.sampled_from(["", "w1", "w2", "b", "00", "01", "10", "11"])


def with_settings(**values):
    return gate.changed(replace(gate.start(), **values), gate.start())


def stepped(state, times):
    for _ in range(times):
        state = gate.pressed(state, "step")
    return state


def played(state, seconds, slice_=0.02):
    state = gate.changed(replace(state, play=True), state)
    for _ in range(round(seconds / slice_)):
        if gate.running(state):
            state = gate.advance(state, slice_, 0.008, lambda: 0.0)
    return state


states = st.builds(
    lambda name, w1, w2, b, steps, term: replace(
        stepped(with_settings(gate=name, w1=w1, w2=w2, b=b), steps), term=term
    ),
    names, tenths, tenths, tenths, st.integers(0, 70), terms,
)  # fmt: skip


def all_numbers(view):
    for mark in view.marks:
        for part in vars(mark).values():
            for array in part if isinstance(part, tuple) else (part,):
                if isinstance(array, np.ndarray):
                    yield from array.ravel()


@given(states)
def test_every_state_is_drawn_told_and_written_with_finite_numbers(state):
    view = gate.scene(state)["plane"]
    assert np.isfinite(list(all_numbers(view))).all()
    text = gate.describe(state) + gate.formula(state) + "".join(map(str, gate.readouts(state).values()))
    assert not re.search(r"\bnan\b|\binf\b|None|−0\.0\b|-\d", text)
    for name in ("00", "01", "10", "11", "w1", "w2", "b"):
        assert f'data-term="{name}"' in gate.formula(state)
    hovered = gate.hovered(state, "plane", 0.3, 0.4)
    assert np.isfinite(list(all_numbers(gate.scene(hovered)["plane"]))).all()


@given(st.sampled_from(["and", "or", "nand"]), tenths, tenths, tenths)
def test_and_or_and_nand_are_learnt_from_any_start(name, w1, w2, b):
    state = with_settings(gate=name, w1=w1, w2=w2, b=b)
    for _ in range(200):
        state = gate.pressed(state, "step")
    assert state.learnt
    assert state.taken <= 60
    assert gate.readouts(state)["solved"] == (f"✓ It answers as {name.upper()} does", "true")
    assert gate.describe(state).endswith("it has learnt.")
    assert gate.pressed(state, "step") == state


@given(tenths, tenths, tenths)
def test_xor_goes_round_for_ever_and_the_figure_says_after_how_many_steps(w1, w2, b):
    state = with_settings(gate="xor", w1=w1, w2=w2, b=b)
    while not state.round:
        assert gate.readouts(state)["solved"][1] == "false"
        assert "for ever" not in gate.describe(state)
        state = gate.pressed(state, "step")
    assert f"The same weights again after {state.round} steps: it goes round for ever." in gate.describe(state)
    lap = stepped(state, state.round)
    assert (lap.now, lap.last.sample.tolist()) == (state.now, state.last.sample.tolist())
    assert any(stepped(state, k).last.error for k in range(state.round))
    assert gate.readouts(lap)["solved"][1] == "false"
    assert any(mark.colour == "soft" for mark in gate.scene(state)["plane"].marks if isinstance(mark, Lines))


@given(names, tenths, tenths, tenths)
def test_each_step_is_one_step_of_the_perceptron_rule(name, w1, w2, b):
    state, (X, Y) = with_settings(gate=name, w1=w1, w2=w2, b=b), gate_rows(name)
    one = Perceptron(np.array([round(10 * w1), round(10 * w2)], float), float(round(10 * b)))
    for k in range(60):
        if state.learnt:
            break
        state = gate.pressed(state, "step")
        one, update = learn(one, X[k % 4], float(Y[k % 4, 0]), 10.0)
        assert state.now == (*one.w, one.b)
        assert (state.last.error, state.last.sample.tolist()) == (update.error, X[k % 4].tolist())
        for name_, value in (("w1", one.w[0]), ("w2", one.w[1]), ("b", one.b)):
            assert getattr(state, name_) == pytest.approx(np.clip(value / 10, -4.0, 4.0))


def test_learn_makes_its_first_step_at_once_then_one_every_six_tenths_of_a_second():
    state = gate.start()
    assert [played(state, seconds).taken for seconds in (0.02, 0.5, 0.7, 1.9)] == [1, 1, 2, 4]
    assert played(state, 1.9, 0.1).taken == 4


def test_learning_ends_by_itself_when_all_is_learnt_and_goes_on_no_more():
    state = played(gate.start(), 30.0)
    assert state.learnt
    assert not state.play
    assert not gate.changed(replace(state, play=True), state).play


def test_learning_xor_pauses_once_it_has_come_round_and_each_further_learn_is_one_lap():
    state = played(with_settings(gate="xor"), 60.0)
    assert state.round
    assert not state.play
    again = played(state, 60.0)
    assert again.taken == state.taken + state.round
    assert again.now == state.now


def test_rewind_goes_back_to_where_learning_began_and_the_same_steps_come_again():
    first = stepped(gate.start(), 5)
    back = gate.pressed(first, "rewind")
    assert (back.w1, back.w2, back.b, back.taken) == (-1.0, 1.5, 0.5, 0)
    assert stepped(back, 5).now == first.now


def test_a_slider_or_another_gate_begins_anew_from_the_weights_at_hand():
    state = stepped(gate.start(), 5)
    for change in ({"w1": 2.0}, {"gate": "or"}):
        new = gate.changed(replace(state, **change), state)
        assert new.taken == 0
        assert new.now[1:] == state.now[1:]
    assert gate.changed(replace(state, w1=2.0), state).now[0] == 20


def test_weights_past_a_sliders_end_are_kept_and_the_slider_stays_at_its_end():
    state = stepped(with_settings(gate="or", w1=-4.0, w2=-4.0, b=4.0), 4)
    assert state.now[2] == 50
    assert state.b == 4.0
    assert "b is 5.0" in gate.describe(state)


def test_a_sum_of_exactly_zero_answers_one_whatever_floats_make_of_it():
    state = with_settings(w1=-0.1, w2=-0.2, b=0.3)
    assert np.dot([-0.1, -0.2], [1.0, 1.0]) + 0.3 < 0.0
    assert "11 gives 1" in gate.describe(state)


def test_the_update_is_written_with_its_numbers():
    state = gate.pressed(gate.start(), "step")
    numbers = re.sub(r"<table.*|<[^>]+>", "", gate.formula(state))
    assert "w←w+(target−answer)x=(−1.0,1.5)+(0−1)(0,0)=(−1.0,1.5)" in numbers
    assert "b←0.5+(0−1)=−0.5" in numbers
    assert "Step 1: 00 gave 1, so its inputs were taken off" in gate.describe(state)


@given(states)
def test_the_picture_shows_what_the_weights_answer(state):
    view = gate.scene(state)["plane"]
    now = np.array(state.now, float)
    X, Y = gate_rows(state.gate)
    right = int(np.sum((X @ now[:2] + now[2] >= 0) == (Y[:, 0] > 0.5)))
    assert gate.readouts(state)["correct"] == (f"{right} of 4 right", str(right))
    assert f"{right} of 4 right" in gate.describe(state)
    rings = [mark for mark in view.marks if isinstance(mark, Points) and mark.stroke == "ink"]
    assert sum(len(mark.at) for mark in rings) == 4 - right
    for mark in view.marks:
        if isinstance(mark, Regions):
            sums = mark.outlines[0] @ now[:2] + now[2]
            assert ((sums > -1e-9) if mark.colour == "one-fill" else (sums < 1e-9)).all()
        if isinstance(mark, Lines) and mark.colour in ("ink", "act"):
            np.testing.assert_allclose(mark.paths[0] @ now[:2] + now[2], 0.0, atol=1e-9)
        if isinstance(mark, Labels) and mark.texts[0].startswith("answers"):
            assert mark.texts[0] == f"answers {int(mark.at[0] @ now[:2] + now[2] >= 0)}"
        if isinstance(mark, Arrows) and mark.colour == "ink":
            np.testing.assert_allclose((mark.tips - mark.tails)[0], gate.ARROW * now[:2] / 10)


places = st.floats(-2.0, 3.0)


@given(states, st.sampled_from(["shift", "turn"]), places, places)
def test_a_drag_does_what_its_sliders_do(state, handle, x, y):
    new = gate.dragged(state, handle, x, y)
    for name in ("w1", "w2", "b"):
        value = getattr(new, name)
        assert -4.0 <= value <= 4.0
        assert value == round(value, 1)
    if handle == "shift":
        assert (new.w1, new.w2) == (state.w1, state.w2)
    by_slider = gate.changed(replace(state, w1=new.w1, w2=new.w2, b=new.b), state)
    assert replace(new, held=None) == replace(by_slider, held=None)


def test_a_shifted_line_goes_through_the_pointer_and_a_turned_one_too():
    state = with_settings(w1=2.0, w2=2.0, b=-3.0)
    shifted = gate.dragged(state, "shift", 0.4, 0.45)
    assert shifted.b == pytest.approx(-1.7)
    turned_ = gate.dragged(state, "turn", 0.9, 1.2)
    assert abs(turned_.w1 * 0.9 + turned_.w2 * 1.2 + turned_.b) / math.hypot(turned_.w1, turned_.w2) < 0.05


def test_turning_in_small_moves_and_back_leaves_the_line_where_it_was():
    state = start = gate.dragged(with_settings(w1=2.0, w2=2.0, b=-3.0), "turn", 0.25, 1.25)
    for k in [*range(60), *reversed(range(60))]:
        state = gate.dragged(state, "turn", 0.25 - 0.01 * k, 1.25 - 0.005 * k)
    assert (state.w1, state.w2, state.b) == (start.w1, start.w2, start.b)


@given(states)
def test_a_link_to_a_state_leads_to_its_settings(state):
    values, refused = read_link(write_link(state, gate.start(), gate.CONTROLS), gate.CONTROLS)
    assert refused == []
    back = gate.changed(with_values(gate.start(), values), gate.start())
    assert all(getattr(back, name) == getattr(state, name) for name in ("gate", "w1", "w2", "b", "play"))


def test_pointing_lights_the_same_term_in_picture_and_formula():
    state = with_settings(w1=2.0, w2=2.0, b=-1.0)
    assert gate.hovered(state, "plane", 1.02, 0.97).term == "11"
    assert gate.hovered(state, "plane", -0.2, 0.7).term == "b"
    assert gate.hovered(state, "plane", 0.45, 0.25).term == "w1"
    assert gate.hovered(state, "plane", 0.5, 0.4).term == "w2"
    assert gate.hovered(replace(state, term="b"), "plane", None, None).term == ""
    assert gate.hovered(state, "plane", 1.4, 1.4) is state
    for term in ("w1", "w2", "b", "11"):
        colours = [
            getattr(mark, "stroke", mark.colour)
            for mark in gate.scene(replace(state, term=term))["plane"].marks
            if not isinstance(mark, Handles)
        ]
        assert "act" in colours, term


@given(st.floats(0.0, 6.28), st.floats(-1.4, 1.4))
def test_handles_stand_on_the_line_inside_the_picture_and_apart(angle, distance):
    normal = np.array([math.cos(angle), math.sin(angle)])
    at = grips(normal, -distance - normal @ MIDDLE, gate.LOW, gate.HIGH, gate.ROWS)
    assert ((at > gate.LOW) & (at < gate.HIGH)).all()
    if len(at) == 2:
        np.testing.assert_allclose(at @ normal - normal @ MIDDLE, distance, atol=1e-9)
        assert np.linalg.norm(at[0] - at[1]) > 0.19


@given(st.floats(-3.1, 3.1), st.floats(-1.0, 1.0), places, places)
def test_a_turned_line_goes_through_the_place_or_as_near_as_it_can(angle, distance, x, y):
    new = turned(angle, distance, x, y)
    gap = abs(math.cos(new) * x + math.sin(new) * y - distance)
    away = math.hypot(x, y)
    assert gap <= max(abs(distance) - away, 0.0) + 1e-6 or away < 1e-6


def test_what_the_page_needs_is_declared():
    assert set(gate.SIZES) == {name for name, *_ in gate.VIEWS} == set(gate.scene(gate.start()))
    placed = [name for group in gate.LAYOUT["groups"] for name in group] + list(gate.LAYOUT["controls"])
    assert sorted(placed) == sorted(control.name for control in gate.CONTROLS)
    assert {control.name for control in gate.CONTROLS if isinstance(control, Button)} == {"step", "rewind"}
    assert gate.readouts(gate.start())["correct"][0] == "2 of 4 right"


@given(st.floats(-3.1, 3.1), st.floats(-1.0, 1.0), st.sampled_from([-0.6, 0.6]), st.floats(-0.05, 0.05))
def test_a_line_taken_by_either_end_turns_a_little_for_a_little_and_never_jumps(angle, distance, along, push):
    n = np.array([math.cos(angle), math.sin(angle)])
    place = (distance + push) * n + along * np.array([-n[1], n[0]])
    new = turned(angle, distance, *place.tolist())
    assert abs(math.remainder(new - angle, 2 * math.pi)) < 0.1
