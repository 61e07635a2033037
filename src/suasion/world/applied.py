"""Applied tariffs of a world: published means spread over partners by agreements and over industries by assumption."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.files import shipped
from suasion.quotient import over
from suasion.sources.groups import members
from suasion.sources.state_estimates import state_estimates
from suasion.sources.tariffs import COLLECTED, agreements, tariff_means, us_duties
from suasion.types import Z90, FloatArray
from suasion.world.checks import Step
from suasion.world.prepared import Prepared

if TYPE_CHECKING:
    from suasion.world.world import World

STEP: Step = (
    "Applied tariffs of {year} put in, each cell with kind and range (see docs/explanation/tariffs.md)."
)
UNKNOWN: Step = "Tariffs and export taxes are not in the table"
"""How the note begins that a world without tariffs has."""
NOTE: Step = (
    "Tariffs are applied rates: means of importers are published, their spread over partners is assumed."
)
KINDS = ("none", "home", "union", "collected", "mean", "agreement", "assumption")
"""Where a cell comes from; ``none``: services, which bear no tariff."""
NONE, HOME, UNION, DUTY, MEAN, TREATY, GUESS = range(len(KINDS))
USA, ROW = "USA", "ROW"
WEIGHTS = 2022
"""Published world whose trade weighs industries within sections."""
SINCE = 2019
"""First year of a world whose US tariffs are the duties of 2024, in which those on China since 2018 are."""


@cache
def assumed() -> dict[str, Any]:
    """What is assumed, as ``applied.toml`` has it."""
    return shipped("suasion.world", "applied.toml", tomllib.load)


@dataclass(frozen=True)
class AppliedTariffs:
    """Applied tariffs of a world, each cell with its range and where it comes from.

    countries, sectors: labels. year: of the tariffs.
    rates, low, high: (importer, exporter, sector), fractions of the border value.
    kind: (importer, exporter, sector), positions in :data:`KINDS`.
    vintage: (importer, exporter), year of the figures behind it.
    general: rates without duties on top, of which the published means are means.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    year: int
    rates: FloatArray
    low: FloatArray
    high: FloatArray
    kind: np.ndarray[Any, np.dtype[np.int8]]
    vintage: np.ndarray[Any, np.dtype[np.int16]]
    general: FloatArray

    @property
    def frame(self) -> pd.DataFrame:
        """A row a cell of goods that crosses a border: rate and range in per cent, kind, year and source."""
        n, i, s = np.nonzero(self.kind > HOME)
        kinds, codes = np.array(KINDS)[self.kind[n, i, s]], np.array(self.countries)
        made = pd.DataFrame(
            {"importer": codes[n], "exporter": codes[i], "sector": np.array(self.sectors)[s], "kind": kinds}
        )
        for name, values in (("", self.rates), ("_low", self.low), ("_high", self.high)):
            made[f"tariff_percent{name}"] = 100.0 * values[n, i, s]
        return made.assign(year=self.vintage[n, i])


def applied_tariffs(world: World, year: int | None = None) -> AppliedTariffs:
    """Return the applied tariffs of a world's economies and industries.

    Parameters
    ----------
    world
        With the industries of the embedded tables, or with their sections; it may have ``ROW``. Its flows weigh.
    year
        Of the tariffs; the world's own without it. Where an importer has no figure of that year, the latest before it
        serves, else the first after it: ``vintage`` says which.

    Returns
    -------
    AppliedTariffs

    Raises
    ------
    InputError
        If the world has other industries.
    """
    when = world.year if year is None else int(year)
    return _FOUND.get(world, when, lambda: _applied(world, when))


def _applied(world: World, when: int) -> AppliedTariffs:
    known = {code: group for group in ("primary", "manufactured") for code in assumed()["profile"][group]}
    if not set(known) & set(world.sectors):
        return _of_sections(world, when)
    flow = world.array("intermediate") + world.array("final")
    spread = _Spread(world.countries, world.sectors, when, flow)
    spread.means()
    if USA in world.countries and when >= SINCE:
        spread.united_states()
    return spread.made()


_FOUND: Prepared[AppliedTariffs] = Prepared(1)
"""Applied tariffs, by the world that they are of: one balanced at them and a mean of them ask for the same."""


def with_applied(world: World, year: int | None = None) -> World:
    """Return a world balanced again at its applied tariffs; see :func:`applied_tariffs`."""
    found = applied_tariffs(world, year)
    return taxed_at(world, found.rates, STEP.format(year=found.year))


def taxed_at(world: World, rates: FloatArray, step: Step) -> World:
    """Return a world balanced again at rates (importer, exporter, sector); ``step`` says whose they are."""
    from suasion.world.tariffs import with_tariffs

    notes = tuple(note for note in world.notes if not note.startswith(UNKNOWN))
    made = world.provenance.then(step)
    return with_tariffs(world, rates, spare=True, notes=(*notes, NOTE), provenance=made)


def tariff_deviation(world: World) -> FloatArray:
    """Deviations in logs of a world's applied tariffs (importer, exporter, sector), which its ranges hold nine in ten.

    Returns: Nought where nothing is levied, and for tariffs that are no applied ones, which are known: all of a world
      of other origin, and those that were put over applied ones.
    """
    from suasion.world.tariffs import PUT

    steps = [step for step in world.provenance.transformations if step != PUT]
    if steps[-1:] != [STEP.format(year=world.year)]:
        return np.zeros_like(world.array("tariff"))
    found = applied_tariffs(world)
    least, most = over(found.low, found.rates), over(found.high, found.rates)
    below, above = (np.abs(np.log(np.where(ends > 0.0, ends, 1.0))) for ends in (least, most))
    deviation = np.where(below > 0.0, (below + above) / 2.0, above) / Z90
    return deviation * np.isclose(world.array("tariff"), found.rates, rtol=1e-9, atol=0.0)


def shown_means(importer: str) -> pd.DataFrame:
    """Published means of an importer by year, without outliers: manufactured and primary, that of all in their place.

    Returns: Indexed by year, per cent; empty where none are published.
    """
    shown = _shown()
    return shown[shown.index.get_level_values(0) == importer].droplevel(0)


@cache
def _shown() -> pd.DataFrame:
    """Published means without outliers, by importer and year."""
    table, rule = tariff_means(), assumed()["outliers"]
    middle = table.groupby(level=0, observed=True).transform("median")
    off = (table - middle).abs() > rule["points"]
    far = off & ((table > rule["times"] * middle) | (table < middle / rule["times"]))
    far.loc[[tuple(one) for one in rule["also"] if tuple(one) in far.index]] = True
    kept, both = table.mask(far), ["manufactured", "primary"]
    none = kept[both].isna().all(axis=1).groupby(level=0, observed=True).transform("all")
    kept = kept.assign(**{name: kept[name].where(~none, kept["all"]) for name in both})
    return kept.dropna(subset=both).sort_index()


@cache
def _means_near(year: int) -> dict[str, tuple[int, dict[str, float]]]:
    """Year and means that serve each importer in a year: see :func:`nearest_year`."""
    shown = _shown()
    means: list[dict[Any, float]] = shown.to_dict("records")
    found: dict[str, dict[int, dict[str, float]]] = {}
    for (code, when), row in zip(shown.index.tolist(), means, strict=True):
        found.setdefault(code, {})[when] = row
    return {code: ((near := nearest_year(own, year)), own[near]) for code, own in found.items()}


def nearest_year(years: Iterable[int], year: int) -> int:
    """The latest year that is not after the one wanted, else the first after it."""
    found = sorted(years)
    return max((one for one in found if one <= year), default=found[0])


class _Spread:
    """Rates that are being filled in, importer by importer."""

    def __init__(
        self, countries: tuple[str, ...], sectors: tuple[str, ...], year: int, flow: FloatArray
    ) -> None:
        self.countries, self.sectors, self.year, self.flow = countries, sectors, year, flow
        self.at = {code: j for j, code in enumerate(countries)}
        shape, n = flow.shape, len(countries)
        self.rates, self.low, self.high = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self.vintage = np.full((n, n), year, np.int16)
        self.general = self.rates
        profile = assumed()["profile"]
        self.groups = {
            group: np.array([profile[group].get(code, 0.0) for code in sectors])
            for group in ("manufactured", "primary")
        }
        goods = sum(self.groups.values()) > 0.0
        self.kind = np.where(goods, MEAN, NONE).astype(np.int8)[None, None].repeat(n, 0).repeat(n, 1)
        self.left = {group: _left(countries, year, group) for group in self.groups}
        for group, left in self.left.items():
            own = self.groups[group] > 0.0
            self.kind[(left[0] < 1.0)[..., None] & own] = TREATY
            self.kind[(left[2] == 0.0)[..., None] & own] = UNION
        self.kind[np.eye(n, dtype=bool)[..., None] & goods] = HOME

    def means(self) -> None:
        """Rates of each importer, or customs territory, so that its published means are met."""
        union = [code for code in members("EU", self.year) if code in self.at]
        blocks = [union] * (len(union) > 0) + [[code] for code in self.countries if code not in union]
        for block in blocks:
            who = [self.at[code] for code in block]
            prior = self._prior(block)
            if prior is None:
                self._published(block, who)
                continue
            self.kind[who] = np.where(self.kind[who] == MEAN, GUESS, self.kind[who])
            for group in self.groups:
                centre, low, high = prior[group]
                self._set(who, group, centre / 100.0, (low / centre, high / centre))

    def _prior(self, block: list[str]) -> Any:
        """What is assumed of an importer: by name, or as for the rest of the world where an estimated one has none."""
        priors = assumed()["prior"]
        none = block[0] in state_estimates().classes and block[0] not in _means_near(self.year)
        return priors.get(ROW if none else block[0])

    def _published(self, block: list[str], who: list[int]) -> None:
        near = _means_near(self.year)
        found = [near[code] for code in block if code in near]
        if not found:
            raise InputError(
                f"There is no published mean of applied tariffs of {', '.join(block)}. Give its own with "
                "`with_tariffs`."
            )
        vintage = nearest_year({year for year, _ in found}, self.year)
        of_then = [means for year, means in found if year == vintage]
        self.vintage[who] = vintage
        spans, far = assumed()["range"], abs(vintage - self.year) >= assumed()["range"]["other_years"]
        for group in self.groups:
            mean = float(np.median([means[group] for means in of_then]))
            self._set(who, group, mean / 100.0, spans["mean_other_year" if far else "mean"])

    def _set(self, who: list[int], group: str, mean: float, span: Iterable[float]) -> None:
        """Give the cells of a group of goods their rates: one level for the territory, so that the mean is met."""
        profile = self.groups[group]
        here = np.ix_(np.array(who), np.arange(len(self.countries)), np.flatnonzero(profile))
        shape = self.left[group][:, who][..., None] * profile[profile > 0.0]  # level one: centre, low, high
        shape = shape * (self.kind[here] != HOME)
        weight = np.where(self.kind[here] == HOME, 0.0, self.flow[here])
        if len(who) > 1:
            weight = np.where(self.kind[here] == UNION, 0.0, weight)
        centre, low, high = shape
        rates = _level(centre, weight, mean, assumed()["cap"][group])
        least, most = span
        ratio = over(rates, centre, mean)
        self.rates[here] = rates
        self.low[here] = np.minimum(rates * least, ratio * low)
        self.high[here] = np.maximum(rates * most * (centre > 0.0), ratio * high)

    def united_states(self) -> None:
        """The United States: duties collected, by partner and industry; their means are met by one factor a partner."""
        table, us = us_duties(), self.at[USA]
        bought, paid = table["imports_musd"].to_numpy(), table["collected"].to_numpy()
        means = {
            code: (paid[at] * bought[at]).sum() / bought[at].sum() / 100.0
            for code, at in table.groupby(level=0, observed=True).indices.items()
        }
        rates = table["collected"].unstack().reindex(columns=list(self.sectors)).fillna(0.0) / 100.0
        union = dict.fromkeys(members("EU", COLLECTED), "EU")
        far = abs(COLLECTED - self.year) >= assumed()["range"]["other_years"]
        least, most = assumed()["range"]["collected_other_year" if far else "collected"]
        for code, i in self.at.items():
            partner = code if code in rates.index else union.get(code, "")
            if partner and code != USA:
                own = self._collected(rates.loc[partner].to_numpy(), means[partner], us, i)
                goods = self.kind[us, i] > HOME
                self.kind[us, i, goods], self.vintage[us, i] = DUTY, COLLECTED
                self.rates[us, i], self.low[us, i], self.high[us, i] = own, own * least, own * most

    def _collected(self, rates: FloatArray, mean: float, us: int, i: int) -> FloatArray:
        """Rates on a partner, scaled so that their mean in this world is that of what was paid."""
        rates = np.where(self.kind[us, i] > NONE, rates, 0.0)
        weight = np.where(self.kind[us, i] > NONE, self.flow[us, i], 0.0)
        paid = (weight * rates).sum()
        return rates * (mean * weight.sum() / paid) if paid else rates

    def made(self) -> AppliedTariffs:
        """What was filled in, with duties on top."""
        self.general = self.rates.copy()
        for one in assumed()["added"]:
            if {one["importer"], one["exporter"]} <= set(self.at) and self.year >= one["first"]:
                n, i = self.at[one["importer"]], self.at[one["exporter"]]
                goods = self.kind[n, i] > HOME
                for values, percent in zip((self.rates, self.low, self.high), one["percent"], strict=True):
                    values[n, i, goods] += percent / 100.0
                self.kind[n, i, goods] = GUESS
        return AppliedTariffs(
            self.countries,
            self.sectors,
            self.year,
            self.rates,
            self.low,
            self.high,
            self.kind,
            self.vintage,
            self.general,
        )


def _of_sections(world: World, year: int) -> AppliedTariffs:
    """Tariffs of a world whose industries are sections: means of the embedded table's, weighed by its trade."""
    from suasion.world.published import published_world

    if not set("ABC") <= set(world.sectors):
        raise InputError(
            "Applied tariffs are known for the industries of the embedded tables and for the sections A, B and C. Give "
            "a world with these, or its own tariffs with `with_tariffs`."
        )
    whole = published_world(WEIGHTS)
    found = applied_tariffs(whole, year)
    flow = np.where(found.kind == HOME, 0.0, whole.array("intermediate") + whole.array("final"))
    at = [world.countries.index(code if code in world.countries else ROW) for code in whole.countries]
    side = np.eye(len(world.countries))[at]
    good = np.array([[float(s < "D" and s[0] == own) for own in world.sectors] for s in whole.sectors])

    def summed(values: FloatArray) -> FloatArray:
        return np.asarray(np.einsum("nis,na,ib,sk->abk", values, side, side, good, optimize=True))

    weight, abroad = summed(flow), ~np.eye(len(world.countries), dtype=bool)[..., None]
    rates, low, high, general = (
        over(summed(flow * one), weight, 0.0) * abroad
        for one in (found.rates, found.low, found.high, found.general)
    )
    size = np.stack([summed(flow * (found.kind == kind)) for kind in range(len(KINDS))])
    kind = np.where(weight > 0.0, size.argmax(0), NONE)
    kind = np.where(abroad, kind, HOME * np.isin(world.sectors, list("ABC"))).astype(np.int8)
    first = [at.index(j) for j in range(len(world.countries))]
    vintage = found.vintage[np.ix_(first, first)]
    return AppliedTariffs(world.countries, world.sectors, year, rates, low, high, kind, vintage, general)


def _level(shape: FloatArray, weight: FloatArray, mean: float, cap: float) -> FloatArray:
    """Scale rates of level one so that their weighted mean is ``mean`` and none is above ``cap``."""
    rates, whole = shape * 0.0, weight.sum()
    if not (weight * shape).any():
        return np.full(shape.shape, mean) * (shape > 0.0)
    for _ in range(20):
        held = rates >= cap
        rest = mean * whole - cap * weight[held].sum()
        free = (weight * shape)[~held].sum()
        rates = np.where(held, cap, np.minimum(shape * max(rest, 0.0) / free if free else shape * 0.0, cap))
        if (held == (rates >= cap)).all():
            break
    return rates


def _left(countries: tuple[str, ...], year: int, group: str) -> FloatArray:
    """Part of the general rate on goods that is left between two: (centre, low, high; importer; exporter)."""
    at, rule, n = {code: j for j, code in enumerate(countries)}, assumed()["left"], len(countries)
    left = np.ones((3, n, n))
    if ROW in at:
        left[:, :, at[ROW]] = np.array(assumed()["prior"]["row_seller"])[:, None]
    for one in agreements():
        if (age := one.age(year)) is None:
            continue
        part = np.array(rule[one.kind][group], dtype=float)
        if one.kind == "FTA" and age < rule["phased"]:
            part[0] += (rule["first_year"] - part[0]) * (1.0 - age / rule["phased"])
            part[2] = max(part[2], min(1.0, part[0] + 0.3))
        for a, b in one.pairs(year):
            if a in at and b in at and part[0] < left[0, at[a], at[b]]:
                left[:, at[a], at[b]] = part
    return left
