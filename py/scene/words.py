"""Turns of phrase that descriptions share."""

from __future__ import annotations

from collections.abc import Iterable

from scene.ticks import number


def assigned(names: Iterable[str], values: Iterable[float], digits: int, between: str = ", ") -> str:
    """Return "w1 = 0.5, w2 = −1.0": each name with its value."""
    return between.join(f"{name} = {number(value, digits)}" for name, value in zip(names, values, strict=True))


def downhill(names: Iterable[str], slopes: Iterable[float]) -> str:
    """Return which way each of the named numbers has to go for the loss to fall: "raise w1 and lower w2"."""
    return f" and ".join(f"{f'raise' if s < 0 else f'lower'} {name}" for name, s in zip(names, slopes, strict=True))
