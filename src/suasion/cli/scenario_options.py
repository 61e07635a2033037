"""Measures as options of a command: ``--tariff USA:CHN:60%`` is the line ``tariff 60 USA on CHN``."""

from __future__ import annotations

import re

from suasion.errors import InputError
from suasion.instruments import instruments

_SIZE = re.compile(r"[-+]?\d+(?:\.\d+)?%?")


def example_of(kind: str) -> str:
    """Return what an option may hold, as its help shows it.

    kind: Of :func:`suasion.instruments.spoken`.
    """
    return instruments()[kind]["example"]


def line_of(kind: str, text: str) -> str:
    """Return the line of a scenario that an option stands for.

    kind: Of :func:`suasion.instruments.spoken`.
    text: Who, on whom, how much and in what, with colons between; who, how much and in what as far as the
      kind has them.
    Raises InputError if it has other parts.
    """
    parts = [part.strip() for part in text.split(":")]
    example = example_of(kind).split(":")
    sized = bool(_SIZE.fullmatch(example[-1]))
    count = len(example[:-1] if sized else example)
    sides, rest = parts[:count], parts[count:]
    size = rest.pop(0).removesuffix("%") if rest and _SIZE.fullmatch(rest[0]) else ""
    if not all(parts) or len(sides) != count or len(rest) > 1 or bool(size) != sized:
        option, shown = f"--{kind.replace('_', '-')}", example_of(kind)
        raise InputError(
            f"{option} {text!r} cannot be read; write {option} {shown}, with goods {shown}:chips."
        )
    who = " ".join((*sides[:-1], "on", sides[-1]))
    return " ".join(filter(None, (kind, size, who, f"in {rest[0]}" if rest else "")))
