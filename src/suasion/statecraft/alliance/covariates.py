"""What the forecasts of pacts know of a pair at the end of a year."""

from __future__ import annotations

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
