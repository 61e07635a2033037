"""The sixth block: where the share is heading, and what third parties could change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from suasion.answers import Country, Finding, Value, Word
from suasion.answers.front import settled
from suasion.questions.bands import ranged
from suasion.questions.verdict.parts import Block, Light, PairAnswers, Row, light

LEVERS = 3
LEAST = 1.0
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
    kind = "levers" if pulled else _direction(rows, later) if later else "unknown"
    end = "levers" if pulled else "" if later else "unknown"
    weak = parts.rows("levers", "effects") and not pulled
    return Block(
        "outside",
        Finding(f"verdict.outside.{kind}", values),
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
        if (row["effect"] or 0.0) <= -LEAST and (row["same_sign"] is None or settled(row["same_sign"]))
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
