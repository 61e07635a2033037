"""What the other rooms say on a pair: one module a chapter, each a function from the question to a chapter or None.

A chapter that cannot say anything for want of data says so and how to mend it; one that does not concern the pair
(a shipped gas network without the two) is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from suasion.dossier.bridge import ASKED, ask
from suasion.dossier.chapter import Chapter

if TYPE_CHECKING:
    from suasion.answers.answer import Answer
    from suasion.dossier.gather import Question
    from suasion.world import World

QUICK = (
    "goods",
    "energy_trade",
    "share",
    "channels",
    "finance",
    "pipeline_rent",
    "arms",
    "alignment",
    "ladder",
    "alliance",
    "signals",
    "triangle",
)
"""Modules of this folder, in the order of the page; each has ``chapter(question, world)``."""
SLOW = ("found", "defiance", "outlook", "levers", "frontier", "dispute")
"""Those that take seconds or more, and are asked for."""

Tell = Callable[[int, int, str], None]


def gather_chapters(
    question: Question, world: World, tell: Tell, kept: dict[str, Answer]
) -> Iterator[Chapter]:
    """Ask every room, one after the other.

    Parameters
    ----------
    question : Question
        The pair, its audience, and whether the slow chapters are asked for.
    world : World
        The economy, for chapters that read it.
    tell : callable
        Called with (done, total, what).
    kept : dict
        Filled with the answers that chapters are made of, by question.

    Yields
    ------
    Chapter
        In the order of the page.
    """
    order = (*QUICK, *(SLOW if question.full else ()))
    for place, name in enumerate(order):
        tell(place, len(order), name)
        made: Chapter | None = (
            ask(name, question, world, kept)
            if name in ASKED
            else import_module(f"suasion.dossier.chapters.{name}").chapter(question, world)
        )
        if made is not None:
            yield made
