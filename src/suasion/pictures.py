"""A Vega-Lite specification as the content of a file: drawn offline, in the form that the file's ending names."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from suasion.errors import InputError
from suasion.extras import need

__all__ = ["LIVE", "STILL", "check_ending", "draw"]

STILL = (".svg", ".png")
LIVE = (*STILL, ".html")
"""Endings of pictures; ``.html`` is one page that loads nothing from elsewhere."""


def check_ending(ending: str, allowed: Sequence[str] = STILL) -> None:
    """Refuse a picture of another kind, before anything is computed.

    Parameters
    ----------
    ending : with its point
    allowed : endings that this picture can have

    Raises
    ------
    InputError
        The ending is not one of them.
    """
    if ending not in allowed:
        listed = " or ".join(allowed) if len(allowed) == 2 else ", ".join(allowed)
        raise InputError(
            f"A picture cannot be written as {ending or 'a file without ending'!r}; use {listed}."
        )


def draw(spec: Mapping[str, Any], ending: str, allowed: Sequence[str] = STILL) -> bytes:
    """Draw a specification.

    Parameters
    ----------
    spec : Vega-Lite, with its data inline: no address is ever opened
    ending, allowed : as for :func:`check_ending`

    Returns
    -------
    bytes
        Content of the file; PNG has twice the size in pixels.

    Raises
    ------
    InputError
        The ending is not one of those allowed.
    """
    check_ending(ending, allowed)
    vl_convert = need("vl_convert")  # slow to import
    text = json.dumps(spec)
    if ending == ".png":
        return bytes(vl_convert.vegalite_to_png(text, scale=2, allowed_base_urls=[]))
    if ending == ".html":
        return str(vl_convert.vegalite_to_html(text, bundle=True)).encode()
    return str(vl_convert.vegalite_to_svg(text, allowed_base_urls=[])).encode()
