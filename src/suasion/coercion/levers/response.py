"""How the pair answers a plan: each sets its own best taxes on the other and on the audience, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from suasion.coercion.frontier.ascent import Ascent, Objective
from suasion.coercion.frontier.policy_space import CLOSE, Move, flows_between
from suasion.coercion.levers.columns import Parties
from suasion.coercion.levers.influence import OutcomeName, Position
from suasion.equilibrium import Economy

if TYPE_CHECKING:
    from suasion.coercion.levers.plan import LeverPlan, LeverTask


#: A responder may lower its taxes by ten per cent of the price, or raise them to double it (assumption).
LOWEST, HIGHEST = float(np.log(0.9)), float(np.log(2.0))
#: Gradient at which an answer is good enough: at its top the objective is flat, and what it does to outcomes is read to
#: three digits.
FLAT = 2e-5


def response_moves(parties: Parties, economy: Economy) -> list[Move]:
    """Return the tariffs with which a and b can answer: b on a, a on b, a on the audience; those with trade.

    parties: who acts on whose tie.
    economy: base.
    """
    a, b = parties.pair
    used = economy.accounts.pi.transpose(1, 2, 0) > 0
    every = np.ones(used.shape[2], dtype=bool)
    pairs = {"b on a": (b, a), "a on b": (a, b), "a on the audience": (a, parties.whole)}
    moves = [Move(name, "tariff", flows_between(*sides, every) & used) for name, sides in pairs.items()]
    return [move for move in moves if np.any(move.where)]


def responses(task: LeverTask, plans: Mapping[tuple[OutcomeName, bool], LeverPlan]) -> pd.DataFrame:
    """Let b, then a, answer each plan once with its own best tariffs.

    task: question, levers, world as it is.
    plans: of the whole audience, by outcome and whether red lines bind.
    Returns: responder, outcome, red_lines, gain_before and gain_after (fall of the outcome by the plan,
      without the answer, and with it against the world in which the responder has set its best tariffs too),
      own_usd (what the plan brings the responder without its answer), answer_usd (what its answer adds).

    The tariffs in force are not those that maximise welfare in the model. So an answer to a plan is compared with what
    the responder would do without any plan: only the difference is an answer.
    """
    rows = []
    for who in ("b", "a"):
        answer = _answerer(task, who)
        start = answer(task.start, task.start)
        met = [(task.start, start)]
        for (outcome, bound), plan in plans.items():
            there = _met(met, plan.position)
            if there is None:
                there = answer(plan.position, _nearest(met, plan.position))
                met.append((plan.position, there))
            plain = _usd(plan.position, who) - _usd(task.start, who)
            rows.append(
                {
                    "responder": who,
                    "outcome": outcome,
                    "red_lines": bound,
                    "gain_before": plan.actual,
                    "gain_after": start.value(outcome) - there.value(outcome),
                    "own_usd": plain,
                    "answer_usd": _usd(there, who) - _usd(start, who) - plain,
                }
            )
        task.rest()
    return pd.DataFrame(rows)


def _met(met: Sequence[tuple[Position, Position]], position: Position) -> Position | None:
    """Answer to a plan that has been answered before."""
    return next((answer for plan, answer in met if plan is position), None)


def _nearest(met: Sequence[tuple[Position, Position]], position: Position) -> Position:
    """Answer to the plan most like this one: a climb from there is short."""
    return min(met, key=lambda pair: float(np.abs(pair[0].plan - position.plan).sum()))[1]


def _usd(position: Position, who: str) -> float:
    return position.usd(position.question.parties.pair[0 if who == "a" else 1])


def _answerer(task: LeverTask, who: str) -> Callable[[Position, Position], Position]:
    """Return the function from a plan, and the answer to a plan like it, to the plan with one side's best tariffs."""
    question, board = task.question, task.question.board
    own = question.parties.pair[0 if who == "a" else 1]
    free = np.array([move.name.startswith(f"{who} on ") for move in board.moves])
    if not free.any():
        return lambda position, like: position
    aim = Objective(
        own=own,
        harmed=np.zeros_like(own),
        weight=0.0,
        free=free,
        low=np.where(free, LOWEST, 0.0),
        high=np.where(free, HIGHEST, 0.0),
    )
    trade = board.economy.accounts.receipts.transpose(1, 2, 0)
    scale = sum(float(trade[cells].sum()) for cells, mine in zip(board.cells, free, strict=True) if mine)
    climber, open_ = Ascent(board, scale, FLAT, CLOSE), np.zeros(free.size, dtype=bool)

    def answer(position: Position, like: Position) -> Position:
        stand = climber.follow(aim, np.where(free, like.plan, position.plan), open_)
        return question.at(stand.policy, position, stand.solved)

    return answer
