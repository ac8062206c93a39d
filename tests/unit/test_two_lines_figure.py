"""The figure `two-lines`, with no browser: what it shows, says and does, and which lines it takes for a solution."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import two_lines
from figures.controls import read_link, with_values, write_link
from scene.marks import Handles, Lines, Regions
from scene.placement import Placement

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
OR_AND_NAND = {"angle_1": 45, "offset_1": -0.35, "angle_2": 225, "offset_2": -0.35}

lines = st.fixed_dictionaries(
    {
        **{f"angle_{k}": st.integers(0, 359) for k in (1, 2)},
        **{f"offset_{k}": st.integers(-80, 80).map(lambda n: n / 100) for k in (1, 2)},
        **{f"flip_{k}": st.booleans() for k in (1, 2)},
        "guess": st.sampled_from(["", "3", "4"]),
        "term": st.sampled_from(["", "h1", "h2", "both", "00", "01", "10", "11", "nonsense"]),
    }
)


def with_settings(**values):
    start = two_lines.start()
    return two_lines.changed(replace(start, **values), start)


def by_hand(angle, offset, flipped):
    """What a neuron says to the four corners, worked out without the figure; None where a corner is on the line."""
    across = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    sums = [across[0] * (a - 0.5) + across[1] * (b - 0.5) - offset for a, b in CORNERS]
    if min(map(abs, sums)) < 1e-6:
        return None
    return tuple((total > 0) != flipped for total in sums)


def test_it_opens_unsolved():
    state = two_lines.start()
    assert two_lines.readouts(state)["solved"] == ("Not yet", "false")
    assert two_lines.readouts(state)["right"] == ("3 of 4 right", "3")


def test_it_knows_every_pair_of_lines_on_a_grid_that_an_and_joins_to_xor_and_no_other():
    kinds = {}
    for angle, tenths, flipped in product(range(0, 360, 9), range(-8, 9), (False, True)):
        says = by_hand(angle, tenths / 10, flipped)
        if says is None:
            continue
        kinds.setdefault(says, []).append((angle, tenths / 10, flipped))
        shown = two_lines.perceptrons(with_values(two_lines.State(), dict(zip(
            ("angle-1", "offset-1", "flip-1"), (angle, tenths / 10, flipped), strict=True))))[0]  # fmt: skip
        assert tuple(bool(one) for one in shown.predict(two_lines.X)) == says
    assert len(kinds) == 14  # all there is for one line: XOR and its opposite are not among them
    # What follows from a neuron's four answers alone is tried for some lines of each kind, in every pair of kinds.
    some = [(says, line) for says, found in kinds.items() for line in (found[0], found[len(found) // 2], found[-1])]
    solutions = set()
    for (first, one), (second, other) in product(some, some):
        state = two_lines.State(*one, *other)
        xor = [a and b for a, b in zip(first, second, strict=True)] == [False, True, True, False]
        assert two_lines.solved(state) is xor
        assert (two_lines._right(state) == 4) is xor
        if xor:
            solutions.add(two_lines.names(state))
    assert solutions == {("OR", "NAND"), ("NAND", "OR")}


def test_a_corner_on_a_line_counts_as_1_on_either_side():
    for angle, offset, on in ((45, 0.0, (1, 2)), (135, 0.0, (0, 3)), (0, 0.5, (2, 3)), (90, -0.5, (0, 2))):
        for turn, flipped in product((0, 180), (False, True)):
            state = two_lines.State(angle_1=(angle + turn) % 360, offset_1=-offset if turn else offset, flip_1=flipped)
            neuron = two_lines.perceptrons(state)[0]
            assert (neuron.predict(two_lines.X)[list(on)] == 1.0).all()


def test_two_lines_through_the_same_two_corners_are_recognised_too_as_xor_includes_them():
    state = with_settings(angle_1=45, offset_1=0.0, angle_2=225, offset_2=0.0)
    assert two_lines.solved(state)  # each line runs through 01 and 10, and says 1 there
    assert two_lines.readouts(state)["right"][1] == "4"


@pytest.mark.parametrize("swapped", [False, True])
def test_the_solution_is_named(swapped):
    values = OR_AND_NAND
    if swapped:
        values = {name[:-1] + ("2" if name[-1] == "1" else "1"): value for name, value in values.items()}
    state = with_settings(**values, guess="4")
    text = two_lines.describe(state)
    assert "Solved: one neuron is OR, the other NAND, and AND joins them. As you guessed." in text
    assert two_lines.readouts(state)["solved"][1] == "true"
    assert two_lines.formula(state).count('class="right"') == 4


def test_lines_in_place_with_a_side_the_wrong_way_round_are_told_which_to_flip_and_that_solves_it():
    for first, second in ((True, False), (False, True), (True, True)):
        state = with_settings(**OR_AND_NAND, flip_1=first, flip_2=second)
        which = " and ".join(name for name, wrong in (("h₁", first), ("h₂", second)) if wrong)
        assert f"flip {which}." in two_lines.describe(state)
        assert two_lines.solved(two_lines.changed(replace(state, flip_1=False, flip_2=False), state))


def test_doing_what_the_description_asks_for_solves_it():
    state = two_lines.start()
    assert "h₁ and h₂ must say 1 to 10" in two_lines.describe(state)
    state = two_lines.changed(replace(state, offset_1=-0.35, angle_1=45), state)
    assert "h₂ must say 1 to 10" in two_lines.describe(state)
    state = two_lines.changed(replace(state, offset_2=-0.35), state)
    assert two_lines.solved(state)
    assert "h₂ was not A and now is NAND; 3 of 4 right became 4." in two_lines.describe(state)


@given(lines)
def test_every_state_can_be_drawn_described_read_and_linked(values):
    state = with_settings(**values)
    view = two_lines.scene(state)["plane"]
    for mark in view.marks:
        for places in (getattr(mark, name, ()) for name in ("at", "tails", "tips", "paths", "outlines")):
            assert all(np.isfinite(part).all() for part in places)
    held = [name for mark in view.marks if isinstance(mark, Handles) for name in mark.names]
    assert held == ["move-1", "turn-1", "move-2", "turn-2"]
    assert len([mark for mark in view.marks if isinstance(mark, Lines)]) == 2
    for text in (two_lines.describe(state), two_lines.formula(state)):
        assert "nan" not in text
        assert "inf" not in text
    answers = two_lines._answers(state)
    right = int((answers[2] == two_lines.Y[:, 0]).sum())
    assert two_lines.formula(state).count('class="right"') == right == int(two_lines.readouts(state)["right"][1])
    assert two_lines.solved(state) == (right == 4)
    read, refused = read_link(write_link(state, two_lines.start(), two_lines.CONTROLS), two_lines.CONTROLS)
    assert not refused
    assert with_values(two_lines.start(), read) == replace(state, term="", news="")


@given(lines, st.integers(0, 30), st.integers(0, 30))
def test_the_tinted_region_is_where_both_say_1(values, column, row):
    state = with_settings(**{**values, "term": ""})
    at = np.array([column, row]) / 15.0 - 0.5 + 1e-4
    sums = np.array([neuron.w @ at + neuron.b for neuron in two_lines.perceptrons(state)])
    region = next(mark for mark in two_lines.scene(state)["plane"].marks if isinstance(mark, Regions)).outlines[0]
    ahead = np.roll(region, -1, axis=0) - region
    from_here = at - region
    inside = len(region) > 2 and (ahead[:, 0] * from_here[:, 1] - ahead[:, 1] * from_here[:, 0] >= -1e-9).all()
    if np.abs(sums).min() > 1e-6:
        assert inside == (sums > 0).all()


@given(lines, st.sampled_from(["move-1", "turn-1", "move-2", "turn-2"]), st.floats(-1, 2), st.floats(-1, 2))
def test_every_drag_sets_its_control_to_an_allowed_value_and_does_no_more(values, handle, x, y):
    before = with_settings(**values)
    after = two_lines.dragged(before, handle, x, y)
    what, k = handle.split("-")
    name = ("offset-" if what == "move" else "angle-") + k
    control = next(control for control in two_lines.CONTROLS if control.name == name)
    value = control.parse(control.write(getattr(after, name.replace("-", "_"))))
    set_by_hand = two_lines.changed(replace(before, **{name.replace("-", "_"): value}), before)
    assert after == set_by_hand


@given(lines, st.sampled_from(["move-1", "turn-1", "move-2", "turn-2"]))
def test_taking_a_handle_without_moving_it_leaves_the_line(values, handle):
    state = with_settings(**values)
    handles = [mark for mark in two_lines.scene(state)["plane"].marks if isinstance(mark, Handles)]
    at = next(mark.at[0] for mark in handles if handle in mark.names)
    after = two_lines.dragged(state, handle, *at)
    assert replace(after, news="") == replace(state, news="")


def test_a_turned_line_runs_through_the_pointer():
    state = two_lines.dragged(two_lines.start(), "turn-1", 1.2, 0.4)
    neuron = two_lines.perceptrons(state)[0]
    assert abs(neuron.w @ (1.2, 0.4) + neuron.b) < 0.02
    assert "h₁ " in state.news


def test_the_pointer_lights_a_corner_or_a_line_and_the_formula_has_the_same_terms():
    state = with_settings(**OR_AND_NAND)
    assert two_lines.hovered(state, "plane", 0.03, 0.98).term == "01"
    assert two_lines.hovered(state, "plane", 0.25, 0.25).term == "h1"
    assert two_lines.hovered(state, "plane", 0.75, 0.75).term == "h2"
    assert two_lines.hovered(state, "plane", 0.5, 0.5) is state
    assert two_lines.hovered(replace(state, term="h1"), "plane", None, None).term == ""
    for term in ("h1", "h2", "both", "00", "01", "10", "11"):
        assert f'data-term="{term}"' in two_lines.formula(state)
        assert len(two_lines.scene(replace(state, term=term))["plane"].marks) >= len(
            two_lines.scene(state)["plane"].marks
        )


@given(lines)
def test_handles_stay_in_the_picture_on_a_phone(values):
    view = two_lines.scene(with_settings(**values))["plane"]
    place = Placement(view, 290, 290)
    left, top, right, bottom = place.box
    for mark in view.marks:
        if isinstance(mark, Handles):
            for x, y in place(mark.at):
                assert left <= x <= right
                assert top <= y <= bottom
