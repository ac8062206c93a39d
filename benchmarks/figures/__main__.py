"""Print what each figure's pictures cost in the worker, and how soon they answer: `python3 dev.py bench figures`.

Scene and draw of every figure, in Pyodide in a worker of headless Chromium, on canvases of the size they have in the
page, with two device pixels for each CSS pixel: after some work of the figure's own, one picture after another. Then,
in the article itself, the time from a move of the figure's first slider to the frame in which a picture has changed.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import browsers
from tools import runtime, site

RESULTS = runtime.ROOT / "benchmarks" / "results"
HERE = Path(__file__).resolve().parent
MEASURE = (HERE / "measure.py").read_text("utf-8")
LATENCY = (HERE / "latency.js").read_text("utf-8")
SAMPLES = 40
START = """() => new Promise((resolve, reject) => {
  const worker = new Worker("./worker.mjs", { type: "module" });
  const answer = () => new Promise((done, failed) => {
    worker.onerror = ({ message }) => failed(new Error(message));
    worker.onmessage = ({ data }) => (data.error ? failed(new Error(data.error)) : done(data.value));
  });
  globalThis.python = (code) => { const next = answer(); worker.postMessage(code); return next; };
  answer().then(resolve, reject);
})"""


def measure() -> dict[str, dict[str, list[float]]]:
    """Return for each figure the median and the 95th percentile, in ms, of scene, draw and both."""
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
            browser.close()
    return found


def main() -> None:
    found = measure()
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "figures.json").write_text(json.dumps(found, indent=1) + "\n")
    print("ms, median / 95th percentile\n")
    columns = ("scene", "draw", "both", "answer")
    print(f"{'figure':<18}" + "".join(f"{column:>16}" for column in columns))
    for name, parts in found.items():
        cells = "".join(f"{parts[part][0]:>9.2f} /{parts[part][1]:>5.2f}" for part in columns)
        missed = [] if parts["both"][0] <= 4.0 else ["scene and draw at most 4"]
        missed += [] if parts["answer"][1] <= 33.4 else ["answer at most 33 in 95 of 100"]
        print(f"{name:<18}{cells}  {'MISSED: ' + ', '.join(missed) if missed else ''}")


if __name__ == "__main__":
    main()
