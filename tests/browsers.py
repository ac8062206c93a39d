"""Browsers for the tests, and a server of the built site from a sub-path, as a reader would meet it."""

from __future__ import annotations

import contextlib
import http.server
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright
from selenium.common import WebDriverException
from selenium.webdriver import ActionChains, WebKitGTK, WebKitGTKOptions
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.webkitgtk.service import Service

from tools import environment, server, site

SUB_PATH = "somewhere/deep"
READY = """() => {
  document.dispatchEvent(new Event("pointermove"));
  return [...document.querySelectorAll("figure.unfold")].every((figure) => figure.dataset.state === "ready");
}"""
"""Holds once every figure of a page has been opened and drawn by Python, for a reader who moves."""
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


def pages(contents: Mapping[str, tuple[str, str]]) -> http.server.ThreadingHTTPServer:
    """A server, for `running`, of somebody's pages by their paths, each with its content security policy if any."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body, policy = contents.get(self.path, ("", ""))
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    return http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)


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


def firefox(playwright: Playwright, **settings: bool | int | str) -> Browser:
    """Start Firefox, with settings of its own: Playwright's build as it is, any other over WebDriver BiDi."""
    path = firefox_path()
    own = "ms-playwright" in str(path)
    channel = {} if own else {"channel": "moz-firefox"}
    return playwright.firefox.launch(executable_path=path, firefox_user_prefs=settings, **channel)


class Reader:
    """Somebody at a page with keyboard and mouse, whatever drives the browser: a page of Playwright's unless told."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def goes(self, address: str) -> None:
        """Open a page."""
        self.page.goto(address)

    def run(self, function: str, *arguments: Any) -> Any:
        """Return what a JavaScript function gives for these arguments."""
        return self.page.evaluate(f"all => ({function})(...all)", list(arguments))

    def presses(self, key: str) -> None:
        """Press a key by its name in JavaScript."""
        self.page.keyboard.press(key)

    def drags(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Drag with the mouse from here to there in the window."""
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end)
        self.page.mouse.up()

    def sees(self) -> bytes:
        """Return the window's picture, a PNG."""
        return self.page.screenshot()

    def waits(self, function: str, *arguments: Any, seconds: float = 20) -> bool:
        """Return whether the function gives something true before so many seconds have passed."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.run(function, *arguments):
                return True
            time.sleep(0.02)
        return False


class WebKitReader(Reader):
    """The same at WebKitGTK, over WebDriver."""

    def __init__(self, driver: WebKitGTK) -> None:
        self.driver = driver

    def goes(self, address: str) -> None:
        self.driver.get(address)

    def run(self, function: str, *arguments: Any) -> Any:
        try:
            return self.driver.execute_script(f"return ({function})(...arguments)", *arguments)
        except WebDriverException as problem:
            if "Could not parse script result" not in str(problem):  # what it says while a page is coming
                raise
            return None

    def presses(self, key: str) -> None:
        name = {"ArrowLeft": "LEFT", "ArrowRight": "RIGHT", "ArrowDown": "DOWN"}.get(key, key.upper())
        ActionChains(self.driver).send_keys(getattr(Keys, name)).perform()

    def drags(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        actions = ActionBuilder(self.driver, mouse=PointerInput("mouse", "mouse"))
        actions.pointer_action.move_to_location(*start).pointer_down().move_to_location(*end).pointer_up()
        actions.perform()

    def sees(self) -> bytes:
        return self.driver.get_screenshot_as_png()


@contextlib.contextmanager
def at_webkit(width: int, height: int) -> Iterator[WebKitReader]:
    """Start WebKitGTK on a screen of its own, with a window that shows so much of a page; nothing moves by itself."""
    driver, browser, screen = environment.webkit() or ()
    with tempfile.TemporaryDirectory() as folder, own_screen(screen) as display:
        settings = Path(folder) / "gtk-3.0" / "settings.ini"
        settings.parent.mkdir()
        settings.write_text("[Settings]\ngtk-enable-animations=0\n")  # it has the page prefer reduced motion
        options = WebKitGTKOptions()
        options.binary_location = browser
        options.add_argument("--automation")
        variables = {**os.environ, "DISPLAY": display, "XDG_CONFIG_HOME": folder, "GDK_BACKEND": "x11"}
        window = WebKitGTK(options=options, service=Service(driver, env=variables))
        try:
            reader = WebKitReader(window)
            window.set_window_size(width, height)
            across, down = reader.run("() => [innerWidth, innerHeight]")
            window.set_window_size(2 * width - across, 2 * height - down)
            yield reader
        finally:
            window.quit()


@contextlib.contextmanager
def own_screen(program: str) -> Iterator[str]:
    """Start an X server with no screen that anybody sees; give its display."""
    told, tell = os.pipe()
    command = [program, "-displayfd", str(tell), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[tell], stderr=subprocess.DEVNULL)
    os.close(tell)
    try:
        with os.fdopen(told) as number:
            yield ":" + number.readline().strip()
    finally:
        server.terminate()
        server.wait()
