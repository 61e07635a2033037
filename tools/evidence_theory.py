"""What war would cost pairs of states, and what threats are worth when made through others."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

DISPUTES = (("USA", "CHN"), ("CHN", "TWN"), ("RUS", "EU"), ("IND", "CHN"), ("RUS", "CHN"))
HORIZONS = ("long", "short")
YEARS = (2022, 2023)
BASE_RISK = 0.1
"""Assumed, and beside every risk."""


def war_risk() -> pd.DataFrame:
    """Costs of war of both sides, what each can ask, and the risk, by pair, year of the world, horizon and policy."""
    return _disputes([(year, pair, horizon) for year in YEARS for pair in DISPUTES for horizon in HORIZONS])


def _disputes(cases: Sequence[tuple[int, tuple[str, str], str]]) -> pd.DataFrame:
    from suasion.coercion import dispute_risk
    from suasion.world import load_world

    parts = []
    for year, pair, horizon in cases:
        found = dispute_risk(load_world(year=year), *pair, horizon=horizon, base_risk=BASE_RISK)
        # base risks go to the spread and back, which loses the last of sixteen digits
        at = found.over_risks[found.over_risks["base_risk"].sub(BASE_RISK).abs() < 1e-9]
        parts.append(
            found.costs.merge(at, on="policy").assign(pair="-".join(pair), year=year, horizon=horizon)
        )
    first = ["pair", "year", "horizon", "policy", "state"]
    frame = pd.concat(parts, ignore_index=True)
    return frame[[*first, *(name for name in frame.columns if name not in first)]]


def sampled_war_risk(_: pd.DataFrame) -> pd.DataFrame:
    """One pair in one world, solved again."""
    fresh = _disputes([(2022, DISPUTES[0], "long")])
    return fresh.assign(year=fresh["year"].astype(str))  # keys of a committed table are text
