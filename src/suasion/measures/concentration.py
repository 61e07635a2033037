"""How concentrated trade is on few partners.

With shares ``s_i`` that sum to 1 over N partners:

    HHI = sum s_i^2,  Hirschman's index H = 100 sqrt(HHI),  N_eff = 1 / HHI,  HHI* = (HHI - 1/N) / (1 - 1/N)

Many packages call HHI "the Hirschman index". His is its square root, times 100.

Their abstract (NBER Working Paper 34006, 2025) names the measure: asymmetric bilateral import dependence,
weighted inversely by sectoral trade elasticities. Implemented as

    P_{i over j} = sum_k (M_jik / D_j) / eps_k,    POWER_ij = P_{i over j} - P_{j over i}

with ``M_jik`` imports of j from i of sector k. Assumption: the paper's own normalisation was not at hand, so
D_j is a choice: all imports of j (how much of its imports), or its value added (how much of its income, a
first-order loss).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from suasion.errors import AlignmentError, ElasticityError, InputError, MissingValueError, NegativeValueError
from suasion.measures.dependence import Flow, foreign_trade, share_matrix
from suasion.quotient import over
from suasion.schema import variable
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


Denominator = Literal["imports", "gdp"]


def trade_power(
    world: World,
    elasticity: float | Mapping[str, float] | npt.ArrayLike,
    denominator: Denominator = "imports",
) -> xr.Dataset:
    """Return the trade power of every country over every other.

    Parameters
    ----------
    world : the world
    elasticity : float, mapping or array_like
        Trade elasticity eps = sigma - 1 > 0: one number, by sector code, or (sector,) in the world's order.
    denominator : {"imports", "gdp"}
        What imports from i are divided by: all imports of j, or value added of j.

    Returns
    -------
    Dataset
        ``import_power`` (holder, target): P of the holder over the target; ``net_power``: its antisymmetric
        difference. Dimensionless. Rows or columns of a target without imports are NaN.

    Raises
    ------
    ElasticityError
        If an elasticity is not positive and finite.
    AlignmentError
        If a sector has no elasticity, or the array has another length.
    InputError
        If the denominator is not known.
    """
    eps = _by_sector(world, elasticity)
    imports = foreign_trade(world)
    whole = _denominator(world, imports, denominator)
    weighed = (imports / eps).sum(axis=2)
    power = over(weighed, whole[:, None], np.nan).T
    return xr.Dataset(
        {
            "import_power": _array(world, "import_power", power),
            "net_power": _array(world, "net_power", power - power.T),
        }
    )


def _denominator(world: World, imports: FloatArray, denominator: str) -> FloatArray:
    if denominator == "imports":
        return np.asarray(imports.sum(axis=(1, 2)))
    if denominator == "gdp":
        return np.asarray(world.array("value_added").sum(axis=1))
    raise InputError(f"`denominator` is {denominator!r}; give 'imports' or 'gdp'.")


def _array(world: World, name: str, values: FloatArray) -> xr.DataArray:
    dims = ("holder", "target")
    coords = {dim: list(world.countries) for dim in dims}
    return xr.DataArray(values, coords, dims, name=name, attrs=variable(name, "dependence").attrs)


def _by_sector(world: World, elasticity: float | Mapping[str, float] | npt.ArrayLike) -> FloatArray:
    if isinstance(elasticity, Mapping):
        lacking = [code for code in world.sectors if code not in elasticity]
        if lacking:
            raise AlignmentError(
                f"No elasticity for {', '.join(lacking[:5])} ({len(lacking)} sectors). Give one for each."
            )
        values = np.array([elasticity[code] for code in world.sectors], dtype=np.float64)
    else:
        values = np.asarray(elasticity, dtype=np.float64)
    if values.shape not in ((), (len(world.sectors),)):
        raise AlignmentError(
            f"`elasticity` has shape {values.shape}; give a number or ({len(world.sectors)},)."
        )
    full = np.broadcast_to(values, (len(world.sectors),))
    wrong = ~(np.isfinite(full) & (full > 0))
    if wrong.any():
        first = world.sectors[int(wrong.argmax())]
        raise ElasticityError(
            f"The trade elasticity of {first} is {full[wrong.argmax()]}; it must be positive and finite."
        )
    return np.asarray(full)
