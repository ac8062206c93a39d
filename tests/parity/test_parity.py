"""The unit tests inside Pyodide, and native numbers beside the browser's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]

RUN = """
import io, json, contextlib, os
import pytest

class Outcomes:
    def __init__(self):
        self.passed, self.other, self.texts = [], [], []
    def pytest_runtest_logreport(self, report):
        if report.when == "call" and report.passed:
            self.passed.append(report.nodeid)
        elif not report.passed:
            self.other.append(report.nodeid + " " + report.outcome)
            self.texts.append(report.longreprtext[-3000:])
    def pytest_collectreport(self, report):
        if report.failed:
            self.other.append(report.nodeid + " could not be collected")
            self.texts.append(report.longreprtext[-3000:])

os.chdir("/home/pyodide/project")
outcomes = Outcomes()
with contextlib.redirect_stdout(io.StringIO()):
    pytest.main(["tests/unit", "-p", "no:cacheprovider", "-p", "no:faulthandler", "-q"], plugins=[outcomes])
json.dumps(vars(outcomes))
"""

CURVES = """
import json
import numpy as np
from unfold.datasets import gate
from unfold.network import Network
from unfold.training import train

X, Y = gate("xor")
curves = {}
for name in ("tanh", "sigmoid"):
    for layers in ((2, 2, 1), (2, 4, 3, 1)):
        for engine in ("numpy", "kernel"):
            history = train(Network.create(layers, name, seed=5), X, Y, 200, 1.0, engine=engine)
            curves[f"{engine} {name} {layers}"] = [float(loss).hex() for loss in history.loss]
json.dumps(curves)
"""


@pytest.fixture(scope="module")
def outcomes(pyodide):
    return json.loads(pyodide(RUN))


def test_the_unit_tests_pass_inside_pyodide(outcomes):
    assert outcomes["other"] == [], "\n\n".join(outcomes["texts"])


def test_no_unit_test_is_left_out_inside_pyodide_but_those_that_say_so(outcomes):
    command = [sys.executable, "-m", "pytest", "tests/unit", "--collect-only", "-m", "not native_only"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    native = {line for line in listed.splitlines() if "::" in line}
    assert set(outcomes["passed"]) == native


def test_a_training_gives_the_same_numbers_natively_and_in_the_browser(pyodide):
    scope: dict[str, object] = {}
    exec(CURVES.rsplit("\n", 2)[0], scope)  # the same text, run here
    browser = json.loads(pyodide(CURVES))
    for name, native in scope["curves"].items():  # type: ignore[attr-defined]
        if name.startswith("kernel"):  # the same bytes do the same sums
            assert browser[name] == native, name
            continue
        ours, theirs = (np.array([float.fromhex(loss) for loss in curve]) for curve in (native, browser[name]))
        # The first loss differs by a few last bits at most (another libm's tanh); training carries that along.
        assert abs(ours[0] - theirs[0]) <= 4 * np.spacing(ours[0])
        np.testing.assert_allclose(theirs, ours, rtol=1e-11)
