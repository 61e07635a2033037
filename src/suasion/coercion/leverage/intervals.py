"""Ranges of the losses of all pairs that ship: 90 %, of data and elasticities together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from suasion.errors import InputError
from suasion.sources.embedded import load_parquet
from suasion.world import World

FILE = "loss_intervals.parquet"


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
    data_share: float
    flag: str


def loss_intervals(year: int) -> pd.DataFrame:
    """Return the ranges of all pairs of an embedded world, both sides, both horizons.

    Parameters
    ----------
    year : int
        Of the embedded world.

    Returns
    -------
    DataFrame
        Columns as the attributes of :class:`LossInterval`.

    Raises
    ------
    InputError
        If no ranges ship for that year.
    """
    found = _shipped()
    rows = found[found["year"] == year]
    if rows.empty:
        known = ", ".join(str(y) for y in sorted(found["year"].unique()))
        raise InputError(
            f"Ranges of all pairs ship for the worlds of {known}, not {year}: ask loss_ranges for pairs."
        )
    return rows[list(LossInterval.__slots__)].reset_index(drop=True)


def loss_interval(world: World, country: str, partner: str, horizon: str = "long") -> LossInterval | None:
    """Look up the range of one loss: all trade between two countries ends, deficits balanced.

    Parameters
    ----------
    world : World
        The world of the answer; only an embedded one, as it is, has ranges that ship.
    country, partner : str
        Codes: who loses, and from whom it is cut off.
    horizon : ``"short"`` or ``"long"``

    Returns
    -------
    LossInterval or None
        None where nothing ships: another world, horizon, or a side that is no single country of it.
    """
    row = _rows(world.checksum).get((country, partner, horizon))
    return None if row is None else LossInterval(country, partner, horizon, *row)


@cache
def _shipped() -> pd.DataFrame:
    return load_parquet(FILE)


@cache
def _rows(checksum: str) -> dict[tuple[str, str, str], tuple[float, float, float, float, float, str]]:
    found = _shipped()
    table = found.loc[found["world"] == checksum, list(LossInterval.__slots__)]
    columns = [table[name].tolist() for name in table.columns]
    return {row[:3]: row[3:] for row in zip(*columns, strict=True)}
