"""What war would cost pairs of states, and what threats are worth when made through others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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


HOLDERS = ("USA", "CHN", "EU", "RUS", "IND")
RULES = {"counter": {}, "one-sided": {"counter": False}, "counter, twice as dear": {"ratio": 2.0}}
"""The target recruits too; only the holder does; refusing must be twice as dear as obeying."""
LATEST = 2023


THREATS = (
    *("holder", "rule", "target", "solo_percent", "joined", "opposed", "joint_percent", "separate_percent"),
    *("multiplier", "own_percent", "third_musd", "most_musd", "joint_status"),
)
"""Columns of the table: no flag stands on the long run."""


def joint_threats() -> pd.DataFrame:
    """Threats of five holders against every economy, alone and through others, by rule, long run."""
    return _threats(HOLDERS, RULES)


def _threats(holders: Sequence[str], rules: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    from suasion.coercion import leverage_matrix
    from suasion.coercion.joint_threats import joint_threats as solve
    from suasion.coercion.restored import ThreatRules
    from suasion.world import load_world

    world = load_world(year=LATEST)
    matrix = leverage_matrix(world, "long", coalitions={"EU": "EU"} if "EU" in holders else None)
    parts = [
        solve(world, holder, rules=ThreatRules(**given), matrix=matrix).table.assign(holder=holder, rule=name)
        for holder in holders
        for name, given in rules.items()
    ]
    return pd.concat(parts, ignore_index=True).rename(columns={"state": "target"})[list(THREATS)]


def sampled_joint_threats(_: pd.DataFrame) -> pd.DataFrame:
    """One holder, solved again."""
    return _threats(HOLDERS[3:4], dict(list(RULES.items())[:1]))
