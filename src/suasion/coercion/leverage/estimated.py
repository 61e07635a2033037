"""Losses by ties of estimated economies: those that ship, and ranges of the doubt of a class and of elasticities."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from suasion.coercion.leverage.carried import COLUMNS, WHOLE, LossInterval
from suasion.sources.embedded import load_parquet
from suasion.types import Z90, FloatArray
from suasion.world import World
from suasion.world.every_state import DOUBT, PARTNER_DOUBT, doubt_of, estimated_states

FILE = "state_losses.parquet"
ELASTICITIES = {"short": (0.28, 0.31), "long": (0.26, 0.57)}
"""Deviation of the log of a loss, below and above, over draws of the elasticities and the sets of others alone: medians
of the ranges that ship, of losses above .1 %."""
SETS = {"short": 0.14, "long": 0.65}
"""Share of its variance that the sets of others bring, likewise."""
Ends = tuple[float, float, float, float, float, float, float]


def estimated_range(
    world: World, country: str, partners: Sequence[str], horizon: str, loss: float
) -> tuple[float, float] | None:
    """Range of what a country or bloc loses by ties of which somebody is estimated, per cent.

    Returns: None where nobody is, the loss is not above zero, or the horizon is another.
    """
    doubt = doubt_of(world, country, partners)
    if not doubt or not loss > 0 or horizon not in ELASTICITIES:
        return None
    low, high = (float(end) for end in _ends(loss, doubt, horizon))
    return low, high


def estimated_ends(
    world: World, sides: tuple[str, str], horizon: str, losses: tuple[float, float]
) -> tuple[Ends, Ends] | None:
    """Ranges of what both sides lose, where one of them is estimated.

    sides: codes of economies or of blocs. horizon: ``"short"`` or ``"long"``. losses: per cent.
    Returns: of each side the ends of its 90 % range, the share of draws in which it loses more, the ends of the range
      of its loss over its partner's, and the shares of the doubt that are the table's and the model's; None where
      neither is estimated, a loss is not above zero, or the horizon is another.
    """
    doubt = doubt_of(world, sides[0], (sides[1],)), doubt_of(world, sides[1], (sides[0],))
    if not any(doubt) or min(losses) <= 0 or horizon not in ELASTICITIES:
        return None
    own, others = np.array(losses), np.array(losses[::-1])
    found = range_columns(own, others, np.array(doubt), np.array(doubt[::-1]), horizon)
    first, second = (tuple(float(column[place]) for column in found.values()) for place in (0, 1))
    return first, second  # type: ignore[return-value]


def _ends(loss: Any, doubt: Any, horizon: str) -> tuple[Any, Any]:
    """Ends of a 90 % range around losses, per cent: doubt of the table and that of elasticities, as if unrelated."""
    low, high = (np.exp(Z90 * np.hypot(doubt, spread)) for spread in ELASTICITIES[horizon])
    ends = loss / low, np.minimum(loss * high, WHOLE)
    return np.minimum(*ends), np.maximum(*ends)  # of a gain the far end is the low one


def range_columns(
    loss: FloatArray, partner_loss: FloatArray, doubt: FloatArray, partner_doubt: FloatArray, horizon: str
) -> dict[str, FloatArray]:
    """Return what is known of the ranges of losses, by the names of :class:`LossInterval`.

    loss, partner_loss: (row,) per cent. doubt, partner_doubt: (row,) deviation of the log that the table brings.
    """
    low, high = _ends(loss, doubt, horizon)
    apart = np.hypot(doubt, partner_doubt)  # elasticities move both sides alike
    step, both = np.exp(Z90 * apart), (loss > 0.0) & (partner_loss > 0.0)
    share = doubt**2 / (doubt**2 + (sum(ELASTICITIES[horizon]) / 2.0) ** 2)
    ratio = np.where(both, loss, np.nan) / np.where(both, partner_loss, np.nan)
    return {
        "low_percent": low,
        "high_percent": high,
        "loses_more": np.where(both, ndtr(np.log(ratio) / apart), np.heaviside(loss - partner_loss, 0.5)),
        "low_ratio": ratio / step,
        "high_ratio": ratio * step,
        "data_share": share,
        "model_share": (1.0 - share) * SETS[horizon],
    }


@cache
def state_losses() -> pd.DataFrame:
    """Return the losses that ship of all ties of which one economy at least is estimated, one row a side.

    Returns: ``country`` (who loses), ``partner``, ``short_percent``, ``long_percent``, ``income_musd`` (real
      expenditure of the country, million USD a year), ``trade_musd`` (of the two), ``flag``, ``replacement`` and
      ``no_switching`` of the first year as :class:`suasion.coercion.LeverageMatrix` has them, and ``estimate``, the
      worse class of the two: A, B or C.
    """
    classes, ship = estimated_states(), load_parquet(FILE)
    ship = ship.astype({"country": str, "partner": str, "flag": str})
    own, other = (ship[side].map(classes).fillna("") for side in ("country", "partner"))
    return ship.assign(estimate=own.where(own > other, other))


@cache
def estimated_intervals() -> pd.DataFrame:
    """Return the same at both horizons with their ranges; columns as :class:`LossInterval`, whose flag is the class."""
    ties = state_losses()
    back = ties.set_index(["partner", "country"])
    sides = pd.MultiIndex.from_frame(ties[["country", "partner"]])
    classes = estimated_states()
    own, others = (
        ties[side].map(classes).map(DOUBT).fillna(0.0).to_numpy() for side in ("country", "partner")
    )
    worst = np.maximum(own, others)
    of, against = (np.where(one > 0.0, worst, np.maximum(worst, PARTNER_DOUBT)) for one in (own, others))
    parts = []
    for horizon in ELASTICITIES:
        name = f"{horizon}_percent"
        loss = ties[name].to_numpy(np.float64)
        found = range_columns(loss, back[name].reindex(sides).to_numpy(np.float64), of, against, horizon)
        labels = ties[["country", "partner"]].assign(horizon=horizon, loss_percent=loss)
        parts.append(labels.assign(**found, flag="class_" + ties["estimate"].str.lower()))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


@cache
def _places() -> tuple[dict[tuple[str, str, str], int], list[list[Any]]]:
    table = estimated_intervals()
    columns = [table[name].tolist() for name in COLUMNS]
    return {key: place for place, key in enumerate(zip(*columns[:3], strict=True))}, columns


def estimated_interval(country: str, partner: str, horizon: str) -> LossInterval | None:
    """Return the loss that ships of one side of a tie, with its range; None where neither side is estimated."""
    places, columns = _places()
    place = places.get((country, partner, horizon))
    return None if place is None else LossInterval(*(column[place] for column in columns))
