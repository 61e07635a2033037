"""Tariffs in force on a day: the world of the last year that ended before it, adjusted to what has come since."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from suasion.equilibrium.afterwards import world_after
from suasion.equilibrium.scenario.instruments import Tariff
from suasion.equilibrium.scenario.scenario import Scenario
from suasion.errors import InputError
from suasion.sources.groups import members
from suasion.sources.published_flows import RECONCILED_YEARS
from suasion.sources.tariffs import COLLECTED, LAST_DAY, us_added, us_days
from suasion.world.applied import SINCE, USA
from suasion.world.load import LATEST, load_world
from suasion.world.provenance import Step

if TYPE_CHECKING:
    from suasion.world import World
    from suasion.world.prepared import Prepared

DAY: Step = "Long run after the tariffs that the United States added from {first} to {day}."
OWN_TERMS = ("CAN", "CHN", "HKG", "MEX", "RUS")
"""Partners with terms of their own, which say nothing of partners that the US table does not name."""
UNKNOWN_FROM = 2018
"""First of the years in which the United States raised tariffs that no table has by day; :data:`SINCE` is the last."""
FINEST = 0.1
"""Points to which rates are rounded, so that industries with one rate share an instrument."""


def day_of(text: str | date) -> date:
    """Return a day.

    Raises InputError: The text is no ISO date.
    """
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise InputError(f"day is {text!r}; write it as 2026-07-22.") from None


def year_before(day: date) -> int:
    """Return the year of the world that a day is asked of: the last that ended before it, the usual at most.

    Raises InputError: No embedded world is that old, or the US tariffs of the day are not known.
    """
    year = min(day.year - 1, LATEST)
    if year not in RECONCILED_YEARS:
        raise InputError(
            f"No embedded world ended before {day}; the first is of {RECONCILED_YEARS[0]}. Give a day from "
            f"{RECONCILED_YEARS[0] + 1} on."
        )
    if UNKNOWN_FROM <= day.year <= SINCE:
        raise InputError(
            f"The US tariffs on China of {UNKNOWN_FROM} and {SINCE} are known by year only, not by day. Give a day "
            f"before {UNKNOWN_FROM} or from {SINCE + 1} on, or ask load_world(year={SINCE})."
        )
    us_added(day)
    return year


def added(world: World, day: date) -> pd.DataFrame:
    """Return what the United States had added to its tariffs by a day, on the economies and industries of a world.

    Partners that its table does not name pay the median of those that have no terms of their own (assumption).

    Returns: ``exporter``, ``sector``, ``added`` (per cent, rounded to tenths); without rows of nothing.
    """
    table = us_added(day).unstack("sector").reindex(columns=list(world.sectors)).fillna(0.0)
    union = dict.fromkeys(members("EU", COLLECTED), "EU")
    others = table.drop(index=[code for code in OWN_TERMS if code in table.index]).median()
    rows = {}
    for code in world.countries:
        partner = code if code in table.index else union.get(code, "")
        rows[code] = table.loc[partner] if partner else others
    rows.pop(USA, None)
    found = (pd.DataFrame(rows).T / FINEST).round() * FINEST
    made = found.rename_axis("exporter").reset_index().melt("exporter", var_name="sector", value_name="added")
    return made[made["added"] > 0.0].reset_index(drop=True)


def added_scenario(world: World, day: date) -> Scenario | None:
    """Return what the United States had added by a day as a scenario; None where that is nothing.

    world: Its labels; with sections for industries nothing is known of a day, and an error says so.
    Raises InputError: The world has other industries than the US table.
    """
    first, known = us_days()[0], us_added(day)
    if day.isoformat() < first or USA not in world.countries:
        return None
    if not set(known.index.get_level_values("sector")) & set(world.sectors) - {"other"}:
        raise InputError(
            "US tariffs of a day are known by the industries of the embedded tables of 2022 and later."
        )
    rows = added(world, day)
    alike = rows.groupby(["exporter", "added"])["sector"].agg(sorted).reset_index()
    lines = zip(alike["exporter"], alike["added"], alike["sector"], strict=True)
    items = [Tariff([USA], [exporter], rate / 100.0, sectors=sectors) for exporter, rate, sectors in lines]
    return Scenario(f"US tariffs {day}", items) if items else None


def world_on(text: str | date) -> World:
    """Return the world in force on a day.

    text: ISO date.
    Returns: That of the last year that ended before the day (the usual at most) at its applied tariffs, which hold all
      that was in force in that year, in the long run after what the United States has added since.
    Raises InputError: The text is no date, or the day is before the first world or after the last that is known.
    """
    day = day_of(text)
    base = load_world(year=year_before(day))
    scenario = added_scenario(base, day)
    return base if scenario is None else _kept().get(base, day, lambda: _moved(base, scenario, day))


def _moved(base: World, scenario: Scenario, day: date) -> World:
    step = DAY.format(first=us_days()[0], day=day)
    return world_after(base, scenario).replace(provenance=base.provenance.then(step))


@cache
def _kept() -> Prepared[World]:
    """Worlds of the days asked for last, by the world that they come from."""
    from suasion.world.prepared import Prepared

    return Prepared(2)


def option_on(world: World) -> str:
    """Return how a command names the day of a world; empty where it has none."""
    *_, last = world.provenance.transformations or ("",)
    head, _, tail = DAY.partition("{first}")[2].partition("{day}")
    told = last.partition(head)[2].removesuffix(tail)
    return f"--day {told}" if last.startswith(DAY.partition("{first}")[0]) and told else ""


__all__ = ["LAST_DAY", "added", "added_scenario", "day_of", "option_on", "world_on", "year_before"]
