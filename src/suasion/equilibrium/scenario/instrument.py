"""What every instrument can do: check its arguments, apply itself, describe itself, become plain data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar

from suasion.equilibrium.scenario import checks
from suasion.equilibrium.scenario.builder import ShockBuilder
from suasion.equilibrium.types import Use
from suasion.errors import ScenarioError

if TYPE_CHECKING:
    from suasion.world import World

Names = str | Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument(ABC):
    """Base of the frozen data classes that a scenario is made of.

    Parameters
    ----------
    date, until : str or datetime.date, optional
        First and last day in force, as 2022-12-05; always in force without them. See :meth:`Scenario.on`.
    """

    kind: ClassVar[str]
    """Name in scenario files, such as ``"export_ban"``."""
    ranges: ClassVar[dict[str, str]] = {}
    """Arguments whose range is another row of ``checks.NUMBERS`` than that of their name."""
    date: str | None = None
    until: str | None = None

    @abstractmethod
    def apply(self, builder: ShockBuilder) -> None:
        """Lay this instrument on a shock in the making."""

    @abstractmethod
    def sentence(self, world: World) -> str:
        """What it does in one sentence, in the world's names."""

    def describe(self, world: World) -> str:
        """What it does, and what of it is limited by use, coverage or dates, in the world's names."""
        return " ".join([self.sentence(world), *self._limits()])

    def _limits(self) -> list[str]:
        since = f"from {self.date}" if self.date else ""
        until = f"until {self.until}" if self.until else ""
        days = " ".join(word for word in (since, until) if word)
        return [f"In force {days}."] if days else []

    def in_force(self, day: str) -> bool:
        """Whether it holds on a day, as 2022-12-05."""
        return (self.date or day) <= day <= (self.until or day)

    def to_dict(self) -> dict[str, Any]:
        """Type and arguments as plain data; arguments at their default are left out."""
        own = sorted(fields(self), key=lambda f: bool(f.kw_only))
        values = {f.name: getattr(self, f.name) for f in own if getattr(self, f.name) != f.default}
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
        return {"type": self.kind, **plain}

    def __post_init__(self) -> None:
        """Check the arguments and bring names into tuples."""
        for item in fields(self):
            key, value = item.name, getattr(self, item.name)
            if value is None and item.default is None:
                continue
            if key in ("senders", "targets", "sectors"):
                value = checks.names(key, value)
            elif key in ("date", "until"):
                value = checks.day(key, value)
            elif key in checks.WORDS:
                value = checks.word(key, value)
            else:
                value = checks.number(key, value, self.ranges.get(key, ""))
            object.__setattr__(self, key, value)
        if self.date and self.until and self.until < self.date:
            raise ScenarioError(
                f"until is {self.until}, before date, {self.date}; give the last day in force."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class AtBorder(Instrument):
    """Instruments on flows between economies.

    Parameters
    ----------
    use : {"inputs", "final"}, optional
        Only flows that are bought for inputs, or only those for final use; without it all of them.
    """

    use: Use | None = None

    def _limits(self) -> list[str]:
        words = {"inputs": "Only what is bought for inputs.", "final": "Only what is bought for final use."}
        return [*([words[self.use]] if self.use else []), *super(AtBorder, self)._limits()]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPart(AtBorder):
    """Instruments that may hit a part of each flow.

    Parameters
    ----------
    coverage : float
        Share of each flow that it hits, above 0 and up to 1; the rest of the flow goes on as before. What is said of
        the part is averaged over the flow: of a rate or a factor's change coverage times it, of a ban a removed share.
    """

    coverage: float = 1.0

    def averaged(self, value: float, rest: float) -> float:
        """Return a value of the part as that of the whole flow, where it is ``rest`` of what is not hit."""
        return value if self.coverage == 1.0 else self.coverage * value + (1.0 - self.coverage) * rest

    def _limits(self) -> list[str]:
        part = f"It hits {percent(self.coverage)} of each flow, and is averaged over the whole."
        return [*([part] if self.coverage < 1.0 else []), *super(OnPart, self)._limits()]


def percent(share: float) -> str:
    """Share as per cent."""
    return f"{100 * share:g} %"
