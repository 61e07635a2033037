"""Scenario files: typed YAML whose every error names the file, the line, the key and what is allowed.

Loading is safe: plain data only, no tags, anchors or aliases, and a limit on size.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, ScalarEvent
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from suasion.equilibrium import checks
from suasion.equilibrium.instruments import INSTRUMENTS
from suasion.equilibrium.scenario import Scenario
from suasion.equilibrium.scenario_models import ALLOWED, MODELS, ScenarioModel
from suasion.errors import OutputError, ScenarioError

MAX_BYTES = 200_000
_SHOWN = 5
_DEPTH = 10

KeyPath = tuple[str | int, ...]


def read_scenario(path: str | Path) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path : str or Path
        YAML file in UTF-8, at most 200,000 bytes.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        When the file is absent, too large or not valid. Each problem stands on a line of its own with file,
        line, key and what is allowed.
    """
    file = Path(path)
    if not file.is_file():
        near = sorted(p.name for p in file.parent.glob("*.y*ml"))[:5] if file.parent.is_dir() else []
        there = f" In its folder: {', '.join(near)}." if near else ""
        raise ScenarioError(f"There is no scenario file {file}.{there} Check the path.")
    if file.stat().st_size > MAX_BYTES:
        raise ScenarioError(
            f"{file} has {file.stat().st_size:,} bytes; a scenario file has at most {MAX_BYTES:,}."
        )
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{file} cannot be read as UTF-8 text: {error}.") from error
    return parse_scenario(text, str(file))


def parse_scenario(text: str, source: str = "<text>") -> Scenario:
    """Scenario from the text of a scenario file.

    Parameters
    ----------
    text : str
        YAML.
    source : str, optional
        File name for messages.

    Raises
    ------
    ScenarioError
        As for :func:`read_scenario`.
    """
    if len(text.encode()) > MAX_BYTES:
        raise ScenarioError(f"{source} is longer than the {MAX_BYTES:,} bytes that a scenario file may have.")
    data, root = _load(text, source)
    lines = dict(_lines(root, ()))
    try:
        model = ScenarioModel.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(_report(error, data, lines, source)) from error
    plain = model.model_dump(exclude_defaults=True)
    scenario = Scenario.from_dict(plain)
    origins = tuple(f"{source}, line {lines['instruments', k]}" for k in range(len(scenario.instruments)))
    return Scenario(scenario.name, scenario.instruments, scenario.description, scenario.year, origins)


def to_yaml(scenario: Scenario) -> str:
    """Text of a scenario file."""
    writer: Any = YAML(typ="safe", pure=True)  # its attributes are typed as what they hold at first
    writer.default_flow_style = None
    writer.sort_base_mapping_type_on_output = False
    writer.width = 100
    stream = io.StringIO()
    writer.dump(scenario.to_dict(), stream)
    return stream.getvalue()


def write_scenario(scenario: Scenario, path: str | Path) -> Path:
    """Write a scenario file and return its path.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    file = Path(path)
    try:
        file.write_text(to_yaml(scenario), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}. Choose another path.") from error
    return file


def _load(text: str, source: str) -> tuple[Any, Node]:
    """Plain data, and the tree of nodes that knows the lines."""
    try:
        _check_plain(text, source)
        data = YAML(typ="safe", pure=True).load(text)
        root = YAML(typ="safe", pure=True).compose(text)
    except ScenarioError:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark is not None else ""
        raise ScenarioError(
            f"{source}{line}: this is not valid YAML: {_first_line(error.problem)}."
        ) from error
    except (YAMLError, ValueError) as error:
        raise ScenarioError(f"{source}: this is not valid YAML: {_first_line(str(error))}.") from error
    if not isinstance(data, Mapping):
        raise ScenarioError(
            f"{source}: a scenario file is a mapping that begins with `name:`; this is {_type(data)}."
        )
    return data, cast(Node, root)


def _check_plain(text: str, source: str) -> None:
    """Raise at the first tag, anchor or alias (they build objects or grow without bound) or deep nesting."""
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        where = f"{source}, line {event.start_mark.line + 1}"
        if isinstance(event, (AliasEvent, ScalarEvent, CollectionStartEvent)) and (
            event.anchor is not None or getattr(event, "tag", None) is not None
        ):
            raise ScenarioError(f"{where}: tags, anchors and aliases (! & *) are not allowed; write it out.")
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > _DEPTH:
            raise ScenarioError(f"{where}: lists and mappings are nested more than {_DEPTH} deep.")


def _lines(node: Node | None, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    """Line of every key and item of a tree, by its path."""
    if not path and node is not None:
        yield path, node.start_mark.line + 1
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield (*path, key.value), key.start_mark.line + 1
            yield from _lines(value, (*path, key.value))
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield (*path, index), item.start_mark.line + 1
            yield from _lines(item, (*path, index))


def _report(error: ValidationError, data: Any, lines: Mapping[KeyPath, int], source: str) -> str:
    """One line a problem, in the order of the file."""
    found = [_problem(dict(item), data, lines) for item in error.errors(include_url=False)]
    found = sorted(dict.fromkeys(found))
    shown = [f"{source}, line {line}: {text}" for line, text in found[:_SHOWN]]
    more = [f"... and {len(found) - _SHOWN} more."] if len(found) > _SHOWN else []
    return "\n".join([*shown, *more])


def _problem(item: dict[str, Any], data: Any, lines: Mapping[KeyPath, int]) -> tuple[int, str]:
    """Line and text of one problem."""
    path = _real_path(item["loc"], data)
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    line = next(lines[path[:size]] for size in range(len(path), -1, -1) if path[:size] in lines)
    kind = _kind(path, data)
    what = item["type"]
    if what == "extra_forbidden":
        return line, _unknown_key(key, path, data)
    if what == "missing":
        return line, f"key `{key}` is missing{f' from {kind}' if kind else ''}; give {_allowed(key, kind)}."
    if what.startswith("union_tag"):
        given = item["ctx"].get("tag")
        hint = checks.did_you_mean(given, tuple(INSTRUMENTS))
        start = f"type {given!r} is unknown" if given else "key `type` is missing"
        return line, f"{start}; allowed: {ALLOWED['type']}.{hint}"
    allowed = _allowed(key, kind)
    if what == "model_attributes_type" or (key == "instruments" and isinstance(path[-1], int)):
        return line, f"an instrument is {_type(item['input'])}; it must be a mapping with a type."
    hint = checks.did_you_mean(item["input"], checks.WORDS[key]) if key in checks.WORDS else ""
    return line, f"key `{key}` is {_type(item['input'])}; allowed: {allowed}.{hint}"


def _unknown_key(key: str, path: KeyPath, data: Any) -> str:
    kind = _kind(path, data)
    model = MODELS.get(kind, ScenarioModel)
    known = [name for name in model.model_fields if name != "type"]
    hint = checks.did_you_mean(key, known)
    return f"key `{key}` is unknown{f' in {kind}' if kind else ''}; allowed: {', '.join(known)}.{hint}"


def _real_path(loc: tuple[str | int, ...], data: Any) -> KeyPath:
    """Path in the file: pydantic puts the type of the instrument in as a step of its own."""
    return loc[:2] + loc[3:] if len(loc) > 2 and loc[0] == "instruments" else loc


def _kind(path: KeyPath, data: Any) -> str:
    """Type of the instrument a path lies in, empty outside of instruments."""
    if len(path) < 2 or path[0] != "instruments":
        return ""
    return (
        str(data["instruments"][path[1]].get("type", ""))
        if isinstance(data["instruments"][path[1]], Mapping)
        else ""
    )


def _allowed(key: str, kind: str) -> str:
    return ALLOWED["cap" if (key, kind) == ("share", "price_cap") else key]


def _type(value: Any) -> str:
    """Value as a user would call it, short."""
    if value is None:
        return "empty"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "an empty list" if not value else "a list"
    if isinstance(value, bool):
        return f"the truth value {str(value).lower()}"
    text = repr(value)
    short = text if len(text) <= 40 else f"{text[:37]}..."
    return f"the text {short}" if isinstance(value, str) else short


def _first_line(text: Any) -> str:
    return str(text).strip().split("\n", 1)[0].rstrip(".")
