"""How likely a defence pact is, by base rates and by a model whose skill stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Column, Picture
from suasion.dossier.claims import Finding, Quantity
from suasion.dossier.words import BELLIGERENTS, likelihood
from suasion.errors import SuasionError
from suasion.statecraft.alliance.evaluation import LATE

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.statecraft.alliance.answer import AllianceProbability
    from suasion.statecraft.alliance.horizons import Within
    from suasion.world import World

TITLE = "How likely is a defence pact between them?"
SOURCE = "own fit on ATOP, 1950-2018; docs: the alliance model"
COLUMNS = (
    Column("within", "Within"),
    Column("by", "By"),
    Column("probability", "Probability", "probability"),
    Column("low", "from", "probability"),
    Column("high", "to", "probability"),
    Column("skill", "Skill against the base rate", "score"),
    Column("skill_low", "from", "score"),
    Column("skill_high", "to", "score"),
)


def chapter(question: Question, world: World) -> Chapter | None:
    """Return the probability within one, five and ten years, base rate and model side by side."""
    from suasion.statecraft.align.data import added_atop
    from suasion.statecraft.alliance.answer import alliance_probability

    try:
        found = alliance_probability(question.a.code, question.b.code, atop=added_atop())
    except SuasionError as error:
        return Chapter("pledge", TITLE, reason=str(error))
    rows = tuple(row for one in found.within for row in _rows(one))
    what = "sign a pact" if found.event == "forming" else "end the pact they have"
    table = ChapterTable(
        key="pledge-probability",
        title=f"Probability that they {what}",
        subtitle=f"From the end of {found.as_of}; bars: 90 % band",
        columns=COLUMNS,
        rows=rows,
        source=SOURCE,
        notes=(_basis(found),),
        picture=Picture("ranges", "probability", "within", "low", "high", series="by"),
    )
    return Chapter("pledge", TITLE, (_finding(found, question),), (table,), method="alliance-model")


def _rows(one: Within) -> list[tuple[Cell, ...]]:
    within = "one year" if one.years == 1 else f"{one.years} years"
    rows: list[tuple[Cell, ...]] = [(within, "base rate", one.base, one.base_low, one.base_high, *[None] * 3)]
    if one.model is not None:
        skill = (one.log_skill, one.skill_low, one.skill_high)
        rows.append((within, "model", one.model, one.model_low, one.model_high, *skill))
    return rows


def _basis(found: AllianceProbability) -> str:
    first, last = found.training
    carried = f"; the pair’s own numbers end in {found.data_year}" if found.basis != "base rate only" else ""
    one = found.within[0]
    return (
        f"Basis: {found.basis}. Trained on {first}-{last}{carried}. A skill of zero saves nothing of the base rate’s "
        f"log score; of forecasts of one year from {LATE} on it is {one.late_skill:.2f} ({one.late_low:.2f} to "
        f"{one.late_high:.2f}). Bands of skill: 90 %, by treaties and pairs."
    )


def _finding(found: AllianceProbability, question: Question) -> Finding:
    last = found.within[-1]
    head = Quantity(last.probability, "probability", last.low, last.high)
    what = "sign a defence pact" if found.event == "forming" else "end their defence pact"
    numbers = {"head": head}
    template = "The chance that {a} and {b} {what} within {years} years is {head}, {likely}. It is the {by}"
    if last.model is None:
        template += "; the model was not fitted to this pair"
    if found.pact == "unknown":
        template += ", and does not apply if they have a pact: the treaties read do not say"
    if last.model is not None and last.headline == "base rate":
        numbers["model"] = Quantity(last.model, "probability", last.model_low, last.model_high)
        template += ": the model says {model}, but its skill against the base rate is not clear of zero"
    if {question.a.code, question.b.code} == BELLIGERENTS:
        template += "; it takes no account of the war between the two"
    names = {"a": question.a.name, "b": question.b.name, "what": what, "years": str(last.years)}
    by = (
        "rate of all pairs at risk"
        if last.headline == "base rate"
        else "model’s, whose skill is clear of zero"
    )
    likely = likelihood(last.probability)
    return Finding(SOURCE, f"{template}.", numbers, names={**names, "by": by, "likely": likely})
