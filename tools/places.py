"""Where each file stands in the built site, and the addresses inside files made to fit.

The runtime stands in a folder named by its contents, and so do what is made of it and the site's own files: an address
never has two contents, an update never mixes versions, and the runtime keeps its address for as long as it stays the
same. Only what others hold the address of (the page, the service worker, a link's preview) keeps its plain name.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch

RUNTIME = "assets/runtime/"
FOLDERS = (("runtime", RUNTIME), ("made", "assets/made/"), ("article", ""))
"""The folders that carry a version, each with where its files stand in a checkout; a later one names files of those
before it, never the other way round."""
STAY = ("assets/preview.png", "assets/embed.js", "embed/*")
"""Files in folders that keep their names, as all at the root do but one."""
MOVES = ("pyscript.toml",)
ADDRESS = re.compile(r"(?<=[\"'`(=,\s])\.{1,2}/[\w./@+-]*")
TEXTS = (".html", ".css", ".js", ".mjs", ".json", ".toml")

Places = dict[str, str]
"""The path in the site of each path in the checkout."""


def stays(path: str) -> bool:
    """Return whether a file keeps its name."""
    return any(fnmatch(path, name) for name in STAY) or ("/" not in path and path not in MOVES)


def folder_of(path: str) -> str | None:
    """Return which of the folders a file goes to; None where it keeps its name."""
    return None if stays(path) else next(name for name, prefix in FOLDERS if path.startswith(prefix))


def fingerprint(files: Mapping[str, bytes]) -> str:
    """Return a name for these contents under these paths, which changes when and only when any of them does."""
    parts = "".join(f"{hashlib.sha256(files[path]).hexdigest()} {path}\n" for path in sorted(files))
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


def arrange(files: Mapping[str, bytes]) -> tuple[Places, dict[str, bytes]]:
    """Return each file's place and each place's contents, with the addresses inside made to fit."""
    places: Places = {path: path for path in files if stays(path)}
    contents: dict[str, bytes] = {}
    for name, prefix in FOLDERS:
        group = [path for path in files if folder_of(path) == name]
        if not group:
            continue
        inner = {path: script_name(path.removeprefix(prefix)) for path in group}
        places |= {path: f"{name}/{place}" for path, place in inner.items()}  # as deep as the place it will have
        fitted = {inner[path]: fit(files[path], path, places) for path in group}
        folder = f"{name}-{fingerprint(fitted)}"
        places |= {path: f"{folder}/{place}" for path, place in inner.items()}
        contents |= {f"{folder}/{place}": data for place, data in fitted.items()}
    return places, contents | {path: fit(files[path], path, places) for path in files if stays(path)}


def script_name(path: str) -> str:
    """Return a path with `.js` for `.mjs`: many hosts, nginx among them, do not know the latter for a script."""
    return path.removesuffix(".mjs") + ".js" if path.endswith(".mjs") else path


def fit(data: bytes, path: str, places: Places) -> bytes:
    """Return a file's contents with its relative addresses leading to the places of the files that they meant.

    An address begins with `./` or `../` and is relative to the file itself. Pyodide's own scripts, which are not ours
    to write so, name one another plainly.
    """
    if not path.endswith(TEXTS):
        return data
    text = data.decode("utf-8")
    if path.startswith(RUNTIME):
        for name in sorted(_beside(path, places)):
            text = text.replace(name, script_name(name))
        return text.encode("utf-8")

    def moved(found: re.Match[str]) -> str:
        meant = posixpath.normpath(posixpath.join(posixpath.dirname(path), found[0]))
        place = _place(meant, found[0].endswith("/"), places)
        if place is None:
            return found[0]
        address = posixpath.relpath(place, posixpath.dirname(places[path]) or ".")
        return ("" if address.startswith(".") else "./") + address + "/" * found[0].endswith("/")

    return ADDRESS.sub(moved, text).encode("utf-8")


def _beside(path: str, places: Iterable[str]) -> set[str]:
    """Return the names of scripts in the same folder that have another name in the site."""
    folder = posixpath.dirname(path)
    names = {posixpath.basename(other) for other in places if posixpath.dirname(other) == folder}
    return {name for name in names if script_name(name) != name}


def _place(meant: str, folder: bool, places: Places) -> str | None:
    """Return where a file or a folder of the checkout stands in the site; None for what is neither."""
    if not folder:
        return places.get(meant)
    within = [path for path in places if path.startswith(meant + "/") and not stays(path)]
    if len({folder_of(path) for path in within}) != 1:
        return None
    inner = script_name(within[0])[len(meant) :]
    return places[within[0]].removesuffix(inner)
