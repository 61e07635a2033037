"""Our own ideal points as they ship: mean and two sds of each country and UN session in two dimensions, no votes.

``tools/fit_ideal_points.py`` makes the file anew from roll calls, or compares.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from suasion.files import shipped
from suasion.types import Z90, Citation

FILE = "ideal_points.parquet"
SOURCE: Citation = (
    "own estimate, shipped, from roll calls of the General Assembly (doi 10.7910/DVN/LEJUQZ; from 2020 United Nations, "
    "machine-readable resolutions)"
)
NUMBERS = ("mean", "sd", "sd2", "second", "second_sd", "second_sd2")
COLUMNS = ("country", "un_session", "votes", *NUMBERS)
"""Digits behind the point: the posterior sd is 0.05 or more nearly everywhere."""

LEVEL_SD = 0.5
"""Doubt about the level of all states together before 1951: assumption. Against the published series our level is .72,
.60, .42, .33 and .25 too low in UN sessions 1, 2, 3, 4 and 5, a shift; distances of states do not feel it."""
LEVEL_BEFORE = 6
"""UN session of 1951."""


def shipped_ideal_points() -> pd.DataFrame:
    """Return the ideal points that ship, 1946 to 2025.

    Returns
    -------
    DataFrame
        ``country`` (alpha-3, former members under their old codes), ``un_session``, ``year`` (in which the UN session
        opened), ``votes`` (number), ``mean``; ``sd`` (posterior, given the subjects that were put to the vote); ``sd2``
        (with the variance of the subjects: where would others put the state?); ``level_sd`` (doubt about the level of
        all states of the UN session together, 0 from 1951 on); ``low`` and ``high``, the 90 % band by ``sd2`` and
        ``level_sd``. Units: standard deviations over all country sessions; high is the side of the United States.
        ``second``, ``second_sd``, ``second_sd2``: the same of the second dimension, in standard deviations over the
        states of the UN session; Russia is low.

    Raises
    ------
    SourceFileError
        If the installation lacks the file, or it is damaged.

    Examples
    --------
    >>> table = shipped_ideal_points()
    >>> int(table["year"].min()), int(table["year"].max())
    (1946, 2025)
    """
    return _read().copy()


@cache
def _read() -> pd.DataFrame:
    kept = shipped("suasion.statecraft.tables", FILE, lambda file: pd.read_parquet(file)[list(COLUMNS)])
    types = dict.fromkeys(NUMBERS, float) | {"country": str, "un_session": int, "votes": int}
    numbers = kept.astype(types)
    numbers.insert(2, "year", numbers["un_session"] + 1945)
    numbers["level_sd"] = np.where(numbers["un_session"] < LEVEL_BEFORE, LEVEL_SD, 0.0)
    reach = Z90 * np.hypot(numbers["sd2"], numbers["level_sd"])
    return numbers.assign(low=numbers["mean"] - reach, high=numbers["mean"] + reach)


def second_dimension() -> pd.DataFrame:
    """Return the second dimension as a table of points: ``country``, ``year``, ``mean``, ``sd2``, ``low``, ``high``."""
    names = {"second": "mean", "second_sd2": "sd2"}
    table = _read()[["country", "year", *names]].rename(columns=names).dropna(ignore_index=True)
    reach = Z90 * table["sd2"]
    return table.assign(low=table["mean"] - reach, high=table["mean"] + reach)


def spread(points: pd.DataFrame) -> pd.Series:
    """Sd of each ideal point beside the others of its year: ``sd2`` where there is one, else from the 90 % band.

    points: with ``sd2``, or with ``low`` and ``high``.
    """
    if "sd2" in points:
        return points["sd2"].astype(float)
    return (points["high"] - points["low"]) / (2.0 * Z90)
