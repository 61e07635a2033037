"""Inverses of the linearised base within countries and within sectors, for factors that are not fully mobile.

Where the factor stays in its cell the reduced system has a wage for every cell, 4,000 at 80 x 50. Two families of small
systems hold nearly all of it: the industries of one country, which supply each other, and the producers of one good,
who compete. A step solves the first family, then the second for what is left; what that leaves in turn shrinks by half
or better each time, but for a handful of directions that acceleration finds. Building both takes a few hundredths of a
second, where the dense system took seconds.

Within a block, prices P, outputs y and factor incomes u answer to gaps ``p``, ``q`` and ``r`` by

    P = p + Pi cost,  cost = va wage + C P,  wage = G u,
    y = q + (1 - sigma) cost + sales (D P + W u + users y + (1 - sigma) p),
    u = r - q + (1 - theta) (wage - cost) + y,

all matrices restricted to the block; ``r - q`` because a sweep takes factor incomes from new outputs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suasion.equilibrium.elasticities.bends import Single


@dataclass(frozen=True, slots=True)
class Parts:
    """The blocks' own matrices and vectors, one block on the first axis.

    Attributes
    ----------
    source : (G, K, K) response of prices to costs
    cost : (G, K, K) response of costs to prices, wages fixed
    va : (G, K) share of value added in cost
    wage : (G, K, K) response of wages to factor incomes
    bundle : (G, K) 1 - theta where something is made, else zero
    trade : (G, K) 1 - sigma, for demand
    supply : (G, K) the same where something is made, else zero
    sales : (G, K, K) sales shares: rows sell
    users : (G, K, K) response of spending to the outputs of users
    spent_price, spent_factor : (G, K, K) response of spending to prices and to factor incomes, outputs fixed
    closing : (G, K) share in world factor income: takes all wages together, the numeraire, out of the system
    """

    source: Single
    cost: Single
    va: Single
    wage: Single
    bundle: Single
    trade: Single
    supply: Single
    sales: Single
    users: Single
    spent_price: Single
    spent_factor: Single
    closing: Single


@dataclass(frozen=True, slots=True)
class Blocks:
    """One family of blocks, inverted. Gaps and answers are (G, K, B).

    Attributes
    ----------
    by_price : (G, 3 K, K) answers of prices, of outputs and of factor targets to gaps of prices, factor incomes fixed
    by_output : (G, K, K) answers of outputs to gaps of outputs, prices and factor incomes fixed
    by_factor : (G, 2 K, K) answers of prices and of outputs to factor incomes
    factors : (G, K, K) inverse of what remains for factor incomes
    """

    by_price: Single
    by_output: Single
    by_factor: Single
    factors: Single

    def solve(self, price: Single, output: Single, factor: Single) -> tuple[Single, Single, Single]:
        """Return the answers to gaps of prices, outputs and factor incomes."""
        first, second, target = np.split(self.by_price @ price, 3, axis=1)
        sold = self.by_output @ output
        income = self.factors @ (factor - output + sold + target)
        pushed, demanded = np.split(self.by_factor @ income, 2, axis=1)
        return first + pushed, second + sold + demanded, income


def invert(parts: Parts) -> Blocks:
    """Invert a family of blocks.

    Parameters
    ----------
    parts : of all blocks

    Returns
    -------
    Blocks
    """
    p = parts
    eye = np.eye(p.va.shape[1], dtype=np.float32)
    prices = _inverse(eye - p.source @ p.cost)
    outputs = _inverse(eye - p.sales @ p.users)

    def answers(price: Single, cost: Single, spent: Single, wage: Single | float) -> tuple[Single, Single]:
        """Of outputs, and of factor targets, to something that moves prices, costs, spending and wages."""
        spent = spent + p.spent_price @ price
        output = outputs @ (_column(p.supply) * cost + p.sales @ spent)
        return output, output + _column(p.bundle) * (wage - cost)

    own = _column(p.va) * p.wage
    pushed = prices @ (p.source @ own)
    demanded, target = answers(pushed, own + p.cost @ pushed, p.spent_factor, p.wage)
    second, priced = answers(prices, p.cost @ prices, _column(p.trade) * eye, 0.0)
    return Blocks(
        by_price=np.concatenate([prices, second, priced], axis=1),
        by_output=outputs,
        by_factor=np.concatenate([pushed, demanded], axis=1),
        factors=_inverse(eye - target + p.closing[:, None, :]),
    )


def _inverse(matrices: Single) -> Single:
    return np.asarray(np.linalg.inv(matrices), dtype=np.float32)


def _column(values: Single) -> Single:
    return values[..., None]
