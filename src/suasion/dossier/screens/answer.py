"""The chart of the first screen: what losing each other would cost the two, beside what others published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from suasion.answers import front
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.picture.inline.dumbbell import CostRow, Mark, dumbbell
from suasion.coercion.published import about
from suasion.dossier.screens.screen import Chart
from suasion.questions.verdict.parts import PairAnswers, StateLoss, horizons
from suasion.sources.estimates import PublishedFigure, register

WIDEST = 45.0
"""Per cent at which the axis ends: what lies beyond was not tested."""


def when(horizon: str) -> str:
    """A horizon as the head of a row or a panel."""
    if horizon in ("months", "short", "long"):
        return capital(DEFAULT_LANGUAGE.word("horizon", horizon))
    return DEFAULT_LANGUAGE.say("figure.when", {"years": horizon})


def charts(parts: PairAnswers) -> Iterator[Chart]:
    """Yield the chart, where both losses of the first year are known."""
    found = parts.losses()
    first = next(iter(horizons(found)), "")
    if not {(first, "open", code) for code in (parts.a, parts.b)} <= set(found):
        return
    rows = cost_rows(parts)
    values = {**parts.sides, "rows": "; ".join(mark.label for row in rows for mark in row.marks)}
    bare = any(not one.ranged for one in found.values())
    draw = dumbbell(
        rows,
        Finding("figure.answer.alt", values).sentence(),
        DEFAULT_LANGUAGE.say("figure.answer.money_head"),
        WIDEST,
    )
    year = {"dataset": parts.answers["exit_cost"].sources[0].dataset}
    filed = any(published(parts, code, horizon) for horizon, _, code in found)
    other = "figure.answer.source_other" if about(parts.a, parts.b) else "figure.answer.source_alone"
    yield Chart(
        Finding("figure.answer.chart_war" if parts.at_war else "figure.answer.chart", values),
        Finding("figure.answer.sub_part" if bare else "figure.answer.sub"),
        draw,
        Finding("figure.answer.source" if filed else other, year),
        "break",
    )


def cost_rows(parts: PairAnswers) -> list[CostRow]:
    """Return the losses of both sides as rows of a chart: the first year, the same with markets closed, later ones."""
    return list(_rows(parts))


def _rows(parts: PairAnswers) -> Iterator[CostRow]:
    """First year, first year with markets closed, after ten years."""
    found = parts.losses()
    known = horizons(found)
    if not known:
        return
    cases = [(known[0], "open"), (known[0], "closed"), *((one, "open") for one in known[1:])]
    for horizon, outlet in cases:
        marks = [
            _mark(found[horizon, outlet, code], side, _ticks(parts, code, horizon, outlet))
            for side, code, _ in parts.both
            if (horizon, outlet, code) in found
        ]
        if marks:
            name = when(horizon)
            closed = DEFAULT_LANGUAGE.say(f"word.closed_if.{parts.closed_name}", {"outlet": parts.outlet})
            under = closed if outlet == "closed" else ""
            yield CostRow(f"{name}," if under else name, tuple(marks), under)


def _ticks(parts: PairAnswers, code: str, horizon: str, outlet: str) -> tuple[tuple[float, str], ...]:
    """Other readings of the same loss: published ones, the formula of imports, and capital that adjusts."""
    if outlet != "open":
        return ()
    others = published(parts, code, horizon)
    ticks = [
        (float(row["formula_percent"]), DEFAULT_LANGUAGE.say("figure.answer.formula"))
        for row in parts.rows("exit_cost", "power")
        if row["target"] == code and row["horizon"] == horizon and row["formula_percent"] is not None
    ]
    capital_too = [
        (float(row["capital_percent"]), DEFAULT_LANGUAGE.say("figure.answer.capital"))
        for row in parts.rows("exit_cost", "exit-costs")
        if (row["country"], row["horizon"], row["outlet"]) == (code, horizon, "open")
        and row["capital_percent"] is not None
    ]
    return (*others, *ticks, *capital_too) if code == parts.a else others


def _mark(one: StateLoss, side: str, ticks: tuple[tuple[float, str], ...]) -> Mark:
    name = capital(DEFAULT_LANGUAGE.country(one.country, "plain"))
    size = front.percent(one.percent.value or 0.0, DEFAULT_LANGUAGE.numbers, short=True)
    size = DEFAULT_LANGUAGE.say("figure.gain", {"size": size}) if one.gains else size
    money = DEFAULT_LANGUAGE.numbers.usd(one.musd.value or 0.0).replace(" ", "\N{NO-BREAK SPACE}")
    return Mark(
        "a" if side == "a" else "b",
        one.percent.value or 0.0,
        name,
        size,
        one.percent.low,
        one.percent.high,
        front.span(one.percent, DEFAULT_LANGUAGE.numbers, short=True),
        ticks,
        DEFAULT_LANGUAGE.say("figure.gain", {"size": money}) if one.gains else money,
        front.money_span(one.musd, DEFAULT_LANGUAGE.numbers),
    )


YEARS = {"months": 0.0, "short": 1.0, "long": 10.0}


def published(parts: PairAnswers, code: str, horizon: str) -> tuple[tuple[float, str], ...]:
    """Return losses that others published for the end of all trade, of one state at a horizon, each with its study.

    A definition that is not quite the same has its name; any further one is left out.
    """
    partner = next(other for _, one, other in parts.both if one == code)
    return tuple(
        (-(one.low + one.high) / 2.0, _named(one))
        for one in about(parts.a, parts.b)
        if one.years == YEARS.get(horizon) and tuple(one.economies) == (code,) and _comparable(one, partner)
    )


def _comparable(one: PublishedFigure, partner: str) -> bool:
    """Whether it is of the end of all trade with the partner alone, even if others end theirs too."""
    items = _instruments(one)
    alone = any([partner] in (list(item["senders"]), list(item["targets"])) for item in items)
    whole = all(item["type"] == "embargo" and not item.get("sectors") for item in items)
    return alone and whole and one.match in ("same", "near") and one.role != "calibration"


def _named(one: PublishedFigure) -> str:
    study = register().study[one.study].short
    inputs = any(item.get("use") == "inputs" for item in _instruments(one))
    return DEFAULT_LANGUAGE.say("figure.answer.inputs", {"study": study}) if inputs else study


def _instruments(one: PublishedFigure) -> Sequence[Mapping[str, Any]]:
    return register().scenario[one.scenario].instruments
