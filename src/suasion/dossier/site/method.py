"""The method page: what is computed, from what, and what is not in it."""

from __future__ import annotations

from dataclasses import dataclass

from suasion.answers.catalogue import has, say
from suasion.dossier.site.rows import SCHEMA, TwinContext
from suasion.equilibrium.elasticities.schedule import FLOOR, NESTS, S_LONG, S_SHORT


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page.

    key: Identifier within the page: ``/method#welfare``.
    title: Heading.
    paragraphs: Text.
    """

    key: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MethodContext(TwinContext):
    """The method page.

    question, sentence: Title and answer.
    parts: Text in order.
    schema: Version of this context.
    """

    parts: tuple[Part, ...]
    schema: int = SCHEMA


KEYS = ("welfare", "horizons", "bands", "pages", "why", "materials", "limits", "checks")
"""PairAnswers of the page in order."""
MOST_PARAGRAPHS = 3


def method_context() -> MethodContext:
    """The method page; its numbers come from the presets themselves."""
    return MethodContext(
        question=say("pages.method.question"),
        sentence=say("pages.method.sentence"),
        parts=tuple(_part(key, _numbers()) for key in KEYS),
    )


def _numbers() -> dict[str, str]:
    ends = {"s_short": S_SHORT, "s_long": S_LONG, "floor": FLOOR}
    for name in ("zeta", "epsilon", "kappa"):
        ends |= {f"{name}_short": NESTS[name].short, f"{name}_long": NESTS[name].long}
    return {name: f"{value:g}" for name, value in ends.items()}


def _part(key: str, numbers: dict[str, str]) -> Part:
    start = f"pages.method.{key}"
    found = [f"{start}.text_{k}" for k in range(1, MOST_PARAGRAPHS + 1)]
    texts = tuple(say(place, **numbers) for place in found if has(place))
    return Part(key, say(f"{start}.title"), texts)
