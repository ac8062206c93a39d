"""Print what each figure's pictures cost in the worker, and how soon they answer: `python3 dev.py bench figures`.

Scene and draw of every figure, in Pyodide in a worker of headless Chromium, on canvases of the size they have in the
page, with two device pixels for each CSS pixel: after some work of the figure's own, one picture after another, a
surface turned by two degrees each time. Then, in the article itself, the time from a move of the figure's first slider
to the frame in which a picture has changed, and of `landscape` the time until all three surfaces are new, of the same
runs and of others. Last, in a window of 800 x 600, the frames a second of each surface while it is turned, of each grid
while it plays, and those of an empty page. `-- NAME …` after it measures these figures alone.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import TypeAlias

from playwright.sync_api import Browser, sync_playwright

from figures import NAMES
from tests import browsers
from tests.browsers import READY
from tools import runtime, site

RESULTS = runtime.ROOT / "benchmarks" / "results"
HERE = Path(__file__).resolve().parent
MEASURE = (HERE / "measure.py").read_text("utf-8")
LATENCY = (HERE / "latency.js").read_text("utf-8")
FRAMES = (HERE / "frames.js").read_text("utf-8")
ANEW = (HERE / "anew.js").read_text("utf-8")
SURFACES_ANEW = {
    "51 x 51 losses of three networks": ("landscape", "reach", [round(0.5 + 0.1 * k, 1) for k in range(24) if k != 5]),
    "the same, and three runs of 1600 epochs": ("landscape", "seed", list(range(11, 26))),
}
"""What is worked out anew: of which figure, by which control, set to which values."""
MOST_MS = {"51 x 51 losses of three networks": 100.0}
"""The milliseconds that it may take until all surfaces are new on the screen."""
SAMPLES, SECONDS = 120, 3.0
MOVED = {"loss-curves": ("scale", True)}
"""The control to move where the first changes no picture by itself, and whether the figure is to have run before."""
WINDOW = {"width": 800, "height": 600}
PLAYED = ("linear-map", "layer-steps", "layers")
"""The grids whose frames are counted while they play."""
SURFACES = "() => [...document.querySelectorAll('figure:has(canvas[data-relief])')].map(figure => figure.id)"
START = """() => new Promise((resolve, reject) => {
  const worker = new Worker("./worker.mjs", { type: "module" });
  const answer = () => new Promise((done, failed) => {
    worker.onerror = ({ message }) => failed(new Error(message));
    worker.onmessage = ({ data }) => (data.error ? failed(new Error(data.error)) : done(data.value));
  });
  globalThis.python = (code) => { const next = answer(); worker.postMessage(code); return next; };
  answer().then(resolve, reject);
})"""


def frames(browser: Browser, address: str, names: Collection[str]) -> dict[str, list[float]]:
    """Return the times, in ms, between frames: of an empty page, "", and of each named surface or grid that moves."""
    page = browser.new_page(viewport=WINDOW)
    page.goto(address + "assets/icon.svg")
    found = {"": page.evaluate(FRAMES, ["", SECONDS])}
    page.goto(address)
    page.wait_for_function(READY)
    for name in [name for name in (*page.evaluate(SURFACES), *PLAYED) if name in names]:
        page.locator(f"#{name} .stage").scroll_into_view_if_needed()
        page.evaluate(FRAMES, [name, 0.5])
        found[name] = page.evaluate(FRAMES, [name, SECONDS])
    page.close()
    return found


Times: TypeAlias = dict[str, list[float]]


def measure(names: Collection[str]) -> tuple[dict[str, Times], Times, Times]:
    """Return for each figure the median and the 95th percentile, in ms, of scene, draw, both and the answer.

    Then the times until surfaces are new, by what is worked out anew; and those between frames.
    """
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        where = Path(folder)
        site.copy(where / "site")
        (where / "site" / "worker.mjs").write_bytes((HERE / "worker.mjs").read_bytes())
        with browsers.served(where / "site") as address:
            browser = browsers.chromium(playwright)
            page = browser.new_page()
            page.goto(address + "assets/icon.svg")  # nothing of the article runs beside it
            page.goto(address + "py/render/paths.mjs")
            page.evaluate(START.replace("./worker.mjs", address + "worker.mjs"))
            found = json.loads(page.evaluate("code => globalThis.python(code)", f"NAMES = {list(names)}\n{MEASURE}"))
            browser.close()
            browser = browsers.chromium(playwright)
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.goto(address)
            page.wait_for_function(READY)  # or the opening of one would hold up the answers of another
            for name, parts in found.items():
                page.locator(f"#{name}").scroll_into_view_if_needed()
                times = sorted(page.evaluate(LATENCY, [name, SAMPLES, *MOVED.get(name, ("", False))]))
                parts["answer"] = [times[len(times) // 2], times[int(0.95 * len(times))]]
            anew = {}
            for what, (name, setting, values) in SURFACES_ANEW.items():
                if name in names:
                    page.locator(f"#{name} .stage").scroll_into_view_if_needed()
                    anew[what] = page.evaluate(ANEW, [name, setting, values])
            turned = frames(browser, address, names)
            browser.close()
    return found, anew, turned


def main() -> None:
    names = sys.argv[1:] or NAMES
    if unknown := set(names) - set(NAMES):
        sys.exit(f"unknown: {', '.join(sorted(unknown))}; the figures are {', '.join(NAMES)}")
    found, anew, turned = measure(names)
    RESULTS.mkdir(exist_ok=True)
    told = found | {"anew": anew, "frames": turned}
    (RESULTS / "figures.json").write_text(json.dumps(told, indent=1) + "\n")
    print("ms, median / 95th percentile\n")
    columns = ("scene", "draw", "both", "answer")
    print(f"{'figure':<18}" + "".join(f"{column:>16}" for column in columns))
    for name, parts in found.items():
        cells = "".join(f"{parts[part][0]:>9.2f} /{parts[part][1]:>5.2f}" for part in columns)
        missed = [] if parts["both"][0] <= 4.0 else ["scene and draw at most 4"]
        missed += [] if parts["answer"][1] <= 33.4 else ["answer at most 33 in 95 of 100"]
        print(f"{name:<18}{cells}  {'MISSED: ' + ', '.join(missed) if missed else ''}")
    print_anew(anew)
    print_frames(turned)


def print_anew(anew: Times) -> None:
    """Print how long it took, from a move of the control, until all surfaces of a figure were new on the screen."""
    if anew:
        print("\nms until all surfaces are new on the screen: median / 95th percentile / longest\n")
    for what, times in anew.items():
        ordered = sorted(times)
        spread = " /".join(f"{ordered[int(q * (len(times) - 1))]:>7.1f}" for q in (0.5, 0.95, 1.0))
        most = MOST_MS.get(what, float("inf"))
        print(f"{what:<42}{spread}  {f'MISSED: at most {most:.0f} in 95 of 100' if spread_over(ordered, most) else ''}")


def spread_over(ordered: list[float], most: float) -> bool:
    """Return whether the 95th percentile of sorted times is over `most`."""
    return ordered[int(0.95 * (len(ordered) - 1))] > most


def print_frames(turned: dict[str, list[float]]) -> None:
    """Print how many frames with new pixels a second each surface or grid had, and how they were spread."""
    print(f"\nturned or played in a window of {WINDOW['width']} x {WINDOW['height']}: frames with new pixels a second;")
    print("ms from one to the next: median / 95th percentile / longest\n")
    rates = {name: 1000.0 * len(times) / sum(times) for name, times in turned.items()}
    for name, times in turned.items():
        ordered = sorted(times)
        spread = " /".join(f"{ordered[int(q * (len(times) - 1))]:>6.1f}" for q in (0.5, 0.95, 1.0))
        beside = f"{rates[name] / rates['']:>8.2f} of the empty page's" if name else ""
        print(f"{name or 'an empty page':<18}{rates[name]:>6.1f}{spread:>26}{beside}")


if __name__ == "__main__":
    main()
