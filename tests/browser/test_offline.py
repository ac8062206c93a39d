"""No network: one visit stores enough, versions change on the reader's word and never mix, all can be forgotten."""

from __future__ import annotations

import os
import time

import pytest

from tests import browsers
from tests.browser.conftest import EPOCH_IS, HALF_A_FORMULA, READY, note_thrown, until
from tools import server, site

SUB_PATH = "a/b"
SAYS = "text => document.querySelector('#offline').checkVisibility() && "
SAYS += "document.querySelector('#offline').textContent.includes(text)"
BROWSERS_OWN = "content-autofill.googleapis.com"
"""Chromium itself asks there what a form's fields may be."""
ALL = "This article works without a network."
NEWER = "() => document.querySelector('#newer').checkVisibility()"
KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) kept.push(url.split('?')[1]);
  return kept;
}"""
REGISTERED = (
    "async () => (await navigator.serviceWorker.getRegistrations()).map((one) => one.active && one.active.state)"
)


@pytest.fixture(scope="module")
def sources():
    return site.read()


@pytest.fixture(scope="module")
def versions(sources, tmp_path_factory):
    """Two built versions: the second has another article and another worker, and the same runtime."""
    folder = tmp_path_factory.mktemp("versions")
    changed = {
        "index.html": sources["index.html"].replace(b"<h1>Unfold:", b"<h1>Unfold, again:"),
        "py/app/worker.py": sources["py/app/worker.py"] + b"\n# Another.\n",
    }
    for name, files in (("first", sources), ("second", sources | changed)):
        site.write(folder / name / SUB_PATH, site.finished(files))
    later = time.time() + 60
    for file in (folder / "second").rglob("*"):
        os.utime(file, (later, later))  # as if it had been built later than in the same second
    return folder


@pytest.fixture
def host(versions):
    made = browsers.Host(versions / "first")
    yield made
    made.stop()


@pytest.fixture
def reader(host, chromium):
    """Open the article as a new reader in a browser; nothing may be asked of anybody else, nor any error be met."""
    contexts, problems = [], []
    with browsers.recorder() as (proxy, asked):

        def opened(browser=None, address=None, **options):
            mine = {"server": proxy, "bypass": "localhost,unfold.test"}
            context = (browser or chromium).new_context(proxy=mine, **options)
            contexts.append(context)
            page = context.new_page()
            page.set_default_timeout(60_000)
            note_thrown(page, problems, HALF_A_FORMULA)
            page.goto((address or host.address) + f"{SUB_PATH}/")
            return page

        opened.problems = problems
        yield opened
        for context in contexts:
            context.close()
    assert problems == []
    assert [line for line in asked if BROWSERS_OWN not in line] == []


@pytest.fixture(params=["chromium", "firefox"])
def engine(request, chromium):
    return request.getfixturevalue(request.param) or chromium


def stored(page):
    """Wait until the page says that all is stored."""
    until(page, SAYS, ALL)


def answers(page):
    """Every figure is ready, and one computes when it is told to."""
    page.wait_for_function(READY)
    page.click("#training [name=step]")
    until(page, EPOCH_IS, 1)


def test_after_one_visit_every_figure_works_with_the_host_gone(reader, host, engine):
    page = reader(engine)
    answers(page)
    stored(page)
    host.stop()
    host.since()
    page.reload()
    answers(page)
    stored(page)
    figures = page.evaluate("() => [...document.querySelectorAll('figure.unfold')].map(figure => figure.id)")
    said = page.locator("figure.unfold .said").all_text_contents()
    assert len(figures) == len([text for text in said if text])
    posters = """() => Promise.all([...document.querySelectorAll('.poster :is(img, source)')]
      .map(async (image) => (await fetch(image.src || image.srcset)).ok))"""
    assert all(page.evaluate(posters))


def test_the_article_can_be_installed_once_python_runs(reader, chromium):
    page = reader(chromium)
    stored(page)
    session = page.context.new_cdp_session(page)
    assert session.send("Page.getAppManifest")["url"] == f"{page.url}manifest.json"
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {error["errorId"] for error in errors} <= {"in-incognito"}  # which the tests' readers are


def test_a_second_visit_asks_for_the_service_worker_alone(reader, host):
    page = reader()
    answers(page)
    stored(page)
    first = host.since()
    whole = [path for path, status in first if status == 200 and not path.endswith("/pyodide.asm.wasm")]
    assert len(whole) == len(set(whole)), (
        "a copy in the browser's own cache is enough, but for one too large for it here"
    )
    page.reload()
    answers(page)
    stored(page)
    assert {path for path, _ in host.since()} <= {f"/{SUB_PATH}/sw.js"}


def version(folder):
    page = (folder / SUB_PATH / "index.html").read_text("utf-8")
    return page.split('data-version="')[1].split('"')[0]


def hashes(folder):
    listed = (folder / SUB_PATH / "sw.js").read_text("utf-8").split('": ["')[1:]
    return {"sha256=" + part.split('"')[0] for part in listed}


def test_a_new_version_waits_for_the_readers_word_and_then_runs_whole(reader, host, versions):
    page = reader()
    answers(page)
    stored(page)
    host.folder = versions / "second"
    page.reload()
    until(page, NEWER)
    assert page.get_attribute("html", "data-version") == version(versions / "first")
    page.click("#newer [name=later]")
    assert not page.is_visible("#newer")
    page.reload()  # the old one still, and whole
    answers(page)
    assert page.text_content("h1").startswith("Unfold:")
    until(page, NEWER)
    page.click("#newer [name=update]")
    until(page, "version => document.documentElement.dataset.version === version", version(versions / "second"))
    host.stop()
    page.reload()
    answers(page)
    stored(page)
    assert page.text_content("h1").startswith("Unfold, again:")
    assert set(page.evaluate(KEPT)) == hashes(versions / "second") | {"whole"}


def test_a_new_version_comes_whole_though_the_host_goes_before_the_reader_says_yes(reader, host, versions):
    page = reader()
    answers(page)
    stored(page)
    host.since()
    host.folder = versions / "second"
    page.reload()
    until(page, NEWER)
    assert not [path for path, _ in host.since() if "/runtime-" in path], "the runtime has not changed"
    host.stop()
    page.click("#newer [name=update]")
    until(page, "version => document.documentElement.dataset.version === version", version(versions / "second"))
    answers(page)
    stored(page)


def test_another_tab_is_told_and_keeps_what_it_runs(reader, host, versions):
    page = reader()
    answers(page)
    stored(page)
    other = page.context.new_page()
    other.goto(page.url)
    answers(other)
    host.folder = versions / "second"
    page.reload()
    until(page, NEWER)
    page.click("#newer [name=update]")
    until(other, "() => document.querySelector('#newer').textContent.includes('in another tab')")
    other.click("#training [name=step]")
    until(other, EPOCH_IS, 2)
    other.click("#newer [name=update]")
    until(other, "version => document.documentElement.dataset.version === version", version(versions / "second"))


def test_what_was_broken_off_is_taken_up_again(reader, host):
    host.refused = ("bowl-bowl",)
    page = reader()
    answers(page)
    until(page, "async () => (await navigator.serviceWorker.getRegistrations()).length === 0")
    assert not page.is_visible("#offline")
    host.refused = ()
    host.since()
    page.reload()
    stored(page)


def test_a_file_that_is_not_this_versions_is_never_stored(reader, host):
    host.wrong = {"libraries.bin": b"Sign in to this network"}
    page = reader()
    until(page, SAYS, "The text can be read without a network, its figures not yet.")
    host.wrong = {}
    assert reader.problems.pop(0).startswith("error:"), "Python cannot start with it either"
    page.click("#offline [name=store]")
    stored(page)
    host.stop()
    page.reload()
    answers(page)


@pytest.mark.parametrize("lost", ["some", "all"])
def test_what_the_browser_has_thrown_away_is_fetched_again(reader, host, lost):
    page = reader()
    answers(page)
    stored(page)
    page.evaluate(
        """async (all) => {
          const [name] = await caches.keys(), cache = await caches.open(name);
          if (all) return caches.delete(name);
          for (const [place, key] of (await cache.keys()).entries()) if (place % 3 === 0) await cache.delete(key);
        }""",
        lost == "all",
    )
    page.reload()
    answers(page)
    stored(page)
    host.stop()
    page.reload()
    answers(page)


def test_all_is_forgotten_and_stays_so_until_the_reader_asks(reader, host, engine):
    page = reader(engine)
    answers(page)
    stored(page)
    page.click("#offline [name=forget]")
    until(page, SAYS, "Nothing is stored.")
    assert page.evaluate("() => caches.keys()") == []
    page.reload()
    answers(page)
    until(page, SAYS, "Nothing is stored.")
    assert (page.evaluate("() => caches.keys()"), page.evaluate(REGISTERED)) == ([], [])
    page.click("#offline [name=store]")
    stored(page)
    host.stop()
    page.reload()
    answers(page)


def test_a_checkout_served_at_the_same_address_is_shown_and_takes_away_what_was_stored(reader, host, tmp_path):
    page = reader()
    answers(page)
    stored(page)
    host.stop()
    (tmp_path / "a").mkdir()
    (tmp_path / SUB_PATH).symlink_to(site.runtime.ROOT, target_is_directory=True)
    made = {f"{SUB_PATH}/{path}": lambda root, make=make: make(root / SUB_PATH) for path, make in site.MADE.items()}
    checkout = server.listen(tmp_path, host.port, made)
    assert checkout.server_port == host.port
    with browsers.running(checkout):
        page.reload()
        until(page, "() => !document.documentElement.hasAttribute('data-version')")
        reader.problems.clear()  # the stored page may have been half-way through its start
        answers(page)
        assert (page.evaluate("() => caches.keys()"), page.evaluate(REGISTERED)) == ([], [])
        assert not page.is_visible("#offline")


def test_where_nothing_can_be_stored_the_page_works_and_says_nothing(reader, host, playwright):
    browser = browsers.chromium(playwright, "--host-resolver-rules=MAP unfold.test 127.0.0.1")
    try:
        page = reader(browser, f"http://unfold.test:{host.port}/")
        assert not page.evaluate("() => isSecureContext")
        answers(page)
        assert not page.is_visible("#offline")
    finally:
        browser.close()


def test_a_browser_that_refuses_to_store_is_left_in_peace(reader):
    page = reader(service_workers="block")
    answers(page)
    assert not page.is_visible("#offline")
