"""Who takes the place of a supplier that is lost: gap fillers, home producers and price rises by industry, with ranges.

All trade of two sides ends. Of each good that one bought from the other: which part of the share that is left comes
from whom, how much dearer the good gets, and how much less of it is bought. A group buys and sells as one: prices of
its members are weighted by what they spend on the good, and what other members sell counts as home.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from suasion.coercion.exit_cost import tie_shock
from suasion.coercion.outcomes import Horizon, Side, base_accounts, economy_for, members, side_name
from suasion.equilibrium import Economy, Parameters, Shock, draws, respond
from suasion.equilibrium.batch.many import THREADS
from suasion.equilibrium.economy import economy_on
from suasion.equilibrium.elasticities.points import check_count
from suasion.equilibrium.system import split
from suasion.errors import ConvergenceError, ElasticityError, ShockError
from suasion.solvers.threads import one_thread
from suasion.types import Brief, DeficitRule, FloatArray
from suasion.world import World, table_draws
from suasion.world.draws import FLOWS_KNOWN
from suasion.world.prepared import Prepared

DRAWS = 8
"""Draws of table and elasticities behind a range. It is Student's for one more draw, so few make it wide, not short."""
COVERED = 0.90
LEAST_MUSD = 1.0
"""Purchases of an industry, million USD, below which nobody is asked who would take their place."""
MOST_FILLERS = 5
"""Other sellers that are named for each good, those that gain most."""
FULL = (81, 50)
"""Economies and industries of worlds whose tables can be drawn: what is known of flows is known of these."""
MEASURES = ("price_percent", "bought_percent", "foreign_percent", "home_percent")

#: Drawn economies of a world, for two horizons, some 5 MB a draw at 80 x 50: they share the center's corrector.
_ECONOMIES: Prepared[tuple[Economy, ...]] = Prepared(2)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Substitutes(Brief):
    """What takes the place of each other's goods.

    Attributes
    ----------
    a, b : str
        Codes of the two states, or names of groups.
    horizon : str
        Label of the elasticities.
    table : DataFrame
        One row a buyer and industry, the largest purchases first: ``buyer``, ``seller``, ``sector``, ``value_musd``
        (what is bought from the seller, million USD), ``import_share`` (the seller's share of imports of the good, 0 to
        1), ``purchase_share`` (of all purchases of it, home included), ``price_percent`` (change of the buyer's price
        of the good, over world factor income), ``bought_percent`` (change of what it buys of the good, at the good's
        price of before), ``foreign_percent`` and ``home_percent`` (parts of the seller's share that other states and
        home producers take; they add up to 100). Each of the last four has a 90 % range, ``..._low`` and ``..._high``,
        NaN without draws.
    fillers : DataFrame
        The other states that gain most in each good: ``buyer``, ``seller``, ``sector``, ``filler``, ``part_percent``
        of the seller's share, with its range.
    solved : int
        Draws with an equilibrium.
    draws : int
        Draws that were asked for.
    tables : bool
        Whether tables were drawn too, and not elasticities alone.
    """

    a: str
    b: str
    horizon: str
    table: pd.DataFrame
    fillers: pd.DataFrame
    solved: int
    draws: int
    tables: bool


def substitutes(
    world: World,
    a: Side,
    b: Side,
    horizon: Horizon = "short",
    *,
    deficits: DeficitRule = "balance",
    count: int = DRAWS,
    seed: int = 0,
) -> Substitutes:
    """End all trade of two sides and say who takes the place of each in what the other buys.

    Parameters
    ----------
    world : World
    a, b : str or sequence of str
        States or groups; the members of a group keep trading with each other.
    horizon : ``"months"``, ``"short"``, ``"long"`` or years since the cut
    deficits : deficit rule, see :func:`suasion.equilibrium.simulate`
    count : int
        Draws for 90 % ranges; 0 for none. Each has elasticities of its own and, of an embedded world from 2022 on, a
        table of its own.
    seed : int
        Of all draws.

    Returns
    -------
    Substitutes
        Values and shares of before are those of the world; what changes is against the base after the deficit rule.

    Raises
    ------
    SameCountryError
        A country stands on both sides.
    NotInWorldError
        A country is outside the world's table.
    InputError
        A side names nobody, or the count is out of range.
    ShockError, ConvergenceError
        The cut has no equilibrium, or none was found.
    """
    check_count(count, 0)
    shock = tie_shock(world, a, b)
    economy = economy_for(world, horizon, deficits)
    one, two = (_Side(side_name(side), _places(world, side)) for side in (a, b))
    ends = [(one, two), (two, one)]
    center = _answers(economy, shock, ends)
    key = (economy.parameters.digest(), deficits, count, seed)
    economies = _ECONOMIES.get(world, key, lambda: drawn_economies(world, horizon, count, seed, economy))
    drawn = _drawn(economies, shock, ends)
    parts = [
        _one_way(world, way, center[place], [one[place] for one in drawn]) for place, way in enumerate(ends)
    ]
    return Substitutes(
        one.name,
        two.name,
        economy.parameters.horizon,
        pd.concat([table for table, _ in parts], ignore_index=True),
        pd.concat([fillers for _, fillers in parts], ignore_index=True),
        len(drawn),
        count,
        can_draw(world),
    )


@dataclass(frozen=True)
class _Side:
    """A side: its name, and where its members stand among the countries."""

    name: str
    members: list[int]


Way = tuple[_Side, _Side]
"""Who buys, and who sells."""


def _places(world: World, side: Side) -> list[int]:
    return [world.countries.index(code) for code in members(world, side)]


@dataclass(frozen=True)
class _Answer:
    """Of one buyer: ``price`` (S,) log of the change, ``bought`` (S,) the same, ``part`` (S, N) of the lost share."""

    price: FloatArray
    bought: FloatArray
    part: FloatArray

    def measures(self, home: list[int]) -> FloatArray:
        """Rows as in :data:`MEASURES`, (4, S)."""
        own = 100.0 * self.part[:, home].sum(1)
        return np.stack([100.0 * np.expm1(self.price), 100.0 * np.expm1(self.bought), 100.0 - own, own])


def _answers(economy: Economy, shock: Shock, ends: list[Way]) -> list[_Answer]:
    """Solve the cut, and read it from both sides."""
    solved, _ = respond(economy, shock)
    base, swept = solved.problem.base, solved.swept
    prices, found = split(solved.problem, solved.x).price, []
    with np.errstate(divide="ignore", invalid="ignore"):
        for buyer, seller in ends:
            own, sold = buyer.members, seller.members
            spent = base.expenditure[own]  # (M, S)
            before, gained = base.pi[:, own], swept.pi[:, own] - base.pi[:, own]  # (S, M, N)
            lost = np.einsum("ms,sm->s", spent, before[:, :, sold].sum(2))
            gained[:, :, sold] = 0.0
            price = (spent * prices[own]).sum(0) / spent.sum(0)
            bought = np.log(swept.expenditure[own].sum(0) / spent.sum(0)) - price
            # Of what was never sold nothing is lost, and no part of it is filled.
            lost = np.where(lost > 0.0, lost, np.nan)
            found.append(_Answer(price, bought, np.einsum("ms,smn->sn", spent, gained) / lost[:, None]))
    return found


def can_draw(world: World) -> bool:
    """Whether tables can be drawn: of whole worlds by year."""
    whole = (len(world.countries), len(world.sectors)) == FULL
    return world.response is None and world.provenance.dataset in FLOWS_KNOWN and whole


def drawn_economies(
    world: World, horizon: Horizon, count: int, seed: int, center: Economy
) -> tuple[Economy, ...]:
    """Draw economies: tables, where they can be drawn, each with elasticities of its own.

    horizon: of the elasticities.
    count, seed: of both sequences.
    center: economy whose deficit rule and corrector all share.
    """
    if not count:
        return ()
    tables = list(table_draws(world, count, seed)) if can_draw(world) else [world] * count

    def build(table: World, parameters: Parameters) -> Economy:
        accounts = base_accounts(table, center.deficits, horizon, like=world)
        return economy_on(accounts, parameters, center.deficits, center.corrector)

    with one_thread(), ThreadPoolExecutor(THREADS) as pool:
        return tuple(pool.map(build, tables, draws(world, count, horizon, seed=seed)))


def _drawn(economies: Sequence[Economy], shock: Shock, ends: list[Way]) -> list[list[_Answer]]:
    """Answers of all draws that have an equilibrium."""

    def solve(economy: Economy) -> list[_Answer] | None:
        try:
            return _answers(economy, shock, ends)
        except (ShockError, ElasticityError, ConvergenceError):
            return None

    with one_thread(), ThreadPoolExecutor(THREADS) as pool:
        return [one for one in pool.map(solve, economies) if one is not None]


def _one_way(
    world: World, way: Way, center: _Answer, drawn: list[_Answer]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What one buyer buys from one seller, and who takes its place."""
    buyer, seller = (side.members for side in way)
    bought = (world.array("intermediate")[buyer] + world.array("final")[buyer]).sum(0)  # (N, S)
    sold, own = bought[seller].sum(0), bought[buyer].sum(0)
    order = np.argsort(-sold, kind="stable")
    order = order[(sold[order] >= LEAST_MUSD) & np.isfinite(center.part[order, buyer[0]])]
    who = {"buyer": way[0].name, "seller": way[1].name}
    names, value, total = np.array(world.sectors)[order], sold[order], bought[:, order].sum(0)
    rows = {
        **who,
        "sector": names,
        "value_musd": value,
        "import_share": value / (total - own[order]),
        "purchase_share": value / total,
    }
    middle = center.measures(buyer)[:, order]
    others = np.array([one.measures(buyer)[:, order] for one in drawn]).reshape(len(drawn), *middle.shape)
    for place, name in enumerate(MEASURES):
        rows |= _with_range(name, middle[place], others[:, place])
    parts = 100.0 * center.part[order]
    parts[:, buyer + seller] = -np.inf
    most = np.argsort(-parts, axis=1, kind="stable")[:, :MOST_FILLERS]
    line = np.repeat(np.arange(order.size), most.shape[1])
    at = most.ravel()
    gains = np.array([100.0 * one.part[order][line, at] for one in drawn]).reshape(len(drawn), line.size)
    found = pd.DataFrame(
        {
            **who,
            "sector": names[line],
            "filler": np.array(world.countries)[at],
            **_with_range("part_percent", parts[line, at], gains),
        }
    )
    return pd.DataFrame(rows), found[np.isfinite(found["part_percent"]) & (found["part_percent"] > 0)]


def _with_range(name: str, center: FloatArray, drawn: FloatArray) -> dict[str, FloatArray]:
    """A number (R,) and the range of one more draw like those seen (D, R): Student's, of logs where all are above zero.

    The range is widened to hold the number itself, which is no draw.
    """
    count = len(drawn)
    if count < 2:
        blank = np.full(center.shape, np.nan)
        return {name: center, f"{name}_low": blank, f"{name}_high": blank}
    plain = ~((drawn > 0).all(0) & (center > 0))
    seen = np.where(plain, drawn, np.log(np.where(plain, 1.0, drawn)))
    far = stdtrit(count - 1, (1.0 + COVERED) / 2.0) * np.sqrt(1.0 + 1.0 / count) * seen.std(0, ddof=1)
    ends = [
        np.where(plain, end, np.exp(np.where(plain, 0.0, end)))
        for end in (seen.mean(0) - far, seen.mean(0) + far)
    ]
    return {name: center, f"{name}_low": np.fmin(ends[0], center), f"{name}_high": np.fmax(ends[1], center)}
