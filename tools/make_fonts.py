"""Make the fonts of pages and charts from the variable fonts of two npm packages, and the widths of their letters.

``npm pack @fontsource-variable/source-sans-3 @fontsource-variable/source-serif-4``, unpack both, then
``python tools/make_fonts.py FOLDER`` with fonttools installed; FOLDER holds the unpacked ``*.woff2``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

OUT = Path(__file__).resolve().parents[1] / "src" / "suasion" / "answers" / "style" / "fonts"
LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x100), 0x131, 0x152, 0x153, 0x2212, 0x20AC, 0x2022, 0x2026]
LETTERS += [0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2191, 0x2193, 0x2032]
CUTS = (
    ("sans", "source-sans-3-latin-wght-normal.woff2", "Suasion Sans", 400),
    ("sans-bold", "source-sans-3-latin-wght-normal.woff2", "Suasion Sans", 650),
    ("serif", "source-serif-4-latin-wght-normal.woff2", "Suasion Serif", 600),
)
FEATURES = ["kern", "lnum", "tnum", "ccmp", "mark"]


def cut(source: Path, family: str, weight: int) -> TTFont:
    """Return one weight of a variable font with the letters of the languages that pages are written in."""
    font = instantiateVariableFont(TTFont(source), {"wght": weight})
    options = subset.Options(layout_features=FEATURES, hinting=False, name_IDs=[0, 5, 13, 14])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)
    # Resvg and browsers choose by family and weight: a bold has 700, whatever its drawing.
    style = "Regular" if weight == 400 else "Bold"
    named = {
        1: family,
        2: style,
        3: f"{family} {weight}",
        4: f"{family} {style}",
        6: f"{family.replace(' ', '')}-{style}",
    }
    for place, text in named.items():
        font["name"].setName(text, place, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 400 if weight == 400 else 700
    font.flavor = "woff"
    return font


def main() -> None:
    """Write fonts and widths."""
    folder, widths = Path(sys.argv[1]), {}
    for name, file, family, weight in CUTS:
        font = cut(next(folder.rglob(file)), family, weight)
        font.recalcTimestamp = False
        font.save(OUT / f"{name}.woff")
        em, letters = font["head"].unitsPerEm, font.getBestCmap()
        widths[name] = {
            chr(code): round(1000 * font["hmtx"][glyph][0] / em) for code, glyph in letters.items()
        }
    text = json.dumps(widths, ensure_ascii=False, separators=(",", ":"))
    (OUT / "widths.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
