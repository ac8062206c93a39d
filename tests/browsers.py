"""Browsers for the tests, and a server of the built site from a sub-path, as a reader would meet it."""

from __future__ import annotations

import contextlib
import http.server
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
    with running(server.listen(folder)) as address:
        yield address


@contextlib.contextmanager
def running(host: http.server.HTTPServer) -> Iterator[str]:
    """Let a server answer; give its address, which ends with a slash."""
    thread = threading.Thread(target=host.serve_forever, args=(0.02,), daemon=True)
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


class Host:
    """Python's own http.server, as a reader meets it: it can go away and come back, and tells what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, 0
        self.asked: list[tuple[str, int]] = []
        self.refused: tuple[str, ...] = ()
        self.wrong: dict[str, bytes] = {}
        self.server: http.server.ThreadingHTTPServer | None = None
        self.start()

    @property
    def address(self) -> str:
        """Where it is, with a slash at the end."""
        return f"http://localhost:{self.port}/"

    def start(self) -> None:
        """Answer, at the port that it had before."""
        host = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments, **options):
                super().__init__(*arguments, directory=str(host.folder), **options)

            def do_GET(self):
                path = self.path.partition("?")[0]
                wrong = next((data for part, data in host.wrong.items() if part in path), None)
                if any(part in path for part in host.refused):
                    self.send_error(503)
                elif wrong is not None:
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(wrong)
                else:
                    super().do_GET()

            def log_request(self, code="-", size="-"):
                host.asked.append((self.path, int(code)))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Be gone: it keeps no connection open between answers, so nothing answers any more."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def since(self) -> list[tuple[str, int]]:
        """What it was asked for since this was asked last: paths, and the answers' status."""
        told, self.asked = self.asked, []
        return told


@contextlib.contextmanager
def recorder() -> Iterator[tuple[str, list[str]]]:
    """A proxy that lets nothing through; give its address and what it was asked for: browsers bring to it all that is
    not for this machine."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def handle_one_request(self):
            asked.append(self.rfile.readline(65537).decode("latin-1").strip())
            self.close_connection = True

    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.daemon_threads = True
    with running(proxy) as address:
        yield address, asked


def chromium(playwright: Playwright, *flags: str) -> Browser:
    """Start the Chromium that `dev.py test` found, or the one on the path."""
    path = os.environ.get("UNFOLD_CHROMIUM") or shutil.which("chromium")
    return playwright.chromium.launch(executable_path=path, args=[*CHROMIUM_FLAGS, *flags])


def firefox_path() -> str | None:
    """The Firefox that `dev.py test` found, or the one on the path; None where there is none."""
    return os.environ.get("UNFOLD_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")


def firefox(playwright: Playwright) -> Browser:
    """Start Firefox: Playwright's own build as it is, any other over WebDriver BiDi."""
    path = firefox_path()
    own = "ms-playwright" in str(path)
    return playwright.firefox.launch(executable_path=path, **({} if own else {"channel": "moz-firefox"}))
