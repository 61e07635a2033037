"""What an economy would lose with its largest supplier: the welfare side of a screen."""

from __future__ import annotations

import numpy as np

from suasion.products.balance import buyers_loss, price_rise
from suasion.products.elasticities import Responses
from suasion.products.flows import YearFlows
from suasion.types import FloatArray

LOW, CENTRAL, HIGH = 0, 1, 2
ENDS = {"": CENTRAL, "_low": HIGH, "_high": LOW}
"""Endings of columns, and the elasticities behind them."""


def supplier_loss(flows: YearFlows, responses: Responses, at: int = CENTRAL) -> tuple[FloatArray, FloatArray]:
    """Measure the loss for all buyers and products of a year, were the largest supplier of each cut off.

    flows: trade of the year.
    responses: elasticities of the products.
    at: which of their ranges' ends; the largest make the loss small.
    Returns: rise: (B, P) of the price, relative.
    loss: (B, P) in the unit of the flows.

    The supplier's sales to the buyer are lost to the market; all other sellers, and all buyers through what they
    forgo, make up for them at one price (:func:`suasion.products.balance.price_rise`).
    """
    known = flows.supplier >= 0
    column = np.broadcast_to(np.arange(flows.imports.shape[1]), flows.supplier.shape)
    sold = np.where(known, flows.exports[np.where(known, flows.supplier, 0), column], 0.0)
    others = np.clip(flows.world - sold, 0.0, None)
    rise = price_rise(flows.top, others[None], responses.supply[at], responses.demand[at])
    return rise, buyers_loss(flows.imports, rise, responses.demand[at])
