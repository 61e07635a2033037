"""Rules of the headings on what is measured: how a loss went over the years, and what each buys from the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from suasion.answers import Country, Industry, Quantity, Value, Word
from suasion.questions.bands import ranged
from suasion.questions.ties.since import STEP, turned
from suasion.questions.verdict.parts import Row

Said = dict[str, Value]
TWICE = 2.0
"""Ratio of the last loss to the first from which on it is told as such."""
MORE, LESS = 1.15, 0.85
"""Ratios of the last to the first from which on a loss or a share has moved one way."""
FADED, FLAT = 0.6, 1.3
"""Ratios: of the last loss to the first below which it has faded, and of the largest to the smallest of like years."""
DEAR, CHEAP = 50.0, 5.0
"""Per cent: a price rise that few others than the seller could spare a buyer, and one that they spare."""
FELT = 10.0
"""Million USD a year that a good would cost more, below which it is not missed."""
MOSTLY = 0.6
"""Share of imports from which on they come from one seller."""
OWN = 55.0
"""Per cent of a gap that the home industry would fill, from which on it fills most."""
FUEL = ("B05", "B06")
"""Industries of coal, crude oil and gas."""
UNEVEN = 3.5
"""Ratio of two price rises from which on one is missed more."""
SMALL, LARGE = 10.0, 35.0
"""Per cent that prices would rise by, up to which no good is dear, and from which on one is."""


def over_time(lines: Sequence[Sequence[Row]], shares: Mapping[str, Sequence[Row]]) -> tuple[str, Said] | None:
    """Return the form of a heading on losses by year, and its values; None where none is apt.

    lines: losses by year of each state, the larger one first.
    shares: the partner's share in each one's trade by year, by state.
    """
    if len(lines) < 2:
        return None
    rows, other = lines[0], lines[1]
    up, back = (line[-1]["loss_percent"] / max(line[0]["loss_percent"], 1e-9) for line in (rows, other))
    sizes = [row["loss_percent"] for row in rows]
    said = _line(rows)
    if up >= TWICE:
        return "twice", said
    if up >= MORE and back <= LESS:
        return "apart", said
    if up <= LESS and back >= MORE:
        return "turned", said
    if max(sizes) <= FLAT * min(sizes):
        return "flat", said
    turn = turned(rows)
    if turn and turn[0] == "peak" and FADED <= up < 1.0:
        return "below", said | {"year": turn[1]["year"]}
    share = _moved(shares.get(rows[0]["country"], ()), rows[0]["year"])
    return ("despite", said) if share is not None and share <= LESS and up >= STEP else None


def _line(rows: Sequence[Row]) -> Said:
    return {
        "a": Country(rows[-1]["country"]),
        "b": Country(rows[-1]["partner"]),
        "first": rows[0]["year"],
        "then": ranged(rows[0], "loss_percent", "percent"),
        "now": ranged(rows[-1], "loss_percent", "percent"),
    }


def _moved(rows: Sequence[Row], first: int) -> float | None:
    """The last share on record over that of a year; None without both."""
    known = [row for row in rows if row["share_record"] != "dot" and row["year"] >= first]
    return known[-1]["trade_share"] / known[0]["trade_share"] if known and known[0]["trade_share"] else None


def on_goods(missed: Mapping[str, Row | None]) -> tuple[str, Said] | None:
    """Return the form of a heading on what each would miss most of the other, and its values; None where none is apt.

    missed: by state, the good that would cost it most, if any would surely cost it more.
    """
    (first, one), (second, other) = (
        (code, row if _costs(row) >= FELT else None) for code, row in missed.items()
    )
    if one is None and other is None:
        return None
    if one is None or other is None:
        row, who, seller = (other, second, first) if one is None else (one, first, second)
        return "one_way", {"a": Country(who), "b": Country(seller), "good": _good(row or {})}
    dear = sorted(missed, key=lambda code: -float((missed[code] or {})["price_percent"]))
    most, least = (missed[code] or {} for code in dear)
    said: Said = {"a": Country(dear[0]), "b": Country(dear[1]), "good_a": _good(most), "good_b": _good(least)}
    price, cheap = (float(row["price_percent"]) for row in (most, least))
    apart = float(most.get("price_percent_low") or price) > float(least.get("price_percent_high") or cheap)
    shares = max((one, other), key=lambda row: float(row["import_share"]))
    if apart and price >= DEAR and cheap <= CHEAP:
        return "few", said
    if float(shares["import_share"]) >= MOSTLY:
        who = first if shares is one else second
        held = Quantity(float(shares["import_share"]), "probability")
        names: Said = {"a": Country(who), "b": Country(second if who == first else first)}
        return "held", names | {"good": _good(shares), "share": held}
    return _kinds(most, least, said, apart)


def _kinds(most: Row, least: Row, said: Said, apart: bool) -> tuple[str, Said] | None:
    """Forms by what kind of goods the two would miss, and by how much dearer they would be.

    apart: whether the ranges of the two prices are.
    """
    price = float(most["price_percent"])
    kind, made = str(least["industry"]), str(most["industry"]).startswith("C")
    if made and kind.startswith(("A", "B")):
        return ("fuel" if kind in FUEL else "ores"), said
    if min(float(row.get("home_percent") or 0.0) for row in (most, least)) >= OWN:
        return "home", said
    if price <= SMALL:
        return "cheap", said
    if price >= LARGE:
        return "dear", said | {"price": ranged(most, "price_percent", "percent")}
    if most["industry"] == least["industry"]:
        return "same", said
    return ("uneven", said) if apart and price >= UNEVEN * float(least["price_percent"]) else None


def _costs(row: Row | None) -> float:
    """What a good would cost more a year, million USD."""
    return float(row["price_percent"]) * float(row["value_musd"]) / 100.0 if row else 0.0


def _good(row: Row) -> Industry | Word:
    from suasion.questions.verdict.goods import name_of

    return name_of(row)
