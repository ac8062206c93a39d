"""The bowl's surface on the canvas below its picture where there is WebGL 2, and painted in the picture where not."""

from __future__ import annotations

import pytest

from figures import FIGURES
from tests.browser.conftest import READY

SLOPE = (0.35, 0.5)
"""A place of the picture where the surface is, and nothing over it."""
PIXEL = """([layer, x, y, figure = "bowl", view = "bowl"]) => {
  const canvas = document.querySelector(`#${figure} canvas[data-${layer}=${view}]`);
  const copy = new OffscreenCanvas(100, 100).getContext("2d");
  copy.drawImage(canvas, 0, 0, 100, 100);
  return [...copy.getImageData(100 * x, 100 * y, 1, 1).data];
}"""
SHOWS = f"([layer, x, y, before]) => String(({PIXEL})([layer, x, y])) !== String(before)"
OPAQUE = f"([layer, x, y, opaque]) => (({PIXEL})([layer, x, y])[3] === 255) === opaque"
IN_WORKER = """
const get = OffscreenCanvas.prototype.getContext;
globalThis.contexts = [];
OffscreenCanvas.prototype.getContext = function (kind, ...options) {
  if (kind !== "webgl2") return get.call(this, kind, ...options);
  if (NO_WEBGL) return null;
  const context = get.call(this, kind, ...options);
  contexts.push({ context, loser: context.getExtension("WEBGL_lose_context") });
  return context;
};
"""


@pytest.fixture
def bowl(site, chromium):
    """Open the article with the worker's `getContext` watched, or without WebGL; give the page, the bowl in view."""
    contexts = []

    def opened(webgl):
        context = chromium.new_context(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        prefix = IN_WORKER.replace("NO_WEBGL", "false" if webgl else "true")

        def with_prefix(route):
            route.fulfill(body=prefix + route.fetch().text(), content_type="text/javascript")

        page.route("**/assets/interpreter.*js", with_prefix)
        page.goto(site)
        page.wait_for_function(READY, timeout=60_000)
        page.locator("#bowl").scroll_into_view_if_needed()
        return page

    yield opened
    for context in contexts:
        context.close()


def layer(page, name):
    return page.evaluate(PIXEL, [name, *SLOPE])


def turn(page, name):
    """Turn the surface by the keyboard, and wait until it is seen in the layer `name`."""
    before = layer(page, name)
    page.focus("#bowl input[name=turn]")
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    page.wait_for_function(SHOWS, arg=[name, *SLOPE, before])


def painted(page):
    """Wait until the surface is painted in the picture itself, over whatever is below."""
    page.wait_for_function(OPAQUE, arg=["view", *SLOPE, True])
    turn(page, "view")
    red, _, blue, _ = layer(page, "view")
    assert blue > red  # dark and bluish: the scale of what is low, not the panel


def test_with_webgl_the_surface_is_below_and_the_picture_over_it_is_clear(bowl):
    page = bowl(webgl=True)
    page.wait_for_function(OPAQUE, arg=["view", *SLOPE, False])
    red, _, blue, _ = layer(page, "relief")
    assert blue > red
    turn(page, "relief")


def test_a_surface_is_not_drawn_again_for_what_stands_before_it(bowl):
    page = bowl(webgl=True)
    page.wait_for_function(OPAQUE, arg=["view", *SLOPE, False])
    worker = next(worker for worker in page.workers if worker.evaluate("() => !!globalThis.contexts"))
    count = """() => {
      globalThis.drawn = 0;
      for (const { context } of contexts) {
        const draw = context.drawElements;
        context.drawElements = function (...a) { drawn += 1; return draw.apply(this, a); };
      }
    }"""
    worker.evaluate(count)
    said = page.text_content("#bowl .said")
    page.focus("#bowl input[name=w1]")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("said => document.querySelector('#bowl .said').textContent !== said", arg=said)
    assert worker.evaluate("() => drawn") == 0
    turn(page, "relief")
    assert worker.evaluate("() => drawn") > 0


def test_without_webgl_it_is_painted(bowl):
    painted(bowl(webgl=False))


def test_without_webgl_all_three_landscapes_are_painted_and_turn_together(bowl):
    page = bowl(webgl=False)
    page.locator("#landscape").scroll_into_view_if_needed()
    places = [["view", 0.5, 0.5, "landscape", view] for view in FIGURES["landscape"].RELIEFS]
    for place in places:
        page.wait_for_function(f"place => ({PIXEL})(place)[3] === 255", arg=place)
    before = [page.evaluate(PIXEL, place) for place in places]
    page.focus("#landscape input[name=turn]")
    page.keyboard.press("Home")
    for place, colour in zip(places, before, strict=True):
        page.wait_for_function(f"([place, colour]) => String(({PIXEL})(place)) !== String(colour)", arg=[place, colour])


def test_when_the_graphics_memory_is_lost_it_is_painted_until_it_is_back(bowl):
    page = bowl(webgl=True)
    page.wait_for_function(OPAQUE, arg=["view", *SLOPE, False])
    worker = next(worker for worker in page.workers if worker.evaluate("() => !!globalThis.contexts"))
    worker.evaluate(
        "() => (globalThis.lost = contexts.filter(c => !c.context.isContextLost())).forEach(c => c.loser.loseContext())"
    )
    painted(page)
    worker.evaluate("() => lost.forEach(c => c.loser.restoreContext())")
    page.wait_for_function(OPAQUE, arg=["view", *SLOPE, False])
    turn(page, "relief")
