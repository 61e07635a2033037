"""Power by formula, in partial equilibrium, beside its general-equilibrium counterpart.

Power of i over n is the loss of n when it is cut off from the inputs that i controls. With unit elasticity
across inputs it is ``sum_k Omega_k / (sigma_k - 1) * -ln(1 - w_k)``: w is the share of i in all supply of the
input to n, home supply included, and Omega the weight of the input in real expenditure.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from suasion.coercion.sides import Side, members, side_name
from suasion.equilibrium import Parameters, resolve
from suasion.equilibrium.accounts import Accounts, accounts_of
from suasion.types import FloatArray
from suasion.world import World


def network_weights(base: Accounts, country: int, controlled: FloatArray) -> FloatArray:
    """Weight of each good in real expenditure, inputs of inputs at home included, (S,).

    A dearer input raises the cost of home goods, which are bought in the home share of what supply is left. With all
    foreign supply withdrawn these are the weights of the autarky formula, alpha' (I - Omega)^-1.
    """
    uses = (1.0 - base.va_share[country])[:, None] * base.input_share[country]
    left = np.where(controlled < 1.0, 1.0 - controlled, 1.0)
    home = base.pi[:, country, country] / left
    alpha = base.final_share[country]
    return np.asarray(np.linalg.solve(np.eye(alpha.size) - (home[:, None] * uses).T, alpha))


def power(
    world: World,
    holder: Side,
    target: str,
    horizon: str | float = "long",
    parameters: Parameters | None = None,
) -> pd.DataFrame:
    """Power of a holder over a target by the partial formula.

    Parameters
    ----------
    world : World
    holder : country, group or list
    target : country
    horizon : which elasticities
    parameters : replace those of the horizon

    Returns
    -------
    DataFrame
        One row: holder, target, horizon, direct_percent (weights of final expenditure only), formula_percent
        (weights with inputs of inputs along home chains), both per cent of real expenditure (log points x 100);
        largest (the three goods that contribute most). A side that controls all supply of a good gives infinity.
    """
    parameters = parameters or resolve(world, horizon)
    base = accounts_of(world)
    n = world.countries.index(members(world, target)[0])
    index = [world.countries.index(c) for c in members(world, holder)]
    controlled = base.pi[:, n, index].sum(1)
    log_price = (
        np.full(controlled.shape, np.inf) if (controlled >= 1.0).any() else parameters.modes.lost(controlled)
    )
    weight = network_weights(base, n, controlled)
    parts = np.where(controlled > 0, weight * log_price, 0.0)
    direct = np.where(controlled > 0, base.final_share[n] * log_price, 0.0)
    largest = [world.sector_names.get(world.sectors[k], world.sectors[k]) for k in np.argsort(-parts)[:3]]
    return pd.DataFrame(
        [
            {
                "holder": side_name(holder),
                "target": target,
                "horizon": str(horizon),
                "direct_percent": 100.0 * float(direct.sum()),
                "formula_percent": 100.0 * float(parts.sum()),
                "largest": "; ".join(largest),
            }
        ]
    )


def largest_suppliers(world: World, side: Side, horizon: str | float = "short") -> pd.DataFrame:
    """Return for every good the outside supplier that a country or group buys most of, and how hard it is to replace.

    side: country, group or list; what its members sell each other counts as home supply.
    horizon: which elasticities.
    Returns: One row a good that is bought from outside, the hardest to replace first: ``industry``,
      ``supplier``, ``import_share`` (of the supplier in all bought from outside), ``supply_share`` (in all
      supply, home included), ``bought_usd`` (million USD a year), ``formula_percent`` (what the loss of this
      supply would cost at given prices elsewhere, per cent of real expenditure: weight of the good in
      expenditure times its rise in price).
    """
    base, parameters = accounts_of(world), resolve(world, horizon)
    places = [world.countries.index(code) for code in members(world, side)]
    income = float(np.asarray(base.income)[places].sum())
    bought = (world.array("intermediate") + world.array("final"))[places].sum(0)  # (exporter, sector)
    outside = bought.copy()
    outside[places] = 0.0
    top, whole, foreign = outside.argmax(0), bought.sum(0), outside.sum(0)
    largest = outside.max(0)
    share = np.divide(largest, whole, out=np.zeros_like(whole), where=whole > 0)
    rise = parameters.modes.lost(np.minimum(share, 0.999))
    table = pd.DataFrame(
        {
            "industry": list(world.sectors),
            "supplier": [world.countries[k] for k in top],
            "import_share": np.divide(largest, foreign, out=np.zeros_like(whole), where=foreign > 0),
            "supply_share": share,
            "bought_usd": largest,
            "formula_percent": 100.0 * whole / income * rise,
        }
    )
    found = table[table["bought_usd"] > 0].sort_values("formula_percent", ascending=False, kind="stable")
    return found.reset_index(drop=True)
