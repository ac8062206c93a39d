"""Figure `linear-map`: where four numbers and a shift send the plane, and the way there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from figures import motion
from figures.controls import Choice, Control, Range, Toggle
from figures.motion import running as running
from scene import map_words as words
from scene.carried import Carried, carry
from scene.marks import Array, Scene
from scene.mathml import equations
from scene.plane_map import plane_map
from scene.pointing import nearest
from scene.ticks import number

NAME = "linear-map"
END, SECONDS = 2.0, 1.5
"""Two moves, multiply and shift, and how long each takes."""
MOST, SHIFT, SNAP = 2.0, 1.0, 0.05
"""The largest entry of W and of b, and the step to which a drag rounds."""
ENTRIES = ("w11", "w12", "w21", "w22")
SIZES_SAID = {"flat": f"flat", "smaller": f"smaller", "same": "as large", "larger": f"larger"}

QUESTION = "What can four numbers do to the whole plane?"
HINT = "Drag the red tips or type numbers; guess, then press Transform."
CAPTION = (
    "The first row of W is where e₁ = (1, 0) goes, the second where e₂ = (0, 1) goes, and everything else follows. "
    "The way there turns first and then stretches, so nothing looks lost unless W loses it. Watch the F."
)
SIZES = {"plane": (424, 424)}
VIEWS = (
    (
        "plane",
        "The plane",
        "A grid with the unit square, an F in it, and two arrows; marks show where the arrows are to go.",
        ("det", "fate"),
    ),
)
POINTED = ("plane",)
LAYOUT = {
    "guess": ("guess",),
    "groups": (("play",),),
    "controls": ("time", "preset", "w11", "w12", "w21", "w22", "b1", "b2"),
}
CONTROLS: tuple[Control, ...] = (
    Toggle("play", "Transform", "Pause"),
    Range("time", "Time: W, then b", 0.0, END, 0.01),
    Choice("preset", "Preset", words.NAMED),
    *(Range(f"w{i}{j}", f"w{'₁₂'[i - 1]}{'₁₂'[j - 1]}", -MOST, MOST, SNAP, typed=True) for i in (1, 2) for j in (1, 2)),
    *(Range(f"b{j}", f"b{'₁₂'[j - 1]}", -SHIFT, SHIFT, SNAP, typed=True) for j in (1, 2)),
    Choice("guess", "What will W make of the unit square?", tuple(SIZES_SAID.items()), tapped=True),
)


@dataclass(frozen=True)
class State:
    """What the reader has set, and how far the plane has come: at 1 it is multiplied, at 2 shifted too."""

    play: bool = False
    time: float = 0.0
    preset: str = "own"
    w11: float = 2.0
    w12: float = 0.5
    w21: float = -0.5
    w22: float = 0.5
    b1: float = 0.5
    b2: float = -0.5
    guess: str = ""
    term: str = ""
    news: str = ""
    """What the last change of W did to its determinant, in words."""


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def arrays(state: State) -> tuple[Array, Array]:
    """Return W, (2, 2), and b, (2,)."""
    numbers = np.array(_numbers(state))
    return numbers[:4].reshape(2, 2), numbers[4:]


def _numbers(state: State) -> tuple[float, ...]:
    return state.w11, state.w12, state.w21, state.w22, state.b1, state.b2


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: another preset begins before any move, another W is another guess."""
    numbers = tuple(round(value, 2) + 0.0 for value in _numbers(state))
    chosen = state.preset not in (before.preset, "own")
    if chosen:
        numbers = words.PRESETS[state.preset][1] + numbers[4:]
        state = replace(state, play=False) if state.time != before.time else replace(state, play=False, time=0.0)
    else:
        state = motion.begun(state, before, END)
    state = replace(state, news="", **dict(zip((*ENTRIES, "b1", "b2"), numbers, strict=True)))  # type: ignore[arg-type]
    if (arrays(state)[0] == arrays(before)[0]).all():
        return state
    same = (name for name, (_, entries) in words.PRESETS.items() if entries == numbers[:4])
    was, now = (words.exactly(arrays(one)[0]) for one in (before, state))
    news = "" if chosen or state.time < 1.0 else f"The determinant went from {was} to {now}. "
    guess = "" if state.guess == before.guess else state.guess
    return replace(state, preset=next(same, "own"), guess=guess, news=news)


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with a basis vector's goal, e1 or e2, or the shift's end, b, brought to a place."""
    names, most = {"e1": (ENTRIES[:2], MOST), "e2": (ENTRIES[2:], MOST), "b": (("b1", "b2"), SHIFT)}[handle]
    place = np.array([x, y]) - (0.0 if handle == "b" else carried(state).corners[0])
    entries = np.round(np.clip(place, -most, most) / SNAP) * SNAP
    return changed(replace(state, **dict(zip(names, entries.tolist(), strict=True))), state)


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit that the pointer is at: an arrow, the shift, or a direction that is kept."""
    lit = "" if x is None or y is None else nearest(x, y, carried(state).segments, 0.14)
    return state if lit == state.term else replace(state, term=lit)


def advance(state: State, elapsed: float, budget: float, clock: Callable[[], float]) -> State:
    """Return the state `elapsed` seconds later."""
    return motion.played(state, elapsed, SECONDS, END)


def arrived(state: State) -> State:
    """Return the state after the next move, at rest."""
    return motion.arrived(state, END)


def carried(state: State) -> Carried:
    """Return where the plane is: at time 2 just at x W + b."""
    return carry(_numbers(state)[:4], _numbers(state)[4:], motion.eased(state.time))


def present(state: State) -> float:
    """Return the determinant of the map that has carried the plane so far."""
    return words.determinant(arrays(state)[0]) if state.time >= 1.0 else carried(state).area


def scene(state: State) -> Scene:
    """Return the figure's picture, `plane`."""
    return {"plane": plane_map(carried(state), state.term)}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    word = words.stage(arrays(state)[0], state.time)
    return {"det": (f"determinant {number(present(state))}", repr(present(state))), "fate": (word, word)}


def describe(state: State) -> str:
    """Return in words where W and b send the plane, how far it is, what it lost, and what came of the guess."""
    W, b = arrays(state)
    sent = f"e₁ to {words.pair(W[0])} and e₂ to {words.pair(W[1])}"
    if state.time < 1.0:
        way = words.way_words(W, carried(state).turn, present(state), state.time)
        return f"{way} W sends {sent}; then b shifts everything by {words.pair(b)}."
    shifted = f", and b shifted everything by {words.pair(b)}" if state.time == END else ""
    told = f"{state.news}W sent {sent}{shifted}. {words.end_words(W)} {words.eigen_words(W, carried(state).stretches)}"
    verdict = f"right" if state.guess == words.size(W) else f"it is {SIZES_SAID[words.size(W)]}"
    return told + (f" You guessed {SIZES_SAID[state.guess]}: {verdict}." if state.guess else "")


def formula(state: State) -> str:
    """Return x W + b, the determinant and the kept directions with the present numbers, as MathML."""
    W, b = arrays(state)
    return equations([*words.map_rows(W, b, state.time >= 1.0), *words.eigen_rows(W, carried(state).stretches)])
