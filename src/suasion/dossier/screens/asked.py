"""The answers that screens read beside those of the dossier."""

from __future__ import annotations

from collections.abc import Mapping

from suasion.answers.answer import Answer
from suasion.questions.goods.substitutes import substitutes
from suasion.questions.question import State
from suasion.world import World

DRAWS = 8
"""Draws of price rises where they are asked for."""
CHAPTERS = ("alliance", "share", "ladder", "defiance", "levers")
"""Answers of chapters that the screens read too."""


def front_answers(
    a: State, b: State, world: World, kept: Mapping[str, Answer], *, full: bool = False
) -> dict[str, Answer]:
    """Return answers by question: those that chapters were made of, and who would sell what is lost.

    Parameters
    ----------
    a, b : State
    world : World
    kept : mapping
        Answers that chapters were made of.
    full : bool
        Whether price rises get ranges too, which takes some seconds.
    """
    found = {name: kept[name] for name in CHAPTERS if name in kept}
    return found | {"substitutes": substitutes(a, b, draws=DRAWS if full else 0, world=world)}
