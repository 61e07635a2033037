"""The chance that two states have a militarized dispute with deaths within ten years: what war risk starts from.

Fitted once (``tools/fit_clashes.py``) on disputes to 2014; a later one that the record of the pair has is counted as
the last. Log odds of all pairs ship, without that of how fresh the last dispute is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from suasion.files import shipped
from suasion.statecraft.record import FactKind, facts_between
from suasion.types import Z90

TABLES, CHANCES, MODEL = "suasion.statecraft.tables", "clash_odds.parquet", "clash_model.json"
YEARS, FADES = 10, 10.0
"""Years ahead; years in which what a dispute of the past says fades to a third."""
UNIT = 1000
"""Parts of a log odds in the file."""


@dataclass(frozen=True, slots=True)
class ClashChance:
    """The chance of a deadly dispute within ten years.

    Attributes
    ----------
    probability, low, high : chance, and its 90 % band
    base : mean of all pairs
    last : year of the last deadly dispute that the record of the pair has after the end of the data; 0 without
    data_to : last year of the disputes behind the fit
    """

    probability: float
    low: float
    high: float
    base: float
    last: int
    data_to: int


@cache
def clash_model() -> Mapping[str, Any]:
    """Return what ships beside the log odds: coefficients, drift and scores; not to be changed."""
    values: dict[str, Any] = shipped(TABLES, MODEL, json.load)
    return values


def clash_chance(a: str, b: str) -> ClashChance | None:
    """Return the chance of two states; None where one is not in the list of states.

    Parameters
    ----------
    a, b : alpha-3 codes

    Returns
    -------
    ClashChance or None

    Raises
    ------
    SourceFileError
        If the installation lacks the files, or one is damaged.
    """
    table, model, pair = _odds(), clash_model(), (min(a, b), max(a, b))
    if pair not in table.index:
        return None
    row = table.loc[[pair]].iloc[0].to_dict()
    kinds = (FactKind.DISPUTE, FactKind.WAR)
    clashes = [int(one.start[:4]) for one in facts_between(a, b) if one.kind in kinds]
    last = max((year for year in clashes if year > model["data_to"]), default=0)
    recent = float(np.exp(-max(model["year"] - last, 0) / FADES)) if last else float(row["recent"])
    odds = float(row["odds"]) + model["recent"] * recent
    reach = Z90 * float(np.hypot(row["sd"], model["drift"]))
    low, middle, high = (float(expit(odds + end)) for end in (-reach, 0.0, reach))
    return ClashChance(middle, low, high, model["base"], last, model["data_to"])


@cache
def _odds() -> pd.DataFrame:
    table = shipped(TABLES, CHANCES, pd.read_parquet)
    names = table[["a", "b"]].astype(str)
    return names.join(table[["odds", "recent", "sd"]] / UNIT).set_index(["a", "b"]).sort_index()
