"""What others would lose without a state, and it without them, in every year."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    Answer,
    Comparison,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
)
from suasion.questions.bands import bracket_of, certified, few, ranged, when_of, without_equilibrium
from suasion.questions.posed import posed, side_of
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, Side, question
from suasion.types import DeficitRule, Progress

if TYPE_CHECKING:
    import pandas as pd

    from suasion.coercion.power_years import PowerYears
    from suasion.world import World

YEARS = (2011, 2014, 2018, 2023)
"""Years that are solved where losses of all years do not ship: groups, own elasticities, other horizons."""
USUAL_DRAWS = 8
"""Draws for ranges of losses that are solved, where no number of draws is given."""


@question
def power_over_years(
    holder: Side,
    *,
    over: str = "",
    horizon: str = "long",
    draws: Bands = 0,
    seed: Count = 1,
    deficits: DeficitRule = "balance",
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """What another, or everybody, would lose without a state, and it without them, in every year from 2011.

    Losses of single states, in the first year and the long run, ship for all years with their ranges; all others are
    solved, in four of the years.

    Parameters
    ----------
    holder : Side
        Whose power: a state or group, by ISO code or English name.
    over : str
        One state or group; everybody, a tie at a time, without.
    horizon : str
        months, short (one year), long (ten years), or years since the cut.
    draws : int
        Draws of elasticities for ranges of their own; none takes those that ship, or eight where none do.
    world : World, optional
        Another than the embedded one is asked alone; else all that ship are.

    Returns
    -------
    Answer
        Tables ``power-over-years``, ``power-ratio`` and, over everybody, ``power-by-partner``.

    Examples
    --------
    >>> su.power_over_years("CHN")
    <Answer power_over_years CHN: power-over-years (...>
    """
    from suasion.coercion.power_years import power_shipped, power_years
    from suasion.world import load_world

    usual = load_world() if world is None else world
    sides = (side_of(holder, usual), side_of(over, usual) if over else None)
    own = bool(given or elasticities or factors or draws) or deficits != "balance"
    found = None if own else power_shipped(usual, *sides, horizon)
    worlds: dict[int, World] = {}
    if found is None:
        draws = draws or USUAL_DRAWS
        worlds = {
            y: posed(w, given, elasticities, factors, deficits, cuts=True) for y, w in _worlds(usual).items()
        }
        found = power_years(
            worlds, *sides, horizon, deficits=deficits, draws=draws, seed=seed, progress=progress
        )
    asked: dict[str, Value] = {"holder": Country(sides[0]), "when": when_of(horizon)}
    asked |= {"target": Country(sides[1])} if sides[1] else {}
    return Answer(
        "power_over_years",
        asked,
        (*_findings(found, asked, usual.year), *_cautions(found, horizon, sides[1], draws)),
        tuple(_tables(found, asked)),
        sources=tuple(_sources(worlds, usual, found)),
        checks=(certified(horizon, found.residual),) if found.drawn else (),
        result=found,
    )


def _worlds(usual: World) -> dict[int, World]:
    """Years that are solved of the usual world; any other is asked alone."""
    from suasion.world import load_world
    from suasion.world.load import usual_key

    if usual_key(usual) != usual_key(load_world()):
        return {usual.year: usual}
    return {year: load_world(year=year) for year in YEARS}


def _sources(worlds: Mapping[int, World], usual: World, found: PowerYears) -> Iterator[Source]:
    """Worlds that were solved; of what ships the first year, whose data set needs no world, and the usual one."""
    from suasion.world.published import DATASET

    solved = {year: one.provenance.dataset for year, one in worlds.items()}
    for year, name in (solved or {YEARS[0]: DATASET, usual.year: usual.provenance.dataset}).items():
        if year not in found.missing:
            yield Source("world.source", name, year)


def _tables(found: PowerYears, asked: dict[str, Value]) -> Iterator[Table]:
    of = "over" if "target" in asked else "all"
    basis = "tables" if found.drawn else "shipped"
    yield Table.of(
        "power-over-years",
        "year power_side loss_percent loss_musd",
        found.table,
        axes="year power_side",
        picture=Picture("lines", "year", "loss_percent", series="power_side"),
        values=asked,
        notes=(Finding(f"power_over_years.note.{of}"), Finding(f"power_over_years.{basis}")),
    )
    yield Table.of("power-ratio", "year ratio_percent", found.ratios, axes="year", values=asked)
    if of == "all":
        yield Table.of(
            "power-by-partner",
            "year partner loss_percent own_percent",
            found.partners.sort_values(["year", "loss_percent"], ascending=[True, False]),
            axes="year partner",
            values=asked,
            detail=True,
        )


def _findings(found: PowerYears, asked: dict[str, Value], last: int) -> Iterator[Finding]:
    """What both lose in the usual year, and how the target's loss stands to that of the first year."""
    of = "over" if "target" in asked else "all"
    target, holder = (found.table[found.table["power_side"] == side] for side in ("target", "holder"))
    last = min(last, int(target["year"].max()))
    loss, own = (_loss(rows, last) for rows in (target, holder))
    values: dict[str, Value] = {**asked, "year": last, "loss": loss, "own": own}
    if of == "all":  # a sum over ties stands against a mean over others: only money compares
        sides = {"money": target, "own_money": holder}
        paid = {name: Quantity(_row(rows, last)["loss_musd"], "musd") for name, rows in sides.items()}
        compared = Comparison(paid["money"], paid["own_money"])
        yield Finding("power_over_years.now.all", {**values, **paid}, compared, weight=MAIN)
    else:
        compared = Comparison(loss, own, _gap(found, (last, "target"), (last, "holder")))
        yield Finding("power_over_years.now.over", values, compared, weight=MAIN)
    first = int(target["year"].min())
    if first < last:
        then = _loss(target, first)
        yield Finding(
            "power_over_years.changed",
            {**asked, "first": first, "last": last, "now": loss, "then": then},
            Comparison(loss, then, _gap(found, (last, "target"), (first, "target"))),
            weight=MAIN - 0.1,
        )


def _gap(found: PowerYears, one: tuple[int, str], other: tuple[int, str]) -> Quantity | None:
    """Difference of two losses with its band."""
    gap, low, high = found.gap(one, other)
    return None if math.isnan(low) else Quantity(gap, "change", low, high)


def _row(rows: pd.DataFrame, year: int) -> dict[Any, Any]:
    return rows[rows["year"] == year].iloc[0].to_dict()


def _loss(rows: pd.DataFrame, year: int) -> Quantity:
    return ranged(_row(rows, year), "loss_percent", "percent")


def _cautions(found: PowerYears, horizon: str, over: str | None, draws: int) -> Iterator[Finding]:
    """Flags of a single target, years without the side, and ties and draws without an equilibrium."""
    last = max(found.flags)
    for row in found.flags[last].to_dict("records") if over else ():
        ends = {f"{name}_percent": row[name] for name in ("replacement", "no_switching")}
        yield from bracket_of(horizon, row["country"], {"flags": row["flag"], **ends})
    if found.missing:
        years = ", ".join(map(str, found.missing))
        yield Finding("power_over_years.missing", {"years": years}, weight=DETAIL, caution=True)
    if lost := found.unsolved[last]:
        yield Finding(
            "power_over_years.unsolved", {"count": Quantity(len(lost), "count")}, weight=DETAIL, caution=True
        )
    if not found.drawn:
        return
    yield from few(draws)
    yield from without_equilibrium(found.failed, draws, when_of(horizon))
