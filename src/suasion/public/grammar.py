"""One grammar for all public functions: who is asked about by position, in the order of the sentence, all else by name.

A call in another order, with another type or another name is answered with the call as it should read. Where a
function was public in another order before, that order still works, and a warning shows the new call.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from suasion.errors import InputError
from suasion.nearest import nearest
from suasion.public.kinds import is_number, kind_of, shown, wanted

if TYPE_CHECKING:
    from suasion.questions.question import Limits, Question

WORLD = "world"
LATE = ("world", "given", "elasticities", "store", "progress")
"""Arguments that are objects of the package; they come by name."""
_STATES = ("RUS", "CHN", "USA")
_STANDS_FOR = {
    "amount": "1000.0",
    "answers": "[answer, another]",
    "factor": "1.1",
    "file": '"judgements.yaml"',
    "name": '"cut"',
    "network": '"network.yaml"',
    "path": '"cut.yaml"',
    "paths": '["BACI_HS17_Y2023_V202501.csv"]',
    "rate": "0.6",
    "removed": "0.5",
    "scenario": '"tariff 60 USA on CHN"',
    "scenarios": "[scenario]",
    "senders": '"USA"',
    "share": "0.5",
    "targets": '"CHN"',
    **{name: name for name in ("inter", "final", "output", "countries", "sectors")},
    "year": "2022",
}
"""What stands in a call for what was not given."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a function is called.

    name: As it is public.
    subjects: Arguments that come by position: those without a default, but for the world.
    options: Name of each other argument to its default.
    kinds: Type of each argument as written in the signature; empty where there is none.
    order: Arguments that may come by position; the subjects where it is empty.
    lacks: Options that others have, and why it has not.
    """

    name: str
    subjects: tuple[str, ...]
    options: Mapping[str, Any]
    kinds: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    lacks: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, function: Callable[..., Any]) -> Shape:
        """Return the shape of a function, whatever order it has itself."""
        given = [one for one in inspect.signature(function).parameters.values() if one.name != WORLD]
        needed = tuple(one.name for one in given if one.default is inspect.Parameter.empty)
        takes_world = WORLD in inspect.signature(function).parameters
        options = {one.name: one.default for one in given if one.name not in needed}
        # Functions of models check their own arguments.
        asks = function.__module__.startswith(("suasion.questions", "suasion.dossier"))
        kinds = {one.name: str(one.annotation) for one in given} if asks else {}
        return cls(function.__name__, needed, options | ({WORLD: None} if takes_world else {}), kinds)

    def reads(self, name: str, value: object) -> bool:
        """Whether what was given for a subject may be shown as it is: the name of a state is no scenario."""
        if name == "scenario" and isinstance(value, str):
            return any(mark in value.strip() for mark in " .=")
        if name == "scenario":
            return type(value).__name__ in ("Scenario", "PosixPath", "WindowsPath")
        return not wanted(self.kinds.get(name, ""), value)

    def call(self, subjects: Mapping[str, Any], options: Mapping[str, Any]) -> str:
        """Return a call in words; what is lacking is filled in with an example."""
        given = [subjects[name] for name in self.subjects if name in subjects]
        examples = iter([state for state in _STATES if state not in given])
        words = [
            shown(subjects[name])
            if name in subjects and self.reads(name, subjects[name])
            else _STANDS_FOR.get(name) or shown(next(examples))
            for name in self.subjects
        ]
        words += [f"{name}={shown(value)}" for name, value in options.items()]
        return f"su.{self.name}({', '.join(words)})"


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it was made."""

    shape: Shape
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    @property
    def right(self) -> str:
        """The call as it should read, as far as can be told."""
        states, options = self._sorted()
        subjects = dict(zip(self.shape.subjects, states, strict=False))
        given = {name: value for name, value in self.kwargs.items() if name in self.shape.subjects}
        subjects |= {name: value for name, value in given.items() if _may_be_subject(value)}
        named = {close: value for name, value in self.kwargs.items() if (close := self._nearest(name))}
        return self.shape.call(subjects, {**options, **named})

    def _sorted(self) -> tuple[list[Any], dict[str, Any]]:
        """What was given by position: who is asked about, and what must be named."""
        states: list[Any] = []
        options: dict[str, Any] = {}
        for value in self.args:
            place = self._place(value)
            full = len(states) == len(self.shape.subjects)
            if place and place not in options:
                options[place] = value
            elif full and isinstance(value, list | tuple | set) and "audience" in self.shape.options:
                options["audience"] = value
            elif not full and _may_be_subject(value):
                states.append(value if isinstance(value, str | int | Path) else _first(value))
            elif not self.shape.subjects and not options:
                options |= self._of_first(value)
        return states, options

    def _of_first(self, value: object) -> dict[str, Any]:
        """The first option of a call that asks about nobody, where it takes names and these were given by position."""
        first = next(iter(self.shape.options))
        kind = self.shape.kinds.get(first)
        if kind == "Texts" and all(isinstance(one, str | list | tuple) for one in self.args):
            return {first: [name for one in self.args for name in ([one] if isinstance(one, str) else one)]}
        return {first: value} if kind == "str" and first != "horizon" and isinstance(value, str) else {}

    def _place(self, value: object) -> str:
        """The option that a value by position was meant for, empty where it may be a subject."""
        known, kind = self.shape.options, type(value).__name__
        if kind == "Scenario" and {"scenario", "scenarios"} & set(self.shape.subjects):
            return ""
        places = {"World": WORLD, "Scenario": "given", "Elasticities": "elasticities", "Store": "store"}
        if kind in places:
            return places[kind] if places[kind] in known else ""
        if isinstance(value, str) and value in ("months", "short", "long", "both") and "horizon" in known:
            return "horizon"
        return ""

    def _nearest(self, name: str) -> str:
        """The option that a name was meant for, empty where there is none like it."""
        if name in self.shape.options:
            return name
        if name in self.shape.subjects:
            return ""
        known = [one for one in self.shape.options if one not in self.kwargs]
        return next(iter(nearest(name, known, 1)), "")

    def refuse(self, what: str, wrong: str = "") -> NoReturn:
        """Say what is wrong and what the call should be, without the argument that is wrong.

        Raises InputError: Always.
        """
        named = {name: value for name, value in self.kwargs.items() if name != wrong}
        raise InputError(f"{what} Write {type(self)(self.shape, self.args, named).right}")

    def check(self) -> None:
        """Refuse what is not in the grammar.

        Raises InputError if an argument is in another place, of another name or missing; the message has the
          right call.
        """
        shape = self.shape
        for name in self.kwargs:
            if name not in shape.options and name not in shape.subjects:
                if why := shape.lacks.get(name):
                    self.refuse(f"{shape.name} has no option {name!r}: {why}.", name)
                close = self._nearest(name)
                hint = (
                    f"; did you mean {close}?" if close else f"; it has {', '.join(shape.options) or 'none'}."
                )
                self.refuse(f"{shape.name} has no option {name!r}{hint}")
        for value in self.args:
            if self._place(value):
                self.refuse(f"Give {kind_of(value)} by name.")
        order = shape.order or shape.subjects
        if len(self.args) > len(order):
            self.refuse(f"{shape.name} takes {_counted(order)} by position and the rest by name.")
        given = {*order[: len(self.args)], *self.kwargs}
        twice = [name for name in order[: len(self.args)] if name in self.kwargs]
        if twice:
            self.refuse(f"{shape.name} got {twice[0]!r} twice.")
        lacking = [name for name in shape.subjects if name not in given]
        if lacking:
            self.refuse(f"{shape.name} needs {', '.join(lacking)}.")

    def bound(self) -> dict[str, Any]:
        """Return the arguments by name, each as its type wants it.

        Raises InputError if one has another type; the message has the right call.
        """
        given = {**dict(zip(self.shape.subjects, self.args, strict=False)), **self.kwargs}
        return {name: self._value(name, value) for name, value in given.items()}

    def hold(self, bound: Mapping[str, Any], limits: Mapping[str, Limits]) -> None:
        """Refuse a whole number beyond its limits.

        Raises InputError if one is; the message has the right call.
        """
        for name, limit in limits.items():
            if bound.get(name) is not None:
                try:
                    limit.check(name, bound[name])
                except InputError as error:
                    self.refuse(str(error), name)

    def _value(self, name: str, value: Any) -> Any:
        """A value as its type wants it; a text for a list, and a number for a horizon, are read."""
        kind = self.shape.kinds.get(name, "")
        if name == WORLD:
            return self._world(value)
        if kind == "Courses" and not isinstance(value, str):
            return tuple(value)
        if kind in _OBJECTS:
            return self._object(name, kind, value)
        if name == "horizon" and type(value).__name__ == "Elasticities":
            words = {one: given for one, given in self.kwargs.items() if one != name}
            again = Call(self.shape, self.args, {**words, "elasticities": value})
            raise InputError(f"Own elasticities have a name of their own. Write {again.right}")
        if kind.removesuffix(" | None") in _LISTS:
            return self._listed(name, kind, value)
        if kind == "str" and name == "horizon" and is_number(value):
            return f"{value:g}"
        if (kind in _OF_ONE or name in _SIDES) and isinstance(value, list | tuple | set):
            self._several(name, kind, [*dict.fromkeys(map(str, value))])
        if what := wanted(kind, value):
            self.refuse(f"{name} is {what}, and not {kind_of(value)}.", name)
        return Path(value) if kind.startswith("File") and isinstance(value, str) else value

    def _several(self, name: str, kind: str, states: list[str]) -> None:
        """Refuse a list in place of a state, with the calls that take it: as one side, and a row for each.

        Raises InputError: It has several states.
        """
        if len(states) < 2:
            return
        together = kind == "Side" or name in _SIDES[:-1]
        given = {**dict(zip(self.shape.subjects, self.args, strict=False)), **self.kwargs}
        given[name] = "+".join(states) if together else states[0]
        places = [one for one in self.shape.subjects if self.shape.kinds.get(one) in _OF_ONE]
        other = next((given[one] for one in places if one != name and isinstance(given.get(one), str)), "")
        pair = [states, other] if name in places[:1] or not other else [other, states]
        how = "takes them as one side" if together else "is of one"
        each = f"; su.panel({shown(pair[0])}{f', on={shown(pair[1])}' if other else ''}) has a row for each"
        raise InputError(
            f"{name} is a code or a name, and not a list. Write {Call(self.shape, (), given).right}, "
            f"which {how}{each if name in places else ''}."
        )

    def _object(self, name: str, kind: str, value: Any) -> Any:
        """A scenario, or own elasticities: a text, a file, or the object; None is the default of an option."""
        also, what = _OBJECTS[kind]
        if value is None and name in self.shape.options:
            return self.shape.options[name]
        blank = isinstance(value, str) and not value.strip() and name not in self.shape.options
        if blank or (not isinstance(value, str | Path) and type(value).__name__ not in also):
            self.refuse(f"{name} is {what}, and not {kind_of(value)}.", name)
        return value

    def _listed(self, name: str, kind: str, value: Any) -> tuple[Any, ...]:
        """A list of texts or of numbers, however it was given."""
        inside = _LISTS[kind.removesuffix(" | None")]
        parts = value.split(",") if isinstance(value, str) else () if value is None else value
        items = list(parts) if isinstance(parts, Iterable) else [parts]
        try:
            read = tuple(inside(one) for one in items if not isinstance(one, str) or one.strip())
            if inside is int and any(isinstance(one, float) and one % 1 for one in items):
                raise ValueError
        except (TypeError, ValueError):
            whole = "whole " if inside is int else ""
            self.refuse(f"{name} is a list of {whole}numbers, and not {kind_of(value)}.", name)
        return tuple(one.strip() for one in read) if inside is str else read

    def _world(self, value: Any) -> Any:
        from suasion.world import World

        if value is None or isinstance(value, World):
            return value
        how = f"su.load_world(year={value})" if isinstance(value, int) else "su.load_world()"
        self.refuse(f"world is a World, for instance {how}, and not {kind_of(value)}.", WORLD)


_OF_ONE = ("State", "Side")
"""Types of an argument that is one state, or one side."""
_SIDES = ("holder", "buyer", "stops", "state")
"""Options that are one of them; the last is of a state alone."""
_LISTS: Mapping[str, Any] = {"Courses": str, "Texts": str, "Integers": int, "Numbers": float}
"""Types of lists, and what stands in them."""
_OBJECTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "ScenarioText": (("Scenario",), "a Scenario, a file, or a text as 'tariff 60 USA on CHN'"),
    "OwnElasticities": (("Elasticities", "dict"), "Elasticities(sigma=4), a file, or a text as 'sigma=4'"),
}
"""Types that stand for an object of the package: classes that do, and how it is called."""


def _may_be_subject(value: object) -> bool:
    plain = isinstance(value, str | int | Path | list | tuple | set) and not isinstance(value, bool)
    return plain or type(value).__name__ == "Scenario"


def _first(value: Any) -> Any:
    """The first of a list that stands for one state."""
    return next(iter(value), None) if isinstance(value, list | tuple | set) else value


def _counted(names: Sequence[str]) -> str:
    return ", ".join(names) if names else "nothing"


def spoken(
    ask: Callable[..., Any],
    asked: Question | None = None,
    needs_world: bool = False,
) -> Callable[..., Any]:
    """Return a function in the one grammar.

    Parameters
    ----------
    ask : callable
        A question, or a function of a model, which has the world somewhere by position.
    asked : Question, optional
        The question that it is: it knows the limits of whole numbers, and why an option lacks.
    needs_world : bool
        Whether it loads no world itself where none is given.

    Returns
    -------
    callable
    """
    shape = replace(Shape.of(ask), lacks=(asked and asked.lacks) or {})
    limits = asked.limits if asked else {}

    @wraps(ask)
    def called(*args: Any, **kwargs: Any) -> Any:
        call = Call(shape, args, kwargs)
        call.check()
        bound = call.bound()
        call.hold(bound, limits)
        if needs_world and bound.get(WORLD) is None:
            from suasion.world import load_world

            bound[WORLD] = load_world()
        return ask(**bound)

    called.__signature__ = signature_of(shape, ask)  # type: ignore[attr-defined]
    return called


def signature_of(shape: Shape, function: Callable[..., Any]) -> inspect.Signature:
    """Return the signature as it is spoken: subjects by position, the rest by name, the world last but for progress."""
    known = inspect.signature(function).parameters
    return inspect.Signature(list(_in_order(shape, known)))


def _in_order(shape: Shape, known: Mapping[str, inspect.Parameter]) -> Iterator[inspect.Parameter]:
    for name in shape.subjects:
        yield known[name].replace(kind=inspect.Parameter.POSITIONAL_OR_KEYWORD)
    for name in sorted(shape.options, key=lambda one: one in LATE):
        default = None if name == WORLD else known[name].default
        yield known[name].replace(kind=inspect.Parameter.KEYWORD_ONLY, default=default)
