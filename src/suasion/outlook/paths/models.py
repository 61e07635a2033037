"""Keys and types of the files of paths."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from suasion.equilibrium.scenario.scenario import FIRST_YEAR, LAST_YEAR
from suasion.schema.strict import Names, Strict
from suasion.types import Advice

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Rate = Annotated[float, Field(gt=-50.0, lt=50.0)]
Factor = Annotated[float, Field(gt=0.0, le=100.0)]
Points = Annotated[dict[Year, Factor], Field(min_length=1)]

ALLOWED: dict[str, Advice] = {
    "name": "a text",
    "description": "a text",
    "growth": "a mapping with `source` and `rates`",
    "source": "cited or none",
    "rates": "a list of mappings with countries, from, to, percent",
    "countries": "a country, a group, or a list of them",
    "from": f"a whole number from {FIRST_YEAR} to {LAST_YEAR}",
    "to": f"a whole number from {FIRST_YEAR} to {LAST_YEAR}",
    "percent": "real growth in per cent a year, above -50 and below 50",
    "low": "per cent a year, with `high`",
    "high": "per cent a year, with `low`",
    "costs": "a list of mappings with senders, targets and path",
    "senders": "a country, a group, or a list of them",
    "targets": "a country, a group, or a list of them",
    "sectors": "a sector, or a list of them",
    "direction": "both, imports or exports",
    "path": "years with factors above 0 and at most 100, such as {2026: 1.5, 2030: 1.0}",
    "hold": "true or false",
    "technology": "a list of mappings with targets and path",
    "response": "by_age or long",
    "break": "a mapping with hazard, size, calm and basis",
    "hazard": "a probability a year, from 0 to below 1",
    "size": "log odds, from 0 to 5",
    "calm": "log odds a year, from 0 to 1",
    "basis": "a text",
    "notes": "a list of texts",
}
"""What may stand at each key, in words."""


class RateModel(Strict):
    """Keys of an own growth rate."""

    countries: Names
    first: Year = Field(alias="from")
    last: Year = Field(alias="to")
    percent: Rate
    low: Rate | None = None
    high: Rate | None = None


class GrowthModel(Strict):
    """Keys of the growth of a path."""

    source: Literal["cited", "none"] = "cited"
    rates: list[RateModel] = Field(default_factory=list)


class CostModel(Strict):
    """Keys of a path of trade costs."""

    senders: Names
    targets: Names
    sectors: Names | None = None
    direction: Literal["both", "imports", "exports"] = "both"
    path: Points
    hold: bool = False


class TechnologyModel(Strict):
    """Keys of a path of productivity."""

    targets: Names
    sectors: Names | None = None
    path: Points
    hold: bool = False


class BreakModel(Strict):
    """Keys of breaks of regime."""

    hazard: Annotated[float, Field(ge=0.0, lt=1.0)]
    size: Annotated[float, Field(ge=0.0, le=5.0)]
    calm: Annotated[float, Field(ge=0.0, le=1.0)] = 0.1
    basis: str = "own"


class PathModel(Strict):
    """Keys of a file of paths."""

    name: Annotated[str, Field(min_length=1)]
    description: str = ""
    growth: GrowthModel = GrowthModel()
    costs: list[CostModel] = Field(default_factory=list)
    technology: list[TechnologyModel] = Field(default_factory=list)
    response: Literal["by_age", "long"] = "by_age"
    breaks: BreakModel | None = Field(default=None, alias="break")
    notes: list[str] = Field(default_factory=list)
