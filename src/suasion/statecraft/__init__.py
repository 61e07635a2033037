"""The statecraft room: how aligned states are, and what they make of it.

Similarity of portfolios, agreement issue by issue, ideal points from votes in the General Assembly, triangles
of three powers, arms. Everything works on plain tables and arrays; readers of the data are in the room of
sources.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Now, or the modules of these names would hide them once they are imported.
from suasion.statecraft.ladder.rungs import ladder, ladder_scale

if TYPE_CHECKING:
    from suasion.statecraft.align.alignment import Alignment, alignment
    from suasion.statecraft.align.issues import issue_alignment, issue_table
    from suasion.statecraft.alliance.hazards import load_hazards, load_pact_model
    from suasion.statecraft.alliance.number import PactEvent, PactNumber, pact_number, pact_prior
    from suasion.statecraft.alliance.panel import AlliancePanel, risk_sets
    from suasion.statecraft.arms.breaks import BreakTest, break_test
    from suasion.statecraft.arms.drift import Drift, share_drift
    from suasion.statecraft.arms.report import ArmsReport, arms_report
    from suasion.statecraft.arms.shares import arms_shares, self_reliance, suppliers
    from suasion.statecraft.dyads.table import DyadYears, dyad_years
    from suasion.statecraft.ideal_points import (
        IdealPoints,
        SimulatedVotes,
        VotingRecord,
        estimate_as_published,
        estimate_ideal_points,
        simulate_votes,
        update,
        voting_record,
    )
    from suasion.statecraft.ladder.evidence import LadderRules
    from suasion.statecraft.ladder.rungs import Ladder
    from suasion.statecraft.ladder.scale import loevinger_h
    from suasion.statecraft.ledger.answers import evidence_needed, rectangle, sensitivity
    from suasion.statecraft.ledger.figures import Judgement
    from suasion.statecraft.ledger.file import parse_ledger, read_ledger
    from suasion.statecraft.ledger.odds import Item, Ledger, exact_path, item_values, posterior_path
    from suasion.statecraft.pacts import pacts_between, promises
    from suasion.statecraft.shipped_points import shipped_ideal_points
    from suasion.statecraft.similarity import cohen_kappa, s_score, scott_pi, tau_b
    from suasion.statecraft.supplier.choice import (
        TwoSources,
        Vendor,
        choice,
        correlation_bounds,
        threshold_hazard,
        threshold_line,
        two_sources,
    )
    from suasion.statecraft.supplier.file import (
        SupplierCase,
        SupplierFile,
        parse_suppliers,
        read_suppliers,
        supplier_drivers,
        supplier_table,
        vendors_of,
    )
    from suasion.statecraft.triangle.sources import read_ties
    from suasion.statecraft.triangle.types import (
        Triangle,
        classify,
        median_distance,
        soft_edge,
        threshold_sensitivity,
        triangle_probabilities,
    )
    from suasion.statecraft.triangle.years import (
        edge_probabilities,
        triangle_by_year,
        triangle_from_ties,
        triangle_thresholds,
    )

_HOME = {
    name: module
    for module, names in {
        "align.alignment": "Alignment,alignment",
        "align.issues": "issue_alignment,issue_table",
        "alliance.hazards": "load_hazards,load_pact_model",
        "alliance.number": "PactEvent,PactNumber,pact_number,pact_prior",
        "alliance.panel": "AlliancePanel,risk_sets",
        "arms.breaks": "BreakTest,break_test",
        "arms.drift": "Drift,share_drift",
        "arms.report": "ArmsReport,arms_report",
        "arms.shares": "arms_shares,self_reliance,suppliers",
        "dyads.table": "DyadYears,dyad_years",
        "ideal_points": (
            "IdealPoints,SimulatedVotes,VotingRecord,estimate_as_published,estimate_ideal_points,"
            "simulate_votes,update,voting_record"
        ),
        "ladder.evidence": "LadderRules",
        "ladder.rungs": "Ladder",
        "ladder.scale": "loevinger_h",
        "ledger.answers": "evidence_needed,rectangle,sensitivity",
        "ledger.figures": "Judgement",
        "ledger.file": "parse_ledger,read_ledger",
        "ledger.odds": "Item,Ledger,exact_path,item_values,posterior_path",
        "pacts": "pacts_between,promises",
        "shipped_points": "shipped_ideal_points",
        "similarity": "cohen_kappa,s_score,scott_pi,tau_b",
        "supplier.choice": (
            "TwoSources,Vendor,choice,correlation_bounds,threshold_hazard,threshold_line,two_sources"
        ),
        "supplier.file": (
            "SupplierCase,SupplierFile,parse_suppliers,read_suppliers,supplier_drivers,supplier_table,"
            "vendors_of"
        ),
        "triangle.sources": "read_ties",
        "triangle.types": (
            "Triangle,classify,median_distance,soft_edge,threshold_sensitivity,triangle_probabilities"
        ),
        "triangle.years": "edge_probabilities,triangle_by_year,triangle_from_ties,triangle_thresholds",
    }.items()
    for name in names.split(",")
}
"""Public name to the module of this room that holds it: loaded on first use, for few need all of it."""

__all__ = [
    "Alignment",
    "AlliancePanel",
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
    "PactEvent",
    "PactNumber",
    "SimulatedVotes",
    "SupplierCase",
    "SupplierFile",
    "Triangle",
    "TwoSources",
    "Vendor",
    "VotingRecord",
    "alignment",
    "arms_report",
    "arms_shares",
    "break_test",
    "choice",
    "classify",
    "cohen_kappa",
    "correlation_bounds",
    "dyad_years",
    "edge_probabilities",
    "estimate_as_published",
    "estimate_ideal_points",
    "evidence_needed",
    "exact_path",
    "issue_alignment",
    "issue_table",
    "item_values",
    "ladder",
    "ladder_scale",
    "load_hazards",
    "load_pact_model",
    "loevinger_h",
    "median_distance",
    "pact_number",
    "pact_prior",
    "pacts_between",
    "parse_ledger",
    "parse_suppliers",
    "posterior_path",
    "promises",
    "read_ledger",
    "read_suppliers",
    "read_ties",
    "rectangle",
    "risk_sets",
    "s_score",
    "scott_pi",
    "self_reliance",
    "sensitivity",
    "share_drift",
    "shipped_ideal_points",
    "simulate_votes",
    "soft_edge",
    "supplier_drivers",
    "supplier_table",
    "suppliers",
    "tau_b",
    "threshold_hazard",
    "threshold_line",
    "threshold_sensitivity",
    "triangle_by_year",
    "triangle_from_ties",
    "triangle_probabilities",
    "triangle_thresholds",
    "two_sources",
    "update",
    "vendors_of",
    "voting_record",
]


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"suasion.statecraft.{_HOME[name]}"), name)
