"""Tables and sentences of levers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.levers_columns import party_name
from suasion.coercion.levers_influence import OUTCOMES, OutcomeName
from suasion.coercion.levers_plan import BUDGET, Plan, Task, used_levers
from suasion.coercion.redlines import MET, Lines

if TYPE_CHECKING:
    from suasion.coercion.levers import Levers

FloatArray = NDArray[np.float64]
BAND = (0.05, 0.95)

UNITS: dict[str, str] = {
    "exit_cost_a": "per cent",
    "exit_cost_b": "per cent",
    "leverage": "ratio",
    "share": "per cent of trade",
}
_WORDS = {
    "exit_cost_a": "the exit cost of {a}",
    "exit_cost_b": "the exit cost of {b}",
    "leverage": "the leverage of {b} over {a}",
    "share": "the share of {b} in the trade of {a}",
}
DIRECT, BLOCKED, NOT = "direct", "blocked by a red line", "not influenceable"


def influence_rows(
    task: Task,
    drawn: Mapping[OutcomeName, FloatArray],
    same: Mapping[OutcomeName, FloatArray],
    stable: float,
) -> pd.DataFrame:
    """Return one row per outcome and lever; see :class:`suasion.coercion.levers.Levers`."""
    rows: list[dict[str, Any]] = []
    for outcome in OUTCOMES:
        good = drawn[outcome][np.isfinite(drawn[outcome]).all(1)]
        for place, column in enumerate(task.columns):
            low, high = np.quantile(good[:, place], BAND) if len(good) else (np.nan, np.nan)
            share = float(same[outcome][place])
            move = column.move
            transfer = move.kind == "transfer"
            rows.append(
                {
                    "outcome": outcome,
                    "lever": column.lever,
                    "owner": column.owner,
                    "effect": float(task.matrix[outcome][place]),
                    "low": float(low),
                    "high": float(high),
                    "same_sign": share,
                    "stable": bool(np.isnan(share) or share >= stable),
                    "size": float(np.clip(move.where, 0, None).sum())
                    if transfer
                    else float(np.expm1(move.size)),
                    "basis": column.basis,
                }
            )
    return pd.DataFrame(rows)


def plan_rows(
    task: Task,
    plans: Mapping[tuple[tuple[str, ...], OutcomeName, bool], Plan],
    whole: tuple[str, ...],
    lines: Lines,
    matters: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of all plans, and the classes of the outcomes for the whole audience."""
    parties = task.question.parties
    rows = [
        {"coalition": party_name(parties, coalition), "red_lines": bound, **_plan_row(task, plan)}
        for (coalition, _, bound), plan in plans.items()
    ]
    outcomes = [
        _class_row(task, plans[whole, name, True], plans[whole, name, False], lines, matters)
        for name in OUTCOMES
    ]
    return pd.DataFrame(rows), pd.DataFrame(outcomes)


def _plan_row(task: Task, plan: Plan) -> dict[str, Any]:
    base = task.start.values[plan.outcome]
    return {
        "outcome": plan.outcome,
        "base": base,
        "first_order": plan.first_order,
        "predicted": plan.predicted,
        "actual": plan.actual,
        "share_of_base_percent": 100.0 * plan.actual / abs(base) if base else float("nan"),
        "levers": used_levers(task.columns, plan.use),
        "own_cost_usd": -plan.position.audience_usd,
        "rounds": plan.rounds,
    }


def _class_row(task: Task, within: Plan, free: Plan, lines: Lines, matters: float) -> dict[str, Any]:
    base = task.start.values[within.outcome]
    threshold = matters * abs(base)
    priced = {name: price for name, price in within.prices.items() if name in lines.names}
    kind = DIRECT if within.actual >= threshold else BLOCKED if free.actual >= threshold else NOT
    crossed = [name for name, gap in zip(lines.names, lines.gaps(free.use), strict=True) if gap > MET]
    order = list(dict.fromkeys([*sorted(priced, key=lambda name: -priced[name]), *crossed]))
    return {
        "outcome": within.outcome,
        "unit": UNITS[within.outcome],
        "base": base,
        "class": kind,
        "gain_with_red_lines": within.actual,
        "gain_without": free.actual,
        "blocked_by": "; ".join(order),
        "price": priced.get(order[0], 0.0) if order else 0.0,
        "budget_price": within.prices.get(BUDGET, 0.0),
        "levers": used_levers(task.columns, within.use),
        "threshold": threshold,
    }


def lever_sentences(found: Levers) -> tuple[str, ...]:
    """Say what an audience can change; every number is in the tables."""
    said = [_sentence(found, row) for row in found.outcomes.to_dict("records")]
    said += _alone(found)
    if found.unstable:
        names = sorted({lever.replace("_", " ") for _, lever, _ in found.unstable})
        said.append(
            f"Not used on some outcome, since their sign is not stable over draws: {', '.join(names)}."
        )
    return tuple(said)


def _sentence(found: Levers, row: Mapping[Hashable, Any]) -> str:
    """What can be done about one outcome."""
    what = _WORDS[row["outcome"]].format(a=found.a, b=found.b)
    unit = "" if row["unit"] == "ratio" else f" {row['unit']}"
    head = f"{what[0].upper()}{what[1:]} is {row['base']:.3g}{unit}"
    within, free = f"{row['gain_with_red_lines']:.2g}", f"{row['gain_without']:.2g}"
    if row["class"] == DIRECT:
        used = dict.fromkeys(part.split(" (")[0].replace("_", " ") for part in row["levers"].split("; "))
        more = f" Without them it would be {free}." if row["blocked_by"] else ""
        return f"{head}; {found.audience} can lower it by {within} within the red lines ({', '.join(used)}).{more}"
    if row["class"] == BLOCKED:
        line = row["blocked_by"].split("; ")[0].replace("_", " ")
        return (
            f"{head}; {found.audience} can lower it by {within} within the red lines and by {free} without them. The "
            f"red line '{line}' costs {row['price']:.2g} per full use of a lever."
        )
    return f"{head}; no plan of {found.audience} moves it by {row['threshold']:.2g} or more."


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
