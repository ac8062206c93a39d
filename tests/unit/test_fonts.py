"""The site's fonts have every sign that the article opens with: none has to be looked for in the reader's own."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

# It reads the page and the fonts of the checkout, the latter with fontTools; Pyodide has none of these.
pytestmark = pytest.mark.native_only

ROOT = Path(__file__).resolve().parents[2]
FIGURE, FORMULA = r'<figure class="unfold".*?</figure>', r"<math.*?</math>"
OTHER = r"<(pre|code|h5|script|style).*?</\1>"
"""What is set in the reader's own fonts, or not at all."""
GREEK = {letter: 0x1D6FC + place for place, letter in enumerate("αβγδεζηθικλμνξοπρςστυφχψω")}
ITALIC = {**GREEK, "∂": 0x1D715}
"""Where MathML looks for these as a variable's name."""


@pytest.fixture(scope="module")
def page():
    return (ROOT / "index.html").read_text("utf-8")


def signs(*names: str) -> set[int]:
    """What the fonts of these files have between them."""
    from fontTools.ttLib import TTFont

    return set().union(*(TTFont(ROOT / "assets" / "fonts" / f"{name}.woff2").getBestCmap() for name in names))


def missing(text: str, has: set[int]) -> set[str]:
    """Return the signs of a text that fonts have not."""
    return {sign for sign in text if ord(sign) not in has and not sign.isspace()}


def test_the_sans_has_what_figures_say(page):
    from tools.fonts import words

    assert len(re.findall(FIGURE, page, re.DOTALL)) > 20
    assert missing(words(re.sub(OTHER, "", page, flags=re.DOTALL), FIGURE), signs("sans")) == set()


def test_the_serif_has_what_the_article_says(page):
    from tools.fonts import words

    assert missing(words(re.sub(f"{FIGURE}|{OTHER}", "", page, flags=re.DOTALL), ".+"), signs("serif")) == set()


def test_formulas_find_all_their_signs(page):
    formulas = "".join(re.findall(FORMULA, page, re.DOTALL))
    formulas = re.sub(r"<mi>(.)</mi>", lambda mi: chr(ITALIC.get(mi[1], ord(mi[1]))), formulas)
    text = html.unescape(re.sub(r"<[^>]*>", "", formulas))
    assert missing(text, signs("math", "math-letters", "serif")) == set()
