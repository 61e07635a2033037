"""What it is worth to bring back lost trade between two states, and which states joining would change a loss most."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from suasion.coercion.leverage.matrix import LeverageMatrix
from suasion.equilibrium import Scenario, simulate
from suasion.equilibrium.scenario.instruments import TradeCost
from suasion.errors import InputError
from suasion.measures.labels import sector_groups
from suasion.types import BoolArray, DeficitRule, FloatArray

if TYPE_CHECKING:
    import xarray as xr

    from suasion.equilibrium.result import Result
    from suasion.world import World

NEAR = 1e-4
"""Log of the cost at which the search stops: the share is then met to some thousandths of itself."""
STEPS = 12


@dataclass(frozen=True, slots=True)
class RestoredTie:
    """The world in which a tie has its old weight.

    result: The equilibrium.
    factor: New over old cost of trade in goods between the two.
    """

    result: Result
    factor: float


def restored_tie(
    world: World,
    a: str,
    b: str,
    share: float,
    horizon: str | float = "long",
    *,
    deficits: DeficitRule = "balance",
    draws: int = 0,
    seed: int = 1,
) -> RestoredTie:
    """Find the cost of trade between two states at which one has its old share in the other's trade in goods.

    a, b: Codes: whose trade, and who is to have the share.
    share: Of exports and imports of goods of ``a`` together, 0 to 1.
    horizon, deficits, draws, seed: as for :func:`suasion.equilibrium.simulate`. Draws are of the
      elasticities, at the cost found with the central ones.
    Raises InputError: The share is none or all, the two trade nothing in the table, or no cost brings the
      share back.
    """
    if not 0.0 < share < 1.0:
        raise InputError(f"share is {share:g}; it must lie between 0 and 1.")
    goods = sector_groups(world.sectors).get("goods", world.sectors)

    def solved(cost: float, count: int = 0) -> Result:
        cut = TradeCost((a,), (b,), math.exp(cost), sectors=goods)
        return simulate(
            world, Scenario("restored", (cut,)), horizon, deficits=deficits, draws=count, seed=seed
        )

    def gap(cost: float) -> float:
        return _odds(goods_share(solved(cost).trade, a, b, goods)) - _odds(share)

    from scipy.optimize import root_scalar  # slow to import

    try:
        found = root_scalar(gap, x0=0.0, x1=-0.2, method="secant", xtol=NEAR, maxiter=STEPS)
    except ValueError as error:
        raise InputError(f"{a} and {b} trade no goods in this table: nothing is left to restore.") from error
    if not found.converged:
        raise InputError(f"No cost of trade gives {b} a share of {share:g} in the trade of {a}.")
    return RestoredTie(solved(found.root, draws), math.exp(found.root))


def goods_share(trade: xr.DataArray, a: str, b: str, goods: tuple[str, ...]) -> float:
    """Return the share of one state in the exports and imports of goods of another.

    trade: Flows, dimensions importer, exporter and sector.
    a, b: Codes: whose trade, and who has the share.
    goods: Sectors that are goods.
    """
    flows = trade.sel(sector=list(goods)).sum("sector")
    sold, bought = flows.sel(exporter=a).drop_sel(importer=a), flows.sel(importer=a).drop_sel(exporter=a)
    whole = float(sold.sum() + bought.sum())
    return float(sold.sel(importer=b) + bought.sel(exporter=b)) / whole


def _odds(share: float) -> float:
    """Log of the odds of a share, in which a share answers a cost nearly in a straight line."""
    return math.log(share / (1.0 - share))


@dataclass(frozen=True, slots=True)
class ThreatRules:
    """When a threat works.

    ratio: how many times dearer refusing must be than obeying.
    tolerance: largest loss, per cent of own real expenditure, at which carrying a threat out is believed.
    counter: whether the target recruits too.
    exempt: who is never asked.
    """

    ratio: float = 1.0
    tolerance: float = 100.0
    counter: bool = True
    exempt: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises InputError: A number is outside its range.
        """
        least = 1.0 if self.counter else 0.0
        if not self.ratio >= least:
            raise InputError(
                f"ratio={self.ratio:g} must be {least:g} or more, or some would join both sides."
            )
        if not self.tolerance >= 0.0:
            raise InputError(f"tolerance={self.tolerance:g} must be 0 or more, in per cent.")


@dataclass(frozen=True, slots=True)
class Ties:
    """Losses of ties in logs of real expenditure, as one holder sees them.

    pair: (N, N) of the row when it and the column stop trading.
    held: (N,) of each when it and the holder stop trading.
    own: (N,) of the holder then.
    """

    pair: FloatArray
    held: FloatArray
    own: FloatArray


def recruit(ties: Ties, target: int, asked: BoolArray, rules: ThreatRules) -> tuple[BoolArray, BoolArray]:
    """Let holder and, if it may, target recruit until nobody moves.

    ties: losses.
    target: place of the target.
    asked: (N,) who may be recruited: neither holder, target nor exempt.
    rules: when a threat works.
    Returns: (N,) who joins the holder, and who joins the target, without these two. Both recruit at once, and
      who has joined stays.
    """
    *_, camps = _rounds(ties, target, asked, rules)
    return camps


def unsure(ties: Ties, slack: FloatArray, target: int, asked: BoolArray, rules: ThreatRules) -> BoolArray:
    """Return the ties (N, N) that could turn a comparison, while losses of pairs are known up to a slack.

    ties, target, asked, rules: as for :func:`recruit`; every threat is believed.
    slack: (N, N) by how much a loss of a pair may be off; those to the holder are known.
    """
    found, known = np.zeros(slack.shape, dtype=bool), np.zeros(asked.size)
    for ours, theirs in _rounds(ties, target, asked, rules):
        weighed = _weighed(ties, target, (ours, theirs), rules)
        doubts = _weighed(Ties(slack, known, known), target, (ours, theirs), rules)
        columns = ours | theirs
        columns[target] = True
        for (more, less), (ours_off, theirs_off) in zip(weighed, doubts, strict=True):
            close = asked & ~ours & ~theirs & (np.abs(more - less) < ours_off + theirs_off)
            found[close] |= columns
    return found & (slack > 0.0)


def _rounds(
    ties: Ties, target: int, asked: BoolArray, rules: ThreatRules
) -> Iterator[tuple[BoolArray, BoolArray]]:
    """Camps before each round, at last those that stay."""
    ours, theirs = np.zeros(asked.size, dtype=bool), np.zeros(asked.size, dtype=bool)
    while True:
        yield ours, theirs
        free = asked & ~ours & ~theirs
        joins, opposes = (
            free & (more > less) for more, less in _weighed(ties, target, (ours, theirs), rules)
        )
        if not (joins | opposes).any():
            return
        ours, theirs = ours | (joins & ~opposes), theirs | (opposes & ~joins)


def _weighed(
    ties: Ties, target: int, camps: tuple[BoolArray, BoolArray], rules: ThreatRules
) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
    """What everybody compares, (N,) each: who joins has more of the first than of the second, then who opposes."""
    ours, theirs = camps
    threat = threat_of(ties, ours, rules)
    price = price_of(ties, target, theirs, rules)
    if not rules.counter:
        return (threat, rules.ratio * price), (np.zeros_like(threat), np.zeros_like(threat))
    limit = rules.tolerance / 100.0
    counter = ties.pair[:, target] * (-np.expm1(-ties.pair[target]) <= limit) + _from(ties, theirs, rules)
    return (threat, rules.ratio * price), (counter, rules.ratio * np.maximum(threat, ties.held))


def threat_of(ties: Ties, ours: BoolArray, rules: ThreatRules) -> FloatArray:
    """Return (N,) what holder and members would do to each, as far as it is believed."""
    believed = -np.expm1(-ties.own) <= rules.tolerance / 100.0
    return np.asarray(ties.held * believed + _from(ties, ours, rules))


def price_of(ties: Ties, target: int, theirs: BoolArray, rules: ThreatRules) -> FloatArray:
    """Return (N,) what obeying costs each: the target's trade, and that of who sides with it."""
    return np.asarray(ties.pair[:, target] + _from(ties, theirs, rules))


def _from(ties: Ties, camp: BoolArray, rules: ThreatRules) -> FloatArray:
    """(N,) losses of each to a camp, of those threats that are believed."""
    believed = -np.expm1(-ties.pair.T) <= rules.tolerance / 100.0
    return np.asarray((ties.pair * believed)[:, camp].sum(1))


def ties_of(matrix: LeverageMatrix, holder: str, countries: Sequence[str]) -> Ties:
    """Return the losses of all pairs and those to one holder, in logs; a tie without an equilibrium counts as none.

    So do ties of the rest of the world, which is no state.
    """
    loss = matrix.loss_percent
    names = [str(name) for name in loss["country"].values]
    logs = np.pad(-np.log1p(-np.nan_to_num(loss.values) / 100.0), (0, 1))
    rows, place = [names.index(code) if code in names else -1 for code in countries], names.index(holder)
    return Ties(logs[np.ix_(rows, rows)], logs[rows, place], logs[place, rows])
