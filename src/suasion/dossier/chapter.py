"""A chapter of the dossier: what one room has to say on the pair, as tables with units and typed findings.

Every room that joins the dossier does so by one function that returns a chapter; page, terminal text, files and
charts are made from it by the same code for all. A chapter without data says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.numbers import Unit as Unit
from suasion.answers.table import Table
from suasion.dossier.claims import Claim
from suasion.errors import (
    ConvergenceError,
    DataError,
    InputError,
    MissingPackageError,
    ShockError,
    SuasionError,
)

Cell = str | int | float | None
Heads = Mapping[str, Unit]
"""Names of columns, in order, with the unit of each."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chapter's table.

    Attributes
    ----------
    name : str
        Name in files.
    title : str
        Head as printed, with its unit where it is not in the cells.
    unit : str
        How its numbers are printed: ``share`` and ``percent`` in per cent, ``change`` in per cent with its sign,
        ``musd`` in million USD, ``musd_change`` the same with its sign,
        ``probability`` 0 to 1, ``score`` any number, ``ratio`` at least 1.
    draws : int
        Where its probabilities are shares of draws: of how many.
    """

    name: str
    title: str
    unit: Unit = "text"
    draws: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """How a table is drawn.

    Attributes
    ----------
    form : {"lines", "ranges", "grid", "curve", "map", "steps"}
        Lines over years with a band; one dot with its range for each row; a mark for each year and row whose
        series says yes, no or unknown; a curve of one number against another; points on a map; or a line of steps at
        dates.
    x, y : str
        Columns: year and value; value and name of the row; or the two numbers.
    low, high : str
        Columns of the band; empty without one.
    series : str
        Column whose values tell lines, or the colours of dots, apart; at most three of them.
    panel : str
        Column whose values give a panel each; empty for one panel.
    label : str
        Column of the words beside the points of a curve, or of the names of steps; empty without any.
    inner : tuple of str
        Columns of a narrower band of steps.
    """

    form: Literal["lines", "ranges", "grid", "curve", "map", "steps"]
    x: str
    y: str
    low: str = ""
    high: str = ""
    series: str = ""
    panel: str = ""
    label: str = ""
    inner: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class ChapterTable:
    """A table with its words, its source and, where it is drawn, its picture.

    Attributes
    ----------
    key : str
        Identifier within the page.
    title, subtitle : str
        Heading; measure, unit, place and period.
    columns : tuple of Column
    rows : tuple of tuple
        Cells in the order of the columns; a missing one is None.
    source : str
        Source line.
    notes : tuple of str
        Cautions as full sentences.
    picture : Picture, optional
        How it is drawn.
    most : int
        Rows shown in the terminal; the page and the files have all. Zero leaves the table out there.
    terminal : tuple of str
        Columns shown in the terminal; all where none are named.
    answered : Table, optional
        The answer's table that it shows.
    """

    key: str
    title: str
    subtitle: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: str
    notes: tuple[str, ...] = ()
    picture: Picture | None = None
    most: int = 8
    terminal: tuple[str, ...] = ()
    answered: Table | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        wrong = [len(row) for row in self.rows if len(row) != len(self.columns)]
        if wrong or not self.rows:
            raise DataError(
                f"table {self.key!r} has {len(self.columns)} columns and rows of {sorted(set(wrong))} cells."
                if wrong
                else f"table {self.key!r} has no rows: leave it out, and let its chapter say why."
            )

    def values(self, name: str) -> tuple[Cell, ...]:
        """Return one column by name."""
        place = [column.name for column in self.columns].index(name)
        return tuple(row[place] for row in self.rows)

    def only(self, names: tuple[str, ...]) -> ChapterTable:
        """Return the table with these columns only; with all where none are named."""
        if not names:
            return self
        places = [[column.name for column in self.columns].index(name) for name in names]
        return replace(
            self,
            columns=tuple(self.columns[place] for place in places),
            rows=tuple(tuple(row[place] for place in places) for row in self.rows),
        )

    def printed(self) -> tuple[tuple[str, ...], ...]:
        """Return the cells as printed."""
        return tuple(
            tuple(
                print_cell(cell, column.unit, column.draws)
                for cell, column in zip(row, self.columns, strict=True)
            )
            for row in self.rows
        )


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one room says on the pair.

    Attributes
    ----------
    key : str
        Address within the page.
    title : str
        The question it answers.
    findings : tuple of Claim
        Its conclusions, the most important first.
    tables : tuple of ChapterTable
    reason : str
        Why there are no tables, as a full sentence; empty where there are.
    method : str
        Name of the documentation page that explains it.
    """

    key: str
    title: str
    findings: tuple[Claim, ...] = ()
    tables: tuple[ChapterTable, ...] = ()
    reason: str = ""
    method: str = ""

    def __post_init__(self) -> None:
        if bool(self.tables) == bool(self.reason):
            raise DataError(
                f"chapter {self.key!r} needs tables, or a reason why there are none, and not both."
            )


def print_cell(cell: Cell, unit: Unit, draws: int = 0) -> str:
    """Print one cell; a missing one is "no data", never a zero."""
    if cell is None:
        return n.NO_DATA
    if isinstance(cell, str):
        return cell
    return n.printed(cell, unit, draws)


SPOKEN = (InputError, ShockError, ConvergenceError, MissingPackageError)
"""Errors whose message is of the question alone. Those of data may name a folder of the machine that computes."""


def reason_of(error: SuasionError) -> str:
    """Why there are no numbers, as a page may say it.

    Parameters
    ----------
    error : SuasionError
    """
    return str(error) if isinstance(error, SPOKEN) else say("chapter.failed")


def heads(place: str, units: Heads, draws: Mapping[str, int] | None = None) -> tuple[Column, ...]:
    """Return columns whose heads stand in the catalogue.

    Parameters
    ----------
    place : str
        Where, below "chapter." ("arms.head").
    units : mapping
        Name of each column, and its unit.
    draws : mapping, optional
        Columns of probabilities that are shares of draws, and of how many.
    """
    of = draws or {}
    return tuple(
        Column(name, say(f"chapter.{place}.{name}"), unit, of.get(name, 0)) for name, unit in units.items()
    )


def by_name(columns: Sequence[Column]) -> dict[str, Column]:
    """Return columns by name."""
    return {column.name: column for column in columns}
