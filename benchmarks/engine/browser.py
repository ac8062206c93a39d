"""A page of headless Chromium whose worker has Pyodide, our engine and the peers in JavaScript."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.engine import packages
from benchmarks.page.__main__ import memory
from tests import browsers
from tools import runtime

HERE = Path(__file__).resolve().parent
START = """() => {
  const worker = new Worker("./worker.mjs", { type: "module" });
  const answer = () => new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }) => ("error" in data ? reject(new Error(data.error)) : resolve(data.value));
  });
  globalThis.ask = (question) => { const next = answer(); worker.postMessage(question); return next; };
  return answer();
}"""
COLLECT = "--js-flags=--expose-gc"
"""So that memory is told after garbage is gone; how code is compiled stays as it is."""

Ask = Callable[..., Any]


def python_files() -> bytes:
    """Return a zip of the engine, its kernel and the workloads."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in (runtime.ROOT / "py" / "unfold").iterdir():
            if path.suffix in (".py", ".wasm"):
                archive.write(path, f"unfold/{path.name}")
        archive.write(HERE / "workloads.py", "workloads.py")
    return out.getvalue()


@contextlib.contextmanager
def worker(reasons: dict[str, str]) -> Iterator[tuple[Ask, str]]:
    """Give `ask`, which calls one of worker.mjs's answers ("memory" with the tab's own added), and Chromium's version.

    What could not be fetched from npm is left out, its reason added to `reasons`.
    """
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        (folder / "index.html").write_text('<!doctype html><title>Engine</title><link rel="icon" href="data:,">')
        (folder / "runtime").symlink_to(runtime.ROOT / "assets" / "runtime", target_is_directory=True)
        (folder / "peers").symlink_to(HERE / "peers", target_is_directory=True)
        (folder / "worker.mjs").write_bytes((HERE / "worker.mjs").read_bytes())
        (folder / "python.zip").write_bytes(python_files())
        for package, file in (("brain.js", "brain.js"), ("convnetjs", "convnetjs.js")):
            try:
                (folder / file).write_bytes(packages.script(package))
            except packages.Unreachable as problem:
                (folder / file).write_text("module.exports = null;")
                reasons[package] = str(problem)
        with browsers.served(folder) as address:
            path = os.environ.get("UNFOLD_CHROMIUM") or shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=path, args=[*browsers.CHROMIUM_FLAGS, COLLECT])
            page = browser.new_page()
            page.set_default_timeout(600_000)
            page.goto(address)
            page.evaluate(START)

            def ask(*question: Any) -> Any:
                found = page.evaluate("question => globalThis.ask(question)", question)
                return found if question[0] != "memory" else found | {"tab": memory(browser)}

            yield ask, browser.version
            browser.close()
