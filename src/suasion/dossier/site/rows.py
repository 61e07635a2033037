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

    country, partner: Codes.
    first, first_span, later, later_span: Losses in the first year and after ten years with their ranges, as
      printed.
    other: What the other side would lose after ten years.
    money: Loss of the first year in money.
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

    supplier: Code; empty where it is not known.
    share, bought, rise, extra: As printed.
    path: Address of the good's page; empty without one.
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

    note: What is said under it.
    words, path: What is read, and where it leads.
    """

    words: str
    path: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """The start page.

    a, b: Codes of the sentence.
    countries: Codes that can be chosen, with names.
    headline, span, under: The answer: what is lost in the first year, its range, and what goes with it.
    outside: Whether one of the two has no row in the table, so that nothing is known.
    loss: The number of the answer: ``percent``, ``low`` and ``high``; None where it is not known.
    forecast: The first frozen forecast: ``asked``, ``states``, ``closes``, ``probability``, ``low`` and
      ``high``.
    map, lead: Drawings: what each would lose without the second, and how many would lose much without each.
    holders, pairs: Other holders of the map, and other pairs.
    ties: Large ties, the most dependent first.
    measures: Dated measures with their answers.
    claims, board: What is told of the claims, and of the frozen forecasts.
    vintage: Of which year the page speaks.
    count: Economies of the table.
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

    headline, ranges: What stands out, and its ranges.
    facts: Three sentences.
    mine, theirs: Drawings: on whom it depends, and who depends on it.
    mine_all, theirs_all: All partners.
    goods_title: Heading of what it could not replace.
    history: Drawing of shares over time.
    years: Of the history.
    ranged: Whether its losses have ranges.
    answer, code, name: Of the country.
    materials, industries: Goods that it could not replace.
    moved: How its partners changed.
    dossiers, measures: Where to go on.
    vintage: Year and source.
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

    holder: Code.
    later: Whether map, list and matrix show losses after ten years.
    group: Group of the matrix; empty for the largest economies.
    map, most, matrix: Drawings.
    holders, groups: What else can be shown.
    countries: Codes that can be chosen, with names.
    ties, one_sided, mutual, exposed: Lists, and all that would lose without the holder.
    ranged: Whether the losses have ranges.
    answer, headline, facts: What stands out.
    vintage: Year and source.
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

    rows: Code, economies that would lose more than the line in the first year, and after ten years, the most
      first.
    others: States outside the table, whose pages have trade alone.
    groups: Blocs.
    vintage: Year and source.
    """

    groups: tuple[Link, ...]
    rows: tuple[tuple[str, int, int], ...]
    others: Mapping[str, str]
    vintage: str


@dataclass(frozen=True, slots=True)
class PairsPage:
    """Pairs: a choice of two, and the largest ties.

    countries: Codes that can be chosen, with names.
    asked: Pairs often asked.
    ties, mutual: Where one side, and where both, would lose most.
    vintage: Year and source.
    """

    countries: Mapping[str, str]
    asked: tuple[Link, ...]
    ties: tuple[TieLine, ...]
    mutual: tuple[TieLine, ...]
    vintage: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What a search finds.

    text: As typed.
    found: Kind to links.
    """

    text: str
    found: Mapping[str, tuple[Link, ...]]

    @property
    def count(self) -> int:
        """Links in all."""
        return sum(len(leads) for leads in self.found.values())
