"""The runtime is taken apart with nothing lost that a reader may import, and packed the same way every time."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import struct
import sys
import types
import zipfile
from importlib.machinery import PathFinder
from pathlib import Path

import pytest

if sys.platform != "emscripten":
    from tools import bundle, compiler, shipped, slim, webassembly

# These take the fetched runtime apart, by the tools: Pyodide has neither.
pytestmark = pytest.mark.native_only

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ROOT / "assets" / "runtime" / "pyodide"
USED = """asyncio asyncio.events csv dataclasses encodings.utf_8 fractions json numbers typing urllib.parse
pyodide.ffi _pyodide._base statistics"""


@pytest.fixture(scope="module")
def library():
    return slim.stdlib((RUNTIME / "python_stdlib.zip").read_bytes())


@pytest.fixture(scope="module")
def numpy():
    return slim.numpy((RUNTIME / slim.NUMPY).read_bytes())


def with_runtime(root):
    """Give an empty folder the runtime, and return it."""
    (root / "assets").mkdir()
    (root / "assets" / "runtime").symlink_to(ROOT / "assets" / "runtime")
    (root / "assets" / "runtime.lock.json").write_bytes((ROOT / "assets" / "runtime.lock.json").read_bytes())
    return root


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """All files made of the runtime, where there is no browser, and where they were made."""
    root = with_runtime(tmp_path_factory.mktemp("root"))
    (root / "py").symlink_to(ROOT / "py")
    patch = pytest.MonkeyPatch()
    patch.setenv("UNFOLD_CHROMIUM", "")
    yield root, {name: shipped.packed(root, name) for name in shipped.NAMES}
    patch.undo()


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def test_of_the_standard_library_nothing_is_lost(library):
    common, rest = library
    assert common | rest == members(RUNTIME / "python_stdlib.zip")
    assert not set(common) & set(rest)


def test_of_numpy_only_tests_and_what_is_no_python_are_lost(numpy):
    common, rest = numpy
    whole = members(RUNTIME / slim.NUMPY)
    assert not set(common) & set(rest)
    assert all(whole[path] == data for path, data in (common | rest).items())
    lost = [path for path in set(whole) - set(common) - set(rest) if path.endswith((".py", ".so"))]
    assert all(any(part in path for part in slim.TESTS) for path in lost)
    assert {"numpy.random.mtrand", "numpy.linalg", "numpy.typing"} <= set(slim.modules(common))
    assert {"numpy.fft", "numpy.ma", "numpy.polynomial", "numpy.testing"} <= set(slim.modules(rest))


def test_what_every_start_imports_is_at_hand(library):
    names = set(slim.modules(library[0]))
    assert set(USED.split()) <= names
    started = [line.split()[1] for line in compiler.START.splitlines() if line.startswith("import")]
    assert started
    wanted = {name for line in compiler.START.splitlines() for name in line.removeprefix("import ").split(", ")}
    wanted -= {"numpy"}
    assert {name for name in wanted if name.isidentifier() and name != "gc"} <= names


def test_a_module_is_named_as_it_is_imported():
    files = {"a/__init__.py": b"", "a/b.py": b"", "c.cpython-314-wasm32-emscripten.so": b"", "a/data.txt": b""}
    assert slim.modules(files | {"a/d.pyc": b""}) == ["a", "a.b", "a.d", "c"]


def test_without_a_browser_the_page_gets_sources_and_no_picture(made):
    root, files = made
    assert gzip.decompress(shipped.ours(root, "picture.bin")) == gzip.decompress(shipped.picture_as_it_is(root)) == b""
    assert shipped.ours(root, "python.bin") == bundle.bundle(ROOT)
    assert shipped.ours(root, "start.bin") == shipped.AS_IT_IS[shipped.START](root)
    assert gzip.decompress(files["wasm.bin"]) == (RUNTIME / "pyodide.asm.wasm").read_bytes()
    assert gzip.decompress(files["loader.bin"]) == (RUNTIME / "pyodide.asm.mjs").read_bytes()
    with zipfile.ZipFile(io.BytesIO(gzip.decompress(files["stdlib.bin"]))) as archive:
        assert archive.read("typing.py") == members(RUNTIME / "python_stdlib.zip")["typing.py"]
        assert archive.getinfo("typing.py").compress_type == zipfile.ZIP_STORED  # packed once, as a whole


def test_without_a_browser_the_pages_own_python_comes_as_texts(tmp_path, monkeypatch):
    monkeypatch.setenv("UNFOLD_CHROMIUM", "")
    root = with_runtime(tmp_path)
    (root / "py").symlink_to(ROOT / "py")
    assert shipped.page(root) == shipped.page_as_it_is(ROOT)
    module = gzip.decompress(shipped.page(root))
    assert module.startswith((RUNTIME.parent / "micropython" / "micropython.wasm").read_bytes())
    *_, (kind, section) = webassembly.sections(module)
    assert (kind, section[1:5]) == (webassembly.CUSTOM, shipped.PAGES_SECTION.encode())
    texts = json.loads(section[5:])
    assert texts["page"] == (ROOT / "py" / "app" / "page.py").read_text("utf-8")
    assert set(texts) == {*bundle.THE_PAGES, "messages"}


def test_numpys_own_webassembly_stands_apart_from_its_python(made, numpy):
    def names(file):
        return list(slim.members(gzip.decompress(made[1][file])))

    assert names("libraries.bin") == sorted(path for path in numpy[0] if path.endswith(".so")), "the picture's order"
    assert sorted(names("libraries.bin") + names("numpy.bin")) == sorted(numpy[0])


def test_what_is_made_is_kept_and_made_anew_when_its_makers_change(made, monkeypatch):
    root, files = made
    monkeypatch.setenv("UNFOLD_CHROMIUM", "")
    monkeypatch.setattr(shipped, "_make", lambda runtime: dict.fromkeys(shipped.NAMES, b"again"))
    assert shipped.packed(root, "wasm.bin") == files["wasm.bin"]
    (before,) = (root / shipped.CACHE).glob("runtime-*")
    monkeypatch.setattr(shipped, "_key", lambda root: "other")
    assert shipped.packed(root, "wasm.bin") == b"again"
    (after,) = (root / shipped.CACHE).glob("runtime-*")
    assert after != before, "what is old is removed"


@pytest.fixture
def compiled_of(monkeypatch):
    """Have all sources compiled to the same; what was compiled, by its place."""
    seen = {}
    monkeypatch.setattr(
        compiler, "bytecode", lambda runtime, sources: seen.update(sources) or dict.fromkeys(sources, b"c")
    )
    return seen


def test_the_documentation_that_bytecode_does_without_is_compiled_empty(compiled_of):
    files = {slim.DOCUMENTATION[0]: b"words", "numpy/a.py": b"a = 1", "numpy/b.so": b"so"}
    (compiled,) = shipped._compiled(RUNTIME, (shipped.SITE, files))
    assert compiled_of == {shipped.SITE + slim.DOCUMENTATION[0]: b"", f"{shipped.SITE}numpy/a.py": b"a = 1"}
    assert compiled == {f"{slim.DOCUMENTATION[0]}c": b"c", "numpy/a.pyc": b"c", "numpy/b.so": b"so"}


def test_only_the_pages_of_a_picture_that_are_not_empty_are_sent():
    page = shipped.PAGE
    data = bytes(page) + b"x" * page + bytes(2 * page) + b"end"
    sent = shipped.pages(data)
    assert struct.unpack("<4I", sent[:16]) == (len(data), 2, 1, 4)
    assert sent[16:] == b"x" * page + b"end".ljust(page, b"\0")
    loader = (ROOT / "assets" / "interpreter.mjs").read_text("utf-8")
    assert f"PAGE = 1 << {page.bit_length() - 1};" in loader


@pytest.mark.parametrize("pictured", [("app.rest", "figures", "numpy"), ()])
def test_what_of_ours_is_in_the_picture_stands_apart_from_the_rest(tmp_path, compiled_of, monkeypatch, pictured):
    root = with_runtime(tmp_path)
    (root / "py").symlink_to(ROOT / "py")
    given = {}

    def picture(runtime, stdlib, files, imports):
        given.update(files)
        return (list(pictured), b"memory") if pictured else None

    monkeypatch.setattr(compiler, "picture", picture)
    files = {name: shipped.ours(root, f"{name}.bin") for name in ("python", "start", "picture")}
    start, rest = (set(slim.members(gzip.decompress(files[name]))) for name in ("start", "python"))
    assert start == ({"app/rest.pyc", "figures/__init__.pyc"} if pictured else set())
    assert start | rest == {path + "c" * path.endswith(".py") for path in bundle.read(root)}
    assert not start & rest
    assert {f"home/pyodide/{path}" for path in start | rest} <= set(given), "it is made with the files that are sent"
    assert (gzip.decompress(files["picture"]) != b"") == bool(pictured)


def test_the_same_files_are_packed_to_the_same_bytes():
    files = {"b": b"2", "a": b"1"}
    assert bundle.whole(files) == bundle.whole(dict(reversed(files.items())))
    assert bundle.archive(files) == bundle.archive(dict(reversed(files.items())))
    assert bundle.pack(b"data") == bundle.pack(b"data")


def test_what_is_packed_is_no_larger_than_by_pythons_own_means_and_has_no_date():
    data = (ROOT / "index.html").read_bytes()
    packed = bundle.pack(data)
    assert gzip.decompress(packed) == data
    assert packed[4:8] == bytes(4)
    assert len(packed) <= len(gzip.compress(data, 9))


def test_a_browser_that_fails_is_told_of_and_done_without(monkeypatch, capsys):
    monkeypatch.setenv("UNFOLD_CHROMIUM", sys.executable)  # it takes none of a browser's options, and ends
    assert compiler.bytecode(RUNTIME, {"a.py": b"a = 1"}) is None
    assert "Chromium could not compile: it ended at once. The page will start from sources." in capsys.readouterr().out
    monkeypatch.setenv("UNFOLD_CHROMIUM", "/nowhere/chromium")
    assert compiler.picture(RUNTIME, b"", {}, "") is None
    assert "Chromium could not picture" in capsys.readouterr().out
    assert compiler.page(RUNTIME.parent / "micropython", b"{}") is None
    assert "Chromium could not picture the page" in capsys.readouterr().out


class Fetching:
    """A finder whose site is three archives here; it counts what is asked for."""

    def __new__(cls, monkeypatch, folder, stdlib, rest, numpy=None):
        from app import rest as module

        monkeypatch.setattr(module, "STDLIB", folder / "stdlib.zip")
        monkeypatch.setattr(module, "FOLDER", folder / "rest")
        monkeypatch.setattr(module, "SITE", folder)
        asked = []
        library = bundle.whole(stdlib)
        packed = gzip.compress(bundle.whole(numpy or {}))
        files = {"stdlib.bin": gzip.compress(library), "numpy.bin": packed, "rest.zip": bundle.archive(rest)}
        finder = object.__new__(module.Finder)
        finder.address, finder.stdlib_hash = "", hashlib.sha256(library).hexdigest()
        finder.stdlib, finder.rest = set(slim.modules(stdlib)), set(slim.modules(rest))
        finder.numpy = set(slim.modules(numpy or {}))
        finder.fetch = lambda name: asked.append(name) or files[name]
        return finder, asked, files


def test_the_rest_is_fetched_once_when_one_of_it_is_imported(monkeypatch, tmp_path):
    rest = {"far/__init__.py": b"x = 1", "far/away.py": b"y = 2", "near/extra.py": b"z = 3"}
    finder, asked, _ = Fetching(monkeypatch, tmp_path, {"common.py": b""}, rest)
    assert finder.find_spec("json") is None
    assert asked == []
    for name in ("far", "far.away", "near.extra"):
        spec = finder.find_spec(name, ["/elsewhere"])
        assert spec.name == name
        assert Path(spec.origin).read_bytes() in rest.values()
    assert asked == ["rest.zip"]


def test_a_start_from_a_picture_fetches_its_own_standard_library_and_no_other(monkeypatch, tmp_path):
    finder, asked, files = Fetching(monkeypatch, tmp_path, {"common.py": b"x = 1"}, {})
    assert finder.find_spec("common") is None  # Python finds it by itself, now that it is there
    assert finder.find_spec("common") is None
    assert asked == ["stdlib.bin"]
    with zipfile.ZipFile(tmp_path / "stdlib.zip") as archive:
        assert archive.read("common.py") == b"x = 1"
    finder, asked, files = Fetching(monkeypatch, tmp_path, {"common.py": b"x = 1"}, {})
    files["stdlib.bin"] = gzip.compress(bundle.whole({"common.py": b"x = 2"}))
    for _ in range(2):
        with pytest.raises(ImportError, match="has changed since it was loaded"):
            finder.find_spec("common")
    assert asked == ["stdlib.bin"] * 2, "what failed is tried again"


def test_what_the_picture_holds_of_numpy_finds_the_rest_of_its_package(monkeypatch, tmp_path):
    numpy = {"held/__init__.py": b"", "held/late.py": b"x = 1"}
    finder, asked, _ = Fetching(monkeypatch, tmp_path, {}, {}, numpy)
    package = types.ModuleType("held")
    package.__path__ = [str(tmp_path / "held")]
    monkeypatch.setitem(sys.modules, "held", package)
    assert PathFinder.find_spec("held.late", package.__path__) is None  # and Python remembers that nothing is there
    for _ in range(2):
        assert finder.find_spec("held.late", package.__path__) is None
        assert PathFinder.find_spec("held.late", package.__path__).origin == str(tmp_path / "held" / "late.py")
    assert asked == ["numpy.bin"]
