"""Library of dated measures: scenario files that were in force, each with its days, its source and what came of it.

``register.toml`` beside the files says of each when it held, who says so and where, how much of the flows it hits,
what the source leaves open, and what was published of its outcome.
"""

from __future__ import annotations

import datetime
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from suasion.errors import DataError, InputError
from suasion.files import shipped_text
from suasion.schema import yaml_lines
from suasion.schema.typed_file import Strict

if TYPE_CHECKING:
    import pandas as pd

REGISTER = "register.toml"
Text = Annotated[str, Field(min_length=1)]


class PublishedOutcome(Strict):
    """What came of a measure, as published.

    Attributes
    ----------
    kind : str
        ``imports``: change of the value of imports of the buyer from the seller; ``share``: change of the seller's
        part in all that the buyer imports. Per cent.
    buyer, seller : str
        Codes or groups.
    sectors : list of str
        Goods; all where empty.
    low, high : float
        Per cent; the same where it is one number.
    years : float
        Horizon.
    source : str
    """

    kind: Literal["imports", "share"]
    buyer: Text
    seller: Text
    sectors: list[Text] = Field(default_factory=list)
    low: float
    high: float
    years: Annotated[float, Field(ge=0, le=10)]
    source: Text


class DatedMeasure(Strict):
    """One measure.

    Attributes
    ----------
    date, until : date
        First and last day in force; None where it holds still, or the last day was not read.
    kind : {"list", "collected"}, optional
        Of tariffs: whether the rates are those of the law, or what was paid; None of a ban.
    collected : dict of str to float
        Points of tariff that were paid on average, by year, where known.
    source, locator : str
        Who says so, and where.
    read : str
        What of it was read.
    coverage : float, optional
        Part of the flows that the measure hits, where the source says it or we assume it.
    plan : bool
        Whether it was studied and never in force: its date is that of the study.
    assumed : str
        What the source does not say.
    outcome : list of PublishedOutcome
    """

    date: datetime.date
    until: datetime.date | None = None
    kind: Literal["list", "collected"] | None = None
    collected: dict[str, float] = Field(default_factory=dict)
    source: Text
    locator: Text
    read: Literal["paper", "abstract", "release", "quoted"]
    coverage: Annotated[float, Field(gt=0, le=1)] | None = None
    plan: bool = False
    assumed: str
    outcome: list[PublishedOutcome] = Field(default_factory=list)

    @property
    def lasted(self) -> Literal["plan", "ended", "since"]:
        """Whether it was ever in force, and whether it ended."""
        return "plan" if self.plan else "ended" if self.until else "since"

    @property
    def days(self) -> dict[str, str]:
        """First and last day as printed; the last where there is one."""
        return {"first": self.date.isoformat()} | ({"last": self.until.isoformat()} if self.until else {})

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.until is not None and self.until < self.date:
            raise ValueError(f"until is {self.until}, before date, {self.date}")
        return self


@cache
def dated_measures() -> dict[str, DatedMeasure]:
    """Return all measures by the name of their file, the earliest first.

    Raises DataError: The register and the files do not fit, or an entry is not as it must be.
    """
    found = parse(_text(REGISTER))
    files = {file.name.removesuffix(".yaml") for file in _folder().iterdir() if file.name.endswith(".yaml")}
    if odd := sorted(files ^ set(found)):
        raise DataError(f"{REGISTER} and the files beside it do not fit: {odd[0]} is in one of them only.")
    return dict(sorted(found.items(), key=lambda item: item[1].date))


def parse(text: str, source: str = REGISTER) -> dict[str, DatedMeasure]:
    """Read a register.

    Raises DataError: An entry is not as it must be; the message says which.
    """
    try:
        return {key: _entry(key, raw, source) for key, raw in tomllib.loads(text).items()}
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{source} cannot be read: {error}. Correct the file.") from error


def _entry(key: str, raw: Any, source: str) -> DatedMeasure:
    try:
        return DatedMeasure.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, (key, *first["loc"])))
        raise DataError(f"{source}, {place}: {first['msg']}. Correct the entry.") from error


@cache
def measure_rates(name: str, kind: str) -> pd.DataFrame:
    """Return rates by industry and year, of the measures where they are on file.

    name, kind: of the measure, and ``list`` or ``collected``.
    Returns: ``buyer``, ``seller``, ``industry``, ``year``, ``before`` (rate of the year before the first) and ``added``
      (points above it, a mean over the days of the year), per cent.
    Raises InputError: There are none.
    """
    import pandas as pd

    with _folder().joinpath("rates.csv").open("r", encoding="utf-8") as file:
        table = pd.read_csv(file)
    found = table[(table["measure"] == name) & (table["kind"] == kind)]
    if found.empty:
        known = table[["measure", "kind"]].drop_duplicates().agg(" ".join, axis=1)
        raise InputError(f"There are no rates of {name!r}, {kind!r}; there are {', '.join(known)}.")
    return found.drop(columns=["measure", "kind"]).reset_index(drop=True)


def scenario_text(name: str) -> str:
    """Return the scenario file of a measure.

    Raises InputError: There is no such measure.
    """
    if name not in dated_measures():
        raise InputError(f"There is no measure {name!r}; there are {', '.join(dated_measures())}.")
    return _text(f"{name}.yaml")


@cache
def instruments_of(name: str) -> list[dict[str, Any]]:
    """Return the instruments of a measure as plain data, which nobody changes."""
    data, _ = yaml_lines.parse(scenario_text(name), f"{name}.yaml", "scenario file", 200_000, DataError)
    found: list[dict[str, Any]] = data["instruments"]
    return found


@cache
def measure_sides(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Codes of those who took a measure and of those whom it hits; "all" is left out."""
    from suasion.sources.groups import expand

    year = dated_measures()[name].date.year
    senders, targets = (
        {
            code
            for part in instruments_of(name)
            for token in part.get(role, ())
            if token != "all"
            for code in expand([token], year)
        }
        for role in ("senders", "targets")
    )
    return frozenset(senders), frozenset(targets)


def _folder() -> Any:
    return resources.files("suasion.sources").joinpath("dated")


def _text(name: str) -> str:
    return shipped_text(__name__, name)
