"""How likely two states are to sign a defence pact, or to end theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.answers.answer import Answer, Source
from suasion.answers.finding import DETAIL, MAIN, Finding
from suasion.answers.table import Picture, Table
from suasion.answers.values import Country, Quantity, Value, Word
from suasion.questions.question import State, question
from suasion.schema.columns import BAND

if TYPE_CHECKING:
    from suasion.statecraft.alliance.answer import AllianceProbability, KindAnswer
    from suasion.statecraft.alliance.horizons import Within

BELLIGERENTS = {"RUS", "UKR"}
SOURCES = (Source("alliance.source", "atop"),)


@question
def alliance(
    a: State, b: State, *, years: tuple[int, ...] = (1, 5, 10), as_of: int = 2025, folder: Path | None = None
) -> Answer:
    """How likely two states are to sign a defence pact (or to end theirs), beside the base rate and the skill.

    Parameters
    ----------
    a, b : State
        A state: ISO code or English name.
    years : tuple of int
        Horizons: whole years with commas.
    as_of : int
        Year from whose end the horizons count.
    folder : Path, optional
        Folder with the published data sets; else the store, else what ships.

    Returns
    -------
    Answer
        Tables ``within``, ``kinds``, ``movers`` and ``skill``.
    """
    from suasion.statecraft.align.data import added_atop
    from suasion.statecraft.alliance.answer import alliance_probability
    from suasion.statecraft.alliance.data import added_panel

    found = alliance_probability(a, b, years, as_of=as_of, panel=added_panel(folder), atop=added_atop())
    asked: dict[str, Value] = {
        "a": Country(found.a),
        "b": Country(found.b),
        "as_of": as_of,
        "event": Word.of(found.event),
    }
    within = Table.of(
        "within",
        "years method probability skill",
        (row for one in found.within for row in _rows(one)),
        axes="years method",
        picture=Picture("ranges", "probability", "years", series="method"),
        values=asked,
        notes=(_basis(found),),
    )
    kinds = "kind base hazard trees above_events above_others"
    more = (
        Table.of("kinds", kinds, map(_kind, found.kinds), detail=True),
        Table.of("movers", "kind covariate against_average log_odds", _movers(found), detail=True),
        Table.of("skill", "kind horizon events clusters log_skill brier_skill", _skill(found), detail=True),
    )
    return Answer(
        "alliance",
        asked,
        tuple(_findings(found, asked)),
        (within, *(table for table in more if table.rows)),
        sources=SOURCES,
        result=found,
    )


def _rows(one: Within) -> Iterator[dict[str, Any]]:
    """The base rate, and beside it the model with its skill."""
    yield _row(one.years, "base_rate", (one.base, one.base_low, one.base_high), (None, None, None))
    if one.model is not None:
        skill = (one.log_skill, one.skill_low, one.skill_high)
        yield _row(one.years, "model", (one.model, one.model_low, one.model_high), skill)


def _row(years: int, method: str, *numbers: tuple[float | None, ...]) -> dict[str, Any]:
    bands = zip(("probability", "skill"), numbers, strict=True)
    ends = {f"{name}{end}": one for name, band in bands for end, one in zip(("", *BAND), band, strict=True)}
    return {"years": years, "method": method, **ends}


def _kind(kind: KindAnswer) -> dict[str, Any]:
    return asdict(kind) | {"hazard_low": kind.low, "hazard_high": kind.high}


def _movers(found: AllianceProbability) -> Iterator[dict[str, Any]]:
    for kind in found.kinds:
        for name, effect, side in kind.movers:
            yield {"kind": kind.kind, "covariate": name, "against_average": side, "log_odds": effect}


def _skill(found: AllianceProbability) -> Iterator[dict[str, Any]]:
    """Scores of the rolling forecasts, of the kinds that the pair is at risk of."""
    from suasion.statecraft.alliance.model import load_alliance_model

    scores = load_alliance_model().scores
    for kind in (*(one.kind for one in found.kinds), *(("either",) if found.event == "forming" else ())):
        for horizon, values in scores[kind].items():
            yield {"kind": kind, "horizon": horizon, **values}


def _findings(found: AllianceProbability, asked: dict[str, Value]) -> Iterator[Finding]:
    for place, row in enumerate(found.within):
        yield replace(_headline(found, row, asked), weight=MAIN + place / len(found.within))
    if {found.a, found.b} == BELLIGERENTS:
        yield Finding("alliance.war", asked, caution=True)
    if found.peers is not None:
        powers, events, rows = found.peers
        numbers: dict[str, Value] = {"events": Quantity(events, "count"), "rows": Quantity(rows, "count")}
        yield Finding(f"alliance.peers.{powers}.{found.event}", {**numbers, "first": found.training[0]})
    if found.carried:
        first, last = found.training
        yield Finding("alliance.age", {"first": first, "last": last, "end": found.data_year}, weight=DETAIL)


NUMBERS = {
    "unknown_pact": (),
    "not_fitted": (),
    "unclear": ("skill", "model"),
    "late_unclear": ("skill", "late", "model"),
    "model": ("base", "skill"),
}
"""Numbers that each headline tells beside the probability: its skill always in the same sentence."""


def _headline(found: AllianceProbability, row: Within, asked: dict[str, Value]) -> Finding:
    case, known = _case(found, row), _numbers(row)
    told = {name: known[name] for name in ("years", "probability", *NUMBERS[case])}
    return Finding(f"alliance.{case}", {**asked, "since": _late(), **told})


def _case(found: AllianceProbability, row: Within) -> str:
    if row.model is None:
        return "unknown_pact" if found.pact == "unknown" else "not_fitted"
    if row.method == "model":
        return "model"
    return "late_unclear" if row.skill_low > 0 else "unclear"


def _numbers(row: Within) -> dict[str, Quantity]:
    return {
        "years": Quantity(row.years, "years"),
        "probability": Quantity(row.probability, "probability", row.low, row.high),
        "base": Quantity(row.base, "probability"),
        "skill": Quantity(row.log_skill, "score", row.skill_low, row.skill_high),
        "late": Quantity(row.late_skill, "score", row.late_low, row.late_high),
        "model": Quantity(row.model, "probability", row.model_low, row.model_high),
    }


def _basis(found: AllianceProbability) -> Finding:
    first, last = found.training
    years = {"first": first, "last": last, "end": found.data_year, "since": _late()}
    return Finding(f"alliance.basis.{found.basis}", {**years, "late": _numbers(found.within[0])["late"]})


def _late() -> int:
    from suasion.statecraft.alliance.evaluation import LATE

    return LATE
