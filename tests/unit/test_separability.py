"""Separability: every verdict carries its proof, and a brute-force oracle in the plane agrees with it."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, count, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unfold.datasets import circles, gate
from unfold.separability import _nearest, separable, separate

GRID = list(product(range(4), repeat=2))


def proven(A, B):
    """Separate A from B, check the exact proof of the answer, whichever it is, and return the answer."""
    A, B = np.array(A, float), np.array(B, float)
    answer = separate(A, B)
    rows_A, rows_B = ([[Fraction(v) for v in row] for row in rows.tolist()] for rows in (A, B))
    for weights in (answer.exact_alpha, answer.exact_beta):
        assert min(weights) >= 0
        assert sum(weights) == 1
    p, q = (
        [sum(k * row[n] for k, row in zip(weights, rows, strict=True) if k) for n in range(A.shape[1])]
        for weights, rows in ((answer.exact_alpha, rows_A), (answer.exact_beta, rows_B))
    )
    w, b = answer.exact_w, answer.exact_b
    assert [s - t for s, t in zip(p, q, strict=True)] == list(w)
    square = sum(v * v for v in w)
    assert answer.separable == (square > 0)
    # No point is nearer to the middle plane than half the distance of p and q, so this margin is the widest.
    assert all(2 * (dot(w, row) + b) >= square for row in rows_A)
    assert all(2 * (dot(w, row) + b) <= -square for row in rows_B)
    return answer


def dot(w, row):
    return sum(v * x for v, x in zip(w, row, strict=True))


def side(p, q, r):
    """Above 0 if p, q, r turn to the left, below 0 to the right, and 0 on one line."""
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def on(p, q, r):
    """Whether r is on the segment from p to q."""
    return side(p, q, r) == 0 and all(min(p[k], q[k]) <= r[k] <= max(p[k], q[k]) for k in (0, 1))


def meet(p, q, r, s):
    if on(p, q, r) or on(p, q, s) or on(r, s, p) or on(r, s, q):
        return True
    return side(p, q, r) * side(p, q, s) < 0 and side(r, s, p) * side(r, s, q) < 0


def inside(triangle, point):
    p, q, r = triangle
    turns = (side(p, q, point), side(q, r, point), side(r, p, point))
    return side(p, q, r) != 0 and (min(turns) >= 0 or max(turns) <= 0)


def hulls_meet(A, B):
    """Brute force: two segments meet, or a point of one set is in a triangle of the other (Caratheodory 1907)."""
    lines_A, lines_B = (list(combinations_with_replacement(points, 2)) for points in (A, B))
    return (
        any(meet(*one, *other) for one in lines_A for other in lines_B)
        or any(inside(triangle, b) for triangle in combinations(A, 3) for b in B)
        or any(inside(triangle, a) for triangle in combinations(B, 3) for a in A)
    )


def squared_distance(A, B):
    """Brute force: of two hulls in the plane that do not meet, the nearest points are a corner and one on a side."""

    def to_segment(p, q, r):
        along = [q[k] - p[k] for k in (0, 1)]
        length = dot(along, along)
        t = Fraction(dot(along, [r[k] - p[k] for k in (0, 1)]), length) if length else Fraction(0)
        t = min(max(t, Fraction(0)), Fraction(1))
        gap = [p[k] + t * along[k] - r[k] for k in (0, 1)]
        return dot(gap, gap)

    return min(
        to_segment(*line, point)
        for one, other in ((A, B), (B, A))
        for line in combinations_with_replacement(one, 2)
        for point in other
    )


def agrees_with_brute_force(A, B):
    answer = proven(A, B)
    assert answer.separable == (not hulls_meet(A, B)), (A, B)
    if answer.separable:
        square = squared_distance(A, B)
        assert dot(answer.exact_w, answer.exact_w) == square
        assert answer.margin == pytest.approx(math.sqrt(square) / 2, rel=1e-14)
    return answer.separable


def test_every_labelling_of_few_points_of_a_small_grid_agrees_with_brute_force():
    grid, seen = list(product(range(3), range(2))), set()
    for labels in product((None, 0, 1), repeat=6):
        A, B = ([p for p, label in zip(grid, labels, strict=True) if label == which] for which in (1, 0))
        if A and B:
            seen.add(agrees_with_brute_force(A, B))
    assert seen == {True, False}


def test_thousands_of_sets_on_a_grid_with_repeats_and_points_in_common_agree_with_brute_force():
    random = np.random.default_rng(0)
    parted = 0
    for _ in range(2000):
        A, B = ([GRID[k] for k in random.integers(16, size=random.integers(1, 6))] for _ in range(2))
        parted += agrees_with_brute_force(A, B)
    assert 400 < parted < 1600


def test_sets_on_one_line_agree_with_brute_force():
    random = np.random.default_rng(1)
    for _ in range(500):
        step, start = random.integers(-2, 3, size=2), random.integers(-3, 4, size=2)
        A, B = ([tuple((start + k * step).tolist()) for k in random.integers(-3, 4, size=3)] for _ in range(2))
        agrees_with_brute_force(A, B)


def test_no_line_parts_xor_since_the_diagonals_share_their_midpoint():
    answer = separable(*gate("xor"))
    assert not answer.separable
    assert answer.alpha.tolist() == answer.beta.tolist() == [0.5, 0.5]
    X, Y = gate("xor")
    assert (answer.alpha @ X[Y[:, 0] == 1]).tolist() == (answer.beta @ X[Y[:, 0] == 0]).tolist() == [0.5, 0.5]
    assert (answer.w.tolist(), answer.b, answer.margin) == ([0.0, 0.0], 0.0, 0.0)


def test_the_widest_margin_line_of_and_leaves_a_quarter_of_the_diagonal_on_either_side():
    answer = separable(*gate("and"))
    assert answer.separable
    np.testing.assert_allclose(answer.w, [math.sqrt(0.5)] * 2)
    assert answer.b == pytest.approx(-1.5 * math.sqrt(0.5))
    assert answer.margin == pytest.approx(math.sqrt(2) / 4)
    assert answer.alpha.tolist() == [1.0]
    assert answer.beta.tolist() == [0.0, 0.5, 0.5]


def test_the_sixteen_gates_of_two_inputs_are_all_separable_but_xor_and_its_opposite():
    X = gate("and")[0]
    parted = [labels for labels in product((0, 1), repeat=4) if separable(X, np.array(labels, float)).separable]
    assert set(product((0, 1), repeat=4)) - set(parted) == {(0, 1, 1, 0), (1, 0, 0, 1)}


def test_of_the_gates_of_three_inputs_104_are_separable():
    X = np.array(list(product((0, 1), repeat=3)), float)
    assert sum(separable(X, np.array(labels)).separable for labels in product((0, 1), repeat=8)) == 104


@pytest.mark.parametrize("n", [2, 3, 4, 8, 16])
def test_parity_is_not_separable_in_any_dimension_and_majority_is(n):
    bits = np.random.default_rng(0).permutation(2**n)[:1000]
    X = (bits[:, None] >> np.arange(n)) % 2.0
    ones = X.sum(axis=1)
    assert not proven(X[ones % 2 == 1], X[ones % 2 == 0]).separable
    answer = proven(X[ones > n // 2], X[ones <= n // 2])
    assert answer.separable
    assert answer.margin >= 0.5 / math.sqrt(n)


def test_a_simplex_and_its_opposite_face_touch_or_not_by_the_smallest_step():
    for n in range(1, 17):
        corners = np.eye(n)
        middle = np.full((1, n), 1.0)
        inner = corners * n  # the middle of the corners is exactly (1, ..., 1)
        assert not proven(inner, middle).separable
        beyond = middle.copy()
        beyond[0, 0] = np.nextafter(1.0, 2.0)
        answer = proven(inner, beyond)
        assert answer.separable
        assert answer.margin == pytest.approx(2.0**-53 / math.sqrt(n), rel=1e-12, abs=0.0)


@st.composite
def clouds(draw):
    """Two sets in 1 to 16 dimensions, of small whole numbers or of floats, and from apart to mixed."""
    n, seed, whole = draw(st.integers(1, 16)), draw(st.integers(0, 10**6)), draw(st.booleans())
    random = np.random.default_rng(seed)
    A, B = (random.normal(size=(draw(st.integers(1, 25)), n)) * 2.0 for _ in range(2))
    B[:, 0] += draw(st.sampled_from([0.0, 3.0, 8.0]))
    return (np.round(A), np.round(B)) if whole else (A, B)


@given(clouds())
def test_every_verdict_in_many_dimensions_is_proven_and_its_floats_are_that_proof_rounded(sets):
    A, B = sets
    answer = proven(A, B)
    np.testing.assert_allclose(answer.alpha, [float(v) for v in answer.exact_alpha])
    np.testing.assert_allclose(answer.beta, [float(v) for v in answer.exact_beta])
    gap = answer.alpha @ A - answer.beta @ B
    np.testing.assert_allclose(gap, 2.0 * answer.margin * answer.w, atol=1e-13)
    if answer.separable:
        assert np.linalg.norm(answer.w) == pytest.approx(1.0)
        assert (A @ answer.w + answer.b).min() == pytest.approx(answer.margin, abs=1e-13)
        assert (B @ answer.w + answer.b).max() == pytest.approx(-answer.margin, abs=1e-13)


@given(clouds(), st.integers(0, 10**6))
def test_an_invertible_affine_map_changes_no_verdict(sets, seed):
    A, B = (np.round(points) for points in sets)
    random, n = np.random.default_rng(seed), A.shape[1]
    # Triangles of whole numbers with a diagonal of 1 or -1 are invertible, and whole numbers map without rounding.
    lower, upper = (np.tril(random.integers(-2, 3, size=(n, n)), -1) for _ in range(2))
    W = (lower + np.diag(random.choice([-1, 1], n))) @ (upper + np.eye(n)).T
    b = random.integers(-9, 10, size=n)
    assert proven(A @ W + b, B @ W + b).separable == proven(A, B).separable


@given(clouds(), st.integers(0, 10**6))
def test_order_repeats_and_names_of_the_classes_change_nothing_but_the_sign(sets, seed):
    A, B = sets
    random = np.random.default_rng(seed)
    answer = separate(A, B)
    mixed = separate(B[random.permutation(len(B))], np.concatenate((A, A))[random.permutation(2 * len(A))])
    assert mixed.exact_w == tuple(-v for v in answer.exact_w)
    assert mixed.exact_b == -answer.exact_b


@pytest.mark.parametrize("n", [1, 2, 5])
@pytest.mark.parametrize("at", [0.0, 1.0, -1e6])
def test_points_a_millionth_of_a_millionth_apart_are_separable_and_equal_ones_are_not(n, at):
    here = np.full((1, n), at)
    there = here.copy()
    there[0, -1] = at + max(1e-12, float(np.spacing(abs(at))))
    answer = proven(there, here)
    assert answer.separable
    assert answer.margin == (there[0, -1] - at) / 2.0
    assert not proven(here, here).separable


def test_a_point_on_either_side_of_a_slanted_line_or_on_it_is_told_apart_to_the_last_digit():
    line = [(0.0, 0.0), (3.0, 3.0)]
    for point, apart in (((1.1, 1.1), False), ((1.1, np.nextafter(1.1, 2.0)), True), ((1e-300, 0.0), True)):
        assert proven(line, [point]).separable == apart


def test_a_tenth_a_fifth_and_three_tenths_are_not_on_one_line_as_floats_are_rounded():
    assert proven([(0.1, 0.1), (0.3, 0.3)], [(0.2, 0.2)]).separable is False
    assert proven([(0.0, 0.0), (3.0, 1.0)], [(0.3, 0.1)]).separable is True
    assert Fraction(0.3) != 3 * Fraction(0.1)


def test_a_ring_is_not_separable_from_its_inside_but_is_once_lifted_by_the_squared_radius():
    data = circles(1000, noise=0.05)
    assert not separable(data.X, data.Y).separable
    lifted = np.column_stack((data.X, (data.X**2).sum(axis=1)))
    answer = separable(lifted, data.Y)
    assert answer.separable
    assert ((lifted @ answer.w + answer.b > 0) == (data.Y[:, 0] == 1)).all()


def test_flat_sets_in_space_are_decided_though_rounding_takes_them_off_their_plane():
    random = np.random.default_rng(3)
    for _ in range(20):
        X = random.normal(size=(24, 2)) @ random.normal(size=(2, 5))
        proven(X[:12], X[12:])
        apart = X[0] * 10.0
        assert proven(X[:12] + apart, X[12:] - apart).separable


def test_the_search_in_whole_numbers_ends_at_the_same_points_from_any_beginning():
    random = np.random.default_rng(4)
    for _ in range(100):
        A, B = (random.integers(-3, 4, size=(5, 3)) for _ in range(2))
        # More pairs than dimensions, and some twice: they depend on one another.
        pairs = [(int(i), int(j)) for i, j in random.integers(5, size=(9, 2))]
        shares = np.array([Fraction(1, 9)] * 9, object)
        pairs, shares = _nearest(A.astype(object), B.astype(object), pairs, shares, count())
        assert min(shares) > 0
        assert sum(shares) == 1
        assert len(pairs) <= 4
        gap = [
            sum(share * int(A[i, n] - B[j, n]) for (i, j), share in zip(pairs, shares, strict=True)) for n in range(3)
        ]
        assert tuple(gap) == separate(A, B).exact_w


def test_very_large_and_very_small_coordinates_are_decided():
    assert proven([(1e300, 1e-300)], [(-1e300, 5e-324)]).margin == 1e300
    assert proven([(0.0, 5e-324)], [(0.0, 0.0), (1e300, 0.0)]).separable
    assert not proven([(5e-324, 1e300), (-5e-324, -1e300)], [(0.0, 0.0)]).separable


def test_an_empty_class_is_always_separable_and_needs_no_line():
    X = gate("xor")[0]
    for A, B, b in ((X, X[:0], 1.0), (X[:0], X, -1.0), (X[:0], X[:0], 1.0)):
        answer = separate(A, B)
        assert (answer.separable, answer.w.tolist(), answer.b, answer.margin) == (True, [0.0, 0.0], b, math.inf)
        assert (A @ answer.w + answer.b > 0).all()
        assert (B @ answer.w + answer.b < 0).all()
        assert (answer.alpha.tolist(), answer.beta.tolist()) == ([0.0] * len(A), [0.0] * len(B))
        assert (answer.exact_w, answer.exact_b) == ((0, 0), b)


@pytest.mark.parametrize(
    ("X", "labels", "message"),
    [
        (np.eye(2), [0, 2], "labels: 2 is not allowed; allowed are 0 and 1"),
        (np.eye(2), [0], "labels: 1 is not allowed; allowed are as many as the samples, 2"),
        (np.array([[0.0], [np.nan]]), [0, 1], "points: nan is not allowed; allowed are numbers from -1e"),
        (np.array([[0.0], [-2e300]]), [0, 1], r"points: -2e\+300 is not allowed"),
        (np.zeros((2, 0)), [0, 1], r"B: shape \(1, 0\) beside \(1, 0\) is not allowed"),
    ],
)
def test_what_is_not_allowed_is_named(X, labels, message):
    with pytest.raises(ValueError, match=message):
        separable(X, np.array(labels))


def test_sets_of_different_dimensions_are_refused():
    with pytest.raises(ValueError, match=r"B: shape \(1, 3\) beside \(1, 2\) is not allowed"):
        separate(np.zeros((1, 2)), np.zeros((1, 3)))
