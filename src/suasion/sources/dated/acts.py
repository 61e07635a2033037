"""Acts of states on trade of which no scenario is made: who, on whom, what, when, and what is not known."""

from __future__ import annotations

import datetime
import tomllib
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from suasion.errors import DataError
from suasion.files import shipped_text
from suasion.schema.typed_file import Strict

FILE = "acts.toml"
Text = Annotated[str, Field(min_length=1)]
Day = datetime.date
Pair = Annotated[list[float], Field(min_length=2, max_length=2)]


class DatedAct(Strict):
    """One act.

    Attributes
    ----------
    imposer, targets : str, list of str
        Codes, groups, or ``all``.
    kind : str
        ``list``: a rate of the law; ``control``: exports need a licence; ``ban``; ``informal``: checks or orders
        without a text.
    goods : str
    industries : list of str
        Industries or sections of the embedded tables that the goods lie in.
    covers : str, optional
        What part of trade it hits, where a source says it.
    percent : list of float, optional
        Lowest and highest rate of a list; None where they were not read.
    date, until : date
        First and last day in force; None where it holds still, or the last day was not read.
    suspended : list of date, optional
        First and last day on which it did not hold.
    source, locator, unknown : str
        Who says so, where, and what is not known.
    read : str
        What of it was read: its text (``release``), or a report in others' words (``quoted``).
    """

    imposer: Text
    targets: Annotated[list[Text], Field(min_length=1)]
    kind: Literal["list", "control", "ban", "informal"]
    goods: Text
    industries: Annotated[list[Text], Field(min_length=1)]
    covers: Text | None = None
    percent: Pair | None = None
    date: Day
    until: Day | None = None
    suspended: Annotated[list[Day], Field(min_length=2, max_length=2)] | None = None
    source: Text
    locator: Text
    read: Literal["release", "quoted"]
    unknown: Text

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.percent is not None and self.kind != "list":
            raise ValueError("only a list has rates")
        if self.until is not None and self.until < self.date:
            raise ValueError(f"until is {self.until}, before date, {self.date}")
        if self.suspended is not None and not self.date <= self.suspended[0] <= self.suspended[1]:
            raise ValueError("suspended is no span of days after date")
        return self

    def holds(self, day: Day) -> bool:
        """Whether it is in force on a day."""
        out = self.suspended is not None and self.suspended[0] <= day <= self.suspended[1]
        return self.date <= day and not out and (self.until is None or day <= self.until)


@cache
def dated_acts() -> dict[str, DatedAct]:
    """Return all acts by name, the earliest first.

    Raises DataError: An entry is not as it must be.
    """
    text = shipped_text("suasion.sources", f"dated/{FILE}")
    found = {name: _act(name, raw) for name, raw in tomllib.loads(text).items()}
    return dict(sorted(found.items(), key=lambda item: item[1].date))


def _act(name: str, raw: Any) -> DatedAct:
    try:
        return DatedAct.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, (name, *first["loc"])))
        raise DataError(f"{FILE}, {place}: {first['msg']}. Correct the entry.") from error
