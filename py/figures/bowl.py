"""Figure `bowl`: the loss of one neuron over its two weights, as a surface to turn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from figures import turning
from figures.controls import Choice, Control, Range
from scene import two_weights
from scene.marks import Array, Mark, Scene, View
from scene.picking import line_at
from scene.relief import AXIS, MARGIN, Relief
from scene.relief_axes import relief_axes
from scene.standing import named_places, standing, ways_to
from scene.ticks import number
from scene.two_weight_formulas import loss_formula
from scene.words import assigned, downhill

NAME = "bowl"
WEIGHTS = ("w1", "w2")
MOST, STEP, CELLS = 3.0, 0.1, 48
NEAR = 0.08
"""How near to a line, in the view's units, the pointer is on it."""

QUESTION = "Where is the loss lowest?"
HINT = "Drag the surface to turn it. Move w downhill."
CAPTION = (
    "Each place on the floor is a pair of weights; the surface above it is as high as the loss. "
    "There is one lowest place: bring w there. Then choose tanh, and see what becomes of the bowl far out."
)
POINTED = ("bowl",)
RELIEFS = ("bowl",)
SIZES = {"bowl": (424, 424)}
VIEWS = (
    (
        "bowl",
        "Loss over two weights",
        "A bowl-shaped surface over a floor with contours: the loss of a neuron for every pair of weights. A point w "
        "stands high on its side, and a square marks the lowest place.",
        ("loss",),
    ),
)
LAYOUT = {"guess": ("guess",), "groups": (), "controls": ("w1", "w2", "activation", "turn", "tilt")}
GUESSES = (("flat", "flat far out"), ("steep", "steeper far out"), ("two", "two lowest places"))
CONTROLS: tuple[Control, ...] = (
    Range("w1", "Weight w₁", -MOST, MOST, STEP),
    Range("w2", "Weight w₂", -MOST, MOST, STEP),
    Choice("activation", "Activation", (("identity", "none (identity)"), ("tanh", "tanh"))),
    turning.TURN,
    turning.TILT,
    Choice("guess", "What will tanh make of the bowl?", GUESSES, tapped=True),
)


@dataclass(frozen=True)
class State:
    """The two weights, how the surface is seen, and where w stood before its last move."""

    w1: float = -2.0
    w2: float = 1.4
    activation: str = "identity"
    turn: int = 322
    tilt: int = 34
    guess: str = ""
    term: str = ""
    before: tuple[float, ...] = ()
    rest: tuple[float, float] = field(default=(0.0, 0.0), compare=False)


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set, knowing where w came from."""
    moved = (state.w1, state.w2) != (before.w1, before.w2)
    return replace(state, before=(before.w1, before.w2) if moved else (), rest=(0.0, 0.0))


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with w brought to where its place on the surface is seen nearest to the pointer."""
    steps, losses = two_weights.in_steps(state.activation, MOST, STEP)
    w1, w2 = np.meshgrid(steps, steps)
    seen = _relief(state).flat(np.stack([w1, w2, losses], axis=-1))
    # One line of sight may meet the surface twice: a little weight on the way there keeps w on its own side.
    far = ((seen - np.array([x, y])) ** 2).sum(axis=-1) + 0.002 * ((w1 - state.w1) ** 2 + (w2 - state.w2) ** 2)
    row, column = np.unravel_index(int(far.argmin()), far.shape)
    return changed(replace(state, w1=float(steps[column]), w2=float(steps[row])), state)


def turned(state: State, view: str, dx: float, dy: float) -> State:
    """Return the state after the picture was dragged by so many pixels."""
    return replace(turning.turned(state, dx, dy), before=())


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit whose line the pointer is on."""
    relief = _relief(state)
    ends = {name: relief.flat(path[[0, -1]]) for name, path in _terms(state).items()}
    term = "" if x is None or y is None else line_at(ends, x, y, NEAR)
    return state if term == state.term else replace(state, term=term)


def loss(state: State, at: tuple[float, ...] = ()) -> float:
    """Return the loss at w, or at other weights."""
    return float(two_weights.loss(state.activation, *(at or (state.w1, state.w2))))


def _terms(state: State) -> dict[str, Array]:
    """Return what each term of the formula is in the picture, a path (n, 3): two ways on the floor, and the height."""
    terrain = two_weights.loss_terrain(state.activation, MOST, CELLS)
    return dict(zip((*WEIGHTS, "loss"), ways_to(terrain, _place(state)), strict=True))


def _place(state: State) -> Array:
    return np.array([state.w1, state.w2, loss(state)])


def _lowest(state: State) -> tuple[float, float]:
    return two_weights.lowest_in_steps(state.activation, MOST, STEP)


def _relief(state: State) -> Relief:
    terrain, low = two_weights.loss_terrain(state.activation, MOST, CELLS), _lowest(state)
    relief = standing(terrain, _place(state), np.array([*low, loss(state, low)]), _terms(state), state.term)
    return replace(relief, turn=state.turn, tilt=state.tilt)


def scene(state: State) -> Scene:
    """Return the figure's picture, `bowl`: the surface, w on it, what stands below it, and the names of the axes."""
    relief = _relief(state)
    marks: list[Mark] = [relief, *relief_axes(relief, ("w₁", "w₂", f"loss"), 2.0)]
    marks += named_places(relief, _place(state), "w", f"lowest")
    return {"bowl": View(tuple(marks), AXIS, AXIS, margin=MARGIN)}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    there = (state.w1, state.w2) == _lowest(state)
    words = ("✓ Lowest: no step goes lower", "true") if there else ("Not yet the lowest", "false")
    return {"loss": (f"loss {number(loss(state), 3)}", repr(loss(state))), "solved": words}


def describe(state: State) -> str:
    """Return in words what the figure shows: where w stands and how high, what its move did, and which way is down."""
    neuron = "tanh neuron" if state.activation == "tanh" else "neuron without an activation"
    here, low, now = (state.w1, state.w2), _lowest(state), loss(state)
    text = f"The loss of a {neuron} over its two weights. At {assigned(WEIGHTS, here, 1)} it is {number(now, 3)}"
    if state.before:
        was = loss(state, state.before)
        change = f"fell" if now < was else f"rose" if now > was else "stayed the same"
        text += f": by this move it {change} from {number(was, 3)}"
    if here == low:
        text += ", the lowest there is in steps of 0.1."
    else:
        ways = downhill(WEIGHTS, two_weights.gradient(state.activation, here))
        text += f"; downhill is to {ways}. The lowest place is at {assigned(WEIGHTS, low, 1, f' and ')}."
    return f"{text} The surface is turned by {state.turn} and tilted by {state.tilt} degrees.{_verdict(state)}"


def _verdict(state: State) -> str:
    if not state.guess or state.activation != "tanh":
        return ""
    right = "you guessed it" if state.guess == "flat" else "you guessed otherwise"
    return f" Far out tanh hardly moves any more, so the bowl is nearly flat there: {right}."


def formula(state: State) -> str:
    """Return the loss as MathML, with the two weights and the loss in numbers: each lights its line in the picture."""
    return loss_formula(state.activation, (state.w1, state.w2), loss(state))
