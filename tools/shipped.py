"""The runtime as the site holds it: packed once, so that no host need compress, and taken apart by need.

    wasm.bin      pyodide.asm.wasm
    loader.bin    pyodide.asm.mjs
    picture.bin   the memory of an interpreter that has started, less what the WebAssembly itself puts there
    libraries.bin numpy's own WebAssembly
    stdlib.bin    the standard library's common part, compiled beforehand, for a start without a picture
    numpy.bin     numpy's common part, compiled beforehand
    rest.zip      the rest of both, fetched when it is imported

All but the last are packed by gzip and end in .bin, so that no host takes them for something to unpack by itself. The
picture goes with one standard library, and begins with its SHA-256; its empty pages are left out. Where there is no
Chromium the picture is empty, and nothing is compiled.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

from tools import bundle, compiler, slim, webassembly

FOLDER = "assets/made"
NAMES = (
    "wasm.bin",
    "loader.bin",
    "picture.bin",
    "libraries.bin",
    "stdlib.bin",
    "numpy.bin",
    "rest.zip",
)
TAKEN_APART = (
    "micropython.wasm",
    "pyodide.asm.wasm",
    "pyodide.asm.mjs",
    "python_stdlib.zip",
    "pyodide-lock.json",
    slim.NUMPY,
)
"""What of the runtime's own files the page does not ask for."""
PYSCRIPT = "assets/runtime/pyscript/core-C9KDLldu.js"
PYSCRIPTS_PLACE, PYSCRIPTS_TEXT = "{pyscript:{", re.compile(r'"(\w+\.py)":("(?:[^"\\]|\\.)*")')
"""Where in that script its Python begins, and what each module of it is: its name and text."""
EAGER = ("assets/runtime/micropython/micropython.mjs", PYSCRIPT)
"""The runtime's scripts whose functions the page calls nearly all of as soon as it has them."""
HINT = b"//# allFunctionsCalledOnLoad\n"
"""Has V8 compile all of a script while it comes, beside the main thread, and is a comment to others
(https://v8.dev/blog/explicit-compile-hints)."""
CACHE = ".cache/made"
PAGE = 1 << 14
"""Bytes of a page of the picture, most of which are empty; the loader knows it too."""
PAGES_SECTION = "page"
"""Of MicroPython's WebAssembly, where its memory is not pictured; assets/micropython.mjs knows it too."""
MAKERS = (
    "shipped.py",
    "bundle.py",
    "slim.py",
    "compiler.py",
    "webassembly.py",
    "pyodide_job.mjs",
    "micropython_job.mjs",
)
"""What makes these files, beside this one."""
STDLIB, SITE, REST = "lib/python314.zip/", "lib/python3.14/site-packages/", "lib/rest/"
"""Where the interpreter has them."""


def packed(root: Path, name: str) -> bytes:
    """Return one of the files, made now or when it was last asked for."""
    place = root / CACHE / f"runtime-{_key(root)}"
    if not all((place / each).is_file() for each in NAMES):
        for each, data in _make(root / "assets" / "runtime").items():
            _keep(place / each, data)
    return (place / name).read_bytes()


def python(root: Path) -> bytes:
    """Return the worker's own Python with its bytecode beside it and that of PyScript's, and the names of the modules
    that it may fetch."""
    files = bundle.read(root)
    sources = {path: data for path, data in files.items() if path.endswith(".py")} | pyscripts(root)

    def make() -> bytes:
        placed = {f"home/pyodide/{path}": data for path, data in sources.items()}
        compiled = compiler.bytecode(root / "assets" / "runtime" / "pyodide", placed) or {}
        for place, code in compiled.items():
            folder, _, name = place.removeprefix("home/pyodide/").rpartition("/")
            files[f"{folder}/__pycache__/{name.removesuffix('.py')}.cpython-314.pyc"] = code
        return bundle.pack(bundle.whole(files))

    return _made(root, "python", bundle.whole(sources), make)


def pyscripts(root: Path) -> dict[str, bytes]:
    """Return the Python that PyScript's script holds, writes beside ours and imports at every start, by its paths."""
    _, _, own = (root / PYSCRIPT).read_text("utf-8").partition(PYSCRIPTS_PLACE)
    return {f"pyscript/{name}": json.loads(text).encode() for name, text in PYSCRIPTS_TEXT.findall(own)}


def page(root: Path) -> bytes:
    """Return MicroPython, in whose memory the page's own Python has been imported; or has not, where there is no
    Chromium."""
    sources = bundle.page(root)

    def make() -> bytes:
        memory = compiler.page(root / "assets" / "runtime" / "micropython", sources)
        return bundle.pack(webassembly.with_memory(_micropython(root), memory)) if memory else page_as_it_is(root)

    return _made(root, "page", sources, make)


def page_as_it_is(root: Path) -> bytes:
    """Return MicroPython with the texts of the page's own Python, in a section of its own."""
    return bundle.pack(webassembly.with_section(_micropython(root), PAGES_SECTION, bundle.page(root)))


def _micropython(root: Path) -> bytes:
    return (root / "assets" / "runtime" / "micropython" / "micropython.wasm").read_bytes()


def eager(root: Path, name: str) -> bytes:
    """Return one of the runtime's scripts with the hint that all of it is going to be used."""
    return HINT + (root / name).read_bytes()


def _made(root: Path, kind: str, sources: bytes, make: Callable[[], bytes]) -> bytes:
    """Return what is made of some sources, made now or when it was last asked for."""
    key = hashlib.sha256(sources + _key(root).encode()).hexdigest()[:32]
    kept = root / CACHE / f"{kind}-{key}" / f"{kind}.bin"
    if not kept.is_file():
        _keep(kept, make())
    return kept.read_bytes()


def _keep(path: Path, data: bytes) -> None:
    """Keep a file in the cache, whole or not at all, in place of what was made from earlier sources."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    aside.write_bytes(data)
    aside.replace(path)
    kind = path.parent.name.partition("-")[0]
    for old in path.parent.parent.glob(f"{kind}-*"):
        if old != path.parent:
            shutil.rmtree(old, ignore_errors=True)


def _make(folder: Path) -> dict[str, bytes]:
    runtime = folder / "pyodide"
    stdlib, rest = slim.stdlib((runtime / "python_stdlib.zip").read_bytes())
    numpy, rest_of_numpy = slim.numpy((runtime / slim.NUMPY).read_bytes())
    stdlib, numpy, rest_of_numpy = _compiled(runtime, (STDLIB, stdlib), (SITE, numpy), (REST, rest_of_numpy))
    library = bundle.whole(stdlib)
    picture = compiler.picture(runtime, library, {SITE + path: data for path, data in numpy.items()})
    libraries = {path: data for path, data in numpy.items() if path.endswith(".so")}
    return {
        "wasm.bin": bundle.pack((runtime / "pyodide.asm.wasm").read_bytes()),
        "loader.bin": bundle.pack((runtime / "pyodide.asm.mjs").read_bytes()),
        "picture.bin": bundle.pack(hashlib.sha256(library).digest() + pages(picture) if picture else b""),
        "libraries.bin": bundle.pack(bundle.whole(libraries)),
        "stdlib.bin": bundle.pack(library),
        "numpy.bin": bundle.pack(bundle.whole({path: data for path, data in numpy.items() if path not in libraries})),
        "rest.zip": bundle.archive(rest | rest_of_numpy),
    }


def _compiled(runtime: Path, *groups: tuple[str, slim.Files]) -> list[slim.Files]:
    """Return groups of files, each with the folder they will stand in, with bytecode in place of sources, if it can be.

    numpy is compiled as a whole or not at all: numpy.ma looks into the docstrings of the rest, unless it has none.
    """
    placed = {
        folder + path: b"" if path in slim.DOCUMENTATION else data
        for folder, files in groups
        for path, data in files.items()
        if path.endswith(".py")
    }
    code = compiler.bytecode(runtime, placed)
    if code is None:
        return [files for _, files in groups]
    return [
        {path + "c" * path.endswith(".py"): code.get(folder + path, data) for path, data in files.items()}
        for folder, files in groups
    ]


def pages(data: bytes) -> bytes:
    """Return the pages of data that are not empty, after how long it is, how many they are, and which."""
    starts = [at for at in range(0, len(data), PAGE) if any(data[at : at + PAGE])]
    numbers = [len(data), len(starts), *(at // PAGE for at in starts)]
    return struct.pack(f"<{len(numbers)}I", *numbers) + b"".join(
        data[at : at + PAGE].ljust(PAGE, b"\0") for at in starts
    )


def _key(root: Path) -> str:
    """Return what changes when the files would: what they are made from and by, and whether there is a Chromium."""
    hasher = hashlib.sha256(str(bool(compiler.chromium())).encode())
    tools = Path(__file__).parent
    makers = [tools / name for name in MAKERS]
    for path in (root / "assets" / "runtime.lock.json", *makers):
        hasher.update(path.read_bytes())
    return hasher.hexdigest()[:32]


MADE: dict[str, Callable[[Path], bytes]] = {
    bundle.NAME: python,
    bundle.PAGE: page,
    **{f"{FOLDER}/{name}": functools.partial(packed, name=name) for name in NAMES},
    **{name: functools.partial(eager, name=name) for name in EAGER},
}
"""Files that the page asks for and that are made of others: each path with what makes it from the root."""
AS_IT_IS = MADE | {bundle.NAME: bundle.bundle, bundle.PAGE: page_as_it_is}
"""The same for a checkout that is being edited: our own Python as it is now, not compiled."""
