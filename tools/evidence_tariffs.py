"""What tariffs beneath a world change, and what the United States charges on a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from evidence import ROOT
from suasion.coercion import exit_cost
from suasion.equilibrium import Scenario, Tariff, simulate
from suasion.equilibrium.in_force import world_before, world_on
from suasion.sources.tariffs import us_added, us_duties
from suasion.world import World, load_world
from suasion.world.applied import applied_tariffs
from suasion.world.tariffs import with_tariffs

SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
CODE = ROOT / "src" / "suasion"
PAIRS = (("USA", "CHN"), ("IND", "CHN"), ("VNM", "CHN"), ("RUS", "CHN"))
TARIFF = 25.0
DAYS = (
    "2018-07-20",
    "2018-10-15",
    "2019-10-15",
    "2022-06-01",
    "2025-02-15",
    "2025-04-20",
    "2025-08-07",
    "2026-07-22",
)
"""Three days of the first trade war, one on which nothing was added, and four since."""
SINCE = "2025"
"""Days from which the source has weights of its own."""
PARTNERS = ("CHN", "EU", "MEX", "CAN", "JPN", "KOR", "VNM", "IND", "GBR", "BRA")


def sources() -> Sequence[Path]:
    """Embedded files of the tariffs and of the world beneath them, and the code that spreads them."""
    names = (
        "tariff_means.parquet",
        "us_tariffs.parquet",
        "agreements.csv",
        "groups.csv",
        "icio2022.npz",
        "published_flows.parquet",
        "reconciled_flows.parquet",
    )
    code = (
        "world/applied.py",
        "world/applied.toml",
        "world/tariffs.py",
        "sources/tariffs.py",
        "equilibrium/in_force.py",
        "sources/dated/by_day.py",
        "sources/dated/rates.csv",
        "sources/dated/steps.toml",
    )
    return [*(SNAPSHOT / name for name in names), *(CODE / name for name in code)]


def worlds() -> dict[str, World]:
    """The usual world, the same without tariffs, and those at the ends of the ranges of all cells together."""
    plain = load_world(tariffs="zero")
    found = applied_tariffs(plain)
    ends = {
        name: with_tariffs(plain, rates, spare=True)
        for name, rates in (("low", found.low), ("high", found.high))
    }
    return {"zero": plain, "applied": load_world(), **ends}


def losses(pairs: Sequence[tuple[str, str]] = PAIRS) -> pd.DataFrame:
    """Long-run losses of the first of a pair without the second, and of a tariff, on all four worlds."""
    rows: dict[tuple[str, str], dict[str, float]] = {}
    for name, world in worlds().items():
        for a, b in pairs:
            table = exit_cost(world, a, b, horizon="long").table
            rows.setdefault(("without", f"{a}-{b}"), {})[name] = float(
                table.loc[table["country"] == a, "loss_percent"].iloc[0]
            )
        what = Scenario("tariff", [Tariff("USA", "CHN", TARIFF / 100.0)])
        welfare = simulate(world, what, "long").welfare.sel(country="USA")
        rows.setdefault(("tariff 25", "USA-CHN"), {})[name] = -float(welfare)
    return pd.DataFrame([{"what": what, "pair": pair, **row} for (what, pair), row in rows.items()])


def sampled_losses(committed: pd.DataFrame) -> pd.DataFrame:
    """One pair and the tariff again."""
    return losses(PAIRS[:1])


def days() -> pd.DataFrame:
    """Mean US rates by partner on eight days: on the flows of the world before, as before and after, and on imports."""
    return pd.DataFrame([row for day in DAYS for row in _day(day)])


def sampled_days(committed: pd.DataFrame) -> pd.DataFrame:
    """The second day and the last again."""
    return pd.DataFrame([row for day in (DAYS[1], DAYS[-1]) for row in _day(day)])


def _day(day: str) -> Iterator[dict[str, object]]:
    when = date.fromisoformat(day)
    before, moved = world_before(when), world_on(when)
    own = _own_weights(when) if day >= SINCE else {}
    for partner in ("all", *PARTNERS):
        yield {
            "day": day,
            "partner": partner,
            "flows_of": before.year,
            "before_percent": _mean(before, before, partner),
            "on_flows_before_percent": _mean(before, moved, partner),
            "on_flows_after_percent": _mean(moved, moved, partner),
            "on_imports_of_2024_percent": own.get(partner, float("nan")),
            "source": _source(day, moved is before),
        }


def _source(day: str, nothing_added: bool) -> str:
    """Whose the rates are."""
    if nothing_added:
        return "duties collected in 2024; nothing added as far as is known"
    if day >= SINCE:
        return "duties collected in 2024 and US tariff lists, through tradewartracker"
    return "duties collected by year and industry, on the days of steps.toml"


def _own_weights(day: date) -> dict[str, float]:
    """Means of the source, weighed by imports of 2024."""
    table = us_duties()
    rate = table["collected"] + us_added(day)
    found = {}
    for partner in ("all", *PARTNERS):
        rows = table if partner == "all" else table.loc[[partner]]
        weight = rows["imports_musd"]
        found[partner] = float((rate.loc[rows.index] * weight).sum() / weight.sum())
    return found


def _mean(flows: World, rates: World, partner: str) -> float:
    """Mean rate of the United States on what comes from a partner, weighed by the flows of a world."""
    from suasion.sources.groups import members

    us = flows.countries.index("USA")
    from_whom = [code for code in flows.countries if code != "USA"]
    if partner != "all":
        from_whom = list(members("EU", flows.year)) if partner == "EU" else [partner]
    who = [flows.countries.index(code) for code in from_whom]
    goods = [k for k, code in enumerate(flows.sectors) if code < "D"]
    cells = np.ix_(who, goods)
    weight = (flows.array("intermediate") + flows.array("final"))[us][cells]
    return float(100.0 * (weight * rates.array("tariff")[us][cells]).sum() / weight.sum())
