"""The reader's own activation: one text, typed in any of the figures that share it, and used where it is chosen."""

from __future__ import annotations

from dataclasses import dataclass

from figures.controls import Choice, Text
from scene.activation_curves import WORDS
from unfold.formula import MOST_CHARACTERS, activation, problems

EXAMPLE = "x * exp(-x**2)"


def usable(text: str) -> None:
    """Raise ValueError, naming the place where it can, for a formula that is none or has no value somewhere near 0."""
    problem = problems(activation(text)) if text.strip() else ""
    if problem:
        raise ValueError(problem)


FORMULA = Text("formula", f"Your own formula in x, such as {EXAMPLE}", usable, MOST_CHARACTERS)
"""The control. An empty text means that there is no such formula."""
OWN = ("own", "your formula")
"""The option of a list of activations that stands for the formula."""


def activation_of(*names: str) -> Choice:
    """Return the list of these activations, and last the reader's own."""
    return Choice("activation", "Activation", (*((name, WORDS[name]) for name in names), OWN))


@dataclass(frozen=True)
class Typed:
    """The part of a State that chooses an activation, which may be the reader's own."""

    activation: str = "tanh"
    formula: str = ""

    @property
    def typed(self) -> str:
        """The reader's own formula: the example where the text is empty."""
        return self.formula.strip() or EXAMPLE

    @property
    def function(self) -> str:
        """The activation that is used, a name or a formula."""
        return self.typed if self.activation == "own" else self.activation

    @property
    def kind(self) -> str:
        """The activation's name in words and equations: f where it is the reader's own."""
        return "f" if self.activation == "own" else self.activation

    @property
    def meaning(self) -> str:
        """What f is, in words: nothing where the activation is not the reader's own."""
        if self.activation != "own":
            return ""
        if self.formula.strip():
            return f" f(x) is your formula, {self.function}."
        return f" You have typed no formula yet: until you do, f(x) is the example, {EXAMPLE}."

    @property
    def judged(self) -> str:
        """Where the reader's own activation is looked at to tell whether it folds, in words."""
        return " Whether f folds or flattens is read off from x = −6 to 6." if self.activation == "own" else ""
