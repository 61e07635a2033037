"""Finding countries and sectors of a world, and grouping sectors into goods and services."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from suasion.errors import InputError, NotInWorldError, SameCountryError, expect
from suasion.sources.countries import resolve_country
from suasion.world import World

Groups = Mapping[str, Sequence[str]]

GOODS = "ABCDE"
"""ISIC revision 4 sections counted as goods; all later ones, construction (F) included, are services."""

UTILITIES: Literal["energy and water supply"] = "energy and water supply"
_GROUP_OF_SECTION = {
    "A": "agriculture",
    "B": "mining",
    "C": "manufacturing",
    "D": UTILITIES,
    "E": UTILITIES,
}
_ISIC = re.compile(r"[A-U](\d.*)?")


def find_country(text: str, world: World) -> str:
    """Return the label of a country in a world.

    text: a label of the world, or any code or name that :func:`suasion.sources.countries.resolve_country`
      knows.
    world: the world to look in.
    Raises NotInWorldError if the country exists but the world's table does not have it; the message says what
      remains.
    Raises UnknownCountryError, AmbiguousCountryError if the text names no country, or several.
    """
    expect(world, World, "world", "It comes after the countries: dependence(a, b, world).")
    if text in world.countries:
        return text
    code = resolve_country(text)
    if code in world.countries:
        return code
    rest = "; it is part of the rest of the world (ROW)" if "ROW" in world.countries else ""
    raise NotInWorldError(
        f"{code} is not one of the {len(world.countries)} economies of this world ({world.year}){rest}. "
        "Shares by sector, look-through exposure and exit costs need that table. What remains: trade in raw "
        f"materials with any partner (`material_shares({code!r}, partner)`) and published partner shares "
        f"(`partner_shares({code!r})`)."
    )


def find_pair(a: str, b: str, world: World) -> tuple[str, str]:
    """Return the labels of two different countries of a world.

    Raises SameCountryError if both name the same country.
    Raises NotInWorldError, UnknownCountryError, AmbiguousCountryError: As for :func:`find_country`.
    """
    first, second = find_country(a, world), find_country(b, world)
    if first == second:
        raise SameCountryError(f"{a!r} and {b!r} are the same country ({first}). Name two different ones.")
    return first, second


def sector_groups(sectors: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Group sectors whose codes begin with a section letter of ISIC revision 4.

    sectors: sector codes, for instance ``("A01", "B05", "C10T12", "K")``.
    Returns: ``goods`` (sections A to E), ``services`` (F to U), and the parts of goods: agriculture, mining,
      manufacturing, energy and water supply. Empty if any code is of another kind: a wrong guess would be
      worse.
    """
    if not all(_ISIC.fullmatch(code) for code in sectors):
        return {}
    groups: dict[str, list[str]] = {"goods": [], "services": []}
    for code in sectors:
        groups["goods" if code[0] in GOODS else "services"].append(code)
    for code in groups["goods"]:
        groups.setdefault(_GROUP_OF_SECTION[code[0]], []).append(code)
    return {name: tuple(members) for name, members in groups.items() if members}


def check_groups(groups: Groups, sectors: Sequence[str]) -> None:
    """Raise unless every member of every group is a sector, named once within its group.

    Raises InputError if a group has a member that is no sector, or names one twice.
    """
    for name, members in groups.items():
        unknown = [code for code in members if code not in sectors]
        if unknown:
            raise InputError(f"Group {name!r} names {', '.join(unknown[:5])}, not among the world's sectors.")
        if len(set(members)) < len(members):
            raise InputError(f"Group {name!r} names a sector twice; it would be counted twice.")
