"""The room of scores: whether one forecast beats another, and by how much, on the same outcomes."""

from suasion.scores.compare import DieboldMariano, diebold_mariano, skill

__all__ = ["DieboldMariano", "diebold_mariano", "skill"]
