"""Cuts the site's fonts down to what it writes: `python -m tools.fonts SERIF.tgz SANS.tgz MATH.tgz`.

The archives are the npm packages @fontsource-variable/source-serif-4, @fontsource-variable/instrument-sans and
@fontsource/stix-two-math (all under the SIL Open Font License); the results stand in assets/fonts. Formulas take
their letters from the serif, so that they match the text, and their operators and spacing from STIX Two Math.
Also prints the style sheet's fallback faces: the reader's own Times and Arial, scaled to take the same room, so that
the lines break alike before and after the fonts arrive. Liberation Serif and Sans, which have the same widths as
Times and Arial, are measured in their stead.
"""

from __future__ import annotations

import html
import io
import re
import sys
import tarfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "assets" / "fonts"
LIBERATION = Path("/usr/share/fonts/truetype/liberation")

TEXT = [*range(0x20, 0x7F), *map(ord, "\u00a0\u2009–—‘’“”…·×−±²³©éöüä§")]
OPERATORS = [*map(ord, " +−=<>≤≥/|·×∗←→∑∂∇√′…,"), 0x2061, 0x2062, 0x1D715]  # the last is ∂ as a variable's name
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
DRAWN = {
    "✓": (710, ((38, 283), (102, 337), (252, 163), (606, 664), (674, 616), (258, 27))),
    "→": (
        900,
        ((60, 378), (690, 378), (520, 548), (576, 604), (840, 340), (576, 76), (520, 132), (690, 302), (60, 302)),
    ),
    "′": (270, ((70, 490), (140, 740), (230, 740), (120, 490))),
}
"""Signs that the sans has not: how wide each is, and its outline, in thousandths of an em. What no font of ours has,
a browser looks for in all of the reader's while the page waits, and finds another for each reader."""
FENCES = [*map(ord, "()")]
"""Round brackets that stretch, in a font of their own: where the other has them, a browser stretches every pair. The
operators are there too, since WebKit takes what may stretch from an element's first font alone, or leaves it out."""
LETTERS = {**{0x1D434 + i: 65 + i for i in range(26)}, **{0x1D44E + i: 97 + i for i in range(26) if i != 7}}
LETTERS[0x210E] = ord("h")  # the italic h has had a place of its own since before the others came
GREEK = {0x1D6FC + i: 0x3B1 + i for i in range(25)}
GREEK_USED = [0x1D6FC + "αβγδεζηθικλμνξοπρςσ".index(letter) for letter in "αβδησ"]


def cut(font: TTFont, characters: list[int], features: tuple[str, ...] = ()) -> TTFont:
    """Return the font with only these characters and features."""
    options = Options()
    options.layout_features = list(features)
    options.hinting = False
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    return font


def with_signs(font: TTFont) -> TTFont:
    """Return the font with subscripts made of its digits, a cross made of its times sign, and what is DRAWN."""
    now = font.getBestCmap()
    del font["HVAR"]  # it would have to tell of the new signs' widths too, which do not change

    def add(sign: str, pen: TTGlyphPen, advance: float) -> None:
        name, glyph = f"u{ord(sign):04X}", pen.glyph()
        font["glyf"][name], font["gvar"].variations[name] = glyph, []
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (round(advance), glyph.xMin)
        for table in font["cmap"].tables:
            table.cmap[ord(sign)] = name

    def of(sign: str, source: str, scale: float, right: float, up: float) -> None:
        pen = TTGlyphPen(font.getGlyphSet())
        pen.addComponent(now[ord(source)], (scale, 0, 0, scale, right, up))
        add(sign, pen, font["hmtx"][now[ord(source)]][0] * scale + 2 * right)

    for digit, sign in enumerate(SUBSCRIPTS):
        of(sign, str(digit), 0.64, 8, -150)
    of("✗", "×", 1.4, -20, -190)
    for sign, (advance, outline) in DRAWN.items():
        pen = TTGlyphPen(None)
        pen.moveTo(outline[0])
        for place in outline[1:]:
            pen.lineTo(place)
        pen.closePath()
        add(sign, pen, advance)
    return font


def mapped(font: TTFont, places: dict[int, int]) -> TTFont:
    """Return the font with its characters moved: place -> the character whose glyph shall stand there."""
    now = font.getBestCmap()
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.cmap = {place: now[source] for place, source in places.items()}
    font["cmap"].tables = [table]
    return font


def woff2(font: TTFont) -> bytes:
    """Return the font as the bytes of a woff2 file."""
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def fonts(member: dict[str, bytes]) -> dict[str, TTFont]:
    """Return the site's fonts by file name, from the packages' files."""

    def source(name: str, characters: list[int], weight: object, features: tuple[str, ...] = ()) -> TTFont:
        font = cut(TTFont(io.BytesIO(member[f"{name}.woff2"])), characters, features)
        return instantiateVariableFont(font, {"wght": weight}) if weight else font

    text = ("kern", "liga", "tnum", "mark", "ccmp")
    greek = [GREEK[place] for place in GREEK_USED]
    return {
        "serif": source("source-serif-4-latin-wght-normal", TEXT, (400, 400, 700), text),
        "serif-italic": source("source-serif-4-latin-wght-italic", TEXT, (400, 400, 500), text),
        "sans": with_signs(source("instrument-sans-latin-wght-normal", [*TEXT, ord("°")], (400, 400, 700), text)),
        "math": source("stix-two-math-latin-400-normal", OPERATORS, None),
        "math-tall": source("stix-two-math-latin-400-normal", [*OPERATORS, *FENCES], None),
        "math-letters": letters(
            source("source-serif-4-latin-wght-italic", list(LETTERS.values()), 400),
            source("source-serif-4-greek-wght-italic", greek, 400),
        ),
    }


def letters(latin: TTFont, greek: TTFont) -> TTFont:
    """Return the italic's letters at the places where MathML looks for a variable's name."""
    files = []
    for font in (latin, greek):
        for table in ("STAT", "HVAR", "MVAR", "avar", "GPOS", "GSUB", "GDEF", "BASE"):
            if table in font:
                del font[table]
        font.flavor = None
        file = io.BytesIO()
        font.save(file)
        file.seek(0)
        files.append(file)
    both = Merger().merge(files)
    return mapped(both, LETTERS | {place: GREEK[place] for place in GREEK_USED})


def width(font: TTFont, text: str) -> float:
    """Return how wide a text runs, in ems."""
    cmap, metrics = font.getBestCmap(), font["hmtx"]
    return sum(metrics[cmap[ord(sign)]][0] for sign in text if ord(sign) in cmap) / font["head"].unitsPerEm


def words(page: str, pattern: str) -> str:
    """Return the text of the page's elements that match, without the formulas in them."""
    found = " ".join(re.findall(pattern, page, flags=re.DOTALL))
    text = html.unescape(re.sub(r"<math.*?</math>|<[^>]*>", "", found, flags=re.DOTALL))
    return re.sub(r"\s+", " ", text)


def fallback(name: str, font: TTFont, weight: int, local: Path, names: str, text: str) -> str:
    """Return the face that makes the reader's own font run as wide and stand as high as the site's."""
    at_weight = instantiateVariableFont(font, {"wght": weight})
    scale = width(at_weight, text) / width(TTFont(local), text)
    em, line = font["head"].unitsPerEm, font["hhea"]
    ascent, descent = line.ascent / em / scale, -line.descent / em / scale
    sources = ", ".join(f'local("{each}")' for each in names.split("|"))
    return (
        f'@font-face {{ font-family: "{name} Fallback"; src: {sources}; font-weight: {weight}; '
        f"size-adjust: {scale:.2%}; ascent-override: {ascent:.2%}; descent-override: {descent:.2%}; "
        "line-gap-override: 0%; }"
    )


def main() -> None:
    """Write the fonts and their licences, print their sizes and the fallback faces."""
    member = {}
    for archive in map(Path, sys.argv[1:]):
        with tarfile.open(archive) as tar:
            for entry in tar:
                content = tar.extractfile(entry)
                name = Path(entry.name).name
                if content is not None and name.endswith(".woff2"):
                    member[name] = content.read()
                elif content is not None and name == "LICENSE":
                    family = re.sub(r"fontsource-(variable-)?|-[\d.]+$", "", archive.stem)
                    (OUT / f"{family}-OFL.txt").write_bytes(content.read())
    for name, font in fonts(member).items():
        data = woff2(font)
        (OUT / f"{name}.woff2").write_bytes(data)
        print(f"{name}.woff2: {len(data)} bytes, {len(font.getBestCmap())} characters")
    page = (ROOT / "index.html").read_text("utf-8")
    plain_text, headings = words(page, r"<p.*?</p>"), words(page, r"<h[12].*?</h[12]>")
    for name, file, plain, bold, local in (
        ("Source Serif 4", "serif", "Serif-Regular", "Serif-Bold", "Times New Roman|Liberation Serif"),
        ("Instrument Sans", "sans", "Sans-Regular", "Sans-Bold", "Arial|Liberation Sans"),
    ):
        for weight, style, ending, text in ((400, plain, "", plain_text), (650, bold, " Bold", headings)):
            source = TTFont(OUT / f"{file}.woff2")
            names = "|".join(each + ending for each in local.split("|"))
            print(fallback(name, source, weight, LIBERATION / f"Liberation{style}.ttf", names, text))


if __name__ == "__main__":
    main()
