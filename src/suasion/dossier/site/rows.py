"""What the pages of the site show: names with their addresses, numbers as printed, drawings as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from suasion.answers.answer import Answer
from suasion.dossier.site import printed

SCHEMA = 1
"""Version of the contexts that have a JSON twin."""


@dataclass(frozen=True, slots=True)
class TieLine:
    """What one country would lose without another.

    Attributes
    ----------
    country, partner : str
        Codes.
    first, first_span, later, later_span : str
        Losses in the first year and after ten years with their ranges, as printed.
    other : str
        What the other side would lose after ten years.
    money : str
        Loss of the first year in money.
    """

    country: str
    partner: str
    first: str
    first_span: str
    later: str
    later_span: str
    other: str = ""
    money: str = ""

    @classmethod
    def of(cls, row: Mapping[Any, Any], partner: str = "partner") -> TieLine:
        """Return the line of a row of a table of losses."""
        theirs = row.get("partner_long_percent")
        return cls(
            row["country"],
            row[partner],
            printed.loss(row.get("short_percent"), first=True),
            printed.span(row, "short_percent"),
            printed.loss(row["long_percent"]),
            printed.span(row, "long_percent"),
            "" if theirs is None else printed.loss(theirs),
            printed.money(row["short_musd"]) if "short_musd" in row else "",
        )


@dataclass(frozen=True, slots=True)
class GoodLine:
    """A good that one supplier makes much of.

    Attributes
    ----------
    name : str
    supplier : str
        Code; empty where it is not known.
    share, bought, rise, extra : str
        As printed.
    path : str
        Address of the good's page; empty without one.
    """

    name: str
    supplier: str
    share: str
    bought: str
    rise: str = ""
    extra: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link.

    Attributes
    ----------
    words : str
    path : str
    note : str
        What is said under it.
    """

    words: str
    path: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """The start page.

    Attributes
    ----------
    a, b : str
        Codes of the sentence.
    countries : mapping
        Codes that can be chosen, with names.
    headline, span, under : str
        The answer: what is lost in the first year, its range, and what goes with it.
    outside : bool
        Whether one of the two has no row in the table, so that nothing is known.
    loss : mapping
        The number of the answer: ``percent``, ``low`` and ``high``; None where it is not known.
    forecast : mapping
        The first frozen forecast: ``asked``, ``states``, ``closes``, ``probability``, ``low`` and ``high``.
    map, lead : str
        Drawings: what each would lose without the second, and how many would lose much without each.
    holders, pairs : tuple of Link
        Other holders of the map, and other pairs.
    ties : tuple of TieLine
        Large ties, the most dependent first.
    measures : tuple of Link
        Dated measures with their answers.
    claims, board : str
        What is told of the claims, and of the frozen forecasts.
    vintage : str
        Of which year the page speaks.
    count : int
        Economies of the table.
    """

    a: str
    b: str
    countries: Mapping[str, str]
    headline: str
    span: str
    under: str
    outside: bool
    loss: Mapping[str, float | None]
    forecast: Mapping[str, float | str | None]
    map: str
    lead: str
    holders: tuple[Link, ...]
    pairs: tuple[Link, ...]
    ties: tuple[TieLine, ...]
    measures: tuple[Link, ...]
    claims: str
    board: str
    vintage: str
    count: int


@dataclass(frozen=True, slots=True)
class CountryPage:
    """One country or bloc.

    Attributes
    ----------
    answer : Answer
    code, name : str
    headline, ranges : str
        What stands out, and its ranges.
    facts : tuple of str
        Three sentences.
    mine, theirs : str
        Drawings: on whom it depends, and who depends on it.
    mine_all, theirs_all : tuple of TieLine
        All partners.
    materials, industries : tuple of GoodLine
    goods_title : str
        Heading of what it could not replace.
    history : str
        Drawing of shares over time.
    moved : str
    years : str
        Of the history.
    dossiers, measures : tuple of Link
    vintage : str
    ranged : bool
        Whether its losses have ranges.
    """

    answer: Answer
    code: str
    name: str
    headline: str
    ranges: str
    facts: tuple[str, ...]
    mine: str
    theirs: str
    mine_all: tuple[TieLine, ...]
    theirs_all: tuple[TieLine, ...]
    materials: tuple[GoodLine, ...]
    industries: tuple[GoodLine, ...]
    goods_title: str
    history: str
    moved: str
    years: str
    dossiers: tuple[Link, ...]
    measures: tuple[Link, ...]
    vintage: str
    ranged: bool


@dataclass(frozen=True, slots=True)
class LeveragePage:
    """Who has leverage over whom.

    Attributes
    ----------
    answer : Answer
    holder : str
        Code.
    later : bool
        Whether map, list and matrix show losses after ten years.
    group : str
        Group of the matrix; empty for the largest economies.
    headline : str
    facts : tuple of str
    map, most, matrix : str
        Drawings.
    holders, groups : tuple of Link
        What else can be shown.
    countries : mapping
        Codes that can be chosen, with names.
    ties, one_sided, mutual, exposed : tuple of TieLine
        Lists, and all that would lose without the holder.
    vintage : str
    ranged : bool
        Whether the losses have ranges.
    """

    answer: Answer
    holder: str
    later: bool
    group: str
    headline: str
    facts: tuple[str, ...]
    map: str
    most: str
    matrix: str
    holders: tuple[Link, ...]
    groups: tuple[Link, ...]
    countries: Mapping[str, str]
    ties: tuple[TieLine, ...]
    one_sided: tuple[TieLine, ...]
    mutual: tuple[TieLine, ...]
    exposed: tuple[TieLine, ...]
    vintage: str
    ranged: bool


@dataclass(frozen=True, slots=True)
class CountriesPage:
    """All countries and blocs that have a page, and how many would lose much without each.

    Attributes
    ----------
    groups : tuple of Link
    rows : tuple
        Code, economies that would lose more than the line in the first year, and after ten years, the most first.
    others : mapping
        States outside the table, whose pages have trade alone.
    vintage : str
    """

    groups: tuple[Link, ...]
    rows: tuple[tuple[str, int, int], ...]
    others: Mapping[str, str]
    vintage: str


@dataclass(frozen=True, slots=True)
class PairsPage:
    """Pairs: a choice of two, and the largest ties.

    Attributes
    ----------
    countries : mapping
        Codes that can be chosen, with names.
    asked : tuple of Link
        Pairs often asked.
    ties, mutual : tuple of TieLine
    vintage : str
    """

    countries: Mapping[str, str]
    asked: tuple[Link, ...]
    ties: tuple[TieLine, ...]
    mutual: tuple[TieLine, ...]
    vintage: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What a search finds.

    Attributes
    ----------
    text : str
        As typed.
    found : mapping
        Kind to links.
    """

    text: str
    found: Mapping[str, tuple[Link, ...]]

    @property
    def count(self) -> int:
        """Links in all."""
        return sum(len(leads) for leads in self.found.values())
