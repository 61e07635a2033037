"""The public functions of the package, in one grammar: who is asked about comes by position, all else by keyword.

Every question of :data:`suasion.questions.QUESTIONS` is public under its name without a further line. Model functions
stay where they are, with the world first, for those who build on them.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from suasion import instruments
from suasion.public.constructors import answered
from suasion.public.grammar import spoken
from suasion.public.joins import join
from suasion.public.names import code
from suasion.public.oneliners import one_liner
from suasion.public.tables import PaperTable, table
from suasion.public.worlds import load_world

OF_MODELS = {"dossier": "suasion.dossier:dossier"}
"""Functions of models that are public as they are, but for the world, which is the embedded one where none is given."""

FROM_PYTHON = {
    "leverage_matrix": "suasion.questions.scenarios.many:leverage_matrix",
    "simulate_many": "suasion.questions.scenarios.many:simulate_many",
}
"""Functions that answer as questions do, but whose arguments are objects of a program: they have no other door."""

__all__ = [
    "FROM_PYTHON",
    "OF_MODELS",
    "PaperTable",
    "answered",
    "code",
    "face",
    "join",
    "load_world",
    "names",
    "spoken",
    "table",
]


def names() -> tuple[str, ...]:
    """Return the names of all functions that are spoken in the one grammar."""
    from suasion.questions import QUESTIONS

    return tuple(sorted({*FROM_PYTHON, *OF_MODELS, *QUESTIONS, *instruments.spoken()}))


def face(name: str) -> Callable[..., Any] | None:
    """Return the public function of a name: a question, a dossier, an instrument (class or one line).

    Parameters
    ----------
    name : str

    Returns
    -------
    callable, or None where there is none
    """
    from suasion.questions import QUESTIONS

    if name in instruments.spoken():
        return one_liner(name)
    if name in instruments.classes():
        return answered(load(f"suasion.equilibrium:{name}"), name)  # type: ignore[no-any-return]
    if name in QUESTIONS:
        return spoken(QUESTIONS[name].ask, QUESTIONS[name])
    place = FROM_PYTHON.get(name) or OF_MODELS.get(name)
    return spoken(load(place), needs_world=name in OF_MODELS) if place else None


def load(place: str) -> Callable[..., Any]:
    """Return the function at ``module:name``."""
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
