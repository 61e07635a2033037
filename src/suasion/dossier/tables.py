"""Tables of a dossier: as printed, and as data frames for every file that holds numbers."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from suasion.answers import table as answers
from suasion.answers.catalogue import say
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.dossier.chapter import key_of
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


PLAIN = ("sources", "certificates")


def frames(dossier: DossierContext) -> dict[str, pd.DataFrame]:
    """Return every table that has rows, by name.

    Returns: Columns have the names of the answers' tables, units in ``attrs``; a missing number is NaN, never
      zero. Tables of chapters bear the chapter's name before their own.
    """
    made: dict[str, pd.DataFrame] = {}
    for answer in dossier.answers.values():
        made |= {table.key.replace("-", "_"): table.frame for table in answer.tables}
    for chapter in dossier.chapters:
        made |= {key_of(chapter.key, table).replace("-", "_"): table.frame for table in chapter.tables}
    made |= {
        name: pd.DataFrame(map(dataclasses.asdict, rows))
        for name in PLAIN
        if (rows := getattr(dossier, name))
    }
    made["findings"] = _findings(dossier)
    return made


def _findings(dossier: DossierContext) -> pd.DataFrame:
    told = [("summary", claim) for claim in dossier.summary]
    told += [(chapter.key, claim) for chapter in dossier.chapters for claim in chapter.findings]
    return pd.DataFrame(
        [(where, claim.topic, claim.verb, claim.sentence(), claim.source) for where, claim in told],
        columns=["where", "kind", "verb", "sentence", "source"],
    )


def long_frame(dossier: DossierContext) -> pd.DataFrame:
    """All tables as one: table, row (from 1), column, value (numbers), text (everything else).

    For programs that hold one table at a time.
    """
    parts = []
    for name, frame in frames(dossier).items():
        long = frame.reset_index(names="row").melt("row", var_name="column", value_name="cell")
        number = long["cell"].map(_is_number)
        words = long["cell"].where(~number & long["cell"].notna(), "").astype(str)
        value = pd.to_numeric(long["cell"].where(number), errors="coerce")
        columns = {
            "table": name,
            "row": long["row"] + 1,
            "column": long["column"],
            "value": value,
            "text": words,
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)
