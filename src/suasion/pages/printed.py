"""How numbers stand on the pages of the site: short, the range beside its number, and never without one or a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from suasion.answers import front
from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.schema.variables import BAND

UNIT = "\N{NO-BREAK SPACE}%"


def plain(code: str) -> str:
    """Return the name of a country or group as in a table."""
    return DEFAULT_LANGUAGE.country(code, "plain")


def digits(value: float, like: float | None = None) -> str:
    """Return a number of per cent without its unit, with the decimals of another where one is given."""
    text = front.plain(value, like)
    return text if text.strip("0.,") else "0"


def loss(value: float | None, *, first: bool = False) -> str:
    """Return a loss in per cent as printed.

    value: Positive for a loss.
    first: Whether it is of the first year, where losses beyond 40 per cent are not told to the digit.
    """
    if value is None or value != value:
        return n.DEFAULT_NUMBERS.no_data
    if first and value > front.BEYOND:
        return say("site.over", size=f"{front.BEYOND:.0f}{UNIT}")
    if abs(value) < front.LEAST:
        return "<" + n.signs("0.1") + UNIT
    return digits(value) + UNIT


def span(row: Mapping[Any, Any], name: str, columns: Sequence[str] = BAND) -> str:
    """Return the range of a number of a row as in charts, ``7–20``; empty without one.

    columns: endings of the columns of both ends.
    """
    ends = _ends(row, name, columns)
    return front.joined(*ends) if ends else ""


def change_span(row: Mapping[Any, Any], name: str) -> str:
    """Return the range of a change in per cent, both ends with their signs; empty without one."""
    ends = [number_in(row, f"{name}{end}") for end in BAND]
    if None in ends:
        return ""
    low, high = (DEFAULT_LANGUAGE.cell(end, "change", name).rstrip("%").rstrip() for end in ends)
    return DEFAULT_LANGUAGE.numbers.words["number.span"].format(low=low, high=high)


def in_words(row: Mapping[Any, Any], name: str) -> str:
    """Return the range of a number of a row as in sentences, or why there is none."""
    ends = _ends(row, name)
    return say("site.range", low=ends[0], high=ends[1] + UNIT) if ends else say("site.no_range")


def _ends(row: Mapping[Any, Any], name: str, columns: Sequence[str] = BAND) -> tuple[str, str] | None:
    """Both ends of the range of a number, as printed; none without a range."""
    low, high = (number_in(row, f"{name}{end}") for end in columns)
    return None if low is None or high is None else (digits(low, row[name]), digits(high, row[name]))


def money(musd: float) -> str:
    """Return a sum of money."""
    return n.usd(musd).replace(" ", "\N{NO-BREAK SPACE}")


def number_in(row: Mapping[Any, Any] | None, name: str) -> float | None:
    """Return the number of a column in a row; None where there is no row, or it has none."""
    value = None if row is None else row.get(name)
    return None if value is None or value != value else float(value)
