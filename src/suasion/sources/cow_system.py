"""Who was a state when, and our country codes beside those of the Correlates of War project.

Two states share a year only if there is a day on which both were members of the system: Germany (255) and the German
Federal Republic (260) both have the year 1990, but never met. The list ends in 2016; whoever was a member then is taken
to be one later, and tables say that this was done.

``cow_states.rda`` lists spells of membership in the international system, 1816 to 2016. One alpha-3 code can
stand for several codes in turn (Germany: 255 to 1945, 260 from 1955 to 1990, 255 again), so the year decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import AmbiguousCountryError, DataError, InputError, SourceFileError, UnknownCountryError
from suasion.schema.typed_file import unique_rows
from suasion.sources.countries import resolve_country
from suasion.sources.ir_files import Layout, day_of, layout, locate, read_layout
from suasion.types import IntArray

CodeArray = npt.NDArray[np.object_]

MAJORS = layout("majors")


def read_majors(path: str | Path) -> pd.DataFrame:
    """Read which states were major powers, with dates.

    path: ``cow_majors.rda``, the project's CSV of the same columns, or a folder.
    Returns: ``cow``, ``first``, ``last`` (dates, both inside), one row a spell.
    Raises SourceFileError if the file is absent or another one.
    Raises DataError if a spell has a day that is none.
    """
    table = read_layout(path, MAJORS)
    first, last = (
        day_of(table, f"{side}_year", f"{side}_month", f"{side}_day", "The list of major powers")
        for side in ("start", "end")
    )
    return pd.DataFrame({"cow": table["cow"], "first": first, "last": last})


def years_of(first: IntArray, last: IntArray) -> tuple[IntArray, IntArray]:
    """Take spells apart: the place of a spell and a year of it, for every year from its first to its last.

    first, last: (K,); a spell that ends before it begins has no year.
    """
    length = np.maximum(last - first + 1, 0)
    rows = np.repeat(np.arange(len(first)), length)
    return rows, first[rows] + np.arange(len(rows)) - np.repeat(np.cumsum(length) - length, length)


def state_years(states: CowCrosswalk, first_year: int, last_year: int) -> pd.DataFrame:
    """Members of the system by year, with the days of the year between which they were.

    states: as :func:`read_cow_crosswalk` returns it, with dates.
    first_year, last_year: years, both inside; 1816 at the earliest.
    Returns: ``cow``, ``country``, ``year``, ``from_day``, ``to_day`` (1 to 366, both inside), ``assumed``
      (True after the end of the list). A state with a gap inside a year has one row, from its first day to
      its last.
    Raises DataError if the list has no dates, or two spells of a state overlap.
    """
    spells = _dated(states)
    years = np.arange(first_year, last_year + 1)
    start, end = spells["first"].dt.year.to_numpy(), spells["last"].dt.year.to_numpy()
    goes_on = (spells["last"] == spells["last"].max()).to_numpy()
    row, col = np.nonzero((start[:, None] <= years) & ((end[:, None] >= years) | goes_on[:, None]))
    year = years[col]
    opening, closing = start[row] == year, (end[row] == year) & ~goes_on[row]
    table = pd.DataFrame(
        {
            "cow": spells["cow"].to_numpy()[row],
            "year": year,
            "from_day": np.where(opening, spells["first"].dt.day_of_year.to_numpy()[row], 1),
            "to_day": np.where(closing, spells["last"].dt.day_of_year.to_numpy()[row], 366),
        }
    )
    grouped = table.groupby(["cow", "year"], as_index=False).agg(
        from_day=("from_day", "min"), to_day=("to_day", "max")
    )
    grouped["assumed"] = grouped["year"] > states.last_year
    codes = country_codes_by_year(states, grouped["cow"].to_numpy(), grouped["year"].to_numpy())
    grouped.insert(1, "country", codes)
    return grouped


def cow_codes_by_year(states: CowCrosswalk, country: CodeArray, year: IntArray) -> IntArray:
    """Correlates of War codes of our country codes in years; -1 where the country was no state.

    states: list of states.
    country: (n,) alpha-3 codes, or former states' as in the crosswalk.
    year: (n,) years.
    Returns: (n,) int. Where two states carry a code in a year (unification), the one that goes on.
    """
    out = np.full(len(country), -1, dtype=np.int64)
    wanted = np.where((country == "SRB") & (year >= SERBIA_FROM), "YUG", country)
    wanted = np.where((country == "YUG") & (year >= SERBIA_FROM), "", wanted)
    inside = np.minimum(year, states.last_year)
    for code, country_of, start, end in _spells(states.spells.sort_values("end")):
        out[(wanted == country_of) & (inside >= start) & (inside <= end)] = code
    return out


def read_by_state(path: str | Path, wanted: Layout, states: CowCrosswalk | None) -> pd.DataFrame:
    """Read a layout; see :func:`read_layout` and :func:`with_countries`."""
    return with_countries(read_layout(path, wanted), states)


def with_countries(table: pd.DataFrame, states: CowCrosswalk | None) -> pd.DataFrame:
    """Add our country codes beside Correlates of War codes, by year.

    table: with ``year``, and ``cow1`` and ``cow2`` for dyads or ``cow`` for states.
    states: list of states with dates; without it nothing is added.
    Returns: With ``country`` + side right after the codes; missing where the code was no state in the year.
    Raises UnknownCountryError if the list has no such code in any year.
    """
    if states is None:
        return table
    refuse_unknown_codes(table, states, "The table")
    years = table["year"].to_numpy(dtype=np.int64)
    out, sides = table.copy(), [side for side in ("", "1", "2") if f"cow{side}" in table]
    for side in sides:
        codes = country_codes_by_year(states, table[f"cow{side}"].to_numpy(dtype=np.int64), years)
        out.insert(list(out.columns).index(f"cow{side}") + len(sides), f"country{side}", codes)
    return out


def refuse_unknown_codes(table: pd.DataFrame, states: CowCrosswalk, name: str) -> None:
    """Refuse codes that the list of states has in no year: a code mistyped is no state that did not exist yet.

    table: with ``cow``, or ``cow1`` and ``cow2``; -1 stands for a party that was no state.
    states: list of states.
    name: what the table is, for the message.
    Raises UnknownCountryError if there is one; the message names it with its rows.
    """
    known = states.spells["cow"].unique()
    for column in {"cow", "cow1", "cow2"}.intersection(table):
        wrong = table.loc[(table[column] >= 0) & ~table[column].isin(known), column]
        if len(wrong):
            raise UnknownCountryError(
                f"{name} has the code {wrong.iloc[0]} in {len(wrong)} rows of {column}, and the list of states has it "
                "in no year. Correct the rows, or take the list of states of the same project."
            )


def country_codes_by_year(states: CowCrosswalk, cow: IntArray, year: IntArray) -> CodeArray:
    """Our codes of Correlates of War codes in years, None where a code was no state; see :class:`CowCrosswalk`.

    states: A state that existed in its last year is taken to exist later too.
    cow, year: (n,) codes and years.
    Returns: (n,) object.
    """
    out: CodeArray = np.full(len(cow), None, dtype=object)
    inside = np.minimum(year, states.last_year)
    order = np.argsort(cow, kind="stable")
    ordered = cow[order]
    for code, country, start, end in _spells(states.spells):
        low, high = np.searchsorted(ordered, code, "left"), np.searchsorted(ordered, code, "right")
        rows = order[low:high]
        out[rows[(inside[rows] >= start) & (inside[rows] <= end)]] = country
    out[(cow == 345) & (year >= SERBIA_FROM) & (out != None)] = "SRB"  # noqa: E711 (elementwise)
    return out


def _spells(spells: pd.DataFrame) -> list[tuple[int, str, int, int]]:
    """Code, country, first and last year of each spell."""
    parts = [spells[c].tolist() for c in ("cow", "country", "start", "end")]
    return list(zip(*parts, strict=True))


def _dated(states: CowCrosswalk) -> pd.DataFrame:
    if not {"first", "last"} <= set(states.spells):
        raise DataError("The list of states has no dates. Read it with `read_cow_crosswalk`.")
    return refuse_overlap(states.spells)


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
