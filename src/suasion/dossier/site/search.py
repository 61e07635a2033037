"""One search for countries, pairs, goods and measures, by their names, codes and what people call them."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache
from typing import Any
from urllib.parse import urlencode

from suasion.answers.catalogue import say, spoken
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.pages.printed import plain
from suasion.dossier.site.rows import Shown
from suasion.pages.page import Link
from suasion.errors import SuasionError
from suasion.queries.mentions import SHORT, marked, mentioned
from suasion.questions.scenarios.address import SEPARATOR
from suasion.questions.scenarios.instruments import KINDS
from suasion.questions.scenarios.lexicon import pieces_of
from suasion.questions.scenarios.words import act_in, goods_in
from suasion.sources.groups import is_group

MOST = 8
"""Links of a kind."""
WEST, TARGET = ("USA", "EU"), "RUS"
"""Who acts, and on whom, where a search does not say."""


def search_page(text: str) -> Shown:
    """Return what a search finds.

    text: As typed; nothing is found for an empty one.
    Returns: text: As searched for; found: kind to links.
    """
    asked = " ".join(text.split())[:80]
    kinds = {
        "pairs": _pairs(asked), "countries": _countries(asked), "goods": _goods(asked), "measures": _measures(asked),
    } if asked else {}  # fmt: skip
    return {"text": asked, "found": {kind: leads for kind, leads in kinds.items() if leads}}


def _pairs(text: str) -> tuple[Link, ...]:
    sides = [code for code in mentioned(text) if not is_group(code)]
    if len(sides) != 2:
        return ()
    a, b = sides
    name = say("site.pair", a=plain(a), b=plain(b))
    return (
        Link(name, f"/dossier/{a}/{b}", say("site.pair_note")),
        Link(capital(say("site.ask", a=DEFAULT_LANGUAGE.country(a), b=DEFAULT_LANGUAGE.country(b))), f"/?a={a}&b={b}"),
    )


def _countries(text: str) -> tuple[Link, ...]:
    low = text.casefold()
    found = [*mentioned(text)]
    found += [
        code
        for code, name in names().items()
        if len(low) > SHORT and re.search(rf"\b{re.escape(low)}", name.casefold())
    ]
    return tuple(
        Link(plain(code), f"/country/{code}", say("site.country_note")) for code in dict.fromkeys(found)
    )[:MOST]


def names() -> dict[str, str]:
    """Return the names of all states by code."""
    return _names(spoken())


@cache
def _names(language: str) -> dict[str, str]:
    from suasion.sources import country_codes

    return {str(code): plain(str(code)) for code in country_codes()["iso3"]}


def _goods(text: str) -> tuple[Link, ...]:
    from suasion.questions import raw_materials

    by = next((one for one in mentioned(text) if one != "G7"), "CHN")
    leads = [
        Link(_good(code), f"/scenario?do=export_ban&by={by}&on=G7&in={code}", say("site.good_note"))
        for code in goods_in(text)[:1]
    ]
    named = [one.value for one in marked(text).mentions if one.kind == "material"]
    rows: list[Any] = []
    for search in named or [text]:
        with suppress(SuasionError):
            rows += raw_materials(search=search).rows("raw-material-list")
    leads += [Link(row["good"], f"/products/{row['hs']}", say("site.material_note")) for row in rows[:MOST]]
    return tuple(leads)


def _good(code: str) -> str:
    """Name of an industry, or of a bundle."""
    return DEFAULT_LANGUAGE.industry(code) if code[:1].isupper() else DEFAULT_LANGUAGE.template(f"word.bundle.{code}")


def _built(text: str) -> tuple[Link, ...]:
    """The measure that a text asks for, to be tried as a scenario: what is not said of it is as usual."""
    kind = act_in(text)
    if not kind or any(piece.kind in ("material", "outside") for piece in pieces_of(text)):
        return ()  # the builder knows no goods finer than industries
    named = mentioned(text)
    on = named[-1] if named else TARGET
    acting = named[:-1] or tuple(one for one in WEST if on != one)
    goods = next(iter(goods_in(text)), "")
    asked = {"do": kind, "by": SEPARATOR.join(acting), "on": on, **({"in": goods} if goods else {})}
    name = say(
        "site.built",
        kind=KINDS[kind].label,
        by=DEFAULT_LANGUAGE.listing([plain(one) for one in acting]),
        on=plain(on),
        goods=_good(goods) if goods else say("site.built_all"),
    )
    return (Link(name, f"/scenario?{urlencode(asked, safe=SEPARATOR)}", say("site.built_note")),)


def _measures(text: str) -> tuple[Link, ...]:
    from suasion.dossier.site.measures import measure_leads

    words = [word for word in text.casefold().split() if len(word) > 1]
    return _built(text) + tuple(
        lead
        for lead in measure_leads()
        if all(word in f"{lead.words} {lead.note}".casefold() for word in words)
    )[:MOST]
