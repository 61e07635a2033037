"""Whether a verdict on tariffs keeps its sign: with capital, answered in kind, or on the flows of another year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from suasion.coercion.frontier.policy_space import country_mask, flows_between, sector_groups
from suasion.coercion.tariff_ranges import capital_over, drawn_welfare, ranged_rows, welfare_over
from suasion.equilibrium import resolve
from suasion.equilibrium.economy import log_welfare, prepare, respond
from suasion.equilibrium.elasticities.horizon import resolve_base
from suasion.equilibrium.scenario.instruments import Tariff
from suasion.equilibrium.scenario.scenario import Scenario, compile_scenario
from suasion.equilibrium.simulate import own, run, simulate
from suasion.equilibrium.types import Parameters, Shock
from suasion.types import DeficitRule, FloatArray

if TYPE_CHECKING:
    from suasion.coercion.frontier.response import TariffWar
    from suasion.coercion.outcomes import Side
    from suasion.equilibrium.result import Result
    from suasion.world import World

EARLY, MIDDLE, LATE = 2018, 2020, 2023
"""Base years that are tried for each other: the early one of those after the middle, the late one of all others."""


def other_year(year: int) -> int:
    """Return the year whose flows a verdict on those of ``year`` is tried on."""
    return EARLY if year > MIDDLE else LATE


def day_verdicts(
    found: Result,
    world: World,
    scenario: Scenario,
    imposer: str,
    other: World | None,
    horizon: Any,
    deficits: DeficitRule,
    sets: Sequence[Parameters] = (),
    seed: int = 1,
) -> pd.DataFrame:
    """Change of welfare of who charges: as asked, with capital, answered in kind, and on the flows of another year.

    found: of the scenario on ``world``. other: world of another year; none is tried without it.
    sets, seed: draws of the elasticities for 90 % bands, and their seed.
    Returns: ``verdict_basis``, ``flows_year``, ``welfare_change_percent``; a row for what could be solved.
    """
    n = found.countries.index(imposer)
    rows, drawn = {"asked": found.welfare}, {"asked": drawn_welfare(found)}
    capital = found.welfare_with_capital
    if not np.isnan(capital.values[n]):
        rows["capital"], drawn["capital"] = capital, capital_over(found, sets) if sets else None
    answers = tuple(_in_kind(found, imposer))
    if answers:
        shock = _answered_shock(found, world, answers)
        again = run(found._economy, world, scenario, shock)
        rows["answered"] = again.welfare
        drawn["answered"] = welfare_over(found, shock, again.solved, sets) if sets else None
    if other is not None:
        same = Scenario("base_year", tuple(scenario.instruments))
        again = simulate(other, same, horizon, deficits=deficits, draws=len(sets), seed=seed)
        rows["base_year"], drawn["base_year"] = again.welfare, drawn_welfare(again)
    years = {"base_year": other.year} if other is not None else {}
    told = [
        (basis, years.get(basis, world.year), float(one.sel(country=imposer))) for basis, one in rows.items()
    ]
    frame = pd.DataFrame(told, columns=["verdict_basis", "flows_year", "welfare_change_percent"])
    places = {basis: list(one["country"].values).index(imposer) for basis, one in rows.items()}
    own = [None if (one := drawn[basis]) is None else one[:, at] for basis, at in places.items()]
    return ranged_rows(frame, {"welfare_change_percent": own})


def _in_kind(found: Result, imposer: str) -> Iterator[Tariff]:
    """Tariffs of all partners on the imposer of as many points as theirs is charged in the mean, on all goods."""
    base, new = found.base, found.shock.tariff
    n = found.countries.index(imposer)
    goods = [code for code in base.sectors if code < "D"]
    cells = np.ix_(range(len(found.countries)), [base.sectors.index(code) for code in goods])
    flow = base.receipts[:, n].T[cells]
    old = 0.0 if base.tariff is None else base.tariff[:, n].T[cells]
    points = np.zeros(len(flow)) if new is None else ((new[n][cells] - old) * flow).sum(1)
    mean = np.divide(points, flow.sum(1), out=np.zeros(len(flow)), where=flow.sum(1) > 0.0)
    for i, rate in enumerate(mean):
        if i != n and rate > 0.0 and not _answered(found, i, n):
            yield Tariff([found.countries[i]], [imposer], float(rate), sectors=goods)


def _answered_shock(found: Result, world: World, answers: tuple[Tariff, ...]) -> Shock:
    """The shock of a study with answers, which nobody had given, laid on it."""
    more = compile_scenario(world, Scenario("answered", answers)).tariff
    charged = found.shock.tariff
    assert more is not None  # an answer is a tariff
    assert charged is not None  # so is what it answers
    return replace(found.shock, tariff=charged + (more - world.array("tariff")))


def _answered(found: Result, i: int, n: int) -> bool:
    """Whether the scenario has an answer of a partner already."""
    before, new = found.base.tariff, found.shock.tariff
    return new is not None and bool((new[i, n] != (0.0 if before is None else before[:, i, n])).any())


def war_on(
    other: World, found: TariffWar, players: Sequence[Side], horizon: Any, deficits: DeficitRule
) -> dict[tuple[str, str], float]:
    """Lay the rates of a war on the world of another year, those that each sets alone and all together.

    Returns: Change of real expenditure in per cent by imposer and :class:`WarStage`.
    """
    long_run = resolve_base(other, own(horizon, None))
    economy = prepare(other, resolve(other, horizon), deficits, long_run)
    inside = sector_groups(other)
    names = [player if isinstance(player, str) else "+".join(player) for player in players]
    masks = dict(zip(names, (country_mask(other, player) for player in players), strict=True))

    def moved(who: Sequence[str], column: str) -> FloatArray:
        wedge = np.zeros_like(other.array("tariff"))
        for row in found.rates[found.rates["imposer"].isin(who)].to_dict("records"):
            buyers = masks[row["imposer"]]
            wedge[flows_between(buyers, ~buyers, inside[row["sector_group"]])] = row[column] / 100.0
        shock = Shock(tariff=(1.0 + other.array("tariff")) * (1.0 + wedge) - 1.0)
        return log_welfare(respond(economy, shock)[0])

    war = moved(names, "war_rate_percent")
    stages = {("war", name): war for name in names}
    stages |= {("alone", name): moved([name], "alone_rate_percent") for name in names}
    income = economy.accounts.income
    return {
        (name, stage): 100.0 * float(np.average(np.expm1(change[masks[name]]), weights=income[masks[name]]))
        for (stage, name), change in stages.items()
    }
