"""A scenario: a named, ordered list of instruments, and its compilation for one world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from suasion.equilibrium.scenario import checks
from suasion.equilibrium.scenario.builder import ShockBuilder
from suasion.equilibrium.scenario.instrument import Instrument
from suasion.equilibrium.scenario.instruments import INSTRUMENTS
from suasion.equilibrium.types import Shock
from suasion.errors import ScenarioError, SuasionError, expect
from suasion.remarks import Remark

if TYPE_CHECKING:
    from suasion.world import World

FIRST_YEAR, LAST_YEAR = 1800, 2200


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens, independent of any world, horizon or elasticity.

    Parameters
    ----------
    name : short name for tables and titles
    instruments : applied in this order; none at all is the world as it is
    description : a sentence or two
    year : groups have the members of 31 December of this year; None takes the world's year
    origins : where each instrument was written ("sanctions.yaml, line 7"), for error messages

    Raises
    ------
    ScenarioError
        When the name is empty, an item is no instrument, or the year is out of range.

    Examples
    --------
    >>> from suasion.equilibrium.scenario.instruments import Embargo
    >>> Scenario("cut", [Embargo("RUS", "CHN")]).instruments[0].targets
    ('CHN',)
    """

    name: str
    instruments: Sequence[Instrument] = ()
    description: str = ""
    year: int | None = None
    origins: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        """Check the fields and make the list of instruments a tuple."""
        for key in ("name", "description"):
            if not isinstance(getattr(self, key), str):
                raise ScenarioError(f"{key} is {getattr(self, key)!r}; it must be a text.")
        if not self.name.strip():
            raise ScenarioError("The name of the scenario is empty; give a short one.")
        given: Any = self.instruments
        items = tuple(given) if isinstance(given, Sequence) and not isinstance(given, str) else (given,)
        wrong = [item for item in items if not isinstance(item, Instrument)]
        if wrong:
            known = ", ".join(sorted(cls.__name__ for cls in INSTRUMENTS.values()))
            raise ScenarioError(f"{wrong[0]!r} is not an instrument. Instruments are {known}.")
        object.__setattr__(self, "instruments", items)
        _check_year(self.year)

    def __add__(self, other: Scenario | Instrument) -> Scenario:
        """Both together, in their order: the name and the year of the first that has one."""
        if isinstance(other, Instrument):
            other = Scenario(other.kind.replace("_", " "), [other])
        expect(other, Scenario, "other", 'Add a scenario, as su.tariff("USA", "CHN", "60%").')
        return replace(
            self,
            name=f"{self.name} + {other.name}",
            instruments=(*self.instruments, *other.instruments),
            year=other.year if self.year is None else self.year,
            origins=(*self.origins, *other.origins) if len(self.origins) == len(self.instruments) else (),
        )

    def __radd__(self, other: int) -> Scenario:
        """What ``sum`` begins with: nothing."""
        return self if other == 0 else NotImplemented

    @property
    def by_use(self) -> bool:
        """Whether some instrument is of one use only."""
        return any(getattr(item, "use", None) is not None for item in self.instruments)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for YAML or JSON."""
        head = {"name": self.name, "description": self.description, "year": self.year}
        given = {key: value for key, value in head.items() if value not in ("", None)}
        return {**given, "instruments": [item.to_dict() for item in self.instruments]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Scenario:
        """Scenario from plain data, the inverse of :meth:`to_dict`.

        Raises
        ------
        ScenarioError
            When a key is unknown or missing, or a value not allowed; each problem stands on a line of its own.
        """
        from suasion.equilibrium.scenario.file import scenario_of_data

        if not isinstance(data, Mapping):
            raise ScenarioError(
                f"A scenario is a mapping with name and instruments, not {type(data).__name__}."
            )
        return scenario_of_data(data)

    def on(self, day: str | date) -> Scenario:
        """Return the scenario of the instruments in force on a day; those without dates always are.

        Parameters
        ----------
        day : as 2022-12-05. Groups keep the members of ``year``; without it, they have those of the day's year.

        Raises
        ------
        ScenarioError
            It is no day.
        """
        when = checks.day("day", day)
        held = [k for k, item in enumerate(self.instruments) if item.in_force(when)]
        return replace(
            self,
            instruments=[self.instruments[k] for k in held],
            year=int(when[:4]) if self.year is None else self.year,
            origins=tuple(self.origins[k] for k in held if k < len(self.origins)),
        )

    def to_yaml(self) -> str:
        """Text of a scenario file; :func:`parse_scenario` reads it back."""
        from suasion.equilibrium.scenario.file import to_yaml

        return to_yaml(self)

    def describe(self, world: World) -> tuple[Remark, ...]:
        """One sentence an instrument, in the world's names."""
        return tuple(item.describe(world) for item in self.instruments)


def compile_scenario(world: World, scenario: Scenario) -> Shock:
    """Lay the instruments of a scenario on a world, in their order.

    Trade costs multiply, rates add up (``mode="set"`` forgets what came before), productivity and endowments
    multiply, transfers add up, the tighter quota holds, and an embargo wins over everything. Trade of an
    economy with itself is never touched, also where groups overlap.

    Parameters
    ----------
    world : countries, sectors and base tax rates
    scenario : what happens

    Returns
    -------
    Shock
        Its ``labels`` are one sentence an instrument, then notes: members of groups that the world does not
        hold, overlapping groups, unknown base rates.

    Raises
    ------
    NotInWorldError, UnknownCountryError, AmbiguousCountryError
        For a country or sector that the world does not hold, or that does not exist.
    SameCountryError
        When an economy is named on both sides of an instrument.
    ScenarioError
        When instruments together make no sense, for instance a rate of -100 %.
    """
    expect_scenario(scenario)
    builder = ShockBuilder(world, world.year if scenario.year is None else scenario.year)
    for index, item in enumerate(scenario.instruments):
        try:
            item.apply(builder)
            builder.labels.append(item.describe(world))
        except SuasionError as error:
            origin = (
                scenario.origins[index] if index < len(scenario.origins) else f"Scenario {scenario.name!r}"
            )
            raise type(error)(f"{origin}, instrument {index + 1} ({item.kind}): {error}") from error
    return builder.shock()


def expect_scenario(value: object) -> None:
    """Refuse what is no scenario.

    Raises InputError: The message says how to make one of a list of instruments, or of a file.
    """
    advice = 'Give Scenario("a name", [Embargo("RUS", "CHN")]), for instance.'
    if isinstance(value, str):
        advice = f"A scenario file is read by read_scenario({value!r})."
    expect(value, Scenario, "scenario", advice)


def _check_year(year: Any) -> None:
    if year is None:
        return
    if (
        isinstance(year, bool)
        or not isinstance(year, int | np.integer)
        or not FIRST_YEAR <= year <= LAST_YEAR
    ):
        raise ScenarioError(f"year is {year!r}; it must be a whole number from {FIRST_YEAR} to {LAST_YEAR}.")


def argument_keys(cls: type[Instrument]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of all arguments of an instrument, and of those it cannot do without."""
    items = sorted(fields(cls), key=lambda f: bool(f.kw_only))
    return tuple(f.name for f in items), tuple(f.name for f in items if f.default is MISSING)
