"""Histories of dependence: the share of one state in another's trade, for all pairs and years of a source.

Three sources: the World Input-Output Database (1995 to 2011), the trade data base ITPD-E (2000 to 2016, shares only)
and the embedded trade in raw materials (1995 to 2024), by group of products. A flow that its source leaves unknown
makes the share unknown; where a source leaves no flow out, an absent one is zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.errors import InputError, NotFollowedError
from suasion.types import FloatArray

Measure = Literal["turnover", "exports", "imports"]
FUELS = ("crude oil", "natural gas", "coal")
"""Groups of the raw materials taken together as ``"fuels"``; refined products are not among the materials."""
#: Areas that are no states: their shares are not followed, but stay in the totals.
NO_STATES = frozenset({"ROW", "R20", "ZA1"})


@dataclass(frozen=True, slots=True)
class Flows:
    """Trade between economies over the years, from which shares of every measure follow.

    Attributes
    ----------
    source : in words
    countries : (N,) alpha-3 codes
    years : (Y,) whole numbers, one after the other
    values : (Y, N, N) from exporter to importer, in the source's unit; NaN where unknown; the diagonal does not count
    """

    source: str
    countries: tuple[str, ...]
    years: NDArray[np.int64]
    values: FloatArray


@dataclass(frozen=True, slots=True)
class Panel:
    """Shares of partners in the trade of states.

    Attributes
    ----------
    source, measure : str
    of, partner : (D,) codes: the share is the partner's in the trade of ``of``.
    years : (Y,) whole numbers, one after the other
    shares : (D, Y) between 0 and 1; NaN where unknown
    """

    source: str
    measure: str
    of: NDArray[np.str_]
    partner: NDArray[np.str_]
    years: NDArray[np.int64]
    shares: FloatArray

    def row(self, of: str, partner: str) -> int:
        """Position of the share of ``partner`` in the trade of ``of``.

        Raises
        ------
        NotFollowedError
            If the panel does not follow the pair.
        """
        found = np.flatnonzero((self.of == of) & (self.partner == partner))
        if not found.size:
            raise NotFollowedError(
                f"{self.source} ({self.measure}) does not follow the share of {partner} in the trade of {of}: "
                "too little trade, or not in the source."
            )
        return int(found[0])

    def only(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Panel:
        """Panel of some of the pairs."""
        return Panel(
            self.source, self.measure, self.of[rows], self.partner[rows], self.years, self.shares[rows]
        )

    def dyads(self) -> NDArray[np.str_]:
        """(D,) names of the undirected pairs, for clusters."""
        forward = self.of < self.partner
        first, second = np.where(forward, (self.of, self.partner), (self.partner, self.of))
        return np.asarray(np.char.add(np.char.add(first, "-"), second))


def sides_of(trade: NDArray[Any], measure: str) -> tuple[NDArray[Any], ...]:
    """What a measure adds up of trade (..., N, N) from exporter to importer, for each economy with each partner.

    Returns: Arrays (..., N, N); the diagonal is nothing.
    """
    abroad, every = trade.copy(), np.arange(trade.shape[-1])
    abroad[..., every, every] = 0
    back = np.swapaxes(abroad, -1, -2)
    return {"turnover": (abroad, back), "exports": (abroad,), "imports": (back,)}[measure]


def flows_of(table: pd.DataFrame, source: str, *, absent: float = np.nan) -> Flows:
    """Lay a table of flows out by year, exporter and importer.

    Parameters
    ----------
    table : ``exporter``, ``importer``, ``year``, ``value``; each pair and year at most once
    source : in words
    absent : what a pair without a row has: NaN unknown, 0 nothing.

    Returns
    -------
    Flows

    Raises
    ------
    InputError
        If the table is empty, a pair and year is twice in it, or a value is negative.
    """
    if table.empty or table.duplicated(["exporter", "importer", "year"]).any() or (table["value"] < 0).any():
        raise InputError(
            "Flows need at least one row, each pair and year once, and no negative value; sum or correct them first."
        )
    sides = [pd.Categorical(table[side]) for side in ("exporter", "importer")]
    countries = tuple(sorted({str(c) for side in sides for c in side.categories[np.unique(side.codes)]}))
    years = np.arange(int(table["year"].min()), int(table["year"].max()) + 1)
    values = np.full((years.size, len(countries), len(countries)), absent)
    i, j = (pd.Index(countries).get_indexer(side.categories.astype(str))[side.codes] for side in sides)
    values[table["year"].to_numpy(int) - years[0], i, j] = table["value"].to_numpy(float)
    return Flows(source, countries, years, values)


def panel_of(flows: Flows, measure: Measure = "turnover", least: float = 0.01) -> Panel:
    """Return the shares of partners in the trade of states.

    Parameters
    ----------
    flows : Flows
    measure : ``turnover`` (exports and imports together), ``exports`` or ``imports``
    least : pairs whose share never reaches this are left out; forecasts choose among the rest by what was known at the
        time

    Returns
    -------
    Panel

    Raises
    ------
    InputError
        If the measure is unknown.
    """
    if measure not in get_args(Measure):
        raise InputError(f"measure={measure!r} is not one of {', '.join(get_args(Measure))}.")
    sides = sides_of(flows.values, measure)
    both = np.sum(sides, axis=0)
    # Totals leave unknown flows out: the source does not tell them from none.
    total = np.sum([np.nansum(side, 2) for side in sides], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(total[:, :, None] > 0, both / total[:, :, None], np.nan)
    states = np.array([c not in NO_STATES for c in flows.countries])
    highest = np.nan_to_num(shares).max(0)
    kept = (highest >= least) & states[:, None] & states[None, :]
    i, j = np.nonzero(kept)
    codes = np.array(flows.countries)
    return Panel(flows.source, measure, codes[i], codes[j], flows.years, shares[:, i, j].T.copy())


def wiod_flows(path: str | Path | None = None, years: Sequence[int] = range(1995, 2012)) -> Flows:
    """Trade between the 40 states of the World Input-Output Database and the rest of the world, million USD.

    path: folder of the yearly tables; without it, the user's store.
    years: one after the other, 1995 to 2011.
    Returns: Goods and services; the rest of the world stands in the totals.
    """
    from suasion.sources.catalogue_store import located
    from suasion.sources.wiod13 import read_wiod13

    folder = path or located("wiod13")
    found = []
    for year in years:
        table = read_wiod13(folder, year)
        n, s = len(table.countries), len(table.industries)
        inter = table.inter.reshape(n, s, n, s).sum((1, 3))
        final = table.final.reshape(n, s, n, -1).sum((1, 3))
        found.append(np.maximum(inter + final, 0.0))
        countries = table.countries
    return Flows("WIOD, 2013 release", countries, np.array(list(years)), np.stack(found))


def itpd_flows(path: str | Path | None = None) -> Flows:
    """Trade of ITPD-E, goods and services; a pair without a row is unknown.

    path: the file or its folder; without it, the user's store.
    Returns: Use shares, not levels.
    """
    from suasion.sources.catalogue_store import located
    from suasion.sources.itpd import read_itpd

    table = read_itpd(path or located("itpd"))
    return flows_of(table[table["exporter"] != table["importer"]], "ITPD-E")


def materials_flows(group: str = "fuels") -> Flows:
    """Embedded trade in a group of raw materials, thousand USD; a pair without a row has no recorded trade: zero.

    group: a group of :func:`suasion.sources.materials.material_products`, ``"fuels"`` (crude oil, natural
      gas, coal) or ``"all"``.
    Raises InputError if there is no such group.
    """
    from suasion.sources.materials import material_products, materials

    products = material_products()
    groups = [*dict.fromkeys(products["group"]), "fuels", "all"]
    if group not in groups:
        raise InputError(f"There is no group of materials {group!r}; choose one of {', '.join(groups)}.")
    wanted = {"fuels": set(FUELS), "all": set(products["group"])}.get(group, {group})
    codes = set(products.loc[products["group"].isin(wanted), "product"])
    table = materials()
    table = table[table["product"].isin(codes)]
    summed = table.groupby(["exporter", "importer", "year"], observed=True)["value"].sum().reset_index()
    return flows_of(summed, f"raw materials: {group}", absent=0.0)


SOURCES = ("wiod13", "itpd", "materials")
"""Names of the sources of histories."""


def flows_from(source: str, path: str | Path | None = None, group: str = "fuels") -> Flows:
    """Trade of a source by its name.

    Parameters
    ----------
    source : one of :data:`SOURCES`
    path : file or folder; without it the user's store; the materials are embedded
    group : of the materials

    Returns
    -------
    Flows

    Raises
    ------
    InputError
        If there is no such source.
    SourceFileError
        If its files are not there.
    """
    if source not in SOURCES:
        raise InputError(f"There is no history {source!r}; choose one of {', '.join(SOURCES)}.")
    if source == "materials":
        return materials_flows(group)
    return wiod_flows(path) if source == "wiod13" else itpd_flows(path)
