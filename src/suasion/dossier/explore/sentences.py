"""Sentences of the scenario builder: true to the printed numbers, and silent where nothing is clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from suasion.dossier import numbers as n
from suasion.dossier.explore.instruments import BUNDLES
from suasion.dossier.explore.query import Measure, Query, plain
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
from suasion.dossier.words import capital, listing
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
    when = f"In the {run.label}" if run.key != "dial" else f"After {run.label}"
    if run.point.reason:
        return f"{when}, there is no number: {run.point.reason.rstrip('.')}."
    parts = [
        _moves(side.name, change_of(world, side.codes, run), first=k == 0) for k, side in enumerate(named)
    ]
    return f"{when}, {listing(parts)}."


def _moves(name: str, change: Change, *, first: bool) -> str:
    """Phrase one side's change."""
    percent, usd = change.percent or 0.0, change.usd or 0.0
    sign = n.sign_of(percent)
    several = _plural(name)
    if sign == 0:
        return f"{name} {'see' if several else 'sees'} no change to speak of"
    verb = ("lose" if sign < 0 else "gain") + ("" if several else "s")
    band = n.band(change.low, change.high)
    if change.low is not None and change.high is not None and change.low < 0 < change.high:
        return f"{name} {'have' if several else 'has'} no clear gain or loss (90 % band {band} %)"
    inside = f"90 % band {band} %; " if band else ""
    of = " of real expenditure" if first else ""
    return f"{name} {verb} {n.percent(percent)}{of} ({inside}{n.usd(usd)} a year)"


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
    when = f"in the {run.key} run" if run.key != "dial" else f"after {run.label}"
    ours, theirs = (change_of(world, side.codes, run) for side in (coalition, target))
    signs = [n.sign_of(change.percent or 0.0) for change in (ours, theirs)]
    if signs != [-1, -1]:
        if sorted(signs) == [-1, 1]:
            loser, gainer = (target, coalition) if signs[1] < 0 else (coalition, target)
            return (
                f"{capital(when)}, {loser.name} {_s(loser, 'lose')} while {gainer.name} {_s(gainer, 'gain')}."
            )
        return ""
    share = _more((target, theirs.percent), (coalition, ours.percent), _clear(world, target, coalition, run))
    money = _more((target, theirs.usd), (coalition, ours.usd), clear=True)
    return f"{capital(when)}, in per cent of own expenditure {share}; in money {money}."


def _s(side: Side, verb: str) -> str:
    return verb if _plural(side.name) else f"{verb}s"


def _plural(name: str) -> bool:
    return name.startswith(("all ", "the targets"))


def _more(first: tuple[Side, float | None], second: tuple[Side, float | None], clear: bool) -> str:
    a, b = abs(first[1] or 0.0), abs(second[1] or 0.0)
    ratio = max(a, b) / min(a, b)
    if not clear or ratio < n.ABOUT_EQUAL:
        return "there is no clear difference between the two sides"
    more, less = (first[0], second[0]) if a > b else (second[0], first[0])
    return f"{more.name} {_s(more, 'lose')} {n.times(ratio)} as much as {less.name}"


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


_QUESTIONS = {
    "embargo": "What if {by} put an embargo on {on}{goods}?",
    "export_ban": "What if {by} stopped selling to {on}{goods}?",
    "import_ban": "What if {by} stopped buying from {on}{goods}?",
    "tariff": "What if {by} put a tariff of {size} % on imports from {on}{goods}?",
    "tariff add": "What if {by} added {size} percentage points to tariffs on imports from {on}{goods}?",
    "export_tax": "What if {by} taxed exports to {on} at {size} %{goods}?",
    "export_tax add": "What if {by} added {size} percentage points to taxes on exports to {on}{goods}?",
    "trade_cost": "What if trade between {by} and {on} had {size} % higher costs{goods}?",
    "quota": "What if {by} cut imports from {on} by {size} %{goods}?",
    "price_cap": "What if {by} held import prices from {on} {size} % below the base{goods}?",
    "productivity": "What if productivity in {on} changed by {size} %{goods}?",
    "labour": "What if labour and other factors of {on} changed by {size} %?",
    "transfer": "What if {by} gave {on} {size} million USD a year?",
}


def question_of(query: Query) -> str:
    """Title of the page: the first measure as a question, or the reader's own name for the scenario."""
    if query.name:
        return f"What if: {query.name}?"
    first = query.measures[0]
    variant = (
        f"{first.kind} add" if first.kind in ("tariff", "export_tax") and first.how != "set" else first.kind
    )
    asked = _QUESTIONS[variant].format(
        by=listing([sentence_name(token) for token in first.by]),
        on=listing([sentence_name(token) for token in first.on]),
        size=plain(first.size).replace("-", n.MINUS),
        goods=_goods(first),
    )
    more = len(query.measures) - 1
    return (
        asked
        if not more
        else f"{asked.removesuffix('?')}, with {more} more measure{'s' if more > 1 else ''}?"
    )


def _goods(measure: Measure) -> str:
    """Goods of a measure as an aside; nothing where it covers everything."""
    words = [BUNDLES[word][0].split(":")[0].lower() if word in BUNDLES else word for word in measure.sectors]
    return f" ({listing(words)})" if words else ""
