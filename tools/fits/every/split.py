"""Divide what known economies sell to and buy from the rest of the world among its members; and members' own trade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fits.every.customs import GOODS, Customs
from fits.every.facts import Facts
from fits.every.templates import MINED, Mixes
from suasion.quotient import over
from suasion.types import FloatArray

TASTE = 0.5
"""How far a product's own partners bend the mix of a pair."""
HINT = 1e-4
"""Part of the published row in each seed, so that no industry of it is without a seller."""
POOLED = (3, 4, 5, 6, 7, 18)
"""Mining of all kinds, and metals that are not iron."""
ROUNDS, FITS = 3, 60
"""Rounds in which members' mixes learn from published rows, and rounds of proportional fitting."""
SERVICES_FOLLOW = 0.65
"""How far services of a pair follow its goods, the rest the size of both (fitted on hidden economies)."""
AMONG = 0.1
"""Part of members' services that they trade among themselves (assumption, .03 to .25)."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What known economies sell to the rest of the world and buy there (known, industry), million USD."""

    sold: FloatArray
    bought: FloatArray


def fitted(seed: FloatArray, rows: FloatArray, columns: FloatArray, rounds: int = FITS) -> FloatArray:
    """Scale a table (row, column) to both sums in turn, rows last; columns are brought to the rows' sum first."""
    found = seed.copy()
    aim = columns * (rows.sum() / max(columns.sum(), 1e-12))
    for _ in range(rounds):
        found *= over(rows, found.sum(1))[:, None]
        found *= over(aim, found.sum(0))[None]
    return np.asarray(found * over(rows, found.sum(1))[:, None])


def _fitted_goods(seed: FloatArray, rows: FloatArray, partners: FloatArray) -> FloatArray:
    """Fit goods of one side (partner, industry) to published rows and to partners by customs.

    Mining and metals are mixed up in the published rows: they count together, as customs have them inside.
    """
    pool = np.zeros((GOODS, GOODS))
    pool[np.arange(GOODS), [POOLED[0] if k in POOLED else k for k in range(GOODS)]] = 1.0
    together = seed @ pool
    scaled = fitted(together.T, rows @ pool, partners).T
    return np.asarray(seed * (over(scaled, together) @ pool.T))


def goods_of(
    customs: Customs, mixes: Mixes, rest: Rest, usual: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Goods that members buy, sell and trade among themselves, as ``RestMembers`` has them.

    usual: goods that known ones buy abroad (known, industry).
    """
    known = len(rest.sold)
    taste_known = _taste(usual)
    taste_members = _taste_of(mixes.bought, usual)
    pattern = over(rest.sold[:, :GOODS], rest.sold[:, :GOODS].sum(1, keepdims=True))
    other, raw = customs.other, customs.raw
    seed = _seed(other[:known, known:], pattern[:, None] * taste_members[None]) + raw[:known, known:]
    bought = np.empty_like(seed)
    for i in range(known):
        partners = seed[i].sum(1)
        start = seed[i] + HINT * (partners[:, None] + 1e-9 * partners.sum()) * pattern[i][None]
        bought[i] = _fitted_goods(start, rest.sold[i, :GOODS], partners)
    mix = mixes.sold
    for turn in range(ROUNDS):
        sold = _sold(customs, mix, taste_known, rest, known)
        if turn < ROUNDS - 1:
            mix = _learned(mix, sold)
    among = _seed(other[known:, known:], mix[:, None] * taste_members[None]) + raw[known:, known:]
    return bought.transpose(1, 0, 2), sold.transpose(1, 0, 2), among.transpose(1, 0, 2)


def _taste_of(mix: FloatArray, usual: FloatArray) -> FloatArray:
    """How much more of each good somebody buys than known ones do."""
    known = usual[:, :GOODS].copy()
    known[:, MINED] = 0.0
    mean = over(known, known.sum(1, keepdims=True)).mean(0)
    return np.asarray(over(mix, mean) ** TASTE)


def _taste(usual: FloatArray) -> FloatArray:
    own = usual[:, :GOODS].copy()
    own[:, MINED] = 0.0
    return _taste_of(over(own, own.sum(1, keepdims=True)), usual)


def _seed(pairs: FloatArray, mix: FloatArray) -> FloatArray:
    """Goods of pairs (seller, buyer, industry) by a mix in which raw materials count for nothing."""
    shape = np.broadcast_to(mix, (*pairs.shape, GOODS)).copy()
    shape[:, :, MINED] = 0.0
    return np.asarray(over(shape, shape.sum(2, keepdims=True)) * pairs[:, :, None])


def _sold(customs: Customs, mix: FloatArray, taste: FloatArray, rest: Rest, known: int) -> FloatArray:
    """What members sell to known ones (member, known, industry): what each buys from the rest, as published."""
    seed = _seed(customs.other[known:, :known], mix[:, None] * taste[None]) + customs.raw[known:, :known]
    total = customs.total[known:, :known]
    found = np.empty_like(seed)
    for m in range(known):
        pattern = over(rest.bought[m, :GOODS], rest.bought[m, :GOODS].sum())
        partners = total[:, m] + 1e-9 * total[:, m].sum()
        start = seed[:, m] + HINT * partners[:, None] * pattern[None]
        found[:, m] = _fitted_goods(start, rest.bought[m, :GOODS], partners)
    return found


def _learned(mix: FloatArray, sold: FloatArray) -> FloatArray:
    """Mixes between what they were and what published rows made of them."""
    made = sold.sum(1)
    made[:, MINED] = 0.0
    new = over(made, made.sum(1, keepdims=True))
    both = np.sqrt(np.maximum(mix, 1e-6) * np.maximum(new, 1e-6))
    both[:, MINED] = 0.0
    kept = np.where(new.sum(1, keepdims=True) > 0, both, mix)
    return np.asarray(over(kept, kept.sum(1, keepdims=True)))


def services_of(
    facts: Facts, customs: Customs, rest: Rest, foreign: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray, FloatArray, float]:
    """Services that members buy, sell and trade among themselves, and the part of the published that they take.

    foreign: services that known ones sell and buy abroad in all (known, industry).
    """
    known, total = len(rest.sold), customs.total
    sells, buys = (
        _size(facts, goods, have, side.sum(1))
        for goods, have, side in zip(
            (total.sum(1), total.sum(0)), (facts.sold, facts.bought), foreign, strict=True
        )
    )
    out, back = rest.sold[:, GOODS:].sum(1), rest.bought[:, GOODS:].sum(1)
    taken = min(1.0, buys.sum() * (1.0 - AMONG) / out.sum())
    size = np.outer(foreign[0].sum(1), buys) / buys.sum()
    pairs = (total[:known, known:] + 1e-3) ** SERVICES_FOLLOW * size ** (1.0 - SERVICES_FOLLOW)
    bought = fitted(pairs, out * taken, buys)
    size = np.outer(back + 1e-3, sells) / sells.sum()
    pairs = (total[known:, :known].T + 1e-3) ** SERVICES_FOLLOW * size ** (1.0 - SERVICES_FOLLOW)
    sold = fitted(pairs, back, sells)
    pairs = np.sqrt((total[known:, known:] + 1e-6) * np.outer(sells, buys))
    np.fill_diagonal(pairs, 0.0)
    among = fitted(pairs, AMONG * sells, AMONG * buys)
    return bought.T, sold, among.T, taken


def _size(facts: Facts, goods: FloatArray, have: FloatArray, services: FloatArray) -> FloatArray:
    """Services of members by a regression on known ones: on goods, product, and accounts less goods."""
    known = len(services)
    accounts = np.maximum(np.where(np.isfinite(have), have - goods, 0.0), 0.06 * goods)
    traits = np.column_stack(
        [np.ones(len(goods)), np.log(goods + 1.0), np.log(facts.product), np.log(accounts + 1.0)]
    )
    square = traits[:known].T @ traits[:known] + 1e-3 * np.eye(traits.shape[1])
    slopes = np.linalg.solve(square, traits[:known].T @ np.log(services + 1.0))
    return np.asarray(np.exp(traits[known:] @ slopes))
