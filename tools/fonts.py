"""Cuts the site's fonts down to what it writes: `python -m tools.fonts SERIF.tgz SANS.tgz`.

The archives are the npm packages @fontsource-variable/source-serif-4 and @fontsource-variable/instrument-sans
(both under the SIL Open Font License); the results stand in assets/fonts. Also prints the metrics with which a
local font takes the same room, for the style sheet's fallbacks, so that nothing moves when the fonts arrive.
"""

from __future__ import annotations

import io
import sys
import tarfile
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

OUT = Path(__file__).resolve().parent.parent / "assets" / "fonts"
SIGNS = "–—‘’“”…·×−±≈≤≥←→↑↓∂∇Δδσηπ√∑₀₁₂₃₄₅₆₇₈₉²³✓éöüä§©\u00a0\u2009"
UNICODES = [*range(0x20, 0x7F), *map(ord, SIGNS)]
MEMBERS = {
    "source-serif-4-latin-wght-normal.woff2": "serif.woff2",
    "source-serif-4-latin-wght-italic.woff2": "serif-italic.woff2",
    "instrument-sans-latin-wght-normal.woff2": "sans.woff2",
}


def cut(data: bytes) -> bytes:
    """Return the font with only our characters, in weights 400 to 700, as woff2."""
    font = TTFont(io.BytesIO(data))
    options = Options()
    options.layout_features = ["kern", "liga", "tnum", "mark", "mkmk", "ccmp", "locl"]
    options.flavor = "woff2"
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=UNICODES)
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"wght": (400, 400, 700)})
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def main() -> None:
    """Write the fonts and their licences."""
    for archive in sys.argv[1:]:
        with tarfile.open(archive) as tar:
            for member in tar:
                name = Path(member.name).name
                content = tar.extractfile(member)
                if content is None:
                    continue
                if name in MEMBERS:
                    data = cut(content.read())
                    (OUT / MEMBERS[name]).write_bytes(data)
                    head = TTFont(io.BytesIO(data))
                    metrics = head["hhea"]
                    print(
                        MEMBERS[name], len(data), "bytes; em", head["head"].unitsPerEm, "ascent", metrics.ascent,
                        "descent", metrics.descent, "gap", metrics.lineGap, "x", head["OS/2"].sxHeight,
                        "mean width", head["OS/2"].xAvgCharWidth,
                    )  # fmt: skip
                elif name == "LICENSE":
                    (OUT / f"{Path(archive).name.split('-variable-')[-1].rsplit('-', 1)[0]}-OFL.txt").write_bytes(
                        content.read()
                    )


if __name__ == "__main__":
    main()
