"""How likely a defence pact is, by base rates and by a model whose skill stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Heads, Picture, heads
from suasion.dossier.claims import Finding, Quantity
from suasion.dossier.numbers import MINUS
from suasion.dossier.strings import say, template
from suasion.dossier.words import BELLIGERENTS, likelihood
from suasion.errors import SuasionError
from suasion.statecraft.alliance.evaluation import LATE

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.statecraft.alliance.answer import AllianceProbability
    from suasion.statecraft.alliance.horizons import Within
    from suasion.world import World

COLUMNS: Heads = {
    "within": "text",
    "by": "text",
    "probability": "probability",
    "low": "probability",
    "high": "probability",
    "skill": "score",
    "skill_low": "score",
    "skill_high": "score",
}


def chapter(question: Question, world: World) -> Chapter | None:
    """Return the probability within one, five and ten years, base rate and model side by side."""
    from suasion.statecraft.align.data import added_atop
    from suasion.statecraft.alliance.answer import alliance_probability

    title = say("chapter.pledge.title")
    try:
        found = alliance_probability(question.a.code, question.b.code, atop=added_atop())
    except SuasionError as error:
        return Chapter("pledge", title, reason=str(error))
    rows = tuple(row for one in found.within for row in _rows(one))
    table = ChapterTable(
        key="pledge-probability",
        title=say(f"chapter.pledge.table_{found.event}"),
        subtitle=say("chapter.pledge.subtitle", year=found.as_of),
        columns=heads("pledge.head", COLUMNS),
        rows=rows,
        source=say("chapter.pledge.source"),
        notes=(_basis(found),),
        picture=Picture("ranges", "probability", "within", "low", "high", series="by"),
    )
    return Chapter("pledge", title, (_finding(found, question),), (table,), method="alliance-model")


def _rows(one: Within) -> list[tuple[Cell, ...]]:
    within = say(f"chapter.pledge.{'one_year' if one.years == 1 else 'years'}", count=one.years)
    rows: list[tuple[Cell, ...]] = [
        (within, say("chapter.pledge.base"), one.base, one.base_low, one.base_high, *[None] * 3)
    ]
    if one.model is not None:
        skill = (one.log_skill, one.skill_low, one.skill_high)
        rows.append((within, say("chapter.pledge.model"), one.model, one.model_low, one.model_high, *skill))
    return rows


def _basis(found: AllianceProbability) -> str:
    one, (first, last) = found.within[0], found.training
    key = "basis_base" if found.basis == "base rate only" else "basis"
    return say(
        f"chapter.pledge.{key}",
        basis=found.basis,
        first=first,
        last=last,
        end=found.data_year,
        late=LATE,
        **{
            name: f"{value:.2f}".replace("-", MINUS)
            for name, value in (("skill", one.late_skill), ("low", one.late_low), ("high", one.late_high))
        },
    )


def _finding(found: AllianceProbability, question: Question) -> Finding:
    last = found.within[-1]
    by_base = last.headline == "base rate"
    numbers = {"head": Quantity(last.probability, "probability", last.low, last.high)}
    parts = ["finding"]
    if last.model is None:
        parts.append("not_fitted")
    if found.pact == "unknown":
        parts.append("pact_unknown")
    if last.model is not None and by_base:
        numbers["model"] = Quantity(last.model, "probability", last.model_low, last.model_high)
        parts.append("model_says")
    if {question.a.code, question.b.code} == BELLIGERENTS:
        parts.append("war")
    names = {
        "a": question.a.name,
        "b": question.b.name,
        "what": say(f"chapter.pledge.{found.event}"),
        "years": str(last.years),
        "by": say(f"chapter.pledge.by_{'base' if by_base else 'model'}"),
        "likely": likelihood(last.probability),
    }
    words = "".join(template(f"chapter.pledge.{part}") for part in (*parts, "stop"))
    return Finding(say("chapter.pledge.source"), words, numbers, names=names)
