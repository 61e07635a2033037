"""A table whose rest of the world is divided among its members: exact accounts from shares and weights.

Members buy and sell what the rest did, row by row, so that accounts of the others stay; each makes what it sells with
the technologies of others that it is like, and buys inputs and final goods from all sellers in the same proportions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suasion.quotient import over
from suasion.types import FloatArray
from suasion.world.published import GOODS, RegionTable

MOST_INPUTS = 0.97
"""Largest part of what an estimated economy buys of a good that may be inputs."""


@dataclass(frozen=True, slots=True)
class RestMembers:
    """Members of the rest of the world, million USD; the last is what is left.

    codes: of the members.
    goods_bought: by members from the others (member, other, goods industry).
    goods_sold: by members to the others (other, member, goods industry).
    goods_among: between members (buyer, seller, goods industry); nought from a member to itself.
    services_bought, services_sold, services_among: all services of the same pairs.
    home: sold by members at home (member, industry).
    weights: of others in the technology of each member (member, other).
    taken: part of the others' services to the rest that members take; what is left is sold at home.
    """

    codes: tuple[str, ...]
    goods_bought: FloatArray
    goods_sold: FloatArray
    goods_among: FloatArray
    services_bought: FloatArray
    services_sold: FloatArray
    services_among: FloatArray
    home: FloatArray
    weights: FloatArray
    taken: float


@dataclass(frozen=True, slots=True)
class MembersTrade:
    """Trade of members, million USD.

    bought: by members (member, other, industry).
    sold: by members (other, member, industry).
    among: between members (buyer, seller, industry).
    """

    bought: FloatArray
    sold: FloatArray
    among: FloatArray


def trade_of(base: RegionTable, members: RestMembers) -> MembersTrade:
    """Return the trade of members, million USD, so that rows of the rest of the world are met.

    Services of the others have the mix that they sell to the rest, those of members that of whom they are like.
    """
    own = np.arange(len(base.output) - 1)
    flow = base.flow[:, :-1]
    exports = (flow.sum(0) - flow[own, own])[:, GOODS:]
    kinds = members.weights @ over(exports, exports.sum(1, keepdims=True))
    usual = over(flow[-1, :, GOODS:], flow[-1, :, GOODS:].sum(1, keepdims=True))
    bought, sold, among = (
        np.concatenate([goods, services[:, :, None] * mix[None]], axis=2)
        for goods, services, mix in (
            (members.goods_bought, members.services_bought, usual),
            (members.goods_sold, members.services_sold, kinds),
            (members.goods_among, members.services_among, kinds),
        )
    )
    part = np.where(np.arange(bought.shape[2]) < GOODS, 1.0, members.taken)
    bought *= over(base.flow[-1, :-1] * part, bought.sum(0))[None]
    sold *= over(base.flow[:-1, -1], sold.sum(1))[:, None]
    return MembersTrade(bought, sold, among)


def coefficients(weights: FloatArray, use: FloatArray, output: FloatArray) -> FloatArray:
    """Inputs over output of members (member, user, input): those of others, by weight and by what each user makes.

    use: of others (other, user, input).
    output: of others (other, user).
    """
    share = over(output, output.sum(1, keepdims=True))
    mass = weights[:, :, None] * share[None]
    each = over(use, output[:, :, None])
    mean = np.einsum("cju,juk->cuk", mass, each, optimize=True)
    return np.asarray(over(mean, mass.sum(1)[:, :, None]))


def divided(base: RegionTable, members: RestMembers) -> RegionTable:
    """Return the table in which members take the place of the last region.

    base: its last region is the rest of the world.
    Returns: accounts of all regions but the last stay, save that services which no member takes are sold at home.
    """
    known, count = len(base.output) - 1, len(members.codes)
    kinds = base.output.shape[1]
    flow = np.zeros((known + count, known + count, kinds))
    inputs, use = np.zeros_like(flow), np.zeros((known + count, kinds, kinds))
    flow[:known, :known], inputs[:known, :known] = base.flow[:-1, :-1], base.inputs[:-1, :-1]
    use[:known] = base.use[:-1]
    trade, rows = trade_of(base, members), base.flow[:-1, -1]
    flow[:known, known:], flow[known:, :known], flow[known:, known:] = trade.sold, trade.bought, trade.among
    flow[:known, -1] += np.where(trade.sold.sum(1) > 0, 0.0, rows)  # what no member sells
    inputs[:known, known:] = flow[:known, known:] * over(base.inputs[:-1, -1], rows)[:, None]
    own = np.arange(known)
    flow[own, own] += np.maximum(base.flow[-1, :-1] - trade.bought.sum(0), 0.0)
    at = np.arange(known, known + count)
    flow[at, at] = members.home
    _use_of_members(flow, inputs, use, members, base)
    return RegionTable(inputs, flow - inputs, use)


def _use_of_members(
    flow: FloatArray, inputs: FloatArray, use: FloatArray, members: RestMembers, base: RegionTable
) -> None:
    """Inputs of members by their technologies, at most a part of what they buy; sellers supply them in proportion."""
    known = len(base.output) - 1
    made = flow.sum(0)[known:]
    wanted = coefficients(members.weights, base.use[:-1], base.output[:-1]) * made[:, :, None]
    bought = flow[known:].sum(1)
    fits = np.minimum(over(MOST_INPUTS * bought, wanted.sum(1), 1.0), 1.0)
    use[known:] = wanted * fits[:, None, :]
    inputs[known:] = flow[known:] * over(use[known:].sum(1), bought)[:, None, :]
