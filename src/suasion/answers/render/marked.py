"""Numbers of a sentence on a page: on the line of their units, and as links to the table that has them in full."""

from __future__ import annotations

import re
from functools import cache
from typing import TypeVar

from markupsafe import Markup, escape

from suasion.answers.catalogue import catalogue, spoken
from suasion.answers.numbers import MINUS

UNITS = ("percent", "mn", "bn", "tn", "usd", "ratio")
"""Words under ``number`` that end in a unit."""
SIZES = ("less_than", "more_than", "over", "about", "gain")
"""Those that begin with what is part of a number."""
_YEAR = re.compile(r"(?:19|20)\d\d")


def _either(parts: set[str]) -> str:
    """A pattern of any of some texts, the longest first; their blanks may hold a line together."""
    longest = sorted(filter(None, parts), key=len, reverse=True)
    return "|".join(re.escape(part).replace(r"\ ", "[ \N{NO-BREAK SPACE}]") for part in longest)


def _units(language: str) -> set[str]:
    return {catalogue(language)[f"number.{key}"].rpartition("}")[2] for key in UNITS}


@cache
def _numbers(language: str) -> re.Pattern[str]:
    """A number as the language prints it: what it is less than, a range, its unit, and its band."""
    words = catalogue(language)
    sizes = _either({words[f"number.{key}"].partition("{")[0] for key in SIZES})
    between = re.escape(words["number.span"].partition("}")[2].partition("{")[0])
    before, _, rest = words["number.with_band"].removeprefix("{text}").partition("{low}")
    size = rf"[+{MINUS}]?\d+(?:[.,]\d+)*"
    unit = rf"(?:{_either(_units(language))})"
    band = rf"(?:{re.escape(before)}[^{re.escape(rest[-1])}]*{re.escape(rest[-1])})"
    level = re.escape(before.lstrip(" ("))
    return re.compile(
        rf"(?<![\w/.,{MINUS}-])(?!{level})(?:{sizes})?{size}(?:{between}{size}(?={unit}))?(?P<unit>{unit})?{band}?(?![\w/-])"
    )


@cache
def _gaps(language: str) -> re.Pattern[str]:
    """Blanks before and inside a unit, and around the sign of equality."""
    units = {unit for unit in _units(language) if unit.startswith(" ")}
    first = {f" {unit.split()[0]}" for unit in units}
    return re.compile(rf"(?<=\d)(?:{_either(units | first)})|(?<=m) (?==)|(?<==) ")


Text = TypeVar("Text", str, Markup)


def tight(text: Text) -> Text:
    """Text whose per-cent signs and units stay on the line of their number; markup stays markup."""
    made = _gaps(spoken()).sub(lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), text)
    return type(text)(made) if isinstance(text, Markup) else made


def linked(text: str, target: str, *, plain: bool = False) -> Markup:
    """Return a sentence whose numbers lead to the table that they stand in.

    text: a sentence, plain text.
    target: address of the table, usually of a part of the same page; without one nothing is linked.
    plain: whether numbers without a unit are linked too; years never are.
    """
    made, end = Markup(), 0
    for found in _numbers(spoken()).finditer(text) if target else ():
        if (found["unit"] or plain) and not _YEAR.fullmatch(found[0]):
            link = Markup('<a class="num" href="{}">{}</a>').format(target, found[0])
            made, end = made + escape(text[end : found.start()]) + link, found.end()
    return tight(made + escape(text[end:]))
