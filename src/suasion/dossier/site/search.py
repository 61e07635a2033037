"""One search for countries, pairs, goods and measures, by their names, codes and what people call them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlencode

from suasion.answers.catalogue import say
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.dossier.site.printed import plain
from suasion.dossier.site.rows import Link, Shown
from suasion.errors import SuasionError
from suasion.queries.mentions import SHORT, mentioned
from suasion.questions.scenarios.address import SEPARATOR
from suasion.questions.scenarios.instruments import KINDS
from suasion.sources.groups import is_group
from suasion.sources.spoken import INDUSTRIES

MOST = 8
"""Links of a kind."""
CALLED = {**INDUSTRIES, "energy": ("B06",), "metals": ("C24B",)}
"""What people call the goods of industries, and codes that hold them; two words are bundles where measures are built."""
MATERIALS = {
    "rare earth": "rare", "rare earths": "rare", "chips": "silicon", "semiconductors": "silicon", "batteries": "lithium",
    "magnets": "rare", "lng": "liquefied", "uranium": "uranium",
}  # fmt: skip
"""What people call raw materials, and a word of their names."""
ACTS = {
    "boycott": "import_ban", "duties": "tariff", "duty": "tariff", "embargo": "embargo", "export ban": "export_ban",
    "export control": "export_ban", "export controls": "export_ban", "import ban": "import_ban", "price cap": "price_cap",
    "quota": "quota", "sanction": "embargo", "sanctions": "embargo", "tariff": "tariff", "tariffs": "tariff",
}  # fmt: skip
"""What people call measures, and the instrument that is meant."""
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


@cache
def names() -> dict[str, str]:
    """Return the names of all states by code."""
    from suasion.sources import country_codes

    return {str(code): plain(str(code)) for code in country_codes()["iso3"]}


def _goods(text: str) -> tuple[Link, ...]:
    from suasion.dossier.site.materials import products_context

    by = next((one for one in mentioned(text) if one != "G7"), "CHN")
    leads = [
        Link(DEFAULT_LANGUAGE.industry(code), f"/scenario?do=export_ban&by={by}&on=G7&in={code}", say("site.good_note"))
        for code in CALLED.get(_said(text, CALLED), ())[:1]
    ]
    try:
        rows = products_context(MATERIALS.get(_said(text, MATERIALS), text)).rows
    except SuasionError:
        rows = ()
    leads += [Link(row["name"], f"/products/{row['code']}", say("site.material_note")) for row in rows[:MOST]]
    return tuple(leads)


def _said(text: str, known: Mapping[str, object]) -> str:
    """The longest of some words that a text has; empty where it has none."""
    low = text.casefold()
    return max((one for one in known if re.search(rf"\b{re.escape(one)}\b", low)), key=len, default="")


def _built(text: str) -> tuple[Link, ...]:
    """The measure that a text asks for, to be tried as a scenario: what is not said of it is as usual."""
    kind = ACTS.get(_said(text, ACTS))
    if kind is None:
        return ()
    named = mentioned(text)
    on = named[-1] if named else TARGET
    acting = named[:-1] or tuple(one for one in WEST if on != one)
    goods = CALLED.get(_said(text, CALLED), ("",))[0]
    asked = {"do": kind, "by": SEPARATOR.join(acting), "on": on, **({"in": goods} if goods else {})}
    name = say(
        "site.built",
        kind=KINDS[kind].label,
        by=DEFAULT_LANGUAGE.listing([plain(one) for one in acting]),
        on=plain(on),
        goods=DEFAULT_LANGUAGE.industry(goods) if goods else say("site.built_all"),
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
