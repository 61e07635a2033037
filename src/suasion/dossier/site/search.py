"""One search for countries, pairs, goods and measures, by their names, codes and what people call them."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from suasion.answers.catalogue import say
from suasion.answers.language import ENGLISH, capital
from suasion.dossier.site.printed import plain
from suasion.dossier.site.rows import Link, SearchPage
from suasion.errors import SuasionError
from suasion.sources.countries import resolve_country
from suasion.sources.groups import is_group
from suasion.sources.spoken import INDUSTRIES

MOST = 8
"""Links of a kind."""
WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*")
LONGEST, SHORT = 4, 3
"""Words of a name, and letters of a code: small letters may be any word."""
SHORT_NAMES = ("uk", "usa", "uae", "drc", "prc")
CALLED = {**INDUSTRIES, "energy": ("B06",), "metals": ("C24B",)}
"""What people call the goods of industries, and codes that hold them; two words are bundles where measures are built."""
MATERIALS = {
    "rare earth": "rare", "rare earths": "rare", "chips": "silicon", "semiconductors": "silicon", "batteries": "lithium",
    "magnets": "rare", "lng": "liquefied", "oil": "crude", "petroleum": "crude", "uranium": "uranium",
}  # fmt: skip
"""What people call raw materials, and a word of their names."""


def search_page(text: str) -> SearchPage:
    """Return what a search finds.

    text: As typed; nothing is found for an empty one.
    """
    asked = " ".join(text.split())[:80]
    kinds = {
        "pairs": _pairs(asked), "countries": _countries(asked), "goods": _goods(asked), "measures": _measures(asked),
    } if asked else {}  # fmt: skip
    return SearchPage(asked, {kind: leads for kind, leads in kinds.items() if leads})


@lru_cache(maxsize=1024)
def _place(text: str) -> str:
    """Code of a country or group; empty where the text is neither."""
    if is_group(text):
        return text.strip().upper()
    try:
        return resolve_country(text) if text.strip() else ""
    except SuasionError:
        return ""


def mentioned(text: str) -> tuple[str, ...]:
    """Return the countries and groups that a text names, in order, the longest name first."""
    words, found, place = WORD.findall(text), [], 0
    while place < len(words):
        for count in range(LONGEST, 0, -1):
            phrase = " ".join(words[place : place + count])
            word = len(phrase) <= SHORT and not phrase.isupper() and phrase.casefold() not in SHORT_NAMES
            code = "" if word else _place(phrase)
            if code:
                found.append(code)
                place += count
                break
        else:
            place += 1
    return tuple(dict.fromkeys(found))


def _pairs(text: str) -> tuple[Link, ...]:
    sides = [code for code in mentioned(text) if not is_group(code)]
    if len(sides) != 2:
        return ()
    a, b = sides
    name = say("site.pair", a=plain(a), b=plain(b))
    return (
        Link(name, f"/dossier/{a}/{b}", say("site.pair_note")),
        Link(capital(say("site.ask", a=ENGLISH.country(a), b=ENGLISH.country(b))), f"/?a={a}&b={b}"),
    )


def _countries(text: str) -> tuple[Link, ...]:
    low = text.casefold()
    whole = _place(text)
    found = [*([whole] if whole else []), *mentioned(text)]
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
    from suasion.sources import country_codes, country_name

    found = {}
    for code in country_codes()["iso3"]:
        try:
            found[str(code)] = country_name(str(code))
        except SuasionError:
            continue
    return found


def _goods(text: str) -> tuple[Link, ...]:
    from suasion.dossier.site.materials import products_context

    low = text.casefold()
    leads = [
        Link(ENGLISH.industry(code), f"/scenario?do=export_ban&by=CHN&on=G7&in={code}", say("site.good_note"))
        for code in CALLED.get(low, ())[:1]
    ]
    try:
        rows = products_context(MATERIALS.get(low, text)).rows
    except SuasionError:
        rows = ()
    leads += [Link(row["name"], f"/products/{row['code']}", say("site.material_note")) for row in rows[:MOST]]
    return tuple(leads)


def _measures(text: str) -> tuple[Link, ...]:
    from suasion.dossier.site.measures import measure_leads

    words = [word for word in text.casefold().split() if len(word) > 1]
    return tuple(
        lead
        for lead in measure_leads()
        if all(word in f"{lead.words} {lead.note}".casefold() for word in words)
    )[:MOST]
