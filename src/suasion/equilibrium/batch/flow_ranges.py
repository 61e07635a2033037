"""Ranges of flows that hold what happens: response, sets of elasticities, deficit rule, and what moves flows anyway.

A flow moves against both sides' other trade without any measure. Over all pairs of the published flows half of the
90 % range of that, in logs, is

    q = a h ** 0.45 (X / 1 billion USD) ** c,   a, c = 0.40, -0.084 (one industry), 0.34, -0.21 (all goods),

after ``h`` years, of a flow of ``X`` (``docs/evidence/flow_noise.csv``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from suasion.types import Z90, FloatArray

ONE, ALL = (0.40, -0.084), (0.34, -0.21)
"""Level and power of size of an industry's flow, and of all goods together."""
POWER = 0.45
"""Power of years, of both."""
ENDS = (0.05, 0.95)
POINTS = ndtri((np.arange(31) + 0.5) / 31.0)
"""Normal scores that stand for what moves flows anyway."""
LEAST = 1.0
"""Million USD below which a flow counts as so much."""


def usual_change(years: float, musd: FloatArray | float, goods: int = 1) -> FloatArray:
    """Half of the 90 % range of what moves flows without a measure, natural log.

    years: at least 1; beyond six they are carried on.
    musd: size of the flows, million USD.
    goods: how many industries they are the sum of: of few that of one over the root of their number, if larger.
    """
    size = np.maximum(np.asarray(musd, dtype=np.float64), LEAST) / 1000.0
    one, every = (level * years**POWER * size**power for level, power in (ONE, ALL))
    return np.asarray(one if goods == 1 else np.maximum(every, one / np.sqrt(goods)))


@dataclass(frozen=True, slots=True)
class FlowRange:
    """Ends of the 90 % range of changes of flows, natural log, and shares of its variance; all (flow,).

    Data are what moves flows anyway and the rate that was felt, response the draws within a set, model the sets.
    """

    low: FloatArray
    high: FloatArray
    data_share: FloatArray
    response_share: FloatArray
    model_share: FloatArray


CERTAIN = np.ones(1)


def flow_range(
    members: Mapping[str, FloatArray],
    weights: Mapping[str, float],
    usual: FloatArray,
    felt: FloatArray = CERTAIN,
) -> FlowRange:
    """Range of changes of flows over a mixture, with what moves them anyway.

    members: of each member of the mixture its draws, (draw, flow), natural log.
    weights: of the members; they need not add up to one.
    usual: (flow,) of :func:`usual_change`.
    felt: (point,) factors on the change that are equally likely, where the rate that was felt is not known.
    """
    own = np.array([weights[name] for name in members])
    own = own / own.sum()
    drawn = np.concatenate(list(members.values()))
    weight = np.concatenate([np.full(len(m), w / len(m)) for m, w in zip(members.values(), own, strict=True)])
    sd = usual / Z90
    scores = sd * POINTS[:, None]
    points = (drawn[:, None, None] * felt[:, None, None] + scores).reshape(-1, drawn.shape[1])
    each = POINTS.size * felt.size
    low, high = _quantiles(points, np.repeat(weight / each, each))
    means = np.array([m.mean(0) for m in members.values()])
    scale = felt.mean() ** 2
    response = scale * (own @ np.array([m.var(0) for m in members.values()]))
    model = scale * (own @ (means - own @ means) ** 2)
    data = sd**2 + felt.var() * (weight @ drawn**2)
    whole = response + model + data
    return FlowRange(low, high, data / whole, response / whole, model / whole)


def _quantiles(values: FloatArray, weight: FloatArray) -> FloatArray:
    """Ends of the range of each column, (2, flow)."""
    order = np.argsort(values, axis=0)
    reached = np.cumsum(weight[order], axis=0)
    places = [(reached < end).sum(0).clip(max=len(values) - 1) for end in ENDS]
    columns = np.arange(values.shape[1])
    return np.array([values[order[place, columns], columns] for place in places])
