"""No label of a picture covers another or is cut off, in every size the page gives the picture and in many states.

Letters are measured in the page's own fonts, as the canvas sets them.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from figures import FIGURES
from figures.controls import Choice, Range, Toggle, field, settings
from scene.marks import Labels
from scene.placement import Placement

# It reads the fonts of the checkout with fontTools; Pyodide has neither.
pytestmark = pytest.mark.native_only

FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
TICK_SIZE = 11.0
PAGES = (320, 768, 1440)
WIDTHS = {1: (288, 334, 427), 2: (288, 334, 287)}
"""How wide a picture is, in pixels, on PAGES of these widths, by how many stand beside the controls."""
ABOVE = {2: (288, 334, 506), 3: (288, 212, 326)}
"""The same where the pictures stand above the controls, by how many there are."""
RELIEFS = (139, 212, 326)
"""The same of three surfaces, which stand two a row on a phone."""
HEIGHT = 340
"""How high the pictures of figures are that are wide."""
TRAINING = {
    "surface": ((137, 137), (335, 335), (271, 271)),
    "hidden": ((137, 137), (335, 335), (270, 270)),
    "loss": ((288, 120), (335, 160), (271, 150)),
    "network": ((288, 162), (335, 160), (270, 149)),
}
"""How wide and high the pictures of `training` are on those pages: the style sheet gives them shapes of their own."""
OVERLAP = 1.0
"""Pixels that two boxes may share: letters do not fill theirs."""


@cache
def font(name, weight):
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    face = instantiateVariableFont(TTFont(FONTS / f"{name}.woff2"), {"wght": weight})
    return face.getBestCmap(), face["hmtx"].metrics, face["head"].unitsPerEm


def width(text, size, italic=False):
    cmap, metrics, unit = font("serif-italic", 500) if italic else font("sans", 600)
    return size * sum(metrics[cmap[ord(c)]][0] / unit if ord(c) in cmap else 0.6 for c in text)


def box(text, size, x, y, align, italic=False):
    """The letters' box: left, top, right, bottom; a capital is about 0.72 of the size high."""
    wide = width(text, size, italic)
    left = x - wide * {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    return left, y - 0.36 * size, left + wide, y + 0.36 * size


def boxes(view, wide, high):
    place = Placement(view, wide, high)
    left, _, _, bottom = place.box
    for value, text in view.y.ticks:
        yield text, box(text, TICK_SIZE, left - 7.0, place.y(value), "right")
    for value, text in view.x.ticks:
        yield text, box(text, TICK_SIZE, place.x(value), bottom + 7.0 + 0.5 * TICK_SIZE, "center")
    for mark in view.marks:
        if isinstance(mark, Labels) and wide >= mark.least:
            for (x, y), text in zip(place(mark.at) + np.array(mark.offset), mark.texts, strict=True):
                if text.strip():
                    yield text, box(text, mark.size, x, y, mark.align, mark.italic)


def states(figure):
    """The state it opens in, and those one or two settings away from it."""
    start = figure.start()
    single = []
    for name, control in settings(figure.CONTROLS).items():
        if isinstance(control, Choice):
            values = [value for value, _ in control.options]
        elif isinstance(control, Range):
            values = [control.low, control.parse(control.write((control.low + control.high) / 2)), control.high]
        else:
            values = [True, False] if isinstance(control, Toggle) else []
        single.append([(field(name), value) for value in values])
    yield "as it opens", start
    for changes in itertools.chain(([one] for values in single for one in values), pairs(single)):
        state = replace(start, **dict(changes))
        if hasattr(figure, "changed"):
            state = figure.changed(state, start)
        yield ", ".join(f"{name}={value}" for name, value in changes), state


def pairs(single):
    rng = np.random.default_rng(0)
    every = [pair for a, b in itertools.combinations(single, 2) for pair in itertools.product(a, b)]
    return [every[k] for k in rng.permutation(len(every))[:60]]


def sizes(figure, name):
    """How wide and high a picture of the figure is, in pixels, on each page."""
    if figure.NAME == "training":
        return TRAINING[name]
    panels, shape = figure.LAYOUT.get("panels", len(figure.VIEWS)), figure.SIZES[name][1] / figure.SIZES[name][0]
    widths = WIDTHS[panels] if panels in WIDTHS else ABOVE[len(figure.VIEWS)]
    if len(getattr(figure, "RELIEFS", ())) == 3:
        widths = RELIEFS
    return [(wide, HEIGHT if panels == "wide" else wide * shape) for wide in widths]


def problems(figure):
    for told, state in states(figure):
        for name, view in figure.scene(state).items():
            for wide, high in sizes(figure, name):
                found = list(boxes(view, wide, high))
                for text, (left, top, right, bottom) in found:
                    if left < -1 or top < -1 or right > wide + 1 or bottom > high + 1:
                        yield f"{name} {wide}: {text!r} is cut off ({told})"
                for (one, a), (other, b) in itertools.combinations(found, 2):
                    across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
                    if across > OVERLAP and down > OVERLAP:
                        yield f"{name} {wide}: {one!r} covers {other!r} ({told})"


@pytest.mark.parametrize("name", FIGURES)
def test_no_label_covers_another_or_is_cut_off(name):
    found = list(problems(FIGURES[name]))
    assert not found, f"{len(found)} in all:\n" + "\n".join(found[:12])
