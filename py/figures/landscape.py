"""Figure `landscape`: the loss around what training reached, for three activations, as surfaces with one camera."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from figures import turning
from figures.controls import Choice, Control, Range, Toggle
from scene.landscapes import HIDDEN, Cut, cut, grounds
from scene.landscapes import landscape as picture
from scene.marks import Scene
from scene.mathml import equations, variable
from scene.relief import Relief
from scene.slope_formulas import brackets, term
from scene.ticks import number

NAME = "landscape"
NAMES = {"sigmoid": "Sigmoid", "tanh": "Tanh", "mish": "Mish"}
NEAR = 0.12
"""How near to the path, in the view's units, the pointer is on it."""

QUESTION = "What does the ground look like that training walks on?"
HINT = "Drag any surface: all three turn."
CAPTION = (
    "The network has nine weights and biases; a surface has room for two directions. Along the path’s own two main "
    "directions nearly the whole walk can be seen. Along two random ones most of it is hidden, and the ground looks "
    "different: a cut shows what lies in it, nothing else. Each path leads to the trained network, a green dot. "
    "Dark is low."
)
SIZES = dict.fromkeys(HIDDEN, (320, 320))
ALT = "A surface over a floor with contours: the loss around a trained network, and the path of training down to it."
VIEWS = tuple((name, NAMES[name], ALT, (f"loss-{name}", f"share-{name}")) for name in HIDDEN)
POINTED = RELIEFS = HIDDEN
CHOSEN = ("directions", "seed", "direction-seed", "reach", "turn", "tilt")
LAYOUT = {"guess": ("guess",), "groups": (("log",),), "controls": CHOSEN}
GUESSES = {"third": 0.33, "two-thirds": 0.67, "all": 0.98}
OPTIONS = (("third", "about a third"), ("two-thirds", "about two thirds"), ("all", "nearly all"))
CONTROLS: tuple[Control, ...] = (
    Toggle("log", "Show logarithms", "Show losses"),
    Choice("directions", "Two directions", (("path", "the path’s main two"), ("random", f"random"))),
    Range("seed", "Seed of the run", 0, 999, 1, typed=True),
    Range("direction-seed", "Directions' seed", 0, 999, 1, typed=True),
    Range("reach", "Reach", 0.2, 3.0, 0.1),
    turning.TURN,
    turning.TILT,
    Choice("guess", "Training moves nine numbers. How much of its way lies in two directions?", OPTIONS, True),
)


@dataclass(frozen=True)
class State:
    """Which runs are shown, along which directions, how far, and from where they are seen."""

    log: bool = False
    directions: str = "path"
    seed: int = 1
    direction_seed: int = 0
    reach: float = 1.0
    turn: int = 322
    tilt: int = 38
    guess: str = ""
    term: str = ""
    rest: tuple[float, float] = field(default=(0.0, 0.0), compare=False)


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set."""
    return replace(state, rest=(0.0, 0.0))


def turned(state: State, view: str, dx: float, dy: float) -> State:
    """Return the state after any of the pictures was dragged by so many pixels: there is one camera."""
    return turning.turned(state, dx, dy)


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the term lit whose mark the pointer is on: the path, or the trained network at its end."""
    lit = ""
    if x is not None and y is not None:
        relief = next(mark for mark in scene(state)[view].marks if isinstance(mark, Relief))
        places = {"path": np.concatenate([*relief.paths[0].paths, np.empty((0, 3))]), "end": relief.points[1].at}
        for name, at in places.items():
            if (np.hypot(*(relief.flat(at) - (x, y)).T) < NEAR).any():
                lit = name
    return state if lit == state.term else replace(state, term=lit)


def cuts(state: State) -> dict[str, Cut]:
    """Return for each activation the plane that is shown."""
    return {name: cut(name, state.seed, _noise(state)) for name in HIDDEN}


def _noise(state: State) -> int | None:
    return state.direction_seed if state.directions == "random" else None


def scene(state: State) -> Scene:
    """Return the figure's three pictures, one for each activation."""
    ground = grounds(state.seed, _noise(state), round(state.reach, 1), state.log)
    look = (state.turn, state.tilt, "log₁₀ loss" if state.log else f"loss", state.term)
    return {name: picture(part, *look) for name, part in zip(HIDDEN, ground, strict=True)}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision: the loss at the end, and the share of the path."""
    found = {}
    for name, plane in cuts(state).items():
        found[f"loss-{name}"] = (f"loss {number(_end(plane), 4)}", repr(_end(plane)))
        found[f"share-{name}"] = (f"path {percent(plane.share)}", repr(plane.share))
    return found


def percent(share: float) -> str:
    """Return a share in per cent; only the whole is 100."""
    return f"{number(min(100.0 * share, 99.9) if share < 1.0 else 100.0, 1)} %"


def _end(plane: Cut) -> float:
    return float(plane.losses(np.zeros((1, 2)))[0])


def describe(state: State) -> str:
    """Return in words what is shown: where the runs ended, and how much of their paths lies in the two directions."""
    planes = cuts(state)
    ends = ", ".join(f"{NAMES[name]} {number(_end(plane), 4)}" for name, plane in planes.items())
    shares = ", ".join(f"{NAMES[name]} {percent(plane.share)}" for name, plane in planes.items())
    ways = "two random directions" if state.directions == "random" else "the two main directions of each path"
    height = "The logarithm of the loss" if state.log else "The loss"
    return (
        f"{height} around three trained networks (seed {state.seed}), along {ways}. Losses reached: {ends}. In these "
        f"two directions lies this much of the path, measured by squared distances from its end: {shares}. What the "
        f"loss does in the other seven is not seen here. The surfaces are turned by {state.turn} and tilted by "
        f"{state.tilt} degrees.{_verdict(state)}"
    )


def _verdict(state: State) -> str:
    if not state.guess:
        return ""
    share = min(cut(name, state.seed, None).share for name in HIDDEN)
    nearest = min(GUESSES, key=lambda name: abs(GUESSES[name] - share))
    right = "you guessed it" if nearest == state.guess else f"you guessed {dict(OPTIONS)[state.guess]}"
    return f" Two directions can hold at least {percent(share)} of each path: {right}."


def formula(state: State) -> str:
    """Return what the height is, and the shares, as MathML: the trained weights and the shares light their marks."""
    trained = term("end", f"<msup>{variable('w')}<mo>∗</mo></msup>")
    parts = "".join(f"<mo>+</mo><mi>{a}</mi>{variable('d', k)}" for k, a in ((1, "α"), (2, "β")))
    shown = f"<mi>L</mi>{brackets('<mi>α</mi><mo>,</mo><mi>β</mi>')}<mo>=</mo><mi>loss</mi>{brackets(trained + parts)}"
    shares = [f"<mtext>{NAMES[n]}</mtext><mo>:</mo><mn>{percent(p.share)}</mn>" for n, p in cuts(state).items()]
    return equations([shown, *(term("path", share) for share in shares)])
