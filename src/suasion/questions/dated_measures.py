"""Measures that were in force: what they are, what they cost here, and what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from suasion.answers import MAIN, USUAL, Answer, Country, Finding, Picture, Quantity, Source, Table, Value
from suasion.questions.bands import few
from suasion.questions.posed import deficit_rule, posed
from suasion.questions.published import BRIEF, COLUMNS, EARLIER, row_of
from suasion.questions.question import Bands, OwnElasticities, ScenarioText, question
from suasion.schema.columns import BAND

if TYPE_CHECKING:
    from suasion.coercion.dated import SolvedMeasure
    from suasion.sources.dated import DatedMeasure
    from suasion.world import World

SOURCES = (Source("dated_measures.source"),)
OTHERS = 8
"""Economies beside those named that are shown, the most moved first."""


@question
def dated_measures(
    *,
    name: str = "",
    draws: Bands = 8,
    seed: int = 1,
    deficits: str = "balance",
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
) -> Answer:
    """Measures that were in force, with days and source; of one, what it costs and what came of it.

    Parameters
    ----------
    name : str
        A measure of the list: solve it.

    Returns
    -------
    Answer
        Table ``measures``; with a name ``measure-changes``, and where figures are on file ``measure-outcomes`` and
        ``measure-figures``.
    """
    from suasion.sources.dated import dated_measures as on_file

    known = on_file()
    if not name:
        table = Table.of(
            "measures",
            "name date until coverage read source where assumption",
            (_listed(key, one) for key, one in known.items()),
            axes="name",
            brief="name date until coverage source",
        )
        count = Finding("dated_measures.count", {"count": Quantity(len(known), "count")}, weight=MAIN)
        return Answer("dated_measures", {}, (count,), (table,), sources=SOURCES, result=known)
    return _solved(name, posed(world, given, elasticities, factors, deficits), deficits, draws, seed)


def _listed(name: str, one: DatedMeasure) -> dict[str, Any]:
    return {
        "name": name,
        "date": one.date.isoformat(),
        "until": one.until.isoformat() if one.until else None,
        "coverage": one.coverage,
        "read": one.read,
        "source": one.source,
        "where": one.locator,
        "assumption": one.assumed or None,
    }


def _solved(name: str, base: World, deficits: str, draws: int, seed: int) -> Answer:
    from suasion.coercion.dated import solve_measure

    found = solve_measure(name, base, deficit_rule(deficits), draws, seed)
    asked: dict[str, Value] = {"name": found.scenario.name, "year": base.year}
    changes = Table.of(
        "measure-changes",
        "state run change_percent",
        _changes(found, base),
        axes="state run",
        picture=Picture("ranges", "change_percent", "state", series="run"),
        values=asked,
        notes=(Finding("dated_measures.note", {"year": base.year}),),
    )
    more = (_outcomes(found), _figures(name, base))
    return Answer(
        "dated_measures",
        asked,
        (*_findings(found, asked), *few(draws)),
        (changes, *(table for table in more if table.rows)),
        sources=SOURCES,
        result=found,
    )


def _outcomes(found: SolvedMeasure) -> Table:
    """What came of it, as published, and ours."""
    return Table.of(
        "measure-outcomes",
        "outcome_kind buyer seller theirs_from_percent theirs_to_percent ours_percent source",
        [
            {
                "outcome_kind": one.kind,
                "buyer": one.buyer,
                "seller": one.seller,
                "theirs_from_percent": one.low,
                "theirs_to_percent": one.high,
                "ours_percent": ours,
                "source": one.source,
            }
            for one, ours in found.outcomes
        ],
    )


def _figures(name: str, base: World) -> Table:
    """Figures of others on it, and ours."""
    from suasion.coercion.published import beside
    from suasion.sources.estimates import register
    from suasion.world import load_world

    scenarios = register().scenario
    figures = [one for one in register().figure if scenarios[one.scenario].measure == name]
    early = [load_world(year=year) for year in EARLIER if year < base.year] if figures else []
    found = enumerate(beside(figures, base, early), 1)
    return Table.of(
        "measure-figures",
        COLUMNS,
        [{"figure": place, **row_of(one)} for place, one in found],
        axes="figure",
        brief=BRIEF,
    )


def _changes(found: SolvedMeasure, world: World) -> Iterator[dict[str, Any]]:
    """Who acts, who is acted on, and the most moved of the others."""
    import numpy as np

    from suasion.equilibrium.scenario.places import party

    named = np.zeros(len(world.countries), dtype=bool)
    for item in found.scenario.to_dict()["instruments"]:
        for side in (item.get("senders", []), item["targets"]):
            single = [token for token in side if token in world.countries]
            named |= party(single, world, found.measure.date.year).mask if single else False
    first = found.results["short"].welfare.values
    order = sorted(range(len(first)), key=lambda place: (not named[place], -abs(first[place])))
    bands = {run: result.band().values for run, result in found.results.items() if result.drawn is not None}
    for place in order[: int(named.sum()) + OTHERS]:
        for run, result in found.results.items():
            row = {
                "state": world.countries[place],
                "run": run,
                "change_percent": float(result.welfare.values[place]),
            }
            ends = zip(BAND, bands[run][place], strict=True) if bands else ()
            yield row | {f"change_percent{end}": float(value) for end, value in ends}


def _findings(found: SolvedMeasure, asked: dict[str, Value]) -> Iterator[Finding]:
    measure = found.measure
    days = f"dated_measures.{'ended' if measure.until else 'since'}"
    day: dict[str, Value] = {"first": measure.date.isoformat()}
    day |= {"last": measure.until.isoformat()} if measure.until else {}
    yield Finding(days, {**asked, **day, "source": measure.source}, weight=MAIN)
    if measure.assumed:
        yield Finding("dated_measures.assumed", {"assumption": measure.assumed}, caution=True)
    for one, ours in found.outcomes:
        yield Finding(
            f"dated_measures.outcome.{one.kind}",
            {
                "buyer": Country(one.buyer),
                "seller": Country(one.seller),
                "theirs": Quantity(one.low, "change"),
                "ours": Quantity(ours, "change"),
            },
            weight=USUAL,
        )
