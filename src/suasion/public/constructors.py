"""Public classes, and functions of rooms: a call that Python itself would refuse is answered with the right one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from suasion.errors import InputError, SuasionError
from suasion.nearest import nearest
from suasion.public.grammar import Call, Shape
from suasion.public.kinds import kind_of, wanted

MADE_BY = {
    "Drivers": 'su.drivers("RUS", "CHN").result',
    "ExitCost": 'su.exit_cost("RUS", "CHN").result',
    "LeverageMatrix": "su.leverage_matrix().result",
    "ManyResults": "su.simulate_many([scenario]).result",
    "Result": "su.simulate(scenario).result",
    "Sensitivity": 'su.sensitivity("RUS").result',
    "SuasionWarning": "su.simulate(scenario).result.warnings",
    "World": "su.load_world()",
}
"""Classes that nobody makes by hand, and what gives one."""


def answered(made: Any, name: str) -> Any:
    """Return a public class, or a function of a room, whose wrong calls are told in a line with the right call.

    A class stays itself: only what it does with its arguments is watched. Nothing is checked before a call fails.

    Parameters
    ----------
    made : class or callable
        Whatever else is returned as it is.
    name : str
        As it is public.

    Returns
    -------
    object
    """
    try:
        shape = _shape(made, name)
    except (TypeError, ValueError):  # nothing to call, or a class of the language that shows no arguments
        return made
    if not isinstance(made, type):
        return _watched(made, shape)
    made.__init__ = _watched(made.__init__, shape, 1)  # type: ignore[misc]
    return made


def _shape(made: Callable[..., Any], name: str) -> Shape:
    """How it is called; unlike a question it may take options by position."""
    known = inspect.signature(made).parameters
    given = {one: it.default for one, it in known.items() if it.default is not inspect.Parameter.empty}
    kinds = {one: str(it.annotation) for one, it in known.items()}
    order = tuple(one for one, it in known.items() if it.kind is not inspect.Parameter.KEYWORD_ONLY)
    return Shape(name, tuple(one for one in known if one not in given), given, kinds, order)


def _watched(made: Callable[..., Any], shape: Shape, itself: int = 0) -> Callable[..., Any]:
    """A function that tells a wrong call; the first ``itself`` arguments are not the caller's."""

    @wraps(made)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return made(*args, **kwargs)
        except SuasionError:
            raise
        except (TypeError, ValueError, AttributeError) as error:
            PlainCall(shape, args[itself:], kwargs).tell(error)
            raise

    return called


class PlainCall(Call):
    """A call of a class or a function of a room, as it was made."""

    @property
    def right(self) -> str:
        """The call as it should read: what was given stays where it fits."""
        given = dict(zip(self.shape.order, self.args, strict=False))
        given |= {close: value for name, value in self.kwargs.items() if (close := self._known(name))}
        fitting = {name: value for name, value in given.items() if self.shape.reads(name, value)}
        subjects = {name: value for name, value in fitting.items() if name in self.shape.subjects}
        options = {name: value for name, value in fitting.items() if name in self.shape.options}
        return self.shape.call(subjects, options)

    def _known(self, name: str) -> str:
        return name if name in self.shape.kinds else self._nearest(name)

    def _nearest(self, name: str) -> str:
        """The argument that a name was meant for, empty where there is none like it or it was given."""
        close = next(iter(nearest(name, self.shape.kinds, 1)), "")
        return "" if close in self.kwargs or close in self.shape.order[: len(self.args)] else close

    def tell(self, error: Exception) -> None:
        """Say what is wrong with a call that failed; say nothing where nothing is.

        Raises InputError: Always, but where each argument is in its place and of its kind.
        """
        if self.shape.name in MADE_BY:
            made_by = MADE_BY[self.shape.name]
            raise InputError(f"{self.shape.name} is not made by hand. Write {made_by}") from error
        self.check()
        given = {**dict(zip(self.shape.order, self.args, strict=False)), **self.kwargs}
        for name, value in given.items():
            if what := wanted(self.shape.kinds[name], value):
                self.refuse(f"{name} is {what}, and not {kind_of(value)}.")
