"""The product of as many equal slopes as there are layers: a bar a layer, on a log scale, and the numbers."""

from __future__ import annotations

import math

import numpy as np

from scene.marks import Axis, Lines, Mark, Regions, View
from scene.mathml import equations, variable
from scene.slope_formulas import brackets, term
from scene.ticks import count, number, power_of_ten

MOST = 10
"""The most layers."""
FLOOR = -7.0
"""The power of ten at which the bars begin, unless one is smaller."""


def scientific(value: float) -> str:
    """Return a number above 0 to three digits: plain from 0.001 to 9999, else with a power of ten."""
    if 0.001 <= value < 9999.5:
        return number(value, max(0, 2 - math.floor(math.log10(value))))
    digits, power = f"{value:.2e}".split("e")
    return f"{digits} · {power_of_ten(int(power))}"


def chain_bars(slope: float, most: float, layers: int, known: bool, lit: bool) -> View:
    """Return a bar for what `slope`, above 0, leaves after each of `layers`; a dash where `most` would, if `known`."""
    left, best = (math.log10(value) * np.arange(1, MOST + 1) for value in (slope, most))
    floor = min(FLOOR, math.floor(1.1 * left[layers - 1]))
    top = max(0.3, best[layers - 1] + 0.3, left[layers - 1] + 0.3)
    bars = [np.array([[k - 0.34, floor], [k + 0.34, floor], [k + 0.34, left[k - 1]], [k - 0.34, left[k - 1]]])
            for k in range(1, layers + 1)]  # fmt: skip
    marks: list[Mark] = [Lines((np.array([[0.4, 0.0], [MOST + 0.6, 0.0]]),), "soft", 1.0)]
    marks += [Regions(tuple(bars[:-1]), "soft", 0.45), Regions((bars[-1],), "act", 1.0 if lit else 0.85)]
    if known:
        tops = tuple(np.array([[k - 0.4, best[k - 1]], [k + 0.4, best[k - 1]]]) for k in range(1, layers + 1))
        marks.append(Lines(tops, "ink", 2.0))
    each = max(1, round((top - floor) / 6))
    powers = range(math.floor(top / each) * each, math.ceil(floor) - 1, -each)
    heights = tuple((float(power), power_of_ten(power)) for power in powers)
    across = tuple((float(k), str(k)) for k in range(1, MOST + 1))
    return View(tuple(marks), Axis(0.4, MOST + 0.6, across), Axis(floor, top, heights), margin=(42.0, 8.0, 10.0, 26.0))


def sigmoid_equations(z: float, weight: float, value: float, slope: float, layers: int, known: bool) -> str:
    """Return the sigmoid's slope at z for a weight w, and the product over the layers, in symbols and numbers.

    What the product can be at most stands there if `known`.
    """
    sigma, dot = "<mi>σ</mi>", "<mo>·</mo>"
    w, place = f"<mn>{number(weight, 1)}</mn>", f"<mn>{number(z, 1)}</mn>"
    symbols, numbers = f"{variable('w')}{variable('z')}", f"{w}{dot}{term('x', brackets(place) if z < 0.0 else place)}"
    at, rest, steep = (f"<mn>{scientific(part)}</mn>" for part in (value, 1.0 - value, slope))
    each = f"{variable('w')}<msup>{sigma}<mo>′</mo></msup>"
    power = f"<msup>{brackets(steep) if '·' in steep else steep}<mn>{layers}</mn></msup>"
    rows: list[str | tuple[str, ...]] = [
        f"{sigma}<mo>&#x2061;</mo>{brackets(symbols)}<mo>=</mo>{sigma}<mo>&#x2061;</mo>{brackets(numbers)}<mo>=</mo>{at}",
        (
            f"{each}<mo>=</mo>{variable('w')}{sigma}{brackets(f'<mn>1</mn><mo>−</mo>{sigma}')}",
            f"<mo>=</mo>{w}{dot}{at}{dot}{rest}<mo>=</mo>{term('slope', steep)}",
        ),
        term("product", f"<msup>{brackets(each)}<mi>n</mi></msup><mo>=</mo>{power}<mo>=</mo>"
             f"<mn>{scientific(slope**layers)}</mn>"),
    ]  # fmt: skip
    if known:
        most = f"<msup>{brackets(f'<mfrac><mn>{weight:g}</mn><mn>4</mn></mfrac>')}<mn>{layers}</mn></msup>"
        exact = f"<mo>=</mo><mfrac><mn>1</mn><mn>{count(4**layers)}</mn></mfrac>" if weight == 1.0 else ""
        number_of_most = f"<mn>{scientific((weight / 4.0) ** layers)}</mn>"
        rows.append(f"<mtext>at most&nbsp;</mtext>{most}{exact}<mo>=</mo>{number_of_most}")
    return equations(rows)
