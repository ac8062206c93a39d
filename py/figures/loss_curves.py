"""Figure `loss-curves`: sigmoid, tanh, Mish and the reader's own, each trained on XOR from many seeds at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from figures.controls import Choice, Control, Range, Several, Toggle
from figures.many_seeds import EPOCHS, Runs, engines, further
from figures.motion import running as running
from figures.own_formula import FORMULA
from figures.recipe import OPTIMIZER, SOLVED_BELOW
from scene.activation_curves import WORDS, legend
from scene.many_runs import SCALES, SIZE, Outcome, Scales, judged, pictures, table, told
from scene.marks import Scene
from scene.named_curves import Picture, curve_at, name_at
from scene.ticks import count, number

NAME = "loss-curves"
RACERS = ("sigmoid", "tanh", "mish")
ALL = (*RACERS, "own")

QUESTION = "Is it the seed, or the activation?"
HINT = "Guess, then press Run."
CAPTION = (
    "Each seed gives all of them the same start. On the left the middle run and a band from the first quartile to the "
    f"third; on the right the share whose loss has been under {SOLVED_BELOW}, with a dot where half of these had. Do "
    "not call a run that fails trapped without looking: flat ground and saddles hold it as well. Now change the rate."
)
SIZES = {"median": SIZE, "share": SIZE}
VIEWS = (
    ("median", "Loss, the middle half of the seeds", "Loss against epochs, from 0 to 2000: empty.", ("epoch",)),
    (
        "share",
        "Solved so far, 95 % intervals",
        "The share of seeds solved against epochs: empty.",
        ("engine",),
    ),
)
LAYOUT = {
    "guess": ("guess",),
    "groups": (("play",),),
    "controls": ("show", "learning-rate", "seeds", "optimizer", "scale", "formula"),
    "panels": "wide",
}
POINTED = ("median", "share")
SHARED = ("formula",)
SHOW = Several("show", "Shown", *legend(ALL))
CONTROLS: tuple[Control, ...] = (
    Toggle("play", "Run", "Pause"),
    SHOW,
    Range("learning-rate", "Learning rate", 0.1, 10.0, 0.1),
    Range("seeds", "Seeds", 16, 512, 16),
    OPTIMIZER,
    Choice("scale", "Scale", tuple(SCALES.items())),
    FORMULA,
    Choice("guess", "Which solves XOR from the most seeds?", legend(RACERS)[0], tapped=True),
)


@dataclass(frozen=True)
class State:
    """How the networks are trained, what is shown, and how far each activation's runs have come."""

    play: bool = False
    show: str = ",".join(ALL)
    learning_rate: float = 1.0
    seeds: int = 256
    optimizer: str = "sgd"
    scale: str = "even"
    formula: str = ""
    guess: str = ""
    term: str = ""
    runs: dict[str, Runs] = field(default_factory=dict)

    @property
    def activations(self) -> dict[str, str]:
        """The activations that run, each a name or a formula: the reader's own only where there is one."""
        own = self.formula.strip()
        return {name: name for name in RACERS} | ({"own": own} if own else {})

    @property
    def epoch(self) -> int:
        """How many epochs have been trained of those that are furthest behind."""
        return min((runs.epoch for runs in self.runs.values()), default=0)

    @property
    def done(self) -> bool:
        """Whether all have run to the end."""
        return self.epoch == EPOCHS and set(self.activations) <= set(self.runs)


def start() -> State:
    """Return the state the figure opens in."""
    return State()


def changed(state: State, before: State) -> State:
    """Return the state after a control was set: what it makes out of date runs anew, at once if any had run."""
    kept = state.runs
    if state.formula != before.formula:
        kept = {name: runs for name, runs in kept.items() if name != "own"}
        state = replace(state, show=SHOW.added(state.show, "own"))
    how, how_before = ((s.learning_rate, s.seeds, s.optimizer) for s in (state, before))
    if how != how_before or (state.play and not before.play and state.done):
        kept = {}
    state = replace(state, runs=kept, play=state.play or (bool(before.runs) and kept is not before.runs))
    return replace(state, play=state.play and not state.done)


def pressed_at(state: State, view: str, x: float, y: float) -> State:
    """Return the state after a press on a picture: on a name it hides that curve."""
    name = name_at(_pictures(state)[view], SIZE, x, y)
    return replace(state, show=SHOW.flipped(state.show, name)) if name else state


def hovered(state: State, view: str, x: float | None, y: float | None) -> State:
    """Return the state with the curve lit that the pointer is at, or whose name it is at."""
    term = curve_at(_pictures(state)[view], SIZE, x, y)
    return state if term == state.term else replace(state, term=term)


def advance(state: State, elapsed: float, budget: float, clock: Callable[[], float]) -> State:
    """Return the state after about `budget` seconds of `clock` spent on training, however long that takes in all."""
    deadline, how = clock() + budget, (state.learning_rate, state.optimizer)
    while not state.done:
        state = replace(state, runs=further(state.runs, state.activations, state.seeds, how))
        if clock() >= deadline:
            break
    return replace(state, play=not state.done)


def _outcomes(state: State) -> dict[str, Outcome]:
    return {name: state.runs[name].outcome for name in ALL if name in state.runs}


def _pictures(state: State) -> dict[str, Picture]:
    shown = {name: outcome for name, outcome in _outcomes(state).items() if name in state.show.split(",")}
    return pictures(shown, Scales(EPOCHS, state.scale), SOLVED_BELOW, state.term)


def scene(state: State) -> Scene:
    """Return the figure's two pictures: `median` and `share`."""
    return {name: view for name, (view, _) in _pictures(state).items()}


def readouts(state: State) -> dict[str, tuple[str, str]]:
    """Return each readout's rounded text and its full precision."""
    return {"epoch": (count(state.epoch), str(state.epoch)), "engine": engines(state.runs.values())}


def describe(state: State) -> str:
    """Return in words how many seeds each activation has solved XOR from, how soon, and what came of the guess."""
    how = f"{dict(OPTIMIZER.options)[state.optimizer]} at learning rate {number(state.learning_rate, 1)}"
    outcomes = _outcomes(state)
    if not outcomes:
        waiting = ", ".join(WORDS[name] for name in state.activations)
        return f"Nothing has run yet. Waiting are {state.seeds} seeds each of {waiting}, by {how}."
    verdict = judged(state.guess if state.done else "", outcomes)
    return f"Epoch {count(state.epoch)} of {count(EPOCHS)}, by {how}: {told(outcomes)}.{verdict}"


def formula(state: State) -> str:
    """Return the table of outcomes, a row for each activation."""
    outcomes = _outcomes(state)
    return table({name: outcomes.get(name) for name in state.activations})
