"""What others found, beside ours, and why the two differ; measures that were in force, and what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from suasion.answers import MAIN, USUAL, Answer, Country, Finding, Picture, Quantity, Source, Table, Value
from suasion.questions.acts import acts_on_file
from suasion.questions.bands import behind, few
from suasion.questions.posed import posed, usual
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, State, question
from suasion.schema.variables import BAND
from suasion.types import DeficitRule

if TYPE_CHECKING:
    from suasion.coercion.dated import SolvedMeasure
    from suasion.coercion.published import FigureBeside
    from suasion.sources.dated import DatedMeasure
    from suasion.world import World

SOURCES = (Source("published.source"),)
COLUMNS = (
    "figure study scenario economies run theirs_from_percent theirs_to_percent ours_percent agreement cause measure "
    "match base_year theirs_base elasticities earlier_percent earlier_year role assumed read source where"
)
BRIEF = "study scenario economies run theirs_from_percent theirs_to_percent ours_percent agreement cause"
RUNS = {0.0: "months", 1.0: "short", 10.0: "long"}
CLOSE = {"same": 2, "near": 1, "other": 0}
EARLIER = (2018,)
"""Years of the shipped tables that are tried as an earlier base, the earliest first."""


@question
def published(a: State, b: State, *, draws: Bands = 0, seed: Count = 1, world: World | None = None) -> Answer:
    """What others found on measures between two states, ours for the same question, and why the two differ.

    Returns
    -------
    Answer
        Table ``published``; empty where no figure on file is about the two.

    Examples
    --------
    >>> su.published("DEU", "RUS")
    <Answer published DEU RUS: published (...>
    """
    from suasion.coercion.published import about, beside
    from suasion.world import load_world

    asked: dict[str, Value] = {"a": Country(a), "b": Country(b)}
    figures = about(a, b)
    if not figures:
        return Answer(
            "published", asked, absent=Finding("published.none", asked, weight=1.0), sources=SOURCES
        )
    base = usual(world)
    before = [load_world(year=year) for year in EARLIER if year < base.year]
    rows = sorted(beside(figures, base, before, draws=draws, seed=seed), key=_order)
    lines = [{"figure": place, **row_of(one)} for place, one in enumerate(rows, 1)]
    table = Table.of(
        "published",
        COLUMNS,
        lines,
        axes="figure",
        values=asked,
        notes=(Finding("published.note", {"year": base.year}), *behind(draws)),
        brief=BRIEF,
    )
    drawn = Table.of(
        "published_beside",
        "study found_by found_percent",
        (row for line in lines for row in _beside(line)),
        axes="study found_by",
        picture=Picture("ranges", "found_percent", "study", series="found_by"),
        values=asked,
        notes=(Finding("published.middle", weight=USUAL),),
    )
    told = (*_findings(rows, asked), *few(draws))
    kept = (table, drawn) if drawn.rows else (table,)
    return Answer("published", asked, told, kept, sources=SOURCES, result=rows)


def _order(one: FigureBeside) -> tuple[int, bool, int]:
    """Same definitions first, those with a number of ours before others, later studies before earlier ones."""
    return -CLOSE[one.estimate.match], one.ours is None, -one.study.year


def row_of(one: FigureBeside) -> dict[str, Any]:
    """Return one figure and ours as a row of the table."""
    theirs, study = one.estimate, one.study
    return {
        "study": study.short,
        "scenario": one.setting.what,
        "economies": " ".join(theirs.economies),
        "run": RUNS.get(theirs.years, "between"),
        "theirs_from_percent": theirs.low,
        "theirs_to_percent": theirs.high,
        "ours_percent": one.ours,
        **({} if one.low is None else {"ours_percent_low": one.low, "ours_percent_high": one.high}),
        "agreement": one.agreement,
        "cause": one.cause or "none",
        "measure": theirs.measure,
        "match": theirs.match,
        "base_year": one.base_year,
        "theirs_base": study.base_year,
        "elasticities": study.elasticities or None,
        "earlier_percent": one.earlier,
        "earlier_year": one.earlier_year,
        "role": theirs.role,
        "assumed": "assumed" if one.setting.assumed else "stated",
        "read": study.read,
        "source": study.cited,
        "where": f"{study.where}: {theirs.locator}",
    }


def _beside(line: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Theirs and ours as rows of one number each; of a printed range its middle, between its ends."""
    if line["ours_percent"] is None:
        return
    name = {"study": f"{line['figure']} {line['study']}, {line['economies']}"}
    low, high = line["theirs_from_percent"], line["theirs_to_percent"]
    found = {
        "theirs": ((low + high) / 2, *((low, high) if low < high else (None, None))),
        "ours": tuple(line.get(f"ours_percent{end}") for end in ("", *BAND)),
    }
    for by, (value, least, most) in found.items():
        yield {
            **name,
            "found_by": by,
            "found_percent": value,
            "found_percent_low": least,
            "found_percent_high": most,
        }


def _findings(rows: Sequence[FigureBeside], asked: dict[str, Value]) -> Iterator[Finding]:
    counts = Counter(str(one.agreement) for one in rows if one.estimate.role != "calibration")
    yield Finding(
        "published.counts",
        {
            **asked,
            "figures": Quantity(len(rows), "count"),
            "studies": Quantity(len({one.estimate.study for one in rows}), "count"),
            **{name: Quantity(counts[name], "count") for name in ("reproduced", "band", "apart")},
            "other": Quantity(counts["unasked"] + counts["own_inputs"], "count"),
            "fitted": Quantity(len(rows) - counts.total(), "count"),
        },
        weight=MAIN + 1,
    )
    told = [one for one in rows if one.ours is not None and one.estimate.role == "test"]
    for place, one in enumerate(told):
        yield Finding(*_sentence(one), weight=(MAIN if place < 2 else USUAL) - place / len(told))


def _sentence(one: FigureBeside) -> tuple[str, dict[str, Value]]:
    """Key and values of the sentence on one figure."""
    theirs = one.estimate
    single = theirs.low == theirs.high
    values: dict[str, Value] = {
        "study": one.study.short,
        "what": one.setting.what,
        "economies": tuple(Country(code) for code in theirs.economies),
        "low": Quantity(theirs.low, "change"),
        "high": Quantity(theirs.high, "change"),
        "ours": Quantity(one.ours, "change", one.low, one.high),
        "year": one.base_year,
    }
    kind = str(one.cause or one.agreement)
    return f"published.{kind}.{'one' if single else 'range'}", values


MEASURES = (Source("dated_measures.source"),)
OTHERS = 8
"""Economies beside those named that are shown, the most moved first."""


@question
def dated_measures(
    *,
    name: str = "",
    draws: Bands = 8,
    seed: Count = 1,
    deficits: DeficitRule = "balance",
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

    Examples
    --------
    >>> su.dated_measures()
    <Answer dated_measures: measures (...>
    """
    from suasion.sources.dated import dated_measures as on_file

    known = on_file()
    if not name:
        table = Table.of(
            "measures",
            "name date until rate_kind collected_percent coverage read source where assumption",
            (_listed(key, one) for key, one in known.items()),
            axes="name",
            brief="name date until rate_kind collected_percent source",
            notes=(Finding("dated_measures.open"),),
        )
        count = Finding("dated_measures.count", {"count": Quantity(len(known), "count")}, weight=MAIN)
        return Answer("dated_measures", {}, (count,), (table, acts_on_file()), sources=MEASURES, result=known)
    return _solved(name, posed(world, given, elasticities, factors, deficits), deficits, draws, seed)


def _listed(name: str, one: DatedMeasure) -> dict[str, Any]:
    return {
        "name": name,
        "date": one.date.isoformat(),
        "until": one.until.isoformat() if one.until else None,
        "rate_kind": one.kind or "none",
        "collected_percent": max(one.collected.items())[1] if one.collected else None,
        "coverage": one.coverage,
        "read": one.read,
        "source": one.source,
        "where": one.locator,
        "assumption": one.assumed or None,
    }


def _solved(name: str, base: World, deficits: DeficitRule, draws: int, seed: int) -> Answer:
    from suasion.coercion.dated import solve_measure

    found = solve_measure(name, base, deficits, draws, seed)
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
        (*_findings_of_measure(found, asked), *few(draws)),
        (changes, *(table for table in more if table.rows)),
        sources=MEASURES,
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


def _findings_of_measure(found: SolvedMeasure, asked: dict[str, Value]) -> Iterator[Finding]:
    measure = found.measure
    told: dict[str, Value] = {**asked, **measure.days, "source": measure.source}
    yield Finding(f"dated_measures.{measure.lasted}", told, weight=MAIN)
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
