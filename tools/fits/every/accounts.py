"""What each estimated economy makes and uses at home: by technologies of its templates, its product and its sectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fits.every.customs import GOODS
from suasion.quotient import over
from suasion.types import FloatArray
from suasion.world.every_state import coefficients

KINDS = (slice(0, 3), slice(3, 30), slice(30, 50))
"""Farms and fishing, industry with energy and building, services."""
LEAST_OF_DEMAND, LEAST_OF_IMPORTS = 0.03, 0.05
"""Sales at home are at least these parts of all demand at home, and of imports."""
ROUNDS = 4
"""Rounds in which outputs of all are brought to the published output of the rest."""
MINING = (3, 5, 6, 7)
"""Industries whose published outputs of the rest are mixed up, and count together."""


@dataclass(frozen=True, slots=True)
class Known:
    """Technologies of known economies.

    use: inputs used (known, user, input), million USD.
    output: (known, industry).
    final: final purchases (known, industry), of home and foreign goods together.
    """

    use: FloatArray
    output: FloatArray
    final: FloatArray


@dataclass(frozen=True, slots=True)
class Estimated:
    """What is known of estimated economies.

    sold, bought: abroad (member, industry), million USD.
    product: value added aimed at (member,).
    sectors: its shares by three sectors (member, 3); NaN where unknown.
    """

    sold: FloatArray
    bought: FloatArray
    product: FloatArray
    sectors: FloatArray


def home_sales(
    weights: FloatArray, known: Known, states: Estimated, output_of_rest: FloatArray
) -> FloatArray:
    """What each estimated economy sells at home (member, industry).

    output_of_rest: published output of all of them (industry,).
    """
    table = coefficients(weights, known.use, known.output)
    wants = weights @ over(known.final, known.final.sum(1, keepdims=True))
    inverse = np.linalg.inv(np.eye(table.shape[1]) - table.transpose(0, 2, 1))
    common, scale = np.ones(table.shape[1]), np.ones((len(weights), 3))
    home = np.zeros_like(states.sold)
    for turn in range(ROUNDS):
        for c in range(len(weights)):
            home[c], scale[c] = _one(table[c], inverse[c], wants[c] * common, states, c, scale[c])
        if turn < ROUNDS - 1:
            common[:GOODS] = _nearer(
                common[:GOODS], output_of_rest[:GOODS], (home + states.sold).sum(0)[:GOODS]
            )
    return home


def _nearer(common: FloatArray, aim: FloatArray, made: FloatArray) -> FloatArray:
    """Factors on what is wanted, nearer to those at which outputs add up to the published ones."""
    ratio = over(aim, made, 1.0)
    ratio[list(MINING)] = aim[list(MINING)].sum() / made[list(MINING)].sum()
    return np.asarray(np.clip(common * np.clip(ratio, 0.5, 2.0) ** 0.7, 0.15, 6.0))


def _one(
    table: FloatArray, inverse: FloatArray, wants: FloatArray, states: Estimated, c: int, scale: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Sales at home of one economy, and the factors on three kinds of demand that give its sectors their shares."""
    sold, bought, product, sectors = (
        states.sold[c],
        states.bought[c],
        states.product[c],
        states.sectors[c],
    )
    spent = max(product - sold.sum() + bought.sum(), 0.25 * product)
    earned = 1.0 - table.sum(1)
    scale = scale.copy()
    for _ in range(60):
        final = wants * np.repeat(scale, [kind.stop - kind.start for kind in KINDS])
        home = _home(table, inverse, spent * final / final.sum(), sold, bought)
        if not np.isfinite(sectors).all():
            break
        value = earned * np.maximum(home + sold, 0.0)
        got = np.array([value[kind].sum() for kind in KINDS])
        least = 1e-3 * product
        ratio = np.maximum(sectors * product, least) / np.maximum(got, least)
        new = scale * np.clip(ratio, 0.5, 2.0) ** 0.6
        new = np.clip(new / new[2], 0.02, 30.0)
        step = float(np.abs(np.log(new / scale)).max())
        scale = new
        if step < 1e-3:
            break
    return home, scale


def _home(
    table: FloatArray, inverse: FloatArray, final: FloatArray, sold: FloatArray, bought: FloatArray
) -> FloatArray:
    """Sales at home that meet final demand, exports and imports; where too little is left, demand moves there."""
    for _ in range(4):
        output = inverse @ (sold + final - bought)
        used = table.T @ output
        home = used + final - bought
        least = LEAST_OF_DEMAND * np.maximum(used + final, 0.0) + LEAST_OF_IMPORTS * bought
        lack = np.maximum(least - home, 0.0)
        if lack.sum() < 1e-9 * final.sum():
            break
        free = np.where(lack > 0, 0.0, final)
        cut = min(lack.sum() / max(free.sum(), 1e-9), 0.6)
        final = np.where(lack > 0, final + lack, final * (1.0 - cut))
    return np.asarray(np.maximum(home, 0.0))
