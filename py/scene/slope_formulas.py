"""The formulas of curves and of their slopes, in symbols and in numbers, as MathML."""

from __future__ import annotations

from math import ceil, floor, log10

from scene.marks import Array
from scene.mathml import equations, variable
from scene.ticks import number


def term(name: str, inner: str) -> str:
    """Return a part of a formula that lights `name` in the picture."""
    return f'<mrow data-term="{name}" tabindex="0">{inner}</mrow>'


def signed_square(value: float) -> str:
    """Return a number, squared; a negative one in brackets."""
    text = f"<mn>{number(value)}</mn>"
    return f"<msup>{brackets(text) if '−' in text else text}<mn>2</mn></msup>"


def sum_of_squares(errors: Array) -> list[str]:
    """Return the sum, in brackets, in two parts that may stand below one another; each square lights e1, e2 and on."""
    terms = [term(f"e{i}", signed_square(error)) for i, error in enumerate(errors, start=1)]
    half = len(terms) // 2
    rest = "".join(f'<mo form="infix">+</mo>{each}' for each in terms[half:])
    return ["<mo>(</mo>" + "<mo>+</mo>".join(terms[:half]), f"{rest}<mo>)</mo>"]


def brackets(inside: str) -> str:
    """Return the inside in round brackets."""
    return f"<mrow><mo>(</mo>{inside}<mo>)</mo></mrow>"


def _of(name: str, inside: str = "{x}") -> str:
    return f"<mi>{name}</mi><mo>&#x2061;</mo>" + brackets(inside)


_CUBIC_SLOPE = "<mn>3</mn>{dot}<msup>{bx}<mn>2</mn></msup><mo>−</mo><mn>3</mn>"
_SIGMOID_SLOPE = _of("σ") + brackets("<mn>1</mn><mo>−</mo>" + _of("σ"))
WRITTEN = {
    "parabola": ("<msup>{bx}<mn>2</mn></msup>", "<mn>2</mn>{dot}{bx}", ""),
    "cubic": ("<msup>{bx}<mn>3</mn></msup><mo>−</mo><mn>3</mn>{dot}{bx}", _CUBIC_SLOPE, ""),
    "sine": (_of("sin"), _of("cos"), ""),
    "sigmoid": (_of("σ"), _SIGMOID_SLOPE, "{y}<mo>·</mo>" + brackets("<mn>1</mn><mo>−</mo>{y}")),
}
"""By curve: its value, its derivative, and the derivative in numbers where that is written otherwise."""


def slope_equations(curve: str, x: float, y: float, slope: float, numeric: tuple[float, float]) -> str:
    """Return a curve's value and derivative at x, and beside them what differences give: value, error estimate."""
    value, derivative, in_numbers = WRITTEN[curve]
    at = term("x", f"<mn>{number(x, 1)}</mn>")
    numbers = {"x": at, "bx": brackets(at) if x < 0 else at, "dot": "<mo>·</mo>", "y": f"<mn>{number(y, 4)}</mn>"}
    symbols = {"x": variable("x"), "bx": variable("x"), "dot": "", "y": variable("y")}
    prime = "<msup><mi>f</mi><mo>′</mo></msup><mo>&#x2061;</mo>" + brackets(variable("x"))
    right, left = (_of("f", f"<mi>x</mi><mo>{sign}</mo><mi>h</mi>") for sign in "+−")
    quotient = f"<mfrac><mrow>{right}<mo>−</mo>{left}</mrow><mrow><mn>2</mn><mi>h</mi></mrow></mfrac>"
    worked = (in_numbers or derivative).format(**numbers)
    result = term("slope", f"<mn>{number(slope, 4)}</mn>")
    return equations(
        [
            f"{_of('f', variable('x'))}<mo>=</mo>{value.format(**symbols)}<mo>=</mo>{value.format(**numbers)}"
            f"<mo>=</mo><mn>{number(y, 4)}</mn>",
            (f"{prime}<mo>=</mo>{derivative.format(**symbols)}", f"<mo>=</mo>{worked}<mo>=</mo>{result}"),
            (quotient, f"<mo>→</mo><mn>{number(numeric[0], 10)}</mn><mo>±</mo>{_power_of_ten(numeric[1])}"),
        ]
    )


def _power_of_ten(value: float) -> str:
    """Return a small number, 0 or above, rounded up to one digit times a power of ten."""
    if value <= 0.0:
        return "<mn>0</mn>"
    power = floor(log10(value))
    digit = ceil(value / 10.0**power)
    digit, power = (1, power + 1) if digit >= 10 else (digit, power)
    return f"<mn>{digit}</mn><mo>·</mo><msup><mn>10</mn><mn>{str(power).replace('-', '−')}</mn></msup>"
