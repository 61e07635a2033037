"""What drives an answer: how much of its spread over uncertain elasticities each declared group accounts for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from suasion.coercion.drivers.indices import COLUMNS, mix, sobol_indices
from suasion.coercion.exit_cost import AS_IT_IS, merge, tie_shock
from suasion.coercion.outcomes import Horizon, Side, band_of, economy_for, side_name
from suasion.coercion.sensitivity.outcomes import Loss, LossRatio, Outcome, WelfareChanges
from suasion.equilibrium import (
    Economy,
    Elasticities,
    Parameters,
    Scenario,
    Shock,
    compile_scenario,
    respond,
)
from suasion.equilibrium.batch.many import respond_draws
from suasion.equilibrium.economy import log_welfare
from suasion.equilibrium.elasticities.horizon import DRAWN, FIRST_YEAR, at_quantiles
from suasion.equilibrium.elasticities.points import quantiles
from suasion.equilibrium.elasticities.schedule import LONG_YEARS, parse_horizon
from suasion.errors import InputError
from suasion.measures.labels import sector_groups
from suasion.types import Brief, DeficitRule, FloatArray, Progress
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

    Examples
    --------
    >>> su.drivers("AUS", "CHN", draws=8, world=su.load_world("g20")).result.solves
    64
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

    def answer(
        self,
        words: str,
        outcomes: Sequence[Outcome],
        after: Shock,
        before: Shock | None = None,
        given: str = AS_IT_IS,
    ) -> Drivers:
        """Read outcomes of a shock against another one, or against the base."""
        declared = default_groups(self.world, self.horizon) if self.groups is None else self.groups
        groups = {name: tuple(members) for name, members in declared.items()}
        sets = self._sets(columns_of(self.world, groups))
        economy = economy_for(self.world, self.horizon, self.deficits, self.elasticities)
        start, lost = _solve(economy, before, sets, self.progress)
        end, lost_after = _solve(economy, after, sets, self.progress)
        state = WelfareChanges(self.world, economy.accounts.income, start[0], end[0])
        values = _values(outcomes, state, start, end)
        found = [
            sobol_indices(row[1:].reshape(-1, self.rows), self.seed).assign(outcome=outcome.title)
            for outcome, row in zip(outcomes, values, strict=True)
        ]
        return Drivers(
            question=words,
            table=_table(groups, found),
            answers=_answers(outcomes, values, found, 2 * self.rows),
            groups=groups,
            solves=len(sets) * (1 if before is None else 2),
            failed=int((np.isnan(start) | np.isnan(end)).any(1).sum()),
            reasons=tuple(dict.fromkeys(reason for reason in (*lost, *lost_after) if reason)),
            horizon=economy.parameters.horizon,
            given=given,
            deficits=self.deficits,
            seed=self.seed,
        )

    def _sets(self, columns: list[list[int]]) -> tuple[Parameters, ...]:
        """Elasticities of all samples, one sample after the other."""
        if self.rows < 2:
            raise InputError(f"rows={self.rows} must be at least 2; {ROWS} gives usable intervals.")
        more = len(FIRST_YEAR)
        size = 1 + len(self.world.sectors) + len(DRAWN) - more
        uniform = quantiles(self.rows, 2 * size, self.seed, 2 * more)
        first, second, third = np.split(uniform, [size, 2 * size], axis=1)
        one, other = (
            np.concatenate(pair, axis=1) for pair in ((first, third[:, :more]), (second, third[:, more:]))
        )
        samples = np.concatenate(mix(one, other, columns))
        return at_quantiles(self.world, samples, self.horizon, self.elasticities)


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
        ``kappa``, ``switching``, ``mu``, ``roy``; :func:`suasion.coercion.drivers.spread.default_groups` by default.
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
    drawn = _Draws(world, horizon, groups, rows, seed, deficits, elasticities, progress)
    return drawn.answer(f"{side_name(a)} - {side_name(b)}", outcomes, cut, before, label)


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
    drawn = _Draws(world, horizon, groups, rows, seed, deficits, elasticities, progress)
    return drawn.answer(scenario.name, outcomes, compile_scenario(world, scenario))


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


def _values(
    outcomes: Sequence[Outcome], state: WelfareChanges, before: FloatArray, after: FloatArray
) -> FloatArray:
    """Every outcome for the central elasticities and all draws (outcome, 1 + draws)."""
    values = np.full((len(outcomes), after.shape[0]), np.nan)
    for row, (first, second) in enumerate(zip(before, after, strict=True)):
        if np.isfinite(first).all() and np.isfinite(second).all():
            here = replace(state, before=first, after=second)
            values[:, row] = [outcome.value(here) for outcome in outcomes]
    return values


def _table(groups: Groups, found: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Indices of all outcomes, by group."""
    table = pd.concat([one.assign(group=list(groups)) for one in found], ignore_index=True)
    return table[["outcome", "group", *COLUMNS]]


def _answers(
    outcomes: Sequence[Outcome], values: FloatArray, found: Sequence[pd.DataFrame], plain: int
) -> pd.DataFrame:
    """Every answer with its spread over the two plain samples, which come first."""
    rows = []
    for outcome, indices, drawn in zip(outcomes, found, values, strict=True):
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
                "first_sum": indices["first"].to_numpy().sum(),
                "rows": int(indices["rows"].iloc[0]),
            }
        )
    return pd.DataFrame(rows)


Groups = Mapping[str, Sequence[str]]

MOST_GROUPS = 8
COMMON = "common"
"""The shift of ln(sigma - 1) that all sectors share."""


def default_groups(world: World, horizon: str | float | Elasticities = "long") -> dict[str, tuple[str, ...]]:
    """Groups of parameters that are told apart unless others are declared.

    horizon: how buyers change suppliers, and people jobs, counts before the long run only.
    Returns: What all sigmas share; what goods, and services, have of their own (one group where sector codes
      do not tell them apart); zeta, epsilon and kappa; before the long run how many buyers can switch and at
      what premium, and the mobility of factors.
    """
    kinds = sector_groups(world.sectors)
    own = {f"sigma_{kind}": kinds[kind] for kind in ("goods", "services") if kind in kinds}
    if not own:
        own = {"sigma_sectors": world.sectors}
    nests: dict[str, tuple[str, ...]] = {name: (name,) for name in ("zeta", "epsilon", "kappa")}
    if not isinstance(horizon, Elasticities) and parse_horizon(horizon).years < LONG_YEARS:
        nests["switching"] = ("switching", "mu")
        nests["mobility"] = ("roy",)
    return {"sigma_common": (COMMON,), **own, **nests}


def columns_of(world: World, groups: Groups) -> list[list[int]]:
    """Columns of the quantiles that each group owns.

    groups: name to parameters: ``common``, sectors of the world, and :data:`DRAWN`.
    Returns: Column 0 is the common part of sigma, then come the sectors, then the other nests.
    Raises InputError: There are no groups or more than eight, one is empty, names something unknown, or two
      share a parameter.
    """
    known = (COMMON, *world.sectors, *DRAWN)
    if not 1 <= len(groups) <= MOST_GROUPS:
        raise InputError(f"{len(groups)} groups are declared; give 1 to {MOST_GROUPS}.")
    names = [name for members in groups.values() for name in members]
    unknown = [name for name in names if name not in known]
    if unknown:
        why = " eta has no range of its own." if "eta" in unknown else ""
        raise InputError(
            f"No uncertain parameter is called {', '.join(map(repr, unknown[:5]))}; allowed: {COMMON}, the world's "
            f"sectors, {', '.join(DRAWN)}.{why}"
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    empty = [name for name, members in groups.items() if not members]
    if twice or empty:
        raise InputError(
            f"Every parameter belongs to one group and every group has one; twice: {', '.join(twice[:5]) or 'none'}, "
            f"empty: {', '.join(empty) or 'none'}."
        )
    place = {name: column for column, name in enumerate(known)}
    return [[place[name] for name in members] for members in groups.values()]
