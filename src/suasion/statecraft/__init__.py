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
    from suasion.statecraft.align.alignment import Alignment as Alignment
    from suasion.statecraft.align.alignment import alignment as alignment
    from suasion.statecraft.align.issues import issue_alignment as issue_alignment
    from suasion.statecraft.align.issues import issue_table as issue_table
    from suasion.statecraft.alliance.hazards import load_hazards as load_hazards
    from suasion.statecraft.alliance.hazards import load_pact_model as load_pact_model
    from suasion.statecraft.alliance.number import PactEvent as PactEvent
    from suasion.statecraft.alliance.number import PactNumber as PactNumber
    from suasion.statecraft.alliance.number import pact_number as pact_number
    from suasion.statecraft.alliance.number import pact_prior as pact_prior
    from suasion.statecraft.alliance.panel import AlliancePanel as AlliancePanel
    from suasion.statecraft.alliance.panel import risk_sets as risk_sets
    from suasion.statecraft.arms.breaks import BreakTest as BreakTest
    from suasion.statecraft.arms.breaks import break_test as break_test
    from suasion.statecraft.arms.drift import Drift as Drift
    from suasion.statecraft.arms.drift import share_drift as share_drift
    from suasion.statecraft.arms.report import ArmsReport as ArmsReport
    from suasion.statecraft.arms.report import arms_report as arms_report
    from suasion.statecraft.arms.shares import arms_shares as arms_shares
    from suasion.statecraft.arms.shares import self_reliance as self_reliance
    from suasion.statecraft.arms.shares import suppliers as suppliers
    from suasion.statecraft.dyads.table import DyadYears as DyadYears
    from suasion.statecraft.dyads.table import dyad_years as dyad_years
    from suasion.statecraft.ideal_points import IdealPoints as IdealPoints
    from suasion.statecraft.ideal_points import SimulatedVotes as SimulatedVotes
    from suasion.statecraft.ideal_points import VotingRecord as VotingRecord
    from suasion.statecraft.ideal_points import estimate_as_published as estimate_as_published
    from suasion.statecraft.ideal_points import estimate_ideal_points as estimate_ideal_points
    from suasion.statecraft.ideal_points import simulate_votes as simulate_votes
    from suasion.statecraft.ideal_points import update as update
    from suasion.statecraft.ideal_points import voting_record as voting_record
    from suasion.statecraft.ladder.evidence import LadderRules as LadderRules
    from suasion.statecraft.ladder.rungs import Ladder as Ladder
    from suasion.statecraft.ladder.scale import loevinger_h as loevinger_h
    from suasion.statecraft.ledger.answers import evidence_needed as evidence_needed
    from suasion.statecraft.ledger.answers import rectangle as rectangle
    from suasion.statecraft.ledger.answers import sensitivity as sensitivity
    from suasion.statecraft.ledger.figures import Judgement as Judgement
    from suasion.statecraft.ledger.file import parse_ledger as parse_ledger
    from suasion.statecraft.ledger.file import read_ledger as read_ledger
    from suasion.statecraft.ledger.odds import Item as Item
    from suasion.statecraft.ledger.odds import Ledger as Ledger
    from suasion.statecraft.ledger.odds import exact_path as exact_path
    from suasion.statecraft.ledger.odds import item_values as item_values
    from suasion.statecraft.ledger.odds import posterior_path as posterior_path
    from suasion.statecraft.pacts import pacts_between as pacts_between
    from suasion.statecraft.pacts import promises as promises
    from suasion.statecraft.shipped_points import shipped_ideal_points as shipped_ideal_points
    from suasion.statecraft.signals.game import SignalEquilibrium as SignalEquilibrium
    from suasion.statecraft.signals.game import SignalGame as SignalGame
    from suasion.statecraft.signals.game import compare_signals as compare_signals
    from suasion.statecraft.signals.game import concession_threshold as concession_threshold
    from suasion.statecraft.signals.game import deviation_gain as deviation_gain
    from suasion.statecraft.signals.game import reassurance as reassurance
    from suasion.statecraft.signals.game import solve_signal as solve_signal
    from suasion.statecraft.signals.game import sunk_cost as sunk_cost
    from suasion.statecraft.signals.game import tied_hands as tied_hands
    from suasion.statecraft.signals.game import trust_threshold as trust_threshold
    from suasion.statecraft.signals.regimes import regime_diagram as regime_diagram
    from suasion.statecraft.similarity import cohen_kappa as cohen_kappa
    from suasion.statecraft.similarity import s_score as s_score
    from suasion.statecraft.similarity import scott_pi as scott_pi
    from suasion.statecraft.similarity import tau_b as tau_b
    from suasion.statecraft.stability import Stability as Stability
    from suasion.statecraft.stability import stable_networks as stable_networks
    from suasion.statecraft.supplier.choice import TwoSources as TwoSources
    from suasion.statecraft.supplier.choice import Vendor as Vendor
    from suasion.statecraft.supplier.choice import choice as choice
    from suasion.statecraft.supplier.choice import correlation_bounds as correlation_bounds
    from suasion.statecraft.supplier.choice import threshold_hazard as threshold_hazard
    from suasion.statecraft.supplier.choice import threshold_line as threshold_line
    from suasion.statecraft.supplier.choice import two_sources as two_sources
    from suasion.statecraft.supplier.file import SupplierCase as SupplierCase
    from suasion.statecraft.supplier.file import SupplierFile as SupplierFile
    from suasion.statecraft.supplier.file import parse_suppliers as parse_suppliers
    from suasion.statecraft.supplier.file import read_suppliers as read_suppliers
    from suasion.statecraft.supplier.file import supplier_drivers as supplier_drivers
    from suasion.statecraft.supplier.file import supplier_table as supplier_table
    from suasion.statecraft.supplier.file import vendors_of as vendors_of
    from suasion.statecraft.triangle.sources import read_ties as read_ties
    from suasion.statecraft.triangle.types import Triangle as Triangle
    from suasion.statecraft.triangle.types import classify as classify
    from suasion.statecraft.triangle.types import median_distance as median_distance
    from suasion.statecraft.triangle.types import soft_edge as soft_edge
    from suasion.statecraft.triangle.types import threshold_sensitivity as threshold_sensitivity
    from suasion.statecraft.triangle.types import triangle_probabilities as triangle_probabilities
    from suasion.statecraft.triangle.years import edge_probabilities as edge_probabilities
    from suasion.statecraft.triangle.years import triangle_by_year as triangle_by_year
    from suasion.statecraft.triangle.years import triangle_from_ties as triangle_from_ties
    from suasion.statecraft.triangle.years import triangle_thresholds as triangle_thresholds

_HOME = {
    "Alignment": "align.alignment",
    "AlliancePanel": "alliance.panel",
    "ArmsReport": "arms.report",
    "BreakTest": "arms.breaks",
    "Drift": "arms.drift",
    "DyadYears": "dyads.table",
    "IdealPoints": "ideal_points",
    "Item": "ledger.odds",
    "Judgement": "ledger.figures",
    "Ladder": "ladder.rungs",
    "LadderRules": "ladder.evidence",
    "Ledger": "ledger.odds",
    "PactEvent": "alliance.number",
    "PactNumber": "alliance.number",
    "SignalEquilibrium": "signals.game",
    "SignalGame": "signals.game",
    "SimulatedVotes": "ideal_points",
    "Stability": "stability",
    "SupplierCase": "supplier.file",
    "SupplierFile": "supplier.file",
    "Triangle": "triangle.types",
    "TwoSources": "supplier.choice",
    "Vendor": "supplier.choice",
    "VotingRecord": "ideal_points",
    "alignment": "align.alignment",
    "arms_report": "arms.report",
    "arms_shares": "arms.shares",
    "break_test": "arms.breaks",
    "choice": "supplier.choice",
    "classify": "triangle.types",
    "cohen_kappa": "similarity",
    "compare_signals": "signals.game",
    "concession_threshold": "signals.game",
    "correlation_bounds": "supplier.choice",
    "deviation_gain": "signals.game",
    "dyad_years": "dyads.table",
    "edge_probabilities": "triangle.years",
    "estimate_as_published": "ideal_points",
    "estimate_ideal_points": "ideal_points",
    "evidence_needed": "ledger.answers",
    "exact_path": "ledger.odds",
    "issue_alignment": "align.issues",
    "issue_table": "align.issues",
    "item_values": "ledger.odds",
    "load_hazards": "alliance.hazards",
    "load_pact_model": "alliance.hazards",
    "loevinger_h": "ladder.scale",
    "median_distance": "triangle.types",
    "pact_number": "alliance.number",
    "pact_prior": "alliance.number",
    "pacts_between": "pacts",
    "parse_ledger": "ledger.file",
    "parse_suppliers": "supplier.file",
    "posterior_path": "ledger.odds",
    "promises": "pacts",
    "read_ledger": "ledger.file",
    "read_suppliers": "supplier.file",
    "read_ties": "triangle.sources",
    "reassurance": "signals.game",
    "rectangle": "ledger.answers",
    "regime_diagram": "signals.regimes",
    "risk_sets": "alliance.panel",
    "s_score": "similarity",
    "scott_pi": "similarity",
    "self_reliance": "arms.shares",
    "sensitivity": "ledger.answers",
    "share_drift": "arms.drift",
    "shipped_ideal_points": "shipped_points",
    "simulate_votes": "ideal_points",
    "soft_edge": "triangle.types",
    "solve_signal": "signals.game",
    "stable_networks": "stability",
    "sunk_cost": "signals.game",
    "supplier_drivers": "supplier.file",
    "supplier_table": "supplier.file",
    "suppliers": "arms.shares",
    "tau_b": "similarity",
    "threshold_hazard": "supplier.choice",
    "threshold_line": "supplier.choice",
    "threshold_sensitivity": "triangle.types",
    "tied_hands": "signals.game",
    "triangle_by_year": "triangle.years",
    "triangle_from_ties": "triangle.years",
    "triangle_probabilities": "triangle.types",
    "triangle_thresholds": "triangle.years",
    "trust_threshold": "signals.game",
    "two_sources": "supplier.choice",
    "update": "ideal_points",
    "vendors_of": "supplier.file",
    "voting_record": "ideal_points",
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
    "reassurance",
    "rectangle",
    "regime_diagram",
    "risk_sets",
    "s_score",
    "scott_pi",
    "self_reliance",
    "sensitivity",
    "share_drift",
    "shipped_ideal_points",
    "simulate_votes",
    "soft_edge",
    "solve_signal",
    "stable_networks",
    "sunk_cost",
    "supplier_drivers",
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


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"suasion.statecraft.{_HOME[name]}"), name)
