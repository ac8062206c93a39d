"""Points that the reader paints, erases, writes or opens: the controls, their part of a State, and what they do.

A figure's State derives from `Painting`; its points are `state.samples`. They may be those on either side of the graph
of the reader's own formula, so it has FORMULA of `figures.own_formula` among its controls.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from figures.controls import Button, Choice, Control, Range, Text, Toggle
from figures.own_formula import EXAMPLE, Typed
from figures.samples import GRAPH, Painted, Samples, is_ring, painted, parting_paths, read, samples, with_point, written
from scene.marks import Array
from scene.ticks import number

S = TypeVar("S", bound=Any)
DATA = Choice(
    "data",
    "Points",
    (
        ("circles", f"circles"),
        ("moons", f"moons"),
        ("spirals", f"spirals"),
        ("blobs", f"blobs"),
        ("line", "above a line"),
        ("parabola", "above a parabola"),
        ("sine", "above a sine"),
        (GRAPH, "above your formula"),
        ("own", "your own"),
    ),
)
SHOWN = {"line": "0.5 x", "parabola": "1.2 x² − 0.6", "sine": "0.6 sin 3x"}
"""The functions of `unfold.datasets.GRAPHS` as they are read."""
PENS = (("0", f"blue"), ("1", f"orange"), ("erase", f"erasing"))
CONTROLS: tuple[Control, ...] = (
    DATA,
    Range("noise", "Noise", 0.0, 0.3, 0.01),
    Toggle("paint", "Paint", "Stop painting"),
    Choice("pen", "Pen", PENS),
    Range("x", "Cursor, across", -1.5, 1.5, 0.05),
    Range("y", "Cursor, up", -1.5, 1.5, 0.05),
    Button("put", "Use the pen at the cursor"),
    Button("undo", "Undo"),
    Button("clear", "Erase all"),
    Text("csv", "Points as text, a row each: x, y, label", read, 20_000, 4, files=".csv,.tsv,.txt,text/*"),
)
MORE = ("Paint or paste your own points", ("paint", "pen", "x", "y", "put", "undo", "clear", "csv"))
"""The controls that stay folded away, for a figure's LAYOUT."""
MOST_POINTS, MOST_UNDONE = 2000, 50


@dataclass(frozen=True)
class Painting(Typed):
    """The part of a State that says which points there are."""

    data: str = "circles"
    noise: float = 0.05
    paint: bool = False
    pen: str = "0"
    x: float = 0.0
    y: float = 0.0
    csv: str = ""
    own: Painted = ()
    past: tuple[Painted, ...] = ()
    """The reader's points before each change of them."""

    @property
    def samples(self) -> Samples:
        """The points."""
        return samples(self.data, self.noise, self.own, self.graph)

    @property
    def graph(self) -> str:
        """The formula whose graph parts the points: nothing where they are others."""
        return self.typed if self.data == GRAPH else ""

    @property
    def parting(self) -> tuple[Array, ...]:
        """The graph that parts the points, (n, 2) a piece: nothing where they are others."""
        return parting_paths(self.data, self.graph)

    @property
    def is_ring(self) -> bool:
        """Whether it is proved that two neurons of `unfold.rings.BENDING` cannot part the points."""
        return is_ring(self.data, self.noise, self.own, self.graph)


def _with(state: S, own: Painted) -> S:
    """Return the state with other points of the reader's, also as text, and the way back to those before."""
    now = painted(state.samples)
    if own == now and state.data == "own":
        return state
    past = (*state.past, now)[-MOST_UNDONE:]
    return replace(state, data="own", own=own[:MOST_POINTS], past=past, csv=written(own[:MOST_POINTS]))


def painting_changed(state: S, before: S) -> S:
    """Return the state after a control was set: a text is read, and where the cursor moves there is painting."""
    if state.csv != before.csv:
        past = (*state.past, painted(before.samples))[-MOST_UNDONE:]
        return replace(state, data="own", own=read(state.csv)[:MOST_POINTS], past=past)
    return replace(state, paint=True) if (state.x, state.y) != (before.x, before.y) else state


def painting_pressed(state: S, button: str) -> S:
    """Return the state after a press of `put`, `undo` or `clear`."""
    if button == "put":
        return painted_at(replace(state, paint=True), state.x, state.y)
    if button == "clear":
        return _with(state, ())
    if not state.past:
        return state
    own = state.past[-1]
    return replace(state, data="own", own=own, past=state.past[:-1], csv=written(own))


def painted_at(state: S, x: float, y: float) -> S:
    """Return the state after the pen was used at a place: the points there were become the reader's own."""
    if not state.paint:
        return state
    return _with(state, with_point(painted(state.samples), x, y, state.pen))


def cursor_dragged(state: S, handle: str, x: float, y: float) -> S:
    """Return the state with the `cursor` at the nearest place that its controls can hold."""
    x, y = (round(round(min(max(v, -1.5), 1.5) / 0.05) * 0.05, 2) + 0.0 for v in (x, y))
    return replace(state, x=x, y=y, paint=True)


def none_told(state: Painting) -> str:
    """Return in words how there come to be points where there are none."""
    if state.data == GRAPH:
        return "No points. Type another formula, or choose other points."
    return "No points yet: press on the plane while painting, or use the pen at the cursor."


def _parting_told(state: Painting) -> str:
    """Return in words which graph the points were drawn on either side of, if they were, and why there are none."""
    if state.data not in (GRAPH, *SHOWN):
        return ""
    shown = SHOWN.get(state.data, f"your formula, {state.graph}")
    if state.data == GRAPH and not state.formula.strip():
        shown = f"the example, {EXAMPLE}, until you type a formula"
    if not len(state.samples.X):
        where = "in the square from −1.2 to 1.2, which the points would fill"
        return f" The graph of {shown}, leaves no room on one side of it, or has gaps, {where}."
    moved = "; then the noise moved them" if state.noise > 0.0 else ""
    return f" Orange points were drawn above the graph of {shown}, and blue ones below it{moved}."


def told(state: Painting) -> str:
    """Return in words what parts the points, and while there is painting where the pen is and how many there are."""
    parting = _parting_told(state)
    if not state.paint:
        return parting
    pen = dict(PENS)[state.pen]
    return f"{parting} The {pen} pen is at ({number(state.x)}, {number(state.y)}); {state.samples.counted}."
