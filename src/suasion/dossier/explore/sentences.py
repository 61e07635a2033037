"""Sentences of the scenario builder: true to the printed numbers, and silent where nothing is clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.language import capital
from suasion.dossier.explore.rows import Change
from suasion.dossier.explore.sides import (
    PENDING,
    WHOLE,
    Side,
    Solved,
    change_of,
    drawn_percent,
    sentence_name,
)
from suasion.dossier.words import listing
from suasion.questions.scenarios.address import Measure, Query, plain
from suasion.questions.scenarios.instruments import BUNDLES
from suasion.world import World

MOST_NAMED = 5


def answer_sentence(world: World, sides: Sequence[Side], runs: Sequence[Solved]) -> str:
    """Say what each named side gains or loses in the short and in the long run.

    Parameters
    ----------
    world : World
        Labels.
    sides : sequence of Side
        Targets and coalition, then the rest.
    runs : sequence of Solved
        Solved horizons.
    """
    named = [side for side in sides if side.role != "other"][:MOST_NAMED]
    return " ".join(_run_sentence(world, named, run) for run in runs if run.point.reason != PENDING)


def _run_sentence(world: World, named: Sequence[Side], run: Solved) -> str:
    when = say(f"answer.{'after' if run.key == 'dial' else 'in_the'}", run=run.label)
    if run.point.reason:
        return say("answer.no_number", when=when, reason=run.point.reason.rstrip("."))
    parts = [
        _moves(side.name, change_of(world, side.codes, run), first=k == 0) for k, side in enumerate(named)
    ]
    return say("answer.run", when=when, parts=listing(parts))


def _moves(name: str, change: Change, *, first: bool) -> str:
    """Phrase one side's change; a change too small to notice gets no direction word."""
    percent, usd = change.percent or 0.0, change.usd or 0.0
    sign, number = n.sign_of(percent, n.NOTICED_PERCENT), "several" if plural(name) else "one"
    band = n.band(change.low, change.high)
    if change.low is not None and change.high is not None and change.low < 0 < change.high:
        return say(f"answer.unclear.{number}", name=name, band=band)
    if sign == 0:
        return say(f"answer.hardly.{number}", name=name, size=n.signed_percent(percent))
    inside = say("answer.band", band=band) if band else ""
    of = say("answer.of_expenditure") if first else ""
    verb = say(f"answer.{'loses' if sign < 0 else 'gains'}.{number}")
    return say(
        "answer.moves", name=name, verb=verb, percent=n.percent(percent), of=of, band=inside, usd=n.usd(usd)
    )


def verdict_sentence(world: World, sides: Sequence[Side], runs: Sequence[Solved]) -> str:
    """Say who loses more, in per cent and in money, in each run; nothing where one side is missing.

    Parameters
    ----------
    world : World
        Labels.
    sides : sequence of Side
        Targets and coalition, then the rest.
    runs : sequence of Solved
        Solved horizons.
    """
    pair = [_whole(sides, role) for role in ("target", "coalition")]
    if any(side is None for side in pair):
        return ""
    target, coalition = pair[0], pair[1]
    assert target is not None
    assert coalition is not None
    told = [_compare(world, target, coalition, run) for run in runs if run.point.usd]
    return " ".join(sentence for sentence in told if sentence)


def _whole(sides: Sequence[Side], role: str) -> Side | None:
    """The side as a whole: the last of its role."""
    found = next((side for side in reversed(sides) if side.role == role), None)
    return None if found is None else replace(found, name=found.name.removesuffix(WHOLE))


def _compare(world: World, target: Side, coalition: Side, run: Solved) -> str:
    when = capital(
        say("answer.after" if run.key == "dial" else "answer.in_the_run", run=run.label, horizon=run.key)
    )
    ours, theirs = (change_of(world, side.codes, run) for side in (coalition, target))
    signs = [n.sign_of(change.percent or 0.0) for change in (ours, theirs)]
    if signs != [-1, -1]:
        if sorted(signs) == [-1, 1]:
            loser, gainer = (target, coalition) if signs[1] < 0 else (coalition, target)
            words = {"loses": _verb("loses", loser), "gains": _verb("gains", gainer)}
            return say("answer.one_loses", when=when, loser=loser.name, gainer=gainer.name, **words)
        return ""
    share = _more((target, theirs.percent), (coalition, ours.percent), _clear(world, target, coalition, run))
    money = _more((target, theirs.usd), (coalition, ours.usd), clear=True)
    return say("answer.compared", when=when, share=share, money=money)


def _verb(verb: str, side: Side) -> str:
    return say(f"answer.{verb}.{'several' if plural(side.name) else 'one'}")


def plural(name: str) -> bool:
    """Whether a side's name takes the verb in the plural.

    Parameters
    ----------
    name : str
        As printed inside a sentence.
    """
    return name.startswith((say("side.all_begins"), say("panel.the_targets")))


def _more(first: tuple[Side, float | None], second: tuple[Side, float | None], clear: bool) -> str:
    a, b = abs(first[1] or 0.0), abs(second[1] or 0.0)
    ratio = max(a, b) / min(a, b)
    if not clear or ratio < n.ABOUT_EQUAL:
        return say("answer.no_difference")
    more, less = (first[0], second[0]) if a > b else (second[0], first[0])
    words = {"verb": _verb("loses", more), "times": n.ratio(ratio)}
    return say("answer.more", more=more.name, less=less.name, **words)


def _clear(world: World, target: Side, coalition: Side, run: Solved) -> bool:
    """Whether the band of the difference in per cent leaves zero out; always without draws."""
    drawn = [
        drawn_percent(run, [world.countries.index(code) for code in side.codes])
        for side in (target, coalition)
    ]
    if drawn[0] is None or drawn[1] is None or drawn[0].size != drawn[1].size or not drawn[0].size:
        return True
    low, high = np.quantile(drawn[0] - drawn[1], (0.05, 0.95))
    return bool(low > 0 or high < 0)


def question_of(query: Query) -> str:
    """Title of the page: the first measure as a question, or the reader's own name for the scenario."""
    if query.name:
        return say("asked.named", name=query.name)
    first = query.measures[0]
    added = first.kind in ("tariff", "export_tax") and first.how != "set"
    asked = say(
        f"asked.{first.kind}{'_add' if added else ''}",
        by=listing([sentence_name(token) for token in first.by]),
        on=listing([sentence_name(token) for token in first.on]),
        size=plain(first.size).replace("-", n.MINUS),
        goods=_goods(first),
    )
    more = len(query.measures) - 1
    if not more:
        return asked
    return say("asked.more" if more > 1 else "asked.one_more", asked=asked.removesuffix("?"), count=more)


def _goods(measure: Measure) -> str:
    """Goods of a measure as its question has them; nothing, or "anything", where it covers everything."""
    words = [BUNDLES[word][0].split(":")[0].lower() if word in BUNDLES else word for word in measure.sectors]
    kind = measure.kind if measure.kind in ("embargo", "export_ban", "import_ban") else "other"
    return say(f"asked.goods_{kind}", goods=listing(words)) if words else say(f"asked.all_{kind}")
