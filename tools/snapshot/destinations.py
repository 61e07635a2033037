"""Destinations of final sales in the table of 2022: as published where they are published, else by the fitted seed.

What is sold outside the table's economies is booked as sold at home, so that trade inside is not inflated by it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from snapshot import learned
from snapshot.seed import FloatArray, Known, Logits, Seed, seed

WIOD_INDUSTRIES = (
    "A01:c1 A02:c1 A03:c1 B05:c2 B06:c2 B07:c2 B08:c2 B09:c2 C10T12:c3 C13T15:c4 C16:c6 C17_18:c7 C19:c8 C20:c9 C21:c9 "
    "C22:c10 C23:c11 C24A:c12 C24B:c12 C25:c12 C26:c14 C27:c14 C28:c13 C29:c15 C301:c15 C302T309:c15 C31T33:c16 D:c17 "
    "E:c17 F:c18 G:c20 H49:c23 H50:c24 H51:c25 H52:c26 H53:c27 I:c22 J58T60:c30 J61:c27 J62_63:c30 K:c28 L:c29 M:c30 "
    "N:c30 O:c31 P:c32 Q:c33 R:c34 S:c34 T:c35"
)
"""Industry of WIOD whose slopes an ICIO industry takes."""

OUTSIDE = (
    "A:1.0 B:.6 C:.8 D:2.0 E:.9 F:1.0 G:.9 H:1.2 I:.9 J:1.2 K:2.0 L:1.0 M:1.2 N:1.4 O:1.0 P:.8 Q:1.0 R:.9 S:.9 "
    "T:1.0"
)
"""Sales outside over sales abroad inside, relative to the same ratio in customs, by section: medians over the G20
economies of the table of 2019. The value of D rests on few flows, that of T on none (assumption)."""

GROUPS = {
    "EU27": (
        "AUT BEL BGR HRV CYP CZE DNK EST FIN FRA DEU GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT ROU SVK SVN ESP SWE"
    ),
    "MEA": "SAU ARE ISR JOR",
    "AFR": "ZAF EGY MAR TUN NGA SEN CIV CMR COD AGO STP",
    "LAM": "ARG BRA COL CRI MEX PER",
    "ROW": "BGD BLR BRN CHE HKG ISL KHM LAO MMR MYS NZL PAK PHL THA TWN UKR VNM",
}
"""Members of the published regions that are no single economy; ``ROW`` holds the world outside the table as well."""

NOT_NOUGHT = 0.015
"""Million USD put where a zero is published: such cells are missing below 0.03, not nought."""
ROUNDS, TOLERANCE = 400, 1e-6
"""Proportional fitting; the tolerance is on published cells, relative to a seller's total."""
LEARNED = 0.7
"""How far the ratio of published sales to the seed, by buyer and industry, carries over to exporters that are not
published; between .5 and 1 the misses of exporters held out hardly differ (evidence ``destinations``)."""
WEIGHT_OF_COLUMNS = 0.5
"""Weight, in logs, of absorption by national accounts against what the seed says; chosen on WIOD 2008."""


@dataclass(frozen=True)
class Published:
    """Final sales by exporter, region and industry, as published.

    Parameters
    ----------
    exporters, regions : names
    sales : (exporter, region, industry) million USD, NaN where nothing is published
    countries : codes of the table
    """

    exporters: tuple[str, ...]
    regions: tuple[str, ...]
    sales: FloatArray
    countries: tuple[str, ...]

    @cached_property
    def sellers(self) -> FloatArray:
        """Which economies an exporter is made of, (exporter, country), 0 or 1."""
        return _membership(self.exporters, self.countries)

    @cached_property
    def buyers(self) -> FloatArray:
        """Which buyers a region is made of, (region, country and the outside), 0 or 1."""
        inside = _membership(self.regions, self.countries)
        return np.hstack([inside, np.array([[float(name == "ROW")] for name in self.regions])])

    @cached_property
    def own(self) -> npt.NDArray[np.bool_]:
        """Whether a region is the exporter itself, (exporter, region)."""
        return np.array([[g == h for h in self.regions] for g in self.exporters])

    def without(self, exporters: Collection[str]) -> Published:
        """Leave the rows of some exporters out."""
        kept = self.sales.copy()
        kept[[name in exporters for name in self.exporters]] = np.nan
        return Published(self.exporters, self.regions, kept, self.countries)

    def sums(self, flows: FloatArray) -> FloatArray:
        """Sum flows (country and the outside, country, industry) to (exporter, region, industry)."""
        inner = np.einsum("hn,nik->hik", self.buyers, flows, optimize=True)
        return np.einsum("gi,hik->ghk", self.sellers, inner, optimize=True)

    def spread(self, factor: FloatArray) -> FloatArray:
        """Give every flow the factor of its cell."""
        inner = np.einsum("gi,ghk->hik", self.sellers, factor - 1, optimize=True)
        return 1 + np.einsum("hn,hik->nik", self.buyers, inner, optimize=True)


def _membership(names: Sequence[str], countries: Sequence[str]) -> FloatArray:
    members = [set(GROUPS.get(name, name).split()) for name in names]
    return np.array([[float(c in group) for c in countries] for group in members])


def published(frame: pd.DataFrame, countries: Sequence[str], industries: Sequence[str]) -> Published:
    """Lay the published rows out; columns ``exporter``, ``importer``, ``industry``, ``final_musd``."""
    sellers, buyers = (tuple(dict.fromkeys(frame[name])) for name in ("exporter", "importer"))
    sales = np.full((len(sellers), len(buyers), len(industries)), np.nan)
    place = [
        frame[name].map({x: k for k, x in enumerate(labels)}).to_numpy()
        for name, labels in (("exporter", sellers), ("importer", buyers), ("industry", industries))
    ]
    sales[tuple(place)] = np.maximum(frame["final_musd"].to_numpy(), NOT_NOUGHT)
    return Published(sellers, buyers, sales, tuple(countries))


@dataclass(frozen=True)
class Earlier:
    """A published table of an earlier year and edition, in sections: what final sales abroad were per input sold there.

    Parameters
    ----------
    ratio : (region, exporter, section) final sales over sales to industries, NaN where the latter are tiny
    buyers : (region, country) which economies a region is made of, 0 or 1
    sellers : (exporter,) positions of the exporters
    sections : (section, industry) which industries a section is made of, 0 or 1
    """

    ratio: FloatArray
    buyers: FloatArray
    sellers: npt.NDArray[np.int64]
    sections: FloatArray

    def moved(self, flows: FloatArray, abroad: FloatArray) -> FloatArray:
        """Move flows (country and the outside, country, industry) towards the earlier ratios; home closes the rows."""
        home, size = np.arange(flows.shape[1]), flows.shape[1]
        inside = flows[:size].copy()
        total = inside.sum(0)
        away = inside.copy()
        away[home, home] = 0.0
        said, inputs = (
            np.einsum("gn,nik,sk->gis", self.buyers, part[:, self.sellers], self.sections, optimize=True)
            for part in (away, abroad)
        )
        goal = self.ratio * inputs
        own = self.buyers[:, self.sellers] > 0
        used = (goal > TINY) & (said > TINY) & ~own[:, :, None]
        gap = np.log(np.where(used, goal, 1.0) / np.where(used, said, 1.0))
        factor = np.exp(WEIGHT_OF_EARLIER * np.clip(gap, -FARTHEST, FARTHEST))
        spread = np.einsum("gn,gis,sk->nik", self.buyers, factor, self.sections, optimize=True)
        inside[:, self.sellers] *= spread
        rest = total - (inside.sum(0) - inside[home, home])
        inside[home, home] = np.maximum(rest, LEAST_AT_HOME * total)
        return np.concatenate([inside, flows[size:]])


WEIGHT_OF_EARLIER = 0.5
"""Weight, in logs, of the table of 2019, of another edition; exporters held out differ little from .5 to .8."""
TINY, FARTHEST, LEAST_AT_HOME = 5.0, np.log(2.5), 0.02
"""Million USD below which a ratio says nothing; how far in logs a flow is moved at most; least share sold at home."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Final sales by destination.

    Parameters
    ----------
    final : (n, i, k) inside the table, million USD
    outside : (i, k) all sales outside, inputs and final
    sold_outside : (i, k) final sales outside
    gap : largest miss of a published cell, over the seller's total
    seeded : the seed
    """

    final: FloatArray
    outside: FloatArray
    sold_outside: FloatArray
    gap: float
    seeded: Seed

    def booked(self) -> FloatArray:
        """Final sales with all that is sold outside booked at home."""
        final, size = self.final.copy(), np.arange(len(self.final))
        final[size, size] += self.outside
        return final


def estimate(
    known: Known,
    logits: Logits,
    rho: FloatArray,
    table: Published,
    columns: FloatArray | None = None,
    tolerance: float = TOLERANCE,
    earlier: Earlier | None = None,
) -> Estimate:
    """Estimate the destinations of final sales.

    Parameters
    ----------
    known, logits : what the seed rests on
    rho : (industry,) rule of sales outside, see :data:`OUTSIDE`
    table : what is published
    columns : (country,) absorption by national accounts; None leaves the seed's
    tolerance : largest miss of a published cell, over the seller's total
    earlier : a published table of an earlier year
    """
    start = seed(known, logits, rho)
    inputs = np.minimum(rho * known.outside[:, None] * known.abroad.sum(0), 0.9 * start.outside)
    flows = np.concatenate([start.inside, (start.outside - inputs)[None]])
    if earlier is not None:
        flows = earlier.moved(flows, known.abroad)
    flows = _learned(flows, start, known, table)
    inputs = _inputs_outside(inputs, known.final, table)
    totals = known.final - inputs
    flows *= _over(totals, flows.sum(0))
    flows, gap = _fitted(flows, totals, table, columns, tolerance)
    return Estimate(flows[:-1], inputs + flows[-1], flows[-1], gap, start)


def _over(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.asarray(np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0))


def _learned(flows: FloatArray, start: Seed, known: Known, table: Published) -> FloatArray:
    """Move sales abroad of exporters without published rows as the published ones differ from the seed."""
    factor = _of_services(flows, table)
    factor[:, :, known.goods] = learned.factors(flows, start, known, table)
    size = np.arange(flows.shape[1])
    moved = flows * (1 + np.einsum("hn,ihk->nik", table.buyers, factor - 1, optimize=True))
    moved[size, size] = np.maximum(flows.sum(0) - (moved.sum(0) - moved[size, size]), 0.02 * flows.sum(0))
    return np.asarray(moved)


def _of_services(flows: FloatArray, table: Published) -> FloatArray:
    """Factors on services, (seller, region, industry): few exporters publish them, which tells a ratio of a region."""
    found, said = table.sums(flows), table.sales
    foreign = ~np.isnan(said) & ~table.own[:, :, None]
    wanted, had = np.where(foreign, said, 0).sum(0), np.where(foreign, found, 0).sum(0)
    both = (wanted > 0) & (had > 0)
    ratio = np.ones_like(wanted)
    ratio[both] = np.clip(wanted[both] / had[both], 0.2, 5.0) ** LEARNED
    return np.repeat(ratio[None], flows.shape[1], axis=0)


def _inputs_outside(rule: FloatArray, final: FloatArray, table: Published) -> FloatArray:
    """Inputs sold outside: what the table sells beyond the published rows, where there are any, else the rule.

    The rows of the world outside the table are a bound, no total: its own sellers are in them.
    """
    inputs = rule.copy()
    said = table.sales.sum(1)
    for g, name in enumerate(table.exporters):
        if name == "ROW":
            continue
        members = table.sellers[g] > 0
        rest = final[members].sum(0) - said[g]
        part = _over(rule[members], np.broadcast_to(rule[members].sum(0), rule[members].shape))
        alone = np.minimum(np.maximum(rest, 0) * part, 0.9 * final[members])
        inputs[members] = np.where(np.isnan(rest), rule[members], alone)
    return inputs


def _fitted(
    flows: FloatArray, totals: FloatArray, table: Published, columns: FloatArray | None, tolerance: float
) -> tuple[FloatArray, float]:
    """Meet the published cells, the sellers' totals, and half-way the buyers' absorption."""
    bound = np.array([name == "ROW" for name in table.exporters])
    sold = np.einsum("gi,ik->gk", table.sellers, totals)
    said = table.sales.sum(1)
    scale = np.where(bound[:, None], 1.0, _over(sold, said))
    goal = table.sales * scale[:, None, :]
    free, binding = ~_settled(table), ~np.isnan(goal) & ~bound[:, None, None]
    aim: FloatArray | None = None
    for turn in range(ROUNDS):
        found = table.sums(flows)
        factor = np.where(np.isnan(goal), 1.0, _over(goal, found))
        factor[bound] = np.minimum(factor[bound], 1.0)
        flows = flows * table.spread(factor)
        if columns is not None and turn >= 5:
            bought = flows[:-1].sum((1, 2))
            aim = _aim(bought, columns, free, table) if aim is None else aim
            flows[:-1] *= np.where(free, aim / bought, 1.0)[:, None, None]
        flows *= _over(totals, flows.sum(0))
        missed = np.where(binding, np.abs(table.sums(flows) - goal), 0.0) / np.maximum(sold, 1.0)[:, None, :]
        gap = float(missed.max())
        if gap < tolerance and turn > 5:
            break
    return flows, gap


def _settled(table: Published) -> npt.NDArray[np.bool_]:
    """Economies whose own sales of all industries are published singly: their absorption is settled by that."""
    full = ~np.isnan(table.sales).any((1, 2)) & (table.sellers.sum(1) == 1)
    return np.asarray((table.sellers[full].sum(0)) > 0)


def _aim(
    bought: FloatArray, columns: FloatArray, free: npt.NDArray[np.bool_], table: Published
) -> FloatArray:
    """Absorption aimed at: geometric mean of what the sales say and of the accounts.

    Of a published region only the shares of its members.
    """
    aim = bought ** (1 - WEIGHT_OF_COLUMNS) * columns**WEIGHT_OF_COLUMNS
    inside = np.zeros(len(bought), dtype=bool)
    for g in range(len(table.exporters)):
        members = table.sellers[g] > 0
        if members.sum() > 1 and not np.isnan(table.sales[g]).any():
            aim[members] *= bought[members].sum() / aim[members].sum()
            inside |= members
    rest = free & ~inside
    aim[rest] *= bought[rest].sum() / aim[rest].sum()
    return aim
