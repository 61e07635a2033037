"""Goods between all economies by customs: of all pairs without raw materials, and raw materials by industry."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from fits.every.facts import Facts, partner_shares
from suasion.quotient import over
from suasion.sources.embedded import load_csv, load_parquet
from suasion.sources.published_flows import industries
from suasion.types import FloatArray

GOODS = 27
MADE_OF = (
    ("2701", "B05"),
    ("2702", "B05"),
    ("2709", "B06"),
    ("2711", "B06"),
    ("25", "B08"),
    ("26", "B07"),
    ("28", "C20"),
    ("7202", "C24A"),
    ("7115", "C25"),
    ("71", "C24B"),
    ("76", "C24B"),
    ("81", "C24B"),
)
"""Industries of raw materials by the beginning of their codes; the first that fits counts."""
LIKE = {"TWN": (("KOR", "JPN"), 0.3)}
"""Who is in no customs record, and whose trade its own is like, at which size (assumption, .15 to .6)."""
LEAST_SHARE = 0.03
"""Smallest share of a listed partner that is believed."""
MOST_OVER_ACCOUNTS, MOST_OF_PRODUCT = 1.1, 0.5
"""Goods bought are at most the balance of payments', a tenth on top, and goods sold and this part of product."""


@dataclass(frozen=True, slots=True)
class Customs:
    """Goods between economies, million USD.

    other: all but raw materials (seller, buyer).
    raw: raw materials (seller, buyer, industry).
    """

    other: FloatArray
    raw: FloatArray

    @property
    def total(self) -> FloatArray:
        """All goods (seller, buyer)."""
        return np.asarray(self.other + self.raw.sum(2))


def read_customs(facts: Facts, year: int, known: int) -> Customs:
    """Customs of a year, 2022 or 2023, with what other sources say of the estimated ones.

    known: how many of the first economies have accounts; of others partners are checked and imports capped.
    """
    codes = facts.codes
    raw = _raw(codes, year)
    if year == 2023:
        other = np.maximum(_moved(_totals(codes), 1.0) - raw.sum(2), 0.0)
    else:
        apart = {y: _raw(codes, y).sum(2) for y in (2020, 2023)}
        plain = {y: np.maximum(v - apart.get(y, 0.0), 0.0) for y, v in _totals(codes).items()}
        other = _moved(plain, 2.0 / 3.0)
    for code, (like, size) in LIKE.items():
        at, same = codes.index(code), [codes.index(one) for one in like]
        if not other[at].any():
            other[at], other[:, at] = size * other[same].mean(0), size * other[:, same].mean(1)
            other[at, at] = 0.0
    found = _with_partners(Customs(other, raw), facts, known)
    return _capped(_with_typed(found, codes) if year == 2023 else found, facts, known)


@dataclass(frozen=True, slots=True)
class Typed:
    """A flow that customs lack, million USD; of all goods where the industry is empty."""

    exporter: str
    importer: str
    industry: str
    value: float


def typed_flows() -> tuple[Typed, ...]:
    """Flows of 2023 that are typed with their source."""
    frame = pd.read_csv(Path(__file__).with_name("typed.csv"), comment="#", keep_default_na=False)
    rows = frame[["exporter", "importer", "industry", "value"]].itertuples(index=False)
    return tuple(Typed(str(a), str(b), str(k), float(v)) for a, b, k, v in rows)


def _with_typed(customs: Customs, codes: tuple[str, ...]) -> Customs:
    other, raw = customs.other.copy(), customs.raw.copy()
    for one in typed_flows():
        at = codes.index(one.exporter), codes.index(one.importer)
        if one.industry:
            raw[(*at, industries().index(one.industry))] = one.value
        else:
            other[at] = max(one.value - raw[at].sum(), 0.0)
    return Customs(other, raw)


def _totals(codes: tuple[str, ...]) -> dict[int, FloatArray]:
    frame = load_parquet("goods_totals.parquet")
    frame = frame[frame["year"].isin([2019, 2020, 2023])]
    found = {}
    for year, part in frame.groupby("year"):
        table = part.pivot(index="exporter", columns="importer", values="value")
        found[int(str(year))] = (
            table.reindex(index=list(codes), columns=list(codes)).fillna(0.0).to_numpy(float)
        )
    return found


def _moved(totals: dict[int, FloatArray], weight: float) -> FloatArray:
    """Flows between 2020 and 2023: both, or the one there is, moved by the growth of both sides."""
    old, new = np.where(totals[2020] > 0, totals[2020], totals[2019]), totals[2023]
    both = (old > 0) & (new > 0)
    growth = new.sum() / old[new > 0].sum()
    logs = [np.log(np.where(both, one, 1.0)) for one in (old, new)]
    flow = np.where(both, np.exp((1 - weight) * logs[0] + weight * logs[1]), new * growth ** (weight - 1.0))
    before = np.where(new > 0, old, 0.0)
    sold, bought = (np.clip(over(new.sum(k), before.sum(k), 1.0), 0.5, 2.5) for k in (1, 0))
    side = np.sqrt(np.outer(sold, bought))
    side = np.where((new.sum(1) == 0)[:, None], bought[None], side)
    side = np.where((new.sum(0) == 0)[None], sold[:, None], side)
    flow = np.where((old > 0) & (new <= 0), old * side**weight, flow)
    np.fill_diagonal(flow, 0.0)
    return np.asarray(flow)


def _raw(codes: tuple[str, ...], year: int) -> FloatArray:
    frame = load_parquet("materials.parquet")
    frame = frame[(frame["year"] == year) & frame["exporter"].isin(codes) & frame["importer"].isin(codes)]
    place = {code: at for at, code in enumerate(codes)}
    goods = industries()[:GOODS]

    def industry(product: str) -> int:
        return next((goods.index(code) for start, code in MADE_OF if product.startswith(start)), -1)

    kinds = frame["product"].astype(str).map({one: industry(str(one)) for one in frame["product"].unique()})
    at = [frame[side].astype(str).map(place).to_numpy(int) for side in ("exporter", "importer")]
    found = np.zeros((len(codes), len(codes), GOODS))
    kept = kinds.to_numpy(int) >= 0
    np.add.at(
        found,
        (at[0][kept], at[1][kept], kinds.to_numpy(int)[kept]),
        frame["value"].to_numpy(float)[kept] / 1000.0,
    )
    return found


def _with_partners(customs: Customs, facts: Facts, known: int) -> Customs:
    """Put the shares of listed partners beside customs: their root, alone where customs have less than half of it."""
    codes, total = facts.codes, customs.total
    place = {code: at for at, code in enumerate(codes)}
    shares = partner_shares(codes)
    shares = shares[shares["reporter"].isin(codes[known:]) & (shares["share"] >= LEAST_SHARE)]
    told: dict[tuple[int, int], list[float]] = {}
    for row in shares.to_dict("records"):
        one, two = place[str(row["reporter"])], place[str(row["partner"])]
        pair = (one, two) if row["flow"] == "exports" else (two, one)
        all_of = total[one].sum() if row["flow"] == "exports" else total[:, one].sum()
        told.setdefault(pair, []).append(float(row["share"]) * all_of)
    other = customs.other.copy()
    for (one, two), values in told.items():
        listed, now = np.exp(np.mean(np.log(np.maximum(values, 1e-3)))), total[one, two]
        alone = now < 0.5 * listed or "TWN" in (codes[one], codes[two])
        aim = listed if alone else np.sqrt(max(now, 1e-3) * listed)
        other[one, two] = max(aim - customs.raw[one, two].sum(), 0.05 * aim)
    return Customs(other, customs.raw)


def _capped(customs: Customs, facts: Facts, known: int) -> Customs:
    """Hold what estimated economies buy to their accounts: ships that fly their flag and transit are not bought."""
    total = customs.total
    most = np.fmin(MOST_OVER_ACCOUNTS * facts.bought, total.sum(1) + MOST_OF_PRODUCT * facts.product)
    factor = np.minimum(over(most, total.sum(0), 1.0), 1.0)
    factor[:known] = 1.0
    factor[factor > 0.95] = 1.0
    return Customs(customs.other * factor[None], customs.raw * factor[None, :, None])


def estimated_codes(known: tuple[str, ...]) -> tuple[str, ...]:
    """Economies in the customs record of 2020 or 2023 that are not known, sorted; territories among them."""
    frame = load_parquet("goods_totals.parquet")
    frame = frame[frame["year"].isin([2020, 2023])]
    found = set(frame["exporter"].astype(str)) | set(frame["importer"].astype(str))
    return tuple(sorted((found & set(load_csv("countries.csv", text=("iso3",))["iso3"])) - set(known)))


MIRRORED = ("IRN", "IRQ", "VEN", "SYR", "YEM", "LBY", "SDN", "SSD", "ERI", "AFG", "TKM", "LBN")
"""Economies whose trade others' customs tell, or whose product is a judgement (judgement)."""


def classes_of(codes: tuple[str, ...]) -> dict[str, str]:
    """How well each economy is known: A by customs of 2023 and accounts, B by others' customs, C by neither."""
    frame = load_parquet("goods_totals.parquet")
    late = frame[frame["year"] == 2023]
    seen = set(late["exporter"].astype(str)) & set(late["importer"].astype(str))
    return {code: "C" if code not in seen else "B" if code in MIRRORED else "A" for code in codes}
