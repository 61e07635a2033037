"""Bans on trial: Russian coal, oil and gas after 2022, who bought and who sold instead, and the law beside all goods.

What the shipped measures take away is simulated on the world of the year before. Beside it stands what customs saw of
the flow itself, of what the seller sold to all others, and of what the buyers took from all others, in tonnes at the
value a tonne of the base years. All goods of a pair are held against both sides' other trade, and what is foreseen of
them is the law alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import pandas as pd

from fits.trial import ENDS, SEED, double_difference
from suasion.equilibrium.batch.flow_ranges import usual_change
from suasion.types import FloatArray

BASE, BASES = 2021, (2019, 2020, 2021)
"""Year of the world, and years whose mean tonnes are the base: of gas by pipe one year alone is not reliable."""
STEADY = 1.5
"""Largest over smallest of the base years up to which tonnes count: of coal some customs lack them."""
ENDED = -1.0 + 1e-9
"""Change from which a flow has ended; the rest is rounding."""
SELLER, UNION, SENDERS = "RUS", "EU", ("EU", "USA")
MEASURES = ("eu_coal_2022", "eu_oil_2022", "russia_gas_2022", "us_energy_2022")
GOODS = {"B05": ("270111", "270112", "270119", "270210", "270220"), "B06": ("270900", "271111", "271121")}
"""Industries and their goods by HS6: coal and lignite; crude oil, liquefied and piped gas."""
YEARS, DRAWN = (2023, 2024), 32
FLOWS = ("struck", "seller_elsewhere", "buyers_elsewhere", "seller_abroad")
"""What buyers took from the seller; what it sold to all others; what they took from all others; all that it sold."""
LAW = "eu_russia_goods_2022"
CUSTOMS = (2020, 2023)
"""Years of customs' totals around the bans; there are none between."""
FOOD, FOOD_YEARS = "russia_food_2014", (2013, 2015)


def _sums(trade: FloatArray, buyers: list[int], seller: int) -> dict[str, float]:
    """The four flows from trade (buyer, seller) without what is sold at home or within the union."""
    trade = trade * (1.0 - np.eye(len(trade)))
    struck, abroad = trade[buyers, seller].sum(), trade[:, seller].sum()
    within = trade[np.ix_(buyers, buyers)].sum()
    taken = trade[buyers].sum() - struck - within
    return dict(zip(FLOWS, (struck, abroad - struck, taken, abroad), strict=True))


@cache
def _simulated(years: float) -> pd.DataFrame:
    """Change of each flow (fraction), central first, then a row a draw: columns (industry, flow)."""
    import suasion as su
    from suasion.coercion.outcomes import base_accounts
    from suasion.equilibrium import Scenario, compile_scenario, draws, resolve, respond
    from suasion.equilibrium.economy import economy_on
    from suasion.equilibrium.scenario.file import parse_scenario
    from suasion.sources.dated import scenario_text
    from suasion.sources.groups import expand

    world = su.load_world(year=BASE)
    acts = [act for name in MEASURES for act in parse_scenario(scenario_text(name), name).instruments]
    shock = compile_scenario(world, Scenario("bans", acts))
    base = base_accounts(world, "balance")
    buyers = [world.countries.index(c) for c in expand(SENDERS, BASE) if c in world.countries]
    places = {k: world.sectors.index(k) for k in GOODS}
    rows = []
    for parameters in (resolve(world, years), *draws(world, DRAWN, years, SEED)):
        solved, _ = respond(economy_on(base, parameters, "balance"), shock)
        tonnes = solved.swept.flows / np.exp(solved.swept.costs.unit.T)[:, None, :]
        ends = [
            {k: _sums(trade[place], buyers, world.countries.index(SELLER)) for k, place in places.items()}
            for trade in (base.receipts, tonnes)
        ]
        rows.append({(k, f): ends[1][k][f] / ends[0][k][f] - 1.0 for k in GOODS for f in FLOWS})
    return pd.DataFrame(rows)


@cache
def _seen(industry: str) -> tuple[pd.DataFrame, dict[str, float]]:
    """Flows by year at the value a tonne of the base years (million USD), and what the base is."""
    from suasion.sources.groups import expand
    from suasion.sources.materials import materials

    table = materials()
    table = table[table["product"].isin(GOODS[industry])]
    own = table[table["year"].isin(BASES)].groupby("product", observed=True)[["value", "quantity"]].sum()
    value = table["quantity"] * table["product"].map(own["value"] / own["quantity"]).astype(float) / 1000.0
    senders, union = set(expand(SENDERS, BASE)), set(expand([UNION], BASE))
    buyer, sold = table["importer"].isin(senders), table["exporter"] == SELLER
    inside = table["importer"].isin(union) & table["exporter"].isin(union)
    masks = (buyer & sold, ~buyer & sold, buyer & ~sold & ~inside, sold)
    flows = pd.DataFrame(
        {f: value[mask].groupby(table["year"][mask]).sum() for f, mask in zip(FLOWS, masks, strict=True)}
    )
    spread = flows.loc[list(BASES)].max() / flows.loc[list(BASES)].min()
    means = flows.loc[list(BASES)].mean().where(spread <= STEADY)
    return flows, {str(name): float(mean) for name, mean in means.items()}


def _range(change: FloatArray, usual: float) -> tuple[float, float, float]:
    """Centre (the first) and ends, in logs, of changes over draws and of what moves flows anyway."""
    if change[0] <= ENDED:
        return -1.0, -1.0, -1.0
    logs = np.log1p(change)
    ends = np.quantile(logs[1:], ENDS)
    low, high = (logs[0] + s * np.hypot(end - logs[0], usual) for s, end in zip((-1, 1), ends, strict=True))
    return float(change[0]), float(np.expm1(low)), float(np.expm1(high))


def _energy(year: int) -> Iterator[dict[str, object]]:
    made = _simulated(float(year - BASE - 1))
    for industry in GOODS:
        flows, base = _seen(industry)
        for flow in FLOWS:
            if np.isnan(base[flow]):
                continue
            usual = float(usual_change(float(year - BASE), base[flow]))
            centre, low, high = _range(made[(industry, flow)].to_numpy(), usual)
            yield {
                "episode": "energy_bans", "flow": flow, "industry": industry, "year": year, "outcome": "materials",
                "base_musd": base[flow], "foreseen": centre, "low": low, "high": high,
                "actual": float(flows[flow][year]) / base[flow] - 1.0,
            }  # fmt: skip


def _totals_moved(year: int, imports: bool) -> float:
    """Log of all goods between the union and the seller, by customs, against both sides' other trade."""
    from suasion.sources.goods_totals import goods_totals
    from suasion.sources.groups import expand

    table = goods_totals()
    table = table[table["year"] == year]
    union = set(expand([UNION], CUSTOMS[0]))
    sides = {name: table[name].astype(str) for name in ("importer", "exporter")}
    inside = sides["importer"].isin(union) & sides["exporter"].isin(union)
    ours, theirs = ("importer", "exporter") if imports else ("exporter", "importer")
    one, other, value = sides[ours].isin(union), sides[theirs] == SELLER, table["value"].where(~inside, 0.0)
    masks = (one & other, one & ~other, ~one & other, ~one & ~other)
    return float(double_difference(*(np.asarray(value[mask].sum()) for mask in masks)))


def _law() -> Iterator[dict[str, object]]:
    """All goods of the pair: the part that the shipped measures take away of the flows of the base year."""
    from suasion.equilibrium.scenario.file import parse_scenario
    from suasion.sources.dated import scenario_text
    from suasion.sources.groups import expand
    from suasion.sources.published_flows import industries, published_flows, regions

    start, end = CUSTOMS
    names, goods = list(regions()), list(industries())[:-1]
    union, seller = [names.index(c) for c in expand([UNION], start)], names.index(SELLER)
    flows = published_flows(start)
    acts = [
        act for name in (LAW, *MEASURES[:3]) for act in parse_scenario(scenario_text(name), name).instruments
    ]
    for direction, trade in (
        ("imports", flows[union, seller].sum(0)),
        ("exports", flows[seller, union].sum(0)),
    ):
        moved = [_totals_moved(year, direction == "imports") for year in CUSTOMS]
        left = np.ones(len(goods))
        for act in acts:
            if getattr(act, "direction", "imports") == direction:
                left[[goods.index(k) for k in getattr(act, "sectors", None) or goods]] *= 1.0 - getattr(
                    act, "removed", 1.0
                )
        size = trade[: len(goods)]
        banned = float((size * (left - 1.0)).sum() / size.sum())
        usual = float(usual_change(float(end - start), size.sum(), int((size > 0).sum())))
        yield {
            "episode": "eu_russia_law", "flow": direction, "industry": "all", "year": end,
            "outcome": "customs", "base_musd": float(size.sum()), "foreseen": banned,
            "low": float((1.0 + banned) * np.exp(-usual) - 1.0), "high": float((1.0 + banned) * np.exp(usual) - 1.0),
            "actual": float(np.expm1(moved[1] - moved[0])),
        }  # fmt: skip


def _food() -> Iterator[dict[str, object]]:
    """What Russia bought of banned industries from those whom it banned; the shipped measure bans all of it."""
    from suasion.sources.dated import instruments_of
    from suasion.sources.groups import expand
    from suasion.sources.published_flows import industries, published_flows, regions

    (act,) = instruments_of(FOOD)
    names, goods = list(regions()), list(industries())
    start, end = FOOD_YEARS
    sellers = np.isin(names, list(expand(act["targets"], start)))
    buyer = np.arange(len(names)) == names.index(SELLER)
    for industry in act["sectors"]:
        ends = []
        for year in FOOD_YEARS:
            flows = published_flows(year)[:, :, goods.index(industry)] * (1.0 - np.eye(len(names)))
            parts = (flows[np.ix_(b, s)].sum() for b in (buyer, ~buyer) for s in (sellers, ~sellers))
            own, bought, sold, others = parts
            ends.append((own, double_difference(*map(np.asarray, (own, bought, sold, others)))))
        yield {
            "episode": "russia_food", "flow": "struck", "industry": industry, "year": end, "outcome": "published_flows",
            "base_musd": float(ends[0][0]), "foreseen": -1.0, "low": -1.0, "high": -1.0,
            "actual": float(np.expm1(ends[1][1] - ends[0][1])),
        }  # fmt: skip


def bans(only: Sequence[int] = YEARS) -> pd.DataFrame:
    """One row a flow and year: what was foreseen with its range, and what happened, as fractions of the base."""
    return pd.DataFrame([*(row for year in only for row in _energy(year)), *_law(), *_food()])
