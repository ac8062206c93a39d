"""The formulas of a neuron with two weights, with the present numbers: its loss, its slopes, and its next step."""

from __future__ import annotations

from scene.marks import Array
from scene.mathml import applied, equations, variable
from scene.slope_formulas import brackets, term
from scene.ticks import number


def loss_formula(activation: str, weights: tuple[float, float], loss: float) -> str:
    """Return the loss over five samples; the weights light w1 and w2 in the picture, the result lights the loss."""
    products = []
    for index, weight in enumerate(weights, 1):
        shown = term(f"w{index}", f"<mn>{number(weight, 1)}</mn>")
        shown = f"<mo>(</mo>{shown}<mo>)</mo>" if weight < 0 else shown
        products.append(f"{shown}<mspace width='.1em'></mspace>{variable('x', index)}")
    answer = "<mo>+</mo>".join(products)
    answer = applied("tanh", answer) if activation == "tanh" else answer
    square = f"<msup>{brackets(f'{answer}<mo>−</mo><mi>y</mi>')}<mn>2</mn></msup>"
    mean = "<mfrac><mn>1</mn><mn>5</mn></mfrac><mo>∑</mo>"
    result = term("loss", f"<mn>{number(loss, 3)}</mn>")
    return f"<math><mi>L</mi><mo>=</mo>{mean}{square}<mo>=</mo>{result}</math>"


def step_formulas(weights: tuple[float, float], slopes: Array, rate: float) -> str:
    """Return for each weight its slope, and the step of gradient descent that follows from it."""
    rows = []
    for k, (weight, slope) in enumerate(zip(weights, slopes, strict=True), 1):
        w = variable("w", k)
        partial = f"<mfrac><mrow><mi>∂</mi><mi>L</mi></mrow><mrow><mi>∂</mi>{w}</mrow></mfrac>"
        factor = number(slope) if slope >= 0 else f"({number(slope)})"
        there = term(f"w{k}", f"{partial}<mo>=</mo><mn>{number(slope)}</mn>")
        step = f"<mn>{number(weight)}</mn><mo>−</mo><mn>{number(rate)}</mn><mo>·</mo><mn>{factor}</mn>"
        rows.append(
            (
                f"{there}<mo>,</mo><mspace width='.6em'></mspace>",
                f"{w}<mo>←</mo>{step}<mo>=</mo><mn>{number(weight - rate * slope)}</mn>",
            )
        )
    return equations(rows)
