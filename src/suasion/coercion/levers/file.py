"""Files of levers and red lines: typed YAML whose every error names the file and the line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from suasion.coercion.levers.models import ALLOWED, LeverModel, LeversModel, RedLineModel
from suasion.errors import JudgementError
from suasion.schema import yaml_lines
from suasion.schema.yaml_lines import KeyPath

MAX_BYTES = 100_000
_NOUN = "file of levers"
DEFAULT = Path(__file__).with_name("default.yaml")
"""The levers and red lines that are used where no file is given."""
GENERAL = DEFAULT.with_name("general.yaml")
"""Those of a tie of states that are under no sanctions of the audience."""
SANCTIONED = ("RUS", "BLR")
"""States for which `default.yaml` is written: those whose energy, payments and technology are under sanctions."""


def read_levers(path: str | Path | None = None) -> LeversModel:
    """Read a file of levers and red lines.

    Parameters
    ----------
    path : YAML file in UTF-8; None reads the one that is shipped

    Raises
    ------
    JudgementError
        The file is absent, too large or not valid; every problem stands with file, line, key and what is allowed.
    """
    file = DEFAULT if path is None else Path(path)
    return parse_levers(yaml_lines.read_text(file, _NOUN, MAX_BYTES, JudgementError), file.name)


def levers_for(a: str, b: str) -> LeversModel:
    """Read the shipped levers for the dependence of one state on another: with what sanctions hold back, or without.

    a, b: their codes.
    """
    model = read_levers(DEFAULT if a in SANCTIONED else GENERAL)
    # The one red line of the general file protects trade that no sanction forbids.
    return model.model_copy(update={"red_lines": []}) if b in SANCTIONED and a not in SANCTIONED else model


def parse_levers(text: str, source: str = "<text>") -> LeversModel:
    """Read levers and red lines from a text.

    Parameters
    ----------
    text : YAML
    source : file name, for messages

    Raises
    ------
    JudgementError
        As for :func:`read_levers`.
    """
    data, lines = yaml_lines.parse(text, source, _NOUN, MAX_BYTES, JudgementError)
    try:
        model = LeversModel.model_validate(data)
    except ValidationError as error:
        raise JudgementError(_report(error, lines, source)) from error
    _check_names(model, lines, source)
    return model


def _report(error: ValidationError, lines: Mapping[KeyPath, int], source: str) -> str:
    said = []
    for problem in error.errors()[:5]:
        path: KeyPath = tuple(problem["loc"])
        key = next((str(part) for part in reversed(path) if part in ALLOWED), "")
        allowed = f" Allowed: {ALLOWED[key]}." if key else ""
        where = ".".join(str(part) for part in path) or "the file"
        said.append(f"{source}, line {yaml_lines.line_of(path, lines)}: {where}: {problem['msg']}.{allowed}")
    return "\n".join(said)


def _check_names(model: LeversModel, lines: Mapping[KeyPath, int], source: str) -> None:
    """Levers and red lines have names of their own, and red lines name levers that exist."""
    kinds: tuple[tuple[str, list[Any]], ...] = (("levers", model.levers), ("red_lines", model.red_lines))
    for kind, items in kinds:
        names = [item.name for item in items]
        for place, name in enumerate(names):
            if name in names[:place]:
                line = yaml_lines.line_of((kind, place), lines)
                raise JudgementError(f"{source}, line {line}: {kind} has {name!r} twice; rename one.")
    known = [lever.name for lever in model.levers]
    for place, red in enumerate(model.red_lines):
        for name in red.limits:
            if name not in known:
                line = yaml_lines.line_of(("red_lines", place, "limits", name), lines)
                raise JudgementError(
                    f"{source}, line {line}: the red line {red.name!r} names the lever {name!r}, which there is not. "
                    f"Levers are {', '.join(known)}."
                )


__all__ = [
    "DEFAULT",
    "LeverModel",
    "LeversModel",
    "RedLineModel",
    "levers_for",
    "parse_levers",
    "read_levers",
]
