"""Arguments of questions as text: from an address of the web, a form, or a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from suasion.errors import InputError
from suasion.questions.question import (
    LISTS,
    TYPES,
    Courses,
    Named,
    OwnElasticities,
    Parameter,
    Question,
    ScenarioText,
    is_address,
)


def arguments(asked: Question, text: Mapping[str, str]) -> dict[str, Any]:
    """Read arguments from text.

    Raises InputError if there is no such argument, or its text is not of its type.
    """
    known = {one.name: one for one in asked.parameters if one.kind in TYPES}
    read_as: dict[str, Any] = {}
    for name, given in text.items():
        if name not in known:
            raise InputError(f"{asked.name} has no argument {name!r}; it has {', '.join(known)}.")
        try:
            value = read(known[name].kind, given)
        except ValueError:
            raise InputError(f"{name} is {given!r}: {known[name].help}") from None
        read_as[name] = _checked(known[name], value)
    lacking = [one.name for one in known.values() if one.required and one.name not in read_as]
    if lacking:
        raise InputError(f"{asked.name} needs {', '.join(lacking)}.")
    return read_as


def _checked(known: Parameter, value: Any) -> Any:
    """A value from afar: within its limits, and no file of the server."""
    if known.kind is Named and value not in shipped():
        raise InputError(f"{known.name} is {value!r}; what ships is {', '.join(shipped())}.")
    if known.kind is Courses and (others := set(value) - set(courses())):
        raise InputError(
            f"{known.name} is {', '.join(sorted(others))}; what ships is {', '.join(courses())}."
        )
    if known.kind is OwnElasticities and value:
        _no_file(known.name, value)
    if known.kind is ScenarioText and not (is_address(value) or (not value and not known.required)):
        raise InputError(
            f"{known.name} is {value[:40]!r}; from afar give an address such as do=embargo&by=USA&on=RUS."
        )
    if known.limits is not None:
        known.limits.check(known.name, value)
    return value


def _no_file(name: str, value: str) -> None:
    from suasion.equilibrium.elasticities.response import is_inline, shipped_elasticities

    if not is_inline(value) and value not in shipped_elasticities():
        known = ", ".join(shipped_elasticities())
        raise InputError(f"{name} is {value[:40]!r}; from afar write sigma=4,zeta=0.3, or one of {known}.")


def courses() -> tuple[str, ...]:
    """Return the names of the courses that ship."""
    from suasion.outlook.paths.file import SHIPPED

    return SHIPPED


def shipped() -> tuple[str, ...]:
    """Return the names of the files of judgements that ship."""
    from importlib import resources

    files = resources.files("suasion.statecraft").joinpath("examples").iterdir()
    return tuple(sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml")))


def _whole(part: str) -> range | tuple[int]:
    """A whole number, or those of a span, as 2011-2024."""
    first, dash, last = part.partition("-") if part[:1].isdigit() else (part, "", "")
    return range(int(first), int(last) + 1) if dash else (int(part),)


_SWITCH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def read(kind: Any, text: str) -> Any:
    """Read one value of a type from text.

    Raises ValueError if it is not of that type.
    """
    if LISTS.get(kind) is int:
        return tuple(one for part in text.split(",") if part.strip() for one in _whole(part.strip()))
    if kind in LISTS:
        return tuple(map(LISTS[kind], filter(None, [part.strip() for part in text.split(",")])))
    if kind is bool:
        if text.lower() not in _SWITCH:
            raise ValueError(text)
        return _SWITCH[text.lower()]
    if kind in (int, int | None):
        return int(text)
    if kind in (float, float | None):
        return float(text)
    return Path(text) if kind is Path else text
