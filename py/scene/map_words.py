"""What a 2 x 2 matrix does to the plane, in words and formulas. Its entries are hundredths, so this is exact."""

from __future__ import annotations

import math

import numpy as np

from scene.marks import Array
from scene.mathml import variable
from scene.matrices import entry, matrix
from scene.slope_formulas import term
from scene.ticks import number

FATES = {
    "point": "flattened to a point", "line": "flattened onto a line", "over": "turned over", "same": "left as it was",
    "kept": "same side up",
}  # fmt: skip
PRESETS: dict[str, tuple[str, tuple[float, ...]]] = {
    "rotation": (f"rotation", (0.8, 0.6, -0.6, 0.8)),
    "shear": (f"shear", (1.0, 0.0, 1.0, 1.0)),
    "scale": (f"scaling", (1.5, 0.0, 0.0, 0.5)),
    "reflection": (f"reflection", (-1.0, 0.0, 0.0, 1.0)),
    "projection": (f"projection", (0.5, 0.5, 0.5, 0.5)),
    "pair": ("OR and NAND", (1.0, -1.0, 1.0, -1.0)),
    "identity": (f"identity", (1.0, 0.0, 0.0, 1.0)),
}
"""Maps that have names: each with its entries, row by row."""
NAMED = (("own", "your own"), *((name, label) for name, (label, _) in PRESETS.items()))
"""The options of a choice between them."""


def _hundredths(W: Array) -> tuple[int, int, int, int]:
    a, b, c, d = np.rint(100.0 * W).astype(int).ravel().tolist()
    return a, b, c, d


def determinant(W: Array) -> float:
    """Return the determinant, rounded once: it is 0, or below, just where that of the hundredths is."""
    a, b, c, d = _hundredths(W)
    return (a * d - b * c) / 10_000


def fate(W: Array) -> str:
    """Return what becomes of the plane, a key of FATES."""
    exact = determinant(W)
    if exact == 0.0:
        return "line" if W.any() else "point"
    return "over" if exact < 0.0 else "same" if _hundredths(W) == (100, 0, 0, 100) else "kept"


def stage(W: Array, time: float) -> str:
    """Return in a few words how far the plane is at a time, and from 1 on what has become of it."""
    return FATES[fate(W)] if time >= 1.0 else "on the way" if time > 0.0 else "not moved yet"


def size(W: Array) -> str:
    """Return what becomes of the unit square's size: flat, smaller, same or larger."""
    area = abs(determinant(W))
    return "flat" if area == 0.0 else "smaller" if area < 1.0 else "same" if area == 1.0 else "larger"


def pair(values: Array) -> str:
    """Return a point or a shift in text."""
    return f"({number(float(values[0]))}, {number(float(values[1]))})"


def eigen_sort(W: Array) -> str:
    """Return how many directions W keeps: every, two, one, or none where its eigenvalues are complex."""
    a, b, c, d = _hundredths(W)
    inside = (a - d) ** 2 + 4 * b * c
    if inside == 0:
        return "one" if b or c else "every"
    return "two" if inside > 0 else "none"


def complex_pair(W: Array) -> tuple[float, float]:
    """Return the real part and the size of the imaginary part of two complex eigenvalues."""
    a, b, c, d = _hundredths(W)
    return (a + d) / 200, math.sqrt(max(-((a - d) ** 2) - 4 * b * c, 0)) / 200


def eigen_words(W: Array, values: tuple[float, ...]) -> str:
    """Return which directions W keeps, in words; `values` are its real eigenvalues."""
    sort = eigen_sort(W)
    if sort == "none":
        real, imaginary = complex_pair(W)
        return f"No direction is kept: the eigenvalues are complex, {number(real)} ± {number(imaginary)} i."
    told = f" and ".join(number(value) for value in values[: 2 if sort == "two" else 1])
    directions = {"one": "One direction is", "two": "Two directions are", "every": "Every direction is"}[sort]
    return f"{directions} kept and stretched by {told}."


def end_words(W: Array) -> str:
    """Return what the determinant says has become of the plane."""
    area = number(abs(determinant(W)), 4).rstrip("0").rstrip(".")
    square = "the unit square is as large as before" if size(W) == "same" else f"the unit square’s area is now {area}"
    return (
        f"The determinant is {exactly(W)}: "
        + {
            "point": "the plane is flattened to a point, and everything has met.",
            "line": "the plane is flattened onto a line, and points that met cannot be parted again.",
            "over": f"the plane is turned over, so the F is mirrored, and {square}.",
            "same": "this is the identity, and everything is left as it was.",
            "kept": f"the same side is up, and {square}.",
        }[fate(W)]
    )


def exactly(W: Array) -> str:
    """Return the determinant with all of its decimals, two at least."""
    text = number(determinant(W), 4)
    return text[:-2] + text[-2:].rstrip("0")


def way_words(W: Array, turn: float, now: float, time: float) -> str:
    """Return where on the way the plane is: unmoved (time 0), turned by `turn` radians so far, or stretching."""
    if time == 0.0:
        return "Nothing has moved yet."
    turning = f"turned by {number(math.degrees(turn), 1)}° so far" if time <= 0.5 else "stretching now"
    over = " W has to flatten the plane on the way to turn it over." if fate(W) == "over" else ""
    return f"The plane is {turning}; the determinant is {number(now)} at this moment.{over}"


def map_rows(W: Array, b: Array, known: bool) -> list[str]:
    """Return x W + b and the determinant, in numbers; the value of the latter only where it is `known`."""
    entries = [[entry(number(value)) for value in row] for row in (*W.tolist(), b.tolist())]
    mapped = f"{matrix(entries[:2], ('e1', 'e2'))}<mo>+</mo>{matrix(entries[2:], ('b',))}"
    texts = [f"({text})" if text.startswith("−") else text for text in map(number, W.ravel().tolist())]
    value = exactly(W) if known else "?"
    products = "<mn>{0}</mn><mo>·</mo><mn>{3}</mn><mo>−</mo><mn>{1}</mn><mo>·</mo><mn>{2}</mn>".format(*texts)
    return [
        f"{variable('z')}<mo>=</mo>{variable('x')}{mapped}",
        term(
            "square",
            f"<mi>det</mi><mspace width='.2em'></mspace><mi>W</mi><mo>=</mo>{products}<mo>=</mo><mn>{value}</mn>",
        ),
    ]


def eigen_rows(W: Array, values: tuple[float, ...]) -> list[str]:
    """Return v W = λ v for each direction that W keeps, or its complex eigenvalues."""
    if eigen_sort(W) == "none":
        real, imaginary = complex_pair(W)
        return [f"<mi>λ</mi><mo>=</mo><mn>{number(real)}</mn><mo>±</mo><mn>{number(imaginary)}</mn><mi>i</mi>"]
    rows = []
    for k, value in enumerate(values, 1):
        v = variable("v", k)
        rows.append(term(f"v{k}", f"{v}<mi>W</mi><mo>=</mo><mn>{number(value)}</mn>{v}"))
    return rows
