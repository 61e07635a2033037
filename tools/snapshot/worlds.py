"""The world of 2022 with published destinations, and what it becomes in later years."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from snapshot import destinations, growth, packages, seed
from snapshot.seed import FloatArray
from snapshot.world import UNITS_PER_MILLION, IntArray, whole_units

INPUTS = Path(__file__).resolve().parents[2] / "src" / "suasion" / "snapshot"
"""Committed files that builders read: published destinations, goods trade of all pairs, coefficients of the logits."""
BASIC_PRICES = 0.96
"""Value added at basic prices over gross domestic product, which holds taxes on products (assumption, .94 to .98)."""
RAW = {name: INPUTS / f"{name}.parquet" for name in ("goods_totals", "final_destinations")}


@dataclass(frozen=True, slots=True)
class Base:
    """The stored table in million USD, and what it is moved by."""

    countries: tuple[str, ...]
    industries: tuple[str, ...]
    intermediate: FloatArray
    input_use: FloatArray
    final: FloatArray
    absorption: FloatArray
    net_exports: FloatArray
    goods_trade: pd.DataFrame
    materials: pd.DataFrame
    economy: pd.DataFrame
    earlier: dict[str, Any]

    @property
    def goods(self) -> Any:
        """Which industries make goods."""
        return np.array([code < "D" for code in self.industries])


def read_base(out: Path) -> Base:
    """Read the table just built, and the committed trade of all pairs."""
    with np.load(out / "icio2022.npz", allow_pickle=False) as raw:
        unit = float(raw["units_per_million"])
        arrays = {name: raw[name] / unit for name in ("intermediate", "input_use", "final")}
        other = {name: raw[name] for name in ("absorption", "net_exports")}
        labels = [tuple(str(x) for x in raw[name]) for name in ("countries", "sectors")]
    return Base(
        *labels,
        **arrays,
        **other,
        goods_trade=pd.read_parquet(RAW["goods_totals"]),
        materials=pd.read_parquet(out / "materials.parquet"),
        economy=pd.read_parquet(out / "economy.parquet"),
        earlier=_unpacked(out / "icio2019.npz"),
    )


def _unpacked(path: Path) -> dict[str, Any]:
    with np.load(path, allow_pickle=False) as raw:
        return {name: raw[name] for name in raw.files}


def goods_trade_2022(base: Base) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Goods trade of 2022 on the log line from 2020 to 2023: (importer, exporter) inside; exports, imports outside."""
    frame = base.goods_trade
    everyone = sorted(set(frame["exporter"]) | set(frame["importer"]) | set(base.countries))
    first, last = (np.nan_to_num(growth.square(frame, year, everyone)) for year in (2020, 2023))
    whole = np.where((first > 0) & (last > 0), first ** (1 / 3) * last ** (2 / 3), np.maximum(first, last))
    at = [everyone.index(code) for code in base.countries]
    inside = whole[np.ix_(at, at)]
    return inside, whole.sum(0)[at] - inside.sum(0), whole.sum(1)[at] - inside.sum(1)


def known_of(base: Base) -> tuple[seed.Known, FloatArray]:
    """What the seed rests on, and absorption by national accounts with the world outside taken out."""
    trade, sold, bought = goods_trade_2022(base)
    logits = seed.Logits.read(INPUTS / "final_logit.json")
    inputs = base.intermediate[:, :, base.goods].sum(2)
    np.fill_diagonal(inputs, 0.0)
    outside = np.divide(sold, trade.sum(0), out=np.zeros_like(sold), where=trade.sum(0) > 0)
    lacking = trade.sum(0) == 0
    scale = trade.sum() / inputs[np.ix_(~lacking, ~lacking)].sum()
    for j in np.flatnonzero(lacking):  # not in the source: Taiwan
        trade[:, j], trade[j] = inputs[:, j] * scale, inputs[j] * scale
        outside[j], bought[j] = np.median(outside[~lacking]), np.nan
    known = seed.Known(
        base.intermediate,
        base.final.sum(0),
        trade,
        outside,
        base.goods,
        seed.positions(base.industries, _pairs(destinations.WIOD_INDUSTRIES), logits.industries),
        base.absorption,
    )
    foreign = known.abroad.sum((1, 2))
    bought = np.where(np.isnan(bought), foreign * np.nansum(bought) / foreign[~lacking].sum(), bought)
    total = seed.seed(known, logits, rule(base)).outside.sum()
    shares = 0.8 * bought / bought.sum() + 0.2 * foreign / foreign.sum()
    value_added = (base.intermediate + base.final).sum((0, 2)) - base.input_use.sum((1, 2))
    return known, value_added - base.net_exports - (total - base.net_exports.sum()) * shares


def rule(base: Base) -> FloatArray:
    """Sales outside over sales abroad, relative to customs, by industry."""
    by_section = _pairs(destinations.OUTSIDE)
    return np.array([float(by_section[code[0]]) for code in base.industries])


def _pairs(text: str) -> dict[str, str]:
    return dict(item.split(":") for item in text.split())


def published_of(base: Base) -> destinations.Published:
    """Return the published destinations in the order of the table."""
    return destinations.published(pd.read_parquet(RAW["final_destinations"]), base.countries, base.industries)


def estimate_2022(
    base: Base, without: tuple[str, ...] = (), tolerance: float = 1e-6
) -> destinations.Estimate:
    """Estimate the destinations of 2022, some exporters' published rows left out if asked."""
    known, columns = known_of(base)
    logits = seed.Logits.read(INPUTS / "final_logit.json")
    table = published_of(base).without(without)
    return destinations.estimate(known, logits, rule(base), table, columns, tolerance, earlier_of(base))


def earlier_of(base: Base) -> destinations.Earlier:
    """Ratios of the table of 2019: 19 economies of the G20 as sellers, they and all others as buyers."""
    raw = base.earlier
    codes, names = [str(x) for x in raw["countries"]], [str(x) for x in raw["sectors"]]
    size, kinds = len(codes), len(names)
    inputs = raw["inter"].reshape(size, kinds, size, kinds).sum(3).transpose(2, 0, 1)
    final = raw["final"].reshape(size, kinds, size, -1).sum(3).transpose(2, 0, 1)
    enough = inputs > destinations.TINY
    ratio = np.divide(final, inputs, out=np.full_like(final, np.nan), where=enough)
    single = np.array([[float(code == c) for c in base.countries] for code in codes[:-1]])
    return destinations.Earlier(
        ratio[:, :-1],
        np.vstack([single, 1.0 - single.sum(0)]),
        np.array([base.countries.index(code) for code in codes[:-1]]),
        np.array([[float(k[0] == name) for k in base.industries] for name in names]),
    )


def write_2022(out: Path) -> dict[str, float]:
    """Write ``world2022.npz``: final sales by destination, what is sold outside, and how each pair is known."""
    base = read_base(out)
    found = estimate_2022(base)
    totals = np.rint(base.final.sum(0) * UNITS_PER_MILLION).astype(np.int64)
    table = published_of(base)
    trade, _, _ = goods_trade_2022(base)
    np.savez_compressed(
        out / "world2022.npz",
        allow_pickle=False,
        final=whole_units(found.booked(), totals),
        outside=np.rint(found.outside * UNITS_PER_MILLION).astype(np.int64),
        customs=trade.astype(np.float32),
        **blocks(table),
    )
    abroad = found.final.sum() - np.einsum("nnk->", found.final)
    return {
        "destinations_gap": found.gap,
        "final_abroad_million": float(abroad),
        "outside_million": float(found.outside.sum()),
    }


def blocks(table: destinations.Published) -> dict[str, Any]:
    """Return groups of sellers and buyers, and which cells of them are published, for later draws."""
    seller = np.full(len(table.countries), -1, np.int8)
    for g, name in enumerate(table.exporters):
        if name != "ROW":
            seller[table.sellers[g] > 0] = g
    buyer = np.full(len(table.countries), -1, np.int8)
    for h in range(len(table.regions)):
        buyer[table.buyers[h, :-1] > 0] = h
    return {
        "seller_group": seller,
        "buyer_group": buyer,
        "published": ~np.isnan(table.sales).any(1),
        "groups": np.array(table.exporters),
        "regions": np.array(table.regions),
    }


# --- later years ------------------------------------------------------------------------------------------


def write_later(out: Path) -> dict[str, float]:
    """Write the worlds of 2023 and 2024, each moved from the one before."""
    from suasion.world.load_embedded import world_2022
    from suasion.world.nowcast import moved

    base, world = read_base(out), world_2022(out)
    report = {}
    for year in (2023, 2024):
        found, income = year_growth(base, world, year)
        flows = world.array("intermediate") + world.array("final")
        factor = growth.meet_totals(flows, found, base.goods, *accounts_growth(base, year))
        world = moved(world, factor, income, year)
        arrays = whole(world)
        customs = growth.square(base.goods_trade, year, base.countries).astype(np.float32)
        np.savez_compressed(
            out / f"world{year}.npz", allow_pickle=False, **arrays, kind=found.kind, customs=customs
        )
        world = world.replace(**_million(arrays))
        report[f"output_{year}_million"] = float(world.array("output").sum())
    return report


def year_growth(base: Base, world: Any, year: int) -> tuple[growth.PairGrowth, FloatArray]:
    """Growth by pair and industry from the year before, and growth of incomes."""
    exports, imports = (np.where(np.isfinite(g), g, 1.0) for g in accounts_growth(base, year))
    both = 0.5 * np.log(np.outer(imports, exports))
    mining = [growth.mining_trade(base.materials, when, base.countries) for when in (year - 1, year)]
    rest = None
    lacking = np.zeros(len(base.countries), bool)
    if year == 2023:
        rest, lacking = _rest_of_goods(base)
    place = {code: k for k, code in enumerate(base.countries)}
    typed = {
        (place[other], place[code]): growth.RUSSIA_CHINA[year][code]
        for code, other in (("CHN", "RUS"), ("RUS", "CHN"))
    }
    flows = world.array("intermediate") + world.array("final")
    found = growth.pair_growth(flows, rest, (mining[0], mining[1]), both, base.industries, base.goods, typed)
    found.kind[lacking] = 5
    found.kind[:, lacking] = 5
    np.fill_diagonal(found.kind, 0)
    return found, incomes(base, world, year)


def _rest_of_goods(base: Base) -> tuple[tuple[FloatArray, FloatArray], Any]:
    """Goods other than mining in 2022 (on the log line) and 2023, and which economies the source lacks."""
    first, last = (growth.square(base.goods_trade, year, base.countries) for year in (2020, 2023))
    for table, year in ((first, 2020), (last, 2023)):
        dug = sum(growth.mining_trade(base.materials, year, base.countries).values())
        table -= np.where(dug < 0.9 * np.nan_to_num(table), dug, 0.0)
    late = late_shares(base)
    both = (first > 0) & (last > 0)
    middle = np.where(
        both, np.where(both, first, 1.0) ** late * np.where(both, last, 1.0) ** (1 - late), np.nan
    )
    return (middle, last), np.nan_to_num(last).sum(0) == 0


def late_shares(base: Base) -> FloatArray:
    """Share of a pair's log change from 2020 to 2023 that falls into its last year, by exporter.

    Raw materials are known in all three years: the slope of their last year's change on the whole, over buyers, is
    taken where at least :data:`MOST_BUYERS` tell it, and drawn towards a third. For Russia it is .7: its trade with the
    West ended after 2022.
    """
    dug = {
        y: sum(growth.mining_trade(base.materials, y, base.countries).values()) for y in (2020, 2022, 2023)
    }
    shares = np.full(len(base.countries), 1 / 3)
    for i in range(len(shares)):
        # Million USD below which a flow tells little of the pair.
        seen = (dug[2020][:, i] > 50) & (dug[2022][:, i] > 50) & (dug[2023][:, i] > 0.5)
        if seen.sum() >= MOST_BUYERS:
            whole, last = (
                np.log(dug[2023][seen, i] / dug[2020][seen, i]),
                np.log(dug[2023][seen, i] / dug[2022][seen, i]),
            )
            weight = np.sqrt(dug[2022][seen, i])
            design = np.stack([np.ones_like(whole), whole], axis=1) * weight[:, None]
            slope = np.linalg.lstsq(design, last * weight, rcond=None)[0][1]
            own = seen.sum() / (seen.sum() + MOST_BUYERS)
            shares[i] = np.clip(own * slope + (1 - own) / 3, 0.1, 0.9)
    return shares[None, :]


MOST_BUYERS = 15
"""Buyers of raw materials at which an exporter's own timing counts as much as the third."""


def accounts_growth(base: Base, year: int) -> tuple[FloatArray, FloatArray]:
    """Growth of exports and imports of goods and services from the year before; NaN where unknown."""
    return (
        growth.totals_growth(base.economy, "exports", year - 1, year, base.countries),
        growth.totals_growth(base.economy, "imports", year - 1, year, base.countries),
    )


def incomes(base: Base, world: Any, year: int) -> FloatArray:
    """Growth of value added from the year before: last known domestic product over the table's, by the root.

    The Factbook prints one recent year, 2024 for most. Value added of the table is at basic prices.
    """
    chosen = base.economy[(base.economy["item"] == "gdp_nominal") & (base.economy["vintage"] == 2025)]
    latest = chosen.sort_values("year").groupby("country", observed=True).last().reindex(list(base.countries))
    start = (base.intermediate + base.final).sum((0, 2)) - base.input_use.sum((1, 2))
    years = np.maximum(latest["year"].to_numpy(float) - 2022, 1.0)
    ratio = BASIC_PRICES * latest["value"].to_numpy(float) / start
    yearly = np.where((years >= 1) & np.isfinite(ratio), ratio ** (1 / years), 1.0)
    return np.asarray(np.clip(yearly, 0.55, 1.3))


def whole(world: Any) -> dict[str, IntArray]:
    """Round a world to units of 100 USD with every identity exact; the home cell takes what rounding leaves."""
    unit = UNITS_PER_MILLION
    inputs = np.rint(world.array("intermediate") * unit).astype(np.int64)
    final = np.rint(world.array("final") * unit).astype(np.int64)
    bought = inputs.sum(1)
    use = whole_units(world.array("input_use").transpose(1, 0, 2), bought).transpose(1, 0, 2)
    output = (inputs + final).sum(0)
    short = np.maximum(use.sum(2) - output, 0)
    home = np.arange(len(final))
    final[home, home] += short
    return {"intermediate": inputs, "final": final, "input_use": np.ascontiguousarray(use)}


def _million(arrays: dict[str, IntArray]) -> dict[str, FloatArray]:
    plain: dict[str, FloatArray] = {name: value / UNITS_PER_MILLION for name, value in arrays.items()}
    output = (plain["intermediate"] + plain["final"]).sum(0)
    plain["factor_income"] = (output - plain["input_use"].sum(2))[:, :, None]
    return plain


G20_FILE = "trade/_datafiles/icio_oecd2023_2019_isic_g20.npz"


def write_2019(cache: Path, out: Path) -> None:
    """Write ``icio2019.npz``: sales to industries, to final users by destination, and output, as carried."""
    with np.load(packages.stream(packages.member(packages.G20, cache, G20_FILE)), allow_pickle=False) as raw:
        countries, sectors = raw["country_codes"], raw["sector_codes"]
        rows = raw["data"][: len(countries) * len(sectors)]
        kinds = len(raw["fd_codes"])
    inter, final = rows[:, : len(rows)], rows[:, len(rows) :]
    by_destination = final.reshape(len(rows), len(countries), kinds)
    np.savez_compressed(
        out / "icio2019.npz",
        allow_pickle=False,
        countries=countries,
        sectors=sectors,
        inter=inter,
        final=by_destination.reshape(len(rows), -1),
        output=rows.sum(1),
    )
