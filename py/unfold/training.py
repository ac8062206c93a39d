"""Training: the weights take small steps downhill, again and again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unfold import kernel
from unfold.activations import Array
from unfold.backprop import gradients, with_penalties
from unfold.losses import loss_for
from unfold.network import Network
from unfold.optimizers import OPTIMIZERS, Slots

ENGINES = ("auto", "numpy", "kernel")
MOST_ORDERED = 1 << 20
"""Places in the orders of samples that the kernel is handed in one call."""
SHUFFLED_TOGETHER = 64
"""Epochs whose orders of samples are drawn at once: one call to numpy for all of them."""


@dataclass(frozen=True)
class Settings:
    """How to train; see `train`."""

    learning_rate: float
    optimizer: str = "sgd"
    loss: str = "mean squared error"
    batch: int | None = None
    l1: float = 0.0
    l2: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class Progress:
    """Where a run stands, with all that it needs to go on as if it had never stopped.

    `slots` are what the optimizer remembers: its arrays for each weight array and then for each bias array.
    `diverged` is -1, or the epoch, counted from 1, whose numbers left the finite: () or (R,).
    """

    net: Network
    epoch: int
    steps: int
    slots: tuple[Slots, ...]
    diverged: NDArray[np.int64]

    @classmethod
    def begin(cls, net: Network, optimizer: str) -> Progress:
        """Return the start of a run: nothing trained, nothing remembered."""
        parameters = (*net.weights, *net.biases)
        slots = tuple(tuple(np.zeros_like(p) for _ in range(OPTIMIZERS[optimizer].memories)) for p in parameters)
        return cls(net, 0, 0, slots, np.full(net.biases[0].shape[:-1], -1))


@dataclass(frozen=True)
class History:
    """A training run: the loss before it and after every epoch, (epochs + 1,) or (R, epochs + 1), and its end.

    From the epoch of divergence on the loss is inf, and `final` is the network before that epoch. `engine` says
    which of "numpy" and "kernel" ran.
    """

    loss: Array
    progress: Progress
    engine: str

    @property
    def final(self) -> Network:
        """The network after the last epoch, its numbers always finite."""
        return self.progress.net

    @property
    def diverged(self) -> NDArray[np.int64]:
        """-1, or the epoch of the whole run, counted from 1, that left the finite: () or (R,)."""
        return self.progress.diverged


def step(net: Network, slope: Network, rate: float) -> Network:
    """Return the network after one step of gradient descent: each parameter less `rate` times its slope.

    `slope` holds dLoss/dparameter in the shape of the network, as `gradients` returns it.
    """
    W, dW = net.weights, slope.weights
    b, db = net.biases, slope.biases
    return Network(
        tuple(w - rate * dw for w, dw in zip(W, dW, strict=True)),
        tuple(c - rate * dc for c, dc in zip(b, db, strict=True)),
        net.activations,
    )


def train(
    net: Network | Progress,
    X: Array,
    Y: Array,
    epochs: int,
    learning_rate: float,
    optimizer: str = "sgd",
    *,
    loss: str = "mean squared error",
    batch: int | None = None,
    l1: float = 0.0,
    l2: float = 0.0,
    seed: int = 0,
    engine: str = "auto",
) -> History:
    """Return the history of `epochs` passes through all samples, in steps of the optimizer's.

    `X` is (samples, inputs), `Y` (samples, outputs). A step is on all samples, or on `batch` of them in an order
    drawn for every epoch from `seed`. `l1` and `l2` penalise weights (see `with_penalties`); the losses told are
    without the penalty. Given the `progress` of an earlier history in place of a network, it goes on from there.
    `engine` is "numpy", "kernel" (the compiled one), or "auto": the kernel where it can. Nothing handed in is changed.
    Raises ValueError for a setting that is not allowed, naming it.
    """
    settings = Settings(learning_rate, optimizer, loss, batch, l1, l2, seed)
    start = net if isinstance(net, Progress) else None
    network = start.net if start else net
    assert isinstance(network, Network)
    _check(network, X, Y, epochs, settings, engine)
    start = start or Progress.begin(network, optimizer)
    reason = kernel.why_not(network) if engine != "numpy" else "numpy was asked for"
    if engine == "kernel" and reason:
        raise ValueError(f"engine: 'kernel' is not allowed here: {reason}; allowed: numpy")
    run = _with_numpy if reason else _with_kernel
    return History(*run(start, X, Y, epochs, settings), engine="numpy" if reason else "kernel")


def orders(samples: int, epoch: int, epochs: int, seed: int) -> NDArray[np.int32]:
    """Return the orders of samples for `epochs` epochs from number `epoch` on, counted from 0: (epochs, samples)."""
    blocks = range(epoch // SHUFFLED_TOGETHER, -(-(epoch + epochs) // SHUFFLED_TOGETHER))
    rows = np.tile(np.arange(samples, dtype=np.int32), (SHUFFLED_TOGETHER, 1))
    drawn = [np.random.default_rng((seed, block)).permuted(rows, axis=1) for block in blocks]
    first = epoch % SHUFFLED_TOGETHER
    return np.concatenate([*drawn, rows[:0]])[first : first + epochs]


def _with_numpy(start: Progress, X: Array, Y: Array, epochs: int, settings: Settings) -> tuple[Array, Progress]:
    net, steps, slots, diverged = start.net, start.steps, start.slots, start.diverged.copy()
    samples = len(X)
    size = min(settings.batch or samples, samples)
    order = orders(samples, start.epoch, epochs, settings.seed) if size < samples else None
    with np.errstate(all="ignore"):  # a run may diverge, and then it says so
        losses = [np.where(diverged < 0, net.loss(X, Y, settings.loss), np.inf)]
        for epoch in range(epochs):
            before, before_slots = net, slots
            for first in range(0, samples, size):
                rows = slice(None) if order is None else order[epoch, first : first + size]
                slope = gradients(net, X[rows], Y[rows], settings.loss)
                if settings.l1 or settings.l2:
                    slope = with_penalties(slope, net, settings.l1, settings.l2)
                steps += 1
                net, slots = _step(net, slope, slots, steps, settings)
            loss = net.loss(X, Y, settings.loss)
            fine = (diverged < 0) & _finite(net, loss)
            if not fine.all():
                diverged = np.where((diverged < 0) & ~fine, start.epoch + epoch + 1, diverged)
                net, slots = _kept(fine, net, before, slots, before_slots)
                loss = np.where(fine, loss, np.inf)
            losses.append(loss)
            if not fine.any():
                losses += [loss] * (epochs - epoch - 1)
                break
    return np.stack(losses, axis=-1), Progress(net, start.epoch + epochs, steps, slots, diverged)


def _step(
    net: Network, slope: Network, slots: tuple[Slots, ...], steps: int, settings: Settings
) -> tuple[Network, tuple[Slots, ...]]:
    """Return the network and the optimizer's memory after one step of any optimizer."""
    if settings.optimizer == "sgd":
        return step(net, slope, settings.learning_rate), slots
    move = OPTIMIZERS[settings.optimizer].move
    moved = [move(d, memory, steps) for d, memory in zip((*slope.weights, *slope.biases), slots, strict=True)]
    layers = len(net.weights)
    by = Network(tuple(m for m, _ in moved[:layers]), tuple(m for m, _ in moved[layers:]), net.activations)
    return step(net, by, settings.learning_rate), tuple(memory for _, memory in moved)


def _finite(net: Network, loss: Array) -> NDArray[np.bool_]:
    """Return whether the loss and every parameter is finite: () or (R,)."""
    fine = np.isfinite(loss)
    for W, b in zip(net.weights, net.biases, strict=True):
        fine = fine & np.isfinite(W).all(axis=(-2, -1)) & np.isfinite(b).all(axis=-1)
    return fine


def _kept(
    fine: NDArray[np.bool_], net: Network, before: Network, slots: tuple[Slots, ...], before_slots: tuple[Slots, ...]
) -> tuple[Network, tuple[Slots, ...]]:
    """Return the new network and slots where they are fine, else those before."""

    def choose(new: Array, old: Array) -> Array:
        return np.where(fine.reshape(fine.shape + (1,) * (new.ndim - fine.ndim)), new, old)

    def choose_all(new: Slots, old: Slots) -> Slots:
        return tuple(map(choose, new, old))

    kept = Network(choose_all(net.weights, before.weights), choose_all(net.biases, before.biases), net.activations)
    return kept, tuple(map(choose_all, slots, before_slots))


def _with_kernel(start: Progress, X: Array, Y: Array, epochs: int, settings: Settings) -> tuple[Array, Progress]:
    net, steps, diverged, samples = start.net, start.steps, start.diverged.reshape(-1), len(X)
    layers, replicas = len(net.weights), max(1, diverged.size)
    memories = OPTIMIZERS[settings.optimizer].memories
    held = [kernel.packed(*_halves([slots[m] for slots in start.slots], layers)) for m in range(memories)]
    memory = np.stack(held, axis=1) if held else np.empty((replicas, 0, 0))
    numbers, names = (settings.learning_rate, settings.l1, settings.l2), (settings.loss, settings.optimizer)
    size = min(settings.batch or samples, samples)
    at_once = epochs if size == samples else max(1, MOST_ORDERED // samples)
    parts: list[Array] = []
    for first in range(0, max(epochs, 1), max(at_once, 1)):
        count = min(at_once, epochs - first)
        order = orders(samples, start.epoch + first, count, settings.seed) if size < samples else None
        before, kept, fine = net, memory, diverged < 0
        losses, net, memory, left = kernel.run(net, memory, X, Y, count, numbers, names, steps, size, order)
        if not fine.all():  # what has diverged stays where it was
            losses[~fine] = np.inf
            net, _ = _kept(fine.reshape(start.diverged.shape), net, before, (), ())
            memory = np.where(fine[:, None, None], memory, kept)
        diverged = np.where((diverged < 0) & (left >= 0), start.epoch + first + left, diverged)
        parts.append(losses[:, 1:] if parts else losses)
        steps += count * -(-samples // size)
    shape = start.diverged.shape
    each = [kernel.unpacked(memory[:, m], net) for m in range(memories)]
    slots = tuple(zip(*((*one.weights, *one.biases) for one in each), strict=True)) or start.slots
    loss = np.concatenate(parts, axis=1).reshape(*shape, epochs + 1)
    return loss, Progress(net, start.epoch + epochs, steps, slots, diverged.reshape(shape))


def _halves(arrays: list[Array], layers: int) -> tuple[list[Array], list[Array]]:
    """Return the arrays of weights and those of biases."""
    return arrays[:layers], arrays[layers:]


def _check(net: Network, X: Array, Y: Array, epochs: int, settings: Settings, engine: str) -> None:
    """Raise ValueError for what cannot be trained with."""
    loss_for(net.activations[-1], settings.loss)
    batch = 1 if settings.batch is None else settings.batch
    for field, value, fine, allowed in (
        ("epochs", epochs, epochs >= 0, "0 or more"),
        ("learning_rate", settings.learning_rate, 0.0 < settings.learning_rate < np.inf, "a number above 0"),
        ("optimizer", settings.optimizer, settings.optimizer in OPTIMIZERS, ", ".join(OPTIMIZERS)),
        ("batch", settings.batch, batch >= 1, "1 or more, or None for all samples"),
        ("l1", settings.l1, 0.0 <= settings.l1 < np.inf, "0 or a number above"),
        ("l2", settings.l2, 0.0 <= settings.l2 < np.inf, "0 or a number above"),
        ("engine", engine, engine in ENGINES, ", ".join(ENGINES)),
        ("X", X.shape, X.shape[1:] == net.weights[0].shape[-2:-1], f"(samples, {net.weights[0].shape[-2]})"),
        ("Y", Y.shape, Y.shape == (len(X), net.biases[-1].shape[-1]), f"({len(X)}, {net.biases[-1].shape[-1]})"),
    ):
        if not fine:
            raise ValueError(f"{field}: {value!r} is not allowed; allowed: {allowed}")
