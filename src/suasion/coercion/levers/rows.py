"""Frames of levers: what each does, what plans reach, which red lines cost what, and what cannot be moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from suasion.coercion.levers.columns import party_name
from suasion.coercion.levers.influence import OutcomeName
from suasion.coercion.levers.plan import BUDGET, LeverPlan, LeverTask, Stability, WhyNot
from suasion.coercion.levers.redlines import MET, Lines
from suasion.coercion.outcomes import band_of

LEAST_USE = 0.01
"""A lever used less than this is not listed as used."""


class LeverUnit(StrEnum):
    """What an outcome is measured in."""

    PERCENT = "percent"
    TRADE = "trade"
    RATIO = "ratio"


UNITS: dict[OutcomeName, LeverUnit] = {
    "exit_cost_a": LeverUnit.PERCENT,
    "exit_cost_b": LeverUnit.PERCENT,
    "leverage": LeverUnit.RATIO,
    "share": LeverUnit.TRADE,
    "share_later": LeverUnit.TRADE,
    "pact": LeverUnit.PERCENT,
}


class Influence(StrEnum):
    """What outsiders can do about an outcome."""

    DIRECT = "direct"
    BLOCKED = "blocked"
    NONE = "none"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True, slots=True)
class LeverResults:
    """What the frames are made of.

    task: question, levers, world as it is.
    signs: derivatives over draws.
    plans: by coalition, outcome and whether red lines bind.
    lines: red lines.
    year: of the later world, or None.
    """

    task: LeverTask
    signs: Stability
    plans: Mapping[tuple[tuple[str, ...], OutcomeName, bool], LeverPlan]
    lines: Lines
    year: int | None

    def line_on(self, column: int) -> str:
        """The first red line that limits a lever; empty where none does."""
        held = np.flatnonzero(self.lines.matrix[:, column] > 0.0)
        return self.lines.names[held[0]] if held.size else ""


def label(outcome: OutcomeName, year: int | None) -> str:
    """Name of an outcome in frames: that of a later world carries its year."""
    return f"share_{year}" if outcome == "share_later" and year else outcome


def influence_rows(found: LeverResults) -> pd.DataFrame:
    """Return one row per outcome and lever; see :class:`suasion.coercion.levers.study.Levers`."""
    rows: list[dict[str, Any]] = []
    for outcome in found.task.outcomes:
        slopes, good = found.task.start.slopes(outcome), found.signs.solved(outcome)
        usable = found.signs.usable(outcome)
        for place, column in enumerate(found.task.columns):
            low, high = band_of(good[:, place], float(slopes[place]))
            move = column.move
            given = (
                float(np.clip(move.where, 0, None).sum()) if move.kind == "transfer" else np.expm1(move.size)
            )
            rows.append(
                {
                    "outcome": label(outcome, found.year),
                    "lever": column.lever,
                    "owner": column.owner,
                    "red_line": found.line_on(place),
                    "effect": float(slopes[place]),
                    "low": float(low),
                    "high": float(high),
                    "same_sign": float(found.signs.same_sign[outcome][place]),
                    "stable": bool(usable[place]),
                    "size": float(given),
                    "basis": column.basis,
                }
            )
    return pd.DataFrame(rows)


def plan_rows(found: LeverResults) -> pd.DataFrame:
    """Return one row per plan; see :class:`suasion.coercion.levers.study.Levers`."""
    return pd.DataFrame([{**head, **_plan_row(found, plan)} for head, plan in _headed(found)])


def use_rows(found: LeverResults) -> pd.DataFrame:
    """Return one row per plan and lever in use, the most used first."""
    columns = found.task.columns
    return pd.DataFrame(
        [
            {
                **head,
                "outcome": label(plan.outcome, found.year),
                "lever": columns[k].lever,
                "owner": columns[k].owner,
                "use": float(plan.use[k]),
            }
            for head, plan in _headed(found)
            for k in np.argsort(-np.abs(plan.use), kind="stable")
            if abs(plan.use[k]) >= LEAST_USE
        ],
        columns=["coalition", "red_lines", "outcome", "lever", "owner", "use"],
    )


def _headed(found: LeverResults) -> list[tuple[dict[str, Any], LeverPlan]]:
    """Each plan with whose it is and whether red lines bind."""
    parties = found.task.question.parties
    return [
        ({"coalition": party_name(parties, coalition), "red_lines": bound}, plan)
        for (coalition, _, bound), plan in found.plans.items()
    ]


def _plan_row(found: LeverResults, plan: LeverPlan) -> dict[str, Any]:
    task, good = found.task, found.signs.solved(plan.outcome)
    base = task.start.value(plan.outcome)
    low, high = band_of(-good @ plan.use, plan.first_order)
    return {
        "outcome": label(plan.outcome, found.year),
        "base": base,
        "first_order": plan.first_order,
        "first_order_low": float(low),
        "first_order_high": float(high),
        "predicted": plan.predicted,
        "actual": plan.actual,
        "share_of_base_percent": 100.0 * plan.actual / abs(base) if base else float("nan"),
        "own_cost_usd": -plan.position.audience_usd,
        "rounds": plan.rounds,
    }


def price_rows(found: LeverResults, whole: tuple[str, ...]) -> pd.DataFrame:
    """Return one row per outcome and red line that costs something or that the plan without lines crosses."""
    rows = []
    for name in found.task.outcomes:
        within, free = found.plans[whole, name, True], found.plans[whole, name, False]
        gaps = found.lines.gaps(free.use)
        rows += [
            {"outcome": label(name, found.year), "red_line": line, "price": within.prices.get(line, 0.0),
             "crossed": bool(gap > MET)}
            for line, gap in zip(found.lines.names, gaps, strict=True)
            if line in within.prices or gap > MET
        ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["outcome", "red_line", "price", "crossed"])
    order = {label(name, found.year): place for place, name in enumerate(found.task.outcomes)}
    keys = pd.DataFrame({"place": table.outcome.map(order), "price": -table.price})
    return table.loc[keys.sort_values(["place", "price"], kind="stable").index].reset_index(drop=True)


def outcome_rows(
    found: LeverResults, whole: tuple[str, ...], matters: float, prices: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per outcome for the whole audience, those that are not measured last."""
    rows = [_class_row(found, name, whole, matters, prices) for name in found.task.outcomes]
    rows += [_absent_row(found, name, why) for name, why in found.task.absent.items()]
    return pd.DataFrame(rows)


def _class_row(
    found: LeverResults, name: OutcomeName, whole: tuple[str, ...], matters: float, prices: pd.DataFrame
) -> dict[str, Any]:
    task = found.task
    within, free = found.plans[whole, name, True], found.plans[whole, name, False]
    base = task.start.value(name)
    threshold = matters * abs(base)
    kind = (
        Influence.DIRECT
        if within.actual >= threshold
        else Influence.BLOCKED
        if free.actual >= threshold
        else Influence.NONE
    )
    why = WhyNot.SMALL if found.signs.usable(name).any() else WhyNot.UNSURE
    dearest = prices[prices.outcome == label(name, found.year)].head(1).to_dict("records")
    return {
        "outcome": label(name, found.year),
        "unit": UNITS[name],
        "base": base,
        "class": kind,
        "gain_with_red_lines": within.actual,
        "gain_without": free.actual,
        "red_line": dearest[0]["red_line"] if dearest else "",
        "price": dearest[0]["price"] if dearest else 0.0,
        "budget_price": within.prices.get(BUDGET, 0.0),
        "threshold": threshold,
        "why": why if kind is Influence.NONE else "",
    }


def _absent_row(found: LeverResults, name: OutcomeName, why: WhyNot) -> dict[str, Any]:
    return {
        "outcome": label(name, found.year),
        "unit": UNITS[name],
        "class": Influence.NOT_MEASURED,
        **dict.fromkeys(
            ("base", "gain_with_red_lines", "gain_without", "price", "budget_price", "threshold"),
            float("nan"),
        ),
        "red_line": "",
        "why": why,
    }
