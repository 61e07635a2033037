"""The tables of the dossier as text prints them: short, for a terminal of 80 columns and for Markdown."""

from __future__ import annotations

from typing import Any

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.dossier import tables
from suasion.dossier.context import Dossier, Section
from suasion.dossier.rows import ElsewhereRow, ExposureRow, MaterialRow, ShareRow, TotalRow
from suasion.dossier.words import plain_name

MOST = 5
"""Rows shown of long tables; the HTML and JSON files have all of them."""


def printed_tables(dossier: Dossier) -> list[tables.Table]:
    """Return the tables of the dossier as printed, long ones shortened; chapters not included."""
    made = (
        _shares(dossier),
        *(_materials(dossier, *pair) for pair in _directions(dossier)),
        _totals(dossier),
        tables.exit_cost_table(dossier),
        tables.ratio_table(dossier),
        _elsewhere(dossier),
        *(_exposure(dossier, party.code) for party in (dossier.a, dossier.b)),
        tables.threshold_table(dossier),
        tables.power_table(dossier),
        tables.certificate_table(dossier),
    )
    return [table for table in made if table]


def _heads(*columns: str) -> tuple[str, ...]:
    return tuple(say(f"table.printed.{column}") for column in columns)


def _in(dossier: Dossier, row: ShareRow | TotalRow) -> str:
    names = {"partner": dossier.name(row.partner), "country": dossier.name(row.country)}
    return say("table.printed.in", **{key: plain_name(name) for key, name in names.items()})


def _directions(dossier: Dossier) -> tuple[tuple[str, str], tuple[str, str]]:
    return (dossier.a.code, dossier.b.code), (dossier.b.code, dossier.a.code)


def _shares(dossier: Dossier) -> tables.Table | None:
    rows = tuple(
        (
            _in(dossier, row),
            row.measure,
            n.share(row.share_percent),
            n.NO_DATA if row.value_musd is None else n.usd(row.value_musd),
        )
        for row in dossier.shares.rows
    )
    columns = _heads("share_of", "of", "share", "flow")
    return tables.Table("shares", say("table.printed.shares"), columns, rows) if rows else None


def _materials(dossier: Dossier, seller: str, buyer: str) -> tables.Table | None:
    rows = [row for row in dossier.materials.rows if (row.seller, row.buyer) == (seller, buyer)]
    years = sorted({row.year for row in rows})
    if not years:
        return None
    shown = [year for year in (years[0], 2013, 2019, years[-1]) if year in years]
    picked = tuple(dict.fromkeys(shown))
    by_key = {(row.group, row.year): row for row in rows}
    groups = [group for group in dict.fromkeys(row.group for row in rows) if _traded(rows, group)]
    cells = tuple((group, *(_both_shares(by_key.get((group, year))) for year in picked)) for group in groups)
    caption = say(
        "table.printed.materials",
        seller=plain_name(dossier.name(seller)),
        buyer=plain_name(dossier.name(buyer)),
    )
    note = say("table.printed.materials_note")
    heads = (say("table.printed.group"), *(str(year) for year in picked))
    return tables.Table("materials", caption, heads, cells, note) if cells else None


def _traded(rows: list[MaterialRow], group: str) -> bool:
    return any(row.group == group and (row.value_musd or 0.0) > 0 for row in rows)


def _both_shares(row: MaterialRow | None) -> str:
    if row is None:
        return n.NO_DATA
    return f"{_bare(row.export_share_percent)} / {_bare(row.import_share_percent)}"


def _bare(share: float | None) -> str:
    return "–" if share is None else n.short_share(share).removesuffix(" %")


def _totals(dossier: Dossier) -> tables.Table | None:
    rows = tuple(
        (
            _in(dossier, row),
            str(row.year),
            row.measure,
            n.share(row.value),
            row.source,
        )
        for row in dossier.totals.rows
        if row.unit == "percent"
    )
    note, columns = say("table.printed.totals_note"), _heads("share", "year", "of", "value", "source")
    return tables.Table("totals", say("table.printed.totals"), columns, rows, note) if rows else None


def _elsewhere(dossier: Dossier) -> tables.Table | None:
    pair = {dossier.a.code, dossier.b.code}
    known = [
        row for row in dossier.elsewhere.rows if row.change_percent is not None and row.country not in pair
    ]
    ranked = sorted(known, key=lambda row: row.change_percent or 0.0)
    losers = [row for row in ranked[:MOST] if (row.change_percent or 0.0) < 0]
    gainers = [row for row in ranked[::-1][:MOST] if (row.change_percent or 0.0) > 0]
    rows = tuple(_change_cells(row) for row in (*losers, *reversed(gainers)))
    caption = say("table.printed.elsewhere", horizon=dossier.elsewhere_horizon)
    columns = _heads("economy", "change", "money")
    return tables.Table("elsewhere", caption, columns, rows) if rows else None


def _change_cells(row: ElsewhereRow) -> tuple[str, ...]:
    return plain_name(row.name), n.signed_percent(row.change_percent), n.signed_usd(row.change_usd)


def _exposure(dossier: Dossier, country: str) -> tables.Table | None:
    known = [
        row
        for row in dossier.exposure.rows
        if row.country == country and row.look_through_percent is not None
    ]
    top = sorted(known, key=lambda row: -(row.look_through_percent or 0.0))[:MOST]
    rows = tuple(_exposure_cells(row) for row in top)
    caption = say("table.printed.exposure", country=plain_name(dossier.name(country)))
    columns = _heads("industry", "direct", "through")
    return tables.Table("exposure", caption, columns, rows) if rows else None


def _exposure_cells(row: ExposureRow) -> tuple[str, ...]:
    return row.sector_name, n.share(row.direct_percent), n.share(row.look_through_percent)


def absent(dossier: Dossier) -> dict[str, str]:
    """Return why tables are absent, by the heading they would have."""
    sections: dict[str, Section[Any]] = {
        "shares": dossier.shares,
        "absent_materials": dossier.materials,
        "totals": dossier.totals,
        "absent_break": dossier.exit_costs,
        "absent_elsewhere": dossier.elsewhere,
        "absent_exposure": dossier.exposure,
        "absent_levels": dossier.curves,
    }
    return {
        say(f"table.printed.{key}"): section.reason for key, section in sections.items() if section.reason
    }
