"""Tables for papers: several answers under one head, long or wide, as LaTeX, HTML, Markdown, CSV or a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from suasion.answers.answer import Answer
from suasion.answers.render.latex import grid_latex
from suasion.answers.render.lines import notes_of, sources_of
from suasion.answers.render.paper import Bands, Grid, grid_html, grid_markdown
from suasion.answers.render.text import NO_SIZES
from suasion.answers.table import Column, Table
from suasion.answers.values import Country, Value
from suasion.errors import InputError
from suasion.files import path_of, write_bytes
from suasion.schema.variables import BAND

if TYPE_CHECKING:
    import pandas as pd

Style = Literal["long", "wide"]
STATES = ("holder", "target")
"""Columns of the states asked about, where the table itself names none."""


@dataclass(frozen=True, slots=True)
class PaperTable:
    """Rows of several answers.

    Attributes
    ----------
    table : Table
        All rows, long: what tells the answers apart stands first.
    sources : tuple of str
        Where the numbers come from, each once.
    rows, across : tuple of str
        Columns that name a row, and those whose cells stand in the head.
    columns : tuple of str
        Numbers that are shown.
    digits : int, optional
        Decimals of a number; without, as many as show two figures of the typical number of a column, four at most.
    bands : str
        Where ranges stand.
    notes : tuple of str
        Lines below the table, before the sources.
    """

    table: Table
    sources: tuple[str, ...]
    rows: tuple[str, ...]
    across: tuple[str, ...]
    columns: tuple[str, ...]
    digits: int | None = None
    bands: Bands = "brackets"
    notes: tuple[str, ...] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """Codes and numbers: long, or wide with a column for each cell of the head; units in ``attrs``."""
        frame = self.table.frame
        if not self.across:
            return frame
        values = [
            one for name in self.columns for one in (name, *(name + end for end in BAND)) if one in frame
        ]
        wide = frame.pivot(index=[*self.rows], columns=[*self.across], values=values)
        wide = wide.reorder_levels([*range(1, 1 + len(self.across)), 0], axis=1)
        order = dict.fromkeys(zip(*(frame[name] for name in self.across), strict=True))
        index = frame.set_index([*self.rows]).index.drop_duplicates()
        wide = wide.reindex(index)[[(*one, name) for one in order for name in values]]
        wide.columns = wide.columns.set_names([*self.across, None])
        wide.attrs["units"] = frame.attrs["units"]
        return wide

    @property
    def grid(self) -> Grid:
        """Heads and cells in words."""
        return Grid.of(self.table, self.rows, self.across, self.columns, self.digits, self.bands)

    @property
    def below(self) -> tuple[str, ...]:
        """Own notes, cautions and sources."""
        return (*self.notes, *notes_of(self.table), *self.sources)

    def to_latex(self, caption: str = "", label: str = "") -> str:
        """Return a floating table with rules of booktabs, and notes, cautions and sources below it.

        Parameters
        ----------
        caption, label : str
            The title of the table, and its key, without.
        """
        title = caption or self.table.title()
        return grid_latex(self.grid, title, label or f"tab:{self.table.key}", self.below)

    def to_markdown(self) -> str:
        """Return a table in Markdown, with notes, cautions and sources below."""
        return "\n\n".join([grid_markdown(self.grid), *(f"*{line}*" for line in self.below)]) + "\n"

    def to_html(self) -> str:
        """Return a table of a page."""
        return grid_html(self.grid, self.table.title(), self.below)

    _repr_html_ = to_html

    def __repr__(self) -> str:
        """As Markdown, without what stands below."""
        return grid_markdown(self.grid)

    def write(self, path: str | Path = "") -> Path:
        """Write it in the form that the ending names: tex, md, html, csv or xlsx.

        Raises
        ------
        InputError
            If no file is named, or the ending is another.
        OutputError
            If the file cannot be written.
        """
        forms = {".tex": self.to_latex, ".md": self.to_markdown, ".html": self.to_html, ".csv": self._csv}
        target = path_of(path, "table.tex", "table.write")
        if target.suffix == ".xlsx":
            return write_bytes(target, self._xlsx())
        if target.suffix not in forms:
            raise InputError(
                f"A table cannot be written as {target.suffix!r}; use {', '.join((*forms, '.xlsx'))}."
            )
        return write_bytes(target, forms[target.suffix]().encode())

    def _flat(self) -> pd.DataFrame:
        """The frame with one line of heads."""
        frame = self.frame
        if self.across:
            frame = frame.set_axis([" ".join(map(str, one)) for one in frame.columns], axis=1).reset_index()
        return frame

    def _csv(self) -> str:
        return str(self._flat().to_csv(index=False))

    def _xlsx(self) -> bytes:
        from suasion.answers.render.zip import workbook

        about = [("", self.table.title()), *(("", line) for line in self.below)]
        return workbook(about, {self.table.key: self._flat()})


def table(
    answers: Iterable[Answer],
    *,
    key: str = "",
    rows: str | Sequence[str] = (),
    columns: str | Sequence[str] = (),
    across: str | Sequence[str] = (),
    digits: int | None = None,
    bands: Bands = "brackets",
    notes: str | Sequence[str] = (),
    style: Style = "long",
) -> PaperTable:
    """Put the same table of several answers under one head, for a paper; what tells them apart is never dropped.

    Parameters
    ----------
    answers : iterable of Answer
        To one question, asked of several states, of several scenarios or under several options.
    key : str
        Which table of each; all of the main one without.
    rows : str or sequence of str
        Columns that name a row; what is not across without.
    columns : str or sequence of str
        What is shown, in order; the columns for people without. Ranges stand with their numbers.
    across : str or sequence of str
        Columns whose cells stand in the head, over the numbers; of a wide table what tells the answers apart.
    digits : int, optional
        Decimals; without, as many as show two figures of the typical number of a column, four at most.
    bands : str
        Ranges ``brackets`` behind their numbers, ``below`` them, in ``columns`` of their own, or ``none``.
    notes : str or sequence of str
        Lines below the table, before cautions and sources.
    style : str
        ``long`` or ``wide``.

    Returns
    -------
    PaperTable

    Raises
    ------
    InputError
        If there is no answer, the answers are to different questions, or two rows would have the same name.
    DataError
        If an answer has no such table, or a table no such column.

    Examples
    --------
    >>> import suasion as su
    >>> pairs = [su.dependence("DEU", "CHN"), su.dependence("JPN", "CHN")]
    >>> made = su.table(pairs, rows=("country", "partner"), columns="partner_share", across="channel")
    >>> goods = made.frame["goods", "partner_share"]
    >>> bool(goods["JPN", "CHN"] > goods["DEU", "CHN"])
    True
    """
    listed: list[Any] = list(answers) if isinstance(answers, Iterable) else [answers, None]
    _check(listed, bands, style, digits)
    parts = [(answer, answer.table(key) if key else answer.whole()) for answer in listed]
    made = _together(parts)
    shown = _names(columns) or tuple(made.brief)
    for name in (*shown, *_names(rows), *_names(across)):
        made.column(name)
    over = _names(across) or (_labels(made) if style == "wide" else ())
    named = tuple(name for name in (*made.axes, *_names(rows)) if name not in over)
    named = _names(rows) or _unique(made, tuple(dict.fromkeys(named)), over)
    numbers = tuple(name for name in shown if name not in (*named, *over))
    if over:
        numbers = tuple(name for name in numbers if _is_number(made, name)) or numbers
    _check_names(made, (*named, *over))
    sources = tuple(dict.fromkeys(line for answer in listed for line in sources_of(answer)))
    if not over and columns:
        short = tuple(name for name in named if name in shown or name in _labels(made))
        named = short if _twice(made, short) is None else named
    return PaperTable(made, sources, named, over, numbers, digits, bands, _names(notes))


def _check(listed: Sequence[Any], bands: str, style: str, digits: int | None) -> None:
    """Refuse what makes no table."""
    if not all(isinstance(one, Answer) for one in listed):
        raise InputError("A table is of a list of answers. Write su.table([answer, another])")
    if len({answer.question for answer in listed}) != 1:
        names = ", ".join(dict.fromkeys(answer.question for answer in listed)) or "nothing"
        raise InputError(f"A table is of answers to one question; these are to {names}.")
    for name, value, known in (("bands", bands, get_args(Bands)), ("style", style, get_args(Style))):
        if value not in known:
            raise InputError(f"{name} is {value!r}; give {', '.join(known)}.")
    if digits is not None and (not isinstance(digits, int) or not 0 <= digits <= 12):
        raise InputError(f"digits is {digits!r}; give 0 to 12.")


def _names(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) and given else tuple(given)


def _is_number(one: Table, name: str) -> bool:
    return one.column(name).unit not in NO_SIZES


def _together(parts: Sequence[tuple[Answer, Table]]) -> Table:
    """All rows, with what tells the answers apart first: the states asked about, scenarios, options, the world."""
    first = parts[0][1]
    held = [one for one in first.columns if all(one.name in _columns(part) for _, part in parts)]
    known = {one.name for one in held}
    states = [[one.code for one in answer.asked.values() if isinstance(one, Country)] for answer, _ in parts]
    asked = STATES[: min(map(len, states))] if not {"country", "partner"} <= known else ()
    told = [dict(zip(asked, codes, strict=False)) for codes in states]
    for one, more in zip(told, _apart([answer for answer, _ in parts], known), strict=True):
        one |= more
    labels = tuple(told[0])
    rows = [
        (*one.values(), *row) for one, (_, part) in zip(told, parts, strict=True) for row in _rows(part, held)
    ]
    return Table(
        first.key,
        (*(Column(name, "country" if name in STATES else "text") for name in labels), *held),
        tuple(dict.fromkeys(rows)),
        (*labels, *first.axes),
        values=first.values,
        notes=tuple({note.sentence(): note for _, part in parts for note in part.notes}.values()),
        brief=(*labels, *(first.brief or _columns(first))),
    )


def _apart(answers: Sequence[Answer], known: set[str]) -> list[dict[str, str]]:
    """What differs among answers and stands in none of their rows: scenario, options, year of the world."""
    given = [
        {**(one.run.parameters if one.run else {}), "world": one.sources[0].year if one.sources else ""}
        for one in answers
    ]
    names = dict.fromkeys(name for one in given for name in one if name not in known)
    apart = [name for name in names if len({str(one.get(name, "")) for one in given}) > 1]
    codes = {value for answer in answers for value in _codes(answer)}
    free = [
        name
        for name in apart
        if not {str(one.get(name, "")) for one in given} <= codes or "country" not in known
    ]
    return [{name: _told(one.get(name, "")) for name in free} for one in given]


def _codes(answer: Answer) -> set[str]:
    return {one.code for one in answer.asked.values() if isinstance(one, Country)}


def _told(value: object) -> str:
    """An option as a cell has it; an address of the builder as the title of its scenario."""
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    if isinstance(value, str) and value.startswith("do="):
        from suasion.questions.scenarios.reading import scenario_in

        return scenario_in(value)[0].name
    return str(value)


def _labels(made: Table) -> tuple[str, ...]:
    """Columns that tell the answers apart, which stand before those of the answers."""
    return tuple(
        one.name for one in made.columns if one.name in made.axes and one.unit in ("text", "country")
    )[:1]


def _twice(made: Table, names: tuple[str, ...]) -> tuple[Value, ...] | None:
    """The first name that two rows would have; None where there is none."""
    places = [_columns(made).index(name) for name in names]
    seen: set[tuple[Value, ...]] = set()
    for row in made.rows:
        key = tuple(row[place] for place in places)
        if key in seen:
            return key
        seen.add(key)
    return None


def _unique(made: Table, names: tuple[str, ...], over: tuple[str, ...]) -> tuple[str, ...]:
    """Names of rows, with as many further columns of names as it takes to tell rows apart."""
    more = [
        one.name for one in made.columns if one.name not in (*names, *over) and not _is_number(made, one.name)
    ]
    while more and _twice(made, (*names, *over)) is not None:
        names = (*names, more.pop(0))
    return names


def _check_names(made: Table, names: tuple[str, ...]) -> None:
    """Refuse rows of the same name."""
    if (again := _twice(made, names)) is not None:
        more = ", ".join(name for name in made.axes if name not in names) or "none"
        told = " ".join(map(str, again))
        raise InputError(f"Two rows would be named {told!r}. Name rows or columns across by more of: {more}.")


def _columns(one: Table) -> tuple[str, ...]:
    return tuple(column.name for column in one.columns)


def _rows(part: Table, held: Sequence[Column]) -> list[tuple[Value, ...]]:
    places = [_columns(part).index(one.name) for one in held]
    return [tuple(row[place] for place in places) for row in part.rows]
