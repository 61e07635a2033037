"""What others published for the question that is asked, beside the answer here, and why the two differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.language import ENGLISH
from suasion.coercion.published import FigureBeside
from suasion.dossier.explore.rows import Change, EconomyRow, PublishedRow
from suasion.questions.scenarios.address import Measure, Query, scenario_of
from suasion.questions.scenarios.instruments import BUNDLES
from suasion.sources import expand, is_group
from suasion.sources.estimates import ALL, PublishedFigure, register

NEAR = 0.2
"""A figure on a size is shown for sizes at most this part away. Assumption: further off it is another question."""
RUNS = {1.0: "short", 10.0: "long"}
BANS = {"embargo", "import_ban", "export_ban"}
"""A ban on what one side sells and one on what the other buys are asked for in each other's words."""
SIZES = ("rate", "factor", "removed", "share")
Together = Callable[[Sequence[str]], Sequence[Change]]


def published_rows(
    query: Query, economies: Sequence[EconomyRow], year: int, together: Together | None = None
) -> tuple[PublishedRow, ...]:
    """Figures for the same question.

    Parameters
    ----------
    query : Query
        The question.
    economies : sequence of EconomyRow
        Changes here.
    year : int
        Of the membership of groups.
    together : callable, optional
        From the codes of several economies to their changes in each run; without it figures on groups are left out.
    """
    asked = list(
        zip(query.measures, (item.to_dict() for item in scenario_of(query).instruments), strict=True)
    )
    settings = {key for key, one in register().scenario.items() if _fits(one.instruments, asked, year)}
    known = {row.code: row.changes for row in economies}
    found = []
    for one in register().figure:
        if one.scenario in settings and one.years in RUNS:
            changes = known.get(one.economies[0]) if len(one.economies) == 1 else None
            if changes is None and together is not None and ALL not in one.economies:
                changes = tuple(together([code for code in expand(one.economies, year) if code in known]))
            if changes is not None:
                found.append(_row(one, changes, year))
    return tuple(found)


def _fits(instruments: Sequence[Mapping[str, Any]], asked: Sequence[tuple[Measure, Any]], year: int) -> bool:
    """Whether each instrument is asked for, and nothing else."""
    if not instruments or len(instruments) != len(asked):
        return False
    return all(_same(one, *other, year) for one, other in zip(instruments, asked, strict=True))


def _same(theirs: Mapping[str, Any], measure: Measure, ours: Mapping[str, Any], year: int) -> bool:
    kinds = {theirs["type"], measure.kind}
    sizes = [(theirs[name], ours[name]) for name in SIZES if name in theirs and name in ours]
    return (
        (len(kinds) == 1 or kinds <= BANS)
        and _goods(theirs.get("sectors")) == _goods(ours.get("sectors"))
        and theirs.get("direction", "both") == ours.get("direction", "both")
        and theirs.get("use") == ours.get("use")
        and all(abs(here - there) <= NEAR * abs(there) for there, here in sizes)
        and all(_among(name, measure.by, year) for name in theirs["senders"])
        and all(_among(name, measure.on, year) for name in theirs["targets"])
    )


def _goods(sectors: Sequence[str] | None) -> set[str]:
    """Industries by code; all goods and no list at all are the same where nothing else can be taxed."""
    found = set(sectors or ())
    return set() if found == set(BUNDLES["goods"][1]) else found


def _among(name: str, sides: Sequence[str], year: int) -> bool:
    """Whether a side is named, by itself or in a group; a group only by itself."""
    if name in sides or name == ALL or is_group(name):
        return name in sides
    return any(is_group(side) and name in expand([side], year) for side in sides)


def _row(one: PublishedFigure, changes: Sequence[Change], year: int) -> PublishedRow:
    ours = next((change for change in changes if change.run == RUNS[one.years]), None)
    beside = FigureBeside(one, None if ours is None else ours.percent, year)
    low, high = _as_published(one.low), _as_published(one.high)
    reason = beside.cause or beside.agreement
    words = {"measure": say(f"word.measure.{one.measure}"), "run": say(f"word.run.{RUNS[one.years]}")}
    return PublishedRow(
        what=say("published.what", what=beside.setting.what, **words),
        country=one.economies[0],
        name=ENGLISH.listing([ENGLISH.country(code, "plain") for code in one.economies]),
        low=one.low,
        high=one.high,
        text=low if low == high else say("published.between", low=high, high=low),
        ours=None if ours is None else ours.percent,
        ours_text=n.NO_DATA if ours is None else ours.text,
        source=say("published.cited", cited=beside.study.cited, where=beside.study.where),
        differs=say(f"published.differs.{reason}", year=year),
    )


def _as_published(change: float) -> str:
    """Change with the digits that its authors printed, and no others."""
    return f"{change:+g} %".replace("-", n.MINUS)
