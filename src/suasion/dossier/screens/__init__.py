"""The front of a dossier: the seven blocks of its verdict, with their charts.

Screens read the answers of a dossier and ask no model. What an answer does not have is said to be missing, with the
reason; nothing is drawn in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from suasion.dossier.context import DossierContext
from suasion.dossier.screens import answer, changed, closed, outside, used, why
from suasion.dossier.screens.screen import Chart, DossierScreen
from suasion.questions.verdict import blocks
from suasion.questions.verdict.parts import Light, PairAnswers

__all__ = ["Chart", "DossierScreen", "Light", "chart_key", "charts_of", "parts_of", "screens"]

DRAWN: Mapping[str, Callable[[PairAnswers], Iterator[Chart]]] = {
    "answer": answer.charts,
    "changed": changed.charts,
    "why": why.charts,
    "closed": closed.charts,
    "used": used.charts,
    "outside": outside.charts,
}
"""What draws the charts of a block."""


def parts_of(dossier: DossierContext) -> PairAnswers:
    """Return the answers of a dossier, as its verdict reads them."""
    made = dossier.provenance
    told = {one.answer.question: one.answer for one in dossier.chapters}
    return PairAnswers(
        dossier.a.code,
        dossier.b.code,
        {**told, **dossier.front, **dossier.answers},
        made.year or 0,
        dossier.audience_name,
        tuple(one.code for one in dossier.audience),
        made.draws,
    )


def charts_of(dossier: DossierContext) -> dict[str, Chart]:
    """Return the charts of the screens by address: the screen, and its place there where it has two."""
    return {
        chart_key(one, place): chart for one in screens(dossier) for place, chart in enumerate(one.charts)
    }


def chart_key(screen: DossierScreen, place: int) -> str:
    """Return the address of a chart: ``screen-answer``, ``screen-why-2``."""
    return f"screen-{screen.key}" + (f"-{place + 1}" if place else "")


def screens(dossier: DossierContext) -> tuple[DossierScreen, ...]:
    """Return the seven screens of a dossier, in order."""
    parts = parts_of(dossier)
    return tuple(
        DossierScreen(one, tuple(DRAWN[one.key](parts)) if one.key in DRAWN else (), used.dots_of(one))
        for one in blocks(parts)
    )
