"""Figure `two-lines`: two lines, each drawn by a perceptron, and an AND that joins what they say."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from figures.controls import Choice, Control, Range, Toggle
from scene.answers import gate_name, ones, still_to_join, truth_table
from scene.four_points import row_at
from scene.half_planes import crossing
from scene.line import Line
from scene.marks import Array, Scene
from scene.mathml import equations, variable, weighted_sum
from unfold.datasets import gate
from unfold.perceptron import Perceptron

NAME = "two-lines"
QUESTION = "Can two lines do what one cannot?"
HINT = "Drag a line by its middle to move it, by its end to turn it."
CAPTION = (
    "Each neuron says 1 on the side its arrow points to, and on its line. "
    "Place the two lines so that both say 1 to 01 and 10, and to no other corner."
)
X, Y = gate("xor")
FARTHEST = 0.8
OPENING = "The four points of XOR and two lines that cross. Only 01 is where both neurons say 1; 10 is ringed as wrong."
VIEWS = (("plane", "Two neurons, two lines", OPENING, ("right",)),)
SIZES = {"plane": (424, 424)}
POINTED = ("plane",)
LAYOUT = {
    "guess": ("guess",),
    "groups": (("flip-1", "flip-2"),),
    "controls": ("angle-1", "angle-2", "offset-1", "offset-2"),
}
CONTROLS: tuple[Control, ...] = (
    Range("angle-1", "Angle of h₁, °", 0, 359, 1),
    Range("offset-1", "Place of h₁", -FARTHEST, FARTHEST, 0.01),
    Toggle("flip-1", "Flip h₁", "Flip h₁ back"),
    Range("angle-2", "Angle of h₂, °", 0, 359, 1),
    Range("offset-2", "Place of h₂", -FARTHEST, FARTHEST, 0.01),
    Toggle("flip-2", "Flip h₂", "Flip h₂ back"),
    Choice("guess", "How many corners can two lines get right?", (("3", "3"), ("4", "all 4")), tapped=True),
)


@dataclass(frozen=True)
class State:
    """What the reader has set: a line stands across `angle`, `offset` from the middle of the square that way."""

    angle_1: int = 70
    offset_1: float = -0.1
    flip_1: bool = False
    angle_2: int = 205
    offset_2: float = -0.1
    flip_2: bool = False
    guess: str = ""
    term: str = ""
    news: str = ""
    """What the last change did, in words."""


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def _line(state: State, k: int) -> Line:
    """Return the line of neuron k as its angle and place are set."""
    return Line.across(getattr(state, f"angle_{k}"), getattr(state, f"offset_{k}"))


def perceptrons(state: State) -> tuple[Perceptron, Perceptron]:
    """Return the two neurons h1 and h2: each says 1 where its sum is 0 or more, its line included."""
    flipped = ((1, state.flip_1), (2, state.flip_2))
    first, second = (_line(state, k).reverse() if flip else _line(state, k) for k, flip in flipped)
    return Perceptron(first.normal, first.bias(first.normal)), Perceptron(second.normal, second.bias(second.normal))


def _answers(state: State) -> Array:
    """Return what h1, h2 and their AND say to the four rows: (3, 4)."""
    first, second = (neuron.predict(X) for neuron in perceptrons(state))
    return np.stack([first, second, first * second])


def _right(state: State) -> int:
    return int(np.sum(_answers(state)[2] == Y[:, 0]))


def names(state: State) -> tuple[str, str]:
    """Return the gate that each neuron is."""
    first, second, _ = _answers(state)
    return gate_name(first), gate_name(second)


def solved(state: State) -> bool:
    """Return whether AND joins the two to XOR: when one is OR and the other NAND, and at no other time."""
    return set(names(state)) == {"OR", "NAND"}


def changed(state: State, before: State) -> State:
    """Return the state after a control was set, with what that did in words."""
    pairs = zip("₁₂", perceptrons(before), perceptrons(state), names(before), names(state), strict=True)
    news = [
        f"h{k} moved and is still {now}" if old == now else f"h{k} was {old} and now is {now}"
        for k, was, neuron, old, now in pairs
        if neuron.b != was.b or (neuron.w != was.w).any()
    ]
    if _right(state) != _right(before):
        news.append(f"{_right(before)} of 4 right became {_right(state)}")
    return replace(state, news="; ".join(news))


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state after a handle, `move-1`, `turn-1`, `move-2` or `turn-2`, was dragged to a place."""
    what, k = handle.split("-")
    line = _line(state, int(k)).moved(what, x, y)
    place = round(min(max(line.distance, -FARTHEST), FARTHEST), 2)
    new = {f"offset_{k}": place} if what == "move" else {f"angle_{k}": line.degrees}
    return changed(replace(state, **new), state)


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit that the pointer is at: a corner, a line, or none."""
    term = ""
    if x is not None and y is not None:
        away = [abs(float(neuron.w @ (x, y)) + neuron.b) for neuron in perceptrons(state)]
        term = row_at(x, y) or (f"h{int(np.argmin(away)) + 1}" if min(away) < 0.05 else "")
    return state if term == state.term else replace(state, term=term)


def scene(state: State) -> Scene:
    """Return the figure's picture, `plane`."""
    lines = (_line(state, 1), _line(state, 2))
    return {"plane": crossing(lines, perceptrons(state), Y[:, 0], _answers(state)[2], state.term)}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    right, done = _right(state), solved(state)
    words = "✓ OR, NAND, and AND joins them" if done else "Not yet"
    return {"right": (f"{right} of 4 right", str(right)), "solved": (words, str(done).lower())}


def describe(state: State) -> str:
    """Return in words what changed, what each neuron says, and what is still wrong or why it is right."""
    said, says = f"{state.news}. " if state.news else "", _answers(state)
    for k, (neuron, name) in enumerate(zip(perceptrons(state), names(state), strict=True)):
        said += (
            f"h{'₁₂'[k]} points to the {Line.of(neuron.w, 0.0).towards} and says 1 to {ones(says[k])}: that is {name}; "
        )
    return f"{said}both say 1 to {ones(says[2])}, so {_right(state)} of 4 are right. {_verdict(state, says)}"


def _verdict(state: State, says: Array) -> str:
    if solved(state):
        guessed = {"3": " You guessed 3.", "4": " As you guessed."}.get(state.guess, "")
        return f"Solved: one neuron is OR, the other NAND, and AND joins them.{guessed}"
    for flips, which in (((True, False), "h₁"), ((False, True), "h₂"), ((True, True), "h₁ and h₂")):
        if solved(replace(state, flip_1=state.flip_1 ^ flips[0], flip_2=state.flip_2 ^ flips[1])):
            return f"The lines are in place: flip {which}."
    return f"Still to do: {still_to_join(says[:2], Y[:, 0])}."


def formula(state: State) -> str:
    """Return the two neurons' sums with the present numbers, and the truth table of all three."""
    sums, inputs, says = [], [variable("A"), variable("B")], _answers(state)
    for k, neuron in enumerate(perceptrons(state), 1):
        name = f'<mrow data-term="h{k}" tabindex="0">{variable("h", k, f"h{k}")}</mrow><mo>=</mo><mn>1</mn>'
        total = f"<mrow>{weighted_sum(neuron.w, neuron.b, inputs)}</mrow>"
        sums.append(f"{name}<mtext>&nbsp;if&nbsp;</mtext>{total}<mo>≥</mo><mn>0</mn>")
    return equations(sums) + truth_table(says[:2], says[2], Y[:, 0], "XOR")
