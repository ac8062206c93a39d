"""Changes a WebAssembly module: gives it the memory that it has come to, or a section of our own.

Formulae and numbers are those of the specification, chapter 5 (https://webassembly.github.io/spec/core/binary/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

HEADER = 8
"""Bytes before the first section: the format's name and version."""
CUSTOM, MEMORY, DATA = 0, 5, 11
PAGE = 1 << 16
GAP = 32
"""Empty bytes that are worth a segment's end: one costs some ten."""
FILLED = re.compile(rb"[^\0](?:\0{0,%d}[^\0])*" % (GAP - 1))


def with_section(module: bytes, name: str, data: bytes) -> bytes:
    """Return a module with one more section at its end, which only those who know its name look into."""
    label = name.encode()
    return module + _section(CUSTOM, unsigned(len(label)) + label + data)


def with_memory(module: bytes, memory: bytes) -> bytes:
    """Return a module whose memory begins with these contents, in place of its own data.

    `memory` is as long as some whole pages; the module's own memory is one, not imported, and its data are laid down as
    it begins. The memory may grow as far as before.
    """
    segments = [
        b"\0\x41" + signed(found.start()) + b"\x0b" + unsigned(len(found[0])) + found[0]
        for found in FILLED.finditer(memory)
    ]
    changed = {DATA: unsigned(len(segments)) + b"".join(segments)}
    parts = [module[:HEADER]]
    for kind, data in sections(module):
        if kind == MEMORY:  # one memory, its kind of limits, how many pages at first, and the rest
            _, after = read(data, 2)
            changed[MEMORY] = data[:2] + unsigned(len(memory) // PAGE) + data[after:]
        parts.append(_section(kind, changed.get(kind, data)))
    return b"".join(parts)


def sections(module: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each section: its number, and what it holds."""
    at = HEADER
    while at < len(module):
        size, start = read(module, at + 1)
        yield module[at], module[start : start + size]
        at = start + size


def read(data: bytes, at: int) -> tuple[int, int]:
    """Return the number that stands there, and where it ends."""
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def unsigned(number: int) -> bytes:
    """Return a number of none or more as LEB128: seven bits a byte, the lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def signed(number: int) -> bytes:
    """Return a number of none or more as signed LEB128, whose highest bit is the sign."""
    short = unsigned(number)
    return short if short[-1] < 0x40 else bytes([*short[:-1], short[-1] | 0x80, 0])


def _section(kind: int, data: bytes) -> bytes:
    return bytes([kind]) + unsigned(len(data)) + data
