"""What is known of the range of a loss, and how it is carried to another loss of the same side."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from suasion.types import Z90

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
