"""Whose growth raises whose real expenditure: bilateral welfare exposure with many sectors and inputs.

    U_ni = d ln W_n / d ln A_i,    A_i the productivity of every sector of i,

to first order at the base. With one sector and no inputs it is the matrix of Kleinman, Liu and Redding. World Hulten:
weighted by real expenditure, a column sums to the sales of i over world expenditure, where nothing is taxed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.outcomes import bands_of, base_accounts, economy_for, members
from suasion.equilibrium import Parameters, Shock, resolve, respond
from suasion.equilibrium import draws as drawn_parameters
from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.adjoint.backward import Seeds
from suasion.equilibrium.adjoint.point import Point, point_of
from suasion.equilibrium.adjoint.solve import Scaling, gradient, scaling_of
from suasion.equilibrium.batch.many import respond_draws
from suasion.equilibrium.economy import Economy, economy_on, log_welfare
from suasion.equilibrium.solve import Solved
from suasion.types import DeficitRule, FloatArray, Progress
from suasion.world import World

STEP = 0.01
"""Half the step of a difference in logs: the error of a central difference is of its square, a part in ten thousand."""

TOGETHER = 9
"""Gradients at one equilibrium that are solved together: more are no faster, and take more memory."""


@dataclass(frozen=True, slots=True)
class WelfareExposure:
    """Exposure of one country to the growth of all others, and of all others to its own.

    Attributes
    ----------
    table : columns ``country``, ``from_percent`` (change of the state's real expenditure for one per cent more
        productivity of that country), ``on_percent`` (the other way), ``mutual_percent`` (their mean), ``from_musd``
        (million USD a year), the first two with ``_low`` and ``_high`` (90 % of draws) where elasticities were drawn
    state, horizon : as asked
    residual : largest gap of the transposed equations
    """

    table: pd.DataFrame
    state: str
    horizon: str
    residual: float


def welfare_exposure(
    world: World,
    state: str,
    horizon: str | float = "long",
    *,
    deficits: DeficitRule = "balance",
    draws: int = 0,
    seed: int = 0,
    progress: Progress | None = None,
) -> WelfareExposure:
    """Return what one per cent more productivity of every other country does to a state, and the other way.

    Parameters
    ----------
    world : World
    state : country
    horizon : ``"months"``, ``"short"``, ``"long"`` or years
    deficits : deficit rule, see :func:`suasion.equilibrium.simulate`
    draws : sets of elasticities behind the 90 % bands; 0 for none
    seed : of the draws
    progress : called with (done, total, what)

    Returns
    -------
    WelfareExposure

    Raises
    ------
    NotInWorldError
        The state is outside the world's table.
    """
    n = world.countries.index(members(world, state)[0])
    economy = economy_for(world, horizon, deficits)
    received, residual = _received(_point(economy), scaling_of(economy.accounts, economy.parameters), n)
    moved = _moved(economy, n)
    given = _difference(*(log_welfare(solved) for _, solved in moved))
    columns = {"from_percent": received, "on_percent": given}
    if draws:
        sets = drawn_parameters(world, draws, horizon, seed=seed)
        lows = _bands(economy, n, columns, moved, sets, progress)
        columns |= {
            f"{name}{end}": band[k] for name, band in lows.items() for k, end in enumerate(("_low", "_high"))
        }
    table = pd.DataFrame({"country": list(world.countries), **columns})
    table["mutual_percent"] = (table["from_percent"] + table["on_percent"]) / 2.0
    table["from_musd"] = table["from_percent"] / 100.0 * economy.accounts.income[n]
    others = table[table["country"] != world.countries[n]].reset_index(drop=True)
    return WelfareExposure(others, world.countries[n], economy.parameters.horizon, residual)


@dataclass(frozen=True, slots=True)
class PairExposures:
    """Exposure of every two countries to the growth of each other.

    Attributes
    ----------
    table : one row a pair: columns ``country``, ``partner``, and as in :class:`WelfareExposure` ``from_percent``,
        ``on_percent``, ``mutual_percent``, each with ``_low`` and ``_high`` where elasticities were drawn
    matrix : index ``country`` (who is affected), columns ``source`` (who grows), per cent for one per cent
    horizon : as asked
    residual : largest gap of the transposed equations
    """

    table: pd.DataFrame
    matrix: pd.DataFrame
    horizon: str
    residual: float


def pair_exposures(
    world: World,
    horizon: str | float = "long",
    *,
    deficits: DeficitRule = "balance",
    draws: int = 0,
    seed: int = 0,
    progress: Progress | None = None,
) -> PairExposures:
    """Return the exposure of every country to every country: one gradient a row, and as many for each draw.

    Parameters
    ----------
    world, horizon, deficits, draws, seed, progress
        As for :func:`welfare_exposure`.
    """
    accounts, central = base_accounts(world, deficits), resolve(world, horizon)
    sets = [central, *(drawn_parameters(world, draws, horizon, seed=seed) if draws else ())]
    size, steps = len(world.countries), len(sets) * len(world.countries)
    found, gaps = np.empty((len(sets), size, size)), []
    for k, parameters in enumerate(sets):
        economy = economy_on(accounts, parameters, deficits)
        point, scaling = _point(economy), scaling_of(accounts, parameters)
        for some in np.array_split(np.arange(size), -(-size // TOGETHER)):
            found[k, some], gap = _received(point, scaling, some)
            gaps.append(gap)
            if progress:
                progress(k * size + int(some[-1]) + 1, steps, world.countries[some[-1]])
    names = list(world.countries)
    first, second = np.triu_indices(size, 1)
    table = pd.DataFrame({"country": np.array(names)[first], "partner": np.array(names)[second]})
    back = found.swapaxes(1, 2)
    for name, values in (("from", found), ("on", back), ("mutual", (found + back) / 2.0)):
        table[f"{name}_percent"] = values[0][first, second]
        if draws:
            ends = bands_of(values[1:][:, first, second], values[0][first, second])
            table[f"{name}_percent_low"], table[f"{name}_percent_high"] = ends
    matrix = pd.DataFrame(found[0], pd.Index(names, name="country"), pd.Index(names, name="source"))
    return PairExposures(table, matrix, central.horizon, max(gaps))


def _point(economy: Economy) -> Point:
    return point_of(respond(economy, Shock())[0])


def _received(point: Point, scaling: Scaling, n: int | NDArray[np.intp]) -> tuple[FloatArray, float]:
    """Elasticity of the welfare of one country, or of several, by productivities, (..., N), and its gap."""
    mine = np.eye(point.income.size)[n]
    found = gradient(point, Seeds(mine / point.income, np.zeros_like(mine), -mine), scaling)
    return found.by("productivity").sum(axis=-1), found.residual


def _shock(accounts: Accounts, n: int, step: float) -> Shock:
    """Productivity of all sectors of a country, in logs."""
    factor = np.ones_like(accounts.output)
    factor[n] = np.exp(step)
    return Shock(productivity=factor)


def _moved(economy: Economy, n: int) -> tuple[tuple[Shock, Solved], ...]:
    """Solutions with one country's productivity a step higher, and a step lower."""
    shocks = [_shock(economy.accounts, n, sign * STEP) for sign in (1.0, -1.0)]
    return tuple((shock, respond(economy, shock)[0]) for shock in shocks)


def _difference(up: FloatArray, down: FloatArray) -> FloatArray:
    """Elasticity of welfare by one country's productivity, by a central difference of logs."""
    return (up - down) / (2.0 * STEP)


def _bands(
    economy: Economy,
    n: int,
    central: dict[str, FloatArray],
    moved: Sequence[tuple[Shock, Solved]],
    sets: Sequence[Parameters],
    progress: Progress | None,
) -> dict[str, FloatArray]:
    """(2, N) bounds of both directions over draws of the elasticities."""
    given = _difference(*(respond_draws(economy, shock, solved, sets).log_welfare for shock, solved in moved))
    received = []
    for done, one in enumerate(sets, start=1):
        drawn = economy_on(economy.accounts, one, economy.deficits)
        received.append(_received(_point(drawn), scaling_of(economy.accounts, one), n)[0])
        if progress:
            progress(done, len(sets), economy.accounts.countries[n])
    both = {"from_percent": np.array(received), "on_percent": given}
    return {name: bands_of(values, central[name]) for name, values in both.items()}


__all__: Sequence[str] = ("PairExposures", "WelfareExposure", "pair_exposures", "welfare_exposure")
