"""Move a world to later totals of bilateral trade, by iterative proportional fitting (RAS)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as changed

import numpy as np
import pandas as pd

from suasion.errors import ConvergenceError, DataError, InputError
from suasion.solvers.anderson import AndersonOptions, anderson
from suasion.sources.countries import resolve_country
from suasion.world.arrays import FloatArray
from suasion.world.world import World

OPTIONS = AndersonOptions(tolerance=1e-10, max_iterations=3000, memory=15)
"""The tolerance is on the logs of all margins."""


def nowcast(
    world: World, totals: pd.DataFrame, year: int, growth: Mapping[str, float] | float = 1.0
) -> World:
    """Return the world with its bilateral trade moved to totals of another year.

    Three margins are met together: the totals of pairs, the output of each industry, and each country's purchases of
    each good (both those of the base times growth; purchases are scaled so that the world's of each good equal its
    output). Of all tables that meet them this is the nearest to the base in relative entropy. Industries keep their
    input coefficients where purchases allow it, and final purchases take the rest.

    Parameters
    ----------
    world : World
        The base; tariffs and export taxes keep their rates.
    totals : DataFrame
        Columns ``exporter``, ``importer``, ``value``: trade in all goods and services of the world's definition,
        million USD of the new year, one row a pair. Pairs not named are free.
    year : int
        Year of the totals.
    growth : mapping or float
        Gross output over the base's, in USD, by country (1 where not named), or for all.

    Returns
    -------
    World
        With a note that says what was moved; the full use matrix is dropped.

    Raises
    ------
    InputError
        If a column is missing, a pair is named twice or is one country, a value or a growth factor is not positive.
    DataError
        If a seller's totals exceed its output, or a total is asked of a pair without trade in the base.
    ConvergenceError
        If the fit does not settle.
    """
    target = _targets(world, totals)
    factor = _growth(world, growth)
    base = world.array("intermediate") + world.array("final")
    output, bought = base.sum(0) * factor[:, None], base.sum(1) * factor[:, None]
    world_output, world_bought = output.sum(0), bought.sum(0)
    bought = bought * np.divide(
        world_output, world_bought, out=np.ones_like(world_bought), where=world_bought > 0
    )
    flow = _fit(world, base, target, output, bought)
    inputs = world.array("input_use") * factor[:, None, None]
    return _assembled(world, flow, inputs, year, int(np.isfinite(target).sum()))


def compared(world: World, moved: World, totals: pd.DataFrame) -> pd.DataFrame:
    """Set totals asked for beside those before and after.

    Parameters
    ----------
    world, moved : World
        The base, and what :func:`nowcast` made of it.
    totals : DataFrame
        As given to it.

    Returns
    -------
    DataFrame
        ``exporter``, ``importer`` (codes); ``base``, ``asked``, ``moved`` (million USD); ``change`` (moved over base,
        per cent).
    """
    asked = np.argwhere(np.isfinite(target := _targets(world, totals)))
    n, i = asked.T
    before, after = (w.array("intermediate").sum(2) + w.array("final").sum(2) for w in (world, moved))
    codes = np.array(world.countries)
    change = 100.0 * (_over(after, before, 1.0) - 1.0)
    return pd.DataFrame(
        {
            "exporter": codes[i],
            "importer": codes[n],
            "base": before[n, i],
            "asked": target[n, i],
            "moved": after[n, i],
            "change": change[n, i],
        }
    )


def _targets(world: World, totals: pd.DataFrame) -> FloatArray:
    """Totals (importer, exporter), NaN where free."""
    lacking = {"exporter", "importer", "value"} - set(totals.columns)
    if lacking:
        raise InputError(
            f"totals lacks the column {', '.join(sorted(lacking))}; it needs exporter, importer, value."
        )
    place = {code: k for k, code in enumerate(world.countries)}
    target = np.full((len(place), len(place)), np.nan)
    for seller, buyer, value in totals[["exporter", "importer", "value"]].itertuples(index=False):
        i, n = (place[_known(world, str(name))] for name in (seller, buyer))
        if i == n:
            raise InputError(
                f"totals names {seller} as both exporter and importer; it holds trade between two."
            )
        if not np.isnan(target[n, i]):
            raise InputError(f"totals names the trade from {seller} to {buyer} twice.")
        if not (np.isfinite(value) and value >= 0):
            raise InputError(
                f"The total from {seller} to {buyer} is {value}; it must be a number that is not negative."
            )
        target[n, i] = float(value)
    return target


def _known(world: World, name: str) -> str:
    code = name if name in world.countries else resolve_country(name)
    if code not in world.countries:
        raise InputError(f"{name} is not among the {len(world.countries)} countries of this world.")
    return code


def _growth(world: World, growth: Mapping[str, float] | float) -> FloatArray:
    named = growth if isinstance(growth, Mapping) else dict.fromkeys(world.countries, growth)
    factor = np.ones(len(world.countries))
    for name, value in named.items():
        if not (np.isfinite(value) and value > 0):
            raise InputError(
                f"The growth factor of {name} is {value}; it must be positive (1.05 for five per cent)."
            )
        factor[world.countries.index(_known(world, name))] = value
    return factor


def _fit(
    world: World, base: FloatArray, target: FloatArray, output: FloatArray, bought: FloatArray
) -> FloatArray:
    """Flows (importer, exporter, sector) with the given pair totals, outputs and purchases.

    Plain rounds of scaling slow down where a total leaves little room; Anderson acceleration of their logs does not.
    """
    _check(world, base, target, output)
    fixed, half = np.isfinite(target), output.size

    def scaled(logs: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Flows after one round from factors of (seller, good) and (buyer, good), and the new logs."""
        seller, buyer = np.exp(logs[:half].reshape(output.shape)), np.exp(logs[half:].reshape(bought.shape))
        flow = base * seller * buyer[:, None, :]
        flow *= np.where(fixed, _over(target, flow.sum(2), 1.0), 1.0)[:, :, None]
        more = _over(bought, flow.sum(1), 1.0)
        flow *= more[:, None, :]
        most = _over(output, flow.sum(0), 1.0)
        flow *= most
        with np.errstate(divide="ignore"):
            steps = [np.where(factor > 0, np.log(factor), 0.0).ravel() for factor in (most, more)]
        return flow, logs + np.concatenate(steps)

    found = anderson(lambda x: scaled(x)[1], np.zeros(2 * half), OPTIONS)
    if not found.converged:
        raise ConvergenceError(
            f"The totals could not be met together: margins are still {found.residual:.1e} off. Look for totals that "
            "leave a seller's industries no buyer, or name its growth."
        )
    return scaled(found.value)[0]


def _over(wanted: FloatArray, found: FloatArray, otherwise: float) -> FloatArray:
    return np.asarray(np.divide(wanted, found, out=np.full_like(found, otherwise), where=found > 0))


def _check(world: World, base: FloatArray, target: FloatArray, output: FloatArray) -> None:
    wanted = np.nansum(target, axis=0)
    for i in np.flatnonzero(wanted >= output.sum(1)):
        raise DataError(
            f"The totals ask {world.countries[i]} to export {wanted[i]:,.0f} million USD, more than its output of "
            f"{output[i].sum():,.0f}: check the unit (million USD), or give its growth."
        )
    nothing = (target > 0) & (base.sum(2) <= 0)
    for n, i in np.argwhere(nothing):
        raise DataError(
            f"The base has no trade from {world.countries[i]} to {world.countries[n]} that could be scaled to a total."
        )


def _assembled(world: World, flow: FloatArray, inputs: FloatArray, year: int, moved: int) -> World:
    rates = (1.0 + world.array("tariff")) * (1.0 + world.array("export_tax"))
    paid, used = (flow * rates).sum(1), inputs.sum(1)
    share = _over(used, paid, 0.0)
    short = share > 1.0
    inputs = inputs * np.where(short, 1.0 / np.maximum(share, 1.0), 1.0)[:, None, :]
    intermediate = flow * np.minimum(share, 1.0)[:, None, :]
    note = (
        f"Moved from {world.year} to {year}: {moved} bilateral totals were imposed by proportional fitting; outputs, "
        "purchases and input coefficients are those of the base times growth."
    )
    if short.any():
        most = 1.0 - 1.0 / float(share.max())
        note += f" Inputs were cut in {int(short.sum())} places, by at most {most:.2%}, to fit purchases."
    return world.replace(
        intermediate=intermediate,
        final=flow - intermediate,
        input_use=inputs,
        factor_income=(flow.sum(0) - inputs.sum(2))[:, :, None] * _shares(world),
        year=year,
        notes=(*world.notes, note),
        provenance=changed(world.provenance, dataset=f"{world.provenance.dataset}, moved from {world.year}"),
    )


def _shares(world: World) -> FloatArray:
    """Factor shares in value added (country, sector, factor)."""
    income = world.arrays["factor_income"]
    total = income.sum(2, keepdims=True)
    even = np.full_like(income, 1.0 / income.shape[2])
    return np.asarray(np.divide(income, total, out=even, where=total > 0))
