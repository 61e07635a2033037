"""Tables that are printed as such: the summary, thresholds, sources, certificates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from suasion.answers import table as answers
from suasion.answers.catalogue import say
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.dossier.context import DossierContext

FOLDED = 20
"""Rows above which a table stands folded on a screen."""


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A small table ready to print.

    key, caption: identifier and heading.
    columns: Column heads.
    rows: cells as printed.
    note: one sentence under the table; may be empty.
    folded: whether it is long, and stands folded on a screen (never in print).
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


def rows_of(dossier: DossierContext, question: str, key: str) -> list[dict[str, Any]]:
    """Rows of a table of an answer by the names of their columns; none where there is no answer."""
    answer = dossier.answer(question)
    return answer.rows(key) if answer else []


def answer_table(
    table: answers.Table, key: str, source: str, *, brief: bool = False, most: int | None = None
) -> PrintedTable:
    """Return an answer's table as printed.

    key: address within the page.
    source: source line.
    brief: whether to print its columns for people only.
    most: rows; a line says how many are left out.
    """
    own = table if brief else replace(table, brief=())
    rows = own.printed()
    shown = rows if most is None else rows[:most]
    left = f" {say('table.chapter.left', count=len(rows) - len(shown))}" if len(shown) < len(rows) else ""
    notes = " ".join(note.sentence() for note in table.notes)
    bands = f"{band}. " if (band := ranges_of(table)) else ""
    named = f" {say('table.chapter.source', source=source)}" if source else ""
    title = table.title()
    return PrintedTable(
        key, title, own.heads(), shown, f"{bands}{notes}".rstrip() + left + named, len(shown) > FOLDED
    )


def ranges_of(table: answers.Table) -> str:
    """What its ranges are: bands of draws, or judgements at either end; empty without any."""
    names = [one.name for one in table.columns]
    if any(map(table.band, names)):
        return DEFAULT_LANGUAGE.say("table.band")
    return DEFAULT_LANGUAGE.say("table.bounds") if any(map(table.bounds, names)) else ""


def source_table(dossier: DossierContext) -> PrintedTable | None:
    """Return the data sets used."""
    rows = tuple(
        (row.name, row.producer, row.version, row.used_for, row.licence, row.checksum[:12])
        for row in dossier.sources
    )
    columns = _heads("sources", "name", "producer", "version", "used", "terms", "checksum")
    return PrintedTable("source-table", say("table.sources.caption"), columns, rows) if rows else None


def certificate_table(dossier: DossierContext) -> PrintedTable | None:
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
    return (
        PrintedTable("certificates", say("table.certificates.caption"), columns, rows, note) if rows else None
    )


def _power_of_ten(value: float) -> str:
    if value == 0:
        return "0"
    digit, _, power = f"{value:.0e}".partition("e")
    return f"{digit} × 10{str(int(power)).translate(_RAISED)}"


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
