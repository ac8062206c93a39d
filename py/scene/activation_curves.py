"""Activation functions beside one another: how each looks and is written, the picture of all, and their table."""

from __future__ import annotations

import html
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np

from scene.colours import HIDDEN_DASHES
from scene.graph import within
from scene.marks import Array, Axis, Handles, Lines, Mark, Points, View
from scene.named_curves import ROOM, Curve, named
from scene.ticks import number, raised, ticks
from unfold.formula import activation

Kind: TypeAlias = Literal["value", "slope"]

WORDS = {
    "step": f"step",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "ReLU",
    "softplus": "softplus",
    "silu": "SiLU",
    "gelu": "GELU",
    "mish": "Mish",
    "sine": f"sine",
    "own": f"yours",
}
"""Each activation's name for a reader; `own` is the reader's formula."""
_ORDER = ("sigmoid", "tanh", "mish", "relu", "softplus", "silu", "gelu", "sine")
LOOKS: dict[str, tuple[str, tuple[float, ...]]] = {
    **{name: (f"h{i}", dash) for i, (name, dash) in enumerate(zip(_ORDER, HIDDEN_DASHES, strict=True), start=1)},
    "step": ("soft", (10.0, 3.0)),
    "own": ("ink", ()),
}
"""Each activation's colour and dash, the same in every figure."""


def legend(names: Iterable[str]) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, tuple[float, ...]], ...]]:
    """Return the options of a legend of these activations, and their looks."""
    return tuple((name, WORDS[name]) for name in names), tuple(LOOKS[name] for name in names)


FAR = 4.0
"""How far from 0 the pictures reach."""
HEIGHTS: dict[Kind, tuple[float, float]] = {"value": (-1.4, 4.4), "slope": (-1.25, 1.4)}
SIZE = (480, 340)
CORNERS = {"step": "none: a jump", "relu": "none: a corner"}
"""What to say of the slope at 0 of those that have none there."""
JUMPS = {("step", "value"), ("step", "slope"), ("relu", "slope")}
"""Those that are level on either side of 0 and drawn in two pieces."""
_X = np.round(np.arange(-80, 81) / 20.0, 2)

_GAP = "<mspace width='.15em'></mspace>"
_E_TO_MINUS_X = "<msup><mi>e</mi><mrow><mo>−</mo><mi>x</mi></mrow></msup>"
_SOFTPLUS = "<mi>ln</mi><mo>(</mo><mn>1</mn><mo>+</mo><msup><mi>e</mi><mi>x</mi></msup><mo>)</mo>"
_SIGMOID = f"<mfrac><mn>1</mn><mrow><mn>1</mn><mo>+</mo>{_E_TO_MINUS_X}</mrow></mfrac>"
FORMULAS = {
    "step": "<mn>1</mn><mtext>&nbsp;if&nbsp;</mtext><mi>x</mi><mo>≥</mo><mn>0</mn>",
    "sigmoid": _SIGMOID,
    "tanh": f"<mi>tanh</mi>{_GAP}<mi>x</mi>",
    "relu": "<mi>max</mi><mo>(</mo><mi>x</mi><mo>,</mo><mn>0</mn><mo>)</mo>",
    "softplus": _SOFTPLUS,
    "silu": f"<mi>x</mi>{_GAP}{_SIGMOID}",
    "gelu": f"<mfrac><mi>x</mi><mn>2</mn></mfrac><mo>(</mo><mn>1</mn><mo>+</mo><mi>erf</mi>{_GAP}"
    "<mfrac><mi>x</mi><msqrt><mn>2</mn></msqrt></mfrac><mo>)</mo>",
    "mish": f"<mi>x</mi>{_GAP}<mi>tanh</mi><mo>(</mo>{_SOFTPLUS}<mo>)</mo>",
    "sine": f"<mi>sin</mi>{_GAP}<mi>x</mi>",
}


@lru_cache(maxsize=64)
def curve(name: str, formula: str, kind: Kind) -> Curve:
    """Return the graph of an activation's value or slope; `formula` is the reader's, for the one named `own`."""
    function = activation(formula if name == "own" else name)
    values = function.value(_X)
    heights = values if kind == "value" else function.derivative(_X, values)
    path = np.column_stack([_X, heights])
    if (name, kind) in JUMPS:
        left, right = path[_X < 0.0], path[_X > 0.0]
        ends = np.array([[[0.0, left[-1, 1]]], [[0.0, right[0, 1]]]])
        return Curve(WORDS[name], *LOOKS[name], (np.concatenate([left, ends[0]]), np.concatenate([ends[1], right])))
    return Curve(WORDS[name], *LOOKS[name], within(path, *HEIGHTS[kind]))


@lru_cache(maxsize=256)
def at(name: str, formula: str, x: float) -> tuple[float, float]:
    """Return an activation's value and slope at x; the slope is not a number where there is none: see CORNERS."""
    function = activation(formula if name == "own" else name)
    place = np.array([x])
    value = function.value(place)
    slope = np.nan if name in CORNERS and x == 0.0 else function.derivative(place, value)[0]
    return float(value[0]), float(slope)


def steepest(name: str, formula: str = "") -> tuple[float, float]:
    """Return where an activation climbs or falls most steeply between -FAR and FAR, and its slope there."""
    function = activation(formula if name == "own" else name)
    slopes = function.derivative(_X, function.value(_X))
    most = int(np.argmax(np.abs(slopes)))
    return float(_X[most]), float(slopes[most])


def frame(kind: Kind) -> View:
    """Return the picture of the values, or of the slopes, with nothing in it yet."""
    heights = HEIGHTS[kind]
    y = Axis(*heights, ticks(*heights, 7))
    return View((), Axis(-FAR, FAR, ticks(-FAR, FAR, 5)), y, margin=(36.0, 8.0, ROOM, 26.0))


def picture(kind: Kind, curves: dict[str, Curve], x: float, crossed: Array, lit: str) -> View:
    """Return the picture of the values, or of the slopes: curves with names, and a cursor at x with a handle.

    `crossed` are the heights, (n,), at which the curves meet the cursor.
    """
    view, (low, high) = frame(kind), HEIGHTS[kind]
    axes = np.array([[[-FAR, 0.0], [FAR, 0.0]], [[0.0, low], [0.0, high]]])
    seen = crossed[(crossed >= low) & (crossed <= high)]
    marks: list[Mark] = [
        Lines(axes, "soft", 1.0),
        Lines(np.array([[[x, low], [x, high]]]), "act", 1.5),
        *named(curves, view, SIZE, lit),
        Points(np.column_stack([np.full(len(seen), x), seen]), "act", "disc", 3.5, "panel", 1.5),
        Handles(np.array([[x, low]]), ("x",)),
    ]
    return View(tuple(marks), view.x, view.y, margin=view.margin)


def written(value: float) -> str:
    """Return a value or slope for a reader: in powers of ten where it is large, in words where there is none."""
    if not np.isfinite(value):
        return f"none"
    if abs(value) < 10_000:
        return number(value)
    mantissa, _, power = f"{value:.1e}".partition("e")
    return f"{number(float(mantissa), 1)}·10{raised(int(power))}"


def table(rows: dict[str, tuple[str, str]], formula: str, x: float) -> str:
    """Return a table, as HTML, of each activation with its formula and, at x, its value and slope."""
    heads = ("<var>f</var>(<var>x</var>)", f"<var>f</var>({number(x, 1)})", f"<var>f</var>′({number(x, 1)})")
    head = "<td></td>" + "".join(f'<th scope="col">{cell}</th>' for cell in heads)
    body = "".join(
        f'<tr data-term="{name}" tabindex="0"><th scope="row"><span class="{LOOKS[name][0]}">{WORDS[name]}</span></th>'
        f"<td>{_formula(name, formula)}</td><td>{value}</td><td>{slope}</td></tr>"
        for name, (value, slope) in rows.items()
    )
    return f'<table class="values"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _formula(name: str, formula: str) -> str:
    return f"<code>{html.escape(formula)}</code>" if name == "own" else f"<math>{FORMULAS[name]}</math>"
