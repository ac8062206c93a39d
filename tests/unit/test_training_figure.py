"""The figure `training`, with no browser: what it shows, says and does."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from figures import training
from scene.marks import Lines, Points, Surface
from unfold.backprop import gradients
from unfold.network import Network
from unfold.training import step, train


def steady_clock(tick=0.001):
    ticks = count()
    return lambda: next(ticks) * tick


def played(state, seconds, speed="100"):
    state = training.changed(replace(state, play=True, speed=speed), state)
    for _ in range(round(seconds * 50)):
        state = training.advance(state, 0.02, 0.05, steady_clock())
    return state


def with_settings(**values):
    start = training.start()
    return training.changed(replace(start, **values), start)


def test_it_trains_as_many_epochs_as_its_speed_says():
    assert played(training.start(), 2.0, "10").epoch == 20
    assert played(training.start(), 1.0, "100").epoch == 100


@pytest.mark.parametrize(("speed", "engine"), [("100", "numpy"), ("1000", "kernel")])
def test_its_losses_are_those_of_a_plain_training(speed, engine):
    state = played(training.start(), 3.0, speed)
    net = Network.create((2, 2, 1), "tanh", seed=5)
    history = train(net, training.X, training.Y, state.epoch, 1.0, engine=engine)
    assert training.readouts(state)["engine"][1] == engine
    assert state.losses[0] == pytest.approx(history.loss[0], rel=1e-15)  # by numpy, whatever comes after
    assert (state.losses[1:] == history.loss[1:]).all()
    assert (state.network.weights[0] == history.final.weights[0]).all()


def test_rewind_gives_the_same_start_and_the_same_curve_again():
    first = played(training.start(), 2.0)
    rewound = training.pressed(first, "rewind")
    assert rewound.epoch == 0
    assert not rewound.play
    assert (rewound.network.weights[0] == training.start().network.weights[0]).all()
    assert (rewound.before == first.losses).all()
    again = played(rewound, 2.0)
    assert (again.losses == first.losses).all()


def test_step_is_one_epoch_and_pauses():
    state = training.pressed(replace(training.start(), play=True), "step")
    assert state.epoch == 1
    assert not state.play


def test_a_new_activation_width_or_seed_starts_anew_and_a_new_rate_goes_on():
    state = played(training.start(), 1.0)
    for name, value in (("activation", "sigmoid"), ("hidden", 3), ("seed", 6)):
        assert training.changed(replace(state, **{name: value}), state).epoch == 0
    assert training.changed(replace(state, learning_rate=2.0), state).epoch == state.epoch


def test_it_is_solved_when_all_four_are_right_and_the_loss_is_small():
    state = played(training.start(), 6.0)
    assert state.solved_at is not None
    assert state.losses[state.solved_at] < 0.05
    assert training.readouts(state)["solved"][1] == "true"
    assert training.readouts(state)["correct"] == ("4 of 4 right", "4")
    answers = state.network.forward(training.X) > 0.5
    assert (answers == (training.Y > 0.5)).all()


@pytest.mark.parametrize("speed", ["10", "100", "1000"])
def test_the_epoch_at_which_it_is_solved_does_not_depend_on_the_speed(speed):
    state = played(training.start(), 600 / float(speed) + 1, speed)
    assert state.solved_at == 558
    assert state.losses[558] < 0.05 <= state.losses[557]


def test_under_the_loss_that_counts_as_solved_no_answer_can_be_wrong():
    assert 0.5**2 / len(training.Y) > training.SOLVED_BELOW


def test_one_neuron_never_solves_it_and_the_figure_says_that_it_is_stuck():
    state = played(with_settings(hidden=1), 30.0, "1000")
    assert state.solved_at is None
    assert int(training.readouts(state)["correct"][1]) <= 3
    assert "stuck" in training.describe(state)


def test_it_is_solved_at_the_same_epoch_whichever_engine_runs():
    by_hand, compiled = (played(training.start(), seconds, speed) for seconds, speed in ((7.0, "100"), (1.0, "1000")))
    assert by_hand.solved_at == compiled.solved_at == 558


def test_the_budget_ends_a_slice():
    state = replace(training.start(), play=True, speed="most")
    state = training.advance(state, 0.02, 0.008, steady_clock(0.001))
    assert 0 < state.epoch < 20 * training.FIRST_CHUNK


def test_the_guess_is_judged_when_it_is_solved():
    state = played(with_settings(guess="400"), 6.0)
    assert state.solved_at is not None
    assert 200 <= state.solved_at <= 800
    assert "You guessed 400: a good guess." in training.describe(state)
    assert "it took longer" in training.describe(replace(state, guess="40"))
    assert "it was quicker" in training.describe(replace(state, guess="4000"))


def test_line_by_line_lights_the_lines_that_run_and_then_the_weights_move():
    state = with_settings(speed="line")
    seen = []
    before = state.network.weights[0]
    while state.epoch == 0:
        state = training.pressed(state, "step")
        seen.append(training.lit(state))
    lines = seen[:-1]
    assert lines[0].startswith("gradients:")
    assert lines[-1].startswith("step:")
    first = {name: f.__code__.co_firstlineno for name, f in (("gradients", gradients), ("step", step))}
    assert all(int(line.split(":")[1]) > first[line.split(":")[0]] for line in lines)
    expected = train(training.start().network, training.X, training.Y, 1, 1.0, engine="numpy").final.weights[0]
    assert (state.network.weights[0] == expected).all()
    assert not (state.network.weights[0] == before).all()


def test_the_surface_shows_the_answers_the_points_and_a_line_for_each_neuron():
    state = played(training.start(), 6.0)
    view = training.scene(state)["surface"]
    surface = next(mark for mark in view.marks if isinstance(mark, Surface))
    assert surface.values.shape == (training.CELLS, training.CELLS)
    cell = (training.HIGH - training.LOW) / training.CELLS
    for row, target in zip(training.X, training.Y[:, 0], strict=True):
        column, line = ((row - training.LOW) // cell).astype(int)
        assert (surface.values[line, column] > 0.5) == (target > 0.5)
    lines = [mark for mark in view.marks if isinstance(mark, Lines)]
    assert [mark.colour for mark in lines] == ["h1", "h2"]
    for neuron, mark in enumerate(lines):
        sums = mark.paths[0] @ state.network.weights[0][:, neuron] + state.network.biases[0][neuron]
        np.testing.assert_allclose(sums, 0.0, atol=1e-12)
    points = [mark for mark in view.marks if isinstance(mark, Points)]
    assert [(mark.colour, mark.shape) for mark in points] == [("zero-fill", "square"), ("one-fill", "disc")]


@pytest.mark.parametrize("hidden", range(1, 9))
@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_every_state_can_be_drawn_described_and_read(hidden, activation):
    state = played(with_settings(hidden=hidden, activation=activation), 0.2)
    assert set(training.scene(state)) == {"surface", "network", "loss"} == set(training.SIZES)
    assert f"{hidden} hidden {activation} neuron" in training.describe(state)
    assert training.formula(state).count("<math>") == hidden + 1
    for text, value in training.readouts(state).values():
        assert text
        assert value


def test_the_description_tells_every_answer():
    text = training.describe(training.start())
    answers = training.start().network.forward(training.X)[:, 0]
    for row, answer in zip(("00", "01", "10", "11"), answers, strict=True):
        assert f"{row} gives {answer:.2f}" in text


def test_training_ends_at_the_most_epochs_it_keeps():
    state = replace(training.start(), losses=np.full(training.MOST_EPOCHS - 3, 0.2), play=True, speed="most")
    state = training.advance(state, 1.0, 10.0, steady_clock())
    assert state.epoch == training.MOST_EPOCHS
    assert not state.play
