"""The weights and biases of up to four neurons with two inputs, each in a box to type in; gates, or drawn by a seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, TypeVar

import numpy as np

from figures.controls import Choice, Control, Range
from scene.marks import Array
from scene.products import SUBSCRIPTS
from scene.ticks import number

S = TypeVar("S", bound=Any)
MOST = 3.0
FIELDS = [[f"{part}{k}" for k in range(1, 5)] for part in ("w_a", "w_b", "bias_")]
"""The numbers as they stand in a table: weights from A, weights from B, biases; a column a neuron."""
LABELS = ("A → h{}", "B → h{}", "b of h{}")
GATES = np.array([[1.0, -1.0, 1.0, -1.0], [1.0, -1.0, 1.0, -1.0], [-0.5, 1.5, -1.5, 0.5]])
"""Weights and biases of OR, NAND, AND and NOR."""
GROUPS = tuple(tuple(name.replace("_", "-") for name in row) for row in FIELDS)
CONTROLS: tuple[Control, ...] = (
    Choice("weights", "Weights", (("gates", "OR, NAND, AND, NOR"), ("seed", "drawn by the seed"), ("own", "your own"))),
    Range("seed", "Seed of the weights", 0, 999, 1, typed=True),
    *(
        Range(name, label.format(SUBSCRIPTS[k]), -MOST, MOST, 0.05, typed=True)
        for label, row in zip(LABELS, GROUPS, strict=True)
        for k, name in enumerate(row)
    ),
)


@dataclass(frozen=True)
class Weights:
    """Where the weights come from, and what they are: the part of a State that these controls set."""

    weights: str = "gates"
    seed: int = 0
    w_a1: float = 1.0
    w_a2: float = -1.0
    w_a3: float = 1.0
    w_a4: float = -1.0
    w_b1: float = 1.0
    w_b2: float = -1.0
    w_b3: float = 1.0
    w_b4: float = -1.0
    bias_1: float = -0.5
    bias_2: float = 1.5
    bias_3: float = -1.5
    bias_4: float = 0.5

    @property
    def numbers(self) -> Array:
        """The two rows of weights and the row of biases, (3, 4)."""
        return np.array([[getattr(self, name) for name in row] for row in FIELDS])


def drawn(seed: int) -> Array:
    """Return the seed's weights and biases, (3, 4), in tenths from -2 to 2."""
    tenths: Array = np.random.default_rng(seed).integers(-20, 21, (3, 4)) / 10.0
    return tenths


def weighed(state: S, before: S) -> tuple[S, int, str]:
    """Return the state with the numbers its choice stands for, the last neuron edited (0: none), and news in words."""
    chosen = state.weights != before.weights
    if (chosen and state.weights == "seed") or (not chosen and state.seed != before.seed):
        return _with(replace(state, weights="seed"), drawn(state.seed)), 0, "New weights. "
    if chosen and state.weights == "gates":
        return _with(replace(state, seed=Weights.seed), GATES), 0, "New weights. "
    state = _with(state, state.numbers)
    edited = np.argwhere(state.numbers != before.numbers)
    if not len(edited):
        return state, 0, ""
    part, column = edited[-1].tolist()
    was, now = (number(float(one.numbers[part, column])) for one in (before, state))
    news = f"{LABELS[part].format(SUBSCRIPTS[column])} went from {was} to {now}. "
    # A choice of weights together with numbers comes from a link, which says itself how many neurons there are.
    return replace(state, weights="own"), 0 if chosen else column + 1, news


def _with(state: S, numbers: Array) -> S:
    # Two decimals are shown, so two are computed with: what the reader adds up by hand comes out.
    rounded = (np.round(numbers, 2) + 0.0).ravel().tolist()
    return replace(state, **dict(zip(chain(*FIELDS), rounded, strict=True)))
