"""Data to learn from."""

from __future__ import annotations

import numpy as np

from unfold.activations import Array

GATES = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "nand": (1, 1, 1, 0), "nor": (1, 0, 0, 0), "xor": (0, 1, 1, 0)}
"""The logic gates: their answers to 00, 01, 10 and 11."""


def gate(name: str) -> tuple[Array, Array]:
    """Return a logic gate's four rows, (4, 2) in the order 00, 01, 10, 11, and its answers, (4, 1).

    Raises ValueError for a name that is none of GATES.
    """
    if name not in GATES:
        raise ValueError(f"gate: {name!r} is unknown; allowed are {', '.join(GATES)}")
    rows = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
    return rows, np.array(GATES[name], float)[:, None]
