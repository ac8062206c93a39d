"""What is written down twice is the same twice, and imports go one way."""

from __future__ import annotations

import ast
import gzip
import hashlib
import io
import json
import re
import sys
import zipfile
from pathlib import Path

import pytest

from figures import FIGURES, NAMES
from scene.colours import THEMES
from scene.marks import Handles
from scene.relief import Relief

# These read the checkout itself (the page, its style, its posters), of which Pyodide has only py/ and the tests.
pytestmark = pytest.mark.native_only

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("unfold", "scene", "figures", "render", "app")
COMPILED = ROOT / "py" / "unfold" / "kernel.py"
"""Runs WebAssembly, by the browser or by wasmtime; where neither is, numpy does the work."""
BROWSER_ONLY = {"js", "pyodide", "pyscript", "polyscript", "jsffi"}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_go_one_way(layer):
    later = set(LAYERS[LAYERS.index(layer) + 1 :])
    for path in (ROOT / "py" / layer).rglob("*.py"):
        assert not set(imports(path)) & later, path


@pytest.mark.parametrize(("layer", "allowed"), [("unfold", {"numpy"}), ("scene", {"numpy"}), ("figures", {"numpy"})])
def test_the_mathematics_and_the_figures_need_numpy_alone(layer, allowed):
    for path in set((ROOT / "py" / layer).rglob("*.py")) - {COMPILED}:
        outside = set(imports(path)) - set(sys.stdlib_module_names) - set(LAYERS)
        assert outside <= allowed, path


def test_only_the_renderer_and_the_app_touch_the_browser():
    for layer in ("unfold", "scene", "figures"):
        for path in set((ROOT / "py" / layer).rglob("*.py")) - {COMPILED}:
            assert not set(imports(path)) & BROWSER_ONLY, path


def test_the_worker_is_given_every_file_it_may_import():
    from tools import bundle

    with zipfile.ZipFile(io.BytesIO(gzip.decompress(bundle.bundle(ROOT)))) as archive:
        given = {name: archive.read(name) for name in archive.namelist()}
    not_there = {"app/worker.py", "render/mpl.py"}  # the script itself, the posters'
    not_there |= {f"app/{name}.py" for name in bundle.THE_PAGES}
    paths = {path.relative_to(ROOT / "py").as_posix() for path in (ROOT / "py").rglob("*.py")} - not_there
    names = json.loads(given.pop(bundle.MODULES))
    assert set(given) == paths | {"unfold/kernel.wasm"}
    assert {"statistics", "asyncio.events"} <= set(names["stdlib"])
    assert {"email.message", "numpy.fft", "encodings.cp1252"} <= set(names["rest"])
    assert all(data == (ROOT / "py" / path).read_bytes() for path, data in given.items())
    assert bundle.bundle(ROOT) == bundle.bundle(ROOT)


def test_the_figures_in_the_pages_are_what_their_modules_declare():
    from tools import markup

    for path, write in markup.WRITTEN.items():
        page = path.read_text("utf-8")
        assert page == write(page), f"{path.name}: run python3 dev.py page"


def test_a_figures_own_page_is_the_figure_as_the_article_has_it_and_runs_as_the_article_does():
    from tools import embeds

    article = (ROOT / "index.html").read_text("utf-8")
    assert list(embeds.MADE) == [f"embed/{name}.html" for name in NAMES]
    for name in NAMES:
        page = embeds.page(ROOT, name).decode()
        figure = re.search(rf"<!-- figure:{name} -->\n(.*?)<!-- /figure", article, re.DOTALL)[1]
        usable = figure.replace('<div class="controls" inert>', '<div class="controls">')
        assert usable.replace("./assets/", "../assets/") in page
        assert page.count("<figure") == 1
        assert embeds.deeper(article.partition("<!-- runtime -->")[2].partition("<!-- /runtime -->")[0]) in page
        assert f"<title>{FIGURES[name].QUESTION} – Unfold</title>" in page
        assert not re.search(r'["\s]\./', page), "an address that is meant from the folder above"


def test_the_small_posters_show_what_the_others_do_and_with_the_script_weigh_at_most_15_kb():
    from tools import posters

    written = json.loads(posters.SMALL_INDEX.read_text("utf-8"))
    assert written == posters.sources(), "run: python3 dev.py posters"
    script = (ROOT / "assets" / "embed.js").stat().st_size + 40  # in the site its posters' address is longer
    for name in written:
        data = (posters.SMALL / f"{name}.webp").read_bytes()
        assert data[8:12] == b"WEBP"
        assert script + len(data) <= 15_000


def test_the_style_sheet_has_the_palette_of_the_pictures():
    style = (ROOT / "assets" / "style.css").read_text("utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]
    for theme, block in (("light", light), ("dark", dark)):
        tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        assert tokens == dict(THEMES[theme])


def test_the_posters_show_the_figures_as_they_open():
    from tools import posters

    written = json.loads((ROOT / "assets" / "posters" / "posters.json").read_text("utf-8"))
    assert written == posters.fingerprints(), "run: python3 dev.py posters"
    for name in written:
        for theme in THEMES:
            data = (ROOT / "assets" / "posters" / f"{name}-{theme}.webp").read_bytes()
            assert data[8:12] == b"WEBP"


def test_the_locks_name_no_registry_address():
    for name in ("requirements.lock", "assets/runtime.lock.json"):
        assert "://" not in (ROOT / name).read_text("utf-8")


def test_the_runtime_lock_holds_whole_hashes():
    lock = json.loads((ROOT / "assets" / "runtime.lock.json").read_text("utf-8"))
    for entry in lock["files"]:
        assert len(bytes.fromhex(entry["sha256"])) == hashlib.sha256().digest_size
        assert entry["part"] in lock["parts"]
    assert sum(entry["size"] for entry in lock["files"]) < 17.7e6


def test_the_loader_knows_the_pyodide_that_it_loads():
    from tools import shipped, slim

    source = (ROOT / "assets" / "interpreter.mjs").read_text("utf-8")
    lock = json.loads((ROOT / "assets" / "runtime.lock.json").read_text("utf-8"))
    pyodide = json.loads((ROOT / "assets" / "runtime" / "pyodide" / "pyodide-lock.json").read_text("utf-8"))
    assert re.search(r'version = "(.+?)"', source)[1] == lock["parts"]["pyodide"]["version"]
    assert dict(re.findall(r'(\w+): "(.+?)"', re.search(r"BUILD = \{(.+?)\}", source)[1])) == pyodide["info"]
    source += (ROOT / "assets" / "micropython.mjs").read_text("utf-8")
    made = {f"./made/{name}" for name in shipped.NAMES if name.endswith(".bin")}
    assert set(re.findall(r"[./\w]+\.bin", source)) == made | {
        "./page.bin",
        "./python.bin",
        "./picture.bin",
        "./start.bin",
    }
    begins = json.loads(re.search(r'WRITES = (".+?");', source)[1])
    assert begins == "import os as _os\nfrom pathlib import Path as _Path\n_path = None\n"
    pyscript = (ROOT / shipped.PYSCRIPT).read_text("utf-8")
    assert f"[{','.join(json.dumps(line) for line in begins.split(chr(10))[:-1])}]" in pyscript
    assert pyodide["packages"]["numpy"]["file_name"] == slim.NUMPY


def test_the_compiled_kernel_is_what_its_source_compiles_to(tmp_path):
    from tools.kernel import RESULT, compile_to

    compile_to(tmp_path / "kernel.wasm")
    assert (tmp_path / "kernel.wasm").read_bytes() == RESULT.read_bytes(), "run: python3 dev.py kernel"


def test_the_mathematics_can_be_read_in_one_sitting():
    sizes = {path.name: lines(path) for path in (ROOT / "py" / "unfold").glob("*.py")}
    assert sum(sizes.values()) <= 1500
    assert sizes["network.py"] + sizes["backprop.py"] <= 300


def test_a_figure_is_one_file_of_at_most_120_lines():
    for name in NAMES:
        path = ROOT / "py" / "figures" / f"{name.replace('-', '_')}.py"
        assert lines(path) <= 120, name


def lines(path):
    """How many lines a module has, without blank ones and docstrings."""
    text = path.read_text("utf-8")
    docstrings = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            docstrings |= set(range(node.lineno, node.end_lineno + 1))
    return sum(bool(line.strip()) for number, line in enumerate(text.splitlines(), 1) if number not in docstrings)


def test_every_picture_with_something_to_take_hold_of_follows_the_pointer():
    for figure, name in pictures_with(Handles):
        assert name in figure.POINTED, figure.NAME


def test_every_picture_with_a_relief_has_a_canvas_for_it():
    for figure, name in pictures_with(Relief):
        assert name in figure.RELIEFS, figure.NAME


def pictures_with(kind):
    """Each figure and picture that opens with a mark of this kind."""
    for figure in FIGURES.values():
        for name, view in figure.scene(figure.start()).items():
            if any(isinstance(mark, kind) for mark in view.marks):
                yield figure, name


def test_every_number_that_is_allowed_can_be_typed_on_a_phone():
    from figures import FIGURES
    from figures.controls import Range
    from tools import markup

    for figure in FIGURES.values():
        for control in figure.CONTROLS:
            if isinstance(control, Range) and control.typed:
                keys = re.findall(r'inputmode="(\w+)"', markup.control_html(figure, control))
                # A short keyboard has digits, one with decimals a point too; only the long one has a minus sign.
                assert keys == ([] if control.low < 0 else ["numeric" if control.whole else "decimal"]), control.name
