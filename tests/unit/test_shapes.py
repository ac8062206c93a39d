"""Shapes that pictures are made of: contours, arrows, half squares, and labels that keep clear of one another."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scene.arrows import shafts_and_heads
from scene.colours import HEAT_TABLES, heat_colours
from scene.contours import contour
from scene.graph import graph, half_square
from scene.labelling import WIDTH_OF_LETTER, arranged


def test_the_contour_of_a_cone_is_a_circle():
    x, y = np.linspace(-2, 2, 81), np.linspace(-2, 2, 61)
    pieces = contour(np.hypot(*np.meshgrid(x, y)), x, y, 1.3)
    np.testing.assert_allclose(np.hypot(pieces[..., 0], pieces[..., 1]), 1.3, atol=2e-3)
    length = np.hypot(*(pieces[:, 1] - pieces[:, 0]).T).sum()
    assert length == pytest.approx(2 * np.pi * 1.3, rel=1e-3)


@given(st.lists(st.integers(-2, 2), min_size=16, max_size=16))
def test_a_contour_is_closed_or_ends_at_the_edge_and_has_the_level_on_it(heights):
    values = np.array(heights, float).reshape(4, 4)
    places = np.arange(4.0)
    pieces = contour(values, places, places, 0.5)
    assert np.isfinite(pieces).all()
    ends, counts = np.unique(np.round(pieces.reshape(-1, 2), 9), axis=0, return_counts=True)
    inside = ((ends > 0) & (ends < 3)).all(axis=1)
    assert (counts[inside] % 2 == 0).all()


def test_a_level_that_is_never_met_has_no_contour():
    assert contour(np.zeros((3, 3)), np.arange(3.0), np.arange(3.0), 1.0).shape == (0, 2, 2)


def test_an_arrow_ends_at_its_tip_with_a_head_no_longer_than_itself():
    tails, tips = np.array([[0.0, 0.0], [5.0, 5.0], [1.0, 1.0]]), np.array([[30.0, 40.0], [5.0, 8.0], [1.0, 1.0]])
    shafts, heads = shafts_and_heads(tails, tips, 10.0)
    assert len(shafts) == len(heads) == 2, "an arrow of no length is not drawn"
    np.testing.assert_allclose(heads[:, 0], tips[:2])
    np.testing.assert_allclose(shafts[:, 0], tails[:2])
    back = heads[:, 1:].mean(axis=1) - tips[:2]
    np.testing.assert_allclose(np.hypot(*back.T), [10.0, 3.0])


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-4, 4))
def test_the_half_square_is_the_part_on_the_positive_side(a, b, offset):
    outline = half_square(np.array([a, b]), offset, -1.0, 1.0)
    assert ((outline >= -1 - 1e-9) & (outline <= 1 + 1e-9)).all()
    assert (outline @ np.array([a, b]) + offset >= -1e-6).all()
    places = (np.arange(60) + 0.5) / 30 - 1
    X, Y = np.meshgrid(places, places)
    share = float((a * X + b * Y + offset >= 0).mean())
    x, y = outline.T if len(outline) else np.zeros((2, 0))
    area = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
    assert area / 4 == pytest.approx(share, abs=0.03)


def test_a_graph_has_its_function_s_values():
    points = graph(np.sin, -1.0, 2.0, 50)
    assert points.shape == (50, 2)
    np.testing.assert_array_equal(points[:, 1], np.sin(points[:, 0]))


def test_labels_keep_clear_of_one_another_and_of_the_points():
    at = np.array([[40.0, 40.0], [48.0, 40.0], [44.0, 52.0]])
    labels = arranged(at, ("first", "second", "third"), at, (200.0, 200.0), at, size=12.0)
    boxes = []
    for label, (x, y) in zip(labels, at, strict=True):
        half = np.array([WIDTH_OF_LETTER * 12 * len(label.texts[0]) / 2, 12 * 0.62])
        middle = np.array([x, y]) + label.offset
        boxes.append((*(middle - half), *(middle + half)))
        assert not any(boxes[-1][0] < px < boxes[-1][2] and boxes[-1][1] < py < boxes[-1][3] for px, py in at)
    for a, b in itertools.combinations(boxes, 2):
        assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_heat_rises_in_lightness_from_low_to_high_so_that_it_is_read_without_hue(theme):
    lightness = HEAT_TABLES[theme][:, :3] @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(lightness) >= 0).all()
    assert lightness[-1] - lightness[0] > 120
    assert (heat_colours(np.array([-9.0, 9.0]), 0.0, 1.0, theme) == HEAT_TABLES[theme][[0, 255]]).all()
