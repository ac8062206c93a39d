"""Figure `layer-steps`: one layer in three moves, multiply, shift and squash, played, paused and scrubbed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from figures import motion
from figures.controls import Button, Choice, Control, Range, Toggle
from figures.motion import running as running
from figures.own_formula import FORMULA, OWN, Typed
from scene.four_points import ROW_NAMES
from scene.known_layers import ACTIVATION_NAMES, PRESET_NAMES, PRESETS
from scene.layer_formula import stages
from scene.marks import Scene
from scene.moving_layer import MOVED, MovingLayer, fate_told, guess_told, layer_picture, moving_layer, parted, verdict
from scene.ticks import number, went

NAME = "layer-steps"
END, SECONDS = 3.0, 1.6
"""The last stop, and how long a move takes."""
NUMBERS = {"w11": "A to h₁", "w12": "A to h₂", "w21": "B to h₁", "w22": "B to h₂", "b1": "b₁", "b2": "b₂"}
WORDS = ("Before the layer", "Multiply by the weights", "Shift by the biases", "Squash")

QUESTION = "What does one layer do to the plane?"
HINT = "Press Play, or drag the time."
CAPTION = (
    "The weights turn and stretch the plane, the biases shift it, the activation bends it. The window zooms so that "
    "all stays in sight; the dotted square is 1 by 1. One line can part squares from discs once their two threads no "
    "longer meet."
)
SIZES = {"plane": (424, 424)}
ALT = "A square grid over the plane of inputs, with the four rows of XOR at the corners of the unit square."
VIEWS = (("plane", "The plane", ALT, ("move", "place")),)
SET = ("time", "row", "preset", "activation", "formula", *NUMBERS)
LAYOUT = {"guess": ("guess",), "groups": (("play", "back", "forward"), ("random",)), "controls": SET}
SHARED = ("formula",)
POINTED = ("plane",)
CONTROLS: tuple[Control, ...] = (
    Toggle("play", "Play", "Pause"),
    Button("back", "Move back"),
    Button("forward", "Next move"),
    Range("time", "Time in moves", 0.0, END, 0.01),
    Choice("row", "Row to follow", tuple((row, f"{row[0]} {row[1]}") for row in ROW_NAMES)),
    Choice("preset", "Layer", PRESET_NAMES),
    Choice("activation", "Activation", (*ACTIVATION_NAMES, OWN)),
    FORMULA,
    *(Range(name, label, -6.0, 6.0, 0.1) for name, label in NUMBERS.items()),
    Button("random", "Random layer"),
    Choice("guess", "After which move can one line part squares from discs?", tuple(MOVED.items()), tapped=True),
)


@dataclass(frozen=True)
class State(Typed):
    """The layer's numbers, the time, and the row that is followed."""

    play: bool = False
    time: float = 0.0
    row: str = "01"
    preset: str = "leaning"
    activation: str = "sigmoid"
    w11: float = PRESETS["leaning"][0]
    w12: float = PRESETS["leaning"][1]
    w21: float = PRESETS["leaning"][2]
    w22: float = PRESETS["leaning"][3]
    b1: float = PRESETS["leaning"][4]
    b2: float = PRESETS["leaning"][5]
    guess: str = ""
    term: str = ""
    drawn: int = 0
    """How many random layers the reader has asked for."""
    news: str = ""

    @property
    def numbers(self) -> tuple[float, ...]:
        """The four weights and the two biases."""
        return tuple(getattr(self, name) for name in NUMBERS)

    @property
    def layer(self) -> MovingLayer:
        """The layer on its way."""
        return moving_layer(self.numbers, self.function)

    @property
    def stop(self) -> int:
        """The stop that the present move leads to: 0 to 3."""
        return int(np.ceil(self.time - 1e-9))


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: a preset brings its numbers, other numbers are the reader's own."""
    if state.preset != before.preset and state.preset in PRESETS:
        state = replace(state, **dict(zip(NUMBERS, PRESETS[state.preset], strict=True)))  # type: ignore[arg-type]
    elif state.numbers != before.numbers:
        state = replace(state, preset=next((k for k, v in PRESETS.items() if v == state.numbers), "own"))
    news = went(NUMBERS.values(), before.numbers, state.numbers)
    return motion.begun(replace(state, news=f"{news}. " if news else ""), before, END)


def pressed(state: State, button: str) -> State:
    """Return the state after a press: at the next stop, at the one before, or with the next random layer."""
    if button != "random":
        return motion.arrived(state, END) if button == "forward" else motion.returned(state)
    drawn = np.random.default_rng(state.drawn + 1).integers(-50, 51, 6) / 10.0
    values = dict(zip(NUMBERS, drawn.tolist(), strict=True))
    return changed(replace(state, drawn=state.drawn + 1, **values), state)


def advance(state: State, elapsed: float, budget: float, clock: Callable[[], float]) -> State:
    """Return the state `elapsed` seconds later."""
    return motion.played(state, elapsed, SECONDS, END)


def arrived(state: State) -> State:
    """Return the state at the next stop."""
    return motion.arrived(state, END)


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the row lit that the pointer is at, or none."""
    term = "" if x is None or y is None else state.layer.row_at(motion.eased(state.time), x, y)
    return state if term == state.term else replace(state, term=term)


def scene(state: State) -> Scene:
    """Return the figure's picture, `plane`; at the end with the line that parts the rows, if one does."""
    line = parted(state.layer, 3) if state.time == END else None
    return {"plane": layer_picture(state.layer, motion.eased(state.time), state.row, state.term, line)}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    x, y = state.layer.rows(motion.eased(state.time))[ROW_NAMES.index(state.row)].tolist()
    done, over = state.time == END and parted(state.layer, 3) is not None, state.time == END
    words = "✓ One line parts them" if done else "Not parted" if over else f"Move {max(state.stop, 1)} of 3"
    return {
        "move": (f"time {number(state.time)}", repr(state.time)),
        "place": (f"{state.row} at ({number(x)}, {number(y)})", f"{x!r}, {y!r}"),
        "solved": (words, str(done).lower()),
    }


def describe(state: State) -> str:
    """Return in words what changed, which move it is, where the rows are, and at a stop whether a line parts them."""
    told = f"{state.news}Time {number(state.time)}. {WORDS[state.stop]}: {state.layer.told(motion.eased(state.time))}."
    told += state.meaning
    if state.time != state.stop:
        return told
    told += f" {verdict(state.layer, state.stop)}"
    if state.time != END:
        return told
    return told + fate_told(state.layer) + state.judged + guess_told(state.layer, state.guess)


def formula(state: State) -> str:
    """Return a row before and after each move, the present move marked: the row under the pointer, or the followed."""
    row = state.layer.row(state.term if state.term in ROW_NAMES else state.row)
    return stages(row, state.layer.weights, state.layer.biases, state.function, state.stop)
