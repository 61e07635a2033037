"""The outlook: shares and exit costs to the mid-2030s under the shipped scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Column, Picture
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.words import plain_name
from suasion.errors import SuasionError

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.outlook.outlook_result import Outlook
    from suasion.world import World

TITLE = "Where does the dependence go by 2036?"
TO = 2036
DRAWS = 16
"""Draws behind the fans of a dossier: few, for it must not take minutes; `suasion outlook --draws` takes more."""
SHARES = (
    Column("year", "Year", "year"),
    Column("scenario", "Scenario"),
    Column("share", "Share of turnover, %", "share"),
    Column("low", "from", "share"),
    Column("high", "to", "share"),
    Column("side", "Side"),
    Column("status", "Status"),
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
    from suasion.outlook.outlook import Options, outlook

    options = Options(audience=list(question.tokens) or (), draws=DRAWS, deficits=question.deficits)
    try:
        made = outlook(world, question.a.code, question.b.code, to=TO, options=options)
    except SuasionError as error:
        return Chapter("future", TITLE, reason=str(error))
    source = f"{question.source}; growth and cost paths as named in the scenarios’ files"
    findings = tuple(_finding(made, path.name, question, source) for path in made.scenarios)
    return Chapter("future", TITLE, findings, (_shares(made, question, source), _exits(made, question, source)),
                   method="outlook")  # fmt: skip


def _name(code: str, question: Question) -> str:
    return plain_name(question.a.name if code == question.a.code else question.b.name)


def _shares(made: Outlook, question: Question, source: str) -> ChapterTable:
    from suasion.outlook.outlook_rows import share_rows

    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (row.year, row.scenario, row.share, row.low, row.high, _name(row.of, question), row.status)
        for row in share_rows(made)
    )
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
        ),
        picture=Picture("lines", "year", "share", "low", "high", series="scenario", panel="side"),
        most=0,
    )


def _exits(made: Outlook, question: Question, source: str) -> ChapterTable:
    from suasion.outlook.outlook_rows import exit_rows

    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            f"{row.year}, {row.scenario}",
            _name(row.of, question),
            row.loss,
            row.low,
            row.high,
            row.closed,
            row.horizon,
        )
        for row in exit_rows(made)
    )
    return ChapterTable(
        key="future-exits",
        title="What a break would cost then",
        subtitle="Loss from a full cut, % of own real expenditure; bars: 90 of 100 draws",
        columns=EXITS,
        rows=rows,
        source=source,
        picture=Picture("ranges", "loss", "when", "low", "high", series="side", panel="run"),
        most=18,
        terminal=("when", "side", "run", "loss", "closed"),
    )


def _finding(made: Outlook, scenario: str, question: Question, source: str) -> Finding:
    from suasion.outlook.outlook_rows import share_rows

    rows = {(r.scenario, r.year): r for r in share_rows(made) if r.of == made.a}
    first, last = rows[scenario, made.base_year], rows[scenario, TO]
    now, then = Quantity(first.share, "share"), Quantity(last.share, "share", last.low, last.high)
    return Finding(
        source=source,
        template="{scenario}: the share of {b} in the trade of {a} is {now} in {base} and {then} in {to}, {word}.",
        numbers={"now": now, "then": then},
        comparisons={
            "word": Comparison(then, now, "a larger share", "a smaller share", "about the same share")
        },
        names={
            "scenario": scenario,
            "a": question.a.name,
            "b": question.b.name,
            "base": str(made.base_year),
            "to": str(TO),
        },
    )
