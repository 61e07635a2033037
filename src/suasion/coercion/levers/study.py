"""What outsiders can change on a tie: levers, red lines, and what each coalition of them can do.

The influence matrix says what each lever does to each outcome; a linear programme finds the best use of the levers
that red lines allow; the exact solution verifies it. An outcome is then direct, blocked by a red line whose price is
printed, or not influenceable. A lever whose sign is not stable over draws of the elasticities is listed as unstable
and not used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from suasion.coercion.frontier.policy_space import board_on
from suasion.coercion.levers.columns import (
    LeftOut,
    available,
    columns_of,
    parties_of,
    party_name,
    red_lines,
)
from suasion.coercion.levers.file import LeversModel, read_levers
from suasion.coercion.levers.influence import LeverTarget, OutcomeName, PactChance, Position
from suasion.coercion.levers.plan import (
    LeverPlan,
    LeverTask,
    Stability,
    WhyNot,
    best_plan,
    stability,
)
from suasion.coercion.levers.redlines import Lines
from suasion.coercion.levers.response import response_moves, responses
from suasion.coercion.levers.rows import (
    UNITS,
    LeverResults,
    influence_rows,
    label,
    outcome_rows,
    plan_rows,
    price_rows,
    use_rows,
)
from suasion.coercion.outcomes import Horizon, economy_for
from suasion.equilibrium import Elasticities
from suasion.equilibrium import draws as draw
from suasion.errors import InputError
from suasion.types import Brief, DeficitRule, Progress
from suasion.world import World


@dataclass(frozen=True, slots=True)
class Beyond:
    """What other parts of the library add to the outcomes of levers.

    later: a projected world, in which the share of trade is an outcome too; None leaves it out.
    scenario: name of what it was projected under.
    pact: how the chance of a pact moves with trade; None leaves it out.
    absent: ``share_later`` or ``pact`` to why it is left out.
    """

    later: World | None = None
    scenario: str = ""
    pact: PactChance | None = None
    absent: Mapping[OutcomeName, WhyNot] = field(default_factory=dict)


NOTHING = Beyond()
KEY = ["outcome", "lever", "owner"]
"""Columns that name a row of the influence matrix."""


@dataclass(frozen=True, slots=True, repr=False)
class Levers(Brief):
    """What an audience can change on a tie.

    outcomes: one row per outcome for the whole audience: outcome, unit, base, class
      (:class:`suasion.coercion.levers.rows.Influence`), gain_with_red_lines, gain_without, red_line and price
      (the dearest, per full use of a lever), budget_price (per billion USD of own loss), threshold, why
      (:class:`suasion.coercion.levers.rows.WhyNot`; empty where it can be moved).
    prices: one row per outcome and red line with a price within which the whole audience's plan ends, or that
      its plan without lines crosses, the dearest first: outcome, red_line, price, crossed.
    influence: one row per outcome and lever in a hand: outcome, lever, owner, red_line (the first that limits
      it, or empty), effect (of full use, first order; negative lowers the outcome), low, high (90 % band over
      draws of the elasticities and of the lever's size), same_sign (share of draws), stable, size (rate by
      which the wedge changes at full use, or million USD), basis.
    plans: one row per coalition and outcome, with and without red lines: coalition, outcome, red_lines, base,
      first_order (gain by the influence matrix of the world as it is), first_order_low, first_order_high (its
      90 % band over draws), predicted (sum of what the linear programmes of the steps promised), actual (at
      the exact solution; gains are falls of the outcome), share_of_base_percent, own_cost_usd, rounds.
    uses: one row per plan and lever in use: coalition, red_lines, outcome, lever, owner, use (1 is full use).
    responses: what a and b do about the plans of the whole audience; see
      :func:`suasion.coercion.levers.response.responses`.
    unstable: levers without a stable sign, as (outcome, lever, owner).
    a, b, audience, coalitions: parties, as printed.
    draws, failed: of the elasticities, and how many had no equilibrium.
    budget_usd: million USD that each coalition may lose.
    horizon, deficits: how it was computed.
    model: levers and red lines.
    left_out: groups that act without some members, whose tie it is.
    unused: levers without a flow here, or that take others too: name and who they are.
    beyond: the later world and the model of pacts, where there were any.
    plans_by: coalition, outcome and whether red lines bind to the plan itself.
    """

    outcomes: pd.DataFrame
    prices: pd.DataFrame
    influence: pd.DataFrame
    plans: pd.DataFrame
    uses: pd.DataFrame
    responses: pd.DataFrame
    unstable: tuple[tuple[str, str, str], ...]
    a: str
    b: str
    audience: str
    coalitions: tuple[str, ...]
    draws: int
    failed: int
    budget_usd: float
    horizon: str
    deficits: DeficitRule
    model: LeversModel
    left_out: tuple[LeftOut, ...]
    unused: tuple[LeftOut, ...]
    beyond: Beyond
    plans_by: dict[tuple[str, str, bool], LeverPlan] = field(repr=False)


def levers(
    world: World,
    a: str,
    b: str,
    audience: Sequence[str],
    file: LeversModel | None = None,
    horizon: Horizon = "long",
    *,
    beyond: Beyond = NOTHING,
    matters: float = 0.01,
    draws: int = 16,
    seed: int = 1,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
    apart: bool = True,
    progress: Progress | None = None,
) -> Levers:
    """Find what an audience can change on the tie of a and b.

    a, b: the pair; a is the side whose dependence is in question.
    audience: countries and groups that may act, alone or together.
    file: levers and red lines from :func:`suasion.coercion.levers.file.read_levers`; those shipped by
      default.
    horizon: ``"months"``, ``"short"``, ``"long"`` or years.
    beyond: a later world, and a model of pacts, for two more outcomes.
    matters: share of an outcome's level that a plan must move to count as influence.
    draws: of the elasticities, for the signs of the levers; 0 leaves stability unknown and uses every lever.
    seed: of the draws.
    deficits: deficit rule, see :func:`suasion.equilibrium.simulate`.
    elasticities: own values that replace the presets.
    apart: whether what members reach without each other, and what the pair answers, is worked out too.
    progress: called with (done, total, what).
    Raises InputError: A number is out of range, or no lever moves anything.
    Raises SameCountryError: A party is on two sides.
    Raises NotInWorldError: A party or sector is not in the world's table.
    Raises ShockError: Red lines that nobody can meet together; the message names them.
    """
    if draws < 0 or not 0.0 < matters < 1.0:
        raise InputError(f"draws={draws} must be zero or more, and matters={matters:g} between 0 and 1.")
    model = file or read_levers()
    asked = _Asked(world, horizon, deficits, elasticities, beyond)
    task, lines, unused = _prepare(asked, (a, b), audience, model)
    say = progress or (lambda done, total, what: None)
    sets = draw(world, draws, horizon, seed=seed, elasticities=elasticities) if draws else []
    found = stability(task, sets, seed, say)
    coalitions = task.question.parties.coalitions()
    plans = _plans(task, lines, found, coalitions if apart else coalitions[-1:], say)
    say(1, 1, "answers")
    return _result(task, model, found, plans, lines, matters, asked, unused, answered=apart)


def share_effects(
    world: World,
    a: str,
    b: str,
    audience: Sequence[str],
    file: LeversModel,
    *,
    draws: int = 16,
    seed: int = 1,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
) -> Levers:
    """Find what each lever of an audience does to the share of b in the trade of a after ten years; no plan is made.

    world, a, b, audience, file, draws, seed, deficits, elasticities: As for :func:`levers`.
    Returns: With ``influence`` of the share, and its unit in ``outcomes``; all other tables are empty.
    Raises InputError, SameCountryError, NotInWorldError, ShockError: As :func:`levers`.
    """
    asked = _Asked(world, "long", deficits, elasticities, NOTHING)
    task, lines, unused = _prepare(asked, (a, b), audience, file, ("share",))
    signs = stability(
        task, draw(world, draws, "long", seed=seed, elasticities=elasticities), seed, lambda *_: None
    )
    found = LeverResults(task, signs, {}, lines, None)
    empty = dict.fromkeys(("prices", "plans", "uses", "responses"), pd.DataFrame())
    outcomes = pd.DataFrame({"outcome": ["share"], "unit": [UNITS["share"]]})
    return _levers(found, file, asked, unused, outcomes=outcomes, **empty)


@dataclass(frozen=True, slots=True)
class _Asked:
    """How the question is asked."""

    world: World
    horizon: Horizon
    deficits: DeficitRule
    elasticities: Elasticities | None
    beyond: Beyond


def _prepare(
    asked: _Asked,
    pair: tuple[str, str],
    audience: Sequence[str],
    model: LeversModel,
    only: tuple[OutcomeName, ...] = (),
) -> tuple[LeverTask, Lines, tuple[LeftOut, ...]]:
    """Lay every lever on the world as it is, and say which outcomes can be measured there, or take those named."""
    terms = asked.horizon, asked.deficits, asked.elasticities
    economy, later = economy_for(asked.world, *terms), asked.beyond.later
    if later is not None and (later.countries, later.sectors) != (asked.world.countries, asked.world.sectors):
        raise InputError(
            f"The world of {later.year} has other countries or sectors than that of {asked.world.year}."
        )
    parties = parties_of(asked.world, *pair, audience, economy.accounts)
    columns, unused = columns_of(parties, model, economy.accounts)
    moves = [*(column.move for column in columns), *response_moves(parties, economy)]
    then = None if later is None else board_on(economy_for(later, *terms), moves)
    question = LeverTarget(parties, board_on(economy, moves), then, asked.beyond.pact)
    start = question.at(np.zeros(len(moves)))
    budget = model.budget_percent / 100.0 * float(economy.accounts.income[parties.whole].sum())
    absent = {} if only else {**asked.beyond.absent, **_unmeasured(start)}
    outcomes = only or tuple(name for name in question.everything if name not in absent)
    task = LeverTask(question, columns, start, outcomes, absent, budget)
    task.seen[start.plan.tobytes()] = start
    return task, red_lines(model, columns), unused


def _unmeasured(start: Position) -> dict[OutcomeName, WhyNot]:
    """Outcomes that have no value in the world as it is, and why: a ratio of losses needs two losses."""
    return {} if np.isfinite(start.value("leverage")) else {"leverage": WhyNot.NO_LOSS}


def _plans(
    task: LeverTask, lines: Lines, found: Stability, coalitions: Sequence[tuple[str, ...]], say: Progress
) -> dict[tuple[tuple[str, ...], OutcomeName, bool], LeverPlan]:
    """Best plan of coalitions for every outcome, with and without red lines."""
    parties = task.question.parties
    none = Lines((), np.zeros((0, len(task.columns))), np.zeros(0))
    plans: dict[tuple[tuple[str, ...], OutcomeName, bool], LeverPlan] = {}
    for place, coalition in enumerate(coalitions):
        say(place, len(coalitions), party_name(parties, coalition))
        inside = available(task.columns, coalition, parties.audience)
        for outcome in task.outcomes:
            allowed = inside & found.usable(outcome)
            for bound in (True, False):
                plans[coalition, outcome, bound] = best_plan(task, outcome, allowed, lines if bound else none)
        task.rest()
    return plans


def _result(
    task: LeverTask,
    model: LeversModel,
    signs: Stability,
    plans: dict[tuple[tuple[str, ...], OutcomeName, bool], LeverPlan],
    lines: Lines,
    matters: float,
    asked: _Asked,
    unused: tuple[LeftOut, ...],
    *,
    answered: bool,
) -> Levers:
    whole, later = task.question.parties.coalitions()[-1], asked.beyond.later
    year = None if later is None else later.year
    found = LeverResults(task, signs, plans, lines, year)
    prices = price_rows(found, whole)
    met = {key[1:]: plan for key, plan in plans.items() if key[0] == whole} if answered else {}
    answers = responses(task, met) if met else pd.DataFrame({"outcome": []})
    return _levers(
        found,
        model,
        asked,
        unused,
        outcomes=outcome_rows(found, whole, matters, prices),
        prices=prices,
        plans=plan_rows(found),
        uses=use_rows(found),
        responses=answers.assign(outcome=[label(name, year) for name in answers.outcome]),
    )


def _levers(
    found: LeverResults,
    model: LeversModel,
    asked: _Asked,
    unused: tuple[LeftOut, ...],
    **frames: pd.DataFrame,
) -> Levers:
    """Put what was found together, with frames that need plans as they are given."""
    task, table = found.task, influence_rows(found)
    parties, share = task.question.parties, found.signs.values["share"]
    names = {coalition: party_name(parties, coalition) for coalition in parties.coalitions()}
    return Levers(
        **frames,
        influence=table,
        unstable=tuple(table.loc[~table.stable, KEY].itertuples(index=False, name=None)),
        a=parties.a,
        b=parties.b,
        audience=names[parties.coalitions()[-1]],
        coalitions=tuple(names.values()),
        draws=len(share),
        failed=int(np.isnan(share).any(1).sum()),
        budget_usd=task.budget,
        horizon=task.question.board.economy.parameters.horizon,
        deficits=asked.deficits,
        model=model,
        left_out=parties.left_out,
        unused=unused,
        beyond=asked.beyond,
        plans_by={
            (names[who], label(name, found.year), bound): plan
            for (who, name, bound), plan in found.plans.items()
        },
    )
