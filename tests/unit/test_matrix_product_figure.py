"""The figure `matrix-product`, with no browser: the numbers it multiplies, adds and shows, and its way through them."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import matrix_product, weight_boxes
from figures.controls import read_link, settings, with_values, write_link
from scene.marks import Labels, Lines, Regions
from unfold.datasets import gate

NUMBERS = tuple(chain(*weight_boxes.FIELDS))
HUNDREDTHS = st.integers(-300, 300).map(lambda n: n / 100)
STATES = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 999),
        "row": st.sampled_from(["00", "01", "10", "11", "all"]),
        "neurons": st.integers(1, 4),
        "time": st.integers(0, 320).map(lambda n: n / 20),
        "entry": st.integers(1, 16),
        "guess": st.sampled_from(["", *matrix_product.SIGNS]),
        "term": st.sampled_from(["", "z1", "z16", "h1", "h4"]),
    },
    optional=dict.fromkeys(NUMBERS, HUNDREDTHS),
)


def put(state, **values):
    for name, value in values.items():
        state = matrix_product.changed(replace(state, **{name: value}), state)
    return state


def labels(state):
    return [mark for mark in matrix_product.scene(state)["table"].marks if isinstance(mark, Labels)]


def drawn_result(state):
    """The entries of the result as they stand in the picture, row by row; an empty text where none stands yet."""
    rows = [mark for mark in labels(state) if mark.at[0, 1] <= -5.0 and mark.at[0, 0] == 2.5]
    return [text for mark in rows[: len(matrix_product.product(state).X)] for text in mark.texts]


def value_of(expression):
    """What a sum in text comes to, worked out exactly: 1 · (−0.50) + 0 · 0.80 − 0.30."""
    total = Fraction(0)
    for sign, term in re.findall(r"([+-])\s*((?:[\d.]+\s·\s)?\(?-?[\d.]+\)?)", "+ " + expression.replace("−", "-")):
        factors = [Fraction(part.strip(" ()")) for part in term.split("·")]
        total += (1 if sign == "+" else -1) * np.prod(factors)
    return total


@given(STATES)
def test_every_state_can_be_drawn_described_and_read(values):
    state = put(matrix_product.start(), **values)
    assert set(matrix_product.scene(state)) == set(matrix_product.SIZES)
    for mark in matrix_product.scene(state)["table"].marks:
        for part in (*getattr(mark, "paths", ()), *([mark.at] if hasattr(mark, "at") else [])):
            assert np.isfinite(part).all()
    for text in (
        matrix_product.describe(state),
        matrix_product.formula(state),
        *matrix_product.readouts(state)["entry"],
    ):
        assert text
        assert not re.search(r"\b(nan|inf)\b|None", text)


@given(STATES)
def test_each_product_and_sum_that_is_shown_comes_to_the_entry_exactly(values):
    state = put(matrix_product.start(), **values)
    work = matrix_product.product(state)
    exact = [
        sum(Fraction(int(x)) * Fraction(round(100 * w), 100) for x, w in zip(row, column, strict=True))
        + Fraction(round(100 * b), 100)
        for row in work.X.tolist()
        for column, b in zip(work.W.T.tolist(), work.b.tolist(), strict=True)
    ]
    for k, value in enumerate(exact, 1):
        first, last = work.lines(k, True)
        products, sums = first.split(" = ")[1], last.removeprefix("= ").split(" = ")
        assert value_of(products) == value_of(sums[0]) == value_of(sums[1]) == value
        assert work.value(k) == pytest.approx(float(value), abs=1e-15)
    np.testing.assert_array_equal(work.result, work.X @ work.W + work.b)


@given(STATES)
def test_results_stand_in_the_picture_and_the_formula_once_they_are_computed_and_no_sooner(values):
    state = put(matrix_product.start(), **values)
    work, done = matrix_product.product(state), int(state.time)
    shown = matrix_product.shown(state)
    for k, text in enumerate(drawn_result(state), 1):
        if k <= done:
            assert value_of(text) == Fraction(round(100 * work.value(k)), 100)
        else:
            assert text == ("?" if k == shown else "")
    in_formula = re.findall(r'data-term="z\d+" tabindex="0">(.*?)<', matrix_product.formula(state))
    assert len(in_formula) == work.size
    assert [text == "?" for text in in_formula] == [k > done for k in range(1, work.size + 1)]


@pytest.mark.parametrize("neurons", [1, 2, 3, 4])
@pytest.mark.parametrize("row", ["01", "all"])
def test_one_to_four_neurons_are_computed_entry_by_entry_from_first_to_last(neurons, row):
    state = replace(put(matrix_product.start(), row=row, neurons=neurons), play=True)
    size = neurons * (4 if row == "all" else 1)
    assert matrix_product.limits(state) == {"time": size, "entry": size}
    seen = []
    while matrix_product.running(state):
        assert state.entry == min(int(state.time) + 1, size) or state.time == int(state.time)
        state = matrix_product.advance(state, 0.1, 0.004, lambda: 0.0)
        seen.append(int(state.time))
    assert seen == sorted(seen)
    assert set(seen) >= set(range(1, size + 1))
    assert state.time == size == state.entry
    assert "" not in drawn_result(state)


def test_the_sum_is_written_product_by_product_as_it_is_computed():
    texts = []
    for share in (0.1, 0.4, 0.6, 0.9):
        state = put(matrix_product.start(), time=share)
        texts.append(labels(state)[-1].texts[0])
    assert texts == [
        "z₁ = …", "z₁ = 1 · 1.00 + …", "z₁ = 1 · 1.00 + 1 · 1.00 + …", "z₁ = 1 · 1.00 + 1 · 1.00 − 0.50 = ?"
    ]  # fmt: skip
    done = labels(put(matrix_product.start(), time=1.0))[-1].texts
    assert done == ("z₁ = 1 · 1.00 + 1 · 1.00 − 0.50", "= 1.00 + 1.00 − 0.50 = 1.50")


def test_all_four_rows_at_once_give_what_each_gives_alone():
    batch = put(matrix_product.start(), seed=3, neurons=3, row="all")
    alone = [matrix_product.product(put(batch, row=row)).result for row in ("00", "01", "10", "11")]
    np.testing.assert_array_equal(matrix_product.product(batch).result, np.concatenate(alone))
    np.testing.assert_array_equal(matrix_product.product(batch).X, gate("xor")[0])


def test_the_weights_it_opens_with_are_those_of_the_gates_they_are_named_after():
    state = put(matrix_product.start(), neurons=4, row="all")
    says = matrix_product.product(state).result >= 0.0
    np.testing.assert_array_equal(says.T, [gate(name)[1][:, 0] for name in ("or", "nand", "and", "nor")])


@given(STATES)
def test_a_link_gives_the_same_weights_row_time_and_guess_again(values):
    state = put(matrix_product.start(), **values)
    link = write_link(state, matrix_product.start(), matrix_product.CONTROLS)
    read, refused = read_link(link, matrix_product.CONTROLS)
    again = matrix_product.changed(with_values(matrix_product.start(), read), matrix_product.start())
    assert refused == []
    for name in (*NUMBERS, "weights", "seed", "row", "neurons", "guess"):
        assert getattr(again, name) == getattr(state, name), name
    assert again.time == pytest.approx(state.time)


@given(STATES, st.sampled_from(NUMBERS), HUNDREDTHS)
def test_a_typed_weight_is_the_readers_own_and_its_neuron_is_brought_in(values, name, value):
    before = put(matrix_product.start(), **values)
    state = put(before, **{name: value})
    assert getattr(state, name) == value
    if value != getattr(before, name):
        assert state.weights == "own"
        assert state.neurons >= int(name[-1])
        assert "went from" in matrix_product.describe(state)


def test_the_seed_draws_the_weights_and_the_gates_can_be_taken_again():
    drawn = put(matrix_product.start(), seed=7)
    assert drawn.weights == "seed"
    np.testing.assert_array_equal(drawn.numbers, weight_boxes.drawn(7))
    assert put(drawn, weights="gates") == replace(matrix_product.start(), news="New weights. ")
    assert (put(matrix_product.start(), weights="seed").numbers == weight_boxes.drawn(0)).all()
    for seed in range(1000):
        assert np.abs(weight_boxes.drawn(seed)).max() <= weight_boxes.MOST


def test_a_new_row_or_neuron_begins_anew_unless_all_was_computed():
    start = matrix_product.start()
    assert put(start, time=1.0, neurons=3).time == 0.0
    done = put(start, time=2.0)
    assert put(done, neurons=4).time == 4.0
    assert put(done, row="all").time == 8.0
    assert put(done, row="01").time == 2.0
    assert put(put(done, row="all"), neurons=1).time == 4.0


def test_play_at_the_end_begins_again_and_scrubbing_pauses_and_looks_at_that_entry():
    done = put(matrix_product.start(), row="all", time=8.0)
    assert put(done, play=True).time == 0.0
    scrubbed = put(replace(done, play=True), time=4.5)
    assert (scrubbed.play, scrubbed.entry) == (False, 5)
    assert put(matrix_product.start(), time=16.0).time == 2.0


def test_without_motion_a_press_computes_one_entry():
    state = matrix_product.arrived(put(matrix_product.start(), play=True))
    assert (state.time, state.entry, state.play) == (1.0, 1, False)
    assert matrix_product.arrived(replace(state, play=True)).entry == 2


def test_pointing_at_an_entry_writes_its_sum_and_a_press_keeps_it():
    state = put(matrix_product.start(), row="all", time=8.0)
    hovered = matrix_product.hovered(state, "table", 3.4, -6.9)
    assert hovered.term == "z6"
    assert "row 10: z₂ = 1 · (−1.00) + 0 · (−1.00) + 1.50 = −1.00 + 0.00 + 1.50 = 0.50" in matrix_product.describe(
        hovered
    )
    assert matrix_product.hovered(hovered, "table", None, None).term == ""
    pressed = matrix_product.pressed_at(state, "table", 3.4, -6.9)
    assert pressed == put(state, entry=6)
    assert matrix_product.pressed_at(state, "table", 0.0, -6.9) == state
    assert matrix_product.hovered(state, "table", 2.6, -2.0).term == "h1"
    assert matrix_product.hovered(state, "table", 4.6, -2.0).term == ""


@given(STATES)
def test_the_lit_row_and_column_meet_at_the_entry_that_is_looked_at(values):
    state = put(matrix_product.start(), **(values | {"term": ""}))
    marks = matrix_product.scene(state)["table"].marks
    column, row = next(mark for mark in marks if isinstance(mark, Regions)).outlines
    box = next(mark for mark in marks if isinstance(mark, Lines) and mark.colour == "act").paths[0]
    at = matrix_product.product(state).at(state.entry)
    np.testing.assert_allclose(box[:4].mean(axis=0), [2.5 + at[1], -5.0 - at[0]])
    np.testing.assert_allclose([column[:4, 0].mean(), row[:4, 1].mean()], [2.5 + at[1], -5.0 - at[0]])


@pytest.mark.parametrize(("guess", "verdict"), [("positive", "right"), ("negative", "it is positive")])
def test_a_guess_is_judged_when_its_entry_is_computed_and_stays_told(guess, verdict):
    state = put(matrix_product.start(), guess=guess)
    assert "You guessed" not in matrix_product.describe(state)
    told = f"You guessed {guess} for z₁: {verdict}."
    assert told in matrix_product.describe(put(state, time=1.0))
    assert told in matrix_product.describe(put(state, time=2.0))
    assert put(put(state, time=2.0), row="01").guess == ""


def test_a_sum_of_zero_is_guessed_as_zero():
    state = put(matrix_product.start(), bias_1=-2.0, guess="zero", time=1.0)
    assert "You guessed zero for z₁: right." in matrix_product.describe(state)


def test_a_number_is_taken_to_hundredths_so_that_what_is_shown_adds_up():
    state = put(matrix_product.start(), w_a1=1 / 3)
    assert state.w_a1 == 0.33
    control = settings(matrix_product.CONTROLS)["w-a1"]
    assert control.parse("0.33") == 0.33
    assert control.write(0.33) == "0.33"
