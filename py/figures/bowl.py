"""Figure `bowl`: the loss of one neuron over its two weights, as a surface to turn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

import numpy as np

from figures.controls import Choice, Control, Range
from scene.marks import Array, Handles, Labels, Lines, Mark, Points, Scene, View
from scene.mathml import variable
from scene.relief import AXIS, Relief, Terrain
from scene.relief_axes import relief_axes
from scene.ticks import number, ticks
from unfold.activations import ACTIVATIONS
from unfold.calculus import gradient_of_two_weights, loss_of_two_weights

NAME = "bowl"
X = np.array([[1.0, 0.2], [0.4, 1.0], [-0.8, 0.6], [0.3, -1.1], [-1.0, -0.5]])
y = np.tanh(X @ np.array([1.2, -0.7]))
"""Five samples, and what a tanh neuron with the weights 1.2 and -0.7 answers to them."""
MOST, STEP = 3.0, 0.1
CELLS = 48
DEGREES_A_PIXEL = 0.5
NEAR = 0.08
"""How near to a line, in the view's units, the pointer is on it."""

QUESTION = "Where is the loss lowest?"
HINT = "Drag the surface to turn it. Move w downhill."
CAPTION = (
    "Each place on the floor is a pair of weights; the surface above it is as high as the loss. "
    "There is one lowest place: bring w there. Then choose tanh, and see what becomes of the bowl far out."
)
POINTED = ("bowl",)
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
CONTROLS: tuple[Control, ...] = (
    Range("w1", "Weight w1", -MOST, MOST, STEP),
    Range("w2", "Weight w2", -MOST, MOST, STEP),
    Choice("activation", "Activation", (("identity", "none (identity)"), ("tanh", "tanh"))),
    Range("turn", "Turn", 0, 359, 1),
    Range("tilt", "Tilt", 10, 80, 1),
    Choice(
        "guess",
        "What will tanh make of the bowl?",
        (("flat", "flat far out"), ("steep", "steeper far out"), ("two", "two lowest places")),
        tapped=True,
    ),
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
    """Parts of a degree that a drag has moved and that no control can hold."""


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set, knowing where w came from."""
    moved = (state.w1, state.w2) != (before.w1, before.w2)
    return replace(state, before=(before.w1, before.w2) if moved else (), rest=(0.0, 0.0))


def dragged(state: State, handle: str, x: float, y: float) -> State:
    """Return the state with w brought to where its place on the surface is seen nearest to the pointer."""
    steps, losses = _settable(state.activation)
    w1, w2 = np.meshgrid(steps, steps)
    seen = _relief(state).flat(np.stack([w1, w2, losses], axis=-1))
    # One line of sight may meet the surface twice: a little weight on the way there keeps w on its own side.
    far = ((seen - np.array([x, y])) ** 2).sum(axis=-1) + 0.002 * ((w1 - state.w1) ** 2 + (w2 - state.w2) ** 2)
    row, column = np.unravel_index(int(far.argmin()), far.shape)
    return changed(replace(state, w1=float(steps[column]), w2=float(steps[row])), state)


def turned(state: State, view: str, dx: float, dy: float) -> State:
    """Return the state after the picture was dragged by so many pixels: what is near follows the pointer."""
    turn, tilt = (
        at + rest + DEGREES_A_PIXEL * d
        for at, rest, d in zip((state.turn, state.tilt), state.rest, (dx, dy), strict=True)
    )
    tilt = min(max(tilt, 10.0), 80.0)
    rest = (turn - round(turn), tilt - round(tilt))
    return replace(state, turn=round(turn) % 360, tilt=round(tilt), rest=rest, before=())


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit whose line the pointer is on."""
    term = ""
    if x is not None and y is not None:
        for name, path in _terms(state).items():
            a, b = _relief(state).flat(path[[0, -1]])
            length = max(float((b - a) @ (b - a)), 1e-12)
            nearest = a + min(max(float((np.array([x, y]) - a) @ (b - a)) / length, 0.0), 1.0) * (b - a)
            if np.hypot(*(nearest - (x, y))) < NEAR:
                term = name
    return state if term == state.term else replace(state, term=term)


def loss(state: State, at: tuple[float, ...] = ()) -> float:
    """Return the loss at w, or at other weights."""
    w1, w2 = map(np.asarray, at or (state.w1, state.w2))
    return float(loss_of_two_weights(w1, w2, X, y, ACTIVATIONS[state.activation]))


@cache
def _settable(activation: str) -> tuple[Array, Array]:
    """Return the steps of the controls, (61,), and the loss at each pair, (61, 61): a row for each w2."""
    steps = np.round(np.linspace(-MOST, MOST, round(2 * MOST / STEP) + 1), 1)
    return steps, loss_of_two_weights(steps, steps[:, None], X, y, ACTIVATIONS[activation])


@cache
def _lowest(activation: str) -> tuple[float, float]:
    steps, losses = _settable(activation)
    row, column = np.unravel_index(int(losses.argmin()), losses.shape)
    return float(steps[column]), float(steps[row])


@cache
def _terrain(activation: str) -> Terrain:
    at = np.linspace(-MOST, MOST, CELLS + 1)
    losses = loss_of_two_weights(at, at[:, None], X, y, ACTIVATIONS[activation])
    marks = ticks(0.0, float(losses.max()), 12)
    return Terrain(losses, at, at, 0.0, float(losses.max()), marks[1][0] - marks[0][0])


def _terms(state: State) -> dict[str, Array]:
    """Return what each term of the formula is in the picture, a path (n, 3): two ways on the floor, and the height."""
    corners = np.array([[0.0, 0.0], [state.w1, 0.0], [state.w1, state.w2]])
    terrain, share = _terrain(state.activation), np.linspace(0.0, 1.0, 24)[:, None]
    ways = [np.column_stack([a + share * (b - a), np.full(24, -np.inf)]) for a, b in pairwise(corners)]
    rise = terrain.floor + share[:, 0] * (loss(state) - terrain.floor)
    return {"w1": ways[0], "w2": ways[1], "loss": np.column_stack([np.tile(corners[2], (24, 1)), rise])}


def _relief(state: State) -> Relief:
    low = _lowest(state.activation)
    bottom = np.array([[*low, loss(state, low)]])
    paths = tuple(
        Lines((path,), "act" if state.term == name else "ink", 4.0 if state.term == name else 1.75, halo=True)
        for name, path in _terms(state).items()
    )
    foot = Points(np.array([[state.w1, state.w2, -np.inf]]), "act", "disc", 4.0, "panel", 1.5)
    return Relief(
        _terrain(state.activation), state.turn, state.tilt, paths,
        (foot, Points(bottom, "good", "square", 5.0, "panel", 1.5)),
    )  # fmt: skip


def scene(state: State) -> Scene:
    """Return the figure's picture, `bowl`: the surface, w on it, what stands below it, and the names of the axes."""
    relief = _relief(state)
    at = relief.flat(np.array([[state.w1, state.w2, loss(state)]]))
    marks: list[Mark] = [relief, *relief_axes(relief, ("w₁", "w₂", "loss"), 2.0), Handles(at, ("w",))]
    bottom = relief.flat(relief.points[1].at)
    across, up = (bottom - at)[0]
    covered = abs(across) < 0.2 and 0.0 <= up < 0.4
    marks.append(Labels(at, ("w",), "act", 15.0, offset=(0.0, 20.0 if covered else -20.0), italic=True))
    if np.hypot(across, up) > 0.35:
        marks.append(Labels(bottom, ("lowest",), "good", 12.5, offset=(0.0, 17.0)))
    return {"bowl": View(tuple(marks), AXIS, AXIS)}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    there = (state.w1, state.w2) == _lowest(state.activation)
    words = ("✓ Lowest: no step goes lower", "true") if there else ("Not yet the lowest", "false")
    return {"loss": (f"loss {number(loss(state), 3)}", repr(loss(state))), "solved": words}


def describe(state: State) -> str:
    """Return in words what the figure shows: where w stands and how high, what its move did, and which way is down."""
    neuron = "tanh neuron" if state.activation == "tanh" else "neuron without an activation"
    here = f"w1 = {number(state.w1, 1)}, w2 = {number(state.w2, 1)}"
    text = f"The loss of a {neuron} over its two weights. At {here} it is {number(loss(state), 3)}"
    if state.before:
        was = loss(state, state.before)
        change = "fell" if loss(state) < was else "rose" if loss(state) > was else "stayed the same"
        text += f": by this move it {change} from {number(was, 3)}"
    lowest = _lowest(state.activation)
    if (state.w1, state.w2) == lowest:
        text += ", the lowest there is in steps of 0.1."
    else:
        w1, w2 = map(np.asarray, (state.w1, state.w2))
        slopes = gradient_of_two_weights(w1, w2, X, y, ACTIVATIONS[state.activation])
        ways = " and ".join(f"{'raise' if s < 0 else 'lower'} {n}" for n, s in zip(("w1", "w2"), slopes, strict=True))
        place = " and ".join(f"{n} = {number(low, 1)}" for n, low in zip(("w1", "w2"), lowest, strict=True))
        text += f"; downhill is to {ways}. The lowest place is at {place}."
    return f"{text} The surface is turned by {state.turn} and tilted by {state.tilt} degrees.{_verdict(state)}"


def _verdict(state: State) -> str:
    if not state.guess or state.activation != "tanh":
        return ""
    right = "you guessed it" if state.guess == "flat" else "you guessed otherwise"
    return f" Far out tanh hardly moves any more, so the bowl is nearly flat there: {right}."


def formula(state: State) -> str:
    """Return the loss as MathML, with the two weights and the loss in numbers: each lights its line in the picture."""

    def term(name: str, value: float, digits: int) -> str:
        return f'<mrow data-term="{name}" tabindex="0"><mn>{number(value, digits)}</mn></mrow>'

    def product(name: str, weight: float, index: int) -> str:
        inside = term(name, weight, 1)
        inside = f"<mo>(</mo>{inside}<mo>)</mo>" if weight < 0 else inside
        return f"{inside}<mspace width='.1em'></mspace>{variable('x', index)}"

    answer = f"{product('w1', state.w1, 1)}<mo>+</mo>{product('w2', state.w2, 2)}"
    if state.activation == "tanh":
        answer = f"<mi>tanh</mi><mo>&#x2061;</mo><mrow><mo>(</mo>{answer}<mo>)</mo></mrow>"
    square = f"<msup><mrow><mo>(</mo>{answer}<mo>−</mo><mi>y</mi><mo>)</mo></mrow><mn>2</mn></msup>"
    mean = "<mfrac><mn>1</mn><mn>5</mn></mfrac><mo>∑</mo>"
    return f"<math><mi>L</mi><mo>=</mo>{mean}{square}<mo>=</mo>{term('loss', loss(state), 3)}</math>"
