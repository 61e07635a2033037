"""Compute what ships as ``snapshot/loss_intervals.parquet``: 90 % ranges of the losses of all pairs.

``python tools/loss_intervals.py`` solves every pair of the embedded worlds exactly for some plausible tables and sets
of elasticities, each table with two sets and each set with two tables. A regression on what is cheap to know of a draw
(losses by formula at its table and elasticities) carries that over to many more draws; what it leaves unexplained is
added as noise of the size that the exact solutions show. The losses under the sets of elasticities that others found,
solved too, widen the ranges by what is not known of the set (``tools/fits/model_doubt.py``).
``docs/evidence/loss_intervals.csv`` says how wide the ranges are, and how many exact solutions lie inside ranges made
without their table.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from fits.model_doubt import losses_of, losses_over_sets, widened
from suasion.coercion.leverage.intervals import loss_intervals
from suasion.coercion.leverage.solve import all_ties, measure_of
from suasion.coercion.outcomes import base_accounts
from suasion.equilibrium import Parameters, draws, resolve
from suasion.quotient import over
from suasion.sources.published_flows import RECONCILED_YEARS
from suasion.world import World, load_world, pair_totals, table_draws
from suasion.world.draws import GUESS, doubts
from suasion.world.load import usual_key

FloatArray = NDArray[np.float64]
OUT = Path(__file__).resolve().parent.parent / "src" / "suasion" / "snapshot" / "loss_intervals.parquet"
BY_YEAR, KEPT = OUT.with_name("losses_by_year.parquet"), OUT.parents[3] / "build"
"""Losses of other years; where those of a year that is done are kept until all are."""
NAMED = (("RUS", "CHN"), ("RUS", "DEU"), ("DEU", "CHN"), ("USA", "CHN"), ("KAZ", "RUS"), ("TWN", "CHN"))
HORIZONS, YEARS = ("short", "long"), (2023,)
EXACT, MANY, SEED = 6, 256, 0
"""Tables solved exactly, each with two sets of elasticities; draws of the regression; seed of all."""
ENDS = (0.05, 0.95)
SEEN = 0.1
"""Loss in per cent from which sides count in what is said of the ranges."""
PRIOR = 8.0
"""Degrees of freedom with which the residuals of sides of like size count beside a side's own."""
TINY, DIGITS = 1e-12, 4


@dataclass(frozen=True)
class Sides:
    """Both sides of all pairs: positions of who loses and from whom it is cut off; all first sides, then all second."""

    countries: tuple[str, ...]
    mine: NDArray[np.intp]
    other: NDArray[np.intp]

    @classmethod
    def of(cls, world: World) -> Sides:
        """All pairs of a world."""
        _, ties = all_ties(world, None, measure_of("embargo", 0.0))
        first, second = np.array(ties, dtype=np.intp).T
        return cls(world.states, np.concatenate([first, second]), np.concatenate([second, first]))

    @property
    def ties(self) -> list[tuple[int, int]]:
        """Each pair once."""
        half = self.mine.size // 2
        return list(zip(self.mine[:half].tolist(), self.other[:half].tolist(), strict=True))

    def partner(self, values: FloatArray) -> FloatArray:
        """Values of the other side of each, last axis."""
        return np.roll(values, self.mine.size // 2, axis=-1)


def losses(world: World, parameters: Parameters, sides: Sides) -> FloatArray:
    """Losses of all sides, per cent, from the exact equilibrium after each cut."""
    return losses_of(world, parameters, sides.ties).T.ravel()


def by_formula(world: World, parameters: Parameters, sides: Sides) -> FloatArray:
    """What is cheap to know of a draw, (side, regressor): logs of losses by formula, and of numbers all sides share.

    As a buyer a side loses ``-ln(1 - w) / (sigma - 1)`` of what it spends on each good, w being the partner's share in
    all its purchases of it; as a seller, what it sells to the partner over sigma, both over its income.
    """
    bought = world.array("intermediate") + world.array("final")
    income = world.array("value_added").sum(1)
    spent = bought.sum(1)
    share = bought / np.maximum(spent, TINY)[:, None, :]
    sigma = parameters.local_sigma
    cost = -np.log1p(-np.minimum(share, 0.999)) / (sigma - 1.0)
    buyer = np.einsum("nk,nik->ni", spent / income[:, None], cost)
    seller = (bought / sigma).sum(2).T / income[:, None]
    own = [np.log(np.maximum(table[sides.mine, sides.other], TINY)) for table in (buyer, seller)]
    free = parameters.switching
    nests = [parameters.zeta.mean(), parameters.epsilon.mean(), parameters.kappa.mean()]
    if free is not None:
        nests += [free.share.mean(), free.mu.mean() - 1.0, parameters.mobility.mean()]
    return np.stack([*own, *(np.full(sides.mine.size, np.log(max(float(v), TINY))) for v in nests)], axis=1)


@dataclass(frozen=True)
class Solved:
    """Exact draws: losses (draw, side), regressors (draw, side, regressor), and which table each draw has."""

    loss: FloatArray
    known: FloatArray
    table: NDArray[np.intp]


def solved(tables: Sequence[World], sets: Sequence[Parameters], sides: Sides, told: str) -> Solved:
    """Solve the cycle: table i with sets i and i + 1."""
    rows = []
    for i, table in enumerate(tables):
        for j in (i, (i + 1) % len(tables)):
            start = time.perf_counter()
            rows.append((losses(table, sets[j], sides), by_formula(table, sets[j], sides), i))
            print(
                f"{told}: table {i}, set {j}: {time.perf_counter() - start:.1f} s",
                file=sys.stderr,
                flush=True,
            )
    loss, known, table = zip(*rows, strict=True)
    return Solved(np.stack(loss), np.stack(known), np.array(table))


@dataclass(frozen=True)
class Many:
    """Regressors of many draws, (draw, side, regressor): both drawn, tables alone, elasticities alone."""

    both: FloatArray
    tables: FloatArray
    sets: FloatArray


@dataclass(frozen=True)
class Fit:
    """Regression of logs within sides, of large and of small losses apart.

    ``slope`` (side, regressor), ``rest`` (draw, side) what is left, ``noise`` (side,) its variance, shrunk to that of
    sides with losses of like size, ``of_table`` (side,) the part of it that draws of one table share, ``r_squared`` of
    the large ones.
    """

    slope: FloatArray
    rest: FloatArray
    noise: FloatArray
    of_table: FloatArray
    r_squared: float


def fitted(found: Solved, central: FloatArray) -> Fit:
    """Fit deviations from each side's mean; NaN where a loss is not above zero in all draws."""
    kept = (found.loss > 0).all(0) & (central > 0)
    log = np.log(np.where(kept, found.loss, np.nan))
    rest, noise, of_table = np.full(log.shape, np.nan), np.full(kept.size, np.nan), np.full(kept.size, np.nan)
    slope = np.full((kept.size, found.known.shape[-1]), np.nan)
    explained = np.nan
    for large in (False, True):
        chosen = kept & ((central >= SEEN) == large)
        y, x = log[:, chosen], found.known[:, chosen]
        y, x = y - y.mean(0), x - x.mean(0)
        line, *_ = np.linalg.lstsq(x.reshape(-1, x.shape[-1]), y.ravel(), rcond=None)
        told = x @ line
        own = _own_scale(told, y - told)
        slope[chosen], left = own[:, None] * line, y - own * told
        rest[:, chosen] = left
        noise[chosen] = _shrunk(left, np.log(central[chosen]), found.table)
        of_table[chosen] = _common(left, found.table)
        explained = 1.0 - float((left**2).sum() / (y**2).sum())
    return Fit(slope, rest, noise, of_table, explained)


def _own_scale(told: FloatArray, left: FloatArray) -> FloatArray:
    """How much more or less than all others a side answers to what the regression tells, drawn towards one."""
    size = (told**2).sum(0)
    found = (told * left).sum(0) / size
    doubt = (left**2).mean() / size  # variance of what is found
    spread = max(float(np.var(found) - doubt.mean()), 0.0)
    return np.asarray(1.0 + found * spread / (spread + doubt))


def _shrunk(left: FloatArray, size: FloatArray, table: NDArray[np.intp]) -> FloatArray:
    """Variance of what is left by side, drawn towards that of sides of like size; the mean is one of few tables too."""
    count = len(np.unique(table))
    own = (left**2).mean(0) * count / (count - 1.0)  # draws of one table are nearly one
    line = np.polynomial.Polynomial.fit(size, np.log(np.maximum(own, TINY)), min(3, size.size - 1))(size)
    like = np.exp(line) * own.mean() / np.exp(line).mean()
    return np.asarray((((count - 1.0) * own + PRIOR * like) / (count - 1.0 + PRIOR)) * (1.0 + 1.0 / count))


def _common(left: FloatArray, table: NDArray[np.intp]) -> float:
    pairs = [(a, b) for a in range(len(left)) for b in range(a) if table[a] == table[b]]
    return float(np.clip(np.mean([left[a] * left[b] for a, b in pairs]) / (left**2).mean(), 0.0, 1.0))


def _along(x: FloatArray, slope: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("dsr,sr->ds", x, slope))


def ranges(central: FloatArray, found: Solved, many: Many, sides: Sides) -> tuple[dict[str, FloatArray], Fit]:
    """Ends of the range, share of draws in which a side loses more, and share of data, by side.

    Where a draw or the center has a gain, the ends are those of the exact draws, and shares are counted over them.
    """
    fit = fitted(found, central)
    kept = np.isfinite(fit.noise)
    log = np.log(np.where(kept, found.loss, 1.0))
    drawn = log.mean(0) + _along(many.both - found.known.mean(0), fit.slope)
    rng = np.random.default_rng(SEED)
    low, high = np.exp(
        np.quantile(drawn + np.sqrt(fit.noise) * rng.standard_normal(drawn.shape), ENDS, axis=0)
    )
    parts = [np.var(_along(x, fit.slope), axis=0) for x in (many.tables, many.sets)]
    data = (parts[0] + fit.of_table * fit.noise) / (parts[0] + parts[1] + fit.noise)
    both = kept & sides.partner(kept)
    apart = np.sqrt(np.mean((fit.rest - sides.partner(fit.rest)) ** 2, axis=0))
    gap = drawn - sides.partner(drawn)
    ahead = ndtr(gap / np.maximum(apart, TINY)).mean(0)
    ratio = np.exp(np.quantile(gap + apart * rng.standard_normal(gap.shape), ENDS, axis=0))
    return {
        "low_percent": np.where(kept, low, np.minimum(found.loss.min(0), central)),
        "high_percent": np.where(kept, high, np.maximum(found.loss.max(0), central)),
        "loses_more": np.where(both, ahead, (found.loss > sides.partner(found.loss)).mean(0)),
        "low_ratio": ratio[0],
        "high_ratio": ratio[1],
        "data_share": data,
    }, fit


@dataclass(frozen=True)
class Drawn:
    """What is drawn at a horizon."""

    center: Parameters
    sets: Sequence[Parameters]


def many_of(world: World, drawn: dict[str, Drawn], sides: Sides) -> tuple[list[World], dict[str, Many]]:
    """Draw all tables once; keep the first of them, and the regressors of all at every horizon."""
    first, rows = [], {horizon: ([], [], []) for horizon in drawn}
    for i, table in enumerate(table_draws(world, MANY, SEED)):
        first += [table] if i < EXACT else []
        for horizon, (both, tables, sets) in rows.items():
            one, center = drawn[horizon].sets[i], drawn[horizon].center
            both.append(by_formula(table, one, sides).astype(np.float32))
            tables.append(by_formula(table, center, sides).astype(np.float32))
            sets.append(by_formula(world, one, sides).astype(np.float32))
    return first, {horizon: Many(*(np.stack(part) for part in parts)) for horizon, parts in rows.items()}


def flags(world: World, sides: Sides) -> list[str]:
    """Doubt about a side's trade with its partner.

    ``below`` or ``above`` where the goods trade of both directions is off customs, see
    :func:`suasion.world.draws.doubts`; else ``estimated`` where its trade is known within a wide range only.
    """
    marks = pair_totals(world.year).set_index(["importer", "exporter"])
    names = np.array(sides.countries)
    there, back = [names[sides.mine], names[sides.other]], [names[sides.other], names[sides.mine]]
    ways = [marks.loc[list(zip(*keys, strict=True))] for keys in (there, back)]
    table, customs = (sum(way[name].to_numpy() for way in ways) for name in ("table", "in_concepts"))
    spread = over(np.hypot(*((way["table"] * way["spread"]).to_numpy() for way in ways)), table)
    found = doubts(table, customs, spread)
    return np.where((found == "") & (spread > GUESS), "estimated", found).tolist()


def held_out(central: FloatArray, found: Solved) -> float:
    """Share of exact losses of :data:`SEEN` per cent or more in the 90 % range of a regression without their table."""
    inside, seen = [], (central >= SEEN) & (found.loss > 0).all(0)
    for table in np.unique(found.table):
        kept = found.table != table
        part = Solved(found.loss[kept], found.known[kept], found.table[kept])
        fit = fitted(part, central)
        means = np.log(part.loss[:, seen]).mean(0)
        told = means + _along(found.known[~kept] - part.known.mean(0), fit.slope)[:, seen]
        missed = np.abs(np.log(found.loss[~kept][:, seen]) - told)
        inside.append(missed <= ndtri(ENDS[1]) * np.sqrt(fit.noise[seen]))
    return float(np.concatenate(inside).mean())


def of_year(year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All ranges of a world, and how good they are: a row a horizon."""
    world = load_world(year=year)
    sides = Sides.of(world)
    drawn = {h: Drawn(resolve(world, h), draws(world, MANY, h, seed=SEED)) for h in HORIZONS}
    tables, many = many_of(world, drawn, sides)
    marks, parts, usual, told = flags(world, sides), [], [], []
    for horizon, what in drawn.items():
        central = losses(world, what.center, sides)
        found = solved(tables, what.sets, sides, f"{year} {horizon}")
        columns, fit = ranges(central, found, many[horizon], sides)
        inside = held_out(central, found)
        of_table = float(np.nanmean(fit.of_table[central >= SEEN]))
        told.append((year, horizon, 2 * EXACT, fit.r_squared, of_table, inside))
        names = np.array(sides.countries)
        labels = {"country": names[sides.mine], "partner": names[sides.other], "horizon": horizon}
        alone = pd.DataFrame({**labels, "loss_percent": central, **columns, "flag": marks, "year": year})
        parts.append(widened(alone, losses_over_sets(world, horizon, sides.ties)))
        usual.append(widths(alone, "usual_set").drop(columns=["data_share"]))
    quality = pd.DataFrame(
        told, columns=["year", "horizon", "draws", "r_squared", "residual_of_tables", "held_out_inside"]
    )
    quality = quality.astype({"year": str}).merge(pd.concat(usual))
    return pd.concat(parts, ignore_index=True).assign(world=usual_key(world)), quality


def by_year() -> pd.DataFrame:
    """Losses of all pairs in the worlds of other years, written to the file that ships; resumes by year."""
    parts = []
    for year in (one for one in RECONCILED_YEARS if one not in YEARS):
        kept = KEPT / f"losses_{year}.parquet"
        if not kept.exists():
            _losses_of(year).to_parquet(kept)
        parts.append(pd.read_parquet(kept))
        print(f"{year} is done", file=sys.stderr, flush=True)
    table = pd.concat(parts).sort_values(["year", "country", "partner", "horizon"], ignore_index=True)
    table["loss_percent"] = [float(f"{value:.{DIGITS}g}") for value in table["loss_percent"]]
    texts = dict.fromkeys(("country", "partner", "horizon", "flows"), "category")
    numbers = {"year": np.int16, "loss_percent": np.float32, "income_musd": np.float32}
    table = table.astype({**texts, **numbers})
    table.to_parquet(BY_YEAR, compression="zstd", index=False)
    return named_by_year()


def _losses_of(year: int) -> pd.DataFrame:
    world = load_world(year=year)
    sides, names = Sides.of(world), np.array(world.states)
    parts = [
        pd.DataFrame(
            {
                "country": names[sides.mine],
                "partner": names[sides.other],
                "horizon": horizon,
                "loss_percent": losses(world, resolve(world, horizon), sides),
            }
        )
        for horizon in HORIZONS
    ]
    income = dict(zip(world.countries, base_accounts(world, "balance").income, strict=True))
    table = pd.concat(parts).assign(year=year, flows=usual_key(world).partition(":")[2])
    return table.assign(income_musd=[float(f"{income[code]:.6g}") for code in table["country"]])


def named_by_year(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Losses by year of some pairs, as they ship, with the ranges carried to them."""
    rows = []
    for year in RECONCILED_YEARS:
        table = loss_intervals(load_world(year=year)).set_index(["country", "partner", "horizon"])
        for country, partner in NAMED:
            for horizon in HORIZONS:
                row = table.loc[(country, partner, horizon)]
                ends = row[["loss_percent", "low_percent", "high_percent"]].to_dict()
                rows.append(
                    {"country": country, "partner": partner, "horizon": horizon, "year": str(year), **ends}
                )
    return pd.DataFrame(rows)


def widths(table: pd.DataFrame, name: str = "mixture") -> pd.DataFrame:
    """How wide ranges are, by year and horizon, of sides that lose :data:`SEEN` per cent or more; medians.

    name: of the ranges, at the end of the columns of the ends over the loss.
    """
    large = table[(table["loss_percent"] >= SEEN) & (table["low_percent"] > 0)]
    large = large.astype({"year": int, "horizon": str})
    ends = {f"{end}_{name}": large[f"{end}_percent"] / large["loss_percent"] for end in ("low", "high")}
    shares = [one for one in ("data_share", "model_share") if one in large]
    medians = {one: (one, "median") for one in (*ends, *shares)}
    chosen = large.assign(**ends).groupby(["year", "horizon"])
    return chosen.agg(sides=("loss_percent", "size"), **medians).reset_index().astype({"year": str})


def computed() -> pd.DataFrame:
    """Compute everything, write the file that ships, and say how good it is."""
    made = [of_year(year) for year in YEARS]
    table = rounded(pd.concat([ranges for ranges, _ in made]))
    table.to_parquet(OUT, compression="zstd", index=False)
    return pd.concat([one for _, one in made]).merge(widths(table), on=["year", "horizon", "sides"])


def sampled(committed: pd.DataFrame) -> pd.DataFrame:
    """Widths of what ships."""
    return widths(pd.read_parquet(OUT))


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Numbers to four digits in single precision, texts as categories, rows in order."""
    made = table.sort_values(["year", "country", "partner", "horizon"], ignore_index=True)
    for name in made.select_dtypes("float").columns:
        made[name] = [float(f"{value:.{DIGITS}g}") for value in made[name]]
        made[name] = made[name].astype(np.float32)
    texts = ("country", "partner", "horizon", "flag", "world")
    return made.astype({**dict.fromkeys(texts, "category"), "year": np.int16})


if __name__ == "__main__":
    print(computed().to_string())
