"""The figure `gradient-field`, with no browser: its arrow, its ball, and what it says."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import gradient_field as figure
from figures.controls import read_link, with_values, write_link
from scene.chains import joined
from scene.contours import contour
from scene.marks import Arrows, Handles, Heat, Labels, Lines, Points
from scene.two_weights import X, Y, lowest
from unfold.activations import ACTIVATIONS
from unfold.calculus import descend, gradient_of_two_weights, loss_of_two_weights

HUNDREDTHS = st.integers(-60, 60).map(lambda k: round(k * 0.05, 2))
PLACES = st.none() | st.tuples(st.floats(-9.0, 9.0), st.floats(-9.0, 9.0))


@st.composite
def states(draw):
    state = replace(
        figure.start(),
        w1=draw(HUNDREDTHS),
        w2=draw(HUNDREDTHS),
        learning_rate=draw(st.integers(1, 300)) / 100,
        activation=draw(st.sampled_from(["identity", "tanh"])),
        descend=draw(st.booleans()),
        guess=draw(st.sampled_from(["", "0.5", "1", "2"])),
        term=draw(st.sampled_from(["", "w1", "w2"])),
    )
    if (place := draw(PLACES)) is not None:
        state = figure.pressed_at(state, "field", *place)
        state = figure.advance(state, draw(st.floats(0.0, 12.0)), 0.01, lambda: 0.0)
    if (place := draw(PLACES)) is not None:
        state = figure.hovered(state, "field", *place)
    return state


def sample(count, seed=7):
    random = np.random.default_rng(seed)
    for _ in range(count):
        w1, w2 = (round(float(k) * 0.05, 2) for k in random.integers(-60, 61, 2))
        yield replace(figure.start(), w1=w1, w2=w2, activation=str(random.choice(["identity", "tanh"])))


def rolled(state, seconds=20.0):
    return figure.advance(figure.pressed(state, "drop"), seconds, 0.01, lambda: 0.0)


def marks(state, kind):
    return [mark for mark in figure.scene(state)["field"].marks if isinstance(mark, kind)]


def test_the_arrow_s_components_are_finite_differences_of_the_loss_in_a_thousand_states():
    h = 1e-5
    for state in sample(1000):
        w1, w2 = state.at
        across = (figure.loss(state, (w1 + h, w2)) - figure.loss(state, (w1 - h, w2))) / (2 * h)
        up = (figure.loss(state, (w1, w2 + h)) - figure.loss(state, (w1, w2 - h))) / (2 * h)
        np.testing.assert_allclose(figure.gradient(state, state.at), [across, up], atol=1e-6, rtol=0)


def test_the_drawn_arrow_is_perpendicular_to_the_contour_through_its_point_in_a_thousand_states():
    near = np.linspace(-1e-3, 1e-3, 4)
    for state in sample(1000):
        arrow = figure.arrow(state)
        if math.hypot(*figure.gradient(state, state.at)) < 0.02:
            continue
        x, y = state.w1 + near, state.w2 + near
        values = loss_of_two_weights(x[None, :], y[:, None], X, Y, ACTIVATIONS[state.activation])
        pieces = contour(values, x, y, figure.loss(state, state.at))
        lengths = np.hypot(*(pieces[:, 1] - pieces[:, 0]).T)
        along = pieces[np.argmax(lengths), 1] - pieces[np.argmax(lengths), 0]
        assert abs(along @ arrow) < 0.02 * math.hypot(*along) * math.hypot(*arrow)


def test_the_arrow_points_uphill_and_turned_downhill_the_other_way_and_never_out_of_the_picture():
    for state in sample(200, seed=8):
        up, down = figure.arrow(state), figure.arrow(replace(state, descend=True))
        slope = figure.gradient(state, state.at)
        assert up @ slope > 0 > down @ slope
        assert abs(up[0] * slope[1] - up[1] * slope[0]) < 1e-12
        assert (np.abs(np.array(state.at) + up) <= figure.EDGE + 1e-12).all()
        main = marks(state, Arrows)[-1]
        np.testing.assert_allclose(main.tips - main.tails, up[None])


def test_away_from_the_edges_the_arrow_is_as_long_as_the_slope_says_and_its_components_make_it_up():
    state = figure.start()
    first, second, whole = marks(state, Arrows)
    scale = figure.LENGTHS["identity"]
    np.testing.assert_allclose(whole.tips - whole.tails, scale * figure.gradient(state, state.at)[None])
    np.testing.assert_allclose((first.tips - first.tails) + (second.tips - second.tails), whole.tips - whole.tails)
    texts = [text for mark in marks(state, Labels) for text in mark.texts]
    assert {"−2.16", "1.92"} <= set(texts)


def test_the_ball_goes_step_by_step_where_gradient_descent_goes():
    state = rolled(figure.start(), 1.0)
    assert len(state.path) - 1 == 12

    def both(at):
        problem = (at[0], at[1], X, Y, ACTIVATIONS["identity"])
        return loss_of_two_weights(*problem), gradient_of_two_weights(*problem)

    way = descend(both, np.array([state.w1, state.w2]), state.learning_rate, 12, figure.EDGE)
    np.testing.assert_allclose(state.path, way.points, atol=1e-12)


def test_the_ball_s_way_depends_on_time_and_not_on_frames():
    state = figure.pressed(figure.start(), "drop")
    slow = state
    for _ in range(64):
        slow = figure.advance(slow, 1 / 64, 0.01, lambda: 0.0)
    assert slow.path == figure.advance(state, 1.0, 0.01, lambda: 0.0).path


def test_a_good_rate_finds_the_bottom_and_the_figure_says_so():
    for name in ("identity", "tanh"):
        state = rolled(replace(figure.start(), activation=name, learning_rate=0.6))
        assert figure.at_bottom(state)
        assert not figure.running(state)
        assert figure.readouts(state)["solved"] == ("✓ It found the bottom", "true")
        assert "lies still at the bottom" in figure.describe(state)


def test_with_too_high_a_rate_the_ball_leaves_stops_at_the_edge_and_the_words_say_so():
    state = rolled(replace(figure.start(), learning_rate=1.7))
    assert state.end == "left"
    assert max(map(abs, state.path[-1])) == pytest.approx(figure.EDGE, rel=1e-15)  # to the last bit or the one before
    assert not figure.running(state)
    assert "it left: the rate is too high" in figure.describe(state)
    assert ("it left",) in [mark.texts for mark in marks(state, Labels)]
    assert "true" not in figure.readouts(state)["solved"]


def test_where_it_says_that_the_rate_is_too_high_a_lower_one_from_the_same_place_stays():
    for number, state in enumerate(sample(60, seed=9)):
        fast = rolled(replace(state, learning_rate=1.4 + 0.02 * number))
        if fast.end == "left":
            assert rolled(replace(state, learning_rate=0.2)).end not in ("left", "out")


def test_where_downhill_itself_leads_out_the_rate_is_not_blamed():
    state = figure.pressed_at(replace(figure.start(), activation="tanh", learning_rate=0.3), "field", 3.5, -2.2)
    state = figure.advance(state, 20.0, 0.01, lambda: 0.0)
    assert state.end == "out"
    assert "rate is too high" not in figure.describe(state)


def test_on_a_plateau_it_lies_still_but_not_at_the_bottom():
    state = figure.pressed_at(replace(figure.start(), activation="tanh"), "field", 3.45, -1.6)
    assert state.end == "rest"
    assert figure.readouts(state)["solved"][1] == "false"
    assert "not the lowest" in figure.describe(state)


@pytest.mark.parametrize(("rate", "leaves"), [(0.5, False), (1.0, False), (2.0, True)])
def test_of_the_rates_to_guess_only_2_throws_the_ball_out_from_wherever_it_is_dropped(rate, leaves):
    for state in sample(60, seed=10):
        state = replace(state, activation="identity", learning_rate=rate)
        assert (rolled(state).end == "left") == leaves
    told = figure.describe(replace(rolled(replace(figure.start(), learning_rate=2.0)), guess="2"))
    assert "You guessed 2: right" in told


def test_the_lowest_loss_is_the_lowest():
    for state in sample(300, seed=11):
        assert figure.loss(state, state.at) >= lowest(state.activation)


def test_dragging_the_handle_is_setting_the_two_weights():
    start = figure.start()
    for place in ((0.512, -1.27), (9.0, -9.0), (-0.01, 2.99)):
        state = figure.dragged(start, "w", *place)
        values, refused = read_link(write_link(state, start, figure.CONTROLS), figure.CONTROLS)
        assert not refused
        assert with_values(start, values) == state
        assert marks(state, Handles)[0].at.tolist() == [[state.w1, state.w2]]
    assert figure.dragged(start, "w", 9.0, -9.0).at == (3.0, -3.0)


def test_the_button_drops_the_ball_where_a_press_at_the_chosen_weights_does():
    start = figure.start()
    assert figure.pressed(start, "drop") == figure.pressed_at(start, "field", start.w1, start.w2)


def test_the_arrow_follows_the_pointer_and_goes_back_when_it_leaves():
    state = figure.hovered(figure.start(), "field", 2.0, -1.0)
    assert state.at == (2.0, -1.0)
    assert "w₁ = 2.00, w₂ = −1.00" in figure.describe(state)
    assert figure.hovered(state, "field", None, None) == figure.start()


def test_another_activation_takes_the_ball_away():
    state = rolled(figure.start())
    assert figure.changed(replace(state, activation="tanh"), state).path == ()
    assert figure.changed(replace(state, learning_rate=1.0), state).path == state.path


def test_pointing_at_a_term_lights_its_component():
    for term, lit in (("", [False, False]), ("w1", [True, False]), ("w2", [False, True])):
        components = marks(replace(figure.start(), term=term), Arrows)[:2]
        assert [mark.colour == "act" for mark in components] == lit
    assert re.findall('data-term="(.*?)"', figure.formula(figure.start())) == ["w1", "w2"]


def test_contours_are_whole_rings_that_lose_no_piece():
    values = np.add.outer(np.linspace(-1, 1, 21) ** 2, np.linspace(-1, 1, 21) ** 2)
    side = np.linspace(-1, 1, 21)
    for level, count in ((0.371, 1), (1.203, 4)):
        pieces = contour(values, side, side, level)
        lines = joined(pieces)
        assert len(lines) == count
        assert sum(len(line) - 1 for line in lines) == len(pieces)
        assert (lines[0][0] == lines[0][-1]).all() == (count == 1)


@settings(deadline=None, max_examples=60)
@given(states())
def test_every_state_is_drawn_described_and_written_with_finite_numbers(state):
    for mark in figure.scene(state)["field"].marks:
        if isinstance(mark, Lines):
            assert all(np.isfinite(path).all() for path in mark.paths)
        elif isinstance(mark, Points | Handles | Labels):
            assert np.isfinite(mark.at).all()
        elif isinstance(mark, Heat):
            assert np.isfinite(mark.values).all()
    words = [figure.describe(state), figure.formula(state), *(text for text, _ in figure.readouts(state).values())]
    assert not re.search(r"\b(nan|inf)\b", " ".join(words), re.IGNORECASE)
    link = write_link(state, figure.start(), figure.CONTROLS)
    values, refused = read_link(link, figure.CONTROLS)
    assert not refused
    assert write_link(with_values(figure.start(), values), figure.start(), figure.CONTROLS) == link
