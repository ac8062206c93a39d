"""Writes the static site: exactly what the page asks for, in a folder that any static host can serve."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tools import runtime, shipped

PATTERNS = (
    "index.html",
    "pyscript.toml",
    "py/app/messages.py",
    "py/app/page.py",
    "py/app/worker.py",
    "py/**/*.mjs",
    "assets/*.css",
    "assets/*.mjs",
    "assets/*.svg",
    "assets/fonts/*",
    "assets/posters/*.webp",
)
MADE = shipped.MADE
"""Files that the page asks for and that are made of others: each path with what makes it from the root."""
NO_JEKYLL = ".nojekyll"
"""GitHub Pages leaves out folders it takes for its own unless this file is there."""

MARKS = (NO_JEKYLL, "index.html", "pyscript.toml", "assets/interpreter.mjs")
"""What tells a site that we built from any other folder."""


def files(root: Path = runtime.ROOT) -> list[str]:
    """Return the paths of the site's files: ours, those that are made, and the runtime's as the lock names them."""
    found = [path.relative_to(root).as_posix() for pattern in PATTERNS for path in root.glob(pattern)]
    lock = runtime.read_lock(root / "assets" / "runtime.lock.json")
    whole = [entry["path"] for entry in lock["files"] if entry["path"].rpartition("/")[2] not in shipped.TAKEN_APART]
    return [*sorted({*found, *MADE}), *(f"assets/runtime/{path}" for path in whole)]


def build(out: str | Path, root: Path = runtime.ROOT) -> tuple[int, int]:
    """Write the site to `out`, in place of what stands there; return how many files and bytes.

    A folder that is no site of ours is not overwritten: that raises Problem.
    """
    target = Path(out).resolve()
    if target.exists() and not target.is_dir():
        raise runtime.Problem(f"{target} is a file; name a folder")
    ours = all((target / name).exists() for name in MARKS) and not (target / ".git").exists()
    if target.exists() and any(target.iterdir()) and not ours:
        raise runtime.Problem(f"{target} holds something that is no built site; name an empty or a new folder")
    names = files(root)
    try:
        return len(names) + 1, _write(target, names, root)
    except OSError as error:
        raise runtime.Problem(f"{target} cannot be written: {error.strerror or error}") from None


def _write(target: Path, names: list[str], root: Path) -> int:
    """Put a copy of the files in place of what stands at `target`; return their bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".site-") as scratch:
        new = Path(scratch) / "site"
        for name in names:
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            if name in MADE:
                (new / name).write_bytes(MADE[name](root))
            else:
                shutil.copyfile(root / name, new / name)
        (new / NO_JEKYLL).touch()
        if target.exists():
            shutil.rmtree(target)
        new.rename(target)
    return sum((target / name).stat().st_size for name in names)
