"""Draws views with matplotlib: the posters that stand in the page before Python runs, and pictures to keep."""

from __future__ import annotations

from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.patheffects as effects
import numpy as np
from matplotlib import font_manager
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from scene.arrows import shafts_and_heads
from scene.colours import THEMES, class_colours, heat_colours
from scene.marks import Arrows, Handles, Heat, Labels, Lines, Points, Regions, Surface, View
from scene.placement import Placement
from scene.relief import Relief, painted

POINTS_A_PIXEL = 0.72
"""A CSS pixel in points when a figure is laid out at 100 CSS pixels an inch."""
UI, TEXT = ["Instrument Sans", "DejaVu Sans"], ["Source Serif 4", "DejaVu Serif"]
TICK_SIZE = 11


def add_font(path: str) -> None:
    """Make a font file known to matplotlib."""
    font_manager.fontManager.addfont(path)


def draw(view: View, width: float, height: float, theme: str) -> Figure:
    """Return a matplotlib figure of the view, `width` x `height` CSS pixels at 100 dots an inch."""
    colours = THEMES[theme]
    figure = Figure(figsize=(width / 100, height / 100), dpi=100, facecolor=colours[view.ground])
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    place = Placement(view, width, height)
    _axes(axes, view, place, colours)
    for order, mark in enumerate(view.marks, start=2):
        DRAW[type(mark)](axes, mark, place, colours, theme, order)
    return figure


def _axes(axes: Any, view: View, place: Placement, colours: Any) -> None:
    left, _, right, bottom = place.box
    text = {"color": colours["soft"], "fontsize": TICK_SIZE * POINTS_A_PIXEL, "family": UI}
    for value, label in view.y.ticks:
        y = place.y(value)
        axes.plot([left, right], [y, y], color=colours["rule"], linewidth=POINTS_A_PIXEL, zorder=1)
        axes.text(left - 7, y, label, ha="right", va="center", **text)
    for value, label in view.x.ticks:
        axes.text(place.x(value), bottom + 7, label, ha="center", va="top", **text)


def _surface(axes: Any, mark: Surface, place: Placement, _colours: Any, theme: str, order: int) -> None:
    _pixels(axes, class_colours(mark.values[::-1], theme), place, order)


def _heat(axes: Any, mark: Heat, place: Placement, _colours: Any, theme: str, order: int) -> None:
    _pixels(axes, heat_colours(mark.values[::-1], mark.low, mark.high, theme), place, order)


def _pixels(axes: Any, pixels: Any, place: Placement, order: int) -> None:
    left, top, right, bottom = place.box
    axes.imshow(pixels, extent=(left, right, bottom, top), interpolation="bilinear", aspect="auto", zorder=order)


def _lines(axes: Any, mark: Lines, place: Placement, colours: Any, _theme: str, order: int) -> None:
    width = mark.width * POINTS_A_PIXEL
    dash = (0.0, tuple(length / mark.width for length in mark.dash)) if mark.dash else "-"
    for path in mark.paths:
        xy = place(path)
        if mark.halo:
            ground = width + 3 * POINTS_A_PIXEL
            axes.plot(xy[:, 0], xy[:, 1], color=colours["panel"], linewidth=ground, zorder=order)
        axes.plot(
            xy[:, 0], xy[:, 1], color=colours[mark.colour], linewidth=width, linestyle=dash, zorder=order,
            solid_capstyle="round",
        )  # fmt: skip


def _regions(axes: Any, mark: Regions, place: Placement, colours: Any, _theme: str, order: int) -> None:
    for outline in mark.outlines:
        if len(outline) > 2:
            xy = place(outline)
            axes.fill(xy[:, 0], xy[:, 1], color=colours[mark.colour], alpha=mark.opacity, linewidth=0, zorder=order)


def _arrows(axes: Any, mark: Arrows, place: Placement, colours: Any, _theme: str, order: int) -> None:
    shafts, heads = shafts_and_heads(place(mark.tails), place(mark.tips), mark.head)
    for shaft, head in zip(shafts, heads, strict=True):
        axes.plot(*shaft.T, color=colours[mark.colour], linewidth=mark.width * POINTS_A_PIXEL, zorder=order)
        axes.fill(*head.T, color=colours[mark.colour], linewidth=0, zorder=order)


def _handles(axes: Any, mark: Handles, place: Placement, colours: Any, theme: str, order: int) -> None:
    _points(axes, Points(mark.at, mark.colour, "disc", mark.radius, "panel", 2.5), place, colours, theme, order)
    _points(axes, Points(mark.at, "panel", "disc", 2.5, mark.colour, 0.5), place, colours, theme, order)


def _points(axes: Any, mark: Points, place: Placement, colours: Any, _theme: str, order: int) -> None:
    xy = place(mark.at)
    axes.scatter(
        xy[:, 0], xy[:, 1], s=(2 * mark.radius * POINTS_A_PIXEL) ** 2, c=colours[mark.colour],
        marker="o" if mark.shape == "disc" else "s", edgecolors=colours[mark.stroke],
        linewidths=mark.stroke_width * POINTS_A_PIXEL, zorder=order,
    )  # fmt: skip


def _labels(axes: Any, mark: Labels, place: Placement, colours: Any, _theme: str, order: int) -> None:
    halo = [effects.withStroke(linewidth=3.5 * POINTS_A_PIXEL, foreground=colours["panel"])]
    for (x, y), text in zip(place(mark.at) + np.array(mark.offset), mark.texts, strict=True):
        axes.text(
            x, y, text, color=colours[mark.colour], fontsize=mark.size * POINTS_A_PIXEL, ha=mark.align,
            va="center_baseline" if not mark.italic else "center", zorder=order + 20, path_effects=halo,
            family=TEXT if mark.italic else UI, style="italic" if mark.italic else "normal",
            weight="normal" if mark.italic else "semibold",
        )  # fmt: skip


def _relief(axes: Any, mark: Relief, place: Placement, colours: Any, theme: str, order: int) -> None:
    for part in mark.under():
        DRAW[type(part)](axes, part, place, colours, theme, order)
    quads = painted(mark)
    corners = place(quads.corners.reshape(-1, 2)).reshape(-1, 4, 2)
    fills = quads.colours(theme) / 255.0
    axes.add_collection(PolyCollection(corners, facecolors=fills, edgecolors=fills, linewidths=0.4, zorder=order))
    for part in (mark.contours_seen(theme), *mark.over(theme)):
        DRAW[type(part)](axes, part, place, colours, theme, order)


DRAW = {
    Surface: _surface,
    Heat: _heat,
    Regions: _regions,
    Lines: _lines,
    Arrows: _arrows,
    Points: _points,
    Handles: _handles,
    Relief: _relief,
    Labels: _labels,
}
