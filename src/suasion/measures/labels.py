"""Finding countries and sectors of a world, grouping sectors into goods and services, and tariffs by pair."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from suasion.errors import InputError, NotInWorldError, SameCountryError, expect
from suasion.sources.countries import resolve_country
from suasion.types import FloatArray
from suasion.world import World
from suasion.world.applied import HOME, KINDS, applied_tariffs

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


Sides = tuple[Sequence[str], Sequence[str]]
LEVIED = ("tariff_percent", "tariff_percent_low", "tariff_percent_high", "tariff_record", "tariff_vintage")


def mean_tariffs(world: World, sides: Iterable[Sides]) -> pd.DataFrame:
    """Return the mean applied tariff of importers on the goods of exporters, weighted by the trade of a world.

    Parameters
    ----------
    world : World
        Before tariffs; with the industries of the embedded tables.
    sides : iterable of (importers, exporters)
        Codes of economies in the world.

    Returns
    -------
    DataFrame
        One row a pair of sides: ``tariff_percent`` with its 90 % band, in which the rates of all cells move together;
        ``tariff_record`` (of :data:`suasion.world.applied.KINDS`) of most of the trade, and ``tariff_vintage``, the
        earliest year of the figures behind it. All are missing where no goods are traded.

    Raises
    ------
    InputError
        If the world has other industries.
    """
    found = applied_tariffs(world)
    crosses = found.kind > HOME
    flow = np.where(crosses, world.array("intermediate") + world.array("final"), 0.0)
    place = {code: at for at, code in enumerate(world.countries)}
    rows: list[tuple[object, ...]] = []
    for importers, exporters in sides:
        here = np.ix_([place[one] for one in importers], [place[one] for one in exporters])
        weight = flow[here]
        if not weight.sum() > 0.0:
            rows.append((np.nan, np.nan, np.nan, None, np.nan))
            continue
        kinds = np.bincount(found.kind[here].ravel(), weight.ravel(), len(KINDS))
        means = (_mean(values[here], weight) for values in (found.rates, found.low, found.high))
        rows.append((*means, KINDS[int(kinds.argmax())], float(found.vintage[here].min())))
    return pd.DataFrame(rows, columns=list(LEVIED))


def _mean(rates: FloatArray, weight: FloatArray) -> float:
    return float(100.0 * (rates * weight).sum() / weight.sum())
