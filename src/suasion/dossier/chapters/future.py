"""The outlook: shares and exit costs to the mid-2030s under the shipped scenarios."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Column, Picture
from suasion.dossier.chapters.growth import growth_table
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.numbers import significant
from suasion.dossier.words import likelihood, plain_name
from suasion.errors import SuasionError
from suasion.outlook.growth.capital import CAPITAL_SHARE

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.outlook.projection.result import Outlook
    from suasion.world import World

TITLE = "Where does the dependence go by 2036?"
TO = 2036
RECORDED = "own hindcasts on WIOD, ITPD-E and BACI; docs: hindcasts"
ENOUGH = Quantity(0.1, "score")
"""Probability of equal accuracy from which origins do not tell two forms apart."""
TINY = 0.001
"""Probability under which none is printed."""
DRAWS = 16
"""Draws behind the fans of a dossier: few, for it must not take minutes; `suasion outlook --draws` takes more."""
RUNS = ("short", "long", "steady")
"""Horizons of exit costs; the last, with capital adjusted, on the central course only."""
RUN_NAMES = {"short": "Short run", "long": "Long run", "steady": "Long run, capital adjusted"}
TOLD_LEVEL = 33.0
"""Level of the share, per cent, whose chance a sentence says: a third of all trade."""
SHARES = (
    Column("year", "Year", "year"),
    Column("scenario", "Scenario"),
    Column("share", "Share of turnover, %", "share"),
    Column("low", "from", "share"),
    Column("high", "to", "share"),
    Column("side", "Side"),
    Column("status", "Status"),
)
CHANCES = (
    Column("what", "What passes the level"),
    Column("scenario", "Scenario"),
    Column("level", "Level, %", "percent"),
    Column("year", "By the end of", "year"),
    Column("chance", "Chance", "probability"),
    Column("words", "In words"),
)
RECORD = (
    Column("source", "Past shares"),
    Column("ahead", "Years ahead", "count"),
    Column("form", "Form"),
    Column("crps", "CRPS, percentage points", "score"),
    Column("skill", "Gain over the walk with drift, %", "change"),
    Column("still", "Gain over the walk without drift, %", "change"),
    Column("verdict", "Verdict"),
)
EXITS = (
    Column("when", "Year and scenario"),
    Column("side", "Side"),
    Column("loss", "Loss, % of own real expenditure", "percent"),
    Column("low", "from", "percent"),
    Column("high", "to", "percent"),
    Column("closed", "Other outlet closed", "percent"),
    Column("run", "Run"),
)


def chapter(question: Question, world: World) -> Chapter | None:
    """Return fans of shares and exit costs by scenario."""
    if question.outside:
        return Chapter("future", TITLE, reason=f"{question.outside} is not in the world’s table.")
    from suasion.outlook.projection.outlook import Options, outlook

    options = Options(
        horizons=RUNS,
        drawn=RUNS[:-1],
        audience=list(question.tokens) or (),
        draws=DRAWS,
        deficits=question.deficits,
    )
    try:
        made = outlook(world, question.a.code, question.b.code, to=TO, options=options)
    except SuasionError as error:
        return Chapter("future", TITLE, reason=str(error))
    source = f"{question.source}; growth and cost paths as named in the scenarios’ files"
    findings = tuple(_finding(made, path.name, question, source) for path in made.scenarios)
    tables = (
        _shares(made, question, world, source),
        _exits(made, question, source),
        growth_table(made, question, world, source),
        _chances(made, question, source),
        _record(),
    )
    told = (*findings, _chance(made, question, source), *_records())
    return Chapter("future", TITLE, told, tables, method="outlook")


def _name(code: str, question: Question) -> str:
    return plain_name(question.a.name if code == question.a.code else question.b.name)


def _shares(made: Outlook, question: Question, world: World, source: str) -> ChapterTable:
    from suasion.measures.dependence import dependence
    from suasion.outlook.projection.rows import share_rows

    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (row.year, row.scenario, row.share, row.low, row.high, _name(row.of, question), row.status)
        for row in share_rows(made)
    )
    today = share_rows(made)[0].share
    table = 100.0 * dependence(made.a, made.b, world).share(made.a)
    return ChapterTable(
        key="future-shares",
        title="The other side’s share in each one’s trade",
        subtitle=f"Goods and services with the economies of the table, %, {made.base_year}-{TO}; band: 90 of 100 draws",
        columns=SHARES,
        rows=rows,
        source=source,
        notes=(
            f"Years after {made.base_year} are projected; extrapolated where growth rates are carried on.",
            f"{made.draws} draws: the bands are rough. What no scenario names, such as war, is outside them.",
            f"Projections start from accounts whose deficits follow the rule “{question.deficits}”: there the share "
            f"of {_name(made.b, question)} is {today:.1f} % in {made.base_year}; in the table as published it is "
            f"{table:.1f} %.",
        ),
        picture=Picture("lines", "year", "share", "low", "high", series="scenario", panel="side"),
        most=0,
    )


def _exits(made: Outlook, question: Question, source: str) -> ChapterTable:
    from suasion.outlook.projection.rows import exit_rows

    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            f"{row.year}, {row.scenario}" if row.year > made.base_year else f"{row.year}",
            _name(row.of, question),
            row.loss,
            row.low,
            row.high,
            row.closed,
            RUN_NAMES[row.horizon],
        )
        for row in exit_rows(made)
        if row.year > made.base_year or row.scenario == made.scenarios[0].name  # all start from one world
    )
    return ChapterTable(
        key="future-exits",
        title="What a break would cost then",
        subtitle="Loss from a full cut, % of own real expenditure; bars: 90 of 100 draws",
        columns=EXITS,
        rows=rows,
        source=source,
        notes=(
            f"{made.draws} draws: the bands are rough. With capital adjusted there is the central course only.",
            f"Capital adjusts until its real return is back at that of the year; it earns {CAPITAL_SHARE:g} of value "
            "added (assumption, 0.3 to 0.5).",
        ),
        picture=Picture("ranges", "loss", "when", "low", "high", series="side", panel="run"),
        most=14,
        terminal=("when", "side", "run", "loss", "closed"),
    )


def _chances(made: Outlook, question: Question, source: str) -> ChapterTable:
    from suasion.outlook.projection.rows import chance_rows

    rows: list[tuple[Cell, ...]] = []
    for row in chance_rows(made):
        own = plain_name(question.names[row.of])
        other = _name(made.b if row.of == made.a else made.a, question)
        what = (
            f"share of {other} in the trade of {own}"
            if row.quantity == "turnover_share"
            else f"loss of {own} from a cut, {RUN_NAMES[row.horizon].lower()}"
        )
        if row.year > made.base_year:
            words = likelihood(row.probability)
            rows.append((what, row.scenario, row.level, row.year, row.probability, words))
    return ChapterTable(
        key="future-chances",
        title="How likely are levels to be passed?",
        subtitle=f"Part of {made.draws} draws that have been past the level by the end of the year",
        columns=CHANCES,
        rows=tuple(rows),
        source=source,
        notes=(
            "Losses are seen in the years named; a level passed and left between two of them is missed.",
            "A chance holds within its scenario; how likely a scenario is, nobody knows.",
        ),
        most=0,
    )


def _record() -> ChapterTable:
    from suasion.outlook.hindcast.record import ATTEMPT, record

    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            r.source,
            r.horizon,
            f"{r.form}, one of the best three" if r.role == ATTEMPT else r.form,
            r.crps,
            100 * r.skill,
            100 * r.skill_still,
            r.verdict,
        )
        for r in record()
    )
    return ChapterTable(
        key="future-record",
        title="How good have such forecasts been?",
        subtitle="Forecasts of partners’ shares in turnover from every origin, all pairs with enough trade: the two "
        "random walks, the three best attempts, the structural form where it was scored",
        columns=RECORD,
        rows=rows,
        source=RECORDED,
        notes=("Lower CRPS is better. No form foresaw the break of 2022.",),
        most=0,
    )


def _records() -> tuple[Finding, ...]:
    """Say how little the best attempt gains where the horizon is longest, source by source."""
    from suasion.outlook.hindcast.record import ATTEMPT, record

    found = []
    rows = [r for r in record() if r.role == ATTEMPT]
    for source in dict.fromkeys(r.source for r in rows):
        last = max(r.horizon for r in rows if r.source == source)
        best = next(r for r in rows if r.source == source and r.horizon == last)
        gain = Quantity(100 * best.skill_still, "percent", 100 * best.low, 100 * best.high)
        numbers, told = {"size": gain}, "; origins are too few for a test over years"
        comparisons = {
            "word": Comparison(gain, Quantity(0.0, "percent"), "a gain", "a loss", "neither gain nor loss")
        }
        names = {"source": source, "ahead": str(last), "form": best.form}
        if best.p_still is not None:
            names["p"] = f"under {TINY}" if best.p_still < TINY else f"= {significant(best.p_still)}"
            told = "; over the years of origin {told} (p {p})"
            comparisons["told"] = Comparison(
                Quantity(best.p_still, "score"),
                ENOUGH,
                "not told apart from zero",
                "told apart from zero",
                "hardly told apart from zero",
            )
        found.append(
            Finding(
                source=RECORDED,
                template="Past shares ({source}), {ahead} years ahead: against the forecast that nothing changes, the "
                "best form ({form}) has {word}: {size} of the CRPS" + told + ".",
                numbers=numbers,
                comparisons=comparisons,
                names=names,
            )
        )
    return tuple(found)


def _finding(made: Outlook, scenario: str, question: Question, source: str) -> Finding:
    from suasion.outlook.projection.rows import share_rows

    rows = {(r.scenario, r.year): r for r in share_rows(made) if r.of == made.a}
    first, last = rows[scenario, made.base_year], rows[scenario, TO]
    now, then = Quantity(first.share, "share"), Quantity(last.share, "share", last.low, last.high)
    return Finding(
        source=source,
        template="{scenario}: the share of {b} in the trade of {a} is {now} in {base} and {then} in {to}, {word}.",
        numbers={"now": now, "then": then},
        comparisons={"word": Comparison(then, now, *(_clear(now, then)))},
        names={
            "scenario": scenario,
            "a": question.a.name,
            "b": question.b.name,
            "base": str(made.base_year),
            "to": str(TO),
        },
    )


def _clear(now: Quantity, then: Quantity) -> tuple[str, str, str]:
    """Words for a larger, a smaller and the same share; a band that holds today's says that nothing is clear."""
    low, high = then.low, then.high
    if None not in (now.value, low, high) and low <= now.value <= high:  # type: ignore[operator]
        told = "on the central course; the band holds today’s too"
        return f"larger {told}", f"smaller {told}", f"about the same {told}"
    return "a larger share", "a smaller share", "about the same share"


def _chance(made: Outlook, question: Question, source: str) -> Finding:
    """How often the share has passed a third of all trade by the last year, scenario by scenario."""
    from suasion.outlook.projection.rows import chance_rows

    asked = ("turnover_share", TOLD_LEVEL, TO)
    found = (row for row in chance_rows(made) if (row.quantity, row.level, row.year) == asked)
    rows = dict(zip(ascii_lowercase, found, strict=False))
    told = "; ".join(f"{{scenario_{x}}} {{chance_{x}}}, {{word_{x}}}" for x in rows)
    return Finding(
        source=source,
        template="Chance that the share of {b} in the trade of {a} has passed {level} by the end of {to}, by {draws} "
        f"draws: {told}.",
        numbers={
            "level": Quantity(TOLD_LEVEL, "percent"),
            "draws": Quantity(made.draws, "count"),
            **{f"chance_{x}": Quantity(row.probability, "probability") for x, row in rows.items()},
        },
        names={
            "a": question.a.name,
            "b": question.b.name,
            "to": str(TO),
            **{f"scenario_{x}": row.scenario for x, row in rows.items()},
            **{f"word_{x}": likelihood(row.probability) for x, row in rows.items()},
        },
    )
