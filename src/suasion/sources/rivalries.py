"""Strategic rivalries: pairs of states that see each other as threatening competitors, by spell, to 2020.

Thompson, Sakuwa and Suhas (2021), or the older list of Thompson and Dreyer (2012) to 2010. A spell that ends in the
last year of the list was still going on.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from suasion.errors import DataError
from suasion.sources.cow_system import years_of
from suasion.sources.ir_files import layout, locate, raw_table, read_layout

KINDS = ("positional", "spatial", "ideological", "interventionary")
"""What a rivalry is about."""

LAYOUT = layout("rivalries")
AUSTRIA_FROM = 1919
"""First year in which a rivalry of Austria-Hungary (300) that goes on is Austria's (305)."""


def read_rivalries(path: str | Path) -> pd.DataFrame:
    """Read spells of rivalry.

    path: ``tss_rivalries.rda`` or ``td_rivalries.rda`` of peacesciencer, or a folder.
    Returns: ``rivalry`` (number), ``name``, ``cow1`` < ``cow2``, ``start``, ``end`` (years, both inside),
      ``positional``, ``spatial``, ``ideological``, ``interventionary`` (bool).
    Raises SourceFileError if the file is absent or another one.
    Raises DataError if a spell ends before it begins.
    """
    file = locate(path, LAYOUT.names)
    table = read_layout(file, LAYOUT)
    if table[list(KINDS)].isna().all(axis=None):
        table[list(KINDS)] = _kinds_of_old_list(file)
    table[list(KINDS)] = table[list(KINDS)].astype("float64").fillna(0) > 0
    wrong = table[table["end"] < table["start"]]
    if len(wrong):
        raise DataError(f"{file}: the rivalry {wrong['name'].iloc[0]} ends before it begins.")
    return table


def rivalry_years(spells: pd.DataFrame, first_year: int = 1816) -> pd.DataFrame:
    """Rivalries by pair and year; several of a pair at once count as one, of all their kinds.

    spells: as :func:`read_rivalries` returns it.
    first_year: years before are left out.
    Returns: ``cow1``, ``cow2``, ``year`` and the four kinds (bool), one row a pair and year. Austria-Hungary
      becomes Austria in 1919.
    """
    rows, year = years_of(np.maximum(spells["start"].to_numpy(), first_year), spells["end"].to_numpy())
    table = spells.iloc[rows].reset_index(drop=True).assign(year=year)
    for side in ("cow1", "cow2"):
        table[side] = table[side].mask((table[side] == 300) & (table["year"] >= AUSTRIA_FROM), 305)
    return table.groupby(["cow1", "cow2", "year"], as_index=False)[list(KINDS)].any()


def _kinds_of_old_list(file: Path) -> pd.DataFrame:
    """Kinds from the columns ``type1`` to ``type3`` of the list of 2012."""
    raw = raw_table(file, LAYOUT.advice).reset_index(drop=True)
    types = raw[[c for c in ("type1", "type2", "type3") if c in raw]].astype("string").fillna("")
    return pd.DataFrame({kind: (types == kind).any(axis=1) for kind in KINDS})
