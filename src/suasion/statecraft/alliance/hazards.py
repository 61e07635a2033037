"""Hazards of all pairs as they ship: an object of numbers, no row of any source.

``tables/pact_hazards.parquet`` has, for each pair and question, the mean of the hazard of the first year over draws,
the standard deviation of its logarithm, the hazard that it has outlived since the last pact, and its years without one.
``tables/pact_model.json`` has the coefficients, the levels, the scores, and what moves the hazard of some pairs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

import pandas as pd

from suasion.files import shipped

Status = Literal["yes", "no", "unknown"]
"""Whether something is so."""

TABLES = "suasion.statecraft.tables"
HAZARDS = "pact_hazards.parquet"
MODEL = "pact_model.json"
FRAILTY_AT = 1.0
"""Frailty of the central forecast; the likelihood is flat from 0 to 4, and this is its top."""


@cache
def load_hazards() -> pd.DataFrame:
    """Return the hazards that ship, by ``a``, ``b`` (alphabetical) and ``kind``; not to be changed.

    Raises
    ------
    SourceFileError
        If the installation lacks the file, or it is damaged.
    """
    table = shipped(TABLES, HAZARDS, pd.read_parquet)
    return (
        table.astype({"a": str, "b": str, "kind": str})
        .set_index(["a", "b", "kind"])
        .astype(float)
        .sort_index()
    )


@cache
def load_pact_model() -> Mapping[str, Any]:
    """Return what ships beside the hazards; not to be changed.

    Returns
    -------
    Mapping
        ``last_year`` whose pacts are known. ``kinds``: by question ``names``, ``beta`` and ``sd`` (log hazard per
        standard deviation, or per unit where the prior is in own units), ``unit`` (log hazard per unit of the
        covariate), ``events``, ``treaties``, ``rate``, ``base``. ``scores``: by question and scheme, of forecasts from
        the past alone. ``movers``: by ``AAA-BBB``, log ratio of the hazard of a bilateral pact, by what would be
        otherwise. ``ratios``: likelihood ratios of evidence, from matched pairs.

    Raises
    ------
    SourceFileError
        If the installation lacks the file, or it is damaged.
    """
    values: dict[str, Any] = shipped(TABLES, MODEL, json.load)
    return values


def pact_in_force(a: str, b: str, year: int) -> Status:
    """Return whether a defence pact binds two states, by the record on which the hazards rest.

    a, b: alpha-3 codes.
    year: Of the record only the last one ships, and of states in it; all else is unknown.
    """
    if year == load_pact_model()["last_year"]:
        table, pair = load_hazards().index, sorted((a, b))
        known: Mapping[str, Status] = {"ending": "yes", "bilateral": "no"}
        return next((status for kind, status in known.items() if (*pair, kind) in table), "unknown")
    return "unknown"


@cache
def inputs_hash() -> str:
    """Checksum of both files: forecasts with the same one rest on the same numbers."""
    content = b"".join(shipped(TABLES, name, lambda file: file.read()) for name in (HAZARDS, MODEL))
    return hashlib.sha256(content).hexdigest()


COVARIATES: dict[str, str] = {
    "rivals_shared": "threat",
    "rivalry": "threat",
    "hostility": "threat",
    "territory": "threat",
    "opposed": "network",
    "arms": "arms",
    "two_majors": "class",
    "major_minor": "class",
    "near": "class",
    "far": "class",
    "dispute": "threat",
    "strength": "power",
    "parity": "power",
    "power_change": "power",
    "major": "power",
    "both_major": "power",
    "ideal_distance": "votes",
    "no_votes": "votes",
    "trade_dependence": "trade",
    "no_trade": "trade",
    "land_border": "place",
    "distance": "place",
    "regime_difference": "regimes",
    "democracy": "regimes",
    "regime_change": "regimes",
    "allies_shared": "network",
    "allies_most": "network",
    "promises": "history",
    "past_pact": "history",
    "quiet": "history",
    "age": "history",
    "many_members": "history",
}
"""Name to its group; what each means is on the page on pacts."""

SINCE = 50
"""Years without a pact beyond which time no longer counts."""
