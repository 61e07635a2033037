"""Recorded votes of the General Assembly in the machine-readable resolutions of the United Nations, UN session 74 on.

One JSON object a line for each resolution, with the names of the members in favour, against and abstaining and the
published count of each; one file a UN session (``74.json``, ``ES-11.json`` for an emergency special one). Only adopted
resolutions are listed: the older record has paragraphs and amendments too, so a UN session has fewer items here.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from suasion.errors import (
    AmbiguousCountryError,
    DataError,
    DuplicateLabelError,
    SourceFileError,
    UnknownCountryError,
)
from suasion.files import inside, is_file, read_bytes
from suasion.sources.countries import resolve_country
from suasion.sources.unga_votes import VOTES, RollCalls, check_supporters

CITATION = "United Nations, machine-readable General Assembly resolutions"
ADVICE = "Take the files 74.json and later of the folder data_extract of github.com/UNxml/GAresolutions."
ABSENT = f"Absent members seem to be coded as votes, or names are lost; who is absent has no vote. {ADVICE}"
SIDES = {"yes": "MS_in_favour", "abstain": "MS_abstaining", "no": "MS_against"}
FIELDS = ("symbol", "title", "adoption_date", *SIDES.values(), *(f"{name}_count" for name in SIDES.values()))
MEMBERS = {"CONGO": "COG", "TÜRKÝYE": "TUR"}
"""Names in the files that the table of countries cannot know: the first is ambiguous elsewhere, the second misspelt."""

SLACK = 1
"""Largest difference between a list of names and its published count."""
MOST_OFF = 0.01
"""Largest share of resolutions with such a difference: in the published record one of 721 has one, A/RES/77/293. A
member whose absences are coded as votes is one too many wherever it was away."""

_NAME = re.compile(r"(?:\d{2,}|ES-\d+)\.json|unga_resolutions\w*\.jsonl\.gz")
_SYMBOL = re.compile(r"A/RES/(ES-)?(\d+)/(\d+)(?: ([A-Z])(?:-[A-Z])?)?")


def read_unga_resolutions(path: str | Path) -> RollCalls:
    """Read the recorded votes of the United Nations' machine-readable resolutions.

    path: a file of one UN session, one of several (``.jsonl.gz``), or a folder with such files, or with a
      folder ``unvotes`` that holds them.
    Returns: ``calls`` has ``emergency`` besides: whether the resolution is of an emergency special
      UN session. It is then counted to the regular UN session in which it was adopted. Numbers (``rcid``) follow
      from the symbols.
    Raises SourceFileError if there is no such file, or it is damaged or another one.
    Raises DataError if a list of names differs from its published count by more than one, or lists often
      differ from it: absences coded as votes, or a name lost; or if members that support most vote no on what
      most support.
    Raises DuplicateLabelError if a member is on two sides of a vote, or a resolution is listed twice with
      other votes.
    """
    rows = [row for file in _files(Path(path)) for row in _rows(file)]
    kept: dict[str, dict[str, Any]] = {}
    for row in rows:
        before = kept.setdefault(row["symbol"], row)
        if before["sides"] != row["sides"]:
            raise DuplicateLabelError(
                f"{row['symbol']} is listed twice with other votes. Download the files again, or keep one of the two."
            )
    _refuse_many_off(kept.values())
    record = RollCalls(_votes(kept.values()), _calls(kept.values()))
    check_supporters(record)
    return record


def join_roll_calls(older: RollCalls, later: RollCalls) -> RollCalls:
    """Put the older record and the machine-readable one together: calls after the last date of the older one are added.

    older, later: such as :func:`suasion.sources.unga_votes.read_unga_votes` and :func:`read_unga_resolutions`
      return.
    Returns: Calls of emergency special UN sessions stand with the regular UN session in which they were adopted.
    """
    added = later.calls[later.calls["date"] > older.calls["date"].max()]
    votes = later.votes[later.votes["rcid"].isin(added["rcid"])]
    calls = pd.concat([older.calls, added.drop(columns="emergency")], ignore_index=True)
    return RollCalls(pd.concat([older.votes, votes], ignore_index=True), calls)


def _files(path: Path) -> list[Path]:
    if is_file(path):
        return [path]
    for folder in (path, path / "unvotes"):
        found = [file for file in inside(folder) if _NAME.fullmatch(file.name)]
        if found:
            return found
    raise SourceFileError(f"There are no machine-readable resolutions at {path}. {ADVICE}")


def _rows(file: Path) -> Iterable[dict[str, Any]]:
    """Resolutions of a file with a recorded vote whose members are listed."""
    content = read_bytes(file)
    try:
        text = (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode("utf-8-sig")
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, EOFError, OSError, zlib.error) as error:
        raise SourceFileError(
            f"{file} cannot be read as JSON, one resolution a line: {error}. {ADVICE}"
        ) from error
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not {"symbol", "adoption_type"} <= set(row):
            raise SourceFileError(f"{file}, line {number}: not a resolution. {ADVICE}")
        if row["adoption_type"] == "By a recorded vote" and row.get("MS_in_favour"):
            yield _checked(row, f"{file}, line {number}")


def _checked(row: Mapping[str, Any], where: str) -> dict[str, Any]:
    """A resolution with codes for names, refused where its lists do not fit its counts."""
    absent = [name for name in FIELDS if name not in row]
    symbol = _SYMBOL.fullmatch(str(row["symbol"]).strip())
    if absent or symbol is None:
        lacking = f"no {', '.join(absent)}" if absent else f"the symbol {row['symbol']!r}"
        raise SourceFileError(f"{where}: a resolution with {lacking}. {ADVICE}")
    # a list may name each voter twice
    sides = {side: frozenset(map(_code, row[name])) for side, name in SIDES.items()}
    counts = {side: _count(row[f"{name}_count"], where) for side, name in SIDES.items()}
    surplus = {side: len(named) - counts[side] for side, named in sides.items()}
    off = [side for side, more in surplus.items() if abs(more) > SLACK]
    if off:
        told = "; ".join(f"{len(sides[s])} are listed as {s}, {counts[s]} were counted" for s in off)
        raise DataError(f"{symbol.group()}: {told}. {ABSENT}")
    twice = [c for c in frozenset().union(*sides.values()) if sum(c in s for s in sides.values()) > 1]
    if twice:
        raise DuplicateLabelError(f"{symbol.group()}: {min(twice)} is on two sides. Keep one of its votes.")
    return {
        "symbol": symbol.group(),
        "number": symbol,
        "sides": sides,
        "surplus": surplus,
        "title": " ".join(str(row["title"]).split()),
        "date": _date(row["adoption_date"], where),
    }


def _refuse_many_off(rows: Collection[Mapping[str, Any]]) -> None:
    """Refuse a record whose lists are often one longer or shorter than their counts; name who is on most of them."""
    off = [(row, side) for row in rows for side, more in row["surplus"].items() if more]
    wrong = {row["symbol"] for row, _ in off}
    if len(wrong) <= max(1.0, MOST_OFF * len(rows)):
        return
    on = Counter(
        (country, side) for row, side in off if row["surplus"][side] > 0 for country in row["sides"][side]
    )
    told = [
        f"{country} is listed as {side} on {times} of them" for (country, side), times in on.most_common(1)
    ]
    raise DataError(
        f"The lists of {len(wrong)} of {len(rows)} resolutions, {min(wrong)} for one, differ from their published "
        f"counts{'; ' if told else ''}{''.join(told)}. {ABSENT}"
    )


def _count(text: object, where: str) -> int:
    """A published count; a blank one and N.A. mean none."""
    plain = str(text).strip()
    if plain in ("", "N.A.", "None"):
        return 0
    if not plain.isdigit():
        raise SourceFileError(f"{where}: a count of votes is {plain!r}. {ADVICE}")
    return int(plain)


def _code(name: str) -> str:
    plain = " ".join(str(name).split())
    if plain in MEMBERS:
        return MEMBERS[plain]
    try:
        # "BOLIVIA (PLURINATIONAL STATE OF)"
        return resolve_country(plain.split(" (")[0])
    except (UnknownCountryError, AmbiguousCountryError) as error:
        raise DataError(f"The votes name a member {name!r} that is not known. {error}") from error


def _date(text: object, where: str) -> pd.Timestamp:
    """A date in either of the two forms: 2019-11-07 00:00:00 and 29 October 2025."""
    try:
        return pd.Timestamp(" ".join(str(text).split()))
    except ValueError as error:
        raise SourceFileError(f"{where}: {text!r} is no date. {ADVICE}") from error


def _number(symbol: re.Match[str]) -> int:
    emergency, first, second, letter = symbol.groups()
    place = int(first) + (900 if emergency else 0)
    return (place * 10_000 + int(second)) * 10 + (ord(letter) - ord("A") + 1 if letter else 0)


def _un_session(row: Mapping[str, Any]) -> int:
    """Of an emergency UN session: the regular one then open, which opens in September."""
    emergency, number, *_ = row["number"].groups()
    if not emergency:
        return int(number)
    date: pd.Timestamp = row["date"]
    return int(date.year) - (1945 if date.month >= 9 else 1946)


def _calls(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "rcid": _number(row["number"]),
            "un_session": _un_session(row),
            "date": row["date"],
            "resolution": row["symbol"],
            "title": row["title"],
            "emergency": bool(row["number"].group(1)),
        }
        for row in rows
    )
    flags = dict.fromkeys(("amendment", "paragraph"), pd.array([False] * len(table), dtype="boolean"))
    made = table.assign(important=pd.array([pd.NA] * len(table), dtype="boolean"), **flags)
    made = made.astype({"resolution": "string", "title": "string"})
    return made.sort_values("rcid", ignore_index=True)


def _votes(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    lines = [
        (_number(row["number"]), country, VOTES[side])
        for row in rows
        for side, named in row["sides"].items()
        for country in sorted(named)
    ]
    if not lines:
        raise SourceFileError(f"No resolution has a recorded vote with its members. {ADVICE}")
    return pd.DataFrame(lines, columns=["rcid", "country", "vote"]).astype({"vote": "int8"})
