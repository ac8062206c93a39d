"""Print what each figure's pictures cost in the worker: `python3 dev.py bench figures`.

Scene and draw of every figure, in Pyodide in a worker of headless Chromium, on canvases of the size they have in the
page, with two device pixels for each CSS pixel: after some work of the figure's own, one picture after another.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import browsers
from tools import runtime, site

RESULTS = runtime.ROOT / "benchmarks" / "results"
HERE = Path(__file__).resolve().parent
MEASURE = (HERE / "measure.py").read_text("utf-8")
START = """() => new Promise((resolve, reject) => {
  const worker = new Worker("./worker.mjs", { type: "module" });
  const answer = () => new Promise((done, failed) => {
    worker.onerror = ({ message }) => failed(new Error(message));
    worker.onmessage = ({ data }) => (data.error ? failed(new Error(data.error)) : done(data.value));
  });
  globalThis.python = (code) => { const next = answer(); worker.postMessage(code); return next; };
  answer().then(resolve, reject);
})"""


def python_files() -> bytes:
    """Return a zip of our Python."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in (runtime.ROOT / "py").rglob("*.py"):
            archive.write(path, path.relative_to(runtime.ROOT).as_posix())
    return out.getvalue()


def measure() -> dict[str, dict[str, list[float]]]:
    """Return for each figure the median and the 95th percentile, in ms, of scene, draw and both."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        where = Path(folder)
        site.build(where / "site")
        (where / "site" / "worker.mjs").write_bytes((HERE / "worker.mjs").read_bytes())
        (where / "site" / "python.zip").write_bytes(python_files())
        with browsers.served(where / "site") as address:
            browser = browsers.chromium(playwright)
            page = browser.new_page()
            page.goto(address + "assets/icon.svg")  # nothing of the article runs beside it
            page.goto(address + "py/render/paths.mjs")
            page.evaluate(START.replace("./worker.mjs", address + "worker.mjs"))
            found = json.loads(page.evaluate("code => globalThis.python(code)", MEASURE))
            browser.close()
    return found


def main() -> None:
    found = measure()
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "figures.json").write_text(json.dumps(found, indent=1) + "\n")
    print("ms, median / 95th percentile\n")
    print(f"{'figure':<18}{'scene':>16}{'draw':>16}{'both':>16}")
    for name, parts in found.items():
        cells = "".join(f"{parts[part][0]:>9.2f} /{parts[part][1]:>5.2f}" for part in ("scene", "draw", "both"))
        print(f"{name:<18}{cells}  {'' if parts['both'][0] <= 4.0 else 'MISSED: at most 4 ms'}")


if __name__ == "__main__":
    main()
