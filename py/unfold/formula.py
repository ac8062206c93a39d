"""A reader's own activation: a formula in x, read safely, with its derivative by dual numbers.

Nothing typed is ever run. Python's parser turns the text into a tree; a tree with any part outside a short list is
refused; what is left is worked out here with numpy.
"""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from unfold.activations import ACTIVATIONS, Activation, Array, erf

MOST_CHARACTERS, MOST_PARTS, DEEPEST_BRACKETS = 200, 100, 30
LARGEST_NUMBER, LARGEST_POWER = 1e6, 16

_CHARACTERS = frozenset(r"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ +-*/().,")
_CONSTANTS = {"pi": math.pi, "e": math.e}
_ARCTAN = Activation("arctan", np.arctan, lambda z, a: 1.0 / (1.0 + z * z), increasing=True)
_OF_ONE = {name.replace("-", "_"): function for name, function in ACTIVATIONS.items()} | {
    "exp": Activation("exp", np.exp, lambda z, a: a, increasing=True),
    "log": Activation("log", np.log, lambda z, a: 1.0 / z, increasing=True),
    "sqrt": Activation("sqrt", np.sqrt, lambda z, a: 0.5 / a, increasing=True),
    "abs": Activation("abs", np.abs, lambda z, a: np.sign(z), increasing=False),
    "sin": ACTIVATIONS["sine"],
    "cos": Activation("cos", np.cos, lambda z, a: -np.sin(z), increasing=False),
    "tan": Activation("tan", np.tan, lambda z, a: 1.0 + a * a, increasing=False),
    "sinh": Activation("sinh", np.sinh, lambda z, a: np.cosh(z), increasing=True),
    "cosh": Activation("cosh", np.cosh, lambda z, a: np.sinh(z), increasing=False),
    "arctan": _ARCTAN,
    "atan": _ARCTAN,
    "erf": Activation("erf", erf, lambda z, a: 2.0 / math.sqrt(math.pi) * np.exp(-z * z), increasing=True),
}
# Of two values: the result, and its slope along each. Where both are equal, min and max follow the first.
_OF_TWO: dict[object, Callable[[Array, Array], tuple[Array, Array | float, Array | float]]] = {
    ast.Add: lambda a, b: (a + b, 1.0, 1.0),
    ast.Sub: lambda a, b: (a - b, 1.0, -1.0),
    ast.Mult: lambda a, b: (a * b, b, a),
    ast.Div: lambda a, b: (a / b, 1.0 / b, -a / (b * b)),
    "min": lambda a, b: (np.minimum(a, b), np.where(a <= b, 1.0, 0.0), np.where(a > b, 1.0, 0.0)),
    "max": lambda a, b: (np.maximum(a, b), np.where(a >= b, 1.0, 0.0), np.where(a < b, 1.0, 0.0)),
}
_USES = {name: f"{name}(x)" for name in _OF_ONE} | {"min": "min(x, 1)", "max": "max(x, 1)"}
NAMES = ("x", *_CONSTANTS, *sorted(_USES))
"""Every name a formula may use."""

FIELD = "formula"
"""The control that a formula is typed in."""

Dual: TypeAlias = tuple[Array, Array | None]
"""A value and its slope along x; None is a slope of 0 everywhere: where there is no x, or none is asked for."""


class FormulaError(ValueError):
    """A formula is refused; `position` is the offset, from 0, of the first character at fault."""

    def __init__(self, text: str, position: int, why: str, length: int = 1) -> None:
        part = text[position : position + min(length, 24)]
        super().__init__(f"{FIELD}: {repr(part) if part else 'the end'} at character {position + 1} {why}")
        self.position = position


@lru_cache(maxsize=128)
def activation(text: str) -> Activation:
    """Return the built-in activation of that name, or else the one that the text describes as a formula in x.

    A formula has numbers, x, pi, e, + - * / **, brackets and the functions in NAMES; its derivative comes from dual
    numbers (Clifford 1873): value and slope go through the formula together. Where the formula has no value, as 1/x
    at 0, the activation gives inf or nan without a warning: see `problems`. Raises FormulaError, a ValueError that
    names the place, for anything else, for more than 200 characters or 100 parts, for numbers beyond a million, and
    for powers other than a constant from -16 to 16.
    """
    name = text.strip(" ")
    if name in ACTIVATIONS:
        return ACTIVATIONS[name]
    tree = _read(text)

    def value(z: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.full_like(z, _dual(tree, (z, None))[0])

    def derivative(z: Array, _: Array) -> Array:
        with np.errstate(all="ignore"):
            slope = _dual(tree, (z, np.ones_like(z)))[1]
        return np.full_like(z, 0.0 if slope is None else slope)

    return Activation(name, value, derivative, increasing=False)


def problems(activation: Activation, low: float = -6.0, high: float = 6.0) -> str:
    """Return "" if the activation has a finite value and slope from low to high, else a sentence naming the first x.

    It looks at 1,201 places, evenly spaced, and at 0; low and high are pre-activations.
    """
    x = np.union1d(np.linspace(low, high, 1201), np.clip(0.0, low, high))
    a = activation.value(x)
    for what, found in (("", a), ("its slope is ", activation.derivative(x, a))):
        bad = np.flatnonzero(~np.isfinite(found))
        if bad.size:
            fault = "not a number" if np.isnan(found[bad[0]]) else f"infinite"
            where = f"at x = {x[bad[0]]:.4g}"
            return f"{FIELD}: {what}{fault} {where}; allowed is a finite value and slope from {low:g} to {high:g}"
    return ""


def _read(text: str) -> ast.expr:
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(text, MOST_CHARACTERS, f"is too much; allowed are {MOST_CHARACTERS} characters")
    depth = 0
    for position, character in enumerate(text):
        # Letters beyond ASCII go too: Python would read some that merely look like x as x.
        if character not in _CHARACTERS:
            raise FormulaError(text, position, "is not allowed; allowed are a to z, 0 to 9 and + - * / ** ( ) . ,")
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth > DEEPEST_BRACKETS:
            raise FormulaError(text, position, f"is too deep; allowed are {DEEPEST_BRACKETS} brackets in brackets")
    indent = len(text) - len(text.lstrip(" "))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns of texts such as "1if x", which are refused below anyway
            tree = ast.parse(text[indent:], mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        offset = getattr(error, "offset", None)  # counted from 1; 0 where the text ends too soon
        position = min(indent + offset - 1, len(text)) if offset else len(text)
        why = "comes too soon" if position == len(text) else "cannot be read"
        raise FormulaError(text, position, f"{why}; allowed is a formula such as x * tanh(softplus(x))") from None
    for node, why in _faults(tree):
        raise FormulaError(text, indent + node.col_offset, why, (node.end_col_offset or 0) - node.col_offset)
    return tree


def _faults(tree: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """Yield the parts that are not on the list, from left to right, each with the reason."""
    inside = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    named = {id(node.func) for node in inside if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _USES}
    nodes = sorted((n for n in inside if id(n) not in named), key=lambda n: (n.col_offset, n.end_col_offset))
    if len(nodes) > MOST_PARTS:
        yield nodes[MOST_PARTS], f"is too much; allowed are {MOST_PARTS} numbers, names and signs"
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _USES:
                if len(args) != (1 if name in _OF_ONE else 2):
                    yield node, f"is not allowed; allowed is {_USES[name]}"
            case ast.Name(id=name):
                if name in _USES:
                    yield node, f"needs brackets; allowed is {_USES[name]}"
                elif name not in NAMES:
                    yield node, f"is unknown; allowed are {', '.join(NAMES)}"
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                if not abs(number) <= LARGEST_NUMBER:
                    yield node, f"is not allowed; allowed are numbers up to {LARGEST_NUMBER:,.0f}"
            case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow()) | ast.UnaryOp(op=ast.USub()):
                pass
            case _:
                yield node, f"is not allowed; allowed are numbers, + - * / **, brackets and {', '.join(NAMES)}"
    for node in nodes:  # only now, since a power must have passed all the above to be worked out
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            with np.errstate(all="ignore"):
                power, slope = _dual(node.right, (np.asarray(0.0), np.asarray(1.0)))
            if slope is not None or not abs(power) <= LARGEST_POWER:  # a slope tells that there is an x
                yield node.right, f"cannot be a power; allowed are constants up to {LARGEST_POWER}; e**x is exp(x)"


def _dual(node: ast.expr, x: Dual) -> Dual:
    """Return value and slope of a checked tree, given those of x; they broadcast to its shape."""
    match node:
        case ast.Name(id=name):
            return x if name == "x" else (np.asarray(_CONSTANTS[name]), None)
        case ast.Constant(value=int() | float() as number):
            return np.asarray(float(number)), None
        case ast.UnaryOp(operand=operand):
            a, da = _dual(operand, x)
            return -a, _chain(da, -1.0)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            (a, da), power = _dual(left, x), float(_dual(right, x)[0])
            # A power of 0 has the slope 0 at 0 too, where 0 * 0**-1 is not a number.
            return a**power, _chain(da, power * a ** (power - 1.0) if power else 0.0)
        case ast.BinOp(left=left, op=sign, right=right):
            return _joined(type(sign), _dual(left, x), _dual(right, x))
        case ast.Call(func=ast.Name(id=name), args=[left, right]):
            return _joined(name, _dual(left, x), _dual(right, x))
        case ast.Call(func=ast.Name(id=name), args=[operand]):
            z, dz = _dual(operand, x)
            a = _OF_ONE[name].value(z)
            return a, None if dz is None else _chain(dz, _OF_ONE[name].derivative(z, a))
    raise AssertionError(f"{type(node).__name__} was let through")


def _joined(how: object, left: Dual, right: Dual) -> Dual:
    value, along_left, along_right = _OF_TWO[how](left[0], right[0])
    da, db = _chain(left[1], along_left), _chain(right[1], along_right)
    return value, da if db is None else db if da is None else da + db


def _chain(slope: Array | None, factor: Array | float) -> Array | None:
    return None if slope is None else slope * factor
