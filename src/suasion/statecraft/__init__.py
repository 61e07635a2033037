"""The statecraft room: how aligned states are, and what they make of it.

Similarity of portfolios, agreement issue by issue, ideal points from votes in the General Assembly, triangles
of three powers, arms. Everything works on plain tables and arrays; readers of the data are in the room of
sources.
"""

from suasion.statecraft.arms import arms_shares, suppliers
from suasion.statecraft.ideal_points import (
    IdealPoints,
    SimulatedVotes,
    VotingRecord,
    estimate_ideal_points,
    simulate_votes,
    update,
    voting_record,
)
from suasion.statecraft.issues import issue_alignment, issue_table
from suasion.statecraft.similarity import cohen_kappa, s_score, scott_pi, tau_b
from suasion.statecraft.triangle import (
    Triangle,
    classify,
    median_distance,
    soft_edge,
    threshold_sensitivity,
    triangle_probabilities,
)

__all__ = [
    "IdealPoints",
    "SimulatedVotes",
    "Triangle",
    "VotingRecord",
    "arms_shares",
    "classify",
    "cohen_kappa",
    "estimate_ideal_points",
    "issue_alignment",
    "issue_table",
    "median_distance",
    "s_score",
    "scott_pi",
    "simulate_votes",
    "soft_edge",
    "suppliers",
    "tau_b",
    "threshold_sensitivity",
    "triangle_probabilities",
    "update",
    "voting_record",
]
