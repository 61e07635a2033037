"""The pages of the site, made of the answers to the questions `leverage`, `country`, `forecasts` and `dated_measures`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from suasion.answers.answer import Answer
from suasion.answers.catalogue import say
from suasion.answers.finding import Finding
from suasion.answers.values import Word
from suasion.answers.front import worth_telling
from suasion.answers.language import DEFAULT_LANGUAGE, alphabetical, capital
from suasion.coercion.leverage.intervals import listed_states
from suasion.coercion.straits.model import straits_file, straits_of
from suasion.dossier.site.about import living_groups, named_countries
from suasion.pages import charts, printed
from suasion.dossier.site.claims import claims
from suasion.dossier.site.first import ENDS, headline, under
from suasion.dossier.site.measures import bare
from suasion.dossier.site.rows import Shown
from suasion.pages.page import Link, Page
from suasion.questions import before_after, closer_to, country, forecasts, leverage, straits, tariffs, trial
from suasion.questions.before_after import WATCHED
from suasion.questions.scenarios.instruments import STARTERS
from suasion.questions.ties.leverage import counted, inside_of
from suasion.sources import material_products
from suasion.world import World
from suasion.world.every_state import DATASET

HOLDERS = ("CHN", "USA", "DEU", "RUS", "IND", "EU")
"""Holders that can be chosen at once."""
ASKED = (("DEU", "CHN"), ("TWN", "CHN"), ("MEX", "USA"), ("KAZ", "RUS"), ("UKR", "RUS"), ("AUS", "CHN"))
"""Pairs that can be opened at once."""
BLOCS = ("EU", "ASEAN", "G7", "BRICS")
GROUPS = ("", "EU", "ASEAN", "G7", "BRICS")
"""Groups of the matrix; the empty one is the largest economies."""
LISTED, STARTED = 8, 1
PASSAGE, LOOKED_BACK = "hormuz", "russia_2022"
"""Strait and measure that the start page leads to."""


@lru_cache(maxsize=64)
def _leverage(world: World, holder: str, group: str) -> Answer:
    return leverage(holder=holder, group=(group,) if group else (), world=world)


def vintage(world: World, state: str = "") -> str:
    """Return of which year a page speaks, and from what; a page on an estimated state speaks of the world that has it."""
    if state in guessed_of(world):
        return say("site.vintage_estimated", year=world.year, data=DATASET)
    guessed = len(listed_states(world)) - len(world.states)
    words = {"year": world.year, "data": world.provenance.dataset, "count": len(world.states), "guessed": guessed}
    return say("site.vintage_every" if guessed else "site.vintage", **words)


def guessed_of(world: World) -> frozenset[str]:
    """Return listed states that only the world of every state has."""
    return frozenset(listed_states(world)) - {*world.states}


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
      vintage, count: Of which year the page speaks, and economies of the list.
      estimated: Whether some of them are estimated.
      guessed: Whether one of the two is.
    """
    listed = listed_states(world)
    answer = _leverage(world, b if b in listed else "", "")
    exposed = answer.rows("exposed") if b in listed else []
    row = next((one for one in exposed if one["country"] == a), None)
    back = next((one for one in answer.rows("pairs") if (one["country"], one["partner"]) == (b, a)), None)
    holders = [(one["holder"], one["over_short"]) for one in answer.rows("holders")]
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
        map=charts.loss_map(exposed, {"of": "short_percent"}, {"inside": (b,)}) if exposed else "",
        lead=charts.counts([(code, int(count)) for code, count in holders[:5]], say("site.counts_alt")),
        holders=tuple(
            Link(printed.plain(code), f"/?a={a}&b={code}") for code in HOLDERS if code in world.states
        ),
        pairs=tuple(
            Link(say("site.pair", a=printed.plain(x), b=printed.plain(y)), f"/?a={x}&b={y}") for x, y in ASKED
        ),
        ties=answer.rows("ties")[:LISTED],
        measures=(
            *(tuple(measures) or bare()),
            *(Link(one.question, f"/scenario?{one.address}") for one in STARTERS[:STARTED]),
            Link(_strait_closed(PASSAGE), f"/strait/{PASSAGE}", say("site.strait_note")),
            Link(_watched(LOOKED_BACK), f"/measure/{LOOKED_BACK}", say("site.watched_note")),
        ),
        claims=claims().findings[0].sentence(),
        board=_board(),
        vintage=vintage(world),
        count=len(listed) - 1,
        estimated=len(listed) > len(world.states),
        guessed=bool({a, b} & guessed_of(world)),
    )


def _forecast() -> Mapping[str, float | str | None]:
    """The first of the frozen forecasts."""
    first = next(iter(forecasts().rows("in-force")), {})
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


def country_page(world: World, name: str) -> Page:
    """Return the page of a country or bloc.

    name: Code of a state, or name of a group.
    """
    answer = country(name, world=world)
    mine, theirs = answer.rows("depends-on"), answer.rows("depended-on-by")
    worth = [row for row in theirs if worth_telling(row["short_percent"], row["short_musd"])]
    years = [row["year"] for row in answer.rows("partner-shares")]
    alone = name in listed_states(world)
    values = {
        "code": name,
        "name": printed.plain(name),
        "full": DEFAULT_LANGUAGE.country(name),
        "start": capital(DEFAULT_LANGUAGE.country(name)),
        "kind": "bloc" if len(name) != 3 or name == "EUR" else "country",
        "others": "dossiers" if len(name) == 3 and name != "EUR" else "members",
        "to": f"/dossier/{name}/" if alone else "/country/",
        "years": f"{min(years)}\N{EN DASH}{max(years)}" if years else "",
        "vintage": vintage(world, name),
        "goods": "measured",
    }
    if name in guessed_of(world):
        values |= {"goods": "measured_estimated", "evidence": "country.evidence_estimated"}
    links = {"dossiers": _dossiers(name, mine, worth, world), "measures": (*_measures(name, mine), *_passages(name, world))}
    return Page("country", answer, values, links, {"materials": _materials(name)})


def _materials(name: str) -> dict[str, str]:
    """Raw materials by name, and the page of what a country buys of each."""
    table = material_products() if len(name) == 3 else material_products().head(0)
    return {str(row.name): f"/products/{row.product}?buyer={name}" for row in table.itertuples()}


def _dossiers(
    name: str, mine: Sequence[Mapping[Any, Any]], theirs: Sequence[Mapping[Any, Any]], world: World
) -> tuple[Link, ...]:
    """Dossiers of a country with who matters most to it, and to whom it matters most."""
    if name not in listed_states(world):
        return tuple(Link(printed.plain(code), f"/country/{code}") for code in inside_of(name, world))
    others = [row["partner"] for row in mine[:4]] + [row["country"] for row in theirs[:3]]
    others = list(dict.fromkeys(others + [code for code in ("CHN", "USA", "RUS") if code != name]))
    pairs = tuple(
        Link(say("site.pair", a=printed.plain(name), b=printed.plain(code)), f"/dossier/{name}/{code}")
        for code in others[:LISTED]
    )
    first, second = others[:2]
    between = say("site.closer_to", b=printed.plain(first), c=printed.plain(second))
    return (*pairs, Link(between, f"/closer/{name}/{first}/{second}"))


def _passages(name: str, world: World) -> tuple[Link, ...]:
    """Straits that matter to a state."""
    return tuple(Link(_strait_closed(one), f"/strait/{one}") for one in straits_of(world, name))


def _strait_closed(name: str) -> str:
    return Finding("site.strait_closed", {"strait": Word("strait", name)}).sentence()


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


def leverage_page(world: World, holder: str = "", group: str = "", later: bool = False) -> Page:
    """Return the page on who has leverage over whom.

    holder, group: As the question has them; empty for the usual ones.
    later: Whether map, list and matrix show losses after ten years.
    """
    answer = _leverage(world, holder, group)
    code = getattr(answer.asked["holder"], "code", holder)
    tail = "&when=ten" if later else ""
    count, other = ("later", "count") if later else ("count", "later")
    values = {
        "holder": code,
        "name": DEFAULT_LANGUAGE.country(code),
        "horizon": "long" if later else "short",
        "count": count,
        "other_count": other,
        "inside": inside_of(code, world),
        "to": f"/dossier/{code}/" if len(code) == 3 else "/country/",
        "vintage": vintage(world),
    }
    links = {
        "holders": tuple(Link(printed.plain(one), f"/leverage?holder={one}{tail}") for one in HOLDERS),
        "groups": tuple(
            Link(printed.plain(one) if one else say("site.largest"), f"/leverage?holder={code}&group={one}{tail}#matrix")
            for one in GROUPS
        ),
        "times": tuple(
            Link(say(f"site.{words}"), f"/leverage?holder={code}{end}")
            for words, end in (("first_year", ""), ("ten_years", "&when=ten"))
        ),
    }  # fmt: skip
    names = sorted(((one, printed.plain(one)) for one in listed_states(world)), key=lambda pair: alphabetical(pair[1]))
    base = f"/leverage?holder={code}"
    chosen = {
        "holder": code,
        "when": "ten" if later else "",
        "holders": f"{base}{tail}",
        "groups": f"{base}&group={group}{tail}",
        "times": f"{base}{tail}",
    }
    return Page("leverage", answer, values, links, {"holder": dict(names)}, chosen)


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
        others={code: name for code, name in named.items() if code not in listed_states(world)},
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
        ties=answer.rows("ties"),
        mutual=answer.rows("mutual")[:LISTED],
        vintage=vintage(world),
    )


BETWEEN = ("KAZ", "IND", "TUR", "VNM", "SAU", "BRA", "HUN", "KOR")
"""States in between that can be chosen at once."""


def closer_page(world: World, a: str, b: str, c: str) -> Page:
    """Return the page on whether a state is closer to one or another.

    a, b, c: Codes of states.
    """
    first, second = (DEFAULT_LANGUAGE.country(code) for code in (b, c))
    values = {
        **{"a": a, "b": b, "c": c, "first": first, "second": second},
        "name": printed.plain(a),
        "full": DEFAULT_LANGUAGE.country(a),
        "vintage": vintage(world),
    }
    links = {
        "states": tuple(Link(printed.plain(one), f"/closer/{one}/{b}/{c}") for one in BETWEEN if one not in (b, c)),
        "dossiers": tuple(
            Link(say("site.pair", a=printed.plain(x), b=printed.plain(y)), f"/dossier/{x}/{y}")
            for x, y in ((a, b), (a, c), (b, c))
        ),
    }  # fmt: skip
    return Page("closer", closer_to(a, b, c), values, links, chosen={"states": f"/closer/{a}/{b}/{c}"})


def strait_page(world: World, name: str) -> Page:
    """Return the page on a strait that closes.

    name: as in the file of straits.
    """
    answer = straits(name=name)
    values = {
        "name": name,
        "strait": DEFAULT_LANGUAGE.template(f"word.strait.{name}"),
        "shore": DEFAULT_LANGUAGE.template(f"word.strait.{name}.shore"),
        "vintage": vintage(world),
    }
    others = tuple(Link(DEFAULT_LANGUAGE.template(f"word.strait.{one}"), f"/strait/{one}") for one in straits_file()["straits"])
    notes = tuple(note.sentence() for note in answer.table("straits").notes)
    return Page("strait", answer, values, {"straits": others}, chosen={"straits": f"/strait/{name}"}, notes={"reading": notes})


def _watched(name: str) -> str:
    return capital(DEFAULT_LANGUAGE.template(f"word.watched.{name}"))


def measure_page(name: str) -> Page:
    """Return the page on trade before and after a measure.

    name: as the question has it.
    """
    answer, watch = before_after(name=name), WATCHED[name]
    values = {
        "name": name,
        "name_of": DEFAULT_LANGUAGE.template(f"word.watched.{name}"),
        "told": watch.told,
        "full": DEFAULT_LANGUAGE.country(watch.of),
        "before": watch.before,
        "after": watch.after,
        "vintage": "",
    }
    links = tuple(Link(_watched(one), f"/measure/{one}") for one in WATCHED)
    notes = tuple(note.sentence() for note in answer.tables[0].notes)
    return Page("measure", answer, values, {"measures": links}, chosen={"measures": f"/measure/{name}"}, notes={"reading": notes})


def forecasts_page(day: str) -> Page:
    """Return the page on what is forecast and frozen.

    day: from which days left are counted.
    """
    return Page("forecasts", forecasts(on=day), {"vintage": ""})


def trial_page() -> Page:
    """Return the page on what the model foresaw of measures, and what happened."""
    answer = trial()
    notes = tuple(note.sentence() for table in answer.tables for note in table.notes)
    return Page("trial", answer, {"vintage": ""}, notes={"reading": tuple(dict.fromkeys(notes))})


def tariff_days() -> tuple[str, ...]:
    """Return the days on which tariffs of the United States moved, as far as is known, the latest first."""
    from suasion.sources.dated.by_day import tariff_steps
    from suasion.sources.tariffs import us_days

    early = {day for one in tariff_steps() if one.buyer == "USA" for own in one.lists for day in own if day < "2020"}
    return tuple(sorted({*early, *us_days()}, reverse=True))


def tariffs_page(day: str) -> Page:
    """Return the page on the tariffs of the United States on a day of :func:`tariff_days`."""
    answer = tariffs("USA", day=day)
    days = tuple(Link(one, f"/tariffs?day={one}") for one in tariff_days())
    values = {"state": "USA", "day": day, "full": DEFAULT_LANGUAGE.country("USA"), "vintage": ""}
    cautions = tuple(one.sentence() for one in answer.findings if one.caution and "limits" in one.key)
    return Page("tariffs", answer, values, {"days": days}, chosen={"days": f"/tariffs?day={day}"}, notes={"reading": cautions})
