"""What the build names and lists: a version never shares an address with another one's contents."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

import pytest

if sys.platform != "emscripten":
    from tools import places, shipped, site

# These read the checkout and the folder tools, of which Pyodide has nothing.
pytestmark = pytest.mark.native_only

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {
    "index.html": b"""<html lang="en"><head><link href="./assets/style.css"><link href="./manifest.json"></head>
<img srcset="./assets/posters/a.webp 1x, ./assets/posters/b.webp 2x">
<script src="./assets/runtime/core/core.js"></script>
<script config='{"interpreter": "./assets/runtime/mp/mp.mjs"}' src="./py/app/page.py"></script>./nothing</html>""",
    "404.html": b'<a href="./">back</a>',
    "sw.js": b"// \nconst files = {};\n",
    "manifest.json": b'{"start_url": "./", "icons": [{"src": "./assets/icon.svg"}]}',
    "pyscript.toml": b'interpreter = "./assets/start.mjs"\n"./py/paths.mjs" = "paths"\n',
    "embed.html": b"one figure",
    "embed/a.html": b'<script src="../assets/start.mjs"></script><a href="../#a">the article</a>',
    "assets/embed.js": b'posters = "./posters/"; `../embed/${name}.html`',
    "assets/start.mjs": b"""import { a } from "./runtime/py/py.mjs"; new URL("./runtime/py/", import.meta.url);
new URL("./made.zip", import.meta.url); fetch(`./made/${name}`);""",
    "assets/style.css": b'a { background: url("posters/a.webp") }',
    "assets/icon.svg": b"<svg/>",
    "assets/made.zip": b"PK",
    "assets/made/numpy.bin": b"numpy",
    "assets/preview.png": b"picture",
    "assets/posters/a.webp": b"A",
    "assets/posters/b.webp": b"B",
    "assets/fonts/OFL.txt": b"licence",
    "py/app/page.py": b'"./assets/style.css"',
    "py/paths.mjs": b"export const one = 1;",
    "assets/runtime/core/core.js": b'import "./more.js"',
    "assets/runtime/core/more.js": b"",
    "assets/runtime/mp/mp.mjs": b"",
    "assets/runtime/py/py.mjs": b"import(`${folder}py.asm.mjs`)",
    "assets/runtime/py/py.asm.mjs": b'stack.includes("py.asm.mjs")',
    "assets/runtime/pyodide/py.wasm": b"\0asm",
}
KEEP_THEIR_NAMES = {"index.html", "404.html", "sw.js", "manifest.json", "assets/preview.png"}
KEEP_THEIR_NAMES |= {"embed.html", "embed/a.html", "assets/embed.js"}


def edited(path, more=b"\n"):
    return SOURCES | {path: SOURCES[path] + more}


def folders(built):
    """The names of the folders that carry a version: the runtime's, that of what is made of it, and the article's."""
    found = {path.split("/")[0] for path in built if "/" in path} - {"assets", "embed"}
    assert len(found) == 3
    return {name.split("-")[0]: name for name in found}


def version(built):
    return re.search(r'data-version="(\w+)"', built["index.html"].decode())[1]


def listed(built):
    return {
        path: (digest, int(size), int(when))
        for path, digest, size, when in re.findall(r'"(\S+)": \["(\w+)", (\d+), (\d)\],', built["sw.js"].decode())
    }


def test_the_same_contents_have_the_same_names():
    assert site.finished(SOURCES) == site.finished(dict(reversed(SOURCES.items())))


@pytest.mark.parametrize("path", sorted(SOURCES))
def test_any_change_is_another_version_and_no_address_gets_other_contents(path):
    before, after = site.finished(SOURCES), site.finished(edited(path))
    assert version(before) != version(after)
    for place in before.keys() & after.keys() - KEEP_THEIR_NAMES:
        assert before[place] == after[place], place
    old, new = folders(before), folders(after)
    held = [name for name in ("runtime", "made") if path.startswith(f"assets/{name}/")]
    held = held or ([] if path in KEEP_THEIR_NAMES else ["article"])
    assert [name for name in old if old[name] != new[name] and name != "article"] == [n for n in held if n != "article"]
    # An article that names a runtime by its contents is another when that is another.
    assert (old["article"] != new["article"]) == bool(held)


def test_a_file_that_moves_or_goes_is_another_version():
    without = {path: data for path, data in SOURCES.items() if path != "assets/fonts/OFL.txt"}
    moved = without | {"assets/fonts/LICENCE.txt": b"licence"}
    assert len({version(site.finished(sources)) for sources in (SOURCES, without, moved)}) == 3


def test_addresses_lead_to_where_the_files_stand():
    built = site.finished(SOURCES)
    named = folders(built)
    article, runtime = named["article"], named["runtime"]
    page = built["index.html"].decode()
    assert f'<link href="./{article}/assets/style.css"><link href="./manifest.json">' in page
    assert f'srcset="./{article}/assets/posters/a.webp 1x, ./{article}/assets/posters/b.webp 2x"' in page
    assert f'src="./{runtime}/core/core.js"' in page
    assert f'{{"interpreter": "./{runtime}/mp/mp.js"}}' in page
    assert "./nothing</html>" in page
    start = built[f"{article}/assets/start.js"].decode()
    assert f'from "../../{runtime}/py/py.js"; new URL("../../{runtime}/py/", import.meta.url)' in start
    assert 'new URL("./made.zip"' in start
    assert f"fetch(`../../{named['made']}/${{name}}`)" in start
    assert built[f"{article}/pyscript.toml"] == b'interpreter = "./assets/start.js"\n"./py/paths.js" = "paths"\n'
    icon = json.loads(built["manifest.json"])
    assert icon == {"start_url": "./", "icons": [{"src": f"./{article}/assets/icon.svg"}]}
    assert f'src="../{article}/assets/start.js"' in built["embed/a.html"].decode()
    assert b'href="../#a"' in built["embed/a.html"]
    assert built["assets/embed.js"].decode() == f'posters = "../{article}/assets/posters/"; `../embed/${{name}}.html`'
    assert built[f"{article}/assets/style.css"] == SOURCES["assets/style.css"]


def test_no_script_has_a_name_that_hosts_do_not_know():
    built = site.finished(SOURCES)
    assert not [path for path in built if path.endswith(".mjs")]
    runtime = folders(built)["runtime"]
    assert built[f"{runtime}/py/py.js"] == b"import(`${folder}py.asm.js`)"
    assert built[f"{runtime}/py/py.asm.js"] == b'stack.includes("py.asm.js")'


def test_the_service_worker_is_told_each_file_with_its_contents_and_when_it_is_stored():
    built = site.finished(SOURCES)
    article, made, runtime = (folders(built)[name] for name in ("article", "made", "runtime"))
    found = listed(built)
    for path, (digest, size, _) in found.items():
        assert (digest, size) == (hashlib.sha256(built[path]).hexdigest(), len(built[path]))
    assert built.keys() - found.keys() == {"404.html", "sw.js", "assets/preview.png", f"{article}/assets/fonts/OFL.txt"}
    later = {path for path, (_, _, when) in found.items() if when == site.WITH_PYTHON}
    embeds = {"embed.html", "embed/a.html", "assets/embed.js"}
    assert later == {f"{runtime}/pyodide/py.wasm", f"{made}/numpy.bin"} | embeds
    assert {when for _, _, when in found.values()} == {site.AT_ONCE, site.WITH_PYTHON}
    with_the_article = {name for name in site.MADE if site.when(name) == site.AT_ONCE}
    assert with_the_article == {"assets/page.bin", *shipped.EAGER}
    assert {site.when(name) for name in site.MADE.keys() - with_the_article} == {site.WITH_PYTHON}


def test_without_an_address_the_page_names_none_and_with_one_all_that_need_it():
    bare, placed = site.finished(SOURCES), site.finished(SOURCES, "https://a.example/x?a&b")
    assert b"://" not in bare["index.html"]
    assert not {"sitemap.xml", "robots.txt"} & bare.keys()
    assert bare["404.html"] == SOURCES["404.html"]
    assert b"https://a.example/x?a&amp;b/" in placed["index.html"]
    assert b"a&amp;b" in placed["sitemap.xml"]
    assert version(bare) == version(placed)
    assert listed(bare).keys() == listed(placed).keys()


def test_a_whole_host_has_a_robots_txt_that_leads_to_the_sitemap():
    built = site.finished(SOURCES, "https://a.example/")
    assert built["robots.txt"].endswith(b"Sitemap: https://a.example/sitemap.xml\n")


@pytest.mark.parametrize("path", ["sw.js", "index.html"])
def test_a_mark_that_is_missing_is_a_named_problem(path):
    from tools.runtime import Problem

    with pytest.raises(Problem, match="must stand once"):
        site.finished(SOURCES | {path: b"nothing of the kind"})


def test_a_checkout_has_no_list_and_no_version():
    assert site.LIST in (ROOT / "sw.js").read_text("utf-8")
    assert "data-version" not in (ROOT / "index.html").read_text("utf-8")


def test_the_icons_that_the_page_and_the_manifest_name_have_the_sizes_they_tell():
    manifest = json.loads((ROOT / "manifest.json").read_text("utf-8"))
    page = (ROOT / "index.html").read_text("utf-8")
    told = {icon["src"]: icon["sizes"] for icon in manifest["icons"]}
    told |= dict(re.findall(r'href="(\./assets/icons/\S+)" sizes="(\S+)"', page))
    told |= {"./assets/icons/apple-touch-icon.png": "180x180", "./assets/preview.png": "1200x630"}
    del told["./assets/icon.svg"]
    assert len(told) == 6
    for path, size in told.items():
        data = (ROOT / path).read_bytes()
        assert f"{int.from_bytes(data[16:20])}x{int.from_bytes(data[20:24])}" == size, path
    assert {"any", "maskable"} == {icon.get("purpose", "any") for icon in manifest["icons"]}
    assert places.stays("assets/preview.png")
