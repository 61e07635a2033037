"""Joint exercises, patrols and operations of great powers, and single deliveries of arms, each with its source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from suasion.sources.groups import members
from suasion.statecraft.tables import read_table


class EventKind(StrEnum):
    """Training; one route of bombers or warships announced as joint; a task other than training; fighting."""

    EXERCISE = "exercise"
    PATROL = "patrol"
    OPERATION = "operation"
    COMBAT = "combat"


@dataclass(frozen=True, slots=True)
class Event:
    """One joint exercise or operation.

    name: as it was called.
    start, end: day, or month or year alone where only that was read.
    kind: of :class:`EventKind`, by its value.
    place, short: where; the place at which its point stands on a map, in a word or two.
    longitude, latitude: degrees, to about one degree: our placing of the place named (assumption).
    participants: alpha-3 codes of those that were read.
    forces, source, locator, note: size; what was read, and where; caution.
    """

    name: str
    start: str
    end: str
    kind: EventKind
    place: str
    short: str
    longitude: float
    latitude: float
    participants: tuple[str, ...]
    forces: str
    source: str
    locator: str
    note: str

    def between(self, a: str, b: str) -> bool:
        """Whether both took part."""
        return {a, b} <= set(self.participants)

    def holds(self, year: int) -> bool:
        """Whether it went on in a year."""
        return int(self.start[:4]) <= year <= int(self.end[:4])


_FIRST_PLACE = re.compile(r",| \(| (?:off|and|near|from|through|to) ")
"""Ends the first place of several, and the sea of a place off a coast."""


@cache
def events() -> tuple[Event, ...]:
    """All events of the table, the earliest first."""
    return tuple(
        sorted((_event(row) for row in read_table("events.toml")["event"]), key=lambda e: (e.start, e.name))
    )


def events_between(a: str, b: str) -> tuple[Event, ...]:
    """Events in which both states took part, the earliest first."""
    return tuple(e for e in events() if e.between(a, b))


def searched(a: str, b: str, year: int) -> bool:
    """Whether a source lists all exercises of the pair in that year, so that none listed means none."""
    return any(
        {a, b} == set(row["states"]) and row["first_year"] <= year <= row["last_year"]
        for row in read_table("events.toml")["searched"]
    )


@dataclass(frozen=True, slots=True)
class TypedDelivery:
    """One figure on deliveries of arms.

    supplier, recipient: alpha-3 codes.
    year, until: the year; the last of several years in which the register shows nothing.
    tiv: trend-indicator value (million); 0 where the register shows none.
    """

    supplier: str
    recipient: str
    year: int
    until: int
    tiv: float


@cache
def typed_deliveries() -> tuple[TypedDelivery, ...]:
    """Single figures on deliveries of arms typed in. Years without one are unknown."""
    return tuple(
        TypedDelivery(r["supplier"], r["recipient"], r["year"], r.get("until", r["year"]), float(r["tiv"]))
        for r in read_table("arms.toml")["rows"]
    )


def deliveries_source() -> tuple[str, str]:
    """Source and locator of the typed figures on arms."""
    table = read_table("arms.toml")
    return table["source"], table["locator"]


def _event(row: Mapping[str, Any]) -> Event:
    group = members(row["group"], int(row["start"][:4])) if "group" in row else ()
    return Event(
        name=row["name"],
        start=row["start"],
        end=row.get("end", row["start"]),
        kind=EventKind(row["kind"]),
        place=row["place"],
        short=row.get("short", _FIRST_PLACE.split(row["place"])[0]),
        longitude=float(row["longitude"]),
        latitude=float(row["latitude"]),
        participants=tuple(sorted({*group, *row["participants"]})),
        forces=row.get("forces", ""),
        source=row["source"],
        locator=row["locator"],
        note=row.get("note", ""),
    )
