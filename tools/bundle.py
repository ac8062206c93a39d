"""The worker's Python as one archive: some eighty small files would each cost a request, and a wait."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

NAME = "assets/python.zip"
"""Where the page finds it."""
NOT_THE_WORKERS = ("app/page.py", "app/worker.py", "render/mpl.py")
"""The page's own, the script that PyScript starts, and the posters'."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of every file: the same files are the same archive, byte for byte."""


def files(root: Path) -> list[str]:
    """Return the paths, relative to `py`, of all that the worker may import."""
    python = {path.relative_to(root / "py").as_posix() for path in (root / "py").rglob("*.py")}
    return sorted(python - set(NOT_THE_WORKERS) | {"unfold/kernel.wasm"})


def bundle(root: Path) -> bytes:
    """Return the archive, compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files(root):
            entry = zipfile.ZipInfo(path, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (root / "py" / path).read_bytes())
    return out.getvalue()
