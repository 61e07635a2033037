"""What is known of the range of a loss, of estimated economies too, and how it is carried to another loss."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from suasion.sources.embedded import load_parquet
from suasion.types import Z90, FloatArray
from suasion.world import World
from suasion.world.every_state import DOUBT, PARTNER_DOUBT, doubt_of, estimated_states

OWN_OUTLET, OTHERS_OUTLET = (1.04, 0.10), (1.0, 0.04)
"""How the log of a loss moves over draws where the outlet of the side that loses, or of its partner, was closed before:
slope on the log of the same loss with it open, and deviation of the rest. Measured on exact draws, see
``docs/evidence/closed_outlets.csv``."""


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
        Ends of the 90 % range over tables, draws of the elasticities, and the sets of them that others found.
    loses_more : float
        Share of draws in which the country loses more, in per cent, than its partner; 0 to 1.
    low_ratio, high_ratio : float
        Ends of the 90 % range of its loss over its partner's, both in per cent; NaN where either may be a gain.
    data_share : float
        Share of the variance of the log of the loss that the tables bring; NaN where the loss is not above zero in all
        draws.
    model_share : float
        The same of the sets of elasticities that others found and of the deficit rule; the rest is the response, within
        the usual set.
    flag : str
        Reason to doubt the table's trade of the pair: ``"below"`` or ``"above"`` customs, ``"estimated"``, known
        within a wide range only, or empty; of a tie of an estimated economy its class, the worse of the two:
        ``"class_a"``, ``"class_b"`` or ``"class_c"``.
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
    model_share: float
    flag: str


WHOLE = 100.0
"""Nobody loses more than all, per cent."""
COLUMNS = tuple(LossInterval.__slots__)
"""What is known of a range, as columns of a table."""


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
    sides = [pd.DataFrame([asdict(one)]) for one in (first, second)]
    ways = OWN_OUTLET, OTHERS_OUTLET
    made = [
        carried(own, other["loss_percent"], to, others, way, rest)
        for own, other, to, others, way, rest in zip(
            sides, sides[::-1], losses, losses[::-1], ways, ways[::-1], strict=True
        )
    ]
    if any(one[["low_percent", "low_ratio"]].isna().to_numpy().any() for one in made):
        return None
    one, two = (LossInterval(*row.iloc[0][list(COLUMNS)]) for row in made)
    low, high = 1.0 / one.high_ratio, 1.0 / one.low_ratio
    return one, replace(two, low_ratio=low, high_ratio=high, loses_more=1.0 - one.loses_more)


def carried(
    known: pd.DataFrame,
    partner_loss: pd.Series[float],
    losses: Any,
    partner_losses: Any,
    way: tuple[float, float],
    partner_way: tuple[float, float],
) -> pd.DataFrame:
    """Carry ranges to other losses: in logs, each end by its slope, widened by what moves otherwise.

    known: rows of ranges, columns as of :class:`LossInterval`. partner_loss: (row,) that of the partner, at its center.
    losses, partner_losses: (row,) to which they are carried.
    way, partner_way: slope and deviation of the rest, of the side and of its partner.
    Returns: The same rows; ends, ratios and ``loses_more`` are NaN where a loss, or an end of its range, is no loss.
    """
    own, others = (np.where(np.asarray(to) > 0.0, to, np.nan) for to in (losses, partner_losses))

    def moved(end: Any, center: Any, to: Any, slope: float, rest: float) -> Any:
        away = np.log(end / center)
        return to * np.exp(np.copysign(np.hypot(slope * away, Z90 * rest), away))

    with np.errstate(divide="ignore", invalid="ignore"):
        center, to = known["loss_percent"] / partner_loss, own / others
        rest = math.hypot(way[1], partner_way[1])
        ends = {
            f"{end}_percent": moved(known[f"{end}_percent"], known["loss_percent"], own, *way)
            for end in ("low", "high")
        }
        ends["high_percent"] = np.minimum(ends["high_percent"], WHOLE)
        ratio = {
            f"{end}_ratio": moved(known[f"{end}_ratio"], center, to, way[0], rest) for end in ("low", "high")
        }
        low, high = np.log(ratio["low_ratio"]), np.log(ratio["high_ratio"])
        more = ndtr((low + high) / (high - low) * Z90)  # the middle over the deviation
    return known.assign(loss_percent=losses, **ends, **ratio, loses_more=more)


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
