"""Good places for the numbers along an axis, and how numbers are written."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def number(value: float, digits: int = 2) -> str:
    """Return `value` with `digits` decimals and a true minus sign; a rounded zero has no sign."""
    text = f"{value:.{digits}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    return text.replace("-", "\u2212")


def count(value: int) -> str:
    """Return a whole number with thin spaces between thousands, from five digits on."""
    return f"{value:,}".replace(",", "\u2009") if abs(value) >= 10_000 else str(value).replace("-", "\u2212")


def subscript(value: int) -> str:
    """Return a whole number, 0 or more, in small figures below the line: the index of a neuron in words."""
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(value))


def raised(value: int) -> str:
    """Return a whole number in small figures above the line: an exponent in words."""
    return str(value).translate(_RAISED)


def power_of_ten(power: int) -> str:
    """Return 10 to a power as it is written; 1 for the power 0."""
    return "1" if power == 0 else "10" if power == 1 else f"10{raised(power)}"


def went(names: Iterable[str], before: Iterable[float], after: Iterable[float], digits: int = 1) -> str:
    """Return in words which of the named numbers changed, from what and to what; nothing where none did."""
    parts = zip(names, before, after, strict=True)
    return f" and ".join(
        f"{name} went from {number(a, digits)} to {number(b, digits)}" for name, a, b in parts if a != b
    )


@lru_cache(maxsize=256)
def ticks(low: float, high: float, most: int = 5) -> tuple[tuple[float, str], ...]:
    """Return at most `most` round values from `low` to `high` (`low` < `high`), each with its text.

    The step is 1, 2, 2.5 or 5 times a power of ten: the smallest that keeps to `most`.
    """
    rough = (high - low) / max(most - 1, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    for step in (factor * power for factor in STEPS):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            break
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    if round(step, digits) != step:
        digits += 1
    if step >= 1 and step == int(step):
        return tuple((k * step, count(int(k * step))) for k in range(first, last + 1))
    return tuple((k * step, number(k * step, digits)) for k in range(first, last + 1))


def decades(low: float, high: float, most: int = 5) -> tuple[tuple[float, str], ...]:
    """Return at most `most` powers of ten from 10**low to 10**high, each as its logarithm with its text.

    From 0.001 on they are written out.
    """
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    every = -(-(last - first + 1) // most)
    powers = range(last, first - 1, -every)
    return tuple(
        (float(p), count(10**p) if p >= 0 else number(10.0**p, -p) if p >= -3 else power_of_ten(p)) for p in powers
    )
