"""Types of the arguments of questions, and options that mean the same in all: for a type checker, and for doors.

A type checker sees all that may be given from Python: of a list any sequence, of a file its name, of a scenario its
object. Doors see the one type that each becomes, with its mark.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeAlias, get_args

from suasion.types import DeficitRule

State = Annotated[str, "state"]
"""A state: ISO code or English name; a question gets its code."""
Side = Annotated[str, "side"]
"""A state, or a group of them: code or English name."""
Named = Annotated[str, "example"]
"""A file of one's own, or the name of one that ships; from afar the name alone."""
if TYPE_CHECKING:
    from suasion.equilibrium import Elasticities, Scenario

    ScenarioText: TypeAlias = str | Path | Scenario
    Courses = Sequence[Any]
    OwnElasticities: TypeAlias = str | Path | Elasticities | Mapping[str, Any]
    Texts = Sequence[str]
    Integers = Sequence[int]
    Numbers = Sequence[float]
    File = str | Path
else:
    ScenarioText = Annotated[str, "scenario"]
    """A scenario: a file, an address of the builder, or lines; from afar no file."""
    Courses = Annotated[tuple[str, ...], "course"]
    """Courses of the world: names of those that ship, or files; from afar names alone."""
    OwnElasticities = Annotated[str, "elasticities"]
    """Own elasticities: a file, the name of a set that ships, or as ``sigma=4,zeta=0.3``; from afar no file."""
    Texts = tuple[str, ...]
    """Words in a list, or in one text with commas."""
    Integers = tuple[int, ...]
    Numbers = tuple[float, ...]
    File = Path


class Limits(NamedTuple):
    """Least and most of a whole number."""

    least: int
    most: int | None = None

    @property
    def schema(self) -> dict[str, int]:
        """In the words of JSON Schema."""
        return {"minimum": self.least} | ({} if self.most is None else {"maximum": self.most})

    def __str__(self) -> str:
        """In words."""
        return f"{self.least} or more" if self.most is None else f"{self.least} to {self.most}"

    def check(self, name: str, value: Any) -> None:
        """Refuse what is no whole number within, by the name of its argument.

        Raises InputError: It is none.
        """
        from suasion.errors import InputError

        whole = isinstance(value, Integral) and not isinstance(value, bool)
        if not whole or value < self.least or (self.most is not None and value > self.most):
            raise InputError(f"{name} is {value!r}; give {self}.")


Draws = Annotated[int, Limits(100, 100_000)]
"""Draws over the ranges of judgements."""
Bands = Annotated[int, Limits(0, 1024)]
"""Draws of the elasticities for 90 % bands; none for no bands."""
Count = Annotated[int, Limits(0)]
"""A whole number that is not negative."""
Calendar = Annotated[int, Limits(1816, 2025)]
"""A year of which states and pacts are known."""
Years = Annotated[int, Limits(1)]
"""A number of years."""

TYPES: dict[Any, dict[str, Any]] = {
    State: {"type": "string", "format": "state"},
    Side: {"type": "string", "format": "side"},
    Named: {"type": "string", "format": "example"},
    ScenarioText: {"type": "string", "format": "scenario"},
    OwnElasticities: {"type": "string", "format": "elasticities"},
    DeficitRule: {"type": "string", "enum": [*get_args(DeficitRule)]},
    str: {"type": "string"},
    int: {"type": "integer"},
    int | None: {"type": ["integer", "null"]},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    float | None: {"type": ["number", "null"]},
    Integers: {"type": "array", "items": {"type": "integer"}},
    Numbers: {"type": "array", "items": {"type": "number"}},
    Texts: {"type": "array", "items": {"type": "string"}},
    Courses: {"type": "array", "items": {"type": "string", "format": "course"}},
}
"""Types of parameters that may come from afar; files may not."""

LISTS: dict[Any, type] = {
    Integers: int,
    Numbers: float,
    Texts: str,
    Courses: str,
}
"""Types that are written with commas, and what stands between them."""


class Lack(StrEnum):
    """Why a question that solves the model lacks an option that others have."""

    ALL_HORIZONS = "it answers for the first year and the long run at once"
    THEORY = "its theory holds in one setting only: the long run, factors that move, trade that balances"
    COMPARED = "its answer stands beside losses that were computed as is usual"


SOLVING = ("given", "elasticities", "factors", "deficits", "horizon", "draws", "seed", "world")
"""Options of every question that solves the model, by the same names at every door."""
SHARED: Mapping[str, tuple[str, str]] = {
    "given": (
        "ScenarioText",
        "In force already, and all have adjusted to it: scenario file, address, or lines.",
    ),
    "elasticities": (
        "OwnElasticities",
        "Own elasticities: a file (YAML), a set that ships (cobb-douglas, textbook), or as sigma=4,zeta.C26=0.3.",
    ),
    "factors": (
        "str",
        "Mobility of factors: mobile, specific, roy or capital; as the horizon has it without.",
    ),
    "deficits": ("DeficitRule", "What becomes of trade imbalances: balance, world or gdp."),
    "draws": ("int", "Draws of the elasticities for 90 % bands, around own ones too; 0 for none."),
    "seed": ("int", "Of the draws."),
    "world": ("World, optional", "The economy; the embedded one without."),
    "model": ("WarmModel, optional", "One that is warm already; it brings its world."),
    "progress": ("callable, optional", "Called with (done, total, what)."),
}
"""What options are that mean the same in all questions: types and words for docstrings that leave them out."""


SIDES: Mapping[str, str] = {
    "State": "A state: ISO code or English name.",
    "Side": "A state or group: ISO code or English name.",
}
"""What states and sides are, where a docstring leaves them out."""


def completed(ask: Callable[..., Any]) -> str:
    """Return the docstring of a question, with its states, and the options that mean the same in all."""
    doc = inspect.getdoc(ask) or ""
    known, given = helps_in(doc), inspect.signature(ask).parameters
    states = [one for one in given.values() if one.annotation in SIDES and one.name not in known]
    lines = [
        f"{', '.join(one.name for one in named)} : {kind}\n    {SIDES[kind]}"
        for kind, named in groupby(states, key=lambda one: str(one.annotation))
    ]
    head, part, rest = doc.partition("\n\nReturns\n")
    start, _, body = head.partition("\n\nParameters\n----------\n")
    lines += [body] if body else []
    lines += [
        f"{name} : {SHARED[name][0]}\n    {SHARED[name][1]}"
        for name in given
        if name in SHARED and name not in known
    ]
    told = "\n".join(["\n\nParameters", "----------", *lines]) if lines else ""
    return f"{start}{told}{part}{rest}"


def helps_in(doc: str) -> dict[str, str]:
    """Return the parameters of a docstring and what it says of them."""
    part = re.search(r"Parameters\n-+\n(.*?)(?:\n\n\w|\Z)", doc, re.DOTALL)
    helps: dict[str, str] = {}
    for names, text in re.findall(
        r"^(\w[\w, ]*) : .*\n((?:    .*\n?)*)", part[1] if part else "", re.MULTILINE
    ):
        helps |= {name.strip(): " ".join(text.split()) for name in names.split(",")}
    return helps
