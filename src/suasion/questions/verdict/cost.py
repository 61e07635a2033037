"""The first block: what losing each other would cost the two, and where a loss would reach a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from suasion.answers import Country, Finding, Quantity, Value, Word, front
from suasion.questions.bands import ranged
from suasion.questions.verdict.headings import on_losses
from suasion.questions.verdict.parts import (
    Block,
    Light,
    PairAnswers,
    StateLoss,
    horizons,
    later_losses,
    light,
    size_explains,
)

LINE = 5
"""Loss of the first year, per cent of spending power, that a level is told for: the line of the lists of leverage."""
Losses = Mapping[tuple[str, str, str], StateLoss]


def cost(parts: PairAnswers) -> Block:
    """Return the first block."""
    found = parts.losses()
    first = next(iter(horizons(found)), "")
    a, b = (found.get((first, "open", code)) for code in (parts.a, parts.b))
    if a is None or b is None:
        return _unknown(parts)
    ranged, off, estimated = a.ranged and b.ranged, bool(parts.doubts), bool(parts.estimated)
    cost = parts.answer("exit_cost")
    checked = all(one.holds for one in cost.checks) if cost else False
    return Block(
        "answer",
        _heading(parts, a, b),
        light(ranged=ranged, checked=checked, doubted=off),
        "off_customs" if off else "no_range" if not ranged else "on_estimate" if estimated else "modelled",
        _foundation(parts, off) if ranged else "answer_no_range",
        "answer_doubted" if off else "answer",
        tuple(_text(parts, found, first, a, b)),
        aside=Finding("verdict.answer.assumes"),
    )


def _foundation(parts: PairAnswers, off: bool) -> str:
    return "answer_doubted" if off else "answer_drawn" if parts.draws else "answer"


def _unknown(parts: PairAnswers) -> Block:
    cost = parts.answer("exit_cost")
    told = (cost.absent if cost else None, Finding("verdict.answer.instead", parts.sides))
    return Block(
        "answer",
        Finding("verdict.answer.unknown", parts.sides),
        Light.UNKNOWN,
        "unknown",
        "answer_unknown",
        "answer_unknown",
        tuple(one for one in told if one),
    )


def _heading(parts: PairAnswers, a: StateLoss, b: StateLoss) -> Finding:
    values = {**parts.sides, "loss_a": a.percent, "loss_b": b.percent}
    if parts.at_war:
        return Finding("verdict.answer.war", values)
    if not a.told and not b.told:
        return Finding("verdict.answer.little", values)
    if a.gains or b.gains:
        kind = "both_gain" if a.gains and b.gains else "a_gains" if a.gains else "b_gains"
        return Finding(f"verdict.answer.{kind}", values)
    if parts.unclear:
        return Finding("verdict.answer.same", values)
    form, told = on_losses(parts, a, b) or ("heading", {})
    return Finding(f"verdict.answer.{form}", {**values, **told})


def _text(parts: PairAnswers, found: Losses, first: str, a: StateLoss, b: StateLoss) -> Iterator[Finding]:
    values: dict[str, Value] = {**parts.sides, "loss_a": a.percent, "loss_b": b.percent}
    ranged = "verdict.answer.range_war" if parts.at_war else "verdict.answer.range"
    yield Finding(ranged if a.ranged and b.ranged else "verdict.answer.no_range", values)
    late = dict(later_losses(parts, found))
    if late:
        later = {**values, **_late("a", a, late["a"]), **_late("b", b, late["b"])}
        yield Finding("verdict.answer.later" if late["a"].ranged else "verdict.answer.later_no_range", later)
    if parts.at_war:
        yield from restored(parts)
    for one in (a, b):
        if one.flags and one.bracket[0] is not None and one.bracket[1] is not None:
            ends = {"low": Quantity(one.bracket[0], "percent"), "high": Quantity(one.bracket[1], "percent")}
            yield Finding("verdict.answer.bracket", {"state": Country(one.country), **ends})
    if parts.at_war:
        return
    yield from parts.doubts
    if a.told or b.told:
        yield _money(parts, {**values, "money_a": a.musd, "money_b": b.musd}, a, b)
    if parts.estimated:
        yield Finding("verdict.answer.estimated", parts.estimated)
    yield from parts.beside_trade
    yield from level(parts, first, a, b)


def _late(side: str, first: StateLoss, late: StateLoss) -> dict[str, Value]:
    """A later loss with its range; where its sign is another than at first, the word says it."""
    size: Value = late.percent
    if late.gains != first.gains and abs(late.percent.value or 0.0) >= front.LEAST:
        size = Word("turned", f"{'gain' if late.gains else 'loss'}_{side}")
    return {f"late_{side}": size, f"span_{side}": late.percent}


def _money(parts: PairAnswers, values: dict[str, Value], a: StateLoss, b: StateLoss) -> Finding:
    """Both losses in money, and how much larger one economy is where that makes most of the gap in per cent."""
    if a.gains or b.gains:
        return Finding("verdict.answer.money_gain", values)
    size = parts.larger
    if size is None or parts.unclear or not size_explains(size, a, b):
        return Finding("verdict.answer.money", values)
    told: dict[str, Value] = {"big": Country(size[0]), "times": Quantity(size[1], "ratio")}
    return Finding("verdict.answer.money_size", {**values, **told})


def restored(parts: PairAnswers) -> Iterator[Finding]:
    """What a tie that has ended would be worth if it were as before: in gains, where both gain."""
    rows, answer = parts.rows("restoration", "restored"), parts.answer("restoration")
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
    yield Finding("verdict.answer.restored", {**told.values, **worth})


def level(parts: PairAnswers, first: str, *sides: StateLoss) -> Iterator[Finding]:
    """Yield where the loss of who depends more would reach the line, or why no such level is told.

    first: Horizon of the losses.
    *sides: Of both states.
    """
    from suasion.coercion.critical import Crossing

    one = max(sides, key=lambda side: side.percent.value or 0.0)
    rows = parts.rows("critical_levels", "critical-levels")
    row = next((row for row in rows if _asked(row, one, first)), None)
    if row is None or not one.told or row["crossing"] == Crossing.NOT_COMPUTED:
        return
    values: dict[str, Value] = {
        "country": Country(one.country),
        "partner": Country(one.partner),
        "line": LINE,
        "loss": one.percent,
    }
    low, high = one.percent.low, one.percent.high
    if low is not None and high is not None and low < LINE < high:
        yield Finding("verdict.level.open", values)
    elif row["crossing"] == Crossing.REACHED:
        share, times = Quantity(row["turnover_percent"], "percent"), float(row["multiple"])
        more = {"share": share, "times": Quantity(max(times, 1.0), "ratio")}
        yield Finding(f"verdict.level.{'reached' if times >= 1 else 'passed'}", values | more)
    else:
        far = Quantity(max(1.0, row["examined"]), "ratio")
        key = "not_reached" if row["crossing"] == Crossing.NOT_REACHED else "passed_far"
        yield Finding(f"verdict.level.{key}", values | {"times": far})


def _asked(row: Mapping[str, Any], one: StateLoss, first: str) -> bool:
    case = (row["country"], row["horizon"], row["definition"], row["level_percent"])
    return case == (one.country, first, "tolerance", LINE)
