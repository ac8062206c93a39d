"""What is drawn is drawn on its own canvas: a reader sees each handle where its picture has it."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from figures import FIGURES
from scene.colours import LIGHT, rgb
from scene.marks import Handles
from scene.placement import Placement
from tests.browser.conftest import ready_article


def handles():
    for name, figure in FIGURES.items():
        for view_name, view in figure.scene(figure.start()).items():
            for mark in view.marks:
                if isinstance(mark, Handles):
                    for place, handle in zip(mark.at, mark.names, strict=True):
                        yield pytest.param(name, view_name, view, mark, place, id=f"{name}-{handle}")


@pytest.fixture(scope="module")
def page(site, chromium):
    """The article, all its figures ready."""
    with ready_article(site, chromium) as page:
        yield page


@pytest.mark.parametrize(("name", "view_name", "view", "mark", "at"), [*handles()])
def test_a_handle_is_seen_on_the_picture_that_has_it(page, name, view_name, view, mark, at):
    canvas = page.locator(f"#{name} canvas[data-view={view_name}]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    x, y = Placement(view, box["width"], box["height"])(at[None])[0]
    wanted, inside = rgb(LIGHT[mark.colour]), mark.radius - 2.5  # between the handle's ring and its dot
    for _ in range(100):  # until the frame with the picture is on the screen
        picture = np.asarray(Image.open(io.BytesIO(canvas.screenshot())).convert("RGB"), float)
        angles = np.arange(0, 2 * np.pi, 0.5)
        seen = picture[
            np.rint(y + inside * np.sin(angles)).astype(int), np.rint(x + inside * np.cos(angles)).astype(int)
        ]
        if (np.abs(seen - wanted).max(axis=1) < 40).mean() > 0.5:
            return
        page.wait_for_function("() => new Promise(done => requestAnimationFrame(() => done(true)))")
    raise AssertionError(f"no handle at {x:.0f}, {y:.0f} of {view_name}")
