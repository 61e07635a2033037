"""The public functions of the package, in one grammar: who is asked about comes by position, all else by keyword.

Every question of :data:`suasion.questions.QUESTIONS` is public under its name without a further line. Model functions
stay where they are, with the world first, for those who build on them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from suasion.public.constructors import answered
from suasion.public.grammar import spoken
from suasion.public.oneliners import one_liner
from suasion.public.tables import PaperTable, table

BEFORE = {
    "dependence": "suasion.measures:dependence",
    "dossier": "suasion.dossier:dossier",
    "drivers": "suasion.coercion:drivers",
    "exit_cost": "suasion.coercion:exit_cost",
    "leverage_matrix": "suasion.coercion:leverage_matrix",
    "replaceability": "suasion.products:replaceability",
    "screen": "suasion.products:screen",
    "sensitivity": "suasion.coercion:sensitivity",
    "simulate": "suasion.equilibrium:simulate",
    "simulate_many": "suasion.equilibrium:simulate_many",
}
"""Functions of models that were public with another order, and where they are. One is public in the new order until a
question takes its name; the old order is understood for one release."""

FROM_PYTHON = {
    "leverage_matrix": "suasion.questions.scenarios.many:leverage_matrix",
    "simulate_many": "suasion.questions.scenarios.many:simulate_many",
}
"""Functions that answer as questions do, but whose arguments are objects of a program: they have no other door."""

__all__ = ["BEFORE", "FROM_PYTHON", "PaperTable", "answered", "face", "names", "spoken", "table"]


def names() -> tuple[str, ...]:
    """Return the names of all functions that are spoken in the one grammar."""
    from suasion.questions import QUESTIONS
    from suasion.questions.question import KINDS

    return tuple(sorted({*BEFORE, *KINDS, *QUESTIONS}))


def face(name: str) -> Callable[..., Any] | None:
    """Return the public function of a name: a question, what answers like one, a dossier, or an instrument.

    Parameters
    ----------
    name : str

    Returns
    -------
    callable, or None where there is none
    """
    from suasion.questions import QUESTIONS
    from suasion.questions.question import KINDS

    if name in KINDS:
        return one_liner(name)
    before = partial(load, BEFORE[name]) if name in BEFORE else None
    if name in QUESTIONS or name in FROM_PYTHON:
        asked = QUESTIONS.get(name)
        return spoken(asked.ask, before, asked) if asked else spoken(load(FROM_PYTHON[name]), before)
    return spoken(before(), before) if before else None


def load(place: str) -> Callable[..., Any]:
    """Return the function at ``module:name``."""
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
