"""Sudden stops in raw materials: who filled the gap, how much was bought after all, and how much dearer it was.

A stop: a buyer took more than a quarter of a good from one supplier over two years, and two years on less than a fifth
of it although the supplier still sells to others. A calm year, for comparison: the same tie, little changed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.measures.totals import AT, MOST, gap_fillers
from suasion.types import FloatArray

SHARE, LEAST, LEFT, ELSEWHERE = 0.25, 1000.0, 0.2, 0.7
"""Of a stop: share of imports, thousand USD of them, part left, part of its other sales that the supplier keeps."""
CALM, EVERY = (0.6, 1.7), 7
"""Of a calm year: bounds of the change over that of world trade; one in so many is taken."""
AHEAD, APART = 2, 3
"""Years from the last year before to the one that is looked at; years within which a stop of a pair is the same one."""
CHOSEN_BEFORE = 2018
RULES = ("present", "world", "half", "newcomers_named")
NAMED = 0.2
"""Part of the gap that the last rule gives to others in proportion to their exports."""


@dataclass(frozen=True, slots=True)
class Good:
    """Trade in one good: labels, and cubes (year, buyer, seller) of values, tonnes and values with tonnes."""

    product: str
    names: list[str]
    years: FloatArray
    value: FloatArray
    tonnes: FloatArray
    weighed: FloatArray


def goods(products: Sequence[str] = ()) -> Iterator[Good]:
    """Goods of the shipped record, one by one; some or all."""
    from suasion.sources.materials import materials

    table = materials()
    if products:
        table = table[table["product"].isin(products)]
    years = np.arange(table["year"].min(), table["year"].max() + 1)
    for product, rows in table.groupby("product", observed=True):
        seller, buyer = rows["exporter"].astype(str), rows["importer"].astype(str)
        names = sorted(set(seller) | set(buyer))
        at = (
            rows["year"].to_numpy() - years[0],
            *(pd.Index(names).get_indexer(pd.Index(side)) for side in (buyer, seller)),
        )
        cubes = []
        known = rows["quantity"].fillna(0.0).gt(0)
        for column in (rows["value"], rows["quantity"].fillna(0.0), rows["value"].where(known, 0.0)):
            cube = np.zeros((len(years), len(names), len(names)))
            cube[at] = column.to_numpy(float)
            cubes.append(cube)
        yield Good(str(product), names, years, *cubes)


@dataclass(frozen=True, slots=True)
class Window:
    """A good before (the mean of two years) and after, and how world trade in it changed."""

    good: Good
    year: int
    before: FloatArray
    after: FloatArray
    grown: float


def windows(good: Good) -> Iterator[tuple[int, Window]]:
    """Places of years with trade before and after, and the window that starts there."""
    total = good.value.sum((1, 2))
    for t in range(1, len(good.years) - AHEAD):
        before, after = (good.value[t - 1] + good.value[t]) / 2, good.value[t + AHEAD]
        if before.sum() > 0 and total[t + AHEAD] > 0:
            grown = float(total[t + AHEAD] / before.sum())
            yield t, Window(good, int(good.years[t]), before, after, grown)


def ties(t: int, w: Window) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Buyers and sellers, (E, 2), of stops and of calm years."""
    bought, least = w.before.sum(1)[:, None], min(w.grown, 1.0)
    large = (w.before > SHARE * bought) & (bought > LEAST) & (w.before > LEAST / 2)
    large &= w.good.value[t] > 0.5 * w.before
    others = w.before.sum(0) - w.before
    sells = (w.after.sum(0) - w.after > ELSEWHERE * others * least) & (others > LEFT * w.before)
    buys = w.after.sum(1)[:, None] > 0.02 * bought
    stop = large & sells & buys & (w.after < LEFT * w.before * least)
    change = w.after / np.where(w.before > 0, w.before, 1.0) / w.grown
    calm = large & (change > CALM[0]) & (change < CALM[1])
    return np.argwhere(stop), np.argwhere(calm)[::EVERY]


def parts_by(before: FloatArray, sold: FloatArray) -> dict[str, FloatArray]:
    """Parts of the gap by rule: what each other seller sold the buyer before, and what it sells to all others.

    before: (N,) sales to the buyer, the struck supplier's nought.
    sold: (N,) sales to everybody else, nought for the buyer and the struck supplier.
    """
    found = gap_fillers(before[:, None], sold[:, None])
    present, world = found.part[:, 0] / found.part.sum(), sold / sold.sum()
    new = np.where(found.present[:, 0], 0.0, world)
    named = new / new.sum() if new.sum() > 0 else world
    some = (1 - NAMED) * present + NAMED * named
    return dict(zip(RULES, (present, world, (present + world) / 2, some), strict=True))


def scored(kind: str, w: Window, buyer: int, seller: int) -> tuple[dict[str, object], pd.DataFrame] | None:
    """One tie: how far each rule was off, and the present suppliers' parts foreseen and seen."""
    before, after = w.before[buyer].copy(), w.after[buyer].copy()
    sold = w.before.sum(0) - w.before[buyer]
    before[seller] = after[seller] = sold[seller] = sold[buyer] = 0.0
    if after.sum() <= 0 or sold.sum() <= 0:
        return None
    rules, seen = parts_by(before, sold), after / after.sum()
    held = gap_fillers(before[:, None], 0.0 * sold[:, None])
    known = held.present[:, 0]
    row = {
        "kind": kind,
        "product": w.good.product,
        "year": w.year,
        "buyer": w.good.names[buyer],
        "seller": w.good.names[seller],
        **{name: 0.5 * np.abs(rule - seen).sum() for name, rule in rules.items()},
        "newcomers": seen[~known].sum() if known.any() else np.nan,
        "volume": np.log(w.after[buyer].sum() / w.before[buyer].sum() / w.grown),
        "dearer": _dearer(w.good, int(w.year - w.good.years[0]), buyer),
    }
    pairs = {"foreseen": rules["present"][known], "seen": seen[known], "most": held.most[known, 0]}
    return row, pd.DataFrame({"kind": kind, "year": w.year, **pairs})


def _dearer(good: Good, t: int, buyer: int) -> float:
    """Change of the buyer's value a tonne against all other buyers', natural log; NaN where tonnes are unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        unit = []
        for at in (slice(t - 1, t + 1), slice(t + AHEAD, t + AHEAD + 1)):
            value, tonnes = good.weighed[at].sum((0, 2)), good.tonnes[at].sum((0, 2))
            others = (value.sum() - value[buyer]) / (tonnes.sum() - tonnes[buyer])
            unit.append(np.log(value[buyer] / tonnes[buyer] / others))
    found = float(unit[1] - unit[0])
    return found if np.isfinite(found) else float("nan")


@cache
def bench(products: tuple[str, ...] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All stops and calm years of some or all goods, and the parts of present suppliers in them."""
    rows, parts = [], []
    for good in goods(products):
        last: dict[tuple[int, int], int] = {}
        for t, window in windows(good):
            stops, calm = ties(t, window)
            fresh = [one for one in map(tuple, stops.tolist()) if t - last.get(one, -99) > APART]
            last |= dict.fromkeys(map(tuple, stops.tolist()), t)
            for kind, found in (("stop", fresh), ("calm", calm.tolist())):
                made = [one for one in (scored(kind, window, *tie) for tie in found) if one]
                rows += [row for row, _ in made]
                parts += [pairs for _, pairs in made]
    return pd.DataFrame(rows), pd.concat(parts, ignore_index=True)


SPANS = ("all", "before 2018", "from 2018", "Russia and Belarus, 2020 to 2022")


def by_good(products: tuple[str, ...] = ()) -> pd.DataFrame:
    """The table of stops: all goods together by span, and each good; of the rules the mean miss of shares."""
    found, _ = bench(products)
    rows = (
        [] if products else [{"good": "all", "span": span, **_summed(part)} for span, part in _spans(found)]
    )
    rows += [{"good": good, "span": "all", **_summed(part)} for good, part in found.groupby("product")]
    return pd.DataFrame(rows)


def _spans(found: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    from suasion.sources.groups import members

    early = found["year"] + 1 < CHOSEN_BEFORE
    west = found["buyer"].isin(members("WEST", 2022)) & found["year"].between(2020, 2022)
    last = found["seller"].isin(["RUS", "BLR"]) & west
    yield from zip(SPANS, (found, found[early], found[~early], found[last]), strict=True)


def _summed(found: pd.DataFrame) -> dict[str, object]:
    stops, calm = (found[found["kind"] == kind] for kind in ("stop", "calm"))
    dearer = stops["dearer"].dropna()
    return {
        "stops": len(stops),
        **{name: stops[name].mean() for name in (*RULES, "newcomers")},
        "calm": len(calm),
        "present_calm": calm["present"].mean(),
        "newcomers_calm": calm["newcomers"].mean(),
        "volume": stops["volume"].median(),
        "priced": len(dearer),
        "dearer": dearer.median(),
        "dearer_low": dearer.quantile(0.05),
        "dearer_high": dearer.quantile(0.95),
    }


def parts_held() -> pd.DataFrame:
    """How much a present supplier filled, by its part foreseen: stops before 2018, and how many later ones are held."""
    _, parts = bench()
    parts = parts[parts["kind"] == "stop"]
    edges = [0.0, *((a + b) / 2 for a, b in itertools.pairwise(AT)), 1.0]
    parts = parts.assign(bin=pd.cut(parts["foreseen"], edges, labels=AT, include_lowest=True))
    rows = []
    for (at, part), most in zip(parts.groupby("bin", observed=True), MOST, strict=True):
        old, new = part[part["year"] + 1 < CHOSEN_BEFORE], part[part["year"] + 1 >= CHOSEN_BEFORE]
        rows.append(
            {
                "foreseen": f"{at:g}",
                "suppliers": len(old),
                "mean": old["seen"].mean(),
                "median": old["seen"].median(),
                "nine_of_ten": old["seen"].quantile(0.9),
                "used": most,
                "later": len(new),
                "later_held": (new["seen"] <= new["most"]).mean(),
            }
        )
    return pd.DataFrame(rows)
