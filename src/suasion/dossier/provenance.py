"""What made a dossier, so that it can be made again."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from suasion import __version__
from suasion.answers.catalogue import say
from suasion.dossier.context import SCHEMA, RunProvenance
from suasion.equilibrium.in_force import option_on
from suasion.questions.question import OwnElasticities, ScenarioText, argument_told
from suasion.sources.catalogue_store import installed
from suasion.world import World
from suasion.world.load import option_of

if TYPE_CHECKING:
    from suasion.dossier.gather import ResolvedPair

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
