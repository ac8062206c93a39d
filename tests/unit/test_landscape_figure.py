"""The figure `landscape`, with no browser: its surfaces, the paths on them, and how much of a path a cut holds."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import landscape as figure
from figures.controls import field, read_link, with_values, write_link
from figures.controls import settings as settings_of
from scene.landscapes import HIDDEN, LOWEST, STOPS, X, Y, cut, grounds, run
from scene.marks import Labels, Lines, Points
from scene.relief import Relief
from unfold.landscape import at

states = st.builds(
    figure.State,
    log=st.booleans(),
    directions=st.sampled_from(["path", "random"]),
    seed=st.integers(0, 5),
    direction_seed=st.integers(0, 3),
    reach=st.integers(2, 30).map(lambda k: k / 10),
    turn=st.integers(0, 359),
    tilt=st.integers(10, 80),
    guess=st.sampled_from(["", *figure.GUESSES]),
    term=st.sampled_from(["", "path", "end"]),
)
few = settings(deadline=None, max_examples=25)


def relief(state, name):
    return next(mark for mark in figure.scene(state)[name].marks if isinstance(mark, Relief))


def flat(net):
    return np.concatenate([p.ravel() for p in (*net.weights, *net.biases)])


@few
@given(states)
def test_every_state_can_be_drawn_described_and_read(state):
    for view in figure.scene(state).values():
        for mark in view.marks:
            parts = (*mark.under(), *mark.over("light"), *mark.paths, *mark.points) if isinstance(mark, Relief) else ()
            for part in (mark, *parts):
                arrays = part.paths if isinstance(part, Lines) else [part.at] if hasattr(part, "at") else []
                assert all(np.isfinite(array).all() for array in arrays)
    words = [figure.describe(state), figure.formula(state), *(text for text, _ in figure.readouts(state).values())]
    assert not re.search(r"\b(nan|inf|none)\b", " ".join(words), re.IGNORECASE)


@few
@given(states, st.integers(0, 50), st.integers(0, 50))
def test_a_surface_is_as_high_as_the_loss_of_the_network_there(state, row, column):
    for name, plane in figure.cuts(state).items():
        terrain = relief(state, name).terrain
        assert terrain.values.shape == (51, 51)
        loss = float(at(plane.net, plane.d1, plane.d2, terrain.x[column], terrain.y[row]).loss(X, Y))
        expected = np.log10(max(loss, LOWEST)) if state.log else loss
        assert terrain.values[row, column] == pytest.approx(expected, rel=1e-12, abs=1e-15)
        assert terrain.low <= terrain.values.min()
        assert terrain.values.max() <= terrain.high


def test_a_path_ends_at_the_origin_and_stands_on_the_surface():
    for log in (False, True):
        for noise in (None, 2):
            for ground in grounds(1, noise, 1.0, log):
                np.testing.assert_allclose(ground.path[-1, :2], 0.0, atol=1e-12)
                assert len(ground.path) == len(STOPS)
                shown = ground.terrain.boxed(np.concatenate(ground.pieces))
                assert (np.abs(shown[:, :2]) <= 1.0).all()
                near = np.abs(shown[:, 2] - ground.terrain.heights(*shown[:, :2].T))
                assert near.max() < (0.03 if log else 0.003)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("activation", HIDDEN)
def test_the_share_of_the_main_directions_is_that_of_a_singular_value_decomposition(activation, seed):
    nets = run(activation, seed)
    differences = np.array([flat(net) - flat(nets[-1]) for net in nets])
    variances = np.linalg.eigvalsh(differences.T @ differences)[::-1]
    plane = cut(activation, seed, None)
    assert plane.share == pytest.approx(variances[:2].sum() / variances.sum(), rel=1e-9)
    np.testing.assert_allclose(np.sum(plane.path**2), variances[:2].sum(), rtol=1e-9)


@pytest.mark.parametrize("activation", HIDDEN)
def test_no_random_directions_hold_more_of_a_path_than_its_main_two(activation):
    main = cut(activation, 1, None).share
    for noise in range(20):
        plane = cut(activation, 1, noise)
        assert 0.0 <= plane.share < main
        basis, _ = np.linalg.qr(np.column_stack([flat(plane.d1), flat(plane.d2)]))
        differences = np.array([flat(net) - flat(plane.net) for net in run(activation, 1)])
        assert plane.share == pytest.approx(np.sum((differences @ basis) ** 2) / np.sum(differences**2), rel=1e-9)


def test_random_directions_are_as_long_as_the_weights_into_each_neuron():
    plane = cut("tanh", 1, 3)
    for d in (plane.d1, plane.d2):
        for W, D in zip(plane.net.weights, d.weights, strict=True):
            np.testing.assert_allclose(np.linalg.norm(D, axis=0), np.linalg.norm(W, axis=0))


@few
@given(states, st.integers(-300, 300), st.integers(-300, 300), st.sampled_from(HIDDEN))
def test_dragging_any_picture_turns_all_three_as_the_sliders_do(state, dx, dy, view):
    state = figure.turned(state, view, 2.0 * dx, 2.0 * dy)
    found = [relief(state, name) for name in HIDDEN]
    assert {(one.turn, one.tilt) for one in found} == {(state.turn, state.tilt)}
    for name in ("turn", "tilt"):
        control = settings_of(figure.CONTROLS)[name]
        assert control.parse(control.write(getattr(state, name))) == getattr(state, name)


def test_turning_makes_no_new_surface():
    start = figure.start()
    turned = figure.turned(start, "tanh", 40.0, 10.0)
    assert all(relief(start, name).terrain is relief(turned, name).terrain for name in HIDDEN)


def test_the_three_surfaces_have_one_scale_of_height():
    for log in (False, True):
        found = [relief(replace(figure.start(), log=log), name).terrain for name in HIDDEN]
        assert len({(terrain.low, terrain.high, terrain.every) for terrain in found}) == 1
        assert all(terrain.contours for terrain in found)


@few
@given(states)
def test_the_trained_network_is_on_the_surface_however_far_it_reaches(state):
    for name in HIDDEN:
        seen = relief(state, name)
        assert (np.abs(seen.terrain.boxed(seen.points[1].at)[:, :2]) <= 1.0).all()


def test_near_the_end_the_start_of_the_path_is_left_out_and_its_name_too():
    texts = {}
    for reach in (1.0, 0.2):
        view = figure.scene(replace(figure.start(), reach=reach))["tanh"]
        texts[reach] = {text for mark in view.marks if isinstance(mark, Labels) for text in mark.texts}
    assert "start" in texts[1.0]
    assert "start" not in texts[0.2]


def test_the_words_tell_losses_shares_and_what_is_not_seen():
    state = figure.start()
    text = figure.describe(state)
    for name, plane in figure.cuts(state).items():
        assert f"{figure.NAMES[name]} {figure.percent(plane.share)}" in text
        assert float(figure.readouts(state)[f"share-{name}"][1]) == plane.share
        assert float(figure.readouts(state)[f"loss-{name}"][1]) == pytest.approx(float(plane.net.loss(X, Y)), rel=1e-12)
    assert "the other seven is not seen here" in text
    assert "two random directions" in figure.describe(replace(state, directions="random"))


@pytest.mark.parametrize("seed", range(6))
def test_a_guess_is_judged_by_what_was_computed(seed):
    shares = [cut(name, seed, None).share for name in HIDDEN]
    for guess in figure.GUESSES:
        told = figure.describe(replace(figure.start(), seed=seed, guess=guess))
        assert figure.percent(min(shares)) in told
        assert ("you guessed it" in told) == (guess == "all")  # of every one of these paths nearly all
    assert min(shares) > 0.9


def test_only_the_whole_is_told_as_a_hundred_per_cent():
    assert [figure.percent(share) for share in (0.0, 0.5, 0.99996, 1.0)] == ["0.0 %", "50.0 %", "99.9 %", "100.0 %"]


@pytest.mark.parametrize("term", ["path", "end"])
def test_pointing_at_a_term_lights_its_mark_and_the_reverse(term):
    start = figure.start()
    assert f'data-term="{term}"' in figure.formula(start)
    lit = relief(replace(start, term=term), "mish")
    assert [mark.colour == "act" for mark in (lit.paths[0], lit.points[1])] == [term == "path", term == "end"]
    place = lit.points[1].at[0] if term == "end" else lit.paths[0].paths[0][0]
    x, y = lit.flat(place)
    hovered = figure.hovered(start, "mish", float(x), float(y))
    assert hovered.term == term
    assert figure.hovered(hovered, "mish", None, None).term == ""
    assert figure.hovered(start, "mish", 1.6, 1.6) is start


@few
@given(states)
def test_a_link_holds_the_state(state):
    values, refused = read_link(write_link(state, figure.start(), figure.CONTROLS), figure.CONTROLS)
    again = with_values(figure.start(), values)
    assert not refused
    for name in settings_of(figure.CONTROLS):
        assert getattr(again, field(name)) == pytest.approx(getattr(state, field(name)), abs=1e-12)


def test_a_bad_value_in_a_link_is_told():
    _, refused = read_link("directions=sideways&reach=9", figure.CONTROLS)
    assert refused == [
        "directions: “sideways” is not allowed here. Allowed: path, random. The default is used.",
        "reach: “9” is not allowed here. Allowed: a number from 0.2 to 3. The default is used.",
    ]


def test_it_has_what_every_figure_has():
    assert set(figure.scene(figure.start())) == set(figure.SIZES) == {name for name, *_ in figure.VIEWS}
    laid_out = [*figure.LAYOUT["guess"], *figure.LAYOUT["groups"][0], *figure.LAYOUT["controls"]]
    assert sorted(laid_out) == sorted(control.name for control in figure.CONTROLS)
    assert {name for view in figure.VIEWS for name in view[3]} == set(figure.readouts(figure.start()))


def test_the_trained_network_stands_out_from_where_it_began():
    first, last = relief(figure.start(), "sigmoid").points
    assert isinstance(first, Points)
    assert (first.colour, last.colour) == ("panel", "good")
