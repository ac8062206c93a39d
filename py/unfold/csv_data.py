"""A reader's own data: two numbers and a label a row, as comma-separated values."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from itertools import islice

import numpy as np

from unfold.datasets import MOST_SAMPLES, Data, labelled, labels

LONGEST_SHOWN = 24
"""The most characters of a cell that a message shows."""
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")


class CsvError(ValueError):
    """The data are refused; `row` and `column`, counted from 1, tell the place, the message also what is allowed."""

    def __init__(self, row: int, column: int, why: str, named: str = "") -> None:
        super().__init__(f"row {row}, column {column}{named}: {why}")
        self.row, self.column = row, column


def read(source: str | bytes) -> Data:
    """Return the data in a text or in a file's bytes: two columns of numbers, then a label.

    Commas, semicolons or tabs part the cells; between the latter two a number may have a decimal comma. The first
    row may name the columns. Blank rows are left out, though counted. There are two or three labels; the classes
    stand in the order in which they first appear, by size if all are numbers, or as the header lists them: see
    `write`. Raises CsvError for anything else, for bytes that are neither UTF-8 nor UTF-16 with a byte-order mark,
    and for over 20,000 rows of data.
    """
    data = source.encode(errors="surrogatepass") if isinstance(source, str) else source
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data.decode("utf-16" if utf16 else "utf-8", errors="replace").lstrip("\ufeff")
    errors = []
    for mark in sorted(";\t,", key=text.count, reverse=True):
        try:
            return _read(text, mark)
        except CsvError as error:
            errors.append(error)
    raise max(errors, key=lambda error: (error.row, error.column))  # the mark that made sense for longest


def write(data: Data) -> str:
    """Return the data as text that `read` turns into the same data, to the last place.

    The third column's heading lists the classes, parted by |, since rows alone do not tell their order. All classes
    must have samples, and names such as `read` gives.
    """
    text = io.StringIO()
    rows = ((x, y, data.names[label]) for (x, y), label in zip(data.X.tolist(), labels(data.Y), strict=True))
    csv.writer(text, lineterminator="\n").writerows((("x", "y", "|".join(data.names)), *rows))
    return text.getvalue()


def _rows(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row's number and its cells without the spaces around them; blank rows only count."""
    row, reader = 0, csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=True)
    try:
        for row, cells in enumerate(reader, 1):
            if any(stripped := [cell.strip() for cell in cells]):
                yield row, stripped
    except csv.Error:
        why = f"a cell or an open quote is too long; {csv.field_size_limit():,} characters are allowed"
        raise CsvError(row + 1, 1, why) from None


def _read(text: str, mark: str) -> Data:
    """Return the data, given the mark between the cells."""
    rows = list(islice(_rows(text, mark), MOST_SAMPLES + 2))
    header = rows.pop(0)[1] if rows and _is_header(rows[0][1], mark) else []
    if not rows:
        raise CsvError(1, 1, "there are no data; rows of two numbers and a label are allowed")
    found: dict[str, None] = {}  # as an ordered set
    for row, cells in rows:
        for column, why in _faults(cells, mark, found):
            raise _refusal(row, column, header, cells, why)
        found[cells[2]] = None
    if len(rows) > MOST_SAMPLES:
        raise _refusal(row, 0, header, cells, f"is in a row too many; {MOST_SAMPLES:,} rows of data are allowed")
    if len(found) < 2:
        raise _refusal(row, 2, header, cells, "is the only label; two or three different ones are allowed")
    names = _in_order(list(found), mark, header)
    X = np.array([[_number(cell, mark) for cell in cells[:2]] for _, cells in rows], float)
    return labelled(X, np.array([names.index(cells[2]) for _, cells in rows]), names)


def _is_header(cells: list[str], mark: str) -> bool:
    return len(cells) == 3 and not any(_NOT_TEXT.search(cell) or _number(cell, mark) is not None for cell in cells[:2])


def _faults(cells: list[str], mark: str, found: dict[str, None]) -> Iterator[tuple[int, str]]:
    """Yield what is wrong in a row, from left to right: the column, counted from 0, and why."""
    for column, cell in enumerate(cells[:3]):
        value = _number(cell, mark)
        if _NOT_TEXT.search(cell):
            yield column, "is not text; UTF-8, or UTF-16 with a byte-order mark, is allowed"
        if column < 2 and (value is None or not abs(value) < np.inf):
            yield column, f"is not a {'' if value is None else f'finite '}number; a number such as 1.5 is allowed"
    if len(cells) < 3:
        yield len(cells), "is missing; two numbers and a label are allowed"
    elif len(cells) > 3:
        yield 3, "is too many; two numbers and a label are allowed"
    elif not cells[2] or "\n" in cells[2] or "\r" in cells[2]:
        yield 2, "is not a label; a name or number on one line is allowed"
    elif len(found) == 3 and cells[2] not in found:
        yield 2, "is a fourth label; two or three different ones are allowed"


def _number(cell: str, mark: str) -> float | None:
    """Return the number in a cell, which may be infinite or nan, or None if there is none."""
    text = cell if mark == "," else cell.replace(",", ".")
    try:
        return float(text) if text.isascii() and "_" not in text else None  # Python alone reads 1_000 as a number
    except ValueError:
        return None


def _in_order(found: list[str], mark: str, header: list[str]) -> tuple[str, ...]:
    """Return the labels found as the header lists them, or by size if all are numbers, or as they are."""
    if header and sorted(listed := header[2].split("|")) == sorted(found):
        return tuple(listed)
    sizes = [size for label in found if (size := _number(label, mark)) is not None]
    return tuple(found[n] for n in np.argsort(sizes, kind="stable")) if len(sizes) == len(found) else tuple(found)


def _refusal(row: int, column: int, header: list[str], cells: list[str], why: str) -> CsvError:
    """Return the error for a cell, which may be missing; the column counts from 0 here, and from 1 in the error."""
    named = f" ({_shown(header[column])})" if column < len(header) else ""
    return CsvError(row, column + 1, f"{_shown(*cells[column : column + 1])} {why}", named)


def _shown(cell: str = "") -> str:
    return json.dumps(cell[:LONGEST_SHOWN] + "…" * (len(cell) > LONGEST_SHOWN), ensure_ascii=False)
