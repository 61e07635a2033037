"""Which pairs come first: the relative hazard of an event among all pairs at risk in a year.

A logit of the event in the next year on covariates of this one, whose constant is thrown away: how often pacts are
signed at all is known from elsewhere and has no say in who signs them. Each coefficient has a normal prior and may
have a sign. Covariates count in standard deviations unless their prior is stated in their own unit. All events are
kept, and of the other rows one in :data:`THIN`, weighted by it (King and Zeng 2001, Political Analysis 9(2),
abstract: all events and a fraction of the other rows are enough).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fits.logit import logistic
from fits.pacts.panel import CLASSES, ENDING, FORMING, Kind, names_of
from suasion.errors import InputError
from suasion.types import FloatArray

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

THIN = 20
"""One row without event in so many is used."""
RIDGE = 0.1
"""Standard deviation of the prior of a coefficient; the best of .1, .2, .4 by rolling origins."""
RIDGE_ENDING = 0.2
SEARCH = {"maxiter": 1000, "ftol": 1e-12, "gtol": 1e-5}
"""When the search stops: coefficients are then within 1e-4 of their place, far below their errors."""


class PriorOn(NamedTuple):
    """Normal prior of a coefficient: mean, standard deviation, sign (0 where free), and whether it is in own units."""

    mean: float
    sd: float
    sign: int = 0
    plain: bool = False


SIGNS = {
    "rivals_shared": 1,
    "allies_shared": 1,
    "promises": 1,
    "trade_dependence": 1,
    "land_border": 1,
    "arms": 1,
    "ideal_distance": -1,
    "distance": -1,
    "regime_difference": -1,
    "quiet": -1,
}
"""Directions that are imposed on the making of a pact, and reversed on its end."""
HOSTILITY = PriorOn(-3.0, 0.5, -1, True)
"""A judgement: rivals have signed as often as other neighbours, and nobody believes it of those of today."""
TERRITORY = PriorOn(-0.5, 0.5, -1, True)
OPPOSED = PriorOn(-1.0, 0.4, -1, True)
"""Allies of one that are rivals of the other. A judgement, chosen by rolling origins to 2018; see the page on pacts."""
CLASS = PriorOn(0.0, 0.5, 0, True)
"""Pooling of the classes of pairs; 0.5 to 2 in the band."""

Priors = Mapping[str, PriorOn]


def priors_of(kind: Kind) -> dict[str, PriorOn]:
    """Return the priors of a question, by covariate.

    Parameters
    ----------
    kind : str
        Of :data:`fits.pacts.panel.KINDS`.
    """
    if kind == "ending":
        return {name: PriorOn(0.0, RIDGE_ENDING) for name in ENDING}
    own = {
        "hostility": HOSTILITY,
        "territory": TERRITORY,
        "opposed": OPPOSED,
        **dict.fromkeys(CLASSES, CLASS),
    }
    return {name: own.get(name, PriorOn(0.0, RIDGE, SIGNS.get(name, 0))) for name in FORMING}


@dataclass(frozen=True, slots=True)
class Rank:
    """Fitted relative hazard.

    Attributes
    ----------
    kind : str
    centre, scale, beta : (K,)
        Of the covariates, in the order of :func:`fits.pacts.panel.names_of`.
    """

    kind: Kind
    centre: FloatArray
    scale: FloatArray
    beta: FloatArray

    def standard(self, x: FloatArray) -> FloatArray:
        """Covariates (n, K) as they are multiplied; one that is not known counts as the mean."""
        return np.nan_to_num((x - self.centre) / self.scale)

    def eta(self, x: FloatArray) -> FloatArray:
        """Log relative hazard (n,)."""
        return np.asarray(self.standard(x) @ self.beta)

    def effect(self, name: str) -> float:
        """Change of the log hazard for a change of a covariate by one of its own unit."""
        place = names_of(self.kind).index(name)
        return float(self.beta[place] / self.scale[place])


@dataclass(frozen=True, slots=True)
class RiskRows:
    """RiskRows at risk in the years with an event, thinned, in the order of time.

    Attributes
    ----------
    x : (n, K)
    y : (n,) bool
    weight : (n,)
        Rows that each stands for.
    year, cluster : (n,) int
        Year; treaty of an event.
    """

    x: FloatArray
    y: BoolArray
    weight: FloatArray
    year: IntArray
    cluster: IntArray

    def until(self, year: int) -> RiskRows:
        """RiskRows of the years before one."""
        return self.taken(self.year < year)

    def taken(self, rows: BoolArray) -> RiskRows:
        """Some of the rows."""
        return RiskRows(self.x[rows], self.y[rows], self.weight[rows], self.year[rows], self.cluster[rows])


def thinned(key: IntArray, event: BoolArray, keep: int = THIN) -> BoolArray:
    """Every event, and of the other rows one in ``keep``: the choice depends on the key alone."""
    mixed = key.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray(event | ((mixed >> np.uint64(40)) % np.uint64(keep) == 0))


def rows_of(
    x: FloatArray, y: BoolArray, year: IntArray, cluster: IntArray, key: IntArray, keep: int = THIN
) -> RiskRows:
    """Return the rows that a fit needs, from all rows at risk.

    Parameters
    ----------
    x, y, year, cluster : as of :class:`RiskRows`, of all rows
    key : (n,) int
        Names a row.
    keep : int
        One row without event in so many is kept.
    """
    chosen = np.flatnonzero(thinned(key, y, keep))
    chosen = chosen[np.argsort(year[chosen], kind="stable")]
    weight = np.where(y[chosen], 1.0, float(keep))
    return RiskRows(x[chosen], y[chosen], weight, year[chosen], cluster[chosen])


def fit_rank(
    kind: Kind, rows: RiskRows, priors: Priors | None = None, times: FloatArray | None = None
) -> Rank:
    """Fit the relative hazard.

    Parameters
    ----------
    kind : str
    rows : RiskRows
    priors : mapping, optional
        Of each covariate; :func:`priors_of` without it.
    times : (n,), optional
        How often each event counts (draws of whole treaties); once without it.

    Returns
    -------
    Rank

    Raises
    ------
    InputError
        If there is no event.
    """
    from scipy.optimize import minimize  # slow to load, and only a fit needs it

    weight = rows.weight * np.where(rows.y & (times is not None), 1.0 if times is None else times, 1.0)
    if not (weight * rows.y).sum() > 0:
        raise InputError("A relative hazard needs at least one event.")
    chosen = [(priors or priors_of(kind))[name] for name in names_of(kind)]
    centre, scale = _standards(rows.x, rows.weight, np.array([p.plain for p in chosen]))
    z = np.nan_to_num((rows.x - centre) / scale)
    mean, sd = (np.array([getattr(p, field) for p in chosen]) for field in ("mean", "sd"))
    # In standard deviations of their priors all coefficients have one scale, and the search is quick and safe.
    steps, start, y = z * sd, z @ mean, rows.y.astype(float)

    def loss(u: FloatArray) -> tuple[float, FloatArray]:
        eta = u[0] + start + steps @ u[1:]
        value = (weight * (np.logaddexp(0.0, eta) - y * eta)).sum() + 0.5 * u[1:] @ u[1:]
        slope = weight * (logistic(eta) - y)
        return float(value), np.r_[slope.sum(), steps.T @ slope + u[1:]]

    least = [-p.mean / p.sd if p.sign > 0 else None for p in chosen]
    most = [-p.mean / p.sd if p.sign < 0 else None for p in chosen]
    first = np.r_[np.log((weight * y).sum() / weight.sum()), np.zeros(len(chosen))]
    bounds = [(None, None), *zip(least, most, strict=True)]
    found = minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds, options=SEARCH)
    return Rank(kind, centre, scale, np.asarray(mean + sd * found.x[1:]))


def _standards(x: FloatArray, weight: FloatArray, plain: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of each covariate where known; 0 and 1 of those in their own unit."""
    known = ~np.isnan(x)
    w = weight[:, None] * known
    total = np.maximum(w.sum(axis=0), 1e-12)
    centre = (w * np.where(known, x, 0.0)).sum(axis=0) / total
    spread = np.sqrt((w * np.where(known, x - centre, 0.0) ** 2).sum(axis=0) / total)
    scale = np.where(spread > 1e-9, spread, 1.0)
    return np.where(plain, 0.0, centre), np.where(plain, 1.0, scale)
