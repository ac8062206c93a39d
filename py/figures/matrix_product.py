"""Figure `matrix-product`: inputs times a weight matrix, plus bias, entry by entry."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from figures import motion, weight_boxes
from figures.controls import Choice, Control, Range, Toggle
from scene.four_points import ROW_NAMES, ROWS
from scene.marks import Scene
from scene.mathml import equations
from scene.product_table import cell_at, product_table
from scene.products import Product
from scene.ticks import number

NAME = "matrix-product"
SECONDS = 1.6
"""How long the sum of one entry takes."""
SIGNS = {"negative": f"negative", "zero": f"zero", "positive": f"positive"}
"""What a sum can be, in the order of the signs -1, 0 and 1: values and words."""

QUESTION = "What does a whole layer do to a row of inputs?"
HINT = "Guess the sum at the question mark, then press Multiply."
CAPTION = (
    "A column of W holds the weights of one neuron. Follow a row of inputs to the right and a column down: where they "
    "meet stands that neuron’s sum. Then take all four rows at once: each new row is worked out like the first."
)
SIZES = {"table": (424, 500)}
VIEWS = (
    (
        "table",
        "The product",
        "A table: inputs (1, 1) on the left, weights and biases above, and where they meet a question mark.",
        ("done", "entry"),
    ),
)
POINTED = ("table",)
LAYOUT = {
    "guess": ("guess",),
    "groups": (("play",),),
    "controls": ("time", "entry", "neurons", "row", "weights", "seed"),
    "boxes": weight_boxes.GROUPS,
}
CONTROLS: tuple[Control, ...] = (
    Toggle("play", "Multiply", "Pause"),
    Range("time", "Entries computed", 0.0, 16.0, 0.05),
    Range("entry", "Entry to look at", 1, 16, 1),
    Range("neurons", "Neurons", 1, 4, 1),
    Choice("row", "Inputs A, B", (*((row, f"{row[0]}, {row[1]}") for row in ROW_NAMES), ("all", "all four rows"))),
    *weight_boxes.CONTROLS,
    Choice("guess", "What will the sum at the question mark be?", tuple(SIGNS.items()), tapped=True),
)


@dataclass(frozen=True)
class State(weight_boxes.Weights):
    """What the reader has set; `time` counts the entries computed so far, `entry` is the one looked at."""

    play: bool = False
    time: float = 0.0
    entry: int = 1
    neurons: int = 2
    row: str = "11"
    guess: str = ""
    guessed: int = 0
    """The entry that the guess was about."""
    term: str = ""
    news: str = ""
    """What the last change of weights did, in words."""


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def product(state: State) -> Product:
    """Return what is multiplied."""
    X = ROWS if state.row == "all" else ROWS[[ROW_NAMES.index(state.row)]]
    return Product(X, state.numbers[:2, : state.neurons], state.numbers[2, : state.neurons])


def limits(state: State) -> dict[str, float]:
    """Return how far the controls go that count entries of the result."""
    return dict.fromkeys(("time", "entry"), float(product(state).size))


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: all entries stay computed where they were, else it begins anew."""
    state, edited, news = weight_boxes.weighed(state, before)
    state = replace(state, neurons=max(state.neurons, edited), news=news)
    end, was = product(state).size, product(before).size
    scrubbed = state.time != before.time
    if end != was and not scrubbed:
        state = replace(state, time=float(end) if before.time >= was else 0.0, play=False)
    else:
        state = motion.begun(replace(state, time=min(state.time, float(end))), before, end)
    state = replace(state, entry=min(state.entry, end))
    if state.guess != before.guess:
        return replace(state, guessed=state.entry)
    asked = news or (state.row, state.neurons) != (before.row, before.neurons)
    return _followed(replace(state, guess="" if asked else state.guess), scrubbed or end != was)


def _followed(state: State, follow: bool = True) -> State:
    """Return the state looking at the entry that is being computed, or was last."""
    return replace(state, entry=max(1, math.ceil(state.time))) if follow else state


def running(state: State) -> bool:
    """Return whether sums are being worked out."""
    return state.play


def advance(state: State, elapsed: float, budget: float, clock: Callable[[], float]) -> State:
    """Return the state `elapsed` seconds later."""
    return _followed(motion.played(state, elapsed, SECONDS, product(state).size))


def arrived(state: State) -> State:
    """Return the state with the next entry computed, at rest."""
    return _followed(motion.arrived(state, product(state).size))


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit that the pointer is at: an entry of the result, or a neuron's column."""
    term = "" if x is None or y is None else cell_at(x, y, product(state))
    return state if term == state.term else replace(state, term=term)


def pressed_at(state: State, view: str, x: float, y: float) -> State:
    """Return the state after a press on the picture: on an entry of the result, that one is looked at."""
    term = cell_at(x, y, product(state))
    return changed(replace(state, entry=int(term[1:])), state) if term.startswith("z") else state


def shown(state: State) -> int:
    """Return the entry whose sum is written out: the one pointed at, or else the one chosen."""
    pointed = int(state.term[1:]) if state.term.startswith("z") else 0
    return pointed if 0 < pointed <= product(state).size else state.entry


def scene(state: State) -> Scene:
    """Return the figure's picture, `table`."""
    k, done, work = shown(state), math.floor(state.time), product(state)
    moving = k == done + 1 and state.time > done
    stage = int(4.0 * (motion.eased(state.time) - done)) if moving else 0
    return {"table": product_table(work, done, k, state.term, work.lines(k, k <= done, stage if moving else 3), stage)}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    work, k, done = product(state), shown(state), math.floor(state.time)
    text, value = (number(work.value(k)), repr(work.value(k))) if k <= done else ("?", "?")
    return {"done": (f"{done} of {work.size}", str(done)), "entry": (f"{work.name(k)} = {text}", value)}


def describe(state: State) -> str:
    """Return in words what is multiplied, the sum of the entry looked at, how far it is, and what came of the guess."""
    work, k, done = product(state), shown(state), math.floor(state.time)
    inputs = "All four rows" if state.row == "all" else f"The row ({state.row[0]}, {state.row[1]})"
    neurons = f"{state.neurons} neurons" if state.neurons > 1 else "1 neuron"
    told = (
        f"{state.news}{inputs} times the weights of {neurons}, plus bias; {' '.join(work.lines(k, k <= done)).strip()}."
    )
    told += f" {done} of {work.size} entries computed."
    if not state.guess or state.guessed > done:
        return told
    sign = list(SIGNS)[int(np.sign(round(work.value(state.guessed), 2))) + 1]
    verdict = f"right" if state.guess == sign else f"it is {SIGNS[sign]}"
    return f"{told} You guessed {SIGNS[state.guess]} for {work.name(state.guessed)}: {verdict}."


def formula(state: State) -> str:
    """Return x W + b = z with the present numbers, as MathML; entries not yet computed are question marks."""
    return equations([product(state).formula(math.floor(state.time))])
