"""Who was a state when: membership by day, and our country codes beside those of the Correlates of War project.

Two states share a year only if there is a day on which both were members of the system: Germany (255) and the German
Federal Republic (260) both have the year 1990, but never met. The list ends in 2016; whoever was a member then is taken
to be one later, and tables say that this was done.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from suasion.errors import DataError, UnknownCountryError
from suasion.sources.cow_crosswalk import SERBIA_FROM, CowCrosswalk, refuse_overlap
from suasion.sources.ir_files import Layout, day_of, layout, read_layout
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
