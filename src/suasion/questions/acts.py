"""Acts of states on trade of which no scenario is made, as tables: all of them, and those that hold on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from suasion.answers import Finding, Table, Value

if TYPE_CHECKING:
    from suasion.sources.dated.acts import DatedAct

COLUMNS = (
    "name imposer target act_kind goods covers industries date until suspended least_percent most_percent read source "
    "where not_known"
)
BRIEF = "imposer target act_kind goods date until suspended"


def acts_on_file() -> Table:
    """All acts, the earliest first."""
    from suasion.sources.dated.acts import dated_acts

    return _table("dated-acts", dated_acts(), {})


def acts_in_force(state: str, day: date, asked: Mapping[str, Value]) -> tuple[Table, ...]:
    """Acts that hold on a day of a state, of a group that it is in, or on it by name; no table where there are none."""
    from suasion.sources.dated.acts import dated_acts

    held = {
        name: one
        for name, one in dated_acts().items()
        if one.holds(day) and any(_is(state, side, day.year) for side in (one.imposer, *one.targets))
    }
    return (_table("acts-in-force", held, asked),) if held else ()


def _is(state: str, side: str, year: int) -> bool:
    from suasion.sources.groups import expand

    return side != "all" and state in expand([side], year)


def _table(key: str, acts: Mapping[str, DatedAct], values: Mapping[str, Value]) -> Table:
    return Table.of(
        key,
        COLUMNS,
        (_row(name, one) for name, one in acts.items()),
        axes="name",
        values=dict(values),
        brief=BRIEF,
        notes=(Finding("dated_measures.acts"),),
        detail=True,
    )


def _row(name: str, one: DatedAct) -> dict[str, Any]:
    """Who, on whom, what, from when to when, and what is not known."""
    return {
        **{field: getattr(one, field) for field in ("imposer", "goods", "covers", "source", "read")},
        "name": name,
        "target": " ".join(one.targets),
        "act_kind": one.kind,
        "date": one.date.isoformat(),
        "until": one.until and one.until.isoformat(),
        "suspended": " / ".join(day.isoformat() for day in one.suspended or ()),
        "least_percent": one.percent[0] if one.percent else None,
        "most_percent": one.percent[1] if one.percent else None,
        "industries": " ".join(one.industries),
        "where": one.locator,
        "not_known": one.unknown,
    }
