"""Where the dependence of two states goes: without options their share by itself, with any the courses of scenarios."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    USUAL,
    Answer,
    Comparison,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
)
from suasion.questions.posed import TiePair, pair_outside, posed, tie_pair
from suasion.questions.projections.findings import findings
from suasion.questions.projections.tables import CourseReport, tried_table
from suasion.questions.question import (
    FILLED,
    Bands,
    Count,
    Courses,
    File,
    Integers,
    OwnElasticities,
    ScenarioText,
    State,
    Texts,
    question,
)
from suasion.types import DeficitRule, Progress

if TYPE_CHECKING:
    import pandas as pd

    from suasion.outlook.growth.path import OwnRate
    from suasion.outlook.learner.fan import ShareFan
    from suasion.outlook.paths.laid import WorldPath
    from suasion.outlook.projection.solve import ProjectionOptions
    from suasion.world import World

SOURCES = (Source("share.source"),)
YEARS = (2026, 2030, 2036)
LAST_YEAR = 2060
"""Year to which a share is carried on. Assumption: beyond it bands say that anything may be."""
COLUMNS = "regime year share_status trade_share share_80_from share_80_to share_95_from share_95_to"
BANDS = {
    "trade_share_low": "p5",
    "trade_share_high": "p95",
    "share_80_from": "p10",
    "share_80_to": "p90",
    "share_95_from": "p2.5",
    "share_95_to": "p97.5",
}
TRIED = (
    "ahead part crps crps_walk crps_smoothed crps_stack gain_walk gain_stack held_80 held_95 forecasts_count"
)


@question
def share(a: State, b: State, *, years: Integers = YEARS) -> Answer:
    """How large the share of b in the goods trade of a will be, by what becomes of its last break.

    Parameters
    ----------
    years : tuple of int
        Years to forecast, with commas; up to 2060.

    Returns
    -------
    Answer
        Tables ``share-ahead`` and ``share-record``; empty where b has had less than 1 % of the trade of a.

    Examples
    --------
    >>> su.share("RUS", "CHN")
    <Answer share RUS CHN: share-ahead (...>
    """
    from suasion.errors import InputError
    from suasion.measures.history import trade_history
    from suasion.outlook.learner.fan import share_fan
    from suasion.questions.trade_history import DENIED, denied

    if max(years, default=0) > LAST_YEAR:
        raise InputError(f"A share is carried on to {LAST_YEAR} at most; got {max(years)}.")

    asked: dict[str, Value] = {"a": Country(a), "b": Country(b)}
    fan, history = share_fan(a, b, years), trade_history(a, b)
    denials = [replace(one, caution=True) for one in denied(history) if one.values["a"] == Country(a)]
    if fan is None or not fan.share:  # none at all is what nobody reported
        known = sorted(denials, key=lambda one: list(DENIED.values()).index(one.key))
        small = (
            Finding("share.denied", known[0].values)
            if known
            else Finding("share.small", asked, weight=DETAIL)
        )
        return Answer("share", asked, absent=small, sources=SOURCES)
    patched = list(_patched(fan, history))
    ahead = Table.of(
        "share-ahead",
        COLUMNS,
        _rows(fan, "estimated" if patched else "published" if fan.published else "observed"),
        picture=Picture("lines", "year", "trade_share", series="regime"),
        values={**asked, "start": fan.start},
        axes="regime year",
        notes=(Finding("share.note"), Finding("share.untested", {"tested": Quantity(fan.tested, "years")})),
        brief="regime year share_status trade_share share_80_from share_80_to",
    )
    said = (*share_findings(fan), *patched, *denials)
    return Answer(
        "share", asked, said, (ahead, tried_table("share-record", TRIED)), sources=SOURCES, result=fan
    )


def _patched(fan: ShareFan, history: pd.DataFrame) -> Iterator[Finding]:
    """A caution where the last observation is no report of the two, but what earlier years would have grown to."""
    from suasion.measures.history import NOTED, TIMES

    own = history[
        (history["country"] == fan.of) & (history["flow"] == "turnover") & (history["form"] != "dot")
    ]
    for row in own[own["year"] == fan.start].to_dict("records") if not fan.published else ():
        if row["reporter"] == "estimate" or fan.share > max(NOTED, TIMES * row["share"]):
            now, recorded = (Quantity(share, "probability") for share in (fan.share, float(row["share"])))
            values: dict[str, Value] = {
                "a": Country(fan.of),
                "b": Country(fan.partner),
                "start": fan.start,
                "now": now,
            }
            kind = "guessed" if row["reporter"] == "estimate" else "patched"
            yield Finding(f"share.{kind}", values | {"recorded": recorded}, weight=MAIN, caution=True)


def _rows(fan: ShareFan, last: str) -> Iterator[dict[str, Any]]:
    """What was observed, and the regimes: each starts at the last observation, of which ``last`` says what it is."""
    empty = dict.fromkeys(BANDS)
    for year, known in fan.past[["year", "share"]].to_numpy():
        status = last if year == fan.start else "observed"
        yield {"regime": "usual", "year": int(year), "share_status": status, "trade_share": known, **empty}
    for regime, part in fan.table.groupby("regime", sort=False):
        if regime != "usual":
            yield {
                "regime": str(regime),
                "year": fan.start,
                "share_status": last,
                "trade_share": fan.share,
                **empty,
            }
        for row in part.to_dict("records"):
            ends = {name: row[level] for name, level in BANDS.items()}
            status = "projected" if row["tested"] else "extrapolated"
            yield {
                "regime": str(regime),
                "year": row["year"],
                "share_status": status,
                "trade_share": row["share"],
                **ends,
            }


def share_findings(fan: ShareFan) -> Iterator[Finding]:
    """Say where a share goes, by regime, and what its bands do not hold."""
    told: dict[str, Value] = {"a": Country(fan.of), "b": Country(fan.partner), "start": fan.start}
    now = Quantity(fan.share, "probability")
    for place, row in enumerate(fan.table[fan.table["regime"] == "usual"].to_dict("records")):
        then = Quantity(row["share"], "probability", row["p5"], row["p95"])
        values: dict[str, Value] = {**told, "now": now, "then": then, "year": row["year"]}
        gap = Quantity(row["share"] - fan.share, "probability", row["p5"] - fan.share, row["p95"] - fan.share)
        kind = "ahead" if row["tested"] else "far"
        yield Finding(f"share.{kind}", values, Comparison(then, now, gap), weight=MAIN - place / 10)
    if fan.broke is not None:
        last = fan.table[fan.table["year"] == fan.table["year"].max()].set_index("regime")
        lasts, undone = (
            Quantity(float(last.loc[name, "share"]), "probability") for name in ("lasts", "half_undone")
        )
        before = Quantity(fan.before, "probability")
        year = int(fan.table["year"].max())
        values = {**told, "before": before, "broke": fan.broke, "lasts": lasts, "undone": undone, "now": now}
        yield Finding("share.regimes", {**values, "year": year}, Comparison(now, before), weight=USUAL)
    yield from _since(fan)
    first = int(fan.past["year"].min())
    yield Finding("share.war", {**told, "first": first}, caution=True)


def _since(fan: ShareFan) -> Iterator[Finding]:
    """What was published of the trade of the two after the year in which the fan starts, and does not move it."""
    from suasion.sources.totals import totals

    cited = totals()
    amounts = cited[(cited["measure"] == "turnover") & (cited["year"] >= fan.start)].sort_values("year")
    own = amounts[(amounts["reporter"] == fan.of) & (amounts["partner"] == fan.partner)]
    theirs = amounts[(amounts["reporter"] == fan.partner) & (amounts["partner"] == fan.of)]
    # Two customs differ by a fifth and more: a change is one of one reporter, its own if it has two years.
    rows: list[dict[Any, Any]] = (own if len(own) > 1 else theirs).to_dict("records")
    if rows and rows[0]["year"] < rows[-1]["year"]:
        first, last = (Quantity(1000.0 * float(row["value"]), "musd") for row in (rows[0], rows[-1]))
        yield Finding(
            "share.since",
            {
                "a": Country(fan.of),
                "b": Country(fan.partner),
                "start": fan.start,
                "before": int(rows[0]["year"]),
                "year": int(rows[-1]["year"]),
                "then": first,
                "now": last,
            },
            Comparison(last, first),
            caution=True,
        )


TO = 2036
DRAWS = 16
"""Draws behind bands where none are named: few, for an answer must not take many minutes."""
SOLVED = 300
LONG, STEADY = "long", "steady"


@question
def outlook(
    a: State,
    b: State,
    *,
    scenario: Courses = (),
    to: int = TO,
    years: Integers = (),
    growth: Texts = (),
    audience: Texts = ("USA", "EU"),
    horizon: Texts = ("short", "long"),
    draws: Bands = DRAWS,
    solve: int = SOLVED,
    seed: Count = 1,
    deficits: DeficitRule = "balance",
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    levels: bool = False,
    history: File | None = None,
    folder: File | None = None,
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Where the dependence of two states goes: their share by itself, and with any option the courses of scenarios.

    Parameters
    ----------
    scenario : Courses
        Paths: persist, deepen, lifted, or files (YAML); these three where only other options are given.
    to : int
        Last year.
    years : tuple of int
        Years of exit costs besides the first and the last; 2030 where the outlook passes it.
    growth : tuple of str
        Own real growth in all scenarios, per cent a year: RUS:0.5, or with its 90 % range RUS:-1:0.5:1.5.
    audience : tuple of str
        Whose markets are the other outlet of the first state: states and groups; none for no other outlet.
    horizon : tuple of str
        Of exit costs: months, short (first year), long, or years since the cut.
    draws : int
        Draws for bands and chances; 0 for none.
    solve : int
        Draws solved at most; an emulator takes the rest.
    seed : int
        Of the draws.
    levels : bool
        Whether critical levels are computed in the years of exit costs.
    history : Path, optional
        CSV of past shares (year, share from 0 to 1): statistical forms beside the structural one.
    folder : Path, optional
        Folder that keeps what is solved, to go on after a stop.

    Returns
    -------
    Answer
        Tables ``share-ahead`` and ``share-record`` without options; else ``outlook-shares``, ``outlook-losses``,
        ``outlook-chances``, ``outlook-outlets``, ``outlook-growth``, ``outlook-assumptions``, ``outlook-record``, and
        where asked for ``outlook-levels`` and ``outlook-forms``; empty where a state is not in the world's table.

    Examples
    --------
    >>> su.outlook("AUS", "CHN", to=2026, draws=0, horizon="long")
    <Answer outlook AUS CHN: outlook-shares (...>
    """
    from suasion.outlook.projection.solve import ProjectionOptions

    asked = (
        scenario, to, years, growth, audience, horizon, draws, solve, seed, deficits, given, elasticities, levels,
        history, folder,
    )  # fmt: skip
    usual: dict[str, Any] = inspect.unwrap(outlook).__kwdefaults__
    if asked == tuple(usual[name] for name in usual if name not in FILLED):
        return replace(share(a, b, years=YEARS), question="outlook")
    economy = posed(world, given, elasticities, deficits=deficits, cuts=True)
    options = ProjectionOptions(
        tuple(horizon), tuple(audience), draws, solve, seed, deficits, critical=levels
    )
    paths, pair = _paths(scenario, growth, (economy.year + 1, to)), tie_pair(a, b, audience, economy)
    kept: dict[str, Any] = {"years": years or None, "folder": folder, "progress": progress}
    return _courses(economy, pair, paths, to, options, history, **kept)


def _courses(
    world: World,
    pair: TiePair,
    paths: Sequence[WorldPath],
    to: int,
    asked: ProjectionOptions,
    history: File | None,
    **kept: Any,
) -> Answer:
    """The courses of paths; capital that adjusts stands beside the long run, on the central course."""
    from suasion.outlook.forms import read_history
    from suasion.outlook.projection.outlook import outlook as project

    sides: dict[str, Value] = {"a": Country(pair.a), "b": Country(pair.b)}
    if absent := pair_outside("outlook", pair.a, pair.b, world):
        return Answer("outlook", sides, absent=absent)
    past = None if history is None else read_history(history)
    wanted = tuple(dict.fromkeys(LONG if one == STEADY else one for one in asked.horizons))
    every = (*wanted, STEADY) if LONG in wanted else wanted
    options = replace(asked, horizons=every, drawn=wanted, audience=list(pair.tokens))
    made = project(world, pair.a, pair.b, paths, to, options=options, **kept)
    report = CourseReport(made, world, past)
    return Answer(
        "outlook",
        sides,
        (*findings(report), *_by_itself(pair, to)),
        tuple(table for table in report.tables() if table.rows),
        sources=(Source("outlook.source", world.provenance.dataset, world.year),),
        result=made,
    )


def about(a: str, b: str, *_: object) -> dict[str, Any]:
    """Return what a dossier asks of a pair: the courses of the paths that ship."""
    from suasion.outlook.paths.file import SHIPPED

    return {"a": a, "b": b, "scenario": SHIPPED}


def _paths(
    names: Sequence[str | Path | WorldPath], growth: Sequence[str], span: tuple[int, int]
) -> list[WorldPath]:
    """The paths that are named, with own growth in the place of theirs."""
    from suasion.outlook.paths.file import SHIPPED, read_path

    found = [read_path(one) if isinstance(one, str | Path) else one for one in names or SHIPPED]
    own = tuple(_rate(text, span) for text in growth)
    mine = {code for rate in own for code in rate.countries}
    return [
        replace(path, growth=(*(rate for rate in path.growth if not mine & set(rate.countries)), *own))
        for path in found
    ]


def _rate(text: str, span: tuple[int, int]) -> OwnRate:
    """One own rate as it is written.

    Raises InputError if it is not a state and one or three numbers.
    """
    from suasion.errors import InputError
    from suasion.outlook.growth.path import OwnRate
    from suasion.sources.countries import resolve_country

    state, *numbers = text.split(":")
    try:
        rates = [float(one) for one in numbers]
    except ValueError:
        rates = []
    if len(rates) not in (1, 3) or rates != sorted(rates):
        raise InputError(f"{text!r} is no growth rate; write RUS:0.5, or with its range RUS:-1:0.5:1.5.")
    low, percent, high = rates if len(rates) == 3 else (None, rates[0], None)
    return OwnRate((resolve_country(state),), *span, percent, low, high)


def _by_itself(pair: TiePair, to: int) -> Iterator[Finding]:
    """The share as it moves by itself to the same year, on its own definition."""
    from suasion.outlook.learner.fan import share_fan

    if to > YEARS[0]:
        fan = share_fan(pair.a, pair.b, (to,))
        for one in share_findings(fan) if fan is not None else ():
            if one.key in ("share.ahead", "share.far"):
                yield replace(one, weight=USUAL + 0.9)
