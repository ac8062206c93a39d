"""Loose pieces of lines joined to long ones, which take far fewer calls to draw."""

from __future__ import annotations

import numpy as np

from scene.marks import Array


def joined(pieces: Array) -> tuple[Array, ...]:
    """Return the polylines, each (n, 2), that the `pieces`, (m, 2, 2), make up: each piece is in one, once.

    Pieces are joined where they share an end to the last bit, as those of `contour` do.
    """
    ends = [(tuple(a), tuple(b)) for a, b in pieces.tolist()]
    touching: dict[tuple[float, ...], list[int]] = {}
    for index, pair in enumerate(ends):
        for end in pair:
            touching.setdefault(end, []).append(index)
    free = set(range(len(ends)))
    lines = []
    # Lines with an end of their own first, so that none is begun in its middle; what is left are rings.
    for index in sorted(free, key=lambda k: min(len(touching[end]) for end in ends[k])):
        if index not in free:
            continue
        free.remove(index)
        first, last = ends[index]
        line = [first, last] if len(touching[first]) <= len(touching[last]) else [last, first]
        while (following := next((k for k in touching[line[-1]] if k in free), None)) is not None:
            free.remove(following)
            line.append(ends[following][1] if ends[following][0] == line[-1] else ends[following][0])
        lines.append(np.array(line))
    return tuple(lines)
