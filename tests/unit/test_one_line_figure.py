"""The figure `one-line`, with no browser: the score of every line, the most that any gets, and the curve."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import one_line
from figures.controls import read_link, with_values, write_link
from scene.marks import Handles, Lines, Points, Regions

XOR = {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 0}


def with_settings(**values):
    return one_line.changed(replace(one_line.start(), **values), one_line.start())


states = st.builds(
    with_settings,
    angle=st.integers(0, 359),
    offset=st.integers(-100, 200).map(lambda k: k / 100),
    curve=st.booleans(),
    guess=st.sampled_from(["", "2", "3", "4"]),
    term=st.sampled_from(["", "angle", "offset", "00", "01", "10", "11"]),
)


def score(angle, offset):
    """The better of a line's two sides, by the plain formula; a point on the line counts as 1."""
    turn, best = math.radians(angle), 0
    for side in (1, -1):
        sums = {(a, b): round(side * (math.cos(turn) * a + math.sin(turn) * b - offset), 9) for a, b in XOR}
        best = max(best, sum((sums[row] >= 0) == bool(target) for row, target in XOR.items()))
    return best


@given(states)
def test_the_score_is_that_of_the_better_side(state):
    state = replace(state, curve=False)
    found = score(state.angle, state.offset)
    assert one_line.readouts(state)["score"] == (f"line: {found} of 4 right", str(found))
    assert f"gets {found} of 4 right" in one_line.describe(state)


def test_three_of_four_is_the_most_over_all_lines_that_can_be_set():
    assert one_line.best() == 3
    turn = np.radians(np.arange(360))[:, None, None]
    offset = np.round(np.arange(-100, 201) / 100, 2)[None, :, None]
    a, b = one_line.ROWS.T
    sums = np.round(np.cos(turn) * a + np.sin(turn) * b - offset, 9)
    rights = [((side * sums >= 0) == (one_line.TARGETS > 0.5)).sum(axis=2) for side in (1, -1)]
    best = np.maximum(*rights)
    assert (best.min(), best.max()) == (1, 3)


@given(states)
def test_the_badge_says_so_exactly_when_three_are_reached(state):
    words, solved = one_line.readouts(state)["solved"]
    if score(state.angle, state.offset) == 3:
        assert (words, solved) == ("✓ 3 of 4: no line does better", "true")
    else:
        assert words.startswith("Not yet")
        assert solved == "false"


def test_the_curve_gets_all_four_right_and_lies_where_its_formula_is_zero():
    assert (one_line.conic(one_line.ROWS) > 0).tolist() == [False, True, True, False]
    state = with_settings(curve=True)
    view = one_line.scene(state)["plane"]
    curve = next(mark.paths[0] for mark in view.marks if isinstance(mark, Lines) and mark.colour == "ink")
    np.testing.assert_allclose(one_line.conic(curve), 0.0, atol=1e-12)
    assert ((curve > one_line.LOW) & (curve < one_line.HIGH)).all()
    assert one_line.readouts(state)["score"] == ("curve: 4 of 4 right", "4")
    assert "gets 4 of 4 right" in one_line.describe(state)
    assert not any(isinstance(mark, Points) and mark.stroke == "ink" for mark in view.marks)


def test_the_two_sides_of_the_curve_fill_the_square_without_lying_on_one_another():
    def area(outline):
        x, y = outline.T
        return 0.5 * float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))

    regions = [m for m in one_line.scene(with_settings(curve=True))["plane"].marks if isinstance(m, Regions)]
    inside, rest = (area(mark.outlines[0]) for mark in regions)
    assert inside < 0 < rest  # the hole runs the other way round
    assert rest - inside == pytest.approx(4.0)


@given(states)
def test_every_state_is_drawn_told_and_written_with_finite_numbers(state):
    view = one_line.scene(state)["plane"]
    for mark in view.marks:
        for part in vars(mark).values():
            for array in part if isinstance(part, tuple) else (part,):
                assert not isinstance(array, np.ndarray) or np.isfinite(array).all()
    text = one_line.describe(state) + one_line.formula(state)
    assert not re.search(r"\bnan\b|\binf\b|None|−0\.00\b", text)
    shown = 4 if state.curve else score(state.angle, state.offset)
    assert one_line.formula(state).count('class="right"') == shown
    assert one_line.formula(state).count('class="wrong"') == 4 - shown


@given(states)
def test_the_regions_and_the_rings_are_what_the_line_answers(state):
    state = replace(state, curve=False)
    normal, bias = one_line._line(state)
    view = one_line.scene(state)["plane"]
    for mark in view.marks:
        if isinstance(mark, Regions):
            sums = mark.outlines[0] @ normal + bias
            assert ((sums > -1e-9) if mark.colour == "one-fill" else (sums < 1e-9)).all()
    rings = [mark for mark in view.marks if isinstance(mark, Points) and mark.stroke == "ink"]
    assert sum(len(mark.at) for mark in rings) == 4 - score(state.angle, state.offset)


places = st.floats(-2.0, 3.0)


@given(states, st.sampled_from(["shift", "turn"]), places, places)
def test_a_drag_does_what_its_sliders_do(state, handle, x, y):
    new = one_line.dragged(state, handle, x, y)
    assert isinstance(new.angle, int)
    assert 0 <= new.angle <= 359
    assert -1.0 <= new.offset <= 2.0
    assert new.offset == round(new.offset, 2)
    by_slider = one_line.changed(replace(state, angle=new.angle, offset=new.offset), state)
    assert replace(new, distance=None) == by_slider
    normal = np.array([math.cos(math.radians(new.angle)), math.sin(math.radians(new.angle))])
    here = np.clip([x, y], one_line.LOW, one_line.HIGH)
    if handle == "shift" and new.offset < 2.0:
        assert normal @ here == pytest.approx(new.offset, abs=0.006)


def test_a_turned_line_goes_through_the_pointer_and_comes_back():
    state = start = with_settings(angle=45, offset=0.9)
    here = np.array([0.1, 1.1])
    for k in [*range(50), *reversed(range(50))]:
        here = np.array([0.1 - 0.01 * k, 1.1])
        state = one_line.dragged(state, "turn", *here)
        turn = math.radians(state.angle)
        assert math.cos(turn) * here[0] + math.sin(turn) * here[1] == pytest.approx(state.offset, abs=0.03)
    again = one_line.dragged(start, "turn", *here)
    assert (state.angle, state.offset) == (again.angle, again.offset)


@given(states)
def test_a_link_to_a_state_leads_to_its_settings(state):
    values, refused = read_link(write_link(state, one_line.start(), one_line.CONTROLS), one_line.CONTROLS)
    assert refused == []
    back = one_line.changed(with_values(one_line.start(), values), one_line.start())
    assert replace(back, term=state.term) == state


def test_the_guess_is_answered_once_the_answer_shows_and_not_before():
    opened = with_settings(guess="4")
    assert "guess" not in one_line.describe(opened)
    assert "You guessed 4: it is 3." in one_line.describe(replace(opened, angle=45, offset=0.5))
    assert "You guessed 3: so it is." in one_line.describe(replace(opened, guess="3", curve=True))


def test_the_figure_opens_with_two_right_and_no_answer_given_away():
    state = one_line.start()
    assert one_line.readouts(state)["score"][0] == "line: 2 of 4 right"
    texts = [one_line.QUESTION, one_line.HINT, one_line.describe(state), one_line.VIEWS[0][2]]
    assert not any("3" in text or "three" in text for text in texts)


def test_pointing_lights_the_same_term_in_picture_and_formula():
    state = with_settings(angle=45, offset=0.35)
    assert one_line.hovered(state, "plane", 0.98, 0.03).term == "10"
    assert one_line.hovered(state, "plane", 0.0, 0.5).term == "offset"
    assert one_line.hovered(state, "plane", 0.36, 0.36).term == "angle"
    assert one_line.hovered(replace(state, term="10"), "plane", None, None).term == ""
    for term in ("angle", "offset", "10"):
        assert f'data-term="{term}"' in one_line.formula(state)
        colours = [
            getattr(mark, "stroke", mark.colour)
            for mark in one_line.scene(replace(state, term=term))["plane"].marks
            if not isinstance(mark, Handles)
        ]
        assert "act" in colours


def test_what_the_page_needs_is_declared():
    assert set(one_line.SIZES) == {name for name, *_ in one_line.VIEWS} == set(one_line.scene(one_line.start()))
    placed = [*one_line.LAYOUT["guess"], *one_line.LAYOUT["groups"][0], *one_line.LAYOUT["controls"]]
    assert sorted(placed) == sorted(control.name for control in one_line.CONTROLS)
