"""An answer as an archive: what was found, each table as CSV with what its columns mean, and the whole as JSON."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping

from suasion.answers.content import AnswerContent
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.csv import as_csv
from suasion.answers.render.json import as_dict
from suasion.answers.render.lines import lines_of, title_of

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
