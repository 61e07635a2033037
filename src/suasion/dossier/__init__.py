"""The dossier: one frozen context per page, and its renderings as HTML, terminal text and JSON.

``gather`` asks the other rooms for numbers and fills the context; ``claims`` turns numbers into sentences;
``charts`` draws the tables; ``page`` and ``text`` only render. Nothing is computed while rendering.
"""

from suasion.dossier.context import Dossier, Provenance, Section
from suasion.dossier.gather import dossier

__all__ = ["Dossier", "Provenance", "Section", "dossier"]
