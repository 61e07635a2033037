"""Tariffs from the tables of others: WITS, tradewartracker, or one's own, as rates of a world's goods."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from suasion.errors import InputError
from suasion.files import is_file
from suasion.sources.groups import expand
from suasion.sources.measure_tables import read_measure_table
from suasion.sources.wits import read_wits

if TYPE_CHECKING:
    from suasion.world.world import World

OWN = {"importer", "exporter", "tariff"}
"""Columns of a table of one's own; ``sector`` may be a fourth. Rates are fractions."""
TRACKED = {"date", "country_name", "effective tariff"}
"""Columns of tradewartracker's ``country-by-time.csv``: points that the United States has added, by day."""


def rates_in(table: str | Path | pd.DataFrame, world: World, year: int | None = None) -> pd.DataFrame:
    """Return the rates of a table on the economies and goods of a world.

    table: a frame or CSV of ``importer``, ``exporter``, ``tariff`` and maybe ``sector``; applied rates as WITS delivers
      them; or tradewartracker's ``country-by-time.csv``, whose last day is laid on the rates that the world has.
    year: of the rates of WITS; the last of each importer without it.
    Returns: ``importer``, ``exporter``, ``sector``, ``tariff``; pairs outside the world are left out.
    Raises InputError: No pair of the table is in the world.
    Raises SourceFileError: It is none of these, or absent.
    """
    name = "The table" if isinstance(table, pd.DataFrame) else str(table)
    rows = table if isinstance(table, pd.DataFrame) else _read(Path(table), world, year)
    if lacking := OWN - set(rows):
        raise InputError(
            f"{name} lacks {', '.join(sorted(lacking))}. Give importer, exporter, tariff (0.1 is 10 %)."
        )
    inside = rows["importer"].isin(world.countries) & rows["exporter"].isin(world.countries)
    kept = rows.loc[inside, [one for one in ("importer", "exporter", "sector", "tariff") if one in rows]]
    if kept.empty:
        raise InputError(f"{name} has no pair of the world's {len(world.countries)} economies.")
    if "sector" in kept:
        return kept
    return kept.merge(pd.DataFrame({"sector": _goods(world)}), how="cross")


def _read(file: Path, world: World, year: int | None) -> pd.DataFrame:
    head = set(pd.read_csv(file, nrows=0)) if is_file(file) else set()
    if head >= OWN:
        return pd.read_csv(file, keep_default_na=False)
    return _tracked(file, world) if head >= TRACKED else read_wits(file, year)


def _tracked(file: Path, world: World) -> pd.DataFrame:
    """What the United States had added on the last day of a file, on top of what the world has."""
    last = [one for one in read_measure_table(file).measures if one.last is None]
    pairs = {(code, one.rate) for one in last for code in expand(list(one.targets), world.year)}
    known = {code: rate for code, rate in pairs if code in world.countries}
    present = world["tariff"].sel(importer="USA", exporter=list(known), sector=_goods(world))
    rows = present.to_series().rename("tariff").reset_index()
    return rows.assign(importer="USA", tariff=rows["tariff"] + rows["exporter"].map(known))


def _goods(world: World) -> list[str]:
    return [code for code in world.sectors if code < "D"]
