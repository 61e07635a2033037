"""WITS (UNCTAD TRAINS): applied tariffs by importer and exporter, as its advanced query delivers them.

One CSV with a row for each reporter, partner, product and kind of duty. Effectively applied rates (``AHS``) are
averaged over products, weighted by imports; a partner without stated imports has the simple average. The rates of the
European Union are those of each member.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from suasion.errors import DataError, SourceFileError, UnknownCountryError
from suasion.sources.countries import resolve_country
from suasion.sources.groups import expand
from suasion.sources.ir_files import csv_table, existing, refuse_lacking

CITATION = "World Bank, World Integrated Trade Solution (WITS), UNCTAD TRAINS"
ADVICE = "Ask for effectively applied rates (AHS) by product at wits.worldbank.org, advanced query, and give the CSV."
APPLIED = "AHS"
NAMES = {
    "Reporter Name": "importer",
    "Partner Name": "exporter",
    "Reporter": "importer_code",
    "Partner": "exporter_code",
    "Tariff Year": "year",
    "DutyType": "duty",
    "Simple Average": "simple",
    "Weighted Average": "weighted",
    "Imports Value in 1000 USD": "imports",
}
"""Heads; files differ in their blanks and capitals."""
UNION = "European Union"
EVERYBODY = "World"


def read_wits(path: str | Path, year: int | None = None) -> pd.DataFrame:
    """Read applied tariffs of pairs.

    path: the CSV.
    year: year of the tariffs; the last of each importer without it.
    Returns: ``importer``, ``exporter`` (alpha-3), ``year``, ``tariff`` (fraction, mean over products),
      ``imports`` (million USD, 0 where not stated). What is no state is left out; ``attrs["left_out"]`` names it.
    Raises SourceFileError if the file is absent or another one, or has no applied rates.
    Raises DataError if a rate is negative.
    """
    file = existing(path, ADVICE)
    raw = csv_table(file, ADVICE, dtype=str, keep_default_na=False, sep=None, engine="python")
    heads = {_bare(name): name for name in NAMES}
    raw = raw.rename(columns={name: heads.get(_bare(name), name) for name in raw})
    refuse_lacking(file, raw, list(NAMES), f"not a table of tariffs from WITS? {ADVICE}")
    rows = raw.rename(columns=NAMES)[raw["DutyType"] == APPLIED]
    rows = rows.assign(
        **{name: pd.to_numeric(rows[name]) for name in ("year", "simple", "weighted", "imports")}
    )
    last = rows.groupby("importer_code")["year"].transform("max") if year is None else year
    rows = rows[rows["year"] == last]
    if rows.empty:
        raise SourceFileError(f"{file} has no applied rates{'' if year is None else f' of {year}'}. {ADVICE}")
    if (rows[["simple", "weighted"]] < 0).to_numpy().any():
        raise DataError(f"{file} has negative rates. {ADVICE}")
    return _by_country(_means(rows))


def _bare(head: object) -> str:
    return str(head).replace(" ", "").lower()


def _means(rows: pd.DataFrame) -> pd.DataFrame:
    """Mean rates over products, by pair of codes."""
    imports = rows["imports"].fillna(0.0)
    rate = rows["weighted"].where(imports > 0, rows["simple"]).fillna(rows["simple"])
    keys = ["importer_code", "importer", "exporter_code", "exporter", "year"]
    table = rows.assign(rate=rate, imports=imports, bill=rate * imports)
    found = table.groupby(keys, as_index=False).agg(
        rate=("rate", "mean"), bill=("bill", "sum"), imports=("imports", "sum")
    )
    weighted = found["bill"] / found["imports"].where(found["imports"] > 0)
    return found.assign(tariff=weighted.fillna(found["rate"]) / 100.0, imports=found["imports"] / 1000.0)


def _by_country(table: pd.DataFrame) -> pd.DataFrame:
    """Rows by alpha-3; a rate of the Union is one of each member, which has none with another."""
    sides = {
        side: [
            _countries(*row) for row in zip(table[f"{side}_code"], table[side], table["year"], strict=True)
        ]
        for side in ("importer", "exporter")
    }
    columns = {"year": table["year"], "tariff": table["tariff"], "imports": table["imports"]}
    made = pd.DataFrame({**sides, **columns})
    made["imports"] /= np.maximum(made["importer"].map(len), 1)
    made = made.explode("importer").dropna()
    made["imports"] /= np.maximum(made["exporter"].map(len), 1)
    made = made.explode("exporter").dropna()
    made = made[made["importer"] != made["exporter"]]
    made = made.drop_duplicates(["importer", "exporter"]).reset_index(drop=True)
    lost = {
        name: None
        for side, found in sides.items()
        for name, codes in zip(table[side], found, strict=True)
        if not codes
    }
    made.attrs["left_out"] = tuple(name for name in lost if name != EVERYBODY)
    return made


def _countries(code: str, name: str, year: int) -> tuple[str, ...]:
    """States that a code and name stand for: one, the members of the Union, or none for another group."""
    for text in (code, name):
        try:
            return (resolve_country(text),)
        except UnknownCountryError:
            continue
    return expand(["EU"], int(year)) if name == UNION else ()
