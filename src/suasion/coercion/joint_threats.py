"""Joint threats: what a threat is worth when it is made through third parties who can be made to join.

``L_j(S)`` is the loss of j, in logs of real expenditure, when all of S stop trading with it. Somebody outside can be
made to join S against n if refusing costs it more than obeying: ``L_j(S) > ratio * L_j(n)``. Who joins makes the threat
on the next one larger: the coalition is the least fixed point, whatever the order. Threats that cost who makes them
more than a stated tolerance do not count, and the target may recruit by the same rule, both at once. Losses of j to
several members are taken as the sum of its losses to each: a lower bound, for losses are convex in what is lost.

The idea is that of Clayton, Maggiori and Schreger (NBER 31852, abstract); their formulas were not read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from suasion.coercion.camp_ties import Threats, deciding_ties
from suasion.coercion.leverage.matrix import LeverageMatrix
from suasion.coercion.outcomes import Side, base_accounts, members, side_name
from suasion.coercion.restored import ThreatRules, Ties, price_of, recruit, threat_of, ties_of
from suasion.equilibrium import Embargo, ManyResults, Scenario, simulate_many
from suasion.equilibrium.batch.bands import OverDraws
from suasion.errors import SameCountryError
from suasion.types import BoolArray, DeficitRule, FloatArray

if TYPE_CHECKING:
    from suasion.world import World


class Camp(StrEnum):
    """Where somebody outside ends up."""

    JOINS = "joins"
    OPPOSES = "opposes"
    OUTSIDE = "outside"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class JointThreats(OverDraws):
    """What threats of one side against others are worth, alone and through third parties.

    holder: as printed.
    table: one row per target: state, solo_percent (its loss when the holder alone leaves), joined, opposed
      (counts), joint_percent (its loss when all who join leave), separate_percent (what their threats add up
      to one by one), multiplier (joint over solo, in logs), own_percent (what the joint embargo costs the
      holder), third_musd (joint less solo loss), most_musd (joint loss less the holder's own: the most that
      it can ask), joint_status (solved, or no_equilibrium where the target is left with goods that nobody may
      sell it; its numbers are NaN); beside the joint loss flags, replacement_percent and
      no_switching_percent, the ends of the bracket where a flag stands, and capital_percent, with a stock of
      capital that adjusts, in the long run; NaN elsewhere.
    camps: one row per target and state outside: target, state, camp, refusing_percent and obeying_percent
      (what it would lose by either, at the end).
    rules: when a threat works.
    horizon: label.
    residual: largest gap of an equation.
    drawn: (draw, row) of the table, see :mod:`suasion.coercion.joint_ranges`; None without draws.

    Of several targets in a world whose losses of pairs ship, sums of such losses (separate_percent, refusing_percent,
    obeying_percent) are of these and good to three digits; camps are those of solved losses, all else is solved.
    """

    holder: str
    table: pd.DataFrame
    camps: pd.DataFrame
    rules: ThreatRules
    horizon: str
    residual: float
    drawn: xr.Dataset | None = None


def joint_threats(
    world: World,
    holder: Side,
    targets: Sequence[str] | None = None,
    rules: ThreatRules | None = None,
    horizon: str | float = "long",
    matrix: LeverageMatrix | None = None,
    *,
    deficits: DeficitRule = "balance",
) -> JointThreats:
    """Say what a side's threats are worth alone, and with those who can be made to join.

    holder: country or group.
    targets: codes; all economies outside the holder by default.
    rules: when a threat works.
    horizon: ``"months"``, ``"short"``, ``"long"`` or years.
    matrix: losses of all pairs of countries, and of the holder with each where it is a group; without, those that
      :mod:`suasion.coercion.camp_ties` needs are solved, or read from the cache.
    deficits: deficit rule, see :func:`suasion.equilibrium.simulate`.
    Raises SameCountryError: A target belongs to the holder.
    Raises NotInWorldError: A country is outside the world's table.
    Raises InputError: A target is a group.
    """
    rules = rules or ThreatRules()
    inside, name = members(world, holder), side_name(holder)
    wanted = [code for one in targets or () for code in members(world, one)]
    places = [world.countries.index(code) for code in wanted or world.states if wanted or code not in inside]
    if set(wanted) & set(inside):
        raise SameCountryError(f"{name} cannot threaten itself; name a target outside it.")
    own = np.array([code in inside for code in world.countries])
    exempt = np.isin(world.countries, [code for one in rules.exempt for code in members(world, one)])
    free, others = np.isin(world.countries, world.states) & ~own & ~exempt, np.arange(own.size)
    asked = {place: free & (others != place) for place in places}
    if matrix is None:
        threats = Threats(world, holder, name, horizon, deficits, rules, asked)
        ties = deciding_ties(threats, inside)
    else:
        ties = ties_of(matrix, name, world.countries)
    seen = _Holder(name, own, ties, rules)
    camps = {place: recruit(ties, place, some, rules) for place, some in asked.items()}
    results = simulate_many(world, _cuts(world, seen, camps), horizon, deficits=deficits, beside=True)
    return _solved(world, seen, camps, results, exempt & ~own)


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who threatens: name as printed, (N,) whether a state belongs to it, losses as it sees them, and its rules."""

    name: str
    own: BoolArray
    ties: Ties
    rules: ThreatRules


def _cuts(world: World, holder: _Holder, camps: Mapping[int, tuple[BoolArray, BoolArray]]) -> list[Scenario]:
    """The embargo of each coalition on its target."""
    codes = np.array(world.countries)
    return [
        Scenario(str(codes[place]), [Embargo([*codes[holder.own | ours]], str(codes[place]))])
        for place, (ours, _) in camps.items()
    ]


def _solved(
    world: World,
    holder: _Holder,
    camps: Mapping[int, tuple[BoolArray, BoolArray]],
    results: ManyResults,
    exempt: BoolArray,
) -> JointThreats:
    """Lay out the solved embargoes."""
    codes, ties = np.array(world.countries), holder.ties
    income = base_accounts(world, results.deficits).income
    money = results.equivalent_variation.isel(horizon=0).to_numpy()
    rows, places = [], []
    for usd, (place, (ours, theirs)) in zip(money, camps.items(), strict=True):
        rows.append(
            {
                "state": codes[place],
                "joined": int(ours.sum()),
                "opposed": int(theirs.sum()),
                **worth_of(ties.held[place], ties.pair[place, ours].sum(), usd, income, place, holder.own),
                "joint_status": "solved" if np.isfinite(usd[place]) else "no_equilibrium",
                **_beside(results, codes[place]),
            }
        )
        places.append(_camps(holder, place, (ours, theirs), exempt).assign(target=codes[place], state=codes))
    outside = pd.concat([part[~holder.own & (part["state"] != part["target"])] for part in places])
    residual = float(np.nan_to_num(results.residual.to_numpy(), posinf=0.0).max())
    label = next(iter(results.labels.values()))
    return JointThreats(holder.name, pd.DataFrame(rows), outside, holder.rules, label, residual)


def _beside(results: ManyResults, code: str) -> dict[str, float | str]:
    """What stands beside the joint loss of a target; each scenario has the name of its target."""
    flags = results.flags[(results.flags["scenario"] == code) & (results.flags["country"] == code)]
    ends = -flags[["replacement_percent", "no_switching_percent"]].head(1).to_numpy(float)
    low, high = ends[0] if len(ends) else (np.nan, np.nan)
    return {
        "flags": " ".join(sorted(set(flags["flag"]))),
        "replacement_percent": float(low),
        "no_switching_percent": float(high),
        "capital_percent": -float(results.welfare_with_capital.sel(scenario=code, country=code).item()),
    }


def worth_of(
    held: float, added: float, usd: FloatArray, income: FloatArray, place: int, own: BoolArray
) -> dict[str, float]:
    """What the threat on one target is worth.

    held, added: loss of the target to the holder alone, and those to all who join, one by one; in logs.
    usd: (N,) what the joint embargo does to everybody.
    income: (N,) real expenditure before.
    place: of the target.
    own: (N,) the holder's.
    """
    joint, cost, solo = -usd[place], -usd[own].sum(), -np.expm1(-held)
    return {
        "solo_percent": 100.0 * solo,
        "joint_percent": 100.0 * joint / income[place],
        "separate_percent": -100.0 * np.expm1(-held - added),
        "multiplier": -np.log1p(-joint / income[place]) / held if held > 0.0 else np.nan,
        "own_percent": 100.0 * cost / income[own].sum(),
        "third_musd": joint - solo * income[place],
        "most_musd": joint - cost,
    }


def _camps(holder: _Holder, place: int, camp: tuple[BoolArray, BoolArray], exempt: BoolArray) -> pd.DataFrame:
    """Where everybody ends up on one target, and what refusing and obeying the holder would cost."""
    ours, theirs = camp
    threat = threat_of(holder.ties, ours, holder.rules)
    price = price_of(holder.ties, place, theirs, holder.rules)
    names = [Camp.JOINS.value, Camp.OPPOSES.value, Camp.EXEMPT.value]
    return pd.DataFrame(
        {
            "camp": np.select([ours, theirs, exempt], names, Camp.OUTSIDE.value),
            "refusing_percent": -100.0 * np.expm1(-threat),
            "obeying_percent": -100.0 * np.expm1(-price),
        }
    )
