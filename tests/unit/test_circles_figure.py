"""The figure `circles`, with no browser: what it learns, what it shows, and that it says no more than is so."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import circles as figure
from figures.controls import read_link, with_values, write_link
from figures.in_slices import ACTIVATIONS, MOST_EPOCHS
from figures.own_formula import EXAMPLE
from scene.marks import Handles, Labels, Lines, Regions, Surface
from unfold.datasets import EDGE, GRAPHS
from unfold.formula import activation as formula
from unfold.training import train

FUNCTIONS = {"line": "0.5 x", "parabola": "1.2 x² − 0.6", "sine": "0.6 sin 3x"}
"""The functions whose graphs part points, and how they are read."""
CANNOT = "whatever their weights: that is proved"


def put(state, **values):
    for name, value in values.items():
        state = figure.changed(replace(state, **{name: value}), state)
    return state


class Clock:
    """Time that passes a little whenever it is looked at."""

    def __init__(self, tick=0.001):
        self.now, self.tick = 0.0, tick

    def __call__(self):
        self.now += self.tick
        return self.now


def learnt(state, epochs):
    """The state after this many epochs, as playing brings it about."""
    run = train(state.run, *state.samples, epochs, state.learning_rate).progress
    return figure._refreshed(replace(state, run=run))


STATES = st.fixed_dictionaries(
    {
        "hidden": st.integers(2, 8),
        "activation": st.sampled_from(ACTIVATIONS),
        "data": st.sampled_from(["circles", "moons", "spirals", "blobs", *FUNCTIONS, "graph", "own"]),
        "formula": st.sampled_from(["", "x**2 - 0.5", "tanh(3 * x)", "x + 10", "1 / (x - 0.7)"]),
        "noise": st.integers(0, 30).map(lambda n: n / 100),
        "learning_rate": st.integers(1, 50).map(lambda n: n / 10),
        "seed": st.integers(0, 999),
        "turn": st.integers(0, 359),
        "tilt": st.integers(0, 90),
        "paint": st.booleans(),
        "guess": st.sampled_from(["", "2", "3", "4"]),
    }
)


@given(STATES, st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_every_state_can_be_drawn_described_and_read_with_finite_numbers(values, epochs):
    state = put(figure.start(), **values)
    state = learnt(state, epochs) if len(state.samples.X) else state
    for view in figure.scene(state).values():
        for mark in view.marks:
            parts = (getattr(mark, "values", 0.0), getattr(mark, "at", 0.0), *getattr(mark, "paths", ()))
            for part in (*parts, *getattr(mark, "outlines", ())):
                assert np.isfinite(part).all()
    for text in (figure.describe(state), figure.formula(state), *map(str, figure.readouts(state).values())):
        assert text
        assert not re.search(r"\b(nan|inf)\b|None", text)


@given(STATES)
@settings(max_examples=40, deadline=None)
def test_a_link_gives_the_same_figure_again(values):
    state = put(figure.start(), **values)
    read, refused = read_link(write_link(state, figure.start(), figure.CONTROLS), figure.CONTROLS)
    again = figure.changed(with_values(figure.start(), read), figure.start())
    assert refused == []
    for name in values:
        assert getattr(again, name) == getattr(state, name)
    np.testing.assert_array_equal(again.answers, state.answers)


def test_two_neurons_fail_and_after_long_it_says_that_they_must():
    for activation in ("tanh", "sigmoid", "softplus", "relu"):
        state = put(figure.start(), activation=activation)
        assert CANNOT not in figure.describe(state)  # the reader may still want to guess
        state = learnt(state, 2500)
        assert figure.readouts(state)["solved"][1] == "false"
        assert f"Two {activation} neurons cannot part these points, {CANNOT}." in figure.describe(state)


@pytest.mark.parametrize("activation", ["mish", "sine"])
def test_of_neurons_that_go_up_and_down_it_says_that_two_can(activation):
    state = learnt(put(figure.start(), activation=activation, learning_rate=0.1), 2000)
    told = figure.describe(state)
    assert CANNOT not in told
    assert f"Two {activation} neurons can do it: there are weights that do." in told


@pytest.mark.parametrize("activation", ["mish", "sine"])
def test_two_such_neurons_learn_it(activation):
    state = learnt(put(figure.start(), activation=activation), 12_000)
    assert figure.readouts(state)["solved"] == ("✓ All 120 right", "true")
    assert "After the hidden layer a line parts the classes." in figure.describe(state)


@pytest.mark.parametrize("seed", range(6))
def test_three_neurons_lift_it(seed):
    state = learnt(put(figure.start(), hidden=3, seed=seed, guess="3"), 3000)
    assert figure.readouts(state)["solved"][1] == "true"
    assert "After the hidden layer a plane parts the classes. You guessed 3." in figure.describe(state)


@pytest.mark.parametrize("data", ["moons", "blobs", *FUNCTIONS, "graph"])
def test_of_data_that_are_no_ring_it_says_no_more_than_that_it_has_not_been_done(data):
    state = learnt(put(figure.start(), data=data, learning_rate=0.1), 2000)
    assert CANNOT not in figure.describe(state)
    if figure.readouts(state)["solved"][1] == "false":
        assert "So far a line has not parted the classes there." in figure.describe(state)


def graphs(state):
    """The graph in the picture of the plane, in pieces."""
    thin = [mark for mark in figure.scene(state)["plane"].marks if isinstance(mark, Lines) and mark.width == 1.0]
    return thin[0].paths if thin else ()


@pytest.mark.parametrize("data", FUNCTIONS)
def test_points_are_orange_above_the_graph_of_a_function_and_blue_below_and_it_is_drawn_and_named(data):
    state = put(figure.start(), data=data, noise=0.0)
    X, ones = state.samples.X, state.samples.ones
    assert (len(X), ones.sum()) == (120, 60)
    np.testing.assert_array_equal(ones, X[:, 1] > GRAPHS[data](X[:, 0]))
    (path,) = graphs(state)
    np.testing.assert_allclose(path[:, 1], GRAPHS[data](path[:, 0]), atol=2e-3)  # 2e-3: where it is cut at the edge
    told = f" Orange points were drawn above the graph of {FUNCTIONS[data]}, and blue ones below it"
    assert f"{told}." in figure.describe(state)
    assert f"{told}; then the noise moved them." in figure.describe(put(state, noise=0.05))
    typed = {"line": "0.5 * x", "parabola": "1.2 * x**2 - 0.6", "sine": "0.6 * sin(3 * x)"}[data]
    np.testing.assert_allclose(put(state, data="graph", formula=typed).samples.X, X)  # it is the one that is named


@given(st.sampled_from(["x**2 - 0.5", "tanh(3 * x)", "abs(x) - 0.4", "40 * x", "tan(2 * x)", "cosh(x) - 0.9"]))
def test_the_reader_s_formula_parts_points_whatever_the_activation(text):
    state = put(figure.start(), data="graph", formula=text, noise=0.0)
    X, ones = state.samples.X, state.samples.ones
    assert (len(X), ones.sum()) == (120, 60)
    np.testing.assert_array_equal(ones, X[:, 1] > formula(text).value(X[:, 0]))
    assert np.abs(np.concatenate(graphs(state))).max() <= EDGE
    told = f"Orange points were drawn above the graph of your formula, {text}, and blue ones below it."
    assert told in figure.describe(state)
    assert state.function == "tanh"  # as an activation it has to be chosen
    both = put(state, activation="own")
    assert both.function == text
    assert told in figure.describe(both)
    assert f"f(x) is your formula, {text}." in figure.describe(both)


def test_until_a_formula_is_typed_the_example_parts_the_points():
    state = put(figure.start(), data="graph", noise=0.0)
    X, ones = state.samples.X, state.samples.ones
    np.testing.assert_array_equal(ones, X[:, 1] > X[:, 0] * np.exp(-(X[:, 0] ** 2)))
    assert f"above the graph of the example, {EXAMPLE}, until you type a formula" in figure.describe(state)
    typed = put(state, formula="x**2")
    assert typed.run is state.run  # the network goes on with other points
    assert not np.array_equal(typed.samples.X, X)
    circles = put(typed, data="circles")
    assert circles.samples is figure.start().samples or np.array_equal(circles.samples.X, put(circles).samples.X)
    assert graphs(circles) == ()


@pytest.mark.parametrize("text", ["x + 10", "-5", "sqrt(x + 0.5)", "1.2 - 0 * x"])
def test_a_graph_that_cannot_part_the_square_gives_no_points_and_a_reason(text):
    state = put(figure.start(), data="graph", formula=text)
    assert state.samples.X.shape == (0, 2)
    assert not state.parted
    told = figure.describe(state)
    assert told.startswith("No points. Type another formula, or choose other points. The graph of your formula, ")
    assert f"{text}, leaves no room on one side of it, or has gaps, in the square from −1.2 to 1.2" in told
    assert not figure.advance(put(state, play=True), 0.1, 0.008, Clock(1e-6)).play
    assert len(put(state, formula="x").samples.X) == 120


def test_points_of_a_graph_are_painted_upon_and_stay_when_the_formula_changes():
    state = put(figure.start(), data="graph", formula="x**2 - 0.5", paint=True, pen="1")
    painted = figure.pressed_at(state, "plane", 0.3, 0.2)
    assert (painted.data, len(painted.own)) == ("own", 121)
    np.testing.assert_array_equal(put(painted, formula="x").samples.X, painted.samples.X)
    assert "graph" not in figure.describe(painted)
    assert graphs(painted) == ()


def test_two_neurons_learn_points_that_a_line_parts():
    state = learnt(put(figure.start(), data="line", noise=0.0), 6000)
    assert state.right >= 118


def test_of_three_neurons_it_never_says_that_they_cannot():
    state = learnt(put(figure.start(), hidden=3, data="spirals"), 2500)
    assert figure.readouts(state)["solved"][1] == "false"
    assert "So far a plane has not parted the classes there." in figure.describe(state)


def test_points_that_the_reader_takes_away_open_the_ring_again():
    state = learnt(figure.start(), 2000)
    assert CANNOT in figure.describe(state)
    X = state.samples.X
    far = [(x, y) for x, y in X.tolist() if np.hypot(x, y) > 0.7 and x > 0.2]
    state = put(state, paint=True, pen="erase")
    for x, y in far:
        state = figure.pressed_at(state, "plane", x, y)
    assert len(state.samples.X) < 100
    assert CANNOT not in figure.describe(state)


def test_three_neurons_stand_in_a_space_with_the_plane_that_the_output_draws():
    state = learnt(put(figure.start(), hidden=3), 1000)
    view = figure.scene(state)["hidden"]
    plane = next(mark for mark in view.marks if isinstance(mark, Regions))
    assert plane.colour == "good"
    assert len(plane.outlines[0]) >= 3
    names = [text for mark in view.marks if isinstance(mark, Labels) for text in mark.texts]
    assert names == ["h₁", "h₂", "h₃"]
    assert figure.scene(put(state, turn=90))["hidden"].marks[0].paths[0] is not view.marks[0].paths[0]


def test_dragging_turns_the_space_and_not_the_plane():
    state = put(figure.start(), hidden=3)
    after = figure.turned(state, "hidden", 21.0, -10.0)
    assert (after.turn, after.tilt) == (40, 19)
    assert after.rest == (0.5, 0.0)
    assert figure.turned(after, "hidden", 1.0, 0.0).turn == 41
    assert figure.turned(state, "hidden", 0.0, 999.0).tilt == 90
    assert figure.turned(state, "plane", 21.0, -10.0) == state


def test_playing_gives_the_same_run_as_training_at_once_whatever_the_slices():
    runs = []
    for tick, elapsed in ((0.001, 0.016), (0.003, 0.05)):
        state = put(figure.start(), hidden=3, play=True)
        clock = Clock(tick)
        while state.run.epoch < 300:
            state = figure.advance(state, elapsed, 0.008, clock)
        runs.append(state.run)
    for run in runs:
        whole = train(put(figure.start(), hidden=3).run, *figure.start().samples, run.epoch, 1.0).progress
        for a, b in zip(run.net.weights, whole.net.weights, strict=True):
            np.testing.assert_array_equal(a, b)


def test_it_keeps_to_its_speed_and_to_its_slice():
    state = put(figure.start(), play=True, speed="100")
    clock = Clock(1e-6)
    for _ in range(60):
        state = figure.advance(state, 1 / 60, 0.008, clock)
    assert 98 <= state.run.epoch <= 100
    slow = Clock(0.004)
    fast = figure.advance(put(figure.start(), play=True, speed="most"), 0.016, 0.008, slow)
    assert slow.now < 0.03
    assert fast.run.epoch >= 16


def test_the_answers_are_worked_out_every_other_slice_and_always_when_it_stops():
    state = put(figure.start(), play=True, speed="1000")
    clock, seen = Clock(1e-6), []
    for _ in range(6):
        after = figure.advance(state, 0.016, 0.008, clock)
        seen.append(after.answers is not state.answers)
        state = after
    assert seen == [False, True, False, True, False, True]
    paused = put(state, play=False)
    surface = next(mark for mark in figure.scene(paused)["plane"].marks if isinstance(mark, Surface))
    np.testing.assert_array_equal(surface.values, 0.2 + 0.6 * figure.answers_over_plane(paused.run.net))


def test_a_step_is_one_epoch_and_rewind_brings_back_the_same_start():
    state = figure.pressed(put(figure.start(), play=True), "step")
    assert (state.run.epoch, state.play) == (1, False)
    back = figure.pressed(learnt(state, 50), "rewind")
    np.testing.assert_array_equal(back.run.net.weights[0], figure.start().run.net.weights[0])
    assert back.run.epoch == 0


def test_another_network_starts_anew_and_other_points_do_not():
    state = learnt(figure.start(), 20)
    for values in ({"hidden": 3}, {"activation": "mish"}, {"seed": 4}):
        assert put(state, **values).run.epoch == 0
    for values in ({"data": "moons"}, {"noise": 0.2}, {"learning_rate": 2.0}, {"turn": 3}):
        assert put(state, **values).run.epoch == 20


def test_it_stops_at_the_end_where_there_is_nothing_to_learn_and_where_the_numbers_run_away():
    clock = Clock(1e-6)
    end = replace(put(figure.start(), play=True), run=replace(figure.start().run, epoch=MOST_EPOCHS))
    assert not figure.advance(end, 0.1, 0.008, clock).play
    empty = figure.pressed(put(figure.start(), play=True), "clear")
    assert not figure.advance(empty, 0.1, 0.008, clock).play
    state = put(figure.start(), play=True, activation="relu")
    away = figure.advance(replace(state, run=replace(state.run, diverged=np.array(7))), 0.1, 0.008, clock)
    assert not away.play
    assert "the numbers ran away" in figure.describe(away)


def test_the_cursor_is_seen_while_painting_and_only_then():
    def cursors(state):
        return [mark for mark in figure.scene(state)["plane"].marks if isinstance(mark, Handles)]

    assert cursors(figure.start()) == []
    handle = cursors(put(figure.start(), x=0.5, y=-0.25))[0]
    np.testing.assert_array_equal(handle.at, [[0.5, -0.25]])
    assert handle.names == ("cursor",)


def test_a_neuron_that_is_pointed_at_is_lit_as_line_and_in_the_formula():
    state = put(figure.start(), hidden=3)
    W = state.run.net.weights[0][:, 1]
    place = 0.9 * np.array([-W[1], W[0]]) / np.hypot(*W)
    lit = figure.hovered(state, "plane", *place)
    assert lit.term == "h2"
    assert 'data-term="h2"' in figure.formula(lit)
    assert [mark.colour for mark in figure.scene(lit)["plane"].marks if isinstance(mark, Lines)] == ["h1", "act", "h3"]
    assert figure.hovered(lit, "plane", None, None).term == ""
    cut = figure.scene(replace(state, term="y"))["hidden"]
    assert next(mark for mark in cut.marks if isinstance(mark, Regions)).colour == "act"
