"""The list of instruments and what readers are told of each, from ``instruments.toml`` beside this module.

Nothing here imports a model: commands and completion know the instruments without one. The classes stand in
:mod:`suasion.equilibrium.scenario.instruments`, one for each kind.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache

from suasion.files import shipped

KEYS = {
    "name": "word.instrument",
    "offer": "offer",
    "verb": "offer.verb",
    "unit": "offer.unit",
    "remark": "remark",
}
"""Words of an instrument, and where a language has them."""


@cache
def instruments() -> Mapping[str, Mapping[str, str]]:
    """Return the words of each instrument by its kind."""
    found: Mapping[str, Mapping[str, str]] = shipped("suasion", "instruments.toml", tomllib.load)
    return found


def spoken() -> tuple[str, ...]:
    """Return the kinds that are functions of the package and options of commands; the others have a question's name."""
    return tuple(sorted(kind for kind, words in instruments().items() if "example" in words))


def class_name(kind: str) -> str:
    """Return the name of the class of a kind: ``ExportBan`` of ``export_ban``."""
    return kind.title().replace("_", "")


def classes() -> dict[str, str]:
    """Return the kind of each class by its name."""
    return {class_name(kind): kind for kind in instruments()}


def catalogued() -> Iterator[tuple[str, str]]:
    """Give the words of all instruments as a language has them, key by key."""
    for kind, words in instruments().items():
        for key, text in words.items():
            if key in KEYS:
                yield f"{KEYS[key]}.{kind}", text
            elif key.startswith("simulated"):
                yield f"word.simulated.{kind}{key.removeprefix('simulated')}", text
