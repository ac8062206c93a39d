"""A page with Pyodide and numpy, from the same runtime files the article uses."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests import browsers

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "hypothesis", "sortedcontainers")
"""What the unit tests import besides numpy: pure Python, so the environment's own copies run in Pyodide too."""
MODULES = ("py.py", "_hypothesis_pytestplugin.py", "_hypothesis_ftz_detector.py", "_hypothesis_globals.py")


def bundle() -> bytes:
    """Return a zip with our code, the unit tests and the packages they need."""
    import hypothesis

    packages = Path(hypothesis.__file__).resolve().parents[1]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:

        def add(path: Path, name: str) -> None:
            if "__pycache__" not in name and path.is_file():
                archive.write(path, name)

        for folder in PACKAGES:
            for path in (packages / folder).rglob("*"):
                add(path, f"site/{path.relative_to(packages).as_posix()}")
        for info in packages.glob("*.dist-info"):
            if info.name.split("-")[0] in (*PACKAGES, "hypothesis"):
                for path in info.glob("*"):
                    add(path, f"site/{path.relative_to(packages).as_posix()}")
        for module in MODULES:
            add(packages / module, f"site/{module}")
        for pattern in (
            "py/**/*.py",
            "py/**/*.wasm",
            "tests/conftest.py",
            "tests/__init__.py",
            "tests/unit/*.py",
            "pyproject.toml",
        ):
            for path in ROOT.glob(pattern):
                add(path, f"project/{path.relative_to(ROOT).as_posix()}")
    return out.getvalue()


@pytest.fixture(scope="session")
def pyodide(tmp_path_factory):
    """A page on which `run` gives the result of Python code; the bundle is unpacked and on the path."""
    folder = tmp_path_factory.mktemp("parity")
    (folder / "bundle.zip").write_bytes(bundle())
    (folder / "index.html").write_text("<!doctype html><title>Pyodide</title><h1>Pyodide</h1>")
    (folder / "runtime").symlink_to(ROOT / "assets" / "runtime", target_is_directory=True)
    with browsers.served(folder) as address, sync_playwright() as playwright:
        browser = browsers.chromium(playwright)
        page = browser.new_page()
        page.set_default_timeout(600_000)
        page.goto(address)
        page.evaluate(START)
        yield lambda code: page.evaluate("code => globalThis.python(code)", code)
        browser.close()


START = """async () => {
  // In a worker, as in the article: a page would be stopped for running too long.
  const source = `
    import { loadPyodide } from "${new URL("runtime/pyodide/pyodide.mjs", location.href).href}";
    const python = await loadPyodide({ packages: ["numpy"] });
    const bundle = await fetch("${new URL("bundle.zip", location.href).href}");
    python.unpackArchive(await bundle.arrayBuffer(), "zip", { extractDir: "/home/pyodide" });
    python.runPython('import sys; sys.path[:0] = ["/home/pyodide/site", "/home/pyodide/project/py"]');
    onmessage = async ({ data }) => {
      try { postMessage({ value: python.runPython(data) }); } catch (error) { postMessage({ error: String(error) }); }
    };
    postMessage("ready");`;
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" });
  const answer = () => new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.value ?? data));
  });
  await answer();
  globalThis.python = (code) => { const next = answer(); worker.postMessage(code); return next; };
}"""
