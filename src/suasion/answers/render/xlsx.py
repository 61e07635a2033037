"""An answer as a workbook: what was found, then one sheet a table, codes and plain numbers."""

from __future__ import annotations

import io
import re

from suasion.answers.answer import Answer
from suasion.answers.language import ENGLISH, Language
from suasion.answers.render.lines import lines_of, title_of
from suasion.extras import need


def as_xlsx(answer: Answer, language: Language = ENGLISH) -> bytes:
    """Return the content of the file.

    Raises MissingPackageError if openpyxl is missing.
    """
    import pandas as pd

    need("openpyxl")
    told = [("", title_of(answer, language)), *(("", line) for line in lines_of(answer, language))]
    run = answer.run
    made = [("id", run.id), ("version", run.version), ("command", run.command)] if run else []
    units = [(f"{table.key}.{one.name}", one.unit) for table in answer.tables for one in table.columns]
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="openpyxl") as book:
        about = pd.DataFrame([*told, *made, *units], columns=["what", "value"])
        about.to_excel(book, sheet_name="about", index=False)
        for table in answer.tables:
            # A sheet's name has at most 31 letters, and none of these.
            table.frame.to_excel(book, sheet_name=re.sub(r"[\[\]:*?/\\]", " ", table.key)[:31], index=False)
    return out.getvalue()
