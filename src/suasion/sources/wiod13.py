"""World Input-Output Database, 2013 release: 41 regions, 35 industries, 1995-2011, million USD.

One R file a year, ``wiot_YYYY.RData``, with the lists ``inter`` (1435, 1435), ``final`` (1435, 205)
and ``output`` (1435), region by region and industry by industry. Rows sell, columns buy; the five final
categories of a region stand side by side. Cells are whole million dollars.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from suasion.errors import SourceFileError
from suasion.files import checksum_of
from suasion.sources.ir_files import locate
from suasion.sources.rfiles import read_r
from suasion.sources.world_table import WorldTable, check_year
from suasion.types import FloatArray

YEARS = range(1995, 2012)
DATASET = "WIOD, 2013 release"

_CODES = {"ROM": "ROU", "RoW": "ROW"}

INDUSTRIES: dict[str, str] = {
    "c1": "Agriculture, hunting, forestry and fishing",
    "c2": "Mining and quarrying",
    "c3": "Food, beverages and tobacco",
    "c4": "Textiles and textile products",
    "c5": "Leather and footwear",
    "c6": "Wood and products of wood and cork",
    "c7": "Pulp, paper, printing and publishing",
    "c8": "Coke, refined petroleum and nuclear fuel",
    "c9": "Chemicals and chemical products",
    "c10": "Rubber and plastics",
    "c11": "Other non-metallic minerals",
    "c12": "Basic metals and fabricated metal",
    "c13": "Machinery, not elsewhere classified",
    "c14": "Electrical and optical equipment",
    "c15": "Transport equipment",
    "c16": "Manufacturing n.e.c. and recycling",
    "c17": "Electricity, gas and water supply",
    "c18": "Construction",
    "c19": "Sale and repair of motor vehicles; fuel",
    "c20": "Wholesale trade",
    "c21": "Retail trade; repair of household goods",
    "c22": "Hotels and restaurants",
    "c23": "Inland transport",
    "c24": "Water transport",
    "c25": "Air transport",
    "c26": "Other transport activities; travel agencies",
    "c27": "Post and telecommunications",
    "c28": "Financial intermediation",
    "c29": "Real estate activities",
    "c30": "Renting of machinery; other business activities",
    "c31": "Public administration and defence",
    "c32": "Education",
    "c33": "Health and social work",
    "c34": "Other community, social and personal services",
    "c35": "Private households with employed persons",
}
"""Industry codes and names of the release."""


def read_wiod13(path: str | Path, year: int | None = None) -> WorldTable:
    """Read one year of the release as published: 1435 sellers and buyers, and 205 = 41 regions x 5 final uses.

    Final uses may be negative where stocks fall; rows sum to output up to rounding.

    path: The year's file, or the folder that holds ``wiot_YYYY.RData`` (or a folder ``wiod13`` with them).
    year: 1995 to 2011.
    Raises InputError if the year is not in the release.
    Raises SourceFileError if the file is absent, not an R file, or holds another table.
    """
    wanted = check_year(year, YEARS, DATASET)
    file = locate(path, [f"wiot_{wanted}.RData"])
    objects = read_r(file, plain_classes=("iot",))
    table = next(iter(objects.values()), None)
    if not isinstance(table, dict) or not {
        "inter",
        "final",
        "output",
        "countries",
        "industries",
        "year",
    } <= set(table):
        raise SourceFileError(
            f"{file} holds no input-output table with inter, final and output: not WIOD 2013?"
        )
    if int(np.asarray(table["year"]).ravel()[0]) != wanted:
        raise SourceFileError(
            f"{file} is the table of {np.asarray(table['year']).ravel()[0]}, not of {wanted}."
        )
    return WorldTable(
        dataset=DATASET,
        year=wanted,
        countries=tuple(_CODES.get(str(x), str(x)) for x in table["countries"]),
        industries=tuple(str(x) for x in table["industries"]),
        inter=_block(file, table, "inter"),
        final=_block(file, table, "final"),
        output=_block(file, table, "output"),
        checksum=checksum_of(file),
        names=INDUSTRIES,
    )


def _block(file: Path, table: dict[str, Any], name: str) -> FloatArray:
    values = np.asarray(table[name], dtype=np.float64)
    want = {"inter": (1435, 1435), "final": (1435, 205), "output": (1435,)}[name]
    if values.shape != want:
        raise SourceFileError(f"{file}: `{name}` has shape {values.shape}, WIOD 2013 has {want}.")
    return values
