"""Joint exercises, patrols and operations of great powers, each with its source and its place on a map."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from suasion.files import shipped
from suasion.sources.groups import members
from suasion.statecraft.record import FactKind, facts_between
from suasion.statecraft.tables import read_table
from suasion.types import Z90


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


TABLES, CHANCES, MODEL = "suasion.statecraft.tables", "clash_odds.parquet", "clash_model.json"
YEARS, FADES = 10, 10.0
"""Years ahead; years in which what a dispute of the past says fades to a third."""
UNIT = 1000
"""Parts of a log odds in the file."""


@dataclass(frozen=True, slots=True)
class ClashChance:
    """The chance of a deadly dispute within ten years.

    Attributes
    ----------
    probability, low, high : chance, and its 90 % band
    base : mean of all pairs
    last : year of the last deadly dispute that the record of the pair has after the end of the data; 0 without
    data_to : last year of the disputes behind the fit
    """

    probability: float
    low: float
    high: float
    base: float
    last: int
    data_to: int


@cache
def clash_model() -> Mapping[str, Any]:
    """Return what ships beside the log odds: coefficients, drift and scores; not to be changed."""
    values: dict[str, Any] = shipped(TABLES, MODEL, json.load)
    return values


def clash_chance(a: str, b: str) -> ClashChance | None:
    """Return the chance of two states; None where one is not in the list of states.

    Parameters
    ----------
    a, b : alpha-3 codes

    Returns
    -------
    ClashChance or None

    Raises
    ------
    SourceFileError
        If the installation lacks the files, or one is damaged.
    """
    table, model, pair = _odds(), clash_model(), (min(a, b), max(a, b))
    if pair not in table.index:
        return None
    row = table.loc[[pair]].iloc[0].to_dict()
    kinds = (FactKind.DISPUTE, FactKind.WAR)
    clashes = [int(one.start[:4]) for one in facts_between(a, b) if one.kind in kinds]
    last = max((year for year in clashes if year > model["data_to"]), default=0)
    recent = float(np.exp(-max(model["year"] - last, 0) / FADES)) if last else float(row["recent"])
    odds = float(row["odds"]) + model["recent"] * recent
    reach = Z90 * float(np.hypot(row["sd"], model["drift"]))
    low, middle, high = (float(expit(odds + end)) for end in (-reach, 0.0, reach))
    return ClashChance(middle, low, high, model["base"], last, model["data_to"])


@cache
def _odds() -> pd.DataFrame:
    table = shipped(TABLES, CHANCES, pd.read_parquet)
    names = table[["a", "b"]].astype(str)
    return names.join(table[["odds", "recent", "sd"]] / UNIT).set_index(["a", "b"]).sort_index()
