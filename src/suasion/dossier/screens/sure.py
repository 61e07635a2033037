"""The last screen: what each of the others rests on, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence

from suasion.answers.finding import Finding
from suasion.dossier.screens.screen import DossierScreen, Light


def sure(screens: Sequence[DossierScreen]) -> DossierScreen:
    """Return the last screen from the others."""
    first = screens[0].light
    kind = "unknown" if first is Light.UNKNOWN else "modelled" if first is Light.MODELLED else "judged"
    return DossierScreen(
        "sure", Finding(f"front.sure.{kind}"), first, Finding("light.page"), rows=tuple(screens)
    )
