"""Draws the posters: each figure's pictures as it opens, light and dark; and a small one for other people's pages.

`python -m tools.posters` writes those that are out of date, `python -m tools.posters all` every one.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tempfile
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "py"))

from fontTools.ttLib import TTFont  # noqa: E402
from fontTools.varLib.instancer import instantiateVariableFont  # noqa: E402
from PIL import Image  # noqa: E402

from figures import FIGURES  # noqa: E402
from render import mpl  # noqa: E402
from scene.colours import THEMES  # noqa: E402

OUT = ROOT / "assets" / "posters"
INDEX = OUT / "posters.json"
SCALE = 2
SMALL = OUT / "embed"
SMALL_INDEX = SMALL / "posters.json"
SMALL_BYTES = 4300
"""The most that a small poster weighs: with assets/embed.js, which shows it, a page pays at most 15 kB for a figure
that nobody has touched."""
SMALLER = ((600, 80), (600, 65), (500, 65), (500, 50), (400, 60), (400, 45), (400, 30), (340, 40), (300, 30), (260, 20))
"""The widths and qualities that a small poster may have, the best first; it is shown 400 wide."""


def use_the_site_fonts(folder: Path) -> None:
    """Let matplotlib, which reads no woff2 and no variable fonts, use the page's own fonts."""
    for name, weight in (("sans", 600), ("serif-italic", 500)):
        font = instantiateVariableFont(TTFont(ROOT / "assets" / "fonts" / f"{name}.woff2"), {"wght": weight})
        font.flavor = None
        font.save(folder / f"{name}.ttf")
        mpl.add_font(str(folder / f"{name}.ttf"))


def poster(figure: object, name: str, theme: str) -> bytes:
    """Return a figure's picture as it opens, as a WebP file at twice its size."""
    width, height = figure.SIZES[name]  # type: ignore[attr-defined]
    drawing = mpl.draw(figure.scene(figure.start())[name], width, height, theme)  # type: ignore[attr-defined]
    raw = io.BytesIO()
    drawing.savefig(raw, dpi=100 * SCALE, facecolor=drawing.get_facecolor())
    out = io.BytesIO()
    Image.open(raw).convert("RGB").save(out, "WEBP", quality=86, method=6)
    return out.getvalue()


def small(picture: bytes) -> bytes:
    """Return a poster as good as few bytes allow: first fewer pixels than it has, then coarser ones."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    for width, quality in SMALLER:
        out = io.BytesIO()
        size = (width, round(width * whole.height / whole.width))
        whole.resize(size, Image.Resampling.LANCZOS).save(out, "WEBP", quality=quality, method=6)
        if len(out.getvalue()) <= SMALL_BYTES:
            break
    return out.getvalue()


def first_poster(figure: Any, theme: str) -> bytes:
    """Return the poster that a figure's small one shows: that of its first picture."""
    return (OUT / f"{figure.NAME}-{next(iter(figure.SIZES))}-{theme}.webp").read_bytes()


def sources() -> dict[str, str]:
    """Return for each small poster the hash of the poster that it shows."""
    return {
        f"{figure.NAME}-{theme}": hashlib.sha256(first_poster(figure, theme)).hexdigest()[:16]
        for figure in FIGURES.values()
        for theme in THEMES
    }


def make_small(everything: bool) -> None:
    """Write the small posters that do not show what the others do, or every one."""
    SMALL.mkdir(exist_ok=True)
    written = {} if everything or not SMALL_INDEX.exists() else json.loads(SMALL_INDEX.read_text("utf-8"))
    wanted = sources()
    for figure in FIGURES.values():
        for theme in THEMES:
            file = SMALL / f"{figure.NAME}-{theme}.webp"
            if written.get(file.stem) != wanted[file.stem] or not file.exists():
                file.write_bytes(small(first_poster(figure, theme)))
    for file in SMALL.glob("*.webp"):
        if file.stem not in wanted:
            file.unlink()
    SMALL_INDEX.write_text(json.dumps(wanted, indent=2) + "\n")


def fingerprints() -> dict[str, str]:
    """Return for each picture a hash of what it is drawn from: while it stays, the poster is up to date.

    Numbers are rounded first, so that another machine's last bits do not matter.
    """
    found = {}
    for figure in FIGURES.values():
        scene = figure.scene(figure.start())
        for name, size in figure.SIZES.items():
            text = repr(_rounded(scene[name])) + repr(size) + repr(sorted(map(str, THEMES.values())))
            found[f"{figure.NAME}-{name}"] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return found


def _rounded(thing: object) -> object:
    """Plain, rounded values of a mark, a view or whatever stands in them."""
    if isinstance(thing, np.ndarray):
        return (np.round(thing, 6) + 0.0).tolist()
    if is_dataclass(thing):
        return type(thing).__name__, [_rounded(getattr(thing, entry.name)) for entry in fields(thing)]
    if isinstance(thing, tuple):
        return [_rounded(part) for part in thing]
    return round(thing, 6) + 0.0 if isinstance(thing, float) else thing


def main(everything: bool) -> None:
    """Write the posters that do not show what the figures open with, or every one."""
    OUT.mkdir(parents=True, exist_ok=True)
    written = {} if everything or not INDEX.exists() else json.loads(INDEX.read_text("utf-8"))
    wanted, count = fingerprints(), 0
    with tempfile.TemporaryDirectory() as folder:
        use_the_site_fonts(Path(folder))
        for figure in FIGURES.values():
            for name in figure.SIZES:
                files = {theme: OUT / f"{figure.NAME}-{name}-{theme}.webp" for theme in THEMES}
                picture = f"{figure.NAME}-{name}"
                if written.get(picture) == wanted[picture] and all(file.exists() for file in files.values()):
                    continue
                count += 1
                for theme, file in files.items():
                    file.write_bytes(poster(figure, name, theme))
    for file in OUT.glob("*.webp"):
        if file.stem.rpartition("-")[0] not in wanted:
            file.unlink()
    INDEX.write_text(json.dumps(wanted, indent=2) + "\n")
    make_small(everything)
    print(f"posters: {count} drawn, {sum(file.stat().st_size for file in OUT.glob('*.webp')) / 1000:.1f} kB in all")


if __name__ == "__main__":
    main(everything="all" in sys.argv[1:])
