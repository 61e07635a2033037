"""Country numbers of CEPII's BACI, with the years in which each stands for a reporter.

BACI numbers countries as the trade statistics of the United Nations do. Most numbers are those of ISO 3166
(M49); the rest are customs territories that differ from a state, or states that no longer exist. The dates are
those that BACI's own country list prints beside the names, such as "Serbia and Montenegro (...2005)".
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from suasion.sources.countries import country_name
from suasion.sources.embedded import load_csv

ALWAYS = (0, 9999)

SPECIAL: tuple[tuple[int, str, str, int, int], ...] = (
    (56, "BEL", "Belgium", 1999, 9999),
    (58, "BLX", "Belgium and Luxembourg", 0, 1998),
    (200, "CSK", "Czechoslovakia", 0, 1992),
    (251, "FRA", "France and Monaco", 0, 9999),
    (278, "DDR", "East Germany", 0, 1990),
    (280, "DEU", "West Germany", 0, 1990),
    (442, "LUX", "Luxembourg", 1999, 9999),
    (490, "TWN", "Other Asia, not specified (in practice Taiwan)", 0, 9999),
    (530, "ANT", "Netherlands Antilles", 0, 2010),
    (579, "NOR", "Norway, Svalbard and Jan Mayen", 0, 9999),
    (697, "R20", "Europe EFTA, not specified", 0, 9999),
    (699, "IND", "India", 0, 9999),
    (711, "ZA1", "Southern African Customs Union", 0, 1999),
    (736, "SDN", "Sudan with South Sudan", 0, 2011),
    (757, "CHE", "Switzerland and Liechtenstein", 0, 9999),
    (810, "SUN", "Soviet Union", 0, 1991),
    (842, "USA", "United States with Puerto Rico and US Virgin Islands", 0, 9999),
    (849, "PUS", "US miscellaneous Pacific islands", 0, 9999),
    (890, "YUG", "Yugoslavia", 0, 1991),
    (891, "SCG", "Serbia and Montenegro", 0, 2005),
)
"""Number, code, name, first and last year of what differs from the plain ISO list."""


def baci_countries() -> pd.DataFrame:
    """Return the country numbers of BACI.

    Returns: ``number`` (int), ``country`` (ISO 3166 alpha-3, or a code of BACI's own such as ``BLX``),
      ``name``, ``first_year`` and ``last_year`` (0 and 9999 where open). One row a number; a code may have
      several (West Germany and Germany are both DEU).
    """
    return _countries().copy()


@cache
def _countries() -> pd.DataFrame:
    plain = load_csv("countries.csv", text=("iso2", "m49", "iso3", "fips")).dropna(subset=["m49"])
    special = {row[0] for row in SPECIAL}
    rows = [
        (int(number), str(code), country_name(str(code)), *ALWAYS)
        for number, code in zip(plain["m49"], plain["iso3"], strict=True)
        if int(number) not in special
    ]
    table = pd.DataFrame([*rows, *SPECIAL], columns=["number", "country", "name", "first_year", "last_year"])
    return table.sort_values("number", ignore_index=True)


def number_of() -> dict[str, int]:
    """Return the number in use today of each code; the last one where a code has several."""
    table = _countries().sort_values(["last_year", "first_year", "number"], kind="stable")
    found = dict(zip(table["country"], table["number"].astype(int), strict=True))
    # Numbers of the trade statistics win over the plain ISO number of the same state.
    found.update({code: number for number, code, _, _, last in SPECIAL if last == ALWAYS[1]})
    return found
