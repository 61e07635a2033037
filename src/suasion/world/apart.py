"""Facts on which a usual world and the record part beyond the ranges of both, as `tools/contradictions.py` found them.

Each is told beside both numbers, with its kind of reason, wherever a loss rests on it.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from suasion.files import shipped
from suasion.world.load import usual_key
from suasion.world.world import World

FILE = "apart.csv"
COLUMNS = ("year", "exporter", "importer", "industry", "world", "record", "reason")


@cache
def facts_apart() -> pd.DataFrame:
    """All of them, 2011 to 2024.

    Returns: ``year``, ``exporter``, ``importer``, ``industry`` (empty for all goods), ``world`` and ``record`` (customs
      as the table counts them), million USD, ``reason`` (a word of ``apart``).
    """
    text = dict.fromkeys(("exporter", "importer", "industry", "reason"), str)
    return shipped("suasion.world", FILE, lambda file: pd.read_csv(file, dtype=text, keep_default_na=False))


def facts_between(world: World, a: str, b: str) -> pd.DataFrame:
    """Return those of two economies, either way, in a world's year; none for a world that is no usual one."""
    found = facts_apart()
    if not usual_key(world):
        return found.head(0)
    sides = found["exporter"].isin([a, b]) & found["importer"].isin([a, b])
    return found[sides & (found["year"] == world.year)]
