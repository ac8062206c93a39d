"""Finds in our Python every text that a reader may see or hear, and puts other texts in place of them.

What is read is known by how it is written. A literal is read where it has words with a space between, or begins with
a capital; f"worse", an f-string with no places, is read whatever it holds; r"on, off", a raw string, never is. Of
markup only the words between its tags are read, and its labels. Docstrings, keys, what is compared, types, and what is
printed for developers are no texts, nor is what holds no words but names of mathematics and of gates.
"""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.templates import Text, fields, filled, named, text_of

SOURCES = (
    "py/figures/*.py",
    "py/scene/*.py",
    "py/app/figure.py",
    "py/app/offline.py",
    "py/app/page.py",
    "py/app/reports.py",
    "py/app/sharing.py",
    "py/app/studio.py",
    "py/unfold/calculus.py",  # of the mathematics these alone have something to tell the reader
    "py/unfold/csv_data.py",
    "py/unfold/formula.py",
    "py/unfold/transforms.py",
    "tools/markup.py",
)
MARKUP_ALONE = "tools/"
"""Here only what stands in markup is read."""
WORD = re.compile(r"[A-Za-z]{2,}")
SYMBOLS = {
    "abs", "arctan", "atan", "cos", "cosh", "det", "erf", "exp", "gelu", "identity", "ln", "log", "max", "min",
    "mish", "relu", "sigmoid", "silu", "sin", "sine", "sinh", "softplus", "sqrt", "tan", "tanh", "wa", "wb",
}  # fmt: skip
"""Names of mathematics, and of functions as they are typed."""
MARKUP = re.compile(r"</?[a-z]|=[\"']")
PIECE = re.compile(r"<[^>]*>?|\{\w*\}|[^<{]+")
LABEL = re.compile(r'((?:aria-label|alt|title|placeholder)=")([^"]+)(?=")')
EDGED = re.compile(r"((?:\s|&#?\w+;)*)(.*?)((?:\s|&#?\w+;)*)", re.DOTALL)
FOR_DEVELOPERS = {"print", "SystemExit", "AssertionError"}

Say = Callable[[Text], str | None]
"""Returns the template that is to stand in place of a text; None for the text as it is."""


def sources(root: Path) -> Iterator[Path]:
    """Return the modules whose texts are read."""
    for pattern in SOURCES:
        yield from sorted(root.glob(pattern))


def found(root: Path) -> Iterator[tuple[str, Text]]:
    """Return each text with the path of its module, as often as it stands there."""
    for path in sources(root):
        name, texts = path.relative_to(root).as_posix(), []
        rewritten(path.read_text("utf-8"), texts.append, name.startswith(MARKUP_ALONE))
        yield from ((name, text) for text in texts)


def words(text: str) -> list[str]:
    """Return the words of a text but for names: those in capitals are gates and units."""
    plain = re.sub(r"&#?\w+;", " ", text)
    return [word for word in WORD.findall(plain) if not word.isupper() and word.lower() not in SYMBOLS]


def is_read(text: str) -> bool:
    """Return whether a literal is a text by the way it is written."""
    bare = text.strip()
    return bool(words(bare)) and (bool(re.search(r"\s", bare)) or bare[0].isupper())


def rewritten(source: str, say: Say, markup_alone: bool = False) -> str:
    """Return a module's source with what `say` returns in place of each text; all else stays as it is written."""
    walker = Walker(source, say, markup_alone)
    walker.visit(ast.parse(source))
    data = source.encode()
    rows = [0, *(end.end() for end in re.finditer(rb"\n", data))]
    edits = [
        (rows[node.lineno - 1] + node.col_offset, rows[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0), new)
        for node, new in walker.edits
    ]
    for start, end, new in sorted(edits, key=lambda edit: -edit[0]):
        data = data[:start] + ast.unparse(new).encode() + data[end:]
    return data.decode()


class Walker(ast.NodeTransformer):
    """Visits a module; `edits` are the literals that are to be written anew, and how."""

    def __init__(self, source: str, say: Say, markup_alone: bool) -> None:
        self.lines = source.encode().split(b"\n")
        self.say = say
        self.markup_alone = markup_alone
        self.edits: list[tuple[ast.expr, ast.expr]] = []
        self.inside = 0
        """How many f-strings deep the walk is: the outermost is written anew as a whole."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """Pass docstrings by."""
        return node if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Pass types by."""
        if node.value and ast.unparse(node.annotation) != "TypeAlias":
            node.value = self.visit(node.value)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """Pass types by."""
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Pass by what developers are told."""
        return node if isinstance(node.func, ast.Name) and node.func.id in FOR_DEVELOPERS else self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        """Pass keys by."""
        node.values = [self.visit(value) for value in node.values]
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Pass by literals that something is compared with."""
        literal = (ast.Constant, ast.Tuple, ast.Set, ast.List)
        for part in (node.left, *node.comparators):
            if not isinstance(part, literal):
                self.visit(part)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Pass by a literal that something is looked up by."""
        node.value = self.visit(node.value)
        if not isinstance(node.slice, ast.Constant):
            node.slice = self.visit(node.slice)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Write a plain literal anew where it is read."""
        if not isinstance(node.value, str) or self._is_raw(node):
            return node
        if MARKUP.search(node.value):
            value = Markup(self.say, node.value).told(node.value)
        elif is_read(node.value) and not self.markup_alone:
            value = self._plain(node.value)
        else:
            return node
        return self._put(node, ast.Constant(value)) if value != node.value else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """Write an f-string anew where it is read, or where something in its places is."""
        if self._is_raw(node):
            return node
        before = ast.dump(node)
        literal = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
        said = None
        if MARKUP.search(literal):
            markup = Markup(self.say, literal)
            values = [ast.Constant(markup.told(v.value)) if isinstance(v, ast.Constant) else v for v in node.values]
        else:
            values = node.values
            spaced = "x".join(part.value if isinstance(part, ast.Constant) else "" for part in node.values)
            alone = all(isinstance(part, ast.Constant) for part in node.values) and WORD.search(literal)
            if (alone or (words(literal) and re.search(r"\s", spaced))) and not self.markup_alone:
                said = self.say(text_of(node))
        self.inside += 1
        places = [self.visit(part) for part in values if isinstance(part, ast.FormattedValue)]
        self.inside -= 1
        if said is not None:
            values = filled(said, dict(zip(named(node), places, strict=True)))
        new = ast.JoinedStr(values)
        return self._put(node, new) if ast.dump(new) != before else node

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        """Leave the way a number is written alone."""
        return ast.FormattedValue(self.visit(node.value), node.conversion, node.format_spec)

    def _put(self, node: ast.expr, new: ast.expr) -> ast.expr:
        if not self.inside:
            self.edits.append((node, new))
        return new

    def _plain(self, value: str) -> str:
        said = self.say(Text(value, dict.fromkeys(fields(value), "")))
        if said is None:
            return value
        return said if fields(value) else said.format()

    def _is_raw(self, node: ast.expr) -> bool:
        return self.lines[node.lineno - 1][node.col_offset : node.col_offset + 2].lower() in (
            b'r"',
            b"r'",
            b"rf",
            b"fr",
        )


class Markup:
    """Finds the words between tags and in labels, of a markup that comes in pieces."""

    def __init__(self, say: Say, whole: str) -> None:
        self.say = say
        self.in_tag = bool(re.match(r"[^<]*=[\"']", whole))

    def told(self, piece: str) -> str:
        """Return the next piece with its texts put in place."""
        rest, out = piece, ""
        if self.in_tag:
            tag, end, rest = piece.partition(">")
            out, self.in_tag = self._label(tag) + end, not end
        for part in PIECE.findall(rest):
            if part.startswith("<"):
                out, self.in_tag = out + self._label(part), not part.endswith(">")
            else:
                out += part if part.startswith("{") else self._between(part)
        return out

    def _label(self, tag: str) -> str:
        return LABEL.sub(lambda match: match[1] + self._said(match[2]), tag)

    def _between(self, run: str) -> str:
        edged = EDGED.fullmatch(run)
        assert edged
        return edged[1] + self._said(edged[2]) + edged[3] if words(edged[2]) else run

    def _said(self, text: str) -> str:
        said = self.say(Text(html.unescape(text))) if words(text) else None
        return text if said is None else html.escape(said.format())
