"""Tables of trade measures that others keep up to date, as downloaded: who does what to whom, from when to when.

Five layouts are told apart by their columns:

* ``country-by-time.csv`` of tradewartracker/trade-war-redux-2025: US tariffs added since 2024, per cent;
* ``etr_by_partner.csv`` of Budget-Lab-Yale/tariff-rate-tracker: US rates by eight partners, as fractions;
* the CSV of global-trade-alert/us-tariff-barrier-estimates: US rates by exporter and HS product of eight digits;
* ``interventions.csv`` of Global Trade Alert's data centre: measures of all kinds, without rates;
* what Global Trade Alert's data endpoint answers (JSON): the same, with the rates of products for full access.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from suasion.errors import SourceFileError, UnknownCountryError
from suasion.sources.countries import resolve_country
from suasion.sources.elasticities import CHAPTERS
from suasion.sources.groups import is_group, members

GOODS = ("A", "B", "C")
EVERYBODY = ("all",)
PARTNERS = {
    "eu": "EU", "uk": "GBR", "row": "all", "european union": "EU", "korea, south": "KOR", "congo": "COG",
    "dpr korea": "PRK", "bosnia & herzegovina": "BIH", "sao tome & principe": "STP",
}  # fmt: skip
"""Names that are not those of states, or not ours; ``row`` is everybody who is not named."""
TYPES: Mapping[str, str] = {
    "Import ban": "import_ban", "Export ban": "export_ban", "Export tax": "export_tax", "Import tariff": "tariff",
    "Anti-dumping": "tariff", "Anti-subsidy": "tariff", "Safeguard": "tariff", "Special safeguard": "tariff",
}  # fmt: skip
"""Intervention types of Global Trade Alert that an instrument does."""
BANS = ("import_ban", "export_ban")
CLASSES: tuple[tuple[int, int, str], ...] = (
    (11, 29, "A01"), (31, 32, "A02"), (41, 49, "A03"), (110, 110, "B05"), (120, 120, "B06"), (130, 142, "B07"),
    (151, 163, "B08"), (171, 174, "D"), (180, 180, "E"), (211, 250, "C10T12"), (261, 296, "C13T15"), (311, 319, "C16"),
    (321, 328, "C17_18"), (331, 335, "C19"), (336, 351, "C20"), (352, 352, "C21"), (353, 355, "C20"),
    (361, 369, "C22"), (371, 379, "C23"), (381, 389, "C31T33"), (391, 399, "E"), (411, 412, "C24A"),
    (413, 416, "C24B"), (421, 429, "C25"), (431, 446, "C28"), (447, 447, "C25"), (448, 448, "C27"), (449, 449, "C28"),
    (451, 452, "C26"), (461, 469, "C27"), (471, 484, "C26"), (491, 492, "C29"), (493, 494, "C301"),
    (495, 499, "C302T309"),
)  # fmt: skip
"""First and last class of goods of the CPC 2.1, and the industry that they are counted to (assumption)."""
CSV_NAMES = {
    "intervention_type": "Intervention Type",
    "gta_evaluation": "GTA Evaluation",
    "implementing_jurisdictions": "Implementing Jurisdictions",
    "affected_jurisdictions": "Affected Jurisdictions",
    "affected_sectors": "Affected Sectors",
    "date_implemented": "Date Implemented",
    "date_removed": "Date Removed",
}
"""Fields of the data endpoint and their columns in ``interventions.csv``."""
DAYS = ("date_implemented", "date_removed")
SIDES = ("implementing_jurisdictions", "affected_jurisdictions")
DAY = timedelta(days=1)
TENTH = 0.001
"""US rates by product are rounded to a tenth of a point, so that industries with the same rate share a line."""


class SkippedRow(StrEnum):
    """Why a line of a table is no instrument.

    A kind that none does, a ban lifted, single firms, a tariff without a rate, no first day, services or no goods, a
    partner that is no state or group, economies outside the world's table.
    """

    KIND = "kind"
    LIFTED = "lifted"
    FIRMS = "firms"
    RATE = "rate"
    DAY = "day"
    GOODS = "goods"
    PARTNER = "partner"
    WORLD = "world"


@dataclass(frozen=True, slots=True)
class TableMeasure:
    """One measure of a table.

    kind: type of a scenario's instrument.
    senders, targets, sectors: codes and groups.
    rate: fraction; NaN for a ban.
    mode: ``add`` or ``set``.
    first, last: days in force.
    """

    kind: str
    senders: tuple[str, ...]
    targets: tuple[str, ...]
    sectors: tuple[str, ...]
    rate: float
    mode: str = "add"
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class MeasureTable:
    """Measures of a table, the number of its lines that are none of them, by reason, and partners that are no state."""

    measures: tuple[TableMeasure, ...]
    left_out: dict[SkippedRow, int]
    strange: tuple[str, ...] = ()


def read_measure_table(path: str | Path) -> MeasureTable:
    """Read a table of trade measures in any of the layouts above.

    path: as downloaded.
    Raises SourceFileError: It is absent, or of another layout.
    """
    file = Path(path)
    try:
        if file.suffix.lower() == ".json":
            return _interventions(_records(json.loads(file.read_text("utf-8")), file))
        raw = pd.read_csv(file, low_memory=False)
    except (OSError, ValueError) as error:  # both parsers raise ValueError
        raise SourceFileError(f"{file} cannot be read: {error}. Give the file as downloaded.") from error
    columns = set(raw.columns)
    if {"date", "country_name", "effective tariff"} <= columns:
        return _by_day(raw, "country_name", 0.01 * raw["effective tariff"], "add")
    if {"date", "partner", "etr"} <= columns:
        return _by_day(raw, "partner", raw["etr"], "set")
    if {"iso_code", "hs_8digit", "us_imports", "rate"} <= columns:
        return _by_product(raw)
    if set(CSV_NAMES.values()) <= columns:
        return _interventions(_rows(raw))
    raise SourceFileError(
        f"{file} has columns {', '.join(map(str, raw.columns))}; give country-by-time.csv, etr_by_partner.csv, or "
        "a table of Global Trade Alert."
    )


def _by_day(raw: pd.DataFrame, partner: str, rate: pd.Series, mode: str) -> MeasureTable:
    """US rates by partner and day: each holds until the day before the next."""
    days = pd.to_datetime(raw["date"]).dt.date
    table = pd.DataFrame({"day": days, "code": raw[partner].map(_code), "rate": rate})
    kept = table.dropna().sort_values("day", kind="stable")
    kept = kept[kept.groupby("code")["rate"].diff() != 0.0]
    nexts = [None if day != day else day - DAY for day in kept.groupby("code")["day"].shift(-1)]
    lines = zip(kept["code"], kept["rate"], kept["day"], nexts, strict=True)
    named = set(kept["code"])
    made = [
        _usa(_others(code, named, first), GOODS, level, mode, first, last)
        for code, level, first, last in lines
    ]
    return _of_usa(made, raw.loc[table["code"].isna(), partner].dropna().unique())


def _others(code: str, named: set[str], day: date) -> tuple[str, ...]:
    """A partner of a line; of a group with such only the members that have no line of their own."""
    inside = members(code, day.year) if is_group(code) else ()
    return tuple(one for one in inside if one not in named) if named & set(inside) else (code,)


def _by_product(raw: pd.DataFrame) -> MeasureTable:
    """US rates by exporter and product, as means of industries weighed by imports."""
    chapter = raw["hs_8digit"].astype(str).str.zfill(8).str[:2].astype(int)
    industry = {n: code for first, last, code in CHAPTERS for n in range(first, last + 1)}
    spelt = {name: _code(name) for name in raw["iso_code"].unique()}
    flows = pd.DataFrame({"code": raw["iso_code"].map(spelt), "sector": chapter.map(industry)})
    flows = flows.assign(bought=raw["us_imports"], paid=raw["rate"] * raw["us_imports"] / 100.0)
    sums = flows.groupby(["code", "sector"])[["paid", "bought"]].sum().query("bought > 0")
    rates = (sums["paid"] / sums["bought"] / TENTH).round() * TENTH
    alike = rates.rename("rate").reset_index().groupby(["code", "rate"])["sector"].agg(tuple)
    lines = alike.reset_index()[["code", "sector", "rate"]].to_numpy()
    made = [_usa((code,), sectors, rate, "set") for code, sectors, rate in lines]
    return _of_usa(made, [name for name, code in spelt.items() if code is None])


def _usa(
    targets: tuple[str, ...], sectors: tuple[str, ...], rate: float, mode: str, *days: date | None
) -> TableMeasure:
    return TableMeasure("tariff", ("USA",), targets, sectors, float(rate), mode, *days)


def _of_usa(made: Iterable[TableMeasure], strange: Iterable[object]) -> MeasureTable:
    """Measures of the United States, and names of partners that are no state or group."""
    names = tuple(map(str, strange))
    return MeasureTable(tuple(made), {SkippedRow.PARTNER: len(names)} if names else {}, names)


def _records(data: Any, file: Path) -> list[dict[str, Any]]:
    """Interventions as the data endpoint answers them."""
    found = data.get("results") if isinstance(data, dict) else data
    if not isinstance(found, list) or not all(
        isinstance(one, dict) and set(CSV_NAMES) <= set(one) for one in found
    ):
        raise SourceFileError(
            f"{file} is no answer of Global Trade Alert's data endpoint: give a list of interventions with "
            f"{', '.join(CSV_NAMES)}."
        )
    return found


def _rows(raw: pd.DataFrame) -> list[dict[str, Any]]:
    """Interventions of the CSV, in the form of the data endpoint; lists are separated by commas there."""
    table = raw[list(CSV_NAMES.values())].set_axis(list(CSV_NAMES), axis=1)
    table = table.astype(object).where(table.notna(), None)
    for name in ("implementing_jurisdictions", "affected_jurisdictions", "affected_sectors"):
        table[name] = [[part.strip() for part in str(text or "").split(",")] for text in table[name]]
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _interventions(records: Iterable[Mapping[str, Any]]) -> MeasureTable:
    found = [_measure(one) for one in records]
    made = tuple(one for one in found if isinstance(one, TableMeasure))
    return MeasureTable(made, dict(Counter(one for one in found if isinstance(one, SkippedRow))))


def _measure(one: Mapping[str, Any]) -> TableMeasure | SkippedRow:
    """An intervention as a measure, or why it is none."""
    kind = TYPES.get(str(one["intervention_type"]))
    if kind is None:
        return SkippedRow.KIND
    if kind in BANS and one["gta_evaluation"] == "Green":
        return SkippedRow.LIFTED
    if one.get("eligible_firm") == "firm-specific":
        return SkippedRow.FIRMS
    rate = np.nan if kind in BANS else _change(one.get("affected_products"))
    if kind not in BANS and not np.isfinite(rate):
        return SkippedRow.RATE
    first, last = (date.fromisoformat(str(one[name])[:10]) if one[name] else None for name in DAYS)
    if first is None:
        return SkippedRow.DAY
    sectors = tuple(dict.fromkeys(filter(None, map(_industry, one["affected_sectors"]))))
    if not sectors:
        return SkippedRow.GOODS
    senders, targets = (_codes(one[name]) for name in SIDES)
    if not senders:
        return SkippedRow.PARTNER
    return TableMeasure(kind, senders, targets or EVERYBODY, sectors, rate, first=first, last=last)


def _change(products: Any) -> float:
    """Mean change of the rates of products, as a fraction; NaN where none is told, or all are per piece or weight."""
    told = [one for one in products if isinstance(one, dict)] if isinstance(products, list) else []
    changes = [
        float(one["new_level"]) - float(one["prior_level"] or 0.0)
        for one in told
        if one.get("new_level") is not None and "percent" in str(one.get("unit") or "percent")
    ]
    return 0.01 * float(np.mean(changes)) if changes else np.nan


def _industry(sector: Any) -> str | None:
    """Industry of a class of goods; None for services."""
    text = str(sector).strip()
    number = int(text) if text.isdigit() else 0
    return next((code for first, last, code in CLASSES if first <= number <= last), None)


def _codes(names: Iterable[Any]) -> tuple[str, ...]:
    """Codes of jurisdictions: by their ISO code where it is told, else by name."""
    given = [one.get("iso") or one.get("name", "") if isinstance(one, dict) else one for one in names]
    return tuple(dict.fromkeys(filter(None, map(_code, given))))


def _code(name: Any) -> str | None:
    text = str(name).strip()
    known = PARTNERS.get(text.lower())
    if known is not None or not text:
        return known
    for spelling in (text, text.title()):
        try:
            return resolve_country(spelling)
        except UnknownCountryError:
            continue
    return None
