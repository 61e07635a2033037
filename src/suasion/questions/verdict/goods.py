"""The third block: what each buys from the other."""

from __future__ import annotations

from suasion.answers import Finding, Industry, Quantity, Value, Word
from suasion.questions.verdict.block import Block, Light, light
from suasion.questions.verdict.parts import PairAnswers, Row

MOST = 5
"""Goods shown each way."""
MOSTLY = 0.5
"""Part of services from which on a chart of goods alone would mislead."""
LEAST_MUSD = 10.0
"""Million USD a year from which on a raw material is told."""
LEAST = {"least": Quantity(LEAST_MUSD, "musd")}
SERVICES = ("B09", *"EFGHIJKLMNOPQRST")
"""Beginnings of codes of industries that make no goods."""
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
    doubt = source != "raw" and parts.guessed
    end = "guessed" if doubt else "" if source == "modelled" else source
    return Block(
        "why",
        _heading(parts, found),
        light(observed=True, doubted=doubt),
        "guessed" if doubt else "shares_measured" if source == "modelled" else "measured",
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
    return sorted(kept, key=lambda row: -row["value_musd"])[:MOST]


def name_of(row: Row) -> Industry | Word:
    """Return what is bought, as a sentence takes it."""
    return Word("material", row["material"]) if row["industry"] is None else Industry(row["industry"])


def _heading(parts: PairAnswers, found: dict[str, list[Row]]) -> Finding:
    first: dict[str, Value] = {f"good_{side}": name_of(rows[0]) for side, rows in found.items() if rows}
    told = next(iter(first))[-1] if len(first) < 2 else "war" if parts.at_war else "both"
    return Finding(f"verdict.why.{told}", {**parts.sides, **first})


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
