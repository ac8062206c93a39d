"""Print what Lighthouse says of the built site: `python3 dev.py bench lighthouse`.

Phone and desktop settings as Lighthouse has them, each so many times; the scores' medians, and of the last run what is
not full. Its simulated phone is slow, and it works out what that would see from what this machine took, so a machine
that is busy makes the page slower: the speed that Lighthouse measured of the machine is printed beside. The host
compresses, as those of static sites do, unless `-- --plain` says otherwise. Lighthouse comes from npm, once.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from benchmarks.page import slowly
from tools import compiler, runtime, site

VERSION = "12.8.2"
FOLDER = runtime.ROOT / ".cache" / "lighthouse"
RESULTS = runtime.ROOT / "benchmarks" / "results"
PROGRAM = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
CHROME = "--headless=new --no-sandbox --disable-dev-shm-usage"
SETTINGS = {"phone": (), "desktop": ("--preset=desktop",)}
LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
TIMES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")


def fetch() -> None:
    """Get Lighthouse into a folder that git ignores, unless it is there. Raises Problem."""
    if (FOLDER / VERSION).exists():
        return
    npm = shutil.which("npm")
    if npm is None:
        raise runtime.Problem("this benchmark needs Node and its npm, and they are not here")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    command = [npm, "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", f"lighthouse@{VERSION}"]
    done = subprocess.run([*command, "--prefix", str(FOLDER)], cwd=FOLDER, capture_output=True, text=True)
    if done.returncode:
        raise runtime.Problem(f"Lighthouse could not be installed: {done.stderr.strip().splitlines()[-1:]}")
    (FOLDER / VERSION).touch()


def audit(address: str, chromium: str, flags: tuple[str, ...]) -> dict:
    """Return Lighthouse's report of a page, met by a fresh browser."""
    command = ["node", str(PROGRAM), address, "--quiet", "--output=json", f"--chrome-flags={CHROME}", *flags]
    done = subprocess.run(command, env={**os.environ, "CHROME_PATH": chromium}, capture_output=True, text=True)
    if done.returncode:
        raise runtime.Problem(f"Lighthouse gave up: {done.stderr.strip()[-300:]}")
    return json.loads(done.stdout)


def scores(report: dict) -> dict[str, float]:
    """Return the four scores, of 100."""
    return {name: 100 * report["categories"][name]["score"] for name in LEAST}


def not_full(report: dict) -> list[str]:
    """Return a line for each audit that is not full: those that count first, with their weight."""
    found = []
    for name in LEAST:
        for part in report["categories"][name]["auditRefs"]:
            one = report["audits"][part["id"]]
            if one["score"] is not None and one["score"] < 1:
                told = f"{name}: {part['id']} {one['score']:.2f} {one.get('displayValue', '')}"
                found.append((part["weight"], f"{told}, weight {part['weight']}" if part["weight"] else told))
    return [line for _, line in sorted(found, key=lambda pair: -pair[0])]


def measure(times: int, compress: bool) -> dict[str, list[dict]]:
    """Return the reports of each setting, in turns."""
    chromium = compiler.chromium()
    if chromium is None:
        raise runtime.Problem("this benchmark needs Chromium and none was found; set UNFOLD_CHROMIUM")
    found: dict[str, list[dict]] = {name: [] for name in SETTINGS}
    with tempfile.TemporaryDirectory() as folder:
        site.build(Path(folder) / "site", address="https://you.example/unfold/")
        with slowly.served(Path(folder), slow=False, compress=compress) as host:
            for _ in range(times):
                for name, flags in SETTINGS.items():
                    found[name].append(audit(f"{host}site/", chromium, flags))
    return found


def report(found: dict[str, list[dict]]) -> None:
    """Print the scores, each run's and the medians, and what is not full; a target missed is marked."""
    for name, reports in found.items():
        speed = ", ".join(f"{one['environment']['benchmarkIndex']:.0f}" for one in reports)
        print(f"\n{name}, {len(reports)} runs; the machine's speed as Lighthouse has it: {speed}")
        for what, least in LEAST.items():
            runs = [scores(one)[what] for one in reports]
            middle = statistics.median(runs)
            each = " ".join(f"{run:.0f}" for run in runs)
            print(
                f"  {what:<16}{middle:>5.0f}   at least {least:<5}{'MISSED' if middle < least else '':<8}runs: {each}"
            )
        for what in TIMES:
            print(f"    {what:<26}{' / '.join(one['audits'][what]['displayValue'] for one in reports)}")
        for line in not_full(reports[-1]):
            print(f"    {line}")


def main() -> None:
    """Fetch Lighthouse, measure, print."""
    parser = argparse.ArgumentParser(prog="dev.py bench lighthouse", description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="how often each setting is run (default 3)")
    parser.add_argument("--plain", action="store_true", help="from a host that does not compress")
    options = parser.parse_args()
    try:
        fetch()
        found = measure(options.times, not options.plain)
    except runtime.Problem as problem:
        raise SystemExit(f"dev.py bench lighthouse: {problem}") from None
    RESULTS.mkdir(exist_ok=True)
    kept = {name: [scores(one) for one in reports] for name, reports in found.items()}
    (RESULTS / "lighthouse.json").write_text(json.dumps(kept, indent=1) + "\n")
    report(found)


if __name__ == "__main__":
    main()
