"""Keys and types of scenario files, one model an instrument; ranges are those of the instruments."""

from __future__ import annotations

from dataclasses import MISSING, fields
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, create_model

from suasion.equilibrium.scenario import checks
from suasion.equilibrium.scenario.instrument import Instrument
from suasion.equilibrium.scenario.instruments import INSTRUMENTS
from suasion.equilibrium.scenario.scenario import FIRST_YEAR, LAST_YEAR
from suasion.schema.typed_file import Names, Strict
from suasion.types import Advice


def _rule(key: str, rule: str = "") -> AfterValidator:
    return AfterValidator(lambda value: checks.number(key, value, rule))


Day = Annotated[str, BeforeValidator(lambda value: checks.day("the day", value))]

ALLOWED: dict[str, Advice] = {
    "name": "a text",
    "description": "a text",
    "year": f"a whole number from {FIRST_YEAR} to {LAST_YEAR}",
    "instruments": "a list of mappings, each with a type",
    "type": f"one of {', '.join(INSTRUMENTS)}",
    "senders": "a country, a group, or a list of them",
    "targets": "a country, a group, or a list of them",
    "sectors": "a sector, or a list of them",
    "date": checks.DAY,
    "until": checks.DAY,
    **{key: rule.text for key, rule in checks.NUMBERS.items()},
    "price_cap.share": checks.NUMBERS["cap"].text,
    **{key: " or ".join(words) for key, words in checks.WORDS.items()},
}
"""What may stand at each key, in words."""


def _type(cls: type[Instrument], key: str, *, optional: bool) -> Any:
    """Type of an argument in a file, with its range."""
    if key in ("senders", "targets", "sectors"):
        kind: Any = Names
    elif key in ("date", "until"):
        kind = Day
    elif key in checks.WORDS:
        kind = Literal[checks.WORDS[key]]
    else:
        kind = Annotated[float, _rule(key, cls.ranges.get(key, ""))]
    return kind | None if optional else kind


def _model(cls: type[Instrument]) -> type[BaseModel]:
    """Keys of an instrument: its arguments, with their defaults."""
    keys = {
        item.name: (
            _type(cls, item.name, optional=item.default is None),
            ... if item.default is MISSING else item.default,
        )
        for item in sorted(fields(cls), key=lambda item: bool(item.kw_only))
    }
    given: dict[str, Any] = {"type": (Literal[cls.kind], ...), **keys}
    return create_model(f"{cls.__name__}Model", __base__=Strict, __doc__=f"Keys of {cls.kind}.", **given)


MODELS: dict[str, type[BaseModel]] = {kind: _model(cls) for kind, cls in INSTRUMENTS.items()}
"""Model of each instrument by its name in scenario files."""


if TYPE_CHECKING:
    AnyModel = BaseModel
else:
    AnyModel = Annotated[reduce(or_, MODELS.values()), Field(discriminator="type")]


class ScenarioModel(Strict):
    """Keys of a scenario file."""

    name: Annotated[str, Field(min_length=1)]
    description: str = ""
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] | None = None
    instruments: Annotated[list[AnyModel], Field(strict=False)]
