"""Results over draws of the elasticities: a dimension ``draw``, and a band of it.

A band holds what the elasticities leave open, and nothing else: not the table, not the model. Own values of ``sigma``
are the middle of the draws, each with the same spread as a preset; own values of all else stay as they are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from suasion.equilibrium.batch.many import ManyOutcome, respond_draws
from suasion.equilibrium.batch.sweep import READINGS
from suasion.equilibrium.economy import Economy
from suasion.equilibrium.elasticities.horizon import draws
from suasion.equilibrium.elasticities.own import Elasticities
from suasion.equilibrium.elasticities.points import check_count
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.types import Parameters, Shock
from suasion.errors import ConvergenceError, ElasticityError, InputError, ShockError
from suasion.schema import variable
from suasion.types import Brief, Progress
from suasion.world import World

S = TypeVar("S")
T = TypeVar("T")

WIDTH = 0.9
"""Usual width of a band."""
LEVELS = ("welfare", "equivalent_variation", "real_income", "real_wage", "consumer_price")
"""What is kept of each draw, and the new revenue of taxes and rents."""
NO_REVENUE = 1e-8
"""Share of income below which revenue is the rounding of draws, which are solved to 1e-9 in logs."""


def over_draws(
    economy: Economy,
    shock: Shock,
    central: Solved,
    sets: Sequence[Parameters],
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """Solve a shock with each of many sets of elasticities.

    economy: base and central elasticities.
    shock: compiled scenario.
    central: its solution at the central elasticities.
    sets: elasticities.
    progress: called with (done, total).
    Returns: :data:`LEVELS` and ``revenue`` over (draw, country), in the units of a single result; NaN where a draw
      has no equilibrium.
    """
    outcome = respond_draws(economy, shock, central, sets, progress)
    countries = economy.accounts.whole.countries
    coords = {"draw": np.arange(len(sets)), "country": list(countries)}
    return xr.Dataset(
        {
            name: xr.DataArray(values, coords, ("draw", "country"), name, variable(name, "result").attrs)
            for name, values in _levels(outcome, central).items()
        }
    )


def _levels(outcome: ManyOutcome, central: Solved) -> Mapping[str, NDArray[np.float64]]:
    base = central.problem.base
    change = np.expm1(outcome.readings)
    made = {name: 100.0 * change[:, place] for place, name in enumerate(READINGS) if name in LEVELS}
    made["equivalent_variation"] = base.income * change[:, READINGS.index("welfare")]
    # Income but for the transfer, less what factors earn: both are readings over consumer prices.
    logs = {name: outcome.readings[:, place] for place, name in enumerate(READINGS)}
    net = (base.income - base.transfer) * np.exp(logs["real_income"] + logs["consumer_price"])
    earned = np.exp(logs["real_wage"] + central.problem.endowments + logs["consumer_price"])
    raised = net - base.factor_income.sum((1, 2)) * earned
    made["revenue"] = np.where(np.abs(raised) < NO_REVENUE * net, 0.0, raised)
    return {name: made[name] for name in (*LEVELS, "revenue")}


def sets_of(
    world: World,
    count: int,
    horizon: str | float | Elasticities,
    seed: int,
    elasticities: Elasticities | None = None,
) -> tuple[Parameters, ...]:
    """Return draws of the elasticities, see :func:`suasion.equilibrium.draws`; none where none are asked for.

    count: how many, from 0.
    Raises InputError: The count is out of range.
    """
    check_count(count, 0)
    return draws(world, count, horizon, seed=seed, elasticities=elasticities) if count else ()


def over_sets(
    sets: Sequence[S], solve: Callable[[S], T], progress: Progress | None = None
) -> Iterator[T | None]:
    """Yield what is solved for each draw; None where it has no equilibrium.

    sets: elasticities.
    solve: from the elasticities of a draw to a table, or what holds one.
    progress: called with (done, total, what).
    """
    for done, one in enumerate(sets):
        if progress:
            progress(done, len(sets), "draws")
        try:
            yield solve(one)
        except (ShockError, ElasticityError, ConvergenceError):
            yield None


def drawn_rows(
    frame: pd.DataFrame, frames: Iterable[pd.DataFrame | None], names: Sequence[str]
) -> xr.Dataset | None:
    """Return the numbers of a table over draws of the elasticities.

    frame: rows at the central elasticities.
    frames: the same rows in the same order for each draw; None where a draw has no equilibrium.
    names: columns that are kept of each draw.
    Returns: The columns over (draw, row), with what else names a row beside it; None without draws.
    """
    made = list(frames)
    if not made:
        return None
    none = np.full(len(frame), np.nan)
    rows = {str(name): ("row", frame[name].to_numpy()) for name in frame if frame[name].dtype == object}
    return xr.Dataset(
        {
            name: (
                ("draw", "row"),
                np.stack([none if one is None else one[name].to_numpy(dtype=float) for one in made]),
            )
            for name in names
        },
        {"draw": np.arange(len(made)), **rows},
    )


def with_bands(frame: pd.DataFrame, drawn: xr.Dataset | None) -> pd.DataFrame:
    """Return a table with the 90 % band, ``NAME_low`` and ``NAME_high``, of each column that was drawn.

    frame: rows at the central elasticities.
    drawn: of :func:`drawn_rows`; None leaves the table as it is.
    """
    if drawn is None:
        return frame
    found = {}
    for name in map(str, drawn.data_vars):
        low, high = band_of(
            drawn, name, WIDTH, xr.DataArray(frame[name].to_numpy(dtype=float), dims="row")
        ).values.T
        fixed = (low == high) & (low == frame[name])  # whatever the elasticities: there is nothing to say
        found[f"{name}_low"], found[f"{name}_high"] = (
            np.where(fixed, np.nan, low),
            np.where(fixed, np.nan, high),
        )
    return frame.assign(**found)


def failed_draws(drawn: xr.Dataset | None) -> int:
    """Return how many draws have no number at all: they have no equilibrium."""
    if drawn is None:
        return 0
    return int(drawn.to_dataarray().isnull().all(["variable", "row"]).sum())


class OverDraws(Brief):
    """What was solved for draws of the elasticities, in ``drawn``."""

    __slots__ = ()
    drawn: xr.Dataset | None

    def band(self, width: float = WIDTH, of: str = "") -> xr.DataArray:
        """Return the band of a number over the draws: its other dimensions, and ``end`` (low, high).

        Parameters
        ----------
        width : share of the draws between its ends
        of : name of the number; the first that was drawn without

        Raises
        ------
        InputError
            There are no draws, or none of that number.
        """
        first = of or ("" if self.drawn is None else str(next(iter(self.drawn.data_vars))))
        return band_of(self.drawn, first, width, getattr(self, first, None))


def band_of(
    drawn: xr.Dataset | None, name: str, width: float, central: xr.DataArray | None = None
) -> xr.DataArray:
    """Return the band of a variable over its draws, widened to hold the number at the central elasticities.

    drawn: what was solved for each draw; None where there were none.
    name: of the variable.
    width: share of the draws between its ends, above 0 and below 1.
    central: the number itself, which is no draw, over the other dimensions; None leaves the band as it is.
    Returns: The dimensions of the variable, with ``end`` (low, high) in place of ``draw``; NaN where no draw
      has a number.
    Raises InputError: There are no draws, no such variable, or the width is out of range.
    """
    if drawn is None:
        raise InputError("There are no draws: ask with draws=64, for instance.")
    if name not in drawn:
        raise InputError(
            f"There are no draws of {name!r}; there are of {', '.join(map(str, drawn.data_vars))}."
        )
    if not 0.0 < width < 1.0:
        raise InputError(f"The width of a band is {width}; give a share above 0 and below 1, such as 0.9.")
    ends = [(1.0 - width) / 2.0, (1.0 + width) / 2.0]
    none = drawn[name].isnull().all("draw")
    # Draws without an equilibrium are left out.
    found = (
        drawn[name].where(~none, 0.0).quantile(ends, dim="draw", skipna=True, keep_attrs=True).where(~none)
    )
    found = found.rename(quantile="end").assign_coords(end=["low", "high"]).transpose("end", ...)
    if central is not None:
        own = central.transpose(*found.dims[1:]).values
        held = np.stack([np.fmin(found.values[0], own), np.fmax(found.values[1], own)])
        found = found.copy(data=np.where(np.isnan(found.values), np.nan, held))
    return found.transpose(..., "end")
