"""Tables for papers: several answers under one head, as LaTeX, HTML or Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.answers.answer import Answer
from suasion.answers.render.html import table_html
from suasion.answers.render.lines import notes_of, sources_of
from suasion.answers.render.markdown import table_markdown
from suasion.answers.render.tex import as_tex
from suasion.answers.table import Column, Table
from suasion.answers.values import Country, Value
from suasion.errors import InputError
from suasion.files import path_of, write_text

if TYPE_CHECKING:
    import pandas as pd


STATES = ("holder", "target")
"""Columns of the states asked about, where the table itself names none."""


@dataclass(frozen=True, slots=True)
class PaperTable:
    """Rows of several answers, with the band of each number in its cell.

    Attributes
    ----------
    table : Table
        All rows; the states asked about stand first.
    sources : tuple of str
        Where the numbers come from, each once.
    """

    table: Table
    sources: tuple[str, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """The rows as a data frame: codes and numbers, units in ``attrs``."""
        return self.table.frame

    def to_latex(self) -> str:
        """Return a floating table with rules of booktabs, and cautions and sources as notes."""
        return as_tex(self.table, self.sources)

    def to_markdown(self) -> str:
        """Return a table in Markdown, with cautions and sources below."""
        below = [*notes_of(self.table), *self.sources]
        return "\n\n".join([table_markdown(self.table), *(f"*{line}*" for line in below)]) + "\n"

    def to_html(self) -> str:
        """Return a table of a page."""
        return table_html(self.table)

    _repr_html_ = to_html

    def write(self, path: str | Path = "") -> Path:
        """Write it in the form that the ending names: tex, md, html or csv.

        Raises
        ------
        InputError
            If no file is named, or the ending is another.
        OutputError
            If the file cannot be written.
        """
        forms = {".tex": self.to_latex, ".md": self.to_markdown, ".html": self.to_html, ".csv": self._csv}
        target = path_of(path, "table.tex", "table.write")
        if target.suffix not in forms:
            raise InputError(f"A table cannot be written as {target.suffix!r}; use {', '.join(forms)}.")
        return write_text(target, forms[target.suffix]())

    def _csv(self) -> str:
        return str(self.frame.to_csv(index=False))


def table(answers: Iterable[Answer], *, key: str = "", columns: Sequence[str] = ()) -> PaperTable:
    """Put the same table of several answers under one head, for a paper.

    Parameters
    ----------
    answers : iterable of Answer
        To one question, asked of several states or under several options.
    key : str
        Which table of each; the main one without.
    columns : sequence of str
        What is shown, in order; the columns for people without. Bands stand in the cells of their numbers.

    Returns
    -------
    PaperTable

    Raises
    ------
    InputError
        If there is no answer, or the answers are to different questions.
    DataError
        If an answer has no such table, or a table no such column.
    """
    listed: list[Any] = list(answers) if isinstance(answers, Iterable) else [answers, None]
    if not all(isinstance(one, Answer) for one in listed):
        raise InputError("A table is of a list of answers. Write su.table([answer, another])")
    if len({answer.question for answer in listed}) != 1:
        names = ", ".join(dict.fromkeys(answer.question for answer in listed)) or "nothing"
        raise InputError(f"A table is of answers to one question; these are to {names}.")
    parts = [(answer, answer.table(key)) for answer in listed]
    first = parts[0][1]
    held = [one for one in first.columns if all(one.name in _names(part) for _, part in parts)]
    for name in columns:
        first.column(name)
    states = [[one.code for one in answer.asked.values() if isinstance(one, Country)] for answer in listed]
    asked = STATES[: len(states[0])] if not {"country", "partner"} <= set(_names(first)) else ()
    rows = [
        (*codes[: len(asked)], *row)
        for codes, (_, part) in zip(states, parts, strict=True)
        for row in _rows(part, held)
    ]
    made = Table(
        first.key,
        (*(Column(name, "country") for name in asked), *held),
        tuple(rows),
        (*asked, *first.axes),
        values=first.values,
        notes=tuple({note.sentence(): note for _, part in parts for note in part.notes}.values()),
        brief=(*asked, *(columns or first.brief or _names(first))),
    )
    return PaperTable(made, tuple(dict.fromkeys(line for answer in listed for line in sources_of(answer))))


def _names(one: Table) -> tuple[str, ...]:
    return tuple(column.name for column in one.columns)


def _rows(part: Table, held: Sequence[Column]) -> list[tuple[Value, ...]]:
    places = [_names(part).index(one.name) for one in held]
    return [tuple(row[place] for place in places) for row in part.rows]
