"""The article in Firefox as Chromium's tests cannot see it: in the dark, and on paper."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from figures import FIGURES
from tests import browsers
from tests.browser.conftest import READY, until
from tests.browser.test_access import alike, images, pixels

GROUNDS = """() => {
  const grounds = [...document.querySelectorAll('canvas[data-view]')].map(canvas => {
    const below = canvas.parentElement.querySelector('canvas[data-relief]');
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
    for (const layer of [below, canvas]) if (layer) copy.drawImage(layer, 0, 0, canvas.width, canvas.height);
    const values = copy.getImageData(0, 0, canvas.width, canvas.height).data;
    const light = [];
    for (let i = 0; i < values.length; i += 4) light.push((values[i] + values[i + 1] + values[i + 2]) / 3);
    light.sort((one, other) => one - other);
    return [`${canvas.closest('figure').id} ${canvas.dataset.view}`, [light[light.length >> 1], light.at(-1)]];
  });
  return grounds.every(([, [, most]]) => most) && Object.fromEntries(grounds);
}"""
"""How light the middle of each picture's pixels is, and the lightest, 0 to 255; nothing if a copy is empty, as it is
while the worker draws on the canvas."""
A4 = {"width": "21in", "height": "29.7in"}
"""What Playwright has of Firefox as centimetres."""


@pytest.fixture(scope="module")
def firefox(playwright):
    if not browsers.firefox_path():
        yield None
        return
    browser = browsers.firefox(playwright, **{"ui.systemUsesDarkTheme": 1, "ui.prefersReducedMotion": 1})
    yield browser
    browser.close()


def test_pictures_are_dark_with_the_page_and_are_printed_as_the_reader_left_them(visit, firefox):
    if firefox is None:
        warnings.warn("no Firefox on this machine: its dark pictures and its print go untested", stacklevel=1)
        return
    page = visit(browser=firefox, color_scheme="dark", viewport={"width": 800, "height": 900})
    until(page, "() => document.documentElement.dataset.drawn === 'dark'")
    grounds = until(page, GROUNDS)
    assert len(grounds) == sum(len(figure.VIEWS) for figure in FIGURES.values())
    assert {name: found for name, found in grounds.items() if found[0] > 110 or found[1] < 130} == {}
    before = pixels(page, "gate")
    assert np.median(before) < 110
    page.locator("#gate [name=w1]").fill("3.5")
    until(page, "() => document.querySelector('#gate .said').textContent.includes('w₁ is 3.5')")
    until(page, READY)
    after = pixels(page, "gate")
    assert not alike(before, after)
    printed = images(page.pdf(**A4))
    assert any(alike(image, after) for image in printed)
    assert not any(alike(image, before) for image in printed)
