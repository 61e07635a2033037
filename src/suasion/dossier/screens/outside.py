"""The charts of the sixth screen: what third parties could change, and where the share is heading."""

from __future__ import annotations

from collections.abc import Iterator

from suasion.answers import front
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.picture.inline.canvas import WIDE
from suasion.answers.picture.inline.lollipop import RankedRow, lollipop
from suasion.answers.picture.inline.series import Series, series
from suasion.answers.values import Country, Quantity
from suasion.dossier.screens.screen import Chart
from suasion.questions.bands import ranged
from suasion.questions.verdict.goods import AHEAD, ahead, crosses, levered, pulled_levers, share_of
from suasion.questions.verdict.parts import PairAnswers, Row

NAMES_ABOVE, HALF = 478, 530
"""Pixels of two drawings that stand beside each other: of one whose rows have their names above, and of any other."""


def charts(parts: PairAnswers) -> Iterator[Chart]:
    """Yield levers where they were computed, and the share as it moves."""
    pulled = pulled_levers(parts)
    yield from _lever_chart(parts, pulled)
    yield from _fan(parts, ahead(parts), HALF if pulled else WIDE)


def _lever(row: Row) -> str:
    """A lever with its holder, as a row of a chart is named."""
    holder = DEFAULT_LANGUAGE.listing(
        [DEFAULT_LANGUAGE.country(one, "plain") for one in row["holder"].split()]
    )
    lever = DEFAULT_LANGUAGE.say(f"word.lever.{row['lever']}")
    return capital(DEFAULT_LANGUAGE.say("figure.outside.lever", {"holder": holder, "lever": lever}))


def _lever_chart(parts: PairAnswers, rows: list[Row]) -> Iterator[Chart]:
    if not rows:
        return
    asked = levered(parts)
    items = [
        RankedRow(
            _lever(row),
            -row["effect"],
            front.plain(-row["effect"]),
            None if row.get("effect_high") is None else -row["effect_high"],
            None if row.get("effect_low") is None else -row["effect_low"],
            front.span(ranged(row, "effect", "percent"), DEFAULT_LANGUAGE.numbers, short=True),
            "third",
            hollow=crosses(row),
        )
        for row in rows
    ]
    said = "; ".join(f"{one.name} {one.text}" for one in items)
    yield Chart(
        Finding("figure.outside.levers_chart", asked),
        Finding("figure.outside.levers_sub", asked),
        lollipop(
            items,
            Finding("figure.outside.levers_alt", {**asked, "rows": said}).sentence(),
            wide=NAMES_ABOVE,
            unit="",
        ),
        Finding("figure.outside.levers_source"),
        "levers",
    )


def _fan(parts: PairAnswers, rows: list[Row], wide: float) -> Iterator[Chart]:
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
    asked = share_of(parts)
    values = {**asked, "first": int(points[0][0]), "last": int(points[-1][0])}
    line = Series(
        "a" if asked["b"] == Country(parts.a) else "b",
        "",
        points,
        front.share(one.value or 0, DEFAULT_LANGUAGE.numbers),
        front.span(one, DEFAULT_LANGUAGE.numbers, short=True),
        past[-1]["year"],
        band=tuple(band),
    )
    yield Chart(
        Finding("figure.outside.chart", values),
        Finding("figure.outside.sub", values),
        series(
            [line],
            Finding("figure.outside.alt", {**values, "end": line.end}).sentence(),
            height=200,
            wide=wide,
        ),
        Finding("figure.outside.source"),
        "share",
    )
