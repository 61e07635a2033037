"""Errors that say what went wrong, which items, and how to mend it.

Every error raised on purpose derives from :class:`SuasionError`. The class docstring is the general
advice; the message names the offending items.
"""

from __future__ import annotations

import sys
import tomllib
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any


class SuasionError(Exception):
    """Base of all errors raised by Suasion on purpose; catch it to catch them all.

    Examples
    --------
    >>> try:
    ...     su.exit_cost("RUS", "Ruritania")
    ... except su.SuasionError as error:
    ...     print(type(error).__name__)
    UnknownCountryError
    """


class InputError(SuasionError, ValueError):
    """An argument has a value that is not allowed. The message lists the allowed values."""


class UnknownCountryError(InputError):
    """A country code or name is not known. Use an ISO 3166 alpha-3 code such as RUS, or an English name."""


class AmbiguousCountryError(InputError):
    """A country name fits several states. Use one of the codes that the message lists."""


class SameCountryError(InputError):
    """A pair names the same country twice. Give two different countries."""


class NotFollowedError(InputError):
    """A pair has too little trade to be followed, or none on record."""


class NotInWorldError(InputError):
    """A country or sector is not in the world's table. The message says what can still be computed."""


class DataError(SuasionError, ValueError):
    """A table or file does not hold what it must. The message names the cells."""


class UnbalancedTableError(DataError):
    """An accounting identity fails. Mend the cells named, or balance the table before building a world."""


class MissingValueError(DataError):
    """A table has NaN or infinite cells. Missing is not zero: fill them on purpose, or drop the rows."""


class NegativeValueError(DataError):
    """A value that must not be negative is. Mend it, or move it to the item that may carry it."""


class DuplicateLabelError(DataError):
    """A label occurs twice. Aggregate the duplicates first."""


class AlignmentError(DataError):
    """Two labelled tables differ in their labels. Select or reindex one of them explicitly."""


class SourceFileError(DataError):
    """A data file is absent, broken or not of the format named. The message says how to get a good one."""


class ChecksumError(SourceFileError):
    """A data file differs from the one that was published. Fetch it again."""


class ScenarioError(InputError):
    """A scenario is not valid. The message names the instrument and, for a file, the line."""


class ElasticityError(InputError):
    """An elasticity is out of its range: all are >= 0, sigma > 0, and sigma > 1 wherever a flow is cut."""


class ShockError(SuasionError, ValueError):
    """A shock has no equilibrium. The message says what breaks; give a smaller shock or other elasticities."""


class NoSupplierError(ShockError):
    """A cut leaves buyers of a good without any supplier. Exempt the sectors named, or use a finite trade cost."""


class CollapseError(ShockError):
    """Inputs are too essential for the cut: no finite prices exist. Raise zeta or epsilon, or cut less."""


class ConvergenceError(SuasionError, RuntimeError):
    """The solver missed its tolerance. Try a smaller shock, other elasticities, or a larger ``max_iterations``."""


class UncertifiedError(ConvergenceError):
    """An equilibrium failed the check of its certificate, so it is no answer. Mend what the message names.

    ``certify=False`` (``--uncertified``) returns the numbers all the same, marked.
    """


class UnreadableError(SuasionError, OSError):
    """A path cannot be looked at or read. Give yourself the right to read it, or name another."""


class OutputError(SuasionError, OSError):
    """A file could not be written. Choose another path, or free space."""


class MissingPackageError(SuasionError, ImportError):
    """An optional package is not installed. Install the extra that the message names."""


class GameError(InputError):
    """A cooperative game or an allocation is not valid. The message says which coalition or player, and why."""


class NetworkError(InputError):
    """A supply network is not valid. The message names the route, producer or customer and, for a file, the line."""


class JudgementError(InputError):
    """A file of judgements is not valid. The message names the item and, for a file, the line."""


class GridError(InputError):
    """The grid of a sweep is not valid. The message names the key and, for a file, the line."""


class SweepError(SuasionError, RuntimeError):
    """A sweep cannot go on: its folder holds another one, or no worker is left. The message says how to mend it."""


class Doubt(StrEnum):
    """What a warning is about; its words stand in ``doubts.toml`` beside this module."""

    RATE = "rate"
    REPLACED = "replaced"
    FACTOR = "factor"
    AMOUNT = "amount"
    REMOVAL = "removal"
    LATE_YEARS = "late_years"
    OWN_SIGMA = "own_sigma"
    EXTREME = "extreme"
    SUPPLY = "supply"
    LOSS = "loss"
    NO_STATE = "no_state"
    LEFT_OUT = "left_out"


@cache
def _doubts() -> Mapping[str, str]:
    file = resources.files("suasion").joinpath("doubts.toml")
    words: Mapping[str, str] = tomllib.loads(file.read_text(encoding="utf-8"))
    return words


class SuasionWarning(UserWarning):
    """A question is probably not what was meant, or its answer is beyond what the model can say. The message says why.

    Results keep theirs in ``warnings``; the command line shows each as a line on stderr, and pages show it in words.

    Parameters
    ----------
    doubt : Doubt
        What it is about.
    values : mapping
        Numbers and names that its words hold.
    """

    def __init__(self, doubt: Doubt, values: Mapping[str, Any]) -> None:
        super().__init__(doubt, values)
        self.doubt, self.values = doubt, values

    def __str__(self) -> str:
        """Return it in words."""
        return _doubts()[self.doubt].format_map(self.values)

    def __eq__(self, other: object) -> bool:
        """The same doubt with the same numbers is one."""
        return isinstance(other, SuasionWarning) and self.args == other.args

    def __hash__(self) -> int:
        """By its words."""
        return hash(str(self))


class ImplausibleInputWarning(SuasionWarning):
    """A value is allowed and rarely meant. The message says what was probably meant."""


class HorizonWarning(SuasionWarning):
    """Elasticities answer at a horizon for which they were not made."""


class ExtremeAnswerWarning(SuasionWarning):
    """An answer lies outside what such a model can measure: take its direction, not its size."""


_TOLD_OTHERWISE: ContextVar[tuple[type, ...]] = ContextVar("told otherwise", default=())


@contextmanager
def told_otherwise(kind: type[SuasionWarning] = SuasionWarning) -> Iterator[None]:
    """Issue no warnings of a kind within, in this thread alone: who asked tells them in the answer itself."""
    before = _TOLD_OTHERWISE.set((*_TOLD_OTHERWISE.get(), kind))
    try:
        yield
    finally:
        _TOLD_OTHERWISE.reset(before)


def warn(doubts: Iterable[SuasionWarning]) -> None:
    """Issue warnings, each at the line outside the package that asked.

    doubts: what a result holds in ``warnings``.
    """
    doubts = [one for one in doubts if not isinstance(one, _TOLD_OTHERWISE.get())]
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "suasion":
        level, frame = level + 1, frame.f_back
    for doubt in doubts:
        warnings.warn(doubt, stacklevel=level)


def of_check(message: str) -> str:
    """What the check of a model says, without the class of error that pydantic sets before it."""
    return message.replace("Value error, ", "")


def expect(value: object, kind: type, name: str, advice: str) -> None:
    """Refuse an argument of another type, in words that say what belongs there.

    value: what was given.
    kind: what it must be.
    name: of the argument, as the caller knows it.
    advice: how to get the right one.
    Raises InputError.
    """
    if isinstance(value, kind):
        return
    shown = repr(value) if isinstance(value, str | int | float | None) else "of another kind"
    article = "an" if kind.__name__[0] in "AEIO" else "a"
    raise InputError(
        f"`{name}` must be {article} {kind.__name__}; it is {shown} ({type(value).__name__}). {advice}"
    )
