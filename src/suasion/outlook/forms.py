"""Statistical forms of a share's path: curves through points, and random walks that carry their own errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from suasion.errors import InputError
from suasion.types import FloatArray

DAMPING = 0.85
"""Yearly fading of the drift in the damped form. Assumption, range 0.7 to 0.95: the usual default of damped trends."""


@dataclass(frozen=True, slots=True)
class History:
    """A share over the years.

    Attributes
    ----------
    years : (n,) ascending, not necessarily evenly spaced
    shares : (n,) strictly between 0 and 1

    Raises
    ------
    InputError
        If years repeat or fall, or a share is outside (0, 1) or missing.
    """

    years: FloatArray
    shares: FloatArray

    def __post_init__(self) -> None:
        if (
            self.years.ndim != 1
            or self.years.shape != self.shares.shape
            or not (np.diff(self.years) > 0).all()
        ):
            raise InputError(
                "A history needs one share for each year, in ascending years without repetition."
            )
        wrong = ~((self.shares > 0) & (self.shares < 1))
        if wrong.any():
            year, share = self.years[wrong][0], self.shares[wrong][0]
            raise InputError(f"The share of {year:g} is {share}; forms need shares strictly between 0 and 1.")

    @staticmethod
    def of(years: ArrayLike, shares: ArrayLike) -> History:
        """Make a history from anything like arrays.

        Parameters
        ----------
        years, shares : (n,) as the attributes
        """
        return History(np.asarray(years, dtype=float), np.asarray(shares, dtype=float))

    @property
    def logits(self) -> FloatArray:
        """Log odds (n,)."""
        return np.asarray(np.log(self.shares) - np.log1p(-self.shares))


def read_history(file: str | Path) -> History:
    """Read past shares: columns ``year`` and ``share`` (0 to 1).

    Raises InputError if the file cannot be read, or is no such table.
    """
    try:
        table = pd.read_csv(file)
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read as CSV: {error}. Give columns year and share.") from error
    if not {"year", "share"} <= set(table.columns):
        raise InputError(
            f"{file} needs the columns year and share; it has {', '.join(map(str, table.columns))}."
        )
    return History.of(table["year"].tolist(), table["share"].tolist())


@dataclass(frozen=True, slots=True)
class LogitWalk:
    """A random walk with drift in log odds, estimated from a history.

    Attributes
    ----------
    drift, volatility : per year, of the log odds
    span : years from first to last observation: the drift's standard error is ``volatility / sqrt(span)``.
    steps : changes observed
    last : log odds of the last year
    """

    drift: float
    volatility: float
    span: float
    steps: int
    last: float


def fit_walk(history: History) -> LogitWalk:
    """Estimate drift and volatility by maximum likelihood, the variance without bias; gaps between years are allowed.

    Parameters
    ----------
    history : at least three years

    Raises
    ------
    InputError
        If there are fewer than three years: two points tell a slope, not an error.
    """
    if history.years.size < 3:
        raise InputError(
            f"A random walk needs at least three years to tell its errors; got {history.years.size}."
        )
    gap, change = np.diff(history.years), np.diff(history.logits)
    drift = float(change.sum() / gap.sum())
    variance = float(((change - drift * gap) ** 2 / gap).sum() / (gap.size - 1))
    return LogitWalk(drift, variance**0.5, float(gap.sum()), gap.size, float(history.logits[-1]))


def _walk_draws(
    history: History, ahead: FloatArray, size: int, rng: np.random.Generator, kind: str
) -> FloatArray:
    """Draws of log odds (size, horizons); volatility and drift are drawn too: a short history gives a wide fan."""
    walk = fit_walk(history)
    degrees = max(walk.steps - (kind != "still"), 1)
    total = walk.volatility**2 * (walk.steps - 1) + (walk.drift**2 * walk.span if kind == "still" else 0.0)
    volatility = np.sqrt(total / rng.chisquare(degrees, size))
    drift = walk.drift + volatility / walk.span**0.5 * rng.standard_normal(size)
    gaps = np.diff(ahead, prepend=0.0)
    noise = rng.standard_normal((size, ahead.size)) * np.sqrt(gaps) * volatility[:, None]
    reach = {"drift": ahead, "still": 0.0 * ahead, "damped": DAMPING * (1 - DAMPING**ahead) / (1 - DAMPING)}[
        kind
    ]
    return np.asarray(walk.last + drift[:, None] * reach + noise.cumsum(1))


Form = Callable[[History, FloatArray, int, np.random.Generator], FloatArray]


class Walk(StrEnum):
    """Forms of a share's path."""

    STILL = "random walk"
    DRIFT = "random walk with drift"
    DAMPED = "random walk with damped drift"


FORMS: dict[str, Form] = {
    Walk.STILL.value: lambda h, ahead, size, rng: _walk_draws(h, ahead, size, rng, "still"),
    Walk.DRIFT.value: lambda h, ahead, size, rng: _walk_draws(h, ahead, size, rng, "drift"),
    Walk.DAMPED.value: lambda h, ahead, size, rng: _walk_draws(h, ahead, size, rng, "damped"),
}
"""Name to a function from history, years ahead (ascending), draws and generator to log odds (draws, horizons)."""


def forecast(
    history: History,
    years: Sequence[float],
    form: str = Walk.DRIFT.value,
    *,
    draws: int = 2000,
    seed: int = 0,
) -> FloatArray:
    """Draw paths of a share.

    Parameters
    ----------
    history : at least three years
    years : later than the last one, ascending
    form : a key of :data:`FORMS`
    draws, seed : of the simulation

    Returns
    -------
    ndarray
        (draws, years) shares between 0 and 1.

    Raises
    ------
    InputError
        If the form is unknown, years are not later and ascending, or the history is too short.
    """
    if form not in FORMS:
        raise InputError(f"There is no form {form!r}; choose one of {', '.join(FORMS)}.")
    ahead = np.asarray(years, dtype=float) - history.years[-1]
    if not ahead.size or ahead[0] <= 0 or not (np.diff(ahead) > 0).all():
        raise InputError(
            f"Years to forecast must ascend from after {history.years[-1]:g}; got {list(years)}."
        )
    found = FORMS[form](history, ahead, draws, np.random.default_rng(seed))
    return np.asarray(1 / (1 + np.exp(-found)))
