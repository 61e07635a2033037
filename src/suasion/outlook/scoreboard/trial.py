"""Predicted against what happened: the tables of the trial that the package keeps of its evidence."""

from __future__ import annotations

from functools import cache
from typing import Literal

import pandas as pd

from suasion.files import shipped

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
