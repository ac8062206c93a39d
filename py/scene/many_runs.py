"""Many runs of each of several activations: their losses as a median with a band, the share that solved, a table."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from scene.activation_curves import LOOKS, WORDS
from scene.intervals import wilson
from scene.marks import Array, Axis, Labels, Lines, Mark, Points, Regions, View
from scene.named_curves import ROOM, Curve, Picture, named
from scene.ticks import count, decades, number, ticks

SIZE = (480, 340)
MARGIN = (46.0, 8.0, ROOM, 26.0)
PERCENT = "\u00a0%"
LEAST = 1e-6
"""On a logarithmic scale a loss under this stands here."""


class Outcome(NamedTuple):
    """What became of one activation's runs so far."""

    epochs: Array
    """Those drawn, from 0 on: (n,)."""
    quartiles: Array
    """First quartile, median and third quartile of the losses there: (n, 3)."""
    solved: Array
    """How many runs had solved the task by then: (n,)."""
    runs: int
    epochs_to_solve: Array | None
    """First quartile, median and third quartile, (3,), over the runs that solved it; None while none has."""


SCALES = {
    "even": f"even",
    "loss": "loss in powers of ten",
    "epochs": "epochs in powers of ten",
    "both": "both in powers of ten",
}


class Scales:
    """How the pictures are laid out up to the epoch `last`; `name` is one of SCALES."""

    def __init__(self, last: int, name: str) -> None:
        self.last = last
        self.loss, self.epochs = name in ("loss", "both"), name in ("epochs", "both")

    def across(self, epochs: Array) -> Array:
        """Return where epochs stand."""
        return np.log10(np.maximum(epochs, 1.0)) if self.epochs else np.asarray(epochs, float)

    def up(self, losses: Array) -> Array:
        """Return where losses stand."""
        return np.log10(np.maximum(losses, LEAST)) if self.loss else losses

    @property
    def axis(self) -> Axis:
        """The epochs' axis."""
        low, high = self.across(np.array([0, self.last]))
        return Axis(low, high, decades(low, high) if self.epochs else ticks(low, high, 5))


def pictures(outcomes: dict[str, Outcome], scales: Scales, goal: float, lit: str) -> dict[str, Picture]:
    """Return the pictures `median`, of the losses, and `share`, of the runs that have solved the task."""
    median = _loss_picture(outcomes, scales, goal, lit)
    return {"median": median, "share": _share_picture(outcomes, scales, lit)}


def _loss_picture(outcomes: dict[str, Outcome], scales: Scales, goal: float, lit: str) -> Picture:
    """Return each activation's median loss, a band over the middle half of its runs, and a dotted line at the goal."""
    bands = {name: scales.up(outcome.quartiles).T for name, outcome in outcomes.items()}
    if scales.loss:
        low, high = np.floor(min([-2.0, *(float(band.min()) for band in bands.values())])), 0.0
        y = Axis(low, high, decades(low, high))
    else:
        high = 1.06 * max([0.3, *(float(band.max()) for band in bands.values())])
        y = Axis(0.0, high, ticks(0.0, high, 6))
    level = float(scales.up(np.array(goal)))
    across = np.array([[scales.axis.low, level], [scales.axis.high, level]])
    line = Lines((across,), "good", 1.5, (3.0, 4.0))
    return _picture(
        outcomes, bands, scales, y, lit, [line, Labels(across[1:], (f"solved",), "good", 11.5, "right", (0.0, -9.0))]
    )


def _share_picture(outcomes: dict[str, Outcome], scales: Scales, lit: str) -> Picture:
    """Return the share of each activation's runs that had solved the task by each epoch, within its 95 % interval.

    A dot stands at the epoch by which half of those had that do.
    """
    bands, dots = {}, []
    for name, outcome in outcomes.items():
        low, high = wilson(outcome.solved, outcome.runs)
        bands[name] = 100.0 * np.array([low, outcome.solved / outcome.runs, high])
        if outcome.epochs_to_solve is not None:
            half = outcome.epochs_to_solve[1]
            place = np.array([[float(scales.across(half)), np.interp(half, outcome.epochs, bands[name][1])]])
            dots.append(Points(place, LOOKS[name][0], "disc", 5.0, "panel", 2.0))
    y = Axis(-3.0, 103.0, tuple((20.0 * k, f"{20 * k} %") for k in range(6)))
    view, curves = _picture(outcomes, bands, scales, y, lit, [])
    return replace(view, marks=(*view.marks, *dots)), curves


def _picture(
    outcomes: dict[str, Outcome], bands: dict[str, Array], scales: Scales, y: Axis, lit: str, under: list[Mark]
) -> Picture:
    """`bands` holds for each the band's low end, the curve and the band's high end, (3, n)."""
    curves, marks = {}, under
    for name, (low, middle, high) in bands.items():
        colour, dash = LOOKS[name]
        x = scales.across(outcomes[name].epochs)
        outline = np.column_stack([np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]])])
        marks.append(Regions((outline,), colour, 0.3 if name == lit else 0.14))
        curves[name] = Curve(WORDS[name], colour, dash, (np.column_stack([x, middle]),))
    view = View((), scales.axis, y, margin=MARGIN)
    if not curves:
        middle = np.array([[(view.x.low + view.x.high) / 2, (y.low + y.high) / 2]])
        marks.append(Labels(middle, ("no curve to show",), "soft"))
    return replace(view, marks=(*marks, *named(curves, view, SIZE, lit))), curves


def table(outcomes: dict[str, Outcome | None]) -> str:
    """Return a table, as HTML, of how many runs solved it, the share with its interval, and the epochs that took."""
    columns = (f"solved", "share, 95&nbsp;% interval", "median epochs", "middle half")
    head = "<td></td>" + "".join(f'<th scope="col">{column}</th>' for column in columns)
    body = ""
    for name, outcome in outcomes.items():
        cells = "".join(f"<td>{cell}</td>" for cell in (_cells(outcome) if outcome else ("–",) * 4))
        body += (
            f'<tr data-term="{name}" tabindex="0"><th scope="row"><span class="{LOOKS[name][0]}">{WORDS[name]}</span>'
            f"</th>{cells}</tr>"
        )
    return f'<table class="runs"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _cells(outcome: Outcome) -> tuple[str, ...]:
    solved = int(outcome.solved[-1])
    share = f"{percent(solved / outcome.runs)} <span>({'–'.join(interval(outcome))})</span>"
    epochs = outcome.epochs_to_solve
    if epochs is None:
        return f"{solved}/{outcome.runs}", share, "–", "–"
    first, half, third = (count(round(epoch)) for epoch in epochs.tolist())
    return f"{solved}/{outcome.runs}", share, half, f"<span>{first}–{third}</span>"


def told(outcomes: dict[str, Outcome]) -> str:
    """Return in words how many runs of each activation have solved the task, how surely, and how soon they had."""
    return "; ".join(f"{WORDS[name]} {_told(outcome)}" for name, outcome in outcomes.items())


def _told(outcome: Outcome) -> str:
    solved = int(outcome.solved[-1])
    low, high = interval(outcome)
    share = f"{percent(solved / outcome.runs)}, likely {low} to {high}"
    told = f"has solved {count(solved)} of {count(outcome.runs)} seeds ({share})"
    if outcome.epochs_to_solve is None:
        return told
    first, half, third = (count(round(epoch)) for epoch in outcome.epochs_to_solve.tolist())
    return f"{told}, half of these by epoch {half}, the middle half from {first} to {third}"


def judged(guess: str, outcomes: dict[str, Outcome]) -> str:
    """Return what came of the guess which activation's runs solve the task most often; the reader's own is no rival."""
    if not guess:
        return ""
    solved = {name: outcome.solved[-1] for name, outcome in outcomes.items() if name != "own"}
    best = [name for name in solved if solved[name] == max(solved.values())]
    verdict = f"right" if guess in best else f"it was {f' and '.join(WORDS[name] for name in best)}"
    return f" You guessed {WORDS[guess]}: {verdict}."


def interval(outcome: Outcome) -> tuple[str, str]:
    """Return the ends of the share's 95 % interval, the lower without its sign of percent."""
    low, high = (percent(float(end)) for end in wilson(outcome.solved[-1], outcome.runs))
    return low.removesuffix(PERCENT), high


def percent(share: float) -> str:
    """Return a share in percent: whole ones, but never 0 for some or 100 for not all."""
    digits = 1 if 0.0 < share < 0.01 or 0.99 < share < 1.0 else 0
    return number(100.0 * share, digits) + PERCENT
