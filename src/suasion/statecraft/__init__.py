"""The statecraft room: how aligned states are, and what they make of it.

Similarity of portfolios, agreement issue by issue, ideal points from votes in the General Assembly, triangles
of three powers, arms. Everything works on plain tables and arrays; readers of the data are in the room of
sources.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Now, or the modules of these names would hide them once they are imported.
from suasion.statecraft.ladder import ladder, ladder_scale

if TYPE_CHECKING:
    from suasion.statecraft.align import Alignment as Alignment
    from suasion.statecraft.align import alignment as alignment
    from suasion.statecraft.alliance import AllianceProbability as AllianceProbability
    from suasion.statecraft.alliance import alliance_prior as alliance_prior
    from suasion.statecraft.alliance import alliance_probability as alliance_probability
    from suasion.statecraft.alliance_model import AllianceModel as AllianceModel
    from suasion.statecraft.alliance_model import fit_alliance_model as fit_alliance_model
    from suasion.statecraft.alliance_model import load_alliance_model as load_alliance_model
    from suasion.statecraft.alliance_panel import AlliancePanel as AlliancePanel
    from suasion.statecraft.alliance_panel import risk_sets as risk_sets
    from suasion.statecraft.arms import arms_shares as arms_shares
    from suasion.statecraft.arms import self_reliance as self_reliance
    from suasion.statecraft.arms import suppliers as suppliers
    from suasion.statecraft.arms_break import BreakTest as BreakTest
    from suasion.statecraft.arms_break import break_test as break_test
    from suasion.statecraft.arms_drift import Drift as Drift
    from suasion.statecraft.arms_drift import share_drift as share_drift
    from suasion.statecraft.arms_words import ArmsReport as ArmsReport
    from suasion.statecraft.arms_words import arms_report as arms_report
    from suasion.statecraft.arms_words import arms_sentences as arms_sentences
    from suasion.statecraft.dyads import DyadYears as DyadYears
    from suasion.statecraft.dyads import dyad_years as dyad_years
    from suasion.statecraft.ideal_points import IdealPoints as IdealPoints
    from suasion.statecraft.ideal_points import SimulatedVotes as SimulatedVotes
    from suasion.statecraft.ideal_points import VotingRecord as VotingRecord
    from suasion.statecraft.ideal_points import estimate_ideal_points as estimate_ideal_points
    from suasion.statecraft.ideal_points import simulate_votes as simulate_votes
    from suasion.statecraft.ideal_points import update as update
    from suasion.statecraft.ideal_points import voting_record as voting_record
    from suasion.statecraft.issues import issue_alignment as issue_alignment
    from suasion.statecraft.issues import issue_table as issue_table
    from suasion.statecraft.ladder import Ladder as Ladder
    from suasion.statecraft.ladder_evidence import LadderRules as LadderRules
    from suasion.statecraft.ladder_scale import loevinger_h as loevinger_h
    from suasion.statecraft.ledger import Item as Item
    from suasion.statecraft.ledger import Ledger as Ledger
    from suasion.statecraft.ledger import item_values as item_values
    from suasion.statecraft.ledger import posterior_path as posterior_path
    from suasion.statecraft.ledger_answers import evidence_needed as evidence_needed
    from suasion.statecraft.ledger_answers import rectangle as rectangle
    from suasion.statecraft.ledger_answers import sensitivity as sensitivity
    from suasion.statecraft.ledger_figures import Judgement as Judgement
    from suasion.statecraft.ledger_file import parse_ledger as parse_ledger
    from suasion.statecraft.ledger_file import read_ledger as read_ledger
    from suasion.statecraft.ledger_words import sentences as sentences
    from suasion.statecraft.organisations import shared_organisations as shared_organisations
    from suasion.statecraft.pacts import pacts_between as pacts_between
    from suasion.statecraft.pacts import promises as promises
    from suasion.statecraft.shipped_points import shipped_ideal_points as shipped_ideal_points
    from suasion.statecraft.signals import SignalEquilibrium as SignalEquilibrium
    from suasion.statecraft.signals import SignalGame as SignalGame
    from suasion.statecraft.signals import compare_signals as compare_signals
    from suasion.statecraft.signals import concession_threshold as concession_threshold
    from suasion.statecraft.signals import deviation_gain as deviation_gain
    from suasion.statecraft.signals import reassurance as reassurance
    from suasion.statecraft.signals import solve_signal as solve_signal
    from suasion.statecraft.signals import sunk_cost as sunk_cost
    from suasion.statecraft.signals import tied_hands as tied_hands
    from suasion.statecraft.signals import trust_threshold as trust_threshold
    from suasion.statecraft.signals_map import regime_diagram as regime_diagram
    from suasion.statecraft.similarity import cohen_kappa as cohen_kappa
    from suasion.statecraft.similarity import s_score as s_score
    from suasion.statecraft.similarity import scott_pi as scott_pi
    from suasion.statecraft.similarity import tau_b as tau_b
    from suasion.statecraft.stability import Stability as Stability
    from suasion.statecraft.stability import stable_networks as stable_networks
    from suasion.statecraft.supplier import TwoSources as TwoSources
    from suasion.statecraft.supplier import Vendor as Vendor
    from suasion.statecraft.supplier import choice as choice
    from suasion.statecraft.supplier import correlation_bounds as correlation_bounds
    from suasion.statecraft.supplier import threshold_hazard as threshold_hazard
    from suasion.statecraft.supplier import threshold_line as threshold_line
    from suasion.statecraft.supplier import two_sources as two_sources
    from suasion.statecraft.supplier_file import SupplierCase as SupplierCase
    from suasion.statecraft.supplier_file import SupplierFile as SupplierFile
    from suasion.statecraft.supplier_file import parse_suppliers as parse_suppliers
    from suasion.statecraft.supplier_file import read_suppliers as read_suppliers
    from suasion.statecraft.supplier_file import supplier_drivers as supplier_drivers
    from suasion.statecraft.supplier_file import supplier_table as supplier_table
    from suasion.statecraft.supplier_file import vendors_of as vendors_of
    from suasion.statecraft.supplier_words import supplier_sentences as supplier_sentences
    from suasion.statecraft.triangle import Triangle as Triangle
    from suasion.statecraft.triangle import classify as classify
    from suasion.statecraft.triangle import median_distance as median_distance
    from suasion.statecraft.triangle import soft_edge as soft_edge
    from suasion.statecraft.triangle import threshold_sensitivity as threshold_sensitivity
    from suasion.statecraft.triangle import triangle_probabilities as triangle_probabilities
    from suasion.statecraft.triangle_sources import read_ties as read_ties
    from suasion.statecraft.triangle_years import edge_probabilities as edge_probabilities
    from suasion.statecraft.triangle_years import triangle_by_year as triangle_by_year
    from suasion.statecraft.triangle_years import triangle_from_ties as triangle_from_ties
    from suasion.statecraft.triangle_years import triangle_thresholds as triangle_thresholds

_HOME = {
    "Alignment": "align",
    "AllianceModel": "alliance_model",
    "AlliancePanel": "alliance_panel",
    "AllianceProbability": "alliance",
    "ArmsReport": "arms_words",
    "BreakTest": "arms_break",
    "Drift": "arms_drift",
    "DyadYears": "dyads",
    "IdealPoints": "ideal_points",
    "Item": "ledger",
    "Judgement": "ledger_figures",
    "Ladder": "ladder",
    "LadderRules": "ladder_evidence",
    "Ledger": "ledger",
    "SignalEquilibrium": "signals",
    "SignalGame": "signals",
    "SimulatedVotes": "ideal_points",
    "Stability": "stability",
    "SupplierCase": "supplier_file",
    "SupplierFile": "supplier_file",
    "Triangle": "triangle",
    "TwoSources": "supplier",
    "Vendor": "supplier",
    "VotingRecord": "ideal_points",
    "alignment": "align",
    "alliance_prior": "alliance",
    "alliance_probability": "alliance",
    "arms_report": "arms_words",
    "arms_sentences": "arms_words",
    "arms_shares": "arms",
    "break_test": "arms_break",
    "choice": "supplier",
    "classify": "triangle",
    "cohen_kappa": "similarity",
    "compare_signals": "signals",
    "concession_threshold": "signals",
    "correlation_bounds": "supplier",
    "deviation_gain": "signals",
    "dyad_years": "dyads",
    "edge_probabilities": "triangle_years",
    "estimate_ideal_points": "ideal_points",
    "evidence_needed": "ledger_answers",
    "fit_alliance_model": "alliance_model",
    "issue_alignment": "issues",
    "issue_table": "issues",
    "item_values": "ledger",
    "load_alliance_model": "alliance_model",
    "loevinger_h": "ladder_scale",
    "median_distance": "triangle",
    "pacts_between": "pacts",
    "parse_ledger": "ledger_file",
    "parse_suppliers": "supplier_file",
    "posterior_path": "ledger",
    "promises": "pacts",
    "read_ledger": "ledger_file",
    "read_suppliers": "supplier_file",
    "read_ties": "triangle_sources",
    "reassurance": "signals",
    "rectangle": "ledger_answers",
    "regime_diagram": "signals_map",
    "risk_sets": "alliance_panel",
    "s_score": "similarity",
    "scott_pi": "similarity",
    "self_reliance": "arms",
    "sensitivity": "ledger_answers",
    "sentences": "ledger_words",
    "share_drift": "arms_drift",
    "shared_organisations": "organisations",
    "shipped_ideal_points": "shipped_points",
    "simulate_votes": "ideal_points",
    "soft_edge": "triangle",
    "solve_signal": "signals",
    "stable_networks": "stability",
    "sunk_cost": "signals",
    "supplier_drivers": "supplier_file",
    "supplier_sentences": "supplier_words",
    "supplier_table": "supplier_file",
    "suppliers": "arms",
    "tau_b": "similarity",
    "threshold_hazard": "supplier",
    "threshold_line": "supplier",
    "threshold_sensitivity": "triangle",
    "tied_hands": "signals",
    "triangle_by_year": "triangle_years",
    "triangle_from_ties": "triangle_years",
    "triangle_probabilities": "triangle",
    "triangle_thresholds": "triangle_years",
    "trust_threshold": "signals",
    "two_sources": "supplier",
    "update": "ideal_points",
    "vendors_of": "supplier_file",
    "voting_record": "ideal_points",
}
"""Public name to the module of this room that holds it: loaded on first use, for few need all of it."""

__all__ = [
    "Alignment",
    "AllianceModel",
    "AlliancePanel",
    "AllianceProbability",
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
    "alliance_prior",
    "alliance_probability",
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
    "edge_probabilities",
    "estimate_ideal_points",
    "evidence_needed",
    "fit_alliance_model",
    "issue_alignment",
    "issue_table",
    "item_values",
    "ladder",
    "ladder_scale",
    "load_alliance_model",
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
    "risk_sets",
    "s_score",
    "scott_pi",
    "self_reliance",
    "sensitivity",
    "sentences",
    "share_drift",
    "shared_organisations",
    "shipped_ideal_points",
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


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"suasion.statecraft.{_HOME[name]}"), name)
