"""What stands beside central answers: the ends of their brackets, and the long run in which capital adjusts too.

Both are other economies on the same base, and all shocks that are asked about share a batch in each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.batch.many import BatchTask, batchable, respond_many
from suasion.equilibrium.batch.patch import ground_of, patch_on
from suasion.equilibrium.economy import Economy, economy_on, log_welfare, with_counters
from suasion.equilibrium.elasticities.schedule import LONG_YEARS
from suasion.equilibrium.flags import replacement
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.types import Shock
from suasion.equilibrium.uses import touched
from suasion.solvers.threads import one_thread
from suasion.sources.capital_shares import capital_shares
from suasion.types import FloatArray

Made = Callable[[], Shock]


def bracket_ends(economy: Economy, shocks: Sequence[Made]) -> FloatArray:
    """Answer shocks by the rules on either side of the switching nest.

    economy: base and elasticities.
    shocks: what makes each compiled scenario, which is large.
    Returns: (J, 2, N). Log change of real expenditure if lost suppliers are replaced at a premium, and if
      nobody switches; NaN where a rule has no equilibrium.
    """
    ends = np.empty((len(shocks), 2, economy.accounts.transfer.size))
    for own, places in _by_terms(economy, shocks):
        mine = [shocks[j] for j in places]
        # The step of who switches in part serves where nobody does.
        nobody = replace(own, parameters=replace(own.parameters, switching=None))
        sides = ((own, [_replaced(own, shock) for shock in mine]), (nobody, mine))
        with one_thread(), ThreadPoolExecutor(len(sides)) as pool:
            for end, found in enumerate(pool.map(lambda side: _answers(*side), sides)):
                ends[places, end] = found
    return ends


def _replaced(economy: Economy, shock: Made) -> Made:
    return lambda: replacement(economy, shock())


def bracket(economy: Economy, shock: Shock, solved: Solved) -> FloatArray:
    """Answer a shock that has been solved by the rules on either side too.

    economy: base and elasticities.
    shock: compiled scenario.
    solved: its equilibrium.
    Returns: (3, N). Change of real expenditure as a share in the order of
      :data:`~suasion.equilibrium.flags.BRANCHES`; NaN where a rule has no equilibrium.
    """
    low, high = bracket_ends(economy, [lambda: shock])[0]
    return np.asarray(np.expm1(np.stack([low, log_welfare(solved), high])))


def has_bracket(economy: Economy) -> bool:
    """Whether answers have a bracket: from the long run on everybody switches."""
    years = economy.parameters.years
    return years is None or years < LONG_YEARS


def has_capital(economy: Economy) -> bool:
    """Whether an answer with a stock of capital that adjusts stands beside: in the long run, with one factor."""
    return not has_bracket(economy) and economy.accounts.factor_share.shape[2] == 1


def capital_answers(
    economy: Economy,
    shocks: Sequence[Made],
    share: FloatArray | None = None,
    solved: Sequence[Solved] | None = None,
) -> FloatArray:
    """Answer shocks in a long run in which the stock of capital adjusts too.

    economy: base and long-run elasticities.
    shocks: what makes each compiled scenario, which is large.
    share: (N,) of capital in value added; by default from national accounts.
    solved: their answers with the stock of capital as it is, near which the search begins.
    Returns: (J, N). Log change of real expenditure; NaN where there is no equilibrium.
    """
    answers = np.empty((len(shocks), economy.accounts.transfer.size))
    share = capital_shares(economy.accounts.countries)[0] if share is None else share
    for own, places in _by_terms(economy, shocks):
        full = economy_on(own.accounts, replace(own.parameters, capital=share), own.deficits)
        near = None if solved is None or own is not economy else [solved[j].x for j in places]
        answers[places] = _answers(full, [shocks[j] for j in places], near)
    return answers


def _answers(
    economy: Economy, shocks: Sequence[Made], starts: Sequence[FloatArray] | None = None
) -> FloatArray:
    given: Sequence[FloatArray | None] = starts or [None] * len(shocks)
    ground = ground_of(economy.accounts, economy.parameters) if batchable(economy) else None
    jobs = [
        BatchTask(patch_on(ground, shock()) if ground else None, shock, start=start)
        for shock, start in zip(shocks, given, strict=True)
    ]
    return respond_many(economy, jobs).log_welfare


def _by_terms(economy: Economy, shocks: Sequence[Made]) -> Iterator[tuple[Economy, NDArray[np.intp]]]:
    """Economies with the places of the shocks that they answer: those of one use need counters of their goods."""
    apart = economy.accounts.split is None
    goods = {j: touched(shock) for j, made in enumerate(shocks) if apart and (shock := made()).by_use}
    if len(goods) < len(shocks):
        yield economy, np.array([j for j in range(len(shocks)) if j not in goods], dtype=np.intp)
    if goods:
        own = with_counters(economy, np.unique(np.concatenate(list(goods.values()))))
        yield own, np.array(list(goods), dtype=np.intp)
