"""A question as all doors see it: its name, its parameters with types and help, and how a dossier takes it up.

States come by position, everything else by keyword. ``world`` is filled in by the door (a file, an option, the
embedded one) and is no argument that comes from afar; nor are files.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, NamedTuple, NewType, ParamSpec, get_type_hints

from suasion.answers.answer import Answer, Run
from suasion.answers.values import Country, encode

State = NewType("State", str)
"""A state: ISO code or English name."""

Side = NewType("Side", str)
"""A state, or a group of them: code or English name."""

Named = NewType("Named", str)
"""A file of one's own, or the name of one that ships; from afar the name alone."""


ScenarioText = NewType("ScenarioText", str)
"""A scenario: a file, an address of the builder, or lines; from afar no file."""


class Limits(NamedTuple):
    """Least and most of a whole number."""

    least: int
    most: int | None = None

    @property
    def schema(self) -> dict[str, int]:
        """In the words of JSON Schema."""
        return {"minimum": self.least} | ({} if self.most is None else {"maximum": self.most})

    def __str__(self) -> str:
        """In words."""
        return f"{self.least} or more" if self.most is None else f"{self.least} to {self.most}"

    def hold(self, value: int) -> bool:
        """Whether a number lies within."""
        return self.least <= value and (self.most is None or value <= self.most)


Draws = Annotated[int, Limits(100, 100_000)]
"""Draws over the ranges of judgements."""
Bands = Annotated[int, Limits(0, 1024)]
"""Draws of the elasticities for 90 % bands; none for no bands."""
Count = Annotated[int, Limits(0)]
"""A whole number that is not negative."""
Calendar = Annotated[int, Limits(1816, 2025)]
"""A year of which states and pacts are known."""
FILLED = ("world", "model", "progress")
"""Arguments that a door fills in itself."""
Years = Annotated[int, Limits(1)]
"""A number of years."""

P = ParamSpec("P")

_TYPES: dict[Any, dict[str, Any]] = {
    State: {"type": "string", "format": "state"},
    Side: {"type": "string", "format": "side"},
    Named: {"type": "string", "format": "example"},
    ScenarioText: {"type": "string", "format": "scenario"},
    str: {"type": "string"},
    int: {"type": "integer"},
    int | None: {"type": ["integer", "null"]},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    tuple[int, ...]: {"type": "array", "items": {"type": "integer"}},
    tuple[str, ...]: {"type": "array", "items": {"type": "string"}},
}
"""Types of parameters that may come from afar; files may not."""

LISTS = (tuple[int, ...], tuple[str, ...])
"""Types that are written with commas."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument: name, type, default (``inspect.Parameter.empty`` for a required one), help and limits."""

    name: str
    kind: Any
    default: Any
    help: str
    limits: Limits | None = None

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
    pair : callable, optional
        From the codes of two states to its arguments, for a question that is not asked of states: None where it has
        nothing to say of the two.
    """

    ask: Callable[..., Answer]
    chapter: str = ""
    slow: bool = False
    pair: Callable[[str, str], Mapping[str, Any] | None] | None = None

    @property
    def name(self) -> str:
        """Name at every door."""
        return self.ask.__name__

    @property
    def command(self) -> str:
        """Name on a terminal."""
        return _dashed(self.name)

    @property
    def from_afar(self) -> bool:
        """Whether all that it needs may come from afar: a file may not."""
        return all(one.kind in _TYPES for one in self.parameters if one.required)

    @property
    def summary(self) -> str:
        """First paragraph of the docstring."""
        return " ".join((inspect.getdoc(self.ask) or "").split("\n\n")[0].split())

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Arguments in order, with types and help."""
        hints, helps = _hints(self.ask), _help(inspect.getdoc(self.ask) or "")
        marked = _hints(self.ask, include_extras=True)
        limits = {name: getattr(hint, "__metadata__", (None,))[0] for name, hint in marked.items()}
        return tuple(
            Parameter(one.name, hints[one.name], one.default, helps.get(one.name, ""), limits[one.name])
            for one in inspect.signature(self.ask).parameters.values()
        )

    def about(self, a: str, b: str) -> Mapping[str, Any] | None:
        """Return its arguments for a pair of states; None where it is not asked of the two."""
        if self.pair is not None:
            return self.pair(a, b)
        needed = [one for one in self.parameters if one.required]
        states = [one.kind for one in needed] in ([State, State], [Side, Side])
        return dict(zip((one.name for one in needed), (a, b), strict=True)) if states else None

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
                    **(one.limits.schema if one.limits else {}),
                    **({} if one.required else {"default": encode(one.default)}),
                }
                for one in far
            },
            "required": [one.name for one in far if one.required],
            "additionalProperties": False,
        }

    def from_text(self, text: Mapping[str, str], **filled: Any) -> Answer:
        """Ask with arguments as text: an address of the web, or a form; a door may fill in its own world.

        Raises
        ------
        InputError
            If there is no such argument, or its text is not of its type.
        """
        known = {one.name for one in self.parameters}
        return self.ask(
            **arguments(self, text), **{name: value for name, value in filled.items() if name in known}
        )


def _hints(ask: Callable[..., Answer], *, include_extras: bool = False) -> dict[str, Any]:
    """Types of arguments; the class of a world takes a second to import, and no door reads one from text."""
    return get_type_hints(ask, localns={"World": object, "WarmModel": object}, include_extras=include_extras)


def question(ask: Callable[P, Answer]) -> Callable[P, Answer]:
    """Let every answer of a function say what made it: version, world, arguments, seed, and the command."""

    @wraps(ask)
    def asked(*args: P.args, **kwargs: P.kwargs) -> Answer:
        bound = inspect.signature(ask).bind(*args, **kwargs)
        bound.apply_defaults()
        _check_states(ask, bound.arguments)
        answer = ask(*args, **kwargs)
        return replace(answer, run=_run(ask, answer, bound.arguments))

    return asked


def _check_states(ask: Callable[..., Answer], given: Mapping[str, Any]) -> None:
    """Refuse one state in two places."""
    from suasion.errors import SameCountryError
    from suasion.sources.countries import resolve_country

    states = [given[name] for name, hint in _hints(ask).items() if hint is State and name in given]
    codes = [resolve_country(state) for state in states]
    for code in codes:
        if codes.count(code) > 1:
            raise SameCountryError(f"{code} is named twice. Give different states.")


def _run(ask: Callable[..., Answer], answer: Answer, given: Mapping[str, Any]) -> Run:
    from suasion import __version__

    world = getattr(given.get("world") or getattr(given.get("model"), "world", None), "checksum", "")
    # A file is named by its last part: an answer may be shown to others than who asked.
    hints = _hints(ask)
    plain = {name: _plain(value, hints[name]) for name, value in given.items() if name not in FILLED}
    named = ((name, value) for name, value in answer.asked.items() if isinstance(value, Country))
    plain |= {name: value.code for name, value in named if name in plain}
    made = {
        "version": __version__,
        "command": _command(ask, plain),
        "parameters": encode(plain),
        "world": world,
    }
    key = json.dumps({"question": answer.question, **made}, sort_keys=True, default=str)
    seed, draws = plain.get("seed"), plain.get("draws", 0)
    return Run(
        hashlib.sha256(key.encode()).hexdigest(),
        __version__,
        made["command"],
        plain,
        world,
        seed if isinstance(seed, int) else None,
        draws if isinstance(draws, int) else 0,
    )


def _plain(value: Any, hint: Any) -> Any:
    """An argument as an answer may tell it: of a file its name, of a scenario that was made in Python its own."""
    if hint is ScenarioText and not isinstance(value, str | Path):
        return str(value.name)
    if isinstance(value, Path) or hint is Named or (hint is ScenarioText and not _is_address(str(value))):
        return Path(value).name
    return value


def _is_address(text: str) -> bool:
    """Whether a scenario is written as an address or as lines, and in no file."""
    from suasion.questions.scenarios.reading import query_in

    return query_in(text) is not None


def _command(ask: Callable[..., Answer], given: Mapping[str, Any]) -> str:
    """The command that asks the same: states by place, what differs from its default by option."""
    words = ["suasion", _dashed(ask.__name__)]
    for one in inspect.signature(ask).parameters.values():
        value = given.get(one.name)
        if one.default is inspect.Parameter.empty:
            words.append(str(value))
        elif value != one.default and one.name in given:
            listed = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
            words += [f"--{_dashed(one.name)}", listed]
    return shlex.join(words)


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def arguments(asked: Question, text: Mapping[str, str]) -> dict[str, Any]:
    """Read arguments from text.

    Raises
    ------
    InputError
        If there is no such argument, or its text is not of its type.
    """
    from suasion.errors import InputError

    known = {one.name: one for one in asked.parameters if one.kind in _TYPES}
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
    from suasion.errors import InputError

    if known.kind is Named and value not in shipped():
        raise InputError(f"{known.name} is {value!r}; what ships is {', '.join(shipped())}.")
    if known.kind is ScenarioText and not _is_address(value):
        raise InputError(
            f"{known.name} is {value[:40]!r}; from afar give an address such as do=embargo&by=USA&on=RUS."
        )
    if known.limits is not None and not known.limits.hold(value):
        raise InputError(f"{known.name} is {value}; give {known.limits}.")
    return value


def shipped() -> tuple[str, ...]:
    """Return the names of the files of judgements that ship."""
    from importlib import resources

    files = resources.files("suasion.statecraft").joinpath("examples").iterdir()
    return tuple(sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml")))


_SWITCH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def read(kind: Any, text: str) -> Any:
    """Read one value of a type from text.

    Raises
    ------
    ValueError
        If it is not of that type.
    """
    if kind in LISTS:
        parts = [part.strip() for part in text.split(",")]
        return tuple(map(int, parts)) if kind == tuple[int, ...] else tuple(filter(None, parts))
    if kind is bool:
        if text.lower() not in _SWITCH:
            raise ValueError(text)
        return _SWITCH[text.lower()]
    if kind in (int, int | None):
        return int(text)
    return kind(text) if kind in (float, Path) else text


def _help(doc: str) -> dict[str, str]:
    """Parameters of a docstring and what it says of them."""
    part = re.search(r"Parameters\n-+\n(.*?)(?:\n\n\w|\Z)", doc, re.DOTALL)
    helps: dict[str, str] = {}
    for names, text in re.findall(
        r"^(\w[\w, ]*) : .*\n((?:    .*\n?)*)", part[1] if part else "", re.MULTILINE
    ):
        helps |= {name.strip(): " ".join(text.split()) for name in names.split(",")}
    return helps
