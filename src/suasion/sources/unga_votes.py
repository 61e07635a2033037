"""Roll calls of the United Nations General Assembly, 1946 to January 2020.

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
    MissingValueError,
    SourceFileError,
    UnknownCountryError,
)
from suasion.schema.typed_file import unique_rows
from suasion.sources.cache import cached_table
from suasion.sources.countries import resolve_country
from suasion.sources.ir_files import locate
from suasion.sources.rfiles import read_r

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

    votes: ``rcid`` (roll call), ``country`` (alpha-3; DDR, CSK, YUG, YMD and EAZ for former members),
      ``vote`` (1 yes, 2 abstain, 3 no). A country that was absent has no row.
    calls: ``rcid``, ``un_session``, ``date``, ``resolution``, ``amendment``, ``paragraph`` and ``important``
      (where recorded, else missing), ``title``.
    """

    votes: pd.DataFrame
    calls: pd.DataFrame

    def tally(self, rcid: int) -> Mapping[str, int]:
        """Count of ``yes``, ``abstain`` and ``no`` on a roll call.

        Raises DataError if there is no such roll call.
        """
        cast = self.votes.loc[self.votes["rcid"] == rcid, "vote"]
        if cast.empty:
            raise DataError(f"There is no vote on roll call {rcid}. `calls` lists the roll calls.")
        return {name: int((cast == value).sum()) for name, value in VOTES.items()}

    def between(self, first: int, last: int) -> RollCalls:
        """Roll calls of the UN sessions from ``first`` to ``last`` alone."""
        calls = self.calls[self.calls["un_session"].between(first, last)]
        return RollCalls(self.votes[self.votes["rcid"].isin(calls["rcid"])], calls)

    def numbered(self) -> pd.DataFrame:
        """Votes with their ``un_session``."""
        number = self.calls.set_index("rcid")["un_session"].reindex(self.votes["rcid"])
        return self.votes.assign(un_session=number.to_numpy())

    def plenary(self, whole_from: int = 45) -> pd.DataFrame:
        """Votes for the model of ideal points: without paragraphs and amendments from a UN session on.

        whole_from: UN session from which only votes on whole texts count; 45 (1990), as published.
        Returns: ``country``, ``un_session``, ``rcid``, ``vote``.
        """
        part = self.calls["amendment"].fillna(False) | self.calls["paragraph"].fillna(False)
        kept = self.calls[~(part & (self.calls["un_session"] >= whole_from))]
        table = self.votes.merge(kept[["rcid", "un_session"]], on="rcid")
        return table[["country", "un_session", "rcid", "vote"]]


def read_unga_votes(path: str | Path, cache: Path | None = None) -> RollCalls:
    """Read the roll calls of the General Assembly.

    path: folder that holds ``un_votes.rda`` and ``un_roll_calls.rda``, or a folder ``unvotes`` with them.
    cache: folder for the table as Parquet (reading R's file takes 20 seconds); the user's cache without it.
    Raises SourceFileError if a file is absent, damaged or another one.
    Raises DataError if absences look like votes, or an official tally is not met.
    Raises DuplicateLabelError if a country voted twice on a roll call.
    """
    calls = _calls(locate(path, ["un_roll_calls.rda"]))
    source = locate(path, ["un_votes.rda"])
    votes = cached_table(source, "unga-votes-1", _votes, cache)
    number = calls.set_index("rcid")["un_session"]
    record = RollCalls(tidy_votes(votes, number), calls)
    check_absences(record)
    check_tallies(record)
    return record


def tidy_votes(votes: pd.DataFrame, un_session: pd.Series) -> pd.DataFrame:
    """Give votes numbers and countries codes, and refuse what cannot be right.

    votes: ``rcid``, ``country`` (name), ``country_code`` (alpha-2, or missing), ``vote`` (yes, abstain, no).
    un_session: UN session by roll call.
    Returns: ``rcid``, ``country`` (code), ``vote`` (1, 2, 3).
    Raises DataError if a vote is none of the three words, or a roll call is not in the list.
    Raises DuplicateLabelError if a country voted twice on a roll call.
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
    return unique_rows(tidy, ("country", "rcid"), "Table of votes")


def check_tallies(record: RollCalls) -> None:
    """Refuse a record whose counts differ from official ones; absences coded as no are found here.

    Raises DataError if a count differs.
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


LEAST_ABSENT = 0.005
"""Fewest votes missing in a UN session of :data:`LARGE` roll calls and members, counted from each member's first vote:
a third of the least in the published record (1.5 per cent, UN session 8)."""
ONLY_NO = 0.98
"""Largest share of no among 20 votes or more of a member in a UN session; on record .90, United States in the 80th."""
MOST_NO = 0.9
"""The same of a member that in its last UN session voted no on less than :data:`SELDOM_NO`."""
SELDOM_NO = 0.5
"""The United States had .70 in the UN session before the 80th."""
SUPPORTERS_NO = 0.0085
"""Largest share of no of :func:`supporters_no`; published: 0.6 % at most from UN session 20, with absences a no 1.0."""
LARGE = 20
SUPPORTERS_FROM = 20
MEND = "Drop the rows of absent countries and of non-members (8 and 9 in the source): they are not a no."


def check_absences(record: RollCalls) -> None:
    """Refuse a record in which absent members or non-members seem to vote.

    Three signs, each far outside the published record: a UN session in which hardly a vote is missing; a member that
    votes no nearly always, as one that was away, suspended or not yet admitted would; and members that support most
    of what is widely supported, and yet vote no on it here and there.

    Raises DataError if there is a sign; the message names UN session, member and numbers.
    """
    table = record.numbered()
    _refuse_whole_sessions(table)
    refuse_only_no(table)
    check_supporters(record)


def check_supporters(record: RollCalls) -> None:
    """Refuse, with DataError, a record whose members that support most vote no on what two thirds support."""
    share, votes, state, at = supporters_no(record.numbered())
    if votes >= 1000 and share > SUPPORTERS_NO:
        raise DataError(
            f"On roll calls that two thirds support, the members that most often support them vote no "
            f"{100 * share:.1f} per cent of the time ({state} most often, in UN session {at}); in the published record "
            f"that is 0.2 %, and 0.6 % at most in a UN session. Absences seem to be coded as no. {MEND}"
        )


def refuse_only_no(table: pd.DataFrame) -> None:
    """Refuse votes of a member that are nearly all no.

    table: ``country``, ``un_session``, ``vote`` (1, 2, 3).
    Raises DataError if there is one with 20 votes or more in a UN session; the message names it.
    """
    found = (
        (table["vote"] == VOTES["no"]).groupby([table["country"], table["un_session"]]).agg(["sum", "size"])
    )
    large = found[found["size"] >= LARGE]
    share = large["sum"] / large["size"]
    before = share.groupby("country").shift()  # of a first UN session it is not known, and nothing is unusual
    odd = large[(share > ONLY_NO) | ((share > MOST_NO) & (before < SELDOM_NO))]
    if len(odd):
        (state, at), (no, all_of) = odd.index[0], odd.iloc[0]
        more = f" ({len(odd) - 1} more such cases)" if len(odd) > 1 else ""
        raise DataError(
            f"{state} votes no on {no} of {all_of} roll calls in UN session {at}{more}; no member ever did on more "
            f"than 91 %. Absences, or years before membership, seem to be coded as no. {MEND}"
        )


def supporters_no(table: pd.DataFrame) -> tuple[float, int, str, int]:
    """Share of no among the members that support most, on roll calls that two thirds support; UN session 20 on.

    table: ``rcid``, ``country``, ``un_session``, ``vote``.
    Returns: (share, votes, country, un_session). Share of no, the number of votes that it is of, and the
      member with most of them in one UN session.
    """
    large = table.groupby("un_session")["rcid"].transform("nunique") >= LARGE
    kept = table[large & (table["un_session"] >= SUPPORTERS_FROM)]
    support = (kept["vote"] == VOTES["yes"]).groupby(kept["rcid"]).transform("mean")
    kept = kept[support >= 2 / 3]
    yes = kept["vote"] == VOTES["yes"]
    keys = [kept["un_session"], kept["country"]]
    of_member = yes.groupby(keys).agg(["mean", "size"])
    of_member = of_member[of_member["size"] >= LARGE / 2]
    upper = of_member["mean"] >= of_member["mean"].groupby("un_session").transform("median")
    theirs = (kept["vote"] == VOTES["no"]).groupby(keys).agg(["sum", "size"]).loc[upper[upper].index]
    if theirs.empty:
        return 0.0, 0, "", 0
    at, state = theirs.index[int(theirs["sum"].to_numpy().argmax())]
    return float(theirs["sum"].sum() / theirs["size"].sum()), int(theirs["size"].sum()), str(state), int(at)


def _refuse_whole_sessions(table: pd.DataFrame) -> None:
    """Refuse a UN session in which hardly a vote is missing from a member's first one on."""
    calls = table[["un_session", "rcid"]].drop_duplicates().sort_values(["un_session", "rcid"])
    left = calls.groupby("un_session").cumcount(ascending=False).to_numpy() + 1
    possible = table["rcid"].map(dict(zip(calls["rcid"], left, strict=True)))
    by_member = possible.groupby([table["un_session"], table["country"]]).max()
    shape = table.groupby("un_session").agg(
        rows=("vote", "size"), calls=("rcid", "nunique"), members=("country", "nunique")
    )
    shape["possible"] = by_member.groupby("un_session").sum()
    full = shape[(shape["rows"] > (1 - LEAST_ABSENT) * shape["possible"]) & (shape["calls"] >= LARGE)]
    full = full[full["members"] >= LARGE]
    if len(full):
        row = full.iloc[0]
        raise DataError(
            f"In UN session {full.index[0]} hardly a vote is missing: {row['rows']:.0f} of {row['possible']:.0f} by "
            f"{row['members']:.0f} members on {row['calls']:.0f} roll calls. In the published record 1.5 % at least "
            f"are missing in each UN session; absences seem to be coded as votes. {MEND}"
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
            "title": _title(table),
        }
    ).reset_index(drop=True)
    if calls["rcid"].duplicated().any():
        raise MissingValueError(f"{source} lists a roll call twice. Download it again.")
    return calls


def _title(table: pd.DataFrame) -> pd.Series:
    """The short title, a subject in the older years; where it is blank, the long one."""
    short = table["short"].astype("string").fillna("").str.strip()
    return short.where(short != "", table["descr"].astype("string")) if "descr" in table else short


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
