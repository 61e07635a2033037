"""How pages, charts and papers look: colours, sizes of type, and the two fonts, with the width of every letter.

``tokens.css`` has the colours as variables for light, dark and print; ``base.css`` what pages are set with. Files carry
both with the fonts inside; served pages link the same text. A drawing names the variables too, and :func:`painted`
puts the colours of one theme in their place for what is no page.
"""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from functools import cache
from typing import Literal

from suasion.files import shipped_bytes, shipped_text

Theme = Literal["light", "dark", "print"]
Face = Literal["sans", "sans-bold", "serif"]
FACES: dict[Face, tuple[str, str]] = {
    "sans": ("Suasion Sans", "400"),
    "sans-bold": ("Suasion Sans", "600 700"),
    "serif": ("Suasion Serif", "600"),
}
"""Family and weights of each file of a font."""
WIDEST = 660
"""Width of a letter without a known one, in thousandths of an em: nearly the widest of the common ones."""


@cache
def _text(name: str) -> str:
    return shipped_text(__name__, name).strip()


def style_sheet() -> str:
    """Return fonts, colours and what pages are set with as one style sheet."""
    return "\n".join((faces(), plain_sheet()))


def plain_sheet() -> str:
    """Return the style sheet without its fonts, for pages that get them as files."""
    return "\n".join((_text("tokens.css"), _text("base.css")))


def tokens_sheet() -> str:
    """Return the colours alone as a style sheet, for an image that follows the reader's light or dark setting."""
    return _text("tokens.css")


@cache
def faces() -> str:
    """Return the rules that bring the fonts along, for a page that reads nothing from elsewhere."""
    return "\n".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:block;'
        f'src:url(data:font/woff;base64,{base64.b64encode(packed(face)).decode()}) format("woff")}}'
        for face, (family, weight) in FACES.items()
    )


def packed(face: Face) -> bytes:
    """Return a font as a WOFF file."""
    return shipped_bytes(__name__, f"fonts/{face}.woff")


def unpacked(face: Face) -> bytes:
    """Return a font as a TrueType file, for what reads no WOFF."""
    data = packed(face)
    flavour, _, count = struct.unpack(">4sIH", data[4:14])
    entries = [struct.unpack(">4sIIII", data[44 + 20 * k : 64 + 20 * k]) for k in range(count)]
    power = count.bit_length() - 1
    head = struct.pack(">4sHHHH", flavour, count, 16 << power, power, 16 * (count - (1 << power)))
    place, table, body = 12 + 16 * count, b"", b""
    for tag, at, small, full, check in entries:
        part = data[at : at + small]
        part = zlib.decompress(part) if small < full else part
        table += struct.pack(">4sIII", tag, check, place + len(body), full)
        body += part + b"\0" * (-full % 4)
    return head + table + body


@cache
def tokens(theme: Theme = "light") -> dict[str, str]:
    """Return the colours of a theme by name.

    Returns: ``{"paper": "#FBFAF6", ...}``, the names of ``tokens.css`` without their dashes in front.
    """
    light, dark, paper = re.split(r"@media[^{]*", _text("tokens.css"))
    text = {"light": light, "dark": dark, "print": paper}[theme]
    return dict(re.findall(r"--([\w-]+):(#\w{6})", text))


def painted(svg: str, theme: Theme = "light") -> str:
    """Return a drawing with the colours of a theme in place of the names of its variables."""
    colours = tokens(theme)
    return re.sub(r"var\(--([\w-]+)\)", lambda found: colours[found[1]], svg)


@cache
def _widths() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = json.loads(_text("fonts/widths.json"))
    return found


def width(text: str, size: float, face: Face = "sans") -> float:
    """Return the width of a line of text in pixels, without kerning, which only makes it narrower.

    size: of the type, in pixels.
    """
    letters = _widths()[face]
    return sum(letters.get(letter, WIDEST) for letter in text) * size / 1000.0
