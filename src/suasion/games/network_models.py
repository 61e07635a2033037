"""Keys and types of network files."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from suasion.schema.judgements import FigureModel, SourceModel, bare
from suasion.schema.typed_file import Strict

UNITS = {
    "bcm/year": ("USD/1000 m3", "million USD/year"),
    "Mt/year": ("USD/t", "million USD/year"),
    "million barrels/year": ("USD/barrel", "million USD/year"),
    "units": ("value/unit", "value"),
}
"""Units of quantity, with the unit of price and of value that fit them."""
QUANTITIES = ("capacity", "limit", "quantity")
PRICES = ("cost", "price", "intercept")
_WITH_UNIT = re.compile(r"\s*([-+]?[0-9.]+(?:[eE][-+]?\d+)?)\s+(\S.*?)\s*")


class NetworkFigureModel(FigureModel):
    """A number with where it comes from, and its unit where the file says it."""

    unit: str | None = None


def _figure(value: Any) -> Any:
    """Bare numbers, and texts such as ``38 bcm/year``, as figures."""
    value = bare(value)
    found = _WITH_UNIT.fullmatch(value) if isinstance(value, str) else None
    if found:
        return {"value": float(found[1]), "unit": found[2]}
    if not isinstance(value, dict):
        raise PydanticCustomError(
            "figure", "it must be a number, with or without its unit, or a mapping with `value`"
        )
    return value


Figure = Annotated[NetworkFigureModel, BeforeValidator(_figure)]


class UnitsModel(Strict):
    """Units of the file."""

    quantity: str
    price: str


class ProducerModel(Strict):
    """Keys of a producer."""

    name: str
    node: str
    player: str | None = None
    capacity: Figure
    cost: Figure


class CustomerModel(Strict):
    """Keys of a customer: either a point with an elasticity, or intercept and slope."""

    name: str
    node: str
    player: str | None = None
    price: Figure | None = None
    quantity: Figure | None = None
    elasticity: Figure | None = None
    intercept: Figure | None = None
    slope: Figure | None = None
    limit: Figure | None = None


class RouteModel(Strict):
    """Keys of a route; ``capital`` makes it one that is yet to be built."""

    name: str
    start: str = Field(alias="from")
    end: str = Field(alias="to")
    capacity: Figure
    cost: Figure
    needs: list[str] | None = None
    capital: Figure | None = None
    note: str = ""


class CaseModel(Strict):
    """Keys of a case: what is different in it."""

    name: str
    description: str = ""
    close: list[str] = Field(default_factory=list)
    without: list[str] = Field(default_factory=list)
    third_party: list[str] = Field(default_factory=list)


class NetworkModel(Strict):
    """Keys of a network file."""

    name: str
    description: str = ""
    units: UnitsModel
    players: dict[str, str]
    nodes: dict[str, str | None] = Field(default_factory=dict)
    rate: Figure | None = None
    life: Figure | None = None
    producers: list[ProducerModel]
    customers: list[CustomerModel]
    routes: list[RouteModel] = Field(default_factory=list)
    third_party: list[str] = Field(default_factory=list)
    cases: list[CaseModel] = Field(default_factory=list)
    sources: dict[str, SourceModel] = Field(default_factory=dict)
