"""The fourth block: what losing each other costs if other markets are closed as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from suasion.answers import Finding, Value, Word, front
from suasion.answers.numbers import DEFAULT_NUMBERS
from suasion.questions.verdict.block import Block, Light, light
from suasion.questions.verdict.parts import PairAnswers, StateLoss, horizons

STILL = 1.1
"""Ratio up to which a loss is said to hardly change."""
OUTLETS = ("open", "closed")


def closed(parts: PairAnswers) -> Block:
    """Return the fourth block."""
    found, name = parts.losses(), parts.closed_name
    topic = "closed" if name == "west" else f"closed_{name}"
    first = next(iter(horizons(found)), "")
    opened, shut = (found.get((first, outlet, parts.a)) for outlet in OUTLETS)
    values: dict[str, Value] = {**parts.sides, "outlet": parts.outlet}
    if opened is None or shut is None:
        return Block(
            "closed",
            Finding("verdict.closed.unknown", values),
            Light.UNKNOWN,
            "unknown",
            "closed_unknown",
            "answer_unknown",
            (Finding("verdict.closed.reason", values),),
            topic=topic,
        )
    values |= {"open": opened.percent, "closed": shut.percent, "when": Word("closed_if", name)}
    return Block(
        "closed",
        Finding(f"verdict.closed.{name}.{_kind(opened, shut)}", values),
        light(ranged=shut.ranged or opened.ranged),
        "modelled" if shut.ranged else "no_range_closed",
        "closed",
        "answer",
        tuple(_text(parts, found, values, shut)),
        topic=topic,
    )


def _kind(opened: StateLoss, shut: StateLoss) -> str:
    low, high = opened.percent.value or 0.0, shut.percent.value or 0.0
    if not opened.told and not shut.told:
        return "little"
    if min(low, high) <= 0:
        return "turns"
    if front.plain(low) == front.plain(high) or (high <= STILL * low and high >= low / STILL):
        return "still"
    return "more" if high > low else "less"


def _text(
    parts: PairAnswers,
    found: Mapping[tuple[str, str, str], StateLoss],
    values: dict[str, Value],
    shut: StateLoss,
) -> Iterator[Finding]:
    yield Finding("verdict.closed.both" if shut.ranged else "verdict.closed.no_range", values)
    first, last = horizons(found)[0], horizons(found)[-1]
    ends = [found.get((last, outlet, parts.a)) for outlet in OUTLETS]
    if last != first and ends[0] and ends[1]:
        later: dict[str, Value] = {**values, "late_open": ends[0].percent, "late_closed": ends[1].percent}
        yield Finding(f"verdict.closed.later{'_still' if _alike(ends) else ''}", later)
    other = [found.get((first, outlet, parts.b)) for outlet in OUTLETS]
    if other[0] and other[1]:
        told: dict[str, Value] = {**values, "open_b": other[0].percent, "closed_b": other[1].percent}
        yield Finding(f"verdict.closed.other_{'still' if _alike(other) else 'moves'}", told)


def _alike(ends: Sequence[StateLoss | None]) -> bool:
    """Whether losses are the same as printed."""
    return len({front.percent(one.percent.value or 0.0, DEFAULT_NUMBERS) for one in ends if one}) == 1
