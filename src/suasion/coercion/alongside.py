"""What stands beside a side's loss: flags, the ends of the bracket, and the long run with capital."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np

from suasion.coercion.outcomes import Outcomes
from suasion.equilibrium.batch.beside import bracket_ends, capital_answers, has_bracket, has_capital
from suasion.equilibrium.economy import Economy, log_welfare
from suasion.equilibrium.flags import WIDE, Flag, Flagged, flags_on, width
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.types import BoolArray, Shock
from suasion.types import FloatArray

Beside = dict[str, str | float]
"""flags, replacement_percent, no_switching_percent and capital_percent of one loss."""


def alongside(
    outcome: Outcomes,
    inside: Sequence[str],
    countries: Sequence[str],
    cuts: tuple[str, str | None],
    central: float,
) -> Beside:
    """Return flags, the ends of the bracket, and the loss with capital, in per cent; NaN where none was solved.

    outcome: solved cuts at one horizon.
    inside, countries: members of the side, and all labels.
    cuts: names of the cut with the tie gone, and of the one already in force (None: the base).
    central: the side's loss, per cent.
    """
    index, (after, before), found = [countries.index(c) for c in inside], cuts, outcome.beside

    def loss(logs: Mapping[str, FloatArray]) -> FloatArray:
        """Further loss of the side by rule (R, N), or by one (N,)."""
        start = np.zeros(1) if before is None else logs.get(before)
        if after not in logs or start is None:
            return np.full(1, np.nan)
        return _loss(outcome.income[0] * np.exp(start), logs[after] - start, index)

    flags = _of(found.flags.get(after, ()), inside)
    low, high = np.broadcast_to(loss(found.bracket) if flags else np.nan, 2).tolist()
    return _beside(flags, (low, central, high), float(loss(found.capital).ravel()[0]))


def solved_alongside(
    economy: Economy,
    answers: Sequence[tuple[Callable[[], Shock], Solved]],
    sides: Sequence[BoolArray],
) -> list[list[Beside]]:
    """Return the same beside the losses of some sides in solved equilibria.

    economy: base and elasticities.
    answers: what makes each compiled scenario, and its equilibrium.
    sides: (N,) countries of each.
    Returns: By answer, and by side.
    """
    base, codes = economy.accounts, np.array(economy.accounts.countries)
    inside = [set(codes[side].tolist()) for side in sides]
    flags = [flags_on(solved, shock()) for shock, solved in answers]
    ends = np.full((len(answers), 2, codes.size), np.nan)
    capital = np.full((len(answers), codes.size), np.nan)
    if has_capital(economy):
        capital = capital_answers(economy, [shock for shock, _ in answers])
    elif has_bracket(economy):
        marked = [k for k, some in enumerate(flags) if _of(some, set().union(*inside))]
        if marked:
            ends[marked] = bracket_ends(economy, [answers[k][0] for k in marked])

    def one(k: int, side: BoolArray, members: set[str]) -> Beside:
        own, logs = _of(flags[k], members), np.stack([*ends[k], capital[k], log_welfare(answers[k][1])])
        low, high, with_capital, central = _loss(base.income, logs, np.flatnonzero(side).tolist()).tolist()
        low, high = (low, high) if own else (np.nan, np.nan)
        return _beside(own, (low, central, high), with_capital)

    return [[one(k, *side) for side in zip(sides, inside, strict=True)] for k in range(len(answers))]


def _of(flags: Iterable[Flagged], inside: Collection[str]) -> list[Flagged]:
    return [item for item in flags if item.country in inside]


def _loss(base: FloatArray, logs: FloatArray, index: Sequence[int]) -> FloatArray:
    """Loss of a side in per cent, where real expenditure moves by these logs from a base, (R,) or a number."""
    change = base * np.expm1(logs)
    return np.asarray(-100.0 * change[..., index].sum(-1) / (base + 0.0 * change)[..., index].sum(-1))


def _beside(flags: Collection[Flagged], losses: tuple[float, float, float], capital: float) -> Beside:
    """The row of a loss that lies between the ends of its bracket."""
    kinds = {item.flag.value for item in flags}
    solved = losses[0] == losses[0] or losses[2] == losses[2]  # from the long run on there is no bracket
    kinds |= {Flag.WIDTH.value} if flags and solved and width(*losses) > WIDE else set()
    return {
        "flags": " ".join(sorted(kinds)),
        "replacement_percent": losses[0],
        "no_switching_percent": losses[2],
        "capital_percent": capital,
    }
