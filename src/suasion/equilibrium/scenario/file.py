"""Scenario files: typed YAML whose every error names the file, the line, the key and what is allowed.

Loading is safe: plain data only, no tags, anchors or aliases, and a limit on size.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from suasion.equilibrium.scenario import checks
from suasion.equilibrium.scenario.instrument import Instrument
from suasion.equilibrium.scenario.instruments import INSTRUMENTS
from suasion.equilibrium.scenario.models import ALLOWED, ScenarioModel
from suasion.equilibrium.scenario.scenario import Scenario
from suasion.errors import InputError, OutputError, ScenarioError
from suasion.files import write_text
from suasion.nearest import did_you_mean
from suasion.schema.typed_file import Lines, TypedFile
from suasion.types import Advice

_WORDS = re.compile(r"\w[\w .+/()-]*")


def read_scenario(path: str | Path, told: Callable[[str], Instrument] | None = None) -> Scenario:
    """Read a scenario file, whose list has keys; :func:`suasion.read_scenario` reads words, too.

    Parameters
    ----------
    path : YAML file in UTF-8, at most 200,000 bytes
    told : the instrument that a text of the list says; texts are refused without it

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        As of :func:`suasion.read_scenario`.
    """
    source = str(Path(path))
    data, lines = _FILE.raw(path)
    listed = data.get("instruments") if isinstance(data, Mapping) else ()
    items: list[Any] = listed if isinstance(listed, list) else []
    for place, one in enumerate(items):
        if told and isinstance(one, str):
            try:
                items[place] = told(one).to_dict()
            except InputError as error:
                raise ScenarioError(f"{source}, line {lines['instruments', place]}: {error}") from error
    return _scenario(_FILE.check(data, source, lines), lines, source)


def parse_scenario(text: str, source: str = "<text>") -> Scenario:
    """Scenario from the text of a scenario file.

    source: file name for messages.
    Raises ScenarioError: As for :func:`read_scenario`.
    """
    return _scenario(*_FILE.parse(text, source), source)


def scenario_of_data(data: Mapping[str, Any]) -> Scenario:
    """Scenario from plain data, checked as a file is."""
    return scenario_of(_FILE.check(data, "The scenario"))


def _scenario(model: ScenarioModel, lines: Lines, source: str) -> Scenario:
    scenario = scenario_of(model)
    origins = tuple(f"{source}, line {lines['instruments', k]}" for k in range(len(scenario.instruments)))
    return replace(scenario, origins=origins)


def scenario_of(model: ScenarioModel) -> Scenario:
    """Scenario of the keys of a file."""
    data = model.model_dump(exclude_defaults=True)
    items = [_instrument(place, **one) for place, one in enumerate(data.pop("instruments"), 1)]
    return Scenario(instruments=items, **data)


def _instrument(place: int, type: str, **arguments: Any) -> Instrument:
    try:
        return INSTRUMENTS[type](**arguments)
    except ScenarioError as error:
        raise ScenarioError(f"Instrument {place} ({type}): {error}") from error


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


def _hint(key: str, value: Any) -> Advice:
    words = INSTRUMENTS if key == "type" else checks.WORDS.get(key)
    return did_you_mean(value, words) if words else checks.meant(RULES.get(key, key), value)


RULES = {"price_cap.share": "cap"}
"""Keys whose range is that of another name in one instrument."""
_FILE = TypedFile("scenario file", ScenarioModel, ScenarioError, allowed=ALLOWED, hint=_hint)
