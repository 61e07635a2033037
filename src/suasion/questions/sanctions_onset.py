"""How likely a sender is to begin trade or financial sanctions on a target, and what they could cost it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    USUAL,
    Answer,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
    Word,
)
from suasion.questions.posed import code_or_group, members_within
from suasion.questions.question import Side, State, question

if TYPE_CHECKING:
    from suasion.statecraft.record import Fact
    from suasion.statecraft.sanctions import SanctionOnset

SOURCES = (Source("sanctions_onset.source", "gsdb"), Source("sanctions_onset.losses"))
LIKELIEST = 25
"""Targets of the sender that are listed."""


@question
def sanctions_onset(a: Side, b: State) -> Answer:
    """How likely a sender is to begin trade or financial sanctions on a target in 2027, and what they could cost it.

    Parameters
    ----------
    a : Side
        The sender: USA, EU, GBR, CAN, RUS, CHN, JPN or AUS.
    b : State
        The target.

    Returns
    -------
    Answer
        Tables ``sanctions-onset`` (all senders on the target), ``onsets-since``, ``onset-factors``, ``onset-targets``
        and ``onset-skill``. With the Global Sanctions Data Base added, computed from its cases.

    Examples
    --------
    >>> su.sanctions_onset("USA", "CHN")
    <Answer sanctions_onset USA CHN 2027: sanctions-onset (...>
    """
    from suasion.statecraft.sanctions import SENDERS, sanction_model, sanction_onset

    sender = code_or_group(a)
    asked: dict[str, Value] = {"a": Country(sender), "b": Country(b), "year": sanction_model()["year"]}
    found = {name: one for name in SENDERS if (one := sanction_onset(name, b)) is not None}
    if sender not in found:
        asked |= {"senders": tuple(Country(name) for name in SENDERS)}
        why = "no_sender" if sender not in SENDERS else "no_target"
        absent = Finding(f"sanctions_onset.{why}", asked)
        return Answer("sanctions_onset", asked, absent=absent, sources=SOURCES)
    one = found[sender]
    return Answer(
        "sanctions_onset",
        asked,
        tuple(_findings(one, asked)),
        tuple(table for table in _tables(one, list(found.values()), asked) if table.rows),
        sources=SOURCES,
        result=one,
    )


def begun_since(sender: str, target: str) -> tuple[Fact, ...]:
    """Sanctions that the record has of a sender on a target since the register behind the chances ends."""
    from suasion.statecraft.record import FactKind, facts_between
    from suasion.statecraft.sanctions import sanction_onsets

    last = sanction_onsets().attrs["last_year"]
    facts = (one for one in facts_between(sender, target) if one.kind is FactKind.SANCTIONS)
    return tuple(one for one in facts if one.a == sender and int(one.start[:4]) > last)


def _tables(one: SanctionOnset, found: list[SanctionOnset], asked: dict[str, Value]) -> Iterator[Table]:
    yield Table.of(
        "sanctions-onset",
        "sender probability place of loss_percent",
        [_row(each) | {"sender": each.sender} for each in found],
        axes="sender",
        picture=Picture("ranges", "probability", "sender"),
        values=asked,
        notes=(Finding("sanctions_onset.until", {"data_to": one.data_to, "year": one.year}),),
    )
    yield _since(one, found, asked)
    yield Table.of(
        "onset-factors",
        "onset_factor probability",
        [{"onset_factor": factor, "probability": value} for factor, value in one.moved],
        axes="onset_factor",
        values=asked,
    )
    yield Table.of(
        "onset-targets",
        "targets=target probability loss_percent",
        _likeliest(one.sender),
        axes="targets",
        values=asked,
        detail=True,
    )
    yield Table.of(
        "onset-skill",
        "scheme sender events expected area log_skill",
        _skill(),
        axes="scheme sender",
        detail=True,
    )


def _since(one: SanctionOnset, found: list[SanctionOnset], asked: dict[str, Value]) -> Table:
    """What each sender has begun since the register ends, as far as it was read."""
    rows = [
        {"date": fact.start, "sender": fact.a, **{k: getattr(fact, k) for k in ("what", "source", "locator")}}
        for each in found
        for fact in begun_since(each.sender, each.target)
    ]
    return Table.of(
        "onsets-since",
        "date sender what source locator",
        rows,
        values=asked,
        notes=(Finding("sanctions_onset.list", {"data_to": one.data_to}),),
    )


def _row(one: SanctionOnset) -> dict[str, Any]:
    numbers = {"probability": one.probability, "probability_low": one.low, "probability_high": one.high}
    loss = _loss(one)
    ends = {f"loss_percent_{end}": loss and getattr(loss, end) for end in ("low", "high")}
    return {**numbers, "place": one.place, "of": one.of, "loss_percent": loss and loss.value, **ends}


def _loss(one: SanctionOnset) -> Quantity | None:
    """What the target loses in the first year if all trade with the sender ends; None where no range ships.

    Of the European Union the losses of the ties to its members are laid end to end.
    """
    from suasion.coercion.leverage.intervals import losses_together
    from suasion.world import load_world

    world = load_world()
    members = members_within(one.sender, world)
    inside = not members or one.target in members
    found = None if inside else losses_together(world, (one.target,), members, "short")
    if found is None:
        return None
    low, loss, high = found
    return Quantity(loss, "percent", low, high)


def _likeliest(sender: str) -> Iterator[dict[str, Any]]:
    from suasion.statecraft.sanctions import sanction_onset, sanction_onsets

    table = sanction_onsets()
    for target in table.loc[table["sender"] == sender, "target"].head(LIKELIEST):
        if one := sanction_onset(sender, target):
            yield {"target": target} | _row(one)


def _skill() -> Iterator[dict[str, Any]]:
    """Scores of forecasts from the past alone, by sender."""
    from suasion.statecraft.sanctions import SENDERS, sanction_model

    for scheme, rows in sanction_model()["scores"].items():
        for sender in SENDERS:
            yield {"scheme": scheme, "sender": sender, **rows[sender]}


def _findings(one: SanctionOnset, asked: dict[str, Value]) -> Iterator[Finding]:
    chance = Quantity(one.probability, "probability", one.low, one.high)
    values = {**asked, "probability": chance, "base": Quantity(one.base, "probability")}
    yield Finding("sanctions_onset.chance", values, weight=MAIN + 0.9)
    factor, moved = one.moved[0]
    ranks = {"place": Quantity(one.place, "count"), "of": Quantity(one.of, "count")}
    apart: dict[str, Value] = {
        "factor": Word("onset_factor", factor),
        "moved": Quantity(moved, "probability"),
    }
    yield Finding("sanctions_onset.moved", {**asked, **ranks, **apart}, weight=MAIN)
    if loss := _loss(one):
        yield Finding("sanctions_onset.cost", {**asked, "loss": loss}, weight=USUAL + 0.9)
    yield Finding("sanctions_onset.score", {**asked, **_scores(one)}, weight=USUAL)
    for fact in begun_since(one.sender, one.target)[-1:]:
        yield Finding("sanctions_onset.since", {**asked, "date": fact.start, "what": fact.what}, weight=USUAL)
    yield Finding("sanctions_onset.begun", {**asked, "data_to": one.data_to}, weight=DETAIL)


def _scores(one: SanctionOnset) -> dict[str, Value]:
    from suasion.statecraft.sanctions import sanction_model

    model = sanction_model()
    values: dict[str, Value] = {"ahead": model["year"] - model["last_year"], "until": model["last_year"]}
    for name, scheme in (("", "one_year"), ("_later", "as_frozen")):
        score = model["scores"][scheme]["all"]
        values |= {f"{key}{name}": Quantity(round(score[key]), "count") for key in ("events", "expected")}
        values |= {f"area{name}": Quantity(score["area"], "score")}
        values |= {f"skill{name}": Quantity(score["log_skill"], "score")}
    return values
