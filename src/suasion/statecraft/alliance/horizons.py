"""From fitted log odds of a pair to probabilities within some years, each with its band and the base rate beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from suasion.statecraft.alliance.logit import logistic
from suasion.statecraft.alliance.model import DRIFT_YEARS, AllianceModel, FittedKind, kinds_of
from suasion.statecraft.pacts import Status

FloatArray = npt.NDArray[np.float64]


class Event(StrEnum):
    """What can happen to a pair."""

    FORMING = "forming"
    ENDING = "ending"


class Basis(StrEnum):
    """What is known of a pair."""

    OWN = "own"
    SHIPPED = "shipped"
    BASE_RATE = "base_rate"


class Method(StrEnum):
    """Whose number a probability is."""

    MODEL = "model"
    BASE_RATE = "base_rate"


Known = tuple[float, float, float | None, Mapping[str, float]]
"""Log odds, their standard deviation, the hazard by trees, and what each covariate adds."""

LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Within:
    """Probability within some years.

    Attributes
    ----------
    years : int
        Horizon, from the end of ``as_of``.
    probability, low, high : float
        Headline and its 90 % band: the model's where its skill is clear of zero, else the base rate's.
    method : Method
        Whose number the headline is.
    model, model_low, model_high : float or None
        Model and band; None where it knows nothing of the pair.
    base, base_low, base_high : float
        Rate of all pairs at risk, and its band with each treaty counted once.
    log_skill, skill_low, skill_high : float
        Skill of the model against the base rate at this horizon, with its 90 % interval by treaties and dyads.
    late_skill, late_low, late_high : float
        The same of the forecasts of one year from 1990 on, which had no part in choosing the penalty.
    """

    years: int
    probability: float
    low: float
    high: float
    method: Method
    model: float | None
    model_low: float | None
    model_high: float | None
    base: float
    base_low: float
    base_high: float
    log_skill: float
    skill_low: float
    skill_high: float
    late_skill: float
    late_low: float
    late_high: float

    @property
    def clear(self) -> bool:
        """Whether the skill is clear of zero: over the whole record, and from 1990 on."""
        return min(self.skill_low, self.late_low) > 0


@dataclass(frozen=True, slots=True)
class PairFit:
    """What is known of a pair.

    Attributes
    ----------
    status : str
        Whether it has a defence pact: ``yes``, ``no`` or ``unknown``.
    basis : Basis
    powers : str
        Major powers in it: ``two``, ``one``, ``no``; empty where not known.
    carried : mapping
        Covariates carried past their last value, and by how many years.
    known : mapping
        By kind of event, see :data:`Known`; empty where nothing is.
    """

    status: Status
    basis: Basis
    powers: str
    carried: Mapping[str, int]
    known: Mapping[str, Known]

    @property
    def held(self) -> bool:
        """Whether it has a pact, as far as is known."""
        return self.status == "yes"


def horizons_of(
    model: AllianceModel, pair: PairFit, years: tuple[int, ...], gap: int, draws: int, seed: int
) -> tuple[Within, ...]:
    """Return the probability within each horizon.

    Parameters
    ----------
    model : AllianceModel
        Fits and scores.
    pair : PairFit
        What is known of the pair.
    years : tuple of int
        Horizons.
    gap : int
        Years between the data and the start of the horizons.
    draws, seed : int
        Of the band.
    """
    fits = [model.kinds[k] for k in kinds_of(pair.held)]
    event = "ending" if pair.held else "either"
    point, band = _survival(fits, pair, max(years), gap, draws, seed)
    found = []
    for horizon in years:
        scores, base = _scores(model, event, horizon), _base(fits, horizon)
        said: tuple[float, float, float] | None = None
        if point is not None and band is not None:
            tails = np.quantile(band[:, horizon - 1], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
            said = (float(point[horizon - 1]), float(tails[0]), float(tails[1]))
        model_said: tuple[float | None, float | None, float | None] = said or (None, None, None)
        row = Within(horizon, *base, Method.BASE_RATE, *model_said, *base, *scores)
        if said is not None and row.clear:
            row = replace(row, probability=said[0], low=said[1], high=said[2], method=Method.MODEL)
        found.append(row)
    return tuple(found)


def _survival(
    fits: list[FittedKind], pair: PairFit, years: int, gap: int, draws: int, seed: int
) -> tuple[FloatArray | None, FloatArray | None]:
    """Probability within 1, 2, ... years: at the fitted log odds (years,), and by draws (draws, years)."""
    if not pair.known:
        return None, None
    rng = np.random.default_rng(seed)
    ahead = np.minimum(gap + np.arange(1, years + 1), DRIFT_YEARS) - 1
    point, band = np.ones(years), np.ones((draws, years))
    for fit in fits:
        eta, sd = pair.known[fit.kind][:2]
        point = point * (1 - logistic(eta))
        # One draw of the drift for all years: a pair that has moved stays moved.
        moved = sd * rng.standard_normal((draws, 1)) + fit.drift[ahead] * rng.standard_normal((draws, 1))
        band = band * (1 - logistic(eta + moved))
    return np.asarray(1 - np.cumprod(point)), np.asarray(1 - np.cumprod(band, axis=1))


def _base(fits: list[FittedKind], years: int) -> tuple[float, float, float]:
    """Base rate within some years, with a band as if each treaty were one event (Jeffreys interval of a rate)."""
    from scipy.special import gammaincinv

    tails = (1 - LEVEL) / 2, (1 + LEVEL) / 2
    rates = [sum(f.base_rate for f in fits)]
    for tail in tails:
        rates.append(sum(f.base_rate * float(gammaincinv(f.treaties + 0.5, tail)) / f.treaties for f in fits))
    value, low, high = (float(-np.expm1(-years * rate)) for rate in rates)
    return value, low, high


def _scores(model: AllianceModel, event: str, years: int) -> tuple[float, ...]:
    """Skill with its interval at the longest tested horizon that is no longer than this one; and from 1990 on."""
    tested = model.scores[event]
    best = max(int(h) for h in tested if h.isdigit() and int(h) <= max(years, 1))
    chosen = tested[str(best)]
    names = ("log_skill", "log_skill_low", "log_skill_high")
    return tuple(part[name] for part in (chosen, tested["late"]) for name in names)
