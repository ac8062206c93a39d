"""The perceptron's two formulas with their numbers, and in words: what it answers, and how an update changes it."""

from __future__ import annotations

from scene.four_points import row_name
from scene.marks import Array
from scene.ticks import number
from unfold.perceptron import Perceptron, Update

RULE = "<mi>w</mi><mo>←</mo><mi>w</mi><mo>+</mo><mo>(</mo><mi>target</mi><mo>−</mo><mi>answer</mi><mo>)</mo><mi>x</mi>"
"""The perceptron rule (Rosenblatt 1958)."""
WHERE = "<mi>y</mi><mo>=</mo><mn>1</mn><mtext>&nbsp;where&nbsp;</mtext>"


def signed(value: float, digits: int, after: bool = False) -> str:
    """Return a number with its sign as a sign; a plus only `after` another term."""
    text = number(abs(value), digits)
    negative = value < 0 and float(text) != 0.0
    form = "infix" if after else "prefix"
    return (
        f'<mo form="{form}">−</mo>' if negative else f'<mo form="{form}">+</mo>' if after else ""
    ) + f"<mn>{text}</mn>"


def line_terms(weights: Array, bias: float, digits: int) -> tuple[str, str, str]:
    """Return the three terms of w1 A + w2 B + b with numbers in place of w1, w2 and b."""
    a, b = weights
    return f"{signed(a, digits)}<mi>A</mi>", f"{signed(b, digits, True)}<mi>B</mi>", signed(bias, digits, True)


def answers_one(*terms: tuple[str, str]) -> str:
    """Return that the answer is 1 where the sum of the terms is 0 or more; each has a name to point at, or none."""
    inside = "".join(f'<mrow data-term="{name}" tabindex="0">{term}</mrow>' if name else term for name, term in terms)
    return f"{WHERE}{inside}<mo>≥</mo><mn>0</mn>"


def update_rows(after: Perceptron, update: Update | None) -> list[str | tuple[str, ...]]:
    """Return the update of the weights and of the bias, with what they were and what they became; the rule if None."""
    if update is None:
        return [RULE]
    error = f"<mo>(</mo><mn>{update.target:.0f}</mn><mo>−</mo><mn>{update.answer:.0f}</mn><mo>)</mo>"
    weights = f"{_pair(after.w - update.dw, 1)}<mo>+</mo>{error}{_pair(update.sample, 0)}<mo>=</mo>{_pair(after.w, 1)}"
    bias = f"{signed(after.b - update.db, 1)}<mo>+</mo>{error}<mo>=</mo>{signed(after.b, 1)}"
    return [(RULE, f"<mo>=</mo>{weights}"), f"<mi>b</mi><mo>←</mo>{bias}"]


def update_told(update: Update) -> str:
    """Return in words what a sample was answered and what that did to the weights."""
    name = row_name(update.sample)
    if not update.error:
        return f"{name} was right, so nothing changed"
    return f"{name} gave {update.answer:.0f}, so its inputs were {f'added' if update.error > 0 else 'taken off'}"


def _pair(values: Array, digits: int) -> str:
    inside = "<mo>,</mo>".join(f"<mrow>{signed(float(v), digits)}</mrow>" for v in values)
    return f"<mrow><mo>(</mo>{inside}<mo>)</mo></mrow>"
