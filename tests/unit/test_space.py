"""The box of three hidden neurons: the plane in it, what covers what, and the frame that is shown of more neurons."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scene.lifted import answers_over_plane, framed, hidden_space, two_can
from scene.marks import Labels, Points, Regions
from scene.relief import camera
from scene.space import AXIS, CORNERS, EDGES, plane_in_box, space
from unfold.datasets import circles
from unfold.network import Network

NUMBERS = st.floats(-2, 2).map(lambda v: round(v, 3))


def test_the_box_has_twelve_edges_of_length_2():
    np.testing.assert_allclose(np.linalg.norm(CORNERS[EDGES[:, 0]] - CORNERS[EDGES[:, 1]], axis=1), np.full(12, 2.0))


@given(st.tuples(NUMBERS, NUMBERS, NUMBERS).filter(any), NUMBERS)
def test_the_plane_in_the_box_is_a_convex_outline_on_the_plane_and_on_the_box(normal, offset):
    normal = np.array(normal)
    outline = plane_in_box(normal, offset)
    side = CORNERS @ normal + offset
    assert len(outline) == 0 or 3 <= len(outline) <= 6
    assert bool(len(outline)) == bool((side < 0).any() and (side >= 0).any())
    if not len(outline):
        return
    np.testing.assert_allclose(outline @ normal + offset, 0.0, atol=1e-9)
    assert np.abs(outline).max() <= 1 + 1e-12
    np.testing.assert_allclose(np.abs(outline).max(axis=1), 1.0)
    # Round the middle each corner is to the same side of the one before.
    about = outline - outline.mean(axis=0)
    turns = np.cross(about, np.roll(about, -1, axis=0)) @ normal
    assert (turns >= -1e-9).all() or (turns <= 1e-9).all()


def test_everything_in_the_box_is_in_the_picture_from_any_side():
    for turn in range(0, 360, 15):
        for tilt in range(0, 91, 15):
            flat = CORNERS @ camera(turn, tilt)[:2].T
            assert np.abs(flat).max() <= AXIS.high


@given(st.integers(0, 359), st.integers(0, 90), st.integers(0, 99))
def test_points_behind_the_plane_are_drawn_before_it_and_those_in_front_after_it(turn, tilt, seed):
    random = np.random.default_rng(seed)
    points, normal, offset = random.uniform(-1, 1, (60, 3)), random.normal(size=3), float(random.normal()) / 3
    ones = random.random(60) < 0.5
    marks = space(points, ones, (normal, offset), np.zeros((0, 2, 3)), ("h₁", "h₂", "h₃"), "good", (turn, tilt)).marks
    kinds = [type(mark) for mark in marks]
    if Regions not in kinds:
        return
    at = kinds.index(Regions)
    view = camera(turn, tilt)
    near = (points @ normal + offset) * (normal @ view[2]) > 0
    drawn = [
        np.concatenate([m.at for m in part if isinstance(m, Points)] or [np.empty((0, 2))])
        for part in (marks[:at], marks[at:])
    ]
    for chosen, seen in zip((~near, near), drawn, strict=True):
        flat = points[chosen] @ view[:2].T
        np.testing.assert_allclose(np.sort(seen, axis=0), np.sort(flat, axis=0), atol=1e-12)
    sizes = [mark.radius for mark in marks[at:] if isinstance(mark, Points) and mark.shape == "disc"]
    assert sizes == sorted(sizes)  # the nearer the larger, and later


@pytest.mark.parametrize("hidden", [2, 3])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "mish", "sine"])
def test_the_cut_in_the_box_has_every_point_on_the_side_of_its_answer(hidden, activation):
    data = circles(120, 0.1, 3)
    for seed in range(6):
        net = Network.create((2, hidden, 1), activation, seed=seed)
        values = Network(net.weights[:1], net.biases[:1], net.activations[:1]).forward(data.X)
        frame = framed(values, activation)
        normal, offset = frame.cut(net.weights[1][:, 0], float(net.biases[1][0]), values.mean(axis=0))
        sums = frame.boxed(values) @ normal + offset
        np.testing.assert_allclose(1 / (1 + np.exp(-sums)), net.forward(data.X)[:, 0], atol=1e-9)
        assert np.abs(frame.boxed(values)).max() <= 1 + 1e-12


def test_of_more_than_three_neurons_the_three_main_directions_are_shown_and_named_so():
    data = circles(120, 0.05, 0)
    net = Network.create((2, 6, 1), "tanh", seed=1)
    values = Network(net.weights[:1], net.biases[:1], net.activations[:1]).forward(data.X)
    ways = framed(values, "tanh").ways
    np.testing.assert_allclose(ways.T @ ways, np.eye(3), atol=1e-12)
    spread = ((values - values.mean(axis=0)) @ ways).std(axis=0)
    all_of_it = np.linalg.svd(values - values.mean(axis=0), compute_uv=False) / np.sqrt(120)
    np.testing.assert_allclose(spread, all_of_it[:3], rtol=1e-9)
    view = hidden_space(net, data.X, data.Y[:, 0] > 0.5, "ink", (30, 20))
    assert {text for mark in view.marks if isinstance(mark, Labels) for text in mark.texts} == {"1st", "2nd", "3rd"}


def test_no_points_and_one_point_are_drawn_as_well():
    for count in (0, 1):
        for hidden in (2, 3, 5):
            net = Network.create((2, hidden, 1), "relu", seed=1)
            view = hidden_space(net, np.zeros((count, 2)), np.ones(count, bool), "ink", (30, 20))
            for mark in view.marks:
                for part in (*getattr(mark, "paths", ()), *getattr(mark, "outlines", ()), getattr(mark, "at", 0.0)):
                    assert np.isfinite(part).all()


def test_the_surface_has_at_least_a_hundred_by_a_hundred_answers_each_the_network_s():
    net = Network.create((2, 3, 1), "tanh", seed=1)
    answers = answers_over_plane(net)
    assert min(answers.shape) >= 100
    centre = -1.6 + 3.2 * (np.array([17, 58]) + 0.5) / 100
    assert answers[58, 17] == pytest.approx(net.forward(centre[None])[0, 0])


def test_the_bowls_part_the_circles_and_only_where_they_do_it_is_said():
    data = circles(120, 0.05, 0)
    assert two_can("mish", data.X, data.Y)
    assert two_can("mish", data.X, 1.0 - data.Y)
    assert two_can("sine", data.X, data.Y)
    assert not two_can("tanh", data.X, data.Y)
    assert not two_can("mish", data.X + 1.0, data.Y)
