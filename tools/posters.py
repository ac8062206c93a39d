"""Draws the posters: each figure's pictures as it opens, light and dark.

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
    print(f"posters: {count} drawn, {sum(file.stat().st_size for file in OUT.glob('*.webp')) / 1000:.1f} kB in all")


if __name__ == "__main__":
    main(everything="all" in sys.argv[1:])
