"""Ranges of losses, of data and elasticities together: 90 %, those of all pairs that ship, and how they are drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from suasion.coercion.leverage.carried import (
    COLUMNS,
    LossInterval,
    carried,
    estimated_ends,
    estimated_interval,
    estimated_intervals,
)
from suasion.coercion.leverage.solve import MatrixPlan, measure_of, named_ties, solve_plan
from suasion.coercion.outcomes import Horizon, Side, bands_of, base_accounts, members
from suasion.equilibrium import Parameters, draws, resolve
from suasion.errors import expect
from suasion.sources.embedded import load_parquet
from suasion.sources.state_estimates import YEAR
from suasion.types import Z90, DeficitRule, FloatArray
from suasion.world import World, load_world, table_draws
from suasion.world.every_state import beyond_the_table, estimated_states, is_usual
from suasion.world.load import usual_key

FILE = "loss_intervals.parquet"
BY_YEAR, OTHER_YEAR = "losses_by_year.parquet", (0.92, 0.06)
"""Losses of other years; slope and rest of a loss over draws of another year's world, on the same loss over draws of
the latest: medians of forty pairs in the long run, eight draws each, of the table of 2022 and what it was moved to."""


def loss_intervals(world: World) -> pd.DataFrame:
    """Return the ranges of all pairs, both sides, first year and long run: all trade ends, deficits balanced.

    Parameters
    ----------
    world : World
        Worlds by year, as they are, have ranges that ship, those of other years than the latest carried from it (NaN
        where a loss is none); so has that of every state, whose ties of two of the 80 economies of the table are those
        of the usual world. :func:`loss_ranges` draws those of others.

    Returns
    -------
    DataFrame
        Columns as the attributes of :class:`LossInterval`; no rows for another world.
    """
    if is_usual(world):
        return pd.concat([_of_world(usual_key(load_world())), estimated_intervals()], ignore_index=True)
    return _of_world(usual_key(world)).copy()


def with_estimated(world: World) -> bool:
    """Whether ties of estimated economies are looked up beside those of a world: the usual one, and every state's."""
    return is_usual(world) or (world.year == YEAR and bool(usual_key(world)))


def listed_states(world: World) -> tuple[str, ...]:
    """Return whose losses a list of all pairs has: the states of a world, and those that are looked up beside them."""
    beside = beyond_the_table(estimated_states()) if with_estimated(world) else ()
    return tuple(dict.fromkeys((*world.states, *beside)))


def losses_by_year(world: World) -> pd.DataFrame:
    """Return the losses of all pairs in every year that ships, with their ranges.

    Parameters
    ----------
    world : World
        The usual world, of the latest year.

    Returns
    -------
    DataFrame
        As :func:`loss_intervals`, with ``year`` and ``income_musd`` (real expenditure of the country, million USD a
        year); no rows for another world.
    """
    latest = loss_intervals(world)
    if latest.empty:
        return latest
    income = dict(zip(world.countries, base_accounts(world, "balance").income, strict=True))
    parts = [latest.assign(year=world.year, income_musd=latest["country"].astype(str).map(income))]
    others = load_parquet(BY_YEAR)
    for _, then in others.groupby(["year", "flows"], observed=True):
        year, flows = then[["year", "flows"]].iloc[0]
        incomes = then.drop_duplicates("country").set_index("country")["income_musd"]
        ranges = _of_world(f"{year}:{flows}")
        parts.append(ranges.assign(year=year, income_musd=ranges["country"].map(incomes)))
    return pd.concat(parts, ignore_index=True)


def loss_interval(world: World, country: str, partner: str, horizon: str = "long") -> LossInterval | None:
    """Look up the range of one loss; see :func:`loss_intervals`. Beside the usual world those of every state are found.

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
        None where nothing ships: another world or horizon, a side that is no single country, or, in another year than
        the latest, a gain.
    """
    columns, places = _by_pair(usual_key(world))
    place = places.get((country, partner, horizon))
    if place is None:
        return estimated_interval(country, partner, horizon) if with_estimated(world) else None
    found = LossInterval(*(column[place] for column in columns))
    return None if math.isnan(found.low_percent) else found


def pair_intervals(
    world: World, a: str, b: str, horizon: str, losses: tuple[float, float]
) -> tuple[LossInterval, LossInterval] | None:
    """Look up the ranges of both sides of a pair; of a state that is estimated they are its class's, around its loss.

    Those of groups are of :func:`interval_together`, and that of the ratio as if the two were unrelated, which is wide.

    Parameters
    ----------
    world : World
    a, b : str
        Codes of the sides, states or groups.
    horizon : ``"short"`` or ``"long"``
    losses : tuple of float
        Of the two, per cent, in that world.

    Returns
    -------
    tuple of LossInterval, or None
        None where nothing ships: another world or horizon, or a tie of which no range is known.
    """
    if doubtful := estimated_ends(world, (a, b), horizon, losses):
        ours, theirs = doubtful
        return (
            LossInterval(a, b, horizon, losses[0], *ours, ""),
            LossInterval(b, a, horizon, losses[1], *theirs, ""),
        )
    first, second = loss_interval(world, a, b, horizon), loss_interval(world, b, a, horizon)
    if first is None or second is None:
        return _of_groups(world, (a, b), horizon, losses)
    return first, second


def _of_groups(
    world: World, sides: tuple[str, str], horizon: str, losses: tuple[float, float]
) -> tuple[LossInterval, LossInterval] | None:
    """Ranges of two sides of which one at least is a group."""
    own, other = (members(world, side) for side in sides)
    first = interval_together(world, own, other, horizon, losses[0])
    second = interval_together(world, other, own, horizon, losses[1])
    if first is None or second is None:
        return None
    ratio = math.log(losses[0] / losses[1])
    low = ratio - math.hypot(math.log(losses[0] / first[0]), math.log(second[1] / losses[1]))
    high = ratio + math.hypot(math.log(first[1] / losses[0]), math.log(losses[1] / second[0]))
    more = float(ndtr((low + high) / (high - low) * Z90))
    unknown = (math.nan, math.nan)
    ends = (math.exp(low), math.exp(high)), (math.exp(-high), math.exp(-low))
    return (
        LossInterval(sides[0], sides[1], horizon, losses[0], *first, more, *ends[0], *unknown, ""),
        LossInterval(sides[1], sides[0], horizon, losses[1], *second, 1.0 - more, *ends[1], *unknown, ""),
    )


def shipped_ends(world: World, losses: Mapping[str, float], horizon: str) -> dict[str, tuple[float, float]]:
    """Return the ranges that ship of what each of two sides loses without the other, per cent, by side.

    losses: of the two sides, states or groups, per cent.
    horizon: ``"short"`` or ``"long"``; of others nothing ships.
    Returns: Nothing where no range ships.
    """
    first, second = losses
    shipped = pair_intervals(world, first, second, horizon, (losses[first], losses[second]))
    return {one.country: (one.low_percent, one.high_percent) for one in shipped or ()}


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
    found = losses_together(world, losers, partners, horizon)
    if found is None:
        return None
    low, center, high = found
    if not (low <= center <= high and center > 0.0):
        return None
    ends = sorted((loss * low / center, loss * high / center))
    return ends[0], ends[1]


def losses_together(
    world: World, losers: Sequence[str], partners: Sequence[str], horizon: str
) -> tuple[float, float, float] | None:
    """Losses of several countries from ties with several others, laid end to end: low end, center, high end.

    Parameters
    ----------
    world, losers, partners, horizon
        As for :func:`interval_together`.

    Returns
    -------
    tuple of float, or None
        Per cent of what all losers spend; None where a range of one of the ties does not ship.
    """
    columns, places = _by_pair(usual_key(world))
    keys = [[(a, b, horizon) for b in partners if b != a] for a in losers]
    if not keys or not all(key in places for ties in keys for key in ties):
        return None
    income = dict(zip(world.countries, base_accounts(world, "balance").income, strict=True))
    whole = sum(income[a] for a in losers) / 100.0
    low, center, high = (
        sum(
            income[a] * -math.expm1(sum(math.log1p(-columns[place][places[key]] / 100.0) for key in ties))
            for a, ties in zip(losers, keys, strict=True)
        )
        / whole
        for place in map(COLUMNS.index, ("low_percent", "loss_percent", "high_percent"))
    )
    return low, center, high


@cache
def _of_world(key: str) -> pd.DataFrame:
    """Ranges filed under a key: of the latest world as they ship, of other years carried from there to their losses."""
    ship, kept = load_parquet(FILE), list(COLUMNS)
    own = ship.loc[ship["world"] == key, kept].reset_index(drop=True)
    if len(own) or not key:
        return own
    year, _, flows = key.partition(":")
    losses = load_parquet(BY_YEAR)
    losses = losses[(losses["year"] == int(year)) & (losses["flows"] == flows)]
    if losses.empty:
        return own
    then, latest = _by_side(losses), _latest()
    known = latest.reindex(then.index).reset_index()
    turned = pd.MultiIndex.from_frame(known[["partner", "country", "horizon"]], names=SIDES)
    return carried(
        known,
        latest["loss_percent"].reindex(turned).reset_index(drop=True),
        then["loss_percent"].to_numpy(float),
        then["loss_percent"].reindex(turned).to_numpy(float),
        OTHER_YEAR,
        OTHER_YEAR,
    )[kept]


SIDES = ["country", "partner", "horizon"]


def _by_side(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype(dict.fromkeys(SIDES, str)).set_index(SIDES)


@cache
def _latest() -> pd.DataFrame:
    """Ranges that ship, by side: what those of every other year are carried from."""
    return _by_side(load_parquet(FILE)[list(COLUMNS)])


@cache
def _by_pair(key: str) -> tuple[list[list[Any]], dict[tuple[str, str, str], int]]:
    """Columns of the ranges of a world, and the row of each country, partner and horizon."""
    rows = _of_world(key)
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
