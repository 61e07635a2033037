"""The front of a dossier: seven screens, each a question, a finding, a chart and how sure it is.

Screens read the answers of a dossier and ask no model. What an answer does not have is said to be missing, with the
reason; nothing is drawn in its place.
"""

from __future__ import annotations

from suasion.dossier.context import Dossier
from suasion.dossier.screens.answer import answer
from suasion.dossier.screens.changed import changed
from suasion.dossier.screens.closed import closed
from suasion.dossier.screens.outside import outside
from suasion.dossier.screens.screen import Chart, DossierScreen, Light
from suasion.dossier.screens.sure import sure
from suasion.dossier.screens.used import used
from suasion.dossier.screens.why import why

__all__ = ["Chart", "DossierScreen", "Light", "screens"]


def screens(dossier: Dossier) -> tuple[DossierScreen, ...]:
    """Return the seven screens of a dossier, in order."""
    six = tuple(make(dossier) for make in (answer, changed, why, closed, used, outside))
    return (*six, sure(six))
