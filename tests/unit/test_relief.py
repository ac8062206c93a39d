"""Reliefs: the camera, what is hidden, and the pieces that a flat renderer paints."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scene.colours import HEAT_TABLES
from scene.marks import Labels, Lines, Points
from scene.relief import AXIS, FLOOR, HIGHEST, LOWEST, Relief, Terrain, camera, painted, project
from scene.relief_axes import relief_axes

AT = np.linspace(-2.0, 2.0, 33)
BOWL = Terrain(AT**2 + AT[:, None] ** 2, AT, AT, 0.0, 8.0, 1.0)
RIDGE = Terrain(np.where(np.abs(AT[:, None]) < 0.3, 1.0, 0.0) * np.ones(33), AT, AT, 0.0, 1.0)
angles = st.tuples(st.floats(0.0, 360.0), st.floats(10.0, 80.0))


@given(angles)
def test_the_camera_turns_and_never_stretches(seen_from):
    turned = camera(*seen_from)
    np.testing.assert_allclose(turned @ turned.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(turned) == pytest.approx(1.0)


def test_at_turn_0_from_above_x_points_right_and_y_up():
    flat, depth = project(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), 0.0, 90.0)
    np.testing.assert_allclose(flat, [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], atol=1e-12)
    np.testing.assert_allclose(depth, [0.0, 0.0, 1.0], atol=1e-12)


@given(angles)
def test_what_is_near_moves_right_with_the_turn_and_down_with_the_tilt(seen_from):
    turn, tilt = seen_from
    point = np.array([-np.sin(np.radians(turn)), -np.cos(np.radians(turn)), 0.0])  # in front, on the floor's circle
    before = project(point, turn, tilt)[0]
    assert project(point, turn + 1.0, tilt)[0][0] > before[0]
    assert project(point, turn, tilt + 1.0)[0][1] < before[1]


@given(angles)
def test_the_whole_box_is_inside_the_views_axes(seen_from):
    corners = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (FLOOR, HIGHEST)], float)
    assert np.abs(project(corners, *seen_from)[0]).max() <= AXIS.high


def test_heights_run_from_low_to_high_and_minus_infinity_is_the_floor():
    heights = BOWL.boxed(np.array([[0.0, 0.0, v] for v in (0.0, 4.0, 8.0, 99.0, -np.inf, BOWL.floor)]))[:, 2]
    np.testing.assert_allclose(heights, [LOWEST, (LOWEST + HIGHEST) / 2, HIGHEST, HIGHEST, FLOOR, FLOOR])
    np.testing.assert_allclose(BOWL.boxed(np.array([2.0, -2.0, 0.0]))[:2], [1.0, -1.0])


@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_between_the_vertices_the_surface_is_as_high_as_the_field_to_the_size_of_a_cell(x, y):
    height = float(BOWL.heights(np.array(x), np.array(y)))
    assert height == pytest.approx(LOWEST + (4 * x * x + 4 * y * y) / 8.0 * (HIGHEST - LOWEST), abs=0.002)


def test_the_normals_are_those_of_the_field():
    x, y, _ = np.moveaxis(BOWL.vertices, -1, 0)[:, 1:-1, 1:-1]
    rise = (HIGHEST - LOWEST) * np.stack([x, y])
    expected = np.stack([-rise[0], -rise[1], np.ones_like(x)], axis=-1)
    expected /= np.linalg.norm(expected, axis=-1, keepdims=True)
    np.testing.assert_allclose(BOWL.normals[1:-1, 1:-1], expected, atol=1e-12)


def test_contours_lie_on_the_surface_at_whole_multiples():
    heights = sorted({round(float(h), 9) for line in BOWL.contours for h in line[:, 2]})
    np.testing.assert_allclose(heights, [LOWEST + k / 8.0 * (HIGHEST - LOWEST) for k in range(1, 8)])
    for line in BOWL.contours:
        np.testing.assert_allclose(BOWL.heights(*line[:, :2].T), line[:, 2], atol=0.003)
    assert RIDGE.contours == ()


def test_a_ridge_hides_what_is_behind_it_and_below_it_and_nothing_else():
    relief = Relief(RIDGE, 0.0, 20.0)
    places = np.array([[0.0, 0.5, LOWEST], [0.0, -0.5, LOWEST], [0.0, 0.0, HIGHEST], [0.0, 0.5, FLOOR]])
    assert relief.hidden(places).tolist() == [True, False, False, True]
    assert not Relief(RIDGE, 180.0, 20.0).hidden(places)[0]  # from the other side
    assert not Relief(RIDGE, 0.0, 80.0).hidden(places)[0]  # from above
    low = np.array([[0.0, -1.0, FLOOR], [0.0, 1.0, FLOOR]])
    assert Relief(RIDGE, 0.0, 20.0).hidden(low).tolist() == [False, True]


def test_what_is_hidden_is_what_the_painted_pieces_cover():
    # The pieces are painted from back to front: a place is hidden where a nearer piece covers it. At the very outline
    # of the surface, to the size of a cell, the two may differ.
    random, same = np.random.default_rng(0), []
    places = BOWL.vertices[4:-4:6, 4:-4:6].reshape(-1, 3)
    for turn, tilt in zip(random.uniform(0.0, 360.0, 40), random.uniform(10.0, 80.0, 40), strict=True):
        flat, depth = project(places, turn, tilt)
        fields = project(BOWL.vertices, turn, tilt)
        f = fields[0]
        corners = [part.reshape(-1, 2) for part in (f[:-1, :-1], f[:-1, 1:], f[1:, 1:], f[1:, :-1])]
        middle = (fields[1][:-1, :-1] + fields[1][1:, 1:]).ravel() / 2
        for at, own, hidden in zip(flat, depth, Relief(BOWL, turn, tilt).hidden(places), strict=True):
            sides = []
            for p, q in zip(corners, corners[1:] + corners[:1], strict=True):
                (ex, ey), (fx, fy) = (q - p).T, (at - p).T
                sides.append(ex * fy - ey * fx)
            covering = np.all(np.array(sides) >= 0.0, axis=0) | np.all(np.array(sides) <= 0.0, axis=0)
            same.append(hidden == (middle[covering] > own + 0.15).any())
    assert np.mean(same) > 0.96


@given(angles)
def test_pieces_are_painted_from_back_to_front_in_colours_of_the_scale(seen_from):
    quads = painted(Relief(BOWL, *seen_from))
    away = camera(*seen_from)[2, :2]
    assert quads.corners.shape == (32 * 32, 4, 2)
    assert np.isfinite(quads.corners).all()
    assert quads.light.min() >= 0.0
    assert quads.light.max() <= 1.0 + 1e-12
    assert quads.colours("light").shape == (32 * 32, 3)
    # The order follows from the places on the floor; heights of this bowl give those back.
    centre = (BOWL.vertices[:-1, :-1] + BOWL.vertices[1:, 1:]).reshape(-1, 3) / 2
    order = np.argsort(centre[:, :2] @ away)
    flat = project(BOWL.vertices[:-1, :-1].reshape(-1, 3)[order], *seen_from)[0]
    along = (quads.corners[:, 0] - flat) if len(np.unique(np.round(centre[:, :2] @ away, 9))) == 1024 else np.zeros(2)
    np.testing.assert_allclose(along, 0.0, atol=1e-9)


def test_colours_are_darker_on_the_lower_side_and_light_where_the_surface_is_high():
    quads = painted(Relief(BOWL, 30.0, 10.0))
    assert quads.lower.any()
    assert not painted(Relief(BOWL, 30.0, 80.0)).lower.any()
    seen = quads._replace(light=np.full(1024, 0.5), lower=np.zeros(1024, bool)).colours("light").sum(axis=1)
    assert np.corrcoef(seen, quads.heights)[0, 1] > 0.95
    below = quads._replace(lower=np.ones(1024, bool)).colours("light")
    assert (below <= quads._replace(lower=np.zeros(1024, bool)).colours("light")).all()
    assert HEAT_TABLES["light"].shape == (256, 4)


def test_a_path_is_parted_where_the_surface_hides_it_and_nothing_of_it_is_lost():
    path = np.column_stack([np.zeros(41), np.linspace(-2.0, 2.0, 41), np.full(41, -np.inf)])
    relief = Relief(RIDGE, 0.0, 20.0, (Lines((path,), "ink", 2.0),), (Points(path[[0, -1]], "act"),))
    behind, seen, far, near = relief.over("light")
    assert behind.dash
    assert not seen.dash
    assert len(seen.paths) >= 1
    assert sum(len(piece) - 1 for mark in (behind, seen) for piece in mark.paths) == 40
    assert len(near.at) + len(far.at) == 2
    assert len(far.at) == 1
    assert (far.colour, far.stroke) == (near.stroke, near.colour)


@pytest.mark.parametrize("turn", [*range(0, 360, 10), 1, 89, 91, 179, 181, 269, 271, 359])
@pytest.mark.parametrize("tilt", [10, 35, 80])
def test_no_two_labels_of_the_axes_overlap_on_the_smallest_picture(turn, tilt):
    marks = relief_axes(Relief(BOWL, turn, tilt), ("w₁", "w₂", "loss"), 1.5)
    scale, boxes = 290.0 / (AXIS.high - AXIS.low), []
    for mark in marks:
        if isinstance(mark, Labels):
            for (x, y), text in zip(mark.at * scale * [1.0, -1.0] + mark.offset, mark.texts, strict=True):
                wide = 0.5 * mark.size * len(text)
                left = x - wide if mark.align == "right" else x - wide / 2
                boxes.append((left, y - 0.4 * mark.size, left + wide, y + 0.4 * mark.size, text))
    for k, one in enumerate(boxes):
        assert max(map(abs, one[:4])) <= 145.0 + 2.0
        for other in boxes[:k]:
            apart = one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
            assert apart, (one, other)
