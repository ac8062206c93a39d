"""The figure `layer-steps`, with no browser: stops are exact, all stays in sight, and words say what is true."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import layer_steps
from figures.controls import read_link, with_values, write_link
from figures.motion import eased
from scene.four_points import ROW_NAMES, ROWS
from scene.known_layers import PRESETS
from scene.labelling import WIDTH_OF_LETTER
from scene.marks import Labels, Lines, Points
from scene.moving_layer import EACH, PLACES, SIZE, XOR, MovingLayer, even, parted
from scene.placement import Placement
from unfold.activations import ACTIVATIONS
from unfold.separability import separable
from unfold.transforms import moves

TENTHS = st.integers(-60, 60).map(lambda n: n / 10)
NUMBERS = st.tuples(*[TENTHS] * 6)
SHARED = ("sigmoid", "tanh", "relu", "mish", "identity")
SMALL = st.tuples(*[st.integers(-10, 10).map(lambda n: n / 10)] * 6)
LAYERS = st.builds(
    MovingLayer, st.one_of(NUMBERS, SMALL, st.sampled_from(list(PRESETS.values()))), st.sampled_from(SHARED)
)
TIMES = st.one_of(st.sampled_from([0.0, 1.0, 2.0, 3.0]), st.floats(0.0, 3.0))


def put(state, **values):
    for name, value in values.items():
        state = layer_steps.changed(replace(state, **{name: value}), state)
    return state


def standing(layer, time, **values):
    """The state with a layer's numbers at a time."""
    numbers = dict(zip(layer_steps.NUMBERS, layer.numbers, strict=True))
    return put(layer_steps.start(), activation=layer.activation, **numbers, time=time, **values)


def plane(state):
    return layer_steps.scene(state)["plane"]


@given(LAYERS)
def test_at_every_stop_the_places_are_to_the_last_bit_what_the_moves_return(layer):
    W, b = np.reshape(layer.numbers[:4], (2, 2)), np.array(layer.numbers[4:])
    for stop, places in enumerate(moves(W, b, layer.activation, PLACES)):
        np.testing.assert_array_equal(layer.at(float(stop))[0], places)
        grid, rows = drawn(standing(layer, float(stop)))
        np.testing.assert_array_equal(np.concatenate([grid.reshape(-1, 2), rows]), places)


def drawn(state):
    """The grid's lines, (2, 41, 41, 2), and the four rows, (4, 2), as they are drawn."""
    marks = plane(state).marks
    lines = [mark.paths for mark in marks if isinstance(mark, Lines) and np.shape(mark.paths) == (EACH, EACH, 2)]
    rows = np.empty((4, 2))
    rows[[0, 3]] = next(m.at for m in marks if isinstance(m, Points) and m.shape == "square")
    rows[[1, 2]] = next(m.at for m in marks if isinstance(m, Points) and m.colour == "one-fill")
    return np.array(lines), rows


def test_the_grid_has_41_by_41_lines_in_two_arrays_that_cross_the_border_whole():
    grid, _ = drawn(layer_steps.start())
    assert grid.shape == (2, 41, 41, 2)
    assert np.ptp(grid[0], axis=1)[:, 0].max() == np.ptp(grid[1], axis=1)[:, 1].max() == 0.0
    assert np.ptp(grid[0], axis=1)[:, 1].min() == np.ptp(grid[1], axis=1)[:, 0].min() == 2.0
    assert len(plane(layer_steps.start()).marks) < 25


@given(st.builds(MovingLayer, SMALL, st.sampled_from(SHARED)), st.floats(0.0, 1.0))
def test_the_window_holds_a_plane_that_turns_and_shrinks(layer, time):
    points, (low, high) = layer.at(time)
    assert (points >= low - 1e-9).all()
    assert (points <= high + 1e-9).all()


@given(LAYERS, TIMES)
def test_the_window_is_square_and_holds_all_at_every_instant(layer, time):
    points, (low, high) = layer.at(time)
    room = 1e-9 * np.abs(points).max()
    assert (points >= low - room).all()
    assert (points <= high + room).all()
    assert np.ptp([low, high], axis=0) == pytest.approx(np.full(2, high[0] - low[0]))


@given(LAYERS, st.floats(0.0, 2.999))
def test_neither_plane_nor_window_ever_jumps(layer, time):
    one, other = layer.at(time), layer.at(time + 1e-6)
    size = 1.0 + max(np.abs(stop).max() for stop in layer.stops)
    assert np.abs(one[0] - other[0]).max() <= 1e-4 * size
    assert np.abs(one[1] - other[1]).max() <= 1e-4 * size


@given(LAYERS, TIMES)
def test_the_shift_moves_all_places_alike_and_the_window_stands(layer, time):
    share = time / 3.0
    points, window = layer.at(1.0 + share)
    np.testing.assert_allclose(points - layer.stops[1], np.tile(share * np.array(layer.numbers[4:]), (len(PLACES), 1)),
                               atol=1e-12)  # fmt: skip
    np.testing.assert_allclose(window, layer.at(1.0)[1], rtol=1e-12)


@given(st.floats(0.0, 1.0), st.floats(0.01, 100.0))
def test_a_window_that_changes_evenly_keeps_its_ends_and_its_factor(share, ratio):
    assert (even(0.0, ratio), even(1.0, ratio)) == (0.0, 1.0)
    size = 1.0 + even(share, ratio) * (ratio - 1.0)
    assert size == pytest.approx(ratio**share, rel=1e-5)


@settings(max_examples=300)
@given(LAYERS, TIMES)
def test_the_rows_names_never_collide_nor_leave_the_smallest_picture(layer, time):
    view = plane(standing(layer, time))
    labels = [mark for mark in view.marks if isinstance(mark, Labels) and mark.texts[0] in ROW_NAMES]
    assert sorted(mark.texts[0] for mark in labels) == sorted(ROW_NAMES)
    middles = np.concatenate([Placement(view, *SIZE)(mark.at) + mark.offset for mark in labels])
    half = np.array([WIDTH_OF_LETTER * 2 * 12.5 / 2, 12.5 * 0.62])
    apart = np.abs(middles[:, None] - middles)
    assert ((apart >= 2 * half - 1e-9).any(axis=2) | np.eye(4, dtype=bool)).all()
    assert (middles >= half - 1e-9).all()
    assert (middles <= SIZE - half + 1e-9).all()


@given(LAYERS)
def test_neither_the_product_nor_the_shift_parts_the_rows(layer):
    assert [parted(layer, stop) for stop in (0, 1, 2)] == [None] * 3


@given(LAYERS)
def test_a_line_that_is_drawn_parts_the_rows_and_is_told(layer):
    state = standing(layer, 3.0)
    line, rows = parted(layer, 3), layer.stops[3][-4:]
    greens = [mark for mark in plane(state).marks if isinstance(mark, Lines) and mark.colour == "good"]
    says = "One line parts 01 and 10 from 00 and 11." if line else "No line parts 01 and 10 from 00 and 11"
    assert says in layer_steps.describe(state)
    assert layer_steps.readouts(state)["solved"][1] == str(line is not None).lower()
    assert len(greens) == (line is not None)
    if line:
        sides = rows @ line.w + line.b
        assert sides[[1, 2]].min() > 0.0 > sides[[0, 3]].max()
        np.testing.assert_allclose(np.asarray(greens[0].paths[0]) @ line.w + line.b, 0.0, atol=1e-9 * (1 + abs(line.b)))


def test_where_rounding_alone_seems_to_part_the_rows_the_words_claim_no_more_than_they_can():
    # Two opposite neurons part nothing; which of them rounding seems to part is not the same on every machine.
    seemed = 0
    for a, b, c in np.random.default_rng(0).integers(-60, 61, (150, 3)) / 10:
        opposite = standing(MovingLayer((a, -a, b, -b, c, -c), "sigmoid"), 3.0)
        assert layer_steps.readouts(opposite)["solved"] == ("Not parted", "false")
        if separable(opposite.layer.stops[3][-4:], XOR).separable:
            seemed += 1
            assert "No line parts 01 and 10 from 00 and 11 by more than 10⁻¹²." in layer_steps.describe(opposite)
    assert seemed > 0


@given(NUMBERS)
def test_without_an_activation_no_layer_parts_the_rows(numbers):
    assert parted(MovingLayer(numbers, "identity"), 3) is None


@given(TENTHS, TENTHS, TENTHS, st.sampled_from(["sigmoid", "tanh", "relu"]))
def test_two_neurons_alike_or_opposite_do_what_one_does_and_part_nothing(a, b, bias, activation):
    assert parted(MovingLayer((a, a, b, b, bias, bias), activation), 3) is None
    if activation != "relu":
        assert parted(MovingLayer((a, -a, b, -b, bias, -bias), activation), 3) is None


@pytest.mark.parametrize(
    ("preset", "parts"), [("leaning", True), ("gates", True), ("turn", False), ("mirror", False), ("alike", False)]
)
def test_the_presets_do_with_a_sigmoid_what_they_are_for(preset, parts):
    state = put(layer_steps.start(), preset=preset, time=3.0)
    assert (parted(state.layer, 3) is not None) is parts
    assert state.numbers == PRESETS[preset]


def test_the_opening_layer_is_an_or_and_a_nand_that_lean():
    state = layer_steps.start()
    z = state.layer.stops[2][-4:]
    assert (z[:, 0] > 0).tolist() == [False, True, True, True]
    assert (z[:, 1] > 0).tolist() == [True, True, True, False]
    assert np.linalg.det(state.layer.weights) == pytest.approx(12.0)
    assert np.linalg.svd(state.layer.weights)[1] == pytest.approx([6.0, 2.0])


def test_in_one_layer_the_same_weights_part_the_rows_with_one_activation_and_not_with_another():
    found = {
        name: parted(MovingLayer(PRESETS["leaning"], name), 3) is not None for name in ACTIVATIONS if name in SHARED
    }
    assert found == {"sigmoid": True, "tanh": True, "relu": False, "mish": False, "identity": False}


@pytest.mark.parametrize(("preset", "guess", "verdict"), [
    ("leaning", "3", "You guessed the squash: right."),
    ("leaning", "1", "You guessed the product: here it is the squash."),
    ("turn", "never", "You guessed none of them: right."),
    ("alike", "3", "You guessed the squash: here it is none of them."),
])  # fmt: skip
def test_the_guess_is_judged_at_the_end_and_not_before(preset, guess, verdict):
    state = put(layer_steps.start(), preset=preset, guess=guess, time=2.0)
    assert "You guessed" not in layer_steps.describe(state)
    assert verdict in layer_steps.describe(put(state, time=3.0))


def test_it_plays_to_the_end_eases_on_the_way_and_begins_again():
    state = put(layer_steps.start(), play=True)
    seen = []
    while layer_steps.running(state):
        state = layer_steps.advance(state, 0.05, 0.008, lambda: 0.0)
        seen.append(state.time)
    assert seen[-1] == 3.0
    assert len(seen) == pytest.approx(3 * layer_steps.SECONDS / 0.05, abs=1)
    assert put(state, play=True).time == 0.0
    quarter = put(state, time=0.1)
    np.testing.assert_array_equal(drawn(quarter)[1], quarter.layer.rows(eased(0.1)))


def test_to_scrub_is_to_pause_and_goes_both_ways():
    state = put(put(layer_steps.start(), play=True), time=2.5)
    assert (state.play, state.time) == (False, 2.5)
    back = put(state, time=0.4)
    np.testing.assert_array_equal(drawn(back)[1], drawn(put(layer_steps.start(), time=0.4))[1])


def test_the_buttons_go_from_stop_to_stop_and_so_does_play_without_motion():
    state, seen = layer_steps.start(), []
    for button in ("forward", "forward", "forward", "forward", "back", "back", "back", "back"):
        state = layer_steps.pressed(state, button)
        seen.append(state.time)
    assert seen == [1.0, 2.0, 3.0, 3.0, 2.0, 1.0, 0.0, 0.0]
    between = put(state, time=1.5)
    assert layer_steps.pressed(between, "back").time == 1.0
    assert layer_steps.arrived(replace(between, play=True)).time == layer_steps.pressed(between, "forward").time == 2.0
    assert layer_steps.arrived(replace(between, play=True)).play is False


@given(LAYERS, st.integers(0, 300), st.sampled_from(ROW_NAMES))
def test_a_link_brings_the_same_layer_row_and_instant(layer, hundredths, row):
    state = standing(layer, hundredths / 100, row=row)
    read, refused = read_link(write_link(state, layer_steps.start(), layer_steps.CONTROLS), layer_steps.CONTROLS)
    again = layer_steps.changed(with_values(layer_steps.start(), read), layer_steps.start())
    assert refused == []
    assert (again.numbers, again.preset, again.time, again.row) == (state.numbers, state.preset, state.time, row)
    np.testing.assert_array_equal(drawn(again)[1], drawn(state)[1])


def test_a_link_cannot_ask_for_a_time_or_weight_out_of_range():
    read, refused = read_link("time=3.5&w11=7&activation=step", layer_steps.CONTROLS)
    assert read == {}
    assert "time: “3.5” is not allowed here. Allowed: a number from 0 to 3." in refused[0]
    assert len(refused) == 3


def test_numbers_of_ones_own_are_named_so_and_a_presets_numbers_by_it():
    state = put(layer_steps.start(), w11=2.1)
    assert state.preset == "own"
    assert layer_steps.describe(state).startswith("A to h₁ went from 2.0 to 2.1. ")
    assert put(state, w11=2.0).preset == "leaning"
    assert put(state, preset="gates").numbers == PRESETS["gates"]


def test_random_layers_follow_one_another_the_same_way_and_are_on_the_sliders_steps():
    first = layer_steps.pressed(layer_steps.start(), "random")
    second = layer_steps.pressed(first, "random")
    assert first.numbers != second.numbers
    assert layer_steps.pressed(layer_steps.start(), "random").numbers == first.numbers
    assert all(abs(10 * value - round(10 * value)) < 1e-9 and abs(value) <= 6.0 for value in second.numbers)


@given(LAYERS, TIMES, st.sampled_from(["", *ROW_NAMES, "stop-0", "stop-1", "stop-2", "stop-3"]))
def test_every_state_is_drawn_told_and_read_with_finite_numbers(layer, time, term):
    state = replace(standing(layer, time), term=term)
    for mark in plane(state).marks:
        for part in (*getattr(mark, "paths", ()), *([mark.at] if hasattr(mark, "at") else [])):
            assert np.isfinite(part).all()
    for text in (
        layer_steps.describe(state),
        layer_steps.formula(state),
        *map(str, layer_steps.readouts(state).values()),
    ):
        assert text
        assert not re.search(r"\b(nan|inf)\b|None|[{}]", text)


@given(LAYERS, TIMES, st.integers(0, 3))
def test_pointing_at_a_row_lights_it_and_brings_its_formula(layer, time, index):
    state = standing(layer, time)
    x, y = layer.rows(eased(time))[index].tolist()
    lit = layer_steps.hovered(state, "plane", x, y)
    np.testing.assert_array_equal(drawn(state)[1][ROW_NAMES.index(lit.term)], [x, y])
    a, b = ROWS[ROW_NAMES.index(lit.term)]
    assert f"<mn>{a:.0f}</mn><mo>,</mo><mn>{b:.0f}</mn>" in layer_steps.formula(lit)
    assert layer_steps.hovered(lit, "plane", None, None).term == ""


@pytest.mark.parametrize("stop", range(4))
def test_pointing_at_a_stage_of_the_formula_shows_where_the_row_is_then(stop):
    state = replace(put(layer_steps.start(), time=1.0, row="10"), term=f"stop-{stop}")
    assert f'data-term="stop-{stop}"' in layer_steps.formula(state)
    ring = [mark for mark in plane(state).marks if isinstance(mark, Points) and mark.radius == 5.0]
    np.testing.assert_array_equal(ring[0].at[0], state.layer.stops[stop][-2])


@pytest.mark.parametrize(("time", "now"), [(0.0, 0), (0.01, 1), (1.0, 1), (1.5, 2), (2.0, 2), (2.2, 3), (3.0, 3)])
def test_the_formula_marks_the_present_move(time, now):
    formula = layer_steps.formula(put(layer_steps.start(), time=time))
    assert re.findall(r'data-term="stop-(\d)" tabindex="0" class="now"', formula) == [str(now)]


def test_the_formula_has_the_rows_numbers_and_the_words_the_coordinates():
    state = put(layer_steps.start(), row="01", time=3.0)
    text = re.sub(r"<[^>]+>", "", layer_steps.formula(state))
    assert "xW=(0,1)(2.0−4.04.0−2.0)=(4.0,−2.0)" in text
    assert "xW+b=(4.0,−2.0)+(−0.5,5.5)=(3.5,3.5)" in text
    assert "σ\u2061(xW+b)=(0.971,0.971)" in text.replace("&#x2061;", "\u2061")
    assert "00 at (0.38, 1.00), 01 at (0.97, 0.97), 10 at (0.82, 0.82), 11 at (1.00, 0.38)" in layer_steps.describe(
        state
    )
