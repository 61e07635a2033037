"""Where the share of a partner goes, from features of the last observation: a fan in shares that sum to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.errors import InputError
from suasion.outlook.histories import Flows, flows_from, flows_of
from suasion.outlook.learner.kept import Learnt, learnt
from suasion.outlook.learner.record import LEVELS, ShareRecord, odds_of, record_of_shares, shares_of
from suasion.sources.goods_totals import LATER, LINE, goods_totals, on_record
from suasion.types import Brief, FloatArray

YEARS = (2026, 2030, 2036)
JUMP = 0.5
"""Change of the log odds within five years that counts as a break: about two of the large usual moves (.15 to .35 a
year of the wildest class) at once. Assumption, range .4 to .7."""
UNDONE = 2030
"""Year by which half of a break is undone where it is undone. Assumption, range 2028 to 2035."""
LOOK_BACK = 5


class Regime(StrEnum):
    """What is assumed of the last break of a share."""

    USUAL = "usual"
    LASTS = "lasts"
    HALF_UNDONE = "half_undone"


@dataclass(frozen=True, slots=True, repr=False)
class ShareFan(Brief):
    """Forecast of the share of a partner in the goods turnover of a state.

    start, share: last year observed, and the share in it.
    published: whether the last observation is a published total rather than the table of all pairs.
    broke: last year before a break of the share, where one lies in the last years.
    before: share in that year.
    past: ``year``, ``share``: what was observed.
    table: ``regime``, ``year``, ``ahead``, ``share`` (median) and ``p2.5``, ``p5``, ``p10``, ``p25``,
      ``p75``, ``p90``, ``p95``, ``p97.5``; ``tested`` (whether horizons so far ahead have been scored at
      rolling origins).
    quantiles: (years, 99) of the usual regime, at per cents.
    tested: longest horizon that was scored at rolling origins.
    """

    of: str
    partner: str
    start: int
    share: float
    published: bool
    broke: int | None
    before: float
    past: pd.DataFrame
    table: pd.DataFrame
    quantiles: FloatArray
    tested: int


SHOWN = (2.5, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 97.5)


def share_fan(of: str, partner: str, years: Sequence[int] = YEARS) -> ShareFan | None:
    """Forecast the share of a partner in the goods trade of a state.

    of, partner: codes.
    years: ascending, after the last observation.
    Returns: None where the partner has had less than 1 % of the trade over ten years, either is not in the table, or
      nothing of the state is on record in the last year.
    Raises InputError if a year is not later than the last observation.
    """
    record = goods_record()
    if of not in on_record(int(record.years[-1])):
        return None
    row = np.flatnonzero((record.panel.of == of) & (record.panel.partner == partner))
    last = record.years.size - 1
    if not row.size or row[0] not in able(record, last):
        return None
    later = published_after(of, partner, int(record.years[-1]))
    start, share = later or (int(record.years[-1]), float(record.panel.shares[row[0], -1]))
    if not years or min(years) <= start or sorted(set(years)) != list(years):
        raise InputError(
            f"Years must ascend from after {start}, the last observation; got {', '.join(map(str, years)) or 'none'}."
        )
    odds = np.stack([_together(record, int(row[0]), year, (start, share)) for year in years])
    past = _past(record, int(row[0]), later)
    broke, before = _break(past)
    table = _table(odds, list(years), start, share, broke, before)
    return ShareFan(
        of,
        partner,
        start,
        share,
        later is not None,
        broke,
        before,
        past,
        table,
        shares_of(odds),
        learnt("goods").tested,
    )


def published_after(of: str, partner: str, year: int) -> tuple[int, float] | None:
    """Last published share of turnover after a year; None where there is none."""
    from suasion.sources.totals import totals

    cited = totals()
    mine = cited[
        (cited["reporter"] == of) & (cited["partner"] == partner) & (cited["measure"] == "share_of_turnover")
    ]
    later = mine[mine["year"] > year].sort_values("year")
    return None if later.empty else (int(later["year"].iloc[-1]), float(later["value"].iloc[-1]) / 100.0)


def quantiles_at(
    record: ShareRecord, rows: NDArray[np.intp], at: int, ahead: int, kept: Learnt
) -> FloatArray:
    """Log odds (R, 99) so many years after an origin: between horizons that were fitted on a straight line.

    Beyond the longest the median stays and half widths grow with the root of the time: nothing was fitted there.

    rows: positions in the panel.
    at: position of the origin among the years.
    ahead: years.
    kept: fitted learners.
    """
    x, classes, start = features(record, rows, at), size_class(record, rows, at), record.odds[rows, at]
    horizons = kept.horizons
    if ahead >= horizons[-1]:
        far = kept.forecast(horizons[-1], x, classes, start)
        centre = far[:, [LEVELS.size // 2]]
        return np.asarray(centre + (far - centre) * (ahead / horizons[-1]) ** 0.5)
    upper = next(h for h in horizons if h >= ahead)
    lower = max((h for h in horizons if h <= ahead), default=upper)
    one, other = (kept.forecast(h, x, classes, start) for h in (lower, upper))
    part = 0.0 if upper == lower else (ahead - lower) / (upper - lower)
    return np.asarray((1 - part) * one + part * other)


def _together(record: ShareRecord, row: int, year: int, start: tuple[int, float]) -> FloatArray:
    """Log odds (99,) of one share, moved with all others so that they sum to one."""
    kept, at = learnt("goods"), record.years.size - 1
    rows = able(record, at)
    rows = rows[record.panel.of[rows] == record.panel.of[row]]
    odds = quantiles_at(record, rows, at, year - int(record.years[at]), kept)
    place = int(np.flatnonzero(rows == row)[0])
    if start[0] > record.years[at]:
        further = _extended(record, row, start)
        odds[place] = quantiles_at(further, np.array([0]), further.years.size - 1, year - start[0], kept)[0]
    return np.asarray(summed_to_one(odds, float(1.0 - record.panel.shares[rows, at].sum()))[place])


def summed_to_one(odds: FloatArray, rest: float) -> FloatArray:
    """Move all forecasts of one state's partners by one step of log odds, so that expected shares sum to one.

    Widths stay what past outcomes made them.

    odds: (R, 99) of all partners that are forecast.
    rest: share of all others, 0 to 1; it moves with them.
    Returns: (R, 99).
    """
    last = float(odds_of(np.array(max(rest, 0.0))))

    def over(step: float) -> float:
        return float(shares_of(odds + step).mean(1).sum() + shares_of(np.array(last + step)) - 1.0)

    low, high = -40.0, 40.0  # where all shares are nothing, and all are whole
    for _ in range(60):  # to the last digit; SciPy's root finders take longer to import than all of this
        middle = (low + high) / 2.0
        low, high = (low, middle) if over(middle) > 0.0 else (middle, high)
    return np.asarray(odds + low)


def _extended(record: ShareRecord, row: int, start: tuple[int, float]) -> ShareRecord:
    """The record of one pair up to a later published share; the other features stay as they were last."""
    more = start[0] - int(record.years[-1])
    one = record.panel.only(np.array([row]))
    odds = record.odds[row]
    line = np.linspace(odds[-1], float(odds_of(np.array(start[1]))), more + 1)[1:]
    years = np.arange(record.years[0], start[0] + 1)
    shares = np.concatenate([one.shares[0], shares_of(line)])[None]
    panel = replace(one, years=years, shares=shares)

    def held(part: FloatArray) -> FloatArray:
        return np.concatenate([part[row], np.repeat(part[row, -1], more)])[None]

    parts = (held(record.mirror), held(record.own), held(record.other), held(record.spread))
    return ShareRecord(panel, np.isfinite(shares), np.concatenate([odds, line])[None], *parts)


def _past(record: ShareRecord, row: int, later: tuple[int, float] | None) -> pd.DataFrame:
    shares = record.panel.shares[row]
    frame = pd.DataFrame({"year": record.years, "share": shares}).dropna(ignore_index=True)
    more = pd.DataFrame([later] if later else [], columns=["year", "share"])
    return pd.concat([frame, more.astype(frame.dtypes)], ignore_index=True)


def _break(past: pd.DataFrame) -> tuple[int | None, float]:
    """Year before the break of the last years, and the share in it; None where there was none."""
    recent = past[past["year"] >= past["year"].iloc[-1] - LOOK_BACK]
    odds = odds_of(recent["share"].to_numpy(float))
    moved = np.abs(odds[-1] - odds)
    if moved.max() < JUMP:
        return None, float("nan")
    place = int(np.abs(np.diff(odds)).argmax())
    return int(recent["year"].iloc[place]), float(recent["share"].iloc[place])


def _table(
    odds: FloatArray, years: list[int], start: int, share: float, broke: int | None, before: float
) -> pd.DataFrame:
    now = float(odds_of(np.array(share)))
    rows = []
    for regime in Regime if broke is not None else (Regime.USUAL, Regime.LASTS):
        for quantiles, year in zip(odds, years, strict=True):
            shift = 0.0
            centre = float(quantiles[LEVELS.size // 2])
            if regime is Regime.LASTS:
                shift = now - centre
            elif regime is Regime.HALF_UNDONE:
                part = 0.5 * min(1.0, (year - start) / max(UNDONE - start, 1))
                shift = now + part * (float(odds_of(np.array(before))) - now) - centre
            ends = shares_of(np.interp(np.array(SHOWN) / 100.0, LEVELS, quantiles) + shift)
            named = {f"p{level:g}": value for level, value in zip(SHOWN, ends, strict=True)}
            tested = year - start <= learnt("goods").tested
            rows.append(
                {
                    "regime": regime,
                    "year": year,
                    "ahead": year - start,
                    "share": named["p50"],
                    **named,
                    "tested": tested,
                }
            )
    return pd.DataFrame(rows)


WINDOW, SHORTEST = 10, 6
"""Years of the past that are looked at, at most and at least."""
STEPS = (1, 2, 3, 5)
LEAST = 0.01
"""Mean share over the window that makes a pair one with enough trade: the rule of the hindcasts."""


def able(record: ShareRecord, at: int) -> NDArray[np.intp]:
    """Positions of the pairs that can be forecast from an origin.

    at: position of the origin among the years.
    """
    first = max(0, at + 1 - WINDOW)
    seen = record.panel.shares[:, first : at + 1]
    mean = np.nan_to_num(seen).sum(1) / np.maximum(np.isfinite(seen).sum(1), 1)
    whole = np.isfinite(record.odds[:, first : at + 1]).all(1)
    traded = ((seen > 0) & (seen < 1)).all(1) if record.steady else True
    return np.flatnonzero(whole & traded & (mean >= LEAST))


def features(record: ShareRecord, rows: NDArray[np.intp], at: int) -> FloatArray:
    """Features of pairs at an origin.

    rows: (R,) positions in the panel.
    at: position of the origin among the years, from :data:`SHORTEST` - 1.
    Returns: (R, features) float.
    """
    first = max(0, at + 1 - WINDOW)
    odds = record.odds[rows, first : at + 1]
    last, moves = odds[:, -1], np.abs(np.diff(odds, axis=1))
    own, other = record.own[rows, first : at + 1], record.other[rows, first : at + 1]
    columns = [
        last,
        *(last - odds[:, -1 - step] for step in STEPS),
        odds.mean(1) - last,
        odds.max(1) - last,
        odds.min(1) - last,
        moves.mean(1),
        moves.std(1),
        moves[:, -3:].mean(1),
        own[:, -1],
        other[:, -1],
        *(part[:, -1] - part[:, -1 - step] for part in (own, other) for step in (1, 5)),
        record.spread[rows, at],
        last - other[:, -1],
        record.mirror[rows, at],
        record.mirror[rows, at] - record.mirror[rows, at - 3],
    ]
    return np.asarray(np.nan_to_num(np.column_stack(columns)))


def size_class(record: ShareRecord, rows: NDArray[np.intp], at: int) -> NDArray[np.intp]:
    """Class of each pair (R,), 0 to 8: three sizes of the share by three sizes of its usual yearly move."""
    first = max(0, at + 1 - WINDOW)
    odds = record.odds[rows, first : at + 1]
    share = shares_of(odds[:, -1])
    move = np.abs(np.diff(odds, axis=1)).mean(1)
    return np.asarray(3 * np.digitize(share, SIZES) + np.digitize(move, MOVES))


SIZES, MOVES = (0.03, 0.12), (0.15, 0.35)
"""Limits between the classes of share, and of its mean yearly move in log odds."""


@cache
def goods_record() -> ShareRecord:
    """Shares of partners in the goods turnover of states; a patched flow is no outcome."""
    from suasion.measures.history import WORTH

    flows = flows_of(goods_totals(), "CEPII BACI, goods")
    values, years = flows.values, flows.years
    recorded = np.isin(years, [*LINE, *LATER])
    values[recorded] = np.nan_to_num(values[recorded])
    holes = np.zeros(values.shape, dtype=bool)
    last = int(np.flatnonzero(years == LINE[-1])[0])
    grown = values[recorded].sum((1, 2)) / values[last].sum()
    for at, growth in zip(np.flatnonzero(recorded), grown, strict=True):
        if years[at] in LATER:
            holes[at] = (values[last] >= WORTH) & (values[at] == 0)
            values[at] = np.where(holes[at], growth * values[last], values[at])
    return record_of_shares(Flows(flows.source, flows.countries, years, values), "turnover", holes)


@cache
def fuels_record() -> ShareRecord:
    """Shares of buyers in the exports of crude oil, natural gas and coal, 1995 to 2024: for scoring, nothing ships."""
    return record_of_shares(flows_from("materials", group="fuels"), "exports", steady=True)
