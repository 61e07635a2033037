"""Tables of hindcasts: skill by form and horizon, single pairs by name, and the record that ships.

The whole table is in the documentation; here are, by source and years ahead, the two random walks, the three best
attempts, and the structural form where it was scored.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.errors import InputError, NotFollowedError
from suasion.files import shipped
from suasion.outlook.hindcast.forms import HINDCAST_FORMS, KNOWN_GROWTH, REFERENCE, STILL, STRUCTURAL
from suasion.outlook.hindcast.mixture import Mixture
from suasion.outlook.hindcast.origins import Hindcast, Rules, able, known_at
from suasion.outlook.histories import Panel
from suasion.outlook.odds import OddsDrivers
from suasion.scores import diebold_mariano, skill
from suasion.types import FloatArray

BANDS = (0.5, 0.8, 0.95)
KNOWN_BREAKS = {"RUS": 2022}
"""State to the year of a break that no forecast from an earlier year could know."""
DRAWS = 500
ENOUGH = 0.1
"""Probability of equal accuracy below which origins tell two forms apart."""


def skill_table(found: Hindcast, *, level: float = 0.9, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Skill of every form at every horizon.

    Parameters
    ----------
    found : scores
    level : of the intervals, from draws of whole dyads
    draws, seed : of the bootstrap

    Returns
    -------
    DataFrame
        ``source``, ``measure``, ``horizon``, ``form``, ``forecasts``, ``dyads``, ``origins``, ``crps`` (percentage
        points of the share), ``skill`` over the random walk with drift with ``skill_low`` and ``skill_high``,
        ``skill_still`` over the walk without drift with its interval, ``dm_p`` and ``dm_p_still`` (equal accuracy of
        the origins' means; NaN with fewer than three origins), ``log_gain`` (nats of log density over the walk
        with drift), ``within_50``, ``within_80``, ``within_95``, ``rank`` (1 is the smallest CRPS among forecasts
        that could be made; 0 for what used later growth), ``verdict`` (:class:`SkillVerdict`).
    """
    rows = []
    for h in np.unique(found.horizon):
        part = _Part.of(found, int(h), draws, seed)
        rows += [part.row(found, name, level) for name in found.forms]
    table = pd.DataFrame(rows)
    able = table["form"] != KNOWN_GROWTH
    table["rank"] = table[able].groupby("horizon")["crps"].rank().reindex(table.index).fillna(0).astype(int)
    table["verdict"] = [_verdict(dict(row)).value for _, row in table.iterrows()]
    return table


@dataclass(frozen=True, slots=True)
class _Part:
    """Scores of one horizon: sums by dyad (C, forms), means by origin, and sums of the bootstrap (draws, forms)."""

    horizon: int
    chosen: NDArray[np.intp]
    by_dyad: FloatArray
    by_origin: FloatArray
    drawn: FloatArray

    @staticmethod
    def of(found: Hindcast, horizon: int, draws: int, seed: int) -> _Part:
        """Sum, and draw whole dyads: a draw is how often each is in it, so that its sums are one product."""
        chosen = np.flatnonzero(found.horizon == horizon)
        crps = found.crps[chosen]
        by_dyad = _sums(found.dyad[chosen], crps)
        number = len(by_dyad)
        often = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), size=draws)
        by_origin = _sums(found.origin[chosen], crps, mean=True)
        return _Part(horizon, chosen, by_dyad, by_origin, often.astype(np.float64) @ by_dyad)

    def against(self, form: int, other: int, level: float) -> tuple[float, float, float, float]:
        """Skill over another form, its interval, and the probability of equal accuracy."""
        if form == other:
            return 0.0, 0.0, 0.0, float("nan")
        low, high = np.quantile(
            1 - self.drawn[:, form] / self.drawn[:, other], [(1 - level) / 2, (1 + level) / 2]
        )
        p = float("nan")
        if len(self.by_origin) >= 3:
            p = diebold_mariano(self.by_origin[:, form], self.by_origin[:, other], self.horizon).p_value
        return skill(self.by_dyad[:, form].sum(), self.by_dyad[:, other].sum()), float(low), float(high), p

    def row(self, found: Hindcast, name: str, level: float) -> dict[str, object]:
        """Return one row of the table."""
        f, reference, still = (found.forms.index(x) for x in (name, REFERENCE, STILL))
        over, low, high, p = self.against(f, reference, level)
        over_still, low_still, high_still, p_still = self.against(f, still, level)
        pit = found.pit[self.chosen, f]
        gain = np.log(np.maximum(found.density[self.chosen][:, [f, reference]], 1e-300)).mean(0)
        return {
            "source": found.source, "measure": found.measure, "horizon": self.horizon, "form": name,
            "forecasts": self.chosen.size, "dyads": len(self.by_dyad), "origins": len(self.by_origin),
            "crps": 100 * float(found.crps[self.chosen, f].mean()),
            "skill": over, "skill_low": low, "skill_high": high, "dm_p": p,
            "skill_still": over_still, "skill_still_low": low_still, "skill_still_high": high_still,
            "dm_p_still": p_still, "log_gain": float(gain[0] - gain[1]),
            **{f"within_{round(100 * b)}": float((np.abs(pit - 0.5) <= b / 2).mean()) for b in BANDS},
        }  # fmt: skip


def _sums(groups: NDArray[np.generic], values: FloatArray, mean: bool = False) -> FloatArray:
    """Sum the columns by group, in the groups' order."""
    names, place = np.unique(groups, return_inverse=True)
    total = np.zeros((names.size, values.shape[1]))
    np.add.at(total, place, values)
    return total / np.bincount(place)[:, None] if mean else total


class SkillVerdict(StrEnum):
    """What dyads and origins say of a form together: shocks hit all dyads of a year, so that both must agree."""

    REFERENCE = "the reference"
    NO_FORECAST = "no forecast: it used growth that came later"
    WORSE = "worse than the reference"
    NOT_TOLD = "not told apart from the reference"
    BEATS_BOTH = "beats both random walks"
    BEATS_REFERENCE = "beats the reference"
    FEW_ORIGINS = "ahead of the reference, but too few origins to tell"


def _verdict(row: Mapping[Hashable, Any]) -> SkillVerdict:
    """By the interval over dyads and the test over origins."""
    if row["form"] in (KNOWN_GROWTH, REFERENCE):
        return SkillVerdict.NO_FORECAST if row["form"] == KNOWN_GROWTH else SkillVerdict.REFERENCE
    if row["skill_high"] < 0:
        return SkillVerdict.WORSE
    if row["skill_low"] <= 0:
        return SkillVerdict.NOT_TOLD
    beats = not row["dm_p"] > ENOUGH
    beats_still = row["skill_still_low"] > 0 and not row["dm_p_still"] > ENOUGH
    if beats and beats_still and row["form"] != STILL:
        return SkillVerdict.BEATS_BOTH
    return SkillVerdict.BEATS_REFERENCE if beats else SkillVerdict.FEW_ORIGINS


def best_three(table: pd.DataFrame) -> pd.DataFrame:
    """Return the three smallest scores of each source, measure and horizon, among forecasts that could be made.

    Parameters
    ----------
    table : from :func:`skill_table`

    Returns
    -------
    DataFrame
        Rows of the table, best first; random walks are not attempts and are left out.
    """
    attempts = table[~table["form"].isin([REFERENCE, STILL, KNOWN_GROWTH])]
    order = attempts.sort_values(["source", "measure", "horizon", "crps"], kind="stable")
    return order.groupby(["source", "measure", "horizon"], sort=False).head(3).reset_index(drop=True)


def named_hindcast(
    panel: Panel,
    of: str,
    partner: str,
    origin: int,
    rules: Rules | None = None,
    drivers: OddsDrivers | None = None,
) -> pd.DataFrame:
    """Say what each form would have said of one pair from one origin, for every later year on record.

    Parameters
    ----------
    panel : shares
    of, partner : the share of ``partner`` in the trade of ``of``
    origin : last year known
    rules, drivers : as in :func:`suasion.outlook.hindcast`

    Returns
    -------
    DataFrame
        ``source``, ``measure``, ``of``, ``partner``, ``origin``, ``year``, ``form``, ``start`` and ``outcome`` (shares
        at the origin and in the year), ``median``, ``low_50`` ... ``high_95`` (bands), ``pit`` (probability given to no
        more than the outcome), ``where`` (:class:`Fell`), ``crps`` (percentage points).

    Raises
    ------
    NotFollowedError
        If the pair is not followed, or has too little trade or a gap in its history.
    InputError
        If the origin has no later year.
    """
    rules = rules or Rules()
    at = int(origin - panel.years[0])
    if not rules.shortest - 1 <= at < panel.years.size - 1:
        raise InputError(
            f"{panel.source} has the years {panel.years[0]} to {panel.years[-1]}: an origin needs {rules.shortest} "
            f"years up to it and one after it; got {origin}."
        )
    rows, known = known_at(panel, at, rules, drivers)
    place = np.flatnonzero(rows == panel.row(of, partner))
    if not place.size:
        raise NotFollowedError(
            f"{panel.source} ({panel.measure}): the share of {partner} in the trade of {of} is below {rules.least:g} "
            f"on average up to {origin}, or unknown in a year."
        )
    forms = able(rules, drivers)
    ahead = range(1, panel.years.size - at)
    reach = {
        name: 0 if kept is None else kept.shape[1]
        for name, kept in ((KNOWN_GROWTH, known.later), (STRUCTURAL, known.courses))
    }
    series = panel.shares[rows[place[0]]]
    head = {"source": panel.source, "measure": panel.measure, "of": of, "partner": partner, "origin": origin}
    said = [
        {**head, "year": int(panel.years[at + h]), "form": f, "start": float(series[at]),
         **_said(HINDCAST_FORMS[f](known, h).rows(place), float(series[at + h]))}
        for h in ahead
        for f in forms
        if h <= reach.get(f, h)
    ]  # fmt: skip
    return pd.DataFrame(said)


def _said(forecast: Mixture, outcome: float) -> dict[str, object]:
    """What a forecast of one share says, beside what came."""
    levels = [0.5, *(x for b in BANDS for x in (0.5 - b / 2, 0.5 + b / 2))]
    median, *ends = forecast.quantiles(levels)[0]
    pit = float(forecast.pit([outcome])[0])
    names = [f"{side}_{round(100 * b)}" for b in BANDS for side in ("low", "high")]
    return {
        "outcome": outcome, "median": float(median), **dict(zip(names, map(float, ends), strict=True)),
        "pit": pit, "where": _where(pit).value, "crps": 100 * float(forecast.crps([outcome])[0]),
    }  # fmt: skip


class Fell(StrEnum):
    """Where an outcome fell: in the smallest band that holds it, or outside the widest."""

    IN_50 = "inside the 50% band"
    IN_80 = "inside the 80% band"
    IN_95 = "inside the 95% band"
    ABOVE = "above the 95% band"
    BELOW = "below the 95% band"


def _where(pit: float) -> Fell:
    bands = zip(BANDS, (Fell.IN_50, Fell.IN_80, Fell.IN_95), strict=True)
    outside = Fell.ABOVE if pit > 0.5 else Fell.BELOW
    return next((fell for band, fell in bands if abs(pit - 0.5) <= band / 2), outside)


def last_origin(panel: Panel, years: int = 5) -> int:
    """Return the origin that leaves some years to be forecast and known.

    panel: shares.
    years: after the origin.
    """
    return int(panel.years[-1]) - years


FILE = "hindcast_record.json"
POOL = "pool_record.json"


class Role(StrEnum):
    """What a form of forecast is in the summary, beside the structural form."""

    ATTEMPT = "one of the three best attempts"
    WALK = "random walk"


ATTEMPT, WALK = Role.ATTEMPT.value, Role.WALK.value


@dataclass(frozen=True, slots=True)
class PoolRecord:
    """Weights at which a pool of forms would have scored best on past shares.

    source, measure: histories, and what is shared.
    horizon: years ahead.
    weights: form to weight, sum one.
    score, even, best: mean log density of the log odds under the pool, under equal weights, and under the
      best form alone, in nats; larger is better.
    """

    source: str
    measure: str
    horizon: int
    forecasts: int
    origins: int
    weights: dict[str, float]
    score: float
    even: float
    best: float


@cache
def pool_record() -> PoolRecord:
    """Return the kept weights.

    Raises SourceFileError if the file is damaged: install the package again.
    """
    return shipped("suasion.outlook.hindcast", POOL, lambda file: PoolRecord(**json.load(file)))


@cache
def record() -> tuple[dict[str, Any], ...]:
    """Return the kept rows: how good each form of forecast was, all pairs with enough trade together.

    Returns: By source, measure and years ahead, the best form first. ``source``, ``measure``: histories, and what is
      shared; ``horizon``: years ahead; ``form`` and its ``role`` (a random walk, one of the three best attempts, or the
      structural form); ``forecasts``; ``crps``: mean, percentage points of the share; ``skill``: over the random walk
      with estimated drift, 1 - CRPS over its CRPS; ``skill_still``, ``low``, ``high``: over the random
      walk without drift, with its 90 % interval from whole dyads; ``p_still``: probability of equal accuracy
      with the walk without drift, over origins, None where it cannot be had; ``verdict``: in words.
    Raises SourceFileError if the file is damaged: install the package again.
    """
    return shipped("suasion.outlook.hindcast", FILE, lambda file: tuple(json.load(file)))
