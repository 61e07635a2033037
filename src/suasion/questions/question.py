"""A question as all doors see it: its name, its parameters with types and help, and how a dossier takes it up.

States come by position, everything else by keyword. ``world`` is filled in by the door (a file, an option, the
embedded one) and is no argument that comes from afar; nor are files.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import shlex
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, get_type_hints

from suasion.answers import Answer, Country, Run
from suasion.answers.values import encode
from suasion.errors import ExtremeAnswerWarning, told_otherwise
from suasion.questions.kinds import LISTS as LISTS
from suasion.questions.kinds import TYPES as TYPES
from suasion.questions.kinds import Bands as Bands
from suasion.questions.kinds import Calendar as Calendar
from suasion.questions.kinds import Count as Count
from suasion.questions.kinds import Courses as Courses
from suasion.questions.kinds import Draws as Draws
from suasion.questions.kinds import File as File
from suasion.questions.kinds import Integers as Integers
from suasion.questions.kinds import Lack, completed, helps_in
from suasion.questions.kinds import Limits as Limits
from suasion.questions.kinds import Named as Named
from suasion.questions.kinds import Numbers as Numbers
from suasion.questions.kinds import OwnElasticities as OwnElasticities
from suasion.questions.kinds import ScenarioText as ScenarioText
from suasion.questions.kinds import Side as Side
from suasion.questions.kinds import State as State
from suasion.questions.kinds import Texts as Texts
from suasion.questions.kinds import Years as Years
from suasion.questions.posed import elasticities_told, scenario_told, told
from suasion.questions.states import codes_named, doubts, world_for

FILLED = ("world", "model", "progress")
"""Arguments that a door fills in itself."""
NAMING, HOLDERS = (State, Side, ScenarioText, Texts), ("holder", "state")
"""Types of arguments that may name states; names of those that are one where they are given."""

P = ParamSpec("P")
A = TypeVar("A", bound=Answer)


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
        From the codes of two states, and the audience, to its arguments, for a question that is not asked of states:
        None where it has nothing to say of the two. It is never asked of a group.
    lacks : mapping, optional
        Of a question that solves the model, options of :data:`SOLVING` that it has not, and why; None where it solves
        nothing.
    ranges_ship : bool
        Whether its ranges take no longer than its central numbers.
    first : mapping
        Options with which its central numbers are there long before the whole: without draws, and without checks.
    """

    ask: Callable[..., Answer]
    chapter: str = ""
    slow: bool = False
    pair: Callable[[str, str, tuple[str, ...]], Mapping[str, Any] | None] | None = None
    lacks: Mapping[str, Lack] | None = None
    ranges_ship: bool = False
    first: Mapping[str, Any] = field(default_factory=lambda: {"draws": 0})

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
        return all(one.kind in TYPES for one in self.parameters if one.required)

    @property
    def summary(self) -> str:
        """First paragraph of the docstring."""
        return " ".join((inspect.getdoc(self.ask) or "").split("\n\n")[0].split())

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Arguments in order, with types and help."""
        hints, helps = _hints(self.ask), helps_in(inspect.getdoc(self.ask) or "")
        return tuple(
            Parameter(one.name, hints[one.name][0], one.default, helps.get(one.name, ""), hints[one.name][1])
            for one in inspect.signature(self.ask).parameters.values()
        )

    @property
    def limits(self) -> dict[str, Limits]:
        """Of whole numbers that have any, by name of the argument."""
        return {one.name: one.limits for one in self.parameters if one.limits}

    def central_first(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options with which its central numbers are there long before the whole; none where they are not.

        given: Arguments by name, as values or as text.
        """
        named = {one.name: one for one in self.parameters}
        limits = self.limits.get("draws")
        if limits is None or limits.least or "progress" not in named or self.ranges_ship:
            return {}
        return {
            name: value
            for name, value in self.first.items()
            if str(given.get(name, named[name].default)).lower() != str(value).lower()
        }

    def about(self, a: str, b: str, audience: tuple[str, ...] = ()) -> Mapping[str, Any] | None:
        """Return its arguments for two sides and an audience; None where it is not asked of the two."""
        from suasion.sources.groups import is_group

        grouped = is_group(a) or is_group(b)
        if self.pair is not None:
            return None if grouped else self.pair(a, b, audience)
        needed = [one for one in self.parameters if one.required]
        states = [one.kind for one in needed] in (
            [[Side, Side]] if grouped else [[State, State], [Side, Side]]
        )
        return dict(zip((one.name for one in needed), (a, b), strict=True)) if states else None

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of its arguments: for the web, and for any program that calls it as a tool."""
        far = [one for one in self.parameters if one.kind in TYPES]
        return {
            "type": "object",
            "description": self.summary,
            "properties": {
                one.name: {
                    **TYPES[one.kind],
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
        from suasion.questions.text import arguments

        known = {one.name for one in self.parameters}
        return self.ask(
            **arguments(self, text), **{name: value for name, value in filled.items() if name in known}
        )


@cache
def _hints(ask: Callable[..., Answer]) -> dict[str, tuple[Any, Limits | None]]:
    """Types and limits of arguments; the class of a world takes a second to import, and no door reads one from text."""
    hints = get_type_hints(ask, localns={"World": object, "WarmModel": object}, include_extras=True)
    marks = {name: getattr(hint, "__metadata__", (None,))[0] for name, hint in hints.items()}
    return {
        name: (hint.__origin__, marks[name]) if isinstance(marks[name], Limits) else (hint, None)
        for name, hint in hints.items()
    }


def question(ask: Callable[P, A]) -> Callable[P, A]:
    """Let every answer of a function say what made it: version, world, arguments, seed, and the command."""

    @wraps(ask)
    def asked(*args: P.args, **kwargs: P.kwargs) -> A:
        bound = inspect.signature(ask).bind(*args, **kwargs)
        bound.apply_defaults()
        from suasion.sources.countries import own_labels

        with told_otherwise(ExtremeAnswerWarning), own_labels(_labels(bound.arguments)):
            bound.arguments |= _states(ask, bound.arguments)
            _check_limits(ask, bound.arguments)
            named = _named(ask, bound.arguments)
            bound.arguments |= world_for(bound.arguments, named, ask.__name__)
            answer = ask(*bound.args, **bound.kwargs)
            run = _run(ask, answer, bound.arguments)
        beside = (*told(run.parameters, bound.arguments), *doubts(named, bound.arguments.get("world")))
        return replace(answer, findings=(*answer.findings, *beside), run=run)

    asked.__doc__ = completed(ask)
    return asked


def _named(ask: Callable[..., Answer], given: Mapping[str, Any]) -> tuple[str, ...]:
    """Codes of the states that a question names, as sides, in lists or in scenarios."""
    kinds = {name: kind for name, (kind, _) in _hints(ask).items()}
    texts = {
        name: value for name, value in given.items() if kinds[name] in NAMING or name in (*FILLED, *HOLDERS)
    }
    return codes_named(texts, tuple(name for name in texts if kinds[name] is ScenarioText))


def _labels(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Labels of the world that a question is asked of; none where that is left to it."""
    return getattr(given.get("world") or getattr(given.get("model"), "world", None), "countries", ())


def _states(ask: Callable[..., Answer], given: Mapping[str, Any]) -> dict[str, str]:
    """Codes of all arguments that are states; one state in two places is refused."""
    from suasion.errors import SameCountryError
    from suasion.sources.countries import resolve_country

    named = [name for name, (kind, _) in _hints(ask).items() if kind is State and name in given]
    for name in named:
        _refuse_group(ask, str(given[name]), [str(given[one]) for one in named if one != name])
    codes = {name: resolve_country(given[name]) for name in named}
    for code, count in Counter(codes.values()).items():
        if count > 1:
            raise SameCountryError(f"{code} is named twice. Give different states.")
    return codes


def _refuse_group(ask: Callable[..., Answer], side: str, others: list[str]) -> None:
    """Refuse a group where only a state makes sense, with the call that takes it.

    Raises UnknownCountryError: The side is a group.
    """
    from suasion.errors import UnknownCountryError
    from suasion.sources.groups import group_code

    if group := group_code(side):
        other = next(iter(others), "") or "CHN"
        solves = "world" in inspect.signature(ask).parameters
        call = f'su.exit_cost("{group}", "{other}")' if solves else f'su.panel("{group}", on="{other}")'
        how = "takes it as one side" if solves else "has a row for each of its members"
        raise UnknownCountryError(
            f"{group} is a group, and {_dashed(ask.__name__)} is of a state: name one of its members. {call} {how}."
        )


def _check_limits(ask: Callable[..., Answer], given: Mapping[str, Any]) -> None:
    """Refuse a whole number outside its limits, which every door knows; None stays what a question makes of it."""
    for name, (_, limits) in _hints(ask).items():
        if limits is not None and given.get(name) is not None:
            limits.check(name, given[name])


def _run(ask: Callable[..., Answer], answer: Answer, given: Mapping[str, Any]) -> Run:
    from suasion import __version__

    world = getattr(given.get("world") or getattr(given.get("model"), "world", None), "checksum", "")
    # A file is named by its last part: an answer may be shown to others than who asked.
    hints = _hints(ask)
    plain = {
        name: argument_told(value, hints[name][0]) for name, value in given.items() if name not in FILLED
    }
    named = ((name, value) for name, value in answer.asked.items() if isinstance(value, Country))
    plain |= {name: value.code for name, value in named if name in plain}
    made = {
        "version": __version__,
        "command": command_of(ask, plain),
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


def argument_told(value: Any, hint: Any) -> Any:
    """An argument as an answer may tell it: of a file its name, of a scenario that was made in Python its own."""
    if hint is ScenarioText and not isinstance(value, str | Path):
        return scenario_told(value)
    if hint is Courses:
        return tuple(str(getattr(one, "name", Path(str(one)).name)) for one in value)
    if hint is OwnElasticities:
        return elasticities_told(value)
    if (
        isinstance(value, Path)
        or hint is Named
        or (hint is ScenarioText and value and not is_address(str(value)))
    ):
        return Path(value).name
    return value


def command_of(ask: Callable[..., Answer], given: Mapping[str, Any]) -> str:
    """Return the command that asks the same: states by place, what differs from its default by option.

    ask: the question.
    given: Its arguments by name, as values or as text.
    """
    words = ["suasion", _dashed(ask.__name__)]
    for one in inspect.signature(ask).parameters.values():
        value = given.get(one.name)
        if one.default is inspect.Parameter.empty:
            words.append(_listed(value))
        elif isinstance(value, bool) and value != one.default:
            words.append(f"--{'' if value else 'no-'}{_dashed(one.name)}")
        elif value != one.default and one.name in given:
            words += [f"--{_dashed(one.name)}", _listed(value)]
    return shlex.join(words)


def _listed(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def is_address(text: str) -> bool:
    """Whether a scenario is written as an address or as lines, and in no file."""
    from suasion.questions.scenarios.reading import query_in

    return query_in(text) is not None
