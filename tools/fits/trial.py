"""Measures that were in force, on trial: what the elasticities foresaw of struck flows, and what happened.

The change of a flow X of good k from seller j to buyer i is held against both sides' other trade (o: all others):

    dd_k = D ln X_ij - D ln X_io - D ln X_oj + D ln X_oo

In one nest of suppliers a tariff moves it by ``-sigma_k(h) D ln(1 + t_k)``, at basic prices, with the sigma of the
preset in that year. So the slope of what happened on what was foreseen is true over preset sigma. Industries are from
the published flows up to 2020; all goods together from customs, for the published table of later years is not what
happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.equilibrium.batch.flow_ranges import FlowRange, usual_change
from suasion.sources.published_flows import REST, industries, published_flows, regions
from suasion.types import Z90, FloatArray

LEAST = 200.0
"""Million USD of a flow in the base year from which it counts."""
LAST_TABLE = 2020
"""Last year whose published flows are what happened."""
DRAWS, SEED = 256, 1
ENDS = (0.05, 0.95)
FIRST_TABLE = 2011
MIXED = 64
"""Draws of each set of elasticities in ranges that hold what happens."""
LISTED = 106.8 / 54.5
"""What the list of the law would have collected from China, July 2018 to June 2020, over what was (billion USD)."""
FELT = np.exp(np.linspace(0.0, np.log(LISTED), 9))
"""What buyers felt over what was paid: between that and the list, each factor as likely. Assumption."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A measure and what is asked of it.

    measure, kind: of the register of rates.
    sellers: who was struck, each a flow of its own.
    use: ``choose`` where presets may be chosen on it, ``judge`` where it is only looked at.
    after: years of outcomes from the published flows; customs: from customs' totals of all goods.
    """

    name: str
    measure: str
    kind: str
    buyer: str
    sellers: tuple[str, ...]
    base: int
    after: tuple[int, ...]
    customs: tuple[int, ...]
    use: str


STEEL = ("BRA", "CAN", "DEU", "FRA", "GBR", "IND", "ITA", "JPN", "KOR", "MEX", "TWN")
PAID, LAW = "us_china_collected", "us_china_list"
ANSWER, LATER = "china_us_list", "china_us_later"
_US, _CN, _BOTH = ("USA", ("CHN",)), ("CHN", ("USA",)), (2019, 2020)
EPISODES = (
    Episode(PAID, "us_china_2018", "collected", *_US, 2017, _BOTH, (2023,), "choose"),
    Episode(LAW, "us_china_2018", "list", *_US, 2017, _BOTH, (2023,), "judge"),
    Episode(ANSWER, "us_china_2018", "list", *_CN, 2017, (2019,), (), "choose"),
    Episode(LATER, "us_china_2018", "list", *_CN, 2017, (2020,), (2023,), "judge"),
    Episode("us_steel", "us_2018", "collected", "USA", STEEL, 2017, _BOTH, (), "judge"),
)


def rates(one: Episode, year: int) -> pd.DataFrame:
    """Change of ln(1 + rate) by seller and industry; the last year known stands for later ones."""
    from suasion.sources.dated import measure_rates

    table = measure_rates(one.measure, one.kind)
    table = table[(table["buyer"] == one.buyer) & table["seller"].isin(one.sellers)]
    last = table[table["year"] == min(year, int(table["year"].max()))]
    before, added = last["before"] / 100, last["added"] / 100
    return last[["seller", "industry"]].assign(rate=np.log1p(before + added) - np.log1p(before))


@cache
def logs(year: int, buyer: str, seller: str) -> tuple[FloatArray, FloatArray]:
    """Flow of each industry that makes goods, and the four logs of the double difference added up, (K,) each."""
    names = list(regions())
    kept = [n for n, name in enumerate(names) if name != REST]
    flows = published_flows(year)[np.ix_(kept, kept)][:, :, :-1].copy()
    flows[np.arange(len(kept)), np.arange(len(kept))] = 0.0
    i, j = (names.index(side) for side in (buyer, seller))
    bought, sold = flows[i].sum(0) - flows[i, j], flows[:, j].sum(0) - flows[i, j]
    others = flows.sum((0, 1)) - bought - sold - flows[i, j]
    return flows[i, j], double_difference(flows[i, j], bought, sold, others)


def double_difference(
    own: FloatArray, bought: FloatArray, sold: FloatArray, others: FloatArray
) -> FloatArray:
    """Log of a flow over both sides' other trade, and of all others' trade over that."""
    logs_of = [np.log(np.maximum(part, 1e-3)) for part in (own, bought, sold, others)]
    return np.asarray(logs_of[0] - logs_of[1] - logs_of[2] + logs_of[3])


def moved(one: Episode, seller: str, start: int, end: int) -> pd.Series:
    """What happened by industry between two years."""
    change = logs(end, one.buyer, seller)[1] - logs(start, one.buyer, seller)[1]
    return pd.Series(change, list(industries())[:-1])


@cache
def sigmas(years: float, elasticities: str = "") -> tuple[pd.Series, FloatArray]:
    """Border response of each industry so many years after: the preset's, and drawn, (D, S)."""
    import suasion as su
    from suasion.equilibrium import draws, resolve
    from suasion.equilibrium.elasticities.response import elasticities_in

    world, own = su.load_world(year=2022), elasticities_in(elasticities)
    drawn = draws(world, DRAWS, years, SEED, own)
    middle = pd.Series(resolve(world, years, own).local_sigma, world.sectors)
    return middle, np.array([one.local_sigma for one in drawn])


@cache
def mixed(years: float) -> dict[str, FloatArray]:
    """Border response drawn from each set of elasticities of the mixture, (D, S)."""
    import suasion as su
    from suasion.equilibrium import draws
    from suasion.equilibrium.elasticities.alternatives import alternative, mixture

    world = su.load_world(year=2022)
    return {
        name: np.array([d.local_sigma for d in draws(world, MIXED, years, SEED, alternative(name, years))])
        for name in mixture()
    }


def held_range(
    one: Episode, table: pd.DataFrame, years: float, usual: FloatArray, weight: FloatArray | None = None
) -> FlowRange:
    """Ranges that hold what happens: of each struck flow, or of their mean by weights."""
    from suasion.equilibrium.batch.flow_ranges import flow_range
    from suasion.equilibrium.elasticities.alternatives import mixture

    places = [list(sigmas(years)[0].index).index(k) for k in table["industry"]]
    rate = table["rate"].to_numpy(float)
    made = {name: -drawn[:, places] * rate for name, drawn in mixed(years).items()}
    if weight is not None:
        made = {name: (change @ weight)[:, None] for name, change in made.items()}
    felt = FELT if one.kind == "collected" else FELT / LISTED
    return flow_range(made, mixture(), usual, felt)


def cells(elasticities: str = "", only: Sequence[str] = ()) -> pd.DataFrame:
    """Every struck flow by industry: foreseen with its ranges, and what happened."""
    made = [_cells(one, year, elasticities) for one in _chosen(only) for year in one.after]
    return pd.concat(made, ignore_index=True)


def _chosen(only: Sequence[str]) -> list[Episode]:
    return [one for one in EPISODES if not only or one.name in only]


def _cells(one: Episode, year: int, elasticities: str) -> pd.DataFrame:
    table = struck(one, year)
    foreseen, ends = foreseen_of(table, horizon(one, year), elasticities)
    noise = _noise(one, year - one.base)
    wide = [
        foreseen + sign * np.hypot(end - foreseen, noise) for sign, end in zip((-1, 1), ends, strict=True)
    ]
    happened = _same(one, table, one.base, year)
    names = dict(zip(("low", "high", "low_noise", "high_noise"), (*ends, *wide), strict=True))
    usual = usual_change(float(year - one.base), table["weight"].to_numpy(float))
    full = held_range(one, table, horizon(one, year), usual)
    names |= {"low_full": np.minimum(full.low, foreseen), "high_full": np.maximum(full.high, foreseen)}
    head = table.assign(episode=one.name, year=year, use=one.use, actual=happened, foreseen=foreseen)
    return head.assign(**names)


def struck(one: Episode, year: int) -> pd.DataFrame:
    """Flows that were large enough: ``seller``, ``industry``, ``rate``, ``weight`` (million USD of the base year)."""
    table = rates(one, year)
    at = [list(industries()).index(industry) for industry in table["industry"]]
    flows = [logs(one.base, one.buyer, s)[0][k] for s, k in zip(table["seller"], at, strict=True)]
    table = table.assign(weight=flows)
    return table[table["weight"] > LEAST].reset_index(drop=True)


def foreseen_of(table: pd.DataFrame, years: float, elasticities: str) -> tuple[FloatArray, FloatArray]:
    """Foreseen changes of flows, (F,), and the ends of their ranges by the elasticities alone, (2, F)."""
    middle, drawn = sigmas(years, elasticities)
    places = [list(middle.index).index(k) for k in table["industry"]]
    rate = table["rate"].to_numpy(float)
    return -middle.to_numpy()[places] * rate, np.quantile(-drawn[:, places] * rate, ENDS, axis=0)


def horizon(one: Episode, year: int) -> float:
    """Years that the rates of a year have been in force: most of those of 2019 are of their first."""
    return float(max(1, year - one.base - 1))


@cache
def _noise(one: Episode, span: int) -> float:
    """Half a 90 % range of what moves without a measure: struck industries of the pairs in earlier windows."""
    table = struck(one, one.after[0])
    seen = [np.abs(_same(one, table, start, start + span)) for start in _windows(one, span)]
    return float(np.quantile(np.concatenate(seen), ENDS[1] - ENDS[0]))


def _windows(one: Episode, span: int) -> range:
    return range(FIRST_TABLE, one.base - span + 1)


def _same(one: Episode, table: pd.DataFrame, start: int, end: int) -> FloatArray:
    """What happened to the flows of a table between two years."""
    by = {seller: moved(one, seller, start, end) for seller in one.sellers}
    return np.array([by[s][k] for s, k in zip(table["seller"], table["industry"], strict=True)])


def slope(x: FloatArray, y: FloatArray, w: FloatArray) -> tuple[float, float]:
    """Weighted slope through the origin, and its standard error whatever the variances."""
    w = w / w.sum()
    found = float((w * x * y).sum() / (w * x * x).sum())
    return found, float(np.sqrt((w**2 * x**2 * (y - found * x) ** 2).sum()) / (w * x * x).sum())


def episodes(elasticities: str = "", only: Sequence[str] = ()) -> pd.DataFrame:
    """One row an episode and year: slope with error and placebo, signs, skill, and whether ranges held."""
    rows = [_scored(one, year, elasticities) for one in _chosen(only) for year in one.after]
    rows += [_customs(one, year, elasticities) for one in _chosen(only) for year in one.customs]
    return pd.DataFrame(rows)


def scores(part: pd.DataFrame) -> dict[str, object]:
    """Slope with its error, share of right signs, skill against no change, and ranges that held, over industries."""
    x, y, w = (part[c].to_numpy(float) for c in ("foreseen", "actual", "weight"))
    found, error = slope(x, y, w)
    hit = x < 0
    return {
        "flows": len(part),
        "actual": float((w * y).sum() / w.sum()),
        "slope": found,
        "error": error,
        "signs": float((y[hit] < 0).mean()),
        "skill": 1 - float((w * (y - x) ** 2).sum() / (w * y**2).sum()),
        "held": int(part["actual"].between(part["low"], part["high"]).sum()),
        "held_noise": int(part["actual"].between(part["low_noise"], part["high_noise"]).sum()),
        "held_full": int(part["actual"].between(part["low_full"], part["high_full"]).sum()),
    }


def _scored(one: Episode, year: int, elasticities: str) -> dict[str, object]:
    part, span = _cells(one, year, elasticities), year - one.base
    x, w = part["foreseen"].to_numpy(float), part["weight"].to_numpy(float)
    placebo = [slope(x, _same(one, part, start, start + span), w)[0] for start in _windows(one, span)]
    noise = float(np.sqrt(np.mean(np.square(placebo))))
    return {
        **_whole(one, year, part, elasticities),
        "outcome": "published_flows",
        **scores(part),
        "placebo": noise,
    }


def _customs(one: Episode, year: int, elasticities: str) -> dict[str, object]:
    """All goods together by customs, of a year that no published table says."""
    whole = _whole(one, year, struck(one, year), elasticities)
    actual = totals_moved(one.buyer, one.sellers[0], one.base, year)
    return {**whole, "outcome": "customs", "flows": 1, "actual": actual}


def _whole(one: Episode, year: int, part: pd.DataFrame, elasticities: str) -> dict[str, object]:
    """The weighted mean foreseen, with its range by the elasticities and with the noise of the mean before."""
    middle, drawn = sigmas(horizon(one, year), elasticities)
    w, rate = part["weight"].to_numpy(float) / part["weight"].sum(), part["rate"].to_numpy(float)
    places = [list(middle.index).index(k) for k in part["industry"]]
    centre = float(-(middle.to_numpy()[places] * rate * w).sum())
    ends = np.quantile(-(drawn[:, places] * rate * w).sum(1), ENDS)
    span = min(year - one.base, one.base - FIRST_TABLE - 1)
    means = [float((w * _same(one, part, start, start + span)).sum()) for start in _windows(one, span)]
    noise = Z90 * float(np.sqrt(np.mean(np.square(means))))
    wide = [centre + sign * np.hypot(end - centre, noise) for sign, end in zip((-1, 1), ends, strict=True)]
    head = {"episode": one.name, "year": year, "kind": one.kind, "use": one.use}
    head |= {"years": horizon(one, year), "rate": float(np.expm1((w * rate).sum()))}
    names = ("low", "high", "low_noise", "high_noise")
    full = _full(one, year, part)
    shares = {f"{of}_share": float(getattr(full, f"{of}_share")[0]) for of in ("data", "response", "model")}
    last = {"low_full": min(float(full.low[0]), centre), "high_full": max(float(full.high[0]), centre)}
    return {**head, "foreseen": centre, **dict(zip(names, (*ends, *wide), strict=True)), **last, **shares}


def _full(one: Episode, year: int, part: pd.DataFrame) -> FlowRange:
    """The range of the weighted mean; what moves flows of several sellers anyway is theirs alone."""
    size = part["weight"].to_numpy(float)
    sellers = part.groupby("seller")["weight"].agg(["sum", "size"])
    usual = [usual_change(float(year - one.base), s, n) for s, n in sellers.itertuples(index=False)]
    whole = float(np.hypot.reduce(sellers["sum"].to_numpy(float) / size.sum() * np.array(usual)))
    return held_range(one, part, horizon(one, year), np.array([whole]), size / size.sum())


@cache
def _totals(year: int) -> pd.DataFrame:
    from suasion.sources.goods_totals import goods_totals

    table = goods_totals()
    return table[table["year"] == year].astype({"importer": str, "exporter": str})


def totals_moved(buyer: str, seller: str, start: int, end: int) -> float:
    """The double difference of all goods by customs."""
    ends = []
    for year in (start, end):
        table = _totals(year)
        to, by, value = table["importer"] == buyer, table["exporter"] == seller, table["value"]
        own = value[to & by].sum()
        parts = own, value[to].sum() - own, value[by].sum() - own, value[~to & ~by].sum()
        ends.append(double_difference(*map(np.asarray, parts)))
    return float(ends[1] - ends[0])


BANDS = {"elasticities": "", "with_noise": "_noise", "full": "_full"}
"""Ranges: of the usual elasticities; with what moved these pairs before; with all that is doubtful."""


def coverage(table: pd.DataFrame, what: str) -> Iterator[dict[str, object]]:
    """How often ranges held, their median width as a factor, and the interval score (smaller is better)."""
    for name, part in {"all": table, **dict(list(table.groupby("kind")))}.items():
        for band, end in BANDS.items():
            low, high = (part[f"{side}{end}"].to_numpy(float) for side in ("low", "high"))
            y, tail = part["actual"].to_numpy(float), 1 - (ENDS[1] - ENDS[0])
            outside = np.maximum(low - y, 0) + np.maximum(y - high, 0)
            yield {
                "of": what, "rates": name, "range": band, "cases": len(part), "held": int((outside == 0).sum()),
                "width": float(np.median(np.exp(high - low))),
                "interval_score": float(np.mean(high - low + 2 / tail * outside)),
            }  # fmt: skip


def coverages(elasticities: str = "", only: Sequence[str] = ()) -> pd.DataFrame:
    """Coverage of wholes and of industries, by kind of rate."""
    kinds = {one.name: one.kind for one in EPISODES}
    parts = cells(elasticities, only)
    parts = parts.assign(kind=parts["episode"].map(kinds))
    rows = [*coverage(episodes(elasticities, only), "all_goods"), *coverage(parts, "industries")]
    return pd.DataFrame(rows)


PARTNER = 1000.0
"""Million USD that the buyer takes from a third supplier in the base year, from which it counts."""


def partners(years: Sequence[int] = (2019, 2020)) -> pd.DataFrame:
    """Whether third suppliers gained where foreseen, all goods: slope, placebo, rank, and skill against proportion.

    Foreseen is how much what a third supplier sells to the buyer competes with the struck seller: by industry the
    latter's share in all that is bought, times the rate, times ``sigma - 1``. What happened is its growth there over
    that elsewhere. Both less their means by size, so that gains in proportion have skill nought.
    """
    one = next(e for e in EPISODES if e.name == PAID)
    return pd.DataFrame([_partners(one, year) for year in years])


def _partners(one: Episode, year: int) -> dict[str, object]:
    from scipy.stats import spearmanr

    names, goods = [r for r in regions() if r != REST], list(industries())[:-1]
    i, j = names.index(one.buyer), names.index(one.sellers[0])
    flows = published_flows(one.base)[: len(names), : len(names), :-1]
    rate = rates(one, year).set_index("industry")["rate"].reindex(goods).fillna(0.0).to_numpy()
    push = (
        flows[i, j] / flows[i].sum(0) * rate * (sigmas(horizon(one, year))[0].reindex(goods).to_numpy() - 1)
    )
    bought = flows[i].sum(1)
    kept = np.flatnonzero((bought > PARTNER) & ~np.isin(np.arange(len(names)), (i, j)))
    w = bought[kept] / bought[kept].sum()
    x = (flows[i, kept] * push).sum(1) / bought[kept]
    x, span = x - (w * x).sum(), year - one.base
    grown = [_grown(i, kept, start, start + span, w) for start in (one.base, *_windows(one, span))]
    slopes = [float((w * x * y).sum() / (w * x * x).sum()) for y in grown]
    y = grown[0]
    return {
        "episode": one.name, "year": year, "partners": len(kept), "slope": slopes[0],
        "placebo": float(np.sqrt(np.mean(np.square(slopes[1:])))), "rank": float(spearmanr(x, y)[0]),
        "skill": 1 - float((w * (y - x) ** 2).sum() / (w * y**2).sum()),
    }  # fmt: skip


def _grown(buyer: int, kept: npt.NDArray[np.intp], start: int, end: int, w: FloatArray) -> FloatArray:
    """Growth of what partners sell to a buyer over what they sell to others abroad, less its mean."""
    logs_of = []
    for year in (start, end):
        flows = published_flows(year)[:-1, :-1, :-1].sum(2)
        np.fill_diagonal(flows, 0.0)
        logs_of.append(np.log(flows[buyer, kept]) - np.log(flows[:, kept].sum(0) - flows[buyer, kept]))
    change = logs_of[1] - logs_of[0]
    return np.asarray(change - (w * change).sum())
