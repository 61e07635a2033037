"""A drawing made small, that follows the reader's light or dark setting."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

from suasion.answers.picture import theme

_LONG_DECIMAL = re.compile(r"(\d+\.\d)\d+")
_PLACES = re.compile(r' (?:d|transform)="[^"]*"')
"""Attributes in which decimals may be cut; never in text, where they are results."""
_UNUSED = re.compile(
    r' (?:aria-[a-z]+|role|pointer-events|stroke-miterlimit|version|xmlns:xlink)="[^"]*"| (?:opacity|stroke-width)="1"'
    r'| font-family="[^"]*"| font-size="12px"| transform="translate\(0,0\)"'
)
"""What has no effect in a picture that is shown as one named image, or is said once at its root."""

_EMPTY = re.compile(
    r'<path class="background" d="[^"]*"/>|<path class="(?:back|fore)ground" d="(?:M0,0h0v0h0Z)?"(?: display="none")?/>'
)
"""Painted with nothing."""
_OUTLINE = re.compile(r'(?<= d=")(?:[ML]-?[\d.]+,-?[\d.]+|Z)+(?=")')


def _relative(outline: re.Match[str]) -> str:
    """Outline whose points are relative to the one before, to a tenth of a pixel: half of the letters."""
    parts, x, y = [], 0, 0
    for letter, *place in re.findall(r"([MLZ])(?:(-?[\d.]+),(-?[\d.]+))?", outline[0]):
        if letter == "Z":
            parts.append("Z")
            continue
        right, down = (round(10 * float(one)) for one in place)
        at = (right, down) if letter == "M" else (right - x, down - y)
        step = re.sub(r"(?<!\d)0(?=\.)", "", f"{at[0] / 10:g} {at[1] / 10:g}").replace(" -", "-")
        # After the first of them a line needs no letter, and a sign ends the number before it.
        first = letter if letter == "M" else "l" if parts[-1][0] in "MZ" else "" if step[0] == "-" else " "
        parts.append(first + step)
        x, y = right, down
    return "".join(parts)


_CLIP = re.compile(r"\bclip\d+\b")


def _own_clips(svg: str) -> str:
    """Name what parts are clipped by after the drawing: the counter goes on from one drawing to the next."""
    places = {name: place for place, name in enumerate(dict.fromkeys(_CLIP.findall(svg)))}
    mark = hashlib.sha256(_CLIP.sub("", svg).encode()).hexdigest()[:8]
    return _CLIP.sub(lambda found: f"clip{mark}_{places[found[0]]}", svg)


def compact(svg: str) -> str:
    """Shorten long decimals and add the style sheet for the dark."""
    short = _UNUSED.sub("", _PLACES.sub(lambda found: _LONG_DECIMAL.sub(r"\1", found[0]), svg))
    short, left = _own_clips(_EMPTY.sub("", _OUTLINE.sub(_relative, short))), 1
    while left:
        short, left = re.subn(r"<g[^>]*></g>", "", short)
    family = theme.FONT.replace("'", "")
    fonts = f'font-family="{family}" font-size="12"'
    return re.sub(
        r"<svg([^>]*)>", rf"<svg\1 {fonts}><style>{theme.dark_style(short)}</style>", short, count=1
    )


_SAFE = " ()<>=:;,/!@*+$?|[]{}~^`'-_."
"""Nothing here ends an attribute in double quotes or begins another part of an address."""


def data_address(svg: str) -> str:
    """Return a drawing as the address of an image, for an attribute in double quotes."""
    # Inside tags single quotes serve as well, and need no escape; classes are for those who count marks.
    single = re.sub(r"<[^>]*>", lambda tag: re.sub(r' class="[^"]*"', "", tag[0]).replace('"', "'"), svg)
    return f"data:image/svg+xml,{quote(single, safe=_SAFE)}"
