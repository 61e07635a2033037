"""Tables and sentences of levers."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.levers.columns import party_name
from suasion.coercion.levers.influence import OutcomeName
from suasion.coercion.levers.plan import BUDGET, Plan, Task, used_levers
from suasion.coercion.levers.redlines import MET, Lines

if TYPE_CHECKING:
    from suasion.coercion.levers.study import Levers

FloatArray = NDArray[np.float64]
BAND = (0.05, 0.95)

UNITS: dict[str, str] = {
    "exit_cost_a": "per cent",
    "exit_cost_b": "per cent",
    "leverage": "ratio",
    "share": "per cent of trade",
    "share_later": "per cent of trade",
    "pact": "per cent",
}
_WORDS = {
    "exit_cost_a": "the exit cost of {a}",
    "exit_cost_b": "the exit cost of {b}",
    "leverage": "the leverage of {b} over {a}",
    "share": "the share of {b} in the trade of {a}",
    "share_later": "the share of {b} in the trade of {a} in {year}",
    "pact": "the chance of a defence pact of {a} and {b}{years}, by the forecast of pacts,",
}


class Influence(StrEnum):
    """What outsiders can do about an outcome."""

    DIRECT = "direct"
    BLOCKED = "blocked"
    NONE = "none"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True, slots=True)
class Found:
    """What the tables are made of.

    Attributes
    ----------
    task : question, levers, world as it is
    drawn : outcome to (draws, K) derivatives
    same : outcome to (K,) share of draws with the central sign
    plans : by coalition, outcome and whether red lines bind
    lines : red lines
    stable : share of draws from which on a sign counts as stable
    year : of the later world, or None
    """

    task: Task
    drawn: Mapping[OutcomeName, FloatArray]
    same: Mapping[OutcomeName, FloatArray]
    plans: Mapping[tuple[tuple[str, ...], OutcomeName, bool], Plan]
    lines: Lines
    stable: float
    year: int | None

    def good(self, outcome: OutcomeName) -> FloatArray:
        """Derivatives at the draws that have an equilibrium, (draws, K)."""
        drawn = self.drawn[outcome]
        return np.asarray(drawn[np.isfinite(drawn).all(1)])


def label(outcome: OutcomeName, year: int | None) -> str:
    """Name of an outcome in tables: that of a later world carries its year."""
    return f"share_{year}" if outcome == "share_later" else outcome


def influence_rows(found: Found) -> pd.DataFrame:
    """Return one row per outcome and lever; see :class:`suasion.coercion.levers.study.Levers`."""
    rows: list[dict[str, Any]] = []
    for outcome in found.task.outcomes:
        slopes, good = found.task.start.slopes(outcome), found.good(outcome)
        for place, column in enumerate(found.task.columns):
            low, high = np.quantile(good[:, place], BAND) if len(good) else (np.nan, np.nan)
            share = float(found.same[outcome][place])
            move = column.move
            given = (
                float(np.clip(move.where, 0, None).sum()) if move.kind == "transfer" else np.expm1(move.size)
            )
            rows.append(
                {
                    "outcome": label(outcome, found.year),
                    "lever": column.lever,
                    "owner": column.owner,
                    "effect": float(slopes[place]),
                    "low": float(low),
                    "high": float(high),
                    "same_sign": share,
                    "stable": bool(np.isnan(share) or share >= found.stable),
                    "size": float(given),
                    "basis": column.basis,
                }
            )
    return pd.DataFrame(rows)


def plan_rows(found: Found, whole: tuple[str, ...], matters: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of all plans, and the classes of the outcomes for the whole audience."""
    parties = found.task.question.parties
    rows = [
        {"coalition": party_name(parties, coalition), "red_lines": bound, **_plan_row(found, plan)}
        for (coalition, _, bound), plan in found.plans.items()
    ]
    outcomes = [_class_row(found, name, whole, matters) for name in found.task.outcomes]
    outcomes += [_absent_row(found, name, why) for name, why in found.task.absent.items()]
    return pd.DataFrame(rows), pd.DataFrame(outcomes)


def _plan_row(found: Found, plan: Plan) -> dict[str, Any]:
    task, good = found.task, found.good(plan.outcome)
    base = task.start.value(plan.outcome)
    low, high = np.quantile(-good @ plan.use, BAND) if len(good) else (np.nan, np.nan)
    return {
        "outcome": label(plan.outcome, found.year),
        "base": base,
        "first_order": plan.first_order,
        "first_order_low": float(low),
        "first_order_high": float(high),
        "predicted": plan.predicted,
        "actual": plan.actual,
        "share_of_base_percent": 100.0 * plan.actual / abs(base) if base else float("nan"),
        "levers": used_levers(task.columns, plan.use),
        "own_cost_usd": -plan.position.audience_usd,
        "rounds": plan.rounds,
    }


def _class_row(found: Found, name: OutcomeName, whole: tuple[str, ...], matters: float) -> dict[str, Any]:
    task, lines = found.task, found.lines
    within, free = found.plans[whole, name, True], found.plans[whole, name, False]
    base = task.start.value(name)
    threshold = matters * abs(base)
    priced = {line: price for line, price in within.prices.items() if line in lines.names}
    kind = (
        Influence.DIRECT
        if within.actual >= threshold
        else Influence.BLOCKED
        if free.actual >= threshold
        else Influence.NONE
    )
    crossed = [line for line, gap in zip(lines.names, lines.gaps(free.use), strict=True) if gap > MET]
    order = list(dict.fromkeys([*sorted(priced, key=lambda line: -priced[line]), *crossed]))
    return {
        "outcome": label(name, found.year),
        "unit": UNITS[name],
        "base": base,
        "class": kind,
        "gain_with_red_lines": within.actual,
        "gain_without": free.actual,
        "blocked_by": "; ".join(order),
        "price": priced.get(order[0], 0.0) if order else 0.0,
        "budget_price": within.prices.get(BUDGET, 0.0),
        "levers": used_levers(task.columns, within.use),
        "threshold": threshold,
        "why": _why(found, name, free) if kind == Influence.NONE else "",
    }


def _why(found: Found, name: OutcomeName, free: Plan) -> str:
    """Why nothing can be done about an outcome."""
    same = found.same[name]
    if not (np.isnan(same) | (same >= found.stable)).any():
        said = f"no lever has the same sign in {100 * found.stable:.0f} per cent of the draws"
    else:
        said = f"all levers together, red lines aside, move it by {free.actual:.2g}"
    if name != "pact":
        return said
    share = max(
        (plan for (_, outcome, _), plan in found.plans.items() if outcome == "share"),
        key=lambda plan: plan.actual,
    )
    return (
        f"{said}; at its word the model says {share.position.value('pact'):.3g} per cent at the plan that lowers the "
        "share most"
    )


def _absent_row(found: Found, name: OutcomeName, why: str) -> dict[str, Any]:
    numbers = ("base", "gain_with_red_lines", "gain_without", "price", "budget_price", "threshold")
    words = {"blocked_by": "", "levers": "", "why": why}
    return {
        "outcome": label(name, found.year) if found.year else name,
        "unit": UNITS[name],
        "class": Influence.NOT_MEASURED,
        **dict.fromkeys(numbers, float("nan")),
        **words,
    }


def spoken(name: str, a: str, b: str) -> str:
    """Name of a lever or red line in words, its sides called by their names.

    Parameters
    ----------
    name : as in the file, such as ``energy_offered_to_b``
    a, b : what the two states are called
    """
    sides = {"a": a, "b": b}
    return re.sub(
        r"(?<![A-Za-z])[ab](?![A-Za-z])", lambda found: sides[found.group()], name.replace("_", " ")
    )


def lever_sentences(found: Levers) -> tuple[str, ...]:
    """Say what an audience can change; every number is in the tables."""
    said = [_sentence(found, row) for row in found.outcomes.to_dict("records")]
    said += _alone(found)
    loose = sorted(
        {spoken(lever, found.a, found.b) for outcome, lever, _ in found.unstable if outcome != "pact"}
    )
    if loose:
        said.append(
            f"Not used on some outcome, since their sign is not stable over draws: {', '.join(loose)}."
        )
    return tuple(said)


def said_outcome(found: Levers, outcome: str) -> str:
    """Name of an outcome in words."""
    key = "share_later" if outcome not in _WORDS else outcome
    later, pact = found.beyond.later, found.beyond.pact
    year, years = (later.year if later else "a later year"), (f" by {pact.closes}" if pact else "")
    return _WORDS[key].format(a=found.a, b=found.b, year=year, years=years)


def _sentence(found: Levers, row: Mapping[Hashable, Any]) -> str:
    """What can be done about one outcome."""
    what = said_outcome(found, row["outcome"])
    unit = "" if row["unit"] == "ratio" else f" {row['unit']}"
    if row["class"] == Influence.NOT_MEASURED:
        return f"{what[0].upper()}{what[1:].rstrip(',')} is not measured: {row['why'].rstrip('.')}."
    head = f"{what[0].upper()}{what[1:]} is {row['base']:.3g}{unit}"
    within, free = f"{row['gain_with_red_lines']:.2g}", f"{row['gain_without']:.2g}"
    line = spoken(row["blocked_by"].split("; ")[0], found.a, found.b)
    if row["class"] == Influence.DIRECT:
        used = dict.fromkeys(
            spoken(part.split(" (")[0], found.a, found.b) for part in row["levers"].split("; ")
        )
        more = f" Without them, by {free}." if row["blocked_by"] else ""
        if row["price"]:
            more += f" The dearest, '{line}', costs {row['price']:.2g} per full use of one more lever."
        return f"{head}; {found.audience} can lower it by {within} within the red lines ({', '.join(used)}).{more}"
    if row["class"] == Influence.BLOCKED:
        return (
            f"{head}; {found.audience} can lower it by {within} within the red lines and by {free} without them. The "
            f"red line '{line}' costs {row['price']:.2g} per full use of a lever."
        )
    return f"{head}; no plan of {found.audience} moves it by {row['threshold']:.2g} or more: {row['why']}."


def _alone(found: Levers) -> list[str]:
    """What the members do without each other, on the share of trade."""
    if len(found.coalitions) < 2:
        return []
    words = []
    for bound, what in ((True, "within the red lines"), (False, "without them")):
        rows = found.plans[(found.plans.outcome == "share") & (found.plans.red_lines == bound)]
        words.append(
            f"{what} "
            + ", ".join(f"{row.coalition} {row.share_of_base_percent:.1f}" for row in rows.itertuples())
        )
    return [
        f"The share of {found.b} in the trade of {found.a} falls at most by this many per cent of itself: "
        f"{'; '.join(words)}."
    ]
