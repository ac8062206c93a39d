"""Writes each figure's HTML into index.html, between its marks, from what the figure's module declares.

What shows the figures on other pages (embed.html, gallery.html, assets/embed.js) is told of them too. `python -m
tools.markup` rewrites all four; a test fails when one is not what this writes.
"""

from __future__ import annotations

import html
import inspect
import io
import json
import keyword
import re
import sys
import tokenize
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "py"))

from figures import FIGURES  # noqa: E402
from figures.controls import Button, Choice, Range, Several, Text, Toggle, field  # noqa: E402
from scene.ticks import number  # noqa: E402
from tools import embeds  # noqa: E402

PAGE = ROOT / "index.html"
POSTER_WIDTH = 400
"""How wide assets/embed.js shows its posters."""
TABLE, END_OF_TABLE = "    // figures\n", "    // /figures\n"
"""Between these lines of it stand the figures."""
FILLED_BY_HAND = ' form="settings"'
"""What boxes and lists have: the form of their page, which has too many for browsers to look for what to fill in."""


def control_html(figure: Any, control: Any) -> str:
    """Return one control: a slider, a box, a list, taps, or a button, with its label."""
    state = figure.start()
    ident = f"{figure.NAME}-{control.name}"
    label = html.escape(control.label)
    if isinstance(control, Button):
        return f'<button type="button" class="control" name="{control.name}">{label}</button>'
    value = getattr(state, field(control.name))
    if isinstance(control, Toggle):
        words = control.pressed if value else control.label
        return (
            f'<button type="button" class="main control" name="{control.name}" aria-pressed="{str(value).lower()}" '
            f'data-off="{label}" data-on="{control.pressed}">{words}</button>'
        )
    if isinstance(control, Choice):
        if control.tapped:
            taps = "".join(
                f'<label><input type="radio" name="{control.name}" value="{option}"'
                f"{' checked' if option == value else ''}><span>{words}</span></label>"
                for option, words in control.options
            )
            # A form keeps the taps apart from other figures' of the same name; this method sends nothing.
            # A paragraph, not a legend: those stand above what they tell of in some browsers and beside it in others.
            asked = f'<p id="{ident}">{label}</p>'
            inside = f'<div class="guess control" role="radiogroup" aria-labelledby="{ident}">{asked}{taps}</div>'
            return f'<form method="dialog">{inside}</form>'
        options = "".join(
            f'<option value="{option}"{" selected" if option == value else ""}>{words}</option>'
            for option, words in control.options
        )
        return (
            f'<div class="control"><label for="{ident}">{label}</label>'
            f'<select{FILLED_BY_HAND} id="{ident}" name="{control.name}">{options}</select></div>'
        )
    if isinstance(control, Several):
        ticks = "".join(
            f'<label><input type="checkbox" name="{control.name}" value="{option}"'
            f"{' checked' if option in value.split(',') else ''}>{_curve_html(*look)}<span>{words}</span></label>"
            for (option, words), look in zip(control.options, control.looks, strict=True)
        )
        return f'<fieldset class="legend wide control"><legend>{label}</legend>{ticks}</fieldset>'
    if isinstance(control, Text):
        return f'<div class="wide control"><label for="{ident}">{label}</label>{_box_html(control, ident, value)}</div>'
    assert isinstance(control, Range)
    high = figure.limits(state).get(control.name, control.high) if hasattr(figure, "limits") else control.high
    limits = f'min="{control.low:g}" max="{high:g}" step="{control.step:g}" value="{control.write(value)}"'
    if control.typed:
        # The keys a phone offers: of its short keyboards none has a minus sign.
        keys = "" if control.low < 0 else f' inputmode="{"numeric" if control.whole else "decimal"}"'
        return (
            f'<div class="control"><label for="{ident}">{label}</label>'
            f'<input type="number"{FILLED_BY_HAND}{keys} id="{ident}" name="{control.name}" {limits}></div>'
        )
    shown = control.write(value)
    return (
        f'<div class="control"><label for="{ident}">{label}</label><output for="{ident}">{shown}</output>'
        f'<input type="range" id="{ident}" name="{control.name}" {limits}></div>'
    )


def _curve_html(colour: str, dash: tuple[float, ...]) -> str:
    """Return a short piece of a curve, as its picture draws it."""
    style = f"stroke: var(--{colour}); stroke-dasharray: {' '.join(f'{length:g}' for length in dash) or 'none'}"
    return f'<svg viewBox="0 0 30 8" aria-hidden="true"><path d="M1 4H29" style="{style}"/></svg>'


def _box_html(control: Text, ident: str, value: str) -> str:
    """Return the box that a text is typed in; the browser is to leave alone what is typed."""
    rest = (
        f'{FILLED_BY_HAND} id="{ident}" name="{control.name}" maxlength="{control.most}" '
        f'placeholder="{html.escape(control.hint)}" autocomplete="off" autocapitalize="off" spellcheck="false"'
    )
    if control.rows > 1:
        return f'<textarea rows="{control.rows}"{rest}>{html.escape(value)}</textarea>{_file_html(control)}'
    return f'<input type="text"{rest} value="{html.escape(value)}">'


def _file_html(control: Text) -> str:
    """Return the button that opens a file into a text's box, where it takes files."""
    if not control.files:
        return ""
    opener = f'<input type="file" accept="{control.files}" data-for="{control.name}">'
    return f'<label class="file">Open a file{opener}</label>'


def code_html(figure: Any) -> str:
    """Return the source of the figure's functions without docstrings, a span a line, words of the language marked.

    Of these, a figure that has `code(state)` shows the ones that it names.
    """
    parts = []
    for function in figure.CODE:
        module = inspect.getsourcefile(function) or ""
        name = Path(module).relative_to(ROOT / "py").as_posix()
        used = not hasattr(figure, "code") or function.__name__ in figure.code(figure.start())
        parts.append(
            f'<div data-code="{function.__name__}"{"" if used else " hidden"}><h5>{name}</h5>'
            f"<pre><code>{_lines(function)}</code></pre></div>"
        )
    return "".join(parts)


def _lines(function: Callable[..., Any]) -> str:
    source, first = inspect.getsourcelines(function)
    marked = [""] * len(source)
    doc = _docstring_lines(source)
    end = (1, 0)
    for token in tokenize.generate_tokens(io.StringIO("".join(source)).readline):
        row, column = token.start
        if row > len(source) or token.type in (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT):
            continue
        if token.type == tokenize.ENDMARKER or row in doc:
            continue
        gap = source[row - 1][end[1] if end[0] == row else 0 : column]
        text = html.escape(token.string, quote=False)
        if token.type == tokenize.NAME and keyword.iskeyword(token.string):
            text = f"<b>{text}</b>"
        elif token.type in (tokenize.STRING, tokenize.NUMBER):
            text = f"<i>{text}</i>"
        elif token.type == tokenize.COMMENT:
            text = f"<em>{text}</em>"
        marked[row - 1] += gap + text
        end = token.end
    rows = [(first + i, line) for i, line in enumerate(marked) if i + 1 not in doc]
    name = function.__name__
    return "".join(f'<span class="line" data-line="{name}:{at}">{line or " "}\n</span>' for at, line in rows)


def _docstring_lines(source: list[str]) -> range:
    """The rows, counted from 1, that the docstring takes."""
    for token in tokenize.generate_tokens(io.StringIO("".join(source)).readline):
        if token.type == tokenize.STRING and token.line.strip().startswith(('"""', 'r"""')):
            return range(token.start[0], token.end[0] + 1)
    return range(0)


def readout_html(figure: Any, name: str) -> str:
    """Return a readout with the value it has when the figure opens."""
    text, value = figure.readouts(figure.start())[name]
    return f'<output name="{name}" data-value="{html.escape(value)}">{html.escape(text)}</output>'


def view_html(figure: Any, name: str, title: str, alt: str, outputs: tuple[str, ...] = ()) -> str:
    """Return one picture: its title with readouts, the poster, and the canvas that will stand in its place."""
    width, height = figure.SIZES[name]
    address = f"./assets/posters/{figure.NAME}-{name}"
    shown = " ".join(readout_html(figure, output) for output in outputs)
    relief = name in getattr(figure, "RELIEFS", ())
    below = f'<canvas data-relief="{name}" aria-hidden="true"></canvas>' if relief else ""
    pointed = " data-pointed" if name in getattr(figure, "POINTED", ()) else ""
    return (
        f'<section class="panel" data-panel="{name}"><h4>{title} <span>{shown}</span></h4>'
        f'<div class="picture" style="--ratio: {width} / {height}">'
        f'<picture class="poster"><source media="(prefers-color-scheme: dark)" srcset="{address}-dark.webp">'
        f'<img src="{address}-light.webp" width="{width}" height="{height}" loading="lazy" '
        f'alt="{html.escape(alt)}"></picture>'
        f'{below}<canvas data-view="{name}" aria-hidden="true"{pointed}></canvas></div></section>'
    )


def code_panel_html(figure: Any) -> str:
    """Return the code that stands beside the pictures, where the figure has code."""
    if not hasattr(figure, "CODE"):
        return ""
    readouts = "".join(readout_html(figure, name) for name in figure.CODE_READOUTS)
    return (
        f'<details class="panel code" open><summary>{figure.CODE_TITLE} <span>{readouts}</span></summary>'
        f"{code_html(figure)}</details>"
    )


def figure_html(figure: Any) -> str:
    """Return the whole figure as it stands in the page before any Python runs there."""
    controls = {control.name: control for control in figure.CONTROLS}

    def put(name: str) -> str:
        return control_html(figure, controls[name])

    def row(names: tuple[str, ...]) -> str:
        return f'<div class="group">{"".join(map(put, names))}</div>'

    start = figure.start()
    solved = "solved" in figure.readouts(start)
    badge = readout_html(figure, "solved").replace("<output", '<output class="badge"', 1) if solved else ""
    # As many pictures as there are, or laid out as if there were: three stand above the controls, not beside them.
    panels = figure.LAYOUT.get("panels", len(figure.VIEWS))
    look = "" if hasattr(figure, "CODE") else f' data-panels="{panels}"'
    parts = [
        f'<figure class="unfold" id="{figure.NAME}" data-state="poster"{look} '
        f'aria-labelledby="{figure.NAME}-question">',
        f'<header><h3 id="{figure.NAME}-question">{figure.QUESTION}</h3><p class="hint">{figure.HINT}</p>'
        f'{badge}<progress class="download" max="1" aria-label="Python is being fetched"></progress></header>',
        "".join(put(name) for name in figure.LAYOUT.get("guess", ())),
        '<div class="stage">',
        *(view_html(figure, *view) for view in figure.VIEWS),
        "</div>",
        f'<p class="said" role="status">{html.escape(figure.describe(start), quote=False)}</p>',
        '<p class="alert" role="alert"></p>',
        # Nobody can use them before there is a script to note what is done; a browser that looks through a page's forms
        # for what it could fill in passes by what is inert.
        embeds.INERT,
        *map(row, figure.LAYOUT.get("groups", ())),
        *(put(name) for name in figure.LAYOUT["controls"]),
        *map(row, figure.LAYOUT.get("boxes", ())),
        more_html(figure, put),
        "</div>",
        f'<div class="formula" tabindex="0" role="group" aria-label="The formula with its present numbers">'
        f"{unreached(figure.formula(start))}</div>",
        code_panel_html(figure),
        f"<figcaption><p>{figure.CAPTION}</p>"
        '<div class="tools"><span class="note" role="status"></span><button type="button" name="reset">Reset</button>'
        '<button type="button" name="share">Share</button>'
        '<button type="button" name="embed">Copy embed code</button></div></figcaption>',
        "</figure>",
    ]
    return "\n".join(part for part in parts if part)


def unreached(formula: str) -> str:
    """Return a formula whose terms the keyboard passes by: they light nothing before Python runs.

    That also keeps the page to what validators know of MathML: its core has the attribute, their schemas do not yet.
    """
    return formula.replace(' tabindex="0"', "")


def more_html(figure: Any, put: Callable[[str], str]) -> str:
    """Return the controls that stay folded away until they are asked for, if the figure has any."""
    title, names = figure.LAYOUT.get("more", ("", ()))
    inside = "".join(put(name) for name in names)
    return f'<details class="more wide"><summary>{title}</summary><div>{inside}</div></details>' if names else ""


def page_html(page: str) -> str:
    """Return the page with every figure's part written anew."""
    for name, figure in FIGURES.items():
        pattern = re.compile(rf"(<!-- figure:{name} -->\n).*?(<!-- /figure:{name} -->)", re.DOTALL)
        page, found = pattern.subn(lambda m, f=figure: m[1] + figure_html(f) + "\n" + m[2], page)
        if found != 1:
            raise SystemExit(f"index.html has {found} places for the figure {name}; one is needed")
    return page


def names_html(page: str) -> str:
    """Return embed.html with a link to each figure's own page."""
    links = (f'<a href="./{embeds.place(name)}">{name}</a>' for name in FIGURES)
    return embeds.between(page, "names", ", ".join(links))


def gallery_html(page: str) -> str:
    """Return the gallery with every figure."""
    rows = []
    for name, figure in FIGURES.items():
        link = f'<a href="./{embeds.place(name)}">{html.escape(figure.QUESTION, quote=False)}</a>'
        rows.append(f'<unfold-figure name="{name}"></unfold-figure>\n<noscript><p>{link}</p></noscript>\n')
    return embeds.between(page, "figures", "".join(rows))


def table_js(script: str) -> str:
    """Return assets/embed.js with each figure's question and the height of its poster."""
    rows = []
    for name, figure in FIGURES.items():
        width, height = next(iter(figure.SIZES.values()))
        question = json.dumps(figure.QUESTION, ensure_ascii=False)
        rows.append(f"    {json.dumps(name)}: [{question}, {round(POSTER_WIDTH * height / width)}],\n")
    before, _, rest = script.partition(TABLE)
    return f"{before}{TABLE}{''.join(rows)}{END_OF_TABLE}{rest.partition(END_OF_TABLE)[2]}"


WRITTEN: dict[Path, Callable[[str], str]] = {
    PAGE: page_html,
    ROOT / embeds.TEMPLATE: names_html,
    ROOT / "gallery.html": gallery_html,
    ROOT / "assets" / "embed.js": table_js,
}
"""The files, each with what writes it anew."""


if __name__ == "__main__":
    for path, write in WRITTEN.items():
        path.write_text(write(path.read_text("utf-8")), "utf-8")
    print(f"{PAGE.name}: {len(FIGURES)} figure(s) written, {number(PAGE.stat().st_size / 1000, 1)} kB")
