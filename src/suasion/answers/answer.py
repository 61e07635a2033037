"""An answer: findings, tables and pictures without a word, so that every door and every language prints the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from suasion.answers.language import ENGLISH, Language
from suasion.answers.names import capital
from suasion.answers.numbers import Unit
from suasion.answers.values import Comparison, Quantity, Value, decode
from suasion.errors import DataError
from suasion.schema.columns import BAND, unit_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence: its key and its values. Where it compares, the numbers choose among whole sentences.

    Attributes
    ----------
    key : str
        Of the sentence in the catalogue; with a comparison the direction is appended.
    values : mapping
        By place.
    compared : Comparison, optional
        What decides the direction.
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    compared: Comparison | None = None

    @property
    def place(self) -> str:
        """Full key of the sentence."""
        return self.key if self.compared is None else f"{self.key}.{self.compared.direction}"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Its numbers."""
        return tuple(value for value in self.values.values() if isinstance(value, Quantity))

    def sentence(self, language: Language = ENGLISH) -> str:
        """Return it in a language."""
        return capital(language.say(self.place, self.values))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in files and its unit; its head is in the catalogue under ``head.NAME``."""

    name: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Picture:
    """How a table is drawn, by the names of its columns; bands follow from the columns.

    Attributes
    ----------
    form : {"lines", "ranges"}
        Lines over years, or a dot with its range for each row.
    x, y, series : str
        Columns; rows of the same ``series`` share a colour.
    """

    form: Literal["lines", "ranges"]
    x: str
    y: str
    series: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with units, and how they are drawn.

    Attributes
    ----------
    key : str
        Identifier; its title is in the catalogue.
    columns : tuple of Column
    rows : tuple of tuple
        Cells; a missing one is None.
    picture : Picture, optional
    values : mapping
        Of the places in title and subtitle.
    notes : tuple of Finding
        Cautions.
    detail : bool
        Whether only those who ask for this table see it.
    brief : tuple of str
        Columns for people; all where none are named. Files have all.
    """

    key: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    picture: Picture | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()
    detail: bool = False
    brief: tuple[str, ...] = ()

    @classmethod
    def of(cls, key: str, names: str, rows: pd.DataFrame | Iterable[Mapping[str, Any]], **more: Any) -> Table:
        """Return a table of a model's frame, or of rows as mappings: units follow from names, bands from endings.

        Parameters
        ----------
        key : str
        names : str
            Columns in order, with blanks between; what else the rows hold is left out.
        rows : DataFrame or iterable of mapping
        **more
            Further fields.
        """
        records = list(rows.to_dict("records") if hasattr(rows, "to_dict") else rows)
        held = set(records[0]) if records else set()
        told = [
            end
            for name in names.split()
            for end in (name, *(name + ending for ending in BAND))
            if end in held
        ]
        columns = tuple(Column(name, cast(Unit, unit_of(name))) for name in told)
        return cls(
            key, columns, tuple(tuple(_cell(row.get(name)) for name in told) for row in records), **more
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The rows as a data frame: codes and numbers, units in ``attrs``."""
        import pandas as pd

        made = pd.DataFrame(list(self.rows), columns=[column.name for column in self.columns])
        made.attrs["units"] = {column.name: column.unit for column in self.columns}
        return made

    def band(self, name: str) -> tuple[str, str] | None:
        """Names of the columns that hold the band of a column."""
        ends = f"{name}{BAND[0]}", f"{name}{BAND[1]}"
        return ends if set(ends) <= {column.name for column in self.columns} else None

    @property
    def shown(self) -> tuple[Column, ...]:
        """Columns for people: a band stands in the cell of its number."""
        told = self.brief or tuple(column.name for column in self.columns)
        return tuple(one for one in self.columns if one.name in told and not one.name.endswith(BAND))

    def printed(self, language: Language = ENGLISH) -> tuple[tuple[str, ...], ...]:
        """Return the cells for people."""
        places = {column.name: place for place, column in enumerate(self.columns)}
        return tuple(
            tuple(self._printed(row, places, column, language) for column in self.shown) for row in self.rows
        )

    def _printed(
        self, row: tuple[Value, ...], places: Mapping[str, int], column: Column, language: Language
    ) -> str:
        cell, ends = row[places[column.name]], self.band(column.name)
        if ends is None or cell is None or None in (edges := [row[places[end]] for end in ends]):
            return language.cell(cell, column.unit, column.name)
        return language.range_of(
            *(language.cell(value, column.unit, column.name) for value in (cell, *edges))
        )


def _cell(value: Any) -> Value:
    """A cell of a frame as plain Python; NaN is None."""
    if value is None or value != value:
        return None
    made: Value = value.item() if hasattr(value, "item") else value
    return made


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question found.

    Attributes
    ----------
    question : str
        Name of the question.
    asked : mapping
        Its arguments, names resolved.
    findings : tuple of Finding
        The most important first.
    tables : tuple of Table
        The main one first.
    absent : Finding, optional
        Why there are no tables.
    sources : tuple of str
        Keys of the source lines.
    """

    question: str
    asked: Mapping[str, Value]
    findings: tuple[Finding, ...] = ()
    tables: tuple[Table, ...] = ()
    absent: Finding | None = None
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.tables) == bool(self.absent):
            raise DataError(
                f"the answer to {self.question!r} needs tables, or why there are none, and not both."
            )

    def table(self, key: str = "") -> Table:
        """Return a table by key; the main one without.

        Raises
        ------
        DataError
            If there is none of that name.
        """
        found = [table for table in self.tables if key in ("", table.key)]
        if not found:
            known = ", ".join(table.key for table in self.tables) or "none"
            raise DataError(f"There is no table {key!r} in this answer; it has {known}.")
        return found[0]

    @property
    def frame(self) -> pd.DataFrame:
        """The main table."""
        return self.table().frame

    def to_dict(self, language: Language = ENGLISH) -> dict[str, Any]:
        """Return everything as plain values, ready for JSON: see :mod:`suasion.answers.render`."""
        from suasion.answers.render import as_dict

        return as_dict(self, language)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Answer:
        """Return the answer of what :meth:`to_dict` made: every form can be had of it without a model."""
        return cls(
            question=plain["question"],
            asked=decode(plain["asked"]),
            findings=tuple(_finding(one) for one in plain["findings"]),
            tables=tuple(_table(one) for one in plain["tables"]),
            absent=_finding(plain["absent"]) if plain["absent"] else None,
            sources=tuple(plain["sources"]),
        )

    def __str__(self) -> str:
        """Return it as text for a terminal."""
        from suasion.answers.render import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        """Return it as a part of a page, for a notebook."""
        from suasion.answers.render import as_html

        return as_html(self)


def _finding(plain: Mapping[str, Any]) -> Finding:
    compared = plain["compared"]
    return Finding(
        plain["key"], decode(plain["values"]), Comparison(**decode(compared)) if compared else None
    )


def _table(plain: Mapping[str, Any]) -> Table:
    picture = plain["picture"]
    return Table(
        key=plain["key"],
        columns=tuple(Column(**one) for one in plain["columns"]),
        rows=decode(plain["rows"]),
        picture=Picture(**picture) if picture else None,
        values=decode(plain["values"]),
        notes=tuple(_finding(one) for one in plain["notes"]),
        detail=plain["detail"],
        brief=tuple(plain["brief"]),
    )
