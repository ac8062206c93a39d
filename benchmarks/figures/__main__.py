"""Print what each figure's pictures cost in the worker, and how soon they answer: `python3 dev.py bench figures`.

Scene and draw of every figure, in Pyodide in a worker of headless Chromium, on canvases of the size they have in the
page, with two device pixels for each CSS pixel: after some work of the figure's own, one picture after another. Then,
in the article itself, the time from a move of the figure's first slider to the frame in which a picture has changed.
Last, in a window of 800 x 600, the frames a second of each surface while it is turned, and those of an empty page.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests import browsers
from tools import runtime, site

RESULTS = runtime.ROOT / "benchmarks" / "results"
HERE = Path(__file__).resolve().parent
MEASURE = (HERE / "measure.py").read_text("utf-8")
LATENCY = (HERE / "latency.js").read_text("utf-8")
FRAMES = (HERE / "frames.js").read_text("utf-8")
SAMPLES, SECONDS = 40, 3.0
WINDOW = {"width": 800, "height": 600}
READY = "() => [...document.querySelectorAll('figure.unfold')].every(figure => figure.dataset.state === 'ready')"
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


def frames(browser: Browser, address: str) -> dict[str, list[float]]:
    """Return the times, in ms, between frames: of an empty page, "", and of each surface while it is turned."""
    page = browser.new_page(viewport=WINDOW)
    page.goto(address + "assets/icon.svg")
    found = {"": page.evaluate(FRAMES, ["", SECONDS])}
    page.goto(address)
    page.wait_for_function(READY)
    for name in page.evaluate(SURFACES):
        page.locator(f"#{name} .stage").scroll_into_view_if_needed()
        page.evaluate(FRAMES, [name, 0.5])
        found[name] = page.evaluate(FRAMES, [name, SECONDS])
    page.close()
    return found


def measure() -> tuple[dict[str, dict[str, list[float]]], dict[str, list[float]]]:
    """Return for each figure the median and the 95th percentile, in ms, of scene, draw, both and the answer; frames."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        where = Path(folder)
        site.copy(where / "site")
        shutil.copytree(runtime.FOLDER, where / "site" / "assets" / "runtime", dirs_exist_ok=True)
        (where / "site" / "worker.mjs").write_bytes((HERE / "worker.mjs").read_bytes())
        with browsers.served(where / "site") as address:
            browser = browsers.chromium(playwright)
            page = browser.new_page()
            page.goto(address + "assets/icon.svg")  # nothing of the article runs beside it
            page.goto(address + "py/render/paths.mjs")
            page.evaluate(START.replace("./worker.mjs", address + "worker.mjs"))
            found = json.loads(page.evaluate("code => globalThis.python(code)", MEASURE))
            browser.close()
            browser = browsers.chromium(playwright)
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.goto(address)
            for name, parts in found.items():
                page.wait_for_selector(f"figure#{name}[data-state=ready]")
                page.locator(f"#{name}").scroll_into_view_if_needed()
                times = sorted(page.evaluate(LATENCY, [name, SAMPLES]))
                parts["answer"] = [times[len(times) // 2], times[int(0.95 * len(times))]]
            turned = frames(browser, address)
            browser.close()
    return found, turned


def main() -> None:
    found, turned = measure()
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "figures.json").write_text(json.dumps(found | {"frames": turned}, indent=1) + "\n")
    print("ms, median / 95th percentile\n")
    columns = ("scene", "draw", "both", "answer")
    print(f"{'figure':<18}" + "".join(f"{column:>16}" for column in columns))
    for name, parts in found.items():
        cells = "".join(f"{parts[part][0]:>9.2f} /{parts[part][1]:>5.2f}" for part in columns)
        missed = [] if parts["both"][0] <= 4.0 else ["scene and draw at most 4"]
        missed += [] if parts["answer"][1] <= 33.4 else ["answer at most 33 in 95 of 100"]
        print(f"{name:<18}{cells}  {'MISSED: ' + ', '.join(missed) if missed else ''}")
    print_frames(turned)


def print_frames(turned: dict[str, list[float]]) -> None:
    """Print how many frames with new pixels a second each surface had, and how they were spread."""
    print(f"\nturned in a window of {WINDOW['width']} x {WINDOW['height']}: frames with new pixels a second;")
    print("ms from one to the next: median / 95th percentile / longest\n")
    rates = {name: 1000.0 * len(times) / sum(times) for name, times in turned.items()}
    for name, times in turned.items():
        ordered = sorted(times)
        spread = " /".join(f"{ordered[int(q * (len(times) - 1))]:>6.1f}" for q in (0.5, 0.95, 1.0))
        beside = f"{rates[name] / rates['']:>8.2f} of the empty page's" if name else ""
        print(f"{name or 'an empty page':<18}{rates[name]:>6.1f}{spread:>26}{beside}")


if __name__ == "__main__":
    main()
