"""The chart of the second screen: how large each was in the other's trade, and what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from suasion.answers import front
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.picture.inline.series import EVENTS, DatedEvent, Series, series
from suasion.answers.values import Country
from suasion.dossier.screens.screen import Chart
from suasion.questions.verdict.changed import by_side, denies_all, published, recorded
from suasion.questions.verdict.parts import PairAnswers, Row
from suasion.wars import WAR_SINCE

BROAD = ("us_2018", "us_april_2025", "us_tariffs_2026_07")
"""Measures on many at once: of a pair, one of its own comes first."""


def charts(parts: PairAnswers) -> Iterator[Chart]:
    """Yield shares as lines, which go on to a later published one where that is of the same trade."""
    own, joined = by_side(parts), not denies_all(parts)
    if not any(own.values()):
        return
    lines = [
        line for side, code, partner in parts.both for line in _line(side, code, partner, own[side], joined)
    ]
    years = [int(year) for line in lines for year, _ in line.points]
    values = {**parts.sides, "first": min(years), "last": max(years)}
    said = "; ".join(f"{one.name} {one.end}" for one in lines)
    dots = any(one.strokes for one in lines)
    bands = any(one.band for one in lines)
    kind = "both" if dots and bands else "dots" if dots else "bands" if bands else "plain"
    drawn = series(
        lines,
        Finding("figure.changed.alt", {**values, "lines": said}).sentence(),
        events=_events(parts, years),
    )
    yield Chart(
        Finding("figure.changed.chart", values),
        Finding(f"figure.changed.sub_{kind}", values),
        drawn,
        Finding("figure.changed.source_totals" if dots else "figure.changed.source"),
        "history",
    )


def _line(side: str, code: str, partner: str, rows: Sequence[Row], joined: bool) -> Iterator[Series]:
    table = recorded(rows)
    dots = tuple((float(row["year"]), 100 * row["trade_share"]) for row in published(rows))
    points = [(float(row["year"]), 100 * row["trade_share"]) for row in table]
    if not points:
        return
    later = [dot for dot in dots if joined and dot[0] > points[-1][0]]
    whole = (*points, *later[-1:])
    plain = [row["year"] for row in table if row["share_record"] == "line"]
    band = tuple(
        (
            float(row["year"]),
            100 * (row["trade_share_least"] or row["trade_share"]),
            100 * (row["trade_share_most"] or row["trade_share"]),
        )
        for row in table
        if row["year"] >= max(plain, default=0)
    )
    words = {"a": Country(code), "b": Country(partner)}
    yield Series(
        "a" if side == "a" else "b",
        capital(DEFAULT_LANGUAGE.say("figure.changed.line", words)),
        whole,
        front.share(whole[-1][1], DEFAULT_LANGUAGE.numbers),
        DEFAULT_LANGUAGE.say("figure.changed.published") if later else "",
        max(plain, default=None),
        dots,
        band if len(band) > 1 and any(high - low > 1 for _, low, high in band) else (),
    )


def _events(parts: PairAnswers, years: Sequence[int]) -> list[DatedEvent]:
    """What happened between the two, and then the wars and clashes of either with others; nothing of third parties."""
    if parts.at_war:
        return [DatedEvent(WAR_SINCE, str(WAR_SINCE), DEFAULT_LANGUAGE.say("figure.changed.war_began"))]
    rows = [row for row in parts.rows("trade_history", "trade-events")
            if min(years) <= int(row["date"][:4]) <= max(years)]  # fmt: skip
    pair = {parts.a, parts.b}
    kept: list[Row] = []
    for row in sorted(
        rows, key=lambda row: ({row["senders"], row["targets"]} != pair, row["event"] in BROAD, row["date"])
    ):
        if len(kept) < EVENTS and all(
            abs(_decimal(row["date"]) - _decimal(one["date"])) > 0.9 for one in kept
        ):
            kept.append(row)
    return [
        DatedEvent(_decimal(row["date"]), row["date"][:4], DEFAULT_LANGUAGE.say(f"word.event.{row['event']}"))
        for row in kept
    ]


def _decimal(date: str) -> float:
    year, month = date.split("-")[:2]
    return int(year) + (int(month) - 0.5) / 12
