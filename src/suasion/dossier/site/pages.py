"""The pages of the site, made of the answers to the questions `leverage`, `country`, `forecasts` and `dated_measures`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from suasion.answers import front
from suasion.answers.answer import Answer
from suasion.answers.catalogue import say
from suasion.answers.finding import Finding
from suasion.answers.relevance import worth_telling
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.dossier.site.about import living_groups, named_countries
from suasion.dossier.site import charts, printed
from suasion.dossier.site.claims import claims_context
from suasion.dossier.site.first import ENDS, headline, under
from suasion.dossier.site.measures import bare
from suasion.dossier.site.rows import Link, Shown
from suasion.questions import country, forecasts, leverage
from suasion.questions.bands import ranged
from suasion.questions.scenarios.instruments import STARTERS
from suasion.questions.ties.leverage import counted, inside_of
from suasion.sources import material_products
from suasion.world import World

HOLDERS = ("CHN", "USA", "DEU", "RUS", "IND", "EU")
"""Holders that can be chosen at once."""
ASKED = (("DEU", "CHN"), ("TWN", "CHN"), ("MEX", "USA"), ("KAZ", "RUS"), ("UKR", "RUS"), ("AUS", "CHN"))
"""Pairs that can be opened at once."""
BLOCS = ("EU", "ASEAN", "G7", "BRICS")
GROUPS = ("", "EU", "ASEAN", "G7", "BRICS")
"""Groups of the matrix; the empty one is the largest economies."""
LISTED, RANKED, MATERIALS, STARTED = 8, 8, 6, 1
LEAST_BOUGHT = 1.0
"""Million USD a year of a raw material below which it is not listed."""


@lru_cache(maxsize=64)
def _leverage(world: World, holder: str, group: str) -> Answer:
    return leverage(holder=holder, group=(group,) if group else (), world=world)


def _rows(answer: Answer, key: str) -> list[dict[Any, Any]]:
    if all(table.key != key for table in answer.tables):
        return []
    found: list[dict[Any, Any]] = answer.table(key).frame.to_dict("records")
    return found


def _sentences(answer: Answer, *keys: str) -> tuple[str, ...]:
    by_key = {finding.key: finding for finding in answer.findings}
    return tuple(by_key[key].sentence() for key in keys if key in by_key)


def _heading(answer: Answer, key: str, words: str) -> str:
    """A finding as a heading: its numbers without their ranges, which stand under it."""
    found = next((finding for finding in answer.findings if finding.key == key), None)
    if found is None:
        return ""
    direction = f".{found.compared.direction}" if found.compared is not None else ""
    return capital(DEFAULT_LANGUAGE.say(f"{words}{direction}", found.values))


def vintage(world: World) -> str:
    """Return of which year a page speaks, and from what."""
    return say("site.vintage", year=world.year, data=world.provenance.dataset, count=len(world.states))


def home_page(world: World, a: str, b: str, measures: Sequence[Link] = ()) -> Shown:
    """Return the start page.

    a, b: Codes: who loses, and without whom.
    measures: Dated measures with their answers; without, they stand as links.
    Returns: a, b: Codes of the sentence; countries: codes that can be chosen, with names.
      headline, span, under: The answer: what is lost in the first year, its range, and what goes with it.
      outside: Whether one of the two has no row in the table, so that nothing is known.
      loss: The number of the answer: ``percent``, ``low`` and ``high``; None where it is not known.
      forecast: The first frozen forecast: ``asked``, ``states``, ``closes``, ``probability``, ``low`` and ``high``.
      map, lead: Drawings: what each would lose without the second, and how many would lose much without each.
      holders, pairs: Other holders of the map, and other pairs.
      ties: Large ties, the most dependent first.
      claims, board: What is told of the claims, and of the frozen forecasts.
      vintage, count: Of which year the page speaks, and economies of the table.
    """
    answer = _leverage(world, b if b in world.states else "", "")
    exposed = _rows(answer, "exposed") if b in world.states else []
    row = next((one for one in exposed if one["country"] == a), None)
    back = next((one for one in _rows(answer, "pairs") if (one["country"], one["partner"]) == (b, a)), None)
    holders = [(one["holder"], one["over_short"]) for one in _rows(answer, "holders")]
    return dict(
        a=a,
        b=b,
        countries=named_countries(world),
        headline=headline(row),
        span="" if row is None else printed.in_words(row, "short_percent"),
        under=under(row, back, a, b),
        outside=row is None,
        loss={end: printed.number_in(row, f"short_percent{tail}") for end, tail in ENDS.items()},
        forecast=_forecast(),
        map=charts.loss_map(answer.table("exposed"), (b,), "short_percent") if exposed else "",
        lead=charts.counts([(code, int(count)) for code, count in holders[:5]], say("site.counts_alt")),
        holders=tuple(
            Link(printed.plain(code), f"/?a={a}&b={code}") for code in HOLDERS if code in world.states
        ),
        pairs=tuple(
            Link(say("site.pair", a=printed.plain(x), b=printed.plain(y)), f"/?a={x}&b={y}") for x, y in ASKED
        ),
        ties=_rows(answer, "ties")[:LISTED],
        measures=(
            *(tuple(measures) or bare()),
            *(Link(one.question, f"/scenario?{one.address}") for one in STARTERS[:STARTED]),
        ),
        claims=claims_context().sentence,
        board=_board(),
        vintage=vintage(world),
        count=len(world.states) - 1,
    )


def _forecast() -> Mapping[str, float | str | None]:
    """The first of the frozen forecasts."""
    first = next(iter(_rows(forecasts(), "in-force")), {})
    names = {
        "asked": "asked",
        "closes": "closes_on",
        "probability": "frozen",
        "low": "frozen_low",
        "high": "frozen_high",
    }
    states = f"{first.get('state')}-{first.get('other_state')}"
    return {"states": states, **{key: first.get(name) for key, name in names.items()}}


def _board() -> str:
    """The first of the frozen forecasts, in a sentence."""
    values = next((one.values for one in forecasts().findings if one.key == "forecasts.pact"), None)
    return Finding("site.board", {**values, "year": str(values["closes"])[:4]}).sentence() if values else ""


def country_page(world: World, name: str) -> Shown:
    """Return the page of a country or bloc.

    name: Code of a state, or name of a group.
    Returns: answer, code, name: Of the country; headline, ranges: what stands out, and its ranges; facts: three
      sentences.
      mine, theirs: Drawings: on whom it depends, and who depends on it; mine_all, theirs_all: all partners.
      materials, industries, goods_title: Goods that it could not replace, and their heading.
      history, years, moved: Drawing of shares over time, its years, and how partners changed.
      dossiers, measures: Where to go on.
      ranged: Whether its losses have ranges; vintage: year and source.
    """
    answer = country(name, world=world)
    mine, theirs = _rows(answer, "depends-on"), _rows(answer, "depended-on-by")
    worth = [row for row in theirs if worth_telling(row["short_percent"], row["short_musd"])]
    who = printed.plain(name)
    history = next((table for table in answer.tables if table.key == "partner-shares"), None)
    years = [int(year) for year in history.cells("year") if isinstance(year, int)] if history else []
    path = "/dossier/{a}/{code}" if inside_of(name, world) == (name,) else "/country/{code}"
    return dict(
        answer=answer,
        code=name,
        name=who,
        headline=_heading(answer, "country.depends", "site.depends")
        or " ".join(_sentences(answer, "country.hardly"))
        or say("site.no_row", name=capital(DEFAULT_LANGUAGE.country(name))),
        ranges=_heading(answer, "country.depends", "site.depends_ranges"),
        facts=_sentences(answer, "leverage.count", "leverage.later", "country.materials"),
        mine=charts.ranked(mine[:RANKED], "partner", "short_percent", say("site.mine_alt", name=who), side="a",
                           wide=charts.HALF, link=path.replace("{a}", name)) if mine else "",
        theirs=charts.ranked(worth[:RANKED], "country", "short_percent", say("site.theirs_alt", name=who), side="b",
                             wide=charts.HALF, link=path.replace("{a}", name)) if worth else "",
        mine_all=mine,
        theirs_all=theirs,
        materials=_materials(answer, name),
        industries=[
            {**row, "good": capital(DEFAULT_LANGUAGE.industry(row["industry"], "goods"))}
            for row in _rows(answer, "suppliers")[:MATERIALS]
        ],
        goods_title=_heading(answer, "country.material", "site.material")
        or " ".join(_sentences(answer, "country.industry")),
        history=charts.history(history) if history else "",
        moved=" ".join(_sentences(answer, "country.moved")),
        years=f"{min(years)}\N{EN DASH}{max(years)}" if years else "",
        dossiers=_dossiers(name, mine, worth, world),
        measures=_measures(name, mine),
        vintage=vintage(world),
        ranged=any(printed.span(row, "short_percent") for row in mine),
    )  # fmt: skip


FOLLOWED = 899.5
"""Per cent to which the rise of a price is followed."""


def _materials(answer: Answer, name: str) -> list[Shown]:
    codes = {str(row.name): str(row.product) for row in material_products().itertuples()}
    bought = [row for row in _rows(answer, "raw-materials") if row["bought_musd"] >= LEAST_BOUGHT]
    return [
        {
            **row,
            "supplier": row["supplier"] or "",
            "rise": _rise(row),
            "extra": _extra(row),
            "path": f"/products/{codes[row['good']]}?buyer={name}"
            if row["good"] in codes and len(name) == 3
            else "",
        }
        for row in bought[:MATERIALS]
    ]


def _extra(row: Mapping[Any, Any]) -> str:
    """What replacing it would cost, with its range."""
    ends = front.money_span(ranged(row, "extra_musd", "musd"), DEFAULT_LANGUAGE.numbers)
    text = printed.money(row["extra_musd"])
    return f"{text} ({ends})" if ends else text


def _rise(row: Mapping[Any, Any]) -> str:
    """The rise of a price with its range; at the end of what is followed it is that or more."""
    value, span = row["rise_percent"], printed.span(row, "rise_percent")
    text = say("site.or_more", size=printed.loss(value)) if value >= FOLLOWED else printed.loss(value)
    return f"{text} ({span})" if span else text


def _dossiers(
    name: str, mine: Sequence[Mapping[Any, Any]], theirs: Sequence[Mapping[Any, Any]], world: World
) -> tuple[Link, ...]:
    """Dossiers of a country with who matters most to it, and to whom it matters most."""
    if inside_of(name, world) != (name,):
        return tuple(Link(printed.plain(code), f"/country/{code}") for code in inside_of(name, world))
    others = [row["partner"] for row in mine[:4]] + [row["country"] for row in theirs[:3]]
    others += [code for code in ("CHN", "USA", "RUS") if code != name]
    return tuple(
        Link(say("site.pair", a=printed.plain(name), b=printed.plain(code)), f"/dossier/{name}/{code}")
        for code in list(dict.fromkeys(others))[:LISTED]
    )


def _measures(name: str, mine: Sequence[Mapping[Any, Any]]) -> tuple[Link, ...]:
    """Measures to try: the first partners stop trade, and a few of the day."""
    if not mine:
        return ()
    first = [str(row["partner"]) for row in mine[:2]]
    asked = [("stops", f"do=embargo&by={code}&on={name}", code) for code in first]
    asked += (
        [("sells_no_electronics", f"do=export_ban&by=CHN&on={name}&in=electronics", "CHN")]
        if name != "CHN"
        else []
    )
    asked += (
        [("adds_tariff", f"do=tariff&by=USA&on={name}&size=25", "USA")] if name not in ("USA", "G7") else []
    )
    return tuple(
        Link(say(f"site.{kind}", state=capital(DEFAULT_LANGUAGE.country(code))), f"/scenario?{address}")
        for kind, address, code in asked
    )


def leverage_page(world: World, holder: str = "", group: str = "", later: bool = False) -> Shown:
    """Return the page on who has leverage over whom.

    holder, group: As the question has them; empty for the usual ones.
    later: Whether map, list and matrix show losses after ten years.
    Returns: answer, headline, facts: What stands out; holder: its code.
      map, most, matrix: Drawings; group: of the matrix, empty for the largest economies.
      holders, groups, countries: What else can be shown.
      ties, one_sided, mutual, exposed: Lists, and all that would lose without the holder.
      ranged: Whether the losses have ranges; vintage: year and source.
    """
    answer = _leverage(world, holder, group)
    who = answer.asked["holder"]
    code = getattr(who, "code", holder)
    name = "long_percent" if later else "short_percent"
    most = _rows(answer, "most-exposed")
    tail = "&when=ten" if later else ""
    return dict(
        answer=answer,
        holder=code,
        later=later,
        group=group,
        headline=(_sentences(answer, "leverage.later" if later else "leverage.count") or (answer.absent.sentence() if answer.absent else "",))[0],
        facts=_sentences(answer, "leverage.most", "leverage.count" if later else "leverage.later", "leverage.rank"),
        map=charts.loss_map(answer.table("exposed"), inside_of(code, world), name) if most else "",
        most=charts.ranked(most, "country", name, say("site.most_alt"), side="b", wide=charts.NARROW,
                           link=f"/dossier/{{code}}/{code}") if most else "",
        matrix=charts.matrix(answer.table("matrix"), name) if most else "",
        holders=tuple(Link(printed.plain(one), f"/leverage?holder={one}{tail}") for one in HOLDERS),
        groups=tuple(
            Link(printed.plain(one) if one else say("site.largest"), f"/leverage?holder={code}&group={one}{tail}#matrix")
            for one in GROUPS
        ),
        countries=dict(
            sorted(((one, printed.plain(one)) for one in world.states), key=lambda pair: pair[1])
        ),
        ties=_rows(answer, "ties")[:LISTED],
        one_sided=_rows(answer, "one-sided")[:LISTED],
        mutual=_rows(answer, "mutual")[:LISTED],
        exposed=_rows(answer, "exposed"),
        vintage=vintage(world),
        ranged=any(printed.span(row, "short_percent") for row in most),
    )  # fmt: skip


def countries_page(world: World) -> Shown:
    """Return all countries and blocs that have a page.

    Returns: rows: Code, economies that would lose more than the line in the first year, and after ten years, the
      most first; groups: blocs; others: states outside the table, whose pages have trade alone.
    """
    frame: Any = _leverage(world, "", "").result
    rows = [
        (row["holder"], int(row["over_short"]), int(row["over_long"]))
        for row in counted(frame).to_dict("records")
    ]
    named = named_countries(world)
    return dict(
        groups=tuple(Link(printed.plain(name), f"/country/{name}") for name in living_groups(world)),
        rows=tuple(rows),
        others={code: name for code, name in named.items() if code not in world.states},
        vintage=vintage(world),
    )


def pairs_page(world: World) -> Shown:
    """Return the choice of two states, pairs often asked, and ties where one side, and where both, would lose most."""
    answer = _leverage(world, "", "")
    return dict(
        countries=named_countries(world),
        asked=tuple(
            Link(say("site.pair", a=printed.plain(a), b=printed.plain(b)), f"/dossier/{a}/{b}")
            for a, b in (("RUS", "CHN"), ("USA", "CHN"), *ASKED)
        ),
        ties=_rows(answer, "ties"),
        mutual=_rows(answer, "mutual")[:LISTED],
        vintage=vintage(world),
    )
