"""Pages of raw materials: the answers of :mod:`suasion.questions.goods.raw_materials`, laid out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from suasion.answers import numbers as n
from suasion.answers.answer import Answer
from suasion.answers.catalogue import say
from suasion.answers.render.lines import title_of
from suasion.answers.values import Country
from suasion.dossier.site.printed import plain
from suasion.dossier.site.rows import SCHEMA, TwinContext
from suasion.measures.raw_materials import YEAR, traded
from suasion.nearest import nearest
from suasion.questions import raw_materials
from suasion.questions.goods.raw_materials import NOTES
from suasion.sources import material_products

Row = dict[str, Any]
MUCH = 1000.0
"""Per cent of a gap beyond which a cover is not counted."""


@dataclass(frozen=True, slots=True)
class ProductsContext(TwinContext):
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


def products_context(search: str = "") -> ProductsContext:
    """List the raw materials, those with the fewest suppliers first.

    search: Part of a name, a group or a code; empty for all.
    """
    answer = raw_materials(search=search)
    return ProductsContext(
        question=title_of(answer),
        sentence=_sentences(answer),
        year=YEAR,
        rows=tuple(
            dict(
                code=row["hs"],
                name=row["good"],
                group=row["group"],
                value=row["value_musd"],
                suppliers=row["equal_suppliers"],
                top=row["supplier"],
                top_name=plain(row["supplier"]),
                top_percent=100.0 * row["export_share"],
                text=n.usd(row["value_musd"]),
            )
            for row in answer.rows("raw-material-list")
        ),
        search=search.strip(),
        source=answer.sources[0].line(),
    )


def product_context(code: str, buyer: str = "", stops: str = "") -> ProductContext:
    """One raw material: suppliers and buyers of the world, or of one buyer, and who could replace a supplier.

    code: HS 1992 code of six digits.
    buyer: Code or name of the country whose imports are shown; empty for the world.
    stops: Code or name of the supplier assumed to stop; empty takes the largest.
    Raises InputError: There is no such good.
    """
    answer = raw_materials(good=code, buyer=buyer, stops=stops)
    made: Any = answer.result
    whose = answer.asked.get("buyer")
    buyer = whose.code if isinstance(whose, Country) else ""
    return ProductContext(
        code=code,
        name=made.name,
        description=made.description,
        group=made.group,
        question=title_of(answer),
        sentence=_sentences(answer),
        year=YEAR,
        buyer=buyer,
        buyer_name=buyer and plain(buyer),
        stops=made.stops,
        stops_name=made.stops and plain(made.stops),
        suppliers=_shares(answer, "raw-material-suppliers"),
        buyers=_shares(answer, "raw-material-buyers"),
        gap=made.gap,
        replacements=tuple(
            dict(
                elsewhere=row["elsewhere_musd"],
                cover_percent=row["gap_percent"],
                already_percent=100.0 * row["already_share"],
                text=say("pages.much") if row["gap_percent"] > MUCH else n.share(row["gap_percent"]),
                **_line(row, row["elsewhere_musd"]),
            )
            for row in answer.rows("replacements")
        ),
        notes=tuple(note.sentence() for note in NOTES),
        source=answer.sources[0].line(),
    )


def _sentences(answer: Answer) -> str:
    return " ".join(one.sentence() for one in answer.findings)


def _shares(answer: Answer, key: str) -> tuple[Row, ...]:
    return tuple(
        dict(
            value=row["value_musd"],
            percent=100.0 * row["trade_share"],
            text=n.share(100.0 * row["trade_share"]),
            **_line(row, row["value_musd"]),
        )
        for row in answer.rows(key)
    )


def _line(row: Row, value: float) -> Row:
    """What every row of a country has."""
    return dict(
        code=row["country"],
        name=plain(row["country"]),
        stability=row["political_stability"],
        value_text=n.usd(value),
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


def country_options() -> dict[str, str]:
    """Countries with trade in the embedded materials, code to name, by name."""
    names = ((code, plain(code)) for code in traded()["importer"].unique())
    return dict(sorted(names, key=lambda pair: pair[1]))
