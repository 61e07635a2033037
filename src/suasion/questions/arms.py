"""Whose arms each of two states depends on, and whether that is fading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
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
from suasion.questions.question import Count, File, State, Years, question

if TYPE_CHECKING:
    import pandas as pd

    from suasion.statecraft.arms.report import ArmsReport

SOURCES = (Source("arms.source", "sipri"),)
PUBLISHED = (Source("arms.reports", "sipri"),)
SHARES = "recipient supplier year status tiv import_share export_share import_share_sum export_share_sum"


@question
def arms(
    a: State, b: State, *, window: Years = 5, to: int | None = None, seed: Count = 0, file: File | None = None
) -> Answer:
    """What share of each state's arms comes from the other, over single years and sums, and its drift.

    Parameters
    ----------
    window : Years
        Years in a sum.
    to : int, optional
        Project the share to this year.
    file : Path, optional
        Register of transfers, as downloaded from SIPRI; else the store.

    Returns
    -------
    Answer
        Table ``arms-shares``; empty where neither delivered to the other. Without a register, table ``arms-published``:
        what SIPRI's own reports print of the pair.

    Examples
    --------
    >>> su.arms("IND", "RUS")
    <Answer arms IND RUS 5: arms-published (...>
    """
    from suasion.sources.catalogue_store import installed, located
    from suasion.sources.sipri import read_arms_deliveries
    from suasion.statecraft.arms.report import arms_report

    pair = a, b
    asked: dict[str, Value] = {"a": Country(a), "b": Country(b), "window": window}
    if file is None and "sipri" not in installed():
        return _published(asked, a, b)
    deliveries = read_arms_deliveries(file or located("sipri"))
    traders = set(deliveries["supplier"]) | set(deliveries["recipient"])
    strangers = tuple(Country(code) for code in pair if code not in traders)
    if strangers:
        return Answer("arms", asked, absent=Finding("arms.strangers", {"states": strangers}), sources=SOURCES)
    reports = [arms_report(deliveries, *sides, window, to, seed) for sides in (pair, pair[::-1])]
    findings = tuple(finding for report in reports for finding in _findings(report))
    if not any(report.table["tiv"].gt(0).any() for report in reports):
        return Answer("arms", asked, absent=Finding("arms.none", asked), sources=SOURCES)
    table = Table.of(
        "arms-shares",
        SHARES,
        (row for report in reports for row in _rows(report)),
        picture=Picture("lines", "year", "import_share", series="supplier"),
        values=asked,
        axes="recipient supplier year",
        notes=(Finding("arms.note"),),
        brief="recipient supplier year import_share import_share_sum export_share_sum",
    )
    return Answer("arms", asked, findings, (table,), sources=SOURCES, result=tuple(reports))


def _rows(report: ArmsReport) -> Iterator[dict[Any, Any]]:
    sides = {"recipient": report.recipient, "supplier": report.supplier}
    ends = {"import_share_low": None, "import_share_high": None}
    for row in report.table.to_dict("records"):
        yield {**sides, "status": "observed", **ends} | row
    if report.drift is not None:
        ahead = report.drift.table.loc[report.drift.table["projected"]]
        for year, level, low, high in ahead[["year", "level", "low", "high"]].to_numpy():
            yield {
                **sides,
                "status": "projected",
                "year": int(year),
                "import_share": level,
                "import_share_low": low,
                "import_share_high": high,
            }


def _findings(report: ArmsReport) -> Iterator[Finding]:
    sides: dict[str, Value] = {"buyer": Country(report.recipient), "seller": Country(report.supplier)}
    known = report.table.dropna(subset=["import_share_sum"])
    span = Quantity(report.window, "years")
    if known.empty or not known["import_share_sum"].gt(0).any():
        yield Finding("arms.nothing", sides, weight=MAIN)
        return
    first, last = known.iloc[0], known.iloc[-1]
    old, new = (Quantity(float(row["import_share_sum"]), "probability") for row in (first, last))
    values = {
        **sides,
        "before": old,
        "after": new,
        "old": int(first["year"]),
        "new": int(last["year"]),
        "span": span,
    }
    yield Finding("arms.share", values, Comparison(new, old), weight=MAIN)
    yield from _reliance(report.reliance, sides, span)
    if report.change is not None:
        test = report.change
        numbers = {name: Quantity(getattr(test, name), "score") for name in ("f", "p", "p_removed")}
        yield Finding(f"arms.break.{test.verdict}", {**sides, "year": test.year, **numbers})
    if report.drift is not None:
        end = report.drift.table.iloc[-1]
        falling = Quantity(report.drift.falling, "probability", draws=report.drift.draws)
        level = Quantity(float(end["level"]), "probability", float(end["low"]), float(end["high"]))
        values = {**sides, "year": int(end["year"]), "falling": falling, "level": level}
        yield Finding("arms.ahead_unknown" if level.open else "arms.ahead", values)


def _reliance(table: pd.DataFrame, sides: dict[str, Value], span: Quantity) -> Iterator[Finding]:
    known = table.dropna(subset=["seller_share"])
    if not known.empty:
        new = known.iloc[-1]
        sold, peak = (Quantity(float(new[name]), "probability") for name in ("seller_share", "of_peak"))
        yield Finding(
            "arms.reliance",
            {**sides, "sold": sold, "peak": peak, "span": span, "year": int(new["year"])},
            weight=DETAIL,
        )


def _published(asked: dict[str, Value], a: str, b: str) -> Answer:
    """What reports print, where there is no register."""
    from suasion.statecraft.published import ARMS, published_arms

    rows = published_arms(a, b)
    if rows.empty:
        return _recorded(asked, a, b)
    table = Table.of(
        "arms-published",
        " ".join(ARMS),
        rows,
        values=asked,
        axes="recipient supplier trade_share_of last",
        notes=(Finding("arms.as_published"),),
        brief="recipient supplier trade_share_of first last trade_share report",
    )
    last = rows.drop_duplicates(["recipient", "supplier", "trade_share_of"], keep="last")
    return Answer(
        "arms",
        asked,
        (
            *(_printed(row) for row in last[::-1].to_dict("records")),
            Finding("arms.missing", weight=DETAIL),
        ),
        (table,),
        sources=PUBLISHED,
    )


def _printed(row: dict[Any, Any]) -> Finding:
    sides: dict[str, Value] = {"buyer": Country(row["recipient"]), "seller": Country(row["supplier"])}
    size = Quantity(float(row["trade_share"]), "probability")
    return Finding(
        f"arms.printed.{row['trade_share_of']}",
        {**sides, "size": size, "first": int(row["first"]), "last": int(row["last"])},
        weight=MAIN,
    )


def _recorded(asked: dict[str, Value], a: str, b: str) -> Answer:
    """Single figures of the record, or that a source covers the pair and has none."""
    from suasion.statecraft.record import FactKind, covers_of, facts_between

    facts = [one for one in facts_between(a, b) if one.kind is FactKind.ARMS]
    covers = [one for one in covers_of(a, b) if one.kind is FactKind.ARMS]
    if not facts and not covers:
        return Answer("arms", asked, absent=Finding("arms.missing"))
    found = [Finding("arms.missing", weight=DETAIL)]
    if covers:
        years = {"first": min(one.first for one in covers), "last": max(one.last for one in covers)}
        found.insert(0, Finding("arms.none_recorded", {**asked, **years}, weight=MAIN))
    sides = [(a, b), (b, a)]
    rows = [
        (one.a, one.b, int(one.start[:4]), int(one.start[:4]), float(one.value), one.source, one.locator)
        for one in facts
    ]
    rows += [
        (*side, one.first, one.last, 0.0, one.source, one.locator) for one in covers[:1] for side in sides
    ]
    if facts:
        found.insert(
            0, Finding("arms.recorded", {**asked, "count": Quantity(len(facts), "count")}, weight=MAIN)
        )
    names = ("supplier", "recipient", "first", "last", "tiv", "source", "locator")
    cells = [dict(zip(names, row, strict=True)) for row in rows]
    table = Table.of("arms-recorded", " ".join(names), cells, values=asked, axes="supplier recipient first")
    return Answer("arms", asked, tuple(found), (table,), sources=SOURCES)
