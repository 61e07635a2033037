"""Grid files: which scenarios a sweep solves, as typed YAML whose every error names file, line and key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from suasion.equilibrium import Scenario
from suasion.equilibrium.scenario.instruments import INSTRUMENTS
from suasion.equilibrium.scenario.scenario import argument_keys
from suasion.errors import GridError, ScenarioError
from suasion.nearest import did_you_mean
from suasion.schema import yaml_lines
from suasion.schema.typed_file import Lines, TypedFile, repeats
from suasion.schema.yaml_lines import Fault, KeyPath
from suasion.sources.groups import group_names, is_group
from suasion.sweep.grid_models import (
    ALLOWED,
    SIZES,
    SYMMETRIC,
    VARIANTS,
    WORDS,
    GridModel,
    InstrumentModel,
)
from suasion.types import Advice


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
