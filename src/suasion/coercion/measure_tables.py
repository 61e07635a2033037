"""Tables of trade measures that others keep up to date, as scenarios of one day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from suasion.coercion.outcomes import Side, members
from suasion.equilibrium import Scenario
from suasion.errors import InputError
from suasion.sources.groups import expand
from suasion.sources.measure_tables import EVERYBODY, SkippedRow, TableMeasure, read_measure_table
from suasion.world import World

UNION = "EU"
"""Written as a group where all its members stand in a list."""


@dataclass(frozen=True)
class TableScenario:
    """Measures of a table in force on a day.

    left_out: lines of the table that are in no instrument, whatever their day, by reason.
    """

    scenario: Scenario
    left_out: dict[SkippedRow, int]


def table_scenario(
    path: str | Path,
    world: World,
    day: str | date | None = None,
    *,
    senders: Side | None = None,
    targets: Side | None = None,
    coverage: float = 1.0,
) -> TableScenario:
    """Return the measures of a table that are in force on a day.

    path: as for :func:`suasion.sources.measure_tables.read_measure_table`.
    world: economies that it does not hold are left out.
    day: as 2025-04-09; needed where the table has days.
    senders, targets: country, group or list, optional. Only measures of these, and on these.
    coverage: part of an industry's flow that a measure hits: no table says it, and 1 is an upper bound.
    Raises SourceFileError: The table cannot be read.
    Raises InputError: It is no day, or the table begins later, or nothing of it is in force.
    """
    read = read_measure_table(path)
    when, days = _day(day), [one.first for one in read.measures if one.first is not None]
    if days and (when is None or when < min(days)):
        told = "no day is given" if when is None else f"{when} is earlier"
        raise InputError(f"The table begins on {min(days)}, and {told}; give a day from then on.")
    held = [
        one for one in read.measures if when is None or ((one.first or when) <= when <= (one.last or when))
    ]
    year = when.year if when else world.year
    sides = [None if one is None else set(members(world, one)) for one in (senders, targets)]
    # who is not named comes first, so that those named override it
    order = sorted(held, key=lambda one: one.targets != EVERYBODY)
    found = [_instrument(one, world, year, sides, coverage) for one in order]
    kept = tuple(item for item in found if not isinstance(item, SkippedRow))
    gone = Counter(read.left_out) + Counter(item for item in found if isinstance(item, SkippedRow))
    if not kept:
        raise InputError(
            f"{path} has no measure between these economies{f' on {when}' if when else ''} that an instrument does."
        )
    name = f"Measures of {Path(path).stem}{f', {when}' if when else ''}"
    scenario = Scenario.from_dict({"name": name, "year": year, "instruments": list(kept)})
    return TableScenario(scenario, dict(gone))


def _day(day: str | date | None) -> date | None:
    try:
        return date.fromisoformat(day) if isinstance(day, str) else day
    except ValueError as error:
        raise InputError(f"The day is {day!r}; give one as 2025-04-09.") from error


def _instrument(
    one: TableMeasure, world: World, year: int, sides: list[set[str] | None], coverage: float
) -> dict[str, Any] | SkippedRow:
    """A measure as an instrument, as plain data: who is in the world, and in nobody's own trade."""
    acting = _held(one.senders, world, year, sides[0])
    hit = _held(one.targets, world, year, sides[1]) - acting
    sectors = [code for code in one.sectors if _has(world, code)] or sorted(
        {code[:1] for code in one.sectors if _has(world, code[:1])}
    )
    if not (acting and hit and sectors):
        return SkippedRow.WORLD
    everybody = one.targets == EVERYBODY and sides[1] is None
    made = {
        "type": one.kind,
        "senders": _named(acting, world, year),
        "targets": list(EVERYBODY) if everybody else _named(hit, world, year),
        "sectors": sectors,
        "coverage": None if coverage == 1.0 else coverage,
        "date": one.first and one.first.isoformat(),
        "until": one.last and one.last.isoformat(),
    }
    rated = {} if np.isnan(one.rate) else {"rate": round(one.rate, 6), "mode": one.mode}
    return {key: value for key, value in (made | rated).items() if value is not None}


def _held(codes: tuple[str, ...], world: World, year: int, only: set[str] | None) -> set[str]:
    inside = set(world.countries)
    held = inside if codes == EVERYBODY else inside & set(expand(codes, year))
    return set(held) if only is None else held & only


def _named(codes: Iterable[str], world: World, year: int) -> list[str]:
    """Codes in order, the members of the Union as one name."""
    left = set(codes)
    union = set(expand([UNION], year)) & set(world.countries)
    if len(union) > 1 and union <= left:
        return [UNION, *sorted(left - union)]
    return sorted(left)


def _has(world: World, code: str) -> bool:
    return any(sector == code or (len(code) == 1 and sector.startswith(code)) for sector in world.sectors)
