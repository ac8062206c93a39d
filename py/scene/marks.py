"""The marks a picture is drawn from: plain data that any renderer can draw.

Positions are in the units of the view they stand in; widths, radii and offsets are CSS pixels, so that a
line is as thick on a phone as on a screen. Colours are roles (`scene.colours`), never numbers: the
renderer looks them up for the reader's light or dark page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scene.relief import Relief  # a mark too large for this page

Array: TypeAlias = NDArray[np.float64]
Shape: TypeAlias = Literal["disc", "square"]
Align: TypeAlias = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Surface:
    """A field of answers between 0 and 1, coloured by class over the whole view.

    `values` is (rows, columns); row 0 is the lowest y, column 0 the lowest x, each at its cell's centre.
    """

    values: Array


@dataclass(frozen=True)
class Lines:
    """Polylines of one look. Each entry of `paths` is (n, 2): x, y; all may be one array, (lines, n, 2)."""

    paths: tuple[Array, ...] | Array
    colour: str
    width: float = 2.0
    dash: tuple[float, ...] = ()
    halo: bool = False


@dataclass(frozen=True)
class Points:
    """Points of one look at `at`, (n, 2). `stroke` names the colour of the ring around each."""

    at: Array
    colour: str
    shape: Shape = "disc"
    radius: float = 8.0
    stroke: str = "panel"
    stroke_width: float = 2.5


@dataclass(frozen=True)
class Labels:
    """Short texts, each at its row of `at`, (n, 2), moved by `offset` (x to the right, y down).

    In a picture less than `least` pixels wide they are left out.
    """

    at: Array
    texts: tuple[str, ...]
    colour: str = "ink"
    size: float = 12.5
    align: Align = "center"
    offset: tuple[float, float] = (0.0, 0.0)
    italic: bool = False
    least: float = 0.0


@dataclass(frozen=True)
class Heat:
    """A field of numbers, coloured from `low` (dark) to `high` (light): losses, say. `values` is as in Surface."""

    values: Array
    low: float
    high: float


@dataclass(frozen=True)
class Regions:
    """Filled areas of one colour, see-through by `opacity`. Each entry of `outlines` is a polygon's corners, (n, 2)."""

    outlines: tuple[Array, ...]
    colour: str
    opacity: float = 0.14


@dataclass(frozen=True)
class Arrows:
    """Arrows of one look from `tails`, (n, 2), to `tips`, (n, 2); `head` is the length of the head."""

    tails: Array
    tips: Array
    colour: str
    width: float = 2.5
    head: float = 10.0


@dataclass(frozen=True)
class Handles:
    """Places the reader can take hold of, at `at`, (n, 2): dragging one calls the figure's `dragged` with its name.

    What they move has controls of the same meaning, so that nothing needs a pointer.
    """

    at: Array
    names: tuple[str, ...]
    colour: str = "act"
    radius: float = 8.0


Mark: TypeAlias = "Surface | Heat | Regions | Lines | Arrows | Points | Handles | Labels | Relief"


@dataclass(frozen=True)
class Axis:
    """A span of values, low and high, with ticks (value, text) drawn where there are any."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class View:
    """One picture: its marks from back to front, over an x axis and a y axis that points up.

    `ground` is the colour behind everything; `margin` (left, top, right, bottom) keeps room for tick labels.
    """

    marks: tuple[Mark, ...]
    x: Axis
    y: Axis
    ground: str = "panel"
    margin: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


Scene: TypeAlias = dict[str, View]
