"""Typed tables of single facts: treaties, positions, exercises, deliveries; each row with the source that was read.

``pacts.toml`` treaties and their members; ``positions.toml`` positions on named disputes with their coding rules;
``events.toml`` exercises and joint operations; ``record.toml`` all other facts on pairs; ``organisations.toml`` what
the World Factbook lists under organizations and is none; ``PROVENANCE.md`` where the computed objects beside them come
from. A judgement says so with the word ``assumption``.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from suasion.files import shipped

__all__ = ["EXAMPLES", "read_table"]

EXAMPLES = Path(__file__).parents[1] / "examples"
"""Folder of the files of judgements that ship, each under its name."""


@cache
def read_table(name: str) -> dict[str, Any]:
    """Return one of the typed tables; read once and not to be changed.

    Parameters
    ----------
    name : file name, such as ``"pacts.toml"``

    Raises
    ------
    SourceFileError
        If the installation lacks the file, or it is damaged.
    """
    return shipped(__name__, name, tomllib.load)
