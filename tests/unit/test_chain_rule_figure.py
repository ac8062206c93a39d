"""The figure `chain-rule`, with no browser: the product it writes out, the path it lights, and its steps."""

from __future__ import annotations

import html
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import chain_rule as figure
from figures.controls import read_link, with_values, write_link
from scene.marks import Labels, Lines
from scene.placement import Placement
from scene.ticks import number
from unfold.backprop import gradients
from unfold.training import step

NAMES = list(figure.PARAMETERS)


@st.composite
def states(draw):
    state = figure.start()
    for row in draw(st.lists(st.sampled_from(list(figure.ROWS)), max_size=6)):
        state = figure.changed(replace(state, row=row, learning_rate=draw(st.integers(1, 50)) / 10), state)
        state = figure.pressed(state, draw(st.sampled_from(["step", "step", "step", "rewind"])))
    links = figure.links(state, "w11")
    terms = ["", *(link.term for link in links)]
    return replace(state, weight=draw(st.sampled_from(NAMES)), term=draw(st.sampled_from(terms)))


def slope_by_training(state, name):
    """The derivative that a training step uses."""
    row = figure.ROWS[state.row]
    slopes = gradients(state.network, figure.X[row : row + 1], figure.Y[row : row + 1])
    layer, i, j = figure.PARAMETERS[name]
    return float(slopes.biases[layer][j] if i is None else slopes.weights[layer][i, j])


def lit(state):
    """The edges lit, as pairs of the values they join."""
    places = {at: name for name, at in reversed(figure.AT.items())}
    lines = [mark for mark in figure.scene(state)["graph"].marks if isinstance(mark, Lines) and mark.colour == "act"]
    return {tuple(places[tuple(end)] for end in mark.paths[0].tolist()): mark.width for mark in lines}


@settings(deadline=None, max_examples=80)
@given(states())
def test_the_written_product_is_the_derivative_that_training_uses_for_every_weight_and_bias(state):
    for name in NAMES:
        chosen = replace(state, weight=name)
        assert abs(figure.product(chosen) - slope_by_training(state, name)) <= 1e-12
        assert abs(figure.measured(chosen) - figure.product(chosen)) <= 1e-8


@pytest.mark.parametrize("name", NAMES)
def test_the_formula_writes_every_factor_and_the_product_beside_the_finite_difference(name):
    state = replace(figure.start(), weight=name)
    rows = [html.unescape(re.sub("<[^>]*>", " ", row)) for row in figure.formula(state).split("</math>")]
    numbers = [float(text.replace("−", "-")) for text in re.findall(r"−?\d+\.\d+", rows[1])]
    *factors, product = numbers
    assert factors == [float(f"{link.value:.4f}") for link in figure.links(state, name)]
    assert product == pytest.approx(slope_by_training(state, name), abs=0.6e-5)
    assert math.prod(factors) == pytest.approx(product, abs=3e-4)
    assert number(figure.product(state), 5) in rows[2]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("w11", {("A", "z1"), ("z1", "h1"), ("h1", "z"), ("z", "y"), ("y", "L")}),
        ("w12", {("A", "z2"), ("z2", "h2"), ("h2", "z"), ("z", "y"), ("y", "L")}),
        ("w21", {("B", "z1"), ("z1", "h1"), ("h1", "z"), ("z", "y"), ("y", "L")}),
        ("b2", {("b2", "z2"), ("z2", "h2"), ("h2", "z"), ("z", "y"), ("y", "L")}),
        ("v2", {("h2", "z"), ("z", "y"), ("y", "L")}),
        ("c", {("c", "z"), ("z", "y"), ("y", "L")}),
    ],
)
def test_the_one_path_from_the_weight_to_the_loss_is_lit_and_thick(name, path):
    shown = lit(replace(figure.start(), weight=name))
    assert set(shown) == path
    assert min(shown.values()) >= 5.0


@pytest.mark.parametrize("name", NAMES)
def test_each_factor_of_the_formula_lights_its_own_edge(name):
    state = replace(figure.start(), weight=name)
    terms = re.findall('data-term="(.*?)" tabindex', figure.formula(state))
    assert terms == [link.term for link in figure.links(state, name)]
    for link in figure.links(state, name):
        shown = lit(replace(state, term=link.term))
        assert shown[link.ends] == max(shown.values()) > 5.0


@pytest.mark.parametrize("name", NAMES)
def test_pointing_at_or_pressing_a_weight_s_edge_chooses_it_as_the_list_does(name):
    start = replace(figure.start(), weight="c" if name == "w11" else "w11")
    a, b = (np.array(figure.AT[place]) for place in (figure.FROM[name], figure.TO[name]))
    at = a + 0.3 * (b - a)
    state = figure.hovered(start, "graph", *at)
    assert state == figure.pressed_at(start, "graph", *at)
    assert (state.weight, state.term) == (name, f"{figure.TO[name]}-{name}")
    left = figure.hovered(state, "graph", None, None)
    assert left == replace(start, weight=name)
    assert figure.hovered(state, "graph", 5.0, 0.95).term == ""


def test_pointing_at_an_edge_without_a_weight_lights_its_factor_and_chooses_nothing():
    for first, last in figure.INNER:
        middle = (np.array(figure.AT[first]) + np.array(figure.AT[last])) / 2
        state = figure.hovered(figure.start(), "graph", *middle)
        assert (state.weight, state.term) == ("w11", f"{last}-{first}")
        assert (first, last) in lit(state)


def test_step_is_a_step_of_training_on_the_one_sample_for_all_nine():
    state = replace(figure.start(), row="10", learning_rate=0.7)
    stepped = figure.pressed(state, "step")
    expected = step(state.network, gradients(state.network, figure.X[2:3], figure.Y[2:3]), 0.7)
    for name in NAMES:
        assert figure.parameter(stepped.network, name) == figure.parameter(expected, name)
        moved = figure.parameter(state.network, name) - 0.7 * slope_by_training(state, name)
        assert figure.parameter(stepped.network, name) == pytest.approx(moved, abs=1e-15)


@pytest.mark.parametrize("row", list(figure.ROWS))
@pytest.mark.parametrize("rate", [0.1, 0.5, 5.0])
def test_from_the_start_every_step_makes_the_loss_fall_and_the_words_say_so(row, rate):
    state = replace(figure.start(), row=row, learning_rate=rate)
    for _ in range(20):
        before = figure.values(state)["L"]
        state = figure.pressed(state, "step")
        assert figure.values(state)["L"] < before
        assert f"Step {state.steps}: the loss fell, from {number(before, 4)}" in figure.describe(state)


def test_rewind_gives_the_same_start_again():
    state = figure.pressed(figure.pressed(figure.start(), "step"), "rewind")
    assert (state.steps, state.before) == (0, None)
    assert [figure.parameter(state.network, name) for name in NAMES] == [
        figure.parameter(figure.start().network, name) for name in NAMES
    ]


def test_another_row_keeps_the_network_and_does_not_compare_losses_of_two_samples():
    state = figure.pressed(figure.start(), "step")
    other = figure.changed(replace(state, row="01"), state)
    assert other.network is state.network
    assert "Step" not in figure.describe(other)


def test_the_circles_show_the_values_of_the_forward_pass():
    state = figure.start()
    z, a = state.network.layer_values(figure.X[3:4])
    shown = figure.values(state)
    assert [shown["z1"], shown["z2"]] == z[0][0].tolist()
    assert [shown["h1"], shown["h2"]] == a[1][0].tolist()
    assert shown["y"] == a[2][0, 0]
    texts = [text for mark in figure.scene(state)["graph"].marks if isinstance(mark, Labels) for text in mark.texts]
    assert {number(value) for name, value in shown.items() if name not in "AB"} <= set(texts)


@pytest.mark.parametrize("width", [290, 424])
@pytest.mark.parametrize("name", NAMES)
def test_no_two_labels_overlap_on_a_phone_or_a_screen(name, width):
    state = replace(figure.start(), weight=name)
    for _ in range(4):
        view = figure.scene(state)["graph"]
        place = Placement(view, width, width * 340 / 424)
        boxes = []
        for mark in view.marks:
            if isinstance(mark, Labels):
                (x, y), wide = place(mark.at)[0] + np.array(mark.offset), 0.53 * mark.size * len(mark.texts[0])
                x -= {"left": 0.0, "center": 0.5, "right": 1.0}[mark.align] * wide
                boxes.append((x, y - 0.38 * mark.size, x + wide, y + 0.38 * mark.size, mark.texts[0]))
        for k, one in enumerate(boxes):
            for other in boxes[:k]:
                apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
                assert apart, (one, other)
        state = figure.pressed(replace(state, learning_rate=5.0), "step")


@settings(deadline=None, max_examples=60)
@given(states())
def test_every_state_is_drawn_described_and_written_with_finite_numbers(state):
    for mark in figure.scene(state)["graph"].marks:
        if isinstance(mark, Labels):
            assert np.isfinite(mark.at).all()
    words = [figure.describe(state), figure.formula(state), *(text for text, _ in figure.readouts(state).values())]
    assert not re.search(r"\b(nan|inf)\b", " ".join(words), re.IGNORECASE)
    start = figure.start()
    values, refused = read_link(write_link(state, start, figure.CONTROLS), figure.CONTROLS)
    assert not refused
    assert write_link(with_values(start, values), start, figure.CONTROLS) == write_link(state, start, figure.CONTROLS)


@settings(deadline=None, max_examples=30)
@given(states())
def test_each_factor_is_the_local_derivative_it_is_named(state):
    shown, target = figure.values(state), float(figure.Y[figure.ROWS[state.row], 0])
    local = {"L-y": 2.0 * (shown["y"] - target), "y-z": shown["y"] * (1.0 - shown["y"])}
    for k in "12":
        local[f"z-h{k}"] = figure.parameter(state.network, f"v{k}")
        local[f"h{k}-z{k}"] = 1.0 - shown[f"h{k}"] ** 2
        local |= {f"z{k}-w1{k}": shown["A"], f"z{k}-w2{k}": shown["B"], f"z{k}-b{k}": 1.0, f"z-v{k}": shown[f"h{k}"]}
    local["z-c"] = 1.0
    for name in NAMES:
        for link in figure.links(state, name):
            assert link.value == pytest.approx(local[link.term], abs=1e-12)
