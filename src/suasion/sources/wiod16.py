"""World Input-Output Database, release of 2016: 44 regions, 56 industries, 2000 to 2014, million USD.

One R file a year, ``WIOT2014_October16_ROW.RData``, or the archive of all. Its table ``wiot`` has a row an industry and
country (``RNr`` 1 to 56) and further rows for taxes, margins, value added and output; columns ``AUS1`` to ``ROW56`` buy
for production, ``AUS57`` to ``ROW61`` for final use, ``TOT`` is output.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from suasion.errors import SourceFileError
from suasion.sources.ir_files import raw_table
from suasion.sources.world_table import WorldTable, check_year, pooled, year_file

YEARS = range(2000, 2015)
DATASET = "WIOD, 2016 release"
INDUSTRIES = 56
_CODES = {"ROM": "ROU", "RoW": "ROW"}
_COLUMN = re.compile(r"([A-Za-z]{3})\.?c?(\d+)")


def read_wiod16(path: str | Path, year: int | None = None) -> WorldTable:
    """Read one year of the release.

    path: the year's R file, the zip archive of all years, or a folder with either.
    year: 2000 to 2014.
    Raises InputError if the year is not in the release.
    Raises SourceFileError if the file is absent, another one, or of another year.
    """
    wanted = check_year(year, YEARS, DATASET)
    with year_file(path, rf"WIOT{wanted}_October16_ROW\.RData", wanted, DATASET) as (file, checksum):
        raw = raw_table(file, "Get it from rug.nl/ggdc/valuechain/wiod/wiod-2016-release.")
    needed = {"IndustryCode", "IndustryDescription", "Country", "RNr", "Year"}
    if not needed <= set(raw.columns):
        raise SourceFileError(
            f"The table of {wanted} has no {', '.join(sorted(needed - set(raw)))}: not WIOD 2016?"
        )
    given = {int(y) for y in raw["Year"].dropna().unique()}
    if given != {wanted}:
        raise SourceFileError(f"The file of {wanted} holds {', '.join(map(str, sorted(given)))}.")
    return _table(raw, wanted, checksum)


def _table(raw: pd.DataFrame, year: int, checksum: str) -> WorldTable:
    number = raw["RNr"].to_numpy(dtype=np.int64)
    country = [_CODES.get(c, c) for c in raw["Country"].astype(str)]
    sells = (number <= INDUSTRIES) & (np.array(country) != "TOT")
    regions = tuple(dict.fromkeys(c for c, s in zip(country, sells, strict=True) if s))
    codes = tuple(dict.fromkeys(raw.loc[sells, "IndustryCode"].astype(str)))
    size, at = len(regions) * len(codes), {c: i for i, c in enumerate(regions)}
    row_at = [at[c] * len(codes) + n - 1 if s else -1 for c, n, s in zip(country, number, sells, strict=True)]
    if len(codes) != INDUSTRIES or sorted(r for r in row_at if r >= 0) != list(range(size)):
        raise SourceFileError(
            f"The table of {year} has not {INDUSTRIES} industries in each region: not WIOD 2016?"
        )
    flows = [str(c) for c in raw.columns if _COLUMN.fullmatch(str(c)) or c == "TOT"]
    values = raw[flows].to_numpy(dtype=np.float64, na_value=np.nan)
    buyers, finals, output = zip(*(_place(name, at) for name in flows), strict=True)
    described = raw.loc[sells].drop_duplicates("IndustryCode")
    return WorldTable(
        dataset=DATASET,
        year=year,
        countries=regions,
        industries=codes,
        inter=pooled(values, row_at, buyers, (size, size)),
        final=pooled(values, row_at, finals, (size, len(regions))),
        output=pooled(values, row_at, output, (size, 1))[:, 0],
        checksum=checksum,
        names=dict(
            zip(
                described["IndustryCode"].astype(str),
                described["IndustryDescription"].astype(str),
                strict=True,
            )
        ),
    )


def _place(name: str, at: Mapping[str, int]) -> tuple[int, int, int]:
    """Place of a column among buyers, among final users, and as output; -1 where it is none of that."""
    parts = _COLUMN.fullmatch(name)
    if parts is None:
        return -1, -1, 0
    where, industry = at.get(_CODES.get(parts[1], parts[1]), -1), int(parts[2])
    if where < 0 or industry > INDUSTRIES:
        return -1, where, -1
    return where * INDUSTRIES + industry - 1, -1, -1
