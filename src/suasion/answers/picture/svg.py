"""A drawing made small, that follows the reader's light or dark setting."""

from __future__ import annotations

import hashlib
import re

from suasion.answers.picture import theme

_LONG_DECIMAL = re.compile(r"(\d+\.\d)\d+")
_PLACES = re.compile(r' (?:d|transform)="[^"]*"')
"""Attributes in which decimals may be cut; never in text, where they are results."""
_UNUSED = re.compile(
    r' (?:aria-[a-z]+|role|pointer-events|stroke-miterlimit)="[^"]*"| (?:opacity|stroke-width)="1"'
    r'| font-family="[^"]*"| font-size="12px"'
)
"""What has no effect in a picture that is shown as one named image, or is said once at its root."""

_EMPTY = re.compile(r'<path class="(?:back|fore)ground" d="(?:M0,0h0v0h0Z)?"(?: display="none")?/>')


_CLIP = re.compile(r"\bclip\d+\b")


def _own_clips(svg: str) -> str:
    """Name what parts are clipped by after the drawing: the counter goes on from one drawing to the next."""
    places = {name: place for place, name in enumerate(dict.fromkeys(_CLIP.findall(svg)))}
    mark = hashlib.sha256(_CLIP.sub("", svg).encode()).hexdigest()[:8]
    return _CLIP.sub(lambda found: f"clip{mark}_{places[found[0]]}", svg)


def compact(svg: str) -> str:
    """Shorten long decimals and add the style sheet for the dark."""
    short = _UNUSED.sub("", _PLACES.sub(lambda found: _LONG_DECIMAL.sub(r"\1", found[0]), svg))
    short = _own_clips(_EMPTY.sub("", short))
    family = theme.FONT.replace("'", "")
    fonts = f'font-family="{family}" font-size="12"'
    return re.sub(
        r"<svg([^>]*)>", rf"<svg\1 {fonts}><style>{theme.dark_style(short)}</style>", short, count=1
    )
