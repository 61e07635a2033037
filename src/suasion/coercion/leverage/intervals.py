"""Ranges of the losses of all pairs that ship: 90 %, of data and elasticities together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

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
    return _by_pair(world.checksum).get((country, partner, horizon))


@cache
def _of_world(checksum: str) -> pd.DataFrame:
    found = load_parquet(FILE)
    return found.loc[found["world"] == checksum, list(COLUMNS)].reset_index(drop=True)


@cache
def _by_pair(checksum: str) -> dict[tuple[str, str, str], LossInterval]:
    rows = _of_world(checksum)
    made = (LossInterval(*row) for row in zip(*(rows[name].tolist() for name in COLUMNS), strict=True))
    return {(one.country, one.partner, one.horizon): one for one in made}
