"""Scenarios in one line: ``su.tariff("USA", "CHN", "60%") + su.embargo("RUS", "EU")``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import fields
from numbers import Real
from typing import TYPE_CHECKING, Any

from suasion.errors import InputError
from suasion.public.grammar import Call, Shape

if TYPE_CHECKING:
    from suasion.equilibrium import Scenario

BY_POSITION = ("senders", "targets", "rate", "factor", "share", "amount")
"""Fields in the order of the sentence: who, to whom, how much."""


def one_liner(kind: str) -> Callable[..., Scenario]:
    """Return the function that makes a scenario of one instrument.

    kind: One of :func:`suasion.instruments.spoken`.
    Returns: Who, to whom and how much by position, all else by name; a size may be a text in per cent.
    """
    from suasion.equilibrium import Scenario
    from suasion.equilibrium.scenario.instruments import INSTRUMENTS

    made = INSTRUMENTS[kind]
    known = {one.name for one in fields(made) if one.init}
    front = [name for name in BY_POSITION if name in known]
    options = {one.name: one.default for one in fields(made) if one.init and one.name not in front}
    shape = Shape(kind, tuple(front), options)

    def scenario(*args: Any, **kwargs: Any) -> Scenario:
        Call(shape, args, kwargs).check()
        given = dict(zip(front, args, strict=False)) | kwargs
        given = {name: size_of(value, name) for name, value in given.items()}
        if isinstance(given.get("sectors"), str | list | tuple):
            given["sectors"] = codes_of(given["sectors"])
        instrument = made(**given)  # refuses what is no name and no size
        return Scenario(" ".join([kind.replace("_", " "), *map(_word, args)]), [instrument])

    scenario.__name__ = scenario.__qualname__ = kind
    scenario.__doc__ = f"Make a scenario of one instrument.\n\n{inspect.getdoc(made)}"
    scenario.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [_parameter(one.name, one.default, one.name in front) for one in _ordered(made, front)]
    )
    return scenario


def codes_of(sectors: str | Sequence[str]) -> list[str] | None:
    """Return industries as the instrument takes them: a group such as ``energy`` is its industries, ``all`` is None."""
    from suasion.questions.scenarios.instruments import BUNDLES

    names = [sectors] if isinstance(sectors, str) else sectors
    if "all" in names:
        return None
    return [code for one in names for code in BUNDLES.get(str(one).casefold(), (one,))]


def size_of(value: Any, name: str) -> Any:
    """Return a size as the instrument takes it: a text in per cent is a fraction, of a factor the change.

    value: As given.
    name: Of the field.
    Raises InputError if a size in per cent is no number.
    """
    if name not in BY_POSITION[2:] or isinstance(value, Real):
        return value
    if not isinstance(value, str):
        kind = type(value).__name__
        raise InputError(f"{name} is a {kind}; give a number, as 0.6, or a text in per cent, as '60%'.")
    how = (
        "a number, in million USD"
        if name == "amount"
        else "a number, as 0.6, or a text in per cent, as '60%'"
    )
    try:
        number = float(value.strip() if name == "amount" else value.strip().removesuffix("%"))
    except ValueError:
        raise InputError(f"{name} is {value!r}; give {how}.") from None
    if not value.strip().endswith("%"):
        return number
    return number / 100.0 + (1.0 if name == "factor" else 0.0)


def _ordered(made: type, front: list[str]) -> list[Any]:
    held = {one.name: one for one in fields(made) if one.init}
    return [held[name] for name in front] + [one for name, one in held.items() if name not in front]


def _parameter(name: str, default: Any, by_position: bool) -> inspect.Parameter:
    kinds = inspect.Parameter
    kind = kinds.POSITIONAL_OR_KEYWORD if by_position else kinds.KEYWORD_ONLY
    return kinds(name, kind, default=kinds.empty if by_position else default)


def _word(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "+".join(map(str, value))
    return value if isinstance(value, str) else f"{value:g}"
