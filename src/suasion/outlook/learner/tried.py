"""How good the learner was at rolling origins: the summary that the package keeps of its evidence."""

from __future__ import annotations

from functools import cache

import pandas as pd

from suasion.files import shipped


@cache
def _kept() -> pd.DataFrame:
    return shipped("suasion.outlook.learner", "tried.csv", pd.read_csv)


def tried(table: str) -> pd.DataFrame:
    """Scores and coverage of a table's forecasts at rolling origins.

    table: ``goods`` or ``fuels``.
    Returns: ``horizon`` (years), ``part`` (``all``, or the size of the share), ``forecasts``, ``origins``,
      ``economies``; ``crps`` and that of the random walk, smoothing and the stack (points of share); how
      often bands held (``held_80`` to ``held_95``); for all, the part of each other score that is saved, with
      its 90 % interval.
    Raises SourceFileError if the file is missing or broken.
    """
    found = _kept()
    return found[found["table"] == table].drop(columns="table").reset_index(drop=True)
