"""Scenario files: typed YAML whose every error names the file, the line, the key and what is allowed.

Loading is safe: plain data only, no tags, anchors or aliases, and a limit on size.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from suasion.equilibrium.scenario import checks
from suasion.equilibrium.scenario.instruments import INSTRUMENTS, current_kind
from suasion.equilibrium.scenario.models import ALLOWED, MODELS, ScenarioModel
from suasion.equilibrium.scenario.scenario import Scenario
from suasion.errors import OutputError, ScenarioError
from suasion.files import write_text
from suasion.nearest import did_you_mean
from suasion.schema import yaml_lines
from suasion.schema.yaml_lines import KeyPath
from suasion.types import Advice

MAX_BYTES = 200_000
_NOUN = "scenario file"
_WORDS = re.compile(r"\w[\w .+/()-]*")


def read_scenario(path: str | Path) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path : YAML file in UTF-8, at most 200,000 bytes

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        When the file is absent, too large or not valid. Each problem stands on a line of its own with file,
        line, key and what is allowed.
    """
    text = yaml_lines.read_text(path, _NOUN, MAX_BYTES, ScenarioError)
    return parse_scenario(text, str(Path(path)))


def parse_scenario(text: str, source: str = "<text>") -> Scenario:
    """Scenario from the text of a scenario file.

    source: file name for messages.
    Raises ScenarioError: As for :func:`read_scenario`.
    """
    data, lines = yaml_lines.parse(text, source, _NOUN, MAX_BYTES, ScenarioError)
    for item in data["instruments"] if isinstance(data.get("instruments"), list) else ():
        if isinstance(item, dict) and "type" in item:
            item["type"] = current_kind(item["type"])
    try:
        model = ScenarioModel.model_validate(data)
    except ValidationError as error:
        found = (_problem(dict(item), data, lines) for item in error.errors(include_url=False))
        raise ScenarioError(yaml_lines.in_order(found, source)) from error
    plain = model.model_dump(exclude_defaults=True)
    scenario = Scenario.from_dict(plain)
    origins = tuple(f"{source}, line {lines['instruments', k]}" for k in range(len(scenario.instruments)))
    return Scenario(scenario.name, scenario.instruments, scenario.description, scenario.year, origins)


def to_yaml(scenario: Scenario) -> str:
    """Text of a scenario file."""
    writer: Any = YAML(pure=True)  # its attributes are typed as what they hold at first
    writer.default_flow_style = None
    writer.width = 100
    stream = io.StringIO()
    writer.dump(_quoted(scenario.to_dict()), stream)
    return stream.getvalue()


def _quoted(value: Any) -> Any:
    """Plain data in which every text that is more than words has quotation marks."""
    if isinstance(value, Mapping):
        return {name: _quoted(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_quoted(one) for one in value]
    return (
        DoubleQuotedScalarString(value) if isinstance(value, str) and not _WORDS.fullmatch(value) else value
    )


def write_scenario(scenario: Scenario, path: str | Path) -> Path:
    """Write a scenario file in one step and return its path.

    Raises OutputError when the file cannot be written.
    """
    file = Path(path)
    try:
        write_text(file, to_yaml(scenario))
    except OutputError as error:
        raise OutputError(f"The scenario cannot be written: {error}.") from error
    return file


def _problem(item: dict[str, Any], data: Any, lines: Mapping[KeyPath, int]) -> tuple[int, Advice]:
    """Line and text of one problem."""
    path = _real_path(item["loc"])
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    line = yaml_lines.line_of(path, lines)
    kind = _kind(path, data)
    what = item["type"]
    if what == "extra_forbidden":
        return line, _unknown_key(key, path, data)
    if what == "missing":
        return line, f"key `{key}` is missing{f' from {kind}' if kind else ''}; give {_allowed(key, kind)}."
    if what.startswith("union_tag"):
        given = item["ctx"].get("tag")
        hint = did_you_mean(given, tuple(INSTRUMENTS))
        start = f"type {given!r} is unknown" if given else "key `type` is missing"
        return line, f"{start}; allowed: {ALLOWED['type']}.{hint}"
    allowed = _allowed(key, kind)
    if what == "model_attributes_type" or (key == "instruments" and isinstance(path[-1], int)):
        return (
            line,
            f"an instrument is {yaml_lines.in_words(item['input'])}; it must be a mapping with a type.",
        )
    words = checks.WORDS.get(key)
    hint = did_you_mean(item["input"], words) if words else checks.meant(_rule(key, kind), item["input"])
    return line, f"key `{key}` is {yaml_lines.in_words(item['input'])}; allowed: {allowed}.{hint}"


def _unknown_key(key: str, path: KeyPath, data: Any) -> str:
    kind = _kind(path, data)
    model = MODELS.get(kind, ScenarioModel)
    known = [name for name in model.model_fields if name != "type"]
    hint = did_you_mean(key, known)
    return f"key `{key}` is unknown{f' in {kind}' if kind else ''}; allowed: {', '.join(known)}.{hint}"


def _real_path(loc: tuple[str | int, ...]) -> KeyPath:
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
    return ALLOWED[_rule(key, kind)]


def _rule(key: str, kind: str) -> str:
    return "cap" if (key, kind) == ("share", "price_cap") else key
