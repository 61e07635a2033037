"""Scores of resolved forecasts, never a mean over kinds, and the tables and trials that are sealed with them."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import math
from dataclasses import replace
from functools import cache, lru_cache
from typing import Literal

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.files import shipped, shipped_bytes
from suasion.outlook.learner.record import LEVELS, crps_of
from suasion.outlook.scoreboard.frozen import FrozenForecast, Resolved, Scoreboard, Standing

IN_FORCE = (
    "id", "asked", "a", "b", "frozen_on", "opens", "closes", "days_left", "frozen", "frozen_low", "frozen_high", "left",
    "left_low", "left_high", "resolves", "about", "yearly",
)  # fmt: skip
RESOLVED = (
    "id",
    "asked",
    "made",
    "a",
    "b",
    "closes",
    "outcome",
    "middle",
    "brier",
    "log",
    "crps",
    "reference",
    "pit",
    "within_95",
)


def in_force(desk: Scoreboard, day: dt.date) -> pd.DataFrame:
    """Forecasts that were frozen up to a day, and whose questions are not resolved.

    day: today.
    Returns: ``id``, ``asked``, ``a``, ``b``, ``frozen_on``, ``opens``, ``closes`` (dates), ``days_left``, ``frozen``
      (probability or median) with its 90 % band, ``left`` (of yes or no from today on, if nothing has
      happened; of a share as it is forecast now) with its own, ``resolves``; ``about``: text that is voted on;
      ``yearly``: whether its question opens and closes with one year.
    """
    asked = [one for one in desk.forecasts if one.frozen_on <= day and desk.outcome(one) is Standing.OPEN]
    rows = [_open(one, day) for one in asked]
    return pd.DataFrame(rows, columns=list(IN_FORCE))


def _open(one: FrozenForecast, day: dt.date) -> dict[str, object]:
    numbers = (one.p, one.low, one.high)
    if one.quantiles:
        numbers = tuple(one.quantiles[level - 1] for level in (50, 5, 95))  # type: ignore[assignment]
    frozen = dict(zip(("frozen", "frozen_low", "frozen_high"), numbers, strict=True))
    head = {
        "id": one.id,
        "asked": one.asked,
        "a": one.a,
        "b": one.b,
        "frozen_on": one.frozen_on,
        "opens": one.opens,
        "closes": one.closes,
    }
    return {
        **head,
        "days_left": max((one.closes - day).days, 0),
        **frozen,
        **dict(zip(("left", "left_low", "left_high"), _left(one, day), strict=True)),
        "resolves": one.source,
        "about": one.about,
        "yearly": one.yearly,
    }


def _left(one: FrozenForecast, day: dt.date) -> tuple[float | None, ...]:
    """Number from a day on with the ends of its band; none of a question neither of yes or no nor of a share."""
    if one.p is not None:
        return tuple(None if p is None else replace(one, p=p).left(day) for p in (one.p, one.low, one.high))
    if one.asked != "share" or one.yearly:
        return None, None, None
    return _share_now(one.a, one.b, one.closes.year)


@lru_cache(maxsize=64)
def _share_now(of: str, partner: str, year: int) -> tuple[float | None, ...]:
    """Median and 90 % band of a share as it is forecast now; none of a year that is on record."""
    from suasion.outlook.learner.fan import share_fan

    try:
        fan = share_fan(of, partner, (year,))
    except InputError:
        return None, None, None
    if fan is None:
        return None, None, None
    row = fan.table[fan.table["regime"] == "usual"].iloc[0]
    return float(row["share"]), float(row["p5"]), float(row["p95"])


def resolved(desk: Scoreboard) -> pd.DataFrame:
    """Scores of resolved forecasts, beside those of the base rate or the random walk.

    Returns: ``id``, ``asked``, ``made`` (frozen or hindcast), ``a``, ``b``, ``closes``, ``outcome``,
      ``middle`` (probability or median), ``brier`` and ``log`` (yes or no), ``crps`` (of a number),
      ``reference`` (Brier score of the base rate, or CRPS of the random walk), ``pit`` and ``within_95``
      (whether the 95 % band held).
    """
    rows = [
        _scored(one, desk.resolutions[one.id])
        for one in desk.forecasts
        if desk.outcome(one) is Standing.RESOLVED
    ]
    return pd.DataFrame(rows, columns=list(RESOLVED))


def _scored(one: FrozenForecast, found: Resolved) -> dict[str, object]:
    assert found.outcome is not None
    y = found.outcome
    head = {
        "id": one.id,
        "asked": one.asked,
        "made": one.made,
        "a": one.a,
        "b": one.b,
        "closes": one.closes,
        "outcome": y,
    }
    if one.p is not None:
        base = None if one.base is None else (one.base - y) ** 2
        log = -math.log(one.p if y else 1.0 - one.p)
        return {**head, "middle": one.p, "brier": (one.p - y) ** 2, "log": log, "reference": base}
    quantiles = np.array(one.quantiles)[None]
    walk = float(crps_of(np.array(one.walk)[None], np.array([y]))[0]) if one.walk else None
    pit = float(np.interp(y, quantiles[0], LEVELS, left=0.0, right=1.0))
    ends = np.interp((0.025, 0.975), LEVELS, quantiles[0])
    inside = bool(ends[0] <= y <= ends[1])
    score = float(crps_of(quantiles, np.array([y]))[0])
    return {
        **head,
        "middle": one.quantiles[49],
        "crps": score,
        "reference": walk,
        "pit": pit,
        "within_95": inside,
    }


_BOARD, _TABLES = "suasion.outlook.scoreboard", "suasion.statecraft.tables"
PARTS = (
    ((_BOARD, "shares_all.parquet"),),
    ((_BOARD, "purchases_by_industry.parquet"),),
    ((_TABLES, "sanction_onsets.parquet"), (_TABLES, "sanction_model.json")),
    ((_TABLES, "pact_hazards.parquet"), (_TABLES, "pact_model.json")),
    ((_TABLES, "pact_hazards.parquet"), (_BOARD, "sealed/pacts_2026-11-30.json")),
    ((_BOARD, "sealed/pacts_2026-11-29.parquet"), (_BOARD, "sealed/pacts_2026-11-29.json")),
    ((_BOARD, "sealed/pacts_2026-11-27.parquet"), (_BOARD, "sealed/pacts_2026-11-27.json")),
)
"""Files whose bytes together have the hash of a line. Before a refit changes one, a copy goes to ``sealed``."""


def sealed_table(sha256: str) -> pd.DataFrame:
    """Return the table that a frozen line seals.

    sha256: of a :class:`~suasion.outlook.scoreboard.frozen.FrozenForecast`.
    Returns: The first of the sealed files, one row a pair, or a partner and industry.
    Raises InputError if no file of the package has that hash.
    Raises SourceFileError if the installation lacks a file.
    """
    for parts in PARTS:
        content = [shipped_bytes(*part) for part in parts]
        if hashlib.sha256(b"".join(content)).hexdigest() == sha256:
            return pd.read_parquet(io.BytesIO(content[0]))
    raise InputError(
        f"No table of the package has the hash {sha256}. Take it from a line of the frozen forecasts."
    )


Kept = Literal["episodes", "industries", "coverage", "response", "stops", "bans"]


@cache
def trial_table(what: Kept) -> pd.DataFrame:
    """Return a table of the trial.

    what: ``episodes`` (measures by year: changes foreseen and seen of all goods together, slope over industries, its
      error and that of windows before the measure, signs, skill, ranges that held), ``industries`` (the same by
      industry), ``coverage`` (how often ranges held, their width as a factor, interval score), ``response`` (factors
      on sigma - 1), ``stops`` (who filled the gap of a lost supplier, by rule) or ``bans`` (of energy, food and all
      goods: flows that were struck, and what buyers and sellers did instead; changes as fractions).
    Raises SourceFileError if the file is missing or broken.
    """
    return shipped("suasion.outlook.scoreboard", f"trial_{what}.csv", pd.read_csv)
