"""What every instrument can do: check its arguments, apply itself, describe itself, become plain data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from suasion.equilibrium.scenario import checks
from suasion.equilibrium.scenario.builder import Direction, ShockBuilder
from suasion.equilibrium.scenario.places import country_text, sector_text
from suasion.equilibrium.types import Use
from suasion.errors import ScenarioError
from suasion.remarks import Remark, Topic

if TYPE_CHECKING:
    from suasion.world import World

Names = str | Sequence[str]


class Scale(StrEnum):
    """What a size in the reader's unit means for the argument that it sets."""

    PERCENT = "percent"
    """Per cent of one: 25 is 0.25."""
    CHANGE = "change"
    """Per cent more: 20 is 1.2."""
    CUT = "cut"
    """Per cent less: 40 is 0.6."""
    AMOUNT = "amount"
    """As it is."""


@dataclass(frozen=True, slots=True)
class Offer:
    """How an instrument is offered where it is asked for by its kind and one size: addresses, forms, sweeps, levers.

    argument: name of the argument that the size sets; empty where the instrument has no size.
    scale: what a size means.
    usual, least, most: size to begin with, and its range, in the reader's unit.
    lever: whether it can be moved a little at a time, so that there is a derivative by it.
    """

    argument: str = ""
    scale: Scale = Scale.PERCENT
    usual: float = 0.0
    least: float = 0.0
    most: float = 0.0
    lever: bool = False

    def value(self, size: float) -> float:
        """Return the argument that a size in the reader's unit stands for."""
        part = size / 100.0
        found = {Scale.PERCENT: part, Scale.CHANGE: 1.0 + part, Scale.CUT: 1.0 - part, Scale.AMOUNT: size}
        return round(found[self.scale], 12)

    def size(self, value: float) -> float:
        """Return the size in the reader's unit of an argument: the inverse of :meth:`value`."""
        found = {
            Scale.PERCENT: 100.0 * value,
            Scale.CHANGE: 100.0 * (value - 1.0),
            Scale.CUT: 100.0 * (1.0 - value),
            Scale.AMOUNT: value,
        }
        return round(found[self.scale], 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument(ABC):
    """Base of the frozen data classes that a scenario is made of.

    date, until: str or datetime.date, optional. First and last day in force, as 2022-12-05; always in force
      without them. See :meth:`Scenario.on`.
    """

    kind: ClassVar[str]
    """Name in scenario files, such as ``"export_ban"``."""
    ranges: ClassVar[dict[str, str]] = {}
    """Arguments whose range is another row of ``checks.NUMBERS`` than that of their name."""
    offer: ClassVar[Offer] = Offer()
    """Its size as readers give it."""
    date: str | None = None
    until: str | None = None

    @classmethod
    def variants(cls) -> tuple[str, ...]:
        """Key and values of the argument that chooses a variant, the usual value first; empty where there is none."""
        keys = [f.name for f in fields(cls) if f.name in checks.WORDS and f.name != "use"]
        return (keys[0], *checks.WORDS[keys[0]]) if keys else ()

    @abstractmethod
    def apply(self, builder: ShockBuilder) -> None:
        """Lay this instrument on a shock in the making."""

    def describe(self, world: World) -> Remark:
        """What it does, and what of it is limited by use, coverage or dates, in the world's names."""
        values: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        size = values.get(self.offer.argument, 0.0)
        values |= {"percent": 100.0 * size, "size": 100.0 * abs(size)}
        sides = {side: country_text(values[side], world) for side in ("senders", "targets") if side in values}
        goods = {"sectors": sector_text(values["sectors"], world)} if "sectors" in values else {}
        return Remark(self.kind, values | sides | goods | self._chosen(values), tuple(self._limits()))

    def _chosen(self, values: dict[str, Any]) -> dict[str, Remark]:
        """Words of the arguments that choose a variant."""
        chosen = {name: values[name] for name in checks.WORDS if values.get(name)}
        if chosen.get("mode") == "add" and values["percent"] < 0.0:
            chosen["mode"] = "less"
        return {name: Remark(f"{name}_{word}", values) for name, word in chosen.items()}

    def _limits(self) -> list[Remark]:
        topics = {
            (True, False): Topic.IN_FORCE_FROM,
            (False, True): Topic.IN_FORCE_UNTIL,
            (True, True): Topic.IN_FORCE,
        }
        days = {"date": self.date, "until": self.until}
        return [Remark(topics[dated], days)] if any(dated := (bool(self.date), bool(self.until))) else []

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
    """Instruments on flows between economies: those with two sides.

    senders, targets: the two sides.
    use: {"inputs", "final"}, optional. Only flows that are bought for inputs, or only those for final use;
      without it all of them.
    """

    flow: ClassVar[Direction] = "both"
    """Of the senders' trade: what it touches. Where ``direction`` is an argument, that narrows it."""
    senders: Names = field(kw_only=False)
    targets: Names = field(kw_only=False)
    use: Use | None = None

    def _limits(self) -> list[Remark]:
        use = [Remark(f"use_{self.use}", {})] if self.use else []
        return [*use, *super(AtBorder, self)._limits()]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPart(AtBorder):
    """Instruments that may hit a part of each flow.

    coverage: share of each flow that it hits, above 0 and up to 1; the rest of the flow goes on as before.
      What is said of the part is averaged over the flow: of a rate or a factor's change coverage times it, of
      a ban a removed share.
    """

    coverage: float = 1.0

    def averaged(self, value: float, rest: float) -> float:
        """Return a value of the part as that of the whole flow, where it is ``rest`` of what is not hit."""
        return value if self.coverage == 1.0 else self.coverage * value + (1.0 - self.coverage) * rest

    def _limits(self) -> list[Remark]:
        part = [Remark(Topic.COVERAGE, {"coverage": self.coverage})] if self.coverage < 1.0 else []
        return [*part, *super(OnPart, self)._limits()]
