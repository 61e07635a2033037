"""Industries and materials as people say them: the finest cell of the tables that holds each."""

from __future__ import annotations

from collections.abc import Mapping

INDUSTRIES: Mapping[str, tuple[str, ...]] = {
    "aircraft": ("C302T309", "C30"),
    "aluminium": ("C24B", "C24"),
    "aluminum": ("C24B", "C24"),
    "arms": ("C302T309", "C30"),
    "banking": ("K",),
    "banks": ("K",),
    "batteries": ("C27",),
    "cars": ("C29",),
    "chemicals": ("C20",),
    "chips": ("C26",),
    "clothes": ("C13T15",),
    "clothing": ("C13T15",),
    "coal": ("B05", "B05_06", "B05T06"),
    "computers": ("C26",),
    "copper": ("C24B", "C24"),
    "crude oil": ("B06", "B05_06", "B05T06"),
    "drugs": ("C21",),
    "electricity": ("D",),
    "electronics": ("C26",),
    "farming": ("A01", "A01_02"),
    "fertiliser": ("C20",),
    "fertilisers": ("C20",),
    "fertilizer": ("C20",),
    "fish": ("A03",),
    "food": ("C10T12",),
    "gas": ("B06", "B05_06", "B05T06"),
    "grain": ("A01", "A01_02"),
    "machinery": ("C28",),
    "machines": ("C28",),
    "medicines": ("C21",),
    "natural gas": ("B06", "B05_06", "B05T06"),
    "oil": ("B06", "B05_06", "B05T06"),
    "ores": ("B07", "B07_08"),
    "pharmaceuticals": ("C21",),
    "phones": ("C26",),
    "refined oil": ("C19",),
    "semiconductors": ("C26",),
    "shipbuilding": ("C301", "C30"),
    "ships": ("C301", "C30"),
    "shipping": ("H50",),
    "software": ("J62_63",),
    "solar panels": ("C26",),
    "soybeans": ("A01", "A01_02"),
    "steel": ("C24A", "C24"),
    "telecoms": ("J61",),
    "textiles": ("C13T15",),
    "tourism": ("I",),
    "vehicles": ("C29",),
    "wheat": ("A01", "A01_02"),
    "wood": ("C16",),
}
"""Word to the codes of the cell that holds it, the finest first; tables differ in how fine they are."""

OUTSIDE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "antimony": ("its ores are there, its metal is not", ("261710",)),
    "gallium": (
        "trade statistics count it with indium, niobium, rhenium and others (HS 8112.92)",
        ("811230",),
    ),
    "indium": (
        "trade statistics count it with gallium, niobium, rhenium and others (HS 8112.92)",
        ("811230",),
    ),
    "rhenium": (
        "trade statistics count it with gallium, indium, niobium and others (HS 8112.92)",
        ("811230",),
    ),
    "silicon carbide": ("it is a chemical, and the embedded table has raw materials", ("280480",)),
    "uranium": ("the embedded table has ores and metals of other kinds", ("261210",)),
}
"""Material that people ask for and no product of the embedded table is: why, and the products nearest to it."""


def industry_codes(word: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sector of a world that holds what is called by a word; empty where none is known.

    Parameters
    ----------
    word : as people say it, in any case, singular or plural
    known : codes of the world

    Examples
    --------
    >>> industry_codes("Semiconductors", ("B06", "C26"))
    ('C26',)
    """
    plain = " ".join(word.casefold().split())
    codes = INDUSTRIES.get(plain) or INDUSTRIES.get(f"{plain}s") or ()
    return next(((code,) for code in codes if code in known), ())


def why_outside(material: str, known: frozenset[str]) -> str:
    """Return why a material is not among the embedded ones, and what is nearest; empty where nothing is known of it.

    material: as people say it.
    known: codes of the embedded products.
    """
    why, codes = OUTSIDE.get(" ".join(material.casefold().split()), ("", ()))
    there = [code for code in codes if code in known]
    near = f" Nearest is {', '.join(there)}." if there else ""
    name = material.strip().capitalize()
    return f" {name} is not among the {len(known)} raw materials: {why}.{near}" if why else ""
