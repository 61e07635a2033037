"""Treaties of defence, neutrality, non-aggression and consultation, embedded, and for whom their table is complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from suasion.errors import SameCountryError
from suasion.sources.countries import resolve_country
from suasion.sources.groups import memberships as group_memberships
from suasion.statecraft.tables import read_table

KINDS = ("defence", "neutrality", "nonaggression", "consultation")
"""Kinds of promise, the strongest first."""

COMMITMENT = {"defence": 3, "neutrality": 2, "nonaggression": 2, "consultation": 1}
"""Place of a promise on the scale of portfolios: 0 none, 1 entente, 2 neutrality or non-aggression, 3 defence."""


@dataclass(frozen=True, slots=True)
class Spell:
    """One state's time in a pact.

    country: alpha-3 code.
    start, end: day, or year alone; ``end`` is empty while it lasts.
    """

    country: str
    start: str
    end: str = ""

    def holds(self, year: int) -> bool:
        """Whether it is in force on at least one day of a year."""
        return int(self.start[:4]) <= year and (not self.end or year <= int(self.end[:4]))


@dataclass(frozen=True, slots=True)
class Pact:
    """One treaty.

    key, name: short name; title.
    kinds: what the members promise each other, of :data:`KINDS`.
    signed: day or year.
    spells: members and their times.
    ended: pairs between which it ended earlier: two codes and a date.
    source, locator, kinds_from, dates_from, note: what was read and where; where the kinds and the dates come
      from (``assumption`` where they are ours).
    """

    key: str
    name: str
    kinds: tuple[str, ...]
    signed: str
    spells: tuple[Spell, ...]
    ended: tuple[tuple[str, str, str], ...]
    source: str
    locator: str
    kinds_from: str
    dates_from: str
    note: str

    def binds(self, a: str, b: str, year: int) -> bool:
        """Whether it is in force between two states on at least one day of a year."""
        return any(int(start[:4]) <= year <= int((end or "9999")[:4]) for start, end in self.together(a, b))

    def together(self, a: str, b: str) -> tuple[tuple[str, str], ...]:
        """Times in which it binds two states: first and last day, the last empty while it lasts."""
        own, other = ([s for s in self.spells if s.country == c] for c in (a, b))
        left = [date for x, y, date in self.ended if {x, y} == {a, b}]
        found = []
        for one, two in product(own, other):
            end = min([date for date in (one.end, two.end, *left) if date], default="")
            start = max(one.start, two.start)
            if not end or start[:4] <= end[:4]:
                found.append((start, end))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Coverage:
    """For which promises, whom and when a missing row means that there is no pact.

    kinds: of :data:`KINDS`.
    states: alpha-3 codes.
    first_year, last_year: years, both inside.
    source, locator: what the claim rests on.
    """

    kinds: tuple[str, ...]
    states: tuple[str, ...]
    first_year: int
    last_year: int
    source: str
    locator: str


@cache
def pacts() -> tuple[Pact, ...]:
    """All treaties of the table."""
    return tuple(_pact(row) for row in read_table("pacts.toml")["pact"])


@cache
def coverages() -> tuple[Coverage, ...]:
    """For which promises, whom and when the table claims to be complete."""
    rows = read_table("pacts.toml")["coverage"]
    return tuple(Coverage(**row | {name: tuple(row[name]) for name in ("kinds", "states")}) for row in rows)


@cache
def pact_coverage() -> Coverage:
    """For whom and when the table claims to have every promise, of whatever kind."""
    return min(coverages(), key=lambda one: one.last_year)


def pacts_between(a: str, b: str, year: int) -> tuple[Pact, ...]:
    """Return the treaties of the table in force between two states in a year.

    Parameters
    ----------
    a, b : codes or names of states
    year : a pact counts if it is in force on at least one day of it

    Returns
    -------
    tuple of Pact
        In the order of the table; empty says nothing about pairs that the table does not cover.

    Raises
    ------
    SameCountryError
        If both are the same.
    UnknownCountryError, AmbiguousCountryError
        If a name is no state.
    """
    first, second = pair_of(a, b)
    return tuple(p for p in pacts() if p.binds(first, second, year))


def pair_of(a: str, b: str) -> tuple[str, str]:
    """Resolve two states.

    Raises SameCountryError if both are the same.
    Raises UnknownCountryError, AmbiguousCountryError if a name is no state.
    """
    first, second = resolve_country(a), resolve_country(b)
    if first == second:
        raise SameCountryError(f"Both sides are {first}. Give two different states.")
    return first, second


def _pact(row: Mapping[str, Any]) -> Pact:
    return Pact(
        key=row["key"],
        name=row["name"],
        kinds=tuple(row["kinds"]),
        signed=row["signed"],
        spells=_spells(row),
        ended=tuple((x, y, date) for x, y, date in row.get("pairs_ended", [])),
        source=row["source"],
        locator=row["locator"],
        kinds_from=row["kinds_from"],
        dates_from=row["dates_from"],
        note=row.get("note", ""),
    )


def _spells(row: Mapping[str, Any]) -> tuple[Spell, ...]:
    if "group" in row:
        floor = row.get("not_before", "")
        rows = [m for m in group_memberships() if m.group == row["group"]]
        return tuple(
            Spell(m.country, max(m.entry, floor), m.exit) for m in rows if not m.exit or m.exit > floor
        )
    own = [Spell(c, row["from"], row.get("until", "")) for c in row["members"]]
    later = [Spell(s["country"], s["from"], s.get("until", "")) for s in row.get("others", [])]
    return (*own, *later)
