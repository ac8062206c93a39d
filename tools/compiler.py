"""Asks the site's own Pythons, in a headless Chromium, for what only they can make: bytecode, and pictures of memories.

Where there is no Chromium, or it fails, there is neither, and the page starts from sources: later, but the same.
"""

from __future__ import annotations

import contextlib
import http.server
import io
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tools import bundle, environment, server

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--mute-audio",
]  # fmt: skip
SECONDS = 180
"""What a job may take before we do without; on a busy machine it takes twenty."""
PAGE = b"""<!doctype html><title>A job for Python</title>
<script>
const worker = new Worker("job.mjs" + location.search, { type: "module" });
worker.onerror = ({ message }) => fetch("failed", { method: "POST", body: message || "its worker did not start" });
</script>"""
PYODIDE, MICROPYTHON = (Path(__file__).with_name(f"{name}_job.mjs") for name in ("pyodide", "micropython"))
"""What each is asked with."""

COMPILE = """
import _imp, importlib.util, marshal, zipfile

def bytecode(source, place):
    "The .pyc of a module: never compared with its source, without assertions and docstrings."
    code = compile(source, place, "exec", dont_inherit=True, optimize=2)
    unchecked = (1).to_bytes(4, "little")
    hashed = _imp.source_hash(_imp.pyc_magic_number_token, source)
    return importlib.util.MAGIC_NUMBER + unchecked + hashed + marshal.dumps(code)

with zipfile.ZipFile("/tmp/in.zip") as sources, zipfile.ZipFile("/tmp/out.zip", "w") as compiled:
    for name in sources.namelist():
        compiled.writestr(name, bytecode(sources.read(name), "/" + name))
"""
START = """
import ctypes, csv, dataclasses, datetime, fractions, gzip, hashlib, hmac, html, ipaddress, numbers, pickle
import encodings.ascii, encodings.cp437, encodings.latin_1, pathlib, platform, secrets, urllib.parse, zipfile
import numpy, numpy.random, numpy.typing
"""
"""What the loader and the figures import: in the picture it costs a start nothing."""
OURS = """
import app.messages, app.rest, app.studio, figures, scene.arrows, scene.colours, scene.placement, scene.relief
figures.FIGURES[figures.NAMES[0]]
"""
"""And of our own what each start does, but for what speaks with the browser."""
END = """
import gc, sys
gc.collect()
" ".join(sys.modules)
"""


PAGES_START = """
import gc, page

def blank():
    "Leave nothing in what is free: each of these takes a place, and is empty."
    kept = None
    for _ in range((1000000 - gc.mem_alloc()) // 4200):
        kept = bytearray(4096), kept

gc.collect()
blank()
gc.collect()
"""
"""What the page's Python has done before a reader comes. Its heap has a million bytes."""


def chromium() -> str | None:
    """Return the path of a Chromium: the one that UNFOLD_CHROMIUM names (empty for none), or the first on the path."""
    if "UNFOLD_CHROMIUM" in os.environ:
        return os.environ["UNFOLD_CHROMIUM"] or None
    return next((path for name in environment.CHROMIUMS if (path := shutil.which(name))), None)


def bytecode(runtime: Path, sources: Mapping[str, bytes]) -> dict[str, bytes] | None:
    """Return the bytecode of Python modules, each named by the place it will stand at; None where it cannot be made."""
    answer = ask(runtime, PYODIDE, "compile", {"in.zip": bundle.whole(sources)}, COMPILE)
    if answer is None:
        return None
    with zipfile.ZipFile(io.BytesIO(answer)) as compiled:
        return {name: compiled.read(name) for name in compiled.namelist()}


def picture(runtime: Path, stdlib: bytes, files: Mapping[str, bytes], imports: str) -> tuple[list[str], bytes] | None:
    """Return the names of the modules that Pyodide has after some imports, and its snapshot then, less what its own
    WebAssembly brings; None where it cannot be made.

    Each file is named by the place it will stand at. Those that are WebAssembly have to be loaded in the order of their
    paths again where the snapshot is continued.
    """
    given = {"stdlib.zip": stdlib, "files.data": b"".join(files[path] for path in sorted(files))}
    given["files.json"] = json.dumps({f"/{path}": len(files[path]) for path in sorted(files)}).encode()
    given |= {Path(path).name: data for path, data in files.items() if path.endswith(".so")}
    answer = ask(runtime, PYODIDE, "picture", given, imports + END)
    if answer is None:
        return None
    names, _, snapshot = answer.partition(b"\n")
    return names.decode().split(), snapshot


def page(runtime: Path, sources: bytes) -> bytes | None:
    """Return MicroPython's memory once it has imported the page's own modules, which come as JSON: each name with its
    text."""
    return ask(runtime, MICROPYTHON, "picture the page", {"page.json": sources}, PAGES_START)


def ask(runtime: Path, script: Path, job: str, given: Mapping[str, bytes], code: str) -> bytes | None:
    """Return what the worker with a script answers to a job; None, and a line that says why, where it fails."""
    browser = chromium()
    if browser is None:
        return None
    files = {"/": PAGE, "/job.mjs": script.read_bytes(), "/code.py": code.encode()}
    files |= {f"/{name}": data for name, data in given.items()}
    answers: queue.Queue[tuple[str, bytes]] = queue.Queue()
    host = _listen(runtime, files, answers)
    threading.Thread(target=host.serve_forever, daemon=True).start()
    try:
        with tempfile.TemporaryDirectory(prefix="unfold-", ignore_cleanup_errors=True) as profile:
            address = f"http://localhost:{host.server_port}/?{urlencode({'job': job})}"
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            process = subprocess.Popen([browser, *FLAGS, f"--user-data-dir={profile}", address], **quiet)  # type: ignore[call-overload]
            try:
                kind, data = _answer(answers, process)
            finally:
                process.terminate()
                process.wait()
    except OSError as error:
        kind, data = "failed", str(error).encode()
    finally:
        host.shutdown()
        host.server_close()
    if kind == "out":
        return data
    print(f"Chromium could not {job}: {data.decode()[:300]}. The page will start from sources.", flush=True)
    return None


def _answer(answers: queue.Queue[tuple[str, bytes]], process: subprocess.Popen[bytes]) -> tuple[str, bytes]:
    """Return what is posted: its name and body; `failed` and the reason where nothing is."""
    for _ in range(SECONDS):
        with contextlib.suppress(queue.Empty):
            return answers.get(timeout=1)
        if process.poll() is not None:
            return "failed", b"it ended at once"
    return "failed", f"no answer in {SECONDS} s".encode()


def _listen(runtime: Path, files: dict[str, bytes], answers: queue.Queue[Any]) -> http.server.ThreadingHTTPServer:
    """Return a server of a job's files and the runtime, that puts what is posted into `answers`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            file = runtime / path.removeprefix("/runtime/")
            data = files.get(path) or (file.read_bytes() if path.startswith("/runtime/") and file.is_file() else None)
            self.send_response(200 if data else 404)
            self.send_header("Content-Type", server.TYPES.get(Path(path).suffix, "text/html"))
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            self.wfile.write(data or b"")

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()
            answers.put((self.path.strip("/"), data))

        def log_message(self, format: str, *args: Any) -> None:
            pass

    host = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.daemon_threads = True
    return host
