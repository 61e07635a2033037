"""Statistical forecasts beside the structural ones, and their pool: two ways to look at the same share.

A statistical form knows the share's own past only, a structural course the scenario only. Both are put on the scale
of the history: the structural change of the log odds since the last year known is added to that year's. Weights of
the pool come from past performance where a hindcast gives them, else all have the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.outlook.forms import FORMS, History, Walk, forecast
from suasion.outlook.hindcast.forms import REFERENCE, STILL, STRUCTURAL
from suasion.outlook.hindcast.origins import Hindcast
from suasion.outlook.hindcast.table import PoolRecord, pool_record
from suasion.outlook.odds import stack_weights
from suasion.outlook.projection.result import BANDS, Outlook
from suasion.types import FloatArray

POOLED = "pool"


def beside(
    made: Outlook,
    history: History,
    scenario: str,
    *,
    of: str = "",
    weights: Mapping[str, float] | None = None,
    draws: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Put statistical forecasts of a turnover share beside the structural ones.

    Parameters
    ----------
    made : with draws
    history : of the share, to the base year at least; its definition may differ, for only structural changes are taken
    scenario : name
    of : whose share; a by default
    weights : of the forms and ``structural``, for instance of :func:`pool_of`; those not named have none.
        None takes those kept in the package, by performance on past totals.
    draws, seed : of the simulation

    Returns
    -------
    DataFrame
        form, year, p5, p25, p50, p75, p95, weight; forms are those of the history, ``structural`` and ``pool``.

    Raises
    ------
    InputError
        If the outlook has no draws, the history ends before the base year or after the outlook, or weights do not fit.
    """
    own = of or made.a
    years = _years(made, history)
    kept = pool_record()
    chances = _weights(kept.weights if weights is None else weights)
    forms = {name: forecast(history, years, name, draws=draws, seed=seed) for name in FORMS}
    forms[STRUCTURAL] = _structural(made, history, scenario, own, years)
    rng = np.random.default_rng(seed)
    forms[POOLED] = _pool(forms, chances, draws, rng)
    return pd.concat([_fan(n, v, years, chances.get(n, 1.0)) for n, v in forms.items()], ignore_index=True)


def pool_of(found: Hindcast) -> PoolRecord:
    """Weights at which the forms' pool would have scored best on a hindcast's outcomes at its longest horizon.

    Parameters
    ----------
    found : where the structural form was scored with the others (:func:`suasion.outlook.structural_changes`), it is
        one of them. Where it was not, it gets a quarter, as if it were one form among four.

    Returns
    -------
    PoolRecord

    Raises
    ------
    InputError
        If the hindcast scored none of these forms.
    """
    names = {**_SCORED, STRUCTURAL: STRUCTURAL}
    there = {name: found.forms.index(other) for name, other in names.items() if other in found.forms}
    if not there:
        raise InputError(
            f"The hindcast scored none of {', '.join(names.values())}; leave them among its forms."
        )
    horizon = int(found.horizon.max())
    last = found.horizon == horizon
    told = found.density[last][:, list(there.values())]
    told = told[(told > 0).any(1)]
    stack = stack_weights(tuple(there), told, tolerance=1e-9)
    rest = 1.0 if STRUCTURAL in there else 1.0 - 1.0 / (len(FORMS) + 1)
    weights = {**dict.fromkeys(names, 0.0), STRUCTURAL: 1.0 - rest}
    return PoolRecord(
        source=found.source,
        measure=found.measure,
        horizon=horizon,
        forecasts=len(told),
        origins=np.unique(found.origin[last]).size,
        weights=weights | {n: rest * w for n, w in zip(stack.names, stack.weights, strict=True)},
        score=stack.score,
        even=float(np.log(told.mean(1)).mean()),
        best=stack.best,
    )


_SCORED = {Walk.STILL.value: STILL, Walk.DRIFT.value: REFERENCE, Walk.DAMPED.value: "damped drift"}


def _years(made: Outlook, history: History) -> list[int]:
    last = history.years[-1]
    if not made.draws:
        raise InputError("The structural form needs draws to stand beside others; give draws=200 or more.")
    if not made.base_year <= last < made.years[-1] or last != int(last):
        raise InputError(
            f"The history ends in {last:g}; it must end in a year from {made.base_year}, the outlook's base, to "
            f"{made.years[-1] - 1}."
        )
    return [y for y in made.years if y > last]


def _weights(given: Mapping[str, float]) -> dict[str, float]:
    names = (*FORMS, STRUCTURAL)
    unknown = [n for n in given if n not in names]
    total = sum(given.values())
    if unknown or min(given.values(), default=0.0) < 0 or not total > 0:
        raise InputError(
            f"Weights must not be negative, sum to more than zero, and name forms among {', '.join(names)}; got "
            f"{dict(given)}."
        )
    return {n: given.get(n, 0.0) / total for n in names}


def _structural(made: Outlook, history: History, scenario: str, of: str, years: list[int]) -> FloatArray:
    """(D, years) shares: the history's last log odds and the structural change since."""
    table = made.values(scenario, "turnover_share", of)[1].loc[1:].dropna()
    known = pd.DataFrame(np.log(table / (1.0 - table)))
    odds: dict[Any, FloatArray] = {year: known[year].to_numpy() for year in known.columns}
    change = np.column_stack([odds[year] - odds[int(history.years[-1])] for year in years])
    return np.asarray(1.0 / (1.0 + np.exp(-(history.logits[-1] + change))))


def _pool(
    forms: Mapping[str, FloatArray], weights: Mapping[str, float], draws: int, rng: np.random.Generator
) -> FloatArray:
    """Whole paths, from each form as often as its weight says."""
    names = list(weights)
    chosen = rng.choice(len(names), size=draws, p=[weights[n] for n in names])
    counts = np.bincount(chosen, minlength=len(names))
    parts = [forms[n][rng.integers(len(forms[n]), size=c)] for n, c in zip(names, counts, strict=True) if c]
    return np.concatenate(parts)


def _fan(name: str, values: FloatArray, years: list[int], weight: float) -> pd.DataFrame:
    bands = np.quantile(values, BANDS, axis=0).T
    columns = [f"p{round(100 * q)}" for q in BANDS]
    frame = pd.DataFrame(bands, columns=columns)
    return frame.assign(form=name, year=years, weight=weight)[["form", "year", *columns, "weight"]]
