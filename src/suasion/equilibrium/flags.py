"""Where the answer of a model of prices goes beyond what it can say, and the bracket that then belongs to the number.

Nothing is cut off: a flag marks a number, and the bracket has the same shock answered by two other rules. In the
*replacement branch* who loses suppliers buys as much from the others, in proportion and at the emergency premium of
(M2.2); *without switching* nobody finds others but those whose goods have exchanges. The switching nest lies between,
as a rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from suasion.equilibrium.accounts import Accounts, places
from suasion.equilibrium.economy import Economy, log_welfare
from suasion.equilibrium.elasticities.schedule import SHORT_YEARS, SWITCHING
from suasion.equilibrium.problem import build_problem
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.system import split
from suasion.equilibrium.types import Parameters, Shock
from suasion.equilibrium.uses import fitted
from suasion.types import BoolArray, FloatArray

BRANCHES = ("replacement", "switching", "no switching")
"""Answers of a bracket: replacement at a premium, the switching nest, nobody switches."""

GOOD = 0.005
"""Share in a country's purchases from which on a good counts. Assumption, as the next four."""
LOST = 0.9
"""Share of its supply that a good may lose."""
DEARER = 3.0
"""Multiple of its price that a good may reach."""
LOSS = 0.15
"""Part of its real expenditure that a country may lose in the first year: there is no hunger, default or war here."""
WIDE = 3.0
"""Ratio of the ends of a bracket beyond which a loss is of unknown size."""


class Flag(StrEnum):
    """Why a number is not to be taken at its word."""

    SUPPLY = "supply"
    """A good that matters loses nearly all its supply, or is several times as dear."""
    LOSS = "loss"
    """The loss of the first year is beyond what such models describe."""
    WIDTH = "width"
    """The ends of the bracket are far apart."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """One flag on one country's number.

    country: label.
    flag: why.
    sector: the good, for a flag on supply; else empty.
    lost_percent: share of the good's supply that is gone, for a flag on supply; else NaN.
    value: price over before, loss of real expenditure as a share, or ratio of the ends of the bracket.
    """

    country: str
    flag: Flag
    sector: str
    lost_percent: float
    value: float


def of_first_year(parameters: Parameters) -> bool:
    """Whether elasticities are those of the first months or the first year."""
    return parameters.years is not None and parameters.years <= SHORT_YEARS


def lost_supply(base: Accounts, shock: Shock) -> FloatArray:
    """Share of its supply that each good loses where flows are cut or removed, (N, S)."""
    shock = fitted(base, shock)
    gone = shock.cut
    if shock.left is not None:
        gone = np.where(False if gone is None else gone, 1.0, 1.0 - np.minimum(shock.left, 1.0))
    lost = np.zeros(base.output.shape)
    if gone is not None:
        n, i, k = places(gone > 0.0)
        np.add.at(lost, (n, k), base.pi[k, n, i] * gone[n, i, k])
    return lost


def weighty(base: Accounts) -> FloatArray:
    """Share of each good in what its country buys, inputs included, (N, S)."""
    spent = base.expenditure
    if base.split is not None:  # what the factory hands to its counters is bought there
        spent = spent.copy()
        spent[:, base.split.goods] = 0.0
    return np.asarray(spent / spent.sum(1, keepdims=True))


def flags_on(solved: Solved, shock: Shock) -> tuple[Flagged, ...]:
    """Return the flags that an equilibrium shows by itself: on supply, and on losses of the first year.

    solved: the equilibrium.
    shock: what was solved.
    """
    problem = solved.problem
    price = split(problem, solved.x).price
    return flags_at(
        problem.base, problem.parameters, lost_supply(problem.base, shock), price, log_welfare(solved)
    )


def flags_at(
    base: Accounts, parameters: Parameters, lost: FloatArray, price: FloatArray, log_change: FloatArray
) -> tuple[Flagged, ...]:
    """Return the flags of an outcome.

    base, parameters: accounts and elasticities.
    lost: (N, S) share of its supply that each good loses.
    price: (N, S) log change of the price of each good.
    log_change: (N,) log change of real expenditure.
    """
    scarce = (weighty(base) > GOOD) & ((lost > LOST) | (price > np.log(DEARER)))
    found = [
        Flagged(
            base.countries[n],
            Flag.SUPPLY,
            base.sectors[k],
            100.0 * float(lost[n, k]),
            float(np.exp(price[n, k])),
        )
        for n, k in np.argwhere(scarce)
    ]
    if of_first_year(parameters):
        losses = -np.expm1(log_change)
        found += [_on_loss(base, int(n), float(losses[n])) for n in np.flatnonzero(losses > LOSS)]
    return tuple(found)


def _on_loss(base: Accounts, n: int, loss: float) -> Flagged:
    return Flagged(base.countries[n], Flag.LOSS, "", float("nan"), loss)


def flags_on_width(base: Accounts, bracket: FloatArray) -> tuple[Flagged, ...]:
    """Return the flags on brackets whose ends are losses far apart, or of which one has no end.

    base: accounts.
    bracket: (3, N) from :func:`suasion.equilibrium.batch.beside.bracket`.
    """
    ends = -100.0 * bracket
    ratio = [width(*ends[:, n].tolist()) for n in range(ends.shape[1])]
    return tuple(
        Flagged(base.countries[n], Flag.WIDTH, "", float("nan"), one)
        for n, one in enumerate(ratio)
        if one > WIDE
    )


def width(*losses: float) -> float:
    """Ratio of the largest of some losses in per cent to the smallest, as far as they are losses; one where none is.

    A loss that has no end, NaN, is larger than any.
    """
    known = [loss for loss in losses if loss == loss]
    low, high = min(known, default=0.0), max(known, default=0.0) if len(known) == len(losses) else np.inf
    if low > 0.0:
        return high / low
    return float(np.inf) if high > 100.0 * LOSS else 1.0


def replacement(economy: Economy, shock: Shock) -> Shock:
    """Return the shock in which lost suppliers are replaced by the others, in proportion and at a premium.

    economy: base and elasticities.
    shock: compiled scenario; without cuts and removed shares it stays as it is.
    Returns: What is left of each purchase weighs as much as the whole did, and costs more by the premium on
      the lost part.
    """
    base, shock = economy.accounts, fitted(economy.accounts, shock)
    problem = build_problem(base, economy.parameters, shock, economy.deficits)
    stopped: BoolArray = ((base.pi > 0) & (problem.links == 0)).transpose(1, 2, 0)
    lost = lost_supply(base, replace(shock, cut=stopped))
    if not lost.any():
        return shock
    whole = np.ones(stopped.shape)
    cost, left = (whole if given is None else given for given in (shock.trade_cost, shock.left))
    kept = np.where(lost < 1.0, 1.0 - lost, 1.0)
    dearer = 1.0 + premium(economy.parameters) * lost
    return replace(shock, left=left / kept[:, None], trade_cost=cost * dearer[:, None])


def premium(parameters: Parameters) -> FloatArray:
    """By how much what is replaced at once is dearer, (S,).

    x of (M2.2), with the central share of switching buyers where nobody switches yet; where suppliers are no harder to
    replace than in the long run, the premium 1 / (sigma - 1) at which small lost shares are.
    """
    given = parameters.switching
    if given is None:
        return np.asarray(1.0 / (parameters.sigma - 1.0))
    b = np.where(given.share > 0.0, given.share, SWITCHING.value)
    alike = given.sigma == parameters.sigma
    return np.asarray(np.where(alike, 1.0 / (given.sigma - 1.0), b ** (-1.0 / (given.mu - 1.0)) - 1.0))
