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
from scene.computation import AT, INNER, short
from scene.marks import Labels, Lines
from scene.names import in_words
from scene.nine_numbers import FROM, TO
from scene.placement import Placement
from scene.ticks import number
from unfold.backprop import gradients
from unfold.training import step

NAMES = list(figure.PARAMETERS)


@st.composite
def states(draw):
    opened = figure.start()
    state = figure.changed(replace(opened, start=draw(st.sampled_from(list(figure.STARTS)))), opened)
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


def labels(state):
    """Every text in the picture."""
    return [text for mark in figure.scene(state)["graph"].marks if isinstance(mark, Labels) for text in mark.texts]


def lit(state):
    """The edges lit, as pairs of the values they join."""
    places = {at: name for name, at in reversed(AT.items())}
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
    unbroken = figure.formula(state).replace('</math><wbr><math><mo form="infix">', "<mo>")
    rows = [html.unescape(re.sub("<[^>]*>", " ", row)) for row in unbroken.split("</math>")]
    numbers = [float(text.replace("−", "-")) for text in re.findall(r"−?\d+\.\d+", rows[1] + rows[2])]
    *factors, product = numbers
    assert factors == [float(f"{link.value:.4f}") for link in figure.links(state, name)]
    assert product == pytest.approx(slope_by_training(state, name), abs=0.6e-5)
    assert math.prod(factors) == pytest.approx(product, abs=3e-4)
    assert number(figure.product(state), 5) in rows[3]


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
    a, b = (np.array(AT[place]) for place in (FROM[name], TO[name]))
    at = a + 0.3 * (b - a)
    state = figure.hovered(start, "graph", *at)
    assert state == figure.pressed_at(start, "graph", *at)
    assert (state.weight, state.term) == (name, f"{TO[name]}-{name}")
    left = figure.hovered(state, "graph", None, None)
    assert left == replace(start, weight=name)
    assert figure.hovered(state, "graph", 5.0, 0.95).term == ""


def test_pointing_at_an_edge_without_a_weight_lights_its_factor_and_chooses_nothing():
    for first, last in INNER:
        middle = (np.array(AT[first]) + np.array(AT[last])) / 2
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


@pytest.mark.parametrize("start", list(figure.STARTS))
@pytest.mark.parametrize("row", list(figure.ROWS))
@pytest.mark.parametrize("rate", [0.1, 0.5, 1.0, 5.0])
def test_from_either_start_every_step_makes_the_loss_fall_and_the_words_say_so(row, rate, start):
    state = figure.changed(replace(figure.start(), row=row, learning_rate=rate, start=start), figure.start())
    for _ in range(20):
        before = figure.values(state)["L"]
        state = figure.pressed(state, "step")
        assert figure.values(state)["L"] < before
        assert f"Step {state.steps}: the loss fell, from {number(before, 4)}" in figure.describe(state)


def numbers(state):
    return [figure.parameter(state.network, name) for name in NAMES]


def test_it_opens_on_the_example_of_the_text_with_its_factors_and_its_product():
    state = figure.start()
    shown = dict(zip(NAMES, numbers(state), strict=True))
    assert (shown["w11"], shown["w21"], shown["b1"]) == (1.0, 1.0, -0.5)  # OR
    assert (shown["w12"], shown["w22"], shown["b2"]) == (-1.0, -1.0, 1.5)  # NAND
    assert (shown["v1"], shown["v2"], shown["c"]) == (1.0, 1.0, -1.5)  # AND
    assert state.network.activations == ("sigmoid", "sigmoid")
    assert (state.weight, state.row, state.learning_rate) == ("w11", "10", 1.0)
    factors = [round(link.value, 3) for link in figure.links(state, "w11")]
    assert factors == [-1.127, 0.246, 1.0, 0.235, 1.0]
    assert round(figure.product(state), 3) == -0.065
    said = figure.describe(state)
    assert "the answer is 0.437, the target 1" in said
    assert "−1.127 · 0.246 · 1.000 · 0.235 · 1.000" in said
    texts = labels(state)
    assert {"−1.127", "0.246", "1.00", "0.235", "0.437", "0.317", "target 1"} <= set(texts)


def test_one_step_with_the_rate_it_opens_with_takes_the_loss_from_0_317_to_0_180_as_the_text_says():
    state = figure.pressed(figure.start(), "step")
    assert [round(loss, 3) for loss in (state.before, figure.values(state)["L"])] == [0.317, 0.18]
    assert "Step 1: the loss fell, from 0.3174 to 0.1796." in figure.describe(state)


def test_weights_are_called_in_list_picture_and_formula_as_the_text_calls_them():
    (control,) = (control for control in figure.CONTROLS if control.name == "weight")
    called = {"w11": "wA₁", "w12": "wA₂", "w21": "wB₁", "w22": "wB₂", "b1": "b₁", "b2": "b₂", "v1": "v₁", "v2": "v₂"}
    assert dict(control.options) == {**called, "c": "c"}
    texts = labels(figure.start())
    for name in NAMES:
        state = replace(figure.start(), weight=name)
        assert f"From {in_words(name)} =" in figure.describe(state)
        letter, *index = in_words(name).translate(str.maketrans("₁₂", "12"))
        assert letter in texts
        assert not index or "".join(index) in texts
    assert "<msub><mi>w</mi><mrow><mi>B</mi><mn>1</mn></mrow></msub>" in figure.formula(
        replace(figure.start(), weight="w21")
    )


def test_rewind_gives_the_same_start_again():
    for start in figure.STARTS:
        opened = figure.changed(replace(figure.start(), start=start), figure.start())
        state = figure.pressed(figure.pressed(opened, "step"), "rewind")
        assert (state.steps, state.before) == (0, None)
        assert numbers(state) == numbers(opened)


def test_another_start_is_another_network_with_no_step_made_and_the_first_comes_back():
    stepped = figure.pressed(figure.start(), "step")
    other = figure.changed(replace(stepped, start="random"), stepped)
    assert (other.steps, other.before) == (0, None)
    assert not set(numbers(other)[:4]) & set(numbers(figure.start()))
    assert numbers(figure.changed(replace(other, start="gates"), other)) == numbers(figure.start())


def test_another_row_keeps_the_network_and_does_not_compare_losses_of_two_samples():
    state = figure.pressed(figure.start(), "step")
    other = figure.changed(replace(state, row="01"), state)
    assert other.network is state.network
    assert "Step" not in figure.describe(other)


def test_the_circles_show_the_values_of_the_forward_pass():
    state = replace(figure.start(), row="11")
    z, a = state.network.layer_values(figure.X[3:4])
    shown = figure.values(state)
    assert [shown["z1"], shown["z2"]] == z[0][0].tolist()
    assert [shown["h1"], shown["h2"]] == a[1][0].tolist()
    assert shown["y"] == a[2][0, 0]
    assert {short(value) for name, value in shown.items() if name not in "AB"} <= set(labels(state))


@pytest.mark.parametrize("width", [288, 424, 702])
@pytest.mark.parametrize("start", list(figure.STARTS))
@pytest.mark.parametrize("row", list(figure.ROWS))
def test_no_two_labels_overlap_on_a_phone_or_a_screen_and_none_leaves_the_picture(row, start, width):
    state = figure.changed(replace(figure.start(), row=row, start=start), figure.start())
    height = width * figure.SIZES["graph"][1] / figure.SIZES["graph"][0]
    for _ in range(4):
        view = figure.scene(state)["graph"]
        place = Placement(view, width, height)
        boxes = []
        for mark in view.marks:
            for at, text in zip(place(mark.at), mark.texts, strict=True) if isinstance(mark, Labels) else ():
                assert mark.size >= 11.0
                (x, y), wide = at + np.array(mark.offset), 0.53 * mark.size * len(text)
                x -= {"left": 0.0, "center": 0.5, "right": 1.0}[mark.align] * wide
                boxes.append((x, y - 0.38 * mark.size, x + wide, y + 0.38 * mark.size, text))
        for k, one in enumerate(boxes):
            assert min(one[0], one[1], width - one[2], height - one[3]) >= 0.0, one
            for other in boxes[:k]:
                near = 1e-6  # a letter and its index touch
                apart = (
                    one[2] <= other[0] + near or other[2] <= one[0] + near or one[3] <= other[1] or other[3] <= one[1]
                )
                assert apart, (one, other)
        for _ in range(5):
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
        local[f"h{k}-z{k}"] = shown[f"h{k}"] * (1.0 - shown[f"h{k}"])
        local |= {f"z{k}-w1{k}": shown["A"], f"z{k}-w2{k}": shown["B"], f"z{k}-b{k}": 1.0, f"z-v{k}": shown[f"h{k}"]}
    local["z-c"] = 1.0
    for name in NAMES:
        for link in figure.links(state, name):
            assert link.value == pytest.approx(local[link.term], abs=1e-12)
