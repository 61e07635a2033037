"""OECD Inter-Country Input-Output tables, official CSV: one table a year, million USD, with the rest of the world.

Editions differ a little and are told apart by their labels. A row is ``AUS_A01_02`` for an industry; ``TLS``, ``VA``,
``VALU``, ``TAXSUB`` and ``OUT`` or ``OUTPUT`` are not sales and end the table. A column is an industry or a kind of
final use (``AUS_HFCE``); ``OUT`` or ``TOTAL`` is output. The extended tables split China into CN1 and CN2 and Mexico
into MX1 and MX2, by whether firms produce for export; they are summed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from suasion.errors import SourceFileError
from suasion.sources.ir_files import csv_table
from suasion.sources.world_table import WorldTable, check_year, pooled, year_file
from suasion.types import FloatArray

YEARS = range(1995, 2023)
DATASET = "OECD ICIO"
FINAL = (
    "HFCE",
    "NPISH",
    "GGFC",
    "GFCF",
    "INVNT",
    "INV",
    "NPS",
    "DIRP",
    "DPABR",
    "P33",
    "NONRES",
    "CONS_ABR",
    "FD",
    "DISC",
)
"""Kinds of final use in the several editions."""

OUTPUT = ("OUT", "OUTPUT", "TOTAL")
NOT_SALES = re.compile(r"(?:.*_)?(?:TLS|TXS_[A-Z_]*|VA|VALU|TAXSUB|OUT|OUTPUT|TOTAL)")
SPLITS = re.compile(r"(CN|MX)(\d)")
_WHOLE = {"CN": "CHN", "MX": "MEX"}


def read_icio(path: str | Path, year: int | None = None) -> WorldTable:
    """Read one year of the tables.

    path: the year's CSV (``2019_SML.csv``, ``2019.csv``, ``ICIO2021_2018.csv``), the zip archive that holds
      it, or a folder.
    year: year of the table.
    Returns: With ``ROW``; China and Mexico whole.
    Raises InputError if the year is not one of the tables.
    Raises SourceFileError if the file is absent, another one, or has a row or column that is not known;
      nothing is left out silently.
    """
    wanted = check_year(year, YEARS, DATASET)
    with year_file(path, rf"(?:ICIO20\d\d_)?{wanted}(?:[._]SML)?\.csv", wanted, DATASET) as (file, checksum):
        raw = csv_table(file, "Download it again.", index_col=0)
    return _table(raw, wanted, checksum)


def _table(raw: pd.DataFrame, year: int, checksum: str) -> WorldTable:
    rows = [str(r).strip() for r in raw.index]
    columns = [str(c).strip() for c in raw.columns]
    sellers = [r for r in rows if not NOT_SALES.fullmatch(r)]
    labels = [_label(r) for r in sellers]
    countries = tuple(dict.fromkeys(c for c, _ in labels))
    industries = tuple(dict.fromkeys(k for _, k in labels))
    if not labels or any("" in pair for pair in labels):
        raise SourceFileError(f"The table of {year} has no rows COUNTRY_INDUSTRY: not the OECD's CSV?")
    place = {
        (c, k): i * len(industries) + j for i, c in enumerate(countries) for j, k in enumerate(industries)
    }
    row_at = [place[_label(r)] if not NOT_SALES.fullmatch(r) else -1 for r in rows]
    buyer_at = [place.get(_label(c), -1) if c not in OUTPUT else -1 for c in columns]
    final_at = [-1 if b >= 0 else _final(c, countries) for b, c in zip(buyer_at, columns, strict=True)]
    _all_known(columns, buyer_at, final_at)
    values = raw.to_numpy(dtype=np.float64, na_value=np.nan)
    n, size = len(countries), len(place)
    return WorldTable(
        dataset=DATASET,
        year=year,
        countries=countries,
        industries=industries,
        inter=pooled(values, row_at, buyer_at, (size, size)),
        final=pooled(values, row_at, final_at, (size, n)),
        output=_output(values, row_at, columns, size),
        checksum=checksum,
        steps=_steps(sellers),
    )


def _label(text: str) -> tuple[str, str]:
    country, _, industry = text.partition("_")
    split = SPLITS.fullmatch(country)
    return (_WHOLE[split[1]] if split else country), industry


def _final(column: str, countries: Sequence[str]) -> int:
    """Place of the country of a column of final use, in either order of the label; -1 if it is none."""
    first, _, rest = column.partition("_")
    head, _, last = column.rpartition("_")
    for country, kind in ((first, rest), (last, head)):
        whole = _label(f"{country}_")[0]
        if whole in countries and (kind in FINAL or kind.startswith("HC")):
            return countries.index(whole)
    return -1


def _all_known(columns: Sequence[str], buyers: Sequence[int], final: Sequence[int]) -> None:
    unknown = [
        c for c, b, f in zip(columns, buyers, final, strict=True) if b < 0 and f < 0 and c not in OUTPUT
    ]
    if unknown:
        raise SourceFileError(
            f"The table has {len(unknown)} columns that are neither industry, final use nor output: "
            f"{', '.join(unknown[:6])}. Another edition than those known?"
        )


def _output(
    values: FloatArray, row_at: Sequence[int], columns: Sequence[str], size: int
) -> FloatArray | None:
    at = [0 if c in OUTPUT else -1 for c in columns]
    return pooled(values, row_at, at, (size, 1))[:, 0] if 0 in at else None


def _steps(sellers: Sequence[str]) -> tuple[str, ...]:
    parts = sorted({r.partition("_")[0] for r in sellers if SPLITS.fullmatch(r.partition("_")[0])})
    return (f"parts {', '.join(parts)} summed into their countries",) if parts else ()
