"""Rolling origins: what the learner would have said, beside walk, smoothing and stack; needs scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fits.shares.fit import examples, fit
from suasion.outlook.hindcast.forms import STILL
from suasion.outlook.hindcast.origins import STACK, Rules, hindcast
from suasion.outlook.histories import Panel
from suasion.outlook.learner.fan import able, features, size_class
from suasion.outlook.learner.kept import shifted
from suasion.outlook.learner.record import LEAST_ODDS, LEVELS, ShareRecord, crps_of, shares_of
from suasion.types import FloatArray

REFIT = 4
"""Years between fits: trees move little from one year to the next."""
ENOUGH = 2000
"""Examples from which a first fit is made."""
BANDS = {80: (10, 90), 90: (5, 95), 95: (2.5, 97.5)}
WALK, SMOOTHED = STILL, "smoothed level"


def rolling(record: ShareRecord, horizon: int, until: int | None = None) -> pd.DataFrame:
    """Forecast all pairs from every origin whose outcome is on record, with what was known at the origin.

    Parameters
    ----------
    record : ShareRecord
    horizon : years ahead
    until : last origin, a year; all without

    Returns
    -------
    DataFrame
        A row a forecast: ``row`` (position in the panel), ``of``, ``partner``, ``origin``, ``target``, ``horizon``,
        ``share`` (at the origin), ``outcome``, ``size`` (0 to 2), ``median``, ``crps``, ``pit``, and for each band
        ``low_80`` to ``high_95``.
    """
    last = record.years.size - horizon
    if until is not None:
        last = min(last, until - int(record.years[0]) + 1)
    return pd.concat(list(_forecasts(record, horizon, last)), ignore_index=True)


def _forecasts(record: ShareRecord, horizon: int, last: int) -> Iterator[pd.DataFrame]:
    learner, fitted = None, -REFIT
    for at in range(last):
        rows = (
            able(record, at)
            if record.known[:, at].any() and record.known[:, at + horizon].any()
            else np.array([], int)
        )
        rows = rows[record.known[rows, at] & record.known[rows, at + horizon]]
        if not rows.size:
            continue
        if learner is None or at - fitted >= REFIT:
            found = examples(record, horizon, at)
            if found is None or found.y.size < ENOUGH:
                continue
            learner, fitted = fit(found), at
        classes = size_class(record, rows, at)
        odds = shifted(learner.forecast(features(record, rows, at), classes, record.odds[rows, at]), horizon)
        yield _scored(record, rows, at, horizon, classes, shares_of(odds))


def _scored(
    record: ShareRecord,
    rows: NDArray[np.intp],
    at: int,
    horizon: int,
    classes: NDArray[np.intp],
    quantiles: FloatArray,
) -> pd.DataFrame:
    outcome = record.panel.shares[rows, at + horizon]
    # Outcomes below it were learnt as the least: a forecast of no more than that is one of none.
    quantiles = np.where(quantiles <= LEAST_ODDS, 0.0, quantiles)
    ends = {
        f"{side}_{band}": np.array([np.interp(level / 100, LEVELS, q) for q in quantiles])
        for band, levels in BANDS.items()
        for side, level in zip(("low", "high"), levels, strict=True)
    }
    return pd.DataFrame(
        {
            "row": rows,
            "of": record.panel.of[rows],
            "partner": record.panel.partner[rows],
            "origin": record.years[at],
            "target": record.years[at + horizon],
            "horizon": horizon,
            "share": record.panel.shares[rows, at],
            "outcome": outcome,
            "size": classes // 3,
            "median": quantiles[:, LEVELS.size // 2],
            "crps": crps_of(quantiles, outcome),
            "pit": np.array(
                [
                    np.interp(y, q, LEVELS, left=0.0, right=1.0)
                    for y, q in zip(outcome, quantiles, strict=True)
                ]
            ),
            **ends,
        }
    )


def beside_others(record: ShareRecord, made: pd.DataFrame, horizon: int) -> pd.DataFrame:
    """Add what the random walk, smoothing and the stack of today scored on the same pairs, origins and horizon.

    Parameters
    ----------
    record : ShareRecord
    made : from :func:`rolling`
    horizon : years ahead

    Returns
    -------
    DataFrame
        ``made`` with ``crps_walk``, ``crps_smoothed``, ``crps_stack`` and whether the walk's bands held (``walk_80``,
        ``walk_95``); forecasts that the others could not make are left out.
    """
    found = hindcast(on_record(record), Rules(horizons=(horizon,)))
    table = pd.DataFrame({"row": found.row, "origin": found.origin})
    for name, form in (("walk", WALK), ("smoothed", SMOOTHED), ("stack", STACK)):
        table[f"crps_{name}"] = found.crps[:, found.forms.index(form)]
    pit = found.pit[:, found.forms.index(WALK)]
    for band in (80, 95):
        table[f"walk_{band}"] = np.abs(pit - 0.5) <= band / 200
    return made.merge(table, on=["row", "origin"], how="inner", validate="one_to_one")


def on_record(record: ShareRecord) -> Panel:
    """Shares of a record without those that were patched."""
    panel = record.panel
    shares = np.where(record.known, panel.shares, np.nan)
    return Panel(panel.source, panel.measure, panel.of, panel.partner, panel.years, shares)
