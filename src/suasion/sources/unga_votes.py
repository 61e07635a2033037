"""Roll calls of the United Nations General Assembly, 1946 to 2020.

Two R files of the data package ``unvotes`` (the record of E. Voeten, doi 10.7910/DVN/LEJUQZ): ``un_votes.rda``,
one row a country and roll call on which it voted, and ``un_roll_calls.rda``, one row a roll call. Absences
have no row. Countries come by English name and alpha-2 code; Namibia's code is the text ``NA``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from suasion.errors import (
    DataError,
    DuplicateLabelError,
    MissingValueError,
    SourceFileError,
    UnknownCountryError,
)
from suasion.sources.cache import cached_table
from suasion.sources.countries import resolve_country
from suasion.sources.rfiles import find_file, read_r

CITATION = "E. Voeten, United Nations General Assembly Voting Data, doi 10.7910/DVN/LEJUQZ"
ADVICE = "Get un_votes.rda and un_roll_calls.rda from the R package unvotes, and give their folder."
VOTES = {"yes": 1, "abstain": 2, "no": 3}
"""Text of a vote to its place on the scale from support to opposition."""

FORMER_MEMBERS: dict[str, str] = {
    "Federal Republic of Germany": "DEU",
    "German Democratic Republic": "DDR",
    "Czechoslovakia": "CSK",
    "Yemen Arab Republic": "YEM",
    "Yemen People's Republic": "YMD",
    "Zanzibar": "EAZ",
}
"""Members under a name that ISO 3166 no longer lists. The Federal Republic of Germany and the Yemen Arab Republic
go on as Germany and Yemen, with which they never overlap; the other codes are those of ISO 3166-3, and ours."""

SERBIA_FROM = 55
"""UN session from which the record's "Yugoslavia" is the republic admitted in 2000: SRB, not YUG."""

TALLIES: dict[int, tuple[str, int, int, int]] = {5309: ("A/RES/68/262", 100, 58, 11)}
"""Roll calls whose official count of yes, abstain and no a right file must show."""


@dataclass(frozen=True, slots=True)
class RollCalls:
    """Votes and the roll calls they were cast on.

    Attributes
    ----------
    votes : DataFrame
        ``rcid`` (roll call), ``country`` (alpha-3; DDR, CSK, YUG, YMD and EAZ for former members), ``vote`` (1 yes,
        2 abstain, 3 no). A country that was absent has no row.
    calls : DataFrame
        ``rcid``, ``un_session``, ``date``, ``resolution``, ``amendment``, ``paragraph`` and ``important`` (where
        recorded, else missing), ``title``.
    """

    votes: pd.DataFrame
    calls: pd.DataFrame

    def tally(self, rcid: int) -> Mapping[str, int]:
        """Count of ``yes``, ``abstain`` and ``no`` on a roll call.

        Raises
        ------
        DataError
            If there is no such roll call.
        """
        cast = self.votes.loc[self.votes["rcid"] == rcid, "vote"]
        if cast.empty:
            raise DataError(f"There is no vote on roll call {rcid}. `calls` lists the roll calls.")
        return {name: int((cast == value).sum()) for name, value in VOTES.items()}

    def between(self, first: int, last: int) -> RollCalls:
        """Roll calls of the UN sessions from ``first`` to ``last`` alone."""
        calls = self.calls[self.calls["un_session"].between(first, last)]
        return RollCalls(self.votes[self.votes["rcid"].isin(calls["rcid"])], calls)

    def plenary(self, whole_from: int = 45) -> pd.DataFrame:
        """Votes for the model of ideal points: without paragraphs and amendments from a UN session on.

        Parameters
        ----------
        whole_from : int
            UN session from which only votes on whole texts count; 45 (1990), as published.

        Returns
        -------
        DataFrame
            ``country``, ``un_session``, ``rcid``, ``vote``.
        """
        part = self.calls["amendment"].fillna(False) | self.calls["paragraph"].fillna(False)
        kept = self.calls[~(part & (self.calls["un_session"] >= whole_from))]
        table = self.votes.merge(kept[["rcid", "un_session"]], on="rcid")
        return table[["country", "un_session", "rcid", "vote"]]


def read_unga_votes(path: str | Path, cache: Path | None = None) -> RollCalls:
    """Read the roll calls of the General Assembly.

    Parameters
    ----------
    path : path
        Folder that holds ``un_votes.rda`` and ``un_roll_calls.rda``, or a folder ``unvotes`` with them.
    cache : Path, optional
        Folder for the table as Parquet (reading R's file takes 20 seconds); the user's cache without it.

    Returns
    -------
    RollCalls

    Raises
    ------
    SourceFileError
        If a file is absent, damaged or another one.
    DataError
        If absences look like votes, or an official tally is not met.
    DuplicateLabelError
        If a country voted twice on a roll call.
    """
    calls = _calls(find_file(path, "un_roll_calls.rda", ("unvotes",)))
    source = find_file(path, "un_votes.rda", ("unvotes",))
    votes = cached_table(source, "unga-votes-1", _votes, cache)
    number = calls.set_index("rcid")["un_session"]
    record = RollCalls(tidy_votes(votes, number), calls)
    check_tallies(record)
    check_absences(record)
    return record


def tidy_votes(votes: pd.DataFrame, un_session: pd.Series) -> pd.DataFrame:
    """Give votes numbers and countries codes, and refuse what cannot be right.

    Parameters
    ----------
    votes : DataFrame
        ``rcid``, ``country`` (name), ``country_code`` (alpha-2, or missing), ``vote`` (yes, abstain, no).
    un_session : Series
        UN session by roll call.

    Returns
    -------
    DataFrame
        ``rcid``, ``country`` (code), ``vote`` (1, 2, 3).

    Raises
    ------
    DataError
        If a vote is none of the three words, or a roll call is not in the list.
    DuplicateLabelError
        If a country voted twice on a roll call.
    """
    words = set(votes["vote"].astype(str)) - set(VOTES)
    if words:
        raise DataError(
            f"The votes hold {', '.join(sorted(words))}: only yes, abstain and no are votes. Drop the rows of "
            "absent countries and of those that were not members."
        )
    number = un_session.reindex(votes["rcid"])
    if number.isna().any():
        raise DataError(
            f"Roll call {number.index[number.isna()][0]} has votes but is not in the list of roll calls. "
            "Take both files from the same release."
        )
    pairs = votes[["country", "country_code"]].drop_duplicates()
    codes = {str(n): _code(str(n), None if pd.isna(c) else str(c)) for n, c in pairs.itertuples(index=False)}
    country = votes["country"].astype(str).map(codes)
    later = (country == "YUG").to_numpy() & (number.to_numpy() >= SERBIA_FROM)
    tidy = pd.DataFrame(
        {
            "rcid": votes["rcid"].astype(int).to_numpy(),
            "country": np.where(later, "SRB", country),
            "vote": votes["vote"].astype(str).map(VOTES).astype("int8").to_numpy(),
        }
    )
    twice = tidy[tidy.duplicated(["rcid", "country"])]
    if len(twice):
        row = twice.iloc[0]
        raise DuplicateLabelError(
            f"{row['country']} has two votes on roll call {row['rcid']} ({len(twice)} such pairs). Keep one of each."
        )
    return tidy


def check_tallies(record: RollCalls) -> None:
    """Refuse a record whose counts differ from official ones; absences coded as no are found here.

    Raises
    ------
    DataError
        If a count differs.
    """
    for rcid, (name, *official) in TALLIES.items():
        if not (record.calls["rcid"] == rcid).any():
            continue
        found = list(record.tally(rcid).values())
        if found != official:
            hint = " Are absences coded as votes?" if sum(found) > sum(official) else ""
            raise DataError(
                f"{name} (roll call {rcid}) has {found[0]} yes, {found[1]} abstain, {found[2]} no; "
                f"the official count is {official[0]}, {official[1]}, {official[2]}.{hint} Take the published file."
            )


def check_absences(record: RollCalls) -> None:
    """Refuse a UN session of 20 roll calls or more in which no member ever missed one.

    In the published record at least 1.4 per cent of the votes are missing in each of them, mostly 8 per cent; a
    table without gaps has its absences filled in.

    Raises
    ------
    DataError
        If there is one; the message names it.
    """
    number = record.calls.set_index("rcid")["un_session"].reindex(record.votes["rcid"]).to_numpy()
    table = record.votes.assign(un_session=number).groupby("un_session")
    shape = table.agg(rows=("vote", "size"), calls=("rcid", "nunique"), members=("country", "nunique"))
    full = shape[(shape["rows"] == shape["calls"] * shape["members"]) & (shape["calls"] >= 20)]
    full = full[full["members"] >= 20]
    if len(full):
        raise DataError(
            f"In UN session {full.index[0]} all {full['members'].iloc[0]} members vote on all {full['calls'].iloc[0]} "
            "roll calls: absences seem to be coded as votes. Drop the rows of absent countries."
        )


def _votes(source: Path) -> pd.DataFrame:
    table = read_r(source).get("un_votes")
    columns = ["rcid", "country", "country_code", "vote"]
    if table is None or not set(columns) <= set(table):
        raise SourceFileError(f"{source} does not hold `un_votes` with {', '.join(columns)}. {ADVICE}")
    return pd.DataFrame({c: table[c].astype("category" if c != "rcid" else "int64") for c in columns})


def _calls(source: Path) -> pd.DataFrame:
    table = read_r(source, plain_classes=("Date",)).get("un_roll_calls")
    if table is None or not {"rcid", "date", "unres", "amend", "para"} <= set(table):
        raise SourceFileError(f"{source} does not hold `un_roll_calls` with its columns. {ADVICE}")
    number = next(column for column in table if str(column).startswith("sess"))
    flag = partial(_flag, table)
    calls = pd.DataFrame(
        {
            "rcid": table["rcid"].astype("int64"),
            "un_session": table[number].astype("int64"),
            "date": pd.to_datetime(table["date"].astype(float), unit="D"),
            "resolution": table["unres"].astype("string"),
            "amendment": flag("amend"),
            "paragraph": flag("para"),
            "important": flag("importantvote"),
            "title": table["short"].astype("string"),
        }
    ).reset_index(drop=True)
    if calls["rcid"].duplicated().any():
        raise MissingValueError(f"{source} lists a roll call twice. Download it again.")
    return calls


def _flag(table: pd.DataFrame, column: str) -> pd.Series:
    return table[column].astype("Int64").astype("boolean")


def _code(name: str, alpha2: str | None) -> str:
    if name in FORMER_MEMBERS:
        return FORMER_MEMBERS[name]
    if name == "Yugoslavia":
        return "YUG"
    try:
        return resolve_country(alpha2 if alpha2 is not None else name)
    except UnknownCountryError as error:
        raise DataError(
            f"The votes name a country {name!r} with code {alpha2!r} that is not known. {error}"
        ) from error
