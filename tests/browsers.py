"""Browsers for the tests, and a server of the built site from a sub-path, as a reader would meet it."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from tools import server, site

SUB_PATH = "somewhere/deep"
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder; give its address, which ends with a slash."""
    host = server.listen(folder)
    thread = threading.Thread(target=host.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{host.server_port}/"
    finally:
        host.shutdown()
        host.server_close()
        thread.join()


@contextlib.contextmanager
def built_site() -> Iterator[str]:
    """Build the site and serve it from a sub-path; give the page's address."""
    with tempfile.TemporaryDirectory() as folder:
        site.build(Path(folder) / SUB_PATH)
        with served(Path(folder)) as address:
            yield f"{address}{SUB_PATH}/"


def chromium(playwright: Playwright) -> Browser:
    """Start the Chromium that `dev.py test` found, or the one on the path."""
    path = os.environ.get("UNFOLD_CHROMIUM") or shutil.which("chromium")
    return playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)


def firefox_path() -> str | None:
    """The Firefox that `dev.py test` found, or the one on the path; None where there is none."""
    return os.environ.get("UNFOLD_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")


def firefox(playwright: Playwright) -> Browser:
    """Start Firefox: Playwright's own build as it is, any other over WebDriver BiDi."""
    path = firefox_path()
    own = "ms-playwright" in str(path)
    return playwright.firefox.launch(executable_path=path, **({} if own else {"channel": "moz-firefox"}))
