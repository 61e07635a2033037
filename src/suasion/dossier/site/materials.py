"""Raw materials: who supplies the world and one buyer, and who could step in if a supplier stopped.

Descriptive: it says what others sell elsewhere today, not what they would sell at which price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.language import capital
from suasion.dossier.site.rows import SCHEMA
from suasion.dossier.words import plain_name, printed_name
from suasion.errors import InputError, SuasionError
from suasion.measures import effective_number
from suasion.nearest import did_you_mean, nearest
from suasion.sources import country_name, governance, material_products, materials, resolve_country
from suasion.sources.spoken import why_outside

YEAR = 2024
THOUSAND = 1e-3  # the table is in thousand USD, results in million USD
MOST_ROWS = 12
LEAST_MUSD = 1.0
"""Million USD: a good with less world trade in the year is not listed."""
SOURCE = say("material.source", year=YEAR)
Row = dict[str, Any]
NOTES = tuple(say(f"material.note_{what}") for what in ("values", "replacement", "gas"))


@dataclass(frozen=True, slots=True)
class ProductsContext:
    """All raw materials.

    question, sentence: Title and answer.
    year: Year of the trade.
    rows: The fewest suppliers first: code, name and group; exports of the world (``value``, million USD, and
      as ``text``), number of ``suppliers`` that would be as concentrated (1 / HHI), and the largest (``top``,
      ``top_name``, ``top_percent``).
    search: What was searched for.
    source: Data set.
    schema: Version of this context.
    """

    question: str
    sentence: str
    year: int
    rows: tuple[Row, ...]
    search: str
    source: str
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True)
class ProductContext:
    """One raw material, for the world or for one buyer.

    code, name, description, group: The good.
    question, sentence: Title and answer.
    year: Year of the trade.
    buyer, buyer_name: Whose imports are shown; empty for the world.
    stops, stops_name: The supplier assumed to stop; empty for none.
    suppliers, buyers: Largest first: code, name, ``value`` (million USD), ``percent`` of the total, both as
      printed, and political ``stability`` in standard normal units; None where unknown.
    gap: What the buyer would lack, million USD.
    replacements: Who could step in, largest first: what it sells ``elsewhere`` (million USD), its
      ``cover_percent`` of the gap, and what it supplies already.
    notes: Definitions and cautions.
    source: Data set.
    schema: Version of this context.
    """

    code: str
    name: str
    description: str
    group: str
    question: str
    sentence: str
    year: int
    buyer: str
    buyer_name: str
    stops: str
    stops_name: str
    suppliers: tuple[Row, ...]
    buyers: tuple[Row, ...]
    gap: float | None
    replacements: tuple[Row, ...]
    notes: tuple[str, ...]
    source: str
    schema: int = SCHEMA


@cache
def _trade() -> pd.DataFrame:
    table = materials()
    table = table[table["year"] == YEAR]
    kinds = {"product": str, "exporter": str, "importer": str}
    return table.astype(kinds).assign(value=table["value"] * THOUSAND)[
        ["product", "exporter", "importer", "value"]
    ]


@cache
def _stability() -> dict[str, float]:
    table = governance().sort_values("year").groupby("country").last()
    return {str(code): float(value) for code, value in table["estimate"].items()}


def _name(code: str) -> str:
    try:
        return country_name(code)
    except SuasionError:  # codes beside the standard, explained in the documentation of the table
        return code


def products_context(search: str = "") -> ProductsContext:
    """List the raw materials, those with the fewest suppliers first.

    search: Part of a name, a group or a code; empty for all.
    """
    table, wanted = material_products(), search.strip().casefold()
    rows = [
        made
        for row in table.itertuples()
        if not wanted or wanted in f"{row.name} {row.group} {row.product} {row.description}".casefold()
        if (made := _product_row(str(row.product), str(row.name), str(row.group))) is not None
    ]
    rows.sort(key=lambda row: row["suppliers"] or 1e9)
    return ProductsContext(
        question=say("material.all_question"),
        sentence=_lead(rows),
        year=YEAR,
        rows=tuple(rows),
        search=search.strip(),
        source=SOURCE,
    )


def _lead(rows: Sequence[Row]) -> str:
    if not rows:
        return say("material.nothing_found")
    lead = rows[0]
    return say(
        "material.all",
        count=len(rows),
        good=f"{lead['name'][:1].lower()}{lead['name'][1:]}",
        seller=printed_name(lead["top"], lead["top_name"]),
        share=n.share(lead["top_percent"]),
    )


def _product_row(code: str, name: str, group: str) -> Row | None:
    sold = _totals(_trade()[_trade()["product"] == code], "exporter")
    total = float(sold.sum())
    if total < LEAST_MUSD:
        return None
    top = str(sold.index[0])
    return dict(
        code=code,
        name=name,
        group=group,
        value=total,
        suppliers=float(effective_number((sold / total).to_numpy())),
        top=top,
        top_name=_name(top),
        top_percent=100.0 * float(sold.iloc[0]) / total,
        text=n.usd(total),
    )


def _totals(rows: pd.DataFrame, key: str) -> pd.Series:
    return rows.groupby(key)["value"].sum().sort_values(ascending=False)


def product_context(code: str, buyer: str = "", stops: str = "") -> ProductContext:
    """One raw material: suppliers and buyers of the world, or of one buyer, and who could replace a supplier.

    code: HS 1992 code of six digits.
    buyer: Code or name of the country whose imports are shown; empty for the world.
    stops: Code or name of the supplier assumed to stop; empty takes the largest.
    Raises InputError: There is no such good.
    """
    about = _about(code)
    rows = _trade()[_trade()["product"] == code]
    buyer = resolve_country(buyer) if buyer.strip() else ""
    bought = rows[rows["importer"] == buyer] if buyer else rows
    sellers = _totals(bought, "exporter")
    stops = resolve_country(stops) if stops.strip() else (str(sellers.index[0]) if len(sellers) else "")
    gap = float(sellers.get(stops, 0.0)) if len(sellers) else None
    replaced = _replacements(rows, bought, buyer, stops, gap or 0.0)
    name = str(about["name"])
    return ProductContext(
        code=code,
        name=name,
        description=str(about["description"]),
        group=str(about["group"]),
        question=_question(name, buyer, stops),
        sentence=_sentence(buyer, stops, gap, float(sellers.sum()), replaced),
        year=YEAR,
        buyer=buyer,
        buyer_name=_name(buyer) if buyer else "",
        stops=stops,
        stops_name=_name(stops) if stops else "",
        suppliers=_rows(sellers),
        buyers=_rows(_totals(rows, "importer")),
        gap=gap,
        replacements=replaced,
        notes=NOTES,
        source=SOURCE,
    )


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


def _about(code: str) -> pd.Series:
    table = material_products().set_index("product")
    if code not in table.index:
        why = why_outside(code[:40], frozenset(map(str, table.index)))
        raise InputError(f"There is no raw material {code[:40]!r}.{why or did_you_mean(code, table.index, 3)}")
    return table.loc[[code]].iloc[0]


def _rows(totals: pd.Series) -> tuple[Row, ...]:
    whole = float(totals.sum())
    return tuple(
        dict(
            code=str(code),
            name=_name(str(code)),
            value=float(value),
            percent=100.0 * float(value) / whole,
            stability=_stability().get(str(code)),
            text=n.share(100.0 * float(value) / whole),
            value_text=n.usd(float(value)),
        )
        for code, value in totals.head(MOST_ROWS).items()
    )


def _replacements(
    rows: pd.DataFrame, bought: pd.DataFrame, buyer: str, stops: str, gap: float
) -> tuple[Row, ...]:
    if gap <= 0:
        return ()
    today = _totals(bought, "exporter")
    others = rows[
        (rows["exporter"] != stops) & (rows["exporter"] != buyer) & (rows["importer"] != (buyer or ""))
    ]
    elsewhere = _totals(others, "exporter").head(MOST_ROWS)
    return tuple(
        dict(
            code=str(code),
            name=_name(str(code)),
            elsewhere=float(value),
            cover_percent=100.0 * float(value) / gap,
            already_percent=100.0 * float(today.get(code, 0.0)) / float(today.sum()),
            stability=_stability().get(str(code)),
            text=_cover(100.0 * float(value) / gap),
            value_text=n.usd(float(value)),
        )
        for code, value in elsewhere.items()
    )


def _question(name: str, buyer: str, stops: str) -> str:
    good = f"{name[:1].lower()}{name[1:]}"
    if not stops:
        return say("material.who_supplies", good=good)
    words = {"seller": printed_name(stops, _name(stops)), "good": good}
    if not buyer:
        return say("material.who_could", **words)
    return say("material.who_could_to", **words, buyer=printed_name(buyer, _name(buyer)))


def _sentence(
    buyer: str, stops: str, gap: float | None, total: float, replaced: tuple[Row, ...]
) -> str:
    whose = printed_name(buyer, _name(buyer)) if buyer else say("material.the_world")
    if gap is None:
        return say("material.no_import", whose=whose, year=YEAR)
    seller = capital(printed_name(stops, _name(stops)))
    if gap <= 0:
        return say("material.sells_none", seller=seller, whose=whose, year=YEAR)
    words = {"seller": seller, "whose": whose, "usd": n.usd(gap)}
    first = say("material.supplies", **words, share=n.share(100.0 * gap / total))
    return f"{first} {_filled(gap, replaced, bool(buyer))}"


def _filled(gap: float, replaced: Sequence[Row], one_buyer: bool) -> str:
    """Say how others could fill a gap."""
    if not replaced:
        return say("material.no_other")
    sold = sum(row["elsewhere"] for row in replaced)
    if not one_buyer:
        return say("material.would_sell", count=len(replaced), share=n.share(100 * gap / sold))
    times = sold / gap
    much = (
        say("material.times_that", times=n.ratio(times))
        if times >= 1
        else say("material.part_of_that", share=n.share(100 * times))
    )
    return say("material.sell", count=len(replaced), much=much, usd=n.usd(sold))


def _cover(percent: float) -> str:
    return say("material.much") if percent > 1000 else n.share(percent)


def country_options() -> dict[str, str]:
    """Countries with trade in the embedded materials, code to name, by name."""
    codes = sorted({*_trade()["importer"].unique()})
    return dict(sorted(((code, plain_name(_name(code))) for code in codes), key=lambda pair: pair[1]))
