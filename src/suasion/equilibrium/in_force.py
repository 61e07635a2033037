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
from suasion.sources.dated import by_day
from suasion.sources.groups import members
from suasion.sources.published_flows import RECONCILED_YEARS
from suasion.sources.tariffs import COLLECTED, LAST_DAY, us_added, us_days
from suasion.world.applied import USA, applied_tariffs, taxed_at
from suasion.world.checks import Step
from suasion.world.load import LATEST, load_world

if TYPE_CHECKING:
    from suasion.world import World
    from suasion.world.prepared import Prepared

DAY: Step = "Long run after the dated tariffs from {first} to {day}."
MEANS: Step = (
    "Dated tariffs of {year} put in at their mean over its days, in place of what is assumed of China."
)
OWN_TERMS = ("CAN", "CHN", "HKG", "MEX", "RUS")
"""Partners with terms of their own, which say nothing of partners that the US table does not name."""
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

    Raises InputError: No embedded world is that old, or tariffs of the day are not known yet.
    """
    year = min(day.year - 1, LATEST)
    if year not in RECONCILED_YEARS:
        raise InputError(
            f"No embedded world ended before {day}; the first is of {RECONCILED_YEARS[0]}. Give a day from "
            f"{RECONCILED_YEARS[0] + 1} on."
        )
    us_added(day)
    return year


def world_before(day: date) -> World:
    """Return the world that a day is asked of, at the tariffs that were in force in its year.

    day: one for which :func:`year_before` has a year.
    Returns: The usual of its year; of 2018, whose tariffs rose during the year, with their means over its days.
    """
    year = year_before(day)
    return _at_means(year) if {year, day.year} <= set(by_day.YEARS) else load_world(year=year)


@cache
def _at_means(year: int) -> World:
    """The world of a year at its applied tariffs without duties on top, and the means of the dated ones."""
    plain = load_world("published", year)
    rates = applied_tariffs(plain).general.copy()
    at = {code: place for place, code in enumerate(plain.countries)}
    for row in by_day.rates_in(year).to_dict("records"):
        rates[at[row["buyer"]], at[row["seller"]], plain.sectors.index(row["industry"])] += (
            row["added"] / 100.0
        )
    return taxed_at(plain, rates, MEANS.format(year=year))


def added(world: World, day: date) -> pd.DataFrame:
    """Return what has been added by a day to the tariffs of :func:`world_before`, on a world's labels.

    Since 2025 what the United States has added by law; partners that its table does not name pay the median of those
    that have no terms of their own (assumption). In 2018 and 2019 what it had collected on top, and China's answer by
    its list, over what the world of the year before has.

    Returns: ``importer``, ``exporter``, ``sector``, ``added`` (per cent, rounded to tenths); without rows of nothing.
    """
    found = _lately(world, day) if day.year not in by_day.YEARS else _earlier(world, day)
    found["added"] = (found["added"] / FINEST).round() * FINEST
    return found[found["added"] != 0.0].reset_index(drop=True)


def _lately(world: World, day: date) -> pd.DataFrame:
    table = us_added(day).unstack("sector").reindex(columns=list(world.sectors)).fillna(0.0)
    union = dict.fromkeys(members("EU", COLLECTED), "EU")
    others = table.drop(index=[code for code in OWN_TERMS if code in table.index]).median()
    rows = {}
    for code in world.countries:
        partner = code if code in table.index else union.get(code, "")
        rows[code] = table.loc[partner] if partner else others
    rows.pop(USA, None)
    made = pd.DataFrame(rows).T.rename_axis("exporter").reset_index()
    return made.melt("exporter", var_name="sector", value_name="added").assign(importer=USA)


def _earlier(world: World, day: date) -> pd.DataFrame:
    keys = ["buyer", "seller", "industry"]
    now, before = (
        found.set_index(keys)["added"].astype(float)
        for found in (by_day.rates_on(day), by_day.rates_in(day.year - 1))
    )
    rows = (
        now.sub(before, fill_value=0.0)
        .reset_index()
        .set_axis(["importer", "exporter", "sector", "added"], axis=1)
    )
    here = rows["importer"].isin(world.countries) & rows["exporter"].isin(world.countries)
    return rows[here & rows["sector"].isin(world.sectors)]


def added_scenario(world: World, day: date) -> Scenario | None:
    """Return what has been added by a day as a scenario; None where that is nothing.

    world: Its labels; with sections for industries nothing is known of a day, and an error says so.
    Raises InputError: The world has other industries than the US table.
    """
    known = set(us_added(day).index.get_level_values("sector"))
    if USA not in world.countries or first_of(day) is None:
        return None
    if not known & set(world.sectors) - {"other"}:
        raise InputError(
            "US tariffs of a day are known by the industries of the embedded tables of 2022 and later."
        )
    rows = added(world, day)
    alike = rows.groupby(["importer", "exporter", "added"])["sector"].agg(sorted).reset_index()
    lines = alike.to_dict("records")
    items = [
        Tariff([row["importer"]], [row["exporter"]], row["added"] / 100.0, sectors=row["sector"])
        for row in lines
    ]
    return Scenario(f"US tariffs {day}", items) if items else None


def imposers(scenario: Scenario) -> set[str]:
    """Return who has added something in a scenario of :func:`added_scenario`."""
    return {code for one in scenario.instruments if isinstance(one, Tariff) for code in one.senders}


def first_of(day: date) -> str | None:
    """Return the first day of what is known of a day's tariffs; None where nothing had been added."""
    first = by_day.first_day().isoformat() if day.year in by_day.YEARS else us_days()[0]
    return first if first <= day.isoformat() else None


def next_of(day: date) -> str:
    """Return the first day after one on which nothing had been added yet that something was."""
    first = by_day.first_day().isoformat()
    return first if day.isoformat() < first else us_days()[0]


def world_on(text: str | date) -> World:
    """Return the world in force on a day.

    text: ISO date.
    Returns: :func:`world_before` the day in the long run after what has been added since.
    Raises InputError: The text is no date, or the day is before the first world or after the last that is known.
    """
    day = day_of(text)
    base = world_before(day)
    scenario = added_scenario(base, day)
    return base if scenario is None else _kept().get(base, day, lambda: _moved(base, scenario, day))


def _moved(base: World, scenario: Scenario, day: date) -> World:
    step = DAY.format(first=first_of(day), day=day)
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


__all__ = [
    "LAST_DAY",
    "added",
    "added_scenario",
    "day_of",
    "first_of",
    "imposers",
    "next_of",
    "option_on",
    "world_before",
    "world_on",
    "year_before",
]
