"""The statecraft room: how aligned states are, and what they make of it.

Similarity of portfolios, agreement issue by issue, ideal points from votes in the General Assembly, triangles
of three powers, arms. Everything works on plain tables and arrays; readers of the data are in the room of
sources.
"""

from suasion.statecraft.align import Alignment, alignment
from suasion.statecraft.arms import arms_shares, self_reliance, suppliers
from suasion.statecraft.arms_break import BreakTest, break_test
from suasion.statecraft.arms_drift import Drift, share_drift
from suasion.statecraft.arms_words import ArmsReport, arms_report, arms_sentences
from suasion.statecraft.dyads import DyadYears, dyad_years
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
from suasion.statecraft.ladder import Ladder, ladder, ladder_scale
from suasion.statecraft.ladder_evidence import LadderRules
from suasion.statecraft.ladder_scale import loevinger_h
from suasion.statecraft.ledger import Item, Ledger, item_values, posterior_path
from suasion.statecraft.ledger_answers import evidence_needed, rectangle, sensitivity
from suasion.statecraft.ledger_figures import Judgement
from suasion.statecraft.ledger_file import parse_ledger, read_ledger
from suasion.statecraft.ledger_words import sentences
from suasion.statecraft.organisations import shared_organisations
from suasion.statecraft.pacts import pacts_between, promises
from suasion.statecraft.signals import (
    SignalEquilibrium,
    SignalGame,
    compare_signals,
    concession_threshold,
    deviation_gain,
    reassurance,
    solve_signal,
    sunk_cost,
    tied_hands,
    trust_threshold,
)
from suasion.statecraft.signals_map import regime_diagram
from suasion.statecraft.similarity import cohen_kappa, s_score, scott_pi, tau_b
from suasion.statecraft.stability import Stability, stable_networks
from suasion.statecraft.supplier import (
    TwoSources,
    Vendor,
    choice,
    correlation_bounds,
    threshold_hazard,
    threshold_line,
    two_sources,
)
from suasion.statecraft.supplier_file import (
    SupplierCase,
    SupplierFile,
    parse_suppliers,
    read_suppliers,
    supplier_drivers,
    supplier_table,
    vendors_of,
)
from suasion.statecraft.supplier_words import supplier_sentences
from suasion.statecraft.triangle import (
    Triangle,
    classify,
    median_distance,
    soft_edge,
    threshold_sensitivity,
    triangle_probabilities,
)
from suasion.statecraft.triangle_sources import read_ties
from suasion.statecraft.triangle_years import triangle_by_year, triangle_from_ties, triangle_thresholds

__all__ = [
    "Alignment",
    "ArmsReport",
    "BreakTest",
    "Drift",
    "DyadYears",
    "IdealPoints",
    "Item",
    "Judgement",
    "Ladder",
    "LadderRules",
    "Ledger",
    "SignalEquilibrium",
    "SignalGame",
    "SimulatedVotes",
    "Stability",
    "SupplierCase",
    "SupplierFile",
    "Triangle",
    "TwoSources",
    "Vendor",
    "VotingRecord",
    "alignment",
    "arms_report",
    "arms_sentences",
    "arms_shares",
    "break_test",
    "choice",
    "classify",
    "cohen_kappa",
    "compare_signals",
    "concession_threshold",
    "correlation_bounds",
    "deviation_gain",
    "dyad_years",
    "estimate_ideal_points",
    "evidence_needed",
    "issue_alignment",
    "issue_table",
    "item_values",
    "ladder",
    "ladder_scale",
    "loevinger_h",
    "median_distance",
    "pacts_between",
    "parse_ledger",
    "parse_suppliers",
    "posterior_path",
    "promises",
    "read_ledger",
    "read_suppliers",
    "read_ties",
    "reassurance",
    "rectangle",
    "regime_diagram",
    "s_score",
    "scott_pi",
    "self_reliance",
    "sensitivity",
    "sentences",
    "share_drift",
    "shared_organisations",
    "simulate_votes",
    "soft_edge",
    "solve_signal",
    "stable_networks",
    "sunk_cost",
    "supplier_drivers",
    "supplier_sentences",
    "supplier_table",
    "suppliers",
    "tau_b",
    "threshold_hazard",
    "threshold_line",
    "threshold_sensitivity",
    "tied_hands",
    "triangle_by_year",
    "triangle_from_ties",
    "triangle_probabilities",
    "triangle_thresholds",
    "trust_threshold",
    "two_sources",
    "update",
    "vendors_of",
    "voting_record",
]
