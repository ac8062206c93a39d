"""Parts numpy and the standard library in what every start needs and the rest, which is fetched when it is imported.

Nothing that a reader may import is lost: `py/app/rest.py` brings the rest at the first import of any of it. What
goes for good is what nobody imports: numpy's tests, headers, libraries for linking and type stubs.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

NUMPY = "numpy-2.4.3-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
RARE_NAMES = """
    __hello__ __phello__ _ios_support _apple_support _android_support _aix_support _pydatetime _pyio _pylong
    _pydecimal _pyrepl _osx_support _py_abc antigravity argparse bdb cProfile cmd compileall configparser
    difflib doctest email ensurepip filecmp fileinput ftplib getopt getpass gettext http imaplib lib2to3 mailbox
    mimetypes modulefinder multiprocessing netrc nturl2path optparse pdb pickletools pkgutil plistlib poplib profile
    pstats pty py_compile pyclbr pydoc pydoc_data quopri rlcompleter runpy sched shelve smtplib socketserver sqlite3
    stringprep symtable tabnanny tarfile this tkinter tomllib trace tracemalloc tty turtle turtledemo unittest uuid
    venv wave webbrowser wsgiref xml xmlrpc zipapp zoneinfo
"""
RARE = frozenset(RARE_NAMES.split())
"""Modules and packages of the standard library that neither the start nor a figure imports."""
COMMON_CODECS = """
    __init__ aliases ascii base64_codec cp437 hex_codec latin_1 raw_unicode_escape unicode_escape
    utf_16 utf_16_be utf_16_le utf_32 utf_8 utf_8_sig
"""
CODECS = frozenset(COMMON_CODECS.split())
"""Of the encodings, those that are not rare."""
RARE_NUMPY = (
    "f2py/", "ma/", "fft/", "polynomial/", "testing/", "ctypeslib/", "core/", "doc/", "matlib.py",
    "linalg/lapack_lite.", "lib/recfunctions.py", "lib/user_array.py", "lib/_user_array_impl.py",
)  # fmt: skip
USELESS = (".pyi", ".pxd", ".h", ".a", ".c", ".pyf", ".typed", ".ini", ".pkl", ".npz", ".csv", ".f", ".f90", ".txt")
TESTS = (
    "tests/",
    "_pyinstaller/",
    "_examples/",
    "pkgconfig/",
    "include/",
    "_tests.cpython",
    "conftest.py",
    "_simd.cpython",
    "_configtool.py",
)
DOCUMENTATION = ("numpy/_core/_add_newdocs.py", "numpy/_core/_add_newdocs_scalars.py")
"""Modules that only set docstrings, which bytecode does without: compiled, they are empty."""
Files = dict[str, bytes]


def stdlib(archive: bytes) -> tuple[Files, Files]:
    """Return the standard library's files, by their paths: what is for every start, and the rest."""
    common, rest = {}, {}
    for path, data in members(archive).items():
        top, _, inner = path.partition("/")
        rare = top.removesuffix(".py") in RARE or (top == "encodings" and inner.removesuffix(".py") not in CODECS)
        (rest if rare else common)[path] = data
    return common, rest


def numpy(wheel: bytes) -> tuple[Files, Files]:
    """Return numpy's files, by their paths: what is for every start, and the rest. Of its papers three stay."""
    common, rest = {}, {}
    for path, data in members(wheel).items():
        top, _, inner = path.partition("/")
        if top == "numpy" and not inner.endswith(USELESS) and not any(part in inner for part in TESTS):
            (rest if inner.startswith(RARE_NUMPY) else common)[path] = data
        elif inner in ("METADATA", "WHEEL", "licenses/LICENSE.txt"):
            common[path] = data
    return common, rest


def modules(files: Mapping[str, bytes]) -> list[str]:
    """Return the names of the Python modules among files, compiled extensions too."""
    return sorted({name for path in files if (name := module(path))})


def module(path: str) -> str:
    """Return the name of the Python module in a file, a compiled one too; empty if there is none."""
    stem, _, kind = path.partition(".")
    return stem.removesuffix("/__init__").replace("/", ".") if kind in ("py", "pyc") or kind.endswith(".so") else ""


def split(runtime: Path) -> dict[str, Files]:
    """Return the common part of the standard library, numpy's, and the rest of both, each with its name."""
    common, rest = stdlib((runtime / "python_stdlib.zip").read_bytes())
    common_numpy, rest_of_numpy = numpy((runtime / NUMPY).read_bytes())
    return {"stdlib": common, "numpy": common_numpy, "rest": rest | rest_of_numpy}


def members(archive: bytes) -> Files:
    """Return the files of an archive, by their paths."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {entry.filename: opened.read(entry) for entry in opened.infolist() if not entry.is_dir()}
