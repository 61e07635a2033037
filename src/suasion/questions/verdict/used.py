"""The fourth and fifth block: what closed markets add, whether the loss would be used, and ties of the two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from suasion.answers import Country, Finding, Quantity, Value, Word, front
from suasion.answers.numbers import DEFAULT_NUMBERS
from suasion.questions.bands import ranged
from suasion.questions.verdict.headings import on_use, others_shut
from suasion.questions.verdict.parts import Block, Light, PairAnswers, Row, StateLoss, horizons, light

LEAST = 0.01
"""Probability from which on dots are drawn; below a sentence says it."""
NOTHING = 0.001
"""Probability below which nothing is said."""
UNLIKELY = 0.45
"""Probability below which a pact, or its end, is not within reach: the upper end of "unlikely"."""
GAVE_IN = HELD = ("yes", "no")
MOST = 6
"""Past cases named on the strip."""
RESTS_ON = {
    "war": ("measured", "used_war"),
    "cases": ("weak", "used"),
    "unknown": ("unknown", "used_unknown"),
}
"""Why the light is as it is, and what the block rests on, by what is known."""
ON_PACTS = ("skill", "used_pact")
"""The same where only the chance of a pact, or of its end, is known."""


def used(parts: PairAnswers) -> Block:
    """Return the fifth block."""
    if parts.at_war:  # what is on record: neither past cases nor a chance of a pact tell of this pair
        told, shine, known = tuple(_promised(parts)), light(observed=True), "war"
        return Block(
            "used", Finding("verdict.used.war", parts.sides), shine, *RESTS_ON[known], "used_war", told
        )
    pact, past = _pact(parts), past_cases(parts)
    values: dict[str, Value] = parts.sides | _near(parts)
    if pact:
        values |= {"pact": ranged(pact, "probability", "probability"), "closes": pact["closes"]}
    kind = "cases" if past else _reach(pact) if pact else "unknown"
    rare = on_use(parts, _near(parts), _reach(pact) if pact else "") if past else None
    reason, foundation = RESTS_ON.get(kind, ON_PACTS)
    chance = tuple(_chance(pact, values)) if pact else ()
    size = pact["probability"] if pact else 0.0
    seen = size >= LEAST and pact is not None and pact.get("probability_high") is not None
    return Block(
        "used",
        Finding(f"verdict.used.{rare[0]}", {**values, **rare[1]})
        if rare
        else Finding(f"verdict.used.{kind}", values),
        light(assumed=True) if past else light(ranged=True) if pact else Light.UNKNOWN,
        reason,
        foundation,
        "used",
        (*_text(parts), *(chance[:1] if NOTHING <= size < LEAST else ())),
        chance if seen else (),
    )


def _promised(parts: PairAnswers) -> Iterator[Finding]:
    """That treaties between states at war are on record, and not kept."""
    rows = parts.rows("ladder", "rungs")
    last = max((row["year"] for row in rows), default=0)
    if any(row["year"] == last and row["rung_status"] == "yes" for row in rows):
        yield Finding("verdict.used.promised", {"year": last})


def _pact(parts: PairAnswers) -> Row | None:
    """The last year's chance of a pact that is signed, or of the end of one that holds."""
    rows = [row for row in parts.rows("alliance", "pacts") if row["pact"] in ("bilateral", "ending")]
    return rows[-1] if rows else None


def _reach(pact: Row) -> str:
    kind = "pact_ends" if pact["pact"] == "ending" else "pact"
    return f"{kind}.{'unlikely' if pact['probability'] < UNLIKELY else 'likely'}"


def _chance(pact: Row, values: dict[str, Value]) -> Iterator[Finding]:
    """The chance in a sentence, and what it rests on."""
    kind = "ends" if pact["pact"] == "ending" else "signs"
    yield Finding(f"verdict.used.chance_{kind}", values)
    yield Finding(f"verdict.used.chance_model_{kind}")


def past_cases(parts: PairAnswers) -> list[Row]:
    """Return named disputes by the first-year loss, each once, the latest table first; none where none fits."""
    if not _near(parts):
        return []
    seen: dict[str, Row] = {}
    for row in parts.rows("defiance", "disputes"):
        if row["gave_in"] in GAVE_IN and row["horizon"] == "short" and row["loss_percent"] is not None:
            name = str(row["dispute"]).partition(" (")[0]
            if name not in seen or (row["table_year"] or 0) > (seen[name]["table_year"] or 0):
                seen[name] = {**row, "dispute": name}
    return list(seen.values())[:MOST]


def on_record(rungs: Sequence[Row]) -> bool:
    """Whether anything is on record of steps to an alliance."""
    return any(str(row["rung_status"]) in HELD for row in rungs)


def _near(parts: PairAnswers) -> dict[str, Value]:
    """What part of past cases of about the same loss gave in; nothing where none was like this pair."""
    for row in parts.rows("defiance", "near-cases"):
        if row["horizon"] == "short" and row["gave_in_share"] is not None:
            known = parts.rows("defiance", "pair-place")[0]
            return {
                "state": Country(known["weaker"]),
                "count": Quantity(row["nearby"], "count"),
                "gave": ranged(row, "gave_in_share", "probability"),
                "cases": Quantity(known["cases_count"], "count"),
                "base": Quantity(known["base"], "probability"),
            }
    return {}


def _text(parts: PairAnswers) -> Iterator[Finding]:
    """What part of past cases of about the same loss gave in."""
    near = _near(parts)
    yield Finding("verdict.used.near", near) if near else Finding("verdict.used.no_cases", parts.sides)
    rungs = parts.rows("ladder", "rungs")
    if rungs and not on_record(rungs):
        yield Finding("verdict.used.no_ladder", parts.sides)


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
        _closed_heading(parts, opened, shut, values),
        light(ranged=shut.ranged or opened.ranged),
        "modelled" if shut.ranged else "no_range_closed",
        "closed",
        "answer",
        tuple(_closed_text(parts, found, values, shut)),
        topic=topic,
    )


def _closed_heading(
    parts: PairAnswers, opened: StateLoss, shut: StateLoss, values: dict[str, Value]
) -> Finding:
    kind = _kind(opened, shut)
    rare = None if kind in ("turns", "little") else others_shut(parts, opened, shut)
    if rare:
        return Finding(f"verdict.closed.{rare[0]}", {**values, **rare[1]})
    return Finding(f"verdict.closed.{parts.closed_name}.{kind}", values)


def _kind(opened: StateLoss, shut: StateLoss) -> str:
    low, high = opened.percent.value or 0.0, shut.percent.value or 0.0
    if not opened.told and not shut.told:
        return "little"
    if min(low, high) <= 0:
        return "turns"
    if front.plain(low) == front.plain(high) or (high <= STILL * low and high >= low / STILL):
        return "still"
    return "more" if high > low else "less"


def _closed_text(
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
