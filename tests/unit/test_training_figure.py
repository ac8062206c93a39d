"""The figure `training`, with no browser: what it shows, says and does."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from figures import recipe, training
from figures.runs import FIRST_CHUNK, MOST_EPOCHS, Run, Way
from scene.hidden_space import HiddenPlane, hidden_space, plane_named
from scene.learnt_plane import CELLS, HIGH, LOW
from scene.loss_curve import loss_curve, loss_told
from scene.marks import Handles, Labels, Lines, Points, Surface
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
    assert 0.5**2 / len(training.Y) > recipe.SOLVED_BELOW


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
    assert 0 < state.epoch < 40 * FIRST_CHUNK["auto"]


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
    assert surface.values.shape == (CELLS, CELLS)
    cell = (HIGH - LOW) / CELLS
    for row, target in zip(training.X, training.Y[:, 0], strict=True):
        column, line = ((row - LOW) // cell).astype(int)
        assert (surface.values[line, column] > 0.5) == (target > 0.5)
    lines = [mark for mark in view.marks if isinstance(mark, Lines)]
    assert [mark.colour for mark in lines] == ["h1", "h2"]
    for neuron, mark in enumerate(lines):
        sums = mark.paths[0] @ state.network.weights[0][:, neuron] + state.network.biases[0][neuron]
        np.testing.assert_allclose(sums, 0.0, atol=1e-12)
    points = [mark for mark in view.marks if isinstance(mark, Points)]
    assert [(mark.colour, mark.shape) for mark in points] == [("zero-fill", "square"), ("one-fill", "disc")]


@pytest.mark.parametrize("hidden", range(1, 9))
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "mish", "sine"])
def test_every_state_can_be_drawn_described_and_read(hidden, activation):
    state = played(with_settings(hidden=hidden, activation=activation), 0.2)
    assert set(training.scene(state)) == {"surface", "hidden", "network", "loss"} == set(training.SIZES)
    assert f"{hidden} hidden {activation} neuron" in training.describe(state)
    assert training.formula(state).count("<mo>=</mo>") == hidden + 1
    for text, value in training.readouts(state).values():
        assert text
        assert value


def test_the_description_tells_every_answer():
    text = training.describe(training.start())
    answers = training.start().network.forward(training.X)[:, 0]
    for row, answer in zip(("00", "01", "10", "11"), answers, strict=True):
        assert f"{row} gives {answer:.2f}" in text


def test_training_ends_at_the_most_epochs_it_keeps():
    state = with_settings(epoch_shown=MOST_EPOCHS - 3)
    assert state.epoch == MOST_EPOCHS - 3
    state = training.advance(replace(state, play=True, speed="most"), 1.0, 10.0, steady_clock())
    assert state.epoch == MOST_EPOCHS
    assert not state.play
    assert len(state.run.kept) <= MOST_EPOCHS // 1000 + 1
    assert state.run.buffer.nbytes <= 16 * (MOST_EPOCHS + 1)


# Back and forth in a run


def same(one, other):
    """Whether two runs stand at the very same place, what the optimizer remembers included."""
    arrays = ((*p.net.weights, *p.net.biases, *(m for slots in p.slots for m in slots)) for p in (one, other))
    return (one.epoch, one.steps) == (other.epoch, other.steps) and all(
        (a == b).all() for a, b in zip(*arrays, strict=True)
    )


def shown(state, epoch):
    return training.changed(replace(state, epoch_shown=epoch), state)


OPTIMIZER_NAMES = [value for value, _ in recipe.OPTIMIZER.options]


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "mish", "sine"])
def test_any_epoch_of_a_run_is_shown_again_to_the_last_bit_and_going_on_from_it_is_the_same_run(optimizer, activation):
    state = with_settings(optimizer=optimizer, activation=activation, hidden=3, learning_rate=0.2)
    been = {0: state.at}
    for speed, seconds in (("100", 0.7), ("1000", 2.1), ("10", 2.0), ("10000", 0.3)):
        state = played(state, seconds, speed)
        been[state.epoch] = state.at
    for epoch, at in been.items():
        back = shown(state, epoch)
        assert same(back.at, at)
        assert training.readouts(back)["epoch"][1] == str(epoch)
        assert training.readouts(back)["loss"][1] == repr(float(state.losses[epoch]))
    again = shown(state, 40)
    assert not again.play
    while again.epoch < state.epoch:
        again = played(again, 0.02, "10000" if again.epoch > 200 else "100")
        if again.epoch in been:
            assert same(again.at, been[again.epoch])
    assert again.run.end >= state.run.end
    assert (again.losses[: state.run.end + 1] == state.losses).all()
    assert same(shown(again, state.epoch).at, state.at)


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_a_run_is_one_training_however_it_was_sliced_and_scrubbed(optimizer):
    state = with_settings(optimizer=optimizer, speed="1000")
    for seconds, back in ((0.5, 100), (1.0, 3), (2.0, 700)):
        state = shown(played(state, seconds, "1000"), back)
    state = shown(state, state.run.end)
    net = Network.create((2, 2, 1), "tanh", seed=5)
    history = train(net, training.X, training.Y, state.epoch, 1.0, optimizer)
    assert (state.losses[1:] == history.loss[1:]).all()
    assert same(state.at, history.progress)


def test_another_rate_or_optimizer_turns_the_run_at_the_epoch_that_is_shown():
    first = played(training.start(), 3.0, "1000")
    back = shown(first, 1000)
    for name, value in (("learning_rate", 2.5), ("optimizer", "adam")):
        turned = training.changed(replace(back, **{name: value}), back)
        assert turned.run.end == turned.epoch == 1000
        assert (turned.losses == first.losses[:1001]).all()
        assert (turned.before == first.losses).all()
        on = played(turned, 0.5, "1000")
        start = back.at if name == "learning_rate" else back.network
        settings = {"learning_rate": 1.0, name: value}
        expected = train(start, training.X, training.Y, on.epoch - 1000, **settings)
        assert (on.losses[1001:] == expected.loss[1:]).all()
        assert not (on.losses[1001:1100] == first.losses[1001:1100]).any()
        there = shown(on, 500)
        assert (there.learning_rate, there.optimizer) == (1.0, "sgd")  # as it was then
        assert same(there.at, shown(first, 500).at)
        assert getattr(shown(there, on.epoch), name) == value
        assert same(shown(there, on.epoch).at, on.at)
    assert first.run.end == 3000  # nothing was changed behind the first run's back
    assert (played(first, 0.2, "1000").losses[:3001] == first.losses).all()


def test_a_turn_back_to_the_same_way_is_the_same_run():
    first = played(training.start(), 1.0, "1000")
    back = shown(first, 321)
    turned = training.changed(replace(back, learning_rate=3.0), back)
    again = training.changed(replace(turned, learning_rate=1.0), turned)
    assert (played(again, 1.0, "1000").losses[: first.run.end + 1] == first.losses).all()


def test_a_slice_adds_losses_without_copying_those_there_are():
    state = played(training.start(), 1.0, "1000")
    later = played(state, 0.02, "100")
    assert later.run.end > state.run.end
    assert np.shares_memory(state.losses, later.losses)


def test_a_link_leads_to_the_epoch_that_it_names():
    state = with_settings(epoch_shown=300, seed=7, learning_rate=0.7)
    net = Network.create((2, 2, 1), "tanh", seed=7)
    assert same(state.at, train(net, training.X, training.Y, 300, 0.7).progress)
    assert with_settings(epoch_shown=300, play=True).play


def test_the_slider_reaches_as_far_as_the_run():
    assert training.limits(training.start()) == {"epoch-shown": 1}
    state = played(training.start(), 1.0, "100")
    assert training.limits(state) == {"epoch-shown": 100} == training.limits(shown(state, 30))


def test_the_badge_tells_of_the_epoch_that_is_shown():
    state = played(training.start(), 1.0, "1000")
    assert training.readouts(shown(state, 558))["solved"][1] == "true"
    assert training.readouts(shown(state, 557))["solved"][1] == "false"
    assert "Epoch 557, of 1000 so far, with 2 hidden" in training.describe(shown(state, 557))
    assert "Solved" not in training.describe(shown(state, 557))


# The loss curve


def loss_marks(state, kind):
    return [mark for mark in training.scene(state)["loss"].marks if isinstance(mark, kind)]


def test_the_pointer_over_the_loss_curve_tells_epoch_and_loss_and_a_press_goes_there():
    state = played(training.start(), 1.0, "1000")
    over = training.hovered(state, "loss", 400.3, 0.2)
    words = [text for mark in loss_marks(over, Labels) for text in mark.texts]
    assert words == ["epoch 400", f"{state.losses[400]:.4f}"]
    assert not loss_marks(training.hovered(over, "loss", None, None), Labels)
    there = training.pressed_at(over, "loss", 400.3, 0.2)
    assert same(there.at, shown(state, 400).at)
    (handle,) = loss_marks(there, Handles)
    assert handle.names == ("epoch-shown",)
    assert handle.at.tolist() == [[400.0, state.losses[400]]]
    assert training.pressed_at(state, "surface", 0.5, 0.5) is state


@pytest.mark.parametrize(("x", "epoch"), [(-40.0, 0), (12.4, 12), (99.6, 100), (5e6, 100)])
def test_the_dot_is_drawn_along_the_run_and_not_beyond(x, epoch):
    state = played(training.start(), 1.0, "100")
    there = training.dragged(replace(state, play=True), "epoch-shown", x, -3.0)
    assert there.epoch == epoch
    assert there.play == (epoch == 100)  # to go elsewhere is to pause


def test_the_logarithmic_scale_shows_powers_of_ten_and_has_a_place_for_a_loss_of_nothing():
    state = replace(played(training.start(), 3.0, "1000"), log=True)
    view = training.scene(state)["loss"]
    curve = max(loss_marks(state, Lines), key=lambda mark: len(mark.paths[0])).paths[0]
    np.testing.assert_allclose(10 ** curve[:, 1], state.losses[curve[:, 0].astype(int)])
    assert view.y.ticks[0] == (0.0, "1")
    assert view.y.ticks[-1] == (-4.0, "10⁻⁴")
    assert view.y.low <= curve[:, 1].min()
    nothing = np.array([0.3, 0.0])
    empty = loss_curve(nothing, nothing[:0], 1, 1, 0.05, True)
    assert empty.y.low == -15.0
    assert all(np.isfinite(mark.paths[0]).all() for mark in empty.marks if isinstance(mark, Lines))
    assert [loss_told(loss) for loss in (0.25, 0.0, 0.00049, 1.5e-12)] == [
        "0.2500",
        "0.0000",
        "4.9 × 10⁻⁴",
        "1.5 × 10⁻¹²",
    ]


# Hidden space


@pytest.mark.parametrize("hidden", range(1, 9))
def test_the_hidden_space_shows_where_the_layer_puts_the_points_and_what_is_answered_there(hidden):
    state = played(with_settings(hidden=hidden), 0.5, "1000")
    net, view = state.network, training.scene(state)["hidden"]
    images = net.layer_values(training.X)[1][1]
    plane = HiddenPlane.through(images)
    zeros, ones = (mark.at for mark in view.marks if isinstance(mark, Points))
    at = np.array([zeros[0], ones[0], ones[1], zeros[1]])
    if hidden <= 2:
        np.testing.assert_allclose(at[:, :hidden], images)
        assert plane.kept == 1.0
    else:
        values, vectors = np.linalg.eigh(np.cov(images.T))
        assert plane.kept == pytest.approx(values[-2:].sum() / values.sum())
        np.testing.assert_allclose(np.abs(plane.axes @ vectors[:, [-1, -2]]), np.eye(2), atol=1e-6)
        np.testing.assert_allclose(
            at @ plane.axes + plane.middle, plane.middle + (images - plane.middle) @ plane.axes.T @ plane.axes
        )
        assert training.readouts(state)["plane"][0] == f"2 components of {hidden}: {100 * plane.kept:.0f}%"
    assert (at > [view.x.low, view.y.low]).all()
    assert (at < [view.x.high, view.y.high]).all()
    surface = next(mark for mark in view.marks if isinstance(mark, Surface)).values
    cells = len(surface)
    x = view.x.low + (np.arange(cells) + 0.5) * (view.x.high - view.x.low) / cells
    y = view.y.low + (np.arange(cells) + 0.5) * (view.y.high - view.y.low) / cells
    for i, j in ((0, 0), (3, 20), (cells - 1, 7)):
        there = plane.middle + np.array([x[j], y[i]]) @ plane.axes
        z = there @ net.weights[1][:, 0] + net.biases[1][0]
        assert surface[i, j] == pytest.approx(1.0 / (1.0 + np.exp(-z)))
    for line in (mark for mark in view.marks if isinstance(mark, Lines) and mark.colour == "ink"):
        z = (plane.middle + line.paths[0] @ plane.axes) @ net.weights[1][:, 0] + net.biases[1][0]
        np.testing.assert_allclose(z, 0.0, atol=1e-9)


def test_points_that_all_meet_still_have_a_picture():
    net = Network.create((2, 3, 1), "relu", seed=0)
    dead = replace(net, biases=(np.full(3, -99.0), net.biases[1]))
    view = hidden_space(dead, training.X, training.Y)
    assert np.isfinite([view.x.low, view.x.high, view.y.low, view.y.high]).all()
    assert plane_named(dead, training.X)[0] == "2 components of 3: 100%"


# What is lit


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_line_by_line_the_optimizers_own_lines_are_lit_between_the_slopes_and_the_step(optimizer):
    state = with_settings(speed="line", optimizer=optimizer)
    start, lit = state.at, []
    while state.epoch == 0:
        state = training.pressed(state, "step")
        lit.append(training.lit(state).split(":")[0])
    names = list(dict.fromkeys(lit[:-1]))
    assert names == [name for name in training.code(state) if name != "sgd"]
    assert {function.__name__ for function in training.CODE} >= set(names)
    expected = train(start, training.X, training.Y, 1, 1.0, optimizer, engine="numpy")
    assert same(state.at, expected.progress)


def test_a_neuron_is_lit_from_the_formula_and_from_its_line_in_the_picture():
    state = training.start()
    line = next(mark for mark in training.scene(state)["surface"].marks if isinstance(mark, Lines))
    over = training.hovered(state, "surface", *line.paths[0].mean(axis=0))
    assert over.term == "h1"
    assert 'data-term="h1"' in training.formula(over)
    widths = [m.width for m in training.scene(over)["surface"].marks if isinstance(m, Lines)]
    assert widths == [5.0, 2.5]
    assert training.hovered(over, "surface", None, None).term == ""


def test_a_run_whose_numbers_leave_the_finite_ends_before_and_all_it_keeps_is_finite():
    net = Network.create((2, 2, 1), "relu", "identity", seed=1)
    run = Run.begin(net, training.X, training.Y, 0.05, Way(1e30, "sgd", "numpy"))
    run, at = run.moved(run.kept[0], 100, "numpy")
    assert run.end == run.most == at.epoch < 100
    assert np.isfinite(run.losses).all()
    assert run.moved(at, 5, "numpy")[0] is run
    turned, at = run.turned(at.epoch, Way(1.0, "sgd", "numpy"))
    assert turned.moved(at, 5, "numpy")[0].end == run.end + 5
