"""The compiled training kernel: kernel/train.c, as WebAssembly, for whole epochs at a call.

numpy costs microseconds an operation, which is nearly all that a small network's epoch costs. The kernel does the
same sums without it. It is given one block of bytes and leaves its results in it; it cannot touch any other memory.
In Pyodide the browser runs it; elsewhere `wasmtime` does, where that is installed.
"""

from __future__ import annotations

import atexit
import struct
import sys
from collections.abc import Callable, Sequence
from functools import cache
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unfold.activations import ACTIVATIONS, SOFTMAX, Array
from unfold.losses import LOSSES
from unfold.network import Network
from unfold.optimizers import OPTIMIZERS

CODE = Path(__file__).with_name("kernel.wasm")
MOST_WIDTH, MOST_LAYERS, LANES = 16, 7, 4
FUNCTIONS = (*ACTIVATIONS, SOFTMAX.name)
"""Activations, in the order of the C code's Function; losses and optimizers too have the order of their tables."""
JOB = struct.Struct("<3d 8i 8i 7i 8I 4x")
STACK = 1 << 17
"""Bytes at the start of the kernel's memory that are its own."""
PAGE = 1 << 16

Bytes = NDArray[np.uint8]


def why_not(net: Network) -> str:
    """Return "" if the kernel can train this network, else the reason."""
    widths = (net.weights[0].shape[-2], *(b.shape[-1] for b in net.biases))
    if len(net.weights) > MOST_LAYERS or max(widths) > MOST_WIDTH:
        return f"the network is larger than {MOST_LAYERS} layers of {MOST_WIDTH}"
    for name in net.activations:
        if name not in FUNCTIONS:
            return f"the activation {name!r} is a formula"
    return "" if _machine() else "nothing here runs WebAssembly; install wasmtime"


def run(
    net: Network,
    memories: Array,
    X: Array,
    Y: Array,
    epochs: int,
    numbers: tuple[float, float, float],
    names: tuple[str, str],
    steps: int,
    batch: int,
    order: NDArray[np.int32] | None,
) -> tuple[Array, Network, Array, NDArray[np.int32]]:
    """Return what `epochs` epochs do: losses (R, epochs + 1), the network, the memories and the epoch of divergence.

    `memories` is (R, memories, P), P the parameters in the kernel's order, and R is 1 without replicas. `numbers` are
    learning rate, l1 and l2; `names` are loss and optimizer; `order` is (epochs, samples), or None for one batch.
    Divergence is -1, or an epoch of this call, counted from 1. Arguments must have been checked.
    """
    parameters = packed(net.weights, net.biases)
    replicas, count = parameters.shape
    widths = (net.weights[0].shape[-2], *(b.shape[-1] for b in net.biases))
    sent: list[NDArray[Any]] = [X, Y, np.empty(0, np.int32) if order is None else order, parameters, memories]
    starts, end = [], STACK + -(-JOB.size // 32) * 32
    for size in (*(array.nbytes for array in sent), replicas * (epochs + 1) * 8, replicas * 4):
        starts.append(end)
        end += -(-size // 32) * 32
    groups = 1 + -(-len(X) // LANES)
    room = 3 * MOST_WIDTH + 2 * sum(widths) + count + groups * (widths[0] + widths[-1])
    scratch_end = end + room * LANES * 8 + (2 * count + memories[0].size) * 8
    places = (*starts[:2], *starts[3:7], 0 if order is None else starts[2], end)
    functions = [FUNCTIONS.index(name) for name in net.activations]
    block = np.zeros(end - STACK, np.uint8)
    block[: JOB.size] = np.frombuffer(
        JOB.pack(
            *numbers,
            *(len(X), batch, replicas, epochs, len(functions)),
            *(list(LOSSES).index(names[0]), list(OPTIMIZERS).index(names[1]), steps),
            *(*widths, *[0] * (MOST_LAYERS + 1 - len(widths))),
            *(*functions, *[0] * (MOST_LAYERS - len(functions))),
            *places,
        ),
        np.uint8,
    )
    for start, array in zip(starts, sent, strict=False):
        raw = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        block[start - STACK : start - STACK + raw.size] = raw
    machine = _machine()
    assert machine is not None
    machine(block, scratch_end)

    def taken(k: int, shape: tuple[int, ...], kind: type) -> NDArray[Any]:
        place = starts[k] - STACK
        return block[place : place + prod(shape) * np.dtype(kind).itemsize].view(kind).reshape(shape)

    losses = taken(5, (replicas, epochs + 1), np.float64)
    end_net = unpacked(taken(3, parameters.shape, np.float64), net)
    return losses, end_net, taken(4, memories.shape, np.float64), taken(6, (replicas,), np.int32)


def packed(weights: Sequence[Array], biases: Sequence[Array]) -> Array:
    """Return parameters in the kernel's order, (R, P): for each layer its weights, then its biases."""
    replicas = weights[0].shape[0] if weights[0].ndim == 3 else 1
    pairs = zip(weights, biases, strict=True)
    return np.concatenate([part.reshape(replicas, -1) for pair in pairs for part in pair], axis=1)


def unpacked(parameters: Array, like: Network) -> Network:
    """Return the network of these parameters, (R, P), in the shape of `like`."""
    weights: list[Array] = []
    biases: list[Array] = []
    at = 0
    for W, b in zip(like.weights, like.biases, strict=True):
        for array, out in ((W, weights), (b, biases)):
            size = prod(array.shape[array.ndim - (2 if array is W else 1) :])
            out.append(parameters[:, at : at + size].reshape(array.shape))
            at += size
    return Network(tuple(weights), tuple(biases), like.activations)


@cache
def _machine() -> Callable[[Bytes, int], None] | None:
    """Return what runs a block, `machine(block, end)`, leaving the results in it; None where nothing does."""
    if sys.platform == "emscripten":
        return _in_the_browser()
    try:
        import wasmtime
    except ImportError:
        return None
    store = wasmtime.Store()
    memory = wasmtime.Memory(store, wasmtime.MemoryType(wasmtime.Limits(16, None)))
    module = wasmtime.Module(store.engine, CODE.read_bytes())
    train = wasmtime.Instance(store, module, [memory]).exports(store)["train"]
    atexit.register(_machine.cache_clear)  # while wasmtime itself is still there to be let go

    def run_block(block: Bytes, end: int) -> None:
        if (short := end - memory.data_len(store)) > 0:
            memory.grow(store, -(-short // PAGE))
        memory.write(store, block.tobytes(), STACK)
        train(store, STACK)  # type: ignore[operator]
        block[:] = np.frombuffer(memory.read(store, STACK, STACK + len(block)), np.uint8)

    return run_block


def _in_the_browser() -> Callable[[Bytes, int], None]:
    import js  # type: ignore[import-not-found]
    from pyodide.ffi import to_js  # type: ignore[import-not-found]

    def plain(**parts: Any) -> Any:
        return to_js(parts, dict_converter=js.Object.fromEntries)

    memory = js.WebAssembly.Memory.new(plain(initial=16))
    module = js.WebAssembly.Module.new(to_js(CODE.read_bytes()))
    train = js.WebAssembly.Instance.new(module, plain(env=plain(memory=memory))).exports.train
    held = js.Uint8Array.new(memory.buffer)

    def run_block(block: Bytes, end: int) -> None:
        nonlocal held
        if (short := end - held.length) > 0:
            memory.grow(-(-short // PAGE))
            held = js.Uint8Array.new(memory.buffer)
        part = held.subarray(STACK, STACK + len(block))
        part.assign(block)
        train(STACK)
        part.assign_to(block)

    return run_block
