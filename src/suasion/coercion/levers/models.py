"""Keys and types of files of levers and red lines."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from suasion.types import Advice


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[list[str], BeforeValidator(_one_or_many), Field(min_length=1)]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
Range = Annotated[list[float], Field(min_length=2, max_length=2)]

ALLOWED: dict[str, Advice] = {
    "name": "a name in lower case with underscores",
    "kind": "tariff, export_tax, trade_cost or transfer",
    "buyers": "audience, a, b, a country, a group, or a list of them",
    "sellers": "audience, a, b, a country, a group, or a list of them",
    "whole": "countries and groups whose joint use is full use",
    "size": "a number; for taxes and costs the rate at full use, above -1, negative where the lever lowers it",
    "range": "two numbers, the lower one first, with the size between them",
    "low": "a number from -1 to 1, at most high",
    "high": "a number from -1 to 1, at least low",
    "basis": "the source, or `assumption`",
    "limits": "a mapping from levers to coefficients",
    "at_most": "a number",
}
"""What may stand at each key, in words."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class LeverModel(_Strict):
    """Keys of a lever."""

    name: Name
    says: Annotated[str, Field(min_length=1)]
    kind: Literal["tariff", "export_tax", "trade_cost", "transfer"]
    buyers: Names
    sellers: Names
    sectors: Names | None = None
    size: float
    range: Range
    low: Annotated[float, Field(ge=-1, le=1)] = 0.0
    high: Annotated[float, Field(ge=-1, le=1)] = 1.0
    discrete: bool = False
    each: bool = True
    whole: Names | None = None
    basis: Annotated[str, Field(min_length=1)]

    @property
    def assumed(self) -> bool:
        """Whether its size is an assumption, whatever is said of it after a semicolon."""
        return self.basis.partition(";")[0] == "assumption"

    @model_validator(mode="after")
    def _consistent(self) -> LeverModel:
        if self.low > self.high:
            raise ValueError(f"low is {self.low:g} and high is {self.high:g}; low is at most high")
        small, large = self.range
        if not small <= self.size <= large:
            raise ValueError(f"size is {self.size:g}, outside its range {small:g} to {large:g}")
        if self.kind != "transfer" and small <= -1.0:
            raise ValueError("a wedge cannot fall by 100 per cent or more: the range must stay above -1")
        return self


class RedLineModel(_Strict):
    """Keys of a red line on levers."""

    name: Name
    says: Annotated[str, Field(min_length=1)]
    owner: Annotated[str, Field(min_length=1)]
    limits: Annotated[dict[str, float], Field(min_length=1)]
    at_most: float = 0.0
    basis: Annotated[str, Field(min_length=1)]


class LeversModel(_Strict):
    """Keys of a file of levers."""

    name: Annotated[str, Field(min_length=1)]
    about: str = ""
    budget_percent: Annotated[float, Field(gt=0)] = 0.1
    levers: Annotated[list[LeverModel], Field(min_length=1)]
    red_lines: list[RedLineModel] = []
