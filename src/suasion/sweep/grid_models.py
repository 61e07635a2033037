"""Keys and types of grid files; what one key allows by itself is checked here, the rest in ``grid``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, create_model

from suasion.equilibrium.elasticities.schedule import HORIZONS, parse_horizon
from suasion.equilibrium.scenario import checks
from suasion.equilibrium.scenario.instrument import AtBorder
from suasion.equilibrium.scenario.instruments import INSTRUMENTS
from suasion.equilibrium.scenario.scenario import FIRST_YEAR, LAST_YEAR
from suasion.schema.strict import Names, Strict
from suasion.types import Advice, KeptRule

MOST_DRAWS = 4096
"""Draws of one sweep: a worker holds the elasticities of all of them, 0.1 MB each at 80 x 50."""
EMBEDDED = "embedded"
"""Name of the worlds that ship, told apart by their year; the latest where none is given."""
EVERY = "every"
"""Name of the world of every state."""
TWO_SIDED = {kind: cls for kind, cls in INSTRUMENTS.items() if issubclass(cls, AtBorder)}
"""Instruments between two sides."""
SYMMETRIC = tuple(kind for kind, cls in TWO_SIDED.items() if cls.flow == "both" and not cls.variants())
"""Those that treat both sides alike."""
SIZES = tuple(dict.fromkeys(cls.offer.argument for cls in TWO_SIDED.values() if cls.offer.argument))
VARIANTS = tuple(dict.fromkeys(cls.variants()[0] for cls in TWO_SIDED.values() if cls.variants()))
"""Arguments that set sizes, and those that choose variants."""
KINDS = tuple(TWO_SIDED)
if TYPE_CHECKING:
    Kind = str
else:
    Kind = Literal[KINDS]


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _horizon(value: Any) -> str | float:
    parse_horizon(value)  # raises with what is allowed
    return value if isinstance(value, str) else float(value)


Sizes = Annotated[list[float], BeforeValidator(_listed), Field(min_length=1)]


class WorldModel(Strict):
    """Which accounts: a data set by its name, or a file that ``World.save`` wrote."""

    name: Annotated[str, Field(min_length=1)] = EMBEDDED
    path: str | None = None


class CoalitionModel(Strict):
    """A named side."""

    name: Annotated[str, Field(min_length=1)]
    members: Names


class InstrumentHead(Strict):
    """One instrument, once for each of its sizes."""

    type: Kind
    name: str | None = None


_ARGUMENTS: dict[str, Any] = {
    **dict.fromkeys(SIZES, (Sizes | None, None)),
    **dict.fromkeys(VARIANTS, (str | None, None)),
}
if TYPE_CHECKING:
    InstrumentModel = InstrumentHead
else:
    InstrumentModel = create_model("InstrumentModel", __base__=InstrumentHead, **_ARGUMENTS)


def _instrument(value: Any) -> Any:
    return {"type": value} if isinstance(value, str) else value


def _world(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]


class GridModel(Strict):
    """Keys of a grid file."""

    name: Annotated[str, Field(min_length=1)]
    description: str = ""
    world: Annotated[WorldModel, BeforeValidator(_world)] = WorldModel()
    years: Annotated[list[Year], BeforeValidator(_listed), Field(min_length=1)] | None = None
    pairs: Any = None
    coalitions: list[CoalitionModel] = Field([])
    targets: Annotated[list[Names], BeforeValidator(_listed)] = Field([])
    instruments: Annotated[
        list[Annotated[InstrumentModel, BeforeValidator(_instrument)]],
        BeforeValidator(_listed),
        Field(min_length=1),
    ] = Field([InstrumentModel(type="embargo")])
    sectors: Annotated[list[Names], BeforeValidator(_listed), Field(min_length=1)] = Field([["all"]])
    horizons: Annotated[
        list[Annotated[Any, AfterValidator(_horizon)]], BeforeValidator(_listed), Field(min_length=1)
    ] = Field(["long"])
    draws: Annotated[int, Field(ge=0, le=MOST_DRAWS)] = 0
    seed: Annotated[int, Field(ge=0)] = 1
    deficits: Annotated[list[KeptRule], BeforeValidator(_listed), Field(min_length=1)] = Field(["balance"])
    given: Annotated[list[str], BeforeValidator(_listed), Field(min_length=1)] = Field(["none"])
    report: Names = Field(["sides"])


ALLOWED: dict[str, Advice] = {
    "name": "a text",
    "description": "a text",
    "world": "the name of a data set, or a mapping with name and path",
    "path": "a path",
    "years": f"whole numbers from {FIRST_YEAR} to {LAST_YEAR}",
    "pairs": "`all`, `ordered`, a group, a list of pairs, or a mapping with from and to",
    "coalitions": "a list of mappings with name and members",
    "members": "a country, a group, or a list of them",
    "targets": "a list of countries, groups, or lists of them",
    "instruments": "a list of instruments",
    "type": f"one of {', '.join(KINDS)}",
    **dict.fromkeys(SIZES, "a number or a list of numbers"),
    **{key: " or ".join(words) for key, words in checks.WORDS.items()},
    "sectors": "`all`, a sector, or a list of sectors, and lists of them",
    "horizons": "months, short, long, or years >= 1 since the shock",
    "draws": f"a whole number from 0 to {MOST_DRAWS}",
    "seed": "a whole number >= 0",
    "deficits": f"one of {', '.join(get_args(KeptRule))}",
    "given": "`none` or the path of a scenario file",
    "report": "`sides`, `all`, or a list of countries",
}
"""What may stand at each key, in words."""
WORDS = {"type": KINDS, "deficits": get_args(KeptRule), "horizons": HORIZONS}
"""Keys whose values are words, for hints."""
