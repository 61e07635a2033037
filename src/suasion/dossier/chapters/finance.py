"""Finance as a channel: loans of one side to the other over what it exports, where a table of loans was added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.answers.catalogue import say, template
from suasion.dossier.chapter import Cell, ChapterTable, Heads, Picture, heads, reason_of
from suasion.dossier.claims import Finding, Quantity
from suasion.dossier.words import plain_name
from suasion.errors import SuasionError

if TYPE_CHECKING:
    import pandas as pd

    from suasion.world import World

COLUMNS: Heads = {
    "side": "text",
    "commitments": "musd",
    "over_exports": "share",
    "creditor_share": "share",
    "status": "text",
}
MEASURES = (("commitments", 1.0), ("commitments over exports", 100.0), ("creditor share", 100.0))
YEARS = ("2000", "2021")


def finance(
    a: str, b: str, names: dict[str, str], world: World
) -> tuple[tuple[Finding, ...], ChapterTable, bool]:
    """Return what is to be said of loans both ways, the table, and whether any of it is measured.

    Parameters
    ----------
    a, b : str
        Codes of the two.
    names : dict
        Printed name of each.
    world : World
        The economy, for exports.
    """
    from suasion.products import finance_channels

    loans, trouble = _loans()
    frames = [
        finance_channels(country, partner, loans, exports=None if loans is None else _exports(country, world))
        for country, partner in ((a, b), (b, a))
    ]
    rows = tuple(_row(frame, names, trouble) for frame in frames)
    known = any(row[1] is not None for row in rows)
    drawn = any(row[2] is not None for row in rows)
    table = ChapterTable(
        key="channels-finance",
        title=say("chapter.finance.table"),
        subtitle=say("chapter.finance.subtitle", first=YEARS[0], last=YEARS[1]),
        columns=heads("finance.head", COLUMNS),
        rows=rows,
        source=next(
            (str(f["source"].iloc[0]) for f in frames if f["source"].iloc[0]),
            say("chapter.finance.no_source"),
        ),
        notes=(say("chapter.finance.note"),),
        picture=Picture("ranges", "over_exports", "side") if drawn else None,
        terminal=("side", "commitments", "over_exports", "status"),
    )
    return tuple(f for frame in frames for f in _finding(frame, names)), table, known


def _loans() -> tuple[pd.DataFrame | None, str]:
    """Read the table of loans where the user added it; and what is wrong with it, where it cannot be read."""
    from suasion.sources.catalogue_store import located, manifest_of
    from suasion.sources.gcdf import read_gcdf_countries

    try:
        return (read_gcdf_countries(located("gcdf")) if manifest_of("gcdf") else None), ""
    except SuasionError as error:
        return None, reason_of(error)


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


def _row(frame: pd.DataFrame, names: dict[str, str], trouble: str = "") -> tuple[Cell, ...]:
    """One side: amounts, and why one is lacking."""
    first = frame.iloc[0]
    debtor, lender = (plain_name(names[first[who]]) for who in ("country", "partner"))
    side = say("chapter.finance.side", debtor=debtor, lender=lender)
    by = frame.set_index("measure")
    values = [None if by["value"].isna()[m] else scale * float(by["value"][m]) for m, scale in MEASURES]
    reasons = dict.fromkeys([trouble] if trouble else [reason for reason in frame["reason"] if reason])
    kind = ("partly" if values[0] is not None else "lacking") if reasons else "measured"
    status = say(f"chapter.finance.{kind}", reasons="; ".join(reasons))
    return (side, *values, status)


def _finding(frame: pd.DataFrame, names: dict[str, str]) -> tuple[Finding, ...]:
    row = _row(frame, names)
    if not isinstance(row[1], float) or not isinstance(row[2], float):
        return ()
    return (
        Finding(
            source=str(frame["source"].iloc[0]),
            template=template("chapter.finance.finding"),
            numbers={"owed": Quantity(row[1], "musd"), "part": Quantity(row[2], "share")},
            names={
                "lender": names[str(frame["partner"].iloc[0])],
                "debtor": names[str(frame["country"].iloc[0])],
                "first": YEARS[0],
                "last": YEARS[1],
            },
        ),
    )
