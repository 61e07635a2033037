"""Published totals of trade shares: dots with a source and a definition each, never a line.

Customs, statistical compilers and the press count different things (goods or all trade, part of a year or
all of it, own reports or partners'), so two dots must not be joined: a change between them can be a change
of definition.

Of the rules that were tried on sudden stops in raw materials before 2018 none was better, on later stops neither
(``docs/evidence/trial_stops.csv``). The proportions of the world's exports are far worse; they stand in where a buyer
has no other supplier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from suasion.errors import DataError, InputError, NotInWorldError, SameCountryError
from suasion.measures.dependence import FLOWS, dependence
from suasion.quotient import over
from suasion.sources import factbook
from suasion.sources.countries import resolve_country
from suasion.sources.totals import COLUMNS
from suasion.sources.totals import totals as cited_totals
from suasion.types import Citation, FloatArray

if TYPE_CHECKING:
    from suasion.world import World

PARTNER_COLUMNS = ("reporter", "partner", "flow", "year", "share", "vintage")

FACTBOOK: Citation = "CIA World Factbook, edition of {}"
FACTBOOK_DEFINITION: Citation = "partner's share as printed; the book names the largest partners only"


def total_dots(
    a: str,
    b: str,
    world: World | None = None,
    totals: pd.DataFrame | None = None,
    shares: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return all published totals of the trade between two countries, both ways.

    Parameters
    ----------
    a, b : two countries: codes or names.
    world : add the shares of this world's table as further dots; ignored where it lacks one of the countries
    totals : single cited totals, columns as in the result; the embedded table by default
    shares : published partner shares, columns reporter, partner, flow, year, share (0-1), vintage; the embedded ones
        of the CIA World Factbook by default

    Returns
    -------
    DataFrame
        ``reporter`` (whose trade it is), ``partner``, ``year``, ``measure`` (share_of_turnover,
        share_of_exports, share_of_imports, or an amount), ``value`` with its ``unit``, ``source``,
        ``locator``, ``definition``, ``status``. Empty if nobody published a number for the pair. See
        :data:`DOTS_NOTE`.

    Raises
    ------
    SameCountryError
        If both names are one country.
    DataError
        If a table lacks a column.
    """
    pair = resolve_country(a), resolve_country(b)
    if pair[0] == pair[1]:
        raise SameCountryError(f"{a!r} and {b!r} are the same country ({pair[0]}). Name two different ones.")
    cited = _checked(cited_totals() if totals is None else totals, COLUMNS)
    printed = _factbook_rows(
        _checked(factbook.partner_shares() if shares is None else shares, PARTNER_COLUMNS)
    )
    parts = [_of_pair(table, pair) for table in (cited, printed, _world_rows(pair, world))]
    kept = [part for part in parts if not part.empty]
    if not kept:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(kept).sort_values(["reporter", "measure", "year", "source"]).reset_index(drop=True)


def _checked(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    lacking = [name for name in columns if name not in table.columns]
    if lacking:
        raise DataError(f"The table lacks the columns {', '.join(lacking)}. It needs {', '.join(columns)}.")
    return table[list(columns)]


def _of_pair(table: pd.DataFrame, pair: tuple[str, str]) -> pd.DataFrame:
    a, b = pair
    one = (table["reporter"] == a) & (table["partner"] == b)
    two = (table["reporter"] == b) & (table["partner"] == a)
    return table[one | two]


def _factbook_rows(shares: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "reporter": shares["reporter"],
            "partner": shares["partner"],
            "year": shares["year"],
            "measure": "share_of_" + shares["flow"].astype(str),
            "value": 100.0 * shares["share"],
            "unit": "percent",
            "source": [FACTBOOK.format(vintage) for vintage in shares["vintage"]],
            "locator": "Economy: " + shares["flow"].astype(str) + " - partners",
            "definition": FACTBOOK_DEFINITION,
            "status": "compiled",
        }
    )
    return rows[list(COLUMNS)]


def _world_rows(pair: tuple[str, str], world: World | None) -> pd.DataFrame:
    if world is None:
        return pd.DataFrame(columns=list(COLUMNS))
    try:
        shares = dependence(*pair, world, look_through=False)
    except NotInWorldError:
        return pd.DataFrame(columns=list(COLUMNS))
    others = len(world.countries) - 1
    common: dict[str, int | Citation] = {
        "year": world.year,
        "unit": "percent",
        "source": world.provenance.dataset,
        "locator": "sum over the table's cells",
        "definition": f"goods and services traded with the table's {others} other economies, at basic prices",
        "status": "derived",
    }
    rows = [
        {
            "reporter": country,
            "partner": partner,
            "measure": f"share_of_{flow}",
            "value": 100.0 * shares.share(country, flow),
        }
        for country, partner in (pair, pair[::-1])
        for flow in FLOWS
    ]
    return pd.DataFrame([{**row, **common} for row in rows])[list(COLUMNS)]


def partner_shares(
    country: str,
    flow: Literal["exports", "imports"] | None = None,
    shares: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the published shares of a country's largest partners, inside the world's table or not.

    Parameters
    ----------
    country : code or name
    flow : {"exports", "imports"}, optional
        One flow only.
    shares : as in :func:`total_dots`

    Returns
    -------
    DataFrame
        ``partner``, ``flow``, ``year``, ``share`` (0 to 1), ``vintage`` (edition), largest shares first
        within each edition and flow. A partner that is not listed is unknown, not zero. Empty if nothing is
        published.

    Raises
    ------
    InputError
        If the flow is not known.
    """
    if flow not in (None, "exports", "imports"):
        raise InputError(f"`flow` is {flow!r}; give 'exports' or 'imports', or leave it out for both.")
    table = _checked(factbook.partner_shares() if shares is None else shares, PARTNER_COLUMNS)
    rows = table[table["reporter"] == resolve_country(country)]
    if flow is not None:
        rows = rows[rows["flow"] == flow]
    order = rows.sort_values(["vintage", "flow", "share"], ascending=[True, True, False])
    return order.drop(columns="reporter").reset_index(drop=True)


PRESENT = 0.01
"""Share of what a buyer takes from others than the lost supplier, from which one of them is a present supplier."""
NEWCOMERS = 0.3
"""Part of the gap that others than present suppliers fill: mean of stops before 2018 (a fifth where nothing stops)."""
AT = (0.025, 0.075, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95)
MOST = (0.12, 0.25, 0.39, 0.55, 0.62, 0.73, 0.84, 0.91, 0.92, 0.98, 1.0)
"""Part of the gap that a supplier filled at most in nine of ten stops before 2018, by its part in proportion, at AT."""


@dataclass(frozen=True, slots=True)
class GapFillers:
    """Parts of a gap, (C, P).

    present: whether a present supplier; where a buyer has none, every exporter.
    part: of the gap, 0 to 1; of present suppliers they add up to one less the newcomers' part.
    most: no more than this in nine of ten stops, and at least nothing.
    """

    present: np.ndarray
    part: FloatArray
    most: FloatArray


def gap_fillers(bought: FloatArray, elsewhere: FloatArray) -> GapFillers:
    """Say who fills the gap that a lost supplier leaves.

    bought: (C, P) what the buyer takes from each other economy; nought for the lost supplier.
    elsewhere: (C, P) what each sells to all others; nought for the lost supplier and the buyer.
    """
    held = np.where(bought >= PRESENT * bought.sum(axis=0), bought, 0.0)
    known = held.sum(axis=0) > 0
    weight = np.where(known, held, elsewhere)
    plain = over(weight, weight.sum(axis=0))
    part = np.where(known, (1.0 - NEWCOMERS) * plain, plain)
    most = np.where(plain > 0, np.maximum(np.interp(plain, AT, MOST), part), 0.0)
    return GapFillers(weight > 0, part, most)
