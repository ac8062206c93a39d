"""The figure `loss-curves`, with no browser: its numbers are those of plain training, seed by seed."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import loss_curves, many_seeds
from figures.controls import read_link, with_values, write_link
from figures.many_seeds import DRAWN, EPOCHS
from figures.recipe import SOLVED_BELOW
from figures.training import X, Y
from scene.intervals import wilson
from scene.many_runs import LEAST, SIZE, percent
from scene.marks import Labels, Lines, Points, Regions
from unfold.network import Network
from unfold.training import train

FEW = replace(loss_curves.start(), seeds=16)


def put(state, **values):
    return loss_curves.changed(replace(state, **values), state)


def ticking():
    """A clock that moves at every look, so that each slice does one piece of work."""
    ticking.now += 1.0
    return ticking.now


ticking.now = 0.0


def one_slice(state):
    return loss_curves.advance(state, 0.016, 0.5, ticking)


@cache
def ran(**values):
    """The state at the end of a run by the reader's Play."""
    state = put(put(FEW, **values), play=True)
    while loss_curves.running(state):
        state = one_slice(state)
    return state


@cache
def losses(activation, seeds=16, rate=1.0, optimizer="sgd", engine="numpy"):
    """The losses, (seeds, EPOCHS + 1), of plain training by numpy, all at once."""
    net = Network.create((2, 2, 1), activation, seed=range(seeds))
    return train(net, X, Y, EPOCHS, rate, optimizer, engine=engine).loss


@pytest.mark.parametrize("name", loss_curves.RACERS)
def test_medians_quartiles_and_epochs_to_solve_are_those_of_plain_training_by_numpy(name):
    loss, runs = losses(name), ran().runs[name]
    expected = np.quantile(loss[:, DRAWN], (0.25, 0.5, 0.75), axis=0).T
    np.testing.assert_allclose(runs.quartiles, expected, rtol=1e-9, atol=1e-12)
    under = loss < SOLVED_BELOW
    np.testing.assert_array_equal(runs.solved_at, np.where(under.any(axis=1), under.argmax(axis=1), -1))
    np.testing.assert_array_equal(runs.outcome.solved, [under[:, : e + 1].any(axis=1).sum() for e in DRAWN])
    solved = runs.solved_at[runs.solved_at >= 0]
    np.testing.assert_array_equal(runs.outcome.epochs_to_solve, np.percentile(solved, (25, 50, 75)))


def test_another_optimizer_and_rate_go_into_the_training():
    state = ran(optimizer="adam", learning_rate=0.3)
    expected = np.median(losses("tanh", rate=0.3, optimizer="adam")[:, DRAWN], axis=0)
    np.testing.assert_allclose(state.runs["tanh"].quartiles[:, 1], expected, rtol=1e-7, atol=1e-12)


def test_the_readers_formula_runs_by_numpy_from_the_same_seeds_once_the_others_are_through():
    state = put(put(FEW, formula=" x * exp(-x**2) "), play=True)
    while "own" not in state.runs:
        state = one_slice(state)
    assert all(state.runs[name].epoch == EPOCHS for name in loss_curves.RACERS)
    while state.play:
        state = one_slice(state)
    expected = np.median(losses("x * exp(-x**2)")[:, DRAWN], axis=0)
    np.testing.assert_allclose(state.runs["own"].quartiles[:, 1], expected, rtol=1e-9, atol=1e-12)
    assert "yours has solved 16 of 16 seeds" in loss_curves.describe(state)


def test_it_says_which_engine_runs():
    assert loss_curves.readouts(ran())["engine"] == ("compiled", "kernel")
    own = ran(formula="x * exp(-x**2)")
    assert loss_curves.readouts(own)["engine"] == ("compiled, yours by numpy", "kernel numpy")


def test_a_run_that_leaves_the_finite_counts_as_the_worst_loss_and_as_unsolved():
    text, how = "exp(exp(x))", (10.0, "adam")
    runs = {"own": many_seeds.begun(text, 16, *how)}
    for _ in range(20):
        runs = many_seeds.further(runs, {"own": text}, 16, how)
    diverged = runs["own"].progress.diverged >= 0
    assert diverged.mean() > 0.3
    np.testing.assert_array_equal(runs["own"].quartiles[-1, 2], many_seeds.WORST)
    assert runs["own"].outcome.solved[-1] <= (~diverged).sum()


def test_the_curves_are_drawn_as_they_come():
    state, lengths = put(FEW, play=True), []
    while state.play:
        state = one_slice(state)
        lengths.append(sum(len(runs.quartiles) for runs in state.runs.values()))
        epochs = [runs.epoch for runs in state.runs.values()]
        assert max(epochs) - min(epochs) <= max(many_seeds.SLICES.values())
    assert all(before < after for before, after in pairwise(lengths))
    assert lengths[-1] == 3 * len(DRAWN)


def test_a_slice_takes_as_long_as_it_may_and_no_longer_than_one_piece_more():
    state, times = put(FEW, play=True), []
    loss_curves.advance(state, 0.016, 4.5, lambda: times.append(0) or float(len(times)))
    assert len(times) == 6  # one look before, then one after each piece of work until 4.5 seconds are over


@given(st.integers(1, 600), st.floats(0, 1))
def test_wilsons_interval_solves_the_equation_it_comes_from(trials, part):
    successes = np.array([round(part * trials)], float)
    low, high = wilson(successes, trials)
    share = successes[0] / trials
    for end in (low[0], high[0]):
        assert trials * (share - end) ** 2 == pytest.approx(1.959963985**2 * end * (1 - end), rel=1e-7, abs=1e-12)
    assert 0.0 <= low[0] <= share + 1e-12
    assert share - 1e-12 <= high[0] <= 1.0


def test_wilsons_interval_is_that_of_the_textbooks():
    low, high = wilson(np.array([0.0, 81.0, 263.0]), 263)
    np.testing.assert_allclose(low, [0.0, 0.2553, 0.9856], atol=1e-4)
    np.testing.assert_allclose(high, [0.0144, 0.3662, 1.0], atol=1e-4)


def test_table_and_words_hold_the_counts_the_shares_and_their_intervals():
    state = ran(guess="sigmoid")
    for name in loss_curves.RACERS:
        solved = int((state.runs[name].solved_at >= 0).sum())
        row = re.search(f'data-term="{name}".*?</tr>', loss_curves.formula(state))[0]
        assert f"<td>{solved}/16</td>" in row
        low, high = (100 * float(end) for end in wilson(np.array(solved), 16))
        assert f"({low:.0f}–{high:.0f}" in row
        assert f"has solved {solved} of 16 seeds ({100 * solved / 16:.0f}\u00a0%" in loss_curves.describe(state)
    assert loss_curves.describe(state).endswith("You guessed sigmoid: it was Mish.")
    assert loss_curves.describe(put(state, guess="mish")).endswith("You guessed Mish: right.")


@pytest.mark.parametrize(
    ("share", "told"), [(0.0, "0"), (0.004, "0.4"), (0.27, "27"), (0.985, "98"), (511 / 512, "99.8"), (1.0, "100")]
)
def test_a_share_is_told_as_all_or_none_only_where_it_is(share, told):
    assert percent(share) == f"{told}\u00a0%"


def test_the_guess_is_judged_at_the_end_and_not_before():
    state = one_slice(put(FEW, play=True, guess="tanh"))
    assert "guessed" not in loss_curves.describe(state)


def test_what_a_setting_makes_out_of_date_runs_anew_and_the_rest_stays():
    done = ran()
    assert put(done, play=True).runs == {}
    for values in ({"learning_rate": 2.0}, {"seeds": 32}, {"optimizer": "adam"}):
        anew = put(done, **values)
        assert (anew.runs, anew.play) == ({}, True)
        assert put(FEW, **values).play is False
    own = put(done, formula="x**3")
    assert set(own.runs) == set(loss_curves.RACERS)
    assert own.play
    assert not put(own, formula="").play
    for values in ({"scale": "both"}, {"show": "tanh"}, {"guess": "tanh"}):
        assert put(done, **values).runs is done.runs
        assert not put(done, **values).play


def test_hidden_curves_are_in_no_picture_and_their_numbers_stay_in_the_table():
    state = ran()
    hidden = put(state, show="tanh,mish")
    for view in loss_curves.scene(hidden).values():
        assert "h1" not in {mark.colour for mark in view.marks if isinstance(mark, Lines | Regions | Points | Labels)}
    assert loss_curves.formula(hidden) == loss_curves.formula(state)


def test_a_name_pressed_beside_the_curves_hides_its_curve():
    state = ran()
    view = loss_curves.scene(state)["share"]
    name = next(mark for mark in view.marks if isinstance(mark, Labels) and mark.texts == ("tanh",))
    x, y = float(name.at[0, 0]), float(name.at[0, 1])
    assert loss_curves.pressed_at(state, "share", x, y).show == "sigmoid,mish,own"
    assert loss_curves.pressed_at(state, "share", 1000.0, y) is state
    assert loss_curves.hovered(state, "share", x, y).term == "tanh"
    assert loss_curves.hovered(state, "share", None, None).term == ""


@pytest.mark.parametrize("scale", ["even", "loss", "epochs", "both"])
def test_every_mark_stands_in_the_picture_on_every_scale(scale):
    for state in (FEW, one_slice(put(FEW, play=True)), ran(), ran(learning_rate=10.0), ran(learning_rate=0.1)):
        for view in loss_curves.scene(replace(state, scale=scale)).values():
            for mark in view.marks:
                paths = mark.paths if isinstance(mark, Lines) else getattr(mark, "outlines", ())
                if isinstance(mark, Lines) and mark.width == 1.0:
                    continue  # leaders to the names, beside the picture
                for path in paths:
                    assert (path >= (view.x.low - 1e-9, view.y.low - 1e-9)).all()
                    assert (path <= (view.x.high + 1e-9, view.y.high + 1e-9)).all()


def test_on_a_logarithmic_scale_the_median_stands_at_its_powers_of_ten():
    state = ran()
    view = loss_curves.scene(replace(state, scale="both"))["median"]
    tanh = next(mark for mark in view.marks if isinstance(mark, Lines) and mark.colour == "h2")
    median = state.runs["tanh"].quartiles[:, 1]
    np.testing.assert_allclose(10 ** tanh.paths[0][:, 1], np.maximum(median, LEAST), rtol=1e-12)
    np.testing.assert_allclose(10 ** tanh.paths[0][1:, 0], DRAWN[1:], rtol=1e-12)


def test_a_link_holds_the_settings():
    state = put(FEW, learning_rate=2.5, optimizer="adam", scale="loss", show="tanh,own", formula="x / (1 + abs(x))")
    values, messages = read_link(write_link(state, loss_curves.start(), loss_curves.CONTROLS), loss_curves.CONTROLS)
    assert messages == []
    assert with_values(loss_curves.start(), values) == state


def test_before_any_run_the_words_say_what_waits():
    assert loss_curves.describe(FEW) == (
        "Nothing has run yet. Waiting are 16 seeds each of sigmoid, tanh, Mish, by plain descent at learning rate 1.0."
    )
    assert loss_curves.SIZES["median"] == SIZE
