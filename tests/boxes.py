"""Where labels stand in a drawing."""

from __future__ import annotations

import re

from suasion.answers.picture.inline.canvas import Box


def apart(one: Box, other: Box) -> bool:
    """Whether two labels do not meet, but for two pixels: letters do not fill their boxes."""
    return (
        one.right < other.left + 2
        or other.right < one.left + 2
        or one.bottom < other.top + 2
        or other.bottom < one.top + 2
    )


MARK = re.compile(
    r'stroke="var\(--paper\)" stroke-width="1.6"|fill="var\(--paper\)" stroke="var\(--\w+\)" stroke-width="2.2"'
)
"""A mark of a number: full, or hollow."""
TEXT = re.compile(r'<text x="([-\d.]+)" y="([-\d.]+)" font-size="([\d.]+)"([^>]*)>([^<]*)</text>')
"""A line of text: its place, its size, its look, its words."""


def marks(svg: str) -> int:
    """Number of marks of a drawing."""
    return len(MARK.findall(svg))
