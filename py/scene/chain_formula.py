"""The chain rule along one path, in symbols and in numbers, beside the slope that nudging gives, and the step."""

from __future__ import annotations

from scene.mathml import equations
from scene.names import in_formula
from scene.nine_numbers import Link
from scene.slope_formulas import brackets, term
from scene.ticks import number

BREAK = 3
"""After so many factors a row may go on below, where a screen is narrow."""


def _slope(top: str, bottom: str) -> str:
    over, under = (f"<mrow><mi>∂</mi>{in_formula(name)}</mrow>" for name in (top, bottom))
    return f"<mfrac>{over}{under}</mfrac>"


def _figure(value: float, first: bool = False) -> str:
    """Return a number, in brackets where it is negative and not the first of its line."""
    text = f"<mn>{number(value, 4)}</mn>"
    return text if first or "−" not in text else brackets(text)


def chain_equations(chain: tuple[Link, ...], product: float, nudged: float, value: float, rate: float) -> str:
    """Return the product of the local derivatives, the same slope by finite differences, and the parameter's step.

    `chain` leads from the loss back to the parameter, which now has this `value`. Each factor lights its edge.
    """
    name = chain[-1].bottom
    symbols = "<mo>·</mo>".join(term(link.term, _slope(link.top, link.bottom)) for link in chain)
    numbers = (_figure(link.value, link is chain[0]) for link in chain)
    factors = [f'<mrow data-term="{link.term}">{written}</mrow>' for link, written in zip(chain, numbers, strict=True)]
    first, rest = ("<mo>·</mo>".join(part) for part in (factors[:BREAK], factors[BREAK:]))
    step = f"{_figure(value, first=True)}<mo>−</mo><mn>{number(rate, 1)}</mn><mo>·</mo>{_figure(product)}"
    return equations(
        [
            (
                f"{_slope('L', name)}<mo>=</mo>{symbols}",
                f"<mo>=</mo>{first}",
                *([f'<mo form="infix">·</mo>{rest}'] if rest else []),
                f"<mo>=</mo><mn>{number(product, 5)}</mn>",
            ),
            f"<mtext>by finite differences:&nbsp;</mtext><mn>{number(nudged, 5)}</mn>",
            f"{in_formula(name)}<mo>←</mo>{step}<mo>=</mo><mn>{number(value - rate * product, 4)}</mn>",
        ]
    )
