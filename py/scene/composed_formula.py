"""A function of functions: the 2-2-1 network's answer in one formula, and each neuron's with a row's numbers in it."""

from __future__ import annotations

from scene.flow import plain
from scene.mathml import applied, called, equations, variable
from scene.names import in_formula
from scene.slope_formulas import term
from unfold.network import Network


def _summed(net: Network, name: str, parts: tuple[str, str]) -> list[str]:
    """Return the terms of a neuron's sum, in which `parts` stand for what comes in, each with its sign."""
    layer, column = (1, 0) if name == "y" else (0, int(name[1]) - 1)
    numbers = (*net.weights[layer][:, column].tolist(), float(net.biases[layer][column]))
    terms: list[str] = []
    for number, part in zip(numbers, (*parts, ""), strict=True):
        sign = "<mo>−</mo>" if number < 0 else "<mo>+</mo>" if terms else ""
        terms.append(f"{sign}<mn>{plain(abs(number))}</mn>" + (f"<mo>·</mo>{part}" if part else ""))
    return terms


def _applied(net: Network, name: str, parts: tuple[str, str]) -> str:
    """Return the activation of a neuron's sum."""
    # In a row of its own a sign that comes first stands close to its number.
    return applied(net.activations[name == "y"], f"<mrow>{''.join(_summed(net, name, parts))}</mrow>")


def _composed(net: Network) -> str:
    """Return the whole answer as a function of the inputs, in two lines: one would be wider than a phone."""
    inputs = term("A", variable("A")), term("B", variable("B"))
    inner = term("h1", _applied(net, "h1", inputs)), term("h2", _applied(net, "h2", inputs))
    first, *others = _summed(net, "y", inner)
    name = called(net.activations[1])
    begun = f"{variable('y')}<mo>=</mo><mi>{name}</mi><mo>&#x2061;</mo><mo>(</mo>{first}"
    ended = f"<mspace width='1em'></mspace><mrow>{''.join(others)}<mo>)</mo></mrow>"
    lines = "".join(f"<mtr><mtd><mrow>{line}</mrow></mtd></mtr>" for line in (begun, ended))
    return term("y", f"<mtable class='lines'>{lines}</mtable>")


def composed_equations(net: Network, outputs: dict[str, float], parts: tuple[str, ...]) -> str:
    """Return the composed function, where the whole network is there, and each neuron's equation in numbers.

    `outputs` has what each input and neuron puts out, by name; `parts` are the neurons to write. Each lights its node.
    """
    rows = [_composed(net)] if "y" in parts else []
    for name in parts:
        first, second = (f"<mn>{plain(outputs[source])}</mn>" for source in (("h1", "h2") if name == "y" else "AB"))
        equals = "=" if outputs[name] in (0.0, 1.0) else "≈"
        result = f"<mo>{equals}</mo><mn>{plain(outputs[name])}</mn>"
        rows.append(term(name, f"{in_formula(name)}<mo>=</mo>{_applied(net, name, (first, second))}{result}"))
    return equations(rows)
