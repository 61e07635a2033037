"""What an answer holds: findings and tables without a word, so that every door and every language prints the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic

from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.table import Table
from suasion.answers.values import Value, Word
from suasion.errors import DataError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from typing_extensions import TypeVar

    R = TypeVar("R", default=Any, covariant=True)
else:
    from typing import TypeVar

    R = TypeVar("R", covariant=True)

FEW = 3
"""Findings shown where room is short, beside all cautions."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where numbers come from.

    Attributes
    ----------
    key : of its line in the catalogue
    dataset : str
        Name of the data set in `suasion data list`, or as its producer names it; empty for what is no data set.
    year : of the data
    licence : as its producer names it
    """

    key: str
    dataset: str = ""
    year: int | None = None
    licence: str = ""

    def line(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the line that names it."""
        return language.say(self.key, {"dataset": self.dataset, "year": self.year})


@dataclass(frozen=True, slots=True)
class Check:
    """Certificate of an equilibrium: the largest gap of an equation, and what it may be."""

    name: str
    residual: float
    limit: float

    @property
    def holds(self) -> bool:
        """Whether it is met."""
        return self.residual <= self.limit


@dataclass(frozen=True, slots=True)
class Run:
    """What made an answer, so that it can be made again.

    Attributes
    ----------
    id : checksum of all that follows: the same answer has the same
    version : of the package
    command : that makes it on a terminal
    parameters : as asked, defaults filled in
    world : checksum of the world; empty where none was used
    seed : int, optional
    draws : int
    """

    id: str
    version: str
    command: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    world: str = ""
    seed: int | None = None
    draws: int = 0


def _in_short(value: Value) -> str:
    """A value as one line has it: codes of states and industries; empty for words, which a language has."""
    if isinstance(value, tuple):
        return "+".join(map(_in_short, value))
    if isinstance(value, Word):
        return ""
    return str(getattr(value, "code", getattr(value, "sector", getattr(value, "value", value))))


@dataclass(frozen=True, slots=True)
class AnswerContent(Generic[R]):
    """What a question found, as every form of it reads it.

    Attributes
    ----------
    question : name of the question
    asked : its arguments, names resolved
    findings : the heaviest first, whatever the order given
    tables : the main one first
    absent : why there are no tables
    sources : tuple of Source
    checks : tuple of Check
    run : Run, optional
    result : the model's own, for those who compute on; never shown, compared or sent
    """

    question: str
    asked: Mapping[str, Value]
    findings: tuple[Finding, ...] = ()
    tables: tuple[Table, ...] = ()
    absent: Finding | None = None
    sources: tuple[Source, ...] = ()
    checks: tuple[Check, ...] = ()
    run: Run | None = None
    result: R = field(default=None, repr=False, compare=False)  # type: ignore[assignment]

    def __post_init__(self) -> None:
        if bool(self.tables) == bool(self.absent):
            raise DataError(
                f"the answer to {self.question!r} needs tables, or why there are none, and not both."
            )
        object.__setattr__(self, "findings", tuple(sorted(self.findings, key=lambda one: -one.weight)))

    def few(self, most: int = FEW) -> tuple[Finding, ...]:
        """Return the heaviest findings and all cautions, in order."""
        main = [one for one in self.findings if not one.caution][:most]
        return tuple(one for one in self.findings if one.caution or one in main)

    def table(self, key: str = "") -> Table:
        """Return a table by key; the main one without.

        Raises
        ------
        DataError
            If there is none of that name.
        """
        for table in self.tables:
            if key in ("", table.key):
                return table
        known = ", ".join(table.key for table in self.tables) or "none"
        raise DataError(f"There is no table {key!r} in this answer; it has {known}.")

    def whole(self, key: str = "") -> Table:
        """Return the table that has every row: of the main table, where that is a digest; a named one as it is.

        Raises
        ------
        DataError
            If there is none of that name.
        """
        table = self.table(key)
        return self.table(table.whole) if table.whole and not key else table

    def rows(self, key: str) -> list[dict[str, Any]]:
        """Return the rows of a table as mappings; none where it has no table of that name."""
        return next((table.records for table in self.tables if table.key == key), [])

    def drawn(self, key: str = "") -> Table:
        """Return a table by key; without one the first that has a picture, the main one where none has."""
        pictured = (table for table in self.tables if table.picture is not None)
        return self.table(key) if key else next(pictured, None) or self.table()

    @property
    def command(self) -> str:
        """The command that makes it on a terminal; empty where no question was asked."""
        return self.run.command if self.run else ""

    @property
    def frame(self) -> pd.DataFrame:
        """Every row of the main table, also where it prints a digest; see :meth:`head`."""
        return self.whole().frame

    def to_frame(
        self, table: str = "", names: bool = False, language: Language = DEFAULT_LANGUAGE
    ) -> pd.DataFrame:
        """Return a table, all of the main one where none is named; see :meth:`suasion.answers.table.Table.to_frame`."""
        return self.whole(table).to_frame(names, language)

    @property
    def xarray(self) -> xr.Dataset:
        """Every row of the main table over its axes."""
        return self.whole().xarray

    def __repr__(self) -> str:
        """One line: the question, what was asked, the tables; ``print`` shows it whole."""
        asked = " ".join(word for one in self.asked.values() if (word := _in_short(one)))
        tables = ", ".join(f"{table.key} ({len(table.rows)})" for table in self.tables) or "no data"
        return f"<Answer {self.question}{asked and ' '}{asked}: {tables}>"
