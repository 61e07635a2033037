"""Joint exercises, patrols and operations of great powers, each with its source and its place on a map."""

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
