"""Typed claims: numbers first, sentences computed from them, so that words and numbers cannot disagree."""

from suasion.dossier.claims.base import Claim, Quantity, Unit
from suasion.dossier.claims.finding import Comparison, Finding

__all__ = [
    "Claim",
    "Comparison",
    "Finding",
    "Quantity",
    "Unit",
]
