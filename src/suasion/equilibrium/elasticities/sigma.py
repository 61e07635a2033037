"""The Armington elasticity of every sector: published estimates, stated fills, and one convention.

``sigma`` is the elasticity of substitution among origins of a good. Three conventions are in print:

* a regression of trade at the border on ``ln(1 + tariff)`` gives ``-sigma`` (Fontagne, Guimbard and Orefice);
* some authors print ``sigma`` itself (Ahmad and Schreiber);
* models in the Eaton-Kortum tradition print ``theta = sigma - 1`` (Caliendo and Parro).

Mixing them shifts sigma by one, so each number of the embedded table carries its convention.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from suasion.equilibrium.elasticities.schedule import EXCHANGE_GOODS
from suasion.errors import ElasticityError
from suasion.remarks import Remark, Topic
from suasion.sources.elasticities import CONVENTIONS, Convention, ElasticityRow, elasticity_table
from suasion.types import Z90, Citation

Kind = Literal["estimate", "approximate", "fill", "default"]

SD_ESTIMATE = 0.25
"""Standard deviation of ln(sigma - 1) of a sector's own estimate. Assumption, range 0.15 to 0.40."""

SD_APPROXIMATE = 0.35
"""The same where the estimate is of a neighbouring class. Assumption, range 0.25 to 0.50."""

DEFAULT_SIGMA = 5.0
"""For sectors outside the table: product-level elasticities are centred around -5 (FGO 2022, abstract)."""

DEFAULT_RANGE = (2.9, 9.7)
"""Range of the default. Assumption: telecommunications to health, most of the span of services."""


@dataclass(frozen=True, slots=True)
class SigmaValue:
    """The long-run Armington elasticity of one sector and where it comes from.

    sector: code or name of the sector.
    sigma: elasticity of substitution among origins, > 1.
    kind: {"estimate", "approximate", "fill", "default"}. Own estimate; estimate of a wider class; borrowed
      from another sector; not in the table at all.
    source: short name of the publication, or ``"assumption"``.
    note: coverage, or the reason of the fill.
    low, high: range: 90 % interval implied by ``sd``, or the range stated for a fill.
    sd: standard deviation of ln(sigma - 1), without the part common to all sectors.
    """

    sector: str
    sigma: float
    kind: Kind
    source: str
    note: Citation
    low: float
    high: float
    sd: float

    @property
    def mark(self) -> Remark | None:
        """Note for a result; none for an own estimate."""
        if self.kind == "estimate":
            return None
        values = {name: getattr(self, name) for name in ("sector", "sigma", "source", "low", "high")}
        topic = Topic.SIGMA_WIDER if self.kind == "approximate" else Topic.SIGMA_FILLED
        return Remark(topic, values | {"why": self.note})


@dataclass(frozen=True, slots=True)
class Fill:
    """A stated loan: the sector takes sigma of ``donor``; ``low`` and ``high`` are donors or numbers."""

    donor: str
    low: str | float
    high: str | float
    reason: Citation


FILLS: Mapping[str, Fill] = MappingProxyType(
    {
        "A02": Fill("Agriculture", "A01", "Wood", "Caliendo-Parro agriculture, which includes forestry"),
        "B05": Fill("Mining", "B08", "B07", "Caliendo-Parro mining, which includes coal"),
        "B09": Fill("N", "J61", "Mining", "business services: mining support is a service, not an ore"),
        "D": Fill("B06", 2.0, 9.0, "crude oil and gas, the nearest energy good; grids make it less so"),
        "E": Fill("C24A", "E", "F", "basic iron and steel, with which traded scrap competes, because the "
                  "published 1.40 rests on the few goods classified here"),
        "O": Fill("S", "N", "Q", "recreational and other services; government services are hardly traded"),
        "T": Fill("S", "N", "Q", "recreational and other services; household employment is hardly traded"),
    }
)  # fmt: skip
"""Sectors of the 50-industry classification that take another sector's value, with reason and range."""

CP_UNESTIMATED = (
    "Electricity", "Construction", "Retail", "Hotels", "Land Transport", "Water Transport", "Air Transport",
    "Aux Transport", "Post", "Finance", "Real State", "Renting Mach", "Computer", "R&D", "Other Business",
    "Public", "Education", "Health", "Other services", "Private",
)  # fmt: skip
"""Sectors of Caliendo and Parro to which their simulation file assigns 8.22 without an estimate."""

_CP_REASON: Citation = "Caliendo and Parro's simulation file assigns 8.22 to sectors they did not estimate"
_CP_FILL = Fill("Auto", "J61", "Mining", _CP_REASON)


WIOD_DONORS = MappingProxyType(
    {
        "c1": "A01", "c2": "B06", "c3": "C10T12", "c4": "C13T15", "c5": "C13T15", "c6": "C16", "c7": "C17_18",
        "c8": "C19", "c9": "C20", "c10": "C22", "c11": "C23", "c12": "C24A", "c13": "C28", "c14": "C26",
        "c15": "C29", "c16": "C31T33", "c17": "B06", "c18": "F", "c19": "G", "c20": "G", "c21": "G",
        "c22": "I", "c23": "H49", "c24": "H50", "c25": "H51", "c26": "H52", "c27": "J61", "c28": "K",
        "c29": "L", "c30": "N", "c31": "S", "c32": "P", "c33": "Q", "c34": "S", "c35": "S",
    }
)  # fmt: skip
"""Nearest estimated industry of each of the 35 industries of WIOD's 2013 release. Assumption."""

EXCHANGE_ELSEWHERE = ("Agriculture", "Mining", "Petroleum", "Basic metals", "c1", "c2", "c8")
"""Sectors of Caliendo and Parro and of WIOD 2013 that hold exchange goods and little else. Assumption."""

_SCHEME_SIZE = 10  # names of another classification count only where this many occur together


def to_sigma(value: float, convention: Convention) -> float:
    """Sigma from a number in one of the printed conventions.

    Parameters
    ----------
    value : number as printed
    convention : {"coefficient = -sigma", "sigma", "theta = sigma - 1"}
        What was printed.

    Returns
    -------
    float
        Elasticity of substitution among origins.

    Raises
    ------
    ElasticityError
        When the convention is unknown, or the result is not a positive finite number (a sign mistake).

    Examples
    --------
    >>> to_sigma(-3.24, "coefficient = -sigma")
    3.24
    """
    rules = {"coefficient = -sigma": -value, "sigma": value, "theta = sigma - 1": value + 1.0}
    if convention not in rules:
        raise ElasticityError(f"Convention {convention!r} is unknown; allowed: {'; '.join(CONVENTIONS)}.")
    sigma = rules[convention]
    if not (math.isfinite(sigma) and sigma > 0.0):
        raise ElasticityError(
            f"{value} read as `{convention}` gives sigma {sigma}; it must be > 0. Check the sign."
        )
    return sigma


@cache
def sigma_table() -> MappingProxyType[str, SigmaValue]:
    """Long-run sigma of every sector of the classifications that are known.

    Returns: read-only mapping of sector to SigmaValue. 50 industries of the embedded world (43 published, 7
      filled), 40 sectors of Caliendo and Parro (20 from the publication, 20 assigned by it), 35 industries of
      WIOD 2013 (all filled from the first).
    """
    rows = {row.sector: row for row in elasticity_table()}
    direct = {sector: _published(row) for sector, row in rows.items()}
    fills = dict(FILLS) | dict.fromkeys(CP_UNESTIMATED, _CP_FILL)
    filled = {sector: _filled(sector, fill, direct) for sector, fill in fills.items()}
    lent = {sector: _lent(sector, direct[donor]) for sector, donor in WIOD_DONORS.items()}
    return MappingProxyType(direct | filled | lent)


def _lent(sector: str, donor: SigmaValue) -> SigmaValue:
    """Value of an industry of another classification: that of its nearest industry, spread more widely."""
    factor = math.exp(Z90 * SD_APPROXIMATE)
    low, high = 1.0 + (donor.sigma - 1.0) / factor, 1.0 + (donor.sigma - 1.0) * factor
    note: Citation = f"the estimate of {donor.sector}, the nearest industry with one ({donor.source})"
    return SigmaValue(sector, donor.sigma, "fill", "assumption", note, low, high, SD_APPROXIMATE)


def _published(row: ElasticityRow) -> SigmaValue:
    sigma = to_sigma(row.value, row.convention)
    kind: Kind = "approximate" if row.approximate else "estimate"
    sd = SD_ESTIMATE if kind == "estimate" else SD_APPROXIMATE
    factor = math.exp(Z90 * sd)
    low, high = 1.0 + (sigma - 1.0) / factor, 1.0 + (sigma - 1.0) * factor
    return SigmaValue(row.sector, sigma, kind, row.source, row.note, low, high, sd)


def _filled(sector: str, fill: Fill, direct: dict[str, SigmaValue]) -> SigmaValue:
    """Value of a fill; its range is read as a 90 % interval, which gives the standard deviation."""
    low, high = (direct[end].sigma if isinstance(end, str) else end for end in (fill.low, fill.high))
    sd = math.log((high - 1.0) / (low - 1.0)) / (2.0 * Z90)
    return SigmaValue(sector, direct[fill.donor].sigma, "fill", "assumption", fill.reason, low, high, sd)


def default_value(sector: str) -> SigmaValue:
    """Documented default of a sector that the table does not hold."""
    low, high = DEFAULT_RANGE
    sd = math.log((high - 1.0) / (low - 1.0)) / (2.0 * Z90)
    note: Citation = (
        "the sector is not in the table of estimates, so the centre of the published ones stands in"
    )
    return SigmaValue(sector, DEFAULT_SIGMA, "default", "assumption", note, low, high, sd)


def sigma_values(sectors: Sequence[str]) -> tuple[SigmaValue, ...]:
    """Value of each sector of a world, the default where the table has none.

    One-letter codes count as industries of the embedded classification only beside longer ones (``"A01"``),
    and names of Caliendo and Parro and codes of WIOD only where at least ten occur: a home-made sector "D",
    "Other" or "c1" is something else.
    """
    table = sigma_table()
    known = _known(sectors)
    return tuple(table[s] if s in known else default_value(s) for s in sectors)


def exchange_goods(sectors: Sequence[str]) -> tuple[str, ...]:
    """Sectors of a world whose goods have exchanges or reference prices: suppliers are replaced within months.

    Sectors of other classifications count where they hold little else.
    """
    listed = _known(sectors) & {*EXCHANGE_GOODS, *EXCHANGE_ELSEWHERE}
    return tuple(s for s in sectors if s in listed)


def _known(sectors: Iterable[str]) -> frozenset[str]:
    """Names of the table that apply to a world with these sectors."""
    present = set(sectors) & set(sigma_table())
    wiod = present & set(WIOD_DONORS)
    names = {row.sector for row in elasticity_table() if row.source == "CP 2015"} | set(CP_UNESTIMATED)
    codes = present - wiod - names
    found = set(codes) if any(len(code) > 1 for code in codes) else set()
    for scheme in (wiod, present & names):
        found |= scheme if len(scheme) >= _SCHEME_SIZE else set()
    return frozenset(found)
