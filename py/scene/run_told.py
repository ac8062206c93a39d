"""A run of training in words."""

from __future__ import annotations

from scene.marks import Array
from scene.ticks import count, number

PATIENCE = 2000
"""Epochs before which no run is called stuck."""


def run_told(losses: Array, epoch: int, neurons: str) -> str:
    """Return where training stands at an epoch of a run with these losses, and how far the run has been."""
    first, last = float(losses[0]), float(losses[epoch])
    if len(losses) == 1:
        return f"A new network with {neurons}, not trained yet: the loss is {number(last, 3)}."
    end = len(losses) - 1
    back = f", of {count(end)} so far," if epoch < end else ""
    if epoch == 0:
        return f"Epoch 0{back} with {neurons}: the weights it began with; the loss is {number(last, 3)}."
    change = f"fell" if last < first else f"went"
    now = number(last, 3 if last >= 0.0005 else 6)
    return f"Epoch {count(epoch)}{back} with {neurons}: the loss {change} from {number(first, 3)} to {now}."


def stuck_told(losses: Array) -> str:
    """Return that a run has hardly moved for long, if it has: losses before training and after every epoch."""
    if len(losses) > PATIENCE and losses[-1] > 0.9 * losses[-1000]:
        return " It has hardly moved for a thousand epochs: this start is stuck. Try another seed."
    return ""


def stopped_told(run_away: bool) -> str:
    """Return why a run has stopped, if its numbers have run away."""
    if not run_away:
        return ""
    return " The steps were too large: the numbers ran away, and the training stopped. Lower the learning rate."


def guess_told(guess: str, epochs: int) -> str:
    """Return what came of a guess, if there was one, of how many epochs are needed."""
    if not guess:
        return ""
    ratio = max(epochs, 1) / float(guess)
    near = "a good guess" if 0.5 <= ratio <= 2.0 else "it was quicker" if ratio < 1.0 else "it took longer"
    return f" You guessed {guess}: {near}."


def solved_read(solved_at: int | None) -> tuple[str, str]:
    """Return the badge's words and value, given the epoch at which a run was solved, or None."""
    return ("Not solved yet", "false") if solved_at is None else (f"✓ Solved at epoch {count(solved_at)}", "true")
