"""Figure `fit-line`: a line to lay over a target, and the loss that says how far off it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from figures.controls import Button, Choice, Control, Range, Toggle
from scene.fitting import W_HANDLE, line_fit, losses_tried
from scene.marks import Array, Scene
from scene.mathml import equations, variable
from scene.slope_formulas import brackets, sum_of_squares, term
from scene.ticks import count, number
from unfold.losses import mean_squared_error

NAME = "fit-line"
X = np.array([-0.9, -0.3, 0.3, 0.9])
"""Where the target is sampled: the loss is the mean of the squared errors there."""
SOLVED_BELOW = 0.02
"""The tolerance. No w and b on the sliders' steps have just this loss, so rounding decides nothing."""
OPENING = (0.4, 0.0)
"""The w and b that every target is met with: no target is so near that it is solved before the first move."""

QUESTION = "Can the loss alone lead you to the line?"
HINT = "Move w and b until the loss is under 0.02."
CAPTION = (
    "The loss is the mean of the squared vertical errors. Now take a new target and hide it: change one number at a "
    "time, and turn round where the loss rises. Every change of w or b is a move."
)
SIZES = {"fit": (300, 300), "trace": (300, 300)}
VIEWS = (
    ("fit", "Your line and the target", "A line with two handles, a dashed target, and the errors as thin lines.", ()),
    ("trace", "Losses tried", "The loss after each move: one point so far.", ("loss", "moves")),
)
LAYOUT = {"guess": ("guess",), "groups": (("challenge", "new"),), "controls": ("w", "b", "seed")}
POINTED = ("fit",)
CONTROLS: tuple[Control, ...] = (
    Range("w", "Slope w", -2.0, 2.0, 0.1),
    Range("b", "Height b", -1.0, 1.0, 0.1),
    Toggle("challenge", "Hide the target", "Show the target"),
    Button("new", "New target"),
    Range("seed", "Target's seed", 0, 999, 1, typed=True),
    Choice("guess", "How many moves will you need?", (("5", "5"), ("15", "15"), ("50", "50")), tapped=True),
)


@dataclass(frozen=True)
class State:
    """The line, the target's seed, and the losses tried so far."""

    w: float = OPENING[0]
    b: float = OPENING[1]
    challenge: bool = False
    seed: int = 3
    guess: str = ""
    term: str = ""
    moves: int = 0
    tried: tuple[float, ...] = ()
    """The loss at the start and after each move."""
    best: tuple[float, float, float] = (np.inf, 0.0, 0.0)
    """The lowest loss so far, and its w and b."""
    step: str = ""
    """The last change, in words."""
    solved_at: int | None = None
    """How many moves it took, once the loss has been under the tolerance: then the target shows."""


def target(seed: int) -> tuple[float, float]:
    """Return w and b of the seed's target line: on the sliders' steps, well away from the opening line."""
    w, b, *signs = np.random.default_rng(seed).integers((5, 3, 0, 0), (19, 10, 2, 2)).tolist()
    return (w if signs[0] else -w) / 10, (b if signs[1] else -b) / 10


def shown(state: State) -> bool:
    """Return whether the target shows: always but in the challenge, and there once it is solved."""
    return not state.challenge or state.solved_at is not None


def errors(state: State) -> Array:
    """Return how far the line is above the target at each of X: (4,)."""
    return state.w * X + state.b - np.polyval(target(state.seed), X)


def start() -> State:
    """Return the state the figure opens in."""
    return _tried(State(), State(), 0, "No move yet")


def _tried(state: State, before: State, moves: int, step: str) -> State:
    """Return the state with its line's loss written down, after those `before` it."""
    loss = float(mean_squared_error(errors(state)[:, None], np.zeros((len(X), 1))))
    solved_at = moves if before.solved_at is None and loss < SOLVED_BELOW else before.solved_at
    tried, best = (*before.tried, loss), min(before.best, (loss, state.w, state.b))
    return replace(state, moves=moves, tried=tried, best=best, step=step, solved_at=solved_at)


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: another line is a move, another target or hiding it a new game."""
    w, b = (round(float(np.clip(value, -most, most)), 1) + 0.0 for value, most in ((state.w, 2.0), (state.b, 1.0)))
    moved = (w, b) != (before.w, before.b)
    if state.seed != before.seed or (state.challenge and not before.challenge):
        w, b = (w, b) if moved else OPENING
        return _tried(replace(state, w=w, b=b), State(), 0, "No move yet")
    if not moved:
        return replace(state, w=w, b=b)
    values = (("w", before.w, w), ("b", before.b, b))
    steps = (f"{name} went from {number(old, 1)} to {number(new, 1)}" for name, old, new in values if old != new)
    return _tried(replace(state, w=w, b=b), before, state.moves + 1, f"Move {state.moves + 1}: {f' and '.join(steps)}")


def pressed(state: State, button: str) -> State:
    """Return the state after a press of `new`: the next seed's target."""
    return changed(replace(state, seed=(state.seed + 1) % 1000), state)


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with the line lifted (`b`) or turned (`w`) to the height y at its handle."""
    return changed(replace(state, b=y) if handle == "b" else replace(state, w=(y - state.b) / W_HANDLE), state)


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit that the pointer is at: the error at a sample, or w along the line."""
    lit = ""
    if x is not None and y is not None:
        near = int(np.argmin(np.abs(X - x)))
        sampled = shown(state) and abs(X[near] - x) < 0.1
        on_line = abs(y - state.w * x - state.b) < 0.25
        lit = f"e{near + 1}" if sampled else ("b" if abs(x) < 0.15 else "w") if on_line else ""
    return state if lit == state.term else replace(state, term=lit)


def scene(state: State) -> Scene:
    """Return the figure's two pictures: `fit` and `trace`."""
    fit = line_fit((state.w, state.b), target(state.seed) if shown(state) else None, X, state.term)
    return {"fit": fit, "trace": losses_tried(state.tried, state.moves, SOLVED_BELOW)}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    loss, solved = state.tried[-1], state.tried[-1] < SOLVED_BELOW
    badge = f"✓ Solved at move {count(state.solved_at or 0)}" if solved else f"Not yet under {SOLVED_BELOW}"
    return {
        "loss": (number(loss, 4), repr(loss)),
        "moves": (f"move {count(state.moves)}", str(state.moves)),
        "solved": (badge, str(solved).lower()),
    }


def _named(w: float, b: float) -> str:
    return f"w = {number(w, 1)} and b = {number(b, 1)}"


def describe(state: State) -> str:
    """Return in words the line, the target unless it is hidden, and what the last move did to the loss."""
    loss, before = state.tried[-1], state.tried[-2:][0]
    word = f"worse" if loss > before + 1e-9 else f"better" if loss < before - 1e-9 else "no different"
    than = f", {word} than {number(before, 4)} before" if state.moves else ""
    goal = f"the target has {_named(*target(state.seed))}" if shown(state) else "the target is hidden"
    told = f"Your line has {_named(state.w, state.b)}; {goal}. {state.step}, and the loss is {number(loss, 4)}{than}."
    if loss >= SOLVED_BELOW:
        least = f"{number(state.best[0], 4)} at {_named(*state.best[1:])}"
        return f"{told} It must get under {SOLVED_BELOW}; the lowest so far is {least}."
    told += f" Solved: under {SOLVED_BELOW} at move {count(state.solved_at or 0)}."
    ratio = (state.solved_at or 0) / float(state.guess or 1)
    near = "a good guess" if 0.5 <= ratio <= 2.0 else "it took fewer" if ratio < 1.0 else "it took more"
    return told + (f" You guessed {state.guess}: {near}." if state.guess else "")


def formula(state: State) -> str:
    """Return the line and its loss, as MathML, with the present numbers; the errors only while the target shows."""
    w, b = (term(name, f"<mn>{number(value, 1)}</mn>") for name, value in (("w", state.w), ("b", abs(state.b))))
    line = f"{variable('y')}<mo>=</mo>{w}{variable('x')}<mo>{'−' if state.b < 0 else '+'}</mo>{b}"
    squares = ["<mo>∑</mo><msup>" + brackets("<mi>y</mi><mo>−</mo><mtext>hidden</mtext>") + "<mn>2</mn></msup>"]
    if shown(state):
        squares = sum_of_squares(errors(state))
    squares[0] = f"{variable('L')}<mo>=</mo><mfrac><mn>1</mn><mn>4</mn></mfrac>{squares[0]}"
    squares[-1] += f"<mo>=</mo><mn>{number(state.tried[-1], 4)}</mn>"
    return equations([line, tuple(squares)])
