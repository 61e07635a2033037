"""The charts of the fifth screen: past disputes, steps to an alliance, and dots of a chance."""

from __future__ import annotations

from collections.abc import Iterator

from suasion.answers import front
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.picture.inline.canvas import Drawing
from suasion.answers.picture.inline.strip import Held, Past, cases, dots, ladder
from suasion.answers.values import Quantity, Value
from suasion.dossier.screens.screen import Chart
from suasion.questions.verdict.parts import Block, PairAnswers, Row
from suasion.questions.verdict.used import MOST, on_record, past_cases

HELD: dict[str, Held] = {"yes": "yes", "no": "no"}


def charts(parts: PairAnswers) -> Iterator[Chart]:
    """Yield past disputes, which tell nothing of a pair at war, and the ladder."""
    if not parts.at_war:
        yield from _strip(parts)
    yield from _ladder(parts)


def dots_of(block: Block) -> Drawing | None:
    """Draw the chance that a block tells, where it tells one."""
    size = block.chance[0].values["pact"] if block.chance else None
    if not isinstance(size, Quantity) or size.value is None or size.high is None:
        return None
    return dots(size.value, size.high, block.chance[0].sentence())


def _dispute(row: Row) -> str:
    """Both sides of a dispute and its year."""
    names = DEFAULT_LANGUAGE.listing([DEFAULT_LANGUAGE.country(row[side]) for side in ("weaker", "stronger")])
    return f"{capital(names)}, {row['year']}"


def _strip(parts: PairAnswers) -> Iterator[Chart]:
    """Past disputes by what the weaker side stood to lose, with the pair of today."""
    past = past_cases(parts)
    first = [
        row for row in past if row.get("run") in ("short", None) and row.get("loss_percent") is not None
    ][:MOST]
    if not first:
        return
    named = [
        Past(
            row["loss_percent"],
            _dispute(row),
            DEFAULT_LANGUAGE.say(
                f"figure.used.{'gave_in' if row['gave_in'] == 'yes' else 'held_out'}",
                {"size": front.percent(row["loss_percent"], DEFAULT_LANGUAGE.numbers)},
            ),
            gave_in=row["gave_in"] == "yes",
        )
        for row in past
    ]
    weaker = next((row["weaker"] for row in parts.rows("defiance", "pair-place")), parts.a)
    today = [_today(parts, side, code) for side, code, _ in parts.both if code == weaker]
    shown = [*named, *(one for one in today if one)]
    values = parts.sides
    yield Chart(
        Finding("figure.used.strip"),
        Finding("figure.used.strip_sub"),
        cases(
            shown,
            Finding(
                "figure.used.strip_alt",
                {**values, "rows": "; ".join(f"{one.words} {one.under}" for one in shown)},
            ).sentence(),
        ),
        Finding("figure.used.strip_source"),
        "defiance",
    )


def _today(parts: PairAnswers, side: str, code: str) -> Past | None:
    one = parts.losses().get(("short", "open", code))
    if one is None or one.percent.value is None:
        return None
    size = front.percent(one.percent.value, DEFAULT_LANGUAGE.numbers)
    words = DEFAULT_LANGUAGE.say("figure.used.today", {"state": DEFAULT_LANGUAGE.country(code, "plain")})
    return Past(
        one.percent.value,
        words,
        size,
        today=True,
        side="a" if side == "a" else "b",
        low=one.percent.low,
        high=one.percent.high,
    )


def _ladder(parts: PairAnswers) -> Iterator[Chart]:
    """Steps of the ladder to an alliance over the years, where any is on record."""
    rows = parts.rows("ladder", "rungs")
    if not on_record(rows):
        return
    years = sorted({row["year"] for row in rows})
    steps: dict[str, dict[int, Held]] = {}
    for row in rows:
        steps.setdefault(row["rung"], {})[row["year"]] = HELD.get(str(row["rung_status"]), "unknown")
    drawn = [
        (DEFAULT_LANGUAGE.say(f"word.rung.{rung}"), [held.get(year, "unknown") for year in years])
        for rung, held in steps.items()
    ]
    drawn = [(name[:1].upper() + name[1:], held) for name, held in drawn]
    values: dict[str, Value] = {**parts.sides, "first": years[0], "last": years[-1]}
    said = "; ".join(f"{name}: {sum(one == 'yes' for one in held)}" for name, held in drawn)
    key: list[tuple[Held, str]] = [
        (one, DEFAULT_LANGUAGE.say(f"figure.used.held_{one}")) for one in ("yes", "no", "unknown")
    ]
    yield Chart(
        Finding("figure.used.ladder", values),
        Finding("figure.used.ladder_sub", values),
        ladder(
            drawn,
            (years[0], years[-1]),
            Finding("figure.used.ladder_alt", {**values, "rows": said}).sentence(),
            key,
        ),
        Finding("figure.used.ladder_source"),
        "ladder",
    )
