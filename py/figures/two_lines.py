"""Figure `two-lines`: two lines, each drawn by a perceptron, and an AND that joins what they say."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from figures.controls import Choice, Control, Range, Toggle
from scene.four_points import HIGH, LOW, ROW_NAMES, four_points, plane, row_at
from scene.graph import half_square
from scene.half_planes import arrow_at, clipped, half_plane
from scene.held_line import grips, turned
from scene.marks import Array, Handles, Mark, Regions, Scene
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
MIDDLE = np.array([0.5, 0.5])
FARTHEST = 0.8
GATES = {
    "0000": "0 everywhere", "0001": "AND", "0010": "A and not B", "0011": "A", "0100": "B and not A", "0101": "B",
    "0111": "OR", "1000": "NOR", "1010": "not B", "1011": "A or not B", "1100": "not A", "1101": "B or not A",
    "1110": "NAND", "1111": "1 everywhere",
}  # fmt: skip
"""What one neuron can answer to the four rows, by name: all there is but XOR and its opposite."""
TOWARDS = ("right", "upper right", "top", "upper left", "left", "lower left", "bottom", "lower right")

VIEWS = (
    (
        "plane",
        "Two neurons, two lines",
        "The four points of XOR and two lines that cross. Only 01 is where both neurons say 1; 10 is ringed as wrong.",
        ("right",),
    ),
)
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


def _line(state: State, k: int) -> tuple[Array, float, bool]:
    """Return the direction across neuron k's line, (2,), the line's offset and whether its sides are flipped."""
    angle = math.radians(getattr(state, f"angle_{k}"))
    # Rounded, so that a line through a corner goes through it exactly.
    across = np.round([math.cos(angle), math.sin(angle)], 12)
    return across, getattr(state, f"offset_{k}"), getattr(state, f"flip_{k}")


def perceptrons(state: State) -> tuple[Perceptron, Perceptron]:
    """Return the two neurons h1 and h2: each says 1 where its sum is 0 or more, its line included."""
    made = []
    for k in (1, 2):
        across, offset, flipped = _line(state, k)
        sign = -1.0 if flipped else 1.0
        made.append(Perceptron(sign * across, sign * (-float(across.sum()) / 2.0 - offset)))
    return made[0], made[1]


def _answers(state: State) -> Array:
    """Return what h1, h2 and their AND say to the four rows: (3, 4)."""
    first, second = (neuron.predict(X) for neuron in perceptrons(state))
    return np.stack([first, second, first * second])


def _right(state: State) -> int:
    return int(np.sum(_answers(state)[2] == Y[:, 0]))


def names(state: State) -> tuple[str, str]:
    """Return the gate that each neuron is."""
    first, second = ("".join(str(int(v)) for v in says) for says in _answers(state)[:2])
    return GATES[first], GATES[second]


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
    across, offset, _ = _line(state, int(k))
    from_middle = np.array([x, y]) - MIDDLE
    if what == "move":
        place = round(float(np.clip(across @ from_middle, -FARTHEST, FARTHEST)), 2)
        return changed(replace(state, **{f"offset_{k}": place}), state)  # type: ignore[arg-type]
    angle = math.degrees(turned(math.atan2(across[1], across[0]), offset, *from_middle))
    return changed(replace(state, **{f"angle_{k}": round(angle) % 360}), state)  # type: ignore[arg-type]


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit that the pointer is at: a corner, a line, or none."""
    term = ""
    if x is not None and y is not None:
        away = [abs(float(neuron.w @ (x, y)) + neuron.b) for neuron in perceptrons(state)]
        term = row_at(x, y) or (f"h{int(np.argmin(away)) + 1}" if min(away) < 0.05 else "")
    return state if term == state.term else replace(state, term=term)


def scene(state: State) -> Scene:
    """Return the figure's picture, `plane`."""
    neurons, square, lit = perceptrons(state), (LOW, HIGH), state.term == "both"
    shared = clipped(half_square(neurons[0].w, neurons[0].b, *square), neurons[1].w, neurons[1].b)
    marks: list[Mark] = [Regions((shared,), "act" if lit else "one-fill", 0.3 if lit else 0.22)]
    held: list[Mark] = []
    taken = np.concatenate([X, X + np.where(X[:, 1:] > 0.5, 1.0, -1.0) * (0.0, 0.2)])
    for k in (1, 2):
        across, offset, _ = _line(state, k)
        at = grips(across, -float(across @ MIDDLE) - offset, *square, taken)
        taken = np.concatenate([taken, at])
        held += [Handles(at[:1], (f"move-{k}",)), Handles(at[1:], (f"turn-{k}",) * len(at[1:]), radius=6.5)]
    for k, neuron in enumerate(neurons, 1):
        arrow = arrow_at(neuron.w, neuron.b, square, taken)
        taken = np.concatenate([taken, arrow])
        marks += half_plane(k, neuron.w, neuron.b, square, arrow, state.term == f"h{k}")
    return {"plane": plane([*marks, *four_points(Y[:, 0], _answers(state)[2], state.term), *held])}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    right, done = _right(state), solved(state)
    words = "✓ OR, NAND, and AND joins them" if done else "Not yet"
    return {"right": (f"{right} of 4 right", str(right)), "solved": (words, str(done).lower())}


def _rows(says: Array) -> str:
    return ", ".join(row for row, one in zip(ROW_NAMES, says, strict=True) if one) or "no corner"


def describe(state: State) -> str:
    """Return in words what changed, what each neuron says, and what is still wrong or why it is right."""
    says, parts = _answers(state), []
    for k, (neuron, name) in enumerate(zip(perceptrons(state), names(state), strict=True)):
        eighth = round(math.degrees(math.atan2(neuron.w[1], neuron.w[0])) / 45.0) % 8
        parts.append(f"h{'₁₂'[k]} points to the {TOWARDS[eighth]} and says 1 to {_rows(says[k])}: that is {name}")
    told = (f"{state.news}. " if state.news else "") + "; ".join(parts)
    return f"{told}; both say 1 to {_rows(says[2])}, so {_right(state)} of 4 are right. {_verdict(state, says)}"


def _verdict(state: State, says: Array) -> str:
    if solved(state):
        guessed = {"3": " You guessed 3.", "4": " As you guessed."}.get(state.guess, "")
        return f"Solved: one neuron is OR, the other NAND, and AND joins them.{guessed}"
    for flips, which in (((True, False), "h₁"), ((False, True), "h₂"), ((True, True), "h₁ and h₂")):
        if solved(replace(state, flip_1=state.flip_1 ^ flips[0], flip_2=state.flip_2 ^ flips[1])):
            return f"The lines are in place: flip {which}."
    needs = []
    for row, target, first, second, both in zip(ROW_NAMES, Y[:, 0], *says, strict=True):
        if target and not both:
            silent = " and ".join(f"h{k}" for k, says_one in zip("₁₂", (first, second), strict=True) if not says_one)
            needs.append(f"{silent} must say 1 to {row}")
        elif both and not target:
            needs.append(f"one of them must say 0 to {row}")
    return "Still to do: " + "; ".join(needs) + "."


def formula(state: State) -> str:
    """Return the two neurons' sums with the present numbers, and the truth table of all three."""
    sums, inputs = [], [variable("A"), variable("B")]
    for k, neuron in enumerate(perceptrons(state), 1):
        name = f'<mrow data-term="h{k}" tabindex="0">{variable("h", k, f"h{k}")}</mrow><mo>=</mo><mn>1</mn>'
        sums.append(
            f"{name}<mtext>&nbsp;if&nbsp;</mtext>{weighted_sum(neuron.w, neuron.b, inputs)}<mo>≥</mo><mn>0</mn>"
        )
    heads = "".join(f'<th scope="col" class="h{k}" data-term="h{k}">h{"₁₂"[k - 1]}</th>' for k in (1, 2))
    lines = []
    for row, target, first, second, both in zip(ROW_NAMES, Y[:, 0], *_answers(state), strict=True):
        mark = '"right">{:.0f} ✓' if both == target else '"wrong">{:.0f} ✗'
        cells = "".join(f"<td>{cell}</td>" for cell in (*row, *(f"{v:.0f}" for v in (first, second, both))))
        lines.append(f'<tr data-term="{row}" tabindex="0">{cells}<td class={mark.format(target)}</td></tr>')
    return (
        f'{equations(sums)}<table><thead><tr><th scope="col">A</th><th scope="col">B</th>{heads}'
        '<th scope="col" data-term="both" tabindex="0">h₁ AND h₂</th><th scope="col">XOR</th></tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )
