"""What is measured of our engine; the same text runs natively and in Pyodide, and gives the peers their start.

`RUNS` maps a name to a function of n that does the work n times; `timed` times it where the caller lives, in Python.
"""

from __future__ import annotations

import gc
import json
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from unfold.datasets import circles, gate
from unfold.network import Network
from unfold.training import orders, train

SLICE = 50_000  # what the kernel does in a figure's slice of 8 ms
"""Epochs at most between a start and the next: every implementation begins anew, so that all see like numbers."""
SLICES = (1, 10, 100, 1_000, 10_000, 50_000)
REPLICAS = 256
SCALES = {"samples": (64, 128, 256, 512, 1024), "width": (2, 4, 8, 16), "depth": (1, 2, 3, 4, 5, 6)}
ENGINES = ("numpy", "kernel")


def ring(samples: int, layers: tuple[int, ...], batch: int | None = None) -> dict[str, Any]:
    """Return a training job on two circles."""
    data = circles(samples, noise=0.1, seed=1)
    return {"net": Network.create(layers, seed=1), "X": data.X, "Y": data.Y, "rate": 0.1, "batch": batch}


def xor(seed: int | range) -> dict[str, Any]:
    """Return a training job on XOR, 2-2-1."""
    X, Y = gate("xor")
    return {"net": Network.create((2, 2, 1), seed=seed), "X": X, "Y": Y, "rate": 0.5, "batch": None}


def scaled(what: str, value: int) -> dict[str, Any]:
    """Return a job in which one thing is `value`, full batch."""
    if what == "samples":
        return ring(value, (2, 8, 8, 1))
    return ring(256, (2, *[value] * 4, 1) if what == "width" else (2, *[8] * value, 1))


JOBS = {
    "xor": xor(3),
    "circles": ring(500, (2, 8, 8, 1), batch=10),
    "replicas": xor(range(REPLICAS)),
    **{f"{what} {value}": scaled(what, value) for what, values in SCALES.items() for value in values},
}


def trained(name: str, engine: str, epochs: int) -> Any:
    """Return the history of a job."""
    job = JOBS[name]
    return train(job["net"], job["X"], job["Y"], epochs, job["rate"], batch=job["batch"], engine=engine)


def in_slices(name: str, engine: str, most: int, epochs: int) -> None:
    """Train for `epochs` in all, from the start again after every `most`."""
    for first in range(0, epochs, most):
        trained(name, engine, min(most, epochs - first))


def landscape(name: str, times: int) -> None:
    """Work out the 51 x 51 landscape around a job's first network."""
    from unfold.landscape import random_directions, surface

    job, line = JOBS[name], np.linspace(-1.0, 1.0, 51)
    d1, d2 = random_directions(job["net"], seed=0)
    for _ in range(times):
        surface(job["net"], d1, d2, job["X"], job["Y"], line, line)


RUNS: dict[str, Callable[[int], None]] = {
    **{f"{name} {engine}": partial(in_slices, name, engine, SLICE) for name in JOBS for engine in ENGINES},
    **{f"slice {most} kernel": partial(in_slices, "xor", "kernel", most) for most in SLICES},
    **{f"landscape {name}": partial(landscape, name) for name in ("xor", "circles")},
}


def timed(name: str, times: int) -> float:
    """Return the seconds that a run of so many times takes."""
    begin = time.perf_counter()
    RUNS[name](times)
    return time.perf_counter() - begin


def missing() -> str:
    """Return as JSON what cannot be run here, and why."""
    reasons = {}
    for name, run in RUNS.items():
        try:
            run(1)
        except (TypeError, ValueError, ImportError, AttributeError) as problem:
            reasons[name] = f"{type(problem).__name__}: {problem}"
    return json.dumps(reasons)


def starts() -> str:
    """Return as JSON the jobs that the peers share, with the orders of samples that 100 epochs here would draw."""

    def plain(job: dict[str, Any]) -> dict[str, Any]:
        net = job["net"]
        parts = {name: [p.tolist() for p in getattr(net, name)] for name in ("weights", "biases")}
        order = orders(len(job["X"]), 0, 100, 0).tolist()
        arrays = {name: job[name].tolist() for name in ("X", "Y")}
        return job | arrays | {"net": parts | {"activations": net.activations}, "orders": order}

    return json.dumps({name: plain(JOBS[name]) for name in ("xor", "circles")})


def loss_after(name: str, engine: str, epochs: int) -> float:
    """Return the loss of a job after so many epochs."""
    return float(trained(name, engine, epochs).loss[-1])


def call_often(engine: str, calls: int) -> int:
    """Call train so many times; return the bytes that Python, and numpy in it, then hold more than at first."""
    if not tracemalloc.is_tracing():
        tracemalloc.start()
    for _ in range(calls):
        trained("xor", engine, 1)
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
