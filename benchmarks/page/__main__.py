"""Print what the page costs a reader: `python3 dev.py bench`.

The peer is the page that PyScript's guide would have one write: numpy on the main thread, the same runtime files
from the same server. Every start is a fresh browser with nothing stored; ours and the peer take turns, and each is met
a second time with what its first visit has left in the browser's cache. Ours is met at its top, and by a link to a
figure far down. All of it at full speed, and again over a slow line with a slow processor (slowly.py says how).
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.page import slowly
from benchmarks.page.tab import Tab
from figures import FIGURES
from tests import browsers
from tools import bundle, runtime, shipped, site

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
LATER = "fetched when imported"
MADE = {"libraries": "numpy", "numpy": LATER, "stdlib": LATER, "rest": LATER}
"""What the files made of the runtime are counted as; the others are Pyodide's."""
KINDS = {"html": "HTML", "css": "style", "woff2": "fonts", "js": "scripts", "mjs": "scripts"}
ICON = "assets/icons/icon-32.png"
"""The one that a tab shows."""
OTHERS = "not asked for by a page: other icons, previews"
EMBEDS = ("embed", "gallery", *(f"assets/{name}" for name in ("embed", "frame.", "gallery.", "posters/embed/")))


SETTINGS = (
    ("at full speed", False, 1),
    ("10 Mbit/s, 40 ms, processor slowed fourfold", True, 4),
)
"""How the pages are met: each with whether the line is slow, and how many times slower the processor is."""
WINDOW = {"width": 1280, "height": 1000}
OURS = "figure.unfold[data-state=ready]"
PAGES = {
    "stock": ("site/stock.html", "html[data-state=ready]"),
    "ours": ("site/", OURS),
    "linked": ("site/#training", OURS),
}
"""Each page's address, and what is there when Python is ready."""


def new_tab(browser):
    """Return an empty tab of a reader who has stored nothing, in a browser that has come to rest."""
    tab = Tab(browser)
    tab.send("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
    tab.send("Emulation.setDeviceMetricsOverride", **WINDOW, deviceScaleFactor=1, mobile=False)
    slowly.rest(browser)
    return tab


def visit(tab, address, wait_for):
    """Go to an address; return what the page's watcher saw once it is ready."""
    tab.goes(address)
    return tab.run(f"watched({json.dumps(wait_for)})")


def starts_of(playwright, folder, count, slow, times, compress):
    """Start each page so often, in turns, as a new reader and then as one who comes again; return what was seen."""
    found = {f"{which}{again}": [] for which in PAGES for again in ("", " again")}
    for _ in range(count):
        for which, (path, ready) in PAGES.items():
            with slowly.served(folder, slow, compress) as host:
                browser = browsers.chromium(playwright)
                tab = new_tab(browser)
                with slowly.held_up(browser, times):
                    seen = visit(tab, host + path, ready)
                    found[which].append(seen | {"memory": memory(browser)})
                    tab.goes("about:blank")
                slowly.rest(browser)
                with slowly.held_up(browser, times):
                    found[f"{which} again"].append(visit(tab, host + path, ready))
                browser.close()
    return found


def in_use(playwright, folder, starts):
    """Return how long moves take to show while training runs, and the longest task of each start and its use."""
    latencies, longest = [], []
    with browsers.served(folder) as host:
        for _ in range(starts):
            browser = browsers.chromium(playwright)
            page = browser.new_context(viewport=WINDOW).new_page()
            page.add_init_script(WATCH)
            page.goto(host + "site/#training")
            page.wait_for_selector("figure#training[data-state=ready]", state="attached")
            page.locator("#training").scroll_into_view_if_needed()
            # At most speed a run of 200 000 epochs is over in a moment.
            page.locator("#training [name=speed]").select_option("1000")
            page.click("#training [name=play]")
            latencies += page.evaluate(LATENCY, SAMPLES // starts)
            longest.append(page.evaluate("async () => (await globalThis.watched()).longest"))
            browser.close()
    return latencies, longest


def memory(browser):
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
        if name.startswith(EMBEDS):
            continue  # what other people's pages show, this one does not ask for
        if name.startswith(shipped.FOLDER):
            part = MADE.get(name.rpartition("/")[2].partition(".")[0], "pyodide")
        elif name.startswith("assets/runtime/"):
            part = name.split("/")[2]
        elif name == bundle.PAGE:
            part = "micropython"
        elif name == shipped.PICTURE:
            part = "pyodide"
        elif name == shipped.START:
            part = LATER
        elif name.startswith("py/") or name in ("pyscript.toml", bundle.NAME):
            part = "our Python"
        elif name.startswith("assets/posters/"):
            first = name.startswith(f"assets/posters/{next(iter(FIGURES))}-")
            place = "posters in view" if first else "posters further down"
            part = f"{place} (light)" if "-light" in name else f"{place} (dark, instead)"
        elif name.endswith("OFL.txt"):
            continue
        elif name == ICON:
            part = "icon"
        else:
            part = KINDS.get(name.rsplit(".", 1)[-1], OTHERS)
        data = path.read_bytes()
        packed = data if name.endswith((".woff2", ".webp", ".zip", ".bin")) else gzip.compress(data, 9)
        sums = parts.setdefault(part, [0, 0])
        sums[0] += len(data)
        sums[1] += len(packed)
    return parts


def median(values):
    return statistics.median(values)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure(starts, compress, use):
    """Run everything; return the numbers."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        where = Path(folder) / "site"
        site.copy(where)
        parts = weigh(where)
        (where / "stock.html").write_text(STOCK)
        seen = {
            name: starts_of(playwright, Path(folder), starts, slow, times, compress) for name, slow, times in SETTINGS
        }
        latencies, longest = in_use(playwright, Path(folder), starts) if use else ([], [])
    return {
        "starts": starts,
        "compress": compress,
        "seen": seen,
        "latency": latencies,
        "in_use": longest,
        "bytes": parts,
    }


def row(name, value, target="", fine=True):
    print(f"{name:<52}{value:>22}  {target:<22}{'' if fine else 'MISSED'}")


def report_starts(name, seen):
    """Print what the starts in one setting were like, beside the stock page's."""

    def middle(which, what):
        return median([each[what] for each in seen[which]])

    print(f"\n{name}: first visit, and again")
    for which, called, again in (
        ("ours", " first", ""),
        ("ours again", " again", " again"),
        ("linked", " by a link, first", ""),
        ("linked again", " by a link, again", " again"),
    ):
        peer, ready = middle(f"stock{again}", "ready"), middle(which, "ready")
        paint, alive = middle(which, "paint"), middle(which, "alive")
        late = alive - paint
        longest, shift = middle(which, "longest"), middle(which, "shift")
        row(
            f"{called}: article readable (largest paint)",
            f"{paint / 1e3:.2f} s",
            "at most 1.2 s",
            paint <= 1200,
        )
        row(f"{called}: layout shift", f"{shift:.3f}", "0", shift == 0)
        row(f"{called}: controls alive, after that", f"{late / 1e3:.2f} s", "at most 0.5 s", late <= 500)
        row(f"{called}: Python ready", f"{ready / 1e3:.2f} s")
        row(f"{called}: stock page, Python ready", f"{peer / 1e3:.2f} s")
        row(f"{called}:   share of stock's", f"{ready / peer:.3f}", "at most 0.5", ready <= peer / 2)
        row(f"{called}: longest main-thread task", f"{longest:.0f} ms", "at most 50 ms", longest <= 50)
        over = sum(each["longest"] > 50 for each in seen[which])
        row(f"{called}:   starts with one over 50 ms", f"{over} of {len(seen[which])}", "none", not over)
    row("stock page: longest main-thread task", f"{middle('stock', 'longest'):.0f} ms")


def report(found):
    """Print the table; a target missed is marked."""
    host = "compresses" if found["compress"] else "does not compress"
    print(f"Medians of {found['starts']} starts each, in turns; Chromium, one machine, one run; a host that {host}.")
    for name, seen in found["seen"].items():
        report_starts(name, seen)
    full = found["seen"][SETTINGS[0][0]]
    print()
    if found["latency"]:
        report_use(found)
    for which in ("ours", "stock"):
        row(f"memory of the tab, {which}", f"{median([s['memory'] for s in full[which]]) / 1e6:.0f} MB")
    report_bytes(found)


def report_use(found):
    longest = median(found["in_use"])
    row("longest main-thread task, start and training", f"{longest:.0f} ms", "at most 64 ms", longest <= 64)
    late = percentile(found["latency"], 0.95)
    row("input to changed pixels while training, median", f"{median(found['latency']):.1f} ms")
    row("  95th percentile", f"{late:.1f} ms", "at most 33 ms", late <= 33.4)  # two frames of a 60 Hz screen


def report_bytes(found):
    print("\nbytes of the first visit, stored / sent compressed")
    first = [0, 0]
    article = [0, 0]
    for part, sums in found["bytes"].items():
        row("  " + part, f"{sums[0] / 1e3:,.1f} / {sums[1] / 1e3:,.1f} kB")
        if "dark, instead" not in part and part not in (LATER, OTHERS):
            first = [a + b for a, b in zip(first, sums, strict=True)]
            if part in ("HTML", "style", "fonts", "scripts", "icon", "posters in view (light)"):
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
    parser.add_argument("--compress", action="store_true", help="from a host that compresses what it sends")
    parser.add_argument("--starts-only", action="store_true", help="leave the training out")
    options = parser.parse_args()
    found = measure(options.starts, options.compress, not options.starts_only)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "page.json").write_text(json.dumps(found, indent=1) + "\n")
    report(found)


if __name__ == "__main__":
    main()
