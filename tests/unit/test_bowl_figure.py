"""The figure `bowl`, with no browser: the loss over two weights, how it is turned, and what it says."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import bowl
from figures.controls import field, read_link, settings, with_values, write_link
from scene.marks import Handles, Labels, Lines, Points
from scene.relief import Relief
from scene.two_weights import X, Y, in_steps
from unfold.activations import ACTIVATIONS
from unfold.calculus import gradient_of_two_weights

weights = st.integers(-30, 30).map(lambda k: k / 10)
states = st.builds(
    bowl.State,
    w1=weights,
    w2=weights,
    activation=st.sampled_from(["identity", "tanh"]),
    turn=st.integers(0, 359),
    tilt=st.integers(10, 80),
    guess=st.sampled_from(["", "flat", "steep", "two"]),
    term=st.sampled_from(["", "w1", "w2", "loss"]),
    before=st.one_of(st.just(()), st.tuples(weights, weights)),
)


def numbers(mark):
    if isinstance(mark, Relief):
        return [*(n for part in (*mark.under(), *mark.over("light")) for n in numbers(part))]
    if isinstance(mark, Lines):
        return list(mark.paths)
    return [mark.at] if isinstance(mark, Points | Labels | Handles) else list(mark.outlines)


@given(states)
def test_every_state_can_be_drawn_described_and_read(state):
    view = bowl.scene(state)["bowl"]
    for part in (n for mark in view.marks for n in numbers(mark)):
        assert np.isfinite(part).all()
    assert "nan" not in (bowl.describe(state) + bowl.formula(state)).lower()
    assert all(text and value for text, value in bowl.readouts(state).values())
    handle = next(mark for mark in view.marks if isinstance(mark, Handles))
    assert np.abs(handle.at).max() < view.x.high


@given(states)
def test_the_loss_is_the_mean_squared_error_of_the_neuron(state):
    z = X @ [state.w1, state.w2]
    answers = np.tanh(z) if state.activation == "tanh" else z
    assert bowl.loss(state) == pytest.approx(np.mean((answers - Y) ** 2), rel=1e-12, abs=1e-30)
    assert float(bowl.readouts(state)["loss"][1]) == bowl.loss(state)


@given(states)
def test_w_stands_on_the_surface(state):
    relief = bowl.scene(state)["bowl"].marks[0]
    height = relief.terrain.boxed(np.array([[state.w1, state.w2, bowl.loss(state)]]))
    assert height[0, 2] == pytest.approx(float(relief.terrain.heights(*height[:, :2].T)[0]), abs=0.003)


@pytest.mark.parametrize("activation", ["identity", "tanh"])
def test_it_is_solved_at_the_lowest_settable_place_and_nowhere_else(activation):
    steps, losses = in_steps(activation, bowl.MOST, bowl.STEP)
    solved = [
        (a, b)
        for a in steps
        for b in steps
        if bowl.readouts(bowl.State(w1=a, w2=b, activation=activation))["solved"][1] == "true"
    ]
    assert len(solved) == 1
    assert bowl.loss(bowl.State(*solved[0], activation=activation)) == losses.min()
    if activation == "tanh":
        assert solved[0] == (1.2, -0.7)  # the neuron that made the data
        assert losses.min() == pytest.approx(0.0, abs=1e-30)


@pytest.mark.parametrize("activation", ["identity", "tanh"])
def test_there_is_one_lowest_place(activation):
    _, losses = in_steps(activation, bowl.MOST, bowl.STEP)
    padded = np.pad(losses, 1, constant_values=np.inf)
    beside = np.array([padded[1:-1, :-2], padded[1:-1, 2:], padded[:-2, 1:-1], padded[2:, 1:-1]])
    assert (losses <= beside.min(axis=0)).sum() == 1


@given(states)
def test_the_lowest_place_is_found_from_the_words_alone(state):
    for _ in range(3):
        text = bowl.describe(state)
        if "the lowest there is" in text:
            break
        w1, w2 = re.search(r"lowest place is at w1 = (\S+) and w2 = (\S+)\.", text).groups()
        values = [float(value.replace("\u2212", "-")) for value in (w1, w2)]
        state = bowl.changed(replace(state, w1=values[0], w2=values[1]), state)
    assert bowl.readouts(state)["solved"][1] == "true"


@given(states)
def test_a_small_move_the_way_it_says_lowers_the_loss(state):
    found = re.search(r"downhill is to (raise|lower) w1 and (raise|lower) w2", bowl.describe(state))
    if found:
        signs = np.array([1.0 if way == "raise" else -1.0 for way in found.groups()])
        gradient = gradient_of_two_weights(
            np.asarray(state.w1), np.asarray(state.w2), X, Y, ACTIVATIONS[state.activation]
        )
        assert (signs * gradient <= 0.0).all()


def test_a_move_tells_what_it_did_to_the_loss():
    start = bowl.start()
    better = bowl.changed(replace(start, w1=-1.0), start)
    assert "by this move it fell from 6.129" in bowl.describe(better)
    assert "by this move it rose" in bowl.describe(bowl.changed(replace(better, w1=-2.0), better))
    assert "by this move" not in bowl.describe(bowl.changed(replace(better, turn=3), better))


@given(states, weights, weights)
def test_a_drag_of_w_brings_it_under_the_pointer_as_its_controls_would(state, w1, w2):
    state = replace(state, before=(), tilt=80)  # from so high no line of sight meets the tanh surface twice
    there = replace(state, w1=w1, w2=w2, activation="tanh")
    state = replace(state, activation="tanh")
    x, y = next(m for m in bowl.scene(there)["bowl"].marks if isinstance(m, Handles)).at[0]
    for _ in range(6):
        state = bowl.dragged(state, "w", float(x), float(y))
    at = next(m for m in bowl.scene(state)["bowl"].marks if isinstance(m, Handles)).at[0]
    assert np.hypot(*(at - [x, y])) < 0.03
    same = bowl.changed(replace(there, w1=state.w1, w2=state.w2), there)
    assert (same.w1, same.w2) == (state.w1, state.w2)
    assert bowl.readouts(same) == bowl.readouts(state)


@given(states, st.floats(-9, 9), st.floats(-9, 9))
def test_wherever_it_is_dragged_w_stays_on_what_its_controls_can_hold(state, x, y):
    state = bowl.dragged(state, "w", x, y)
    for name in ("w1", "w2"):
        control = settings(bowl.CONTROLS)[name]
        assert control.parse(control.write(getattr(state, name))) == getattr(state, name)


@given(states)
def test_a_drag_that_does_not_move_leaves_w_where_it_is(state):
    x, y = next(m for m in bowl.scene(state)["bowl"].marks if isinstance(m, Handles)).at[0]
    moved = bowl.dragged(state, "w", float(x), float(y))
    assert (moved.w1, moved.w2) == (state.w1, state.w2)


@given(states, st.integers(-300, 300), st.integers(-300, 300))
def test_dragging_the_picture_is_setting_turn_and_tilt(state, dx, dy):
    turned = bowl.turned(state, "bowl", 2.0 * dx, 2.0 * dy)
    by_control = replace(state, turn=(state.turn + dx) % 360, tilt=min(max(state.tilt + dy, 10), 80))
    assert (turned.turn, turned.tilt) == (by_control.turn, by_control.tilt)
    assert (turned.w1, turned.w2) == (state.w1, state.w2)


def test_many_small_drags_turn_as_far_as_one_long_one():
    start = slow = bowl.start()
    for _ in range(100):
        slow = bowl.turned(slow, "bowl", 0.3, -0.1)
    fast = bowl.turned(start, "bowl", 30.0, -10.0)
    assert (slow.turn, slow.tilt) == (fast.turn, fast.tilt)


def test_far_out_tanh_is_flat_and_steeper_and_parted_in_two_it_is_not():
    for w1, w2 in ((-3.0, 3.0), (3.0, 3.0), (-3.0, -3.0)):
        slopes = [
            np.linalg.norm(gradient_of_two_weights(np.asarray(w1), np.asarray(w2), X, Y, ACTIVATIONS[activation]))
            for activation in ("identity", "tanh")
        ]
        assert slopes[1] < 0.1 * slopes[0]
    guessed = replace(bowl.start(), activation="tanh", guess="flat")
    assert "you guessed it" in bowl.describe(guessed)
    assert "you guessed otherwise" in bowl.describe(replace(guessed, guess="two"))
    assert "guessed" not in bowl.describe(replace(guessed, activation="identity"))


@given(states)
def test_a_link_holds_the_state(state):
    values, refused = read_link(write_link(state, bowl.start(), bowl.CONTROLS), bowl.CONTROLS)
    again = with_values(bowl.start(), values)
    assert not refused
    for name in settings(bowl.CONTROLS):
        assert getattr(again, field(name)) == pytest.approx(getattr(state, field(name)), abs=1e-12)


@pytest.mark.parametrize("term", ["w1", "w2", "loss"])
def test_pointing_at_a_term_lights_its_line_and_the_reverse(term):
    state = bowl.start()
    assert f'data-term="{term}"' in bowl.formula(state)
    lit = bowl.scene(replace(state, term=term))["bowl"].marks[0]
    assert [mark.colour for mark in lit.paths].count("act") == 1
    path = bowl._terms(state)[term]
    x, y = lit.flat(path[[0, -1]]).mean(axis=0)
    hovered = bowl.hovered(state, "bowl", float(x), float(y))
    assert hovered.term == term
    assert bowl.hovered(hovered, "bowl", None, None).term == ""
    assert bowl.hovered(state, "bowl", 1.6, 1.6) is state


def test_it_has_what_every_figure_has():
    assert set(bowl.scene(bowl.start())) == set(bowl.SIZES) == {name for name, *_ in bowl.VIEWS}
    laid_out = [name for group in bowl.LAYOUT["groups"] for name in group]
    laid_out += [*bowl.LAYOUT["guess"], *bowl.LAYOUT["controls"]]
    assert sorted(laid_out) == sorted(control.name for control in bowl.CONTROLS)
