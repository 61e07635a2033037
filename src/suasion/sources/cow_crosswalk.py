"""Codes of the Correlates of War project, with the dates between which each state existed.

``cow_states.rda`` lists spells of membership in the international system, 1816 to 2016. One alpha-3 code can
stand for several codes in turn (Germany: 255 to 1945, 260 from 1955 to 1990, 255 again), so the year decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from suasion.errors import AmbiguousCountryError, InputError, SourceFileError, UnknownCountryError
from suasion.sources.countries import resolve_country
from suasion.sources.rfiles import find_file, read_r

CITATION = "Correlates of War Project, State System Membership, correlatesofwar.org"
SPECIAL: dict[int, str] = {
    240: "HAN",
    245: "BAV",
    260: "DEU",
    265: "DDR",
    267: "BAD",
    269: "SAX",
    271: "WRT",
    273: "HSE",
    275: "HSG",
    280: "MEC",
    300: "AUH",
    315: "CSK",
    316: "CZE",
    327: "PAP",
    329: "SIC",
    332: "MOD",
    335: "PMA",
    337: "TUS",
    343: "MKD",
    345: "YUG",
    347: "XKX",
    484: "COG",
    490: "COD",
    511: "EAZ",
    678: "YEM",
    680: "YMD",
    730: "KOR",
    732: "KOR",
    817: "VDR",
    987: "FSM",
}
"""Codes of states whose names ISO 3166 does not list. Those that ended before 1945 keep the project's own letters."""

_READR = (
    "collector_character",
    "collector_double",
    "collector_guess",
    "collector",
    "col_spec",
    "spec_tbl_df",
)
"""Traces that R's reader of text leaves in a table."""

SERBIA_FROM = 2006
"""First year in which the project's "Yugoslavia" (345) is Serbia alone."""


@dataclass(frozen=True, slots=True)
class CowCrosswalk:
    """Correlates of War codes and ours, by year.

    Attributes
    ----------
    spells : DataFrame
        ``cow``, ``country``, ``name``, ``start``, ``end`` (years, both inside), one row a spell.
    last_year : int
        Year to which the list was kept. A state that existed then is taken to exist later too.
    """

    spells: pd.DataFrame
    last_year: int

    def country(self, cow: int, year: int) -> str:
        """Our code of a Correlates of War code in a year.

        Raises
        ------
        UnknownCountryError
            If there is no such code, or no such state in that year; the message gives its years.
        """
        rows = self._in_year(year)
        hit = rows[rows["cow"] == cow]
        if len(hit):
            return "SRB" if cow == 345 and year >= SERBIA_FROM else str(hit["country"].iloc[0])
        known = self.spells[self.spells["cow"] == cow]
        if known.empty:
            raise UnknownCountryError(f"There is no Correlates of War code {cow}.")
        raise UnknownCountryError(
            f"Code {cow} ({known['name'].iloc[0]}) is no state in {year}: {_years(known)}."
        )

    def cow(self, country: str, year: int) -> int:
        """Correlates of War code of a country in a year.

        Raises
        ------
        UnknownCountryError
            If the country was no state in that year; the message gives its years.
        AmbiguousCountryError
            If two states carry the code in that year.
        """
        code = country if country in set(self.spells["country"]) else resolve_country(country)
        wanted = "YUG" if code == "SRB" and year >= SERBIA_FROM else code
        rows = self._in_year(year)
        hit = rows.loc[rows["country"] == wanted, "cow"].unique()
        if len(hit) > 1:
            # Unification falls in the middle of the year: the state that goes on counts.
            rows = rows[(rows["country"] == wanted) & (rows["end"] > year)]
            hit = rows["cow"].unique()
        if len(hit) > 1:
            raise AmbiguousCountryError(
                f"{code} has codes {', '.join(map(str, hit))} in {year}. Give one of them."
            )
        if len(hit):
            return int(hit[0])
        known = self.spells[self.spells["country"] == wanted]
        raise UnknownCountryError(f"{code} is no state of the list in {year}: {_years(known) or 'never'}.")

    def _in_year(self, year: int) -> pd.DataFrame:
        if year < 1816:
            raise InputError(f"The list of states begins in 1816; there is no {year}.")
        inside = min(year, self.last_year)
        return self.spells[(self.spells["start"] <= inside) & (self.spells["end"] >= inside)]


def read_cow_crosswalk(path: str | Path) -> CowCrosswalk:
    """Read the list of states.

    Parameters
    ----------
    path : path
        The file ``cow_states.rda``, or its folder.

    Returns
    -------
    CowCrosswalk

    Raises
    ------
    SourceFileError
        If the file is absent, another one, or names a state that is not known.
    """
    file = find_file(path, "cow_states.rda", ("peacesciencer",))
    table = read_r(file, plain_classes=_READR).get("cow_states")
    if table is None or not {"ccode", "statenme", "styear", "endyear"} <= set(table):
        raise SourceFileError(f"{file} does not hold `cow_states`. Get it from correlatesofwar.org.")
    table = pd.DataFrame(table)
    cow = table["ccode"].astype(int)
    spells = pd.DataFrame(
        {
            "cow": cow.to_numpy(),
            "country": [_code(file, c, str(n)) for c, n in zip(cow, table["statenme"], strict=True)],
            "name": table["statenme"].astype(str).to_numpy(),
            "start": table["styear"].astype(int).to_numpy(),
            "end": table["endyear"].astype(int).to_numpy(),
        }
    )
    return CowCrosswalk(spells, int(spells["end"].max()))


def _code(file: Path, cow: int, name: str) -> str:
    if cow in SPECIAL:
        return SPECIAL[cow]
    try:
        return resolve_country(name.replace("St. ", "Saint ").replace("&", "and"))
    except UnknownCountryError as error:
        raise SourceFileError(f"{file} names a state {name!r} ({cow}) that is not known. {error}") from error


def _years(spells: pd.DataFrame) -> str:
    return ", ".join(f"{r.start} to {r.end}" for r in spells.itertuples())
