"""The unit of a column by its name: one for the whole house."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from suasion.errors import InputError
from suasion.files import shipped_text

BAND = ("_low", "_high")
"""A column with these endings beside it has a band: ``loss_percent``, ``loss_percent_low``, ``loss_percent_high``."""

BOUNDS = ("_least", "_most")
"""Endings of what a number is with judgements at the one and the other end of their ranges: no band of draws."""


@cache
def units() -> Mapping[str, str]:
    """Return the unit of every column by name."""
    text = shipped_text("suasion.schema", "columns.toml")
    return dict(tomllib.loads(text)["unit"])


def unit_of(name: str) -> str:
    """Return the unit of a column; an end of a band has that of its number.

    Raises InputError if no column of that name is known.
    """
    for ending in ("", *BAND):
        stem = name.removesuffix(ending) if ending else name
        if name.endswith(ending) and stem in units():
            return units()[stem]
    raise InputError(f"There is no column {name!r}: give it a unit in schema/columns.toml.")
