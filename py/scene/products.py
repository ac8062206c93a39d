"""Inputs times weights plus biases, entry by entry: each sum in text, and all of it in MathML."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scene.marks import Array
from scene.mathml import Row
from scene.matrices import entry, matrix
from scene.ticks import number

SUBSCRIPTS = "₁₂₃₄"


@dataclass(frozen=True)
class Product:
    """X, (rows, 2), times W, (2, neurons), plus b, (neurons,); entries are counted row by row, from 1."""

    X: Array
    W: Array
    b: Array

    @property
    def result(self) -> Array:
        """The result, (rows, neurons)."""
        result: Array = self.X @ self.W + self.b
        return result

    @property
    def size(self) -> int:
        """How many entries the result has."""
        return len(self.X) * len(self.b)

    def at(self, k: int) -> tuple[int, int]:
        """Return the row and the column of entry k."""
        return divmod(k - 1, len(self.b))

    def name(self, k: int) -> str:
        """Return what entry k is called: its neuron's sum, and of which row where there are several."""
        row, column = self.at(k)
        inputs = "".join(f"{value:.0f}" for value in self.X[row])
        return ("" if len(self.X) == 1 else f"row {inputs}: ") + f"z{SUBSCRIPTS[column]}"

    def value(self, k: int) -> float:
        """Return entry k."""
        return float(self.result[self.at(k)])

    def lines(self, k: int, computed: bool, terms: int = 3) -> tuple[str, str]:
        """Return entry k's sum in two lines: its products and the bias, so many `terms`, and what they come to."""
        row, column = self.at(k)
        x, w, b = self.X[row], self.W[:, column], float(self.b[column])
        first = f"{self.name(k)} = {products(x, w, b, terms)}"
        if not computed:
            return first + (" = ?" if terms == 3 else ""), ""
        return first, f"= {number(float(x[0] * w[0]))}{then(float(x[1] * w[1]))}{then(b)} = {number(self.value(k))}"

    def formula(self, done: int) -> Row:
        """Return x W + b = z in MathML, in parts: of z the first `done` entries, question marks for the rest."""
        inputs = matrix([[entry(f"{value:.0f}") for value in row] for row in self.X.tolist()])
        weights, biases = matrix([_columns(self.W[0], True), _columns(self.W[1])]), matrix([_columns(self.b)])
        texts = [number(value) if k < done else "?" for k, value in enumerate(self.result.ravel().tolist())]
        cells = np.array([entry(text, f"z{k}") for k, text in enumerate(texts, 1)]).reshape(self.result.shape)
        return f"{inputs}{weights}", f'<mo form="infix">+</mo>{biases}', f"<mo>=</mo>{matrix(cells.tolist())}"


def _columns(values: Array, stops: bool = False) -> list[str]:
    """Return a row of the weights or the biases, each in its neuron's colour and lighting its column."""
    return [entry(number(value), f"h{k}", f"h{k}", stops) for k, value in enumerate(values.tolist(), 1)]


def then(value: float) -> str:
    """Return the text of a term that follows others, its sign as the sign between them."""
    text = number(value)
    return f" − {text[1:]}" if text.startswith("−") else f" + {text}"


def products(x: Array, w: Array, b: float, terms: int = 3) -> str:
    """Return the text of x1 · w1 + x2 · w2 + b, with the numbers; only the first so many `terms`, dots for the rest."""
    texts = ((one, number(weight)) for one, weight in zip(x.tolist(), w.tolist(), strict=True))
    parts = [f"{one:.0f} · ({text})" if text.startswith("−") else f"{one:.0f} · {text}" for one, text in texts]
    return " + ".join(parts) + then(b) if terms > len(parts) else " + ".join([*parts[:terms], "…"])
