"""The runtime as the site holds it: packed once, so that no host need compress, and taken apart by need.

    wasm.bin      pyodide.asm.wasm
    loader.bin    pyodide.asm.mjs
    libraries.bin numpy's own WebAssembly
    stdlib.bin    the standard library's common part, compiled beforehand, for a start without a picture
    numpy.bin     numpy's common part, compiled beforehand
    rest.zip      the rest of both, fetched when it is imported

Beside these, for they change when our own Python does:

    picture.bin   the memory of an interpreter that has imported what every start does, of ours too, less what the
                  WebAssembly itself puts there
    start.bin     what of ours is in it, compiled beforehand, for a start without a picture
    python.bin    the rest of ours, compiled beforehand
    page.bin      MicroPython, in whose memory the page's own Python has been imported

All but rest.zip are packed by gzip and end in .bin, so that no host takes them for something to unpack by itself. The
picture goes with one standard library, and begins with its SHA-256; its empty pages are left out. Where there is no
Chromium the picture is empty, and nothing is compiled.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import shutil
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

from tools import bundle, compiler, slim, webassembly

FOLDER = "assets/made"
NAMES = (
    "wasm.bin",
    "loader.bin",
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
PICTURE, START = "assets/picture.bin", "assets/start.bin"
PYSCRIPT = "assets/runtime/pyscript/core-C9KDLldu.js"
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
STDLIB, SITE, REST, HOME = "lib/python314.zip/", "lib/python3.14/site-packages/", "lib/rest/", "home/pyodide/"
"""Where the interpreter has them."""


def packed(root: Path, name: str) -> bytes:
    """Return one of the files made of the runtime, made now or when it was last asked for."""
    return _made(root, "runtime", b"", lambda: _make(root / "assets" / "runtime" / "pyodide"), name)


def ours(root: Path, name: str) -> bytes:
    """Return one of the files made of the worker's own Python."""
    files = bundle.read(root)

    def make() -> dict[str, bytes]:
        modules, *_ = _compiled(root / "assets" / "runtime" / "pyodide", (HOME, files))
        names, picture = _pictured(root, modules, compiler.START + compiler.OURS)
        start = {path: data for path, data in modules.items() if slim.module(path) in names}
        rest = {path: data for path, data in modules.items() if path not in start}
        return {
            "python.bin": bundle.pack(bundle.whole(rest)),
            "start.bin": bundle.pack(bundle.whole(start)),
            "picture.bin": picture,
        }

    return _made(root, "ours", bundle.whole(files), make, name)


def picture_as_it_is(root: Path) -> bytes:
    """Return a picture with nothing of ours in it."""
    return _made(root, "bare", b"", lambda: {"picture.bin": _pictured(root, {}, compiler.START)[1]}, "picture.bin")


def _pictured(root: Path, ours: slim.Files, imports: str) -> tuple[list[str], bytes]:
    """Return the names of the modules in a picture, and the picture, packed; both empty where there can be none."""
    library = gzip.decompress(packed(root, "stdlib.bin"))
    files = {HOME + path: data for path, data in ours.items()}
    for name in ("numpy.bin", "libraries.bin"):
        files |= {SITE + path: data for path, data in slim.members(gzip.decompress(packed(root, name))).items()}
    names, memory = compiler.picture(root / "assets" / "runtime" / "pyodide", library, files, imports) or ([], b"")
    return names, bundle.pack(hashlib.sha256(library).digest() + pages(memory) if memory else b"")


def page(root: Path) -> bytes:
    """Return MicroPython, in whose memory the page's own Python has been imported; or has not, where there is no
    Chromium."""
    sources = bundle.page(root)

    def make() -> dict[str, bytes]:
        memory = compiler.page(root / "assets" / "runtime" / "micropython", sources)
        module = memory and bundle.pack(webassembly.with_memory(_micropython(root), memory))
        return {"page.bin": module or page_as_it_is(root)}

    return _made(root, "page", sources, make, "page.bin")


def page_as_it_is(root: Path) -> bytes:
    """Return MicroPython with the texts of the page's own Python, in a section of its own."""
    return bundle.pack(webassembly.with_section(_micropython(root), PAGES_SECTION, bundle.page(root)))


def _micropython(root: Path) -> bytes:
    return (root / "assets" / "runtime" / "micropython" / "micropython.wasm").read_bytes()


def eager(root: Path, name: str) -> bytes:
    """Return one of the runtime's scripts with the hint that all of it is going to be used."""
    return HINT + (root / name).read_bytes()


def _made(root: Path, kind: str, sources: bytes, make: Callable[[], Mapping[str, bytes]], name: str) -> bytes:
    """Return a file of those that are made of some sources, made now or when one of them was last asked for."""
    key = hashlib.sha256(sources + _key(root).encode()).hexdigest()[:32]
    place = root / CACHE / f"{kind}-{key}"
    if not (place / name).is_file():
        for each, data in make().items():
            _keep(place / each, data)
    return (place / name).read_bytes()


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


def _make(runtime: Path) -> dict[str, bytes]:
    stdlib, rest = slim.stdlib((runtime / "python_stdlib.zip").read_bytes())
    numpy, rest_of_numpy = slim.numpy((runtime / slim.NUMPY).read_bytes())
    stdlib, numpy, rest_of_numpy = _compiled(runtime, (STDLIB, stdlib), (SITE, numpy), (REST, rest_of_numpy))
    libraries = {path: data for path, data in numpy.items() if path.endswith(".so")}
    return {
        "wasm.bin": bundle.pack((runtime / "pyodide.asm.wasm").read_bytes()),
        "loader.bin": bundle.pack((runtime / "pyodide.asm.mjs").read_bytes()),
        "libraries.bin": bundle.pack(bundle.whole(libraries)),
        "stdlib.bin": bundle.pack(bundle.whole(stdlib)),
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
    bundle.PAGE: page,
    **{path: functools.partial(ours, name=path.rpartition("/")[2]) for path in (bundle.NAME, PICTURE, START)},
    **{f"{FOLDER}/{name}": functools.partial(packed, name=name) for name in NAMES},
    **{name: functools.partial(eager, name=name) for name in EAGER},
}
"""Files that the page asks for and that are made of others: each path with what makes it from the root."""
AS_IT_IS = MADE | {
    bundle.NAME: bundle.bundle,
    bundle.PAGE: page_as_it_is,
    PICTURE: picture_as_it_is,
    START: lambda _root: bundle.pack(bundle.whole({})),
}
"""The same for a checkout that is being edited: our own Python as it is now, not compiled and in no picture."""
