"""What every instrument can do: check its arguments, apply itself, describe itself, become plain data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ClassVar

from suasion.equilibrium.scenario import checks
from suasion.equilibrium.scenario.builder import ShockBuilder

if TYPE_CHECKING:
    from suasion.world import World

Names = str | Sequence[str]


class Instrument(ABC):
    """Base of the frozen data classes that a scenario is made of."""

    __slots__ = ()
    kind: ClassVar[str]
    """Name in scenario files, such as ``"export_ban"``."""
    ranges: ClassVar[dict[str, str]] = {}
    """Arguments whose range is another row of ``checks.NUMBERS`` than that of their name."""

    @abstractmethod
    def apply(self, builder: ShockBuilder) -> None:
        """Lay this instrument on a shock in the making."""

    @abstractmethod
    def describe(self, world: World) -> str:
        """One sentence in the world's names."""

    def to_dict(self) -> dict[str, Any]:
        """Type and arguments as plain data; arguments at their default are left out."""
        values = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}  # type: ignore[arg-type]
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
        return {"type": self.kind, **plain}

    def __post_init__(self) -> None:
        """Check the arguments and bring names into tuples."""
        for item in fields(self):  # type: ignore[arg-type]
            key, value = item.name, getattr(self, item.name)
            if key in ("senders", "targets", "sectors"):
                value = None if key == "sectors" and value is None else checks.names(key, value)
            elif key in checks.WORDS:
                value = checks.word(key, value)
            else:
                value = checks.number(key, value, self.ranges.get(key, ""))
            object.__setattr__(self, key, value)
