"""Where labels stand in a drawing."""

from __future__ import annotations

from suasion.answers.picture.inline.canvas import Box


def apart(one: Box, other: Box) -> bool:
    """Whether two labels do not meet, but for two pixels: letters do not fill their boxes."""
    return (
        one.right < other.left + 2
        or other.right < one.left + 2
        or one.bottom < other.top + 2
        or other.bottom < one.top + 2
    )
