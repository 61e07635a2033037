"""The embedded table of published trade elasticities, one typed row a value, in its own convention."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from suasion.errors import SourceFileError
from suasion.files import shipped_text

Convention = Literal["coefficient = -sigma", "sigma", "theta = sigma - 1"]
CONVENTIONS: tuple[Convention, ...] = get_args(Convention)
_COLUMNS = ("sector", "value", "convention", "source", "note")

SOURCES: dict[str, str] = {
    "FGO 2022": (
        "Fontagne, Guimbard and Orefice (2022), Tariff-based product-level trade elasticities, Journal of "
        "International Economics 133; the authors' data set in the ICIO classification, column of all uses"
    ),
    "AS 2024": "Ahmad and Schreiber (2024), elasticities of substitution of services by GTAP sector",
    "CP 2015": (
        "Caliendo and Parro (2015), Estimates of the Trade and Welfare Effects of NAFTA, Review of Economic "
        "Studies 82(1); theta of the simulation files"
    ),
}
"""What the short names in the table's ``source`` column stand for."""
CHAPTERS: tuple[tuple[int, int, str], ...] = (
    (1, 2, "A01"), (3, 3, "A03"), (4, 15, "A01"), (16, 24, "C10T12"), (25, 26, "B07"), (27, 27, "B06"),
    (28, 29, "C20"), (30, 30, "C21"), (31, 38, "C20"), (39, 40, "C22"), (41, 43, "C13T15"), (44, 46, "C16"),
    (47, 49, "C17_18"), (50, 67, "C13T15"), (68, 70, "C23"), (71, 71, "C24B"), (72, 73, "C24A"), (74, 81, "C24B"),
    (82, 83, "C25"), (84, 84, "C28"), (85, 85, "C26"), (86, 86, "C302T309"), (87, 87, "C29"),
    (88, 88, "C302T309"), (89, 89, "C301"), (90, 92, "C26"), (93, 93, "C25"), (94, 99, "C31T33"),
)  # fmt: skip
"""First and last HS chapter and the industry that it is counted to (assumption)."""


@dataclass(frozen=True, slots=True)
class ElasticityRow:
    """One published number.

    Attributes
    ----------
    sector : ICIO code (``"A01"``) or sector name of Caliendo and Parro (``"Basic metals"``)
    value : the number as published
    convention : {"coefficient = -sigma", "sigma", "theta = sigma - 1"}
        What the number is.
    source : key of :data:`SOURCES`
    note : coverage or quality of the mapping
    """

    sector: str
    value: float
    convention: Convention
    source: str
    note: str

    @property
    def approximate(self) -> bool:
        """Whether the number is of a class that is not quite the sector's, as its note says."""
        return "approximate" in self.note or "replaced" in self.note


@cache
def elasticity_table() -> tuple[ElasticityRow, ...]:
    """Return the published trade elasticities of the embedded table.

    Returns
    -------
    tuple of ElasticityRow
        28 rows of goods and goods-like services, 16 of services, 20 of Caliendo and Parro.

    Raises
    ------
    SourceFileError
        When the file is not the one that was shipped: other columns, or an unknown convention.
    """
    text = shipped_text("suasion.snapshot", "elasticities.csv")
    return parse_elasticities(text)


def parse_elasticities(text: str) -> tuple[ElasticityRow, ...]:
    """Rows of a table with the columns sector, value, convention, source, note."""
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != _COLUMNS:
        raise SourceFileError(
            f"The elasticity table must have the columns {', '.join(_COLUMNS)}; it has {reader.fieldnames}."
        )
    return tuple(_row(row, reader.line_num) for row in reader)


def _row(row: dict[str, str], line: int) -> ElasticityRow:
    if row["convention"] not in CONVENTIONS or row["source"] not in SOURCES:
        raise SourceFileError(
            f"The elasticity table, line {line}: convention {row['convention']!r} or source "
            f"{row['source']!r} is unknown. Conventions: {'; '.join(CONVENTIONS)}. "
            f"Sources: {', '.join(SOURCES)}."
        )
    try:
        value = float(row["value"])
    except ValueError as error:
        raise SourceFileError(
            f"The elasticity table, line {line}: {row['value']!r} is not a number."
        ) from error
    return ElasticityRow(row["sector"], value, row["convention"], row["source"], row["note"])
