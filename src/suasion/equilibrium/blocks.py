"""Inverses of the linearised base within countries and within sectors, for factors that are not fully mobile.

Where the factor stays in its cell the reduced system has a wage for every cell, 4,000 at 80 x 50. Two families of small
systems hold nearly all of it: the industries of one country, which supply each other, and the producers of one good,
who compete. A step solves the first family, then the second for what is left; what that leaves in turn shrinks by half
or better each time, but for a handful of directions that acceleration finds. Building both takes a few hundredths of a
second, where the dense system took seconds.

Within a block, prices P, outputs y and factor incomes u answer to gaps ``p``, ``q`` and ``r`` by

    P = p + Pi cost,  cost = va wage + C P,  wage = G u,
    y = q + (1 - sigma) cost + sales (D P + W u + users y + (1 - sigma) p),
    u = r - q + (1 - zeta) (wage - cost) + y,

all matrices restricted to the block; ``r - q`` because a sweep takes factor incomes from new outputs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.elasticities.bends import Bends, Single


@dataclass(frozen=True, slots=True)
class Parts:
    """What the blocks of one family are made of, one block on the first axis; rows answer to columns.

    pick: brings an array (N, S, ...) into the order of the family, (G, K, ...).
    source, sales: (G, K, K) sourcing shares and sales shares.
    inputs, users: (G, K, K) composition of input cost and of expenditure.
    consumer, income: (G, K, K) what consumers' prices, and incomes, average over.
    wage: (G, K, K) response of wages to factor incomes.
    va, final, made: (G, K, 1) share of value added, share of final use, one where something is made.
    """

    pick: Callable[[Single], Single]
    source: Single
    sales: Single
    inputs: Single
    users: Single
    consumer: Single
    income: Single
    wage: Single
    va: Single
    final: Single
    made: Single

    @property
    def costs(self) -> Single:
        """(G, K, K) response of costs to prices, wages fixed."""
        return (1.0 - self.va) * self.inputs


@dataclass(frozen=True, slots=True)
class Blocks:
    """One family of blocks, inverted. Gaps and answers are (G, K, B).

    by_price: (G, 3 K, K) answers of prices, of outputs and of factor targets to gaps of prices, factor
      incomes fixed.
    by_output: (G, K, K) answers of outputs to gaps of outputs, prices and factor incomes fixed.
    by_factor: (G, 2 K, K) answers of prices and of outputs to factor incomes.
    factors: (G, K, K) inverse of what remains for factor incomes.
    scale: (G, K, B) by how much more than in these blocks a factor income answers to itself, or 1.
    """

    by_price: Single
    by_output: Single
    by_factor: Single
    factors: Single
    scale: Single

    def solve(self, price: Single, output: Single, factor: Single) -> tuple[Single, Single, Single]:
        """Return the answers to gaps of prices, outputs and factor incomes."""
        k, answers = price.shape[1], self.by_price @ price
        first, second, target = answers[:, :k], answers[:, k : 2 * k], answers[:, 2 * k :]
        sold = self.by_output @ output
        income = self.factors @ ((factor - output + sold + target) / self.scale)
        answers = self.by_factor @ income
        return first + answers[:, :k], second + sold + answers[:, k:], income

    def keep(self, which: NDArray[np.bool_]) -> Blocks:
        """Return what the shocks that stay need."""
        return self if self.scale.shape[-1] == 1 else replace(self, scale=self.scale[..., which])


@dataclass(frozen=True, slots=True)
class _Bent:
    """Bends in the order of a family, (G, K, B)."""

    trade: Single
    bundle: Single
    nest: Single
    used: Single
    taste: Single


def _bent(parts: Parts, bends: Bends) -> _Bent:
    one = np.ones_like(parts.made)
    return _Bent(
        trade=parts.pick(bends.trade) * one,
        bundle=parts.pick(bends.cost),
        nest=parts.pick(bends.inputs),
        used=parts.pick(bends.used),
        taste=parts.pick(bends.final) * one,
    )


def invert(parts: Parts, bends: Bends, closing: Single) -> Blocks:
    """Invert a family of blocks.

    parts: of all blocks.
    bends: one set of elasticities.
    closing: (G, K) share in world factor income: takes all wages together, the numeraire, out of the system.
    """
    p, bent = parts, _bent(parts, bends)
    eye = np.eye(p.va.shape[1], dtype=np.float32)
    prices = _inverse(eye - p.source @ p.costs)
    outputs = _inverse(eye - p.sales @ p.users)
    own_use = bent.used + p.final * bent.taste - bent.trade

    def answers(price: Single, cost: Single, spent: Single, wage: Single | float) -> tuple[Single, Single]:
        """Of outputs, and of factor targets, to something that moves prices, costs, spending and wages."""
        index = p.inputs @ price
        spent = spent + p.users @ (bent.bundle * (index - cost) - bent.nest * index) + own_use * price
        spent -= (p.final * bent.taste) * (p.consumer @ price)
        output = outputs @ (bent.trade * p.made * cost + p.sales @ spent)
        return output, output + bent.bundle * p.made * (wage - cost)

    own = p.va * p.wage
    pushed = prices @ (p.source @ own)
    demanded, target = answers(pushed, own + p.costs @ pushed, p.final * p.income, p.wage)
    second, priced = answers(prices, p.costs @ prices, bent.trade * eye, 0.0)
    return Blocks(
        by_price=np.concatenate([prices, second, priced], axis=1),
        by_output=outputs,
        by_factor=np.concatenate([pushed, demanded], axis=1),
        factors=_inverse(eye - target + closing[:, None, :]),
        scale=np.ones((1, 1, 1), dtype=np.float32),
    )


def rescaled(blocks: Blocks, parts: Parts, central: Bends, drawn: Bends) -> Blocks:
    """Return blocks for other elasticities: the same, but for how each factor income answers to itself.

    That is where elasticities matter most: a wage moves its own cost, and substitution answers to it. The rest of the
    system moves little, and inverting it again for each set would cost more than it saves.

    blocks: inverted at the central elasticities.
    parts: they were made of.
    central: those elasticities.
    drawn: one set for each shock.
    """
    scale = _own_answers(blocks, parts, drawn) / _own_answers(blocks, parts, central)
    return replace(blocks, scale=scale)


def _own_answers(blocks: Blocks, parts: Parts, bends: Bends) -> Single:
    """(G, K, B) one less the response of each factor income to itself, through prices, costs and sales of its block."""
    p, bent, outputs = parts, _bent(parts, bends), blocks.by_output
    pushed = blocks.by_factor[:, : p.va.shape[1]]
    index = p.inputs @ pushed
    cost = p.va * p.wage + (1.0 - p.va) * index
    sold = outputs @ p.sales
    used = np.asarray(sold @ p.users, dtype=np.float32)
    taste = p.final * bent.taste

    def along(answer: Single, moved: Single, bend: Single) -> Single:
        """Diagonal of answer @ diag(bend) @ moved."""
        return np.asarray((answer * moved.swapaxes(1, 2)) @ bend)

    own = np.diagonal(p.wage - cost, axis1=1, axis2=2)[..., None]
    return np.asarray(
        1.0
        - along(outputs, cost, bent.trade * p.made)
        - along(used, index - cost, bent.bundle)
        + along(used, index, bent.nest)
        - along(sold, pushed, bent.used + taste - bent.trade)
        + along(sold, p.consumer @ pushed, taste)
        - along(sold, p.income, p.final)
        - bent.bundle * p.made * own
    )


def _inverse(matrices: Single) -> Single:
    return np.asarray(np.linalg.inv(matrices), dtype=np.float32)
