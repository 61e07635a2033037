"""A question as all doors see it: its name, its parameters with types and help, and how a dossier takes it up."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NewType, get_type_hints

from suasion.answers.answer import Answer

State = NewType("State", str)
"""A state: ISO code or English name."""

_TYPES: dict[Any, dict[str, Any]] = {
    State: {"type": "string", "format": "state"},
    str: {"type": "string"},
    int: {"type": "integer"},
    int | None: {"type": ["integer", "null"]},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    tuple[int, ...]: {"type": "array", "items": {"type": "integer"}},
}
"""Types of parameters that may come from afar; files may not."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument: name, type, default (``inspect.Parameter.empty`` for a required one) and help."""

    name: str
    kind: Any
    default: Any
    help: str

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes
    ----------
    ask : callable
        From arguments to an answer.
    chapter : str
        Name of its chapter in the dossier of a pair; empty where it is not in one.
    slow : bool
        Whether it takes more than a second.
    """

    ask: Callable[..., Answer]
    chapter: str = ""
    slow: bool = False

    @property
    def name(self) -> str:
        """Name at every door."""
        return self.ask.__name__

    @property
    def summary(self) -> str:
        """First paragraph of the docstring."""
        return " ".join((inspect.getdoc(self.ask) or "").split("\n\n")[0].split())

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Arguments in order, with types and help."""
        hints, told = get_type_hints(self.ask), _help(inspect.getdoc(self.ask) or "")
        return tuple(
            Parameter(one.name, hints[one.name], one.default, told.get(one.name, ""))
            for one in inspect.signature(self.ask).parameters.values()
        )

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of its arguments: for the web, and for any program that calls it as a tool."""
        far = [one for one in self.parameters if one.kind in _TYPES]
        return {
            "type": "object",
            "description": self.summary,
            "properties": {
                one.name: {
                    **_TYPES[one.kind],
                    "description": one.help,
                    **({} if one.required else {"default": one.default}),
                }
                for one in far
            },
            "required": [one.name for one in far if one.required],
            "additionalProperties": False,
        }

    def from_text(self, text: Mapping[str, str]) -> Answer:
        """Ask with arguments as text: an address of the web, or a form.

        Raises
        ------
        InputError
            If there is no such argument, or its text is not of its type.
        """
        return self.ask(**arguments(self, text))


def arguments(question: Question, text: Mapping[str, str]) -> dict[str, Any]:
    """Read arguments from text.

    Raises
    ------
    InputError
        If there is no such argument, or its text is not of its type.
    """
    from suasion.errors import InputError

    known = {one.name: one for one in question.parameters if one.kind in _TYPES}
    found: dict[str, Any] = {}
    for name, given in text.items():
        if name not in known:
            raise InputError(f"{question.name} has no argument {name!r}; it has {', '.join(known)}.")
        try:
            found[name] = read(known[name].kind, given)
        except ValueError:
            raise InputError(f"{name} is {given!r}: {known[name].help}") from None
    lacking = [one.name for one in known.values() if one.required and one.name not in found]
    if lacking:
        raise InputError(f"{question.name} needs {', '.join(lacking)}.")
    return found


def read(kind: Any, text: str) -> Any:
    """Read one value of a type from text."""
    if kind == tuple[int, ...]:
        return tuple(int(part) for part in text.split(","))
    if kind in (int, int | None):
        return int(text)
    return kind(text) if kind in (float, Path) else text


def _help(doc: str) -> dict[str, str]:
    """Parameters of a docstring and what it says of them."""
    part = re.search(r"Parameters\n-+\n(.*?)(?:\n\n\w|\Z)", doc, re.DOTALL)
    told: dict[str, str] = {}
    for names, text in re.findall(
        r"^(\w[\w, ]*) : .*\n((?:    .*\n?)*)", part[1] if part else "", re.MULTILINE
    ):
        told |= {name.strip(): " ".join(text.split()) for name in names.split(",")}
    return told
