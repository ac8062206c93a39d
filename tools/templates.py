"""An f-string as a template that a translator can read, with a name for each place, and back."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from string import Formatter


@dataclass
class Text:
    """A text: its template, with a name in braces for each place, and the expression that fills each."""

    template: str
    places: dict[str, str] = field(default_factory=dict)


def text_of(node: ast.JoinedStr) -> Text:
    """Return an f-string's text."""
    names = iter(places := named(node))
    parts = [
        part.value.replace("{", "{{").replace("}", "}}") if isinstance(part, ast.Constant) else f"{{{next(names)}}}"
        for part in node.values
    ]
    return Text("".join(parts), {name: ast.unparse(value) for name, value in places.items()})


def named(node: ast.JoinedStr) -> dict[str, ast.expr]:
    """Return the expressions in an f-string's places, each by a readable name of its own."""
    places: dict[str, ast.expr] = {}
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            name = stem = _name(part.value)
            for again in range(2, len(node.values) + 1):
                if name not in places:
                    break
                name = f"{stem}_{again}"
            places[name] = part.value
    return places


def _name(node: ast.expr) -> str:
    """Return the nearest thing to a name in an expression."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower() or "value"
        case ast.Call(func=ast.Name(id="number" | "count" | "float" | "int" | "str" | "abs" | "len"), args=[first, *_]):
            return _name(first)
        case ast.Call(func=ast.Attribute(attr="join"), args=[first]):
            return _name(first)
        case ast.Call(func=ast.Attribute(value=value, attr="upper" | "lower" | "rstrip" | "strip" | "translate")):
            return _name(value)
        case ast.Call(func=func):
            return _name(func)
        case ast.Subscript(value=value) | ast.UnaryOp(operand=value) | ast.Starred(value=value):
            return _name(value)
        case ast.BinOp(left=left, right=right):
            return _name(right if isinstance(left, ast.Constant) else left)
        case ast.GeneratorExp(elt=value) | ast.ListComp(elt=value) | ast.IfExp(test=value) | ast.Compare(left=value):
            return _name(value)
        case ast.BoolOp(values=[value, *_]):
            return _name(value)
    return "value"


def fields(template: str) -> list[str]:
    """Return the names of a template's places, in its order; raise ValueError where it is not well-formed."""
    parts = list(Formatter().parse(template))
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise ValueError("a place is a name in braces and nothing else")
    return [name for _, name, _, _ in parts if name is not None]


def filled(template: str, places: dict[str, ast.expr]) -> list[ast.expr]:
    """Return the parts of an f-string: a template's own words as literals, and in its places what stood there."""
    parts: list[ast.expr] = []
    for literal, name, _, _ in Formatter().parse(template):
        parts += [ast.Constant(literal)] if literal else []
        parts += [places[name]] if name is not None else []
    return parts
