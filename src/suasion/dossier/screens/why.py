"""The charts of the third screen: what each buys from the other, and who else would sell it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from suasion.answers import front
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.picture.inline.chokepoints import Good, chokepoints
from suasion.answers.values import Country, Value
from suasion.dossier.screens.screen import Chart
from suasion.questions.bands import ranged
from suasion.questions.verdict.goods import HELD, LEAST_PRICE, bought, name_of, source_of
from suasion.questions.verdict.parts import PairAnswers, Row
from suasion.wars import BELLIGERENTS

FILLERS = 2
"""Other sellers named for each."""
WHOLE = 100.0
LEAST_PART = 0.5
"""Per cent of what is lost from which on who fills it is named."""
FOLDS = {"modelled": "industries", "shares": "industries", "raw": "materials"}


def charts(parts: PairAnswers) -> Iterator[Chart]:
    """Yield what each buys from the other, a chart a side that buys anything."""
    source = source_of(parts)
    held = [(one, rows) for one in parts.both if (rows := bought(parts, one[1]))]
    for place, (one, rows) in enumerate(held):
        yield _chart(parts, one, rows, source, again=bool(place) and source == "modelled")


def _name(row: Row) -> str:
    return DEFAULT_LANGUAGE.show(name_of(row), "goods")


def _chart(
    parts: PairAnswers, who: tuple[str, str, str], rows: Sequence[Row], source: str, *, again: bool
) -> Chart:
    side, code, partner = who
    drawn = [_good(parts, code, row) for row in rows]
    values: dict[str, Value] = {"a": Country(code), "b": Country(partner)}
    said = "; ".join(
        ", ".join(filter(None, (f"{one.name} {one.text}", one.beside, one.under))) for one in drawn
    )
    end = "" if source == "modelled" else f"_{source}"
    ranged = source == "modelled" and any(row.get("price_percent_low") is not None for row in rows)
    sub = Finding(f"figure.why.sub{'_ranged' if ranged else end}", values)
    return Chart(
        Finding(f"figure.why.chart{'_war' if parts.at_war else ''}", values),
        Finding("figure.why.sub_same", values) if again else sub,
        chokepoints(
            drawn, "a" if side == "a" else "b", Finding("figure.why.alt", {**values, "rows": said}).sentence()
        ),
        Finding(
            "figure.why.source_again" if again else f"figure.why.source{end}",
            {
                "year": rows[0]["year"] if source == "raw" else parts.year,
                "dataset": parts.answers[HELD[source][0]].sources[0].dataset,
            },
        ),
        FOLDS[source],
        _told(drawn, values),
        sub,
    )


def _told(drawn: Sequence[Good], values: dict[str, Value]) -> tuple[tuple[str, ...], ...]:
    """The goods as cells under heads; who would fill the gap has a column where it is known."""
    keys = ("good", "share", "value", *(["gap"] if any(one.under for one in drawn) else []))
    heads = tuple(DEFAULT_LANGUAGE.say(f"figure.why.head_{key}", values) for key in keys)
    cells = ((one.name, one.text, one.beside, one.under) for one in drawn)
    return (heads, *(row[: len(heads)] for row in cells))


def _good(parts: PairAnswers, code: str, row: Row) -> Good:
    share = float(row["import_share"])
    money = DEFAULT_LANGUAGE.numbers.usd(row["value_musd"]).replace(" ", "\N{NO-BREAK SPACE}")
    price = row.get("price_percent")
    if price is not None:
        one = ranged(row, "price_percent", "percent")
        low, high = (front.plain(end or 0.0, price) for end in (one.low, one.high))
        ends = front.joined(low, high) if one.low is not None else ""
        still = abs(price) < LEAST_PRICE
        known = "price_falls" if price < 0 else "price" if ends else "price_bare"
        key = "price_unclear" if one.covers_zero else "price_still" if still else known
        money = DEFAULT_LANGUAGE.say(
            f"figure.why.{key}", {"money": money, "size": front.plain(price), "ends": ends}
        )
    return Good(
        capital(_name(row)),
        share,
        front.share(100 * share, DEFAULT_LANGUAGE.numbers),
        money,
        _under(parts, code, row),
    )


def _under(parts: PairAnswers, code: str, row: Row) -> str:
    """The two other sellers that would gain most, with the part of what is lost that each would take."""
    others = parts.rows("substitutes", "fillers") if row["industry"] else []
    same = [one for one in others if (one["buyer"], one["industry"]) == (code, row["industry"])]
    # Elasticities do not know of a war.
    same = [one for one in same if {code, one["filler"]} != BELLIGERENTS]
    large = [one for one in same if one["part_percent"] >= LEAST_PART][:FILLERS]
    home = row.get("home_percent")
    # Others sell less too where somebody takes so much: more than all told would read as a mistake.
    while large and sum(one["part_percent"] for one in large) + max(home or 0.0, 0.0) > WHOLE:
        large.pop()
    named = [
        f"{DEFAULT_LANGUAGE.country(one['filler'], 'plain')} {_part(one, 'part_percent')}" for one in large
    ]
    if home is not None and home >= LEAST_PART:
        key = "figure.why.home_all" if home > WHOLE else "figure.why.home"
        named.append(DEFAULT_LANGUAGE.say(key, {"size": _part(row, "home_percent")}))
    return ", ".join(named)


def _part(row: Row, name: str) -> str:
    """A part of what is lost, with its range where one was run; no end of it is told below nothing or above all."""
    one = ranged(row, name, "percent")
    if one.low is not None and one.high is not None:
        one = replace(one, low=max(one.low, 0.0), high=min(one.high, WHOLE))
    ends = front.span(one, DEFAULT_LANGUAGE.numbers, short=True)
    return f"{front.plain(row[name])} ({ends})" if ends else front.plain(row[name])
