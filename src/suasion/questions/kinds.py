"""Types of the arguments of questions: what a type checker sees, and what doors make of it.

A type checker sees all that may be given from Python: of a list any sequence, of a file its name, of a scenario its
object. Doors see the one type that each becomes, with its mark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
