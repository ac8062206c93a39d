"""Writes the static site: exactly what the page asks for, in a folder that any static host can serve."""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import urlsplit

from tools import bundle, embeds, places, runtime, shipped

PATTERNS = (
    "index.html",
    "404.html",
    "embed.html",
    "gallery.html",
    "sw.js",
    "manifest.json",
    "pyscript.toml",
    "py/app/worker.py",
    "py/**/*.mjs",
    "assets/*.css",
    "assets/*.js",
    "assets/*.mjs",
    "assets/*.svg",
    "assets/preview.png",
    "assets/fonts/*",
    "assets/icons/*",
    "assets/posters/*.webp",
    "assets/posters/embed/*.webp",
)
MADE = shipped.MADE | embeds.MADE
"""Files that the page asks for and that are made of others: each path with what makes it from the root."""
NO_JEKYLL = ".nojekyll"
"""GitHub Pages leaves out folders it takes for its own unless this file is there."""

MARKS = (
    (NO_JEKYLL, "index.html", "sw.js", "manifest.json"),
    (NO_JEKYLL, "index.html", "pyscript.toml", "assets/interpreter.mjs"),  # before versions had names
)
"""What tells a site that we built, now or earlier, from any other folder."""

AT_ONCE, WITH_PYTHON, AS_USED = 0, 1, 2
"""When the reader's browser stores a file: with the article, once Python has run, or only if it is asked for."""
STORED = (
    ("404.html", None),
    ("sw.js", None),
    ("*.txt", None),
    ("assets/preview.png", None),
    ("assets/runtime/pyodide/*", WITH_PYTHON),
    (bundle.PAGE, AT_ONCE),
    *((name, AT_ONCE) for name in shipped.EAGER),
    *((name, WITH_PYTHON) for name in MADE),
    *(
        (name, WITH_PYTHON)
        for name in ("embed.html", "embed/*", "gallery.html", "assets/embed.js", "assets/posters/embed/*")
    ),
    ("*", AT_ONCE),
)
"""The first pattern that a path in the checkout fits says when; None is never."""
LIST = "const files = {};"
"""Where the service worker's list of files stands in sw.js, which in a checkout is empty."""
VERSION = re.compile(r'<html lang="[\w-]+"')
"""Where the page's language stands, and its version goes: a page that has none is a checkout's, and stores nothing."""


def files(root: Path = runtime.ROOT) -> list[str]:
    """Return the paths of the site's files: ours, those that are made, and the runtime's as the lock names them."""
    found = {path.relative_to(root).as_posix() for pattern in PATTERNS for path in root.glob(pattern)}
    lock = runtime.read_lock(root / "assets" / "runtime.lock.json")
    runtimes = {f"assets/runtime/{entry['path']}" for entry in lock["files"]}
    whole = {path for path in runtimes if path.rpartition("/")[2] not in shipped.TAKEN_APART}
    return sorted(found | whole | MADE.keys())


def read(root: Path = runtime.ROOT) -> dict[str, bytes]:
    """Return the contents of the site's files, by their paths in the checkout."""
    return {name: MADE[name](root) if name in MADE else (root / name).read_bytes() for name in files(root)}


def build(out: str | Path, root: Path = runtime.ROOT, address: str | None = None) -> tuple[int, int]:
    """Write the site to `out`, in place of what stands there; return how many files and bytes.

    `address` is where it will be read, for those who must know: previews of links, search engines, and a page that
    is shown at addresses where there is none. A folder that is no site of ours is not overwritten: that raises Problem.
    """
    target = Path(out).resolve()
    if target.exists() and not target.is_dir():
        raise runtime.Problem(f"{target} is a file; name a folder")
    ours = any(all((target / name).exists() for name in marks) for marks in MARKS) and not (target / ".git").exists()
    if target.exists() and any(target.iterdir()) and not ours:
        raise runtime.Problem(f"{target} holds something that is no built site; name an empty or a new folder")
    return write(target, {**finished(read(root), address), NO_JEKYLL: b""})


def copy(target: Path, root: Path = runtime.ROOT) -> None:
    """Write the site's files under the names that they have in the checkout, and the whole runtime as it comes beside
    what is made of it: to measure, and to try parts of it."""
    runtime_files = (root / "assets" / "runtime").rglob("*.*")
    whole = {path.relative_to(root).as_posix(): path.read_bytes() for path in runtime_files}
    write(target, whole | read(root))


def finished(sources: Mapping[str, bytes], address: str | None = None) -> dict[str, bytes]:
    """Return the whole site, by its paths: files in their places, the page's version, and what follows from those."""
    where, site = places.arrange(sources)
    version = places.fingerprint(site)
    site["index.html"] = _with_version(site["index.html"], version)
    if address is not None:
        address = address.rstrip("/") + "/"
        site["index.html"] = _with_address(site["index.html"], address)
        site["404.html"] = site["404.html"].replace(b'href="./"', f'href="{html.escape(address)}"'.encode())
        site |= _for_search_engines(address)
    site["sw.js"] = _with_list(site["sw.js"], {where[path]: when(path) for path in sources}, site)
    return site


def when(path: str) -> int | None:
    """Return when a file of the checkout is stored for a reader with no network; None for never."""
    return next(moment for pattern, moment in STORED if fnmatch(path, pattern))


def _with_version(page: bytes, version: str) -> bytes:
    """Return the page with its version on the first element."""
    found = VERSION.search(page.decode("utf-8"))
    start = found[0] if found else "<html lang="
    return _replaced(page, start, f'{start} data-version="{version}"')


def _with_address(page: bytes, address: str) -> bytes:
    """Return the page with what must be absolute in its head."""
    lines = (
        f'<link rel="canonical" href="{html.escape(address)}">',
        f'<meta property="og:url" content="{html.escape(address)}">',
        f'<meta property="og:image" content="{html.escape(address)}assets/preview.png">',
    )
    return _replaced(page, "</head>", "\n".join((*lines, "</head>")))


def _for_search_engines(address: str) -> dict[str, bytes]:
    """Return the sitemap, and robots.txt where the site is a whole host: nobody looks for one further down."""
    name = html.escape(address)
    sitemap = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"<url><loc>{name}</loc></url>\n</urlset>\n"
    )
    found = {"sitemap.xml": sitemap.encode()}
    if urlsplit(address).path == "/":
        found["robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {address}sitemap.xml\n".encode()
    return found


def _with_list(worker: bytes, moments: Mapping[str, int | None], site: Mapping[str, bytes]) -> bytes:
    """Return the service worker with its list: each file's SHA-256, size and when it is stored."""
    lines = [
        f"  {json.dumps(path)}: {json.dumps([hashlib.sha256(site[path]).hexdigest(), len(site[path]), moment])},"
        for path, moment in sorted(moments.items())
        if moment is not None
    ]
    return _replaced(worker, LIST, "\n".join(("const files = {", *lines, "};")))


def _replaced(data: bytes, old: str, new: str) -> bytes:
    """Return a text in which something that must stand there once is replaced."""
    text = data.decode("utf-8")
    if text.count(old) != 1:
        raise runtime.Problem(f"the site cannot be built: “{old}” must stand once where it is looked for")
    return text.replace(old, new).encode("utf-8")


def write(target: Path, contents: Mapping[str, bytes]) -> tuple[int, int]:
    """Put these files in place of what stands at `target`; return how many they are, and their bytes."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".site-") as scratch:
            new = Path(scratch) / "site"
            for name, data in contents.items():
                (new / name).parent.mkdir(parents=True, exist_ok=True)
                (new / name).write_bytes(data)
            if target.exists():
                shutil.rmtree(target)
            new.rename(target)
    except OSError as error:
        raise runtime.Problem(f"{target} cannot be written: {error.strerror or error}") from None
    return len(contents), sum(map(len, contents.values()))
