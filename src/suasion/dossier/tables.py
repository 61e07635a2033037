"""Tables that are printed as such: the summary, thresholds, sources, certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.language import capital
from suasion.coercion.critical import Crossing
from suasion.dossier.chapter import ChapterTable
from suasion.dossier.context import Dossier
from suasion.dossier.words import plain_name
from suasion.questions.critical_levels import TOLD

FOLDED = 20
"""Rows above which a table stands folded on a screen."""


@dataclass(frozen=True, slots=True)
class Table:
    """A small table ready to print.

    Attributes
    ----------
    key, caption : str
        Identifier and heading.
    columns : tuple of str
        Column heads.
    rows : tuple of tuple of str
        Cells as printed.
    note : str
        One sentence under the table; may be empty.
    folded : bool
        Whether it is long, and stands folded on a screen (never in print).
    """

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    folded: bool = False


def _heads(table: str, *columns: str) -> tuple[str, ...]:
    """Heads of a table's columns."""
    return tuple(say(f"table.{table}.{column}") for column in columns)


def glance_table(dossier: Dossier) -> Table | None:
    """Return the numbers of the summary, one column a side; None where the model cannot be used."""
    if not pair_losses(dossier):
        return None
    sides = (dossier.a, dossier.b)
    held = rows_of(dossier, "dependence", "shares")
    shares = {row["country"]: row["partner_share"] for row in held if row["channel"] == "turnover"}
    rows = [_glance(say("table.glance.turnover"), [_share_cell(shares.get(side.code)) for side in sides])]
    for horizon in ("short", "long"):
        for outlet in ("open", "closed"):
            key = "table.glance.loss" if outlet == "open" else "table.glance.closed"
            cells = [_loss_cell(dossier, side.code, horizon, outlet) for side in sides]
            what = say(key, horizon=horizon, outlet=dossier.audience_name)
            if outlet == "open" or any(cell != n.NO_DATA for cell in cells):
                rows.append(_glance(what, cells))
    for horizon in ("short", "long"):
        what = say("table.glance.level", horizon=horizon)
        cells = [_level_cell(dossier, side.code, horizon) for side in sides]
        if any(cells):
            rows.append(_glance(what, [cell or say("table.glance.unknown") for cell in cells]))
    heads = (say("table.glance.measure"), *(plain_name(side.name) for side in sides))
    return Table("glance-table", say("table.glance.caption"), heads, tuple(rows), say("table.glance.note"))


def _glance(what: str, cells: list[str]) -> tuple[str, ...]:
    return (capital(what), *cells)


def _share_cell(share: float | None) -> str:
    return n.NO_DATA if share is None else n.printed(share, "probability")


def _loss_cell(dossier: Dossier, country: str, horizon: str, outlet: str) -> str:
    for row in pair_losses(dossier):
        if (row["country"], row["horizon"], row["outlet"]) == (country, horizon, outlet):
            if row["loss_percent"] is None:
                return n.NO_DATA
            low, high = (row.get(f"loss_percent_{end}") for end in ("low", "high"))
            band = n.band(low, high).replace("+", "")
            size = n.printed(row["loss_percent"], "percent")
            money = n.printed(row["loss_musd"], "musd")
            return f"{size}{f' ({band})' if band else ''}, {money}".replace(" USD", "\N{NO-BREAK SPACE}USD")
    return n.NO_DATA


def pair_losses(dossier: Dossier) -> list[dict[str, Any]]:
    """Rows of the pair's own cut, by the names of their columns; none where nothing could be computed."""
    return rows_of(dossier, "exit_cost", "exit-costs")


def rows_of(dossier: Dossier, question: str, key: str) -> list[dict[str, Any]]:
    """Rows of a table of an answer by the names of their columns; none where there is no answer."""
    answer = dossier.answers.get(question)
    if answer is None or answer.absent:
        return []
    table = answer.table(key)
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def _level_cell(dossier: Dossier, country: str, horizon: str) -> str:
    for row in rows_of(dossier, "critical_levels", "critical-levels"):
        if (row["country"], row["horizon"], row["level_percent"]) == (country, horizon, TOLD):
            if row["crossing"] == Crossing.REACHED:
                return n.significant(row["multiple"])
            key = {Crossing.PASSED_ALREADY: "passed", Crossing.NOT_REACHED: "not_reached"}.get(
                row["crossing"]
            )
            return say(f"table.glance.{key}", m=f"{row['examined']:g}") if key else ""
    return ""


def chapter_table(table: ChapterTable, most: int | None = None) -> Table:
    """Return a chapter's table as printed; at most ``most`` rows, and a line that says how many are left out."""
    rows = table.printed()
    shown = rows if most is None else rows[:most]
    left = f" {say('table.chapter.left', count=len(rows) - len(shown))}" if len(shown) < len(rows) else ""
    note = f"{f'{table.subtitle}. ' if table.subtitle else ''}{' '.join(table.notes)}".rstrip() + left
    source = f" {say('table.chapter.source', source=table.source)}" if table.source else ""
    heads = tuple(column.title for column in table.columns)
    return Table(table.key, table.title, heads, shown, note + source, folded=len(shown) > FOLDED)


def source_table(dossier: Dossier) -> Table | None:
    """Return the data sets used."""
    rows = tuple(
        (row.name, row.producer, row.version, row.used_for, row.licence, row.checksum[:12])
        for row in dossier.sources
    )
    columns = _heads("sources", "name", "producer", "version", "used", "terms", "checksum")
    return Table("source-table", say("table.sources.caption"), columns, rows) if rows else None


def certificate_table(dossier: Dossier) -> Table | None:
    """Return the checks of the solved equilibria."""
    rows = tuple(
        (
            row.run,
            _power_of_ten(row.residual),
            _power_of_ten(row.dropped_market),
            say(f"table.certificates.{'yes' if row.certified else 'no'}"),
        )
        for row in dossier.certificates
    )
    columns = _heads("certificates", "run", "residual", "dropped", "certified")
    note = say("table.certificates.note")
    return Table("certificates", say("table.certificates.caption"), columns, rows, note) if rows else None


def _power_of_ten(value: float) -> str:
    if value == 0:
        return "0"
    digit, _, power = f"{value:.0e}".partition("e")
    return f"{digit} × 10{str(int(power)).translate(_RAISED)}"


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
