"""What each of two states was promised in loans by the other, over what it exports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from suasion.answers import DETAIL, MAIN, Answer, Country, Finding, Picture, Quantity, Source, Table, Value
from suasion.questions.posed import usual
from suasion.questions.question import State, question

if TYPE_CHECKING:
    import pandas as pd

    from suasion.world import World

FIRST, LAST = 2000, 2021
"""Years of the table of loans."""
SOURCES = (Source("finance.source", "gcdf"),)
PUBLISHED = (Source("finance.reports", "gcdf"),)


@question
def finance(a: State, b: State, *, world: World | None = None) -> Answer:
    """What each of two states was promised in loans and grants by the other, over what it exports in a year.

    Parameters
    ----------
    world : World, optional
        The economy, for exports; the embedded one without.

    Returns
    -------
    Answer
        Table ``loans``; empty where it knows neither side's. Without a table of loans, ``loans-published``: what
        AidData's own reports print of the pair.

    Examples
    --------
    >>> su.finance("PAK", "CHN")
    <Answer finance PAK CHN 2000 2021: loans-published (...>
    """
    from suasion.products.channels import finance_channels
    from suasion.sources.catalogue_store import located, manifest_of
    from suasion.sources.ir_tables import read_gcdf_countries

    asked: dict[str, Value] = {"a": Country(a), "b": Country(b), "first": FIRST, "last": LAST}
    if not manifest_of("gcdf"):
        return _published(asked, a, b)
    loans, economy = read_gcdf_countries(located("gcdf")), usual(world)
    frames = [
        finance_channels(*sides, loans, exports=_exports(sides[0], economy)) for sides in ((a, b), (b, a))
    ]
    rows = [_row(frame.set_index("measure")) for frame in frames]
    if all(row["commitments_musd"] is None for row in rows):
        nothing = Finding("finance.none", asked, weight=DETAIL)
        return Answer("finance", asked, absent=nothing, sources=SOURCES)
    table = Table.of(
        "loans",
        "debtor lender commitments_musd over_exports_percent loans_status",
        rows,
        axes="debtor lender",
        picture=Picture("ranges", "over_exports_percent", "debtor"),
        values=asked,
        notes=(Finding("finance.note"),),
    )
    return Answer("finance", asked, tuple(_findings(rows)), (table,), sources=SOURCES, result=tuple(frames))


def _exports(country: str, world: World) -> float | None:
    """Goods and services a year, million USD: of the world's table, else as published; None where neither has any."""
    if country in world.countries:
        place = world.countries.index(country)
        used = [world.array(name) for name in ("intermediate", "final")]
        return float(sum(table[:, place].sum() - table[place, place].sum() for table in used))
    from suasion.sources.factbook import economy

    table = economy()
    rows = table[(table["country"] == country) & (table["item"] == "exports")].sort_values("year")
    return float(rows["value"].iloc[-1]) if len(rows) else None


def _row(frame: pd.DataFrame) -> dict[str, Any]:
    """One side: amounts, and why one is lacking."""
    owed, part = frame.loc["commitments"], frame.loc["commitments over exports"]
    return {
        "debtor": owed["country"],
        "lender": owed["partner"],
        "commitments_musd": owed["value"] if not owed["reason"] else None,
        "over_exports_percent": 100.0 * part["value"] if not part["reason"] else None,
        "loans_status": part["reason"] or "measured",
    }


def _findings(rows: list[dict[str, Any]]) -> Iterator[Finding]:
    for row in rows:
        if row["over_exports_percent"] is not None:
            numbers = {
                "owed": Quantity(float(row["commitments_musd"]), "musd"),
                "part": Quantity(float(row["over_exports_percent"]), "percent"),
            }
            sides = {name: Country(row[name]) for name in ("debtor", "lender")}
            yield Finding("finance.owed", {**numbers, **sides, "first": FIRST, "last": LAST}, weight=MAIN)


def _published(asked: dict[str, Value], a: str, b: str) -> Answer:
    """What reports print, where there is no table of loans."""
    from suasion.statecraft.published import LOANS, published_loans

    rows = published_loans(a, b)
    if rows.empty:
        return Answer("finance", asked, absent=Finding("finance.missing"))
    table = Table.of(
        "loans-published",
        " ".join(LOANS),
        rows,
        values=asked,
        axes="debtor lender last",
        notes=(Finding("finance.note"),),
        brief="debtor lender first last commitments_musd report",
    )
    last = rows.iloc[-1]
    sides = {name: Country(str(last[name])) for name in ("debtor", "lender")}
    return Answer(
        "finance",
        asked,
        (
            Finding(
                "finance.printed",
                {
                    **sides,
                    "owed": Quantity(float(last["commitments_musd"]), "musd"),
                    "first": int(last["first"]),
                    "last": int(last["last"]),
                },
                weight=MAIN,
            ),
            Finding("finance.missing", weight=DETAIL),
        ),
        (table,),
        sources=PUBLISHED,
    )
