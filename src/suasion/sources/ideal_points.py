"""Published ideal points of states, and the list of resolutions that were voted again.

Bailey, Strezhnev and Voeten, "Estimating Dynamic State Preferences from United Nations Voting Data" (Journal of
Conflict Resolution 61(2), 2017); release of April 2020 (UN sessions 1 to 74) or of June 2024 (1 to 78), Latin-1 text.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from suasion.errors import DataError, DuplicateLabelError
from suasion.sources.ir_files import csv_table, locate, refuse_lacking

ADVICE = "Get it from the authors' page, doi 10.7910/DVN/LEJUQZ."
RELEASES = ("IdealpointestimatesAll_Apr2020.csv", "IdealpointestimatesAll_Jun2024.csv")
"""The two differ in the names of their columns: the later one ends them in ``All``."""
_CODES = {260: "DEU", 678: "YEM", 680: "YMD"}
"""Codes of the record of votes where the file's alpha-3 code is shared by two states."""


def read_ideal_points(path: str | Path) -> pd.DataFrame:
    """Read the published ideal points.

    path: the file ``IdealpointestimatesAll_Apr2020.csv`` or ``IdealpointestimatesAll_Jun2024.csv``, or the
      folder of one (the former, where it holds both).
    Returns: ``country`` (as in the record of votes), ``cow`` (Correlates of War code), ``un_session``,
      ``year`` (in which the UN session opened), ``votes`` (number), ``mean``, ``low`` and ``high`` (5 and 95
      per cent).
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a country has two values in a UN session.
    """
    file = locate(path, RELEASES)
    table = _csv(file, ("ccode", "iso3c")).rename(columns=lambda name: str(name).removesuffix("All"))
    refuse_lacking(file, table, ("NVotes", "IdealPoint", "Q5%", "Q95%"), f"another file? {ADVICE}")
    number = next(column for column in table if str(column).startswith("sess"))
    cow = table["ccode"].astype(int)
    code = cow.map(_CODES).fillna(table["iso3c"])
    result = pd.DataFrame(
        {
            "country": code.mask((code == "YUG") & (table[number] >= 55), "SRB"),
            "cow": cow,
            "un_session": table[number].astype(int),
            "year": table[number].astype(int) + 1945,
            "votes": table["NVotes"].astype(int),
            "mean": table["IdealPoint"].astype(float),
            "low": table["Q5%"].astype(float),
            "high": table["Q95%"].astype(float),
        }
    )
    twice = result[result.duplicated(["country", "un_session"])]
    if len(twice):
        row = twice.iloc[0]
        raise DuplicateLabelError(
            f"{file}: {row['country']} has two values in UN session {row['un_session']}."
        )
    return result


def read_matches(path: str | Path) -> pd.DataFrame:
    """Read which roll calls repeat which.

    path: the file ``Matches.csv``, or its folder.
    Returns: ``rcid`` and ``repeats``: the later roll call, and the earlier one of the same text.
    Raises SourceFileError if the file is absent or another one.
    Raises DataError if a roll call repeats a later one, or itself.
    """
    file = locate(path, ["Matches.csv"])
    table = _csv(file, ("rcid1", "rcid2"))
    matches = pd.DataFrame({"rcid": table["rcid2"].astype(int), "repeats": table["rcid1"].astype(int)})
    wrong = matches[matches["repeats"] >= matches["rcid"]]
    if len(wrong):
        row = wrong.iloc[0]
        raise DataError(
            f"{file}: roll call {row['rcid']} cannot repeat {row['repeats']}, which is not earlier."
        )
    return matches


def _csv(file: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    table = csv_table(file, ADVICE, encoding="latin-1", keep_default_na=False)
    refuse_lacking(file, table, columns, f"another file? {ADVICE}")
    return table
