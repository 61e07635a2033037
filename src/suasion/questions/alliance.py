"""How likely two states are to sign a defence pact, to join one of many, or to end theirs, by the end of a year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    USUAL,
    Answer,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
    Word,
)
from suasion.errors import InputError
from suasion.questions.question import Integers, State, question
from suasion.wars import BELLIGERENTS

if TYPE_CHECKING:
    from suasion.statecraft.alliance.number import PactNumber

SOURCES = (Source("alliance.source", "atop"),)
INFORMED = 1000
"""Rank behind which the order of pairs says nothing."""
LIKELIEST = 25
"""Pairs of the list of the likeliest."""
RECENT = 5
"""Years for which talks are told. Assumption."""
ORIGIN = 2018
"""Year from which the pairs were ranked whose signings are the score so far."""
NUMBERS = "probability base place of"


@question
def alliance(a: State, b: State, *, by: Integers = (2030, 2036)) -> Answer:
    """How likely two states are to sign a defence pact, join one of many, or end theirs, by the end of a year.

    Parameters
    ----------
    by : tuple of int
        Years at whose end the questions close: whole years with commas.

    Returns
    -------
    Answer
        Tables ``pacts``, ``moved``, ``quiet``, ``skill`` and ``likeliest``.

    Examples
    --------
    >>> su.alliance("RUS", "CHN", by=[2030])
    <Answer alliance RUS CHN 0 2026-12-01 2030 2030: pacts (...>
    """
    from suasion.statecraft.alliance.number import CLOSES, PactEvent, bound, pact_number

    held = bound(a, b)
    asked: dict[str, Value] = {"a": Country(a), "b": Country(b), "held": int(held)}
    if not by:
        raise InputError("No year is given: say by the end of which, such as 2030.")
    years = sorted(set(by))
    found = [
        one for pact in PactEvent for year in years if (one := pact_number(a, b, year, pact=pact)) is not None
    ]
    if not found:
        return Answer("alliance", asked, absent=Finding("alliance.unknown", asked), sources=SOURCES)
    last = found[-1] if held else [one for one in found if one.pact is PactEvent.BILATERAL][-1]
    asked |= {"opens": last.opens.isoformat(), "closes": last.closes.year, "first": CLOSES[0]}
    tables = _tables(found, last, asked)
    return Answer(
        "alliance",
        asked,
        tuple(_findings(found, asked)),
        tuple(table for table in tables if table.rows),
        sources=SOURCES,
        result=tuple(found),
    )


def _tables(found: list[PactNumber], last: PactNumber, asked: dict[str, Value]) -> tuple[Table, ...]:
    from suasion.statecraft.alliance.number import quiet_path

    return (
        Table.of(
            "pacts",
            f"pact closes {NUMBERS}",
            map(_row, found),
            axes="pact closes",
            picture=Picture("ranges", "probability", "closes", series="pact"),
            values=asked,
            notes=(_basis(last), Finding("alliance.rules")),
            brief="pact closes probability base place",
        ),
        Table.of("moved", "mover closes probability", _moved(found), axes="mover closes", values=asked),
        Table.of(
            "quiet", "quiet_to probability", quiet_path(last), axes="quiet_to", values=asked, detail=True
        ),
        Table.of(
            "skill",
            "pact scheme events clusters area log_skill expected",
            _skill(),
            axes="pact scheme",
            detail=True,
        ),
        Table.of(
            "likeliest",
            "state other_state probability",
            _likeliest(),
            axes="state other_state",
            values=asked,
            detail=True,
        ),
    )


def _row(one: PactNumber) -> dict[str, Any]:
    numbers = {"probability": one.probability, "probability_low": one.low, "probability_high": one.high}
    informed = (
        one.pact.value != "ending" and one.place <= INFORMED
    )  # endings are counts of classes: many are alike
    place = one.place if informed else None
    return {
        "pact": one.pact,
        "closes": one.closes.year,
        **numbers,
        "base": one.base,
        "place": place,
        "of": one.of,
    }


def _moved(found: list[PactNumber]) -> Iterator[dict[str, Any]]:
    for one in found:
        for moved in one.moved:
            yield {"mover": moved.mover, "closes": one.closes.year, "probability": moved.probability}


def _skill() -> Iterator[dict[str, Any]]:
    """Scores of forecasts from the past alone."""
    from suasion.statecraft.alliance.hazards import load_pact_model

    for pact, schemes in load_pact_model()["scores"].items():
        for scheme, values in schemes.items():
            yield {"pact": pact, "scheme": scheme, **values}


def _likeliest() -> Iterator[dict[str, Any]]:
    """The pairs likeliest to sign a bilateral pact by the first of the usual years."""
    from suasion.statecraft.alliance.number import CLOSES, likeliest, pact_number

    for a, b in likeliest(LIKELIEST):
        one = pact_number(a, b, CLOSES[0])
        if one is not None:
            yield {"state": a, "other_state": b, **_row(one)}


def _findings(found: list[PactNumber], asked: dict[str, Value]) -> Iterator[Finding]:
    from suasion.statecraft.alliance.number import PactEvent

    weight = {PactEvent.BILATERAL: MAIN + 0.9, PactEvent.ENDING: MAIN + 0.9, PactEvent.ACCESSION: USUAL}
    for place, one in enumerate(found):
        yield _sentence(one, asked, weight[one.pact] - place / 100, whole=place == 0)
    if {found[0].a, found[0].b} == BELLIGERENTS:
        yield Finding("alliance.war", asked, caution=True)
    if found[0].pact is PactEvent.BILATERAL and found[0].place <= INFORMED:
        yield Finding(
            "alliance.rank",
            {**asked, "place": Quantity(found[0].place, "count"), "of": Quantity(found[0].of, "count")},
            weight=DETAIL,
        )
    yield from _talks(found[0], asked)
    yield Finding("alliance.hostility", weight=DETAIL)


def _talks(one: PactNumber, asked: dict[str, Value]) -> Iterator[Finding]:
    """The latest talks of two without a pact: the fit counts none."""
    from suasion.statecraft.alliance.number import PactEvent
    from suasion.statecraft.record import FactKind, facts_between

    facts = () if one.pact is PactEvent.ENDING else facts_between(one.a, one.b)
    talks = [fact for fact in facts if fact.kind is FactKind.CONDUCT and fact.value == "talks"]
    for fact in talks[-1:]:
        if one.opens.year - int(fact.start[:4]) <= RECENT:
            yield Finding("alliance.talks", {**asked, "date": fact.start, "what": fact.what}, weight=USUAL)


def _sentence(one: PactNumber, asked: dict[str, Value], weight: float, *, whole: bool) -> Finding:
    """Number, range and date; of a bilateral pact what would move it most, and what such forecasts were worth."""
    from suasion.statecraft.alliance.hazards import load_pact_model

    values: dict[str, Value] = {
        **asked,
        "closes": one.closes.year,
        "probability": Quantity(one.probability, "probability", one.low, one.high),
    }
    if not (one.moved and whole):
        if one.pact.value == "ending":
            return _ending(one, values, weight)
        values |= {"base": Quantity(one.base, "probability")}
        return Finding(f"alliance.{one.pact.value}", values, weight=weight)
    first = one.moved[0]
    score = load_pact_model()["scores"][one.pact.value]["questions"]
    values |= {
        "mover": Word.of(first.mover),
        "moved": Quantity(first.probability, "probability"),
        "events": Quantity(score["events"], "count"),
        "area": Quantity(score["area"], "score"),
        "skill": Quantity(score["log_skill"], "score"),
        "origin": ORIGIN,
        "until": one.data_to,
    }
    return Finding("alliance.moved", values, weight=weight)


def _ending(one: PactNumber, values: dict[str, Value], weight: float) -> Finding:
    """The rate of such treaties, and what conduct is taken to make of it."""
    from suasion.statecraft.alliance.endings import COUNTS, FACTORS, ending_rate

    own = ending_rate(one.a, one.b, one.data_to)
    if own is None:
        return Finding("alliance.ending", values, weight=weight)
    ends, years = (Quantity(count, "count") for count in COUNTS[own.pact])
    values |= {"kind": Word("pact_class", own.pact), "ends": ends, "years": years}
    if own.conduct is None:
        return Finding("alliance.ending_class", values, weight=weight)
    factor, low, high = FACTORS[own.conduct]
    values |= {"conduct": Word("pact_conduct", own.conduct), "factor": Quantity(factor, "score", low, high)}
    return Finding("alliance.ending_conduct", values, weight=weight)


def _basis(one: PactNumber) -> Finding:
    return Finding("alliance.basis", {"year": one.data_to, "opens": one.opens.isoformat()})
