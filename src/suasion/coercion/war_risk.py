"""War risk: what both sides of a dispute would lose by war, what one can ask of the other, and the risk that follows.

A makes a take-it-or-leave-it demand. War costs A ``own`` and B ``other + e``, e uniform on ``[-spread, spread]`` and
known to B alone. A asks the more the less B is thought to fear war, and is refused now and then:

    risk = clip(3/4 - (own + other) / (4 spread), 0, 1)
    demand above the military balance = (other + spread - own) / 2,  or  other - spread  where nobody would refuse

so that the risk follows the sum of both costs and the demand their difference. The costs of war are what the trade of
the two is worth to each, the equivalent variation of its end, and what war costs beyond it, an assumption. The spread
is not observed; a base risk stands for it. This is the smallest game with the results of the abstracts of Mayer, Mejean
and Thoenig (CEPR DP 20564) and Martin, Mayer and Thoenig (2008), whose formulas were not read. That less trade leaves
the spread as it is, is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from suasion.coercion.outcomes import Horizon, Side, base_accounts, check_rule, members
from suasion.equilibrium import Embargo, ManyResults, Scenario, Tariff, TradeCost, simulate_many
from suasion.equilibrium.batch.bands import OverDraws, drawn_rows, with_bands
from suasion.errors import InputError, SameCountryError
from suasion.types import DeficitRule, FloatArray

if TYPE_CHECKING:
    from suasion.equilibrium.scenario.instrument import Instrument
    from suasion.world import World


HIGHEST = 0.75
"""Risk of war that pure private information makes: with nothing to lose A is refused three times in four."""
RISKS = tuple(round(0.01 * step, 2) for step in (1, 2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50))
"""Base risks of the curves."""
SPREADS = (0.1, 0.2, 1 / 3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0)
"""Private information of the curves, over the sum of both costs as things are; up to a third there is no risk."""


COSTS = ("war_cost_musd", "war_cost_percent", "price_musd", "ask_musd", "demand_musd")
RISK = ("private_musd", "sum_change_percent", "risk")
OVER_RISKS, OVER_SPREADS = RISK, ("base_risk", *RISK[1:])
"""Columns that have bands: of costs, and of curves over base risks and over what is private."""


class TradePolicy(StrEnum):
    """What one or both sides do to their trade before the dispute."""

    NONE = "none"
    TARIFF_FIRST = "tariff_first"
    TARIFF_SECOND = "tariff_second"
    TARIFFS = "tariffs"
    COSTS = "costs"
    OWN = "own"


def instruments_of(first: Side, second: Side) -> dict[TradePolicy, tuple[Instrument, ...]]:
    """Return the instruments of each policy that needs no file: tariffs of 25 and 60 points, costs up by half."""
    return {
        TradePolicy.NONE: (),
        TradePolicy.TARIFF_FIRST: (Tariff(first, second, 0.25),),
        TradePolicy.TARIFF_SECOND: (Tariff(second, first, 0.25),),
        TradePolicy.TARIFFS: (Tariff(first, second, 0.6), Tariff(second, first, 0.6)),
        TradePolicy.COSTS: (TradeCost(first, second, 1.5),),
    }


def war_risk(own: float, other: float, spread: float) -> float:
    """Return the probability that the demand is refused.

    own, other: costs of war, in one unit of money.
    spread: half width of what is not known of the other's cost, above 0, in the same unit.
    Raises InputError: The spread is not above 0.
    """
    if not spread > 0.0:
        raise InputError(f"spread={spread:g} must be above 0: without private information there is no war.")
    return float(np.clip(HIGHEST - (own + other) / (4.0 * spread), 0.0, 1.0))


def demand(own: float, other: float, spread: float) -> float:
    """Return what the side with the cost ``own`` asks above the military balance; arguments as for `war_risk`."""
    return float(min(max((other + spread - own) / 2.0, other - spread), other + spread))


def spread_of(own: float, other: float, base_risk: float) -> float:
    """Return the spread at which the risk is ``base_risk``.

    own, other: costs of war, their sum above 0.
    base_risk: above 0 and below three quarters.
    Raises InputError: The base risk is outside its range, or the sum of costs is not above 0.
    """
    if not 0.0 < base_risk < HIGHEST:
        raise InputError(
            f"base_risk={base_risk:g} must lie above 0 and below three quarters: more is not reached by private "
            "information about costs that are above zero."
        )
    if not own + other > 0.0:
        raise InputError("War would cost the two nothing together: no base risk can be set against it.")
    return (own + other) / (3.0 - 4.0 * base_risk)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DisputeRisk(OverDraws):
    """Costs of war and risks under trade policies.

    Attributes
    ----------
    sides : (first, second)
    base_risk : risk of war as things are, given and not found
    spread_musd : the private information that it stands for, million USD
    costs : one row per policy and state: policy, state, war_cost_musd, war_cost_percent (of its real expenditure),
        price_musd (what the policy costs it in peace), ask_musd (half of what the other would lose more than it:
        the part of its demand that follows the difference), demand_musd (with the private information of the other)
    over_risks, over_spreads : one row per policy and base risk, or spread: policy, base_risk, private_musd,
        sum_change_percent (by which the policy moves the sum of both costs), risk
    drawn : (draw, row) the numbers of ``costs`` for draws of the elasticities, each with the private information that
        the base risk then stands for; None without draws, else all three tables have ``_low`` and ``_high``
    horizon : label
    residual : largest gap of an equation
    """

    sides: tuple[Side, Side]
    base_risk: float
    spread_musd: float
    costs: pd.DataFrame
    over_risks: pd.DataFrame
    over_spreads: pd.DataFrame
    horizon: str
    residual: float
    drawn: xr.Dataset | None = field(default=None, repr=False)


def dispute_risk(
    world: World,
    first: Side,
    second: Side,
    policy: Scenario | None = None,
    horizon: Horizon = "long",
    base_risk: float = 0.1,
    deficits: DeficitRule = "balance",
    *,
    beyond: float = 0.0,
    draws: int = 0,
    seed: int = 1,
) -> DisputeRisk:
    """Solve what war would cost two sides under several trade policies, and the risk of war that follows.

    Parameters
    ----------
    world : World
    first, second : codes, names or groups
    policy : a policy of one's own beside the five
    horizon : ``"months"``, ``"short"``, ``"long"`` or years
    base_risk : risk of war as things are, an assumption
    deficits : deficit rule, see :func:`suasion.equilibrium.simulate`
    beyond : what war costs either side beyond trade, part of the yearly real expenditure of the smaller; an assumption
    draws, seed : draws of the elasticities for 90 % bands, and their seed

    Returns
    -------
    DisputeRisk

    Raises
    ------
    SameCountryError
        A country stands on both sides.
    NotInWorldError
        A country is outside the world's table.
    InputError
        The base risk or ``beyond`` is outside its range, or there is no trade that war would end.
    """
    check_rule(deficits)
    if not 0.0 <= beyond < 10.0:
        raise InputError(
            f"beyond={beyond:g}: give what war costs beyond trade as a part of expenditure, 0 to 10."
        )
    places = _places(world, first, second)
    policies = dict(instruments_of(first, second))
    if policy is not None:
        policies[TradePolicy.OWN] = tuple(policy.instruments)
    asked = list(_scenarios(first, second, policies))
    results = simulate_many(world, asked, horizon, deficits=deficits, draws=draws, seed=seed)
    if results.reasons.shape[0]:
        raise InputError(str(results.reasons["reason"].iloc[0]))
    income = base_accounts(world, results.deficits).income
    bases = np.array([income[side].sum() for side in places])
    more = beyond * float(bases.min())
    tables, drawn = _banded((first, second), bases, _changes(results, places), base_risk, more)
    own, other = tables[0]["war_cost_musd"].iloc[:2]
    return DisputeRisk(
        (first, second),
        base_risk,
        spread_of(own + more, other + more, base_risk),
        *tables,
        next(iter(results.labels.values())),
        float(results.residual.max()),
        drawn,
    )


def risk_ranges(
    found: DisputeRisk, base: tuple[float, float], beyond: tuple[float, float]
) -> dict[str, tuple[float, float]]:
    """Return the range of the risk under each policy over ranges of both assumptions.

    found: at central elasticities.
    base: least and largest base risk.
    beyond: least and largest cost of war beyond trade, parts of the real expenditure of the smaller side.
    """
    costs = found.costs.groupby("policy", sort=False)["war_cost_musd"].sum()
    peace = found.costs[found.costs["policy"] == TradePolicy.NONE.value]
    smaller = float((100.0 * peace["war_cost_musd"] / peace["war_cost_percent"]).min())
    whole = {part: float(costs[TradePolicy.NONE.value]) + 2.0 * part * smaller for part in beyond}
    saved = {str(name): float(costs[TradePolicy.NONE.value] - cost) for name, cost in costs.items()}
    made = {
        name: [risk + (HIGHEST - risk) * less / whole[part] for risk in base for part in beyond]
        for name, less in saved.items()
    }
    return {name: (max(min(risks), 0.0), min(max(risks), HIGHEST)) for name, risks in made.items()}


Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def _banded(
    sides: tuple[Side, Side],
    base: FloatArray,
    changes: Iterator[dict[str, FloatArray]],
    base_risk: float,
    more: float,
) -> tuple[Tables, xr.Dataset | None]:
    """Costs and both curves with their bands, and the costs of each draw.

    more: cost of war to either side beyond trade, million USD.
    """
    centre = _risks_of(sides, base, next(changes), (base_risk, more))
    own, other = centre[0]["war_cost_musd"].iloc[:2]
    private = [(own + other + 2.0 * more) * part for part in SPREADS]  # the same money in every draw
    made = [
        _risks_of(sides, base, one, (base_risk, more), private)
        if all(np.isfinite(change).all() for change in one.values())
        else None
        for one in changes
    ]
    drawn = [
        drawn_rows(frame, [None if one is None else one[k] for one in made], names)
        for k, (frame, names) in enumerate(zip(centre, (COSTS, OVER_RISKS, OVER_SPREADS), strict=True))
    ]
    costs, over_risks, over_spreads = (with_bands(*pair) for pair in zip(centre, drawn, strict=True))
    return (costs, over_risks, over_spreads), drawn[0]


def _changes(results: ManyResults, places: Sequence[Sequence[int]]) -> Iterator[dict[str, FloatArray]]:
    """Changes of both sides, million USD, by scenario: at the central elasticities, then for each draw."""
    levels = [results.equivalent_variation.isel(horizon=0).to_numpy()]
    if results.drawn is not None:
        drawn = results.drawn["equivalent_variation"].isel(horizon=0)
        levels += list(drawn.transpose("draw", "scenario", "country").to_numpy())
    for usd in levels:
        yield {
            scenario.name: np.array([row[side].sum() for side in places])
            for scenario, row in zip(results.scenarios, usd, strict=True)
        }


def _risks_of(
    sides: tuple[Side, Side],
    base: FloatArray,
    change: Mapping[str, FloatArray],
    assumed: tuple[float, float],
    private: Sequence[float] = (),
) -> Tables:
    """Costs, and risks over base risks and over spreads, from what every scenario does to both sides.

    assumed: base risk, and cost of war to either side beyond trade, million USD.
    private: spreads, million USD; parts of the sum of both costs without.
    """
    base_risk, more = assumed
    costs = _costs(sides, base, change, base_risk, more)
    both = {
        str(name): (float(rows["war_cost_musd"].iloc[0]) + more, float(rows["war_cost_musd"].iloc[1]) + more)
        for name, rows in costs.groupby("policy", sort=False)
    }
    own, other = both[TradePolicy.NONE.value]
    spreads = [spread_of(own, other, risk) for risk in sorted({*RISKS, base_risk})]
    over_spreads = _risks(both, private or [(own + other) * part for part in SPREADS])
    return costs, pd.DataFrame(list(_risks(both, spreads))), pd.DataFrame(list(over_spreads))


def _places(world: World, first: Side, second: Side) -> list[list[int]]:
    """Places of both sides' members."""
    places = [[world.countries.index(code) for code in members(world, side)] for side in (first, second)]
    if set(places[0]) & set(places[1]):
        raise SameCountryError(f"A country stands on both sides of {first} and {second}; name two.")
    return places


WAR = " and war"


def _scenarios(
    first: Side, second: Side, policies: Mapping[TradePolicy, Sequence[Instrument]]
) -> Iterator[Scenario]:
    """Each policy in peace, and in war, which ends all trade of the two."""
    for name, instruments in policies.items():
        yield Scenario(name.value, instruments)
        yield Scenario(f"{name.value}{WAR}", (*instruments, Embargo(first, second)))


def _costs(
    sides: tuple[Side, Side],
    base: FloatArray,
    change: Mapping[str, FloatArray],
    base_risk: float,
    more: float,
) -> pd.DataFrame:
    """Costs of war, of the policy, and demands of both sides under each policy.

    base: (2,) real expenditure of both sides, million USD.
    change: by scenario, (2,) change of it.
    more: cost of war to either side beyond trade, million USD.
    """
    peace = {name: move for name, move in change.items() if not name.endswith(WAR)}
    cost = {name: move - change[f"{name}{WAR}"] for name, move in peace.items()}
    own, other = map(float, cost[TradePolicy.NONE.value])
    spread = spread_of(own + more, other + more, base_risk)
    return pd.DataFrame(
        {
            "policy": name,
            "state": side,
            "war_cost_musd": lost[place],
            "war_cost_percent": 100.0 * lost[place] / (base[place] + peace[name][place]),
            "price_musd": peace[TradePolicy.NONE.value][place] - peace[name][place],
            "ask_musd": (lost[1 - place] - lost[place]) / 2.0,
            "demand_musd": demand(lost[place] + more, lost[1 - place] + more, spread),
        }
        for name, lost in cost.items()
        for place, side in enumerate(sides)
    )


def _risks(both: Mapping[str, tuple[float, float]], spreads: Sequence[float]) -> Iterator[dict[str, object]]:
    """The risk under each policy over spreads, each with the base risk that it stands for."""
    before = both[TradePolicy.NONE.value]
    for spread in spreads:
        for name, (own, other) in both.items():
            yield {
                "policy": name,
                "base_risk": war_risk(before[0], before[1], spread),
                "private_musd": spread,
                "sum_change_percent": 100.0 * ((own + other) / sum(before) - 1.0),
                "risk": war_risk(own, other, spread),
            }
