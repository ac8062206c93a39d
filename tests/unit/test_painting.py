"""Points of the reader's own: painted, erased, taken back, written and read; and texts that are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import circles as figure
from figures.controls import BadValueError, Text, read_link, settings, with_values, write_link
from figures.painting import MOST_POINTS
from figures.samples import painted, read, samples, with_point, written

CSV = settings(figure.CONTROLS)["csv"]
PLACES = st.integers(-150, 150).map(lambda n: n / 100)
POINTS = st.lists(st.tuples(PLACES, PLACES, st.integers(0, 1)), max_size=12).map(tuple)


def put(state, **values):
    for name, value in values.items():
        state = figure.changed(replace(state, **{name: value}), state)
    return state


def test_a_press_paints_only_while_painting_and_only_on_the_plane():
    state = figure.start()
    assert figure.pressed_at(state, "plane", 0.3, 0.2) == state
    state = put(state, paint=True, pen="1")
    assert figure.pressed_at(state, "hidden", 0.3, 0.2) == state
    after = figure.pressed_at(state, "plane", 0.301, 0.2)
    assert after.data == "own"
    assert after.own[-1] == (0.3, 0.2, 1)
    assert len(after.own) == 121  # those that were there have become the reader's
    assert after.run is state.run  # the network goes on with them


def test_the_cursor_and_its_button_do_what_a_press_does():
    state = put(figure.start(), data="own", x=0.35, y=-0.6, pen="1")
    assert state.paint
    by_button = figure.pressed(state, "put")
    assert by_button.own == figure.pressed_at(state, "plane", 0.35, -0.6).own == ((0.35, -0.6, 1),)
    assert figure.pressed(put(by_button, pen="erase"), "put").own == ()


def test_the_cursor_is_dragged_to_the_places_of_its_sliders():
    state = figure.dragged(put(figure.start(), paint=True), "cursor", 0.777, -9.0)
    assert (state.x, state.y) == (0.8, -1.5)


@given(POINTS, PLACES, PLACES)
def test_the_eraser_takes_the_nearest_point_in_reach_and_no_other(own, x, y):
    left = with_point(own, x, y, "erase")
    away = [np.hypot(px - x, py - y) for px, py, _ in own]
    if own and min(away) <= 0.2 - 1e-9:
        assert len(left) == len(own) - 1
        gone = own[next(k for k in range(len(own)) if own[:k] + own[k + 1 :] == left)]
        assert np.hypot(gone[0] - x, gone[1] - y) == pytest.approx(min(away))
    elif not own or min(away) > 0.2 + 1e-9:
        assert left == own


@given(st.lists(st.tuples(PLACES, PLACES, st.sampled_from(["0", "1", "erase"])), max_size=12))
def test_undo_goes_back_through_every_change(changes):
    state = put(figure.start(), data="own", paint=True)
    states = [state]
    for x, y, pen in changes:
        state = figure.pressed_at(put(state, pen=pen), "plane", x, y)
        if state.own != states[-1].own:
            states.append(state)
    state = figure.pressed(state, "clear")
    if states[-1].own:
        states.append(state)
    for earlier in reversed(states[:-1]):
        state = figure.pressed(state, "undo")
        assert state.own == earlier.own
        assert state.csv == written(earlier.own)
    assert figure.pressed(state, "undo").own == ()


def test_erasing_all_can_be_taken_back_even_if_it_was_a_data_set():
    state = figure.pressed(figure.start(), "clear")
    assert state.samples.X.shape == (0, 2)
    back = figure.pressed(state, "undo")
    np.testing.assert_allclose(back.samples.X, figure.start().samples.X, atol=0.0051)
    np.testing.assert_array_equal(back.samples.Y, figure.start().samples.Y)


@given(POINTS.filter(lambda own: len({label for *_, label in own}) == 2))
def test_painted_points_are_written_as_text_that_reads_as_the_same_points(own):
    assert read(written(own)) == own
    assert CSV.parse(written(own)) == written(own)


def test_a_pasted_text_becomes_the_points_and_painting_adds_to_them():
    state = put(figure.start(), csv="0.5,0.5,cat\n-0.5,0.25,dog\n")
    assert state.data == "own"
    assert state.own == ((0.5, 0.5, 0), (-0.5, 0.25, 1))
    after = figure.pressed_at(put(state, paint=True), "plane", 0.1, 0.1)
    assert after.own == (*state.own, (0.1, 0.1, 0))
    assert "0.1,0.1,blue" in after.csv
    assert figure.pressed(after, "undo").own == state.own


def test_points_far_out_are_scaled_to_be_seen():
    own = read("x;y;label\n100;2e300;a\n300;-2e300;b\n200;0;a\n")
    assert own == ((-1.2, 1.2, 0), (1.2, -1.2, 1), (0.0, 0.0, 0))
    assert read("5,1,a\n5,9,b\n") == ((0.0, -1.2, 0), (0.0, 1.2, 1))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1,2,a\n1,b,a\n", 'csv: row 2, column 2: “?"b"”? is not a number'),
        ("1,2,a\n\n3,4\n", "row 3, column 3: .*is missing"),
        ("1,2,a\n3,4,a\n", "row 2, column 3: .*is the only label"),
        ("x,y,name\n1,2,a\n3,4,b\n\n5,6,c\n7,8,a", "row 5, column 3: “c” is a third label; two are allowed here"),
        ("1,2,a\n1,nan,b\n", "row 2, column 2: .*finite number"),
        ("1,2,a\n" * 4000, "24000 characters are not allowed here. Allowed: at most 20000 characters"),
    ],
)
def test_a_bad_text_is_refused_by_row_and_column(text, told):
    with pytest.raises(BadValueError, match=told):
        CSV.parse(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_what_is_read_is_finite(text):
    try:
        kept = CSV.parse(text)
    except BadValueError:
        return
    assert np.isfinite(np.array(read(kept), float)).all()


def test_no_more_points_are_taken_than_can_be_drawn_in_time():
    state = put(figure.start(), data="own", paint=True)
    state = replace(state, own=((0.0, 0.0, 1),) * MOST_POINTS)
    assert len(figure.pressed_at(state, "plane", 1.0, 1.0).own) == MOST_POINTS


def test_a_link_holds_the_reader_s_points():
    state = put(figure.start(), data="own", paint=True)
    for x, pen in ((0.5, "0"), (-0.5, "1"), (0.25, "0")):
        state = figure.pressed_at(put(state, pen=pen), "plane", x, -x)
    values, refused = read_link(write_link(state, figure.start(), figure.CONTROLS), figure.CONTROLS)
    again = figure.changed(with_values(figure.start(), values), figure.start())
    assert refused == []
    assert again.own == state.own
    long = replace(state, csv="0,0,a\n" * 3000)
    assert "csv" not in write_link(long, figure.start(), figure.CONTROLS)  # an address has its limits


def test_a_text_control_checks_with_what_it_is_given():
    control = Text("note", "Note", int, most=5)
    assert control.parse(" 7") == " 7"
    assert control.parse("  ") == ""
    with pytest.raises(BadValueError, match="invalid literal"):
        control.parse("x")


def test_points_and_counts_are_told_while_painting():
    state = put(figure.start(), data="own", paint=True)
    assert "No points yet" in figure.describe(state)
    state = figure.pressed_at(put(state, pen="1"), "plane", 0.5, 0.5)
    assert "The orange pen is at (0.00, 0.00); there are 0 blue and 1 orange points." in figure.describe(state)
    assert painted(samples("own", 0.0, state.own)) == state.own
