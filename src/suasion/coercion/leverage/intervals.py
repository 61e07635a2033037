"""Ranges of losses, of data and elasticities together: 90 %, those of all pairs that ship, and how they are drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from suasion.coercion.leverage.solve import MatrixPlan, measure_of, named_ties, solve_plan
from suasion.coercion.outcomes import Horizon, bands_of, base_accounts
from suasion.coercion.sides import Side, members
from suasion.equilibrium import Parameters, draws, resolve
from suasion.errors import expect
from suasion.sources.embedded import load_parquet
from suasion.types import DeficitRule, FloatArray
from suasion.world import World, load_world, table_draws

FILE = "loss_intervals.parquet"
OWN_OUTLET, OTHERS_OUTLET = (1.04, 0.10), (1.0, 0.04)
"""How the log of a loss moves over draws where the outlet of the side that loses, or of its partner, was closed before:
slope on the log of the same loss with it open, and deviation of the rest. Measured on exact draws, see
``docs/evidence/closed_outlets.csv``."""
TABLE, EARLIER = 2022, (0.92, 0.06)
"""Year of the table that later worlds were moved from; slope and rest of a loss over draws of it, on the same loss over
draws of the latest world: medians of forty pairs in the long run, eight draws each."""


@dataclass(frozen=True, slots=True)
class LossInterval:
    """What a country loses when its trade with another ends, and how far that is known.

    Attributes
    ----------
    country, partner, horizon : str
        Who loses, from whom it is cut off, ``"short"`` or ``"long"``.
    loss_percent : float
        At the table and the elasticities as they are, per cent of own real expenditure.
    low_percent, high_percent : float
        Ends of the 90 % range over draws of tables and elasticities.
    loses_more : float
        Share of draws in which the country loses more, in per cent, than its partner; 0 to 1.
    low_ratio, high_ratio : float
        Ends of the 90 % range of its loss over its partner's, both in per cent; NaN where either may be a gain.
    data_share : float
        Share of the variance of the log of the loss that the tables bring, the rest being elasticities; NaN where the
        loss is not above zero in all draws.
    flag : str
        Reason to doubt the table's trade of the pair: ``"below"`` or ``"above"`` customs, ``"estimated"`` destinations
        of both, or empty.
    """

    country: str
    partner: str
    horizon: str
    loss_percent: float
    low_percent: float
    high_percent: float
    loses_more: float
    low_ratio: float
    high_ratio: float
    data_share: float
    flag: str


COLUMNS = tuple(LossInterval.__slots__)


def loss_intervals(world: World) -> pd.DataFrame:
    """Return the ranges of all pairs, both sides, first year and long run: all trade ends, deficits balanced.

    Parameters
    ----------
    world : World
        Only an embedded world, as it is, has ranges that ship; :func:`loss_ranges` draws those of others.

    Returns
    -------
    DataFrame
        Columns as the attributes of :class:`LossInterval`; no rows for another world.
    """
    return _of_world(world.checksum).copy()


def loss_interval(world: World, country: str, partner: str, horizon: str = "long") -> LossInterval | None:
    """Look up the range of one loss; see :func:`loss_intervals`.

    Parameters
    ----------
    world : World
        The world of the answer.
    country, partner : str
        Codes: who loses, and from whom it is cut off.
    horizon : ``"short"`` or ``"long"``

    Returns
    -------
    LossInterval or None
        None where nothing ships: another world or horizon, or a side that is no single country.
    """
    columns, places = _by_pair(world.checksum)
    place = places.get((country, partner, horizon))
    return None if place is None else LossInterval(*(column[place] for column in columns))


def outlet_closed(
    first: LossInterval, second: LossInterval, losses: tuple[float, float]
) -> tuple[LossInterval, LossInterval] | None:
    """Carry the ranges of both sides of a pair to the losses where the first side's other outlet was closed before.

    What is not known of tables and elasticities moves a loss with the outlet closed nearly as it moves the one with it
    open, draw by draw; the range is widened by what it moves otherwise.

    Parameters
    ----------
    first, second : LossInterval
        Of the two sides, outlet open.
    losses : tuple of float
        Of the two, per cent, outlet closed.

    Returns
    -------
    tuple of LossInterval, or None
        None where a loss, or an end of its range, is not above zero.
    """
    return _carried(first, second, losses, (OWN_OUTLET, OTHERS_OUTLET))


def _carried(
    first: LossInterval,
    second: LossInterval,
    losses: tuple[float, float],
    ways: tuple[tuple[float, float], tuple[float, float]],
) -> tuple[LossInterval, LossInterval] | None:
    """Carry the ranges of both sides to other losses of theirs; None where one is not above zero."""
    sides = (first, second)
    told = [
        *losses,
        *(value for one in sides for value in (one.loss_percent, one.low_percent, one.high_percent)),
        first.low_ratio,
        second.low_ratio,
    ]
    if not all(value > 0 for value in told):
        return None
    slopes, rests = zip(*ways, strict=True)
    far = ndtri(0.95)

    def carried(end: float, center: float, to: float, slope: float, rest: float) -> float:
        """One end of a range, in logs from its center, at another center."""
        away = math.log(end / center)
        return to * math.exp(math.copysign(math.hypot(slope * away, far * rest), away))

    ends = [
        [carried(end, one.loss_percent, loss, slope, rest) for end in (one.low_percent, one.high_percent)]
        for one, loss, slope, rest in zip(sides, losses, slopes, rests, strict=True)
    ]
    center, to = first.loss_percent / second.loss_percent, losses[0] / losses[1]
    ratio = [
        carried(end, center, to, slopes[0], math.hypot(*rests)) for end in (first.low_ratio, first.high_ratio)
    ]
    logs = [math.log(end) for end in ratio]
    more = float(ndtr(sum(logs) / (logs[1] - logs[0]) * far))  # the middle over the deviation
    made = [
        replace(one, loss_percent=loss, low_percent=low, high_percent=high)
        for one, loss, (low, high) in zip(sides, losses, ends, strict=True)
    ]
    return (
        replace(made[0], low_ratio=ratio[0], high_ratio=ratio[1], loses_more=more),
        replace(made[1], low_ratio=1.0 / ratio[1], high_ratio=1.0 / ratio[0], loses_more=1.0 - more),
    )


def pair_intervals(
    world: World, a: str, b: str, horizon: str, losses: tuple[float, float]
) -> tuple[LossInterval, LossInterval] | None:
    """Look up the ranges of both sides of a pair; carry them back from the latest world to the table it was moved from.

    Parameters
    ----------
    world : World
    a, b : str
        Codes of the sides.
    horizon : ``"short"`` or ``"long"``
    losses : tuple of float
        Of the two, per cent, in that world.

    Returns
    -------
    tuple of LossInterval, or None
        None where nothing ships: another world or horizon, a side that is no single country, or a gain.
    """
    first, second = loss_interval(world, a, b, horizon), loss_interval(world, b, a, horizon)
    if first is not None and second is not None:
        return first, second
    latest = load_world() if _is_earlier(world) else world
    first, second = loss_interval(latest, a, b, horizon), loss_interval(latest, b, a, horizon)
    if first is None or second is None:
        return None
    return _carried(first, second, losses, (EARLIER, EARLIER))


def shipped_ends(world: World, losses: Mapping[str, float], horizon: str) -> dict[str, tuple[float, float]]:
    """Return the ranges that ship of what each of two sides loses without the other, per cent, by side.

    losses: of the two sides, states or groups, per cent.
    horizon: ``"short"`` or ``"long"``; of others nothing ships.
    Returns: Nothing for a side of which no range ships.
    """
    first, second = losses
    shipped = pair_intervals(world, first, second, horizon, (losses[first], losses[second]))
    if shipped:
        return {one.country: (one.low_percent, one.high_percent) for one in shipped}
    codes = {side: members(world, side) for side in losses}
    groups = {
        side: interval_together(world, codes[side], codes[other], horizon, losses[side])
        for side, other in ((first, second), (second, first))
    }
    return {side: ends for side, ends in groups.items() if ends is not None}


def interval_together(
    world: World, losers: Sequence[str], partners: Sequence[str], horizon: str, loss: float
) -> tuple[float, float] | None:
    """Range of what several countries lose together when trade with several others ends.

    The ranges of the single ties are laid end to end: losses of a country in logs, countries by income, all at their
    low ends or all at their high ones, as if nothing that is unknown of one tie made up for that of another. The loss
    moves by the same factor. That is a little wider than what draws of all ties together give.

    Parameters
    ----------
    world : World
    losers, partners : sequence of str
        Codes; one that is on both sides is no tie.
    horizon : ``"short"`` or ``"long"``
    loss : float
        Of all losers, in any unit.

    Returns
    -------
    tuple of float, or None
        None where a range of one of the ties does not ship, or the ties add up to no loss.
    """
    columns, places = _by_pair(world.checksum)
    keys = [[(a, b, horizon) for b in partners if b != a] for a in losers]
    if not keys or not all(key in places for ties in keys for key in ties):
        return None
    income = dict(zip(world.countries, base_accounts(world, "balance").income, strict=True))
    low, center, high = (
        sum(
            income[a] * -math.expm1(sum(math.log1p(-columns[place][places[key]] / 100.0) for key in ties))
            for a, ties in zip(losers, keys, strict=True)
        )
        for place in map(COLUMNS.index, ("low_percent", "loss_percent", "high_percent"))
    )
    if not (low <= center <= high and center > 0.0):
        return None
    ends = sorted((loss * low / center, loss * high / center))
    return ends[0], ends[1]


def _is_earlier(world: World) -> bool:
    """Whether a world is the embedded table that later worlds were moved from."""
    return world.year == TABLE and world.checksum == load_world(year=TABLE).checksum


@cache
def _of_world(checksum: str) -> pd.DataFrame:
    found = load_parquet(FILE)
    return found.loc[found["world"] == checksum, list(COLUMNS)].reset_index(drop=True)


@cache
def _by_pair(checksum: str) -> tuple[list[list[Any]], dict[tuple[str, str, str], int]]:
    """Columns of the ranges of a world, and the row of each country, partner and horizon."""
    rows = _of_world(checksum)
    keys = zip(*(rows[name].tolist() for name in ("country", "partner", "horizon")), strict=True)
    return [rows[name].tolist() for name in COLUMNS], {key: place for place, key in enumerate(keys)}


CLEAR = 0.9
"""Share of draws from which the order of two losses is worth a word."""


def loss_ranges(
    world: World,
    pairs: Sequence[tuple[Side, Side]],
    horizon: Horizon = "long",
    *,
    count: int = 64,
    seed: int = 0,
    apart: bool = False,
    deficits: DeficitRule = "balance",
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Return the losses of pairs that embargo each other, with ranges of data and elasticities together.

    Every draw has a table of its own (:func:`suasion.world.table_draws`) and elasticities of its own
    (:func:`suasion.equilibrium.draws`), the same for all pairs: losses of two pairs may be compared draw by draw. The
    deficit rule is no part of the range.

    Parameters
    ----------
    world : an embedded world of 2022 or later, whose tables can be drawn
    pairs : sequence of pairs of sides
    horizon : ``"short"``, ``"long"`` or years since the act
    count : number of draws, from 1; 64 give a usable range
    seed : of both sequences
    apart : also solve the tables with central elasticities, for ``data_share``; twice the work
    deficits : deficit rule
    progress : called with (done, total)

    Returns
    -------
    DataFrame
        One row per pair and side: ``country``, ``partner``, ``loss_percent`` (central), ``low_percent``,
        ``high_percent`` (90 %), ``loses_more`` (share of draws in which the country loses more, in per cent, than its
        partner), ``clear`` (whether nine in ten draws agree on that), ``data_share`` (share of the variance of the log
        of the loss that the tables bring; NaN unless asked for), ``failed`` (draws without an equilibrium).

    Raises
    ------
    InputError
        If the world's destinations are observed, or an argument is out of range.
    """
    expect(world, World, "world", "It comes first; load_world(year=2023) gives an embedded one.")
    measure = measure_of("embargo", 0.0)
    sides, ties = named_ties(world, pairs, None)

    def solve(table: World, parameters: Parameters) -> FloatArray:
        """Losses of both sides of every tie, (tie, 2), per cent."""
        plan = MatrixPlan(table, parameters, deficits, None, None, measure, sides, ties)
        losses = solve_plan(plan, brackets=False)
        return losses[["first_percent", "second_percent"]].to_numpy(dtype=np.float64)

    center = resolve(world, horizon)
    central = solve(world, center)
    sets = draws(world, count, horizon, seed=seed)
    both, data = [], []
    for done, (table, parameters) in enumerate(zip(table_draws(world, count, seed), sets, strict=True)):
        both.append(solve(table, parameters))
        if apart:
            data.append(solve(table, center))
        if progress is not None:
            progress(done + 1, count)
    names = np.array(list(sides))[np.array(ties)]
    return _table(names, central, np.stack(both), np.stack(data) if apart else None)


def _table(
    names: np.ndarray, central: FloatArray, drawn: FloatArray, data: FloatArray | None
) -> pd.DataFrame:
    """One row a side: of arrays (tie, 2), and (draw, tie, 2) where drawn."""
    worked = np.asarray(np.isfinite(drawn).all(axis=2))
    more = np.where(worked[:, :, None], drawn > drawn[:, :, ::-1], np.nan)
    low, high = bands_of(drawn, central)
    ahead = np.nanmean(more, axis=0)
    share = np.full_like(central, np.nan) if data is None else _spread(data) / _spread(drawn)
    columns = {
        "country": names,
        "partner": names[:, ::-1],
        "loss_percent": central,
        "low_percent": low,
        "high_percent": high,
        "loses_more": ahead,
        "clear": np.maximum(ahead, 1.0 - ahead) >= CLEAR,
        "data_share": np.minimum(share, 1.0),
        "failed": np.repeat((~worked).sum(0)[:, None], 2, axis=1),
    }
    return pd.DataFrame({name: value.ravel() for name, value in columns.items()})


def _spread(losses: FloatArray) -> FloatArray:
    """Variance of the log over draws."""
    logs = np.log(np.where(losses > 0, losses, np.nan))
    return np.asarray(np.nanvar(logs, axis=0))
