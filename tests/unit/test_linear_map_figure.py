"""The figure `linear-map`, with no browser: where it sends the plane, the way there, and what it says was lost."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import linear_map, motion
from figures.controls import read_link, with_values, write_link
from scene import map_words
from scene.carried import STILL
from scene.grid_lines import LETTER, SQUARE, grid_lines, hatching
from scene.labelling import WIDTH_OF_LETTER
from scene.marks import Handles, Labels, Lines, Points
from scene.placement import Placement
from unfold.transforms import eigen, path

ENTRY = st.one_of(st.integers(-200, 200).map(lambda n: n / 100), st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.0]))
STATES = st.fixed_dictionaries(
    {
        "preset": st.sampled_from(["own", *map_words.PRESETS]),
        "b1": st.integers(-100, 100).map(lambda n: n / 100),
        "b2": st.integers(-100, 100).map(lambda n: n / 100),
        "time": st.one_of(st.integers(0, 200).map(lambda n: n / 100), st.sampled_from([0.0, 0.5, 1.0, 2.0])),
        "guess": st.sampled_from(["", "flat", "smaller", "same", "larger"]),
        "term": st.sampled_from(["", "e1", "e2", "b", "square", "v1", "v2"]),
    },
    optional=dict.fromkeys(linear_map.ENTRIES, ENTRY),
)


def put(state, **values):
    for name, value in values.items():
        state = linear_map.changed(replace(state, **{name: value}), state)
    return state


def made(W, b=(0.0, 0.0), time=2.0):
    return put(
        linear_map.start(), **dict(zip((*linear_map.ENTRIES, "b1", "b2"), (*np.ravel(W), *b), strict=True)), time=time
    )


def ten_thousand():
    """Seeded matrices in hundredths, (10000, 2, 2): any, singular (some zero), and mirrored or near-singular ones."""
    random = np.random.default_rng(0)
    any_of_them = random.integers(-200, 201, (6000, 2, 2))
    rows, factors = random.integers(-20, 21, (2000, 1, 2)), random.integers(-10, 11, (2000, 2, 1))
    factors[:100] = 0
    flips = np.sign(random.integers(0, 2, (2000, 2)) - 0.5).astype(int)
    near = np.clip(factors * rows + random.integers(-1, 2, (2000, 2, 2)), -200, 200)
    mirrors = np.clip(near * flips[:, None, :], -200, 200)
    return np.concatenate([any_of_them, factors * rows, mirrors]) / 100.0


MATRICES = ten_thousand()
WHOLE = np.rint(100 * MATRICES).astype(int)
DETERMINANTS = WHOLE[:, 0, 0] * WHOLE[:, 1, 1] - WHOLE[:, 0, 1] * WHOLE[:, 1, 0]
"""Exact, in ten-thousandths."""


def test_on_the_way_the_determinant_meets_zero_only_if_that_of_the_matrix_does_or_is_below_it():
    assert min((DETERMINANTS > 0).sum(), (DETERMINANTS < 0).sum(), (DETERMINANTS == 0).sum()) > 2000
    turned = np.array([path(W, 0.5) for W in MATRICES])
    # The first half turns, which leaves the determinant 1; then it goes in a straight line from there to W.
    np.testing.assert_allclose(np.linalg.det(turned), 1.0)
    np.testing.assert_allclose(turned @ turned.transpose(0, 2, 1), np.broadcast_to(np.eye(2), turned.shape), atol=1e-12)
    for W, R in zip(MATRICES[::50], turned[::50], strict=True):
        np.testing.assert_allclose(path(W, 0.85), 0.3 * R + 0.7 * W, atol=1e-12)
    share = np.linspace(0.0, 1.0, 201)[:-1, None, None, None]
    (a, b), (c, d) = np.moveaxis((1.0 - share) * turned + share * MATRICES, (2, 3), (0, 1))
    way = a * d - b * c
    assert (way[:, DETERMINANTS >= 0] > 0.0).all()
    # Below zero it has to arrive, and it passes through only once.
    changes = (np.diff(np.sign(np.vstack([way, DETERMINANTS / 1e4])), axis=0) != 0).sum(axis=0)
    assert (changes[DETERMINANTS < 0] == 1).all()


def test_each_of_ten_thousand_matrices_has_said_in_words_what_it_did():
    words = np.array([map_words.end_words(W) for W in MATRICES])

    def says(text):
        return np.char.find(words, text) >= 0

    zero = ~MATRICES.any(axis=(1, 2))
    assert zero.sum() >= 100
    np.testing.assert_array_equal(says("turned over"), DETERMINANTS < 0)
    np.testing.assert_array_equal(says("flattened to a point"), zero)
    np.testing.assert_array_equal(says("flattened onto a line"), (DETERMINANTS == 0) & ~zero)
    np.testing.assert_array_equal(says("same side is up") | says("identity"), DETERMINANTS > 0)


def test_whether_directions_are_kept_is_told_exactly_and_agrees_with_the_eigenvectors():
    expected = {"two": 2, "one": 1, "every": 2, "none": 0}
    for W in MATRICES[::5]:
        assert len(eigen(W)[0]) == expected[map_words.eigen_sort(W)], W


@given(STATES)
def test_the_end_is_x_times_w_plus_b_to_the_last_bit(values):
    state = put(put(linear_map.start(), **values), time=2.0)
    W, b = linear_map.arrays(state)
    moved = linear_map.carried(state).moved
    assert moved.tobytes() == (STILL @ W + b).tobytes()
    for x, z in zip(STILL[::7].tolist(), moved[::7].tolist(), strict=True):
        for j in range(2):
            exact = sum(Fraction(x[i]) * Fraction(W[i, j]) for i in range(2)) + Fraction(b[j])
            assert abs(Fraction(z[j]) - exact) <= Fraction(np.spacing(8.0))
    assert (linear_map.carried(put(state, time=1.0)).moved == STILL @ W).all()
    assert (linear_map.carried(put(state, time=0.0)).moved == STILL).all()


@given(STATES)
def test_the_picture_shows_the_same_points_the_grid_and_the_square(values):
    state = put(linear_map.start(), **values)
    marks, moved = linear_map.scene(state)["plane"].marks, linear_map.carried(state).moved
    squares, discs = (
        next(m for m in marks if isinstance(m, Points) and m.shape == shape) for shape in ("square", "disc")
    )
    np.testing.assert_array_equal(squares.at, moved[[0, 2]])
    np.testing.assert_array_equal(discs.at, moved[[1, 3]])
    drawn = [mark.paths for mark in marks if isinstance(mark, Lines) and mark.width == 0.75]
    np.testing.assert_array_equal(drawn[0].reshape(-1, 2), moved[4:32])


@given(STATES)
def test_every_state_can_be_drawn_described_and_read_with_finite_numbers(values):
    state = put(linear_map.start(), **values)
    for mark in linear_map.scene(state)["plane"].marks:
        for part in (*getattr(mark, "paths", ()), *([mark.at] if hasattr(mark, "at") else [])):
            assert np.isfinite(part).all()
    for text in (linear_map.describe(state), linear_map.formula(state), *map(str, linear_map.readouts(state).values())):
        assert text
        assert not re.search(r"\b(nan|inf)\b|None", text)


@given(STATES)
def test_the_determinant_shown_is_the_squares_area_now_and_exact_at_the_end(values):
    state = put(linear_map.start(), **values)
    shown = float(linear_map.readouts(state)["det"][1])
    corners = linear_map.carried(state).corners
    x, y = corners.T
    area = 0.5 * float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))
    assert shown == pytest.approx(area, abs=1e-9)
    if state.time >= 1.0:
        a, b, c, d = (Fraction(round(100 * entry), 100) for entry in linear_map.arrays(state)[0].ravel().tolist())
        assert shown == float(a * d - b * c)


@given(STATES)
def test_a_mirrored_plane_has_another_look_and_no_other_has(values):
    state = put(linear_map.start(), **values)
    hatched = any(
        isinstance(mark, Lines) and len(mark.paths) == len(hatching(7)) and mark.colour == "soft"
        for mark in linear_map.scene(state)["plane"].marks
    )
    assert hatched == (linear_map.present(state) < -1e-9)


@pytest.mark.parametrize(
    ("preset", "word", "directions", "determinant"),
    [
        ("rotation", "same side up", "none", 1.0), ("shear", "same side up", "one", 1.0),
        ("scale", "same side up", "two", 0.75), ("reflection", "turned over", "two", -1.0),
        ("projection", "flattened onto a line", "two", 0.0), ("pair", "flattened onto a line", "one", 0.0),
        ("identity", "left as it was", "every", 1.0),
    ],
)  # fmt: skip
def test_each_preset_does_what_it_is_named_after(preset, word, directions, determinant):
    state = put(linear_map.start(), preset=preset)
    assert state.time == 0.0
    W = linear_map.arrays(state)[0]
    state = put(state, time=1.0)
    assert linear_map.readouts(state)["fate"][0] == word
    assert map_words.eigen_sort(W) == directions
    assert linear_map.present(state) == determinant
    if preset == "rotation":
        np.testing.assert_allclose(W @ W.T, np.eye(2), atol=1e-15)
    if preset == "projection":
        np.testing.assert_array_equal(W @ W, W)
    if preset == "reflection":
        np.testing.assert_array_equal(W @ W, np.eye(2))


def test_the_weights_of_or_and_nand_lay_the_points_on_a_line_with_the_two_ones_together_between_the_zeros():
    W = np.reshape(map_words.PRESETS["pair"][1], (2, 2))
    images = SQUARE @ W
    np.testing.assert_array_equal(images[1], images[3])
    np.testing.assert_array_equal(images[1], (images[0] + images[2]) / 2)


@given(STATES)
def test_a_link_gives_the_same_map_shift_time_and_guess_again(values):
    state = put(linear_map.start(), **values)
    read, refused = read_link(write_link(state, linear_map.start(), linear_map.CONTROLS), linear_map.CONTROLS)
    again = linear_map.changed(with_values(linear_map.start(), read), linear_map.start())
    assert refused == []
    for name in (*linear_map.ENTRIES, "b1", "b2", "preset", "time", "guess"):
        assert getattr(again, name) == getattr(state, name), name


@given(STATES, st.sampled_from(["e1", "e2", "b"]), st.floats(-4, 4), st.floats(-4, 4))
def test_a_drag_has_the_same_effect_as_its_boxes_and_the_handle_goes_there(values, handle, x, y):
    state = put(linear_map.start(), **values)
    after = linear_map.dragged(state, handle, x, y)
    names = {"e1": ("w11", "w12"), "e2": ("w21", "w22"), "b": ("b1", "b2")}[handle]
    same = put(state, **{name: getattr(after, name) for name in names})
    assert replace(after, news="") == replace(same, news="")
    origin = np.zeros(2) if handle == "b" else linear_map.carried(state).corners[0]
    most = linear_map.SHIFT if handle == "b" else linear_map.MOST
    goal = np.clip(np.array([x, y]) - origin, -most, most)
    assert np.abs([getattr(after, name) for name in names] - goal).max() <= linear_map.SNAP / 2 + 1e-9
    handles = next(mark for mark in linear_map.scene(after)["plane"].marks if isinstance(mark, Handles))
    moved = origin + [getattr(after, name) for name in names]
    np.testing.assert_allclose(handles.at[handles.names.index(handle)], moved, atol=1e-12)
    assert np.abs(handles.at).max() <= 3.0 + 1e-9


def test_it_multiplies_then_shifts_and_a_press_at_the_end_begins_again():
    state, stops = put(linear_map.start(), play=True), []
    while linear_map.running(state):
        state = linear_map.advance(state, 0.05, 0.004, lambda: 0.0)
        stops.append(state.time)
    assert stops == sorted(stops)
    assert state.time == 2.0
    assert put(state, play=True).time == 0.0
    assert [linear_map.arrived(replace(state, time=t)).time for t in (0.0, 1.0)] == [1.0, 2.0]
    assert put(put(linear_map.start(), play=True), time=0.4).play is False


def test_the_shift_goes_in_a_straight_line_and_changes_neither_determinant_nor_directions():
    state = made([[1.2, 0.4], [-0.3, 0.9]], (0.7, -0.4), 1.0)
    for time in (1.2, 1.5, 1.9):
        part = motion.eased(time) - 1.0
        moved = linear_map.carried(put(state, time=time)).moved
        np.testing.assert_allclose(moved, linear_map.carried(state).moved + part * np.array([0.7, -0.4]), atol=1e-14)
        assert linear_map.present(put(state, time=time)) == linear_map.present(state)


@pytest.mark.parametrize(
    ("W", "told"),
    [
        ([[0.8, 0.6], [-0.6, 0.8]], "No direction is kept: the eigenvalues are complex, 0.80 ± 0.60 i."),
        ([[1.0, 0.0], [1.0, 1.0]], "One direction is kept and stretched by 1.00."),
        ([[2.0, 0.0], [0.0, -0.5]], "Two directions are kept and stretched by 2.00 and −0.50."),
        ([[0.5, 0.0], [0.0, 0.5]], "Every direction is kept and stretched by 0.50."),
        ([[0.0, 0.0], [0.0, 0.0]], "the plane is flattened to a point"),
        ([[0.1, 0.2], [0.3, 0.6]], "The determinant is 0.00: the plane is flattened onto a line"),
        (
            [[0.1, 0.2], [0.3, 0.61]],
            "The determinant is 0.001: the same side is up, and the unit square’s area is now 0.001",
        ),
        ([[0.5, 0.0], [0.0, -0.5]], "The determinant is −0.25: the plane is turned over, so the F is mirrored"),
    ],
)
def test_it_says_what_happened(W, told):
    assert told in linear_map.describe(made(W))


@given(STATES)
def test_a_direction_that_is_kept_is_drawn_where_the_map_leaves_it(values):
    state = put(linear_map.start(), **values)
    W, _ = linear_map.arrays(state)
    for value, direction in linear_map.carried(state).kept:
        np.testing.assert_allclose(direction @ W, value * direction, atol=1e-4)
    dashed = [m for m in linear_map.scene(state)["plane"].marks if isinstance(m, Lines) and m.dash == (6.0, 5.0)]
    assert len(dashed) == {"none": 0, "one": 1, "two": 2, "every": 2}[map_words.eigen_sort(W)]
    assert ("λ" in linear_map.formula(state)) == (map_words.eigen_sort(W) == "none")


def test_neither_the_words_nor_the_formula_give_the_determinant_away_before_the_plane_is_there():
    state = put(linear_map.start(), guess="larger")
    assert "1.25" not in linear_map.describe(state)
    assert "<mn>?</mn>" in linear_map.formula(state)
    assert "You guessed larger: right." in linear_map.describe(put(state, time=1.0))
    assert "<mn>1.25</mn>" in linear_map.formula(put(state, time=1.0))
    assert "You guessed flat: it is larger." in linear_map.describe(put(state, guess="flat", time=1.0))
    assert put(state, preset="shear").guess == ""


@pytest.mark.parametrize("pixels", [288.0, 424.0])
def test_names_cover_neither_one_another_nor_points(pixels):
    random, crowded = np.random.default_rng(1), 0
    for W in MATRICES[:150]:
        state = made(W, random.integers(-10, 11, 2) / 10, float(random.choice([0.0, 0.6, 1.0, 2.0])))
        view = linear_map.scene(state)["plane"]
        place, boxes = Placement(view, pixels, pixels), []
        for mark in view.marks:
            if isinstance(mark, Labels) and mark.size > 11.0:
                middle = place(mark.at)[0] + mark.offset
                half = np.array([WIDTH_OF_LETTER * mark.size * len(mark.texts[0]) / 2, mark.size / 2])
                boxes.append((middle - half, middle + half))
        for i, (low, high) in enumerate(boxes):
            crowded += any((low < other).all() and (base < high).all() for base, other in boxes[:i])
    assert crowded <= 3


def test_pointing_at_an_arrow_lights_its_row_of_the_matrix():
    state = made([[2.0, 0.5], [-0.5, 0.5]], (0.5, -0.5), 1.0)
    assert linear_map.hovered(state, "plane", 1.0, 0.27).term == "e1"
    assert linear_map.hovered(state, "plane", -0.25, 0.25).term == "e2"
    lit = linear_map.hovered(state, "plane", 0.25, -0.25)
    assert lit.term == "b"
    assert linear_map.hovered(lit, "plane", None, None).term == ""
    for name in ("e1", "e2", "b", "square", "v1", "v2"):
        assert f'data-term="{name}"' in linear_map.formula(state)


def test_the_grid_is_square_and_the_hatching_stays_in_the_unit_square():
    lines = grid_lines(2.0, 0.5)
    assert lines.shape == (18, 2, 2)
    np.testing.assert_allclose(np.ptp(lines, axis=1).max(axis=1), 4.0)
    np.testing.assert_array_equal(np.ptp(lines, axis=1).min(axis=1), 0.0)
    for part in (hatching(7), LETTER):
        assert part.min() >= 0.0
        assert part.max() <= 1.0
    slopes = np.diff(hatching(7), axis=1)[:, 0]
    np.testing.assert_allclose(slopes.sum(axis=1), 0.0, atol=1e-15)
