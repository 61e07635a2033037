"""Whom an estimated economy is like: weights on known ones, and mixes of what it sells and buys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fits.every.customs import GOODS, Customs
from fits.every.facts import Facts
from suasion.quotient import over
from suasion.sources import icio2022
from suasion.types import FloatArray

WIDTHS = (0.5, 1.7, 0.07, 0.09, 0.2)
"""How far economies may differ that are alike: logs of product a head and of product, shares of farms and of industry,
share of raw materials in exports."""
LEAST_ALIKE = 4.0
"""Templates that count at least."""
RANKS = (0.26, 0.13, 0.085, 0.06, 0.05)
"""Share in all goods of the first five listed: medians of known economies."""
FALL = 0.9
"""How fast value falls with rank, where one of the listed is a raw material of known value."""
UNLISTED = 0.25
"""Part of goods that are no raw materials which stays with templates, whatever the list says."""
MINED = (3, 4, 5, 6)
"""Industries whose goods raw materials cover."""


@dataclass(frozen=True, slots=True)
class Mixes:
    """What economies sell and buy beside raw materials, shares of goods (economy, industry).

    weights: of the known ones in each estimated one (estimated, known).
    """

    weights: FloatArray
    sold: FloatArray
    bought: FloatArray


def alike(facts: Facts, customs: Customs, known: int) -> FloatArray:
    """Weights of known economies in each estimated one, by income, size, sectors and raw materials."""
    sectors = np.where(np.isfinite(facts.sectors), facts.sectors, np.array([0.1, 0.28, 0.62]))
    share = over(customs.raw.sum((1, 2)), customs.total.sum(1))
    traits = np.column_stack(
        [np.log(facts.head), np.log(facts.product), sectors[:, 0], sectors[:, 1], share]
    ) / np.array(WIDTHS)
    far = ((traits[known:, None] - traits[None, :known]) ** 2).sum(2)
    far -= far.min(1, keepdims=True)
    return np.array([_widened(row) for row in far])


def _widened(far: FloatArray) -> FloatArray:
    """Weights that fall with distance, wide enough that some count."""
    width = 1.0
    while True:
        weight = np.exp(-0.5 * far / width)
        weight /= weight.sum()
        if 1.0 / (weight**2).sum() >= LEAST_ALIKE or width >= 30.0:
            return np.asarray(weight)
        width *= 1.3


def mixes_of(
    facts: Facts, customs: Customs, weights: FloatArray, sold: FloatArray, bought: FloatArray
) -> Mixes:
    """Mixes of estimated economies: of templates, with the five goods that are listed.

    sold, bought: goods of the known ones abroad (known, industry).
    """
    known = len(sold)
    made = []
    for side, trade, lists in (
        (sold, customs.raw.sum(1), facts.exports),
        (bought, customs.raw.sum(0), facts.imports),
    ):
        usual = weights @ over(side, side.sum(1, keepdims=True))
        usual[:, MINED] = 0.0
        usual = over(usual, usual.sum(1, keepdims=True))
        total = customs.total.sum(1 if side is sold else 0)
        rows = [
            _with_list(usual[at], total[known + at], trade[known + at], lists[known + at])
            for at in range(len(weights))
        ]
        made.append(np.array(rows))
    return Mixes(weights, made[0], made[1])


def _with_list(usual: FloatArray, goods: float, raw: FloatArray, listed: tuple[str, ...]) -> FloatArray:
    """A template's mix with listed goods; what raw materials cover is none of it."""
    value = _listed(goods, raw, listed)
    value = np.maximum(value - np.where(np.isin(np.arange(GOODS), MINED), 0.0, raw), 0.0)
    value[list(MINED)] = 0.0
    left = goods - raw.sum()
    whole = value + usual * max(left - value.sum(), UNLISTED * max(left, 0.0))
    return np.asarray(over(whole, whole.sum()))


def _listed(goods: float, raw: FloatArray, listed: tuple[str, ...]) -> FloatArray:
    """Value by industry that a list says, by rank, held to that of a raw material whose value is known."""
    sectors = icio2022.icio2022_arrays().sectors
    places = [sectors.index(code) for code in listed]
    anchors = [raw[k] * (rank + 1) ** FALL for rank, k in enumerate(places) if k in MINED and raw[k] > 0]
    value = np.zeros(GOODS)
    for rank, k in enumerate(places):
        if k >= GOODS or (k in (3, 4, 5, 7) and raw[k] > 0):
            continue
        guess = RANKS[rank] * goods
        if anchors:
            guess = np.sqrt(guess * np.clip(anchors[0] / (rank + 1) ** FALL, guess / 3.0, guess * 3.0))
        value[k] += guess
    return value
