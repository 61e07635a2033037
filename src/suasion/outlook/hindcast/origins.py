"""Hindcasts: what forecasts of a share would have said in the past, at every origin, and how good that was.

At each origin every form sees only what was known then, the pooled forms and the stack included. The reference of all
skill is the random walk with drift whose drift and variance are estimated from the pair's own last years; the walk
without drift, which is harder to beat, stands beside it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.errors import InputError
from suasion.outlook.hindcast.forms import BY_GROWTH, HINDCAST_FORMS, KNOWN_GROWTH, STRUCTURAL, Known
from suasion.outlook.hindcast.mixture import Mixture, logits, pool
from suasion.outlook.histories import Panel
from suasion.outlook.odds import OddsDrivers, stack_weights
from suasion.types import FloatArray

HORIZONS = (1, 3, 5)
STACK = "stack"


class LeftOut(StrEnum):
    """Why a pair or a year that had enough trade was not forecast, or not scored."""

    HISTORY = "a year of the history unknown or without trade"
    OUTCOME = "an outcome unknown"


#: Past outcomes from which weights of the stack are learnt, at most: taken at even steps.
_LEARNT = 4000


@dataclass(frozen=True, slots=True)
class Rules:
    """How hindcasts are made.

    Attributes
    ----------
    horizons : years ahead
    shortest, longest : years of history that a pair needs, and that are used at most
    least : mean share over the years used that makes a pair one with enough trade
    forms : keys of :data:`HINDCAST_FORMS`; those by growth are left out where growth is not given, the structural one
        where its courses are not
    """

    horizons: tuple[int, ...] = HORIZONS
    shortest: int = 6
    longest: int = 15
    least: float = 0.01
    forms: tuple[str, ...] = tuple(HINDCAST_FORMS)

    def __post_init__(self) -> None:
        wrong = [name for name in self.forms if name not in HINDCAST_FORMS]
        if wrong:
            raise InputError(f"There is no form {wrong[0]!r}; choose among {', '.join(HINDCAST_FORMS)}.")
        if not self.horizons or min(self.horizons) < 1 or sorted(set(self.horizons)) != list(self.horizons):
            raise InputError(
                f"Horizons are years ahead, ascending, from 1; got {', '.join(map(str, self.horizons))}."
            )
        if not 5 <= self.shortest <= self.longest or not 0 < self.least < 1:
            raise InputError(
                f"A history has 5 years or more, the longest not fewer than the shortest, and the least share lies "
                f"between 0 and 1; got {self.shortest}, {self.longest}, {self.least}."
            )


@dataclass(frozen=True, slots=True)
class Hindcast:
    """Scores of every forecast.

    Attributes
    ----------
    source, measure : str
    forms : tuple of str
    row : (n,) position of the pair in the panel
    dyad : (n,) undirected pair, the cluster
    origin, horizon : (n,) year and years ahead
    crps : (n, forms) in shares
    pit : (n, forms) probability given to no more than the outcome
    density : (n, forms) of the log odds of the outcome
    weights : origin, horizon and the stack's weights
    left_out : why pairs and years that had enough trade were not forecast or scored, with counts
    """

    source: str
    measure: str
    forms: tuple[str, ...]
    row: NDArray[np.intp]
    dyad: NDArray[np.str_]
    origin: NDArray[np.int64]
    horizon: NDArray[np.int64]
    crps: FloatArray
    pit: FloatArray
    density: FloatArray
    weights: pd.DataFrame
    left_out: dict[LeftOut, int]


@dataclass(slots=True)
class _Past:
    """Densities of forecasts already made, by horizon: (origin, (n, forms)); and the counts of what was left out."""

    seen: defaultdict[int, list[tuple[int, FloatArray]]] = field(default_factory=lambda: defaultdict(list))
    left_out: Counter[LeftOut] = field(default_factory=Counter)

    def known(self, horizon: int, origin: int) -> FloatArray | None:
        """Densities of outcomes that had come by the origin."""
        done = [d for when, d in self.seen[horizon] if when + horizon <= origin]
        return np.vstack(done) if done else None


def hindcast(
    panel: Panel,
    rules: Rules | None = None,
    drivers: OddsDrivers | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Hindcast:
    """Forecast every pair from every origin and score the forecasts.

    Parameters
    ----------
    panel : shares
    rules : how; the usual ones without
    drivers : growth gaps and costs, for the odds decomposition
    progress : called with (done, origins)

    Returns
    -------
    Hindcast

    Raises
    ------
    InputError
        If no pair has enough trade and history for a forecast with a known outcome.
    """
    rules = rules or Rules()
    forms = able(rules, drivers)
    past, parts, weights = _Past(), [], []
    origins = range(rules.shortest - 1, panel.years.size - rules.horizons[0])
    for count, at in enumerate(origins):
        rows, known = known_at(panel, at, rules, drivers, past)
        for h in rules.horizons:
            if rows.size < 3 or at + h >= panel.years.size:
                continue
            made = [HINDCAST_FORMS[f](known, h) for f in forms]
            share = share_of_members(forms, past.known(h, int(panel.years[at])))
            weights.append(
                {"origin": int(panel.years[at]), "horizon": h, **dict(zip(forms, share, strict=True))}
            )
            parts.append(_score(panel, rows, at, h, [*made, pool(made, share)], past))
        if progress:
            progress(count + 1, len(origins))
    if not parts:
        raise InputError(
            f"{panel.source} ({panel.measure}) has no pair with a mean share of {rules.least:g} and "
            f"{rules.shortest} years on record before a known outcome."
        )
    row, origin, horizon, crps, pit, density = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Hindcast(
        panel.source, panel.measure, (*forms, STACK), row, panel.dyads()[row], origin, horizon, crps, pit, density,
        pd.DataFrame(weights), dict(past.left_out),
    )  # fmt: skip


def able(rules: Rules, drivers: OddsDrivers | None) -> tuple[str, ...]:
    """Forms of the rules that can be made with what is given.

    Raises InputError if the structural courses do not reach the longest horizon.
    """
    courses = None if drivers is None else drivers.courses
    if courses is not None and STRUCTURAL in rules.forms and courses.shape[2] < rules.horizons[-1]:
        raise InputError(
            f"The structural courses reach {courses.shape[2]} years ahead, the horizons {rules.horizons[-1]}."
        )
    lacking = (*(BY_GROWTH if drivers is None else ()), *((STRUCTURAL,) if courses is None else ()))
    return tuple(f for f in rules.forms if f not in lacking)


def known_at(
    panel: Panel, at: int, rules: Rules, drivers: OddsDrivers | None = None, past: _Past | None = None
) -> tuple[NDArray[np.intp], Known]:
    """Pairs that an origin forecasts, and what it knows of them.

    panel: shares.
    at: position of the origin among the years.
    rules: how much history and trade a pair needs.
    drivers: for the odds decomposition.
    past: where what is left out is counted.
    Returns: rows: (D,) positions in the panel.
    """
    first = max(0, at + 1 - rules.longest)
    seen = panel.shares[:, first : at + 1]
    with np.errstate(invalid="ignore"):
        enough = np.nan_to_num(seen).mean(1) >= rules.least
        whole = ((seen > 0) & (seen < 1)).all(1)
    if past is not None:
        past.left_out[LeftOut.HISTORY] += int((enough & ~whole).sum())
    rows = np.flatnonzero(enough & whole)
    if drivers is None:
        return rows, Known(logits(seen[rows]))
    gaps, costs = drivers.gaps[rows], drivers.costs[rows]
    later = gaps[:, at : at + rules.horizons[-1]]
    courses = None if drivers.courses is None else drivers.courses[rows, at]
    return rows, Known(logits(seen[rows]), gaps[:, first:at], costs[:, first:at], later, courses)


def share_of_members(forms: Sequence[str], densities: FloatArray | None) -> FloatArray:
    """Weights of the stack: by past log score, even where there is no past; what used later growth has none.

    forms: names.
    densities: (n, forms) of past outcomes, or None.
    Returns: (forms,) summing to one.
    """
    member = np.array([f != KNOWN_GROWTH for f in forms])
    share = member / member.sum()
    if densities is not None:
        step = max(1, len(densities) // _LEARNT)
        learnt = densities[::step, member]
        learnt = learnt[(learnt > 0).any(1)]
        names = tuple(f for f in forms if f != KNOWN_GROWTH)
        share[member] = stack_weights(names, learnt, tolerance=1e-6).weights
    return np.asarray(share)


def _score(
    panel: Panel, rows: NDArray[np.intp], at: int, h: int, made: Sequence[Mixture], past: _Past
) -> tuple[NDArray[Any], ...]:
    """Score the forecasts of one origin and horizon, and keep the densities for the stack."""
    outcome = panel.shares[rows, at + h]
    came = np.isfinite(outcome)
    past.left_out[LeftOut.OUTCOME] += int((~came).sum())
    y, forecasts = outcome[came], [m.rows(came) for m in made]
    density = np.column_stack([m.density(y) for m in forecasts])
    year = int(panel.years[at])
    past.seen[h].append((year, density[:, :-1]))
    return (
        rows[came],
        np.full(y.size, year),
        np.full(y.size, h),
        np.column_stack([m.crps(y) for m in forecasts]),
        np.column_stack([m.pit(y) for m in forecasts]),
        density,
    )
