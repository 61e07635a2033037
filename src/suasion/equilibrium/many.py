"""Many shocks to one economy: batches where shocks are small patches of the base, single solves for the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import FloatArray
from suasion.equilibrium.batch import Common, Powers, common_of, powers_of, solve_batch
from suasion.equilibrium.economy import Economy, log_welfare, respond
from suasion.equilibrium.linear import linearise
from suasion.equilibrium.patch import Patch, patch_of
from suasion.equilibrium.types import Parameters, Shock
from suasion.errors import ConvergenceError, ElasticityError, ShockError

#: Shocks in one batch: large enough for matrix products, small enough for the cache.
BATCH = 64
#: Batches solved at a time; NumPy lets go of the interpreter inside its loops.
THREADS = 2

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Job:
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

    Attributes
    ----------
    log_welfare : (J, N) log of the change in real final expenditure, NaN where there is no equilibrium
    residual : (J,) largest gap of an equation, in logs
    reasons : (J,) why there is no number; empty where there is one
    batched : (J,) whether the job was solved in a batch
    """

    log_welfare: FloatArray
    residual: FloatArray
    reasons: tuple[str, ...]
    batched: NDArray[np.bool_]


def job_of(economy: Economy, shock: Shock) -> Job:
    """Return the job of a compiled shock."""
    patch = patch_of(economy.accounts, economy.parameters, shock) if batchable(economy) else None
    return Job(patch, lambda: shock)


def batchable(economy: Economy) -> bool:
    """Whether shocks can share a batch: one factor, one epsilon, transfers that do not move with GDP."""
    single_factor = economy.accounts.factor_share.shape[2] == 1
    return single_factor and float(np.ptp(economy.parameters.epsilon)) == 0.0 and economy.deficits != "gdp"


def respond_many(economy: Economy, jobs: Sequence[Job], progress: Progress | None = None) -> ManyOutcome:
    """Solve many shocks to one economy.

    Parameters
    ----------
    economy : base, elasticities and deficit rule
    jobs : from :func:`job_of`, or built from patches
    progress : called with (done, total)

    Returns
    -------
    ManyOutcome
        What did not converge in a batch, or has a form that batches do not treat, is solved singly.
    """
    n = economy.accounts.transfer.size
    welfare, residual = np.full((len(jobs), n), np.nan), np.full(len(jobs), np.inf)
    reasons, batched = [""] * len(jobs), np.zeros(len(jobs), dtype=bool)
    together = [j for j, job in enumerate(jobs) if job.patch is not None]
    parts = [together[start : start + BATCH] for start in range(0, len(together), BATCH)]
    done = 0
    with ThreadPoolExecutor(THREADS) as pool:
        common = _common(economy) if parts else None
        results = pool.map(lambda part: _solve_part(economy, common, [jobs[j] for j in part]), parts)
        for part, (found, gap) in zip(parts, results, strict=True):
            good = np.isfinite(found).all(1)
            welfare[part], residual[part], batched[part] = found, gap, good
            done += len(part)
            if progress:
                progress(done, len(jobs))
    left = np.flatnonzero(~batched).tolist()
    with ThreadPoolExecutor(THREADS) as pool:
        for j, answer in zip(left, pool.map(lambda k: _solve_one(economy, jobs[k]), left), strict=True):
            welfare[j], residual[j], reasons[j] = answer
            done += 1
            if progress:
                progress(min(done, len(jobs)), len(jobs))
    return ManyOutcome(welfare, residual, tuple(reasons), batched)


def _common(economy: Economy) -> Common:
    linear = economy.corrector.linear or linearise(economy.accounts, economy.parameters)
    return common_of(economy.accounts, linear)


def _solve_part(economy: Economy, common: Common | None, jobs: list[Job]) -> tuple[FloatArray, FloatArray]:
    assert common is not None
    kept = (
        economy.accounts.transfer if economy.deficits == "world" else np.zeros_like(economy.accounts.transfer)
    )
    patches = [job.patch for job in jobs if job.patch is not None]
    starts = [job.start for job in jobs if job.start is not None]
    start = np.stack(starts, axis=-1) if len(starts) == len(jobs) else None
    outcome = solve_batch(common, _powers(economy, jobs), patches, kept, start)
    return outcome.log_welfare, outcome.residual


def _powers(economy: Economy, jobs: list[Job]) -> Powers:
    if all(job.parameters is None for job in jobs):
        return powers_of([economy.parameters])
    return powers_of([job.parameters or economy.parameters for job in jobs])


def _solve_one(economy: Economy, job: Job) -> tuple[FloatArray, float, str]:
    try:
        own = economy if job.parameters is None else replace(economy, parameters=job.parameters)
        solved, _ = respond(own, job.shock(), job.start)
    except (ShockError, ElasticityError, ConvergenceError) as error:
        return np.full(economy.accounts.transfer.size, np.nan), float("inf"), str(error)
    return log_welfare(solved), solved.solution.residual, ""
