"""Elasticities by product: of supply, of demand, and of substitution between one country's goods and another's.

Each number is cited or an assumption, and each has a range; results are given over the range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from suasion.errors import ElasticityError
from suasion.sources.elasticities import CHAPTERS, elasticity_table
from suasion.types import Citation, FloatArray

Kind = Literal["one price", "own variety"]
Range = tuple[float, float, float]
"""Low, central, high."""

OIL: Citation = (
    "Bilgin and Ellwanger (2018), The Simple Economics of Global Fuel Consumption, slide 2: supply and demand of "
    "Kilian and Murphy 2014 (0.015, 0.26), Baumeister and Hamilton 2017 (0.15, 0.35), Caldara, Cavallo and "
    "Iacoviello 2017 (0.11, 0.13)"
)
GAS: Citation = (
    "demand: American homes within a year, 0.24 to 0.56 (Price Responsiveness of Residential Demand for Natural Gas in "
    "the United States, Energies 15(12), 2022, 4231, conclusion 1), and firms, 0.15 to 0.26 (Li, Woo, Tishler and "
    "Zarnikau, 2022, on commercial demand, abstract). Supply: assumption; existing wells hardly respond, and drilling "
    "by 0.7 in the long run (Newell, Prest and Vissing, 2016, RFF DP 16-32, abstract); models of the American market "
    "imply 0.4 to 1.3 in the long term, a price lower by 0.75 to 2.5 per cent for one of demand (Wiser, Bolinger and "
    "St. Clair, Putting Downward Pressure on Natural Gas Prices, abstract)"
)
COAL: Citation = (
    "demand: Chinese provinces over two years, 0.3 to 0.7 (Burke and Liao, Is the price elasticity of demand for coal "
    "in China increasing?, abstract); less within one is an assumption. Supply: assumption"
)
FARM: Citation = (
    "low ends: staple calories of the world, supply 0.1, demand 0.04 (Roberts and Schlenker, 2009, as "
    "econwatson.blogspot.com of 18 February 2010 reports them); one product gives way to others, so that the rest is "
    "higher: assumption"
)
METALS: Citation = (
    "assumption; that demand is inelastic is the finding of Fernandez (2018), Mineral commodity consumption and "
    "intensity of use re-assessed, abstract (seven metals, 25 countries), and of Lin Lawell and Zhang (2016), abstract "
    "(copper, iron, lead, zinc)"
)
MADE = "assumption"
SHORT_RUN = 0.4
"""Share of the long-run elasticity of substitution that holds after a year: assumption, about 0.76 of 2.0."""
LEAST_SIGMA = 1.5


@dataclass(frozen=True, slots=True)
class Market:
    """How a group of products responds to prices within about a year.

    Attributes
    ----------
    prefixes : first digits of its HS codes; the longest that fits a product counts
    name : name of the group
    kind : {"one price", "own variety"}
        Whether a buyer cares where the good comes from.
    supply, demand : (low, central, high) price elasticities, as positive numbers
    source : where they come from, or ``assumption``
    """

    prefixes: tuple[str, ...]
    name: str
    kind: Kind
    supply: Range
    demand: Range
    source: str


METAL_CHEMICALS = ("2804", "2805", "2822", "2825", "283691", "2846")
"""Elements, and compounds in which a metal is sold: cobalt, lithium, vanadium, rare earths."""
MARKETS: tuple[Market, ...] = (
    Market(("2709",), "crude oil", "one price", (0.015, 0.11, 0.15), (0.13, 0.26, 0.35), OIL),
    Market(("2711",), "gas", "one price", (0.05, 0.25, 0.5), (0.15, 0.25, 0.55), GAS),
    Market(("2701", "2702"), "coal", "one price", (0.1, 0.25, 0.5), (0.1, 0.25, 0.7), COAL),
    Market(("27",), "other energy", "one price", (0.1, 0.25, 0.5), (0.1, 0.25, 0.5), MADE),
    Market(
        ("25", "26", *METAL_CHEMICALS, "71", "72", "74", "75", "76", "78", "79", "80", "81"),
        "minerals and metals",
        "one price",
        (0.05, 0.15, 0.4),
        (0.05, 0.15, 0.4),
        METALS,
    ),
    Market(
        ("01", "02", "03", "04", "07", "08", "09", "10", "11", "12", "14", "15", "17", "18", "52"),
        "agriculture",
        "one price",
        (0.1, 0.4, 0.8),
        (0.04, 0.4, 0.8),
        FARM,
    ),
    Market(("",), "manufactures", "own variety", (0.5, 1.0, 3.0), (0.5, 0.8, 1.5), MADE),
)
"""Groups of products. A raw material has one price on the world market; a manufacture is its maker's own."""


@dataclass(frozen=True, slots=True)
class Responses:
    """Elasticities of many products.

    Attributes
    ----------
    supply, demand, sigma : (3, P) low, central, high
    one_price : (P,) bool
    names, sources : group and source of each product
    """

    supply: FloatArray
    demand: FloatArray
    sigma: FloatArray
    one_price: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    names: tuple[str, ...]
    sources: tuple[str, ...]


def responses(products: Sequence[str], markets: Sequence[Market] = MARKETS) -> Responses:
    """Look up the elasticities of products.

    Parameters
    ----------
    products : HS codes of six digits, (P,)
    markets : groups; the longest prefix that fits counts

    Returns
    -------
    Responses

    Raises
    ------
    ElasticityError
        If a range is not ordered, or negative, or a product fits no group.
    """
    by_prefix = {prefix: market for market in markets for prefix in market.prefixes}
    found = [_longest(code, by_prefix) for code in products]
    supply = _checked([market.supply for market in found], "supply")
    demand = _checked([market.demand for market in found], "demand")
    return Responses(
        supply,
        demand,
        _sigma(products),
        np.array([market.kind == "one price" for market in found], dtype=np.bool_),
        tuple(market.name for market in found),
        tuple(market.source for market in found),
    )


def _longest(code: str, by_prefix: dict[str, Market]) -> Market:
    for length in range(len(code), -1, -1):
        if code[:length] in by_prefix:
            return by_prefix[code[:length]]
    raise ElasticityError(f"Product {code} fits no group of elasticities; add one with the prefix ''.")


def _checked(ranges: Sequence[Range], side: str) -> FloatArray:
    values = np.array(ranges, dtype=np.float64).reshape(len(ranges), 3).T
    if (values[0] < 0).any() or (np.diff(values, axis=0) < 0).any():
        raise ElasticityError(
            f"The elasticities of {side} must be three numbers, low <= central <= high, none below zero."
        )
    return values


def _sigma(products: Sequence[str]) -> FloatArray:
    """Substitution between origins: short run at least, half way, long run as published."""
    long = np.array([_long_sigma().get(int(code[:2]), np.nan) for code in products], dtype=np.float64)
    short = np.maximum(LEAST_SIGMA, SHORT_RUN * long)
    return np.stack([short, np.sqrt(short * long), long]) if len(products) else np.zeros((3, 0))


@cache
def _long_sigma() -> dict[int, float]:
    published = {
        row.sector: -row.value for row in elasticity_table() if row.convention == "coefficient = -sigma"
    }
    return {n: published[sector] for first, last, sector in CHAPTERS for n in range(first, last + 1)}
