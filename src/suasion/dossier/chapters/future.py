"""The outlook: shares and exit costs to the mid-2030s under the shipped scenarios."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

from suasion.answers.catalogue import say, template
from suasion.answers.numbers import TINY_SHARE, share, significant
from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Heads, Picture, heads, reason_of
from suasion.dossier.chapters.growth import growth_table
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.words import likelihood, plain_name
from suasion.errors import SuasionError
from suasion.outlook.growth.capital import CAPITAL_SHARE

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.outlook.projection.result import Outlook
    from suasion.world import World

TO = 2036
ENOUGH = Quantity(0.1, "score")
"""Probability of equal accuracy from which origins do not tell two forms apart."""
TINY = 0.001
"""Probability under which none is printed."""
DRAWS = 16
"""Draws behind the fans of a dossier: few, for it must not take minutes; `suasion outlook --draws` takes more."""
RUNS = ("short", "long", "steady")
"""Horizons of exit costs; the last, with capital adjusted, on the central course only."""
TOLD_LEVEL = 33.0
"""Level of the share, per cent, whose chance a sentence says: a third of all trade."""
SHARES: Heads = {
    "year": "year",
    "scenario": "text",
    "share": "share",
    "low": "share",
    "high": "share",
    "side": "text",
    "status": "text",
}
CHANCES: Heads = {
    "what": "text",
    "scenario": "text",
    "level": "percent",
    "year": "year",
    "chance": "probability",
    "words": "text",
}
RECORD: Heads = {
    "source": "text",
    "ahead": "count",
    "form": "text",
    "crps": "score",
    "skill": "change",
    "still": "change",
    "verdict": "text",
}
EXITS: Heads = {
    "when": "text",
    "side": "text",
    "loss": "percent",
    "low": "percent",
    "high": "percent",
    "closed": "percent",
    "run": "text",
}


def chapter(question: Question, world: World) -> Chapter | None:
    """Return fans of shares and exit costs by scenario."""
    title = say("chapter.future.title", to=TO)
    if question.outside:
        return Chapter("future", title, reason=question.say_outside("chapter.outside"))
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
        return Chapter("future", title, reason=reason_of(error))
    source = say("chapter.future.source", table=question.source)
    findings = tuple(_finding(made, path.name, question, source) for path in made.scenarios)
    tables = (
        _shares(made, question, world, source),
        _exits(made, question, source),
        growth_table(made, question, world, source),
        _chances(made, question, source),
        _record(),
    )
    told = (*findings, _chance(made, question, source), *_records())
    return Chapter("future", title, told, tables, method="outlook")


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
        title=say("chapter.future.shares"),
        subtitle=say("chapter.future.shares_subtitle", base=made.base_year, to=TO),
        columns=heads("future.head_shares", SHARES),
        rows=rows,
        source=source,
        notes=(
            say("chapter.future.projected", base=made.base_year),
            say("chapter.future.rough_outside", draws=made.draws),
            say(
                "chapter.future.start",
                rule=question.deficits,
                name=_name(made.b, question),
                today=share(today),
                base=made.base_year,
                table=share(table),
            ),
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
            say(f"chapter.future.run_{row.horizon}"),
        )
        for row in exit_rows(made)
        if row.year > made.base_year or row.scenario == made.scenarios[0].name  # all start from one world
    )
    return ChapterTable(
        key="future-exits",
        title=say("chapter.future.exits"),
        subtitle=say("chapter.future.exits_subtitle"),
        columns=heads("future.head_exits", EXITS),
        rows=rows,
        source=source,
        notes=(
            say("chapter.future.rough_capital", draws=made.draws),
            say("chapter.future.capital", part=f"{CAPITAL_SHARE:g}"),
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
        kind = "share" if row.quantity == "turnover_share" else "loss"
        run = "" if kind == "share" else say(f"chapter.future.run_{row.horizon}").lower()
        what = say(f"chapter.future.passed_{kind}", own=own, other=other, run=run)
        if row.year > made.base_year:
            words = likelihood(row.probability)
            rows.append((what, row.scenario, row.level, row.year, row.probability, words))
    return ChapterTable(
        key="future-chances",
        title=say("chapter.future.chances"),
        subtitle=say("chapter.future.chances_subtitle", draws=made.draws),
        columns=heads("future.head_chances", CHANCES),
        rows=tuple(rows),
        source=source,
        notes=(
            say("chapter.future.seen"),
            say("chapter.future.within"),
        ),
        most=0,
    )


def _record() -> ChapterTable:
    from suasion.outlook.hindcast.record import ATTEMPT, record

    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            r.source,
            r.horizon,
            say("chapter.future.attempt", form=r.form) if r.role == ATTEMPT else r.form,
            r.crps,
            100 * r.skill,
            100 * r.skill_still,
            r.verdict,
        )
        for r in record()
    )
    return ChapterTable(
        key="future-record",
        title=say("chapter.future.record"),
        subtitle=say("chapter.future.record_subtitle"),
        columns=heads("future.head_record", RECORD),
        rows=rows,
        source=say("chapter.future.recorded"),
        notes=(say("chapter.future.record_note"),),
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
        key, numbers = "few_origins", {"size": gain}
        names = {"source": source, "ahead": str(last), "form": best.form}
        comparisons = {"word": Comparison(gain, Quantity(0.0, "percent"), *_words("gain", "loss", "neither"))}
        if best.p_still is not None:
            small = best.p_still < TINY
            p = say("chapter.future.p_under", p=TINY) if small else f"= {significant(best.p_still)}"
            key, names["p"] = "tested", p
            chance = Quantity(best.p_still, "score")
            comparisons["told"] = Comparison(chance, ENOUGH, *_words("not_told", "told", "hardly_told"))
        found.append(
            Finding(
                source=say("chapter.future.recorded"),
                template=template(f"chapter.future.{key}"),
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
    names = {
        "scenario": scenario,
        "a": question.a.name,
        "b": question.b.name,
        "base": str(made.base_year),
        "to": str(TO),
    }
    if max(first.share, last.share) < TINY_SHARE:
        return Finding(source, template("chapter.future.finding_tiny"), {"now": now}, names=names)
    return Finding(
        source=source,
        template=template("chapter.future.finding"),
        numbers={"now": now, "then": then},
        comparisons={"word": Comparison(then, now, *(_clear(now, then)))},
        names=names,
    )


def _words(*keys: str) -> list[str]:
    return [say(f"chapter.future.{key}") for key in keys]


def _clear(now: Quantity, then: Quantity) -> list[str]:
    """Words for a larger, a smaller and the same share; a band that holds today's says that nothing is clear."""
    low, high = then.low, then.high
    if None not in (now.value, low, high) and low <= now.value <= high:  # type: ignore[operator]
        return _words("unclear_larger", "unclear_smaller", "unclear_same")
    return _words("larger", "smaller", "same")


def _chance(made: Outlook, question: Question, source: str) -> Finding:
    """How often the share has passed a third of all trade by the last year, scenario by scenario."""
    from suasion.outlook.projection.rows import chance_rows

    asked = ("turnover_share", TOLD_LEVEL, TO)
    found = (row for row in chance_rows(made) if (row.quantity, row.level, row.year) == asked)
    rows = dict(zip(ascii_lowercase, found, strict=False))
    told = "; ".join(f"{{scenario_{x}}} {{chance_{x}}}, {{word_{x}}}" for x in rows)
    return Finding(
        source=source,
        template=f"{template('chapter.future.chance')} {told}.",
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
