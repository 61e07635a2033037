"""A table as a Stata file: codes and plain numbers, heads and units as labels of the variables."""

from __future__ import annotations

import io

from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.lines import head_of
from suasion.answers.table import Column, Table

NAME, LABEL = 32, 80
"""Longest name and label of a variable that Stata takes."""
WORDS = ("text", "country", "industry", "word")
"""Units of columns that hold no numbers."""


def as_stata(table: Table, language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Return the content of the file."""
    frame = table.frame
    for column in table.columns:
        cells = frame[column.name]
        if column.unit in WORDS:
            frame[column.name] = [plain_text(cell) for cell in cells]
        elif cells.dtype == object:
            frame[column.name] = cells.astype(float)
    frame.columns = [column.name[:NAME] for column in table.columns]
    labels = {column.name[:NAME]: _label(column, language) for column in table.columns}
    out = io.BytesIO()
    frame.to_stata(out, write_index=False, variable_labels=labels, version=118)
    return out.getvalue()


def _label(column: Column, language: Language) -> str:
    return f"{head_of(column, language)}, {column.unit}"[:LABEL]


def plain_text(cell: object) -> str:
    """A cell of words as text; a missing one is empty."""
    return "" if cell is None or cell != cell else str(cell)
