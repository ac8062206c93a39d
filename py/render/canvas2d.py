"""Draws views on canvases in the worker, with the Canvas 2D API.

A canvas is asked for its context once and keeps it (a second request fails in Firefox). Arrays cross to
JavaScript whole: one call a mark, never one a point.
"""

from __future__ import annotations

import js
import numpy as np
from polyscript import js_modules
from pyodide.ffi import to_js

from render.webgl import ReliefCanvas
from scene.arrows import shafts_and_heads
from scene.colours import THEMES, class_colours, heat_colours
from scene.marks import Arrows, Handles, Heat, Labels, Lines, Points, Regions, Surface
from scene.placement import Placement
from scene.relief import Relief, painted

paths = js_modules.paths  # paths.mjs, beside this
FAMILIES = {"ui": "system-ui, sans-serif", "text": "Georgia, serif"}
OWN = {"ui": "'Instrument Sans'", "text": "'Source Serif 4'"}
TICK_SIZE = 11
AGENT = js.navigator.userAgent
ON_GRAPHICS_PROCESSOR = not ("AppleWebKit" in AGENT and "Linux" in AGENT and "Chrom" not in AGENT)
"""Whether contexts may draw there: WebKitGTK loses count of what it keeps there for a worker, and ends the page."""


def context_of(offscreen):
    """Return a canvas's context, for which it may be asked once."""
    options = to_js({"willReadFrequently": not ON_GRAPHICS_PROCESSOR}, dict_converter=js.Object.fromEntries)
    return offscreen.getContext("2d", options)


def use_own_fonts():
    """Set text in the site's own fonts from now on: they have been loaded.

    Not before: a worker's canvas keeps what it once found for a font's name, and would never look again.
    """
    for use, family in OWN.items():
        FAMILIES[use] = f"{family}, {FAMILIES[use]}"


class Canvas:
    """One canvas of a figure: its context, its size in CSS pixels and the device's pixels for each.

    `below` is the canvas under it where the view holds a relief; `changed()` asks for the view to be drawn again.
    """

    def __init__(self, changed, offscreen, below=None):
        self.offscreen = offscreen
        self.below = ReliefCanvas(below, changed) if below else None
        self.relief = None  # what the canvas below shows
        self.context = context_of(offscreen)
        self.width = self.height = 0.0
        self.ratio = 1.0
        self.field = None

    def resize(self, width, height, ratio):
        """Take a new size in CSS pixels; the drawing is gone until the next `draw`."""
        if (width, height, ratio) == (self.width, self.height, self.ratio):
            return
        self.width, self.height, self.ratio = width, height, ratio
        self.offscreen.width = max(1, round(width * ratio))
        self.offscreen.height = max(1, round(height * ratio))

    def close(self):
        """Give the canvas' memory back: its figure is gone."""
        self.offscreen.width = self.offscreen.height = 0
        if self.below:
            self.below.close()

    def draw(self, view, theme):
        """Draw the whole view in the colours of the theme, light or dark."""
        if self.width < 1 or self.height < 1:
            return
        colours = THEMES[theme]
        context = self.context
        place = Placement(view, self.width, self.height)
        self.relief = self._drawn_below(view, place, theme)
        context.setTransform(self.ratio, 0, 0, self.ratio, 0, 0)
        if self.relief:
            context.clearRect(0, 0, self.width, self.height)
        else:
            context.fillStyle = colours[view.ground]
            context.fillRect(0, 0, self.width, self.height)
        self._axes(view, place, colours)
        for mark in view.marks:
            DRAW[type(mark)](self, mark, place, colours, theme)

    def _drawn_below(self, view, place, theme):
        """Have the canvas below draw the view's relief; return it, or None where that is for this canvas to do."""
        relief = next((mark for mark in view.marks if isinstance(mark, Relief)), None)
        size = (self.width, self.height, self.ratio)
        drawn = relief and self.below and self.below.draw(relief, place, size, theme, view.ground)
        return relief if drawn else None

    def _axes(self, view, place, colours):
        context = self.context
        if not (view.x.ticks or view.y.ticks):
            return
        left, _, right, bottom = place.box
        context.strokeStyle = colours["rule"]
        context.lineWidth = 1
        heights = [place.y(value) for value, _ in view.y.ticks]
        xy = np.array([[[left, y], [right, y]] for y in heights], float).ravel()
        context.stroke(paths.lines(to_js(xy), to_js(np.full(len(heights), 2, np.int32))))
        context.fillStyle = colours["soft"]
        context.font = f"{TICK_SIZE}px {FAMILIES['ui']}"
        context.textAlign, context.textBaseline = "right", "middle"
        for y, (_, text) in zip(heights, view.y.ticks, strict=True):
            context.fillText(text, left - 7, y)
        context.textAlign, context.textBaseline = "center", "top"
        for value, text in view.x.ticks:
            context.fillText(text, place.x(value), bottom + 7)

    def _surface(self, mark: Surface, place, _colours, theme):
        self._pixels(class_colours(mark.values[::-1], theme), place)

    def _heat(self, mark: Heat, place, _colours, theme):
        self._pixels(heat_colours(mark.values[::-1], mark.low, mark.high, theme), place)

    def _pixels(self, colours, place):
        rows, columns, _ = colours.shape
        if self.field is None or self.field[0] != (rows, columns):
            pixels = js.Uint8ClampedArray.new(rows * columns * 4)
            small = js.OffscreenCanvas.new(columns, rows)
            self.field = (
                (rows, columns),
                pixels,
                js.ImageData.new(pixels, columns, rows),
                small,
                context_of(small),
            )
        _, pixels, image, small, small_context = self.field
        pixels.assign(np.ascontiguousarray(colours).ravel())
        small_context.putImageData(image, 0, 0)
        self.context.imageSmoothingEnabled = True
        self.context.imageSmoothingQuality = "high"
        left, top, right, bottom = place.box
        self.context.drawImage(small, left, top, right - left, bottom - top)

    def _lines(self, mark: Lines, place, colours, _theme):
        if not len(mark.paths):
            return
        context = self.context
        xy = place(np.concatenate(mark.paths)).ravel()
        path = paths.lines(to_js(xy), to_js(np.array([len(part) for part in mark.paths], np.int32)))
        context.lineJoin = context.lineCap = "round"
        if mark.halo:
            context.strokeStyle, context.lineWidth = colours["panel"], mark.width + 3
            context.stroke(path)
        context.strokeStyle, context.lineWidth = colours[mark.colour], mark.width
        if mark.dash:
            context.lineCap = "butt"
            context.setLineDash(to_js(mark.dash))
            context.stroke(path)
            context.setLineDash(to_js(()))
        else:
            context.stroke(path)

    def _regions(self, mark: Regions, place, colours, _theme):
        outlines = [outline for outline in mark.outlines if len(outline) > 2]
        if not outlines:
            return
        self.context.globalAlpha = mark.opacity
        self._fill([place(outline) for outline in outlines], colours[mark.colour])
        self.context.globalAlpha = 1

    def _fill(self, outlines, colour):
        xy = np.concatenate(outlines).ravel()
        self.context.fillStyle = colour
        self.context.fill(paths.lines(to_js(xy), to_js(np.array([len(outline) for outline in outlines], np.int32))))

    def _arrows(self, mark: Arrows, place, colours, _theme):
        shafts, heads = shafts_and_heads(place(mark.tails), place(mark.tips), mark.head)
        if not len(shafts):
            return
        context = self.context
        context.strokeStyle, context.lineWidth, context.lineCap = colours[mark.colour], mark.width, "round"
        context.stroke(paths.lines(to_js(shafts.ravel()), to_js(np.full(len(shafts), 2, np.int32))))
        self._fill(list(heads), colours[mark.colour])

    def _relief(self, mark: Relief, place, colours, theme):
        parts = mark.over(theme)
        if mark is not self.relief:
            for part in mark.under():
                DRAW[type(part)](self, part, place, colours, theme)
            quads = painted(mark)
            xy = place(quads.corners.reshape(-1, 2)).ravel()
            paths.quads(self.context, to_js(xy), to_js(quads.colours(theme).ravel()))
            parts = (mark.contours_seen(theme), *parts)
        for part in parts:
            DRAW[type(part)](self, part, place, colours, theme)

    def _handles(self, mark: Handles, place, colours, theme):
        self._points(Points(mark.at, mark.colour, "disc", mark.radius, "panel", 2.5), place, colours, theme)
        self._points(Points(mark.at, "panel", "disc", 2.5, mark.colour, 0.5), place, colours, theme)

    def _points(self, mark: Points, place, colours, _theme):
        if not len(mark.at):
            return
        context = self.context
        xy = to_js(place(mark.at).ravel())
        path = paths.discs(xy, mark.radius) if mark.shape == "disc" else paths.squares(xy, mark.radius)
        context.fillStyle = colours[mark.colour]
        context.strokeStyle, context.lineWidth = colours[mark.stroke], mark.stroke_width
        context.lineJoin = "round"
        context.fill(path)
        context.stroke(path)

    def _labels(self, mark: Labels, place, colours, _theme):
        if self.width < mark.least:
            return
        context = self.context
        weight, family = ("italic 500", FAMILIES["text"]) if mark.italic else ("600", FAMILIES["ui"])
        context.font = f"{weight} {mark.size}px {family}"
        context.textAlign, context.textBaseline, context.lineJoin = mark.align, "middle", "round"
        context.fillStyle = colours[mark.colour]
        context.strokeStyle, context.lineWidth = colours["panel"], 3.5
        paths.texts(context, to_js((place(mark.at) + np.array(mark.offset)).ravel()), to_js(mark.texts))


DRAW = {
    Surface: Canvas._surface,
    Heat: Canvas._heat,
    Regions: Canvas._regions,
    Arrows: Canvas._arrows,
    Handles: Canvas._handles,
    Relief: Canvas._relief,
    Lines: Canvas._lines,
    Points: Canvas._points,
    Labels: Canvas._labels,
}
