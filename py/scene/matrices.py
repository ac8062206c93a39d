"""Matrices in MathML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def entry(text: str, name: str = "", colour: str = "", stops: bool = True) -> str:
    """Return one entry of a matrix: in a colour of the palette, and lighting `name`, where it has one.

    The keyboard stops at it unless `stops` is False, as for a name that stands at several entries.
    """
    look = f' class="{colour}"' if colour else ""
    look += f' data-term="{name}"' if name else ""
    look += ' tabindex="0"' if name and stops else ""
    return f"<mn{look}>{text}</mn>"


def matrix(rows: Iterable[Sequence[str]], names: Sequence[str] = ()) -> str:
    """Return a matrix of entries in MathML, in brackets; a row lights the term of the same place in `names`."""
    body = ""
    for index, row in enumerate(rows):
        name = f' data-term="{names[index]}" tabindex="0"' if index < len(names) else ""
        body += f"<mtr{name}>{''.join(f'<mtd>{cell}</mtd>' for cell in row)}</mtr>"
    return f"<mrow><mo>(</mo><mtable>{body}</mtable><mo>)</mo></mrow>"
