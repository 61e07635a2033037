"""The front of a dossier: seven screens, each a question, a finding, a chart and how sure it is.

Screens read the answers of a dossier and ask no model. What an answer does not have is said to be missing, with the
reason; nothing is drawn in its place.
"""

from __future__ import annotations

from collections.abc import Sequence

from suasion.answers.finding import Finding
from suasion.dossier.context import Dossier
from suasion.dossier.screens.answer import answer
from suasion.dossier.screens.changed import changed
from suasion.dossier.screens.closed import closed
from suasion.dossier.screens.outside import outside
from suasion.dossier.screens.screen import Chart, DossierScreen, Light
from suasion.dossier.screens.used import used
from suasion.dossier.screens.why import why

KINDS = {Light.UNKNOWN: "unknown", Light.MODELLED: "modelled"}


def sure(screens: Sequence[DossierScreen]) -> DossierScreen:
    """Return the last screen from the others: what each of them rests on, and what would change it."""
    first = screens[0].light
    war = screens[0].heading.key == "front.answer.war"
    off = screens[0].why.key == "light.off_customs"
    guessed = any(one.why.key == "light.guessed" for one in screens)
    known = KINDS.get(first, "judged")
    kind = "war" if war else "doubted" if off else "guessed" if guessed and known != "unknown" else known
    return DossierScreen(
        "sure", Finding(f"front.sure.{kind}"), first, Finding("light.page"), rows=tuple(screens)
    )


__all__ = ["Chart", "DossierScreen", "Light", "chart_key", "charts_of", "screens"]


def charts_of(dossier: Dossier) -> dict[str, Chart]:
    """Return the charts of the screens by address: the screen, and its place there where it has two."""
    return {
        chart_key(one, place): chart for one in screens(dossier) for place, chart in enumerate(one.charts)
    }


def chart_key(screen: DossierScreen, place: int) -> str:
    """Return the address of a chart: ``screen-answer``, ``screen-why-2``."""
    return f"screen-{screen.key}" + (f"-{place + 1}" if place else "")


def screens(dossier: Dossier) -> tuple[DossierScreen, ...]:
    """Return the seven screens of a dossier, in order."""
    six = tuple(make(dossier) for make in (answer, changed, why, closed, used, outside))
    return (*six, sure(six))
