"""The figure `activations`, with no browser: what it reads off, the legend, the cursor, and the reader's formula."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import activations
from figures.controls import BadTextError, read_link, with_values, write_link
from figures.own_formula import EXAMPLE, FORMULA
from scene.activation_curves import HEIGHTS, LOOKS, SIZE, WORDS, frame, written
from scene.graph import within
from scene.labelling import spread
from scene.marks import Handles, Labels, Lines, Points
from scene.named_curves import GAP
from scene.named_curves import SIZE as LETTERS
from scene.placement import Placement
from unfold.activations import ACTIVATIONS

BUILT_IN = [name for name in WORDS if name != "own"]
STATES = st.builds(
    lambda x, shown, formula: put(
        activations.start(), x=x / 10, show=activations.SHOW.parse(",".join(shown)), formula=formula
    ),
    st.integers(-40, 40),
    st.lists(st.sampled_from(list(WORDS)), unique=True),
    st.sampled_from(["", " ", EXAMPLE, "x**5", "exp(exp(x))", "-1000", "abs(x)", "tan(x / 4)"]),
)


def put(state, **values):
    return activations.changed(replace(state, **values), state)


def everything(**values):
    return put(activations.pressed(activations.start(), "all"), **values)


@pytest.mark.parametrize("x", [-4.0, -0.7, 0.0, 1.3])
def test_every_value_and_slope_at_the_cursor_is_the_functions_own(x):
    state = everything(x=x)
    table, words = activations.formula(state), activations.describe(state)
    for name in BUILT_IN:
        row = re.search(f'data-term="{name}".*?</tr>', table)[0]
        value, slope = re.findall(r"<td>([^<]*)</td>", row)[-2:]
        a = ACTIVATIONS[name].value(np.array([x]))
        assert value == written(float(a[0]))
        if x != 0.0 or name not in ("step", "relu"):
            assert slope == written(float(ACTIVATIONS[name].derivative(np.array([x]), a)[0]))
        assert f"{WORDS[name]} is {value}, its slope {slope}" in words


def test_a_jump_and_a_corner_have_no_slope_and_the_figure_says_so():
    told = activations.describe(everything(x=0.0))
    assert "step is 1.00, its slope none: a jump" in told
    assert "ReLU is 0.00, its slope none: a corner" in told
    assert "none" not in activations.describe(everything(x=0.1))
    both = put(activations.start(), show="step,relu", x=0.0)
    dots = {k: next(m for m in v.marks if isinstance(m, Points)) for k, v in activations.scene(both).items()}
    assert (len(dots["value"].at), len(dots["slope"].at)) == (2, 0)


def test_a_formula_with_a_gap_between_the_places_that_are_checked_is_told_of_and_not_drawn_there():
    gap = "0 * (x - 0.3) / (x - 0.3)"
    FORMULA.parse(gap)
    state = put(activations.start(), formula=gap, x=0.3)
    assert "yours is none, its slope none" in activations.describe(state)
    for view in activations.scene(state).values():
        assert all(np.isfinite(path).all() for mark in view.marks if isinstance(mark, Lines) for path in mark.paths)


def test_the_readers_formula_stands_beside_the_others_with_its_slope():
    state = put(activations.start(), formula="x**3", x=2.0)
    assert "yours is 8.00, its slope 12.00" in activations.describe(state)
    assert "<code>x**3</code></td><td>8.00</td><td>12.00</td>" in activations.formula(state)
    assert [m.colour for m in activations.scene(state)["value"].marks if isinstance(m, Lines)].count("ink") == 1
    gone = put(state, formula="  ")
    assert "yours" not in activations.describe(gone)
    assert "own" not in activations.formula(gone)
    assert all(m.colour != "ink" for m in activations.scene(gone)["slope"].marks if isinstance(m, Lines))


def test_a_formula_typed_anew_comes_into_sight_even_where_it_was_hidden():
    hidden = put(activations.start(), show="tanh")
    assert "own" in put(hidden, formula="x").shown


@pytest.mark.parametrize(("text", "place"), [("x * q", "x * ▸q"), ("x *", "x *▸"), ("x**x", "x**▸x"), ("2x", "▸2x")])
def test_a_bad_formula_gets_a_message_that_points_at_the_place(text, place):
    with pytest.raises(BadTextError) as refusal:
        FORMULA.parse(text)
    assert f"Here: “{place}”" in str(refusal.value)


def test_a_formula_without_a_value_near_zero_is_refused_naming_the_x():
    with pytest.raises(BadTextError, match="infinite at x = 0; allowed is a finite value"):
        FORMULA.parse("1 / x")


@pytest.mark.parametrize("text", ["__import__('os')", "x.real", "(lambda: x)()", "[x]", "exec(x)", "x if x else 1"])
def test_a_link_with_something_to_run_in_it_is_refused(text):
    values, messages = read_link(
        write_link(replace(activations.start(), formula=text), activations.start(), (FORMULA,)), (FORMULA,)
    )
    assert values == {}
    assert len(messages) == 1


@given(STATES)
def test_a_link_holds_what_is_shown_the_cursor_and_the_formula(state):
    link = write_link(state, activations.start(), activations.CONTROLS)
    values, messages = read_link(link, activations.CONTROLS)
    again = with_values(activations.start(), values)
    assert messages == []
    formula = state.formula if state.formula.strip() else ""
    assert (again.x, again.show, again.formula) == (state.x, state.show, formula)


@given(STATES)
def test_nothing_is_drawn_outside_the_picture_and_no_two_names_collide(state):
    for kind, view in activations.scene(state).items():
        low, high = HEIGHTS[kind]
        place = Placement(view, *SIZE)
        for mark in view.marks:
            if isinstance(mark, Lines):
                for path in mark.paths:
                    assert np.isfinite(path).all()
            if (isinstance(mark, Lines) and mark.width > 2) or isinstance(mark, Points):
                heights = mark.at[:, 1] if isinstance(mark, Points) else np.concatenate([*mark.paths, [[0, 0]]])[:, 1]
                assert ((heights >= low) & (heights <= high)).all()
        names = [place(mark.at)[0] for mark in view.marks if isinstance(mark, Labels)]
        ys = np.sort([y for _, y in names])
        assert (np.diff(ys) >= GAP - 1e-6).all()
        assert all(LETTERS / 2 <= y <= SIZE[1] - LETTERS / 2 for y in ys)


@given(STATES)
def test_nothing_that_is_said_is_not_a_number(state):
    for text in (activations.describe(state), activations.formula(state)):
        assert not re.search(r"\b(nan|inf|NaN|None)\b", text)


def test_a_name_pressed_hides_its_curve_and_a_place_pressed_moves_the_cursor():
    state = activations.start()
    view = activations.scene(state)["slope"]
    mish = next(mark for mark in view.marks if isinstance(mark, Labels) and mark.texts == ("Mish",))
    hidden = activations.pressed_at(state, "slope", 5.0, float(mish.at[0, 1]))
    assert hidden.shown == ["sigmoid", "tanh", "relu"]
    assert "Hidden: Mish." in activations.describe(hidden)
    assert activations.pressed_at(state, "slope", 5.0, -1.2) == state
    assert activations.pressed_at(state, "value", -2.04, 3.0).x == -2.0


def test_the_cursor_is_dragged_on_either_picture_and_stays_in_it():
    state = activations.start()
    assert activations.dragged(state, "x", 2.34, 0.0).x == 2.3
    assert activations.dragged(state, "x", 99.0, 0.0).x == 4.0
    for view in activations.scene(put(state, x=-3.0)).values():
        assert next(mark for mark in view.marks if isinstance(mark, Handles)).at[0, 0] == -3.0


def test_pointing_at_a_curve_or_its_name_lights_it_and_its_row():
    state = activations.start()
    lit = activations.hovered(state, "value", -3.0, -1.0)
    assert lit.term == "tanh"
    assert 'data-term="tanh"' in activations.formula(lit)
    assert max(m.width for m in activations.scene(lit)["value"].marks if isinstance(m, Lines)) > 4
    assert activations.hovered(lit, "value", None, None).term == ""
    name = next(m for m in activations.scene(state)["value"].marks if isinstance(m, Labels) and m.texts == ("ReLU",))
    assert activations.hovered(state, "value", 5.0, float(name.at[0, 1])).term == "relu"


@pytest.mark.parametrize("guess", activations.RIVALS)
def test_the_guess_is_judged_by_the_largest_slope_there_is(guess):
    told = activations.describe(put(activations.start(), guess=guess))
    x = np.linspace(-10, 10, 20_001)
    most = {n: ACTIVATIONS[n].derivative(x, ACTIVATIONS[n].value(x)).max() for n in activations.RIVALS}
    winner = max(most, key=most.get)
    assert f"Steepest of the four is {WORDS[winner]}: its slope is {most[winner]:.2f} at x = 1.4" in told
    assert ("You guessed it." in told) == (guess == winner)
    if guess != winner:
        assert f"no larger than {most[guess]:.2f}" in told


def test_hide_all_leaves_nothing_and_says_so():
    state = activations.pressed(activations.start(), "none")
    assert activations.describe(state).startswith("No curve is shown.")
    assert activations.formula(state) == ""


def test_no_two_curves_look_the_same():
    assert len(set(LOOKS.values())) == len(WORDS) == 10


@given(st.lists(st.floats(-50, 450), min_size=1, max_size=10))
def test_names_spread_keep_their_order_their_distance_and_the_picture(wanted):
    found = spread(np.array(wanted), 14.0, 6.0, 340.0)
    order = np.argsort(wanted, kind="stable")
    assert (np.diff(found[order]) >= 14.0 - 1e-9).all()
    assert (found >= 6.0 - 1e-9).all()
    assert (found <= 340.0 + 1e-9).all()


def test_names_with_room_stay_where_they_are_wanted():
    wanted = np.array([200.0, 20.0, 100.0])
    np.testing.assert_allclose(spread(wanted, 14.0, 0.0, 300.0), wanted)


@given(st.lists(st.floats(-9, 9) | st.just(np.nan), min_size=2, max_size=40))
def test_a_path_is_cut_where_it_leaves_the_picture_and_nothing_else_is_lost(heights):
    path = np.column_stack([np.arange(len(heights), dtype=float), heights])
    pieces = within(path, -1.0, 2.0)
    for piece in pieces:
        assert ((piece[:, 1] >= -1.0) & (piece[:, 1] <= 2.0)).all()
        assert (np.diff(piece[:, 0]) >= 0.0).all()
    finite = path[np.isfinite(path[:, 1])]
    inside = (finite[:, 1] > -1.0) & (finite[:, 1] < 2.0)
    both = finite[:-1][inside[:-1] & inside[1:]]
    kept = {float(x) for piece in pieces for x in piece[:, 0]}
    assert {float(x) for x in both[:, 0]} <= kept


def test_the_frame_is_the_picture_without_its_marks():
    view = activations.scene(activations.start())["value"]
    assert replace(view, marks=()) == frame("value")
