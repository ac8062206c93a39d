"""The names of a 2-2-1 network's values and weights in words, in formulas and on pictures: w21 leads from B to h1."""

from __future__ import annotations

from scene.marks import Array, Labels
from scene.mathml import variable

DIGITS = str.maketrans("12", "₁₂")
WIDTHS = {"w": 0.72, "L": 0.57, "A": 0.65, "B": 0.62}
"""How wide an italic letter is, in the size of its font; others are about HALF."""
HALF = 0.5
INDEX_SIZE = 11.0
"""The size of a letter's index, and of none in a picture is less."""


def parts(name: str) -> tuple[str, str]:
    """Return a name's letter and its index, if any: h1 is h with 1, w21 is w with B1, the input and the neuron."""
    index = name[1:]
    return name[0], f"{'AB'[int(index[0]) - 1]}{index[1]}" if len(index) == 2 else index


def in_words(name: str) -> str:
    """Return the name as it stands in a sentence."""
    return "".join(parts(name)).translate(DIGITS)


def in_formula(name: str) -> str:
    """Return the name as MathML, a hidden neuron in its colour."""
    letter, index = parts(name)
    if len(index) < 2:
        return variable(letter, int(index), name if letter == "h" else "") if index else variable(letter)
    return f"<msub><mi>{letter}</mi><mrow><mi>{index[0]}</mi><mn>{index[1]}</mn></mrow></msub>"


def on_picture(
    name: str, at: Array, colour: str, size: float, offset: tuple[float, float] = (0.0, 0.0)
) -> list[Labels]:
    """Return the name as labels in the middle at `at`, (1, 2): the letter, and its index smaller and lower."""
    letter, index = parts(name)
    x, y = offset
    if not index:
        return [Labels(at, (letter,), colour, size, offset=offset, italic=True)]
    edge = x + (WIDTHS.get(letter, HALF) * size - HALF * INDEX_SIZE * len(index)) / 2
    base = Labels(at, (letter,), colour, size, "right", (edge, y), italic=True)
    return [Labels(at, (index,), colour, INDEX_SIZE, "left", (edge, y + 0.3 * size), italic=True), base]
