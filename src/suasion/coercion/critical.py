"""Where dependence becomes critical: curves in a common factor m on all trade of a pair; today is m = 1.

Three definitions are read off them: (a) tolerance, where the cut-off loss crosses 1, 2 or 5 per cent; (b) collapse,
where what is left cannot sustain production at any finite price; (c) concession, where one side's
larger loss outweighs the other's in a Nash bargain, in money and in log utility.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.exit_cost import horizons, tie_shock
from suasion.coercion.outcomes import Horizon, base_accounts
from suasion.coercion.sides import members
from suasion.equilibrium import Elasticities, Parameters, Shock, resolve
from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.economy import Economy, economy_on, log_welfare, respond
from suasion.equilibrium.problem import DeficitRule, build_problem
from suasion.equilibrium.solve import accounts_after, solve
from suasion.errors import ConvergenceError, InputError, ShockError
from suasion.types import FloatArray, Progress
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
    CONCESSION = "concession"


class Measured(StrEnum):
    """How the losses of two sides are compared."""

    MONEY = "money"
    LOG_UTILITY = "log_utility"


@dataclass(frozen=True, slots=True, eq=False)
class CriticalLevels:
    """Curves of the cut-off loss in the size of the tie, and where they cross critical levels.

    Attributes
    ----------
    curves : country, horizon, m, turnover_share (per cent of the country's trade with others), loss_percent,
        loss_usd (million), collapse_radius (one or more: no finite prices without the partner), reason
    thresholds : country, horizon, definition (:class:`Definition`), level_percent (the loss tolerated; NaN for other
        definitions), measured_in (:class:`Measured`, of a concession), crossing (:class:`Crossing`), m and
        turnover_share at the crossing, m_examined (the end of the range examined, where it lies beyond)
    """

    curves: pd.DataFrame
    thresholds: pd.DataFrame


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
    deficits, elasticities, progress : as in :func:`exit_cost`

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
    shock = tie_shock(world, a, b)
    pair = (members(world, a)[0], members(world, b)[0])
    base = base_accounts(world, deficits, horizon, elasticities)
    long_run = economy_on(base, resolve(world, "long", elasticities=elasticities), deficits)
    answers = {str(name): resolve(world, name, elasticities=elasticities) for name in horizons(horizon)}
    # A step of today's base serves the scaled ones.
    today = {
        name: long_run if name == "long" else economy_on(base, parameters, deficits)
        for name, parameters in answers.items()
    }
    starts: dict[str, FloatArray | None] = dict.fromkeys(answers)
    rows: list[dict[str, object]] = []
    for step, m in enumerate(grid):
        scaled = base if m == 1.0 else _scaled(long_run, shock, m)
        for name, parameters in answers.items():
            economy = economy_on(scaled, parameters, deficits, today[name].corrector)
            found, starts[name] = _point(economy, shock, pair, m, starts[name])
            rows += [{**row, "horizon": name} for row in found]
        if progress:
            progress(step + 1, len(grid), "critical levels")
    curves = pd.DataFrame(rows).sort_values(["horizon", "country", "m"], ignore_index=True)
    return CriticalLevels(curves, _thresholds(curves, pair, tolerances, beta))


def _scaled(economy: Economy, shock: Shock, m: float) -> Accounts:
    """Multiply the odds of buying from the other side by m in every cell, and solve the base again."""
    base = economy.accounts
    assert shock.cut is not None
    cells = shock.cut.transpose(2, 0, 1)
    raw = np.where(cells, m * base.pi, base.pi)
    total = raw.sum(2, keepdims=True)
    shares = np.divide(raw, total, out=np.zeros_like(raw), where=total > 0)
    problem = build_problem(replace(base, pi=shares), economy.parameters, Shock(), economy.deficits)
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
            gaps: list[tuple[Definition, float | None, Measured | None, FloatArray]] = [
                (Definition.TOLERANCE, level, None, mine.loss_percent.to_numpy() - level)
                for level in tolerances
            ]
            gaps.append((Definition.COLLAPSE, None, None, np.log(mine.collapse_radius.to_numpy())))
            for unit, column in ((Measured.MONEY, "loss_usd"), (Measured.LOG_UTILITY, "loss_percent")):
                gain = beta * mine[column].to_numpy() - (1.0 - beta) * theirs[column].to_numpy()
                gaps.append((Definition.CONCESSION, None, unit, gain))
            for definition, percent, unit_of, gap in gaps:
                what = {
                    "country": own,
                    "horizon": horizon,
                    "definition": definition,
                    "level_percent": percent,
                }
                at = _crossing(mine.m.to_numpy(), mine.turnover_share.to_numpy(), gap)
                rows.append(what | {"measured_in": unit_of} | at)
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
