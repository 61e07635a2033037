"""Pages of raw materials: the answers of :mod:`suasion.questions.goods.raw_materials`, laid out."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from suasion.pages.page import Page
from suasion.pages.printed import plain
from suasion.measures.raw_materials import YEAR, traded
from suasion.nearest import nearest
from suasion.questions import raw_materials
from suasion.questions.goods.raw_materials import NOTES
from suasion.sources import material_products


def products_page(search: str = "") -> Page:
    """Return the page of raw materials, those with the fewest suppliers first.

    search: Part of a name, a group or a code; empty for all.
    """
    answer = raw_materials(search=search)
    values = {"year": YEAR, "search": quote(search), "vintage": answer.sources[0].line()}
    return Page("products", answer, values, chosen={"q": search.strip()})


def product_page(code: str, buyer: str = "", stops: str = "") -> Page:
    """Return the page of one raw material: suppliers and buyers of the world, or of one buyer, and who could step in.

    code: HS 1992 code of six digits.
    buyer: Code or name of the country whose imports are shown; empty for the world.
    stops: Code or name of the supplier assumed to stop; empty takes the largest.
    Raises InputError: There is no such good.
    """
    answer = raw_materials(good=code, buyer=buyer, stops=stops)
    made: Any = answer.result
    whose = getattr(answer.asked.get("buyer"), "code", "")
    chosen = {"code": code, "buyer": whose, "stops": made.stops}
    suppliers = {row["country"]: plain(row["country"]) for row in answer.rows("raw-material-suppliers")}
    values = {
        **chosen,
        "group": made.group,
        "year": YEAR,
        "kind": "buyer" if whose else "world",
        "whose": whose and plain(whose),
        "vintage": answer.sources[0].line(),
    }
    notes = {"reading": (made.description, *(note.sentence() for note in NOTES))}
    choices = {"buyer": country_options(), "stops": suppliers}
    return Page("product", answer, values, choices=choices, chosen=chosen, notes=notes)


def near_materials(text: str) -> tuple[tuple[str, str], ...]:
    """Raw materials with a name or code close to a text: name and code; none where the text is a code itself.

    text: As typed.
    """
    table = material_products()
    known = {str(row.product): str(row.name) for row in table.itertuples()}
    if text in known:
        return ()
    word = text.casefold()
    names = {name.casefold(): code for code, name in known.items()}
    found = [names[name] for name in nearest(word, list(names), 4)]
    found += [code for code, name in known.items() if word and word in name.casefold()]
    found += nearest(text, list(known), 4)
    return tuple((known[code], code) for code in dict.fromkeys(found or known))[:6]


def country_options() -> dict[str, str]:
    """Countries with trade in the embedded materials, code to name, by name."""
    names = ((code, plain(code)) for code in traded()["importer"].unique())
    return dict(sorted(names, key=lambda pair: pair[1]))
