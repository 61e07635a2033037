"""Power by formula, and over the years: what others would lose without a side, and it without them.

A tie is cut at a time. What everybody else would lose is added up in money, over the real expenditure of all; what the
holder would lose is the sum over its ties. Liu and Yang (NBER 34006, abstract) weigh import dependence by elasticities;
here the losses are the model's own, of both directions of trade.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from suasion.coercion.leverage.matrix import LeverageMatrix, leverage_matrix
from suasion.coercion.outcomes import banded
from suasion.coercion.sides import Side, members, side_name
from suasion.equilibrium import Parameters, resolve
from suasion.equilibrium.accounts import Accounts, accounts_of
from suasion.errors import NotInWorldError
from suasion.quotient import over
from suasion.types import DeficitRule, FloatArray, Progress
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
    share = over(largest, whole)
    rise = parameters.modes.lost(np.minimum(share, 0.999))
    table = pd.DataFrame(
        {
            "industry": list(world.sectors),
            "supplier": [world.countries[k] for k in top],
            "import_share": over(largest, foreign),
            "supply_share": share,
            "bought_usd": largest,
            "formula_percent": 100.0 * whole / income * rise,
        }
    )
    found = table[table["bought_usd"] > 0].sort_values("formula_percent", ascending=False, kind="stable")
    return found.reset_index(drop=True)


SIDES = ("target", "holder")


@dataclass(frozen=True, slots=True)
class PowerYears:
    """Power of a side over one other, or over everybody.

    table: one row a year and side that loses: ``year``, ``power_side`` (target or holder), ``loss_musd``
      (million USD a year), ``loss_percent`` (of own real expenditure), ``loss_percent_low``,
      ``loss_percent_high`` (90 % of draws).
    ratios: one row a year: ``year``, ``ratio_percent`` (loss of the target over that of the holder, in per
      cent of each), ``ratio_percent_low``, ``ratio_percent_high``.
    drawn: year and side to ``loss_percent`` at the centre and for each draw, the same draws in all years.
    partners: ``year``, ``partner``, ``loss_percent`` of the partner, ``own_percent`` of the holder.
    flags: year to losses beyond what the model can say, as in :class:`LeverageMatrix`.
    missing: years whose world lacks a side.
    unsolved: year to partners without an equilibrium, which are left out.
    residual: largest gap of an equation.
    """

    table: pd.DataFrame
    ratios: pd.DataFrame
    partners: pd.DataFrame
    drawn: Mapping[tuple[int, str], FloatArray] = field(repr=False)
    flags: Mapping[int, pd.DataFrame] = field(repr=False)
    missing: tuple[int, ...]
    unsolved: Mapping[int, tuple[str, ...]]
    residual: float

    @property
    def failed(self) -> int:
        """Draws in which some tie of a year has no equilibrium, at most; they are left out of the ranges."""
        return max(int(np.isnan(losses).sum()) for losses in self.drawn.values())


def power_years(
    worlds: Mapping[int, World],
    holder: Side,
    over: Side | None = None,
    horizon: str | float = "long",
    *,
    deficits: DeficitRule = "balance",
    draws: int = 16,
    seed: int = 1,
    progress: Progress | None = None,
) -> PowerYears:
    """Return what a target, or everybody, would lose without a holder, and the holder without them, year by year.

    worlds: year to World.
    holder, over: country, group or list; everybody else where ``over`` is left out.
    horizon: ``"months"``, ``"short"``, ``"long"`` or years.
    deficits: deficit rule, see :func:`suasion.equilibrium.simulate`.
    draws, seed: sets of elasticities behind the 90 % bands, and their seed.
    progress: called with (done, total, what).
    Raises NotInWorldError: A side is in none of the worlds.
    Raises SameCountryError: A country stands on both sides.
    """
    parts: dict[int, tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]] = {}
    drawn: dict[tuple[int, str], FloatArray] = {}
    flags: dict[int, pd.DataFrame] = {}
    unsolved: dict[int, tuple[str, ...]] = {}
    gaps = [0.0]
    for done, (year, world) in enumerate(worlds.items(), 1):
        try:
            others = _others(world, holder, over)
        except NotInWorldError:
            continue
        pairs = [(holder, one) for one in others]
        found = leverage_matrix(
            world, horizon, pairs=pairs, deficits=deficits, draws=draws, seed=seed, cache=False
        )
        losses, parts[year] = _of_year(found, side_name(holder), [side_name(one) for one in others])
        drawn |= {(year, side): values for side, values in losses.items()}
        flags[year], unsolved[year] = found.flags, tuple(found.reasons["pair"])
        gaps.append(float(np.nan_to_num(found.residual.values).max()))
        if progress:
            progress(done, len(worlds), str(year))
    if not parts:
        names = " or ".join(side_name(one) for one in (holder, over) if one)
        raise NotInWorldError(f"{names} is in none of the worlds of {', '.join(map(str, worlds))}.")
    table, ratios, partners = (
        pd.concat([made[k].assign(year=year) for year, made in parts.items()], ignore_index=True)
        for k in range(3)
    )
    missing = tuple(year for year in worlds if year not in parts)
    return PowerYears(table, ratios, partners, drawn, flags, missing, unsolved, max(gaps))


def _others(world: World, holder: Side, over: Side | None) -> list[Side]:
    inside = members(world, holder)
    if over is None:
        return [code for code in world.states if code not in inside]
    members(world, over)
    return [over]


def _of_year(
    found: LeverageMatrix, holder: str, others: list[str]
) -> tuple[dict[str, FloatArray], tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]]:
    """Losses of both sides, their ratio, and those with each partner; the first of (1 + draws) is the centre."""
    at = {"country": holder, "partner": others}
    percent = {
        side: _drawn(found, name, at)
        for side, name in zip(SIDES, ("damage_percent", "loss_percent"), strict=True)
    }
    money = {
        side: getattr(found, name).sel(at).values
        for side, name in zip(SIDES, ("damage_usd", "loss_usd"), strict=True)
    }
    known = np.isfinite(percent["target"][0])
    income = 100.0 * money["target"][known] / percent["target"][0, known]
    losses = {
        "target": (percent["target"][:, known] * income).sum(1) / income.sum(),
        "holder": percent["holder"][:, known].sum(1),
    }
    lines = pd.DataFrame(
        [
            {
                "power_side": side,
                "loss_musd": money[side][known].sum(),
                **banded("loss_percent", losses[side]),
            }
            for side in SIDES
        ]
    )
    ratio = pd.DataFrame([banded("ratio_percent", losses["target"] / losses["holder"])])
    return losses, (
        lines,
        ratio,
        pd.DataFrame(
            {"partner": others, "loss_percent": percent["target"][0], "own_percent": percent["holder"][0]}
        ),
    )


def _drawn(found: LeverageMatrix, name: str, at: Mapping[str, object]) -> FloatArray:
    """(1 + draws, partners)."""
    centre = getattr(found, name).sel(at).values[None]
    return centre if found.drawn is None else np.concatenate([centre, found.drawn[name].sel(at).values])
