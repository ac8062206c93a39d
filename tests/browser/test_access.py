"""Every reader can use the page: with assistive technology, by keys, by a finger, large, in print."""

from __future__ import annotations

import base64
import io
import itertools
import re
import zlib
from importlib import resources

import numpy as np
import pytest
from PIL import Image

from figures import FIGURES
from tests.browser.conftest import READY, until

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
VIOLATIONS = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => [id, target.join(" "), failureSummary]))"""
MEDIA = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}

REACHED = "a[href], button, input, select, textarea, summary, [tabindex]"
"""What the keyboard can come to."""
SMALL = (
    """() => [...document.querySelectorAll('"""
    + REACHED
    + """, [data-term]')].filter(part => part.checkVisibility())
  .map(part => {
    // A box or a tap is as large as its label, which it lies over.
    const whole = part.matches('[type=radio], [type=checkbox]') ? part.closest('label') : part;
    const { width, height } = whole.getBoundingClientRect();
    return [part.closest('figure')?.id, part.name || part.dataset.term || part.textContent.slice(0, 30), width, height];
  }).filter(([, , width, height]) => width < 24 || height < 24)"""
)
SIDEWAYS = """() => [
  document.documentElement.scrollWidth - innerWidth,
  ...[...document.querySelectorAll('.equation')].map(part => part.scrollWidth - part.clientWidth),
].filter(over => over > 0)"""
UNMARKED = (
    """() => [...document.querySelectorAll('"""
    + REACHED
    + """')].filter(part => part.checkVisibility())
  .map(part => {
    part.focus();
    // What is marked for a box or a tap is what is seen of it.
    const marked = [part, part.nextElementSibling, part.closest('label')].filter(each => each).some(each => {
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(each);
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && !/, 0\\)$/.test(outlineColor);
    });
    return [part.closest('figure')?.id, part.name || part.className || part.textContent.slice(0, 30),
      marked && document.activeElement === part];
  }).filter(([, , marked]) => !marked)"""
)
WATCH_FOCUS = """() => {
  document.addEventListener('focusin', ({ target }) => {
    const part = target.matches('[type=radio], [type=checkbox]') ? target.closest('label') : target;
    const { left, top, right, bottom } = part.getBoundingClientRect();
    const stays = getComputedStyle(target.closest('.controls') || target).position === 'sticky';
    const down = stays ? target.closest('.controls').offsetTop - target.closest('.controls').getBoundingClientRect().top
      : scrollY;
    globalThis.way?.push([target.closest('figure')?.id ?? '', target.name || target.className || target.tagName,
      left, top + down, right, bottom + down]);
  });
}"""
BLANK = """() => [...document.querySelectorAll('canvas[data-view]')].filter(canvas => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
  copy.drawImage(canvas, 0, 0);
  return !copy.getImageData(0, 0, canvas.width, canvas.height).data.some(value => value);
}).map(canvas => canvas.dataset.view)"""
PIXELS = """name => {
  const canvas = document.querySelector(`#${name} canvas[data-view]`);
  const copy = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height });
  const context = copy.getContext('2d');
  context.drawImage(canvas, 0, 0);
  const drawn = context.getImageData(0, 0, canvas.width, canvas.height).data.some(value => value);
  return drawn && copy.toDataURL();
}"""
"""A copy of a figure's first picture; nothing if it is empty, as Firefox's is while the worker draws on the canvas."""


def opened(site, chromium, runs):
    context = chromium.new_context(viewport={"width": 1280, "height": 1000}, service_workers="block")
    page = context.new_page()
    page.set_default_timeout(60_000)
    if not runs:
        page.route("**/early.js", lambda route: route.abort())
    page.goto(site)
    if runs:
        page.wait_for_function(READY)
        page.evaluate("() => document.querySelectorAll('details.more').forEach(more => { more.open = true; })")
        page.evaluate(WATCH_FOCUS)
    page.evaluate(AXE + "; 0")
    return page


@pytest.fixture(scope="module")
def posters(site, chromium):
    """The article as it arrives, and as it stays where no Python comes."""
    page = opened(site, chromium, runs=False)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def running(site, chromium):
    """The article with all its figures ready."""
    page = opened(site, chromium, runs=True)
    yield page
    page.context.close()


@pytest.fixture
def page(running):
    """The article with all its figures ready, on a usual screen."""
    yield running
    running.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="no-preference", media="screen")
    running.set_viewport_size({"width": 1280, "height": 1000})


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("media", MEDIA)
def test_axe_finds_no_violation(page, width, media):
    page.set_viewport_size({"width": width, "height": 1000})
    page.emulate_media(**MEDIA[media], reduced_motion="reduce")  # no transition is caught half-way
    assert page.evaluate(VIOLATIONS) == []


@pytest.mark.parametrize(("width", "media"), [(320, "light"), (1280, "dark"), (320, "forced")])
def test_axe_finds_no_violation_before_python(posters, width, media):
    posters.set_viewport_size({"width": width, "height": 1000})
    posters.emulate_media(**MEDIA[media], reduced_motion="reduce")
    assert posters.evaluate(VIOLATIONS) == []


def test_on_a_phone_every_control_and_every_term_is_large_enough_for_a_finger(page):
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("width", [320, 390, 640])
def test_nothing_scrolls_sideways_on_a_phone_or_at_twice_the_size(page, width):
    page.set_viewport_size({"width": width, "height": 500})
    assert page.evaluate(SIDEWAYS) == []


@pytest.mark.parametrize("width", [320, 900, 1280])
def test_the_keyboard_goes_as_the_eye_does_and_misses_nothing(page, width):
    page.set_viewport_size({"width": width, "height": 1000})
    every = page.evaluate(f"() => [...document.querySelectorAll('{REACHED}')].filter(e => e.checkVisibility()).length")
    page.evaluate("() => { scrollTo(0, 0); globalThis.way = []; }")
    page.focus(".skip")
    for _ in range(every):
        page.keyboard.press("Tab")
    way = page.evaluate("() => way")
    figures = [name for name, *_ in way if name]
    assert list(dict.fromkeys(figures)) == list(FIGURES)
    # Of the taps of one guess, the keyboard comes to one.
    missed = page.evaluate(
        """() => [...document.querySelectorAll('.guess')].reduce((sum, guess) =>
          sum + guess.querySelectorAll('input').length - 1, 0)"""
    )
    assert len(way) >= every - missed
    back = [
        (one[:2], other[:2])
        for one, other in itertools.pairwise(way)
        if other[1] != "skip" and other[5] <= one[3] + 1 and other[2] < one[4] - 1  # above it, and not beside it
    ]
    assert back == []


@pytest.mark.parametrize("media", ["light", "forced"])
def test_whatever_has_the_focus_shows_it(page, media):
    page.emulate_media(**MEDIA[media], reduced_motion="reduce")
    page.keyboard.press("Tab")  # from here on the page knows that a keyboard is in use
    assert page.evaluate(UNMARKED) == []


def test_the_skip_link_leads_past_the_text(page):
    page.evaluate("() => scrollTo(0, 0)")
    page.focus(".skip")
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('figure').id") == "training"


def test_landmarks_and_headings_tell_how_the_article_is_made(posters):
    count = "part => document.querySelectorAll(part).length"
    assert [posters.evaluate(count, part) for part in ("main", "body > footer", "h1")] == [1, 1, 1]
    levels = posters.evaluate("() => [...document.querySelectorAll('h1, h2, h3, h4, h5')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    beyond = (
        "() => [...document.body.children].filter(e => e.checkVisibility() && e.innerText.trim()).map(e => e.tagName)"
    )
    assert posters.evaluate(beyond) == ["A", "MAIN", "FOOTER"]


def test_who_asks_for_no_motion_gets_none(page):
    page.emulate_media(reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll('*')].filter(part => {
      const { transitionDuration, animationName } = getComputedStyle(part);
      return parseFloat(transitionDuration) > 0 || animationName !== 'none';
    }).map(part => part.className)"""
    assert page.evaluate(moving) == []


def test_print_shows_each_picture_as_the_reader_left_it(page):
    page.emulate_media(color_scheme="dark")
    until(page, "() => document.documentElement.dataset.drawn === 'dark'")
    page.set_viewport_size({"width": 800, "height": 900})
    until(page, f"() => ({BLANK})().length === 0")
    before = pixels(page, "gate")
    page.locator("#gate [name=w1]").fill("3.5")
    until(page, "() => document.querySelector('#gate .said').textContent.includes('w₁ is 3.5')")
    until(page, "() => document.querySelector('#gate').dataset.state === 'ready'")
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    after = pixels(page, "gate")
    assert not alike(before, after)
    printed = images(page.pdf())
    assert any(alike(image, after) for image in printed)
    assert not any(alike(image, before) for image in printed)
    page.locator("#gate [name=reset]").click()


def test_pictures_are_not_drawn_anew_for_paper_which_is_light(page):
    page.emulate_media(color_scheme="dark")
    until(page, "() => document.documentElement.dataset.drawn === 'dark'")
    page.emulate_media(color_scheme="light", media="print")
    noticed = "() => new Promise(seen => requestAnimationFrame(() => requestAnimationFrame(seen)))"
    page.evaluate(noticed)
    assert page.evaluate("() => [matchMedia('(prefers-color-scheme: dark)').matches, matchMedia('print').matches]") == [
        False,
        True,
    ]
    assert page.evaluate("() => document.documentElement.dataset.drawn") == "dark"
    page.emulate_media(color_scheme="light", media="screen")  # the reader's choice while the page was being printed
    until(page, "() => document.documentElement.dataset.drawn === 'light'")


def pixels(page, name):
    """The first picture of a figure as the page has it, (height, width, 3)."""
    copy = until(page, PIXELS, name).partition(",")[2]
    return np.array(Image.open(io.BytesIO(base64.b64decode(copy))).convert("RGB"))


def images(pdf):
    """The coloured images that stand in a PDF pixel by pixel, (height, width, 3) each."""
    found = []
    for head in re.finditer(rb"<<([^<>]*?/Subtype /Image.*?)>>\s*stream\r?\n", pdf, re.DOTALL):
        width, height = (int(re.search(rb"/%s (\d+)" % name, head[1])[1]) for name in (b"Width", b"Height"))
        if b"/FlateDecode" in head[1]:
            data = np.frombuffer(zlib.decompressobj().decompress(pdf[head.end() :]), np.uint8)
            if len(data) == height * width * 3:
                found.append(data.reshape(height, width, 3))
    return found


def alike(one, other):
    """Whether two pictures are the same but for rounding."""
    return one.shape == other.shape and np.mean(np.abs(one.astype(int) - other)) < 0.5
