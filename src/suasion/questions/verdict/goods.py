"""The third block, what each buys from the other, and the sixth, where the share is heading and who could change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from suasion.answers import Country, Finding, Industry, Quantity, Value, Word
from suasion.answers.front import settled
from suasion.questions.bands import ranged
from suasion.questions.verdict.headings import on_goods, on_path
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
AT_BORDER = ("substitutes.border", "substitutes.unrecorded")
"""What customs record where the table has another amount, or where they record hardly any."""
POWER = "D"
"""Electricity, which the table has too little of where an estimated economy sells it."""
RECORDED = frozenset(("B05", "B06", "B07", "B08"))
"""Industries whose goods are raw materials, which customs record pair by pair."""
MADE_OF = {
    "coal": "B05",
    "oil": "B06",
    "gas": "B06",
    "ores": "B07",
    "other": "B08",
    "gold": "C24B",
    "metals": "C24B",
}
"""Industry of each raw material on record; refined metals are not all recorded, nor is gas by pipe."""
WHOLLY = frozenset(("B05", "B07", "B08"))
FACTOR = 3.0
"""From which on a record of a raw material takes the place of what an estimated table has. Assumption: 2 to 5."""
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
        tuple(one for one in parts.notes("substitutes") if one.key in AT_BORDER)[:1],
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
    known = _known(seller, kept)
    if parts.estimated and source != "raw":
        known = _recorded(parts, code, known)
    return sorted(known, key=lambda row: -row["value_musd"])[:MOST]


def _recorded(parts: PairAnswers, code: str, rows: list[Row]) -> list[Row]:
    """Goods of an estimated table, raw materials as customs have them where the two part widely."""
    on_record = [
        row for row in parts.rows(*HELD["raw"]) if row["buyer"] == code and row["material"] in MADE_OF
    ]
    made = {str(row["industry"]): float(row["value_musd"]) for row in rows}
    known = dict.fromkeys(MADE_OF.values(), 0.0)
    for row in on_record:
        known[MADE_OF[row["material"]]] += float(row["value_musd"])
    off = {
        one
        for one, value in known.items()
        if value > FACTOR * made.get(one, 0.0) or (one in WHOLLY and made.get(one, 0.0) > FACTOR * value)
    }
    return [row for row in rows if row["industry"] not in off] + [
        {**row, "industry": None}
        for row in on_record
        if MADE_OF[row["material"]] in off and row["value_musd"] >= LEAST_MUSD
    ]


def _known(seller: str, rows: list[Row]) -> list[Row]:
    """Goods that an estimated economy is known to sell: raw materials on record and what the Factbook lists.

    How much it sells of all others is estimated by what economies like it sell, which moves no loss and misleads here.
    """
    from suasion.sources.state_estimates import goods_sold

    listed = goods_sold().get(seller)
    if listed is None:
        return rows
    named = (listed | RECORDED) - {POWER}
    known = [one for one in rows if one["industry"] is None or str(one["industry"]) in named]
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
    plain = source_of(parts) == "modelled" and not parts.at_war and not parts.estimated and len(found) == 2
    priced = {code: row for side, code, _ in parts.both if (row := hardest.get(side)) is not None}
    rare = (
        on_goods({code: row if _missed(row) else None for code, row in priced.items()})
        if plain and len(priced) == 2
        else None
    )
    if rare:
        return Finding(f"verdict.why.{rare[0]}", {**parts.sides, **rare[1]})
    two = "war" if parts.at_war else "missed" if missed else "both"
    told = next(iter(first))[-1] if len(first) < 2 else two
    end = "_estimated" if parts.estimated and told not in ("war", "missed") else ""
    return Finding(f"verdict.why.{told}{end}", {**parts.sides, **first})


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
    return Finding(
        f"verdict.why.rest_services{'_estimated' if parts.estimated else ''}", {**parts.sides, **told}
    )


def _services(parts: PairAnswers, code: str) -> float:
    """Part of services in the value of what a state buys from the other."""
    rows = [row for row in parts.rows(*HELD["modelled"]) if row["buyer"] == code]
    whole = sum(row["value_musd"] for row in rows)
    services = (row["value_musd"] for row in rows if str(row["industry"]).startswith(SERVICES))
    return sum(services) / whole if whole else 0.0


LEVERS = 3
LEAST_EFFECT = 1.0
"""Percentage points of a share from which on a lever is told. Assumption: 0.5 to 2."""
TURNED = {"share.regimes.above": "rose", "share.regimes.below": "fell"}
"""Sentence on the last break, and how a verdict has it."""
AHEAD = ("projected", "extrapolated")
"""What a share is that lies ahead; all else is of the past."""


def outside(parts: PairAnswers) -> Block:
    """Return the sixth block: levers where they were computed, else where the share is heading."""
    pulled, rows = pulled_levers(parts), ahead(parts)
    later = [row for row in rows if row["share_status"] in AHEAD]
    values = share_of(parts)
    if later:
        values |= {"share": ranged(later[-1], "trade_share", "probability"), "year": later[-1]["year"]}
    if pulled:
        values |= _strongest(parts, pulled[0])
    rare = None if pulled or parts.at_war else on_path(parts, rows if later else [], share_of(parts))
    kind = "levers" if pulled else rare[0] if rare else _direction(rows, later) if later else "unknown"
    end = "levers" if pulled else "" if later else "unknown"
    weak = parts.rows("levers", "effects") and not pulled
    return Block(
        "outside",
        Finding(f"verdict.outside.{kind}", {**values, **(rare[1] if rare else {})}),
        light(assumed=True) if pulled else light(ranged=True) if later else Light.UNKNOWN,
        "assumed_sizes" if pulled else "tested" if later else "unknown",
        f"outside_{end}" if end else "outside",
        "outside_levers" if pulled else "outside",
        (
            *_text(parts, values, rows if later else [], bool(pulled)),
            *([Finding("verdict.outside.weak")] if weak else []),
        ),
        aside=Finding("verdict.outside.war") if parts.at_war else None,
    )


def ahead(parts: PairAnswers) -> list[Row]:
    """Return the share by year as it moves as usual; none of a pair whose trade a war has ended."""
    rows = [] if parts.at_war else parts.rows("share", "share-ahead")
    return [row for row in rows if row["regime"] == "usual"]


def share_of(parts: PairAnswers) -> dict[str, Value]:
    """Return whose share in whose trade is forecast: whichever is enough of the other's trade."""
    forecast = parts.answer("share")
    known = forecast if forecast and forecast.rows("share-ahead") else None
    return {name: known.asked[name] for name in "ab"} if known else parts.sides


def levered(parts: PairAnswers) -> dict[str, Value]:
    """Return whose share in whose trade levers were tried on: the other way round where that is too small."""
    found = parts.answer("levers")
    return {name: found.asked[name] for name in "ab"} if found else parts.sides


def pulled_levers(parts: PairAnswers) -> list[Row]:
    """Return levers on the share, each by who moves most with it: the strongest within red lines, then the others."""
    rows = [
        row
        for row in parts.rows("levers", "effects")
        if (row["effect"] or 0.0) <= -LEAST_EFFECT and (row["same_sign"] is None or settled(row["same_sign"]))
    ]
    strongest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row["effect"]):
        strongest.setdefault(row["lever"], row)
    inside = [row for row in strongest.values() if not crosses(row)][:1]
    others = [row for row in strongest.values() if row not in inside]
    return [*inside, *others][:LEVERS] if inside else []


def crosses(row: Row) -> bool:
    """Whether a lever crosses a red line."""
    return row["red_line"] not in (None, "none")


def _strongest(parts: PairAnswers, row: Row) -> dict[str, Value]:
    """What is said of the strongest lever within red lines."""
    return {
        "lever": Word("lever", row["lever"]),
        "holder": tuple(map(Country, row["holder"].split())),
        "effect": ranged(row, "effect", "percent"),
        **{f"of_{name}": one for name, one in levered(parts).items()},
    }


def _direction(rows: Sequence[Row], later: Sequence[Row]) -> str:
    last = later[-1]
    low, high = last["trade_share_low"], last["trade_share_high"]
    now = float([row for row in rows if row["share_status"] not in AHEAD][-1]["trade_share"])
    if low is not None and low <= now <= high:
        return "open"
    return "rises" if last["trade_share"] > now else "falls"


def _text(parts: PairAnswers, values: dict[str, Value], rows: list[Row], pulled: bool) -> Iterator[Finding]:
    """Where the share goes by the record, and what becomes of it if its last break lasts or is half undone."""
    if pulled:
        yield Finding("verdict.outside.pulled", values)
    if rows or not pulled:
        yield Finding(f"verdict.outside.{'share' if rows else _lacking(parts)}", values)
    forecast = parts.answer("share")
    broken = next((one for one in (forecast.findings if forecast else ()) if one.place in TURNED), None)
    if rows and broken and not pulled:
        ends = {
            row["regime"]: ranged(row, "trade_share", "probability")
            for row in parts.rows("share", "share-ahead")
        }
        told = {**broken.values, "lasts": ends["lasts"], "undone": ends["half_undone"]}
        yield Finding(f"verdict.outside.{TURNED[broken.place]}", told)


def _lacking(parts: PairAnswers) -> str:
    """Why there is no forecast."""
    from suasion.sources.groups import is_group

    if is_group(parts.a) or is_group(parts.b):
        return "of_states"
    years = [int(row["year"]) for row in parts.rows("trade_history", "trade-history")]
    return "no_record" if max(years, default=0) < parts.year else "too_small"
