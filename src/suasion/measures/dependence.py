"""How much two countries trade with each other, as shares of all their trade and of their income.

Symbols: ``X[n, i, k]`` is what importer ``n`` buys from exporter ``i`` of sector ``k``, at basic prices,
inputs and final goods together, own purchases left out. With exports ``X_ab`` from a to b and imports
``M_ab`` of a from b

    s_ab = (X_ab + M_ab) / (X_a + M_a),  ASY = s_ab - s_ba,  RATIO = s_ab / s_ba

A trade share says how large a tie is; it does not say what losing it would cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import xarray as xr

from suasion.errors import InputError
from suasion.measures.exposure import Exposure, exposure_both
from suasion.measures.history import trade_history
from suasion.measures.labels import Groups, check_groups, find_pair, sector_groups
from suasion.quotient import over
from suasion.schema import variable
from suasion.types import FloatArray

if TYPE_CHECKING:
    from suasion.world import World

Flow = Literal["turnover", "exports", "imports"]
FLOWS: tuple[Flow, ...] = ("turnover", "exports", "imports")
SHARE_OF = {"turnover": "turnover_share", "exports": "export_share", "imports": "import_share"}


@dataclass(frozen=True, eq=False)
class Dependence:
    """How dependent two countries are on each other, both ways, by sector and in total.

    Attributes
    ----------
    a, b : the two countries
    year : year of the accounts
    table : one row per country, partner and sector, group of sectors or total (column ``level``). Flows in million
        USD at basic prices: ``exports``, ``imports``, ``turnover`` with the partner. Shares (0-1) of the partner in
        what the country trades with all others in the same sector: ``export_share``, ``import_share``,
        ``turnover_share`` (NaN where the country trades nothing of it). ``contribution``: turnover of the row over
        the country's whole turnover, so that sectors add up to the total's share. ``gdp_ratio``: turnover of the row
        over the country's whole value added.
    pair : one row per flow with ``a_on_b``, ``b_on_a``, ``asymmetry``, ``ratio``, ``salience``, ``symmetry``,
        ``interdependence``; the ``gdp`` row has trade over value added, whose smaller side is the usual dyadic index
    exposure : direct and look-through exposure of a on b and of b on a; empty when not asked for
    """

    a: str
    b: str
    year: int
    table: pd.DataFrame
    pair: pd.DataFrame
    exposure: tuple[Exposure, ...] = ()

    @property
    def history(self) -> pd.DataFrame:
        """Goods trade of the pair from 2000 to the last year known; see :func:`suasion.measures.trade_history`."""
        return trade_history(self.a, self.b)

    def __repr__(self) -> str:
        """One line: turnover shares both ways."""
        shares = (
            f"{self.b} in {self.a} {self.share(self.a):.3f}, {self.a} in {self.b} {self.share(self.b):.3f}"
        )
        return f"<Dependence {self.year}, of turnover: {shares}>"

    def _repr_html_(self) -> str:
        """Say the same, and the totals both ways, for a notebook."""
        shown = self.table[self.table.level == "total"].dropna(axis="columns", how="all")
        return f"<p>{escape(repr(self))}</p>{shown.to_html(float_format='{:,.3g}'.format, index=False)}"

    def share(self, country: str, flow: Flow = "turnover", sector: str = "total") -> float:
        """Return one share from the table: of the other side in the trade of ``country``, 0 to 1.

        Parameters
        ----------
        country : the side whose trade is the whole
        flow : {"turnover", "exports", "imports"}
            Which trade.
        sector : a sector, a group, or ``"total"``

        Returns
        -------
        float

        Raises
        ------
        InputError
            If the table has no such row.
        """
        _check_flow(flow)
        rows = self.table[(self.table["country"] == country) & (self.table["sector"] == sector)]
        if rows.empty:
            known = f"{self.a}, {self.b}; sectors {', '.join(self.table['sector'].unique()[:6])}, ..."
            raise InputError(f"No row for country {country!r} and sector {sector!r}. Known: {known}")
        return float(rows[SHARE_OF[flow]].iloc[0])


def trade(world: World) -> xr.DataArray:
    """Return all trade across borders: inputs and final goods, a country's purchases from itself set to zero.

    Returns
    -------
    DataArray
        (importer, exporter, sector), million USD at basic prices.
    """
    dims = {"importer": world.countries, "exporter": world.countries, "sector": world.sectors}
    return _labelled("trade", foreign_trade(world), dims)


def foreign_trade(world: World) -> FloatArray:
    """Return :func:`trade` without its labels, which are slow to lay on."""
    flow = world.array("intermediate") + world.array("final")
    own = np.arange(len(world.countries))
    flow[own, own] = 0.0
    return flow


def _labelled(name: str, values: FloatArray, dims: dict[str, tuple[str, ...]]) -> xr.DataArray:
    coords = {dim: list(labels) for dim, labels in dims.items()}
    return xr.DataArray(values, coords, tuple(dims), name=name, attrs=variable(name, "dependence").attrs)


def _check_flow(flow: str) -> None:
    if flow not in FLOWS:
        raise InputError(f"`flow` is {flow!r}; give one of {', '.join(FLOWS)}.")


def _with_partner(world: World, flow: Flow, sectors: Sequence[str] | None) -> FloatArray:
    """Trade of each country with each partner (country, partner), million USD."""
    _check_flow(flow)
    unknown = [code for code in sectors or () if code not in world.sectors]
    if unknown:
        raise InputError(
            f"{', '.join(unknown[:5])}: not among the world's sectors ({', '.join(world.sectors[:6])}, ...)."
        )
    keep = slice(None) if sectors is None else [world.sectors.index(code) for code in sectors]
    imports: FloatArray = foreign_trade(world)[:, :, keep].sum(axis=2)
    return {"imports": imports, "exports": imports.T, "turnover": imports + imports.T}[flow]


def share_matrix(world: World, flow: Flow = "turnover", sectors: Sequence[str] | None = None) -> xr.DataArray:
    """Return the share of each partner in the trade of each country.

    Parameters
    ----------
    world : the world
    flow : {"turnover", "exports", "imports"}
        Which trade: exports plus imports, or one of them.
    sectors : count these sectors only

    Returns
    -------
    DataArray
        (country, partner), 0 to 1. Rows sum to 1 over partners; the diagonal is 0. A row of NaN means that
        the country trades nothing of these sectors.

    Raises
    ------
    InputError
        If ``flow`` or a sector is not known.
    """
    value = _with_partner(world, flow, sectors)
    share = over(value, value.sum(axis=1, keepdims=True), np.nan)
    return _labelled(SHARE_OF[flow], share, _square(world))


def _square(world: World) -> dict[str, tuple[str, ...]]:
    return {"country": world.countries, "partner": world.countries}


def _compare(ab: FloatArray, ba: FloatArray) -> dict[str, FloatArray]:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.asarray(ab) / np.asarray(ba)
    salience, symmetry = np.sqrt(ab * ba), 1.0 - np.abs(ab - ba)
    return {
        "asymmetry": ab - ba,
        "ratio": ratio,
        "salience": salience,
        "symmetry": symmetry,
        "interdependence": salience * symmetry,
    }


def dependence(
    a: str, b: str, world: World, groups: Groups | None = None, look_through: bool = True
) -> Dependence:
    """Measure how dependent two countries are on each other, both ways.

    Parameters
    ----------
    a, b : two countries: codes or names.
    world : the world
    groups : named groups of sectors; by default goods, services and the parts of goods where sector codes are ISIC's
    look_through : also compute :attr:`Dependence.exposure`, which follows inputs through supply chains

    Returns
    -------
    Dependence

    Raises
    ------
    SameCountryError
        If both names are one country.
    NotInWorldError
        If a country is not in the world's table; the message says what remains.
    InputError
        If a group names an unknown sector.
    """
    first, second = find_pair(a, b, world)
    if groups is None:
        groups = sector_groups(world.sectors)
    check_groups(groups, world.sectors)
    flow = foreign_trade(world)
    table = pd.concat([_table(world, flow, c, p, groups) for c, p in ((first, second), (second, first))])
    sides = exposure_both(first, second, world) if look_through else ()
    return Dependence(
        a=first,
        b=second,
        year=world.year,
        table=table.reset_index(drop=True),
        pair=_pair(table, first, second),
        exposure=sides,
    )


def _table(world: World, flow: FloatArray, country: str, partner: str, groups: Groups) -> pd.DataFrame:
    """All rows of one direction: sectors, groups, total."""
    n, m = world.countries.index(country), world.countries.index(partner)
    sums = _summing(world.sectors, groups)
    labels = pd.DataFrame(
        {
            "country": country,
            "partner": partner,
            "level": ["total", *["group"] * len(groups), *["sector"] * len(world.sectors)],
            "sector": ["total", *groups, *world.sectors],
            "sector_name": ["all sectors", *groups, *[world.sector_names[k] for k in world.sectors]],
        }
    )
    exports, imports = sums @ flow[m, n], sums @ flow[n, m]
    exports_all, imports_all = sums @ flow[:, n].sum(axis=0), sums @ flow[n].sum(axis=0)
    turnover, turnover_all = exports + imports, exports_all + imports_all
    return labels.assign(
        exports=exports,
        imports=imports,
        turnover=turnover,
        export_share=over(exports, exports_all, np.nan),
        import_share=over(imports, imports_all, np.nan),
        turnover_share=over(turnover, turnover_all, np.nan),
        contribution=over(turnover, turnover_all[:1], np.nan),
        gdp_ratio=over(turnover, world.array("value_added")[n].sum(keepdims=True), np.nan),
    )


def _summing(sectors: Sequence[str], groups: Groups) -> FloatArray:
    """Matrix (row, sector) that sums sectors into the total, each group, and themselves."""
    members = [[code in group for code in sectors] for group in groups.values()]
    ones = np.ones((1, len(sectors)))
    return np.vstack([ones, *[np.array([row], dtype=float) for row in members], np.eye(len(sectors))])


def _pair(table: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    totals = table[table["level"] == "total"].set_index("country")
    columns = [*SHARE_OF.values(), "gdp_ratio"]
    ab, ba = (totals.loc[[code], columns].to_numpy(dtype=np.float64)[0] for code in (a, b))
    pair = pd.DataFrame({"a_on_b": ab, "b_on_a": ba, **_compare(ab, ba)})
    pair.index = pd.Index([*SHARE_OF, "gdp"], name="flow")
    pair.loc["gdp", ["salience", "symmetry", "interdependence"]] = np.nan  # defined for shares only
    return pair
