"""The statecraft room: how aligned states are, and what they make of it.

Similarity of portfolios, agreement issue by issue, ideal points from votes in the General Assembly, triangles
of three powers, arms. Everything works on plain tables and arrays; readers of the data are in the room of
sources.
"""

from importlib import import_module
from typing import Any

# Now, or the module of this name would hide it once it is imported.
from suasion.statecraft.ladder.rungs import ladder, ladder_scale

_HOME = {
    name: module
    for module, names in {
        "align.alignment": "Alignment,alignment,issue_alignment,issue_table",
        "alliance.hazards": "load_hazards,load_pact_model",
        "alliance.number": "PactEvent,PactNumber,pact_number,pact_prior",
        "arms.report": "ArmsReport,BreakTest,Drift,arms_report,break_test,share_drift",
        "arms.shares": "arms_shares,self_reliance,suppliers",
        "dyads.table": "DyadYears,dyad_years",
        "ideal_points": (
            "IdealPoints,SimulatedVotes,VotingRecord,estimate_ideal_points,"
            "simulate_votes,update,voting_record"
        ),
        "ladder.evidence": "LadderRules",
        "ladder.rungs": "Ladder",
        "ladder.scale": "loevinger_h",
        "ledger.file": "evidence_needed,parse_ledger,read_ledger,rectangle,sensitivity",
        "ledger.odds": "Item,Judgement,Ledger,exact_path,item_values,posterior_path",
        "commitments": "promises",
        "pacts": "pacts_between",
        "shipped_points": "shipped_ideal_points",
        "similarity": "cohen_kappa,s_score,scott_pi,tau_b",
        "supplier.choice": ("TwoSources,Vendor,choice,correlation_bounds,threshold_hazard,two_sources"),
        "supplier.file": (
            "SupplierCase,SupplierFile,parse_suppliers,read_suppliers,supplier_drivers,supplier_table,"
            "vendors_of"
        ),
        "triangle.types": (
            "Triangle,classify,median_distance,soft_edge,threshold_sensitivity,triangle_probabilities"
        ),
        "triangle.years": "edge_probabilities,read_ties,triangle_by_year,triangle_from_ties,triangle_thresholds",
    }.items()
    for name in names.split(",")
}
"""Public name to the module of this room that holds it: loaded on first use, for few need all of it."""

__all__ = ["ladder", "ladder_scale", *_HOME]


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"suasion.statecraft.{_HOME[name]}"), name)
