"""UN Comtrade: total trade in goods by reporter and partner, as its service answers (JSON) or as CSV, USD.

Reporters state imports with, exports without freight and insurance, and the two sides disagree; both are returned.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from suasion.errors import SourceFileError
from suasion.sources.baci_countries import baci_countries
from suasion.sources.ir_files import file_of_year, flows_of_year, refuse_lacking

ADVICE = "Get annual totals from comtradeplus.un.org, or with `suasion data fetch un-comtrade --year Y`."
FIELDS = ("period", "reporterCode", "partnerCode", "flowCode", "cmdCode", "primaryValue")
FLOWS = {"M": "imports", "X": "exports"}
LIMITS = (100_000, 250_000)
"""Most rows of one answer, without and with a paid key: one with so many was cut off."""
WORLD = 0
"""Partner number that stands for all partners."""


def read_comtrade_totals(path: str | Path, year: int | None = None) -> pd.DataFrame:
    """Read total trade by reporter and partner.

    path: a file, or a folder of files by year.
    year: year to keep, and whose file is read where a folder is given.
    Returns: ``reporter``, ``partner`` (alpha-3; ``WLD`` for all partners together, the number as text where
      it is no country), ``year``, ``flow`` (``imports`` or ``exports``, of the reporter), ``value`` (USD).
    Raises SourceFileError if the file is absent, another one, or reached the service's limit of rows.
    Raises DuplicateLabelError if a reporter states a flow twice.
    Raises DataError if a flow is negative.
    """
    ends = (".json", ".csv")
    file = file_of_year(Path(path), year, ends, f"comtrade_totals_{year}.json", ADVICE)
    rows = _rows(file)
    if len(rows) in LIMITS:
        raise SourceFileError(
            f"{path} has {len(rows):,} rows, the most that the service gives in one answer: what came after them is "
            "not there. Ask for totals only (partner2Code=0&motCode=0&customsCode=C00), or for some reporters at a "
            "time (reporterCode=), and put the rows into one file."
        )
    refuse_lacking(file, rows, FIELDS, f"not UN Comtrade? {ADVICE}")
    rows = rows[(rows["cmdCode"].astype(str) == "TOTAL") & rows["flowCode"].isin(FLOWS)]
    whole = _whole(rows)
    known = baci_countries()
    names = dict(zip(known["number"].tolist(), known["country"].tolist(), strict=True)) | {WORLD: "WLD"}
    table = pd.DataFrame(
        {
            "reporter": [names.get(int(c), str(c)) for c in whole["reporterCode"]],
            "partner": [names.get(int(c), str(c)) for c in whole["partnerCode"]],
            "year": whole["period"].astype("int64"),
            "flow": whole["flowCode"].map(FLOWS),
            "value": whole["primaryValue"].astype("float64"),
        }
    )
    return flows_of_year(table, year, "UN Comtrade", path, "totals", ADVICE)


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out the parts of a flow by second partner, customs procedure and transport: the total has a row."""
    for column, total in (("partner2Code", 0), ("customsCode", "C00"), ("motCode", 0)):
        if column in rows:
            rows = rows[rows[column].astype(str) == str(total)]
    return rows


def _rows(file: Path) -> pd.DataFrame:
    try:
        if file.suffix == ".csv":
            return pd.read_csv(file, encoding="latin-1", low_memory=False)
        answer = json.loads(file.read_text(encoding="utf-8"))
        return pd.DataFrame(answer["data"])
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise SourceFileError(f"{file} cannot be read: {error}. {ADVICE}") from error
