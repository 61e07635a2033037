"""The tables of a dossier as data frames, for every file that holds numbers."""

from __future__ import annotations

import dataclasses

import pandas as pd

from suasion.dossier.chapter import key_of
from suasion.dossier.context import DossierContext

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
