"""The first year beside what others found, and the pairs whose loss goes beyond what the model can say."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import xarray as xr

    from suasion.equilibrium import Result
    from suasion.equilibrium.scenario.instrument import Instrument
    from suasion.world import World

EAST = ("CHN", "HKG", "RUS", "BLR", "KAZ", "PAK", "LAO", "KHM", "MMR")
"""Stands in for the eastern bloc of the Kiel brief, whose list was not read: assumption."""
ENERGY = ("B05", "B06", "C19")
COAL = "B05"
"""Exempt where an embargo would leave somebody without any supplier of it."""
WORLDS: dict[str, dict[str, str | int]] = {
    "icio2022": {"name": "icio2022"},
    "2022": {"year": 2022},
    "2023": {"year": 2023},
}
"""Worlds that ship: the table on which the nest was chosen, that year as reconciled, the latest."""
CALIBRATION, IN_VIEW, OUT = "calibration", "in view when the nest was chosen", "out of sample"


@dataclass(frozen=True, slots=True)
class Row:
    """One country in one case: what others found, and whether that could sway the choice of the nest."""

    case: str
    country: str
    target: str
    kind: str


def _rows(case: str, countries: str, target: str, kind: str) -> list[Row]:
    return [Row(case, country, target, kind) for country in countries.split()]


ROWS = (
    *_rows(
        "West and East part",
        "DEU",
        "-5 months, -4 first year, -1 to -2 long (Kiel Policy Brief 170)",
        CALIBRATION,
    ),
    *_rows("West and East part", "USA CHN EU", "", IN_VIEW),
    *_rows("EU without Russian energy", "EU", "-0.2 to -0.3 (CAE 2022)", IN_VIEW),
    *_rows("EU without Russian energy", "DEU", "-0.3 to -3 (CAE; Bachmann et al. 2022)", IN_VIEW),
    *_rows("EU without Russian energy", "FRA", "-0.15 to -0.3 (CAE 2022)", IN_VIEW),
    *_rows("EU without Russian energy", "SVK BGR HUN CZE", "", IN_VIEW),
    *_rows(
        "EU and China part",
        "DEU",
        "",
        IN_VIEW,
    ),
    *_rows("EU and China part", "CHN EU", "", IN_VIEW),
    *_rows(
        "EU and China part, inputs",
        "DEU",
        "-2 short run (Felbermayr and Krebs 2023, as reported)",
        IN_VIEW,
    ),
    *_rows("USA bars inputs of all", "USA", "-2.2 long run (Eppinger and others 2021, base year 2014)", OUT),
    *_rows("West and Russia part", "RUS", "-9.7 long run (EconPol Policy Brief 41)", IN_VIEW),
    *_rows("West and Russia part", "USA", "", IN_VIEW),
    *_rows("West and Russia part", "WEST", "-0.2 long run, allies (EconPol Policy Brief 41)", IN_VIEW),
    *_rows("MEX and USA part", "MEX", "", IN_VIEW),
    *_rows("BLR and RUS part", "BLR", "", IN_VIEW),
    *_rows("CRI and USA part", "CRI", "", OUT),
    *_rows("CAN and USA part", "CAN", "", OUT),
    *_rows("RUS and CHN part", "RUS CHN", "", OUT),
    *_rows("AUS and CHN part", "AUS", "", OUT),
    *_rows("USA and CHN part", "USA CHN", "", OUT),
    *_rows("US tariffs of April 2025", "USA VNM MEX", "", OUT),
    *_rows(
        "US tariffs of April 2025, answered",
        "USA",
        "-0.6, with capital -2.6 (Baqaee and Malmberg 2025, which tariffs is not said)",
        OUT,
    ),
)


def _instruments(case: str) -> list[Instrument]:
    from suasion.coercion.dated import dated_scenario
    from suasion.equilibrium.scenario.bans import Embargo, ImportBan

    if case.startswith("US tariffs"):
        taxed = list(dated_scenario("us_april_2025").instruments)
        back = [replace(one, senders=one.targets, targets=one.senders) for one in taxed]
        return [*taxed, *(back if case.endswith("answered") else ())]
    blocs = {
        "West and East part": [Embargo("WEST", EAST)],
        "EU without Russian energy": [ImportBan("EU", "RUS", ENERGY)],
        "EU and China part": [Embargo("EU", "CHN")],
        "West and Russia part": [Embargo("WEST", "RUS")],
    }
    if case in blocs:
        return list(blocs[case])
    if case == "EU and China part, inputs":
        return [Embargo("EU", "CHN", use="inputs")]
    if case == "USA bars inputs of all":
        return [ImportBan("USA", "all", use="inputs")]
    one, _, other, _ = case.split()
    return [Embargo(one, other)]


def _answers(case: str, world: World) -> dict[str, Result]:
    from suasion.equilibrium import Scenario, simulate
    from suasion.errors import NoSupplierError

    acts = _instruments(case)
    try:
        return {one: simulate(world, Scenario(case, acts), one) for one in ("months", "short", "long")}
    except NoSupplierError:  # Cyprus buys all its coal from one bloc, and there is no coal at home
        rest = [code for code in world.sectors if code != COAL]
        acts = [replace(one, sectors=rest) for one in acts]
        return {one: simulate(world, Scenario(case, acts), one) for one in ("months", "short", "long")}


def short_run(cases: tuple[str, ...] = (), worlds: tuple[str, ...] = tuple(WORLDS)) -> pd.DataFrame:
    """Losses by world and horizon with the bracket and flags of the first year, for all cases or some."""
    from suasion import load_world

    rows = []
    for name in worlds:
        world, found = load_world(**WORLDS[name]), {}  # type: ignore[arg-type]
        for row in ROWS:
            if cases and row.case not in cases:
                continue
            if row.case not in found:
                print(name, row.case, file=sys.stderr)
                found[row.case] = _answers(row.case, world)
            rows.append({"world": name, **_said(row, found[row.case])})
    return pd.DataFrame(rows)


def _said(row: Row, by_horizon: dict[str, Result]) -> dict[str, object]:
    """One line of the table: the answers by horizon, and what stands beside the first year's and the long run's."""
    first, last = by_horizon["short"], by_horizon["long"]
    ends = [_of(row.country, first, first.bracket.sel(branch=one)) for one in BRANCHES]
    flags = dict.fromkeys(item.flag.value for item in first.flagged if item.country == row.country)
    return {
        "case": row.case,
        "country": row.country,
        "target": row.target,
        "kind": row.kind,
        **{name: _of(row.country, r, r.welfare) for name, r in by_horizon.items()},
        "replacement": ends[0],
        "no_switching": ends[1],
        "long_with_capital": _of(row.country, last, last.welfare_with_capital),
        "flags": " ".join(flags),
    }


BRANCHES = ("replacement", "no switching")
MEMBERS = 2022
"""Year of the members of groups whose losses are added up."""


def _of(side: str, result: Result, change: xr.DataArray) -> float:
    """Change of a country, or of the members of a group together, in per cent of their real expenditure."""
    from suasion.sources.groups import expand

    codes = [code for code in expand([side], MEMBERS) if code in change["country"].values]
    income = pd.Series(result.base.income, change["country"].values)[codes]
    return float((change.sel(country=codes).values * income).sum() / income.sum())


def sampled_short_run(committed: pd.DataFrame) -> pd.DataFrame:
    """One case again."""
    return short_run(("EU without Russian energy",), ("icio2022",))


def _candidates(world: World) -> list[tuple[str, str]]:
    """Pairs that may carry a flag: a large loss, or a good that loses much of its supply to a side.

    A flag on supply stands at nine tenths lost or three times the price; here a price half as high again at given
    costs is enough, so that none is missed.
    """
    from suasion.coercion import leverage_matrix
    from suasion.equilibrium import resolve
    from suasion.equilibrium.accounts import accounts_of
    from suasion.equilibrium.flags import GOOD, weighty

    losses = leverage_matrix(world, "short").loss_percent.values
    base = accounts_of(world)
    rise = np.expm1(resolve(world, "short").modes.lost(base.pi.reshape(len(world.sectors), -1)))
    dear = (rise.reshape(base.pi.shape) > 0.5) & (weighty(base) > GOOD).T[:, :, None]
    names = world.states  # the rest of the world, last in every table, is none
    exposed = (np.nan_to_num(losses) > 10.0) | dear.any(0)[: len(names), : len(names)]
    both = exposed | exposed.T
    return [(names[a], names[b]) for a, b in itertools.combinations(range(len(names)), 2) if both[a, b]]


def first_year_flags(
    pairs: list[tuple[str, str]] | None = None, worlds: tuple[str, ...] = ("icio2022", "2023")
) -> pd.DataFrame:
    """Both sides of every pair that parts in the first year, where a flag stands on the number of one."""
    from suasion import load_world

    parts = []
    for name in worlds:
        world = load_world(**WORLDS[name])  # type: ignore[arg-type]
        parts += [{"world": name, **row} for row in _flagged(world, pairs or _candidates(world))]
    return pd.DataFrame(parts)


def _flagged(world: World, pairs: list[tuple[str, str]]) -> Iterator[dict[str, object]]:
    """Lines of the sides on whose number a flag stands."""
    from suasion.equilibrium import Embargo, Scenario, simulate

    for pair in pairs:
        result = simulate(world, Scenario("cut", [Embargo(*pair)]), "short")
        for country in pair:
            found = [item for item in result.flagged if item.country == country]
            if not found:
                continue
            ends = result.bracket.sel(country=country).values
            goods = [item.sector for item in found if item.sector]
            yield {
                "pair": "-".join(pair),
                "country": country,
                "flags": " ".join(dict.fromkeys(item.flag.value for item in found)),
                "goods": " ".join(goods),
                "replacement": ends[0],
                "first_year": ends[1],
                "no_switching": ends[2],
            }


def sampled_flags(committed: pd.DataFrame) -> pd.DataFrame:
    """The worst pair again."""
    worst = committed.loc[committed.first_year.idxmin()]
    return first_year_flags([tuple(str(worst["pair"]).split("-"))], (str(worst["world"]),))  # type: ignore[list-item]


PAGE_HEAD = (
    "| case | target | kind | first year, icio2022 | first year, 2022 | months, 2023 | **first year, 2023** | "
    "long, 2023 | long with capital, 2023 | bracket, 2023 | flags, 2023 |"
)
KINDS = {CALIBRATION: "calibration", IN_VIEW: "in view", OUT: "out of sample"}


def page_lines(table: pd.DataFrame) -> list[str]:
    """Lines of the table of the page on the short run, from the committed table; a test holds the page to them."""
    by = {name: part.set_index(["case", "country"]) for name, part in table.groupby("world")}
    lines = [PAGE_HEAD, "|---" * 11 + "|"]
    for row in by["2023"].reset_index().to_dict("records"):
        key = (row["case"], row["country"])
        found = [f"{by[name].loc[key, 'short']:.2f}" for name in ("icio2022", "2022")]
        own = {name: f"{row[name]:.2f}" for name in ("months", "short", "long", "long_with_capital")}
        ends = f"{row['replacement']:.2f} to {row['no_switching']:.2f}"
        flags = [
            row[name] if isinstance(row[name], str) and row[name] else "-" for name in ("target", "flags")
        ]
        head = [
            f"{key[0]}: {key[1]}",
            flags[0],
            KINDS[row["kind"]],
            *found,
            own["months"],
            f"**{own['short']}**",
        ]
        lines.append(f"| {' | '.join([*head, own['long'], own['long_with_capital'], ends, flags[1]])} |")
    return lines
