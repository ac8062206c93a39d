"""Formulas as MathML with the present numbers in place of the symbols."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import TypeAlias

from scene.marks import Array
from scene.ticks import number
from unfold.activations import ACTIVATIONS
from unfold.network import Network

NAMES = {"sigmoid": "σ", "relu": "ReLU", "mish": "Mish", "sine": "sin"}


def variable(name: str, index: int | None = None, colour: str = "") -> str:
    """Return a symbol, with its index below it, in a colour of the palette where it has one."""
    style = f' class="{colour}"' if colour else ""
    if index is None:
        return f"<mi{style}>{name}</mi>"
    return f"<msub{style}><mi>{name}</mi><mn>{index}</mn></msub>"


def weighted_terms(weights: Array, bias: float, terms: Iterable[str]) -> list[str]:
    """Return w1 x1, + w2 x2, …, + b with numbers for the weights (n,) and the bias, signs as signs."""
    parts: list[str] = []
    for weight, term in zip([float(w) for w in weights], terms, strict=True):
        parts.append(_signed(weight, first=not parts) + "<mspace width='.1em'></mspace>" + term)
    return [*parts, _signed(bias, first=False)]


def weighted_sum(weights: Array, bias: float, terms: Iterable[str]) -> str:
    """Return w1 x1 + w2 x2 + … + b with numbers for the weights (n,) and the bias, signs as signs."""
    return "".join(weighted_terms(weights, bias, terms))


def _signed(value: float, first: bool) -> str:
    text = number(abs(value))
    minus = '<mo form="prefix">−</mo>' if first else "<mo>−</mo>"  # a sign, or between two terms
    sign = minus if value < 0 else "" if first else "<mo>+</mo>"
    return f"{sign}<mn>{text}</mn>"


Row: TypeAlias = str | tuple[str, ...]
"""A formula, or one in parts, which may go to a new line between them where there is little room."""
SHORT = 2
"""Up to so many terms and a bias stand on one line."""


def network_equations(weights: tuple[Array, ...], biases: tuple[Array, ...], activations: tuple[str, ...]) -> list[Row]:
    """Return the equations of a network with inputs A and B and one hidden layer: the answer's, then each neuron's.

    Each neuron's name is a term of the formula: h1, h2, …
    """
    inputs = [variable("A"), variable("B")]
    neurons = range(len(biases[0]))
    hidden = [_term(f"h{i + 1}", variable("h", i + 1, f"h{i + 1}")) for i in neurons]
    outer = weighted_terms(weights[1][:, 0], float(biases[1][0]), hidden)
    rows = [neuron_equation(variable("y"), activations[1], outer)]
    for i in neurons:
        inner = weighted_terms(weights[0][:, i], float(biases[0][i]), inputs)
        rows.append(neuron_equation(hidden[i], activations[0], inner))
    return rows


def neuron_equation(name: str, activation: str, terms: list[str]) -> Row:
    """Return what a neuron puts out, its activation of the sum of terms: in parts where there are more than SHORT."""
    if len(terms) - 1 <= SHORT:
        return f"{name}<mo>=</mo>{applied(activation, ''.join(terms))}"
    terms = [terms[0], *(part.replace("<mo>", '<mo form="infix">', 1) for part in terms[1:])]  # though each comes first
    begun = f"{name}<mo>=</mo><mi>{called(activation)}</mi><mo>&#x2061;</mo><mo stretchy='false'>(</mo>{terms[0]}"
    return begun, *terms[1:-1], f"{terms[-1]}<mo stretchy='false'>)</mo>"


def network_formula(net: Network) -> str:
    """Return the equations of such a network, as HTML, and what f is where its neurons' activation is a formula."""
    return equations(network_equations(net.weights, net.biases, net.activations)) + meaning(net.activations[0])


def layer_equations(W: Array, b: Array, activation: str, layer: int) -> list[Row]:
    """Return the equations of hidden layer number `layer`, from 1, a neuron each; their names are terms: h1, h2, …"""
    inputs = [_neuron(k + 1, layer - 1) for k in range(len(W))] if layer > 1 else [variable("A"), variable("B")]
    return [
        neuron_equation(
            _term(f"h{k + 1}", _neuron(k + 1, layer)), activation, weighted_terms(W[:, k], float(b[k]), inputs)
        )
        for k in range(len(b))
    ]


def answer_equation(W: Array, b: Array, activation: str, layer: int) -> Row:
    """Return the output neuron's equation, the term y, over the outputs of hidden layer number `layer`, from 1."""
    outer = weighted_terms(W[:, 0], float(b[0]), [_neuron(k + 1, layer) for k in range(len(W))])
    return neuron_equation(_term("y", variable("y")), activation, outer)


def _neuron(index: int, of: int) -> str:
    raised = f"<mrow><mo>(</mo><mn>{of}</mn><mo>)</mo></mrow>"
    return f'<msubsup class="h{index}"><mi>h</mi><mn>{index}</mn>{raised}</msubsup>'


def _term(name: str, inside: str) -> str:
    return f'<mrow data-term="{name}" tabindex="0">{inside}</mrow>'


def called(activation: str) -> str:
    """Return how an activation is written in an equation: a formula as f."""
    return NAMES.get(activation, activation if activation in ACTIVATIONS else "f")


def meaning(activation: str) -> str:
    """Return, as HTML, what f is where the activation is a formula; nothing where it has a name."""
    if activation in ACTIVATIONS:
        return ""
    f = "<math><mi>f</mi><mo>&#x2061;</mo><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow><mo>=</mo></math>"
    return f"<span>{f}<code>{html.escape(activation)}</code></span> "


def applied(activation: str, inside: str) -> str:
    """Return an activation's name around its argument."""
    return f"<mi>{called(activation)}</mi><mo>&#x2061;</mo><mrow><mo>(</mo>{inside}<mo>)</mo></mrow>"


def equations(rows: Iterable[Row]) -> str:
    """Return the rows as formulas that stand beside or below one another as there is room."""
    return "".join(f"<math>{row}</math> " if isinstance(row, str) else f"<span>{_parts(row)}</span> " for row in rows)


def equations_named(rows: dict[str, Row], now: str = "") -> str:
    """Return the rows in the same way, each of which, as a whole, is the term that it is named by; `now` is marked."""
    found = []
    for name, row in rows.items():
        marked = ' class="now"' if name == now else ""
        parts = _parts((row,) if isinstance(row, str) else row)
        found.append(f'<span data-term="{name}" tabindex="0"{marked}>{parts}</span> ')
    return "".join(found)


def _parts(row: tuple[str, ...]) -> str:
    return "<wbr>".join(f"<math>{part}</math>" for part in row)
