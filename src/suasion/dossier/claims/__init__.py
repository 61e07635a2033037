"""Typed claims: numbers first, sentences computed from them, so that words and numbers cannot disagree."""

from suasion.dossier.claims.base import Absent, Claim, Quantity, Unit
from suasion.dossier.claims.finding import Comparison, Finding
from suasion.dossier.claims.losses import OWN, Alternative, Asymmetry, Loss
from suasion.dossier.claims.others import Elsewhere, Threshold
from suasion.dossier.claims.shares import Dependence, Exposed, Trend

__all__ = [
    "OWN",
    "Absent",
    "Alternative",
    "Asymmetry",
    "Claim",
    "Comparison",
    "Dependence",
    "Elsewhere",
    "Exposed",
    "Finding",
    "Loss",
    "Quantity",
    "Threshold",
    "Trend",
    "Unit",
]
