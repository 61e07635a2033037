"""What an economy would lose with its largest supplier: the welfare side of a screen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suasion.products.balance import buyers_loss, price_rise
from suasion.products.elasticities import Responses
from suasion.products.flows import YearFlows
from suasion.types import FloatArray

LOW, CENTRAL, HIGH = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Losses:
    """Rise of the price and loss of the buyer if its largest supplier of each product were cut off from it.

    rise, rise_low, rise_high: (B, P) relative rise; low with the largest elasticities of the ranges, high
      with the smallest.
    loss, loss_low, loss_high: (B, P) in the unit of the flows.
    """

    rise: FloatArray
    rise_low: FloatArray
    rise_high: FloatArray
    loss: FloatArray
    loss_low: FloatArray
    loss_high: FloatArray


def supplier_losses(flows: YearFlows, responses: Responses, ranges: bool = True) -> Losses:
    """Measure the loss for all buyers and products of a year.

    flows: trade of the year.
    responses: elasticities of the products.
    ranges: whether the ends of the ranges are wanted; without them low and high are the central numbers.

    The supplier's sales to the buyer are lost to the market; all other sellers, and all buyers through what they
    forgo, make up for them at one price (:func:`suasion.products.balance.price_rise`).
    """
    known = flows.supplier >= 0
    column = np.broadcast_to(np.arange(flows.imports.shape[1]), flows.supplier.shape)
    sold = np.where(known, flows.exports[np.where(known, flows.supplier, 0), column], 0.0)
    others = np.clip(flows.world - sold, 0.0, None)
    ends = ((CENTRAL, CENTRAL), (HIGH, HIGH), (LOW, LOW)) if ranges else ((CENTRAL, CENTRAL),)
    made = []
    for at_supply, at_demand in ends:
        supply, demand = responses.supply[at_supply], responses.demand[at_demand]
        rise = price_rise(flows.top, others[None], supply, demand)
        made.append((rise, buyers_loss(flows.imports, rise, demand)))
    if not ranges:
        made *= 3
    (rise, loss), (rise_low, loss_low), (rise_high, loss_high) = made
    return Losses(rise, rise_low, rise_high, loss, loss_low, loss_high)
