"""Which questions stand in the dossier of a pair, in which order, beside those that every one begins with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from suasion.answers.answer import Answer
from suasion.answers.finding import DETAIL, Finding
from suasion.answers.values import Country
from suasion.coercion.published import is_kept
from suasion.dossier.chapter import Chapter
from suasion.errors import (
    ConvergenceError,
    InputError,
    MissingPackageError,
    ShockError,
    SuasionError,
)
from suasion.questions import QUESTIONS
from suasion.types import Progress

if TYPE_CHECKING:
    from suasion.dossier.gather import ResolvedPair
    from suasion.world import World

QUICK = (
    "found",
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
    "defiance",
    "restoration",
    "trial",
)
"""Chapters of questions, in the order of the page."""
SLOW = ("outlook", "levers", "frontier", "dispute")
"""Those that take seconds or more, and are asked for."""
EITHER_WAY = ("share",)
"""Those asked the other way round where there is no answer as the pair stands."""
ASKED = {question.chapter: question for question in QUESTIONS.values() if question.chapter}
SPOKEN = (InputError, ShockError, ConvergenceError, MissingPackageError)
"""Errors whose message is of the question alone. Those of data may name a folder of the machine that computes."""


def gather_chapters(pair: ResolvedPair, world: World, tell: Progress) -> Iterator[Chapter]:
    """Ask every question that has a chapter, one after the other; what does not concern the pair is left out.

    pair: the pair, its audience, and whether the slow chapters are asked for.
    world: the economy, for questions that read it.
    tell: called with (done, total, what).
    Yields: In the order of the page.
    """
    slow = () if pair.full or is_kept(world) else ("found",)  # ours is solved for each figure on other worlds
    order = [name for name in (*QUICK, *(SLOW if pair.full else ())) if name in ASKED and name not in slow]
    for place, name in enumerate(order):
        tell(place, len(order), name)
        answer = _asked(name, pair, world)
        if name in EITHER_WAY and answer is not None and answer.absent is not None:
            turned = _asked(name, replace(pair, a=pair.b, b=pair.a), world)
            answer = turned if turned is not None and turned.absent is None else answer
        if answer is not None and not (answer.absent is not None and answer.absent.weight <= DETAIL):
            yield Chapter(name, answer)


def _asked(chapter: str, pair: ResolvedPair, world: World) -> Answer | None:
    """The answer of a chapter; None where its question does not concern the pair."""
    question = ASKED[chapter]
    about = question.about(pair.a.code, pair.b.code, pair.tokens)
    if about is None:
        return None
    known = {one.name for one in question.parameters}
    all_of = {"world": world, "audience": pair.tokens, "deficits": pair.deficits, **pair.state}
    given = {name: value for name, value in all_of.items() if name in known}
    try:
        return question.ask(**about, **given)
    except SuasionError as error:
        states = {name: Country(str(code)) for name, code in about.items() if isinstance(code, str)}
        asked = {"a": Country(pair.a.code), "b": Country(pair.b.code), **states}
        return Answer(question.name, asked, absent=_refused(error))


def _refused(error: SuasionError) -> Finding:
    """Why there are no numbers, as a page may say it."""
    spoken = isinstance(error, SPOKEN)
    return Finding("chapter.said", {"why": str(error)}) if spoken else Finding("chapter.failed")
