"""The flow of a pair over years, seen by a table and by customs, each with a bias that walks; tails are heavy.

For each pair and block, in logs: flow_y = flow_(y-1) + drift + step; table = flow + a + noise; customs = flow + b +
noise; a and b are autoregressions. The mean is exact for normals; weights (nu + 1) / (nu + z2) make tails heavy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from suasion.types import FloatArray

MEMORY, MEMORY_MINING = 0.9, 0.98
"""Yearly memory of biases: of all other goods, and of those with a fixed part."""
TAIL, ROUNDS = 4.0, 4
START = 1e-4
"""Precision of the first year's flow: nothing is known of it but what is seen."""


@dataclass(frozen=True, slots=True)
class Spreads:
    """Deviations by pair: noise of table and customs, yearly steps of their biases and of the flow; fixed biases."""

    table: FloatArray
    customs: FloatArray
    table_step: FloatArray
    customs_step: FloatArray
    flow_step: FloatArray
    table_fixed: FloatArray
    customs_fixed: FloatArray


def spreads_other(size: FloatArray, hub: FloatArray) -> Spreads:
    """Deviations for goods that are not mined, by million USD; second moments of changes 2011 to 2020."""
    s, h = np.clip(size, 20, 1e5) / 1500.0, hub > 0
    return Spreads(
        np.where(h, 0.089 * s**-0.16, 0.066 * s**-0.30),
        np.where(h, 0.078 * s**-0.19, 0.051 * s**-0.28),
        np.where(h, 0.150 * s**-0.16, 0.120 * s**-0.21),
        np.where(h, 0.134 * s**-0.19, 0.094 * s**-0.29),
        np.where(h, 0.149 * s**-0.19, 0.166 * s**-0.20),
        0.0 * s,
        np.where(h, 0.45, 0.0),
    )


def spreads_mining(size: FloatArray, hub: FloatArray) -> Spreads:
    """Deviations for a mining industry."""
    s = np.clip(size, 20, 1e5) / 1500.0
    return Spreads(
        0.17 * s**-0.25,
        0.12 * s**-0.35,
        0.13 * s**-0.25,
        0.08 * s**-0.35,
        0.5 * s**-0.35,
        0.35 * s**-0.2,
        np.where(hub > 0, 0.45, 0.05),
    )


SpreadRule = Callable[[FloatArray, FloatArray], Spreads]


@dataclass(frozen=True, slots=True)
class Series:
    """Logs of pairs by year (year, pair), NaN where not seen; customs on the table's level.

    drift: (year - 1, pair) expected change. table_factor, customs_factor: (year, pair) on variances.
    gap: first and last place of years without customs, whose steps share one weight.
    """

    table: FloatArray
    customs: FloatArray
    drift: FloatArray
    table_factor: FloatArray
    customs_factor: FloatArray
    gap: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Smoothed:
    """Log flow by year and pair with its deviation, and the table as it is expected with its own."""

    flow: FloatArray
    deviation: FloatArray
    as_table: FloatArray
    table_deviation: FloatArray


@dataclass(slots=True)
class _Model:
    """Variances (year, pair) or (year - 1, pair) and weights of one smoothing."""

    series: Series
    noise: tuple[FloatArray, FloatArray]
    steps: tuple[FloatArray, FloatArray, FloatArray]
    memory: tuple[FloatArray, FloatArray]
    start: tuple[FloatArray, FloatArray]

    def solve(
        self, seen_weights: list[FloatArray], step_weights: list[FloatArray], base: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return precision matrices (pair, state, state) and means (pair, state): flow and both biases by year."""
        years, pairs = self.series.table.shape
        matrix, right = np.zeros((pairs, 3 * years, 3 * years)), np.zeros((pairs, 3 * years))
        matrix[:, 0, 0] += START
        for k in (0, 1):
            matrix[:, (k + 1) * years, (k + 1) * years] += 1.0 / self.start[k]
        for y in range(years - 1):
            ones = np.ones(pairs)
            for k, (memory, variance, weight) in enumerate(
                zip((ones, *self.memory), self.steps, step_weights, strict=True)
            ):
                p, a, b = weight[y] / variance[y], k * years + y, k * years + y + 1
                matrix[:, a, a] += p * memory**2
                matrix[:, b, b] += p
                matrix[:, a, b] -= p * memory
                matrix[:, b, a] -= p * memory
                if k == 0:
                    right[:, a] -= p * self.series.drift[y]
                    right[:, b] += p * self.series.drift[y]
        for k, (seen, weight) in enumerate(
            zip((self.series.table, self.series.customs), seen_weights, strict=True)
        ):
            for y in range(years):
                known, o = np.isfinite(seen[y]), (k + 1) * years + y
                p = np.where(known, weight[y] / self.noise[k][y], 0.0)
                value = p * np.where(known, seen[y] - base, 0.0)
                for a, b in ((y, y), (o, o), (y, o), (o, y)):
                    matrix[:, a, b] += p
                right[:, y] += value
                right[:, o] += value
        return matrix, np.linalg.solve(matrix, right[:, :, None])[:, :, 0]


def _model(series: Series, s: Spreads) -> _Model:
    years = len(series.table)
    memory = tuple(np.where(x > 0, MEMORY_MINING, MEMORY) for x in (s.table_fixed, s.customs_fixed))
    start = tuple(
        step**2 / (1 - MEMORY**2) + fixed**2
        for step, fixed in ((s.table_step, s.table_fixed), (s.customs_step, s.customs_fixed))
    )
    ones = np.ones((years - 1, 1))
    steps = (s.flow_step**2 * ones, s.table_step**2 * series.table_factor[1:], s.customs_step**2 * ones)
    noise = (s.table**2 * series.table_factor, s.customs**2 * series.customs_factor)
    return _Model(series, noise, steps, (memory[0], memory[1]), (start[0], start[1]))


def smooth(series: Series, spreads: Spreads, rounds: int = ROUNDS) -> Smoothed:
    """Return the flow given both records."""
    model = _model(series, spreads)
    years = len(series.table)
    base = np.nan_to_num(_mean(np.where(np.isfinite(series.table), series.table, series.customs)))
    seen = [np.ones_like(series.table), np.ones_like(series.table)]
    steps = [np.ones_like(x) for x in model.steps]
    for left in range(rounds, 0, -1):
        matrix, mean = model.solve(seen, steps, base)
        flow, *bias = (mean[:, k * years : (k + 1) * years].T for k in range(3))
        if left == 1:
            break
        pairs = zip((series.table, series.customs), bias, model.noise, strict=True)
        seen = [_weight(x - base - flow - b, v) for x, b, v in pairs]
        errors = (
            flow[1:] - flow[:-1] - series.drift,
            *(b[1:] - m * b[:-1] for b, m in zip(bias, model.memory, strict=True)),
        )
        steps = [_weight(e, v) for e, v in zip(errors, model.steps, strict=True)]
        steps[0] = _joined(steps[0], errors[0], model.steps[0], series)
    inverse = np.concatenate([np.linalg.inv(matrix[k : k + 500]) for k in range(0, len(matrix), 500)])
    at = np.arange(years)
    own, other = inverse[:, at, at], inverse[:, years + at, years + at]
    seen_as = own + other + 2 * inverse[:, at, years + at]
    noise = model.noise[0].T if model.noise[0].shape == series.table.shape else model.noise[0]
    return Smoothed(flow + base, np.sqrt(own).T, flow + bias[0] + base, np.sqrt(seen_as + noise).T)


def _mean(values: FloatArray) -> FloatArray:
    known = np.isfinite(values)
    return np.asarray(np.where(known, values, 0.0).sum(0) / np.maximum(known.sum(0), 1))


def _weight(error: FloatArray, variance: FloatArray) -> FloatArray:
    return np.asarray((TAIL + 1.0) / (TAIL + np.nan_to_num(error) ** 2 / variance))


def _joined(weight: FloatArray, error: FloatArray, variance: FloatArray, series: Series) -> FloatArray:
    """Give steps across years without customs one weight: where in the gap a jump falls is not known."""
    first, last = series.gap
    seen = np.isfinite(series.customs)
    across = seen[first] & seen[last] & ~seen[first + 1 : last].any(0)
    whole = _weight(error[first:last].sum(0), variance[first:last].sum(0))
    joined = weight.copy()
    joined[first:last] = np.where(across, whole, weight[first:last])
    return joined
