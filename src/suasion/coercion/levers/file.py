"""Files of levers and red lines: typed YAML whose every error names the file and the line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from suasion.errors import JudgementError
from suasion.schema.typed_file import Names, Strict, TypedFile, repeats
from suasion.schema.yaml_lines import Fault
from suasion.types import Advice

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


class LeverModel(Strict):
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


class RedLineModel(Strict):
    """Keys of a red line on levers."""

    name: Name
    says: Annotated[str, Field(min_length=1)]
    owner: Annotated[str, Field(min_length=1)]
    limits: Annotated[dict[str, float], Field(min_length=1)]
    at_most: float = 0.0
    basis: Annotated[str, Field(min_length=1)]


class LeversModel(Strict):
    """Keys of a file of levers."""

    name: Annotated[str, Field(min_length=1)]
    about: str = ""
    budget_percent: Annotated[float, Field(gt=0)] = 0.1
    levers: Annotated[list[LeverModel], Field(min_length=1)]
    red_lines: list[RedLineModel] = Field([])


DEFAULT = Path(__file__).with_name("default.yaml")
"""The levers and red lines that are used where no file is given."""
GENERAL = DEFAULT.with_name("general.yaml")
"""Those of a tie of states that are under no sanctions of the audience."""
SANCTIONED = ("RUS", "BLR")
"""States for which `default.yaml` is written: those whose energy, payments and technology are under sanctions."""


def read_levers(path: str | Path | None = None) -> LeversModel:
    """Read a file of levers and red lines.

    Parameters
    ----------
    path : YAML file in UTF-8; None reads the one that is shipped

    Raises
    ------
    JudgementError
        The file is absent, too large or not valid; every problem stands with file, line, key and what is allowed.
    """
    return _FILE.read(DEFAULT if path is None else path)[0]


def levers_for(a: str, b: str) -> LeversModel:
    """Read the shipped levers for the dependence of one state on another: with what sanctions hold back, or without.

    a, b: their codes.
    """
    model = read_levers(DEFAULT if a in SANCTIONED else GENERAL)
    # The one red line of the general file protects trade that no sanction forbids.
    return model.model_copy(update={"red_lines": []}) if b in SANCTIONED and a not in SANCTIONED else model


def parse_levers(text: str, source: str = "<text>") -> LeversModel:
    """Read levers and red lines from a text.

    Parameters
    ----------
    text : YAML
    source : file name, for messages

    Raises
    ------
    JudgementError
        As for :func:`read_levers`.
    """
    return _FILE.parse(text, source)[0]


def _faults(model: LeversModel) -> Iterator[Fault]:
    """Levers and red lines have names of their own, and red lines name levers that exist."""
    known = [lever.name for lever in model.levers]
    for kind, names in (("levers", known), ("red_lines", [red.name for red in model.red_lines])):
        for place, name in repeats(names):
            yield (kind, place), f"{kind} has {name!r} twice; rename one."
    for place, red in enumerate(model.red_lines):
        for name in red.limits:
            if name not in known:
                yield (
                    ("red_lines", place, "limits", name),
                    f"the red line {red.name!r} names the lever {name!r}, which there is not. "
                    f"Levers are {', '.join(known)}.",
                )


_FILE = TypedFile("file of levers", LeversModel, JudgementError, _faults, ALLOWED, most=100_000)
__all__ = [
    "DEFAULT",
    "LeverModel",
    "LeversModel",
    "RedLineModel",
    "levers_for",
    "parse_levers",
    "read_levers",
]
