"""Print what training costs, ours and peers': `python3 dev.py bench engine [-- --quick]`.

Everything is timed in one run, in turns: JavaScript and Pyodide in one worker of headless Chromium, the rest natively
beside it. The numbers go to benchmarks/results/engine.json, a chart of them to engine.svg.
"""

from __future__ import annotations

import argparse
import json
import sys

from tools import runtime

sys.path.insert(0, str(runtime.ROOT / "py"))

from benchmarks.engine import chart, measure, report

RESULTS = runtime.ROOT / "benchmarks" / "results"


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench engine", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: a look, not a measurement")
    found = measure.everything(measure.QUICK if parser.parse_args().quick else measure.FULL)
    found["scaling"] = {
        f"{what} {engine}": report.scaling(found["medians"], what, engine)
        for what in measure.workloads.SCALES
        for engine in measure.workloads.ENGINES
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "engine.json").write_text(json.dumps(found, indent=1) + "\n")
    chart.draw(found, RESULTS / "engine.svg")
    if not report.table(found):
        sys.exit("\nThe contenders do not compute the same thing: the times above compare nothing.")


if __name__ == "__main__":
    main()
