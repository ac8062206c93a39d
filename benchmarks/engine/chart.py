"""Draws the numbers: the contenders on XOR as bars, the growth of an epoch's cost as lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "unfold"  # the same numbers give the same file

from matplotlib import pyplot as plt  # noqa: E402

from benchmarks.engine.report import scaling  # noqa: E402
from benchmarks.engine.workloads import ENGINES, SCALES  # noqa: E402

OURS, PEER = "#0b6e99", "#9a9a9a"
LOOKS = {"kernel": (OURS, "o"), "numpy": ("#d1711f", "s")}


def draw(found: dict[str, Any], path: Path) -> None:
    """Write the chart as SVG."""
    figure, axes = plt.subplots(2, 2, figsize=(11, 8), layout="constrained")
    _bars(axes[0, 0], found["medians"])
    for axis, what in zip((axes[0, 1], axes[1, 0], axes[1, 1]), SCALES, strict=True):
        _growth(axis, found["medians"], what)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _bars(axis: Any, medians: dict[str, float]) -> None:
    here = {k.removeprefix("xor "): s * 1e6 for k, s in medians.items() if k.startswith("xor ")}
    names = sorted(here, key=lambda name: -here[name])
    bars = axis.barh(names, [here[name] for name in names], color=[_colour(name) for name in names])
    axis.bar_label(bars, fmt="%.3g", padding=3)
    axis.set(xscale="log", title="XOR, 2-2-1, full batch", xlabel="µs an epoch")
    axis.margins(x=0.15)


def _colour(name: str) -> str:
    return LOOKS[name.split()[0]][0] if name.split()[0] in LOOKS else PEER


def _growth(axis: Any, medians: dict[str, float], what: str) -> None:
    for engine in ENGINES:
        if not (fit := scaling(medians, what, engine)):
            continue
        colour, mark = LOOKS[engine]
        text = f"{engine}: exponent {fit['exponent']:.2f}, R² {fit['straightness']:.3f}"
        axis.plot(fit["sizes"], np.array(fit["seconds"]) * 1e6, color=colour, marker=mark, label=text)
    axis.set(xscale="log", yscale="log", title=f"An epoch against {what}", xlabel=what, ylabel="µs")
    axis.set_xticks(SCALES[what], [str(value) for value in SCALES[what]])
    axis.minorticks_off()
    axis.legend()
