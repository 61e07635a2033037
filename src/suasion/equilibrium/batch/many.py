"""Many shocks to one economy: batches where shocks are small patches of the base, single solves for the rest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.batch.draws import with_draws
from suasion.equilibrium.batch.drive import BatchOutcome, solve_batch
from suasion.equilibrium.batch.patch import Ground, Patch, ground_of, lost_in, patch_on, patches_of_draws
from suasion.equilibrium.batch.powers import powers_of
from suasion.equilibrium.batch.sweep import READINGS, Common, common_of
from suasion.equilibrium.corrector import corrector_for
from suasion.equilibrium.economy import Economy, respond, with_counters
from suasion.equilibrium.flags import Flagged, flags_at, flags_on
from suasion.equilibrium.iteration import residual_at
from suasion.equilibrium.solve import Solved, accounts_after
from suasion.equilibrium.system import consumer_price, split
from suasion.equilibrium.types import Parameters, Shock
from suasion.equilibrium.uses import apart_parameters, touched
from suasion.errors import ConvergenceError, ElasticityError, ShockError
from suasion.solvers.threads import one_thread
from suasion.types import CountProgress, FloatArray

#: Shocks in one batch: large enough for matrix products, small enough for the cache.
BATCH = 32
#: Batches solved at a time; NumPy lets go of the interpreter inside its loops.
THREADS = min(4, os.cpu_count() or 1)
#: Shocks below which a batch is not cut for the sake of threads: so few cost together hardly more than one.
LEAST = 4

#: Largest gap of an equation, in logs: of shocks, and of draws, whose spread is what matters (welfare moves by 1e-10).
GAP, DRAW_GAP = 1e-10, 1e-9


@dataclass(frozen=True, slots=True)
class BatchTask:
    """One shock to solve: as a patch where it has that form, and a way to build it in full where not.

    ``parameters`` replace those of the economy, with the same mobility of factors: a draw. ``start`` is where the
    iteration begins, for instance the solution of the central elasticities.
    """

    patch: Patch | None
    shock: Callable[[], Shock]
    parameters: Parameters | None = None
    start: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class ManyOutcome:
    """Outcomes in the order of the jobs.

    readings: (J, 4, N) logs of changes in welfare (real final expenditure), real income net of the transfer,
      the real wage, and the consumer price; NaN where there is no equilibrium.
    residual: (J,) largest gap of an equation, in logs.
    reasons: (J,) why there is no number; empty where there is one.
    batched: (J,) whether the job was solved in a batch.
    flags: (J,) marks on answers beyond what the model can say; none are looked for on draws.
    """

    readings: FloatArray
    residual: FloatArray
    reasons: tuple[str, ...]
    batched: NDArray[np.bool_]
    flags: tuple[tuple[Flagged, ...], ...]

    @property
    def log_welfare(self) -> FloatArray:
        """(J, N) log of the change in real final expenditure."""
        return self.readings[:, READINGS.index("welfare")]


def joined(parts: Sequence[ManyOutcome], order: Sequence[int]) -> ManyOutcome:
    """Put outcomes together that were solved in parts.

    parts: one after the other.
    order: place in the whole of each of their rows.
    """
    back = np.argsort(order)
    reasons, flags = ([one for part in parts for one in getattr(part, name)] for name in ("reasons", "flags"))
    arrays = (
        np.concatenate([getattr(part, name) for part in parts])[back]
        for name in ("readings", "residual", "batched")
    )
    readings, residual, batched = arrays
    texts, marks = tuple(reasons[k] for k in back), tuple(flags[k] for k in back)
    return ManyOutcome(readings, residual, texts, batched, marks)


def job_of(economy: Economy, shock: Shock, ground: Ground | None = None) -> BatchTask:
    """Return the job of a compiled shock.

    economy: base and elasticities.
    shock: compiled scenario.
    ground: of this economy, where many shocks share it.
    """
    if not batchable(economy):
        return BatchTask(None, lambda: shock)
    return BatchTask(
        patch_on(ground or ground_of(economy.accounts, economy.parameters), shock), lambda: shock
    )


def batchable(economy: Economy) -> bool:
    """Whether shocks can share a batch: one factor, one epsilon, no export taxes, transfers that do not follow GDP."""
    accounts = economy.accounts
    single_factor = accounts.factor_share.shape[2] == 1 and accounts.export_tax is None
    return single_factor and float(np.ptp(economy.parameters.epsilon)) == 0.0 and economy.deficits != "gdp"


def respond_many(
    economy: Economy, jobs: Sequence[BatchTask], progress: CountProgress | None = None
) -> ManyOutcome:
    """Solve many shocks to one economy.

    economy: base, elasticities and deficit rule.
    jobs: from :func:`job_of`, or built from patches.
    progress: called with (done, total).
    Returns: What did not converge in a batch, or has a form that batches do not treat, is solved singly.
    """
    n = economy.accounts.transfer.size
    readings, residual = np.full((len(jobs), len(READINGS), n), np.nan), np.full(len(jobs), np.inf)
    reasons, batched, done = [""] * len(jobs), np.zeros(len(jobs), dtype=bool), 0
    flags: list[tuple[Flagged, ...]] = [()] * len(jobs)
    common = _common(economy) if any(job.patch for job in jobs) else None
    parts = _parts(jobs, common)

    def tell(count: int) -> None:
        nonlocal done
        done = min(done + count, len(jobs))
        if progress and count:
            progress(done, len(jobs))

    with one_thread(), ThreadPoolExecutor(THREADS) as pool:
        results = pool.map(lambda part: _solve_part(economy, common, [jobs[j] for j in part]), parts)
        for part, found in zip(parts, results, strict=True):
            readings[part], residual[part] = found.readings, found.residual
            batched[part] = np.isfinite(found.readings).all((1, 2))
            for j, marks in zip(part, _flags(economy, [jobs[j] for j in part], found), strict=True):
                flags[j] = marks
            tell(int(batched[part].sum()))
        left = np.flatnonzero(~batched).tolist()
        for j, answer in zip(left, pool.map(lambda k: _solve_one(economy, jobs[k]), left), strict=True):
            readings[j], residual[j], reasons[j], flags[j] = answer
            tell(1)
    return ManyOutcome(readings, residual, tuple(reasons), batched, tuple(flags))


def _flags(economy: Economy, jobs: Sequence[BatchTask], found: BatchOutcome) -> Iterator[tuple[Flagged, ...]]:
    """Flags of a batch, as :func:`suasion.equilibrium.flags.flags_on` of a single answer."""
    base = economy.accounts
    for place, job in enumerate(jobs):
        if found.price is None or job.patch is None or np.isnan(found.readings[place]).any():
            yield ()
        else:
            change = found.readings[place, READINGS.index("welfare")]
            yield flags_at(base, economy.parameters, lost_in(base, job.patch), found.price[place], change)


def respond_draws(
    economy: Economy,
    shock: Shock,
    central: Solved,
    sets: Sequence[Parameters],
    progress: CountProgress | None = None,
) -> ManyOutcome:
    """Solve one shock for many sets of elasticities.

    economy: base and central elasticities.
    shock: compiled scenario.
    central: its solution at the central elasticities: draws start there, and are steered by the linearisation
      there.
    sets: elasticities, with the same mobility of factors.
    progress: called with (done, total).
    Returns: In the order of the sets.
    """
    if shock.by_use:
        goods = touched(shock)
        economy, sets = with_counters(economy, goods), [apart_parameters(one, goods) for one in sets]
    patches = patches_of_draws(economy.accounts, economy.parameters, shock, sets)
    jobs = [
        BatchTask(
            patch if batchable(replace(economy, parameters=one)) else None, lambda: shock, one, central.x
        )
        for patch, one in zip(patches, sets, strict=True)
    ]
    corrector = corrector_for(accounts_after(central), economy.parameters)
    return respond_many(replace(economy, corrector=corrector), jobs, progress)


def _parts(jobs: Sequence[BatchTask], common: Common | None) -> list[list[int]]:
    """Batches of jobs that have a patch: draws apart from shocks at the central elasticities, small shocks first.

    Shocks of like size take as many iterations, so that a batch ends together.
    """
    size = [_largest_change(common, job.patch) if common and job.patch else 0.0 for job in jobs]
    kinds = [
        [j for j, job in enumerate(jobs) if job.patch is not None and (job.parameters is None) is central]
        for central in (True, False)
    ]
    return [part for kind in kinds for part in _shared_out(sorted(kind, key=lambda j: size[j]))]


def _largest_change(common: Common, patch: Patch) -> float:
    """Largest change of the share of a seller in what somebody buys."""
    return float(np.abs(patch.gross - common.pi[tuple(patch.cells)]).max(initial=0.0))


def _shared_out(jobs: list[int]) -> list[list[int]]:
    """Parts of nearly equal size, at most a batch each, that keep every thread busy where it pays."""
    if not jobs:
        return []
    count = max(-(-len(jobs) // BATCH), min(THREADS, len(jobs) // LEAST), 1)
    return [list(part) for part in np.array_split(jobs, count)]


def _common(economy: Economy) -> Common:
    assert economy.corrector.linear is not None  # batches are for economies with one factor, which have it
    return common_of(economy.accounts, economy.parameters, economy.corrector.linear)


def _solve_part(economy: Economy, common: Common | None, jobs: list[BatchTask]) -> BatchOutcome:
    assert common is not None
    base = economy.accounts.transfer
    kept = base if economy.deficits == "world" else np.zeros_like(base)
    patches = [job.patch for job in jobs if job.patch is not None]
    sets = [job.parameters for job in jobs if job.parameters is not None]
    if sets:
        common = replace(common, linear=with_draws(common.linear, sets))
    starts = [job.start for job in jobs if job.start is not None]
    start = np.stack(starts, axis=-1) if len(starts) == len(jobs) else None
    powers = powers_of(economy.accounts, sets or [economy.parameters])
    gap = DRAW_GAP if sets else GAP
    return solve_batch(common, powers, patches, kept, start, gap, prices=not sets)


def _solve_one(economy: Economy, job: BatchTask) -> tuple[FloatArray, float, str, tuple[Flagged, ...]]:
    try:
        own = economy if job.parameters is None else replace(economy, parameters=job.parameters)
        shock = job.shock()
        solved, _ = respond(own, shock, job.start)
    except (ShockError, ElasticityError, ConvergenceError) as error:
        return np.full((len(READINGS), economy.accounts.transfer.size), np.nan), float("inf"), str(error), ()
    gap = np.abs(residual_at(solved.problem, solved.x, solved.swept)).max()
    flags = flags_on(solved, shock) if job.parameters is None else ()
    return readings_of(solved), float(gap), "", flags


def readings_of(solved: Solved) -> FloatArray:
    """Return the readings (4, N) of an equilibrium that was solved singly."""
    problem, swept = solved.problem, solved.swept
    base = problem.base
    consumer = consumer_price(problem, split(problem, solved.x).price)
    paid = np.log(swept.payments.sum((1, 2)) / base.factor_income.sum((1, 2)))
    net = np.log((swept.income - swept.transfer) / (base.income - base.transfer))
    welfare = np.log(swept.income / base.income) - consumer
    return np.stack([welfare, net - consumer, paid - problem.endowments - consumer, consumer])
