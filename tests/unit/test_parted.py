"""The square of inputs parted by a line: how the line is held, what is under the pointer, and that no label is hit."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scene.answers import answered, gate_name, ones, still_to_join, told
from scene.four_points import HIGH, LOW, MIDDLE, ROW_NAMES, ROWS
from scene.half_planes import crossing
from scene.labelling import Taken, spots
from scene.line import Line
from scene.marks import Arrows, Handles, Labels, Lines
from scene.parted import BEYOND, Parted, remembered
from scene.placement import Placement
from unfold.perceptron import Perceptron

XOR = np.array([0.0, 1.0, 1.0, 0.0])
angles, distances = st.floats(-3.1, 3.1), st.floats(-1.4, 1.4)
places = st.floats(-1.0, 2.0)


def rows_of(normal, bias):
    return answered(ROWS @ normal + bias, XOR)


@given(st.floats(-4.0, 4.0), st.floats(-4.0, 4.0), st.floats(-4.0, 4.0))
def test_a_line_made_from_weights_gives_their_bias_back(w1, w2, b):
    w = np.array([w1, w2])
    if np.hypot(*w) > 1e-3:
        assert Line.of(w, b).bias(w) == pytest.approx(b, abs=1e-8)


@given(angles, distances, st.sampled_from(["shift", "turn"]), places, places)
def test_a_moved_line_goes_through_the_place_or_as_near_as_turning_can(angle, distance, handle, x, y):
    line = Line(angle, distance).moved(handle, x, y)
    gap = abs(float(line.normal @ (x, y)) + line.bias(line.normal))
    away = float(np.hypot(*(np.array([x, y]) - MIDDLE)))
    short = max(abs(distance) - away, 0.0) if handle == "turn" else 0.0
    assert gap <= short + 1e-5 or away < 1e-6
    assert (line.angle == angle) if handle == "shift" else (line.distance == distance)


@given(st.integers(0, 359), distances)
def test_a_line_seen_from_its_other_side_is_the_same_line(degrees, distance):
    line, back = Line.across(degrees, distance), Line.across(degrees, distance).reverse()
    np.testing.assert_allclose(back.normal, -line.normal, atol=1e-9)
    assert back.bias(back.normal) == pytest.approx(-line.bias(line.normal), abs=1e-9)
    assert line.degrees == degrees
    assert back.degrees == (degrees + 180) % 360


def test_where_a_line_points_is_said_to_an_eighth_of_a_turn():
    said = [Line.across(degrees, 0.0).towards for degrees in (0, 50, 90, 130, 180, 225, 271, 300, 350)]
    assert said == [
        "right", "upper right", "top", "upper left", "left", "lower left", "bottom", "lower right", "right"
    ]  # fmt: skip


def test_a_part_of_no_length_is_not_pointed_at():
    parted = Parted(np.array([0.0, 2.0]), -0.6, np.array([0.0, 0.26]))
    terms = {"w1": "across", "w2": "up", "b": "line"}
    assert parted.term_at(-0.3, 0.3, terms) == "b"
    assert parted.term_at(0.5, 0.45, terms) == "w2"
    assert parted.term_at(1.02, 0.01, terms) == "10"
    assert parted.term_at(None, None, terms) == parted.term_at(0.5, 1.3, terms) == ""


def test_without_weights_there_is_no_line_and_the_rows_can_still_be_pointed_at():
    parted = Parted(np.zeros(2), 0.5, np.zeros(2))
    view = parted.view(answered(np.full(4, 0.5), XOR), "line", "")
    assert not any(isinstance(mark, (Lines, Arrows, Handles)) for mark in view.marks)
    assert parted.term_at(0.0, 1.0, {}) == "01"


@given(angles, distances)
def test_an_arrow_that_only_points_stays_in_the_picture(angle, distance):
    line = Line(angle, distance)
    parts = Parted(line.normal, line.bias(line.normal)).parts
    if parts:
        assert ((parts["arrow"] >= LOW - BEYOND - 1e-9) & (parts["arrow"] <= HIGH + 1e-9)).all()


def boxes(view, width, height):
    """Each label's text and its box in pixels, left, top, right, bottom, a little smaller than it is."""
    place = Placement(view, width, height)
    for mark in view.marks:
        if isinstance(mark, Labels):
            half = 0.25 * mark.size * len(mark.texts[0]), 0.4 * mark.size
            x, y = place(mark.at)[0] + mark.offset
            x += {"left": half[0], "center": 0.0, "right": -half[0]}[mark.align]
            yield mark.texts[0], np.array([x, y]), np.array(half)


def covered(view, width, height):
    """The labels that a line, an arrow or a handle of the view runs over, or that lie over one another."""
    place, found, pixels = Placement(view, width, height), [], [np.empty((0, 2))]
    share = np.linspace(0.0, 1.0, 200)[:, None]
    for mark in view.marks:
        if isinstance(mark, Lines) and mark.colour != "soft":
            pixels += [place(path[0] + share * (path[1] - path[0])) for path in mark.paths]
        if isinstance(mark, Arrows):
            pixels += [place(a + share * (b - a)) for a, b in zip(mark.tails, mark.tips, strict=True)]
        if isinstance(mark, Handles):
            pixels.append(place(mark.at))
    at, labels = np.concatenate(pixels), list(boxes(view, width, height))
    for k, (text, centre, half) in enumerate(labels):
        if (np.abs(at - centre) < half).all(axis=1).any():
            found.append(text)
        found += [text for _, other, size in labels[:k] if (np.abs(other - centre) < half + size).all()]
    return found


@pytest.mark.parametrize("size", [(288, 274), (424, 404), (736, 701)])
def test_no_line_arrow_or_handle_covers_a_label_whatever_the_line(size):
    for degrees, distance in product(range(0, 360, 12), np.arange(-1.3, 1.31, 0.1)):
        line = Line.across(degrees, float(distance))
        normal, bias = line.normal, line.bias(line.normal)
        view = Parted(normal, bias).view(rows_of(normal, bias), "", "")
        assert covered(view, *size) == [], (degrees, distance)
        assert [text for text, *_ in boxes(view, *size) if text in ROW_NAMES] == list(ROW_NAMES)


@pytest.mark.parametrize("size", [(288, 288), (424, 424)])
def test_two_lines_rarely_leave_no_room_for_a_label(size):
    states = np.random.default_rng(5).uniform((0, -0.8, 0, -0.8), (360, 0.8, 360, 0.8), (200, 4))
    hit = 0
    for one, at, other, there in states:
        lines = (Line.across(round(one), at), Line.across(round(other), there))
        neurons = [Perceptron(line.normal, line.bias(line.normal)) for line in lines]
        hit += bool(covered(crossing(lines, neurons, XOR, XOR, ""), *size))
    assert hit <= 4


def test_room_is_what_is_left_between_a_box_and_the_nearest_thing():
    taken = Taken(spots(np.array([[3.0, 0.0]]), 0.5), np.array([[0.0, 1.0, -2.0]]))
    half = np.array([1.0, 0.5])
    room = taken.room(np.array([[0.0, 0.0], [0.0, 1.4], [5.0, 0.0], [2.5, 0.0]]), half)
    np.testing.assert_allclose(room, [1.5, 0.1, 0.5, -0.5])
    assert Taken().room(np.zeros(2), half) == np.inf


def test_lines_that_were_are_faint_and_none_where_there_are_none():
    assert remembered([]) == []
    (mark,) = remembered([(np.array([1.0, 0.0]), -0.5), (np.array([1.0, 0.0]), 9.0)])
    assert (mark.colour, len(mark.paths)) == ("soft", 1)


def test_answers_are_counted_named_and_told():
    rows = answered(np.array([-0.5, 0.0, 1.0, 1.5]), XOR)
    assert (rows.right, gate_name(rows.answers), ones(rows.answers)) == (3, "OR", "01, 10, 11")
    assert told(rows.answers, rows.targets).endswith("11 gives 1 (should be 0)")
    assert ones(np.zeros(4)) == "no corner"
    assert still_to_join(np.stack([rows.answers, rows.answers]), XOR) == "one of them must say 0 to 11"
    silent = np.stack([np.zeros(4), rows.answers])
    assert still_to_join(silent, XOR) == "h₁ must say 1 to 01; h₁ must say 1 to 10"
    assert still_to_join(np.stack([rows.answers, 1.0 - np.array([0.0, 0.0, 0.0, 1.0])]), XOR) == ""


def test_every_line_is_named_after_the_gate_it_makes():
    kinds = {
        gate_name(rows_of(line.normal, line.bias(line.normal)).answers)
        for line in (Line.across(degrees, d / 20) for degrees in range(0, 360, 9) for d in range(-21, 22))
    }
    assert len(kinds) == 14
    assert math.isclose(Line.across(90, 0.2).normal[0], 0.0)
