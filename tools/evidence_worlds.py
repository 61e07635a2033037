"""What the worlds rest on: destinations against published ones, WIOD as a truth, ranges, nowcasts, losses by year."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from evidence import ROOT
from snapshot import coarse, growth, seed, wiod, worlds
from suasion.coercion import leverage_matrix, loss_ranges
from suasion.sources.final_split import ras, seed_from_intermediate
from suasion.sources.wiod13 import INDUSTRIES
from suasion.world import World, load_world
from suasion.world.draws import final_draw

FloatArray = np.ndarray
SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
HORIZONS = ("long", "short")
WORTH = 0.1
"""Per cent: pairs whose true loss is less say little of a table."""
QUARTER = 0.25
FITTED = (2003, 2005, 2007)
DRAWS = {"long": 20, "short": 10}
"""Tables drawn for a log-normal range; solving one at the short horizon takes twice as long."""
Z90 = 1.6448536269514722
G20 = [
    "AUS",
    "BRA",
    "CAN",
    "CHN",
    "DEU",
    "FRA",
    "GBR",
    "IDN",
    "IND",
    "ITA",
    "JPN",
    "KOR",
    "MEX",
    "RUS",
    "TUR",
    "USA",
]


def truths() -> Sequence[Path]:
    """Embedded files that tables with known destinations are tried with; WIOD is not in the repository."""
    return [SNAPSHOT / name for name in ("final_logit.json", "goods_totals.parquet", "icio2019.npz")]


def sources() -> Sequence[Path]:
    """Embedded files that destinations rest on."""
    names = (
        "final_destinations.parquet",
        "final_logit.json",
        "goods_totals.parquet",
        "world2022.npz",
        "icio2019.npz",
    )
    return [SNAPSHOT / name for name in names]


def later_sources() -> Sequence[Path]:
    """Embedded files of all worlds."""
    return [*sources(), SNAPSHOT / "world2023.npz", SNAPSHOT / "world2024.npz", SNAPSHOT / "icio2022.npz"]


def _folder() -> Path:
    folder = os.environ.get("SUASION_TEST_DATA")
    if not folder:
        raise SystemExit("set SUASION_TEST_DATA to the folder that holds wiod13/ and trade/")
    return Path(folder)


@cache
def _trade() -> pd.DataFrame:
    return pd.read_parquet(SNAPSHOT / "goods_totals.parquet")


@cache
def _year(year: int) -> wiod.Year:
    return wiod.truth(_folder(), year, _trade())


@cache
def _early() -> seed.Logits:
    """Coefficients of the years before those that they are tried on."""
    return seed.fit([_year(y).truth for y in FITTED], list(INDUSTRIES))


@cache
def _shipped() -> seed.Logits:
    return seed.Logits.read(SNAPSHOT / "final_logit.json")


@cache
def _losses(name: str, horizon: str) -> FloatArray:
    """Losses of a named table, (country, partner), per cent."""
    made = TABLES[name]() if name in TABLES else _wiod_table(name)
    print(f"{name} {horizon}", file=sys.stderr)
    kept = name.startswith("embedded")  # which others ask for, too
    return np.asarray(leverage_matrix(made, horizon, cache=kept).loss_percent.values)


def _wiod_table(name: str) -> World:
    kind, year = name.split()
    found = _year(int(year))
    match kind:
        case "true":
            return wiod.whole_world(found, int(year))
        case "oracle":
            return wiod.inside_world(found, found.truth.final, found.truth.outside, int(year))
        case "seed":
            return wiod.inside_world(found, *wiod.estimated(found, _early()), int(year))
        case _:
            return wiod.inside_world(found, *_recipe(found), int(year))


def _recipe(found: wiod.Year) -> tuple[FloatArray, FloatArray]:
    """Return the split in use before: the pattern of inputs, sales outside spread over the table."""
    known = found.truth.known
    columns = found.columns * known.final.sum() / found.columns.sum()
    split = ras(seed_from_intermediate(known.intermediate), known.final, columns, tolerance=1e-6)
    return split.final, np.zeros_like(known.final)


# --- the table of 2019 ------------------------------------------------------------------------------------


@cache
def _coarse() -> seed.Truth:
    return coarse.truth(load_world(year=2019), _trade(), _shipped())


def _coarse_estimate() -> World:
    return coarse.inside_world(load_world(year=2019), *coarse.estimated(_coarse(), _shipped()))


def _coarse_oracle() -> World:
    return coarse.inside_world(load_world(year=2019), _coarse().final, _coarse().outside)


TABLES: dict[str, Callable[[], World]] = {
    "true 2019": lambda: load_world(year=2019),
    "seed 2019": _coarse_estimate,
    "oracle 2019": _coarse_oracle,
    "embedded 2022": lambda: load_world(year=2022),
    "embedded 2023": lambda: load_world(year=2023),
}


def _against(found: FloatArray, true: FloatArray, kept: FloatArray | None = None) -> dict[str, float]:
    """How losses differ from true ones, over pairs whose true loss is worth it."""
    size = len(found)
    true = true[:size, :size]
    used = np.isfinite(true) & np.isfinite(found) & (true > WORTH)
    used &= True if kept is None else kept
    ratio = found[used] / true[used]
    return {
        "pairs": int(used.sum()),
        "median_ratio": float(np.median(ratio)),
        "median_error": float(np.median(np.abs(ratio - 1))),
        "off_by_a_quarter": float(np.mean(np.abs(ratio - 1) > QUARTER)),
        "low": float(np.quantile(ratio, 0.05)),
        "high": float(np.quantile(ratio, 0.95)),
    }


# --- destinations ------------------------------------------------------------------------------------------


def destinations() -> pd.DataFrame:
    """Misses of destinations abroad against the published rows, over published final exports."""
    base = worlds.read_base(SNAPSHOT)
    rows = list(_shipped_misses(base))
    for name in worlds.published_of(base).exporters:
        if name != "ROW":
            found = worlds.estimate_2022(base, (name,), tolerance=1e-3)
            flows = np.concatenate([found.final, found.sold_outside[None]])
            rows.append({"exporter": name, "variant": "held out", **_miss(base, flows, name, "ROW")})
            print(rows[-1], file=sys.stderr)
    table = pd.DataFrame(rows)
    weights = table[table.variant == "held out"]
    mean = {
        column: float(np.average(weights[column], weights=weights["exports"]))
        for column in ("by_industry", "by_destination", "level")
    }
    total = {"exporter": "all", "variant": "held out", **mean, "exports": float(weights["exports"].sum())}
    return pd.concat([table, pd.DataFrame([total])], ignore_index=True)


def _shipped_misses(base: worlds.Base) -> list[dict[str, object]]:
    """Misses of the shipped tables; what goes to ROW has the outside in it, and is left aside."""
    raw, home = np.load(SNAPSHOT / "world2022.npz"), np.arange(len(base.countries))
    bound = raw["final"] / worlds.UNITS_PER_MILLION
    bound[home, home] -= raw["outside"] / worlds.UNITS_PER_MILLION
    none = np.zeros((1, *bound.shape[1:]))
    rows: list[dict[str, object]] = []
    for name in worlds.published_of(base).exporters:
        for variant, flows in (("shipped", bound), ("pattern of inputs", base.final)):
            whole = np.concatenate([flows, none])
            rows.append({"exporter": name, "variant": variant, **_miss(base, whole, name, "")})
    return rows


def _miss(base: worlds.Base, flows: FloatArray, name: str, last: str) -> dict[str, float]:
    """Sums of absolute differences of goods over regions abroad, cell by cell and summed over industries."""
    table = worlds.published_of(base)
    g = table.exporters.index(name)
    abroad = [h for h, region in enumerate(table.regions) if region != name and (region != "ROW" or last)]
    goods = base.goods & ~np.isnan(table.sales[g]).any(0)
    found, said = table.sums(flows)[g][abroad][:, goods], table.sales[g][abroad][:, goods]
    return {
        "by_industry": float(np.abs(found - said).sum() / said.sum()),
        "by_destination": float(np.abs((found - said).sum(1)).sum() / said.sum()),
        "level": float(found.sum() / said.sum()),
        "exports": float(said.sum()),
    }


def sampled_destinations(committed: pd.DataFrame) -> pd.DataFrame:
    """Measure the shipped tables again."""
    return pd.DataFrame(_shipped_misses(worlds.read_base(SNAPSHOT)))


def estimates() -> pd.DataFrame:
    """Losses with estimated destinations against losses with true ones, on WIOD and on the table of 2019."""
    rows = []
    for year in (2008, 2011):
        for horizon in HORIZONS:
            true = _losses(f"true {year}", horizon)
            for kind in ("pattern", "seed", "oracle"):
                found = _losses(f"{kind} {year}", horizon)
                rows.append(
                    {"table": f"WIOD {year}", "variant": kind, "horizon": horizon, **_against(found, true)}
                )
    return pd.concat([pd.DataFrame(rows), sampled_estimates()], ignore_index=True)


def sampled_estimates(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Solve the table of 2019 again."""
    rows = [
        {
            "table": "OECD 2019",
            "variant": kind,
            "horizon": horizon,
            **_against(_losses(f"{kind} 2019", horizon), _losses("true 2019", horizon)),
        }
        for horizon in HORIZONS
        for kind in ("seed", "oracle")
    ]
    return pd.DataFrame(rows)


# --- ranges ------------------------------------------------------------------------------------------------


def ranges() -> pd.DataFrame:
    """How often a 90 % range from drawn tables holds the true loss."""
    rows = []
    for year in (2008, 2011):
        found = _year(year)
        final, outside = wiod.estimated(found, _early())
        draw = _drawer(final, outside, wiod.GOODS)
        for horizon in HORIZONS:
            tables = [wiod.inside_world(found, *draw(k), year) for k in range(DRAWS[horizon])]
            rows.append(
                {"table": f"WIOD {year}", "horizon": horizon, **_covers(tables, f"true {year}", horizon)}
            )
    return pd.concat([pd.DataFrame(rows), sampled_ranges()], ignore_index=True)


def sampled_ranges(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Draw and solve the table of 2019 again, at the long horizon."""
    final, outside = coarse.estimated(_coarse(), _shipped())
    draw, world = _drawer(final, outside, coarse.GOODS), load_world(year=2019)
    tables = [coarse.inside_world(world, *draw(k)) for k in range(DRAWS["long"])]
    return pd.DataFrame([{"table": "OECD 2019", "horizon": "long", **_covers(tables, "true 2019", "long")}])


def _drawer(
    final: FloatArray, outside: FloatArray, goods: FloatArray
) -> Callable[[int], tuple[FloatArray, FloatArray]]:
    """Draws by number; what is sold outside moves with its seller."""

    def draw(index: int) -> tuple[FloatArray, FloatArray]:
        return final_draw(final, goods, np.random.default_rng([0, index])), outside

    return draw


def _covers(tables: Sequence[World], true: str, horizon: str) -> dict[str, float]:

    logs = []
    for made in tables:
        loss = leverage_matrix(made, horizon, cache=False).loss_percent.values
        with np.errstate(invalid="ignore", divide="ignore"):
            logs.append(np.log(loss))
    size = len(tables[0].countries)
    truth = _losses(true, horizon)[:size, :size]
    used = np.isfinite(truth) & (truth > WORTH) & np.isfinite(logs).all(0)
    middle, spread = np.mean(logs, axis=0)[used], np.std(logs, axis=0, ddof=1)[used]
    score = (np.log(truth[used]) - middle) / spread
    return {
        "draws": len(tables),
        "pairs": int(used.sum()),
        "covers": float(np.mean(np.abs(score) <= Z90)),
        "below": float(np.mean(score < -Z90)),
        "above": float(np.mean(score > Z90)),
        "half_width": float(np.exp(Z90 * np.median(spread))),
    }


# --- nowcasts ----------------------------------------------------------------------------------------------


def nowcasts() -> pd.DataFrame:
    """Losses of a later year by a table moved there, and by the table left as it is, against the later table."""
    rows = []
    for first, last in ((2007, 2011), (2003, 2008)):
        moved = _moved(first, last)
        for horizon in HORIZONS:
            true = _losses(f"true {last}", horizon)
            found = np.asarray(leverage_matrix(moved, horizon, cache=False).loss_percent.values)
            for variant, losses in (("kept", _losses(f"oracle {first}", horizon)), ("moved", found)):
                for group, kept in (("all", None), ("G20", _both_in(moved.countries, G20))):
                    key = {"base": f"WIOD {first}", "year": str(last), "variant": variant, "group": group}
                    rows.append({**key, "horizon": horizon, **_against(losses, true, kept)})
    return pd.concat([pd.DataFrame(rows), sampled_nowcasts()], ignore_index=True)


def _both_in(countries: Sequence[str], group: Sequence[str]) -> FloatArray:
    inside = np.array([code in group for code in countries])
    return inside[:, None] & inside[None, :]


def _moved(first: int, last: int) -> World:
    base, later = _year(first), _year(last)
    trade = (base.truth.known.trade, later.truth.known.trade)
    worlds_of = [
        wiod.inside_world(y, y.truth.final, y.truth.outside, year)
        for y, year in ((base, first), (later, last))
    ]
    income = _ratio([w.array("value_added").sum(1) for w in worlds_of])
    foreign = []
    for made in worlds_of:
        flow = (made.array("intermediate") + made.array("final")).sum(2)
        foreign.append(flow - np.diag(np.diag(flow)))
    exports, imports = (_ratio([f.sum(axis) for f in foreign]) for axis in (0, 1))
    return wiod.moved_on(base, trade, (income, exports, imports), first, last)


def _ratio(values: Sequence[FloatArray]) -> FloatArray:
    return np.asarray(values[1] / values[0])


def sampled_nowcasts(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Measure how far the embedded worlds of two years differ: a difference, no error."""
    found = _against(_losses("embedded 2022", "long"), _losses("embedded 2023", "long"))
    key = {"base": "embedded 2022", "year": "2023", "variant": "kept", "group": "all", "horizon": "long"}
    return pd.DataFrame([{**key, **found}])


# --- losses by world ---------------------------------------------------------------------------------------

PAIRS = (("RUS", "CHN"), ("USA", "CHN"), ("DEU", "RUS"), ("AUS", "CHN"), ("KAZ", "CHN"), ("TUR", "CHN"))
STORED = "2022, pattern of inputs"
WORLDS = ("2019", STORED, "2022", "2023", "2024")


def losses_by_world() -> pd.DataFrame:
    """Losses of six pairs in every embedded world, with 90 % ranges for 2022 and 2023."""
    table = pd.concat([_pair_losses(name, PAIRS) for name in WORLDS], ignore_index=True)
    return table.merge(_pair_ranges(), how="left")


def _pair_ranges() -> pd.DataFrame:
    """Ranges of data and elasticities together; the world of 2019 has observed destinations and no draws."""
    parts = []
    for name in ("2022", "2023"):
        for horizon in HORIZONS:
            found = loss_ranges(load_world(year=int(name)), PAIRS, horizon, count=RANGE_DRAWS, apart=True)
            columns = ["country", "partner", "low_percent", "high_percent", "loses_more", "data_share"]
            parts.append(found[columns].assign(world=name, horizon=horizon))
    return pd.concat(parts)


RANGE_DRAWS = 48
"""Draws behind the ranges of six pairs; a table and its pairs take a second."""


def sampled_losses(committed: pd.DataFrame) -> pd.DataFrame:
    """Solve one pair of two worlds again, without ranges."""
    columns = ["world", "country", "partner", "horizon", "loss_percent", "partner_loss_percent"]
    return pd.concat([_pair_losses(name, PAIRS[:1]) for name in ("2019", "2023")])[columns]


def _pair_losses(name: str, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:

    world = load_world("icio2022") if name == STORED else load_world(year=int(name))
    chosen = [pair for pair in pairs if set(pair) <= set(world.countries)]
    parts = []
    for horizon in HORIZONS:
        table = leverage_matrix(world, horizon, pairs=chosen, cache=False).frame
        kept = table.merge(pd.DataFrame(chosen, columns=["country", "partner"]))
        parts.append(kept.assign(world=name, horizon=horizon))
    columns = ["world", "country", "partner", "horizon", "loss_percent", "partner_loss_percent"]
    return pd.concat(parts)[columns]


def partner_check() -> pd.DataFrame:
    """Partner shares of the worlds against those that the World Factbook prints for 2023."""
    from suasion.sources.factbook import partner_shares

    printed = partner_shares()
    printed = printed[(printed["vintage"] == 2025) & (printed["year"] == 2023)]
    rows = []
    for name in (STORED, "2022", "2023"):
        world = load_world("icio2022") if name == STORED else load_world(year=int(name))
        goods = [k for k, code in enumerate(world.sectors) if code < "D"]
        trade = (world.array("intermediate") + world.array("final"))[:, :, goods].sum(2)
        np.fill_diagonal(trade, 0.0)
        counted = _counted(world)
        for flow, axis in (("imports", 1), ("exports", 0)):
            seen, own = (counted, trade) if axis else (counted.T, trade.T)
            rows.append({"world": name, "flow": flow, **_partners(world, own, seen, printed, flow)})
    return pd.DataFrame(rows)


def _counted(world: World) -> np.ndarray:
    """Pairs of which customs know trade in 2023, (importer, exporter), where they know any of the importer's.

    They have no Taiwan and no trade of Belarus with Russia; the printed partners of China and of Belarus lack the same.
    """
    known = np.nan_to_num(growth.square(_trade(), 2023, world.countries)) > 0
    lacking = ~known.any(1)
    return known | lacking[:, None]


def _partners(
    world: World, trade: FloatArray, counted: np.ndarray, printed: pd.DataFrame, flow: str
) -> dict[str, float]:
    """Largest partners and shares of one side's trade, (who reports, partner).

    ``largest_right`` takes the largest of all; ``largest_right_of_counted`` leaves out pairs that customs do not count,
    and takes any of those with the largest printed share, which is rounded to a per cent.
    """
    place = {code: k for k, code in enumerate(world.countries)}
    chosen = printed[(printed["flow"] == flow) & printed["reporter"].isin(place)]
    right, right_of_counted, misses = [], [], []
    for reporter, rows in chosen.groupby("reporter", observed=True):
        own, seen = trade[place[str(reporter)]], counted[place[str(reporter)]]
        shares = own / own.sum()
        said = rows.set_index("partner")["share"]
        if said.idxmax() in place:
            right.append(world.countries[int(shares.argmax())] == said.idxmax())
            largest = world.countries[int(np.where(seen, shares, -1.0).argmax())]
            right_of_counted.append(said.get(largest, 0.0) == said.max())
        misses += [abs(shares[place[code]] - share) for code, share in said.items() if code in place]
    return {
        "reporters": len(right),
        "largest_right": float(np.mean(right)),
        "largest_right_of_counted": float(np.mean(right_of_counted)),
        "mean_difference": float(np.mean(misses)),
    }


def sampled_partners(committed: pd.DataFrame) -> pd.DataFrame:
    """Compare all worlds again: it takes a second."""
    return partner_check()
