"""The sixth screen: where the share is heading, and what third parties could change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from suasion.answers import front
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.picture.inline.canvas import WIDE
from suasion.answers.picture.inline.lollipop import RankedRow, lollipop
from suasion.answers.picture.inline.series import Series, series
from suasion.answers.relevance import settled
from suasion.answers.values import Country, Quantity, Value
from suasion.dossier.context import Dossier
from suasion.dossier.screens.facts import at_war, sides
from suasion.dossier.screens.screen import Chart, DossierScreen, Light, light
from suasion.dossier.tables import rows_of
from suasion.questions.bands import ranged

LEVERS = 3
LEAST = 1.0
"""Percentage points of a share from which on a lever is told. Assumption: 0.5 to 2."""
NAMES_ABOVE, HALF = 478, 530
"""Pixels of two drawings that stand beside each other: of one whose rows have their names above, and of any other."""
TURNED = {"share.regimes.above": "rose", "share.regimes.below": "fell"}
"""Sentence on the last break, and how the front has it."""
AHEAD = ("projected", "extrapolated")
"""What a share is that lies ahead; all else is of the past."""
Row = dict[str, Any]


def outside(dossier: Dossier) -> DossierScreen:
    """Return the sixth screen: levers where they were computed, else where the share is heading."""
    pulled = _levers(dossier)
    forecast = dossier.answer("share")
    rows = rows_of(dossier, "share", "share-ahead")
    # Shares of pairs that trade tell nothing of one whose trade a war has ended.
    ahead = [] if at_war(dossier) else [row for row in rows if row["regime"] == "usual"]
    # The share is asked of whichever is enough of the other's trade.
    values = {name: forecast.asked[name] for name in "ab"} if forecast and rows else sides(dossier)
    charts = (*_lever_chart(dossier, pulled), *_fan(dossier, ahead, values, HALF if pulled else WIDE))
    later = [row for row in ahead if row["share_status"] in AHEAD]
    if later:
        values |= {"share": ranged(later[-1], "trade_share", "probability"), "year": later[-1]["year"]}
    weak = [Finding("front.outside.weak")] if rows_of(dossier, "levers", "effects") and not pulled else []
    known = [int(row["year"]) for row in rows_of(dossier, "trade_history", "trade-history")]
    lacking = "no_record" if max(known, default=0) < (dossier.provenance.year or 0) else "too_small"
    kind = "levers" if pulled else _direction(ahead, later) if later else "unknown"
    if pulled:
        values |= _strongest(dossier, pulled[0])
    return DossierScreen(
        "outside",
        Finding(f"front.outside.{kind}", values),
        light(assumed=True) if pulled else light(ranged=bool(later)) if later else Light.UNKNOWN,
        Finding("light.assumed_sizes" if pulled else "light.tested" if later else "light.unknown"),
        (
            *_text(
                values, forecast.findings if forecast else (), rows if later else [], bool(pulled), lacking
            ),
            *weak,
        ),
        aside=Finding("front.outside.war") if at_war(dossier) else None,
        charts=charts,
        basis=Finding(
            "front.outside.basis_levers"
            if pulled
            else "front.outside.basis"
            if later
            else "front.outside.basis_unknown"
        ),
        better=Finding("front.outside.better_levers" if pulled else "front.outside.better"),
    )


def _strongest(dossier: Dossier, row: Row) -> dict[str, Value]:
    """What is said of the strongest lever within red lines."""
    return {
        "lever": DEFAULT_LANGUAGE.say(f"word.lever.{row['lever']}"),
        "holder": DEFAULT_LANGUAGE.listing([DEFAULT_LANGUAGE.country(one) for one in row["holder"].split()]),
        "size": front.plain(abs(row["effect"])),
        "ends": _ends(row),
        **{f"of_{name}": one for name, one in _asked(dossier).items()},
    }


def _now(rows: list[Row]) -> float:
    return float([row for row in rows if row["share_status"] not in AHEAD][-1]["trade_share"])


def _direction(rows: list[Row], later: list[Row]) -> str:
    last = later[-1]
    low, high = last["trade_share_low"], last["trade_share_high"]
    now = _now(rows)
    return (
        "open"
        if low is not None and low <= now <= high
        else "rises"
        if last["trade_share"] > now
        else "falls"
    )


def _text(
    values: dict[str, Value], found: Sequence[Finding], rows: list[Row], pulled: bool, lacking: str
) -> Iterator[Finding]:
    """Where the share goes by the record, and what becomes of it if its last break lasts or is half undone."""
    if pulled:
        yield Finding("front.outside.pulled", values)
    if rows or not pulled:
        yield Finding(f"front.outside.{'share' if rows else lacking}", values)
    broken = next((one for one in found if one.place in TURNED), None)
    if rows and broken and not pulled:
        ends = {row["regime"]: ranged(row, "trade_share", "probability") for row in rows}
        told = {**broken.values, "lasts": ends["lasts"], "undone": ends["half_undone"]}
        yield Finding(f"front.outside.{TURNED[broken.place]}", told)


def _asked(dossier: Dossier) -> dict[str, Value]:
    """Whose share in whose trade levers were tried on: the other way round where that is too small."""
    found = dossier.answer("levers")
    return {name: found.asked[name] for name in "ab"} if found else sides(dossier)


def _levers(dossier: Dossier) -> list[Row]:
    """Levers on the share, each by who moves most with it: the strongest within red lines, then the others."""
    rows = [
        row
        for row in rows_of(dossier, "levers", "effects")
        if (row["effect"] or 0.0) <= -LEAST and (row["same_sign"] is None or settled(row["same_sign"]))
    ]
    strongest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row["effect"]):
        strongest.setdefault(row["lever"], row)
    inside = [row for row in strongest.values() if not _crosses(row)][:1]
    others = [row for row in strongest.values() if row not in inside]
    return [*inside, *others][:LEVERS] if inside else []


def _crosses(row: Row) -> bool:
    return row["red_line"] not in (None, "none")


def _lever(row: Row) -> str:
    """A lever with its holder, as a row of a chart is named."""
    holder = DEFAULT_LANGUAGE.listing(
        [DEFAULT_LANGUAGE.country(one, "plain") for one in row["holder"].split()]
    )
    lever = DEFAULT_LANGUAGE.say(f"word.lever.{row['lever']}")
    return capital(DEFAULT_LANGUAGE.say("front.outside.lever", {"holder": holder, "lever": lever}))


def _ends(row: Row) -> str:
    """The range of what a lever does, as a sentence says it."""
    found = front.ends(ranged(row, "effect", "percent"), DEFAULT_LANGUAGE.numbers)
    return (
        DEFAULT_LANGUAGE.say("number.span", dict(zip(("low", "high"), found, strict=True))) if found else ""
    )


def _lever_chart(dossier: Dossier, rows: list[Row]) -> Iterator[Chart]:
    if not rows:
        return
    asked = _asked(dossier)
    items = [
        RankedRow(
            _lever(row),
            -row["effect"],
            front.plain(-row["effect"]),
            None if row.get("effect_high") is None else -row["effect_high"],
            None if row.get("effect_low") is None else -row["effect_low"],
            front.span(ranged(row, "effect", "percent"), DEFAULT_LANGUAGE.numbers, short=True),
            "third",
            hollow=_crosses(row),
        )
        for row in rows
    ]
    said = "; ".join(f"{one.name} {one.text}" for one in items)
    yield Chart(
        Finding("front.outside.levers_chart", asked),
        Finding("front.outside.levers_sub", asked),
        lollipop(
            items,
            Finding("front.outside.levers_alt", {**asked, "rows": said}).sentence(),
            wide=NAMES_ABOVE,
            unit="",
        ),
        Finding("front.outside.levers_source"),
        "levers",
    )


def _fan(dossier: Dossier, rows: list[Row], asked: dict[str, Value], wide: float) -> Iterator[Chart]:
    """The share to date and where it goes as shares move, with its range."""
    if not rows or all(row["trade_share_low"] is None for row in rows):
        return
    points = tuple(
        (float(row["year"]), 100 * row["trade_share"]) for row in rows if row["trade_share"] is not None
    )
    past = [row for row in rows if row["share_status"] not in AHEAD]
    band = [(float(past[-1]["year"]), *(2 * [100 * past[-1]["trade_share"]]))]
    band += [
        (float(row["year"]), 100 * row["trade_share_low"], 100 * row["trade_share_high"])
        for row in rows
        if row["trade_share_low"] is not None
    ]
    last = rows[-1]
    one = Quantity(
        100 * last["trade_share"], "percent", 100 * last["trade_share_low"], 100 * last["trade_share_high"]
    )
    values = {**asked, "first": int(points[0][0]), "last": int(points[-1][0])}
    line = Series(
        "a" if asked["b"] == Country(dossier.a.code) else "b",
        "",
        points,
        front.share(one.value or 0, DEFAULT_LANGUAGE.numbers),
        front.span(one, DEFAULT_LANGUAGE.numbers, short=True),
        past[-1]["year"],
        band=tuple(band),
    )
    yield Chart(
        Finding("front.outside.chart", values),
        Finding("front.outside.sub", values),
        series(
            [line],
            Finding("front.outside.alt", {**values, "end": line.end}).sentence(),
            height=200,
            wide=wide,
        ),
        Finding("front.outside.source"),
        "share",
    )
