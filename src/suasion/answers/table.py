"""Tables of an answer: rows with units by the names of their columns, and how they are drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, cast

from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, Language, capital
from suasion.answers.numbers import OPEN, Unit
from suasion.answers.values import Value
from suasion.errors import DataError
from suasion.schema.variables import BAND, BOUNDS, unit_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

WHOLE = ("count", "year")
"""Units of whole numbers, which a frame with a missing one holds as floats."""
WORDS = ("text", "country", "industry", "word")
"""Units of columns that hold no numbers."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; its head is in the catalogue under ``head.NAME``.

    Attributes
    ----------
    name : name in files
    unit : Unit
    draws : where its probabilities are shares of draws: of how many
    """

    name: str
    unit: Unit
    draws: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """How a table is drawn, by the names of its columns; bands follow from the columns.

    Attributes
    ----------
    form : a module of :mod:`suasion.answers.picture`: ``lines`` over years, a dot with its range for each row
        (``ranges``), one number over another (``curve``), a number that changes at dates (``steps``; its first
        row has none), a mark for each year and row whose series says yes, no or unknown (``grid``), points on a
        ``map``, or countries in classes of a number (``areas``)
    x, y : columns
    series : rows of the same value share a colour or a mark; at most three, of a map four
    panel : rows of the same value share a panel
    label : Column of the words beside points
    """

    form: str
    x: str
    y: str
    series: str = ""
    panel: str = ""
    label: str = ""

    @property
    def value(self) -> str:
        """The column that is drawn: of a number, or of the marks of a grid."""
        return {"ranges": self.x, "areas": self.x, "grid": self.series}.get(self.form, self.y)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with units, and how they are drawn.

    Attributes
    ----------
    key : identifier; its title is in the catalogue
    columns : tuple of Column
    rows : cells; a missing one is None
    axes : columns that name a row: the dimensions of :attr:`xarray`
    picture : Picture, optional
    values : of the places in title and subtitle
    notes : Cautions
    detail : whether only those who ask for this table see it
    brief : columns for people; all where none are named. Files have all.
    whole : key of the table of the same answer that has all rows, where this one has the largest of them
    """

    key: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    axes: tuple[str, ...] = ()
    picture: Picture | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()
    detail: bool = False
    brief: tuple[str, ...] = ()
    whole: str = ""

    @classmethod
    def of(
        cls,
        key: str,
        names: str,
        rows: pd.DataFrame | Iterable[Mapping[Any, Any]],
        *,
        axes: str = "",
        draws: Mapping[str, int] | None = None,
        brief: str = "",
        **more: Any,
    ) -> Table:
        """Return a table of a model's frame, or of rows as mappings: units follow from names, bands from endings.

        Parameters
        ----------
        key : str
        names : columns in order, with blanks between, as ``NAME=OTHER`` where the rows have another name for it; what
            else the rows hold is left out
        rows : DataFrame or iterable of mapping; without any the table has its columns, and no bands
        axes : those of the columns that name a row, with blanks between
        draws : Column of probabilities that are shares of draws, to the number of draws
        brief : those of the columns that are printed, with blanks between; without any all are
        **more
            Further fields.

        Raises
        ------
        DataError
            If the rows lack a column.
        """
        held = _columns_of(rows)
        wanted = {one.partition("=")[0]: one.rpartition("=")[2] for one in names.split()}
        if not held:
            held = {theirs: [] for theirs in wanted.values()}
        if lacking := [theirs for theirs in wanted.values() if theirs not in held]:
            raise DataError(f"The rows of the table {key!r} have no column {', '.join(lacking)}.")
        there = {
            name + end: theirs + end
            for name, theirs in wanted.items()
            for end in ("", *BAND)
            if theirs + end in held
        }
        known = draws or {}
        columns = tuple(Column(name, cast(Unit, unit_of(name)), known.get(name, 0)) for name in there)
        across = ([_cell(value, one.unit) for value in held[there[one.name]]] for one in columns)
        cells = tuple(zip(*across, strict=True))
        return cls(key, columns, cells, tuple(axes.split()), brief=tuple(brief.split()), **more)

    @property
    def records(self) -> list[dict[str, Any]]:
        """The rows as mappings by the names of the columns."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    @property
    def frame(self) -> pd.DataFrame:
        """The rows as a data frame: codes and numbers, units in ``attrs``; a number that no row has is missing."""
        import pandas as pd

        frame = pd.DataFrame(list(self.rows), columns=[column.name for column in self.columns])
        empty = [one.name for one in self.columns if one.unit not in WORDS and frame[one.name].isna().all()]
        frame = frame.astype(dict.fromkeys(empty, float))
        for one in self.columns:  # before pandas 3 a word that is missing is None, which prints as a word
            words = frame[one.name]
            if one.unit in WORDS and words.dtype == object and words.isna().any():
                known = words.to_numpy(dtype=object, copy=True)
                known[words.isna().to_numpy()] = math.nan
                frame[one.name] = pd.Series(known, dtype=object)
        frame.attrs["units"] = {column.name: column.unit for column in self.columns}
        return frame

    def to_frame(self, names: bool = False, language: Language = DEFAULT_LANGUAGE) -> pd.DataFrame:
        """Return :attr:`frame`; with names, those of countries, industries and words stand beside their codes.

        Parameters
        ----------
        names : whether to add ``COLUMN_name`` after each column of codes
        language : of the names
        """
        frame, units = self.frame, dict(self.frame.attrs["units"])
        for column in self.columns if names else ():
            if column.unit in ("country", "industry", "word"):
                beside = list(frame.columns).index(column.name) + 1
                frame.insert(beside, f"{column.name}_name", self.words(column.name, language))
                units[f"{column.name}_name"] = "text"
        frame.attrs["units"] = units
        return frame

    def __repr__(self) -> str:
        """One line: key, size, columns."""
        names = ", ".join(column.name for column in self.columns)
        return f"<Table {self.key}: {len(self.rows)} rows of {names}>"

    def _repr_html_(self) -> str:
        """The table as a page shows it, for a notebook."""
        return self.html()

    def html(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the table as a page shows it."""
        head = "".join(f'<th scope="col">{escape(text)}</th>' for text in self.heads(language))
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
            for row in self.printed(language)
        )
        caption = escape(self.title(language))
        return (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}">'
            f'<table class="list"><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )

    def title(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return what stands over it."""
        return capital(language.say(f"table.{self.key}.title", self.values))

    @property
    def xarray(self) -> xr.Dataset:
        """The rows over their axes, units in the attributes of each variable.

        Raises
        ------
        DataError
            If no axes are named.
        """
        if not self.axes:
            raise DataError(f"The table {self.key!r} has no axes: it is a list.")
        dataset: xr.Dataset = self.frame.set_index(list(self.axes)).to_xarray()
        for column in self.columns:
            if column.name not in self.axes:
                dataset[column.name].attrs["units"] = column.unit
        return dataset

    def column(self, name: str) -> Column:
        """Return a column by name.

        Raises
        ------
        DataError
            If there is none of that name.
        """
        for one in self.columns:
            if one.name == name:
                return one
        known = ", ".join(one.name for one in self.columns)
        raise DataError(f"The table {self.key!r} has no column {name!r}; it has {known}.")

    def cells(self, name: str) -> tuple[Value, ...]:
        """Return the cells of one column."""
        place = self.columns.index(self.column(name))
        return tuple(row[place] for row in self.rows)

    def band(self, name: str) -> tuple[str, str] | None:
        """Names of the columns that hold the band of a column."""
        ends = f"{name}{BAND[0]}", f"{name}{BAND[1]}"
        return ends if set(ends) <= {column.name for column in self.columns} else None

    def bounds(self, name: str) -> tuple[str, str] | None:
        """Names of the columns that bound a column: a judgement, or what it moves, at either end of its range."""
        ends = f"{name}{BOUNDS[0]}", f"{name}{BOUNDS[1]}"
        return ends if set(ends) <= {column.name for column in self.columns} else None

    @property
    def shown(self) -> tuple[Column, ...]:
        """Columns for people: a band stands in the cell of its number."""
        wanted = self.brief or tuple(column.name for column in self.columns)
        return tuple(one for one in self.columns if one.name in wanted and not one.name.endswith(BAND))

    def heads(self, language: Language = DEFAULT_LANGUAGE) -> tuple[str, ...]:
        """Return the heads for people: those of :attr:`shown`, or of a grid its years and rows."""
        if self.picture and self.picture.form == "grid":
            rows = dict.fromkeys(self.words(self.picture.y, language))
            return (language.say(f"head.{self.picture.x}"), *reversed(rows))
        return tuple(language.say(f"head.{column.name}") for column in self.shown)

    def printed(self, language: Language = DEFAULT_LANGUAGE) -> tuple[tuple[str, ...], ...]:
        """Return the cells for people; a grid is printed as one, a line for each year."""
        if self.picture and self.picture.form == "grid":
            return self._crossed(self.picture, language)
        shown = [self.words(column.name, language) for column in self.shown]
        return tuple(zip(*shown, strict=True))

    def _crossed(self, picture: Picture, language: Language) -> tuple[tuple[str, ...], ...]:
        at, rows, marks = (self.words(name, language) for name in (picture.x, picture.y, picture.series))
        cells = dict(zip(zip(at, rows, strict=True), marks, strict=True))
        across = tuple(reversed(dict.fromkeys(rows)))
        return tuple((year, *(cells.get((year, row), "") for row in across)) for year in dict.fromkeys(at))

    def words(self, name: str, language: Language = DEFAULT_LANGUAGE) -> tuple[str, ...]:
        """Return the cells of one column for people, each with its band."""
        column, ends = self.column(name), self.band(name)
        bands = [self.cells(end) for end in ends] if ends else [(None,) * len(self.rows)] * 2
        rows = zip(self.cells(name), *bands, strict=True)
        return tuple(_in_words(column, cell, low, high, language) for cell, low, high in rows)


def _in_words(column: Column, cell: Value, low: Value, high: Value, language: Language) -> str:
    def text(value: Value) -> str:
        return language.cell(value, column.unit, column.name, column.draws)

    if cell is None or not isinstance(low, int | float) or not isinstance(high, int | float):
        return text(cell)
    unclear = column.unit == "probability" and high - low > OPEN
    number = language.numbers.not_known if unclear else text(cell)
    return language.numbers.range_of(number, text(low), text(high))


def _columns_of(rows: pd.DataFrame | Iterable[Mapping[Any, Any]]) -> dict[str, list[Any]]:
    """The columns of a frame, or of rows that have the names of the first; none without rows."""
    frame: Any = rows
    if hasattr(frame, "columns"):
        return {name: column.tolist() for name, column in frame.items()} if len(frame) else {}
    records: list[Mapping[Any, Any]] = list(frame)
    return {name: [row.get(name) for row in records] for name in (records[0] if records else ())}


def _cell(value: Any, unit: Unit) -> Value:
    """A cell of a frame as plain Python; NaN is None, a member of an enum its value, a count a whole number."""
    if value is None or value != value:
        return None
    if type(value) in (str, float) and unit not in WHOLE:
        return value  # type: ignore[no-any-return]
    plain: Value = value.item() if hasattr(value, "item") else getattr(value, "value", value)
    return int(plain) if isinstance(plain, float) and unit in WHOLE and plain == int(plain) else plain
