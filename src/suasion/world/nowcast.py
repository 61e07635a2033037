"""Move a world to another year: sales abroad grow by pair and industry, sales at home close the accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as changed

import numpy as np
import pandas as pd
from scipy.special import expit

from suasion.errors import DataError, InputError
from suasion.quotient import over
from suasion.sources.countries import resolve_country
from suasion.types import FloatArray
from suasion.world.checks import Step
from suasion.world.world import World

ROUNDS, TOLERANCE = 60, 1e-13
"""Newton for the split of purchases into inputs and final use; the tolerance is relative to purchases."""
MOST_INPUTS = 1.0 - 1e-9
"""Largest share of purchases that goes into production: some is left for final use, so that the split is one."""
LEAST_AT_HOME = 0.05
"""Smallest factor on sales at home: totals that leave an economy less are refused."""


def moved(
    world: World, growth: FloatArray, income: FloatArray, year: int, steps: tuple[str, ...] = ()
) -> World:
    """Return the world with every sale abroad multiplied, and sales at home scaled to the income wanted.

    Industries keep their input coefficients; a country's sales at home grow by one factor, that at which its value
    added is what it is to be. Purchases of each good are divided between inputs and final use in the base's odds,
    moved by one number for each buyer and good so that inputs are what industries use.

    world: the base; tariffs and export taxes keep their rates.
    growth: ndarray, shape (importer, exporter, sector). Factors on sales abroad; those at home are not read.
    income: ndarray, shape (country,). Factors on value added.
    year: the new year.
    steps: sentences for the provenance.
    Returns: The full use matrix is dropped.
    Raises DataError if sales abroad leave too little to be sold at home.
    """
    base = world.array("intermediate") + world.array("final")
    home = np.arange(len(world.countries))
    flow = base * growth
    flow[home, home] = 0.0
    flow[home, home] = base[home, home] * _at_home(world, base[home, home], flow.sum(0), income)[:, None]
    output, before = flow.sum(0), world.array("output")
    inputs = world.array("input_use") * over(output, before, 1.0)[:, :, None]
    rates = (1.0 + world.array("tariff")) * (1.0 + world.array("export_tax"))
    paid = flow * rates
    inputs, cut = _possible(inputs, paid.sum(1), world)
    share = input_share(world.array("intermediate"), world.array("final"), paid, inputs.sum(1))
    intermediate = flow * share
    inputs *= over((intermediate * rates).sum(1), inputs.sum(1), 1.0)[:, None, :]
    short: tuple[Step, ...] = (
        () if cut >= 1.0 else (f"inputs cut by at most {1 - cut:.4g} of them where purchases do not reach",)
    )
    return world.replace(
        intermediate=intermediate,
        final=flow - intermediate,
        input_use=inputs,
        # An industry that earns nothing may be a rounding below it.
        factor_income=np.maximum(output - inputs.sum(2), 0.0)[:, :, None] * _shares(world),
        year=year,
        provenance=world.provenance.then(*steps, *short),
    )


def _at_home(world: World, home: FloatArray, abroad: FloatArray, income: FloatArray) -> FloatArray:
    """Factor on sales at home at which value added is the base's times ``income``, at fixed coefficients."""
    earned = over(world.array("value_added"), world.array("output"))
    wanted = income * world.array("value_added").sum(1) - (earned * abroad).sum(1)
    factor = over(wanted, (earned * home).sum(1), 1.0)
    for i in np.flatnonzero(factor < LEAST_AT_HOME * income):
        raise DataError(
            f"Sales abroad of {abroad[i].sum():,.0f} million USD leave {world.countries[i]} too little to sell at "
            "home: check the unit (million USD), or give its growth."
        )
    return factor


def _possible(inputs: FloatArray, paid: FloatArray, world: World) -> tuple[FloatArray, float]:
    """Cut inputs where they exceed what is bought, or where the base buys none; and the smallest factor."""
    used = inputs.sum(1)
    sold = world.array("intermediate").sum(1) > 0
    most = np.where(sold, MOST_INPUTS * paid, 0.0)
    factor = np.minimum(over(most, used, 1.0), 1.0)
    # Where the base has no final use there is none to leave: purchases are inputs, all of them.
    return inputs * factor[:, None, :], float(factor[used > 1e-6 * used.max()].min())


def input_share(sold: FloatArray, final: FloatArray, paid: FloatArray, used: FloatArray) -> FloatArray:
    """Share of each flow that is an input: the base's odds, moved by buyer and good until inputs are met.

    sold, final: the base's inputs and final sales (buyer, seller, good).
    paid: flows at user prices, same axes.
    used: inputs wanted (buyer, good).
    """
    mixed = (sold > 0) & (final > 0)
    odds = np.log(np.where(mixed, sold, 1.0)) - np.log(np.where(mixed, final, 1.0))
    fixed = np.where(mixed, 0.0, paid * (sold > 0)).sum(1)
    movable = np.where(mixed, paid, 0.0)
    aim = over(np.clip(used - fixed, 0.0, None), movable.sum(1))
    columns, moved = (one.transpose(0, 2, 1).reshape(-1, one.shape[1]) for one in (odds, movable))
    shift = _shift(columns, moved, aim.ravel()).reshape(aim.shape)
    share = expit(odds + shift[:, None, :])
    # Nothing but inputs is bought of some goods: their share is what industries use of them.
    only = over(np.minimum(used, fixed), fixed)
    pure = (sold > 0) * only[:, None, :]
    return np.asarray(np.where(mixed, share, pure))


def _shift(odds: FloatArray, movable: FloatArray, aim: FloatArray) -> FloatArray:
    """Shift of log odds of each column that brings the share of what is movable to its aim, by Newton.

    odds, movable: (column, seller). aim: (column,). Columns that have arrived are left out of further rounds.
    """
    shift, total = np.zeros(len(aim)), movable.sum(1)
    rows = np.arange(len(aim))
    for _ in range(ROUNDS):
        share = expit(odds[rows] + shift[rows, None])
        reached = over((movable[rows] * share).sum(1), total[rows])
        left = np.abs(reached - aim[rows]) >= TOLERANCE
        if not left.any():
            break
        slope = over((movable[rows] * share * (1 - share)).sum(1), total[rows])
        step = np.clip(over(aim[rows] - reached, np.maximum(slope, 1e-12)), -2.0, 2.0)
        shift[rows[left]] += step[left]
        rows = rows[left]
    return shift


def nowcast(
    world: World, totals: pd.DataFrame, year: int, growth: Mapping[str, float] | float = 1.0
) -> World:
    """Return the world with its bilateral trade moved to totals of another year.

    The totals are met exactly. A pair without one grows by the geometric mean of the growth of its two sides; sales at
    home are what brings each country's value added to its base times its growth; see :func:`moved`.

    Parameters
    ----------
    world : the base; tariffs and export taxes keep their rates
    totals : columns ``exporter``, ``importer``, ``value``: trade in all goods and services of the world's definition,
        million USD of the new year, one row a pair. Pairs not named are free.
    year : year of the totals
    growth : value added over the base's, in USD, by country (1 where not named), or for all

    Returns
    -------
    World
        With a note that says what was moved; the full use matrix is dropped.

    Raises
    ------
    InputError
        If a column is missing, a pair is named twice or is one country, a value or a growth factor is not positive.
    DataError
        If totals leave a seller too little to sell at home, or a total is asked of a pair without trade in the base.
    """
    target, income = _targets(world, totals), _growth(world, growth)
    between = (world.array("intermediate") + world.array("final")).sum(2)
    for n, i in np.argwhere((target > 0) & (between <= 0)):
        raise DataError(
            f"The base has no trade from {world.countries[i]} to {world.countries[n]} that could be scaled to a total."
        )
    factor = np.sqrt(np.outer(income, income))
    factor = np.where(np.isfinite(target), over(np.nan_to_num(target), between), factor)
    count = int(np.isfinite(target).sum())
    note: Step = (
        f"Moved from {world.year} to {year}: {count} bilateral totals are imposed, other pairs grow with their two "
        "sides; sales at home close the accounts at the base's input coefficients."
    )
    step: Step = f"moved from {world.year} to {year} with {count} totals of pairs given by the user"
    later = moved(world, np.repeat(factor[:, :, None], len(world.sectors), axis=2), income, year, (step,))
    return later.replace(
        notes=(*world.notes, note),
        provenance=changed(later.provenance, dataset=f"{world.provenance.dataset}, moved from {world.year}"),
    )


def compared(world: World, moved: World, totals: pd.DataFrame) -> pd.DataFrame:
    """Set totals asked for beside those before and after.

    world, moved: the base, and what :func:`nowcast` made of it.
    totals: as given to it.
    Returns: ``exporter``, ``importer`` (codes); ``base``, ``asked``, ``moved`` (million USD); ``change``
      (moved over base, per cent).
    """
    asked = np.argwhere(np.isfinite(target := _targets(world, totals)))
    n, i = asked.T
    before, after = (w.array("intermediate").sum(2) + w.array("final").sum(2) for w in (world, moved))
    codes = np.array(world.countries)
    change = 100.0 * (over(after, before, 1.0) - 1.0)
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


def _shares(world: World) -> FloatArray:
    """Factor shares in value added (country, sector, factor)."""
    income = world.arrays["factor_income"]
    return over(income, income.sum(2, keepdims=True), 1.0 / income.shape[2])
