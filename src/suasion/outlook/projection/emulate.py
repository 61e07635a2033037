"""Emulate the draws of an outlook that were not solved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from suasion.outlook.projection.emulator import Inputs, emulate
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
