"""The alliance model's answer in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from suasion.sources.countries import country_name
from suasion.statecraft.alliance.evaluation import LATE

if TYPE_CHECKING:
    from suasion.statecraft.alliance.answer import AllianceProbability, KindAnswer
    from suasion.statecraft.alliance.horizons import Within

LABELS = {
    "rivals_shared": "rivals in common",
    "rivalry": "rivalry between them",
    "dispute": "disputes between them",
    "strength": "strength of the stronger",
    "parity": "parity of power",
    "power_change": "change of power",
    "major": "a major power among them",
    "both_major": "two major powers",
    "ideal_distance": "distance of votes",
    "no_votes": "votes not known",
    "trade_dependence": "trade dependence",
    "no_trade": "trade not known",
    "land_border": "land border",
    "distance": "distance",
    "regime_difference": "difference of regimes",
    "democracy": "democracy of the less democratic",
    "regime_change": "change of regime",
    "allies_shared": "allies in common",
    "allies_most": "allies of the one that has more",
    "promises": "weaker promises in force",
    "past_pact": "an earlier pact",
    "quiet": "years without a pact",
    "age": "age of the pact",
    "many_members": "a pact of many",
    "recent_rate": "the decade's rate",
    "threat": "threats and disputes",
    "power": "power",
    "votes": "votes in the General Assembly",
    "trade": "trade",
    "place": "nearness",
    "closeness": "votes, trade and regimes",
    "regimes": "regimes",
    "network": "other allies",
    "history": "their own pacts, past and weaker",
    "system": "how often pacts are signed in the decade",
}
"""Covariates and their groups in words."""
KIND = {"bilateral": "a bilateral pact", "multilateral": "a pact of many", "ending": "the end of their pact"}
EITHER_OR = frozenset(
    {"rivalry", "major", "both_major", "no_votes", "no_trade", "land_border"}
    | {"promises", "past_pact", "many_members"}
)
"""Covariates that a pair has or has not."""
SMALL = 0.3
"""Log skill below which it is called small: an assumption."""
SHOWN = 3


def alliance_sentences(answer: AllianceProbability) -> tuple[str, ...]:
    """Return the answer in words: the headline with its skill, its kinds, what moves it, where it stands, what is old.

    Parameters
    ----------
    answer : AllianceProbability
        For a pair.

    Returns
    -------
    tuple of str
    """
    made = [_headline(answer, row) for row in answer.within]
    made.append(_split(answer))
    for kind in answer.kinds:
        if kind.hazard is not None:
            made += [_movers(kind), _place(kind)]
    if answer.peers is not None:
        made.append(_peers(answer))
    made.append(_age(answer))
    return tuple(made)


def _headline(answer: AllianceProbability, row: Within) -> str:
    names = f"{country_name(answer.a)} and {country_name(answer.b)}"
    does = "sign a defence pact" if answer.event == "forming" else "end their defence pact"
    span = f"within {row.years} year{'s' if row.years > 1 else ''} from {answer.as_of}"
    lead = f"{names} {does} {span}: {percent(row.probability)} ({percent(row.low)} to {percent(row.high)})"
    skill = f"{row.log_skill:.2f} ({row.skill_low:.2f} to {row.skill_high:.2f})"
    if row.model is None or row.model_low is None or row.model_high is None:
        unsure = (
            " The treaties read do not say whether they have a pact; if they have, this does not apply."
            if answer.pact == "unknown"
            else ""
        )
        return (
            f"{lead}, the base rate of all pairs; the model knows nothing of this pair without data.{unsure}"
        )
    if row.headline == "model":
        size = "small" if row.log_skill < SMALL else "clear"
        return (
            f"{lead} by a model whose skill against the base rate ({percent(row.base)}) is {size}: {skill} of the "
            "log score saved."
        )
    inside = f"[model: {percent(row.model)}, {percent(row.model_low)} to {percent(row.model_high)}]"
    late = f"{row.late_skill:.2f} ({row.late_low:.2f} to {row.late_high:.2f})"
    since = "" if row.skill_low <= 0 else f", but from {LATE} on, one year ahead, {late}"
    return (
        f"{lead}, the base rate of all pairs {inside}: the model's skill against it is small, {skill} of the log score "
        f"saved{since}, an interval that includes zero."
    )


def _split(answer: AllianceProbability) -> str:
    parts = []
    for kind in answer.kinds:
        text = f"{KIND[kind.kind]}: base rate {percent(kind.base)} a year"
        if kind.hazard is not None and kind.low is not None and kind.high is not None:
            text += f", model {percent(kind.hazard)} ({percent(kind.low)} to {percent(kind.high)})"
        if kind.trees is not None:
            text += f", trees {percent(kind.trees)}"
        parts.append(text)
    return f"{'; '.join(parts)}."[0].upper() + f"{'; '.join(parts)}."[1:]


def _movers(kind: KindAnswer) -> str:
    up = [_mover(*m) for m in kind.movers if m[1] > 0.05][:SHOWN]
    down = [_mover(*m) for m in kind.movers if m[1] < -0.05][:SHOWN]
    raising = f"raised by {', '.join(up)}" if up else "raised by nothing"
    lowering = f"lowered by {', '.join(down)}" if down else "lowered by nothing"
    return f"The odds of {KIND[kind.kind]}, against the average pair at risk, are {raising}; {lowering}."


def _mover(name: str, effect: float, side: str) -> str:
    """A covariate with its side of the average and its factor: it is low distance that raises the odds."""
    factor = f"x{math.exp(effect):.2g}"
    if name in EITHER_OR:
        return f"{LABELS[name]} ({factor})" if side == "above" else f"{LABELS[name]} (no, {factor})"
    return f"{LABELS[name]} ({side} average, {factor})" if side else f"{LABELS[name]} ({factor})"


def _place(kind: KindAnswer) -> str:
    signed, others = kind.above_events or 0.0, kind.above_others or 0.0
    if kind.kind == "ending":
        return (
            f"Of the pacts that ended, {percent(signed)} had looked less likely to in the year before; of the years in "
            f"which one stood, {percent(others)}."
        )
    return (
        f"Of the pairs that signed {KIND[kind.kind]}, {percent(signed)} had looked less likely to in the year before; "
        f"of the years in which a pair did not, {percent(others)}."
    )


def _peers(answer: AllianceProbability) -> str:
    assert answer.peers is not None
    powers, events, rows = answer.peers
    pairs = {"two": "two major powers", "one": "one major power", "no": "no major power"}[powers]
    what = "began" if answer.event == "forming" else "ended"
    return f"Of pairs with {pairs}, {events} pacts {what} in {rows:,} pair-years at risk since {answer.training[0]}."


def _age(answer: AllianceProbability) -> str:
    first, last = answer.training
    text = f"Pacts are known to {answer.data_year}; the model was trained on {first} to {last}"
    if answer.as_of > answer.data_year and answer.basis != "base rate only":
        text += f", and the {answer.as_of - answer.data_year} years since widen its band"
    if answer.carried:
        old = ", ".join(f"{LABELS[n]} ({y} years)" for n, y in answer.carried)
        text += f". Carried forward to {answer.data_year} from their last values: {old}"
    return f"{text}."


def percent(p: float) -> str:
    """Probability in per cent, two digits that count."""
    value = 100.0 * p
    if value == 0:
        return "0 %"
    if value >= 99.95 or value < 0.0005:
        return "over 99.9 %" if value > 50 else "under 0.001 %"
    return f"{value:.2g} %" if value < 10 else f"{value:.0f} %"
