"""Prints the table: what each contender costs, how many times that of another, and which target it meets."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.engine.measure import AGREEMENT, EPOCHS_TO_AGREE
from benchmarks.engine.workloads import ENGINES, REPLICAS, SCALES, SLICES

WORK = {"samples": lambda n: n, "width": lambda n: n * n, "depth": lambda n: n}
"""What the cost should be a straight line in."""
NOTES = {
    "nodes": "an object a neuron and weight",
    "unrolled": "straight-line, Math.tanh",
    "unrolled by exp": "straight-line, tanh from exp",
    "brain.js": "1.6.1; a step a sample, all sigmoid",
    "ConvNetJS": "0.3.0; linear output",
    "micrograd": "0.1.0; ReLU, linear output",
    "numpy": "ours",
    "kernel": "ours",
}


def scaling(medians: dict[str, float], what: str, engine: str) -> dict[str, Any]:
    """Return the sizes, the seconds, the exponent fitted to both, and how straight seconds are against the work.

    The straightness is R^2 of a line through seconds against WORK.
    """
    names = [f"{what} {value} {engine} (Pyodide)" for value in SCALES[what]]
    if not all(name in medians for name in names):
        return {}
    sizes, seconds = np.array(SCALES[what], float), np.array([medians[name] for name in names])
    exponent = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
    last = np.log(seconds[-1] / seconds[-2]) / np.log(sizes[-1] / sizes[-2])
    straight = np.corrcoef(WORK[what](sizes), seconds)[0, 1] ** 2
    found = {"exponent": exponent, "last exponent": last, "straightness": straight}
    return {"sizes": sizes.tolist(), "seconds": seconds.tolist(), **{name: float(x) for name, x in found.items()}}


def row(name: str, value: str, other: str = "", target: str = "", fine: bool | None = None) -> None:
    """Print a line of the table; `fine` says whether the target is met, None where it could not be measured."""
    verdict = "" if not target else {True: "met", False: "MISSED", None: "NOT MEASURED"}[fine]
    print(f"  {name:<64}{value:>12}  {other:<32}{target:<24}{verdict}".rstrip())


def job(found: dict[str, Any], name: str) -> None:
    """Print the contenders of one job, quickest first, with their ratio to our kernel and to numpy in Pyodide."""
    medians, base = found["medians"], found["medians"].get(f"{name} kernel (Pyodide)")
    numpy = found["medians"][f"{name} numpy (Pyodide)"]
    here = {key: s for key, s in medians.items() if key.startswith(f"{name} ")}
    for key, seconds in sorted(here.items(), key=lambda pair: pair[1]):
        peer = key.removeprefix(f"{name} ")
        what = f"{peer}: {NOTES[peer.split(' (')[0]]}" if peer.split(" (")[0] in NOTES else peer
        ratios = (f"{seconds / base:>8.1f}" if base else " " * 8) + f"{seconds / numpy:>12.4f}"
        row(what, f"{seconds * 1e6:.3f}", ratios)


def times(medians: dict[str, float], slower: str, quicker: str) -> float | None:
    """Return how many times as long the slower takes; None where one is not there."""
    return medians[slower] / medians[quicker] if slower in medians and quicker in medians else None


def ratio_row(name: str, value: float | None, least: float) -> None:
    """Print a ratio that must be at least so large."""
    row(name, f"{value:.2f} times" if value else "-", "", f"at least {least:g} times", value and value >= least)


def limit_row(name: str, value: float | None, unit: str, most: float) -> None:
    """Print a number that must be at most so large."""
    row(
        name,
        "-" if value is None else f"{value:.3f} {unit}",
        "",
        f"at most {most:g} {unit}",
        None if value is None else value <= most,
    )


def targets(found: dict[str, Any]) -> None:
    """Print what was to be reached, and whether it is."""
    medians, kernel = found["medians"], "xor kernel (Pyodide)"
    ratio_row("XOR: nodes / kernel", times(medians, "xor nodes (Chromium)", kernel), 5)
    ratio_row("XOR: unrolled / kernel", times(medians, "xor unrolled (Chromium)", kernel), 1)
    ratio_row("XOR: unrolled by exp / kernel", times(medians, "xor unrolled by exp (Chromium)", kernel), 1)
    circles = times(medians, "circles numpy (Pyodide)", "circles kernel (Pyodide)")
    ratio_row("2-8-8-1, batches of 10: numpy / kernel, both in Pyodide", circles, 20)
    replicas = medians.get("replicas kernel (Pyodide)")
    limit_row(f"{REPLICAS} replicas of XOR: a replica and epoch", replicas and replicas / REPLICAS * 1e6, "µs", 0.2)
    surface = medians.get("landscape xor (Pyodide)")
    limit_row("landscape, 51 x 51, XOR 2-2-1", surface and surface * 1e3, "ms", 20)
    surface = medians.get("landscape circles (Pyodide)")
    row("landscape, 51 x 51, 2-8-8-1 with 500 samples", f"{surface * 1e3:.0f} ms" if surface else "-")


def growth(found: dict[str, Any]) -> None:
    """Print the cost's growth with size, and the memory's with calls."""
    for what in SCALES:
        for engine in ENGINES:
            fit = scaling(found["medians"], what, engine)
            if not fit:
                continue
            value = f"{fit['exponent']:.2f}"
            text = f"{fit['last exponent']:.2f} at the end, R² {fit['straightness']:.3f}"
            most = {"samples": 1.1, "width": 2.1, "depth": 1.2}[what]
            wanted = (f"at most {most:g}, R² 0.98", fit["exponent"] <= most and fit["straightness"] >= 0.98)
            row(f"epoch against {what}, {engine}: exponent", value, text, *(wanted if engine == "kernel" else ()))
    calls = found["effort"]["calls"]
    for engine, memory in found["memory"].items():
        parts = {name: memory["after"][name] - memory["before"][name] for name in ("python", "wasm", "tab")}
        # Python's own caches take some bytes at any time; a leak of 10 bytes a call would be plain. The tab's size
        # wavers by a megabyte or two.
        fine = parts["python"] < 10 * calls and parts["wasm"] == 0 and parts["tab"] < 5e6
        text = f"{parts['python'] / 1e3:+.1f} kB Python, {parts['tab'] / 1e6:+.1f} MB tab"
        row(
            f"WebAssembly memory after {calls:,} calls of train, {engine}",
            f"{parts['wasm']:+,} B",
            text,
            "no growth",
            fine,
        )


def agreement(found: dict[str, Any]) -> bool:
    """Print the largest difference between contenders that should be doing the same; return whether it is small."""
    fine = True
    for name, losses in found["agreement"].items():
        spread = max(losses.values()) - min(losses.values())
        small = spread <= AGREEMENT
        fine = fine and small
        verdict = "met" if small else "MISSED"
        print(f"  {name}: loss {losses['numpy (Pyodide)']:.12f}, apart by at most {spread:.1e}: {verdict}")
        print(f"    {', '.join(losses)}")
    return fine


def table(found: dict[str, Any]) -> bool:
    """Print everything; return whether the contenders agree."""
    medians = found["medians"]
    machine, effort = found["machine"], found["effort"]
    print(f"\nMedians of {effort['rounds']} rounds in turns; Chromium {machine['chromium']}, {machine['cores']} cores.")
    print("Ours keep the loss after every epoch; the JavaScript peers keep none, nor draw an order for their batches.")
    heads = {
        "xor": "XOR, 2-2-1, full batch",
        "circles": "2-8-8-1, 500 samples in batches of 10",
        "replicas": f"{REPLICAS} replicas of XOR, all together",
    }
    for name, head in heads.items():
        print(f"\n{head}\n  {'':<64}{'µs an epoch':>12}  {'/ kernel':>8}{'/ numpy':>12}")
        job(found, name)
    print("\nXOR by the kernel in Pyodide, by the epochs of one call")
    for most in SLICES:
        if (seconds := medians.get(f"slice {most} kernel (Pyodide)")) is not None:
            row(f"{most:,} epochs a call", f"{seconds * 1e6:.3f}", f"{seconds * most * 1e6:>10.1f} µs a call")
    print("\nTo reach")
    targets(found)
    growth(found)
    print(f"\nThe same start, {EPOCHS_TO_AGREE} epochs: losses {AGREEMENT:g} apart at most (the libraries differ)")
    fine = agreement(found)
    if why := found["left_out"].get("xor kernel (Pyodide)"):
        print(f"\nkernel: {'not there yet' if why.startswith('TypeError') else 'does not run in Pyodide'} ({why})")
    for name, why in found["left_out"].items():
        if "kernel" not in name:
            print(f"{name}: left out, {why}")
    return fine
