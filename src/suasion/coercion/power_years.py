"""Power by formula, and over the years: what others would lose without a side, and it without them.

A tie is cut at a time. What everybody else would lose is added up in money, over the real expenditure of all; what the
holder would lose is the sum over its ties. Liu and Yang (NBER 34006, abstract) weigh import dependence by elasticities;
here the losses are the model's own, of both directions of trade. Those of the usual worlds ship.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from suasion.coercion.leverage.intervals import OTHER_YEAR, losses_by_year
from suasion.coercion.leverage.matrix import LeverageMatrix, leverage_matrix
from suasion.coercion.outcomes import Side, band_of, banded, members, side_name
from suasion.equilibrium import Parameters, resolve
from suasion.equilibrium.accounts import Accounts, accounts_of
from suasion.equilibrium.flags import LOSS
from suasion.errors import NotInWorldError
from suasion.quotient import over
from suasion.types import Z90, DeficitRule, FloatArray, Progress
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
ENDS = {"": "loss_percent", "_low": "low_percent", "_high": "high_percent"}
"""Endings of the names of a number and of its range, and the columns of what ships."""


@dataclass(frozen=True, slots=True)
class PowerYears:
    """Power of a side over one other, or over everybody.

    table: one row a year and side that loses: ``year``, ``power_side`` (target or holder), ``loss_musd``
      (million USD a year), ``loss_percent`` (of own real expenditure), ``loss_percent_low``,
      ``loss_percent_high`` (90 % of draws).
    ratios: one row a year: ``year``, ``ratio_percent`` (loss of the target over that of the holder, in per
      cent of each), ``ratio_percent_low``, ``ratio_percent_high``.
    drawn: year and side to ``loss_percent`` at the centre and for each draw, the same draws in all years; none where
      losses and ranges were looked up.
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
        return max((int(np.isnan(losses).sum()) for losses in self.drawn.values()), default=0)

    def gap(self, one: tuple[int, str], other: tuple[int, str]) -> tuple[float, float, float]:
        """Difference of two losses, of one year or of one side, and its 90 % band; NaN where none is known.

        Where losses were drawn it is taken draw by draw, for all years have the same elasticities. Those that ship
        move together as their ranges were carried from the latest year to others.
        """
        if self.drawn:
            gaps = self.drawn[one] - self.drawn[other]
            return (float(gaps[0]), *band_of(gaps[1:], float(gaps[0])))
        loss = self.table.set_index(["year", "power_side"])["loss_percent"]
        ratio, base = loss[one] / loss[other], loss[other]
        if one[0] == other[0]:
            row = self.ratios[self.ratios["year"] == one[0]].iloc[0]
            low, high = float(row["ratio_percent_low"]), float(row["ratio_percent_high"])
            low, high = (low, high) if one[1] == SIDES[0] else (1.0 / high, 1.0 / low)
        else:
            latest = self.table[self.table["power_side"] == one[1]].iloc[-1]
            slope, rest = OTHER_YEAR
            far = np.exp(np.hypot((1.0 - slope) * _half_width(latest), rest * Z90))
            low, high = ratio / far, ratio * far
        gap, *ends = (float(base * (end - 1.0)) for end in (ratio, low, high))
        return gap, ends[0], ends[1]


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


def power_shipped(
    world: World, holder: Side, over: Side | None = None, horizon: str = "long"
) -> PowerYears | None:
    """Look up what :func:`power_years` solves, for single states of the usual world: every year, with its range.

    Sums over ties lie between those of all low ends and of all high ones, as if nothing that is unknown of one tie
    made up for that of another; the ratio of two sums as if the two were independent.

    Parameters
    ----------
    world : World
    holder, over : country, group or list
    horizon : label

    Returns
    -------
    PowerYears, or None
        The years in their order, the last being the world's own or later. None where nothing ships: another world or
        horizon, a group, or a state that is estimated.
    """
    sides = [one for one in (holder, over) if one is not None]
    if not all(one in world.states for one in sides) or holder == over:
        return None
    losses = losses_by_year(world)
    known = losses[losses["horizon"].astype(str) == horizon] if len(losses) else losses
    if known.empty:
        return None
    ends = {f"loss_percent{end}": known[column] for end, column in ENDS.items()}
    known = known.assign(**{name: values.fillna(known["loss_percent"]) for name, values in ends.items()})
    rows = {
        "target": known[(known["partner"] == holder) & (over is None or known["country"] == over)],
        "holder": known[(known["country"] == holder) & (over is None or known["partner"] == over)],
    }
    table = pd.concat([_summed(one).assign(power_side=side) for side, one in rows.items()], ignore_index=True)
    flags = pd.DataFrame()
    if over is not None and horizon == "short" and rows["target"]["loss_percent"].max() > 100.0 * LOSS:
        flags = leverage_matrix(world, horizon, pairs=[(holder, over)]).flags
    own = rows["holder"].set_index(["year", "partner"])["loss_percent"].rename("own_percent")
    partners = rows["target"].rename(columns={"country": "partner", "partner": "holder"})
    partners = partners[["year", "partner", "loss_percent"]].join(own, on=["year", "partner"])
    return PowerYears(
        table=table.sort_values(["year", "power_side"], ascending=[True, False], ignore_index=True),
        ratios=_ratios(table, rows["target"] if over is not None else None),
        partners=partners.reset_index(drop=True),
        drawn={},
        flags={world.year: flags},
        missing=(),
        unsolved={world.year: ()},
        residual=float("nan"),
    )


def _summed(ties: pd.DataFrame) -> pd.DataFrame:
    """Add up losses of each year: in money, over the income of all who lose."""
    names = [f"loss_percent{end}" for end in ENDS]
    income = ties.drop_duplicates(["year", "country"]).groupby("year")["income_musd"].sum()
    money = ties[names].multiply(ties["income_musd"] / 100.0, axis=0).groupby(ties["year"]).sum()
    return money.div(income / 100.0, axis=0).assign(loss_musd=money["loss_percent"]).reset_index()


def _half_width(losses: Any) -> Any:
    """Half of the range of a loss, or of each of several, natural log."""
    return np.log(losses["loss_percent_high"] / losses["loss_percent_low"]) / 2.0


def _ratios(table: pd.DataFrame, tie: pd.DataFrame | None) -> pd.DataFrame:
    """Loss of the target over that of the holder, by year; of one tie its range ships."""
    target, holder = (table[table["power_side"] == side].set_index("year") for side in SIDES)
    ratio = target["loss_percent"] / holder["loss_percent"]
    if tie is not None:
        low, high = (tie.set_index("year")[f"{end}_ratio"] for end in ("low", "high"))
    else:
        far = np.exp(np.hypot(_half_width(target), _half_width(holder)))
        low, high = ratio / far, ratio * far
    ends = {"ratio_percent": ratio, "ratio_percent_low": low, "ratio_percent_high": high}
    return pd.DataFrame(ends).reset_index()


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
