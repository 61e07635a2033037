"""Frozen forecasts and resolutions: one JSON line each, every line sealed by the hash of the line before."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from suasion.errors import DataError
from suasion.files import shipped

FILE = "forecasts.jsonl"
GRACE = 180
"""Days after closing within which the named source must have spoken; else the question is void."""


class Foretold(StrEnum):
    """What a frozen forecast is of."""

    PACT = "pact"
    SHARE = "share"
    IDEAL_POINT = "ideal_point"
    PURCHASES = "purchases"
    PACT_TABLE = "pact_table"
    SHARE_TABLE = "share_table"
    PACT_ENDING = "pact_ending"
    SANCTIONS_ONSET = "sanctions_onset"
    VOTES_IN_FAVOUR = "votes_in_favour"
    SANCTION_TABLE = "sanction_table"
    PURCHASES_TABLE = "purchases_table"


class Made(StrEnum):
    """When a forecast was made, against its outcome."""

    FROZEN = "frozen"
    HINDCAST = "hindcast"


class Standing(StrEnum):
    """How far a question is."""

    OPEN = "open"
    RESOLVED = "resolved"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenForecast:
    """One forecast as it was frozen; it is never edited.

    a, b: states by code; empty for a table.
    opens, closes, frozen_on, resolves_by: ``resolves_by`` ends the grace.
    data_to: last year of the data behind it.
    version: of the package and of the fitted numbers.
    made: a hindcast was made after its outcome could be known.
    second_look: whether its form was chosen after outcomes like this one had been seen.
    source: what resolves it.
    p, low, high, base: probability of a yes-or-no question with its 90 % band, and the base rate's.
    quantiles, walk: 99 per cents of a number, and those of the random walk; empty otherwise.
    sha256: of a frozen table.
    about: title of the text that is voted on; empty otherwise.
    """

    id: str
    asked: Foretold
    a: str = ""
    b: str = ""
    opens: dt.date
    closes: dt.date
    frozen_on: dt.date
    resolves_by: dt.date
    data_to: int
    version: str
    made: Made
    second_look: bool
    source: str
    p: float | None = None
    low: float | None = None
    high: float | None = None
    base: float | None = None
    quantiles: tuple[float, ...] = ()
    walk: tuple[float, ...] = ()
    sha256: str = ""
    about: str = ""

    @property
    def yearly(self) -> bool:
        """Whether it opens and closes with one year."""
        return self.opens == dt.date(self.closes.year, 1, 1) and self.closes == dt.date(
            self.opens.year, 12, 31
        )

    def to_dict(self) -> dict[str, Any]:
        """Fields as they stand in the file; what is empty is left out."""
        plain = _FORECAST.dump_python(self, mode="json")
        return {name: value for name, value in plain.items() if value not in (None, [], "")}

    def left(self, day: dt.date) -> float | None:
        """Probability from a day on, nothing having happened: the hazard is spread evenly from opening to closing.

        Returns: None for a question that is not of yes or no.
        """
        if self.p is None:
            return None
        whole = (self.closes - self.opens).days + 1
        ahead = min(max((self.closes - day).days + 1, 0), whole)
        return float(1.0 - (1.0 - self.p) ** (ahead / whole))


@dataclass(frozen=True, slots=True)
class Resolved:
    """How a question ended.

    outcome: 1 or 0 of a yes-or-no question, the number of another; None where it is void.
    source: what was read.
    """

    id: str
    resolved_on: dt.date
    outcome: float | None
    source: str


_FORECAST, _RESOLVED = TypeAdapter(FrozenForecast), TypeAdapter(Resolved)


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """All lines.

    resolutions: by id.
    head: hash of the last line.
    """

    forecasts: tuple[FrozenForecast, ...]
    resolutions: Mapping[str, Resolved]
    head: str

    def outcome(self, forecast: FrozenForecast) -> Standing:
        """How far its question is."""
        found = self.resolutions.get(forecast.id)
        if found is None:
            return Standing.OPEN
        return Standing.VOID if found.outcome is None else Standing.RESOLVED


def sealed(lines: Iterable[Mapping[str, Any]], before: str = "") -> list[str]:
    """Text of lines, each with the hash of the line before.

    lines: mappings without ``before``.
    before: hash of the line that they follow.
    """
    out = []
    for line in lines:
        text = json.dumps({**line, "before": before}, sort_keys=True, allow_nan=False, ensure_ascii=False)
        out.append(text)
        before = hashlib.sha256(text.encode()).hexdigest()
    return out


def read_desk(text: str) -> Scoreboard:
    """Read lines, and refuse a changed, removed or moved one.

    text: of the file.
    Raises DataError if a line does not follow the one before it, a forecast that is no hindcast was frozen
      after it opened, an id is there twice, or a resolution has no forecast, comes before closing of nothing,
      or is not of its kind.
    """
    before = ""
    forecasts: dict[str, FrozenForecast] = {}
    resolutions: dict[str, Resolved] = {}
    for number, line in enumerate(text.splitlines(), 1):
        held = json.loads(line)
        if held["before"] != before:
            raise DataError(
                f"Line {number} of the frozen forecasts does not follow the line before it: one was changed."
            )
        before = hashlib.sha256(line.encode()).hexdigest()
        if "outcome" in held:
            resolutions[held["id"]] = _resolved(held, forecasts, resolutions, number)
        else:
            made = _FORECAST.validate_python(held)
            if made.made is Made.FROZEN and made.frozen_on >= made.opens:
                raise DataError(
                    f"Line {number}: {made.id} was frozen on {made.frozen_on}, and opens on {made.opens}."
                )
            if made.id in forecasts:
                raise DataError(f"Line {number}: {made.id} is frozen already; freeze under another name.")
            forecasts[made.id] = made
    return Scoreboard(tuple(forecasts.values()), resolutions, before)


def _resolved(
    held: Mapping[str, Any],
    forecasts: Mapping[str, FrozenForecast],
    done: Mapping[str, Resolved],
    number: int,
) -> Resolved:
    if held["id"] not in forecasts or held["id"] in done:
        raise DataError(
            f"Line {number} resolves {held['id']}, which is not frozen before it, or is resolved already."
        )
    outcome = held["outcome"]
    if outcome is not None and forecasts[held["id"]].p is not None and outcome not in (0, 1):
        raise DataError(f"Line {number}: {held['id']} is of yes or no, and is resolved as {outcome}.")
    return _RESOLVED.validate_python(held)


@cache
def desk() -> Scoreboard:
    """Frozen forecasts that the package keeps.

    Raises SourceFileError if the file is missing.
    Raises DataError if a line was changed.
    """
    return read_desk(shipped("suasion.outlook.scoreboard", FILE, lambda file: file.read().decode("utf-8")))
