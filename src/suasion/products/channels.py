"""Technology and finance as channels of dependence: one row a measure, and a row that says so where none is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from suasion.measures.labels import find_pair
from suasion.measures.network import Network, network
from suasion.products.elasticities import LEAST_SIGMA, SHORT_RUN
from suasion.sources.countries import resolve_country
from suasion.sources.elasticities import elasticity_table
from suasion.types import FloatArray
from suasion.world.prepared import Prepared

if TYPE_CHECKING:
    from suasion.world import World

MEASURED, NOT_MEASURED = "measured", "not measured"
COLUMNS = (
    "channel",
    "country",
    "partner",
    "measure",
    "value",
    "low",
    "high",
    "unit",
    "status",
    "reason",
    "source",
)
Channels = Sequence[tuple[str, tuple[str, ...]]]
TECHNOLOGY: Channels = (
    ("electronics and computers", ("C26",)),
    ("electrical equipment", ("C27",)),
    ("machinery", ("C28",)),
    ("telecommunications", ("J61",)),
    ("computing services", ("J62_63", "J62T63", "J62")),
)
"""Channels, and the industry codes that tables use for them."""

CREDITOR = "CHN"
GCDF = "AidData, GCDF 3.0, 2000-2021"


class Lacking(StrEnum):
    """Why a number of finance is not measured: what was not given, or is not in the table of loans."""

    TABLE = "no_table"
    LENDER = "one_lender"
    DEBTOR = "not_in_table"
    TOTAL = "no_total"
    EXPORTS = "no_exports"


class NoTechnology(StrEnum):
    """Why a number of technology is not measured."""

    INDUSTRY = "no_industry"
    BOUGHT = "buys_none"
    IMPORTED = "imports_none"
    ELASTICITY = "no_elasticity"


@dataclass(frozen=True, slots=True)
class _Side:
    """One country's use of products and where it comes from, (I, K): countries by products."""

    bought: FloatArray
    content: FloatArray
    at: int
    partner: int


_LOOKED_THROUGH: Prepared[FloatArray] = Prepared(256)


def technology_channels(
    a: str, b: str, world: World, net: Network | None = None, *, channels: Channels = TECHNOLOGY
) -> pd.DataFrame:
    """Measure how far two countries depend on each other in technology, both ways.

    Parameters
    ----------
    a, b : countries of the world
    world : an input-output world
    net : :func:`suasion.measures.network.network` of the world, to be prepared once for many pairs
    channels : (name, codes) names, and the industry codes that tables may use for each

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`; three measures a channel and side: ``import share`` (of the partner in imports of
        the product), ``look-through share`` (of the partner in gross output behind all that is bought of it, home
        supply included), ``price rise`` (per cent, of a mix of origins with constant
        elasticity of substitution: the supply of the partner is a share w of all, home included, and its loss raises
        the price by ``(1 - w)^(-1/(sigma-1)) - 1``; low in the long run, high after about a year). A channel the
        world's table does not have is one row, not measured.

    Raises
    ------
    SameCountryError, NotInWorldError
        If the countries do not form a pair of this world.
    """
    first, second = find_pair(a, b, world)
    links = network(world) if net is None else net
    known = [(name, _code(codes, world)) for name, codes in channels]
    sectors = [world.sectors.index(code) for _, code in known if code]
    source = f"{world.provenance.dataset}, {world.year}"
    pairs = ((first, second), (second, first))
    rows: list[dict[str, Any]] = []
    for (country, partner), side in zip(pairs, _sides(world, links, pairs, sectors), strict=True):
        column = iter(range(len(sectors)))
        for name, code in known:
            if code is None:
                rows.append(_absent(name, country, partner, "import share", NoTechnology.INDUSTRY))
                continue
            rows += _technology(name, country, partner, side, next(column), code, source)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _code(codes: tuple[str, ...], world: World) -> str | None:
    return next((code for code in codes if code in world.sectors), None)


def _sides(world: World, net: Network, pairs: tuple[tuple[str, str], ...], sectors: list[int]) -> list[_Side]:
    """Purchases and contents of all countries asked for, each looked through alone: no digit hangs on who else is."""
    places = [(world.countries.index(country), world.countries.index(partner)) for country, partner in pairs]
    bought = {n: (world.array("intermediate")[n] + world.array("final")[n])[:, sectors] for n, _ in places}
    through = [
        _LOOKED_THROUGH.get(net, (n, *sectors), partial(_look_through, net, bought[n], sectors))
        for n, _ in places
    ]
    return [
        _Side(bought[n], content, n, partner) for (n, partner), content in zip(places, through, strict=True)
    ]


def _look_through(net: Network, bought: FloatArray, sectors: list[int]) -> FloatArray:
    """Gross output by country behind each column of purchases (country, sector asked for)."""
    demand = np.zeros((*net.output.shape, len(sectors)))
    for column, sector in enumerate(sectors):
        demand[:, sector, column] = bought[:, column]
    made = net.required(demand.reshape(-1, len(sectors))).reshape(demand.shape)
    return np.asarray(made.sum(axis=1))


def _technology(
    name: str, country: str, partner: str, side: _Side, column: int, code: str, source: str
) -> list[dict[str, Any]]:
    """Three measures of one channel and side."""
    pair = (name, country, partner)
    bought, content = side.bought[:, column], side.content[:, column]
    imports = bought.sum() - bought[side.at]
    if bought.sum() <= 0:
        return [_absent(*pair, "import share", NoTechnology.BOUGHT)]
    first = (
        _row(*pair, "import share", bought[side.partner] / imports, source)
        if imports > 0
        else _absent(*pair, "import share", NoTechnology.IMPORTED)
    )
    through = _row(*pair, "look-through share", content[side.partner] / content.sum(), source)
    return [first, through, _without(pair, float(bought[side.partner] / bought.sum()), code, source)]


def _without(pair: tuple[str, str, str], share: float, code: str, source: str) -> dict[str, Any]:
    """Rise of the price without a partner that holds a share of all supply."""
    measure, sigma = "price rise", _sigma(code)
    if sigma is None:
        return _absent(*pair, measure, NoTechnology.ELASTICITY)
    short = max(LEAST_SIGMA, SHORT_RUN * sigma)
    low, middle, high = (_rise(share, s) for s in (sigma, (sigma * short) ** 0.5, short))
    note = f"{source}; sigma {short:.1f} to {sigma:.1f}"
    return _row(*pair, measure, middle, note, low=low, high=high, unit="per cent")


def _rise(share: float, sigma: float) -> float:
    """Per cent; infinite where the partner is the only supplier."""
    with np.errstate(divide="ignore"):
        return float(100.0 * np.expm1(-np.log1p(-np.float64(share)) / (sigma - 1.0)))


def _sigma(code: str) -> float | None:
    for row in elasticity_table():
        if row.sector == code and row.convention in ("coefficient = -sigma", "sigma"):
            return -row.value if row.convention == "coefficient = -sigma" else row.value
    return None


def finance_channels(
    country: str,
    partner: str,
    loans: pd.DataFrame | None = None,
    *,
    exports: float | None = None,
    external_debt: float | None = None,
) -> pd.DataFrame:
    """Measure how far a country depends on loans of a partner.

    Parameters
    ----------
    country, partner : debtor and creditor
    loans : ``country`` and ``commitments_bn`` (billion USD) of one lender, China, as
        :func:`suasion.sources.ir_tables.read_gcdf_countries` returns it
    exports : the country's exports a year, million USD
    external_debt : all it owes abroad, million USD

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`: ``commitments`` (m USD), ``commitments over exports``, ``creditor share`` (of the
        partner in external debt). What cannot be known is a row with status ``not measured`` and a reason, a member of
        :class:`Lacking`.

    Notes
    -----
    Commitments are promises over two decades, partly repaid or never drawn: an upper end of what is owed.
    """
    debtor, creditor = resolve_country(country), resolve_country(partner)
    measures = ("commitments", "commitments over exports", "creditor share")
    owed, reason = _owed(debtor, creditor, loans)
    if owed is None:
        rows = [_absent("finance", debtor, creditor, measure, reason) for measure in measures]
        return pd.DataFrame(rows, columns=list(COLUMNS))
    rows = [_row("finance", debtor, creditor, "commitments", owed, GCDF, unit="million USD")]
    for measure, base, lacking in (
        ("commitments over exports", exports, Lacking.EXPORTS),
        ("creditor share", external_debt, Lacking.TOTAL),
    ):
        if base is None or not base > 0:
            rows.append(_absent("finance", debtor, creditor, measure, lacking))
        else:
            rows.append(_row("finance", debtor, creditor, measure, owed / base, GCDF, unit="ratio"))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _owed(debtor: str, creditor: str, loans: pd.DataFrame | None) -> tuple[float | None, str]:
    if loans is None:
        return None, Lacking.TABLE
    if creditor != CREDITOR:
        return None, Lacking.LENDER
    found = loans.loc[loans["country"] == debtor, "commitments_bn"].dropna()
    if found.empty:
        return None, Lacking.DEBTOR
    return float(found.sum()) * 1e3, ""


def _row(
    channel: str, country: str, partner: str, measure: str, value: float, source: str, *, low: float | None = None,
    high: float | None = None, unit: str = "share",
) -> dict[str, Any]:  # fmt: skip
    ends = {"low": np.nan if low is None else low, "high": np.nan if high is None else high}
    return {"channel": channel, "country": country, "partner": partner, "measure": measure, "value": float(value),
            **ends, "unit": unit, "status": MEASURED, "reason": "", "source": source}  # fmt: skip


def _absent(channel: str, country: str, partner: str, measure: str, reason: str) -> dict[str, Any]:
    return {"channel": channel, "country": country, "partner": partner, "measure": measure, "value": np.nan,
            "low": np.nan, "high": np.nan, "unit": "", "status": NOT_MEASURED, "reason": reason,
            "source": ""}  # fmt: skip
