"""Figure `gate`: one perceptron, its line, and the rule by which it learns a logic gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from figures.controls import Button, Choice, Control, Range, Toggle
from figures.learning import MOST, Learner, Tenths, played, rewound, set_anew, stepped
from scene.answers import Rows, answered, row_table, told
from scene.four_points import HIGH, LOW, ROW_NAMES, ROWS, row_name
from scene.line import Line
from scene.marks import Array, Scene
from scene.mathml import equations
from scene.parted import Parted
from scene.perceptron_formula import answers_one, line_terms, update_rows, update_told
from scene.ticks import number
from unfold.datasets import gate
from unfold.perceptron import Perceptron

NAME = "gate"
ARROW = 0.13
"""Units of the picture for a weight of 1."""
PARTS = {"w1": "across", "w2": "up", "b": "line"}
"""What in the picture each term of the formula is."""

QUESTION = "What can one neuron decide?"
HINT = "Drag the line, or press Learn."
CAPTION = (
    "A ring marks a point that the neuron gets wrong. Learn visits the four points in turn: where the answer is "
    "wrong, the weights move, and the line with them. Then choose XOR."
)
POINTED = ("plane",)
SIZES = {"plane": (424, 404)}
OPENING = (
    "The four points of AND. A line parts them: the neuron answers 1 on the side that the arrow points to. "
    "Two of the four answers are wrong."
)
VIEWS = (("plane", "Its line", OPENING, ("correct", "steps")),)
LAYOUT = {"groups": (("play", "step", "rewind"),), "controls": ("gate", "w1", "w2", "b")}
CONTROLS: tuple[Control, ...] = (
    Choice("gate", "Gate", (("and", "AND"), ("or", "OR"), ("nand", "NAND"), ("xor", "XOR"))),
    Range("w1", "Weight w₁", -MOST, MOST, 0.1),
    Range("w2", "Weight w₂", -MOST, MOST, 0.1),
    Range("b", "Bias b", -MOST, MOST, 0.1),
    Toggle("play", "Learn", "Pause"),
    Button("step", "Step"),
    Button("rewind", "Rewind"),
)


@dataclass(frozen=True)
class State(Learner):
    """What the reader has set, and how far learning has come from there."""

    w1: float = -1.0
    w2: float = 1.5
    b: float = 0.5
    origin: Tenths = (-10.0, 15.0, 5.0)
    held: tuple[Tenths, Line] | None = None
    """The weights that the last turn made, and its line, not rounded: turning goes on from there if they still are."""
    term: str = ""


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: other weights or another gate are where learning begins anew."""
    return set_anew(state, before)


def pressed(state: State, button: str) -> State:
    """Return the state after a press of `step` (one sample) or `rewind` (back to where learning began)."""
    state = replace(state, play=False)
    return rewound(state) if button == "rewind" else stepped(state)


def running(state: State) -> bool:
    """Return whether time changes the state."""
    return state.play


def advance(state: State, elapsed: float, _budget: float, _clock: Callable[[], float]) -> State:
    """Return the state after `elapsed` seconds of learning."""
    return played(state, elapsed)


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with the line shifted (b changes) or turned about the middle (w turns) to a place."""
    (w, b), turning = _line(state), handle == "turn"
    line = state.held[1] if turning and state.held and state.held[0] == state.now else Line.of(w, b)
    line = line.moved(handle, *np.clip((x, y), LOW, HIGH))
    if turning:
        w = np.round(np.clip(line.length, 1.0, MOST) * line.normal, 1)
    w1, w2, b = (np.clip(np.round([*w, line.bias(w)], 1), -MOST, MOST) + 0.0).tolist()
    new = replace(state, w1=w1, w2=w2, b=b) if turning else replace(state, b=b)
    new = changed(new, state)
    return replace(new, held=(new.now, line)) if turning else new


def hovered(state: State, _view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit that the pointer is at: a row's point, a leg of the arrow, or the line."""
    term = _parted(state).term_at(x, y, PARTS)
    return state if term == state.term else replace(state, term=term)


def _line(state: State) -> tuple[Array, float]:
    now = np.array(state.now) / 10
    return now[:2], float(now[2])


def _parted(state: State) -> Parted:
    w, b = _line(state)
    return Parted(w, b, ARROW * w)


def _rows(state: State) -> Rows:
    now = np.array(state.now)
    return answered((ROWS @ now[:2] + now[2]) / 10, gate(state.gate)[1][:, 0])


def scene(state: State) -> Scene:
    """Return the picture: both sides of the line, the line, its normal, the four points, and the handles."""
    row = state.term if state.term in ROW_NAMES else row_name(state.last.sample) if state.last else ""
    return {"plane": _parted(state).view(_rows(state), PARTS.get(state.term, ""), row, _past(state))}


def _past(state: State) -> list[tuple[Array, float]]:
    """Return the line before the last update, or all lines of the cycle once it has come round."""
    if state.round:
        return [(one.w, one.b) for one, _ in state.run.steps[-state.round :]]
    (w, b), last = _line(state), state.last
    return [(w - last.dw, b - last.db)] if last and last.error else []


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    right, name = _rows(state).right, state.gate.upper()
    words = f"✓ It answers as {name} does" if right == 4 else f"Not yet {name}: {right} of 4"
    return {
        "correct": (f"{right} of 4 right", str(right)),
        "steps": (f"step {state.taken}", str(state.taken)),
        "solved": (words, str(right == 4).lower()),
    }


def describe(state: State) -> str:
    """Return in words the weights and the four answers, then the step just made and what it did."""
    (w, b), rows = _line(state), _rows(state)
    weights = f"w₁ is {number(w[0], 1)}, w₂ is {number(w[1], 1)}, b is {number(b, 1)}"
    line = "" if w.any() else " With both weights 0 there is no line."
    said = f"{state.gate.upper()}, {rows.right} of 4 right: {weights}; {told(rows.answers, rows.targets)}.{line}"
    if state.last:
        said += f" Step {state.taken}: {update_told(state.last)}."
    if state.learnt:
        said += " A whole round without a mistake: it has learnt."
    if state.round:
        said += f" The same weights again after {state.round} steps: it goes round for ever."
    return said


def formula(state: State) -> str:
    """Return the neuron and its last update with the present numbers, and the sums of the four rows."""
    w, b = _line(state)
    neuron = answers_one(*zip(PARTS, line_terms(w, b, 1), strict=True))
    return equations([neuron, *update_rows(Perceptron(w, b), state.last)]) + row_table(
        *_rows(state), state.gate.upper()
    )
