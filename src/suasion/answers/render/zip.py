"""An answer as files in one: an archive of tables as CSV with what its columns mean, and a workbook."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from suasion.answers.content import AnswerContent
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.data import as_csv
from suasion.answers.render.json import as_dict
from suasion.answers.render.lines import lines_of, title_of
from suasion.extras import need

if TYPE_CHECKING:
    import pandas as pd

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Date of every file in an archive, so that one answer gives the same bytes again."""


def packed(files: Mapping[str, str]) -> bytes:
    """Return an archive of files, name to text: the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def as_zip(
    answer: AnswerContent, language: Language = DEFAULT_LANGUAGE, beside: Mapping[str, str] | None = None
) -> bytes:
    """Return the content of the archive.

    beside: Further files, name to text.
    """
    plain = json.dumps(as_dict(answer, language), indent=1, ensure_ascii=False, allow_nan=False)
    return packed(
        {
            "README.txt": _readme(answer, language),
            **{f"{table.key}.csv": as_csv(table) for table in answer.tables},
            "columns.csv": _columns(answer, language),
            "answer.json": plain + "\n",
            **(beside or {}),
        }
    )


def _readme(answer: AnswerContent, language: Language) -> str:
    run = answer.run
    made = [f"Suasion {run.version}, {run.id}", run.command] if run else []
    return "\n\n".join([title_of(answer, language), *lines_of(answer, language), *made]) + "\n"


def _columns(answer: AnswerContent, language: Language) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("table", "column", "unit", "head"))
    for table in answer.tables:
        for one in table.columns:
            stem = one.name.removesuffix("_low").removesuffix("_high")
            writer.writerow((table.key, one.name, one.unit, language.say(f"head.{stem}")))
    return out.getvalue()


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
