"""Print what the page costs a reader: `python3 dev.py bench`.

The peer is the page that PyScript's guide would have one write: numpy on the main thread, the same runtime files
from the same server. Every start is a fresh browser context with nothing stored; ours and the peer take turns.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from figures import FIGURES
from tests import browsers
from tools import bundle, runtime, site

RESULTS = runtime.ROOT / "benchmarks" / "results"
HERE = Path(__file__).resolve().parent
WATCH = (HERE / "watch.js").read_text("utf-8")
LATENCY = (HERE / "latency.js").read_text("utf-8")
# The peer, like ours, does without the editor, the terminal and the games, which it would load to no purpose.
PLUGINS = '["!deprecations-manager", "!donkey", "!error", "!py-editor", "!py-game", "!py-terminal"]'
STOCK = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Stock</title>
<script type="module" src="./assets/runtime/pyscript/core.js"></script><h1>Stock</h1>
<py-config type="json" hidden>{"interpreter": "./assets/runtime/pyodide/pyodide.mjs", "packages": ["numpy"],
"packages_cache": "passthrough", "plugins": PLUGINS}</py-config>
<script type="py">
import numpy as np
from pyscript import document
np.ones((2, 2)) @ np.ones((2, 2))
document.documentElement.dataset.state = "ready"
</script></html>
""".replace("PLUGINS", PLUGINS)
SAMPLES = 120


def start(browser, address, wait_for):
    """Open a page as a new reader does; return what its watcher saw once it is ready, and the page."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(wait_for, timeout=60_000, state="attached")
    # Tasks that end after the page is ready belong to the start too: two quiet frames, then read.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page, page.evaluate("() => globalThis.watched()")


def memory(browser, page):
    """The resident memory, in bytes, of the process that holds the page (0 where the system does not tell)."""
    session = browser.new_browser_cdp_session()
    largest = 0
    for process in session.send("SystemInfo.getProcessInfo")["processInfo"]:
        status = Path(f"/proc/{process['id']}/status")
        if process["type"] == "renderer" and status.exists():
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            largest = max(largest, int(lines["VmRSS"].split()[0]) * 1024)
    session.detach()
    return largest


def weigh(folder: Path):
    """Bytes by part, as stored and as a compressing host sends them."""
    parts: dict[str, list[int]] = {}
    for name in site.files():
        path = folder / name
        if name.startswith("assets/runtime/"):
            part = name.split("/")[2]
            part = "numpy" if "numpy" in name else part
        elif name.startswith("py/") or name in ("pyscript.toml", bundle.NAME):
            part = "our Python"
        elif name.startswith("assets/posters/"):
            first = name.startswith(f"assets/posters/{next(iter(FIGURES))}-")
            place = "posters in view" if first else "posters further down"
            part = f"{place} (light)" if "-light" in name else f"{place} (dark, instead)"
        elif name.endswith("OFL.txt"):
            continue
        else:
            part = {"html": "HTML", "css": "style", "woff2": "fonts"}.get(name.rsplit(".", 1)[-1], "icon")
        data = path.read_bytes()
        packed = data if name.endswith((".woff2", ".webp", ".zip", ".whl")) else gzip.compress(data, 9)
        sums = parts.setdefault(part, [0, 0])
        sums[0] += len(data)
        sums[1] += len(packed)
    return parts


def median(values):
    return statistics.median(values)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure(starts):
    """Run everything; return the numbers."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        where = Path(folder) / "site"
        site.copy(where)
        (where / "stock.html").write_text(STOCK)
        ours, stock, latencies = [], [], []
        with browsers.served(Path(folder)) as host:
            address = f"{host}site/"
            for _ in range(starts):
                browser = browsers.chromium(playwright)
                page, seen = start(browser, address + "stock.html", "html[data-state=ready]")
                stock.append(seen | {"memory": memory(browser, page)})
                browser.close()
                browser = browsers.chromium(playwright)
                page, seen = start(browser, address, "figure#training[data-state=ready]")
                ours.append(seen | {"memory": memory(browser, page)})
                page.locator("#training").scroll_into_view_if_needed()
                page.locator("#training [name=speed]").select_option(
                    "1000"
                )  # at most speed a run of 200 000 epochs is over in a moment
                page.click("#training [name=play]")
                latencies += page.evaluate(LATENCY, SAMPLES // starts)
                ours[-1]["longest_in_use"] = page.evaluate("() => globalThis.watched().longest")
                browser.close()
        return {"starts": starts, "ours": ours, "stock": stock, "latency": latencies, "bytes": weigh(where)}


def report(found):
    """Print the table; a target missed is marked."""

    def row(name, value, target="", fine=True):
        print(f"{name:<52}{value:>22}  {target:<22}{'' if fine else 'MISSED'}")

    def seconds(which, name):
        return median([seen[name] for seen in found[which]]) / 1000

    ready, alive, peer = seconds("ours", "ready"), seconds("ours", "alive"), seconds("stock", "ready")
    print(f"Medians of {found['starts']} fresh starts each, in turns; Chromium, one machine, one run.\n")
    row("stock page: Python ready", f"{peer:.2f} s")
    row("stock page: longest main-thread task", f"{median([s['longest'] for s in found['stock']]):.0f} ms")
    row("first text painted", f"{seconds('ours', 'paint'):.2f} s")
    row("controls alive", f"{alive:.2f} s")
    row("  as a share of stock's ready", f"{alive / peer:.3f}", "at most 0.15", alive / peer <= 0.15)
    row("Python ready", f"{ready:.2f} s")
    row("  as a share of stock's ready", f"{ready / peer:.3f}", "at most 1", ready <= peer)
    longest = median([seen["longest"] for seen in found["ours"]])
    row("longest main-thread task, start", f"{longest:.0f} ms", "at most 64 ms", longest <= 64)
    in_use = median([seen["longest_in_use"] for seen in found["ours"]])
    row("longest main-thread task, start and training", f"{in_use:.0f} ms", "at most 64 ms", in_use <= 64)
    late = percentile(found["latency"], 0.95)
    row("input to changed pixels while training, median", f"{median(found['latency']):.1f} ms")
    row("  95th percentile", f"{late:.1f} ms", "at most 33 ms", late <= 33.4)  # two frames of a 60 Hz screen
    for which in ("ours", "stock"):
        row(f"memory of the tab, {which}", f"{median([s['memory'] for s in found[which]]) / 1e6:.0f} MB")
    print("\nbytes of the first visit, stored / sent compressed")
    first = [0, 0]
    article = [0, 0]
    for part, sums in found["bytes"].items():
        row("  " + part, f"{sums[0] / 1e3:,.1f} / {sums[1] / 1e3:,.1f} kB")
        if "dark, instead" not in part:
            first = [a + b for a, b in zip(first, sums, strict=True)]
            if part in ("HTML", "style", "fonts", "icon", "posters in view (light)"):
                article = [a + b for a, b in zip(article, sums, strict=True)]
    row(
        "  all",
        f"{first[0] / 1e6:.2f} / {first[1] / 1e6:.2f} MB",
        "18 / 10.5 MB",
        first[0] <= 18e6 and first[1] <= 10.5e6,
    )
    row("  the article itself", f"{article[0] / 1e3:.0f} / {article[1] / 1e3:.0f} kB", "300 kB", article[0] <= 3e5)


def main():
    parser = argparse.ArgumentParser(prog="dev.py bench page", description=__doc__)
    parser.add_argument("--starts", type=int, default=5, help="fresh starts of each page (default 5)")
    found = measure(parser.parse_args().starts)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "page.json").write_text(json.dumps(found, indent=1) + "\n")
    report(found)


if __name__ == "__main__":
    main()
