"""What it is worth to bring back trade that was lost: costs between two states fall until one weighs as it did."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from suasion.equilibrium import Scenario, simulate
from suasion.equilibrium.scenario.instruments import TradeCost
from suasion.errors import InputError
from suasion.measures.labels import sector_groups
from suasion.types import DeficitRule

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
