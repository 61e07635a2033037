"""Ranges of the numbers and words that instruments take: the one place where they are written down."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from suasion.errors import ScenarioError
from suasion.nearest import did_you_mean
from suasion.types import Advice


@dataclass(frozen=True, slots=True)
class Allowed:
    """Allowed numbers of one key: above ``low`` (or from it on) up to ``high``, in words; what is meant ``beyond``."""

    low: float
    high: float
    includes_low: bool
    text: Advice
    beyond: Advice = ""


_PERCENT: Advice = "If {value:g} per cent is meant, write {percent:g}."
_BAN: Advice = "To stop the trade, use a ban or an embargo."

NUMBERS: dict[str, Allowed] = {
    "rate": Allowed(-1.0, 10.0, False, "a number > -1 and <= 10 (0.25 is 25 %)", f"{_PERCENT} {_BAN}"),
    "factor": Allowed(0.0, 1e6, False, "a number > 0 and <= 1e6 (1 is no change)", _BAN),
    "share": Allowed(0.0, 1.0, True, "a number from 0 to 1 (0.6 is 60 % of the base)", _PERCENT),
    "removed": Allowed(
        0.0, 1.0, False, "a number above 0 and up to 1 (0.6 removes 60 % of the flow)", _PERCENT
    ),
    "coverage": Allowed(0.0, 1.0, False, "a number > 0 and <= 1", _PERCENT),
    "cap": Allowed(0.0, 1.0, False, "a number above 0 and up to 1 (0.6 is 60 % of the base price)", _PERCENT),
    "amount": Allowed(0.0, 1e9, True, "a number of million USD >= 0 and <= 1e9; senders pay it to targets"),
}
"""No tariff on record is above a rate of 10, and 1e9 million USD are ten times what the world earns in a year."""

WORDS = {
    "mode": ("add", "set"),
    "direction": ("both", "imports", "exports"),
    "rent": ("importer", "exporter"),
    "use": ("inputs", "final"),
}
DAY = "a day, as 2022-12-05"


def number(key: str, value: Any, rule: str = "") -> float:
    """Value as a float in the range of its key.

    key: name of the argument, for messages.
    value: number given.
    rule: row of :data:`NUMBERS`; that of the key itself if empty.
    Raises ScenarioError when it is no finite number of that range.
    """
    allowed = NUMBERS[rule or key]
    message = f"{key} is {value!r}; it must be {allowed.text}."
    if isinstance(value, (bool, str)):
        raise ScenarioError(message)
    try:
        result = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise ScenarioError(message) from error
    inside = allowed.low < result <= allowed.high or (allowed.includes_low and result == allowed.low)
    if not math.isfinite(result) or not inside:
        raise ScenarioError(f"{message}{meant(rule or key, result)}")
    return result


def meant(rule: str, value: Any) -> str:
    """Hint at what a number above its range was probably meant to be, or nothing."""
    allowed = NUMBERS.get(rule)
    if allowed is None or isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if not allowed.beyond or not allowed.high < value < sys.float_info.max:
        return ""
    return f" {allowed.beyond.format(value=value, percent=value / 100.0)}"


def word(key: str, value: Any) -> str:
    """Value if it is one of the words of its key."""
    if value not in WORDS[key]:
        raise ScenarioError(
            f"{key} is {value!r}; it must be {' or '.join(WORDS[key])}.{did_you_mean(value, WORDS[key])}"
        )
    return str(value)


def day(key: str, value: Any) -> str:
    """Day in the form 2022-12-05, from such a text or a date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise ScenarioError(f"{key} is {value!r}; it must be {DAY}.") from error


def names(key: str, value: Any) -> tuple[str, ...]:
    """One name or several as a tuple, in the order given, each once."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, Sequence) or not all(isinstance(item, str) and item.strip() for item in items):
        raise ScenarioError(f"{key} is {value!r}; it must be a name or a list of names.")
    if not items:
        raise ScenarioError(f"{key} is empty; name at least one.")
    return tuple(dict.fromkeys(item.strip() for item in items))
