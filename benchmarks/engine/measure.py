"""Runs every contender in turns and gathers the medians."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.engine import browser, native, packages, workloads

Timed = Callable[[int], float]
EPOCHS_TO_AGREE = 100
AGREEMENT = 1e-9


@dataclass(frozen=True)
class Effort:
    """How long to measure: rounds, seconds of one contender's turn in each, calls in search of growing memory."""

    rounds: int
    turn: float
    calls: int


FULL = Effort(rounds=15, turn=0.08, calls=10_000)
QUICK = Effort(rounds=5, turn=0.02, calls=1_000)


def interleave(contenders: dict[str, Timed], rounds: int, turn: float) -> dict[str, list[float]]:
    """Return the seconds of one repetition in every round, for each contender; they take turns.

    Each is warmed up for two turns or more, while the repetitions that fill a turn are found.
    """
    times = {}
    for name, timed in contenders.items():
        times[name] = 1
        while timed(times[name]) < turn:
            times[name] *= 2
    found: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, timed in contenders.items():
            found[name].append(timed(times[name]) / times[name])
    return found


def everything(effort: Effort) -> dict[str, Any]:
    """Return all that is measured, as JSON can hold it; `left_out` says what is not there, and why."""
    left_out: dict[str, str] = {}
    outside = _outside(left_out)
    with browser.worker(left_out) as (ask, version):
        left_out |= {f"{name} (Pyodide)": why for name, why in json.loads(ask("python", MISSING)).items()}
        inside = {f"{name} (Chromium)": partial(ask, "time", name) for name in ask("names")}
        inside |= {f"{name} (Pyodide)": partial(ask, "time", name) for name in workloads.RUNS}
        every = {name: timed for name, timed in (inside | outside).items() if name not in left_out}

        seconds = {}
        for group in ("xor", "circles", "replicas", "slice", "landscape", *workloads.SCALES):
            print(f"measuring: {group}", flush=True)
            chosen = {name: timed for name, timed in every.items() if name.startswith(f"{group} ")}
            seconds |= interleave(chosen, effort.rounds, effort.turn)
        print("measuring: agreement and memory", flush=True)
        agreement = _agreement(ask, left_out)
        memory = _memory(ask, effort.calls, left_out)
    return {
        "machine": {"chromium": version, "cores": os.cpu_count(), "python": platform.python_version()},
        "effort": vars(effort),
        "left_out": left_out,
        "agreement": agreement,
        "memory": memory,
        "seconds": seconds,
        "medians": {name: statistics.median(values) for name, values in seconds.items()},
    }


MISSING = "import workloads; workloads.missing()"


def _outside(left_out: dict[str, str]) -> dict[str, Timed]:
    """Return what runs natively, our two engines among it."""
    absent = json.loads(workloads.missing())
    runs = {
        f"{job} {engine}": workloads.RUNS[f"{job} {engine}"]
        for job in ("xor", "circles")
        for engine in ("numpy", "kernel")
    }
    left_out |= {f"{name} (native)": absent[name] for name in runs if name in absent}
    try:
        runs["xor micrograd"] = native.micrograd_xor()
    except packages.Unreachable as problem:
        left_out["micrograd"] = str(problem)
    try:
        runs |= {f"{job} PyTorch": native.torch_job(job) for job in ("xor", "circles")}
    except ImportError:
        left_out["PyTorch"] = "not installed"
    return {f"{name} (native)": partial(native.timed, run) for name, run in runs.items()}


def _agreement(ask: browser.Ask, left_out: dict[str, str]) -> dict[str, dict[str, float]]:
    """Return for each job the loss after EPOCHS_TO_AGREE epochs from the same start, by contender."""
    losses: dict[str, dict[str, float]] = {"xor": {}, "circles": {}}
    for name, loss in ask("losses", EPOCHS_TO_AGREE).items():
        job, peer = name.split(" ", 1)
        losses[job][f"{peer} (Chromium)"] = loss
    for job, found in losses.items():
        for engine in workloads.ENGINES:
            if f"{job} {engine} (Pyodide)" not in left_out:
                code = f"workloads.loss_after({job!r}, {engine!r}, {EPOCHS_TO_AGREE})"
                found[f"{engine} (Pyodide)"] = ask("python", code)
            if f"{job} {engine} (native)" not in left_out:
                found[f"{engine} (native)"] = workloads.loss_after(job, engine, EPOCHS_TO_AGREE)
    return losses


def _memory(ask: browser.Ask, calls: int, left_out: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Return by engine the bytes held after a tenth of the calls, and after all of them as well."""
    engines = [engine for engine in workloads.ENGINES if f"xor {engine} (Pyodide)" not in left_out]
    return {
        engine: {"before": ask("memory", engine, calls // 10), "after": ask("memory", engine, calls)}
        for engine in engines
    }
