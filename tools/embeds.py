"""The pages that show one figure alone, for a frame in somebody's page: embed/NAME.html.

Each is embed.html with the figure as it stands in index.html, so that its controls and posters are in the HTML that
arrives. Nothing but the standard library is needed: a build takes the figures' HTML as it is written there.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable
from pathlib import Path

from tools import runtime

FOLDER = "embed"
TEMPLATE = "embed.html"
SCRIPT = '<script src="../assets/frame.js"></script>'
FIGURE = re.compile(r"<!-- figure:([\w-]+) -->\n(.*?)<!-- /figure:\1 -->", re.DOTALL)
INERT, USABLE = '<div class="controls" inert>', '<div class="controls">'
"""What the controls are in the article until its script comes; and in a frame, whose script is there at once."""
QUESTION = re.compile(r'<h3 id="[\w-]+-question">(.*?)</h3>')


def between(text: str, name: str, new: str) -> str:
    """Return a text in which all between `<!-- name -->` and `<!-- /name -->` is new."""
    pattern = re.compile(rf"(<!-- {name} -->\n?).*?(<!-- /{name} -->)", re.DOTALL)
    made, found = pattern.subn(lambda marks: marks[1] + new + marks[2], text)
    if found != 1:
        raise runtime.Problem(f"a page cannot be made: “<!-- {name} -->” must stand once where it is looked for")
    return made


def deeper(text: str) -> str:
    """Return HTML with its relative addresses as they are in a folder of the page's own."""
    return re.sub(r"(?<=[\"'\s])\./", "../", text)


def figures(root: Path) -> dict[str, str]:
    """Return the figures' HTML by their names, as the article has it, in its order."""
    return dict(FIGURE.findall((root / "index.html").read_text("utf-8")))


def page(root: Path, name: str) -> bytes:
    """Return the page of one figure."""
    figure = figures(root)[name]
    article = (root / "index.html").read_text("utf-8")
    runs = article.partition("<!-- runtime -->\n")[2].partition("<!-- /runtime -->")[0]
    source = f'<p class="source"><a href="./#{name}" target="_blank" rel="noopener">From the article Unfold</a></p>\n'
    text = between((root / TEMPLATE).read_text("utf-8"), "figure", figure.replace(INERT, USABLE) + source)
    text = deeper(between(text, "runtime", runs))
    text = between(text, "frame", SCRIPT + "\n")
    title = f"<title>{html.escape(question(figure))} – Unfold</title>"
    return re.sub(r"<title>.*?</title>", lambda _: title, text).encode("utf-8")


def place(name: str) -> str:
    """Return where a figure's page stands."""
    return f"{FOLDER}/{name}.html"


def question(figure: str) -> str:
    """Return the question a figure's HTML begins with, as text."""
    found = QUESTION.search(figure)
    return html.unescape(re.sub(r"<.*?>", "", found[1])) if found else ""


MADE: dict[str, Callable[[Path], bytes]] = {
    place(name): functools.partial(page, name=name) for name in figures(runtime.ROOT)
}
"""The pages, each with what makes it from the root."""
