"""Penalised logit: Newton steps, and errors clustered one way or two.

Covariates are standardised; a value that is not known becomes the mean, which standardised is zero. The penalty is a
normal prior on each standardised coefficient, none on the constant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from suasion.errors import InputError
from suasion.types import FloatArray

PRIOR_SD = 0.2
"""Standard deviation of the prior of a standardised coefficient."""
STEPS = 60
CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Logit:
    """A fitted logit.

    Attributes
    ----------
    names : tuple of str
        Covariates.
    centre, scale : (K,)
        Mean and standard deviation in the training rows.
    beta : (K + 1,)
        Constant, then standardised coefficients.
    """

    names: tuple[str, ...]
    centre: FloatArray
    scale: FloatArray
    beta: FloatArray

    def standard(self, x: FloatArray) -> FloatArray:
        """Design (n, K + 1) with its constant, from raw covariates (n, K)."""
        z = np.nan_to_num((x - self.centre) / self.scale)
        return np.column_stack([np.ones(len(z)), z])

    def eta(self, x: FloatArray) -> FloatArray:
        """Log odds (n,)."""
        return np.asarray(self.standard(x) @ self.beta)

    def predict(self, x: FloatArray) -> FloatArray:
        """Probability of the event in the next year (n,)."""
        return logistic(self.eta(x))


def logistic(eta: npt.ArrayLike) -> FloatArray:
    """``1 / (1 + exp(-eta))``."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(np.asarray(eta, dtype=float), -700, 700))))


def fit_logit(
    x: FloatArray,
    y: npt.NDArray[np.bool_],
    weights: FloatArray,
    names: tuple[str, ...],
    prior_sd: float = PRIOR_SD,
    start: Logit | None = None,
) -> Logit:
    """Fit by Newton steps with step halving.

    Parameters
    ----------
    x : (n, K)
        Raw covariates; NaN where not known.
    y : (n,) bool
        Events.
    weights : (n,)
        Weights of the rows.
    names : tuple of str
        Names of the covariates.
    prior_sd : float
        Standard deviation of the prior; smaller pulls harder to zero.
    start : Logit, optional
        A fit whose standardisation and coefficients are taken over as a start (bootstrap draws).

    Returns
    -------
    Logit

    Raises
    ------
    InputError
        If there is no event, or nothing but events.
    """
    if not 0 < (weights * y).sum() < weights.sum():
        raise InputError("A logit needs rows with the event and rows without it.")
    if start is None:
        centre, scale = _standards(x, weights)
        share = float((weights * y).sum() / weights.sum())
        first = np.zeros(x.shape[1] + 1)
        first[0] = np.log(share / (1 - share))
        start = Logit(names, centre, scale, first)
    z = start.standard(x)
    penalty = np.full(z.shape[1], prior_sd**-2)
    penalty[0] = 0.0
    beta = _newton(z, y.astype(float), weights, penalty, start.beta)
    return Logit(start.names, start.centre, start.scale, beta)


def _standards(x: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    known = ~np.isnan(x)
    w = weights[:, None] * known
    total = np.maximum(w.sum(axis=0), 1e-12)
    filled = np.where(known, x, 0.0)
    centre = (w * filled).sum(axis=0) / total
    spread = np.sqrt((w * np.where(known, x - centre, 0.0) ** 2).sum(axis=0) / total)
    return centre, np.where(spread > 1e-9, spread, 1.0)


def _newton(z: FloatArray, y: FloatArray, w: FloatArray, penalty: FloatArray, beta: FloatArray) -> FloatArray:
    value = _loss(z, y, w, penalty, beta)
    for _ in range(STEPS):
        p = logistic(z @ beta)
        slope = z.T @ (w * (y - p)) - penalty * beta
        step = np.linalg.solve(information(z, p, w, penalty), slope)
        size = 1.0
        while (moved := _loss(z, y, w, penalty, beta + size * step)) > value + 1e-12 and size > 1e-6:
            size /= 2
        beta, value = beta + size * step, moved
        if np.abs(size * step).max() < CLOSE:
            break
    return beta


def _loss(z: FloatArray, y: FloatArray, w: FloatArray, penalty: FloatArray, beta: FloatArray) -> float:
    eta = z @ beta
    return float((w * (np.logaddexp(0.0, eta) - y * eta)).sum() + 0.5 * (penalty * beta**2).sum())


def information(z: FloatArray, p: FloatArray, w: FloatArray, penalty: FloatArray) -> FloatArray:
    """Curvature of the penalised log likelihood (K + 1, K + 1)."""
    return np.asarray((z * (w * p * (1 - p))[:, None]).T @ z + np.diag(penalty))


def clustered_covariance(
    model: Logit,
    x: FloatArray,
    y: npt.NDArray[np.bool_],
    weights: FloatArray,
    clusters: tuple[npt.NDArray[Any], ...],
    prior_sd: float = PRIOR_SD,
    *,
    corrected: bool = True,
) -> FloatArray:
    """Sandwich covariance of the standardised coefficients.

    With two clusterings the middle is the sum over each less that over both at once; negative eigenvalues are set to
    zero.

    Parameters
    ----------
    model : Logit
        Fit to these rows.
    x, y, weights : as for :func:`fit_logit`
    clusters : one or two (n,) arrays
        Cluster of each row.
    prior_sd : float
        As in the fit.
    corrected : bool
        Whether G / (G - 1) makes up for a small number G of clusters.

    Returns
    -------
    ndarray
        (K + 1, K + 1).
    """
    z, p = model.standard(x), model.predict(x)
    penalty = np.full(z.shape[1], prior_sd**-2)
    penalty[0] = 0.0
    bread = np.linalg.inv(information(z, p, weights, penalty))
    score = z * (weights * (y - p))[:, None]
    meat = np.sum([_meat(score, one, corrected) for one in clusters], axis=0)
    if len(clusters) == 2:
        both = np.unique(np.column_stack(clusters), axis=0, return_inverse=True)[1].ravel()
        meat -= _meat(score, both, corrected)
    values, vectors = np.linalg.eigh(bread @ meat @ bread)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)


def _meat(score: FloatArray, cluster: npt.NDArray[Any], corrected: bool) -> FloatArray:
    place = np.unique(cluster, return_inverse=True)[1].ravel()
    sums = np.zeros((place.max() + 1, score.shape[1]))
    np.add.at(sums, place, score)
    groups = len(sums)
    return np.asarray((groups / max(groups - 1, 1) if corrected else 1.0) * sums.T @ sums)
