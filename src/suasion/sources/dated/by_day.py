"""Tariffs of 2018 and 2019 by day: yearly means by industry, laid on the days on which lists came into force."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from suasion.files import shipped_text
from suasion.sources.dated import measure_rates

STEPS = "steps.toml"
YEARS = (2018, 2019)
"""Years whose days are known."""
COLUMNS = ["buyer", "seller", "industry", "added", "kind", "measure"]


@dataclass(frozen=True, slots=True)
class TariffSteps:
    """When the tariffs of a buyer on some sellers came into force.

    measure: name. buyer, sellers: codes.
    kinds: of rates that are on file, the one that the world of a day takes first.
    lists: of each list of goods, per cent from a day (ISO date) on.
    source, locator: who says so, and where.
    """

    measure: str
    buyer: str
    sellers: tuple[str, ...]
    kinds: tuple[str, ...]
    lists: tuple[dict[str, float], ...]
    source: str
    locator: str

    def on(self, days: np.ndarray) -> np.ndarray:
        """Mean rates of the lists over days (ISO dates): (list,)."""
        means = []
        for one in self.lists:
            first = np.array(sorted(one), dtype="datetime64[D]")
            rates = np.array([0.0, *(one[day] for day in sorted(one))])
            means.append(float(rates[np.searchsorted(first, days, side="right")].mean()))
        return np.array(means)

    def parts(self, rates: pd.DataFrame) -> pd.DataFrame:
        """Part of each industry that lies on each list, from its yearly means: (industry, list), not below nought.

        rates: (industry, year), points.
        """
        from scipy.optimize import nnls

        known = np.array([self.on(_days(int(str(year)))) for year in rates])
        found = [nnls(known, own)[0] for own in rates.clip(lower=0.0).to_numpy()]
        return pd.DataFrame(found, index=rates.index)


@cache
def tariff_steps() -> tuple[TariffSteps, ...]:
    """Return all of them, as ``steps.toml`` has them."""
    raw: list[dict[str, Any]] = tomllib.loads(shipped_text("suasion.sources.dated", STEPS))["flow"]
    lists = ("sellers", "kinds", "lists")
    return tuple(TariffSteps(**{**one, **{name: tuple(one[name]) for name in lists}}) for one in raw)


def first_day() -> date:
    """Return the first day on which one of them was in force."""
    return date.fromisoformat(min(day for one in tariff_steps() for own in one.lists for day in own))


def rates_on(day: date, kind: str = "") -> pd.DataFrame:
    """Return what had been added by a day of :data:`YEARS`.

    kind: ``list`` where both are on file; what was collected without it.
    Returns: ``buyer``, ``seller``, ``industry``, ``added`` (points; their mean over a year is that on file, and cuts
      count as nought), ``kind``, ``measure``.
    """
    return _all(day.year, np.array([day.isoformat()], dtype="datetime64[D]"), kind)


def rates_in(year: int) -> pd.DataFrame:
    """Return the means of a year, in the columns of :func:`rates_on`; without rows before 2018."""
    return _all(year, _days(year), "")


def _all(year: int, days: np.ndarray, kind: str) -> pd.DataFrame:
    if year not in YEARS:
        return pd.DataFrame(columns=COLUMNS)
    found = [_rows(one, seller, year, days, kind) for one in tariff_steps() for seller in one.sellers]
    return pd.concat(found, ignore_index=True)


def _rows(one: TariffSteps, seller: str, year: int, days: np.ndarray, kind: str) -> pd.DataFrame:
    """Rates of one seller: parts on the lists as the law has them, each year's mean as its kind has it."""
    kept = kind if kind in one.kinds else one.kinds[0]
    mean = _means(one, seller, kept)[year].clip(lower=0.0)
    parts = _parts(one.measure, one.buyer, seller).reindex(mean.index)
    then, over = (parts.to_numpy() @ one.on(span) for span in (days, _days(year)))
    added = np.divide(mean.to_numpy() * then, over, out=np.zeros(len(mean)), where=over > 0.0)
    return pd.DataFrame(
        {
            "buyer": one.buyer,
            "seller": seller,
            "industry": mean.index,
            "added": added,
            "kind": kept,
            "measure": one.measure,
        }
    )


@cache
def _parts(measure: str, buyer: str, seller: str) -> pd.DataFrame:
    one = next(
        it for it in tariff_steps() if (it.measure, it.buyer) == (measure, buyer) and seller in it.sellers
    )
    return one.parts(_means(one, seller, one.kinds[-1]))


def _means(one: TariffSteps, seller: str, kind: str) -> pd.DataFrame:
    """Points added by industry and year."""
    table = measure_rates(one.measure, kind)
    own = table[(table["buyer"] == one.buyer) & (table["seller"] == seller)]
    return own.pivot_table(index="industry", columns="year", values="added")


def _days(year: int) -> np.ndarray:
    return np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="datetime64[D]")
