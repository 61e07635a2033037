"""Tables of US tariffs that others keep up to date, as scenarios: one day of them, by partner.

Two layouts are read: that of the repository trade-war-redux-2025 of tradewartracker (``country-by-time.csv``: what
was added since 2024, in per cent) and that of tariff-rate-tracker of the Budget Lab at Yale (``etr_by_partner.csv``:
rates by eight partners, as fractions).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from suasion.equilibrium import Scenario, Tariff
from suasion.errors import InputError, SourceFileError, UnknownCountryError
from suasion.sources.countries import resolve_country
from suasion.sources.groups import expand
from suasion.world import World

GOODS = ("A", "B", "C")
PARTNERS = {"eu": "EU", "uk": "GBR", "row": "all", "european union": "EU", "korea, south": "KOR"}
"""Names of partners that are not those of states; ``row`` is everybody who is not named."""
LAYOUTS: Mapping[str, tuple[str, str, float]] = {
    "country-by-time": ("country_name", "effective tariff", 0.01),
    "etr_by_partner": ("partner", "etr", 1.0),
}
"""Columns of the partner and of the rate, and what makes a fraction of the rate."""


def read_tariff_table(path: str | Path) -> pd.DataFrame:
    """Read a table of US tariffs by partner and day.

    Parameters
    ----------
    path : path
        ``country-by-time.csv`` or ``etr_by_partner.csv``.

    Returns
    -------
    DataFrame
        ``date`` (day), ``partner`` (code, group, or "all" for those who are not named), ``rate`` (fraction). Partners
        that are no state or group are left out.

    Raises
    ------
    SourceFileError
        It is absent, or of another layout.
    """
    file = Path(path)
    try:
        raw = pd.read_csv(file)
    except (OSError, pd.errors.ParserError, UnicodeDecodeError) as error:
        raise SourceFileError(f"{file} cannot be read: {error}. Give the CSV as downloaded.") from error
    for partner, rate, scale in LAYOUTS.values():
        if {"date", partner, rate} <= set(raw.columns):
            table = pd.DataFrame(
                {
                    "date": pd.to_datetime(raw["date"]).dt.date,
                    "partner": raw[partner].map(_code),
                    "rate": scale * raw[rate],
                }
            )
            return table.dropna().sort_values("date", kind="stable", ignore_index=True)
    known = " or ".join(f"{name}.csv (date, {p}, {r})" for name, (p, r, _) in LAYOUTS.items())
    raise SourceFileError(f"{file} has columns {', '.join(raw.columns)}; give {known}.")


def tariff_scenario(path: str | Path, day: str | date, world: World) -> Scenario:
    """Return the tariffs of one day as a scenario: the last row of each partner up to it.

    Parameters
    ----------
    path : path
        As for :func:`read_tariff_table`.
    day : str or date
        As 2025-04-09.
    world : World
        Partners that it does not hold are left out.

    Raises
    ------
    SourceFileError
        The table cannot be read.
    InputError
        It is no day, or the table begins later.
    """
    try:
        when = day if isinstance(day, date) else date.fromisoformat(day)
    except ValueError as error:
        raise InputError(f"The day is {day!r}; give one as 2025-04-09.") from error
    table = read_tariff_table(path)
    past = table[table["date"] <= when]
    if past.empty:
        raise InputError(f"The table begins on {table['date'].min()}, after {when}; give a later day.")
    rates = past.groupby("partner", sort=True)["rate"].last()
    held = [one for one in sorted(rates.index, key=lambda one: one != "all") if _held(one, world, when.year)]
    tariffs = [Tariff("USA", one, float(rates[one]), GOODS, mode="set") for one in held]
    return Scenario(f"US tariffs of {when}", tariffs, year=when.year)


def _held(partner: str, world: World, year: int) -> bool:
    return partner == "all" or bool(set(expand([partner], year)) & set(world.countries))


def _code(name: str) -> str | None:
    known = PARTNERS.get(str(name).lower())
    if known is not None:
        return known
    try:
        return resolve_country(str(name).title())
    except UnknownCountryError:
        return None
