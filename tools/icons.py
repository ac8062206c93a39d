"""Draws the icons from assets/icon.svg and the picture that previews of links show: `python -m tools.icons`.

Both are drawn by headless Chromium, which the tests have at hand, and committed.
"""

from __future__ import annotations

import base64
import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests import browsers

ASSETS = Path(__file__).resolve().parent.parent / "assets"
ICON = ASSETS / "icon.svg"
SIZES = {"icon-32": 32, "icon-192": 192, "icon-512": 512}
WHOLE = {"apple-touch-icon": (180, 0.84), "whole-512": (512, 0.66)}
"""Icons that the device cuts to a shape of its own: their size, and how much of it the drawing takes."""
PREVIEW = (1200, 630)
COLOURS = 128
"""A preview's picture is flat: that many colours are enough, and a third of the bytes."""


def icon(browser: Browser, size: int, share: float = 1.0) -> bytes:
    """Return the icon as a PNG; where it takes only a share of it, its own ground fills the rest."""
    ground = "#f3f1ec" if share < 1 else "transparent"
    drawn = ICON.read_text("utf-8")
    page = f"""<style>body {{ margin: 0; height: {size}px; background: {ground}; display: grid; place-items: center }}
      svg {{ width: {share:.0%}; height: {share:.0%} }}</style>{drawn}"""
    return _shot(browser, page, size, size, transparent=share == 1)


def preview(browser: Browser) -> bytes:
    """Return the picture for previews of links as a PNG: the title, and a surface that a network has learnt."""
    width, height = PREVIEW
    page = f"""<style>
      @font-face {{ font-family: "Site Serif"; src: url({_inline("fonts/serif.woff2")}); font-weight: 400 700 }}
      @font-face {{ font-family: "Site Sans"; src: url({_inline("fonts/sans.woff2")}); font-weight: 400 700 }}
      body {{ margin: 0; height: {height}px; box-sizing: border-box; padding: 0 64px; background: #fcfbf8;
        color: #1c1e22; display: grid; grid-template-columns: 1fr 470px; gap: 48px; align-items: center }}
      p {{ margin: 0; font: 600 25px/1.4 "Site Sans"; color: #5b6068 }}
      h1 {{ margin: 20px 0 26px; font: 600 70px/1.08 "Site Serif"; letter-spacing: -0.01em }}
      svg {{ display: block; width: 470px; height: 470px }}
    </style>
    <div><p>An article you can take hold of</p><h1>What a neural network does to space</h1>
    <p>Real Python, in your own browser</p></div>{ICON.read_text("utf-8")}"""
    picture = Image.open(io.BytesIO(_shot(browser, page, width, height))).convert("RGB").quantize(COLOURS)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _inline(name: str) -> str:
    return "data:font/woff2;base64," + base64.b64encode((ASSETS / name).read_bytes()).decode()


def _shot(browser: Browser, html: str, width: int, height: int, transparent: bool = False) -> bytes:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_content(f"<!doctype html>{html}")
    page.evaluate("() => document.fonts.ready")
    shot = page.screenshot(omit_background=transparent)
    page.close()
    return shot


def main() -> None:
    """Write them all."""
    folder = ASSETS / "icons"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = browsers.chromium(playwright)
        for name, size in SIZES.items():
            (folder / f"{name}.png").write_bytes(icon(browser, size))
        for name, (size, share) in WHOLE.items():
            (folder / f"{name}.png").write_bytes(icon(browser, size, share))
        (ASSETS / "preview.png").write_bytes(preview(browser))
        browser.close()


if __name__ == "__main__":
    main()
