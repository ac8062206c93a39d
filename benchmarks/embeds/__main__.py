"""Print what figures cost somebody's blog: `python3 dev.py bench embeds`.

A page on another origin shows one figure, or ten, which share one Python; in turns, each in a fresh browser. Memory
is what the browser's page processes hold (shared pages counted in shares), a few seconds after the last figure is
ready. Beside it: the bytes until a reader touches a figure, and how soon the first and the last figure are ready.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from figures import NAMES
from tests import browsers
from tools import runtime, site

RESULTS = runtime.ROOT / "benchmarks" / "results"
SETTLE = 4.0
"""Seconds from the last figure's first picture to the measurement: the start leaves much behind that goes by itself."""
MOST = 1.4
READY = "figure.unfold[data-state=ready]"


def blog(site_address, names):
    """A server of one page, on another origin, with these figures, which start by themselves."""
    embeds = "".join(f'<unfold-figure name="{name}" start></unfold-figure>\n' for name in names)
    script = f'<script async src="{site_address}assets/embed.js"></script>'
    return browsers.pages({"/": (f"<!doctype html><title>Blog</title><h1>Blog</h1>{embeds}{script}", "")})


def memory(browser):
    """The bytes that the browser's page processes hold, and all its processes."""
    session = browser.new_browser_cdp_session()
    pages = everything = 0
    for process in session.send("SystemInfo.getProcessInfo")["processInfo"]:
        rollup = Path(f"/proc/{process['id']}/smaps_rollup")
        if rollup.exists():
            size = next(int(line.split()[1]) * 1024 for line in rollup.read_text().splitlines() if line[:4] == "Pss:")
            everything += size
            pages += size if process["type"] == "renderer" else 0
    session.detach()
    return pages, everything


def visit(playwright, address, names):
    """Read a page with these figures; return what it took."""
    browser = browsers.chromium(playwright)
    with browsers.running(blog(address, names)) as host:
        page = browser.new_context(viewport={"width": 800, "height": 1000}).new_page()
        page.set_default_timeout(120_000)
        began = time.perf_counter()
        page.goto(host.replace("localhost", "127.0.0.1"))
        page.wait_for_function("count => frames.length === count", arg=len(names))
        ready = []
        for frame in page.frames[1:]:
            frame.wait_for_selector(READY)
            ready.append(time.perf_counter() - began)
        owners = sum(frame.evaluate("unfold.owns") for frame in page.frames[1:])
        page.wait_for_timeout(SETTLE * 1000)
        pages, everything = memory(browser)
    browser.close()
    return {"pages": pages, "all": everything, "first": ready[0], "last": ready[-1], "owners": owners}


def main():
    parser = argparse.ArgumentParser(prog="dev.py bench embeds", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="pages of each kind (default 3)")
    options = parser.parse_args()
    ten = NAMES[:10]
    found = {"one": [], "ten": [], "ten of a kind": []}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site.build(Path(folder) / "unfold")
        script = (Path(folder) / "unfold" / "assets" / "embed.js").stat().st_size
        posters = [file.stat().st_size for file in Path(folder).rglob("posters/embed/*.webp")]
        with browsers.served(Path(folder)) as address:
            for _ in range(options.rounds):
                for kind, names in (("one", ten[:1]), ("ten", ten), ("ten of a kind", ten[:1] * 10)):
                    found[kind].append(visit(playwright, address + "unfold/", names))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "embeds.json").write_text(json.dumps(found, indent=1) + "\n")

    def middle(kind, what):
        return statistics.median(each[what] for each in found[kind])

    def row(name, value, target="", fine=True):
        print(f"{name:<52}{value:>16}  {target:<18}{'' if fine else 'MISSED'}")

    print(f"Medians of {options.rounds} pages each, in turns; Chromium, one machine, one run. One is {ten[0]}.\n")
    row("until touched: script and the largest poster", f"{script + max(posters):,} bytes", "at most 15,000")
    for kind in found:
        row(f"{kind}: memory of the page's processes", f"{middle(kind, 'pages') / 1e6:.0f} MB")
        row(f"{kind}: memory of the whole browser", f"{middle(kind, 'all') / 1e6:.0f} MB")
        row(f"{kind}: first and last figure ready", f"{middle(kind, 'first'):.1f}, {middle(kind, 'last'):.1f} s")
        row(f"{kind}: runtimes", f"{middle(kind, 'owners'):.0f}", "1", middle(kind, "owners") == 1)
    for kind in ("ten", "ten of a kind"):
        ratio = middle(kind, "pages") / middle("one", "pages")
        row(f"{kind} / one: memory of the page's processes", f"{ratio:.2f}", f"at most {MOST}", ratio <= MOST)
        row(f"{kind} / one: memory of the whole browser", f"{middle(kind, 'all') / middle('one', 'all'):.2f}")


if __name__ == "__main__":
    main()
