"""An answer as a workbook: what was found, then one sheet a table, codes and plain numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from suasion.answers.content import AnswerContent
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.lines import lines_of, title_of
from suasion.extras import need

if TYPE_CHECKING:
    import pandas as pd


def as_xlsx(answer: AnswerContent, language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Return the content of the file.

    Raises MissingPackageError if openpyxl is missing.
    """
    told = [("", title_of(answer, language)), *(("", line) for line in lines_of(answer, language))]
    run = answer.run
    made = [("id", run.id), ("version", run.version), ("command", run.command)] if run else []
    units = [(f"{table.key}.{one.name}", one.unit) for table in answer.tables for one in table.columns]
    return workbook([*told, *made, *units], {table.key: table.frame for table in answer.tables})


def workbook(about: Iterable[tuple[str, str]], sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """Return a workbook: a sheet that says what it is, then the others by their names.

    Raises MissingPackageError if openpyxl is missing.
    """
    import pandas as pd

    need("openpyxl")
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="openpyxl") as book:
        pd.DataFrame(about, columns=["what", "value"]).to_excel(book, sheet_name="about", index=False)
        for name, frame in sheets.items():
            # A sheet's name has at most 31 letters, and none of these.
            frame.to_excel(book, sheet_name=re.sub(r"[\[\]:*?/\\]", " ", name)[:31], index=False)
    return out.getvalue()
