"""Forms of forecast for many shares at once, from what was known at an origin.

Each gives, in closed form, the predictive distribution of the log odds some years ahead: those of one share alone are
the walks of :mod:`suasion.outlook.forms`; the pooled ones learn from all pairs what drift, variance, noise and breaks
are usual.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.outlook.forms import DAMPING, Walk
from suasion.outlook.hindcast.mixture import Mixture
from suasion.types import FloatArray

BREAK = float(np.log(2.0))
"""A yearly change of the log odds beyond this is a break: the odds double or halve. Assumption, range 0.5 to 1."""
RECENT = 5
"""Years whose mean growth gap is carried forward. Assumption, range 3 to 10."""
JUMPS = 3
"""Breaks counted within a horizon; more are treated as so many."""
_TINY = 1e-8
_MANY = 1e4


@dataclass(frozen=True, slots=True)
class Known:
    """What an origin knows of D pairs.

    logits: (D, n) of the last n years, the origin last.
    gaps: (D, n - 1) growth of the partner less that of the other partners, logs; NaN where not on record.
    costs: (D, n - 1) change of the pair's trade beyond what both sides' totals explain, logs.
    later: (D, h) growth gaps of the years after the origin: known to nobody then.
    courses: (D, h) change of the log odds that the structural model foresees; NaN where it was not asked.
    """

    logits: FloatArray
    gaps: FloatArray | None = None
    costs: FloatArray | None = None
    later: FloatArray | None = None
    courses: FloatArray | None = None

    @property
    def changes(self) -> FloatArray:
        """Yearly changes of the log odds (D, n - 1)."""
        return np.diff(self.logits, axis=1)

    @property
    def last(self) -> FloatArray:
        """Log odds at the origin (D,)."""
        return self.logits[:, -1]


def still(known: Known, h: int) -> Mixture:
    """Random walk without drift, its variance estimated from the pair alone."""
    d = known.changes
    return Mixture.single(known.last, _root((d**2).mean(1) * h), d.shape[1])


def drift(known: Known, h: int) -> Mixture:
    """Random walk with drift and variance estimated from the pair alone: the reference of all skill."""
    return _own_drift(known, h, float(h))


def damped(known: Known, h: int) -> Mixture:
    """Random walk whose estimated drift fades."""
    return _own_drift(known, h, DAMPING * (1 - DAMPING**h) / (1 - DAMPING))


def _own_drift(known: Known, h: int, reach: float) -> Mixture:
    d = known.changes
    n = d.shape[1]
    return Mixture.single(known.last + reach * d.mean(1), _root(d.var(1, ddof=1) * (h + reach**2 / n)), n - 1)


def shrunken(known: Known, h: int) -> Mixture:
    """Drift and variance pulled towards those of all pairs as far as their errors ask (empirical Bayes)."""
    d = known.changes
    variance, degrees = shrink_variance(d.var(1, ddof=1), d.shape[1] - 1)
    mean, error = shrink_mean(d.mean(1), variance / d.shape[1])
    return Mixture.single(known.last + h * mean, _root(h * variance + h**2 * error), degrees)


def smoothed(known: Known, h: int) -> Mixture:
    """Walk seen through noise: the level is an exponential mean, its weight and the variance learnt from all pairs."""
    levels, weight = _smooth(known.logits)
    errors = known.logits[:, 1:] - levels[:, :-1]
    variance, degrees = shrink_variance((errors**2).mean(1), errors.shape[1])
    return Mixture.single(levels[:, -1], _root(variance * (1 + (h - 1) * weight**2)), degrees)


def breaking(known: Known, h: int) -> Mixture:
    """Two regimes: small steps with a shrunken variance, and rare breaks with the hazard and size of history."""
    d = known.changes
    broke = np.abs(d) > BREAK
    calm = np.where(broke, np.nan, d)
    count = np.maximum((~broke).sum(1), 1)
    variance, degrees = shrink_variance(np.nansum(calm**2, 1) / count, d.shape[1])
    hazard = shrink_rate(broke.sum(1), d.shape[1])
    size = float((d[broke] ** 2).mean()) if broke.any() else BREAK**2
    jumps = np.arange(min(h, JUMPS) + 1)
    scale = _root(h * variance[:, None] + jumps * size)
    centre = np.broadcast_to(known.last[:, None], scale.shape)
    return Mixture(centre, scale, np.full(scale.shape, degrees), jump_weights(hazard, h))


def odds(known: Known, h: int) -> Mixture:
    """Odds decomposition: growth gap of the last years carried on, and the pair's shrunken cost trend.

    A pair whose growth is not on record gets the shrunken drift.
    """
    assert known.gaps is not None
    gap = known.gaps[:, -RECENT:].mean(1)
    return _by_growth(known, h, h * gap, known.changes - gap[:, None])


def odds_known(known: Known, h: int) -> Mixture:
    """Odds decomposition with the growth that came: shows what growth explains; no forecast that could be made."""
    assert known.gaps is not None
    assert known.later is not None
    return _by_growth(known, h, known.later[:, :h].sum(1), known.changes - known.gaps)


def structural(known: Known, h: int) -> Mixture:
    """Structural model with growth carried on and costs as they were.

    The spread is that of past steps beside the model's step of a year, shrunken. A pair that the model was not asked
    for stays where it is.
    """
    assert known.courses is not None
    told = np.asarray(np.isfinite(known.courses).all(axis=1))
    moved = np.where(told[:, None], known.courses, 0.0)
    beside = known.changes - moved[:, :1]
    variance, degrees = shrink_variance((beside**2).mean(1), beside.shape[1])
    return Mixture.single(known.last + moved[:, h - 1], _root(h * variance), degrees)


def _by_growth(known: Known, h: int, grown: FloatArray, rest: FloatArray) -> Mixture:
    assert known.costs is not None
    plain = shrunken(known, h)
    n = rest.shape[1]
    told = np.isfinite(rest).all(1) & np.isfinite(grown) & np.isfinite(known.costs).all(1)
    if told.sum() < 3:
        return plain
    costs = known.costs[told]
    trend, error = shrink_mean(costs.mean(1), costs.var(1, ddof=1) / n)
    variance, degrees = shrink_variance(rest[told].var(1, ddof=1), n - 1)
    centre, scale = plain.centre[:, 0].copy(), plain.scale[:, 0].copy()
    centre[told] = known.last[told] + grown[told] + h * trend
    scale[told] = _root(h * variance + h**2 * error)
    return Mixture.single(centre, scale, np.where(told, degrees, plain.degrees[:, 0]))


def shrink_mean(mean: FloatArray, error: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Pull means towards their common one.

    mean: (D,) estimates.
    error: (D,) their sampling variances.
    Returns: Posterior means and variances; the variance among true means by the method of moments.
    """
    common = float(np.median(mean))
    among = max(float(mean.var() - error.mean()), 0.0)
    own = among / (among + np.maximum(error, _TINY))
    return common + own * (mean - common), own * error


def shrink_variance(variance: FloatArray, degrees: int) -> tuple[FloatArray, float]:
    """Pull variances towards their common one: scaled inverse chi-square prior, by the moments of their logarithms.

    variance: (D,) estimates.
    degrees: of freedom of each.
    Returns: variance: (D,) pulled.
    degrees: Own degrees and those of the prior together.
    """
    from scipy.special import digamma, polygamma

    half = degrees / 2
    log = np.log(np.maximum(variance, _TINY)) - digamma(half) + np.log(half)
    excess = float(log.var() - polygamma(1, half)) if log.size > 2 else 0.0
    prior = 2 * _trigamma_inverse(excess) if excess > 1e-4 else _MANY
    prior = min(prior, _MANY)
    common = float(np.exp(log.mean() + digamma(prior / 2) - np.log(prior / 2)))
    return (prior * common + degrees * variance) / (prior + degrees), prior + degrees


def _trigamma_inverse(value: float) -> float:
    """Newton's method on 1 / trigamma, which is convex and nearly linear."""
    from scipy.special import polygamma

    x = 0.5 + 1 / value
    for _ in range(50):
        t = float(polygamma(1, x))
        step = t * (1 - t / value) / float(polygamma(2, x))
        x += step
        if abs(step) < 1e-10 * x:
            break
    return x


def shrink_rate(events: NDArray[np.intp], trials: int) -> FloatArray:
    """Pull rates towards the common one: Beta prior by the method of moments, at least half an event.

    events: (D,) counts.
    trials: of each.
    Returns: (D,) posterior means.
    """
    rate = (float(events.sum()) + 0.5) / (events.size * trials + 1.0)
    chance = rate * (1 - rate)
    among = max(float((events / trials).var()) - chance / trials, 1e-6)
    weight = min(max(chance / among - 1, 0.5), _MANY)
    return np.asarray((rate * weight + events) / (weight + trials))


def jump_weights(hazard: FloatArray, h: int) -> FloatArray:
    """Probabilities of 0, 1, ... breaks within h years (D, min(h, JUMPS) + 1); the last has all further ones."""
    from scipy.special import comb

    k = np.arange(min(h, JUMPS) + 1)
    weight = comb(h, k) * hazard[:, None] ** k * (1 - hazard[:, None]) ** (h - k)
    weight[:, -1] = 1 - weight[:, :-1].sum(1)
    return np.asarray(weight)


def _smooth(series: FloatArray) -> tuple[FloatArray, float]:
    """Exponential means and the common weight that made the smallest one-step errors, each pair on its own scale."""
    own = np.maximum(np.diff(series, axis=1).var(1), _TINY)
    best: tuple[float, FloatArray, float] | None = None
    for weight in np.linspace(0.3, 1.0, 8):
        levels = series.copy()
        for t in range(1, series.shape[1]):
            levels[:, t] = levels[:, t - 1] + weight * (series[:, t] - levels[:, t - 1])
        loss = float((((series[:, 2:] - levels[:, 1:-1]) ** 2).mean(1) / own).mean())
        if best is None or loss < best[0]:
            best = (loss, levels, float(weight))
    assert best is not None
    return best[1], best[2]


def _root(variance: FloatArray) -> FloatArray:
    return np.sqrt(np.maximum(variance, _TINY))


REFERENCE, STILL, KNOWN_GROWTH = Walk.DRIFT.value, Walk.STILL.value, "odds, growth known"
STRUCTURAL = "structural"
HINDCAST_FORMS: dict[str, Callable[[Known, int], Mixture]] = {
    REFERENCE: drift,
    STILL: still,
    "damped drift": damped,
    "shrunken drift": shrunken,
    "smoothed level": smoothed,
    "two regimes": breaking,
    "odds decomposition": odds,
    KNOWN_GROWTH: odds_known,
    STRUCTURAL: structural,
}
"""Name to a function from what is known and years ahead to the forecasts; those by growth need growth on record."""
BY_GROWTH = ("odds decomposition", KNOWN_GROWTH)
