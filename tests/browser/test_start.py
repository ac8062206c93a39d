"""How Python starts: from a picture of its memory where there is one, and without it where that fails."""

from __future__ import annotations

import ast
import gzip
import hashlib
import json
import re

import numpy as np
import pytest

from tests.browser.conftest import EPOCH_IS, READY, until
from tools import bundle, compiler, shipped, slim, webassembly
from tools.runtime import ROOT

PACKED = re.compile(r"/((?!page)\w+\.(?:bin|zip))$")
"""A file that the site's builder has made for Python, in an address."""
STARTS_WITH = ["libraries.bin", "loader.bin", "picture.bin", "python.bin", "wasm.bin"]
MICROPYTHON = ROOT / "assets" / "runtime" / "micropython"

LOAD = """async (code) => {
  const [article] = (await (await fetch("./")).text()).match(/article-\\w+/);
  const source = `
    const { loadPyodide } = await import("${new URL(`${article}/assets/interpreter.js`, location.href).href}");
    const python = await loadPyodide({});
    postMessage(await python.runPythonAsync(${JSON.stringify(code)}));`;
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" });
  return await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => { if (!String(data).includes('"kind"')) resolve(data); };
    worker.onerror = ({ message }) => reject(new Error(message));
  });
}"""
RARE = """
import sys
import email.message, numpy.fft, numpy.lib.user_array, numpy.rec, statistics, tarfile, encodings.cp1252
import numpy as np
found = [statistics.mean([1, 2, 6]), np.fft.fft([1, 0]).real.tolist(), "£".encode("cp1252").hex()]
str([*found, np.ma.array([3]).sum().item()])
"""


@pytest.fixture
def asked(site, chromium, request):
    """Open an empty page of the site: it, and the names of the made files it has asked for."""
    context = chromium.new_context(user_agent=getattr(request, "param", None))
    names = []
    context.on("request", lambda request: names.extend(PACKED.findall(request.url)))
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.route("**/empty.html", lambda route: route.fulfill(body="<!doctype html><title>Empty</title>"))
    page.goto(site + "empty.html")
    yield page, names
    context.close()


def test_the_article_starts_from_the_picture_and_needs_neither_library_nor_rest(visit):
    page = visit(wait=False)
    names = []
    page.on("request", lambda request: names.extend(PACKED.findall(request.url)))
    page.wait_for_function(READY)
    assert sorted(set(names)) == STARTS_WITH


def test_what_moves_while_python_comes_takes_nothing_of_the_main_thread(visit):
    page = visit("#training", wait=False, held="**/worker.js")
    page.wait_for_selector("figure[data-state=loading]", state="attached")
    moved = page.evaluate("""() => document.getAnimations().map(({ effect }) => effect)
      .filter((effect) => effect.getTiming().duration).flatMap((effect) => effect.getKeyframes())
      .flatMap((frame) => Object.keys(frame)).filter((name) => !/offset|easing|composite/i.test(name))""")
    assert set(moved) == {"translate"}


def test_who_has_python_at_once_sees_no_bar_and_who_waits_does(visit):
    page = visit("#training", wait=False, held="**/wasm.bin")
    page.wait_for_selector("#training[data-state=loading]")
    bar = page.locator("#training .download")
    waits = bar.evaluate("bar => bar.getAnimations().map(({ effect }) => effect.getTiming().delay)")
    assert min(waits) >= 1000
    bar.wait_for(state="visible")


def test_pyscript_takes_over_the_worker_that_was_there_before_it(visit):
    (worker,) = visit().workers
    assert worker.url.endswith("/worker.js")


STATES_THEN = """const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(...settings) {
      const figures = [...document.querySelectorAll("figure.unfold")];
      globalThis.then ??= Object.fromEntries(figures.map(({ id, dataset }) => [id, dataset.state]));
      super(...settings);
    }
  };"""
"""Notes the state of every figure when the first worker is started."""


@pytest.mark.parametrize("where", ["gate", "training?hidden=3"])
def test_the_controls_in_view_are_alive_before_anything_of_the_worker_is_asked_for(site, chromium, where):
    context = chromium.new_context(service_workers="block")
    context.add_init_script(STATES_THEN)
    page = context.new_page()
    page.goto(f"{site}#{where}" if "?" in where else site)
    then = page.wait_for_function("() => globalThis.then").json_value()
    name = where.partition("?")[0]
    assert [each for each, state in then.items() if state == "loading"] == [name]
    assert {state for each, state in then.items() if each != name} == {"poster"}
    if "?" in where:
        page.wait_for_function("() => document.querySelector('#training').getBoundingClientRect().top < innerHeight")
        assert page.input_value("#training [name=hidden]") == "3"
    context.close()


def pyscript_has_its_worker(page):
    page.wait_for_function("() => document.querySelector('py-script')?.xworker")


def python_has_all_it_asks_for(page):
    page.wait_for_event("requestfinished", lambda request: request.url.endswith("/python.bin"))


@pytest.mark.parametrize(
    ("held", "until"), [("loader.bin", pyscript_has_its_worker), ("core.js", python_has_all_it_asks_for)]
)
def test_it_does_not_matter_which_is_there_first(site, chromium, held, until):
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.set_default_timeout(60_000)
    routes = []
    page.route(f"**/{held}", lambda route: routes.append(route))
    page.goto(site, wait_until="commit")
    until(page)
    while not routes:  # it may not have been asked for yet
        page.wait_for_timeout(20)
    for route in routes:
        route.continue_()
    page.wait_for_function(READY)
    context.close()


def test_without_a_worker_of_ours_pyscript_starts_its_own(site, chromium):
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.set_default_timeout(60_000)
    held = []
    page.route("**/assets/worker.js", lambda route: held.append(route))
    page.goto(site)
    # That there is none may be known late: PyScript's own code has come long before.
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/core.js'))"
    )
    page.wait_for_selector("#loss-curves[data-state=loading]", state="attached")
    held[0].abort()
    page.wait_for_function(READY)
    (worker,) = page.workers
    assert worker.url.startswith("blob:")
    context.close()


def test_the_same_files_give_the_same_picture():
    made = gzip.decompress(shipped.ours(ROOT, "picture.bin"))
    modules = slim.members(gzip.decompress(shipped.ours(ROOT, "python.bin")))
    modules |= slim.members(gzip.decompress(shipped.ours(ROOT, "start.bin")))
    _, again = shipped._pictured(ROOT, modules, compiler.START + compiler.OURS)
    assert gzip.decompress(again) == made


def test_the_same_texts_give_the_same_page():
    module, texts = gzip.decompress(shipped.page(ROOT)), bundle.page(ROOT)
    again = compiler.page(MICROPYTHON, texts)
    assert webassembly.with_memory((MICROPYTHON / "micropython.wasm").read_bytes(), again) == module


def test_a_module_of_the_page_asks_for_nothing_as_it_is_imported(capsys):
    texts = json.loads(bundle.page(ROOT))
    texts["here"] += "\narrive()\n"
    assert compiler.page(MICROPYTHON, json.dumps(texts).encode()) is None
    assert "Chromium could not picture the page" in capsys.readouterr().out


def test_the_page_begins_from_texts_as_it_does_from_its_picture(visit):
    page = visit(wait=False, held="**/page.bin")
    page.unroute("**/page.bin")
    page.route("**/page.bin", lambda route: route.fulfill(body=shipped.page_as_it_is(ROOT)))
    page.reload()
    page.wait_for_function(READY)
    page.click("#training [name=step]")
    until(page, EPOCH_IS, 1)


def test_what_is_rarely_imported_comes_when_it_is(asked):
    page, names = asked
    assert page.evaluate(LOAD, RARE) == "[3, [1.0, 1.0], 'a3', 3]"
    rare = ["numpy.bin", "rest.zip", "stdlib.bin"]
    assert sorted(set(names)) == sorted([*STARTS_WITH, *rare])
    assert len(names) == len(set(names))


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize("asked", [IPHONE], indirect=True)
def test_an_iphone_has_no_function_to_call_others_by_and_starts_from_the_picture_too(asked):
    page, names = asked
    assert page.evaluate(LOAD, "import numpy as np; str(np.ones(2) @ np.ones(2))") == "2.0"
    assert "stdlib.bin" not in names


DRAWN = "import random, numpy as np; str([random.random(), np.random.rand(), float(np.random.default_rng(7).random())])"


def test_no_two_readers_draw_the_same_numbers_unless_they_ask_to(asked):
    page, _ = asked
    drawn, again = (ast.literal_eval(page.evaluate(LOAD, DRAWN)) for _ in range(2))
    assert drawn[2] == again[2] == np.random.default_rng(7).random()
    assert len({*drawn, *again}) == 5


def test_what_each_start_needs_of_ours_is_in_the_picture_and_the_rest_is_compiled(asked):
    page, names = asked
    code = """import os, sys
here = sorted(name for name in sys.modules if name.partition(".")[0] in ("app", "figures", "scene", "unfold"))
import figures.training as later
str([here, os.path.exists(sys.modules["app.studio"].__file__), later.__file__])"""
    here, sent, later = ast.literal_eval(page.evaluate(LOAD, code))
    assert {"app.studio", "figures.gate", "scene.marks", "unfold.network"} <= set(here)
    assert "figures.training" not in here
    assert not sent, "what is in the picture is not sent again"
    assert later == "/home/pyodide/figures/training.pyc"
    assert "start.bin" not in names


def test_pyscript_writes_and_imports_none_of_its_own_python(visit):
    (worker,) = visit().workers
    ask = "async (code) => (await (await import(new URL('interpreter.js', location))).loadPyodide()).runPython(code)"
    code = "import os, sys; str([name for name in [*sys.modules, *os.listdir()] if name.startswith('pyscript')])"
    assert worker.evaluate(ask, code) == "[]"


def garbled(data):
    return data[:5000] + bytes(byte ^ 255 for byte in data[5000:6000]) + data[6000:]


def of_another_build(data):
    """A picture whose snapshot names another build of Pyodide: it stands in the first page that is not empty."""
    picture = bytearray(gzip.decompress(data))
    count = int.from_bytes(picture[36:40], "little")
    picture[40 + 4 * count + 16 : 40 + 4 * count + 48] = hashlib.sha256(b"another").digest()
    return gzip.compress(bytes(picture), 1)


@pytest.mark.parametrize(
    "harm", [lambda data: data[:-5000], garbled, of_another_build, lambda data: gzip.compress(b"")]
)
def test_a_damaged_picture_is_left_aside(asked, harm):
    page, names = asked
    page.route("**/picture.bin", lambda route: route.fulfill(body=harm(route.fetch().body())))
    assert page.evaluate(LOAD, "import numpy as np; str(np.ones(2) @ np.ones(2))") == "2.0"
    assert "stdlib.bin" in names


def test_without_a_picture_the_article_starts_too(site, chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.route("**/picture.bin", lambda route: route.fulfill(status=404, body="gone"))
    page.goto(site)
    page.wait_for_function(READY)
    context.close()
