"""Where dependence becomes critical: curves in a common factor m on all trade of a pair; today is m = 1.

Three definitions are read off them: (a) tolerance, where the cut-off loss crosses 1, 2 or 5 per cent; (b) collapse,
where what is left cannot sustain production at any finite price; (c) concession, where one side's
larger loss outweighs the other's in a Nash bargain, in money and in per cent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from suasion.coercion.exit_cost import horizons, tie_shock
from suasion.coercion.outcomes import Horizon, base_accounts, members
from suasion.equilibrium import Elasticities, Parameters, Shock, resolve
from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.batch.bands import OverDraws, drawn_rows, over_sets, sets_of, with_bands
from suasion.equilibrium.corrector import Corrector
from suasion.equilibrium.economy import Economy, economy_on, log_welfare, respond
from suasion.equilibrium.problem import build_problem
from suasion.equilibrium.solve import accounts_after, solve
from suasion.errors import ConvergenceError, InputError, ShockError
from suasion.quotient import over
from suasion.types import DeficitRule, FloatArray, Progress
from suasion.world import World

#: Multiples of today's trade at which the model is solved; nearly even steps in logs.
FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
TOLERANCES = (1.0, 2.0, 5.0)
#: Power iteration of the collapse radius: at most so many steps, until logs move less than this.
STEPS, SETTLED = 200, 1e-13


class Crossing(StrEnum):
    """Whether, and where, a curve crosses a critical level."""

    REACHED = "reached"
    PASSED_ALREADY = "passed_already"
    NOT_REACHED = "not_reached"
    NOT_COMPUTED = "not_computed"


class Definition(StrEnum):
    """What makes a level critical."""

    TOLERANCE = "tolerance"
    COLLAPSE = "collapse"
    CONCESSION_MONEY = "concession_money"
    CONCESSION_PERCENT = "concession_percent"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CriticalLevels(OverDraws):
    """Curves of the cut-off loss in the size of the tie, and where they cross critical levels.

    Attributes
    ----------
    curves : country, horizon, m, turnover_share (per cent of the country's trade with others), loss_percent,
        loss_usd (million), collapse_radius (one or more: no finite prices without the partner), reason
    thresholds : country, horizon, definition (:class:`Definition`), level_percent (the loss tolerated; NaN for other
        definitions), crossing (:class:`Crossing`), m and turnover_share at the crossing, m_examined (the end of
        the range examined, where it lies beyond)
    drawn : (draw, row) m and turnover_share of the thresholds for draws of the elasticities; None without draws. With
        them both tables have the 90 % bands ``_low`` and ``_high``, the thresholds of those draws that reach them, and
        crossing_share, the part of the draws that do
    """

    curves: pd.DataFrame
    thresholds: pd.DataFrame
    drawn: xr.Dataset | None = None


def critical_levels(
    world: World,
    a: str,
    b: str,
    horizon: Horizon | Literal["both"] = "both",
    *,
    factors: Sequence[float] = FACTORS,
    tolerances: Sequence[float] = TOLERANCES,
    beta: float = 0.5,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
    draws: int = 0,
    seed: int = 1,
    progress: Progress | None = None,
) -> CriticalLevels:
    """Scale all trade of a pair, cut it, and find where the loss becomes critical.

    Parameters
    ----------
    world : World
    a, b : the pair
    horizon : as in :func:`exit_cost`
    factors : multiples m of today's odds of buying from each other, positive; the base is re-solved at each
    tolerances : losses in per cent that count as critical
    beta : bargaining weight of the side that threatens, in (0, 1)
    deficits, elasticities, draws, seed, progress : as in :func:`exit_cost`

    Returns
    -------
    CriticalLevels

    Raises
    ------
    InputError
        A factor is not positive, or beta is outside (0, 1).
    """
    if any(not m > 0 for m in factors) or not 0.0 < beta < 1.0:
        raise InputError(f"Factors must be positive and beta in (0, 1); got {list(factors)} and {beta}.")
    grid = sorted({*(float(m) for m in factors), 1.0})
    base = base_accounts(world, deficits, horizon, elasticities)
    names = [str(name) for name in horizons(horizon)]
    tie = _Tie(base, deficits, tie_shock(world, a, b), (members(world, a)[0], members(world, b)[0]))
    central = _Responses(
        resolve(world, "long", elasticities=elasticities),
        {name: resolve(world, name, elasticities=elasticities) for name in names},
    )
    steered = tie.steered(central)
    curves = tie.curves(central, grid, steered, progress)
    thresholds = _thresholds(curves, tie.pair, tolerances, beta)
    sets = [sets_of(world, draws, name, seed, elasticities) for name in ("long", *names)]
    responses = [
        _Responses(first, dict(zip(names, rest, strict=True))) for first, *rest in zip(*sets, strict=True)
    ]
    made = [*over_sets(responses, lambda one: tie.curves(one, grid, steered), progress)]
    drawn = drawn_rows(curves, made, CURVES)
    crossed = [None if one is None else _thresholds(one, tie.pair, tolerances, beta) for one in made]
    return _with_draws(with_bands(curves, drawn), thresholds, drawn_rows(thresholds, crossed, CROSSINGS))


CURVES, CROSSINGS = ("loss_percent", "loss_usd", "collapse_radius"), ("m", "turnover_share")
"""Columns that have bands."""


def _with_draws(curves: pd.DataFrame, thresholds: pd.DataFrame, drawn: xr.Dataset | None) -> CriticalLevels:
    if drawn is None:
        return CriticalLevels(curves, thresholds)
    reached = drawn["m"].notnull().mean("draw").values
    return CriticalLevels(curves, with_bands(thresholds, drawn).assign(crossing_share=reached), drawn)


@dataclass(frozen=True, slots=True)
class _Responses:
    """Elasticities of the long run, by which a scaled base is solved, and those that answer, by horizon."""

    long: Parameters
    answers: Mapping[str, Parameters]


@dataclass(frozen=True, slots=True)
class _Tie:
    """A tie that grows and shrinks before it is cut."""

    base: Accounts
    deficits: DeficitRule
    shock: Shock
    pair: tuple[str, str]

    def steered(self, responses: _Responses) -> Mapping[str, Corrector]:
        """Steps of today's base, by horizon: they serve the scaled bases, and draws, too."""
        found = {"": economy_on(self.base, responses.long, self.deficits).corrector}
        for name, parameters in responses.answers.items():
            own = economy_on(self.base, parameters, self.deficits, found[""] if name == "long" else None)
            found[name] = own.corrector
        return found

    def curves(
        self,
        responses: _Responses,
        grid: Sequence[float],
        steered: Mapping[str, Corrector],
        progress: Progress | None = None,
    ) -> pd.DataFrame:
        """Losses of both sides at each multiple and horizon."""
        long_run = economy_on(self.base, responses.long, self.deficits, steered[""])
        starts: dict[str, FloatArray | None] = dict.fromkeys(responses.answers)
        rows: list[dict[str, object]] = []
        for step, m in enumerate(grid):
            scaled = self.base if m == 1.0 else _scaled(long_run, self.shock, m)
            for name, parameters in responses.answers.items():
                economy = economy_on(scaled, parameters, self.deficits, steered[name])
                found, starts[name] = _point(economy, self.shock, self.pair, m, starts[name])
                rows += [{**row, "horizon": name} for row in found]
            if progress:
                progress(step + 1, len(grid), "critical levels")
        return pd.DataFrame(rows).sort_values(["horizon", "country", "m"], ignore_index=True)


def _scaled(economy: Economy, shock: Shock, m: float) -> Accounts:
    """Multiply the odds of buying from the other side by m in every cell, and solve the base again."""
    base = economy.accounts
    assert shock.cut is not None
    cells = shock.cut.transpose(2, 0, 1)
    raw = np.where(cells, m * base.pi, base.pi)
    problem = build_problem(
        replace(base, pi=over(raw, raw.sum(2, keepdims=True))), economy.parameters, Shock(), economy.deficits
    )
    return accounts_after(solve(problem, corrector=economy.corrector))


def _point(
    economy: Economy, shock: Shock, pair: tuple[str, str], m: float, start: FloatArray | None
) -> tuple[list[dict[str, object]], FloatArray | None]:
    base = economy.accounts
    reason, change = "", np.full(len(base.countries), np.nan)
    try:
        solved, _ = respond(economy, shock, start)
        change, start = np.expm1(log_welfare(solved)), solved.x
    except (ShockError, ConvergenceError) as error:
        reason = str(error)
    rows: list[dict[str, object]] = []
    for own, other in (pair, pair[::-1]):
        n, i = base.countries.index(own), base.countries.index(other)
        rows.append(
            {
                "country": own,
                "m": m,
                "turnover_share": turnover_share(base, n, i),
                "loss_percent": -100.0 * float(change[n]),
                "loss_usd": -float(change[n] * base.income[n]),
                "collapse_radius": collapse_radius(base, economy.parameters, n, i),
                "reason": reason,
            }
        )
    return rows, start


def turnover_share(base: Accounts, n: int, i: int) -> float:
    """Per cent of n's exports plus imports with all others that is with i."""
    trade = base.receipts.sum(0)
    both = trade + trade.T
    return float(100.0 * both[n, i] / (both[n].sum() - both[n, n]))


def collapse_radius(base: Accounts, parameters: Parameters, n: int, i: int) -> float:
    """Spectral radius of n's production system without supplies from i; at one or more it collapses.

    Every other supplier's price is taken to move with n's own cost, so that only the lost share matters: cost
    rises by ``(1 - w_k)^(-1/(sigma_k - 1))`` for each input, or by what (M2.1) makes of it where buyers switch. With
    one elasticity q for value added and inputs this is the spectral radius of Omega H with H = diag(h^(1-q)); with
    two it is the growth factor of the nested price equations, to the power 1 - zeta. NaN where zeta is not below one:
    no collapse is possible.
    """
    zeta, epsilon = parameters.zeta[n], parameters.epsilon[n]
    rise = parameters.modes.lost(base.pi[:, n, i])
    uses = base.va_share[n] < 1.0
    if zeta.max() >= 1.0 or not uses.any():
        return float("nan")
    own = np.log(np.where(uses, 1.0 - base.va_share[n], 1.0)) / (1.0 - zeta)
    cost, growth = np.zeros(zeta.size), 0.0
    for _ in range(STEPS):
        price = cost + rise
        new = np.where(uses, own + _index(base.input_share[n], price, epsilon), -np.inf)
        before, growth = growth, float(np.max(new))
        moved = np.where(uses, new - growth, -700.0)
        # Both must rest: the largest cost may pause while the others still move.
        if abs(growth - before) < SETTLED and np.abs(moved - cost).max() < SETTLED:
            break
        cost = moved
    return float(np.exp((1.0 - float(zeta[uses].mean())) * growth))


def _index(shares: FloatArray, price: FloatArray, epsilon: FloatArray) -> FloatArray:
    """CES index over inputs for every user, log prices at most a few units apart except at the floor."""
    power = 1.0 - epsilon
    unit = power == 0.0
    total = (shares * np.exp(np.clip(power[:, None] * price, -700.0, 700.0))).sum(1)
    general = np.log(np.where(total > 0, total, 1e-300)) / np.where(unit, 1.0, power)
    return np.asarray(np.where(unit, shares @ np.maximum(price, -700.0), general))


def _thresholds(
    curves: pd.DataFrame, pair: tuple[str, str], tolerances: Sequence[float], beta: float
) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for horizon in dict.fromkeys(curves.horizon):
        part = {c: curves[(curves.horizon == horizon) & (curves.country == c)] for c in pair}
        for own, other in (pair, pair[::-1]):
            mine, theirs = part[own], part[other]
            gaps: list[tuple[Definition, float | None, FloatArray]] = [
                (Definition.TOLERANCE, level, mine.loss_percent.to_numpy() - level) for level in tolerances
            ]
            gaps.append((Definition.COLLAPSE, None, np.log(mine.collapse_radius.to_numpy())))
            conceded = (
                (Definition.CONCESSION_MONEY, "loss_usd"),
                (Definition.CONCESSION_PERCENT, "loss_percent"),
            )
            for definition, column in conceded:
                gain = beta * mine[column].to_numpy() - (1.0 - beta) * theirs[column].to_numpy()
                gaps.append((definition, None, gain))
            for definition, percent, gap in gaps:
                what = {
                    "country": own,
                    "horizon": horizon,
                    "definition": definition,
                    "level_percent": percent,
                }
                at = _crossing(mine.m.to_numpy(), mine.turnover_share.to_numpy(), gap)
                rows.append(what | at)
    return pd.DataFrame(rows)


def _crossing(
    m: NDArray[np.float64], share: NDArray[np.float64], gap: NDArray[np.float64]
) -> dict[str, object]:
    """First crossing from below of ``gap`` through zero, linear between grid points in log m."""
    nothing = {"m": float("nan"), "turnover_share": float("nan"), "m_examined": float("nan")}
    known = np.isfinite(gap)
    if not known.any():
        return {**nothing, "crossing": Crossing.NOT_COMPUTED}
    m, share, gap = m[known], share[known], gap[known]
    if gap[0] >= 0:
        return {**nothing, "crossing": Crossing.PASSED_ALREADY, "m_examined": float(m[0])}
    above = np.flatnonzero(gap >= 0)
    if above.size == 0:
        return {**nothing, "crossing": Crossing.NOT_REACHED, "m_examined": float(m[-1])}
    j = int(above[0])
    weight = float(gap[j - 1] / (gap[j - 1] - gap[j]))
    at = float(np.exp(np.log(m[j - 1]) + weight * np.log(m[j] / m[j - 1])))
    between = float(share[j - 1] + weight * (share[j] - share[j - 1]))
    return {**nothing, "crossing": Crossing.REACHED, "m": at, "turnover_share": between}
