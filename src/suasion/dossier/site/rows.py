"""What the pages of the site show: names with their addresses, numbers as printed, drawings as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from suasion.answers.answer import Answer
from suasion.dossier.site import printed


@dataclass(frozen=True, slots=True)
class Tie:
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
    def of(cls, row: Mapping[Any, Any], partner: str = "partner") -> Tie:
        """Return the line of a row of a table of losses."""
        theirs = row.get("partner_long_percent")
        return cls(
            row["country"],
            row[partner],
            printed.loss(row["short_percent"], first=True),
            printed.span(row, "short_percent"),
            printed.loss(row["long_percent"]),
            printed.span(row, "long_percent"),
            "" if theirs is None else printed.loss(theirs),
            printed.money(row["short_musd"]) if "short_musd" in row else "",
        )


@dataclass(frozen=True, slots=True)
class Good:
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
class Lead:
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
    map, lead : str
        Drawings: what each would lose without the second, and how many would lose much without each.
    holders, pairs : tuple of Lead
        Other holders of the map, and other pairs.
    ties : tuple of Tie
        Large ties, the most dependent first.
    measures : tuple of Lead
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
    map: str
    lead: str
    holders: tuple[Lead, ...]
    pairs: tuple[Lead, ...]
    ties: tuple[Tie, ...]
    measures: tuple[Lead, ...]
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
    mine_all, theirs_all : tuple of Tie
        All partners.
    materials, industries : tuple of Good
    goods_title : str
        Heading of what it could not replace.
    history : str
        Drawing of shares over time.
    moved : str
    years : str
        Of the history.
    dossiers, measures : tuple of Lead
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
    mine_all: tuple[Tie, ...]
    theirs_all: tuple[Tie, ...]
    materials: tuple[Good, ...]
    industries: tuple[Good, ...]
    goods_title: str
    history: str
    moved: str
    years: str
    dossiers: tuple[Lead, ...]
    measures: tuple[Lead, ...]
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
    holders, groups : tuple of Lead
        What else can be shown.
    countries : mapping
        Codes that can be chosen, with names.
    ties, one_sided, mutual, exposed : tuple of Tie
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
    holders: tuple[Lead, ...]
    groups: tuple[Lead, ...]
    countries: Mapping[str, str]
    ties: tuple[Tie, ...]
    one_sided: tuple[Tie, ...]
    mutual: tuple[Tie, ...]
    exposed: tuple[Tie, ...]
    vintage: str
    ranged: bool


@dataclass(frozen=True, slots=True)
class CountriesPage:
    """All countries and blocs that have a page, and how many would lose much without each.

    Attributes
    ----------
    groups : tuple of Lead
    rows : tuple
        Code, economies that would lose more than the line in the first year, and after ten years, the most first.
    others : mapping
        States outside the table, whose pages have trade alone.
    vintage : str
    """

    groups: tuple[Lead, ...]
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
    asked : tuple of Lead
        Pairs often asked.
    ties, mutual : tuple of Tie
    vintage : str
    """

    countries: Mapping[str, str]
    asked: tuple[Lead, ...]
    ties: tuple[Tie, ...]
    mutual: tuple[Tie, ...]
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
    found: Mapping[str, tuple[Lead, ...]]

    @property
    def count(self) -> int:
        """Links in all."""
        return sum(len(leads) for leads in self.found.values())
