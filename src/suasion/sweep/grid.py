"""Grid files: which scenarios a sweep solves, as typed YAML whose every error names file, line and key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, create_model

from suasion.equilibrium import Scenario
from suasion.equilibrium.elasticities.schedule import HORIZONS, parse_horizon
from suasion.equilibrium.scenario import checks
from suasion.equilibrium.scenario.instrument import AtBorder
from suasion.equilibrium.scenario.instruments import INSTRUMENTS
from suasion.equilibrium.scenario.scenario import FIRST_YEAR, LAST_YEAR, argument_keys
from suasion.errors import GridError, ScenarioError
from suasion.nearest import did_you_mean
from suasion.schema import yaml_lines
from suasion.schema.typed_file import Lines, Names, Strict, TypedFile, repeats
from suasion.schema.yaml_lines import Fault, KeyPath
from suasion.sources.groups import group_names, is_group
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


@dataclass(frozen=True, slots=True)
class SweepGrid:
    """A grid as written down; what its labels mean is found out when a world is there.

    Parameters
    ----------
    model : keys and values of the file
    given : scenarios already in force, read from their files
    source : file name, for messages
    lines : line of every key and item by its path
    folder : where relative paths start
    """

    model: GridModel
    given: tuple[Scenario | None, ...]
    source: str = field(default="<text>", compare=False)
    lines: Lines = field(default_factory=dict, compare=False, repr=False)
    folder: Path = field(default=Path(), compare=False)

    @property
    def name(self) -> str:
        """Name of the sweep."""
        return self.model.name

    def where(self, *path: str | int) -> str:
        """File and line of a key, for messages."""
        return f"{self.source}, line {yaml_lines.line_of(path, self.lines)}"


def read_grid(path: str | Path) -> SweepGrid:
    """Read a grid file.

    Parameters
    ----------
    path : YAML in UTF-8, at most 2 MB. Paths in it are relative to its folder.

    Returns
    -------
    SweepGrid

    Raises
    ------
    GridError
        The file is absent, too large or not valid. Each problem stands on a line of its own, with file, line, key
        and what is allowed.
    """
    file = Path(path)
    return _laid(*_FILE.read(file), str(file), file.parent)


def parse_grid(text: str, source: str = "<text>", folder: str | Path = ".") -> SweepGrid:
    """Grid from the text of a grid file.

    Parameters
    ----------
    text : YAML
    source : file name, for messages
    folder : where relative paths start

    Returns
    -------
    SweepGrid

    Raises
    ------
    GridError
        As for :func:`read_grid`.
    """
    return _laid(*_FILE.parse(text, source), source, Path(folder))


def _laid(model: GridModel, lines: Lines, source: str, folder: Path) -> SweepGrid:
    given, wrong = _given(model, folder)
    if wrong:
        raise GridError(yaml_lines.report(wrong, lines, source))
    return SweepGrid(model, given, source, lines, folder)


def _faults(model: GridModel) -> Iterator[Fault]:
    yield from _pair_faults(model)
    yield from _instrument_faults(model)
    yield from _repeated(model)


def _hint(key: str, value: Any) -> Advice:
    return did_you_mean(value, WORDS[key]) if key in WORDS else ""


_FILE = TypedFile("grid file", GridModel, GridError, _faults, ALLOWED, _hint, most=2_000_000)


def _pair_faults(model: GridModel) -> Iterator[Fault]:
    """Pairs of a wrong form, and a grid that names no pair at all."""
    pairs = model.pairs
    if bool(model.coalitions) != bool(model.targets):
        yield (
            ("coalitions" if model.coalitions else "targets",),
            "coalitions and targets go together; give both or none.",
        )
    if pairs is None:
        if not model.coalitions and not model.targets:
            yield (), "there are no pairs; give the key `pairs`, or `coalitions` and `targets`."
    elif isinstance(pairs, str):
        yield from _pair_word(model, pairs)
    elif isinstance(pairs, Mapping):
        if set(pairs) != {"from", "to"} or not all(_is_side(side) for side in pairs.values()):
            yield (
                ("pairs",),
                "a mapping of pairs has the keys from and to, each a country, a group or a list.",
            )
    elif isinstance(pairs, list) and pairs:
        for index, pair in enumerate(pairs):
            if not (isinstance(pair, list) and len(pair) == 2 and all(_is_side(side) for side in pair)):
                given = yaml_lines.in_words(pair)
                yield ("pairs", index), f"a pair is {given}; it must be two sides, such as [RUS, CHN]."
    else:
        yield ("pairs",), f"key `pairs` is {yaml_lines.in_words(pairs)}; allowed: {ALLOWED['pairs']}."


def _pair_word(model: GridModel, pairs: str) -> Iterator[Fault]:
    if pairs not in ("all", "ordered") and not is_group(pairs):
        hint = did_you_mean(pairs, ("all", "ordered", *group_names()))
        yield ("pairs",), f"key `pairs` is {pairs!r}; allowed: {ALLOWED['pairs']}.{hint}"
    elif pairs != "ordered":
        for index, item in enumerate(model.instruments):
            if item.type not in SYMMETRIC:
                yield (
                    ("instruments", index),
                    f"{item.type} has a direction, but `pairs: {pairs}` names each pair once; "
                    "write `pairs: ordered`, or a mapping with from and to.",
                )


def _is_side(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, str) and item.strip() for item in value)
    )


def _instrument_faults(model: GridModel) -> Iterator[Fault]:
    """Arguments that an instrument does not have, lacks, or that are out of range."""
    labels: list[str] = []
    for index, item in enumerate(model.instruments):
        path: KeyPath = ("instruments", index)
        try:
            labels += [action.label for action in actions(item)]
        except ScenarioError as error:
            yield path, f"{item.type}: {error}"
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        yield ("instruments",), f"{', '.join(twice)} is there twice; give one of them another `name`."


@dataclass(frozen=True, slots=True)
class Action:
    """An instrument of one size, without its sides.

    label: as in the column ``instrument``.
    kind: name in scenario files.
    size: its rate, factor or share, where it has one.
    arguments: (name, value) all arguments but the sides and the sectors.
    """

    label: str
    kind: str
    size: float | None
    arguments: tuple[tuple[str, Any], ...]


def actions(item: InstrumentModel) -> list[Action]:
    """Return an instrument of the grid once for each of its sizes.

    Raises ScenarioError: An argument is unknown to the instrument, missing, or out of range.
    """
    cls: Any = INSTRUMENTS[item.type]
    keys, needed = argument_keys(cls)
    given = {key: value for key in (*SIZES, *VARIANTS) if (value := getattr(item, key)) is not None}
    wrong = [key for key in given if key not in keys]
    if wrong:
        raise ScenarioError(f"it has no `{wrong[0]}`.")
    lacking = [key for key in needed if key in SIZES and key not in given]
    if lacking:
        raise ScenarioError(f"key `{lacking[0]}` is missing; give {ALLOWED[lacking[0]]}.")
    size_key = next((key for key in SIZES if key in given), None)
    words = {key: value for key, value in given.items() if key != size_key}
    name = item.name or " ".join([item.type, *map(str, words.values())])
    found = []
    for size in given[size_key] if size_key else [None]:
        arguments = dict(words) if size_key is None else {size_key: size, **words}
        cls(senders="A", targets="B", **arguments)  # raises where a value is out of range
        label = name if size is None else f"{name} {size:g}"
        found.append(Action(label, item.type, size, tuple(arguments.items())))
    return found


def _repeated(model: GridModel) -> Iterator[Fault]:
    """Values that stand twice on one axis: their tasks could not be told apart."""
    for key in ("years", "targets", "sectors", "horizons", "deficits", "given"):
        for index, value in repeats(getattr(model, key) or []):
            yield (key, index), f"{value!r} stands twice in `{key}`."
    for index, name in repeats([item.name for item in model.coalitions]):
        yield ("coalitions", index), f"coalition {name!r} is there twice."


def _given(model: GridModel, folder: Path) -> tuple[tuple[Scenario | None, ...], list[Fault]]:
    """Scenarios already in force, and what is wrong with their files."""
    from suasion.equilibrium.scenario.file import read_scenario

    found: list[Scenario | None] = []
    faults: list[Fault] = []
    for index, name in enumerate(model.given):
        try:
            found.append(None if name == "none" else read_scenario(folder / name))
        except ScenarioError as error:
            faults.append((("given", index), str(error)))
    names = [scenario.name for scenario in found if scenario is not None]
    if len(set(names)) < len(names):
        faults.append((("given",), "two scenarios have the same name; rename one of them."))
    return tuple(found), faults
