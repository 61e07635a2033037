"""How concentrated trade is on few partners.

With shares ``s_i`` that sum to 1 over N partners:

    HHI = sum s_i^2,  Hirschman's index H = 100 sqrt(HHI),  N_eff = 1 / HHI,  HHI* = (HHI - 1/N) / (1 - 1/N)

Many packages call HHI "the Hirschman index". His is its square root, times 100.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import InputError, MissingValueError, NegativeValueError
from suasion.measures.dependence import Flow, share_matrix
from suasion.types import FloatArray

if TYPE_CHECKING:
    from suasion.world import World

SUM_TOLERANCE = 1e-6
"""Gap of a sum of shares to 1 that still counts as rounding in published tables kept to six digits."""


def hhi(shares: npt.ArrayLike) -> FloatArray:
    """Return the Herfindahl-Hirschman index of shares along the last axis.

    Parameters
    ----------
    shares : array_like
        (..., partner): shares from 0 to 1 that sum to 1 along the last axis.

    Returns
    -------
    ndarray
        (...): 1/N for equal shares of N partners, 1 for a single one.

    Raises
    ------
    MissingValueError
        If a share is NaN or infinite: a missing partner is not a zero.
    NegativeValueError
        If a share is negative.
    InputError
        If shares do not sum to 1, or there are none.
    """
    values = _checked(shares)
    return np.asarray((values**2).sum(axis=-1))


def hirschman(shares: npt.ArrayLike) -> FloatArray:
    """Return Hirschman's index, 100 times the square root of :func:`hhi` (100/sqrt(N) to 100)."""
    return np.asarray(100.0 * np.sqrt(hhi(shares)))


def effective_number(shares: npt.ArrayLike) -> FloatArray:
    """Return the number of equal partners that would give the same :func:`hhi` (1 to N)."""
    return np.asarray(1.0 / hhi(shares))


def normalised_hhi(shares: npt.ArrayLike) -> FloatArray:
    """Return :func:`hhi` rescaled to 0 for equal shares and 1 for a single partner.

    Raises
    ------
    InputError
        If there is only one partner on the axis: nothing to be concentrated against.
    """
    values = _checked(shares)
    n = values.shape[-1]
    if n < 2:
        raise InputError("A normalised index needs two possible partners or more; the last axis has one.")
    return np.asarray((hhi(values) - 1.0 / n) / (1.0 - 1.0 / n))


def _checked(shares: npt.ArrayLike) -> FloatArray:
    values = np.asarray(shares, dtype=np.float64)
    if values.ndim == 0 or values.shape[-1] == 0:
        raise InputError("`shares` has no partners. Give an array whose last axis runs over partners.")
    if not np.isfinite(values).all():
        raise MissingValueError(
            "`shares` has NaN or infinite cells. Drop those partners or fill them on purpose."
        )
    if (values < 0).any():
        raise NegativeValueError(f"`shares` has a negative cell ({values.min():.6g}). Shares are 0 or more.")
    gap = np.abs(values.sum(axis=-1) - 1.0).max()
    if gap > SUM_TOLERANCE:
        raise InputError(
            f"`shares` sum to 1 within {gap:.3g} only. Divide by their sum, or add the missing partners."
        )
    return values


def concentration(world: World, flow: Flow = "turnover") -> pd.DataFrame:
    """Return how concentrated each country's trade is on few partners.

    Parameters
    ----------
    world : the world; its other countries are the N possible partners
    flow : {"turnover", "exports", "imports"}
        Which trade.

    Returns
    -------
    DataFrame
        Index country; ``hhi`` (0-1), ``hirschman`` (0-100), ``effective_number``, ``normalised_hhi`` (0-1),
        ``top_partner`` and its ``top_share`` (0-1). Countries without trade have missing values.
    """
    shares = share_matrix(world, flow).to_numpy()
    n = len(world.countries)
    off = ~np.eye(n, dtype=bool)
    rows = {}
    for i, country in enumerate(world.countries):
        own = shares[i][off[i]]
        if np.isfinite(own).all():
            rows[country] = _row(own, [c for c in world.countries if c != country])
    return pd.DataFrame.from_dict(rows, orient="index").reindex(list(world.countries)).rename_axis("country")


def _row(shares: FloatArray, partners: list[str]) -> dict[str, float | str]:
    top = int(shares.argmax())
    return {
        "hhi": float(hhi(shares)),
        "hirschman": float(hirschman(shares)),
        "effective_number": float(effective_number(shares)),
        "normalised_hhi": float(normalised_hhi(shares)) if len(partners) > 1 else np.nan,
        "top_partner": partners[top],
        "top_share": float(shares[top]),
    }
