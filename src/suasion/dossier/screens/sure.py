"""The last screen: what each of the others rests on, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence

from suasion.answers.finding import Finding
from suasion.dossier.screens.screen import DossierScreen, Light

KINDS = {Light.UNKNOWN: "unknown", Light.MODELLED: "modelled"}


def sure(screens: Sequence[DossierScreen]) -> DossierScreen:
    """Return the last screen from the others."""
    first = screens[0].light
    war = screens[0].heading.key == "front.answer.war"
    off = screens[0].why.key == "light.off_customs"
    kind = "war" if war else "doubted" if off else KINDS.get(first, "judged")
    return DossierScreen(
        "sure", Finding(f"front.sure.{kind}"), first, Finding("light.page"), rows=tuple(screens)
    )
