"""A slow line and a slow processor, the same for every page: a server that waits, and a browser that is held up.

Both act from outside the browser, so that workers, compilers and the network's own process are slowed like the page's
main thread. (A browser's own emulation slows the main thread alone, which would flatter a page that has workers.)
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools import server

RATE, DELAY = 10e6 / 8, 0.040
"""Bytes a second in all, and seconds there and back."""
CHUNK = 1 << 13
LOOK, LOOKS, IDLE = 0.4, 50, 2
"""Seconds from look to look at what a browser does, how many at most, and the ticks in between that are nothing."""
COMPRESSED = (".html", ".css", ".js", ".mjs", ".py", ".toml", ".json", ".svg", ".wasm")


class Line:
    """What all connections share: each chunk waits until those before it have gone through."""

    def __init__(self, rate: float) -> None:
        self.rate, self.free, self.lock = rate, 0.0, threading.Lock()

    def send(self, size: int) -> None:
        """Wait as long as so many bytes take."""
        with self.lock:
            self.free = max(self.free, time.monotonic()) + size / self.rate
            until = self.free
        time.sleep(max(0.0, until - time.monotonic()))


class Handler(server.Handler):
    """Answers after the delay, at the line's rate; compresses text and WebAssembly where the host is one that does."""

    def __init__(self, *arguments: Any, line: Line | None, compress: bool, **options: Any) -> None:
        self.line, self.compress = line, compress
        super().__init__(*arguments, made={}, **options)

    def setup(self) -> None:
        """Take a connection: a round trip goes by until it stands."""
        super().setup()
        if self.line:
            time.sleep(DELAY)

    def send_head(self) -> Any:
        """Answer as a plain host, or with the file compressed."""
        if self.line:
            time.sleep(DELAY)
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        fresh = "If-Modified-Since" in self.headers
        if not self.compress or path.suffix not in COMPRESSED or not path.is_file() or fresh:
            return super().send_head()
        data = packed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Last-Modified", self.date_time_string(int(path.stat().st_mtime)))
        self.end_headers()
        return io.BytesIO(data)

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send the body through the line."""
        while data := source.read(CHUNK):
            if self.line:
                self.line.send(len(data))
            outputfile.write(data)


@functools.cache
def packed(path: Path) -> bytes:
    """Return a file as a compressing host sends it."""
    return gzip.compress(path.read_bytes(), 6)


@contextlib.contextmanager
def served(folder: Path, slow: bool, compress: bool) -> Iterator[str]:
    """Serve a folder over such a line, or at full speed; give its address."""
    handler = functools.partial(Handler, directory=str(folder), line=Line(RATE) if slow else None, compress=compress)
    host = server.Server(("127.0.0.1", 0), handler)
    threading.Thread(target=host.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{host.server_port}/"
    finally:
        host.shutdown()
        host.server_close()


HOLD = """
import os, signal, sys, time
group, slow, period = int(sys.argv[1]), float(sys.argv[2]), 0.016
try:
    while os.getppid() == int(sys.argv[3]):
        os.killpg(group, signal.SIGSTOP)
        time.sleep(period * (1 - 1 / slow))
        os.killpg(group, signal.SIGCONT)
        time.sleep(period / slow)
except ProcessLookupError:
    pass
finally:
    try:
        os.killpg(group, signal.SIGCONT)
    except ProcessLookupError:
        pass
"""


def group_of(browser: Any) -> int:
    """Return the process group of a browser: all its processes are in it."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return os.getpgid(next(process["id"] for process in processes if process["type"] == "browser"))


def rest(browser: Any) -> None:
    """Wait until a browser does nothing any more: a new one loads the pages of its own surface for a second or two, and
    a reader's is long done with that."""
    group, seen = group_of(browser), -1
    for _ in range(LOOKS):
        before, seen = seen, used(group)
        if seen - before <= IDLE and before >= 0:
            return
        time.sleep(LOOK)


def used(group: int) -> int:
    """Return the processor time that a group of processes has had, in the system's ticks (0 where it does not tell)."""
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # a process may end meanwhile
            fields = path.read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) * (int(fields[2]) == group)
    return total


@contextlib.contextmanager
def held_up(browser: Any, times: float) -> Iterator[None]:
    """Let a browser run for only a share of every 16 ms: all its processes are as many times slower."""
    if times <= 1:
        yield
        return
    group = group_of(browser)
    if group == os.getpgid(0):
        raise RuntimeError("the browser is of this process' own group and cannot be held up alone")
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(group), str(times), str(os.getpid())])
    try:
        yield
    finally:
        holder.terminate()
        holder.wait()
        os.killpg(group, 18)  # SIGCONT: the holder may have been ended between the two
