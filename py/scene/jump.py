"""The step with a nudge either way: where the nudged places stand, the line through them, and that line in numbers."""

from __future__ import annotations

import numpy as np

from scene.marks import Array, Axis, Handles, Labels, Lines, Mark, Points, Regions, View
from scene.mathml import equations, variable
from scene.slope_formulas import brackets, term
from scene.tangents import EDGE
from scene.ticks import number, ticks
from unfold.activations import STEP

BELOW, ABOVE = -0.5, 1.3
ROD = -0.3
"""How high the nudge is drawn as a rod."""
SHRINKING = (1.0, 0.1, 0.01, 0.001)
"""Nudges for the table, each a tenth of the one before."""


def quotient(z: float, nudge: float) -> float:
    """Return the step's change from z - nudge to z + nudge, over the way between: its slope, were there one."""
    behind, ahead = STEP.value(np.array([z - nudge, z + nudge])).tolist()
    return float((ahead - behind) / (2.0 * nudge))


def quotients(nudge: float) -> Array:
    """Return the graph, (6, 2), of the quotient at every z: a box of area 1 over the jump, 0 elsewhere."""
    tall = 0.5 / nudge
    box = [[-EDGE, 0.0], [-nudge, 0.0], [-nudge, tall], [nudge, tall], [nudge, 0.0], [EDGE, 0.0]]
    return np.array(box)


def nudged_step(z: float, nudge: float, lit: str) -> View:
    """Return the step with a handle `z` on it, a rod with a handle `nudge`, and the line through both nudged places.

    `lit` is z, nudge, slope, or nothing.
    """
    places = np.array([z - nudge, z + nudge])
    nudged = np.column_stack([places, STEP.value(places)])
    held = np.array([[z, float(STEP.value(np.array(z)))]])
    end = places[1] if z <= 0.0 else places[0]
    band = np.array([[places[0], BELOW], [places[1], BELOW], [places[1], ABOVE], [places[0], ABOVE]])
    arms = (np.array([[-EDGE, 0.0], [0.0, 0.0]]), np.array([[0.0, 1.0], [EDGE, 1.0]]))
    rod = np.array([[places[0], ROD], [places[1], ROD]])
    marks: list[Mark] = [
        Regions((band,), "act", 0.16 if lit == "nudge" else 0.07),
        Lines((np.array([[0.0, 0.0], [0.0, 1.0]]),), "soft", 1.5, (2.0, 4.0)),
        Lines(arms, "ink", 2.5),
        Points(np.array([[0.0, 0.0]]), "panel", "disc", 4.5, "ink", 2.0),
        Points(np.array([[0.0, 1.0]]), "ink", "disc", 4.5, "ink", 2.0),
        Lines((nudged,), "act", 4.0 if lit == "slope" else 2.0),
        Points(nudged, "panel", "disc", 4.5, "act", 2.0),
        Lines((rod,), "act", 4.0 if lit == "nudge" else 2.0),
        Lines(tuple(np.array([[x, ROD - 0.04], [x, ROD + 0.04]]) for x in places), "act", 2.0),
        Handles(np.array([[end, ROD]]), ("nudge",), radius=6.5),
        Handles(held, ("z",), radius=9.0 if lit == "z" else 8.0),
        Labels(np.array([[z, ROD]]), ("nudge ± h",), "act", 11.5, offset=(0.0, 15.0)),
    ]
    heights = ((0.0, "0"), (1.0, "1"))
    return View(tuple(marks), Axis(-EDGE, EDGE, ticks(-3.0, 3.0, 7)), Axis(BELOW, ABOVE, heights),
                margin=(38.0, 8.0, 24.0, 26.0))  # fmt: skip


def jump_equations(z: float, nudge: float) -> str:
    """Return the step at z, the quotient for the nudge in numbers, and a table of it for shrinking nudges."""
    at, h = term("z", f"<mn>{number(z, 1)}</mn>"), term("nudge", f"<mn>{number(nudge, 1)}</mn>")
    behind, here, ahead = STEP.value(np.array([z - nudge, z, z + nudge])).tolist()
    sign, symbol = ("≥" if z >= 0.0 else "&lt;"), variable("s")
    left, right = (f"{symbol}<mo>&#x2061;</mo>{brackets(f'<mi>z</mi><mo>{way}</mo><mi>h</mi>')}" for way in "−+")
    over = "<mrow><mn>2</mn><mi>h</mi></mrow>"
    rows = [
        f"{symbol}<mo>&#x2061;</mo>{brackets(at)}<mo>=</mo><mn>{here:.0f}</mn><mtext>&nbsp;as&nbsp;</mtext>{at}"
        f"<mo>{sign}</mo><mn>0</mn>",
        f"<mfrac><mrow>{right}<mo>−</mo>{left}</mrow>{over}</mfrac><mo>=</mo>"
        f"<mfrac><mrow><mn>{ahead:.0f}</mn><mo>−</mo><mn>{behind:.0f}</mn></mrow>"
        f"<mrow><mn>2</mn><mo>·</mo>{h}</mrow></mfrac><mo>=</mo>"
        + term("slope", f"<mn>{number(quotient(z, nudge))}</mn>"),
    ]
    heads = "".join(f'<th scope="col">{h:g}</th>' for h in SHRINKING)
    cells = "".join(f"<td>{quotient(z, h):g}</td>" for h in SHRINKING)
    return (
        f'{equations(rows)}<table><thead><tr><th scope="row">h</th>{heads}</tr></thead>'
        f'<tbody><tr><th scope="row">quotient</th>{cells}</tr></tbody></table>'
    )
