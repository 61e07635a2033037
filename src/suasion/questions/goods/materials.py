"""How trade in raw materials between two states has moved, seen from the seller and from the buyer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from suasion.answers import (
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
    Word,
)
from suasion.errors import InputError
from suasion.questions.question import Side, Texts, question

if TYPE_CHECKING:
    import pandas as pd

GROUPS = {
    "All materials": "all",
    "Oil, gas and coal": "energy",
    "Crude oil": "oil",
    "Gas": "gas",
    "Coal": "coal",
    "Ores": "ores",
    "Metals": "metals",
    "Gold": "gold",
    "Rare earths": "rare_earths",
    "Other minerals": "other",
}
"""Groups of the measure, and their names in answers."""
SPAN = 11
"""Years before the last one from which a share's movement is told (2013 to 2024), where there are data."""
LEAST_MUSD = 10.0
"""Trade in a group, million USD, below which its movement is not worth a sentence."""
LEAST_SHARE = 0.01
"""Share that must be reached at one end for its movement to be worth a sentence."""
MOVED = 0.005
"""Difference of shares below which one is said to have stayed about where it was."""
SIDES = {"exports": "seller_share", "imports": "buyer_share"}
SOURCES = (Source("materials.source"),)


@question
def materials(a: Side, b: Side, *, groups: Texts = ()) -> Answer:
    """How trade in raw materials between two sides has moved since 1995, as a share of either side's.

    Parameters
    ----------
    a, b : Side
        A state or a group: code or English name. A group has its present members throughout, and their trade with each
        other is left out.
    groups : tuple of str
        Only these groups, with commas: all, energy, oil, gas, coal, ores, metals, gold, rare_earths, other.

    Returns
    -------
    Answer
        Tables ``materials`` (the last year), ``materials-sold`` (by the first to the second, all years) and
        ``materials-bought``; empty where neither sold the
        other any on record.

    Examples
    --------
    >>> su.materials("JPN", "AUS")
    <Answer materials JPN AUS: materials (...>
    """
    from suasion.measures import material_shares

    found = material_shares(a, b, groups=_groups(groups))
    pair = found.a, found.b
    asked: dict[str, Value] = {"a": Country(pair[0]), "b": Country(pair[1])}
    frame = found.table.assign(material=found.table["group"].map(GROUPS))
    sides = (("materials-sold", *pair), ("materials-bought", *pair[::-1]))
    flows = [(key, frame[(frame["seller"] == one) & (frame["buyer"] == two)]) for key, one, two in sides]
    flows = [(key, part) for key, part in flows if (part["value"] > 0).any()]
    if not flows:
        return Answer("materials", asked, absent=Finding("materials.none", asked), sources=SOURCES)
    return Answer(
        "materials",
        asked,
        tuple(one for _, part in flows for one in moved_share(part)),
        (latest_table(frame, pair), *(flow_table(key, part) for key, part in flows)),
        sources=SOURCES,
        result=found,
    )


def _groups(names: Sequence[str]) -> dict[str, Sequence[str]]:
    """Codes of the named groups; of all without names."""
    from suasion.measures import COMMODITIES
    from suasion.sources.materials import material_products
    from suasion.sources.spoken import why_outside

    known = {GROUPS[group]: group for group in COMMODITIES}
    unknown = [name for name in names if name not in known]
    if unknown:
        codes = frozenset(map(str, material_products()["product"]))
        why = why_outside(unknown[0], codes)
        raise InputError(f"There is no group of materials {unknown[0]!r}; there are {', '.join(known)}.{why}")
    return {known[name]: COMMODITIES[known[name]] for name in names or known}


def latest_table(frame: pd.DataFrame, pair: tuple[str, str]) -> Table:
    """The last year with any trade, both ways."""
    traded = frame[frame["value"] > 0]
    last = traded[traded["year"] == traded["year"].max()]
    last = last.assign(second=last["seller"] != pair[0]).sort_values(
        ["second", "value"], ascending=[True, False]
    )
    return Table.of(
        "materials",
        "seller buyer material year export_share=seller_share import_share=buyer_share value_musd=value",
        last,
        axes="seller material",
        values={"year": int(traded["year"].max())},
        brief="seller buyer material export_share import_share value_musd",
    )


def flow_table(key: str, part: pd.DataFrame) -> Table:
    """Shares of one direction, the groups with most trade first."""
    import pandas as pd

    sizes = part.groupby("material", sort=False)["value"].sum().sort_values(ascending=False, kind="stable")
    traded = [name for name, value in sizes.items() if value > 0]
    part = part[part["material"].isin(traded)]
    long = pd.concat(part.assign(trade_share_of=side, trade_share=part[name]) for side, name in SIDES.items())
    order = {name: place for place, name in enumerate(traded)}
    long = long.assign(rank=long["material"].map(order)).sort_values(
        ["rank", "trade_share_of", "year"], kind="stable"
    )
    first = long.iloc[0]
    return Table.of(
        key,
        "seller buyer material year trade_share_of trade_share value_musd=value",
        long,
        axes="material year trade_share_of",
        picture=Picture("lines", "year", "trade_share", series="trade_share_of", panel="material"),
        values={"seller": Country(first["seller"]), "buyer": Country(first["buyer"])},
        notes=(Finding("materials.scope"), Finding("materials.gas")),
    )


def moved_share(part: pd.DataFrame) -> Iterator[Finding]:
    """Movement of the buyer's share in what the seller exports of the group that weighed most at either end."""
    known = part.dropna(subset=["seller_share"])
    ends = [_ends(rows) for name, rows in known.groupby("material", sort=False) if name != "all"]
    if not ends:
        return
    last_of = max(ends, key=lambda rows: float(rows["value"].max()))
    first, last = last_of.iloc[0], last_of.iloc[1]
    shares = [Quantity(float(row["seller_share"]), "probability") for row in (first, last)]
    sizes = [one.value or 0.0 for one in shares]
    if first["year"] == last["year"] or last_of["value"].max() < LEAST_MUSD or max(sizes) < LEAST_SHARE:
        return
    values: dict[str, Value] = {
        "seller": Country(last["seller"]),
        "buyer": Country(last["buyer"]),
        "material": Word("material", str(last["material"])),
        "before": shares[0],
        "after": shares[1],
        "first": int(first["year"]),
        "last": int(last["year"]),
    }
    still = abs(sizes[1] - sizes[0]) < MOVED
    compared = None if still else Comparison(shares[1], shares[0])
    yield Finding("materials.still" if still else "materials.moved", values, compared, weight=USUAL + 0.2)


def _ends(rows: pd.DataFrame) -> pd.DataFrame:
    """The last year, and the year from which its movement is told."""
    rows = rows.sort_values("year")
    start = rows[rows["year"] >= rows["year"].iloc[-1] - SPAN].iloc[[0]]
    return rows.loc[[start.index[0], rows.index[-1]]]
