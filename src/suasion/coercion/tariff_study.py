"""What the tariffs cost that a state has added by a day: whom, who pays, and what each partner's are worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from suasion.coercion.tariff_ranges import drawn_welfare, paid, paid_over, ranged_rows, welfare_over
from suasion.coercion.tariff_verdicts import day_verdicts
from suasion.equilibrium.batch.bands import sets_of
from suasion.equilibrium.simulate import run, simulate
from suasion.equilibrium.types import Parameters, Shock
from suasion.sources.groups import members
from suasion.types import DeficitRule, FloatArray, Progress

if TYPE_CHECKING:
    from suasion.equilibrium.result import Result
    from suasion.equilibrium.scenario.scenario import Scenario
    from suasion.world import World

UNION = "EU"
WORTH = ("removal_own_percent", "removal_partner_percent")
UNCHANGED = 1e-9
"""Per cent to which a partner's rate is what it was."""
REMOVED = 20
"""Partners whose tariffs are taken away one after the other: those on whose goods most is paid."""
STEPS = REMOVED + 5
"""All tariffs, each partner's, and four for the verdicts."""


@dataclass(frozen=True)
class TariffStudy:
    """Tariffs of a state on a day, against the world without what it has added.

    imposer: code. day: of the tariffs.
    partners: ``partner``, ``imports_musd``, ``base_tariff_percent``, ``tariff_percent`` (on the flows before),
      ``adjusted_tariff_percent`` (on those after), ``duty_musd``.
    industries: the same by ``sector``.
    welfare: ``country``, ``welfare_change_percent``, ``welfare_musd``.
    payers: ``payer`` and ``welfare_musd``, which add up to what the imposer gains or loses.
    terms: terms of trade of the imposer: what sellers abroad and its own dearer exports bring, per cent of spending.
    removals: ``partner``, ``removal_own_percent``, ``removal_partner_percent``: further changes without what was added
      on that partner.
    verdicts: ``verdict_basis``, ``flows_year``, ``welfare_change_percent`` of the imposer; see
      :mod:`suasion.coercion.tariff_verdicts`.
    result: the model's.

    Where draws were asked, changes of welfare, and all of payers, removals and verdicts, have the ends of their 90 %
    bands beside them.
    """

    imposer: str
    day: date
    partners: pd.DataFrame
    industries: pd.DataFrame
    welfare: pd.DataFrame
    payers: pd.DataFrame
    terms: float
    removals: pd.DataFrame
    verdicts: pd.DataFrame
    result: Result


def tariff_study(
    world: World,
    scenario: Scenario,
    imposer: str,
    day: date,
    horizon: str = "long",
    deficits: DeficitRule = "balance",
    draws: int = 0,
    seed: int = 1,
    progress: Progress | None = None,
    other: World | None = None,
) -> TariffStudy:
    """Solve what has been added by a day on a world at its applied tariffs, and without each large partner's.

    world: with its response; see :func:`suasion.questions.posed`.
    scenario: what has been added; see :func:`suasion.equilibrium.in_force.added_scenario`.
    draws, seed: draws of the elasticities for 90 % bands, and their seed.
    progress: called with (done, total, what).
    other: world of another year, on which the verdict is tried too.
    """
    tell = progress or (lambda done, total, what: None)
    tell(0, STEPS, "all")
    found = simulate(world, scenario, horizon, deficits=deficits, draws=draws, seed=seed)
    sets = sets_of(world, draws, horizon, seed)
    rates = ImportRates.solved(found, imposer)
    partners = rates.by_partner()
    hit = partners[(partners["tariff_percent"] - partners["base_tariff_percent"]).abs() > UNCHANGED]
    largest = hit.nlargest(REMOVED, "duty_musd")["partner"]
    removals = _removals(found, world, imposer, [str(one) for one in largest], sets, tell)
    tell(REMOVED + 1, STEPS, "verdicts")
    return TariffStudy(
        imposer,
        day,
        partners,
        rates.by_industry(),
        _welfare(found),
        _payers(found, imposer),
        float(found.linear_parts[0].sel(country=imposer)),
        removals,
        day_verdicts(found, world, scenario, imposer, other, horizon, deficits, sets, seed),
        found,
    )


def _removals(
    found: Result,
    world: World,
    imposer: str,
    partners: Sequence[str],
    sets: Sequence[Parameters],
    tell: Progress,
) -> pd.DataFrame:
    """Further changes without what was added on each partner, with bands where there are draws."""
    rows: list[dict[str, Any]] = []
    drawn: dict[str, list[FloatArray | None]] = {name: [] for name in WORTH}
    before = drawn_welfare(found)
    for done, partner in enumerate(partners, start=1):
        tell(done, STEPS, partner)
        shock = _without(found, imposer, members_of(partner))
        one = run(found._economy, world, found.scenario, shock)
        sides = [imposer], [code for code in members_of(partner) if code in found.countries]
        worth = [_further(found, found.welfare.values, one.welfare.values, side) for side in sides]
        rows.append({"partner": partner, **{name: float(it) for name, it in zip(WORTH, worth, strict=True)}})
        if before is not None:
            after = welfare_over(found, shock, one.solved, sets)
            for name, side in zip(WORTH, sides, strict=True):
                drawn[name].append(_further(found, before, after, side))
    return ranged_rows(pd.DataFrame(rows), drawn)


def members_of(partner: str) -> tuple[str, ...]:
    """States of a partner: itself, or the members of the Union."""
    from suasion.sources.tariffs import COLLECTED

    return members(UNION, COLLECTED) if partner == UNION else (partner,)


def _without(found: Result, imposer: str, codes: tuple[str, ...]) -> Shock:
    """The shock of a study with what was added on some sellers taken away."""
    base, tariff = found.base.tariff, found.shock.tariff
    if tariff is None:
        return found.shock
    n, left = found.countries.index(imposer), tariff.copy()
    for i in (found.countries.index(code) for code in codes if code in found.countries):
        left[n, i] = 0.0 if base is None else base[:, n, i]
    return replace(found.shock, tariff=left)


def _further(found: Result, before: FloatArray, after: FloatArray, codes: Sequence[str]) -> FloatArray:
    """Further change of some countries in all (...), per cent, from changes of welfare (..., N) in per cent."""
    at = [found.countries.index(code) for code in codes]
    one, two = ((found.base.income[at] * (1.0 + it[..., at] / 100.0)).sum(-1) for it in (before, after))
    return np.asarray(100.0 * (two / one - 1.0))


def _welfare(found: Result) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "country": found.countries,
            "welfare_change_percent": found.welfare.values,
            "welfare_musd": found.equivalent_variation.values,
        }
    )
    if found.drawn is not None:
        low, high = found.band().transpose("end", "country").values
        frame = frame.assign(welfare_change_percent_low=low, welfare_change_percent_high=high)
        money = found.drawn["equivalent_variation"].values.T
        frame = ranged_rows(frame, {"welfare_musd": list(money)})
    return frame.sort_values("welfare_change_percent", ignore_index=True)


def _payers(found: Result, imposer: str) -> pd.DataFrame:
    """Who pays, see :func:`suasion.coercion.tariff_ranges.paid`, with bands where there are draws."""
    n, swept, base = found.countries.index(imposer), found.solved.swept, found.base
    unit = base.factor_income.sum((1, 2))[n] / swept.payments.sum((1, 2))[n]
    price = unit * (1.0 + found.consumer_price.values[n] / 100.0)
    rows = paid(found, n, unit, price, found.revenue.values[n], swept.income[n], swept.transfer[n])
    frame = pd.DataFrame({"payer": list(rows), "welfare_musd": [float(one) for one in rows.values()]})
    return ranged_rows(frame, {"welfare_musd": list(paid_over(found, n).values())})


class ImportRates:
    """Mean rates of an importer before and after, weighed by what it buys abroad.

    countries, sectors: labels. importer: code.
    bought, then: (importer, exporter, sector) flows before, and after all have adjusted.
    old, new: (importer, exporter, sector) rates before and after.
    """

    def __init__(
        self,
        labels: tuple[Sequence[str], Sequence[str]],
        importer: str,
        flows: tuple[FloatArray, FloatArray],
        rates: tuple[FloatArray, FloatArray],
    ) -> None:
        self.countries, self.sectors = labels
        n = self.countries.index(importer)
        self.flow, self.later = flows[0][n].copy(), flows[1][n].copy()  # (exporter, sector)
        self.old, self.new = rates[0][n], rates[1][n]
        goods = np.array([code < "D" for code in self.sectors])
        for values in (self.flow, self.later):
            values[n] = 0.0
            values[:, ~goods] = 0.0

    @classmethod
    def solved(cls, found: Result, importer: str) -> ImportRates:
        """Rates before and after what was solved."""
        base = found.base
        flow = base.receipts.transpose(1, 2, 0)
        old = 0.0 * flow if base.tariff is None else base.tariff.transpose(1, 2, 0)
        new = old if found.shock.tariff is None else found.shock.tariff
        return cls((found.countries, base.sectors), importer, (flow, found.trade.values), (old, new))

    @classmethod
    def held(cls, world: World, importer: str) -> ImportRates:
        """Rates that a world has, before and after alike."""
        flow, rates = world.array("intermediate") + world.array("final"), world.array("tariff")
        return cls((world.countries, world.sectors), importer, (flow, flow), (rates, rates))

    def by_partner(self) -> pd.DataFrame:
        """By seller, the Union as one, the largest first."""
        union = set(members_of(UNION))
        groups: dict[str, list[int]] = {}
        for i, code in enumerate(self.countries):
            groups.setdefault(UNION if code in union else code, []).append(i)
        rows = ({"partner": name, **self._row(np.s_[at, :])} for name, at in groups.items())
        return _largest(rows)

    def by_industry(self) -> pd.DataFrame:
        """By industry, the largest first."""
        return _largest({"sector": code, **self._row(np.s_[:, [k]])} for k, code in enumerate(self.sectors))

    def _row(self, cells: Any) -> dict[str, float]:
        flow, later, old, new = (one[cells] for one in (self.flow, self.later, self.old, self.new))
        return {
            "imports_musd": float(flow.sum()),
            "base_tariff_percent": _mean(old, flow),
            "tariff_percent": _mean(new, flow),
            "adjusted_tariff_percent": _mean(new, later),
            "duty_musd": float((new * later).sum()),
        }

    def whole(self) -> dict[str, float]:
        """On everything from abroad."""
        return self._row(np.s_[:, :])


def on_list(study: TariffStudy) -> float | None:
    """Return the mean rate on goods from China on a day of 2018 or 2019 by the list of the law, where it has one."""
    from suasion.sources.dated.by_day import rates_on

    rates = ImportRates.solved(study.result, study.imposer)
    listed_rates = rates_on(study.day, "list")
    rows = listed_rates[(listed_rates["buyer"] == study.imposer) & (listed_rates["seller"] == "CHN")]
    if rows.empty or "CHN" not in rates.countries:
        return None
    i, more = rates.countries.index("CHN"), dict(zip(rows["industry"], rows["added"], strict=True))
    listed = rates.old[i] + np.array([more.get(code, 0.0) for code in rates.sectors]) / 100.0
    return _mean(listed, rates.flow[i])


def whole(study: TariffStudy) -> Mapping[str, float]:
    """Return the means of a study over all partners and goods, by the names of its columns."""
    return ImportRates.solved(study.result, study.imposer).whole()


def _mean(rates: FloatArray, weights: FloatArray) -> float:
    sold = weights.sum()
    return float(100.0 * (rates * weights).sum() / sold) if sold else float("nan")


def _largest(rows: Iterator[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    return frame[frame["imports_musd"] > 0.0].sort_values("imports_musd", ascending=False, ignore_index=True)
