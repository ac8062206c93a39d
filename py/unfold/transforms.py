"""What a layer does to space: the way from here to there, and what happened on it.

Points are rows, so a matrix acts from the right: x @ W. "A then B" is therefore A @ B.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from unfold import formula
from unfold.activations import Array
from unfold.network import Network

MOVES = ("multiply", "shift", "squash")
"""The three moves of a layer, each one unit of time long."""

_ALMOST = 1e-8
"""About the square root of the rounding error: closer than this, an angle's side of pi cannot be told."""


def path(W: Array, t: float) -> Array:
    """Return the matrix at time t on the way from the identity, t = 0, to W, t = 1: a turn, then a stretch.

    `W` is (inputs, outputs); the answer is (n, n) with n the larger of the two, W being filled up with zeros.
    Both ends are exact. By the polar decomposition (Autonne 1902) W = R @ S. Up to t = 1/2 the space turns into
    R, a rotation, by the shortest way; an angle of pi goes anticlockwise. Then it stretches along the axes of S,
    in a straight line. Where det W > 0, so is the determinant all the way. Where det W = 0 it is positive until
    the end. Where det W < 0 it has to meet zero: exactly one axis, a chosen one, then passes through zero to its
    other side, once. Raises ValueError for a W that is not one finite matrix, or t outside 0 to 1.
    """
    _check_time(t, 1.0)
    target = _padded(_matrix(W), max(W.shape))
    if t == 1.0:
        return target
    turn = np.eye(len(target))
    for v, u, angle in _planes(_rotation(target)):
        turn = turn @ _turned(v, u, angle * min(2.0 * t, 1.0))
    stretch = max(2.0 * t - 1.0, 0.0)
    # R @ ((1 - s) I + s S) is (1 - s) R + s W: no need to know S.
    return (1.0 - stretch) * turn + stretch * target


def polar(W: Array) -> tuple[Array, Array]:
    """Return the rotation R and the symmetric stretch S with W = R @ S that `path` goes by, each (n, n).

    S has one negative eigenvalue if det W < 0, and otherwise none. W and the errors are those of `path`.
    """
    target = _padded(_matrix(W), max(W.shape))
    R = _rotation(target)
    return R, R.T @ target


def eigen(W: Array) -> tuple[Array, Array]:
    """Return the real eigenvalues of a square W, largest size first, (k,), and their directions, (k, n).

    A direction v is a row of length 1 with v @ W = value * v; k is 0 for a plain rotation of the plane. A pair
    that differs from a real one by less than rounding can do to a double root (1e-7 of W's size) counts as real, and
    a direction found twice, as in a shear, is given once. Raises ValueError for a W that is not square and finite.
    """
    if _matrix(W).shape[0] != W.shape[1]:
        raise ValueError(f"W: shape {W.shape} is not allowed; allowed are square matrices")
    values, columns = np.linalg.eig(W.T)
    found: list[tuple[float, Array]] = []
    for i in np.argsort(-np.abs(values), kind="stable"):
        if abs(values[i].imag) <= 10.0 * _ALMOST * np.linalg.norm(W):
            v = columns[:, i].real / np.linalg.norm(columns[:, i].real)
            v = v * np.sign(v[np.argmax(np.abs(v))])
            if all(abs(v @ other) < 1.0 - 1e-12 for _, other in found):
                found.append((float(values[i].real), v))
    return np.array([value for value, _ in found]), np.array([v for _, v in found]).reshape(-1, len(W))


def moves(W: Array, b: Array, activation: str, X: Array) -> tuple[Array, Array, Array, Array]:
    """Return where the points are before and after each of a layer's MOVES: x, x @ W, x @ W + b, and the output.

    `X` is (samples, inputs), `W` (inputs, outputs), `b` (outputs,); the first answer has the shape of X, the
    other three are (samples, outputs). `activation` is a built-in one's name, or a formula in x.
    """
    product = X @ W
    z = product + b
    return X, product, z, formula.activation(activation).value(z)


def layer(X: Array, W: Array, b: Array, activation: str, t: float) -> Array:
    """Return where the points X are at time t in [0, 3] of a layer's three MOVES.

    `X` is (samples, inputs); the answer is (samples, n), n the larger of inputs and outputs, the smaller filled
    up with zeros. At t = 0, 1, 2 and 3 it is exactly what `moves` returns. Multiplying goes by `path`, the shift
    and the squash in straight lines. Raises ValueError for a t outside 0 to 3, and as `path` does.
    """
    _check_time(t, 3.0)
    width = max(_matrix(W).shape)
    stops = [_padded(stop, width, rows=False) for stop in moves(W, b, activation, X)]
    move = min(int(t), 2)
    part = t - move
    return stops[0] @ path(W, part) if move == 0 else (1.0 - part) * stops[move] + part * stops[move + 1]


def network_path(net: Network, X: Array, t: float) -> Array:
    """Return where the points X are at time t in [0, 3 * layers]: every layer's three MOVES, one after another.

    `X` is (samples, inputs), `net` one network without replicas; the answer is (samples, widest layer), filled
    up with zeros. Raises ValueError for a t outside the range.
    """
    _check_time(t, 3.0 * len(net.weights))
    at = min(int(t // 3.0), len(net.weights) - 1)
    points = layer(net.layer_values(X)[1][at], net.weights[at], net.biases[at], net.activations[at], t - 3.0 * at)
    return _padded(points, max(max(W.shape) for W in net.weights), rows=False)


@dataclass(frozen=True)
class Fate:
    """What a layer does to the space of its inputs.

    `determinant` is None unless the weights are square; `rank` counts the dimensions that the weights keep.
    `projected`: the weights let different points meet. `folded`, `flattened`: the activation does, by going both
    up and down, or by being level somewhere. Where the weights reach every point (rank = outputs) that is
    certain; where they do not, it can happen, and depends on the bias too. `sentence` says which, in words.
    """

    determinant: float | None
    rank: int
    folded: bool
    flattened: bool
    projected: bool
    sentence: str


def fate(W: Array, activation: str) -> Fate:
    """Return what a layer with weights W, (inputs, outputs), and this activation does to the space.

    With as many neurons as inputs, an invertible W and an activation that strictly rises, a layer bends space
    but never folds it (Olah 2014); nor does a wider one of full rank. The rank counts singular values above
    (largest value) x (larger width) x 2.2e-16, numpy's choice. Whether an activation rises, falls or is level is
    read off its values on [-6, 6], 0.01 apart, unless it is declared increasing.
    """
    inputs, outputs = _matrix(W).shape
    space = {1: f"line", 2: f"plane"}.get(inputs, f"space")
    rank = int(np.linalg.matrix_rank(W))
    determinant = None if inputs != outputs else float(np.linalg.det(W)) if rank == inputs else 0.0
    rises, falls, level = _slopes(activation)
    folded, flattened, projected = rises and falls and rank > 0, level and rank > 0, rank < inputs

    if projected:
        first = f"The weights project the {space}: of its dimensions, {inputs}, they keep {rank}"
    elif determinant is None:
        first = f"The weights lay the {space} into {outputs} dimensions and lose nothing"
    else:
        over = "turn it over but " if determinant < 0 else ""
        first = f"The weights move the {space}, {over}lose nothing (determinant {determinant:.3g})"
    if rank == 0:
        second = "nothing is left to bend"
    elif folded:
        does = f"folds" if rank == outputs else "can fold"
        second = f"{activation} goes up and down, so it {does} what it is given"
    elif flattened:
        does = f"flattens" if rank == outputs else "can flatten"
        second = f"{activation} is level in places, so it {does} what it is given"
    else:
        second = f"{activation} only {f'rises' if rises else f'falls'}, so it never folds what it is given"
    return Fate(determinant, rank, folded, flattened, projected, f"{first}; {second}.")


def _slopes(activation: str) -> tuple[bool, bool, bool]:
    """Return whether the activation rises somewhere, falls somewhere, and is level somewhere."""
    function = formula.activation(activation)
    if function.increasing:
        return True, False, False
    change = np.diff(function.value(np.linspace(-6.0, 6.0, 1201)))
    return bool((change > 0).any()), bool((change < 0).any()), bool((change == 0).any())


def _rotation(W: Array) -> Array:
    """Return the rotation R, determinant +1, such that R.T @ W is symmetric, for a square W."""
    U, s, Vt = np.linalg.svd(W)
    rank = int(np.linalg.matrix_rank(W))
    if rank < len(W):
        # Directions that W drops may turn any way: pair them as they lie, so that they turn least.
        A, _, Bt = np.linalg.svd(Vt[rank:] @ U[:, rank:])
        U[:, rank:], Vt[rank:] = U[:, rank:] @ Bt.T, A.T @ Vt[rank:]
        U[:, -1] *= np.sign(np.linalg.det(U @ Vt))
    Q: Array = U @ Vt
    if np.linalg.det(Q) < 0:
        # Q is a turn and a mirror. Leave the mirror to the stretch, along the axis of it that saves most turning.
        # Axes of equal stretch span a plane or more, and there every direction is an axis.
        least, axis = np.inf, Vt[-1]
        for size in s[::-1]:
            basis = Vt[np.abs(s - size) <= _ALMOST * s[0]]
            values, columns = np.linalg.eigh(basis @ (Q + Q.T) @ basis.T)
            if values[0] < least - _ALMOST:
                least, axis = values[0], columns[:, 0] @ basis
        Q -= 2.0 * np.outer(Q @ axis, axis)
    return Q


def _planes(R: Array) -> list[tuple[Array, Array, float]]:
    """Return the planes in which a rotation R turns, largest angle first: v, u and the angle from v towards u."""
    planes = []
    for _ in range(len(R) // 2):
        cosines, columns = np.linalg.eigh((R + R.T) / 2.0)
        v = columns[:, 0]
        beside = v @ R - cosines[0] * v
        sine = float(np.linalg.norm(beside))
        if sine > _ALMOST:
            u, angle = beside / sine, float(np.arctan2(sine, cosines[0]))
        elif cosines[0] > 0.0:
            break
        else:
            # Half a turn: both ways are as short. Take the anticlockwise one, seen on the first two axes that show it.
            u, angle = columns[:, 1], np.pi
            areas = (np.outer(v, u) - np.outer(u, v))[np.triu_indices(len(R), 1)]
            u = u * np.sign(areas[np.abs(areas) > 0.5 * np.abs(areas).max()][0])
        planes.append((v, u, angle))
        R = R @ _turned(v, u, -angle)
    return planes


def _turned(v: Array, u: Array, angle: float) -> Array:
    """Return the rotation by the angle from v towards u, two directions at a right angle."""
    same, across = np.outer(v, v) + np.outer(u, u), np.outer(v, u) - np.outer(u, v)
    turn: Array = np.eye(len(v)) + (np.cos(angle) - 1.0) * same + np.sin(angle) * across
    return turn


def _padded(A: Array, width: int, rows: bool = True) -> Array:
    """Return a copy of A filled up with zeros to `width` columns, and to as many rows if asked."""
    return np.pad(A, ((0, width - A.shape[0] if rows else 0), (0, width - A.shape[1])))


def _matrix(W: Array) -> Array:
    if W.ndim != 2 or 0 in W.shape or not np.isfinite(W).all():
        raise ValueError(f"W: {W.tolist()} is not allowed; allowed is one matrix of finite numbers")
    return W


def _check_time(t: float, end: float) -> None:
    if not 0.0 <= t <= end:
        raise ValueError(f"t: {t} is not allowed; allowed are 0 to {end:g}")
