"""How the pair answers a plan: each sets its own best taxes on the other and on the audience, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.frontier_board import Move
from suasion.coercion.frontier_climb import Aim, Climber
from suasion.coercion.frontier_groups import flows_between
from suasion.coercion.levers_columns import Parties
from suasion.coercion.levers_influence import OutcomeName, Position
from suasion.equilibrium import Economy

if TYPE_CHECKING:
    from suasion.coercion.levers_plan import Plan, Task

FloatArray = NDArray[np.float64]

#: A responder may lower its taxes by ten per cent of the price, or raise them to double it (assumption).
LOWEST, HIGHEST = float(np.log(0.9)), float(np.log(2.0))


def response_moves(parties: Parties, economy: Economy) -> list[Move]:
    """Return the tariffs with which a and b can answer: b on a, a on b, a on the audience; those with trade.

    Parameters
    ----------
    parties : who acts on whose tie
    economy : base
    """
    a, b = parties.pair
    used = economy.accounts.pi.transpose(1, 2, 0) > 0
    every = np.ones(used.shape[2], dtype=bool)
    pairs = {"b on a": (b, a), "a on b": (a, b), "a on the audience": (a, parties.whole)}
    moves = [Move(name, "tariff", flows_between(*sides, every) & used) for name, sides in pairs.items()]
    return [move for move in moves if np.any(move.where)]


def responses(task: Task, plans: Mapping[tuple[OutcomeName, bool], Plan]) -> pd.DataFrame:
    """Let b, then a, answer each plan once with its own best tariffs.

    Parameters
    ----------
    task : question, levers, world as it is
    plans : of the whole audience, by outcome and whether red lines bind

    Returns
    -------
    DataFrame
        responder, outcome, red_lines, gain_before and gain_after (fall of the outcome by the plan, without the
        answer, and with it against the world in which the responder has set its best tariffs too), own_usd (what the
        plan brings the responder without its answer), answer_usd (what its answer adds).

    Notes
    -----
    The tariffs in force are not those that maximise welfare in the model. So an answer to a plan is compared with what
    the responder would do without any plan: only the difference is an answer.
    """
    rows = []
    for who in ("b", "a"):
        start = _answered(task, task.start, who)
        for (outcome, bound), plan in plans.items():
            there = _answered(task, plan.position, who)
            rows.append(
                {
                    "responder": who,
                    "outcome": outcome,
                    "red_lines": bound,
                    "gain_before": plan.actual,
                    "gain_after": start.values[outcome] - there.values[outcome],
                    "own_usd": _usd(plan.position, who) - _usd(task.start, who),
                    "answer_usd": _usd(there, who)
                    - _usd(start, who)
                    - _usd(plan.position, who)
                    + _usd(task.start, who),
                }
            )
    return pd.DataFrame(rows)


def _usd(position: Position, who: str) -> float:
    return position.a_usd if who == "a" else position.b_usd


def _answered(task: Task, position: Position, who: str) -> Position:
    """Return the position after one side has set its best tariffs."""
    question, board = task.question, task.question.board
    own = question.parties.pair[0 if who == "a" else 1]
    free = np.array([move.name.startswith(f"{who} on ") for move in board.moves])
    if not free.any():
        return position
    aim = Aim(
        own=own,
        harmed=np.zeros_like(own),
        weight=0.0,
        free=free,
        low=np.where(free, LOWEST, 0.0),
        high=np.where(free, HIGHEST, 0.0),
    )
    trade = board.economy.accounts.receipts.transpose(1, 2, 0)
    scale = float(
        sum(trade[np.asarray(m.where, dtype=bool)].sum() for m, f in zip(board.moves, free, strict=True) if f)
    )
    stand = Climber(board, scale).climb(aim, position.plan, np.zeros(free.size, dtype=bool))
    return question.position(stand.policy, position)
