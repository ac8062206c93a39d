"""The reader's own activation: one text, typed in any of the figures that share it."""

from __future__ import annotations

from figures.controls import Text
from unfold.formula import MOST_CHARACTERS, activation, problems

EXAMPLE = "x * exp(-x**2)"


def usable(text: str) -> None:
    """Raise ValueError, naming the place where it can, for a formula that is none or has no value somewhere near 0."""
    problem = problems(activation(text)) if text.strip() else ""
    if problem:
        raise ValueError(problem)


FORMULA = Text("formula", f"Your own formula in x, such as {EXAMPLE}", usable, MOST_CHARACTERS)
"""The control. An empty text means that there is no such formula."""
