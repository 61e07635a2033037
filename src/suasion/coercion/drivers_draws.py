"""Elasticities from quantiles, and which quantiles each declared group of parameters owns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.outcomes import Horizon
from suasion.equilibrium import Elasticities, Parameters, resolve
from suasion.equilibrium.elasticities import by_label
from suasion.equilibrium.horizon import COMMON_SD
from suasion.equilibrium.schedule import nest_at, parse_horizon, sigma_at
from suasion.equilibrium.sigma import sigma_values
from suasion.errors import ElasticityError, InputError
from suasion.measures.labels import sector_groups
from suasion.world import World

FloatArray = NDArray[np.float64]
Groups = Mapping[str, Sequence[str]]

MOST_GROUPS = 8
COMMON = "common"
"""The shift of ln(sigma - 1) that all sectors share."""
NESTS = ("theta", "epsilon", "kappa")


def default_groups(world: World) -> dict[str, tuple[str, ...]]:
    """Groups of parameters that are told apart unless others are declared.

    Parameters
    ----------
    world : World

    Returns
    -------
    dict
        What all sigmas share; what goods, and services, have of their own (one group where sector codes do not tell
        them apart); theta, epsilon and kappa.
    """
    kinds = sector_groups(world.sectors)
    own = {f"sigma of {kind}, own part": kinds[kind] for kind in ("goods", "services") if kind in kinds}
    if not own:
        own = {"sigma of sectors, own part": world.sectors}
    nests = {
        "theta (value added, inputs)": ("theta",),
        "epsilon (among inputs)": ("epsilon",),
        "kappa (among final goods)": ("kappa",),
    }
    return {"sigma, common part": (COMMON,), **own, **nests}


def columns_of(world: World, groups: Groups) -> list[list[int]]:
    """Columns of the quantiles that each group owns.

    Parameters
    ----------
    world : World
    groups : name to parameters: ``common``, sectors of the world, ``theta``, ``epsilon``, ``kappa``

    Returns
    -------
    list of list of int
        Column 0 is the common part of sigma, then come the sectors, then the other nests.

    Raises
    ------
    InputError
        There are no groups or more than eight, one is empty, names something unknown, or two share a parameter.
    """
    known = (COMMON, *world.sectors, *NESTS)
    if not 1 <= len(groups) <= MOST_GROUPS:
        raise InputError(f"{len(groups)} groups are declared; give 1 to {MOST_GROUPS}.")
    names = [name for members in groups.values() for name in members]
    unknown = [name for name in names if name not in known]
    if unknown:
        why = " eta and roy have no range of their own." if {"eta", "roy"} & set(unknown) else ""
        raise InputError(
            f"No uncertain parameter is called {', '.join(map(repr, unknown[:5]))}; allowed: {COMMON}, the world's "
            f"sectors, {', '.join(NESTS)}.{why}"
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    empty = [name for name, members in groups.items() if not members]
    if twice or empty:
        raise InputError(
            f"Every parameter belongs to one group and every group has one; twice: {', '.join(twice[:5]) or 'none'}, "
            f"empty: {', '.join(empty) or 'none'}."
        )
    place = {name: column for column, name in enumerate(known)}
    return [[place[name] for name in members] for members in groups.values()]


def at_quantiles(
    world: World, quantiles: FloatArray, horizon: Horizon, elasticities: Elasticities | None = None
) -> list[Parameters]:
    """Elasticities at given quantiles of their distributions: those of :func:`suasion.equilibrium.draws`.

    Parameters
    ----------
    world : World
    quantiles : (n, 1 + S + 3) in (0, 1): common part of sigma, own part of every sector, theta, epsilon, kappa
    horizon : ``"short"``, ``"long"`` or years
    elasticities : own values; those of sigma are shifted but not scaled, those of other nests stay fixed

    Returns
    -------
    list of Parameters

    Raises
    ------
    ElasticityError
        An own sigma is not above one.
    """
    from scipy.special import ndtri  # slow to import; only draws need it

    years, own = parse_horizon(horizon).years, elasticities or Elasticities()
    central = resolve(world, horizon, elasticities=own)
    table = sigma_values(world.sectors)
    given = by_label("sigma", own.sigma, world.sectors, np.full(len(table), np.nan), "sector")
    value = np.where(np.isnan(given), [row.sigma for row in table], given)
    if (value <= 1.0).any():
        raise ElasticityError("A sigma is not above 1, so ln(sigma - 1) cannot be drawn.")
    normal = np.asarray(ndtri(quantiles[:, : -len(NESTS)]))
    shift = COMMON_SD * normal[:, :1] + np.array([row.sd for row in table]) * normal[:, 1:]
    moved = 1.0 + (value - 1.0) * np.exp(shift)
    sigma = np.where(np.isnan(given), sigma_at(moved, years), moved)
    return [
        _at(world, central, own, years, row, position)
        for row, position in zip(sigma, quantiles[:, -len(NESTS) :], strict=True)
    ]


def _at(
    world: World,
    central: Parameters,
    own: Elasticities,
    years: float,
    sigma: FloatArray,
    position: FloatArray,
) -> Parameters:
    theta, epsilon, kappa = (
        nest_at(name, years, where) for name, where in zip(NESTS, position.tolist(), strict=True)
    )
    shape = central.theta.shape
    return Parameters(
        sigma=sigma,
        theta=by_label("theta", own.theta, world.sectors, np.full(shape, theta), "sector"),
        epsilon=by_label("epsilon", own.epsilon, world.sectors, np.full(shape, epsilon), "sector"),
        eta=central.eta,
        kappa=by_label("kappa", own.kappa, world.countries, np.full(shape[0], kappa), "country"),
        mobility=central.mobility,
        horizon=central.horizon,
    )
