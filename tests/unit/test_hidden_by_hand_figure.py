"""The figure `hidden-by-hand`, with no browser: which layers it takes for a solution, what it draws, hints and says."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import hidden_by_hand as figure
from figures.controls import read_link, with_values, write_link
from scene.half_planes import clipped
from scene.marks import Handles, Labels, Lines, Points, Regions, Surface
from scene.parting import answers_by_band, merged
from scene.plane import grid
from scene.xor_layer import WORTH, X, layer, tangled

TENTHS = st.integers(-100, 100).map(lambda n: n / 10)
HALVES = st.integers(-20, 20).map(lambda n: n / 2)
STATES = st.fixed_dictionaries(
    {
        "bias_1": TENTHS,
        "bias_2": TENTHS,
        **dict.fromkeys(figure.NUMBERS[2:], HALVES),
        "activation": st.sampled_from(["sigmoid", "step", "tanh"]),
        "hint": st.sampled_from("0123"),
        "guess": st.sampled_from(["", "0.1", "2", "6"]),
        "term": st.sampled_from(["", "h1", "h2", "line", "00", "11", "nonsense"]),
    }
)
SIGNS = ((0).__lt__, (0).__gt__, (0).__eq__)
"""Whether a number is above, below, or equal to 0."""
PARTED = {"bias_1": -2.0, "bias_2": -8.0}


def put(state, **values):
    for name, value in values.items():
        state = figure.changed(replace(state, **{name: value}), state)
    return state


def solved(state):
    return figure.readouts(state)["solved"][1] == "true"


def marks(state, view, kind):
    return [mark for mark in figure.scene(state)[view].marks if isinstance(mark, kind)]


def can_be_parted(images):
    """Whether some w, b have w.x + b >= 1 on 01 and 10 and <= -1 on 00 and 11: a linear program, of whose unknowns
    Fourier and Motzkin's method leaves out one after the other, in whole numbers."""
    ratios = [value.as_integer_ratio() for value in images.ravel().tolist()]
    unit = max(below for _, below in ratios)  # a power of 2, as they all are
    x_y = [above * (unit // below) for above, below in ratios]
    # A row is the factors of x's, y's and b's unknown, and what their sum has to be at least.
    rows = [[s * x, s * y, s * unit, unit] for s, x, y in zip((-1, 1, 1, -1), x_y[::2], x_y[1::2], strict=True)]
    for unknown in range(3):
        above, below, kept = ([row for row in rows if test(row[unknown])] for test in SIGNS)
        rows = kept + [
            [a * -low[unknown] + b * high[unknown] for a, b in zip(high, low, strict=True)]
            for high in above
            for low in below
        ]
    return all(row[3] <= 0 for row in rows)


def seeded(seed):
    """Six numbers on the controls' steps: anywhere, or such that images coincide, are in line, or are all but so."""
    random = np.random.default_rng(seed)
    biases, weights = random.integers(-100, 101, 2) / 10, random.integers(-20, 21, (2, 2)) / 2
    kind = seed % 8
    if kind == 1:  # two equal neurons: all images in line
        biases[1], weights[:, 1] = biases[0], weights[:, 0]
    elif kind == 2:  # two opposite neurons: in line again
        biases[1], weights[:, 1] = -biases[0], -weights[:, 0]
    elif kind == 3:  # A and B weigh the same: 01 and 10 coincide
        weights[1] = weights[0]
    elif kind == 4:  # one neuron that hears nothing
        weights[:, 1] = 0.0
    elif kind == 5:  # the whole picture is symmetric
        biases[1], weights[:, 1] = biases[0], weights[::-1, 0]
    elif kind == 6:  # A is not heard: 00 and 10 coincide
        weights[0] = 0.0
    return (*biases.tolist(), *weights.ravel().tolist())


def test_it_is_solved_by_every_layer_that_a_linear_program_says_can_be_parted_and_by_no_other():
    verdicts = {True: 0, False: 0}
    for seed in range(10_000):
        found = layer(seeded(seed), ("sigmoid", "step", "tanh")[seed % 3])
        state = figure.State(*found.numbers, activation=found.activation)
        expected = can_be_parted(found.images)
        assert solved(state) is expected, found
        verdicts[expected] += 1
    assert min(verdicts.values()) > 1500


def test_the_linear_program_knows_what_can_be_parted():
    square = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    assert not can_be_parted(square)
    assert can_be_parted(square * [[1.0, 1.0], [1.0, 0.4], [0.4, 1.0], [1.0, 1.0]] + [[0, 0], [2.0, 0], [0, 0], [0, 0]])
    assert can_be_parted(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 1.0]]))
    assert not can_be_parted(np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 1.0], [2.0, 2.0]]))
    assert can_be_parted(np.array([[0.0, 0.0], [2.0, 2.0], [3.0, 3.0], [1.0, 1.0]]))
    assert not can_be_parted(np.zeros((4, 2)))


@given(STATES)
def test_every_state_can_be_drawn_described_and_read_with_finite_numbers(values):
    state = put(figure.start(), **values)
    for view in figure.scene(state).values():
        for mark in view.marks:
            for part in (*getattr(mark, "paths", ()), *getattr(mark, "outlines", ()), getattr(mark, "at", 0.0)):
                assert np.isfinite(part).all()
    for text in (figure.describe(state), figure.formula(state), *map(str, figure.readouts(state).values())):
        assert text
        assert not re.search(r"\b(nan|inf)\b|None|-\d", re.sub(r"<[^>]*>|e-\d+'|'-?[\d.e-]+'", "", text))


@given(STATES)
def test_the_band_is_the_widest_its_edges_go_through_points_and_its_width_is_told(values):
    state = put(figure.start(), **values)
    found = state.layer
    bands = marks(state, "hidden", Regions)
    if not found.separation.separable:
        assert bands == []
        assert "no band" in figure.readouts(state)["width"][0]
        lit, dark = found.images[1:3], found.images[[0, 3]]
        # The place where the threads are said to meet is on both.
        for a, b in (lit, dark):
            share = np.clip((found.meeting - a) @ (b - a) / max((b - a) @ (b - a), 1e-300), 0.0, 1.0)
            np.testing.assert_allclose(a + share * (b - a), found.meeting, atol=1e-9)
        return
    assert float(figure.readouts(state)["width"][1]) == found.width > 0.0
    if found.width > 1e-6:
        sides = found.images @ found.separation.w + found.separation.b
        assert min(sides[1:3]) == pytest.approx(found.width / 2, rel=1e-6)
        assert max(sides[[0, 3]]) == pytest.approx(-found.width / 2, rel=1e-6)
    for outline in (outline for band in bands for outline in band.outlines if len(outline)):
        assert np.abs(outline @ found.separation.w + found.separation.b).max() <= found.width / 2 + 1e-9


def test_the_widest_band_is_as_wide_as_the_nearest_points_of_the_threads_are_apart():
    for seed in range(0, 600, 4):
        found = layer(seeded(seed), "sigmoid")
        share = np.linspace(0.0, 1.0, 201)[:, None]
        dark, lit = (a + share * (b - a) for a, b in (found.images[[0, 3]], found.images[1:3]))
        nearest = np.linalg.norm(dark[:, None] - lit, axis=2).min()
        assert found.width == pytest.approx(nearest, abs=0.02)


def test_it_opens_unsolved_and_is_solved_by_what_the_third_hint_says():
    state = figure.start()
    assert not solved(state)
    told = figure.describe(put(state, hint="3"))
    numbers = [float(text.replace("−", "-")) for text in re.findall(r"= (−?[\d.]+)", told.partition("Hint: ")[2])]
    after = put(state, bias_1=numbers[0], bias_2=numbers[1])
    assert solved(after)
    assert "one line is enough: the widest band is 0.454 wide. It took 1 move." in figure.describe(after)


def test_the_hints_grow_stronger_and_each_is_part_of_the_way():
    nudge, way, numbers = (figure.describe(put(figure.start(), hint=h)).partition("Hint: ")[2] for h in "123")
    assert nudge == "let h₁ light 01, 10, 11 and no other row."
    assert way == "let h₁ light 01, 10, 11 and h₂ 11: raise b₁ and lower b₂."
    assert numbers == "b₁ = −2.0 and b₂ = −8.0 will do."
    assert "Hint" not in figure.describe(figure.start())


@given(STATES)
@settings(max_examples=60)
def test_every_hint_is_true_for_the_weights_as_they_are(values):
    found = put(figure.start(), **values).layer
    if found.way is None:
        assert layer((-2.0, -8.0, *figure.GIVEN[2:]), found.activation).width >= WORTH
        return
    there = layer((*found.way, *found.numbers[2:]), found.activation)
    assert there.separation.separable
    assert there.width >= WORTH
    for k in (0, 1):
        lit = [
            name for name, z in zip(("00", "01", "10", "11"), X @ there.weights + there.biases, strict=True) if z[k] > 0
        ]
        assert found.lit(found.way, k) == (", ".join(lit) or "none")


@pytest.mark.parametrize("activation", ["sigmoid", "step", "tanh"])
def test_with_the_given_weights_the_biases_must_be_at_least_2_1_apart(activation):
    # Swapping h1 and h2 swaps the inputs: what holds for b2 above b1 holds for b1 above b2.
    for apart in range(21):
        for tenths in range(-100, 101 - apart, 1 if apart == 20 else 9):
            biases = tenths / 10, (tenths + apart) / 10
            assert not layer((*biases, *figure.GIVEN[2:]), activation).separation.separable
    assert any(
        layer((b / 10, (b + 21) / 10, *figure.GIVEN[2:]), activation).separation.separable for b in range(-100, 80)
    )


def test_with_equal_biases_the_given_weights_never_part_the_rows():
    for activation in ("sigmoid", "step", "tanh"):
        for tenths in range(-100, 101):
            found = layer((tenths / 10, tenths / 10, *figure.GIVEN[2:]), activation)
            assert not found.separation.separable
            assert abs(found.meeting[0] - found.meeting[1]) < 1e-9


@given(st.lists(HALVES, min_size=4, max_size=4), st.sampled_from(["sigmoid", "tanh"]))
def test_where_both_lines_go_through_the_middle_of_the_square_the_threads_meet_in_the_middle(weights, activation):
    W = np.reshape(weights, (2, 2))
    found = layer((*(-W.sum(axis=0) / 2).tolist(), *weights), activation)
    middle = 0.5 if activation == "sigmoid" else 0.0
    for a, b in (found.images[[0, 3]], found.images[1:3]):
        np.testing.assert_allclose((a + b) / 2, middle, atol=1e-12)


def test_every_challenge_begins_tangled_and_can_be_parted_by_the_biases_alone():
    for seed in range(20):
        state = put(figure.start(), seed=seed, challenge=True)
        assert state.numbers == tangled(seed)
        np.testing.assert_allclose(state.layer.meeting, [0.5, 0.5], atol=1e-9)
        for number, control in zip(state.numbers, figure.CONTROLS[:6], strict=True):
            assert control.parse(control.write(number)) == number
        assert not solved(state)
        assert state.moves == 0
        way = state.layer.way
        after = put(state, bias_1=way[0], bias_2=way[1])
        assert solved(after)
        assert after.moves <= 2
    assert put(after, challenge=False).numbers == figure.GIVEN


def test_a_challenge_is_solved_from_the_words_alone():
    state = put(figure.start(), seed=7, challenge=True, hint="2")
    for _ in range(400):
        told = figure.describe(state)
        if "one line is" in told:
            break
        for verb, name in re.findall(r"(raise|lower) b([₁₂])", told):
            k = "₁₂".index(name) + 1
            value = round(getattr(state, f"bias_{k}") + (0.1 if verb == "raise" else -0.1), 1)
            state = put(state, **{f"bias_{k}": value})
    assert solved(state)


def test_moving_one_number_further_is_one_move_and_what_comes_after_the_solution_is_none():
    state = put(figure.start(), bias_1=-4.9)
    state = put(state, bias_1=-4.8)
    assert state.moves == 1
    state = put(state, w_b2=5.5)
    assert state.moves == 2
    state = put(state, bias_2=-9.0)
    assert (solved(state), state.moves) == (True, 3)
    assert put(state, bias_1=-4.0).moves == 3


def test_a_band_of_less_than_a_thousandth_is_called_only_just():
    state = put(figure.start(), bias_1=-7.4, bias_2=-5.3)
    assert figure.readouts(state)["solved"][0] == "✓ Only just"
    assert "only just enough: the widest band is 0.000117 wide" in figure.describe(state)


@given(STATES, st.sampled_from([1, 2]), st.floats(-0.5, 1.5), st.floats(-0.5, 1.5))
def test_a_drag_has_the_same_effect_as_its_slider_and_takes_the_line_to_the_pointer(values, k, x, y):
    state = put(figure.start(), **values)
    exact = -float(state.layer.weights[:, k - 1] @ (x, y))
    value = round(min(max(exact, -10.0), 10.0), 1) + 0.0
    assert figure.dragged(state, f"line-{k}", x, y) == put(state, **{f"bias_{k}": value})


@given(STATES)
def test_each_line_in_sight_has_its_handle_on_it(values):
    state = put(figure.start(), **values)
    held = {name: at for mark in marks(state, "plane", Handles) for name, at in zip(mark.names, mark.at, strict=True)}
    for k in (1, 2):
        normal, bias = state.layer.weights[:, k - 1], state.layer.biases[k - 1]
        assert (f"line-{k}" in held) == bool(normal.any())
        if normal.any():
            at = held[f"line-{k}"]
            assert np.abs(at - 0.5).max() <= 1.0
            on_line = abs(normal @ at + bias) < 1e-9
            assert on_line or np.abs(at - 0.5).max() > 0.85  # the line is out of sight: at the edge next to it


@given(STATES)
def test_a_link_gives_the_same_layer_again(values):
    state = put(figure.start(), **values)
    read, refused = read_link(write_link(state, figure.start(), figure.CONTROLS), figure.CONTROLS)
    again = figure.changed(with_values(figure.start(), read), figure.start())
    assert refused == []
    assert (again.numbers, again.activation, again.hint) == (state.numbers, state.activation, state.hint)


def test_points_that_coincide_share_a_label():
    state = put(figure.start(), **PARTED, activation="step")
    texts = [text for mark in marks(state, "hidden", Labels) for text in mark.texts]
    assert {"00", "01, 10", "11"} <= set(texts)
    places, names = merged(np.zeros((4, 2)), 0.1)
    assert (len(places), names) == (1, ("00, 01, 10, 11",))


def test_the_colours_of_the_plane_are_what_the_line_says_there():
    assert marks(figure.start(), "plane", Surface) == []
    state = put(figure.start(), **PARTED)
    values = marks(state, "plane", Surface)[0].values
    found = state.layer
    places = grid(-0.5, 1.5, len(values))
    says = found.after(places) @ found.separation.w + found.separation.b > 0
    np.testing.assert_array_equal(values.ravel() > 0.5, says)
    np.testing.assert_allclose(answers_by_band(found.separation, found.images)[[0, 3]], 0.2)


def test_the_threads_of_the_two_pictures_join_the_rows_of_each_class():
    state = put(figure.start(), **PARTED)
    for view, points in (("plane", X), ("hidden", state.layer.images)):
        threads = {mark.colour: mark.paths[0] for mark in marks(state, view, Lines) if mark.colour in ("zero", "one")}
        np.testing.assert_array_equal(threads["zero"], points[[0, 3]])
        np.testing.assert_array_equal(threads["one"], points[[1, 2]])


def test_what_is_pointed_at_is_lit_in_both_pictures_and_in_the_formula():
    state = put(figure.start(), **PARTED)
    lit = figure.hovered(state, "hidden", *state.layer.images[3])
    assert lit.term == "11"
    assert 'data-term="11"' in figure.formula(lit)
    for view in ("plane", "hidden"):
        assert any(mark.stroke == "act" for mark in marks(lit, view, Points))
    assert figure.hovered(state, "plane", 0.2, 0.2).term == "h1"
    assert figure.hovered(lit, "plane", None, None).term == ""
    band = marks(replace(state, term="line"), "hidden", Regions)[0]
    assert band.colour == "act"
    assert len(clipped(band.outlines[0], np.array([1.0, 0.0]), 9.0)) > 2


def test_the_formula_has_the_numbers_and_says_on_which_side_of_the_line_each_row_is():
    text = figure.formula(put(figure.start(), **PARTED))
    assert "<mn>6.00</mn>" in text
    assert 'data-term="line"' in text
    assert re.findall(r"(above|below) 0", text) == ["below", "above", "above", "below"]
    assert 'data-term="line"' not in figure.formula(figure.start())
