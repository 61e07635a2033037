"""Arms: whose deliveries each side depends on, where the register of deliveries was added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.dossier.chapter import Cell, Chapter, ChapterTable, Heads, Picture, heads
from suasion.dossier.claims import Comparison, Finding, Quantity
from suasion.dossier.strings import say, template
from suasion.dossier.words import plain_name, possessive
from suasion.errors import SuasionError

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.statecraft.arms.words import ArmsReport
    from suasion.world import World

LEAST_YEARS = 10
"""Years with deliveries below which single years say nothing. Assumption, range 8 to 15."""
COLUMNS: Heads = {
    "year": "year",
    "line": "text",
    "share": "share",
    "low": "share",
    "high": "share",
    "status": "text",
}


def chapter(question: Question, world: World) -> Chapter | None:
    """Return shares of arms imports both ways with their drift; the way to add the data where they are absent."""
    from suasion.sources.catalogue_store import installed, located
    from suasion.sources.sipri import read_arms_deliveries

    title = say("chapter.arms.title")
    if "sipri" not in installed():
        return Chapter("arms", title, reason=say("chapter.arms.missing"))
    try:
        deliveries = read_arms_deliveries(located("sipri"))
    except SuasionError as error:
        return Chapter("arms", title, reason=str(error))
    from suasion.statecraft.arms.words import arms_report

    pair = (question.a, question.b)
    reports = [
        (buyer.name, seller.name, arms_report(deliveries, buyer.code, seller.code))
        for buyer, seller in (pair, pair[::-1])
    ]
    rows = [row for buyer, seller, report in reports for row in _rows(report, buyer, seller)]
    if not rows:
        return Chapter("arms", title, reason=say("chapter.arms.none"))
    table = ChapterTable(
        key="arms-shares",
        title=say("chapter.arms.table"),
        subtitle=say("chapter.arms.subtitle"),
        columns=heads("arms.head", COLUMNS),
        rows=tuple(rows),
        source=say("chapter.arms.source"),
        notes=(say("chapter.arms.note"),),
        picture=Picture("lines", "year", "share", "low", "high", series="line"),
        most=0,
    )
    findings = tuple(f for buyer, seller, report in reports for f in _finding(report, buyer, seller))
    return Chapter("arms", title, findings, (table,), method="arms-and-triangle")


def _rows(report: ArmsReport, buyer: str, seller: str) -> list[tuple[Cell, ...]]:
    known = report.table[["year", "import_share"]].dropna()
    if known["import_share"].gt(0).sum() < LEAST_YEARS:
        return []
    line = say("chapter.arms.line", seller=plain_name(seller), buyers=possessive(plain_name(buyer)))
    rows: list[tuple[Cell, ...]] = [
        (int(year), line, 100.0 * float(share), None, None, "observed") for year, share in known.to_numpy()
    ]
    if report.drift is not None:
        fan = report.drift.table
        rows += [
            (int(year), line, 100.0 * level, 100.0 * low, 100.0 * high, "projected")
            for year, level, low, high in fan.loc[
                fan["projected"], ["year", "level", "low", "high"]
            ].to_numpy()
        ]
    return rows


def _finding(report: ArmsReport, buyer: str, seller: str) -> tuple[Finding, ...]:
    known = report.table.dropna(subset=["import_share_sum"])
    if known.empty or not known["import_share_sum"].gt(0).any():
        return ()
    first, last = known.iloc[0], known.iloc[-1]
    old, new = (Quantity(100.0 * float(row["import_share_sum"]), "share") for row in (first, last))
    years = {"old": str(int(first["year"])), "new": str(int(last["year"]))}
    return (
        Finding(
            source=say("chapter.arms.source"),
            template=template("chapter.arms.finding"),
            numbers={"before": old, "after": new},
            comparisons={
                "word": Comparison(
                    new, old, *(say(f"chapter.arms.{word}") for word in ("larger", "smaller", "same"))
                )
            },
            names={"seller": seller, "buyers": possessive(buyer), "span": _words(report.window), **years},
        ),
    )


def _words(count: int) -> str:
    names = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return names[count] if count < len(names) else str(count)
