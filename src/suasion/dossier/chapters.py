"""Which questions stand in the dossier of a pair, in which order, and what made it, so that it can be made again."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from suasion import __version__
from suasion.answers.answer import Answer
from suasion.answers.catalogue import say
from suasion.answers.finding import DETAIL, Finding
from suasion.answers.values import Country
from suasion.coercion.published import is_kept
from suasion.dossier.chapter import Chapter
from suasion.dossier.context import SCHEMA, RunProvenance
from suasion.equilibrium.in_force import option_on
from suasion.errors import (
    ConvergenceError,
    InputError,
    MissingPackageError,
    ShockError,
    SuasionError,
)
from suasion.questions import QUESTIONS
from suasion.questions.question import OwnElasticities, ScenarioText, argument_told
from suasion.sources.catalogue_store import installed
from suasion.types import Progress
from suasion.world import World
from suasion.world.load import option_of

if TYPE_CHECKING:
    from suasion.dossier.gather import ResolvedPair

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


DEFAULT_AUDIENCE = ("USA", "EU")
FEW_DRAWS = 16
"""Draws where no range ships and none was asked for."""


def provenance_of(question: ResolvedPair, world: World) -> RunProvenance:
    """Return what made a dossier: the command, its assumptions, and a checksum of both."""
    start = ("suasion", option_on(world) or option_of(world), "dyad", question.a.code, question.b.code)
    words = [" ".join(filter(None, start))]
    if question.tokens != DEFAULT_AUDIENCE:
        words.append(f"--audience {','.join(question.tokens) or 'none'}")
    if question.draws and not (question.state and question.draws == FEW_DRAWS):
        words.append("--bands")
    if question.full:
        words.append("--full")
    if question.deficits != "balance":
        words.append(f"--deficits {question.deficits}")
    told = told_of(question)
    words += [f"--{name} {shlex.quote(value)}" for name, value in told.items()]
    added = {name: [file.sha256 for file in files] for name, files in installed().items()}
    asked = {
        "added": added,
        "command": words,
        "draws": question.draws,
        "schema": SCHEMA,
        "seed": question.seed,
        "version": __version__,
        "world": world.checksum,
    }
    return RunProvenance(
        run_id=hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest(),
        package_version=__version__,
        world_name=say(
            "gather.world",
            dataset=world.provenance.dataset,
            economies=len(world.countries),
            industries=len(world.sectors),
        ),
        world_checksum=world.checksum,
        year=world.year,
        deficits=question.deficits,
        parameters=_parameters(question, told, added),
        command=" ".join(words),
        draws=question.draws,
    )


def told_of(question: ResolvedPair) -> dict[str, str]:
    """What is in force, own elasticities and mobility, as a page may tell them: of a file its name."""
    kinds = {"given": ScenarioText, "elasticities": OwnElasticities, "factors": str}
    return {name: str(argument_told(value, kinds[name])) for name, value in question.state.items()}


def _parameters(question: ResolvedPair, own: Mapping[str, str], added: Iterable[str]) -> dict[str, str]:
    """Assumptions by name, as printed."""
    return {
        say("parameter.horizons"): say("parameter.horizons_text"),
        say("parameter.elasticities"): own.get("elasticities") or say("parameter.elasticities_text"),
        **{say(f"parameter.{name}"): own[name] for name in ("given", "factors") if name in own},
        say("parameter.seed"): str(question.seed) if question.draws else say("parameter.no_draws"),
        say("parameter.added"): ", ".join(sorted(added)) or say("parameter.none"),
    }
