"""The forms of an answer, one module each: text, CSV, JSON, HTML, Markdown, XLSX, ZIP; pictures have a room."""

from __future__ import annotations

import json as plain_json
from collections.abc import Callable, Mapping
from pathlib import Path

from suasion.answers.content import AnswerContent
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.picture import picture_bytes, svg
from suasion.answers.render.data import as_arrow_stream, as_csv, as_netcdf, as_parquet, as_stata
from suasion.answers.render.html import as_html, as_page
from suasion.answers.render.json import as_dict
from suasion.answers.render.latex import as_tex
from suasion.answers.render.lines import digest_of, sources_of
from suasion.answers.render.paper import as_markdown
from suasion.answers.render.text import as_text
from suasion.answers.render.zip import as_xlsx, as_zip
from suasion.errors import InputError
from suasion.files import write_bytes

Render = Callable[[AnswerContent, str, Language], bytes]


def as_json(answer: AnswerContent, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return :func:`as_dict` as text."""
    return plain_json.dumps(as_dict(answer, language), indent=1, allow_nan=False, ensure_ascii=False) + "\n"


FORMS: Mapping[str, Render] = {
    "json": lambda answer, table, language: as_json(answer, language).encode(),
    "csv": lambda answer, table, language: as_csv(answer.whole(table)).encode(),
    "html": lambda answer, table, language: as_html(answer, language).encode(),
    "md": lambda answer, table, language: as_markdown(answer, language).encode(),
    "txt": lambda answer, table, language: as_text(answer, table, language).encode(),
    "xlsx": lambda answer, table, language: as_xlsx(answer, language),
    "zip": lambda answer, table, language: as_zip(answer, language),
    "parquet": lambda answer, table, _: as_parquet(answer.whole(table)),
    "arrows": lambda answer, table, _: as_arrow_stream(answer.whole(table)),
    "dta": lambda answer, table, language: as_stata(answer.whole(table), language),
    "nc": lambda answer, table, language: as_netcdf(answer.whole(table), language),
    "tex": lambda answer, table, language: as_tex(
        one := answer.table(table),
        [*digest_of(answer, one, language), *sources_of(answer, language)],
        language,
    ).encode(),
    "svg": lambda answer, table, language: svg(answer.drawn(table), language).encode(),
    "png": lambda answer, table, language: picture_bytes(answer.drawn(table), ".png", language),
}
"""By the ending of a file. What is not ``json``, ``html``, ``md``, ``xlsx`` or ``zip`` is of one table, the main one
where none is named; files of data have every row of it, also where a reader sees a digest."""


def render(answer: AnswerContent, form: str, table: str = "", language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Return an answer in a form.

    Raises InputError if there is no such form, or the table has no picture.
    Raises DataError if there is no such table, or none at all.
    """
    if form not in FORMS:
        raise InputError(f"An answer cannot be written as {form!r}; use {', '.join(FORMS)}.")
    return FORMS[form](answer, table, language)


def write(answer: AnswerContent, path: Path, table: str = "", language: Language = DEFAULT_LANGUAGE) -> Path:
    """Write an answer to a file of the form that its ending names; HTML is a whole page there.

    Raises InputError if there is no such form, or the table has no picture.
    Raises OutputError if the file cannot be written.
    """
    form = path.suffix.removeprefix(".")
    whole = as_page(answer, language).encode() if form == "html" else render(answer, form, table, language)
    return write_bytes(path, whole)
