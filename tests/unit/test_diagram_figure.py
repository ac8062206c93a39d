"""The figure `diagram`, with no browser: what it shows, says and does."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import diagram
from figures.controls import read_link, with_values, write_link
from scene.diagram import line_width
from scene.flow import PLACES
from scene.labelling import WIDTH_OF_LETTER
from scene.marks import Labels, Lines, Points
from scene.nine_numbers import SUMS
from scene.placement import Placement

states = st.builds(
    diagram.State,
    row=st.sampled_from(diagram.ROWS),
    architecture=st.sampled_from(["one", "two", "three"]),
    activation=st.sampled_from(["step", "sigmoid"]),
    travelled=st.sampled_from([0.0, 0.3, 1.0, 1.6, 2.0]),
    term=st.sampled_from(["", "A", "B", "h1", "h2", "y", "nonsense"]),
)


def marks(state, kind):
    return [mark for mark in diagram.scene(state)["diagram"].marks if isinstance(mark, kind)]


def texts(state):
    return [text for mark in marks(state, Labels) for text in mark.texts]


def by_hand(row, activation):
    """The six numbers of the three neurons, by school algebra."""
    a, b = int(row[0]), int(row[1])

    def f(z):
        return float(z >= 0) if activation == "step" else 1 / (1 + math.exp(-z))

    first, second = 10 * a + 10 * b - 5, -10 * a - 10 * b + 15
    last = 10 * f(first) + 10 * f(second) - 15
    return {"h1": (first, f(first)), "h2": (second, f(second)), "y": (last, f(last))}


@pytest.mark.parametrize("activation", ["step", "sigmoid"])
@pytest.mark.parametrize("row", diagram.ROWS)
def test_every_node_shows_its_sum_and_its_output(row, activation):
    state = diagram.State(row=row, activation=activation)
    values = diagram.values(state)
    shown = texts(state)
    for name, (total, output) in by_hand(row, activation).items():
        assert values[SUMS[name]] == pytest.approx(total, abs=1e-12)
        assert values[name] == pytest.approx(output, abs=1e-12)
        assert f"sum {diagram.plain(total)}" in shown
        assert f"output {diagram.plain(output)}" in shown
    assert round(values["y"]) == int(row[0]) ^ int(row[1])


def test_the_weights_are_or_nand_and_the_and_that_joins_them():
    answers = {row: by_hand(row, "step") for row in diagram.ROWS}
    assert [answers[row]["h1"][1] for row in diagram.ROWS] == [0, 1, 1, 1]
    assert [answers[row]["h2"][1] for row in diagram.ROWS] == [1, 1, 1, 0]
    for row in diagram.ROWS:
        assert answers[row]["y"][1] == answers[row]["h1"][1] * answers[row]["h2"][1]


@pytest.mark.parametrize("activation", ["step", "sigmoid"])
def test_only_the_whole_network_has_all_four_rows_right(activation):
    assert [diagram._right(diagram.State(activation=activation), name) for name in ("h1", "h2", "y")] == [3, 3, 4]


def test_the_smaller_architectures_are_the_same_drawing_with_parts_removed():
    rings = {}
    for architecture, edges in (("one", 2), ("two", 4), ("three", 6)):
        state = diagram.State(architecture=architecture)
        assert len(marks(state, Lines)) == edges
        rings[architecture] = {tuple(at) for mark in marks(state, Points) for at in mark.at.tolist()}
    assert rings["one"] < rings["two"] < rings["three"]
    assert set(texts(diagram.State(architecture="one"))) <= set(texts(diagram.State(architecture="three")))


def test_thickness_and_colour_are_weights_and_a_dashed_line_carries_nothing():
    state = diagram.State(row="01")
    lines = marks(state, Lines)
    assert [line.colour for line in lines] == ["one-fill"] * 2 + ["zero-fill"] * 2 + ["one-fill"] * 2
    assert {line.width for line in lines} == {line_width(10.0)}
    assert [bool(line.dash) for line in lines] == [True, False, True, False, False, False]


def test_values_set_out_when_something_is_chosen_and_arrive_within_a_second():
    start = diagram.start()
    assert not diagram.running(start)
    state = diagram.changed(replace(start, row="11"), start)
    assert diagram.running(state)
    assert not any(text.startswith("output") for text in texts(state))
    seen = []
    for _ in range(20):
        seen.append(sum(text.startswith("output") for text in texts(state)))
        state = diagram.advance(state, 0.05, 0.008, lambda: 0.0)
    assert sorted(set(seen)) == [0, 2]
    assert seen == sorted(seen)
    assert not diagram.running(state)
    assert sum(text.startswith("output") for text in texts(state)) == 3
    assert diagram.running(diagram.pressed(state, "send"))
    for seconds in (0.1, 0.05):  # a function of time, not of frames
        moved = diagram.pressed(state, "send")
        for _ in range(round(0.6 / seconds)):
            moved = diagram.advance(moved, seconds, 0.008, lambda: 0.0)
        assert moved.travelled == pytest.approx(1.2)


@pytest.mark.parametrize(("architecture", "neurons"), [("one", 1), ("two", 2), ("three", 3)])
def test_for_a_reader_who_wants_no_motion_the_values_are_at_once_at_their_end(architecture, neurons):
    start = diagram.State(architecture=architecture)
    state = diagram.changed(replace(start, row="11"), start)
    arrived = diagram.arrived(state)
    assert not diagram.running(arrived)
    assert sum(text.startswith("output") for text in texts(arrived)) == neurons
    while diagram.running(state):
        state = diagram.advance(state, 0.05, 0.008, lambda: 0.0)
    assert arrived == state


def test_the_description_tells_what_changed():
    start = diagram.start()
    text = diagram.describe(diagram.changed(replace(start, row="11"), start))
    assert text.startswith("A went from 0 to 1, h₂ went from 1 to 0, y went from 1 to 0. The whole network, step")
    assert "XOR wants 0" in text


def test_a_press_on_an_input_is_another_row_as_its_control_sets_it():
    start = diagram.start()
    for name, row in (("A", "11"), ("B", "00")):
        assert diagram.pressed_at(start, "diagram", *PLACES[name]) == diagram.changed(replace(start, row=row), start)
    assert diagram.pressed_at(start, "diagram", *PLACES["h1"]) is start
    assert diagram.pressed_at(start, "diagram", 1.0, 0.5) is start


@pytest.mark.parametrize("architecture", ["one", "two", "three"])
def test_the_node_under_the_pointer_lights_its_terms_and_the_terms_light_their_nodes(architecture):
    state = diagram.State(architecture=architecture)
    formula = diagram.formula(state)
    for name, at in PLACES.items():
        there = name in ("A", "B", *diagram.PARTS[architecture])
        assert diagram.hovered(state, "diagram", *at).term == (name if there else "")
        if name in diagram.PARTS[architecture]:
            assert f'data-term="{name}"' in formula
            lit = [mark for mark in marks(replace(state, term=name), Points) if mark.stroke == "act"]
            assert [tuple(mark.at[0]) for mark in lit] == [at]
    assert diagram.hovered(replace(state, term="h1"), "diagram", None, None).term == ""


def test_the_composed_function_has_the_neurons_inside_one_another():
    composed = diagram.formula(diagram.start()).split("</math>")[0]
    order = re.findall(r'data-term="(\w+)"', composed)
    assert order == ["y", "h1", "A", "B", "h2", "A", "B"]
    assert composed.count("step") == 3
    assert "σ" in diagram.formula(diagram.State(activation="sigmoid"))


@given(states)
def test_every_state_can_be_drawn_described_read_and_linked(state):
    view = diagram.scene(state)["diagram"]
    for mark in view.marks:
        for places in (getattr(mark, name, ()) for name in ("at", "paths")):
            assert all(np.isfinite(part).all() for part in places)
    for text in (diagram.describe(state), diagram.formula(state), *diagram.readouts(state)["answer"]):
        assert text
        assert "nan" not in text
        assert "inf" not in text
    formula = diagram.formula(state)
    assert formula.count("<mrow") == formula.count("</mrow>")
    read, refused = read_link(write_link(state, diagram.start(), diagram.CONTROLS), diagram.CONTROLS)
    assert not refused
    assert with_values(diagram.start(), read) == replace(state, travelled=2.0, term="", news="")


@given(states, st.sampled_from([290.0, 424.0]))
def test_no_text_covers_another_or_leaves_the_picture(state, width):
    view = diagram.scene(state)["diagram"]
    height = width * diagram.SIZES["diagram"][1] / diagram.SIZES["diagram"][0]
    place = Placement(view, width, height)
    boxes = []
    for mark in view.marks:
        for text, (x, y) in zip(
            getattr(mark, "texts", ()), place(mark.at) if isinstance(mark, Labels) else (), strict=True
        ):
            half = np.array([WIDTH_OF_LETTER * mark.size * len(text) / 2, mark.size * 0.5])
            middle = np.array([x, y]) + mark.offset
            middle += np.array([{"left": 1.0, "center": 0.0, "right": -1.0}[mark.align] * half[0], 0.0])
            if text:
                boxes.append((text, middle - half, middle + half))
    for i, (text, low, high) in enumerate(boxes):
        assert (low >= 0).all(), text
        assert (high <= (width, height)).all(), text
        for other, other_low, other_high in boxes[:i]:
            assert (low >= other_high).any() or (other_low >= high).any(), (text, other)
