"""The worker's Python as one archive, and the page's: some eighty small files would each cost a request, and a wait."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from tools import slim

NAME = "assets/python.bin"
"""Where the page finds it."""
PAGE = "assets/page.bin"
"""Where the page finds its own Python, with MicroPython, which runs it."""
THE_PAGES = ("engine", "figure", "here", "offline", "page", "pictures", "reports", "sharing")
"""Its modules in py/app; messages.py is on both sides."""
NOT_THE_WORKERS = (*(f"app/{name}.py" for name in THE_PAGES), "app/worker.py", "render/mpl.py")
"""The page's own, the script that PyScript starts, and the posters'."""
MODULES = "app/modules.json"
"""In the archive, for app/rest.py: the modules of the standard library, of numpy and of the rest, by name."""
GZIP = 16
"""What zlib takes beside the size of its window to write gzip's header, with no date in it."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of every file: the same files are the same archive, byte for byte."""


def files(root: Path) -> list[str]:
    """Return the paths, relative to `py`, of all that the worker may import."""
    python = {path.relative_to(root / "py").as_posix() for path in (root / "py").rglob("*.py")}
    return sorted(python - set(NOT_THE_WORKERS) | {"unfold/kernel.wasm"})


def read(root: Path) -> dict[str, bytes]:
    """Return what is in the archive: each path with its bytes."""
    found = {path: (root / "py" / path).read_bytes() for path in files(root)}
    groups = slim.split(root / "assets" / "runtime" / "pyodide")
    names = {group: slim.modules(members) for group, members in groups.items()}
    return found | {MODULES: json.dumps(names, separators=(",", ":")).encode()}


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return files as an archive, compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as opened:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            opened.writestr(entry, files[path])
    return out.getvalue()


def whole(files: Mapping[str, bytes]) -> bytes:
    """Return files as an archive, not compressed; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        for path in sorted(files):
            opened.writestr(zipfile.ZipInfo(path, LONG_AGO), files[path])
    return out.getvalue()


def pack(data: bytes) -> bytes:
    """Return data packed by gzip, the smallest of three ways; the same data give the same bytes."""
    return min((_packed(data, memory) for memory in (8, 7, 6)), key=len)  # with less of it, blocks fit code better


def _packed(data: bytes, memory: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS + GZIP, memory)
    return packer.compress(data) + packer.flush()


def bundle(root: Path) -> bytes:
    """Return the packed archive of the Python as it is now."""
    return pack(whole(read(root)))


def page(root: Path) -> bytes:
    """Return the page's own Python: a JSON object with the text of each module."""
    texts = {name: (root / "py" / "app" / f"{name}.py").read_text("utf-8") for name in (*THE_PAGES, "messages")}
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode()
