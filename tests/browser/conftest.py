"""The built site at a sub-path, and pages that fail the test on any error, failed request or foreign address."""

from __future__ import annotations

import contextlib
import warnings

import pytest
from playwright.sync_api import sync_playwright

from tests import browsers
from tests.browsers import READY


@pytest.fixture(scope="session")
def site():
    with browsers.built_site() as address:
        yield address


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright):
    browser = browsers.chromium(playwright)
    yield browser
    browser.close()


@pytest.fixture
def firefox(request, playwright):
    """A Firefox of a test's own; None where this machine has none, which is warned of."""
    if browsers.firefox_path() is None:
        warnings.warn(f"no Firefox on this machine: not tried in it is {request.node.name}", stacklevel=1)
        yield None
        return
    browser = browsers.firefox(playwright)
    yield browser
    browser.close()


HALF_A_FORMULA = "Incorrect number of children for <"
"""What Firefox says of a formula that it lays out while the rest of it is still on its way."""


def note_thrown(page, problems, passing_over=None):
    """Add to the problems what a page throws."""
    page.on(
        "pageerror",
        lambda error: (passing_over and passing_over in str(error)) or problems.append(f"error: {error}"),
    )


def note_errors(page, problems, passing_over=None):
    """Add to the problems what a page throws, and what it writes to the console as an error."""
    note_thrown(page, problems, passing_over)
    page.on("console", lambda message: message.type == "error" and problems.append(f"console: {message.text}"))


@contextlib.contextmanager
def ready_article(site, browser, problems=None, **options):
    """The article in a wide window, for a reader who asks for no motion, with all its figures ready."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce", **options)
    page = context.new_page()
    if problems is not None:
        note_errors(page, problems)
    page.goto(site)
    page.wait_for_function(READY, timeout=60_000)
    yield page
    context.close()


@pytest.fixture
def visit(site, chromium):
    """Open the article as a new reader: `visit(link, **context options)`; problems are collected and must be none. A
    file that is held does not come until `page.unroute(held)` lets go of it."""
    contexts, problems = [], []

    def opened(link="", wait=True, browser=None, held="", **options):
        # Storing for later is tested in test_offline.py; elsewhere it would take the machine's time.
        options = {"viewport": {"width": 1280, "height": 1000}, "service_workers": "block"} | options
        context = (browser or chromium).new_context(**options)
        contexts.append(context)
        context.on("request", lambda request: foreign(request.url))
        context.on("response", lambda answer: answer.status >= 400 and problems.append(f"{answer.status} {answer.url}"))
        page = context.new_page()
        page.set_default_timeout(60_000)
        note_errors(page, problems)
        if held:
            page.route(held, lambda route: None)
        page.goto(site + link)
        if wait:
            page.wait_for_function(READY)
        return page

    def foreign(url):
        if not url.startswith((site, "blob:" + site.split("/somewhere")[0], "data:")):
            problems.append(f"asked of another: {url}")

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


def readout(page, name):
    """The full precision of a readout, as the page has it now."""
    return page.get_attribute(f"#training output[name={name}]", "data-value")


def until(page, condition, argument=None):
    """What a JavaScript condition gives as soon as it holds."""
    return page.wait_for_function(condition, arg=argument, timeout=20_000).json_value()


LOSS_UNDER = "most => Number(document.querySelector('#training output[name=loss]').dataset.value) < most"
EPOCH_OVER = "least => Number(document.querySelector('#training output[name=epoch]').dataset.value) > least"
EPOCH_IS = "epoch => document.querySelector('#training output[name=epoch]').dataset.value === String(epoch)"

PIXEL = """([view, x, y]) => {
  const canvas = document.querySelector(`#training canvas[data-view=${view}]`);
  const copy = new OffscreenCanvas(canvas.clientWidth, canvas.clientHeight).getContext("2d");
  copy.drawImage(canvas, 0, 0, canvas.clientWidth, canvas.clientHeight);
  return [...copy.getImageData(x * canvas.clientWidth, y * canvas.clientHeight, 1, 1).data];
}"""


def pixel(page, view, x, y):
    """The colour, red green blue alpha, at a place of a canvas: x and y from 0 to 1, y down."""
    return page.evaluate(PIXEL, [view, x, y])
