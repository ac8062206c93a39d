"""The perceptron: one neuron with a step, and the rule by which it learns (Rosenblatt 1958)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from unfold.activations import Array


@dataclass(frozen=True, eq=False)  # arrays have no single answer to ==
class Perceptron:
    """Weights w, (inputs,), and a bias b: the line, plane or hyperplane w.x + b = 0."""

    w: Array
    b: float

    def predict(self, X: Array) -> Array:
        """Return the answers, (samples,), to X, (samples, inputs): 1 where w.x + b >= 0 and 0 elsewhere."""
        return np.where(X @ self.w + self.b >= 0.0, 1.0, 0.0)


@dataclass(frozen=True, eq=False)
class Update:
    """What one sample, (inputs,), taught: the error is target - answer, and dw, (inputs,), and db were added."""

    sample: Array
    target: float
    answer: float
    error: float
    dw: Array
    db: float


@dataclass(frozen=True, eq=False)
class Run:
    """A run of the rule: after each step the perceptron, and the update that made it so.

    `converged`: as many steps in a row as there are samples made no error. `cycle` is (start, length) if the steps
    from the one counted `start`, the first being 0, repeat for ever after `length` of them. If both say no, the
    steps ran out.
    """

    steps: tuple[tuple[Perceptron, Update], ...]
    converged: bool
    cycle: tuple[int, int] | None

    def after(self, steps: int) -> tuple[Perceptron, Update]:
        """Return the perceptron after so many steps, 1 or more, and the last update: round and round where it cycles.

        A run that has converged, or whose steps ran out, stays where it ended.
        """
        last, lap = len(self.steps) - 1, self.cycle[1] if self.cycle else 1
        return self.steps[steps - 1 if steps <= last else last - (last + 1 - steps) % lap]

    def learnt(self, steps: int) -> bool:
        """Return whether, by so many steps, as many in a row as there are samples made no error."""
        return self.converged and steps >= len(self.steps)

    def lap(self, steps: int) -> int:
        """Return how many steps one lap of the cycle takes, 0 while the run is not seen to go round after `steps`."""
        return self.cycle[1] if self.cycle and steps >= len(self.steps) else 0


def learn(perceptron: Perceptron, x: Array, target: float, rate: float = 1.0) -> tuple[Perceptron, Update]:
    """Return the perceptron after one sample x, (inputs,), and the update: w + rate error x, b + rate error.

    Raises ValueError for a target that is not 0 or 1, or a rate that is not a positive number (Rosenblatt 1958).
    """
    if target not in (0, 1):
        raise ValueError(f"target: {target!r} is not allowed; allowed are 0 and 1")
    if not 0.0 < rate < np.inf:
        raise ValueError(f"rate: {rate!r} is not allowed; allowed are numbers above 0")
    answer = float(perceptron.predict(x))
    error = float(target) - answer
    dw, db = rate * error * x, rate * error
    return Perceptron(perceptron.w + dw, perceptron.b + db), Update(x, float(target), answer, error, dw, db)


def run(perceptron: Perceptron, X: Array, targets: Array, rate: float = 1.0, most_steps: int = 10_000) -> Run:
    """Return what happens when the rows of X, (samples, inputs), are learnt in order, again and again.

    `targets`, 0 or 1, are (samples,) or (samples, 1). The run ends when it has converged, as it must if a
    hyperplane parts the classes (Novikoff 1962), when it is found to cycle, or after `most_steps`. It cycles once
    it meets the same parameters at the same row again. Parameters are compared in units of the rate, rounded to
    nine decimals: exact for whole numbers, and for others blind to rounding errors. Raises ValueError for shapes
    that do not fit, and as `learn` does.
    """
    answers = np.ravel(targets)
    if X.ndim != 2 or not len(X) or X.shape[1:] != perceptron.w.shape:
        raise ValueError(f"X: shape {X.shape} is not allowed; allowed are some rows of {perceptron.w.size} inputs")
    if len(answers) != len(X):
        raise ValueError(f"targets: {len(answers)} is not allowed; allowed are as many as the samples, {len(X)}")
    steps: list[tuple[Perceptron, Update]] = []
    seen, right = dict[tuple[float, ...], int](), 0
    while right < len(X) and len(steps) < most_steps:
        row = len(steps) % len(X)
        after, update = learn(perceptron, X[row], float(answers[row]), rate)
        here = (row, *np.round(np.append(perceptron.w, perceptron.b) / rate, 9).tolist())
        # While it makes no error it stands still, and that is no cycle.
        if right == 0 and seen.setdefault(here, len(steps)) < len(steps):
            return Run(tuple(steps), False, (seen[here], len(steps) - seen[here]))
        steps.append((after, update))
        perceptron, right = after, 0 if update.error else right + 1
    return Run(tuple(steps), right >= len(X), None)
