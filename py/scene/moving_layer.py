"""A layer of two neurons on its way: a dense grid and the rows of XOR carried along, in a window that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from scene.colours import HIDDEN_DASHES
from scene.finite import LOST, beyond, held
from scene.four_points import HIGH, LOW, ROW_NAMES, ROWS
from scene.labelling import CORNERS, arranged
from scene.marks import Array, Axis, Labels, Lines, Mark, Points, View
from scene.placement import Placement
from scene.plane import line_in_square
from scene.ticks import number, ticks
from unfold.datasets import gate
from unfold.separability import Separation, separable
from unfold.transforms import fate, layer, moves

EACH = 41
"""Lines of the grid each way, and corners on each of them."""
XOR = gate("xor")[1][:, 0]
SIZE = (288.0, 288.0)
"""The smallest picture, in pixels: labels that are clear of one another there are so on any larger one."""
CLOSEST = 1e-12
"""A margin as small as this cannot be told from rounding: it counts as none."""
AXIS_NAMES = np.array([[-12.0, 12.0], [13.0, 8.0]])
"""Where the middles of the axes' names stand, in pixels to the right of and below the axes' ends."""
NEAR = 0.05
"""How near to a row the pointer is on it, as a share of the window."""
_ALONG = np.linspace(LOW, HIGH, EACH)
_UNIT = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
_A, _B = (line.reshape(-1) for line in np.meshgrid(_ALONG, _ALONG, indexing="ij"))
PLACES = np.concatenate([np.column_stack([_A, _B]), np.column_stack([_B, _A]), ROWS])
"""All that moves: the corners of the lines of one A, then of those of one B, then the four rows."""
_EDGES = [int(np.argmin(np.abs(_ALONG - value))) for value in (0.0, 1.0)]
"""Which lines of each direction are those of 0 and 1."""


def even(share: float, ratio: float) -> float:
    """Return how far a window has come that changes its size to `ratio` times by equal factors, not equal steps.

    `share` is the share of the time, 0 to 1; both ends are exact.
    """
    return share if abs(ratio - 1.0) < 1e-6 else (1.0 - ratio**share) / (1.0 - ratio)


def _window(points: Array) -> Array:
    """Return the low and the high corner, (2, 2), of a square around the points, (n, 2), with a little room."""
    low, high = points.min(axis=0), points.max(axis=0)
    half = 0.61 * (high - low).max()
    return np.array([(low + high) / 2 - half, (low + high) / 2 + half])


@dataclass(frozen=True)
class MovingLayer:
    """A layer: weights A to h1, A to h2, B to h1, B to h2, then the biases of h1 and h2, and its activation."""

    numbers: tuple[float, ...]
    activation: str

    @cached_property
    def weights(self) -> Array:
        """The weights, (2, 2): a row for each input, a column for each neuron."""
        return np.reshape(self.numbers[:4], (2, 2))

    @cached_property
    def biases(self) -> Array:
        """The biases, (2,)."""
        return np.array(self.numbers[4:])

    @cached_property
    def stops(self) -> tuple[Array, ...]:
        """Where PLACES are before the layer and after each of its three moves, each (n, 2)."""
        *before, output = moves(self.weights, self.biases, self.activation, PLACES)
        return (*before, held(output))

    @cached_property
    def lost(self) -> tuple[bool, bool]:
        """Whether any of the places, and whether any of the rows, is squashed to where it cannot be shown."""
        output = moves(self.weights, self.biases, self.activation, PLACES)[3]
        return beyond(output), beyond(output[-4:])

    @cached_property
    def windows(self) -> tuple[Array, Array, Array]:
        """The windows at the start, through the shift, and at the end, each with the unit square in it."""
        inputs, product, z, output = self.stops
        return tuple(_window(np.concatenate([*some, _UNIT])) for some in ((inputs,), (product, z), (output,)))  # type: ignore[return-value]

    def at(self, time: float) -> tuple[Array, Array]:
        """Return where PLACES are at a time from 0 to 3, and the window that holds them.

        At 0, 1, 2 and 3 the places are exactly the stops. In the third move both go by equal factors, so that the
        bend has its share of the time.
        """
        first, middle, last = self.windows
        if time <= 1.0:
            points = layer(PLACES, self.weights, self.biases, self.activation, time)
            share = even(time, float(np.ptp(middle[:, 0]) / np.ptp(first[:, 0])))
            window = (1.0 - share) * first + share * middle
            low, high = np.minimum(window[0], points.min(axis=0)), np.maximum(window[1], points.max(axis=0))
            half = (high - low).max() / 2
            return points, np.array([(low + high) / 2 - half, (low + high) / 2 + half])
        if time <= 2.0:
            return layer(PLACES, self.weights, self.biases, self.activation, time), middle
        share = even(time - 2.0, float(np.ptp(last[:, 0]) / np.ptp(middle[:, 0])))
        window = (1.0 - share) * middle + share * last
        return (1.0 - share) * self.stops[2] + share * self.stops[3], window

    def rows(self, time: float) -> Array:
        """Return where the four rows are at a time, (4, 2)."""
        return self.at(time)[0][-4:]

    def told(self, time: float) -> str:
        """Return in words where the four rows are at a time."""
        rows = zip(ROW_NAMES, self.rows(time).tolist(), strict=True)
        return ", ".join(f"{name} at ({number(x)}, {number(y)})" for name, (x, y) in rows)

    def row_at(self, time: float, x: float, y: float) -> str:
        """Return the name of the row that is at a place at a time, or nothing."""
        points, window = self.at(time)
        away = np.hypot(*(points[-4:] - (x, y)).T) / np.ptp(window[:, 0])
        return ROW_NAMES[int(away.argmin())] if away.min() < NEAR else ""

    def row(self, name: str) -> tuple[Array, ...]:
        """Return where a row is before and after each move, each (2,)."""
        return tuple(stop[ROW_NAMES.index(name) - 4] for stop in self.stops)


@lru_cache(16)
def moving_layer(numbers: tuple[float, ...], activation: str) -> MovingLayer:
    """Return the layer; one that is asked for again keeps what it has worked out."""
    return MovingLayer(numbers, activation)


@lru_cache(64)
def _separation(moving: MovingLayer, stop: int) -> Separation:
    return separable(moving.stops[stop][-4:], XOR)


def parted(moving: MovingLayer, stop: int) -> Separation | None:
    """Return the widest line between the rows of XOR after `stop` of the three moves; None if none parts them.

    It is decided exactly for the numbers as they are kept; a margin up to CLOSEST counts as none.
    """
    found = _separation(moving, stop)
    return found if found.margin > CLOSEST and not (stop == 3 and moving.lost[1]) else None


def verdict(moving: MovingLayer, stop: int) -> str:
    """Return in words whether a line parts the rows after `stop` of the three moves."""
    if stop == 3 and moving.lost[1]:
        return "f has no value at a row, or one beyond a million: there is no line to judge."
    if parted(moving, stop):
        return "One line parts 01 and 10 from 00 and 11."
    # Before the squash the rows are the corners of a parallelogram: what seems to part them there is rounding.
    close = stop == 3 and _separation(moving, stop).separable
    return f"No line parts 01 and 10 from 00 and 11{' by more than 10⁻¹²' if close else ''}."


MOVED = {"never": "none of them", "1": "the product", "2": "the shift", "3": "the squash"}
"""After which move a line parts the rows, as a reader may guess it, in words."""


def guess_told(moving: MovingLayer, guess: str) -> str:
    """Return what came of a guess, one of MOVED or none, after which move a line first parts the rows of XOR."""
    first = next((str(stop) for stop in (1, 2, 3) if parted(moving, stop)), "never")
    judged = f"right" if guess == first else f"here it is {MOVED[first]}"
    return f" You guessed {MOVED[guess]}: {judged}." if guess else ""


def fate_told(moving: MovingLayer) -> str:
    """Return what the layer does to the plane, in words, and whether some of it is carried out of sight."""
    return f" {fate(moving.weights, moving.activation).sentence}{LOST if moving.lost[0] else ''}"


def layer_picture(moving: MovingLayer, time: float, row: str, term: str, line: Separation | None) -> View:
    """Return the plane at a time from 0 to 3, `row` ringed, and the line, if any, that parts the rows.

    `term` is lit: a row's name, in place of `row`, or stop-0 to stop-3 for the place that `row` has at that stop.
    """
    points, (low, high) = moving.at(time)
    grid, rows = points[:-4].reshape(2, EACH, EACH, 2), points[-4:]
    marks: list[Mark] = [Lines(grid[0], "rule", 1.5), Lines(grid[1], "soft", 0.4)]
    marks.append(Lines(grid[:, _EDGES].reshape(-1, EACH, 2), "soft", 1.75))
    marks.append(Lines((_UNIT,), "ink", 1.25, (2.0, 3.0)))
    marks += _axes(low, high, time)
    for ends, colour, dash in (([0, 3], "zero", ()), ([1, 2], "one", (6.0, 4.0))):
        marks.append(Lines((rows[ends],), colour, 2.0, dash, halo=True))
    if line is not None:
        across = line_in_square(line.w, line.b, float(low.min()), float(high.max()))
        marks += [] if across is None else [Lines((across,), "good", 3.0, halo=True)]
    if term.startswith("stop"):
        way = np.array([rows[ROW_NAMES.index(row)], moving.row(row)[int(term[-1])]])
        marks += [Lines((way,), "act", 1.5, (3.0, 3.0)), Points(way[1:], "panel", "disc", 5.0, "act", 2.5)]
    ringed = ROW_NAMES.index(term if term in ROW_NAMES else row)
    marks.append(Points(rows[[ringed]], "panel", "disc", 15.0, "act", 2.5))
    marks += [Points(rows[[0, 3]], "zero-fill", "square", 7.5), Points(rows[[1, 2]], "one-fill", "disc", 8.0)]
    x, y = (Axis(float(a), float(b), ticks(float(a), float(b), 5)) for a, b in zip(low, high, strict=True))
    view = View((), x, y, margin=(36.0, 6.0, 10.0, 26.0))
    place = Placement(view, *SIZE)
    pixels, ends = place(rows), place(np.array([[high[0], 0.0], [0.0, high[1]]])) + AXIS_NAMES
    taken = np.concatenate([pixels, ends])
    return View((*marks, *arranged(rows, ROW_NAMES, pixels, SIZE, taken, CORNERS)), x, y, margin=view.margin)


def _axes(low: Array, high: Array, time: float) -> list[Mark]:
    """Return the two axes with their names: the inputs, then the neurons' sums, at last their answers."""
    names = ("A", "B") if time <= 0.0 else ("z₁", "z₂") if time <= 2.0 else ("h₁", "h₂")
    across, up = np.array([[low[0], 0.0], [high[0], 0.0]]), np.array([[0.0, low[1]], [0.0, high[1]]])
    marks: list[Mark] = []
    for k, (axis, name) in enumerate(zip((across, up), names, strict=True)):
        colour, dash = (f"h{k + 1}", HIDDEN_DASHES[k]) if time > 0.0 else ("ink", ())
        align, offset = (("right", (-4.0, 12.0)), ("center", (13.0, 8.0)))[k]
        marks.append(Lines((axis,), colour, 1.75, dash))
        marks.append(Labels(axis[1:], (name,), colour, 14.0, align, offset, True))  # type: ignore[arg-type]
    return marks
