"""Groups of countries with the dates at which members joined and left."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from suasion.errors import InputError, SuasionError, UnknownCountryError
from suasion.files import shipped_text
from suasion.nearest import nearest
from suasion.sources.countries import resolve_country

NAMES = {
    "european union": "EU",
    "group of seven": "G7",
    "north atlantic treaty organization": "NATO",
    "north atlantic treaty organisation": "NATO",
    "eurasian economic union": "EAEU",
    "association of southeast asian nations": "ASEAN",
    "shanghai cooperation organization": "SCO",
    "shanghai cooperation organisation": "SCO",
}
"""Groups by their names in small letters."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One country's time in one group.

    group, country: Name of the group and alpha-3 code.
    entry, exit: ISO dates; ``exit`` is empty while the membership lasts.
    source: Where it was read, or ``assumption``.
    """

    group: str
    country: str
    entry: str
    exit: str
    source: str

    def holds(self, year: int) -> bool:
        """Whether the country is a member on 31 December of ``year``."""
        day = f"{year:04d}-12-31"
        return self.entry <= day and not (self.exit and self.exit <= day)


@cache
def memberships() -> tuple[Membership, ...]:
    """All memberships of the file ``groups.csv``."""
    text = shipped_text("suasion.snapshot", "groups.csv")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(Membership(**row) for row in csv.DictReader(lines))


@cache
def group_names() -> tuple[str, ...]:
    """Names of all groups."""
    return tuple(dict.fromkeys(m.group for m in memberships()))


JOINED = " + "
"""Between the codes of a side that several make up together."""


def group_code(text: str) -> str:
    """Code of the group that ``text`` names in any case, such as ``EU``; empty where it names none.

    States and groups joined by a plus, ``USA+EU``, are a group of their own: ``USA + EU``.
    """
    return _joined(str(text)) if "+" in str(text) else _named(str(text))


def _named(text: str) -> str:
    plain = " ".join(text.casefold().split()).removeprefix("the ")
    code = " ".join(str(text).casefold().split()).removeprefix("the ")
    code = NAMES.get(plain, plain.upper())
    return code if code in group_names() else ""


@lru_cache(1024)
def _joined(text: str) -> str:
    """Codes of parts joined by a plus; empty where one of them is nobody, or they are one."""
    try:
        parts = [_named(part) or resolve_country(part.strip()) for part in text.split("+")]
    except SuasionError:
        return ""
    kept = tuple(dict.fromkeys(parts))
    return JOINED.join(kept) if len(kept) > 1 else ""


def is_group(text: str) -> bool:
    """Whether ``text`` names a group, in any case."""
    return bool(group_code(text))


def members(group: str, year: int) -> tuple[str, ...]:
    """Members of a group on 31 December of a year.

    Parameters
    ----------
    group
        One of :func:`group_names`, in any case, or several states and groups joined by a plus.
    year
        Calendar year.

    Returns
    -------
    tuple of str
        Alpha-3 codes in alphabetical order.

    Raises
    ------
    InputError
        If there is no such group, or it had no member in that year.
    """
    name = group_code(group)
    if not name:
        raise InputError(f"There is no group {group!r}. Groups are {', '.join(group_names())}.")
    if JOINED in name:
        return tuple(sorted(expand(name.split(JOINED), year)))
    found = tuple(sorted(m.country for m in memberships() if m.group == name and m.holds(year)))
    if not found:
        first = min(m.entry for m in memberships() if m.group == name)
        raise InputError(f"{name} had no members at the end of {year}; it starts in {first[:4]}.")
    return found


def code_of(text: str) -> str:
    """Return the code of a country where a group could stand too.

    text: Code or name.
    Raises UnknownCountryError if it is neither; the message lists the groups.
    Raises AmbiguousCountryError if a name fits several countries.
    """
    try:
        return resolve_country(text)
    except UnknownCountryError as error:
        said = str(error).replace("There is no country", "There is no country or group", 1)
        close = nearest(str(text).strip().upper(), group_names(), 2)
        hint = f" Or the group {' or '.join(close)}?" if close else ""
        raise UnknownCountryError(f"{said}{hint} Groups are {', '.join(group_names())}.") from None


def expand(codes: Sequence[str], year: int) -> tuple[str, ...]:
    """Replace groups by their members of that year and names by codes.

    Parameters
    ----------
    codes
        Countries (codes or names) and groups, mixed.
    year
        Calendar year that dates the memberships (31 December).

    Returns
    -------
    tuple of str
        Alpha-3 codes in the order given, each once.

    Raises
    ------
    InputError, UnknownCountryError, AmbiguousCountryError
        If an item is neither a country nor a group.

    Examples
    --------
    >>> "GBR" in expand(["EU"], 2019), "GBR" in expand(["EU"], 2020)
    (True, False)
    """
    if isinstance(codes, str):
        raise InputError(f"Give a list of countries and groups, not the text {codes!r}: [{codes!r}].")
    found: list[str] = []
    for item in codes:
        found.extend(members(item, year) if is_group(item) else [code_of(item)])
    return tuple(dict.fromkeys(found))
