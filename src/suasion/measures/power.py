"""Trade power after Liu and Yang: import dependence weighed by how hard imports are to replace.

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
import xarray as xr

from suasion.errors import AlignmentError, ElasticityError, InputError
from suasion.measures.dependence import trade
from suasion.quotient import over
from suasion.schema import variable
from suasion.types import FloatArray

if TYPE_CHECKING:
    from suasion.world import World

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
    imports = trade(world).to_numpy()
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
