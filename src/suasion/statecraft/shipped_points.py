"""Our own ideal points as they ship: posterior mean, sd and 90 % band of each country and UN session, no votes.

``tools/fit_ideal_points.py`` makes the file anew from roll calls, or compares.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from suasion.errors import SourceFileError

if TYPE_CHECKING:
    from suasion.statecraft.ideal_points import IdealPoints

FILE = "ideal_points.parquet"
SOURCE = "own estimate from roll calls of the General Assembly (doi 10.7910/DVN/LEJUQZ), shipped"
COLUMNS = ("country", "un_session", "votes", "mean", "sd", "low", "high")
DIGITS = 3
"""Digits behind the point: the posterior sd is 0.05 or more nearly everywhere."""


def shipped_ideal_points() -> pd.DataFrame:
    """Return the ideal points that ship, 1946 to 2019.

    Returns
    -------
    DataFrame
        ``country`` (alpha-3, former members under their old codes), ``un_session``, ``year`` (in which the UN session
        opened), ``votes`` (number), ``mean``, ``sd``, ``low`` and ``high`` (5 and 95 %). Units: standard deviations
        over all country sessions; high is the side of the United States.

    Raises
    ------
    SourceFileError
        If the installation lacks the file, or it is damaged.

    Examples
    --------
    >>> table = shipped_ideal_points()
    >>> int(table["year"].min()), int(table["year"].max())
    (1946, 2019)
    """
    return _read().copy()


@cache
def _read() -> pd.DataFrame:
    try:
        with resources.files("suasion.statecraft").joinpath("tables", FILE).open("rb") as file:
            table = pd.read_parquet(file)
        kept = table[list(COLUMNS)]
    except (OSError, ValueError, KeyError) as reason:
        raise SourceFileError(
            f"The file {FILE} cannot be read ({reason}). Install the package again."
        ) from reason
    numbers = kept.astype({**dict.fromkeys(("mean", "sd", "low", "high"), float), "country": str})
    numbers = numbers.astype({"un_session": int, "votes": int})
    numbers.insert(2, "year", numbers["un_session"] + 1945)
    return numbers


def to_ship(points: IdealPoints) -> pd.DataFrame:
    """Return an estimate as the table that ships: rounded, in small types.

    Parameters
    ----------
    points : IdealPoints
        Of the whole record.

    Returns
    -------
    DataFrame
        ``country``, ``un_session``, ``votes``, ``mean``, ``sd``, ``low``, ``high``.
    """
    table = points.table[list(COLUMNS)]
    small = {c: table[c].round(DIGITS).astype(np.float32) for c in ("mean", "sd", "low", "high")}
    return table.assign(
        country=table["country"].astype("category"),
        un_session=table["un_session"].astype(np.int16),
        votes=table["votes"].astype(np.int16),
        **small,
    )
