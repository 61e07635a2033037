"""Emulate the draws of an outlook that were not solved: polynomials of the inputs, tried on draws left out.

A Gaussian process with a quadratic kernel, ``(1 + x' L x)^2``, on the inputs that draws differ in: it holds every
linear and quadratic function of them, and its prior shrinks what the solved draws cannot tell. ``L`` has one scale
for each group of inputs; scales and noise minimise the leave-one-out error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.errors import InputError
from suasion.outlook.projection.solve import COLUMNS, Task
from suasion.types import FloatArray

HELD = 100
"""Solved draws kept back to measure the emulator's error."""
KEYS = ["scenario", "year", "quantity", "of", "horizon", "outlet"]


def fill(task: Task, rows: pd.DataFrame, solved: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add emulated rows for the draws that were not solved.

    task: what was asked, with all draws.
    rows: solved rows, columns :data:`COLUMNS`.
    solved: number of draws solved. The emulator learns all but a third of these, at most
      :data:`HELD`, which measure its error.
    Returns: rows: With those emulated.
    errors: Scenario, year, quantity, of, horizon, outlet, error, worst, spread (in the unit of the quantity),
      held.
    """
    draws = task.options.draws
    learn, held = np.split(np.arange(solved), [solved - min(HELD, solved // 3)])
    products: dict[tuple[str, int], list[FloatArray]] = {}
    made, errors = [rows], []
    drawn = rows[(rows["draw"] > 0) & (rows["quantity"] != "course")]
    for keys, part in drawn.groupby(KEYS, sort=False):
        name: dict[str, Any] = dict(zip(KEYS, keys, strict=True))
        place = str(name["scenario"]), int(name["year"])
        if place not in products:
            products[place] = inputs_of(task, *place, draws).products()
        known = np.full(draws, np.nan)
        known[part["draw"].to_numpy() - 1] = part["value"].to_numpy()
        into, back = _SHARE if name["quantity"].endswith("share") else _scale(known)
        values = np.asarray(back(emulate(products[place], into(known), learn)))
        gaps = values[held] - known[held]
        gaps = gaps[np.isfinite(gaps)]
        errors.append({**name, **_error(gaps, known[held])})
        new = pd.DataFrame({**name, "draw": np.arange(solved + 1, draws + 1), "value": values[solved:]})
        made.append(new.assign(reason="")[list(COLUMNS)])
    return pd.concat(made, ignore_index=True), pd.DataFrame(errors)


def _error(gaps: FloatArray, known: FloatArray) -> dict[str, float]:
    if not gaps.size:
        return {"error": float("nan"), "worst": float("nan"), "spread": float("nan"), "held": 0}
    error = float(np.sqrt((gaps**2).mean()))
    return {
        "error": error,
        "worst": float(np.abs(gaps).max()),
        "spread": float(np.nanstd(known)),
        "held": gaps.size,
    }


_SHARE = (lambda v: np.log(v) - np.log1p(-v), lambda v: 1.0 / (1.0 + np.exp(-v)))
_LOG = (np.log, np.exp)
_PLAIN = (lambda v: v, lambda v: v)


def _scale(
    known: FloatArray,
) -> tuple[Callable[[FloatArray], FloatArray], Callable[[FloatArray], FloatArray]]:
    """Learn logs of losses where all are losses."""
    return _LOG if np.nanmin(known) > 0 else _PLAIN


def inputs_of(task: Task, scenario: str, year: int, count: int) -> Inputs:
    """What draws differ in by a year: elasticities, growth of the two and of their partners, the jump of the pair.

    task: with its draws.
    scenario, year: of the outcome.
    count: number of draws.
    """
    assert task.lot is not None
    course, lot = task.courses[scenario], task.lot
    t = course.years.index(year)
    sets = lot.parameters["long"][:count]
    sigma = np.array([np.log(p.sigma - 1.0) for p in sets])
    nests = np.array([[p.zeta[0, 0], p.epsilon[0, 0], p.kappa[0]] for p in sets])
    base = course.economy.accounts
    trade = base.receipts.sum(0)
    size = trade + trade.T
    np.fill_diagonal(size, 0.0)
    moved = lot.growth[:count] * course.growth.spread[t]
    a, b = task.pair.at
    weight = size[[a, b]] / size[[a, b]].sum(1, keepdims=True)
    growth = np.column_stack([moved[:, a], moved[:, b], moved @ weight.T])
    jump = np.array([lot.draw(d, course.path.breaks).jump for d in range(count)])[:, t : t + 1]
    common = (sigma - sigma.mean(0)) @ (base.output.sum(0) / base.output.sum())
    parts = [common[:, None], sigma, nests, growth, jump]
    groups = np.concatenate([np.full(p.shape[1], g) for g, p in enumerate(parts)])
    return Inputs(np.concatenate(parts, axis=1), groups.astype(np.intp))


SCALES = (0.0, 0.03, 0.1, 0.3, 1.0)
NOISES = (1e-8, 1e-6, 1e-4, 1e-2)
PASSES = 2


@dataclass(frozen=True, slots=True)
class Inputs:
    """What draws differ in.

    values: (D, K) numbers.
    groups: (K,) group of each: inputs of a group share a scale.
    """

    values: FloatArray
    groups: NDArray[np.intp]

    def products(self) -> list[FloatArray]:
        """Inner products of all draws by group, (D, D) each, of inputs with mean zero and unit mean square."""
        centred = self.values - self.values.mean(0)
        size = np.sqrt((centred**2).mean(0))
        scaled = np.divide(centred, size, out=np.zeros_like(centred), where=size > 1e-12)
        made = []
        for g in range(int(self.groups.max()) + 1):
            part = scaled[:, self.groups == g]
            made.append(part @ part.T / max(part.shape[1], 1))
        return made


def emulate(products: Sequence[FloatArray], known: FloatArray, learn: NDArray[np.intp]) -> FloatArray:
    """Learn one outcome and predict it for all draws (D,); those that it learned from keep their value.

    products: of :meth:`Inputs.products`.
    known: (D,) outcome where solved, NaN elsewhere.
    learn: draws to learn from.
    Raises InputError if fewer than ten draws are there to learn from.
    """
    learn = learn[np.isfinite(known[learn])]
    if learn.size < 10:
        raise InputError(f"An emulator needs at least ten solved draws to learn from; got {learn.size}.")
    y = known[learn]
    centre, size = float(y.mean()), float(y.std())
    if size < 1e-12:
        values = np.full(known.size, centre)
    else:
        own = [p[np.ix_(learn, learn)] for p in products]
        scales, noise = _tuned(own, (y - centre) / size)
        weights = np.linalg.solve(_kernel(own, scales) + noise * np.eye(learn.size), (y - centre) / size)
        values = centre + size * (_kernel([p[:, learn] for p in products], scales) @ weights)
    values[learn] = y
    return values


def _kernel(products: Sequence[FloatArray], scales: Sequence[float]) -> FloatArray:
    inner = sum(s * p for s, p in zip(scales, products, strict=True))
    return np.asarray((1.0 + inner) ** 2)


def _tuned(products: Sequence[FloatArray], y: FloatArray) -> tuple[list[float], float]:
    """Scales by group and noise with the least leave-one-out error, one after the other."""
    scales, noise = [0.1] * len(products), NOISES[1]
    best = _left_out(_kernel(products, scales), noise, y)
    for _ in range(PASSES):
        for g in range(len(scales)):
            for value in SCALES:
                trial = [*scales[:g], value, *scales[g + 1 :]]
                score = _left_out(_kernel(products, trial), noise, y)
                if score < best:
                    best, scales = score, trial
        kernel = _kernel(products, scales)
        for value in NOISES:
            score = _left_out(kernel, value, y)
            if score < best:
                best, noise = score, value
    return scales, noise


def _left_out(kernel: FloatArray, noise: float, y: FloatArray) -> float:
    """Mean square of leave-one-out errors, in closed form."""
    inverse = np.linalg.inv(kernel + noise * np.eye(y.size))
    return float(((inverse @ y / np.diag(inverse)) ** 2).mean())
