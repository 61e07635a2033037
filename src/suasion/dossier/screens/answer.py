"""The first screen: what losing each other would cost the two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from suasion.answers import front
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.picture.inline.dumbbell import CostRow, Mark, dumbbell
from suasion.answers.values import Country, Quantity, Value
from suasion.coercion.published import about
from suasion.dossier.context import Dossier
from suasion.dossier.screens.beside import level, published
from suasion.dossier.screens.facts import (
    StateLoss,
    at_war,
    both,
    closed_name,
    doubted,
    doubts,
    horizons,
    larger,
    losses,
    sides,
    size_explains,
    unclear,
    when,
)
from suasion.dossier.screens.screen import Chart, DossierScreen, Light, light
from suasion.dossier.tables import rows_of
from suasion.questions.bands import ranged

WIDEST = 45.0
"""Per cent at which the axis ends: what lies beyond was not tested."""


def answer(dossier: Dossier) -> DossierScreen:
    """Return the first screen."""
    found = losses(dossier)
    first = next(iter(horizons(found)), "")
    mine = {side: found.get((first, "open", code)) for side, code, _ in both(dossier)}
    a, b = mine["a"], mine["b"]
    if a is None or b is None:
        return _unknown(dossier)
    ranged = a.ranged and b.ranged
    checked = all(one.certified for one in dossier.certificates)
    off = doubted(dossier)
    shine = light(ranged=ranged, checked=checked, doubted=off)
    return DossierScreen(
        "answer",
        _heading(dossier, a, b),
        shine,
        Finding("light.off_customs" if off else "light.modelled" if ranged else "light.no_range"),
        tuple(_text(dossier, found, first, a, b)),
        Finding("front.answer.assumes"),
        (_chart(dossier, found),),
        basis=Finding(_basis(dossier) if ranged else "front.answer.basis_no_range"),
        better=Finding("front.answer.better_doubted" if off else "front.answer.better"),
    )


def _basis(dossier: Dossier) -> str:
    if doubted(dossier):
        return "front.answer.basis_doubted"
    return "front.answer.basis_drawn" if dossier.provenance.draws else "front.answer.basis"


def _unknown(dossier: Dossier) -> DossierScreen:
    absent = dossier.answers["exit_cost"].absent if "exit_cost" in dossier.answers else None
    values = sides(dossier)
    return DossierScreen(
        "answer",
        Finding("front.answer.unknown", values),
        Light.UNKNOWN,
        Finding("light.unknown"),
        tuple(one for one in (absent, Finding("front.answer.instead", values)) if one),
        basis=Finding("front.answer.basis_unknown"),
        better=Finding("front.answer.better_unknown"),
    )


def _heading(dossier: Dossier, a: StateLoss, b: StateLoss) -> Finding:
    values = {**sides(dossier), "loss_a": a.percent, "loss_b": b.percent}
    if at_war(dossier):
        return Finding("front.answer.war", values)
    if not a.told and not b.told:
        return Finding("front.answer.little", values)
    if a.gains or b.gains:
        kind = "both_gain" if a.gains and b.gains else "a_gains" if a.gains else "b_gains"
        return Finding(f"front.answer.{kind}", values)
    return Finding("front.answer.same" if unclear(dossier) else "front.answer.heading", values)


def _text(
    dossier: Dossier, found: Mapping[tuple[str, str, str], StateLoss], first: str, a: StateLoss, b: StateLoss
) -> Iterator[Finding]:
    values: dict[str, Value] = {**sides(dossier), "loss_a": a.percent, "loss_b": b.percent}
    ranged = "front.answer.range_war" if at_war(dossier) else "front.answer.range"
    yield Finding(ranged if a.ranged and b.ranged else "front.answer.no_range", values)
    last = horizons(found)[-1]
    late = [found.get((last, "open", code)) for _, code, _ in both(dossier)]
    if last != first and late[0] and late[1]:
        later = {**values, **_late("a", a, late[0]), **_late("b", b, late[1])}
        yield Finding("front.answer.later" if late[0].ranged else "front.answer.later_no_range", later)
    if at_war(dossier):
        yield from restored(dossier)
    for one in (a, b):
        if one.flags and one.bracket[0] is not None and one.bracket[1] is not None:
            ends = {"low": Quantity(one.bracket[0], "percent"), "high": Quantity(one.bracket[1], "percent")}
            yield Finding("front.answer.bracket", {"state": Country(one.country), **ends})
    if at_war(dossier):
        return
    yield from doubts(dossier)
    if a.told or b.told:
        yield _money(dossier, {**values, "money_a": a.musd, "money_b": b.musd}, a, b)
    yield from level(dossier, first, a, b)


def _late(side: str, first: StateLoss, late: StateLoss) -> dict[str, Value]:
    """A later loss with its range; where its sign is another than at first, the word says it."""
    size: Value = late.percent
    if late.gains != first.gains and abs(late.percent.value or 0.0) >= front.LEAST:
        key = "front.answer.turned_gain" if late.gains else "front.answer.turned_loss"
        size = DEFAULT_LANGUAGE.say(key, {"size": late.percent})
    return {f"late_{side}": size, f"span_{side}": late.percent}


def _money(dossier: Dossier, values: dict[str, Value], a: StateLoss, b: StateLoss) -> Finding:
    """Both losses in money, and how much larger one economy is where that makes most of the gap in per cent."""
    if a.gains or b.gains:
        return Finding("front.answer.money_gain", values)
    size = larger(dossier)
    if size is None or unclear(dossier) or not size_explains(size, a, b):
        return Finding("front.answer.money", values)
    told: dict[str, Value] = {"big": Country(size[0]), "times": Quantity(size[1], "ratio")}
    return Finding("front.answer.money_size", {**values, **told})


def restored(dossier: Dossier) -> Iterator[Finding]:
    """What a tie that has ended would be worth if it were as before: in gains, where both gain."""
    rows, answer = rows_of(dossier, "restoration", "restored"), dossier.answer("restoration")
    if not rows or answer is None:
        return
    told = answer.findings[0]
    if any(row["change_percent"] <= 0 for row in rows):
        yield told
        return
    worth = {
        f"worth_{side}": ranged(row, "change_percent", "percent")
        for side, row in zip("ab", rows, strict=True)
    }
    yield Finding("front.answer.restored", {**told.values, **worth})


def _chart(dossier: Dossier, found: Mapping[tuple[str, str, str], StateLoss]) -> Chart:
    rows = cost_rows(dossier)
    values = {**sides(dossier), "rows": "; ".join(mark.label for row in rows for mark in row.marks)}
    bare = any(not one.ranged for one in found.values())
    draw = dumbbell(
        rows,
        Finding("front.answer.alt", values).sentence(),
        DEFAULT_LANGUAGE.say("front.answer.money_head"),
        WIDEST,
    )
    year = {"dataset": dossier.answers["exit_cost"].sources[0].dataset}
    filed = any(published(dossier, code, horizon) for horizon, _, code in found)
    other = (
        "front.answer.source_other" if about(dossier.a.code, dossier.b.code) else "front.answer.source_alone"
    )
    return Chart(
        Finding("front.answer.chart_war" if at_war(dossier) else "front.answer.chart", values),
        Finding("front.answer.sub_part" if bare else "front.answer.sub"),
        draw,
        Finding("front.answer.source" if filed else other, year),
        "break",
    )


def cost_rows(dossier: Dossier) -> list[CostRow]:
    """Return the losses of both sides as rows of a chart: the first year, the same with markets closed, later ones."""
    return list(_rows(dossier, losses(dossier)))


def _rows(dossier: Dossier, found: Mapping[tuple[str, str, str], StateLoss]) -> Iterator[CostRow]:
    """First year, first year with markets closed, after ten years."""
    known = horizons(found)
    if not known:
        return
    cases = [(known[0], "open"), (known[0], "closed"), *((one, "open") for one in known[1:])]
    for horizon, outlet in cases:
        marks = [
            _mark(found[horizon, outlet, code], side, _ticks(dossier, code, horizon, outlet))
            for side, code, _ in both(dossier)
            if (horizon, outlet, code) in found
        ]
        if marks:
            name = when(horizon)
            closed = {"outlet": dossier.audience_name}
            under = (
                DEFAULT_LANGUAGE.say(f"front.closed_if.{closed_name(dossier)}", closed)
                if outlet == "closed"
                else ""
            )
            yield CostRow(f"{name}," if under else name, tuple(marks), under)


def _ticks(dossier: Dossier, code: str, horizon: str, outlet: str) -> tuple[tuple[float, str], ...]:
    """Other readings of the same loss: published ones, the formula of imports, and capital that adjusts."""
    if outlet != "open":
        return ()
    others = published(dossier, code, horizon)
    ticks = [
        (float(row["formula_percent"]), DEFAULT_LANGUAGE.say("front.answer.formula"))
        for row in rows_of(dossier, "exit_cost", "power")
        if row["target"] == code and row["horizon"] == horizon and row["formula_percent"] is not None
    ]
    capital_too = [
        (float(row["capital_percent"]), DEFAULT_LANGUAGE.say("front.answer.capital"))
        for row in rows_of(dossier, "exit_cost", "exit-costs")
        if (row["country"], row["horizon"], row["outlet"]) == (code, horizon, "open")
        and row["capital_percent"] is not None
    ]
    return (*others, *ticks, *capital_too) if code == dossier.a.code else others


def _mark(one: StateLoss, side: str, ticks: tuple[tuple[float, str], ...]) -> Mark:
    name = capital(DEFAULT_LANGUAGE.country(one.country, "plain"))
    size = front.percent(one.percent.value or 0.0, DEFAULT_LANGUAGE.numbers, short=True)
    size = DEFAULT_LANGUAGE.say("front.gain", {"size": size}) if one.gains else size
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
        DEFAULT_LANGUAGE.say("front.gain", {"size": money}) if one.gains else money,
        front.money_span(one.musd, DEFAULT_LANGUAGE.numbers),
    )
