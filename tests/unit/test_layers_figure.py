"""The figure `layers`: the plane's way through a network, how it is seen, and whether it is truly never folded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import layers as figure
from figures.controls import Choice, read_link
from figures.trained import RATE, SQUARES, samples, trained
from scene.marks import Labels, Lines, Points, Regions
from scene.passage import MOVES, Passage, layer_at, sheet
from scene.passage_told import fates, verdict, where_told, whole
from scene.relief import camera
from unfold.network import Network
from unfold.training import train
from unfold.transforms import network_path

TIMES = np.linspace(0.0, 8.0, 81)

KINDS = ("tanh", "sigmoid", "softplus", "relu", "mish", "sine")


def with_settings(**values):
    start = figure.start()
    return figure.changed(replace(start, **values), start)


def passages(width, layers=2, activation="tanh", chosen=(), seed=0):
    net = Network.create((2, *[width] * layers, 1), activation, seed=seed, initial="glorot")
    net = replace(net, biases=tuple(np.random.default_rng(seed).normal(size=b.shape) for b in net.biases))
    return Passage(net, samples("ring")[0], *SQUARES["ring"], chosen)


# The way


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_the_plane_goes_the_way_of_the_network_and_stops_where_its_layers_put_it(width):
    passage = passages(width)
    X = np.concatenate([passage.X, sheet(passage.low, passage.high)])
    net = passage.net
    hidden = Network(net.weights[:-1], net.biases[:-1], net.activations[:-1])
    for time in TIMES:
        layer, part = min(int(time // 4), 1), time - 4 * min(int(time // 4), 1)
        expected = network_path(hidden, X, min(3 * layer + (part / 2 if part < 2 else part - 1), 6.0))
        np.testing.assert_allclose(passage.full(time), expected, atol=1e-12)
    for layer, values in enumerate(hidden.layer_values(X)[1]):
        assert (passage.full(4.0 * layer)[:, : values.shape[1]] == values).all()
        assert (passage.full(4.0 * layer)[:, values.shape[1] :] == 0.0).all()


def test_the_turn_only_turns_and_the_shift_only_shifts():
    passage = passages(2, seed=3)
    start = passage.full(4.0)
    for time in np.linspace(4.0, 5.0, 9):
        np.testing.assert_allclose(np.linalg.norm(passage.full(time), axis=1), np.linalg.norm(start, axis=1))
    moved = passage.full(6.7) - passage.full(6.0)
    np.testing.assert_allclose(moved, 0.7 * np.broadcast_to(passage.net.biases[1], moved.shape), atol=1e-12)


@given(st.integers(1, 4), st.integers(1, 6), st.sampled_from(KINDS), st.integers(0, 99), st.floats(0.0, 1.0))
@settings(max_examples=60)
def test_what_is_seen_never_jumps(width, layers, activation, seed, share):
    passage = passages(width, layers, activation, seed=seed)
    time = min(share * passage.end, passage.end - 1e-7)
    (at, middle, half), (later, later_middle, later_half) = passage.seen(time), passage.seen(time + 1e-7)
    scale = max(half, 1.0)
    assert np.abs(at - later).max() < 1e-4 * scale
    assert np.abs(middle - later_middle).max() < 1e-4 * scale
    assert abs(half - later_half) < 1e-4 * scale
    assert (np.abs(at - middle) <= half).all()  # and all of it is in the picture


def test_each_move_is_named_from_its_beginning_to_its_end():
    assert [layer_at(time, 2) for time in (0.5, 1.0, 1.01, 2.0, 3.0, 4.0, 4.2, 8.0)] == [
        (1, 0), (1, 0), (1, 1), (1, 1), (1, 2), (1, 3), (2, 0), (2, 3),
    ]  # fmt: skip
    assert where_told(0.0, 2).startswith("The plane of inputs")
    assert [where_told(t, 2) for t in (1.5, 2.0)] == [
        "In the stretch of layer 1 of 2.",
        "After the stretch of layer 1 of 2.",
    ]


# How it is seen


def test_above_three_neurons_the_principal_components_are_seen_and_their_share_is_told():
    passage = passages(4, seed=5)
    for layer in (1, 2):
        values = passage.net.layer_values(passage.X)[1][layer]
        lens = passage.lenses[layer]
        spread, directions = np.linalg.eigh(np.cov(values.T))
        assert lens.keep == pytest.approx(spread[1:].sum() / spread.sum())
        np.testing.assert_allclose(lens.axes @ lens.axes.T, np.eye(3), atol=1e-9)
        np.testing.assert_allclose(lens.axes @ directions[:, 0], 0.0, atol=1e-6)  # the one of least spread is left out
    state = with_settings(width=4, data="ring", time=4.0)
    share = 100 * state.passage.lenses[1].keep
    assert f"Of 4 dimensions the three principal components are shown, {share:.0f}% of the spread." in figure.describe(
        state
    )
    assert "components" not in figure.describe(with_settings(width=3, time=4.0))


@pytest.mark.parametrize("look", figure.LOOKS)
def test_any_two_or_three_neurons_may_be_looked_at_after_any_layer(look):
    state = with_settings(width=4, layers=3, neurons=look)
    chosen = [int(k) - 1 for k in look]
    for layer in (1, 2, 3):
        values = state.passage.net.layer_values(state.passage.X)[1][layer]
        seen = state.passage.seen(4.0 * layer)[0][: len(values)]
        np.testing.assert_allclose(seen, values[:, chosen])
    names = {
        t for m in figure.scene(replace(state, time=12.0))["large"].marks if isinstance(m, Labels) for t in m.texts
    }
    assert names >= {f"h{'₁₂₃₄'[k]}" for k in chosen}
    assert "are shown" in figure.describe(replace(state, time=12.0))
    narrower = figure.changed(replace(state, width=max(chosen)), state)
    assert narrower.neurons == "all"


# Folds


def areas_at(net, X):
    """Twice the signed areas, (n,), that small triangles at places X have after the hidden layers, as multiples of
    what they had: too small a multiple is told as nan, where rounding would decide its sign."""
    tiny = 1e-4
    p, q, r = (net.layer_values(X + tiny * np.array(way))[1][-2] for way in ((0, 0), (1, 0), (0, 1)))
    area = ((q - p)[:, 0] * (r - p)[:, 1] - (q - p)[:, 1] * (r - p)[:, 0]) / tiny**2
    return np.where((np.abs(area) > 1e-7) | (area == 0.0), area, np.nan)


def grid_of(side, reach):
    along = np.linspace(-reach, reach, side)
    return np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "softplus"])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_where_it_says_that_no_points_meet_a_grid_keeps_its_orientation_and_all_its_points_apart(activation, layers):
    X, seen = grid_of(13, 1.0), 0
    for seed in range(60):
        net = Network.create((2, *[2] * layers, 1), activation, seed=seed)
        assert whole(net)
        assert "no two of its points ever meet" in verdict(net)
        areas = areas_at(net, X)
        told = ~np.isnan(areas)
        seen += told.sum()
        assert (np.sign(areas[told]) == np.sign(np.prod([np.linalg.det(W) for W in net.weights[:-1]]))).all()
        image = net.layer_values(X)[1][-2]
        apart = np.linalg.norm(image[:, None] - image, axis=-1) + np.eye(len(X))
        assert apart.min() > 0.0
    assert seen > 0.9 * 60 * len(X)


@pytest.mark.parametrize(("activation", "verb"), [("mish", "folds"), ("sine", "folds"), ("relu", "flattens")])
def test_where_it_says_that_the_first_layer_folds_or_flattens_a_grid_turns_over_or_loses_area(activation, verb):
    for seed in range(60):
        net = Network.create((2, 2, 1), activation, seed=seed)
        text = verdict(net)
        assert text == f"Layer 1 {verb}: there are points of the plane that meet."
        X = grid_of(41, 8.0) @ np.linalg.inv(net.weights[0])  # so far out that both sums pass through 0
        areas = areas_at(net, X)
        if verb == "folds":
            assert (areas > 0.0).any()
            assert (areas < 0.0).any()
        else:
            assert (areas == 0.0).any()


@pytest.mark.parametrize("activation", KINDS)
def test_one_neuron_projects_and_so_do_weights_that_have_lost_a_direction(activation):
    for seed in range(20):
        net = Network.create((2, 1, 1), activation, seed=seed)
        assert verdict(net) == "Layer 1 projects: there are points of the plane that meet."
        across = np.array([net.weights[0][1, 0], -net.weights[0][0, 0]])
        first, second = net.layer_values(np.array([[0.3, -0.1], np.array([0.3, -0.1]) + across]))[1][1]
        np.testing.assert_allclose(first, second, atol=1e-12)
    flat = Network(
        (np.array([[1.0, 2.0], [2.0, 4.0]]), np.ones((2, 1))), (np.zeros(2), np.zeros(1)), ("tanh", "sigmoid")
    )
    assert fates(flat)[0].determinant == 0.0
    assert verdict(flat).startswith("Layer 1 projects")


def test_a_fold_that_the_plane_may_miss_is_called_possible_only():
    wider = Network.create((2, 3, 3, 1), "mish", seed=0)
    assert verdict(wider) == "Layer 2 folds; layer 1 may fold: points of the plane can meet."
    deep = Network.create((2, 2, 2, 1), ("tanh", "mish"), seed=0)
    assert verdict(deep) == "Layer 2 folds: points of the plane can meet."
    lifted = Network.create((2, 3, 3, 1), "tanh", seed=0)
    assert whole(lifted)


@given(st.integers(1, 4), st.integers(1, 6), st.sampled_from(KINDS), st.integers(0, 999))
@settings(max_examples=150)
def test_points_never_meet_exactly_where_every_layer_keeps_all_dimensions_and_only_rises(
    width, layers, activation, seed
):
    net = Network.create((2, *[width] * layers, 1), activation, seed=seed)
    kept = all(np.linalg.svd(W)[1].min() > 1e-12 and W.shape[1] >= W.shape[0] for W in net.weights[:-1])
    assert whole(net) == (kept and activation in ("tanh", "sigmoid", "softplus"))


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "softplus"])
@pytest.mark.parametrize("layers", [1, 2, 4, 6])
def test_however_many_layers_of_two_such_neurons_never_part_the_core_from_its_ring(activation, layers):
    X, Y = samples("ring")
    for seed in range(3):
        net = trained("ring", layers, 2, activation, seed, 250).net
        assert whole(net)
        assert ((net.forward(X) > 0.5) == (Y > 0.5)).sum() < len(X)


@pytest.mark.parametrize(("width", "activation", "seed"), [(2, "mish", 6), (2, "sine", 0), (3, "tanh", 0)])
def test_two_mish_or_sine_neurons_or_three_tanh_neurons_can(width, activation, seed):
    state = with_settings(layers=1, width=width, activation=activation, seed=seed, data="ring", epochs=600)
    assert figure.readouts(state)["right"][1] == "80"


# The figure


@pytest.mark.parametrize("activation", KINDS)
@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("data", ["xor", "ring"])
def test_every_state_can_be_drawn_described_and_read(activation, width, data):
    for layers, epochs, time in ((1, 0, 0.3), (2, 600, 8.0), (6, 50, 17.9)):
        state = with_settings(activation=activation, width=width, data=data, layers=layers, epochs=epochs, time=time)
        scene = figure.scene(state)
        assert set(scene) == set(figure.SIZES)
        for view in scene.values():
            for mark in view.marks:
                if isinstance(mark, Lines):
                    assert all(np.isfinite(path).all() for path in mark.paths)
                elif isinstance(mark, Points | Labels):
                    assert np.isfinite(mark.at).all()
        told = figure.describe(state) + figure.formula(state)
        assert not {"nan", "inf", "None"} & set(told.replace("(", " ").replace(")", " ").split())
        assert figure.formula(state).count("<mo>=</mo>") == width + (time == state.end)
        assert len([m for m in scene["strip"].marks if isinstance(m, Labels) and m.texts[0] not in MOVES]) == layers + 1


def test_at_the_end_the_line_of_the_output_neuron_parts_what_it_answers():
    state = with_settings(time=8.0)
    view, net = figure.scene(state)["large"], state.passage.net
    line = next(mark for mark in view.marks if isinstance(mark, Lines) and mark.colour == "good").paths[0]
    np.testing.assert_allclose(line @ net.weights[-1] + net.biases[-1], 0.0, atol=1e-9)
    assert not [
        m for m in figure.scene(replace(state, time=7.9))["large"].marks if isinstance(m, Lines) and m.colour == "good"
    ]
    untrained = figure.scene(replace(state, epochs=0, seed=1))["large"]
    assert {m.colour for m in untrained.marks if isinstance(m, Lines) and m.halo} <= {"ink"}


def cut_of(state):
    """The outline of the output neuron's plane in the picture of a state, and the layers of samples after it."""
    marks = figure.scene(state)["large"].marks
    at = next((k for k, mark in enumerate(marks) if isinstance(mark, Regions)), None)
    return at, marks


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("turn", [-150.0, 30.0, 80.0])
def test_at_the_end_of_three_neurons_their_output_has_a_plane_before_which_stand_the_samples_on_the_near_side(
    seed, turn
):
    state = with_settings(width=3, time=8.0, data="ring", seed=seed, turn=turn)
    at, marks = cut_of(state)
    assert at is not None
    assert cut_of(replace(state, time=7.9))[0] is None
    assert cut_of(replace(state, neurons="12"))[0] is None  # a plane in three directions is no line in two of them
    passage, view = state.passage, camera(turn, 24.0)
    values = passage.values[-1][: len(passage.X)]
    W, b = passage.net.weights[-1][:, 0], float(passage.net.biases[-1][0])
    near = (values @ W + b) * (W @ view[2]) > 0.0
    _, middle, half = passage.seen(8.0)
    flat = ((values - middle) / half) @ view[:2].T
    after = np.concatenate([mark.at for mark in marks[at:] if isinstance(mark, Points)] or [np.empty((0, 2))])
    np.testing.assert_allclose(np.sort(after, axis=0), np.sort(flat[near], axis=0), atol=1e-9)


def test_in_space_the_nearer_samples_are_drawn_over_the_farther_and_larger():
    state = with_settings(width=3, time=5.5, data="ring", turn=50.0)
    samples_drawn = [m for m in figure.scene(state)["large"].marks if isinstance(m, Points) and m.stroke == "panel"]
    radii = [mark.radius for mark in samples_drawn if mark.shape == "disc"]
    assert len(radii) == 3
    assert radii == sorted(radii)
    assert radii[0] < radii[-1]


@pytest.mark.parametrize("activation", KINDS)
@pytest.mark.parametrize("width", [1, 2, 3])
def test_a_guess_is_judged_by_what_the_layers_do_and_without_one_it_is_told_at_the_end(activation, width):
    state = with_settings(activation=activation, width=width)
    net = state.passage.net
    assert verdict(net) not in figure.describe(state)
    assert figure.readouts(state)["whole"][0] == "will points meet?"
    assert verdict(net) in figure.describe(replace(state, time=8.0))
    judged = {guess: ": right." in figure.describe(replace(state, guess=guess)) for guess in ("never", "can")}
    assert judged == {"never": whole(net), "can": not whole(net)}
    assert figure.readouts(replace(state, guess="never"))["whole"][0] != "will points meet?"


def test_time_plays_move_by_move_to_the_end_of_the_last_layer():
    state = figure.changed(replace(figure.start(), play=True), figure.start())
    state = figure.advance(state, figure.SECONDS, 0.0, float)
    assert state.time == pytest.approx(1.0)
    assert figure.arrived(figure.start()).time == 1.0
    for _ in range(20):
        state = figure.advance(state, 1.0, 0.0, float)
    assert (state.time, state.play) == (8.0, False)
    assert figure.limits(state) == {"time": 8.0}
    assert figure.changed(replace(state, play=True), state).time == 0.0
    assert figure.changed(replace(state, layers=1), state).time == 4.0
    deeper = figure.changed(replace(state, layers=6), state)
    assert figure.limits(deeper) == {"time": 24.0}
    assert deeper.time == len(MOVES) * 2


def test_a_press_on_a_small_picture_goes_there_and_the_large_one_can_be_turned():
    state = with_settings(layers=3, width=3)
    assert figure.pressed_at(state, "strip", 4.4, 0.5).time == 8.0
    assert figure.pressed_at(state, "strip", 6.8, 0.5).time == 12.0
    assert figure.pressed_at(state, "strip", 1.5, 0.5).time == 2.0  # between two of them, their moves
    assert figure.pressed_at(state, "large", 0.4, 0.5) is state
    there = replace(state, time=12.0)
    assert (figure.turned(there, "large", 40.0, 3.0).turn, figure.turned(there, "large", 40.0, 3.0).tilt) == (50, 26)
    assert figure.turned(there, "large", -400.0, -90.0).seen == (190, 0)
    assert figure.turned(there, "strip", 40.0, 3.0) is there
    for after in (replace(there, turn=50), replace(there, tilt=60)):
        for name in figure.SIZES:
            drawn = (
                next(m for m in figure.scene(s)[name].marks if isinstance(m, Points) and m.colour == "zero-fill").at
                for s in (there, after)
            )
            assert not np.allclose(*drawn)


@pytest.mark.parametrize("layers", range(1, 7))
def test_the_strip_is_filled_from_end_to_end_with_the_moves_between_its_pictures(layers):
    state = with_settings(layers=layers, width=3)
    marks = figure.scene(state)["strip"].marks
    frames = np.array([mark.paths[0] for mark in marks if isinstance(mark, Lines) and len(mark.paths[0]) == 5])
    left, right = frames[:, :, 0].min(axis=1), frames[:, :, 0].max(axis=1)
    assert len(frames) == layers + 1
    assert left[0] < 0.05
    assert right[-1] > 6.95
    assert (left[1:] - right[:-1] > 0.05).all()
    for layer in range(layers + 1):
        assert figure.pressed_at(state, "strip", float(left[layer] + 0.47), 0.5).time == 4.0 * layer
    stops = [mark.at for mark in marks if isinstance(mark, Points) and mark.colour == "rule"]
    assert len(stops) == (layers < 4)
    for x, _ in np.concatenate([*stops, np.empty((0, 2))]):
        at = figure.pressed_at(state, "strip", float(x), 0.5).time
        way = next(
            m for m in figure.scene(replace(state, time=at))["strip"].marks if isinstance(m, Lines) and m.width == 2.5
        )
        assert max(path[:, 0].max() for path in way.paths) == pytest.approx(x)  # the plane has come as far
        assert at % 4.0 > 0.0
    assert (
        figure.pressed_at(state, "strip", 7.0, 0.5).time
        == figure.pressed_at(state, "strip", 99.0, 0.5).time
        == state.end
    )


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_the_move_under_way_is_named_in_the_strip_where_there_is_room(layers):
    def named(time):
        marks = figure.scene(with_settings(layers=layers, time=time))["strip"].marks
        return {t for m in marks if isinstance(m, Labels) for t in m.texts} & set(MOVES)

    assert named(0.0) == set()
    for time, move in ((0.5, "turn"), (1.5, "stretch"), (2.5, "shift"), (4.0, "bend")):
        assert named(time) == ({move} if layers < 3 else set())


def test_a_neuron_of_the_formula_lights_its_axis():
    state = with_settings(time=4.0)
    assert 'data-term="h2"' in figure.formula(state)
    lit = {m.colour: m.width for m in figure.scene(replace(state, term="h2"))["large"].marks if isinstance(m, Lines)}
    assert lit["h2"] > lit["h1"]
    end = with_settings(time=8.0)
    assert 'data-term="y"' in figure.formula(end)
    assert 'data-term="y"' not in figure.formula(state)
    plain, thick = (
        next(m.width for m in figure.scene(one)["large"].marks if isinstance(m, Lines) and m.colour == "good")
        for one in (end, replace(end, term="y"))
    )
    assert thick > plain


@pytest.mark.parametrize(("width", "neurons"), [(1, "all"), (2, "all"), (3, "all"), (4, "23"), (4, "134")])
def test_the_pointer_on_an_axis_lights_its_neuron_and_on_the_line_the_output(width, neurons):
    state = with_settings(width=width, neurons=neurons, time=8.0)
    marks = figure.scene(state)["large"].marks
    axes = {m.colour: m.paths[0] for m in marks if isinstance(m, Lines) and m.colour.startswith("h")}
    shown = neurons if neurons != "all" else "1234"[:width]
    assert set(axes) == {f"h{k}" for k in shown}
    for name, (start, end) in axes.items():
        at = start + 0.8 * (end - start)
        assert figure.hovered(state, "large", *at).term == name
        assert figure.hovered(state, "strip", *at).term == ""
        assert f'data-term="{name}"' in figure.formula(state)
    assert figure.hovered(replace(state, term="h1"), "large", None, None).term == ""
    if width == 2:
        line = next(m for m in marks if isinstance(m, Lines) and m.halo).paths[0]
        assert figure.hovered(state, "large", *line.mean(axis=0)).term == "y"
    wide = with_settings(width=4, time=8.0)  # principal components are no neurons
    assert {
        figure.hovered(wide, "large", *at).term for at in np.random.default_rng(0).uniform(-1.6, 1.6, (200, 2))
    } == {""}


def test_a_bad_link_is_told():
    values, messages = read_link("layers=7&neurons=15&activation=step&time=2", figure.CONTROLS)
    assert values == {"time": 2.0}
    assert len(messages) == 3
    assert all(isinstance(control.allowed, str) for control in figure.CONTROLS if isinstance(control, Choice))


@pytest.mark.parametrize("epochs", [1, 49, 313])
def test_a_link_may_ask_for_any_epoch_on_the_way(epochs):
    values, refused = read_link(f"epochs={epochs}", figure.CONTROLS)
    assert not refused
    reached = replace(figure.start(), **values)
    X, Y = samples(reached.data)
    start = Network.create(
        (2, *[reached.width] * reached.layers, 1), reached.function, seed=reached.seed, initial="glorot"
    )
    expected = train(start, X, Y, epochs, RATE, "adam").final
    for ours, theirs in zip(reached.passage.net.weights, expected.weights, strict=True):
        assert (ours == theirs).all()
