"""Transforms: the way to a matrix, a layer in three moves, and what a layer does to the plane."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unfold.activations import ACTIVATIONS
from unfold.network import Network
from unfold.transforms import MOVES, eigen, fate, layer, moves, network_path, path, polar

TIMES = np.linspace(0.0, 1.0, 41)


def turned(angle):
    """The rotation by an angle, anticlockwise, of points that are rows."""
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def orthogonal(n, seed):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(n, n)))[0]


@st.composite
def matrices(draw, widths=(1, 2, 3, 4)):
    """Square matrices of every kind: any, mirrored, near-singular, singular, equal stretches, half turns."""
    n = draw(st.sampled_from(widths))
    if draw(st.booleans()):
        entries = st.floats(-3.0, 3.0).map(lambda x: round(x, 3))
        return np.array(draw(st.lists(entries, min_size=n * n, max_size=n * n))).reshape(n, n)
    stretches = st.sampled_from([0.0, 1e-12, 1e-6, 0.3, 1.0, 1.0, -1.0, 2.5])
    stretch = np.diag(draw(st.lists(stretches, min_size=n, max_size=n)))
    before = orthogonal(n, draw(st.integers(0, 99)))
    after = draw(st.sampled_from([before.T, -before.T, orthogonal(n, draw(st.integers(0, 99)))]))
    return before @ stretch @ after


@given(matrices())
def test_the_way_begins_at_exactly_the_identity_and_ends_at_exactly_the_matrix(W):
    assert path(W, 0.0).tolist() == np.eye(len(W)).tolist()
    assert path(W, 1.0).tobytes() == W.tobytes()


@given(matrices())
def test_the_first_half_of_the_way_is_one_steady_turn(W):
    for t in (0.1, 0.25, 0.5):
        turn = path(W, t)
        np.testing.assert_allclose(turn @ turn.T, np.eye(len(W)), atol=1e-12)
        assert np.linalg.det(turn) == pytest.approx(1.0)
        half = path(W, t / 2)
        np.testing.assert_allclose(half @ half, turn, atol=1e-12)


@given(matrices())
def test_the_second_half_stretches_along_axes_at_right_angles(W):
    R, S = polar(W)
    np.testing.assert_allclose(R @ S, W, atol=1e-12)
    np.testing.assert_allclose(S, S.T, atol=1e-7)
    np.testing.assert_allclose(path(W, 0.5), R, atol=1e-7)
    for s in (0.3, 0.8):
        np.testing.assert_allclose(path(W, 0.5 + s / 2), R @ ((1 - s) * np.eye(len(W)) + s * S), atol=1e-7)


@given(matrices())
def test_a_determinant_meets_zero_on_the_way_only_if_that_of_the_matrix_is_not_positive(W):
    n, rank, sizes = len(W), np.linalg.matrix_rank(W), np.linalg.svd(W)[1]
    determinants = np.array([np.linalg.det(path(W, t)) for t in TIMES])
    if rank == n and np.linalg.det(W) < 0:
        # One singular value goes to its negative instead; the product of all is the determinant at each time.
        ways = [sizes * np.where(np.arange(n) == one, -1.0, 1.0) for one in range(n)]
        assert np.sum(np.diff(np.sign(determinants[determinants != 0])) != 0) == 1 or sizes[-1] < 1e-5
    else:
        ways = [sizes]
        assert (determinants[:-1] > 0).all()
    s = np.maximum(2 * TIMES - 1, 0)[:, None]
    exact = [np.prod(1 - s + s * way, axis=1) for way in ways]
    scale = max(1.0, sizes[0]) ** n
    assert min(np.abs(determinants - one).max() for one in exact) < 1e-9 * scale


@given(matrices())
def test_nothing_jumps_on_the_way(W):
    matrices = [path(W, t) for t in TIMES]
    steps = [np.linalg.norm(b - a, 2) for a, b in pairwise(matrices)]
    assert max(steps) <= 2 * TIMES[1] * max(np.pi, 1 + np.linalg.norm(W, 2)) + 1e-9


@given(st.floats(-3.1, 3.1), st.sampled_from([0.01, 1.0, 7.0]), st.sampled_from([0.0, 0.1, 0.3, 0.5]))
def test_a_rotation_turns_by_the_shortest_way(angle, size, t):
    np.testing.assert_allclose(path(size * turned(angle), t), turned(2 * t * angle), atol=1e-7)


@pytest.mark.parametrize("W", [turned(np.pi), turned(-np.pi), -np.eye(2), -3.0 * np.eye(2), np.diag([-1.0, -2.0])])
def test_half_a_turn_goes_anticlockwise(W):
    np.testing.assert_allclose(path(W, 0.25), turned(np.pi / 2), atol=1e-12)


@pytest.mark.parametrize("angle", [1e-7, 1.0, 3.0, np.pi - 1e-7, np.pi])
def test_in_three_dimensions_a_rotation_keeps_its_axis_all_the_way(angle):
    for seed in range(20):
        frame = orthogonal(3, seed)
        turn = np.eye(3)
        turn[:2, :2] = turned(angle)
        R = frame.T @ turn @ frame
        third = path(R, 1 / 6)
        np.testing.assert_allclose(frame[2] @ third, frame[2], atol=1e-7)
        assert np.trace(third) == pytest.approx(1 + 2 * np.cos(angle / 3), abs=1e-7)
        np.testing.assert_allclose(third @ third @ third, R, atol=1e-6)


@given(st.floats(0.0, np.pi), st.sampled_from([1.0, 0.5]))
def test_a_mirror_does_not_turn_the_plane_but_flattens_it_halfway_and_comes_out_behind(angle, size):
    normal = np.array([np.cos(angle), np.sin(angle)])
    mirror = size * (np.eye(2) - 2.0 * np.outer(normal, normal))
    np.testing.assert_allclose(path(mirror, 0.5), np.eye(2), atol=1e-7)
    flat = path(mirror, 0.5 + 0.5 / (1 + size))
    np.testing.assert_allclose(normal @ flat, 0.0, atol=1e-7)


@pytest.mark.parametrize("W", [np.diag([2.0, 0.5]), np.diag([3.0, 0.0]), np.zeros((2, 2)), np.diag([2.0, -0.5])])
def test_a_scaling_or_projection_along_the_axes_does_not_turn(W):
    np.testing.assert_allclose(path(W, 0.5), np.eye(2), atol=1e-12)


def test_a_line_in_space_turns_by_the_shortest_way():
    line = np.array([[1.0, 2.0, 2.0]])
    turn = path(line, 0.5)
    np.testing.assert_allclose(turn[0], line[0] / 3.0, atol=1e-12)
    assert np.trace(turn) == pytest.approx(1 + 2 * (1 / 3))


def test_a_mirrored_stretch_turns_a_quarter_at_most():
    random = np.random.default_rng(0)
    for _ in range(300):
        W = random.normal(size=(2, 2)) * [1.0, 3.0]
        W[:, 0] *= -np.sign(np.linalg.det(W))
        assert np.trace(path(W, 0.5)) >= -1e-7


@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (2, 1), (1, 2), (1, 3), (5, 2)])
def test_a_matrix_that_is_not_square_goes_by_the_same_way_among_zeros(shape):
    W = np.random.default_rng(1).normal(size=shape)
    n = max(shape)
    end = path(W, 1.0)
    assert end.shape == (n, n)
    assert (end[: shape[0], : shape[1]] == W).all()
    assert np.count_nonzero(end) == W.size
    assert all(np.linalg.det(path(W, t)) > 0 for t in TIMES[:-1])


@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 2), (2, 1), (1, 2)])
def test_a_layer_is_at_its_stops_exactly(shape):
    random = np.random.default_rng(2)
    W, b, X = random.normal(size=shape), random.normal(size=shape[1]), random.normal(size=(25, shape[0]))
    exact = (X, X @ W, X @ W + b, np.tanh(X @ W + b))
    assert len(MOVES) == 3
    for t, stop in enumerate(exact):
        assert (moves(W, b, "tanh", X)[t] == stop).all()
        points = layer(X, W, b, "tanh", float(t))
        assert points.shape == (25, max(shape))
        assert (points[:, : stop.shape[1]] == stop).all()
        assert not points[:, stop.shape[1] :].any()


def test_a_layer_shifts_and_squashes_in_straight_lines_and_never_jumps():
    random = np.random.default_rng(3)
    W, b, X = random.normal(size=(2, 2)), random.normal(size=2), random.normal(size=(25, 2))
    np.testing.assert_allclose(layer(X, W, b, "tanh", 0.4), X @ path(W, 0.4), atol=1e-15)
    np.testing.assert_allclose(layer(X, W, b, "tanh", 1.25), X @ W + 0.25 * b, atol=1e-14)
    z = X @ W + b
    np.testing.assert_allclose(layer(X, W, b, "tanh", 2.75), 0.25 * z + 0.75 * np.tanh(z), atol=1e-14)
    for stop in (1.0, 2.0, 3.0):
        np.testing.assert_allclose(layer(X, W, b, "tanh", stop - 1e-9), layer(X, W, b, "tanh", stop), atol=1e-7)


def test_a_network_goes_layer_by_layer_to_exactly_its_answers():
    net = Network.create((2, 3, 2, 1), "tanh", seed=4)
    X = np.random.default_rng(4).normal(size=(9, 2))
    outputs = net.layer_values(X)[1]
    for number, a in enumerate(outputs):
        points = network_path(net, X, 3.0 * number)
        assert points.shape == (9, 3)
        assert (points[:, : a.shape[1]] == a).all()
        assert not points[:, a.shape[1] :].any()
    inside = layer(outputs[1], net.weights[1], net.biases[1], "tanh", 1.5)
    assert (network_path(net, X, 4.5) == inside).all()


@pytest.mark.parametrize("t", [-0.1, 9.1, float("nan")])
def test_a_time_outside_the_way_is_refused(t):
    net = Network.create((2, 2, 2, 1), seed=0)
    W, b, X = net.weights[0], net.biases[0], np.zeros((1, 2))
    for refused, end in (
        (lambda: path(W, t), "1"),
        (lambda: layer(X, W, b, "tanh", t), "3"),
        (lambda: network_path(net, X, t), "9"),
    ):
        with pytest.raises(ValueError, match=f"t: {t} is not allowed; allowed are 0 to {end}"):
            refused()


@pytest.mark.parametrize("W", [np.zeros(2), np.zeros((3, 2, 2)), np.array([[np.inf]]), np.zeros((0, 2))])
def test_what_is_not_one_finite_matrix_is_refused(W):
    for refused in (lambda: path(W, 0.5), lambda: fate(W, "tanh"), lambda: eigen(W), lambda: polar(W)):
        with pytest.raises(ValueError, match=r"W: .* is not allowed; allowed is one matrix of finite numbers"):
            refused()
    with pytest.raises(ValueError, match=r"W: shape \(2, 3\) is not allowed; allowed are square matrices"):
        eigen(np.zeros((2, 3)))


@given(matrices((2, 3)))
def test_an_eigenvector_keeps_its_direction_and_is_stretched_by_its_eigenvalue(W):
    values, vectors = eigen(W)
    assert vectors.shape == (len(values), len(W))
    # A double root is known only to about the square (here, the cube) root of the rounding error.
    np.testing.assert_allclose(vectors @ W, values[:, None] * vectors, atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0)


def test_eigenvectors_of_the_named_maps():
    assert len(eigen(turned(1.0))[0]) == 0
    values, vectors = eigen(np.array([[1.0, 1.0], [0.0, 1.0]]))
    assert values.tolist() == [1.0]
    np.testing.assert_allclose(vectors, [[0.0, 1.0]], atol=1e-7)
    values, vectors = eigen(np.array([[2.0, 1.0], [1.0, 2.0]]))
    np.testing.assert_allclose(values, [3.0, 1.0])
    np.testing.assert_allclose(np.abs(vectors), np.sqrt([[0.5, 0.5], [0.5, 0.5]]))
    assert len(eigen(np.eye(2))[0]) == 2
    # What maps everything to zero in two steps, and a turned shear: double roots that rounding makes complex.
    for W, value in ((np.array([[1.04, 1.04], [-1.04, -1.04]]), 0.0), (np.array([[1.3, 0.9], [-0.1, 0.7]]), 1.0)):
        np.testing.assert_allclose(eigen(W)[0], [value], atol=1e-7)
    assert eigen(np.diag([1.0, 0.0]))[0].tolist() == [1.0, 0.0]


WHOLE = np.array([[1.0, 0.5], [-0.5, 2.0]])
OVER = np.array([[0.0, 1.0], [1.0, 0.0]])
THIN = np.array([[1.0, 2.0], [2.0, 4.0]])
WIDE = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]])


@pytest.mark.parametrize(
    ("W", "activation", "determinant", "rank", "said", "sentence"),
    [
        (WHOLE, "sigmoid", 2.25, 2, "", "lose nothing (determinant 2.25); sigmoid only rises, so it never folds"),
        (OVER, "tanh", -1.0, 2, "", "move the plane, turn it over but lose nothing (determinant -1); tanh only"),
        (WHOLE, "identity", 2.25, 2, "", "identity only rises, so it never folds what it is given."),
        (WHOLE, "mish", 2.25, 2, "folded", "mish goes up and down, so it folds what it is given."),
        (WHOLE, "sine", 2.25, 2, "folded", "sine goes up and down, so it folds"),
        (WHOLE, "relu", 2.25, 2, "flattened", "relu is level in places, so it flattens what it is given."),
        (WHOLE, "step", 2.25, 2, "flattened", "step is level in places, so it flattens"),
        (WHOLE, "silu", 2.25, 2, "folded", "silu goes up and down, so it folds"),
        (WHOLE, "gelu", 2.25, 2, "folded", "gelu goes up and down, so it folds"),
        (WHOLE, "softplus", 2.25, 2, "", "softplus only rises, so it never folds"),
        (WHOLE, "x * x", 2.25, 2, "folded", "x * x goes up and down, so it folds"),
        (WHOLE, "1 - 3 * x", 2.25, 2, "", "1 - 3 * x only falls, so it never folds"),
        (THIN, "tanh", 0.0, 1, "projected", "The weights project the plane: of its dimensions, 2, they keep 1; tanh"),
        (THIN, "mish", 0.0, 1, "projected folded", "so it can fold what it is given."),
        (np.zeros((2, 2)), "mish", 0.0, 0, "projected", "they keep 0; nothing is left to bend."),
        (WHOLE[:, :1], "sigmoid", None, 1, "projected", "sigmoid only rises"),
        (WHOLE[:, :1], "mish", None, 1, "projected folded", "so it folds what it is given."),
        (WIDE, "tanh", None, 2, "", "The weights lay the plane into 3 dimensions and lose nothing; tanh only rises"),
        (WIDE, "relu", None, 2, "flattened", "so it can flatten what it is given."),
        (np.eye(3), "mish", 1.0, 3, "folded", "The weights move the space, lose nothing (determinant 1); mish"),
    ],
)
def test_a_layer_says_what_it_does_to_the_plane(W, activation, determinant, rank, said, sentence):
    found = fate(W, activation)
    assert found.determinant == (None if determinant is None else pytest.approx(determinant))
    assert found.rank == rank
    assert [name for name in ("projected", "folded", "flattened") if getattr(found, name)] == said.split()
    assert sentence in found.sentence


def triangles(width):
    """The corners of small triangles all over the square from -2 to 2, (225 * 3, 2)."""
    line = np.linspace(-2.0, 2.0, 15)
    at = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 1, 2)
    return (at + width * np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])).reshape(-1, 2)


def areas(points):
    """The signed areas of triangles whose corners follow one another: (..., 3 k, 2) gives (..., k)."""
    a, b, c = np.moveaxis(points.reshape(*points.shape[:-2], -1, 3, 2), -2, 0)
    return 0.5 * ((b - a)[..., 0] * (c - a)[..., 1] - (b - a)[..., 1] * (c - a)[..., 0])


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_sigmoid_and_tanh_layers_as_wide_as_their_input_never_fold_the_plane(activation):
    net = Network.create((2, 2, 2, 2), activation, activation, seed=range(1000))
    random = np.random.default_rng(0)
    biases = tuple(random.uniform(-1.0, 1.0, b.shape) for b in net.biases)
    z, a = Network(net.weights, biases, net.activations).layer_values(triangles(1e-5))
    side = np.ones(1000)
    for number, W in enumerate(net.weights):
        # Whole triangles, not slopes: each keeps its corners in order, or every one of the plane is turned over.
        side = side * np.sign(np.linalg.det(W))
        assert (np.sign(areas(z[number])) == side[:, None]).all()
        assert (np.sign(areas(a[number + 1])) == side[:, None]).all()
        assert not any(fate(one, activation).folded for one in W)


def test_no_two_points_meet_in_a_tanh_layer_as_wide_as_its_input_since_it_can_be_undone():
    net = Network.create((2, 2), output="tanh", seed=range(1000))
    X = triangles(0.1)
    back = np.linalg.solve(net.weights[0].swapaxes(-1, -2), np.arctanh(net.forward(X)).swapaxes(-1, -2))
    sure = np.linalg.cond(net.weights[0]) < 1e4
    assert sure.mean() > 0.99
    np.testing.assert_allclose(back.swapaxes(-1, -2)[sure], np.broadcast_to(X, (sure.sum(), *X.shape)), atol=1e-8)


@pytest.mark.parametrize("activation", ["mish", "sine"])
def test_a_layer_that_goes_up_and_down_does_fold_the_plane(activation):
    W = 2.0 * WHOLE
    found = areas(ACTIVATIONS[activation].value(triangles(1e-4) @ W))
    assert (found > 0).any()
    assert (found < 0).any()


def test_a_relu_layer_flattens_part_of_the_plane_and_turns_none_of_it_over():
    found = areas(ACTIVATIONS["relu"].value(triangles(1e-4) @ WHOLE))
    assert (found == 0).any()
    assert (found > 0).any()
    assert not (found < 0).any()
