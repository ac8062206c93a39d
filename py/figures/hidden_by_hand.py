"""Figure `hidden-by-hand`: a hidden layer whose numbers the reader sets, until one line parts what comes out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from figures.controls import Choice, Control, Range, Toggle
from scene.hidden_formula import hidden_formula
from scene.input_plane import input_plane
from scene.marks import Scene
from scene.parting import hidden_plane, width_in_words
from scene.ticks import count, number
from scene.xor_layer import MOST, Layer, hint, layer, places, tangled

NAME = "hidden-by-hand"
NUMBERS = ("bias_1", "bias_2", "w_a1", "w_a2", "w_b1", "w_b2")
WORDS = ("b₁", "b₂", "A to h₁", "A to h₂", "B to h₁", "B to h₂")
GIVEN = (-5.0, -5.0, 6.0, 4.0, 4.0, 6.0)
JUST = 0.001
"""The width of a band below which the rows are parted only just."""

QUESTION = "Can you bend the plane so that one line is enough?"
HINT = "Drag the two lines, or set their biases. Untangle the two threads."
CAPTION = (
    "A straight line parts the classes exactly when the two threads do not meet. Then the widest band stands between "
    "them, and the colours show what that one line says of every place in the plane. The verdict is exact for the "
    "numbers as they are kept, to 16 digits."
)
SIZES = {"plane": (300, 300), "hidden": (300, 300)}
VIEWS = (
    ("plane", "Before the layer", "The four points of XOR, two threads that cross, and two lines.", ("moves",)),
    ("hidden", "After the layer", "The points on a bent grid. The two threads still cross in the middle.", ("width",)),
)
LAYOUT = {
    "panels": 3,
    "guess": ("guess",),
    "groups": (("challenge",),),
    "controls": ("bias-1", "bias-2", "w-a1", "w-a2", "w-b1", "w-b2", "activation", "hint", "seed"),
}
POINTED = ("plane", "hidden")
CONTROLS: tuple[Control, ...] = (
    Range("bias-1", "Bias b₁", -MOST, MOST, 0.1),
    Range("bias-2", "Bias b₂", -MOST, MOST, 0.1),
    *(
        Range(name.replace("_", "-"), f"Weight {word}", -MOST, MOST, 0.5)
        for name, word in zip(NUMBERS[2:], WORDS[2:], strict=True)
    ),
    Choice("activation", "Activation", (("sigmoid", "sigmoid"), ("step", f"step"), ("tanh", "tanh"))),
    Choice("hint", "Hint", (("0", f"none"), ("1", "a nudge"), ("2", "which way"), ("3", "the numbers"))),
    Toggle("challenge", "Challenge", "Back to the given weights"),
    Range("seed", "Challenge’s seed", 0, 999, 1, typed=True),
    Choice("guess", "How far apart must b₁ and b₂ be?", (("0.1", "0.1"), ("2", "2"), ("6", "6")), tapped=True),
)


@dataclass(frozen=True)
class State:
    """The layer's six numbers, and how the reader came to them."""

    bias_1: float = GIVEN[0]
    bias_2: float = GIVEN[1]
    w_a1: float = GIVEN[2]
    w_a2: float = GIVEN[3]
    w_b1: float = GIVEN[4]
    w_b2: float = GIVEN[5]
    activation: str = "sigmoid"
    hint: str = "0"
    challenge: bool = False
    seed: int = 0
    guess: str = ""
    term: str = ""
    moves: int = 0
    """How often the reader took up another number while the threads met: however far it goes then is one move."""
    held: str = ""
    """The number that was changed last."""
    news: str = ""

    @property
    def numbers(self) -> tuple[float, ...]:
        """All six, in the order of NUMBERS."""
        return tuple(getattr(self, name) for name in NUMBERS)

    @property
    def layer(self) -> Layer:
        """The layer of these numbers."""
        return layer(self.numbers, self.activation)


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: numbers that differ are moves; a challenge begins with its own."""
    moved = [name for name in NUMBERS if getattr(state, name) != getattr(before, name)]
    if moved:
        pairs = zip(WORDS, before.numbers, state.numbers, strict=True)
        told = (f"{word} went from {number(old, 1)} to {number(new, 1)}" for word, old, new in pairs if old != new)
        more = 0 if before.layer.separation.separable else len(moved) - (moved == [before.held])
        return replace(state, moves=state.moves + more, held=moved[-1], news=f" and ".join(told) + ". ")
    if state.challenge == before.challenge and (state.seed == before.seed or not state.challenge):
        return replace(state, news="")
    numbers = tangled(state.seed) if state.challenge else GIVEN
    fresh = replace(state, activation="sigmoid", moves=0, held="", news="")
    return replace(fresh, **dict(zip(NUMBERS, numbers, strict=True)))  # type: ignore[arg-type]


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with a line, `line-1` or `line-2`, moved to go through a place: its bias follows."""
    k = int(handle[-1])
    bias = float(np.clip(-state.layer.weights[:, k - 1] @ (x, y), -MOST, MOST))
    return changed(replace(state, **{f"bias_{k}": round(bias, 1) + 0.0}), state)  # type: ignore[arg-type]


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit that the pointer is at: a row's point, or a neuron's line."""
    term = "" if x is None or y is None else state.layer.term_at(view, x, y)
    return state if term == state.term else replace(state, term=term)


def scene(state: State) -> Scene:
    """Return the figure's two pictures: `plane` and `hidden`."""
    return {"plane": input_plane(state.layer, state.term), "hidden": hidden_plane(state.layer, state.term)}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    width, parted = state.layer.width, state.layer.separation.separable
    words = "One line is enough" if width >= JUST else "Only just"
    return {
        "moves": (f"move {count(state.moves)}", str(state.moves)),
        "width": (f"width {width_in_words(width)}" if parted else "no band", repr(width)),
        "solved": (f"✓ {words}" if parted else "Not yet: the threads meet", str(parted).lower()),
    }


def describe(state: State) -> str:
    """Return in words what changed, where the rows went, whether a line parts them, and the hint asked for."""
    biases = f"b₁ = {number(state.bias_1, 1)} and b₂ = {number(state.bias_2, 1)}"
    told = f"{state.news}With {biases} the layer takes {places(state.layer)}"
    if not state.layer.separation.separable:
        a, b = state.layer.meeting.tolist()
        meet = f"{told}. No line parts them: the threads meet at ({number(a)}, {number(b)})."
        return f"{meet} {hint(state.layer, int(state.hint))}".rstrip()
    enough = "one line is enough" if state.layer.width >= JUST else "one line is only just enough"
    moves = "1 move" if state.moves == 1 else f"{count(state.moves)} moves"
    told += f"; {enough}: the widest band is {width_in_words(state.layer.width)} wide. It took {moves}."
    apart = number(abs(state.bias_1 - state.bias_2), 1)
    return told + (f" The biases are {apart} apart; you guessed {state.guess}." if state.guess else "")


def formula(state: State) -> str:
    """Return the two neurons, the line where there is one, and the four rows, in numbers."""
    return hidden_formula(state.layer)
