"""Codes of the Correlates of War project, with the dates between which each state existed.

``cow_states.rda`` lists spells of membership in the international system, 1816 to 2016. One alpha-3 code can
stand for several codes in turn (Germany: 255 to 1945, 260 from 1955 to 1990, 255 again), so the year decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from suasion.errors import AmbiguousCountryError, DataError, InputError, SourceFileError, UnknownCountryError
from suasion.schema.typed_file import unique_rows
from suasion.sources.countries import resolve_country
from suasion.sources.ir_files import day_of, layout, locate, read_layout

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

LAYOUT = layout("states")

SERBIA_FROM = 2006
"""First year in which the project's "Yugoslavia" (345) is Serbia alone."""


@dataclass(frozen=True, slots=True)
class CowCrosswalk:
    """Correlates of War codes and ours, by year.

    spells: ``cow``, ``country``, ``name``, ``start``, ``end`` (years, both inside), and where the file was
      read ``first`` and ``last`` (dates, both inside); one row a spell.
    last_year: year to which the list was kept. A state that existed then is taken to exist later too.
    """

    spells: pd.DataFrame
    last_year: int

    def country(self, cow: int, year: int) -> str:
        """Our code of a Correlates of War code in a year.

        Raises UnknownCountryError if there is no such code, or no such state in that year; the message gives
          its years.
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

        Raises UnknownCountryError if the country was no state in that year; the message gives its years.
        Raises AmbiguousCountryError if two states carry the code in that year.
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

    path: ``cow_states.rda``, the project's CSV of the same columns, or a folder.
    Raises SourceFileError if the file is absent, another one, or names a state that is not known.
    Raises DataError if a spell has a day that is none, ends before it begins, or overlaps another one of the
      state.
    Raises DuplicateLabelError if two spells of a state begin on one day.
    """
    file = locate(path, LAYOUT.names)
    table = read_layout(file, LAYOUT)
    spells = pd.DataFrame(
        {
            "cow": table["cow"],
            "country": [_code(file, c, str(n)) for c, n in zip(table["cow"], table["name"], strict=True)],
            "name": table["name"].astype(str),
            "start": table["start"],
            "end": table["end"],
            "first": day_of(table, "start", "start_month", "start_day", str(file)),
            "last": day_of(table, "end", "end_month", "end_day", str(file)),
        }
    )
    if (back := spells["last"] < spells["first"]).any():
        odd = spells[back].iloc[0]
        raise DataError(
            f"{file}: the spell of {odd['name']} ({odd['cow']}) ends in {odd['end']}, before it begins in "
            f"{odd['start']}. Mend the row."
        )
    refuse_overlap(spells)
    return CowCrosswalk(spells, int(spells["end"].max()))


def refuse_overlap(spells: pd.DataFrame) -> pd.DataFrame:
    """Refuse spells of one state that overlap, and return all of them by state and date.

    spells: ``cow``, ``name``, ``first``, ``last`` (dates, both inside).
    Returns: The same rows, sorted.
    Raises DuplicateLabelError if two spells of a state begin on one day.
    Raises DataError if two spells of a state overlap.
    """
    ordered = unique_rows(spells.sort_values(["cow", "first"]), ("cow", "first"), "The list of states")
    follows = ordered["cow"].shift(-1) == ordered["cow"]
    overlap = ordered[follows & (ordered["first"].shift(-1) <= ordered["last"])]
    if len(overlap):
        row = overlap.iloc[0]
        raise DataError(
            f"Two spells of state {row['cow']} ({row['name']}) overlap on {row['last']:%Y-%m-%d}. Mend the list."
        )
    return ordered


def _code(file: Path, cow: int, name: str) -> str:
    if cow in SPECIAL:
        return SPECIAL[cow]
    try:
        return resolve_country(name.replace("St. ", "Saint ").replace("&", "and"))
    except UnknownCountryError as error:
        raise SourceFileError(f"{file} names a state {name!r} ({cow}) that is not known. {error}") from error


def _years(spells: pd.DataFrame) -> str:
    return ", ".join(f"{r.start} to {r.end}" for r in spells.itertuples())
