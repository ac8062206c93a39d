"""Figure `gate`: one perceptron, its line, and the rule by which it learns a logic gate."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from figures.controls import Button, Choice, Control, Range, Toggle
from scene.four_points import HIGH, LOW, ROW_NAMES, ROWS, four_points, plane, row_at, row_table, sides, told
from scene.held_line import grips, held_line, turned
from scene.marks import Array, Lines, Mark, Scene
from scene.mathml import equations
from scene.perceptron_formula import RULE, answers_one, signed, update_rows
from scene.plane import line_in_square
from scene.ticks import number
from unfold.datasets import gate
from unfold.perceptron import Perceptron, Run, Update, run

NAME = "gate"
Tenths = tuple[int, int, int]
"""w1, w2 and b in tenths: whole numbers, so that a sum of exactly 0 is one, and a cycle comes round exactly."""
RATE = 10.0
"""The learning rate, 1, in tenths."""
MOST = 4.0
STEP_SECONDS = 0.6
ARROW = 0.13
"""Units of the picture for a weight of 1."""
MIDDLE = np.full(2, (LOW + HIGH) / 2)

QUESTION = "What can one neuron decide?"
HINT = "Drag the line, or press Learn."
CAPTION = (
    "A ring marks a point that the neuron gets wrong. Learn visits the four points in turn: where the answer is "
    "wrong, the weights move, and the line with them. Then choose XOR."
)
POINTED = ("plane",)
SIZES = {"plane": (424, 404)}
VIEWS = (
    (
        "plane",
        "Its line",
        "The four points of AND. A line parts them: the neuron answers 1 on the side that the arrow points to. "
        "Two of the four answers are wrong.",
        ("correct", "steps"),
    ),
)
LAYOUT = {"groups": (("play", "step", "rewind"),), "controls": ("gate", "w1", "w2", "b")}
GATES = (("and", "AND"), ("or", "OR"), ("nand", "NAND"), ("xor", "XOR"))
CONTROLS: tuple[Control, ...] = (
    Choice("gate", "Gate", GATES),
    Range("w1", "Weight w₁", -MOST, MOST, 0.1),
    Range("w2", "Weight w₂", -MOST, MOST, 0.1),
    Range("b", "Bias b", -MOST, MOST, 0.1),
    Toggle("play", "Learn", "Pause"),
    Button("step", "Step"),
    Button("rewind", "Rewind"),
)


@dataclass(frozen=True)
class State:
    """What the reader has set, and how far learning has come from there."""

    gate: str = "and"
    w1: float = -1.0
    w2: float = 1.5
    b: float = 0.5
    """The weights now, as the sliders show them: learning may lead a little past a slider's end."""
    play: bool = False
    origin: Tenths = (-10, 15, 5)
    """Where learning began."""
    taken: int = 0
    """How many steps have been made from there."""
    owed: float = 0.0
    """Steps that should have been made by now and have not."""
    held: tuple[float, float, float] | None = None
    """Length and angle of w, and the line's distance from the middle, not rounded, while the line is being turned."""
    term: str = ""

    @property
    def run(self) -> Run:
        """The whole run from `origin`, until it has converged or come round."""
        return _run(self.gate, self.origin)

    @property
    def round(self) -> int:
        """The steps in one lap of the cycle, if the run is known to go round by now; 0 if not."""
        cycle = self.run.cycle if self.taken else None
        return cycle[1] if cycle and self.taken >= len(self.run.steps) else 0

    @property
    def learnt(self) -> bool:
        """Whether a whole pass has been made without a mistake."""
        return self.taken > 0 and self.run.converged and self.taken >= len(self.run.steps)

    @property
    def now(self) -> Tenths:
        """The weights now, exactly."""
        if not self.taken:
            return self.origin
        one, _ = self.run.steps[self._index]
        return int(one.w[0]), int(one.w[1]), int(one.b)

    @property
    def last(self) -> Update | None:
        """The update just made."""
        return self.run.steps[self._index][1] if self.taken else None

    @property
    def _index(self) -> int:
        last = len(self.run.steps) - 1
        lap = self.run.cycle[1] if self.run.cycle else 1
        return self.taken - 1 if self.taken <= last else last - (last + 1 - self.taken) % lap


@lru_cache(64)
def _run(name: str, origin: Tenths) -> Run:
    return run(Perceptron(np.array(origin[:2], float), float(origin[2])), *gate(name), RATE)


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: other weights or another gate are where learning begins anew."""
    names = ("w1", "w2", "b")
    moved = [getattr(state, name) != getattr(before, name) for name in names]
    if any(moved) or state.gate != before.gate:
        now = [round(10 * getattr(state, n)) if m else t for n, m, t in zip(names, moved, before.now, strict=True)]
        state = _shown(replace(state, origin=(now[0], now[1], now[2]), taken=0, held=None))
    if state.play and not before.play:
        state = replace(state, owed=1.0, play=not state.learnt)
    return state


def _shown(state: State) -> State:
    w1, w2, b = (min(max(tenths / 10, -MOST), MOST) for tenths in state.now)
    return replace(state, w1=w1, w2=w2, b=b)


def pressed(state: State, button: str) -> State:
    """Return the state after a press of `step` (one sample) or `rewind` (back to where learning began)."""
    state = replace(state, play=False)
    return _shown(replace(state, taken=0, held=None)) if button == "rewind" else _stepped(state)


def _stepped(state: State) -> State:
    return state if state.learnt else _shown(replace(state, taken=state.taken + 1, held=None))


def running(state: State) -> bool:
    """Return whether time changes the state."""
    return state.play


def advance(state: State, elapsed: float, _budget: float, _clock: Callable[[], float]) -> State:
    """Return the state after `elapsed` seconds: a sample each STEP_SECONDS, until all is learnt or comes round."""
    owed = state.owed + elapsed / STEP_SECONDS
    if owed < 1.0:
        return replace(state, owed=owed)
    state = replace(_stepped(state), owed=owed - 1.0)
    lap_done = state.round > 0 and (state.taken - len(state.run.steps)) % state.round == 0
    return replace(state, play=not (state.learnt or lap_done))


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with the line shifted (b changes) or turned about the middle (w turns) to a place."""
    w, b = _line(state)
    here, held = np.clip([x, y], LOW, HIGH), None
    if handle == "turn" and w.any():
        length = float(np.hypot(*w))
        length, angle, distance = state.held or (
            min(max(length, 1.0), MOST), math.atan2(w[1], w[0]), -float(w @ MIDDLE + b) / length
        )  # fmt: skip
        angle = turned(angle, distance, *(here - MIDDLE).tolist())
        held = (length, angle, distance)
        w = np.round(length * np.array([math.cos(angle), math.sin(angle)]), 1)
        b = -float(w @ MIDDLE + np.hypot(*w) * distance)
    else:
        b = -float(w @ here)
    w1, w2, b = (min(max(round(float(v), 1), -MOST), MOST) + 0.0 for v in (*w, b))
    if handle != "turn":
        w1, w2 = state.w1, state.w2
    return replace(changed(replace(state, w1=w1, w2=w2, b=b), state), held=held)


def hovered(state: State, _view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit that the pointer is at: a row's point, a leg of the arrow, or the line."""
    term, (w, b) = "", _line(state)
    if x is not None and y is not None and w.any():
        leg = (np.array([x, y]) - _foot(state)) / ARROW
        inside = [0.0 <= v * np.sign(c) <= abs(c) for v, c in zip(leg, w, strict=True)]
        on_line = abs(w @ (x, y) + b) / np.hypot(*w) < 0.06
        term = "w1" if inside[0] and abs(leg[1]) < 0.5 else "w2" if inside[1] and abs(leg[0] - w[0]) < 0.5 else ""
        term = row_at(x, y) or term or ("b" if on_line else "")
    return state if term == state.term else replace(state, term=term)


def _line(state: State) -> tuple[Array, float]:
    now = state.now
    return np.array(now[:2]) / 10, now[2] / 10


def _foot(state: State) -> Array:
    w, b = _line(state)
    foot: Array = grips(w, b, LOW, HIGH, ROWS)[0]
    return foot


def _answers(state: State) -> tuple[Array, Array, Array]:
    """Return each row's sum, the answer to it, and the target."""
    now = np.array(state.now, float)
    sums = (ROWS @ now[:2] + now[2]) / 10
    return sums, Perceptron(now[:2], now[2]).predict(ROWS), gate(state.gate)[1][:, 0]


def scene(state: State) -> Scene:
    """Return the picture: both sides of the line, the line, its normal, the four points, and the handles."""
    (w, b), (_, answers, targets) = _line(state), _answers(state)
    row = "".join(str(int(v)) for v in state.last.sample) if state.last else ""
    lit = {"w1": "across", "w2": "up", "b": "line"}.get(state.term, "")
    marks = [*sides(w, b), *_past(state)]
    held = held_line(w, b, LOW, HIGH, ROWS, ARROW * w, lit) if w.any() else []
    points = four_points(targets, answers, state.term if state.term in ROW_NAMES else row)
    return {"plane": plane([*marks, *held[:1], *points, *held[1:]])}


def _past(state: State) -> list[Mark]:
    """Return, faint, the line before the last update, or all lines of the cycle once it has come round."""
    if state.round:
        ones = [one for one, _ in state.run.steps[-state.round :]]
    elif state.last and state.last.error:
        now = np.array(state.now)
        ones = [Perceptron(now[:2] - state.last.dw, float(now[2] - state.last.db))]
    else:
        return []
    lines = [line_in_square(one.w, one.b, LOW, HIGH) for one in ones]
    return [Lines(tuple(ends for ends in lines if ends is not None), "soft", 1.5, (5.0, 4.0))]


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    _, answers, targets = _answers(state)
    right = int(np.sum(answers == targets))
    name = state.gate.upper()
    words = f"✓ It answers as {name} does" if right == 4 else f"Not yet {name}: {right} of 4"
    return {
        "correct": (f"{right} of 4 right", str(right)),
        "steps": (f"step {state.taken}", str(state.taken)),
        "solved": (words, "true" if right == 4 else "false"),
    }


def describe(state: State) -> str:
    """Return in words the weights and the four answers, then the step just made and what it did."""
    (w, b), (_, answers, targets) = _line(state), _answers(state)
    right = f"{np.sum(answers == targets)} of 4 right"
    line = "" if w.any() else " With both weights 0 there is no line."
    said = (
        f"{state.gate.upper()}, {right}: w₁ is {number(w[0], 1)}, w₂ is {number(w[1], 1)}, b is {number(b, 1)}; "
        f"{told(answers, targets)}.{line}"
    )
    if state.last is None:
        return said
    row = "".join(str(int(v)) for v in state.last.sample)
    if state.last.error:
        done = (
            f"{row} gave {state.last.answer:.0f}, so its inputs were {'added' if state.last.error > 0 else 'taken off'}"
        )
    else:
        done = f"{row} was right, so nothing changed"
    said += f" Step {state.taken}: {done}."
    if state.learnt:
        said += " A whole round without a mistake: it has learnt."
    elif state.round:
        said += f" The same weights again after {state.round} steps: it goes round for ever."
    return said


def formula(state: State) -> str:
    """Return the neuron and its last update with the present numbers, and the sums of the four rows."""
    w, b = _line(state)
    terms = (("w1", signed(w[0], 1) + "<mi>A</mi>"), ("w2", signed(w[1], 1, True) + "<mi>B</mi>"))
    rows = [answers_one(*terms, ("b", signed(b, 1, True)))]
    if state.last:
        last = replace(state.last, dw=state.last.dw / 10, db=state.last.db / 10)
        rows += update_rows(Perceptron(w, b), last)
    else:
        rows.append(RULE)
    return equations(rows) + row_table(*_answers(state), state.gate.upper())
