"""Plain questions: a text in English or German, read as a question of the list, and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.errors import InputError
from suasion.queries.mentions import mentioned
from suasion.queries.readings import Reading, readings, refusal
from suasion.questions.scenarios.reading import read_scenario

if TYPE_CHECKING:
    from suasion.answers import Answer
    from suasion.world import World

__all__ = ["Reading", "ask", "mentioned", "read_scenario", "readings", "refusal"]
EXAMPLES = ("What would Germany lose without China?", "Since when does Russia depend on China?")


def ask(text: str, *, world: World | None = None) -> Answer:
    """Answer a question in plain words, by its likeliest reading.

    Parameters
    ----------
    text
        In English or German, in any usual order of words.
    world
        The economy; the embedded one without.

    Returns
    -------
    Answer
        That of the question which :func:`readings` puts first.

    Raises
    ------
    InputError
        If the text is not understood; the message has examples.

    Examples
    --------
    >>> ask("Since when does Russia depend on China?").question
    'trade_history'
    """
    from suasion.questions import QUESTIONS

    first = best(text)
    return QUESTIONS[first.question].from_text(first.arguments, world=world)


def best(text: str) -> Reading:
    """Return the likeliest reading of a text.

    Raises InputError: It is not understood, or a measure that it names is not.
    """
    found = readings(text)
    if not found:
        if refused := refusal(text):
            raise refused
        named = ", ".join(mentioned(text))
        seen = (
            f"it names {named}, and no question about them is understood"
            if named
            else "it names no state and no good"
        )
        raise InputError(
            f"{text[:80]!r} is not understood: {seen}. Ask as {EXAMPLES[0]!r} or {EXAMPLES[1]!r}"
        )
    return found[0]
