"""Separability: whether a hyperplane parts two sets of points, decided exactly, with the proof.

Two finite sets can be parted if and only if their convex hulls share no point. So the nearest points of the hulls
settle it: if they differ, the widest margin lies between them; if not, they are a point of both hulls.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from unfold.activations import Array

LARGEST = 1e300
"""The largest coordinate, so that distances are finite as well."""

_CLOSE, _ROUNDS = 1e-14, 1000  # when the search in floats ends

Pairs: TypeAlias = list[tuple[int, int]]
Numbers: TypeAlias = NDArray[Any]  # floats, or in object arrays whole numbers and fractions of any length


@dataclass(frozen=True, eq=False)  # arrays have no single answer to ==
class Separation:
    """Whether a hyperplane parts A, (a, inputs), from B, (b, inputs), and the proof.

    The nearest points of the two hulls are alpha @ A and beta @ B: alpha, (a,), and beta, (b,), are at least 0
    and each sums to 1. If `separable`, w.x + b is above 0 on A and below 0 on B, w, (inputs,), being of length 1;
    no hyperplane has a wider margin to both, and `margin` is half the distance of the hulls. If not, the nearest
    points are one point, which proves it, and w, b and margin are 0.

    `exact_w` is the vector from the nearest point of B to that of A, and `exact_b` its bias; with `exact_alpha`
    and `exact_beta` they prove the verdict without rounding. w, b, margin, alpha and beta are rounded from them:
    where the margin is as small as the rounding of the coordinates, w and b alone may misplace a point.
    An empty class can always be parted: w is 0, as no hyperplane is needed, b is 1 (-1 if only A is empty), the
    margin infinite, and all of alpha and beta 0.
    """

    separable: bool
    w: Array
    b: float
    margin: float
    alpha: Array
    beta: Array
    exact_w: tuple[Fraction, ...]
    exact_b: Fraction
    exact_alpha: tuple[Fraction, ...]
    exact_beta: tuple[Fraction, ...]


def separate(A: Array, B: Array) -> Separation:
    """Return whether a hyperplane parts A, (a, inputs), strictly from B, (b, inputs), and the proof.

    Wolfe's algorithm (1976) looks for the nearest points, first in floats, then from there in whole numbers, where
    it always ends and makes no error. Raises ValueError for shapes that do not fit, and for coordinates that are
    not numbers from -1e300 to 1e300.
    """
    if A.ndim != 2 or A.shape[1] == 0 or B.ndim != 2 or A.shape[1] != B.shape[1]:
        raise ValueError(f"B: shape {B.shape} beside {A.shape} is not allowed; allowed are rows of as many inputs")
    points = np.concatenate((A, B)).astype(float)
    for value in points[~(np.abs(points) <= LARGEST)].tolist():
        raise ValueError(f"points: {value} is not allowed; allowed are numbers from {-LARGEST} to {LARGEST}")
    alpha, beta = [Fraction(0)] * len(A), [Fraction(0)] * len(B)
    if not alpha or not beta:
        zero, side = np.zeros(A.shape[1]), -1 if beta else 1
        exact = (Fraction(0),) * len(zero), Fraction(side), tuple(alpha), tuple(beta)
        return Separation(True, zero, float(side), math.inf, np.zeros(len(A)), np.zeros(len(B)), *exact)

    pairs, shares, p, q = _nearest_points(points, len(A))
    for (i, j), share in zip(pairs, shares, strict=True):
        alpha[i] += share
        beta[j] += share
    normal, middle = p - q, (p + q) / 2
    exact = tuple(normal), -sum((normal * middle).tolist(), Fraction(0)), tuple(alpha), tuple(beta)
    # Scaled to a largest entry of 1, the normal neither overflows nor vanishes when its length is taken.
    size = np.abs(normal).max()
    direction = np.array([float(v / (size or 1)) for v in normal])
    w = direction / (np.linalg.norm(direction) or 1.0)
    b = float(-sum(Fraction(v) * m for v, m in zip(w.tolist(), middle, strict=True)))
    margin = float(size) * float(w @ direction) / 2.0
    return Separation(bool(size), w, b, margin, np.array(alpha, float), np.array(beta, float), *exact)


def separable(X: Array, labels: Array) -> Separation:
    """Return whether a hyperplane parts the rows of X, (samples, inputs), labelled 1, which are A, from the others.

    `labels`, 0 or 1, are (samples,) or (samples, 1); alpha and beta go by the rows of each class in their order.
    Raises ValueError for other labels, and as `separate` does.
    """
    which = np.ravel(labels)
    if len(which) != len(X):
        raise ValueError(f"labels: {len(which)} is not allowed; allowed are as many as the samples, {len(X)}")
    for value in which[~np.isin(which, (0, 1))].tolist():
        raise ValueError(f"labels: {value} is not allowed; allowed are 0 and 1")
    return separate(X[which == 1], X[which == 0])


def _nearest_points(points: Array, count: int) -> tuple[Pairs, Numbers, Numbers, Numbers]:
    """Return pairs, their shares, and the nearest points, (inputs,), of the hulls of the first `count` and the rest."""
    near = points - points[0]
    near /= np.abs(near).max() or 1.0
    pairs, found = _nearest(near[:count], near[count:], [(0, 0)], np.ones(1), range(_ROUNDS))
    ratios = [value.as_integer_ratio() for value in points.ravel().tolist()]
    unit = max(below for _, below in ratios)  # a power of 2, as they all are
    whole = np.array([above * (unit // below) for above, below in ratios], object).reshape(points.shape)
    # Any positive shares are a right beginning; that the pairs are found is what saves the time.
    start = np.array([Fraction(max(share, _CLOSE)) for share in found.tolist()], object)
    pairs, shares = _nearest(whole[:count], whole[count:], pairs, start / start.sum(), itertools.count())
    p, q = (shares @ whole[rows] / unit for rows in np.add(pairs, (0, count)).T)
    return pairs, shares, p, q


def _nearest(A: Numbers, B: Numbers, pairs: Pairs, shares: Numbers, rounds: Iterable[int]) -> tuple[Pairs, Numbers]:
    """Return pairs of a row of A and one of B, and shares > 0 of a sum of 1, whose mixed difference is shortest.

    P. Wolfe, "Finding the nearest point in a polytope" (1976), for the polytope of all differences A[i] - B[j].
    The points are whole numbers in object arrays and the shares fractions, or all are floats.
    """
    exact = A.dtype == object
    for _ in rounds:
        # Go towards the point of the pairs' plane that is nearest to 0, and leave out what stops the way.
        while True:
            differences = np.array([A[i] - B[j] for i, j in pairs])
            best = _exact_best(differences) if exact else _best(differences)
            stops = [k for k, share in enumerate(best) if share <= 0]
            if not stops:
                break
            # One that stays at 0 has no way to go: 0 / 0 is to be 0.
            part, out = min((shares[k] / ((shares[k] - best[k]) or 1), k) for k in stops)
            shares = np.delete(shares + part * (best - shares), out)
            del pairs[out]
        # Is there a pair nearer to 0 in that direction? In whole numbers that is much faster than in fractions.
        shares = best
        scale = math.lcm(*(share.denominator for share in shares)) if exact else 1
        x = np.array([int(share * scale) for share in shares], object) @ differences if exact else shares @ differences
        i, j = int(np.argmin(A @ x)), int(np.argmax(B @ x))
        if x @ x - scale * (x @ (A[i] - B[j])) <= (0 if exact else _CLOSE):
            break
        pairs, shares = [*pairs, (i, j)], np.append(shares, 0 * shares[0])
    return pairs, shares


def _best(S: Array) -> Array:
    """Return shares, (k,), of any sign and of sum 1, of the rows of S, (k, n), whose mix is the shortest."""
    rest = np.linalg.lstsq((S[1:] - S[0]).T, -S[0], rcond=None)[0]
    best: Array = np.append(1.0 - rest.sum(), rest)
    return best


def _exact_best(S: Numbers) -> Numbers:
    """Return what `_best` does, as fractions, for whole numbers; a row that depends on those before has share 0.

    The normal equations by Gauss and Jordan's elimination, free of fractions: its divisions leave no rest (Bareiss
    1968). No pivot is sought: the matrix is positive semidefinite, so a pivot of 0 is a row of 0.
    """
    E = S[1:] - S[0]
    M = np.column_stack((E @ E.T, -(E @ S[0])))
    last = 1
    for k in range(len(E)):
        if M[k, k]:
            row, pivot = M[k].copy(), M[k, k]
            M = (pivot * M - np.outer(M[:, k], row)) // last
            M[k], last = row, pivot
    rest = np.array([Fraction(v, last) for v in M[:, -1]], object)
    return np.append(Fraction(1) - rest.sum(), rest)
