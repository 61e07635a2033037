"""Register of figures that others published for questions that can be asked here: ``estimates.toml``, read strictly."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from suasion.errors import DataError
from suasion.files import shipped_text
from suasion.schema.typed_file import Strict
from suasion.sources.countries import resolve_country
from suasion.sources.dated import Text, instruments_of
from suasion.sources.groups import is_group

FILE = "estimates.toml"
ALL = "all"


class Study(Strict):
    """One study, and what of it was read.

    Attributes
    ----------
    authors, year, title, outlet
        As usual.
    read : the text with the figure, its abstract, a page of its house, or another text that quotes it
    where : what was read
    base_year : of its data, where what was read states it
    elasticities : the same
    model : kind of its model; ``trade`` is that of this package
    """

    authors: list[Text]
    year: int
    title: Text
    outlet: Text
    read: Literal["paper", "abstract", "release", "quoted"]
    where: Text
    base_year: int | None = None
    elasticities: str = ""
    model: Literal["trade", "firms", "dynamic", "diffusion", "substitution", "mixed", "formula"]

    @property
    def latest_base(self) -> int:
        """Year of its data, or the last that it can be of: tables are published two years late (assumption, 1 to 4)."""
        return self.base_year or self.year - 2

    @property
    def short(self) -> str:
        """First authors and year."""
        names = [name.rpartition(". ")[2] for name in self.authors]
        return f"{' and '.join(names) if len(names) < 3 else f'{names[0]} et al.'} ({self.year})"

    @property
    def cited(self) -> str:
        """Authors, title, outlet and year."""
        return f"{', '.join(self.authors)}, {self.title}, {self.outlet} ({self.year})"


class Setting(Strict):
    """What a study asks.

    Attributes
    ----------
    what : in words
    instruments : as in a scenario file; empty where it cannot be asked here
    measure : file of dated measures whose instruments these are
    answered : whether each of them is answered in kind
    sides : two: who stands against whom, where the instruments do not say it.
    assumed : whether who takes part, or how much, is our assumption
    """

    what: Text
    measure: str = ""
    answered: bool = False
    instruments: list[dict[str, Any]] = Field(default_factory=list)
    sides: Annotated[list[list[Text]], Field(min_length=2, max_length=2)] | None = None
    assumed: bool = False

    @property
    def opposed(self) -> list[tuple[list[str], list[str]]]:
        """Who stands against whom."""
        if self.sides is not None:
            return [(self.sides[0], self.sides[1])]
        return [(one["senders"], one["targets"]) for one in self.instruments]


class PublishedFigure(Strict):
    """One published figure.

    Attributes
    ----------
    study, scenario : keys
    economies : whose change: codes and groups together; "all" is the world.
    low, high : change in per cent, or a tariff in per cent; the same where it is one number
    measure : what is measured
    years : horizon: 0 are the first months, 1 the first year, 10 the long run.
    locator : where it stands in what was read
    match : how its definition compares with real expenditure in this model
    role : ``calibration`` where the short run was chosen to fit it, ``view`` where it was known then
    inputs : ``world`` where ours is solved on a world of this package, ``own`` where it is computed on the study's
        inputs
    share : share of domestic goods in expenditure that the study starts from
    """

    study: str
    scenario: str
    economies: list[Text]
    low: float
    high: float
    measure: Literal[
        "welfare",
        "linear_welfare",
        "real_income",
        "expenditure",
        "consumption",
        "gdp",
        "tariff",
        "gains_one_sector",
        "gains_with_inputs",
        "gains_formula",
    ]
    years: Annotated[float, Field(ge=0, le=10)]
    locator: Text
    match: Literal["same", "near", "other"]
    role: Literal["test", "view", "calibration"] = "test"
    inputs: Literal["world", "own"] = "world"
    share: Annotated[float, Field(gt=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _checked(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"the range {self.low} to {self.high} is the wrong way round")
        for name in self.economies:
            if name != ALL and not is_group(name):
                resolve_country(name)
        return self


class Register(Strict):
    """All studies and scenarios by key, and all figures in the order of the file."""

    study: dict[str, Study]
    scenario: dict[str, Setting]
    figure: list[PublishedFigure]

    @model_validator(mode="after")
    def _joined(self) -> Self:
        for name, held, used in (
            ("study", self.study, {one.study for one in self.figure}),
            ("scenario", self.scenario, {one.scenario for one in self.figure}),
        ):
            if unknown := sorted(used - set(held)):
                raise ValueError(f"a figure names the {name} {unknown[0]}, which is not there")
            if idle := sorted(set(held) - used):
                raise ValueError(f"no figure is of the {name} {idle[0]}")
        return self


@cache
def register() -> Register:
    """Return figures that others published for what can be asked here, as they ship.

    Returns
    -------
    Register
        Studies, what they asked, and their figures: each with its economies, its low and high end, and its locator.
    """
    return parse(shipped_text("suasion.sources", FILE))


def parse(text: str, source: str = FILE) -> Register:
    """Read a register.

    text: TOML with ``study``, ``scenario`` and ``figure``. A figure has ``value`` or ``range`` of
      ``economies``, or ``values`` by economy and, where its study starts from them, ``shares``.
    source: for messages.
    Raises DataError: Something is missing, unknown or of another type; the message says which and where.
    """
    try:
        plain = tomllib.loads(text)
        plain["scenario"] = {key: _asked(raw) for key, raw in plain.get("scenario", {}).items()}
        plain["figure"] = [one for raw in plain.get("figure", []) for one in _figures(raw)]
        return Register.model_validate(plain)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise DataError(f"{source} cannot be read: {error}. Correct the file.") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise DataError(f"{source}, {place or 'register'}: {first['msg']}. Correct the entry.") from error


def _asked(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario with the instruments of its file."""
    if "measure" not in raw:
        return dict(raw)
    acts = instruments_of(raw["measure"])
    answers = [{**one, "senders": one["targets"], "targets": one["senders"]} for one in acts]
    return {**raw, "instruments": [*acts, *(answers if raw.get("answered") else [])]}


def _figures(raw: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One entry as figures: one each of ``values``."""
    shared = {name: raw[name] for name in raw if name not in ("values", "value", "range", "shares", "years")}
    shared["years"] = float(raw["years"])
    if sum(name in raw for name in ("values", "value", "range")) != 1:
        raise KeyError("a figure needs one of value, values and range")
    if "values" not in raw:
        low, high = raw.get("range") or (raw["value"], raw["value"])
        yield {**shared, "low": low, "high": high}
        return
    for name, value in raw["values"].items():
        more = {"share": raw["shares"][name]} if "shares" in raw else {}
        yield {**shared, **more, "economies": [name], "low": value, "high": value}
