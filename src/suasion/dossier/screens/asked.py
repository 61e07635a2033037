"""The answers that screens read beside those of the dossier."""

from __future__ import annotations

from suasion.answers.answer import Answer
from suasion.questions.goods.substitutes import substitutes
from suasion.questions.question import State
from suasion.world import World

DRAWS = 8
"""Draws of price rises where they are asked for."""


def front_answers(a: State, b: State, world: World, *, full: bool = False) -> dict[str, Answer]:
    """Return answers by question that no chapter shows: who would sell what is lost.

    Parameters
    ----------
    a, b : State
    world : World
    full : bool
        Whether price rises get ranges too, which takes some seconds.
    """
    return {"substitutes": substitutes(a, b, draws=DRAWS if full else 0, world=world)}
