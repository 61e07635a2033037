"""A world made ready for shocks: base after the deficit rule, elasticities, and the shared corrector.

Preparing once and shocking often is what makes exit costs, bands and curves cheap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np

from suasion.equilibrium.accounts import Accounts, FloatArray, accounts_of
from suasion.equilibrium.caps import end_hopeless
from suasion.equilibrium.certificate import Certificate, Levels, Switchers, certify
from suasion.equilibrium.corrector import Corrector, corrector_for
from suasion.equilibrium.diagnose import check
from suasion.equilibrium.problem import DeficitRule, Problem, Weights, build_problem
from suasion.equilibrium.solve import Solved, accounts_after, rebase, solve
from suasion.equilibrium.system import consumer_price, split
from suasion.equilibrium.types import BoolArray, Parameters, Shock
from suasion.errors import InputError
from suasion.world import World
from suasion.world.prepared import Prepared

#: Raw accounts and the bases of a few sets of elasticities, some 4 MB each at 80 x 50.
_BASES: Prepared[Accounts] = Prepared(4)


@dataclass(frozen=True, slots=True)
class Economy:
    """Base accounts with the elasticities that respond to a shock.

    Attributes
    ----------
    accounts : the base, after the deficit rule
    parameters : elasticities and mobility
    deficits : the rule that shocks obey from here on
    corrector : of the iteration, shared by all shocks to this base
    """

    accounts: Accounts
    parameters: Parameters
    deficits: DeficitRule
    corrector: Corrector


def prepare(
    world: World | Accounts,
    parameters: Parameters,
    deficits: DeficitRule = "balance",
    base_parameters: Parameters | None = None,
) -> Economy:
    """Apply the deficit rule to a world's base.

    Parameters
    ----------
    world : a world, or accounts already read from one
    parameters : elasticities that answer shocks
    deficits : ``balance`` re-solves the base with transfers at zero; the other rules keep it
    base_parameters : elasticities of that re-solve; by default those that answer shocks. A world without deficits
        is a long-run notion, so :func:`simulate` passes the long-run elasticities here: every horizon then starts
        from the same base, and the short run is not asked to undo a deficit in a year.

    Returns
    -------
    Economy

    Raises
    ------
    InputError
        The rule is not one of the four.
    """
    return economy_on(base_of(world, base_parameters or parameters, deficits), parameters, deficits)


def base_of(world: World | Accounts, parameters: Parameters, deficits: DeficitRule = "balance") -> Accounts:
    """Return a world's accounts after the deficit rule.

    Parameters
    ----------
    world : a world, or accounts already read from one
    parameters : elasticities of the re-solve
    deficits : as in :func:`prepare`

    Returns
    -------
    Accounts

    Raises
    ------
    InputError
        The rule is not one of the four.
    """
    if deficits not in get_args(DeficitRule):
        raise InputError(f"deficits={deficits!r} is not one of {', '.join(get_args(DeficitRule))}.")
    balance = deficits == "balance"
    if isinstance(world, Accounts):  # which may be its own base, and must not hold itself
        return rebase(world, parameters) if balance else world
    raw = _BASES.get(world, "as it is", lambda: accounts_of(world))
    return _BASES.get(world, parameters.digest(), lambda: rebase(raw, parameters)) if balance else raw


def economy_on(
    accounts: Accounts, parameters: Parameters, deficits: DeficitRule, corrector: Corrector | None = None
) -> Economy:
    """Return an economy on a base that needs no further treatment.

    Parameters
    ----------
    accounts : balanced base
    parameters : elasticities that answer shocks
    deficits : rule that shocks obey
    corrector : one built for this base with other, not too different elasticities; that of its own by default

    Returns
    -------
    Economy
    """
    return Economy(accounts, parameters, deficits, corrector or corrector_for(accounts, parameters))


def respond(
    economy: Economy, shock: Shock, start: FloatArray | None = None
) -> tuple[Solved, tuple[str, ...]]:
    """Diagnose and solve a shock.

    Parameters
    ----------
    economy : base and elasticities
    shock : compiled scenario
    start : unknowns to start from, for instance those of a neighbouring solution

    Returns
    -------
    Solved, tuple of str
        The equilibrium, and remarks on how the shock was read.

    Raises
    ------
    ShockError, ElasticityError, ConvergenceError
        The shock has no equilibrium, or none was found.
    """
    base, parameters, rule, corrector = (
        economy.accounts,
        economy.parameters,
        economy.deficits,
        economy.corrector,
    )
    shock, ended = end_hopeless(base, parameters, shock, rule, corrector)
    problem = build_problem(base, parameters, shock, rule)
    remarks = check(problem)
    return solve(problem, start=start if not ended else None, corrector=corrector), (*ended, *remarks)


def advance(economy: Economy, shock: Shock) -> Economy:
    """Apply a shock for good: its equilibrium becomes the base of the next one, a world already cut.

    Parameters
    ----------
    economy : base and elasticities
    shock : compiled scenario

    Returns
    -------
    Economy
        The same elasticities on the new base.
    """
    solved, _ = respond(economy, shock)
    rule: DeficitRule = "balance" if economy.deficits == "eliminate" else economy.deficits
    return economy_on(accounts_after(solved), economy.parameters, rule)


def log_welfare(solved: Solved) -> FloatArray:
    """Log of the change in real final expenditure W (N,), exact for nested CES."""
    index = consumer_price(solved.problem, split(solved.problem, solved.x).price)
    return np.asarray(np.log(solved.swept.income / solved.problem.base.income) - index)


def certificate_of(solved: Solved) -> Certificate:
    """Check an equilibrium in levels."""
    problem, swept = solved.problem, solved.swept
    base, parameters, weights = problem.base, problem.parameters, swept.weights
    ones, s = np.ones_like(base.pi), base.pi.shape[0]
    uses = ((1.0 - base.va_share) * base.output)[..., None] * base.input_share
    live, tariff, export_tax = _rates(weights, s)
    price = np.exp(swept.costs.unit)
    unknowns = split(problem, solved.x)
    quantity = np.where(problem.alive, base.output * np.exp(unknowns.output), 0.0) / price
    return certify(
        Levels(
            pi=problem.pi[:s],
            left=ones if problem.left is None else problem.left,
            pi_zero=(base.pi > 0) & ~live,
            value_added=base.factor_income,
            inputs=uses,
            final=base.final_share * base.income[:, None],
            sigma=problem.modes.sigma[:s],
            theta=parameters.theta,
            epsilon=parameters.epsilon,
            eta=parameters.eta,
            kappa=parameters.kappa,
            mobility=parameters.mobility,
            iceberg=ones if problem.trade_cost is None else problem.trade_cost,
            tariff=tariff,
            export_tax=export_tax,
            base_tariff=0.0 * ones if base.tariff is None else base.tariff,
            base_export_tax=0.0 * ones if base.export_tax is None else base.export_tax,
            productivity=np.exp(problem.productivity),
            labour=np.exp(problem.labour),
            transfer=swept.transfer,
            income=swept.income,
            price=price,
            wage=np.exp(swept.costs.wage),
            quantity=quantity,
            slack=_slack(solved),
            switchers=_switchers(problem),
        )
    )


def _rates(weights: Weights, sectors: int) -> tuple[BoolArray, FloatArray, FloatArray]:
    """Which flows there are, and rates of their tariffs and export taxes, the wedges of quotas and caps included.

    Taxes are the same for locked and switching buyers.
    """
    gross = weights.gross[:sectors]
    live = gross > 0
    some = np.where(live, gross, 1.0)
    net = np.where(live, weights.net[:sectors] / some, 1.0)
    duty = 0.0 if weights.duty is None else np.where(live, weights.duty[:sectors], 0.0)
    border = np.asarray(1.0 - duty / some)
    return live, 1.0 / border - 1.0, border / net - 1.0


def _switchers(problem: Problem) -> Switchers | None:
    """Lay the modes of sectors that have two beside the first of all."""
    modes, (n, s) = problem.modes, problem.base.output.shape
    if not modes.dual.size:
        return None
    pages = problem.pi
    pi, sigma, share, mu = pages[:s].copy(), modes.sigma[:s].copy(), np.zeros((n, s)), np.full(s, 2.0)
    pi[modes.dual], sigma[modes.dual], mu[modes.dual] = pages[s:], modes.sigma[s:], modes.mu
    share[:, modes.dual] = modes.switching.T
    return Switchers(pi, sigma, share, mu)


def _slack(solved: Solved) -> float:
    """Largest min(wedge, log slack) of the limits, recomputed from final flows and prices."""
    problem, swept = solved.problem, solved.swept
    limits = problem.limits
    if limits is None:
        return 0.0
    mu = split(problem, solved.x).multiplier
    k, n, i = limits.cells[:, limits.first]
    quantity = swept.shipped(k, n, i) / np.exp(swept.costs.unit[i, k]) / problem.base.receipts[k, n, i]
    level = np.where(limits.is_cap, np.exp(swept.costs.unit[i, k]), quantity)
    room = np.log(np.maximum(limits.bound, 1e-12) / level)
    return float(np.abs(np.minimum(mu, room)).max())
