"""Growth paths: the real growth of every economy in every year, from cited rates or the user's own.

Rates are real growth rates, never levels at purchasing power. A year that no source covers takes the rate of the
nearest year that one covers, and is marked as extrapolated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.errors import InputError, NotInWorldError, UnknownCountryError
from suasion.sources import growth_of
from suasion.sources.growth_outlook import GrowthRow
from suasion.types import FloatArray

Source = Literal["cited", "none"]

GROWTH_SD = 0.8
"""Standard deviation of an economy's mean growth over a path, percentage points a year, where no range is given.
Assumption, range 0.4 to 1.2."""
NINETY = 3.29
"""Width of a 90 % interval of a normal variable in standard deviations: how a low and a high rate are read."""
SEARCHED = range(1, 9)
"""Years before or after, in which a rate is looked for when none covers a year."""
Status = Literal["published", "assumption", "own", "extrapolated", "none"]


@dataclass(frozen=True, slots=True)
class OwnRate:
    """Rate of growth that a user gives.

    Attributes
    ----------
    countries : codes in the world
    first, last : years, both included
    percent : real growth, per cent a year
    low, high : 90 % range, or None
    where : file and line, for messages
    """

    countries: tuple[str, ...]
    first: int
    last: int
    percent: float
    low: float | None = None
    high: float | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth of every economy from one year to another.

    Attributes
    ----------
    countries : (N,) as in the world
    years : (T,) the base year and the years after it
    percent : (T, N) real growth in the year; zero in the base year
    spread : (T, N) standard deviation of the path's mean growth, percentage points
    status : (T, N) where the rate comes from
    given : (T, N) the period whose rate a year has, or None where it stands still
    """

    countries: tuple[str, ...]
    years: tuple[int, ...]
    percent: FloatArray
    spread: FloatArray
    status: NDArray[np.str_]
    given: NDArray[np.object_]

    def levels(self, shift: FloatArray | None = None) -> FloatArray:
        """Real GDP over that of the base year, (T, N).

        Parameters
        ----------
        shift : (N,) standard normal; moves every rate of an economy by so many of its standard deviations
        """
        rates = self.percent if shift is None else self.percent + shift * self.spread
        logs = np.log1p(rates / 100.0)
        logs[0] = 0.0
        return np.asarray(np.exp(logs.cumsum(0)))

    def extrapolated(self, year: int) -> tuple[str, ...]:
        """Economies whose rate of a year is carried over from another year."""
        row = self.status[self.years.index(year)]
        return tuple(c for c, s in zip(self.countries, row, strict=True) if s == "extrapolated")

    def periods(self, countries: Sequence[str]) -> pd.DataFrame:
        """Rates of some economies, those of following years with one rate and source together.

        Parameters
        ----------
        countries : codes, in the order of the rows

        Returns
        -------
        DataFrame
            ``country``, ``first``, ``last``, ``growth_percent`` with its 90 % range ``growth_percent_low`` and
            ``growth_percent_high``, ``status`` (:data:`Status`), and of a cited rate its ``region`` and ``source``.
        """
        rows: list[dict[str, Any]] = []
        for country in countries:
            n = self.countries.index(country)
            for t, year in enumerate(self.years[1:], start=1):
                rate, half = float(self.percent[t, n]), float(self.spread[t, n]) * NINETY / 2.0
                row = {
                    "country": country,
                    "growth_percent": rate,
                    "growth_percent_low": rate - half,
                    "growth_percent_high": rate + half,
                    "status": str(self.status[t, n]),
                    "region": getattr(self.given[t, n], "region", None),
                    "source": getattr(self.given[t, n], "source", None),
                }
                if rows and row == {name: rows[-1][name] for name in row}:
                    rows[-1]["last"] = year
                else:
                    rows.append({**row, "first": year, "last": year})
        return pd.DataFrame(rows)


def growth_path(
    countries: Sequence[str], base: int, to: int, own: Sequence[OwnRate] = (), source: Source = "cited"
) -> Growth:
    """Lay rates of growth on the economies of a world.

    Parameters
    ----------
    countries : codes
    base, to : base year, whose accounts are known, and last year of the path
    own : rates that replace cited ones
    source : ``cited`` takes :func:`suasion.sources.growth_of`; ``none`` lets all economies without an own rate stand
        still

    Returns
    -------
    Growth

    Raises
    ------
    InputError
        If the path does not go forward, two own rates overlap, or no cited rate is near a year.
    NotInWorldError
        If an economy has no cited rate; give it one of its own.
    """
    if to <= base:
        raise InputError(f"An outlook from {base} must end later; it ends in {to}.")
    years = tuple(range(base, to + 1))
    shape = len(years), len(countries)
    percent, spread = np.zeros(shape), np.zeros(shape)
    status = np.full(shape, "none", dtype="<U12")
    taken = own_rates(countries, years, own)
    given = np.full(shape, None, dtype=object)
    for n, country in enumerate(countries):
        for t, year in enumerate(years[1:], start=1):
            mine = taken.get((country, year))
            if mine is not None:
                percent[t, n], spread[t, n], status[t, n] = mine.percent, _sd(mine.low, mine.high), "own"
                given[t, n] = mine
            elif source == "cited":
                row, kind = _cited(country, year)
                percent[t, n], status[t, n] = row.growth_percent, kind
                spread[t, n] = _sd(row.low_percent, row.high_percent)
                given[t, n] = row
    return Growth(tuple(countries), years, percent, spread, status, given)


def own_rates(
    countries: Sequence[str], years: Sequence[int], own: Sequence[OwnRate]
) -> Mapping[tuple[str, int], OwnRate]:
    """Own rate of each economy and year.

    Raises InputError if two overlap, or an economy has own rates that end before the last year.
    """
    taken: dict[tuple[str, int], OwnRate] = {}
    for rate in own:
        for country in rate.countries:
            for year in range(max(rate.first, years[0] + 1), min(rate.last, years[-1]) + 1):
                if (country, year) in taken:
                    raise InputError(
                        f"{_at(rate)}the growth of {country} in {year} is given twice: periods must not overlap."
                    )
                taken[country, year] = rate
    for country in dict.fromkeys(c for rate in own for c in rate.countries if c in countries):
        if (country, years[-1]) not in taken:
            last = max(rate.last for rate in own if country in rate.countries)
            where = next(rate for rate in own if country in rate.countries and rate.last == last)
            raise InputError(
                f"{_at(where)}the own growth path of {country} ends in {last}, before the outlook's {years[-1]}. "
                "Give the years that follow."
            )
    return taken


def _at(rate: OwnRate) -> str:
    return f"{rate.where}: " if rate.where else ""


def _sd(low: float | None, high: float | None) -> float:
    return GROWTH_SD if low is None or high is None else (high - low) / NINETY


@cache
def _cited(country: str, year: int) -> tuple[GrowthRow, Status]:
    """Row that covers a year, or else that of the nearest year."""
    try:
        return _row(country, year)
    except InputError as error:
        if isinstance(error, (NotInWorldError, UnknownCountryError)):
            raise NotInWorldError(
                f"{country} has no cited growth rate. Give it one of its own under `growth`, or `source: none`."
            ) from error
    for step in SEARCHED:
        for near in (year + step, year - step):
            try:
                return _row(country, near)[0], "extrapolated"
            except InputError:
                continue
    raise InputError(
        f"No cited growth rate of {country} is within {SEARCHED[-1]} years of {year}. Cited rates cover 2025 to 2050: "
        "end by then, give own rates under `growth`, or start from a world of another year."
    )


def _row(country: str, year: int) -> tuple[GrowthRow, Status]:
    row = growth_of(country, year)
    return row, row.status
