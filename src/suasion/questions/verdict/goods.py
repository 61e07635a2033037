"""The third block: what each buys from the other."""

from __future__ import annotations

from suasion.answers import Finding, Industry, Quantity, Value, Word
from suasion.questions.bands import ranged
from suasion.questions.verdict.parts import Block, Light, PairAnswers, Row, light

MOST = 5
"""Goods shown each way."""
MOSTLY = 0.5
"""Part of services from which on a chart of goods alone would mislead."""
LEAST_MUSD = 10.0
"""Million USD a year from which on a raw material is told."""
LEAST = {"least": Quantity(LEAST_MUSD, "musd")}
LEAST_PRICE = 0.5
"""Per cent from which on a price is said to move."""
SERVICES = ("B09", *"EFGHIJKLMNOPQRST")
"""Beginnings of codes of industries that make no goods."""
RECORDED = frozenset(("B05", "B06", "B07", "B08"))
"""Industries whose goods are raw materials, which customs record pair by pair."""
HELD = {
    "modelled": ("substitutes", "substitutes-all"),
    "shares": ("dependence", "imports"),
    "raw": ("materials", "materials"),
}
"""Which answer and table tell of goods: with other sellers, shares by industry alone, or raw materials."""


def goods(parts: PairAnswers) -> Block:
    """Return the third block: by industry where the model says who else sells, by raw material otherwise."""
    found = {side: bought(parts, code) for side, code, _ in parts.both}
    if not any(found.values()):
        return _unknown(parts)
    source = source_of(parts)
    doubt = source != "raw" and (parts.guessed or bool(parts.estimated))
    end = "guessed" if doubt else "" if source == "modelled" else source
    made = "on_estimate" if parts.estimated and not parts.guessed else "guessed"
    return Block(
        "why",
        _heading(parts, found),
        light(observed=True, doubted=doubt),
        made if doubt else "shares_measured" if source == "modelled" else "measured",
        f"why_{end}" if end else "why",
        "why",
        caption=_caption(parts, source),
    )


def _unknown(parts: PairAnswers) -> Block:
    known = bool(parts.rows(*HELD["raw"]))
    return Block(
        "why",
        Finding(f"verdict.why.{'little' if known else 'unknown'}", parts.sides),
        light(observed=True) if known else Light.UNKNOWN,
        "measured" if known else "unknown",
        "why_raw" if known else "why_unknown",
        "why",
        (Finding("verdict.why.raw", LEAST) if known else Finding("verdict.why.no_record", parts.sides),),
    )


def source_of(parts: PairAnswers) -> str:
    """Return which of :data:`HELD` tells of goods."""
    return next((name for name in ("modelled", "shares") if parts.rows(*HELD[name])), "raw")


def bought(parts: PairAnswers, code: str) -> list[Row]:
    """Return goods that a state buys from the other, the largest value first."""
    source = source_of(parts)
    rows = [row for row in parts.rows(*HELD[source]) if row["buyer"] == code and row["import_share"]]
    if source == "raw":
        rows = [
            {**row, "industry": None}
            for row in rows
            if row["material"] not in ("all", "energy") and row["value_musd"] >= LEAST_MUSD
        ]
    kept = [row for row in rows if not str(row["industry"]).startswith(SERVICES) or row["industry"] is None]
    seller = next(partner for _, own, partner in parts.both if own == code)
    return sorted(_known(seller, kept), key=lambda row: -row["value_musd"])[:MOST]


def _known(seller: str, rows: list[Row]) -> list[Row]:
    """Goods that an estimated economy is known to sell: raw materials on record and what the Factbook lists.

    How much it sells of all others is estimated by what economies like it sell, which moves no loss and misleads here.
    """
    from suasion.sources.state_estimates import goods_sold

    listed = goods_sold().get(seller)
    if listed is None:
        return rows
    known = [one for one in rows if one["industry"] is None or str(one["industry"]) in listed | RECORDED]
    return known or rows


def name_of(row: Row) -> Industry | Word:
    """Return what is bought, as a sentence takes it."""
    return Word("material", row["material"]) if row["industry"] is None else Industry(row["industry"])


def _heading(parts: PairAnswers, found: dict[str, list[Row]]) -> Finding:
    """What each would miss most, where prices tell; else what it buys most of."""
    hardest = {side: max(rows, key=_missed) for side, rows in found.items() if rows}
    missed = len(hardest) > 1 and all(_missed(row) for row in hardest.values())
    first: dict[str, Value] = {
        f"good_{side}": name_of(row if missed else found[side][0]) for side, row in hardest.items()
    }
    two = "war" if parts.at_war else "missed" if missed else "both"
    told = next(iter(first))[-1] if len(first) < 2 else two
    return Finding(f"verdict.why.{told}", {**parts.sides, **first})


def _missed(row: Row) -> float:
    """What a good costs more a year without the other, where its price is sure to rise; zero where it is not."""
    price = float(row.get("price_percent") or 0.0)
    sure = price >= LEAST_PRICE and not ranged(row, "price_percent", "percent").covers_zero
    return price * float(row["value_musd"]) if sure else 0.0


def _caption(parts: PairAnswers, source: str) -> Finding:
    """What charts leave out: other sellers, and services where they are most of what one side buys of the other."""
    if source != "modelled":
        return Finding(f"verdict.why.{source}", LEAST)
    part = {side: _services(parts, code) for side, code, _ in parts.both}
    if max(part.values()) < MOSTLY:
        return Finding("verdict.why.rest")
    told = {f"services_{side}": Quantity(one, "probability") for side, one in part.items()}
    return Finding("verdict.why.rest_services", {**parts.sides, **told})


def _services(parts: PairAnswers, code: str) -> float:
    """Part of services in the value of what a state buys from the other."""
    rows = [row for row in parts.rows(*HELD["modelled"]) if row["buyer"] == code]
    whole = sum(row["value_musd"] for row in rows)
    services = (row["value_musd"] for row in rows if str(row["industry"]).startswith(SERVICES))
    return sum(services) / whole if whole else 0.0
