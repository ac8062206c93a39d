"""The four rows of a logic gate: as points, as a table, and under the pointer."""

from __future__ import annotations

import numpy as np

from scene.graph import half_square
from scene.marks import Align, Array, Axis, Labels, Mark, Points, Regions, View
from scene.ticks import number
from unfold.datasets import gate

ROWS = gate("and")[0]
ROW_NAMES = tuple(f"{int(a)}{int(b)}" for a, b in ROWS)
LOW, HIGH = -0.5, 1.5
"""The square of inputs that is shown."""
NEAR = 0.15
"""How near to a point the pointer is on it."""


def four_points(targets: Array, answers: Array, lit: str = "") -> list[Mark]:
    """Return the marks of the four rows: shape and colour by `targets`, (4,), a ring where `answers`, (4,), differ.

    The row named `lit` has a ring of its own.
    """
    marks: list[Mark] = []
    if lit in ROW_NAMES:
        marks.append(Points(ROWS[[ROW_NAMES.index(lit)]], "panel", "disc", 19.0, "act", 3.0))
    if (targets != answers).any():
        marks.append(Points(ROWS[targets != answers], "panel", "disc", 16.0, "ink", 1.8))
    marks.append(Points(ROWS[targets == 0.0], "zero-fill", "square", 8.5))
    marks.append(Points(ROWS[targets == 1.0], "one-fill", "disc", 9.5))
    for up, offset in ((0.0, 31.0), (1.0, -31.0)):
        chosen = ROWS[:, 1] == up
        names = tuple(name for name, here in zip(ROW_NAMES, chosen, strict=True) if here)
        marks.append(Labels(ROWS[chosen], names, offset=(0.0, offset)))
    return marks


def sides(normal: Array, bias: float) -> list[Mark]:
    """Return the marks of the two sides of the line normal . x + bias = 0: a tint, and in a corner what it answers.

    The side where the sum is 0 or more, the line itself included, answers 1. `normal` may be zero.
    """
    normal = np.asarray(normal)
    signs = np.where(normal < 0.0, -1.0, 1.0)
    marks: list[Mark] = []
    for side, answer, colour in ((1.0, 1, "one-fill"), (-1.0, 0, "zero-fill")):
        corner = side * signs * (HIGH - LOW) / 2 + (HIGH + LOW) / 2
        if (normal @ corner + bias >= 0.0) != answer:
            continue
        outline = half_square(side * normal, side * bias, LOW, HIGH)
        marks.append(Regions((outline,), colour, 0.2))
        across, up = side * signs
        align: Align = "right" if across > 0 else "left"
        marks.append(Labels(corner[None], (f"answers {answer}",), "soft", 11.5, align, (-8.0 * across, 13.0 * up)))
    return marks


def plane(marks: list[Mark]) -> View:
    """Return the picture of the square of inputs, A across and B up."""
    across, up = (tuple((v, f"{name} = {v:.0f}") for v in (0.0, 1.0)) for name in "AB")
    return View(tuple(marks), Axis(LOW, HIGH, across), Axis(LOW, HIGH, up), margin=(46.0, 2.0, 2.0, 28.0))


def row_at(x: float, y: float) -> str:
    """Return the name of the row whose point is at a place, or nothing."""
    away = np.hypot(*(ROWS - (x, y)).T)
    return ROW_NAMES[int(away.argmin())] if away.min() < NEAR else ""


def row_table(sums: Array, answers: Array, targets: Array, title: str) -> str:
    """Return a table, as HTML, of each row's sum, (4,), the answer to it, (4,), and what it should be, (4,)."""
    head = "".join(f'<th scope="col">{name}</th>' for name in ("A", "B", "sum", "answer", title))
    body = "".join(
        f'<tr data-term="{name}" tabindex="0"><td>{name[0]}</td><td>{name[1]}</td><td>{number(float(z))}</td>'
        + (f'<td class="right">{a:.0f} ✓</td>' if a == t else f'<td class="wrong">{a:.0f} wrong</td>')
        + f"<td>{t:.0f}</td></tr>"
        for name, z, a, t in zip(ROW_NAMES, sums, answers, targets, strict=True)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def told(answers: Array, targets: Array) -> str:
    """Return each row's answer in words, with what it should be where it is wrong."""
    return ", ".join(
        f"{name} gives {a:.0f}" + ("" if a == t else f" (should be {t:.0f})")
        for name, a, t in zip(ROW_NAMES, answers, targets, strict=True)
    )
