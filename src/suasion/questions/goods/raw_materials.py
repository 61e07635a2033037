"""Which raw materials come from few hands, who supplies one, and who could step in if a supplier stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from suasion.answers import (
    MAIN,
    USUAL,
    Answer,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
    Word,
)
from suasion.questions.question import question

if TYPE_CHECKING:
    import pandas as pd

    from suasion.measures.raw_materials import MaterialSupply

BURNT = ("coal", "lignite", "crude oil", "natural gas")
"""Groups of goods that are burnt: of others something is made that is no raw material."""
NOTES = tuple(Finding(f"raw_materials.note.{what}") for what in ("values", "replacement", "gas"))


@question
def raw_materials(*, good: str = "", buyer: str = "", stops: str = "", search: str = "") -> Answer:
    """Which raw materials come from few hands; of one, who supplies it and who could step in.

    Parameters
    ----------
    good : str
        HS 1992 code of six digits, such as 260600 for bauxite; a list of all without it.
    buyer : str
        State or group whose imports count: ISO code or English name; the world without it.
    stops : str
        State or group assumed to stop: ISO code or English name; the largest without it.
    search : str
        For the list: part of a name, a group or a code.

    Returns
    -------
    Answer
        Table ``raw-material-list``; with ``good`` the tables ``replacements``, ``raw-material-suppliers`` and
        ``raw-material-buyers``.

    Examples
    --------
    >>> su.raw_materials(good="283691", buyer="JPN")
    <Answer raw_materials lithium carbonate 283691 2024 JPN CHL: replacements (...>
    """
    from suasion.measures.raw_materials import YEAR, concentrated_materials, material_supply, same_group
    from suasion.questions.posed import code_or_group

    sources = (Source("raw_materials.source", "BACI", YEAR),)
    whose, who = (code_or_group(name) if name.strip() else "" for name in (buyer, stops))
    if not good:
        found = concentrated_materials(search)
        return Answer(
            "raw_materials",
            {"search": search},
            (_few(found),),
            (_list(found),),
            sources=sources,
            result=found,
        )
    made = material_supply(good, whose, who)
    asked: dict[str, Value] = {
        "case": _case(made, whose),
        "good": _inside(made.name),
        "hs": good,
        "year": YEAR,
    }
    asked |= {key: Country(code) for key, code in (("buyer", whose), ("seller", made.stops)) if code}
    return Answer(
        "raw_materials",
        asked,
        (
            *_findings(made, asked, "buyer" if whose else "world"),
            *_same(same_group(good, whose, made.stops), made.group, asked, "buyer" if whose else "world"),
        ),
        tuple(_tables(made, asked)),
        sources=sources,
        result=made,
    )


def _inside(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"


def _few(found: pd.DataFrame) -> Finding:
    if found.empty:
        return Finding("raw_materials.nothing_found", weight=MAIN)
    first = found.iloc[0]
    return Finding(
        "raw_materials.few",
        {
            "count": len(found),
            "good": _inside(first["name"]),
            "seller": Country(first["top"]),
            "share": Quantity(float(first["share"]), "probability"),
        },
        weight=MAIN,
    )


def _list(found: pd.DataFrame) -> Table:
    return Table.of(
        "raw-material-list",
        "hs=product good=name group supplier=top export_share=share equal_suppliers=suppliers value_musd=value",
        found,
        axes="hs",
        picture=Picture("ranges", "export_share", "good"),
    )


def _case(made: MaterialSupply, buyer: str) -> Word:
    case = "who_supplies" if not made.stops else "who_could_to" if buyer else "who_could"
    return Word("raw_materials", case)


def _findings(made: MaterialSupply, asked: dict[str, Value], whose: str) -> Iterator[Finding]:
    """What the supplier supplies, and what the largest others sell elsewhere."""
    if made.gap is None:
        yield Finding(f"raw_materials.no_import.{whose}", asked, weight=MAIN)
    elif made.gap <= 0.0:
        yield Finding(f"raw_materials.sells_none.{whose}", asked, weight=MAIN)
    else:
        share = Quantity(made.gap / made.total, "probability")
        usd = Quantity(made.gap, "musd")
        yield Finding(f"raw_materials.supplies.{whose}", {**asked, "share": share, "usd": usd}, weight=MAIN)
        yield _filled(made, made.gap, whose == "world")


def _same(
    found: Mapping[str, MaterialSupply], group: str, asked: dict[str, Value], whose: str
) -> Iterator[Finding]:
    """What is supplied of the other goods of its group, and that what is made of them is not on record."""
    for one in found.values():
        if one.gap:
            share, usd = Quantity(one.gap / one.total, "probability"), Quantity(one.gap, "musd")
            values = {**asked, "good": _inside(one.name), "share": share, "usd": usd}
            yield Finding(f"raw_materials.same.{whose}", values, weight=USUAL - 0.5)
    if group not in BURNT:
        yield Finding("raw_materials.made_of_it", weight=USUAL - 0.2)


def _filled(made: MaterialSupply, gap: float, world: bool) -> Finding:
    sold = float(made.elsewhere["value"].sum())
    if not sold:
        return Finding("raw_materials.no_other")
    values: dict[str, Value] = {"count": len(made.elsewhere), "usd": Quantity(sold, "musd")}
    if world:
        return Finding(
            "raw_materials.would_sell", values | {"share": Quantity(100.0 * gap / sold, "percent")}
        )
    if sold >= gap:
        return Finding("raw_materials.sell_times", values | {"times": Quantity(sold / gap, "ratio")})
    return Finding(
        "raw_materials.sell_part", values | {"share": Quantity(sold / gap, "probability")}, weight=USUAL
    )


def _parts(made: MaterialSupply) -> dict[str, pd.Series]:
    """Parts of the gap in per cent, with their ranges."""
    return {f"part_percent{end}": 100.0 * made.elsewhere[f"part{end}"] for end in ("", "_low", "_high")}


def _tables(made: MaterialSupply, asked: dict[str, Value]) -> Iterator[Table]:
    from suasion.measures.raw_materials import stability

    def stable(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(political_stability=frame["country"].map(stability()))

    yield Table.of(
        "replacements",
        "country part_percent elsewhere_musd=value gap_percent already_share=already political_stability",
        stable(made.elsewhere).assign(gap_percent=100.0 * made.elsewhere["cover"], **_parts(made)),
        axes="country",
        picture=Picture("ranges", "part_percent", "country"),
        values=asked,
        notes=NOTES,
    )
    for key, frame in (("raw-material-suppliers", made.suppliers), ("raw-material-buyers", made.buyers)):
        yield Table.of(
            key,
            "country trade_share=share value_musd=value political_stability",
            stable(frame),
            axes="country",
            picture=Picture("ranges", "trade_share", "country"),
            values=asked,
        )
