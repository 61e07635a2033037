"""What drives an answer: how much of its spread over uncertain elasticities each group of them accounts for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from suasion.coercion.drivers.draws import Groups, columns_of, default_groups
from suasion.coercion.drivers.indices import Indices, mix, sobol_indices
from suasion.coercion.exit_cost import AS_IT_IS, merge, tie_shock
from suasion.coercion.outcomes import Horizon, band_of, base_accounts
from suasion.coercion.sensitivity.outcomes import Loss, LossRatio, Outcome, WelfareChanges
from suasion.coercion.sides import Side, side_name
from suasion.equilibrium import (
    Economy,
    Elasticities,
    Parameters,
    Scenario,
    Shock,
    compile_scenario,
    resolve,
    respond,
)
from suasion.equilibrium.batch.many import respond_draws
from suasion.equilibrium.economy import economy_on, log_welfare
from suasion.equilibrium.elasticities.horizon import DRAWN, FIRST_YEAR, at_quantiles
from suasion.equilibrium.elasticities.points import quantiles
from suasion.equilibrium.problem import DeficitRule
from suasion.errors import InputError
from suasion.types import Brief, FloatArray, Progress
from suasion.world import World

#: Rows of each sample; a power of two keeps the sequence balanced.
ROWS = 256


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Drivers(Brief):
    """Sobol indices of some answers.

    Attributes
    ----------
    question : what was asked, in words
    table : outcome, group, first and total (shares of the variance), first_low, first_high, total_low, total_high (90 %
        bootstrap intervals)
    answers : outcome, unit, central (at the central elasticities), mean, low, high (90 % of the draws), first_sum (sum
        of the first-order indices: what is missing to one is interaction), rows (used of each sample)
    groups : name to the parameters of the group
    solves : equilibria solved for draws
    failed : draws without an equilibrium; their rows are left out of all samples
    reasons : why, each said once
    horizon, given, deficits : how they were computed
    seed : of the sequence
    """

    question: str
    table: pd.DataFrame
    answers: pd.DataFrame
    groups: Mapping[str, tuple[str, ...]]
    solves: int
    failed: int
    reasons: tuple[str, ...]
    horizon: str
    given: str
    deficits: DeficitRule
    seed: int


@dataclass(frozen=True, slots=True)
class _Question:
    """Shocks whose outcomes are read: ``after`` against ``before``, or against the base where that is None."""

    words: str
    given: str
    outcomes: Sequence[Outcome]
    after: Shock
    before: Shock | None


@dataclass(frozen=True, slots=True)
class _Draws:
    """Which elasticities are drawn, and how."""

    world: World
    horizon: Horizon
    groups: Groups | None
    rows: int
    seed: int
    deficits: DeficitRule
    elasticities: Elasticities | None
    progress: Progress | None


def drivers(
    world: World,
    a: Side,
    b: Side,
    horizon: Horizon = "long",
    *,
    given: Scenario | None = None,
    groups: Groups | None = None,
    rows: int = ROWS,
    seed: int = 1,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
    progress: Progress | None = None,
) -> Drivers:
    """Say which elasticities drive the exit costs of a pair, of both sides and their ratio.

    Parameters
    ----------
    world : World
    a, b : code, name or group, or a list of them
    horizon : ``"months"``, ``"short"``, ``"long"`` or years since the cut
    given : a scenario already in force
    groups : name to parameters, at most eight: ``common`` (the part of all sigmas), sectors, ``zeta``, ``epsilon``,
        ``kappa``, ``switching``, ``mu``, ``roy``; :func:`suasion.coercion.drivers.draws.default_groups` by default.
        What is in no group stays uncertain
        but is not told apart.
    rows : of each of the 2 + groups samples, at least 2; a power of two is best
    seed : of the scrambled Sobol sequence and the bootstrap
    deficits : deficit rule
    elasticities : own values that replace the presets
    progress : called with (done, total, what)

    Returns
    -------
    Drivers

    Raises
    ------
    InputError
        The groups or the number of rows are not valid.
    SameCountryError, NotInWorldError
        The sides overlap, or a country is outside the world's table.
    ShockError, ConvergenceError
        The cut has no equilibrium at the central elasticities.
    """
    cut, before, label = tie_shock(world, a, b), None, AS_IT_IS
    if given is not None:
        before, label = compile_scenario(world, given), given.name
        cut = merge(before, cut)
    outcomes = (Loss(a), Loss(b), LossRatio(a, b))
    question = _Question(f"{side_name(a)} - {side_name(b)}", label, outcomes, cut, before)
    return _answer(question, _Draws(world, horizon, groups, rows, seed, deficits, elasticities, progress))


def scenario_drivers(
    world: World,
    scenario: Scenario,
    outcomes: Sequence[Outcome],
    horizon: Horizon = "long",
    *,
    groups: Groups | None = None,
    rows: int = ROWS,
    seed: int = 1,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
    progress: Progress | None = None,
) -> Drivers:
    """Say which elasticities drive outcomes of a scenario.

    Parameters
    ----------
    world : World
    scenario : what happens
    outcomes : for instance ``[Welfare("RUS")]``; those of :mod:`suasion.coercion.sensitivity.outcomes` but real income
    horizon, groups, rows, seed, deficits, elasticities, progress : as in :func:`drivers`

    Returns
    -------
    Drivers

    Raises
    ------
    InputError
        The groups or the number of rows are not valid, or there is no outcome.
    ShockError, ConvergenceError
        The scenario has no equilibrium at the central elasticities.
    """
    if not outcomes:
        raise InputError('Name at least one outcome, for instance Welfare("RUS").')
    shock = compile_scenario(world, scenario)
    question = _Question(scenario.name, AS_IT_IS, tuple(outcomes), shock, None)
    return _answer(question, _Draws(world, horizon, groups, rows, seed, deficits, elasticities, progress))


def _answer(question: _Question, asked: _Draws) -> Drivers:
    world = asked.world
    groups = {name: tuple(members) for name, members in _declared(asked).items()}
    sets = _sets(asked, columns_of(world, groups))
    central = resolve(world, asked.horizon, elasticities=asked.elasticities)
    base = base_accounts(world, asked.deficits, asked.horizon, asked.elasticities)
    economy = economy_on(base, central, asked.deficits)
    before, lost = _solve(economy, question.before, sets, asked.progress)
    after, lost_after = _solve(economy, question.after, sets, asked.progress)
    values = _values(question, WelfareChanges(world, base.income, before[0], after[0]), before, after)
    found = [sobol_indices(row[1:].reshape(-1, asked.rows), asked.seed) for row in values]
    return Drivers(
        question=question.words,
        table=_table(question, groups, found),
        answers=_answers(question, values, found, 2 * asked.rows),
        groups=groups,
        solves=len(sets) * (1 if question.before is None else 2),
        failed=int((np.isnan(before) | np.isnan(after)).any(1).sum()),
        reasons=tuple(dict.fromkeys(reason for reason in (*lost, *lost_after) if reason)),
        horizon=central.horizon,
        given=question.given,
        deficits=asked.deficits,
        seed=asked.seed,
    )


def _declared(asked: _Draws) -> Groups:
    return default_groups(asked.world, asked.horizon) if asked.groups is None else asked.groups


def _sets(asked: _Draws, columns: list[list[int]]) -> tuple[Parameters, ...]:
    """Elasticities of all samples, one sample after the other."""
    if asked.rows < 2:
        raise InputError(f"rows={asked.rows} must be at least 2; {ROWS} gives usable intervals.")
    more = len(FIRST_YEAR)
    size = 1 + len(asked.world.sectors) + len(DRAWN) - more
    uniform = quantiles(asked.rows, 2 * size, asked.seed, 2 * more)
    first, second, third = np.split(uniform, [size, 2 * size], axis=1)
    one, other = (
        np.concatenate(pair, axis=1) for pair in ((first, third[:, :more]), (second, third[:, more:]))
    )
    samples = np.concatenate(mix(one, other, columns))
    return at_quantiles(asked.world, samples, asked.horizon, asked.elasticities)


def _solve(
    economy: Economy, shock: Shock | None, sets: Sequence[Parameters], progress: Progress | None
) -> tuple[FloatArray, tuple[str, ...]]:
    """Log changes of real expenditure (1 + draws, N), the central one first, NaN where a draw failed; and why."""
    if shock is None:
        return np.zeros((1 + len(sets), economy.accounts.transfer.size)), ()
    solved, _ = respond(economy, shock)

    def tell(done: int, total: int) -> None:
        if progress:
            progress(done, total, "draws")

    outcome = respond_draws(economy, shock, solved, sets, tell)
    return np.concatenate([log_welfare(solved)[None], outcome.log_welfare]), tuple(outcome.reasons)


def _values(question: _Question, state: WelfareChanges, before: FloatArray, after: FloatArray) -> FloatArray:
    """Every outcome for the central elasticities and all draws (outcome, 1 + draws)."""
    values = np.full((len(question.outcomes), after.shape[0]), np.nan)
    for row, (first, second) in enumerate(zip(before, after, strict=True)):
        if np.isfinite(first).all() and np.isfinite(second).all():
            here = replace(state, before=first, after=second)
            values[:, row] = [outcome.value(here) for outcome in question.outcomes]
    return values


def _table(question: _Question, groups: Groups, found: Sequence[Indices]) -> pd.DataFrame:
    parts = []
    for outcome, indices in zip(question.outcomes, found, strict=True):
        parts.append(
            pd.DataFrame(
                {
                    "outcome": outcome.title,
                    "group": list(groups),
                    "first": indices.first,
                    "first_low": indices.first_interval[0],
                    "first_high": indices.first_interval[1],
                    "total": indices.total,
                    "total_low": indices.total_interval[0],
                    "total_high": indices.total_interval[1],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _answers(question: _Question, values: FloatArray, found: Sequence[Indices], plain: int) -> pd.DataFrame:
    """Every answer with its spread over the two plain samples, which come first."""
    rows = []
    for outcome, indices, drawn in zip(question.outcomes, found, values, strict=True):
        known = drawn[1 : 1 + plain][np.isfinite(drawn[1 : 1 + plain])]
        low, high = band_of(known, float(drawn[0]))
        rows.append(
            {
                "outcome": outcome.title,
                "unit": outcome.unit,
                "central": drawn[0],
                "mean": known.mean() if known.size else np.nan,
                "low": low,
                "high": high,
                "first_sum": indices.first.sum(),
                "rows": indices.rows,
            }
        )
    return pd.DataFrame(rows)
