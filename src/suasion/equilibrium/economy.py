"""A world made ready for shocks: base after the deficit rule, elasticities, and the shared corrector.

Preparing once and shocking often is what makes exit costs, bands and curves cheap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.accounts import Accounts, accounts_of
from suasion.equilibrium.certificate import LIMIT, Certificate, Levels, Switchers, certify
from suasion.equilibrium.corrector import Corrector, corrector_for
from suasion.equilibrium.diagnose import check, check_sigma
from suasion.equilibrium.problem import Problem, build_problem
from suasion.equilibrium.solve import Solved, accounts_after, rates_with_rents, rebase, solve
from suasion.equilibrium.starts import start_of
from suasion.equilibrium.system import consumer_price, split
from suasion.equilibrium.types import Parameters, Shock
from suasion.equilibrium.uses import apart, apart_parameters, fitted, touched
from suasion.errors import ConvergenceError, ElasticityError, InputError, ShockError, UncertifiedError
from suasion.remarks import Remark, Topic
from suasion.types import Advice, BoolArray, DeficitRule, FloatArray
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


def base_of(
    world: World | Accounts,
    parameters: Parameters,
    deficits: DeficitRule = "balance",
    corrector: Corrector | None = None,
) -> Accounts:
    """Return a world's accounts after the deficit rule.

    world: a world, or accounts already read from one.
    parameters: elasticities of the re-solve.
    deficits: as in :func:`prepare`.
    corrector: of a world not too different, to spare one of its own.
    Raises InputError: The rule is not one of the four.
    """
    if deficits not in get_args(DeficitRule):
        raise InputError(f"deficits={deficits!r} is not one of {', '.join(get_args(DeficitRule))}.")
    balance = deficits == "balance"
    if isinstance(world, Accounts):  # which may be its own base, and must not hold itself
        return rebase(world, parameters, corrector=corrector) if balance else world
    raw = _BASES.get(world, "as it is", lambda: accounts_of(world))
    if not balance:
        return raw
    start = start_of(world) if corrector is None else None
    return _BASES.get(
        world, parameters.digest(), lambda: rebase(raw, parameters, corrector=corrector, start=start)
    )


def economy_on(
    accounts: Accounts, parameters: Parameters, deficits: DeficitRule, corrector: Corrector | None = None
) -> Economy:
    """Return an economy on a base that needs no further treatment.

    accounts: balanced base.
    parameters: elasticities that answer shocks.
    deficits: rule that shocks obey.
    corrector: one built for this base with other, not too different elasticities; that of its own by default.
    """
    return Economy(accounts, parameters, deficits, corrector or corrector_for(accounts, parameters))


def by_use(economy: Economy, shock: Shock) -> tuple[Economy, Shock]:
    """Give goods whose terms differ by use counters of their own; without such goods nothing changes.

    economy: base and elasticities.
    shock: compiled scenario.
    """
    if not shock.by_use:
        return economy, shock
    if economy.accounts.split is None:
        economy = with_counters(economy, touched(shock))
    return economy, fitted(economy.accounts, shock)


def check_before_balance(world: World, parameters: Parameters, shock: Shock) -> None:
    """Refuse elasticities with which a shock has no answer on any base, before a base is balanced with them.

    Balancing takes long where sigma is low, and fails with a word on the base instead of one on what is cut.

    Raises ElasticityError: sigma is at most one where the shock cuts a flow.
    """
    if parameters.modes.sigma.min() > 1.0:
        return
    plain = replace(shock, final=None, limits=tuple(one for one in shock.limits if one.use is None))
    check_sigma(build_problem(base_of(world, parameters, "world"), parameters, plain, "world"))


def with_counters(economy: Economy, goods: NDArray[np.intp]) -> Economy:
    """Return an economy in which some goods (U,) are sold at one counter for inputs and at another for final use."""
    parameters = apart_parameters(economy.parameters, goods)
    return economy_on(apart(economy.accounts, goods), parameters, economy.deficits)


def respond(
    economy: Economy, shock: Shock, start: FloatArray | None = None, certify: bool = True
) -> tuple[Solved, tuple[Remark, ...]]:
    """Diagnose and solve a shock, and hold its solution to its certificate: the gate of every answer.

    Parameters
    ----------
    economy : base and elasticities
    shock : compiled scenario
    start : unknowns to start from, for instance those of a neighbouring solution
    certify : refuse a solution that fails its certificate; without it a remark says that it does

    Returns
    -------
    Solved, tuple of Remark
        The equilibrium with its certificate, and remarks on how the shock was read.

    Raises
    ------
    ShockError, ElasticityError, ConvergenceError
        The shock has no equilibrium, or none was found.
    UncertifiedError
        A gap of the certificate is no number, or above its limit.
    """
    solved, remarks = solved_on(economy, shock, start)
    solved, doubt = _with_certificate(solved)
    if doubt and certify:
        raise UncertifiedError(f"{doubt} {_REMEDY}")
    return solved, (doubt, *remarks) if doubt else remarks


def solved_on(
    economy: Economy, shock: Shock, start: FloatArray | None = None
) -> tuple[Solved, tuple[Remark, ...]]:
    """Diagnose and solve a shock without a certificate: a step of a search, whose end gets one by :func:`certified`.

    economy, shock, start: as for :func:`respond`.
    Raises ShockError, ElasticityError, ConvergenceError: The shock has no equilibrium, or none was found.
    """
    economy, shock = by_use(economy, shock)
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


def certified(solved: Solved) -> Solved:
    """Return an equilibrium with its certificate.

    Raises UncertifiedError: A gap of the certificate is no number, or above its limit.
    """
    if solved.certificate is not None:
        return solved
    found, doubt = _with_certificate(solved)
    if doubt:
        raise UncertifiedError(f"{doubt} {_REMEDY}")
    return found


def _with_certificate(solved: Solved) -> tuple[Solved, Remark | None]:
    """The same with its certificate, and what it fails, if anything."""
    solved = replace(solved, certificate=certificate_of(solved))
    failed = failures_of(solved)
    doubt = Remark(Topic.UNCERTIFIED, {"limit": LIMIT, "failed": ", ".join(failed)})
    return solved, doubt if failed else None


_REMEDY: Advice = (
    "Mend the input: a rate or cost that leaves no trade is an import ban, and a table needs final demand and output "
    "well above rounding. To see the numbers all the same, marked: certify=False, or --uncertified."
)


def failures_of(solved: Solved) -> tuple[str, ...]:
    """Return in words what keeps an equilibrium from being an answer: gaps beyond their limit, welfare without end."""
    found = solved.certificate or certificate_of(solved)
    failed = tuple(f"{name.replace('_', ' ')} {found.shown(name)}" for name in found.failures())
    with np.errstate(all="ignore"):
        lost = np.flatnonzero(~np.isfinite(log_welfare(solved)))
    codes = [solved.problem.base.countries[n] for n in lost[:5]]
    return (*failed, *(Remark(Topic.NO_WELFARE, {"country": code}) for code in codes))


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

    Raises
    ------
    InputError
        The shock has a measure of one use only.
    """
    if shock.by_use:
        raise InputError(
            "A measure of one use only cannot be taken as given here. Give it and the cut together, in one scenario."
        )
    solved, _ = respond(economy, shock)
    rule: DeficitRule = "balance" if economy.deficits == "eliminate" else economy.deficits
    return economy_on(accounts_after(solved), economy.parameters, rule)


def log_welfare(solved: Solved) -> FloatArray:
    """Log of the change in real final expenditure W (N,), exact for nested CES."""
    index = consumer_price(solved.problem, split(solved.problem, solved.x).price)
    return np.asarray(np.log(solved.swept.income / solved.problem.base.income) - index)


@np.errstate(all="ignore")  # what is no number shows in the gaps
def certificate_of(solved: Solved) -> Certificate:
    """Check an equilibrium in levels."""
    problem, swept = solved.problem, solved.swept
    base, parameters, s = problem.base, problem.parameters, len(problem.base.sectors)
    price = np.exp(swept.costs.unit)
    unknowns = split(problem, solved.x)
    quantity = np.where(problem.alive, base.output * np.exp(unknowns.output), 0.0) / price
    tariff, export_tax = rates_with_rents(problem, unknowns.multiplier)
    return certify(
        Levels(
            pi=problem.pi[:s],
            pi_zero=problem.links == 0,
            left=1.0 if problem.left is None else problem.left,
            value_added=base.factor_income,
            inputs=base.uses,
            final=base.final_share * base.income[:, None],
            sigma=problem.modes.sigma[:s],
            zeta=parameters.zeta,
            epsilon=parameters.epsilon,
            eta=parameters.eta,
            kappa=parameters.kappa,
            mobility=parameters.mobility,
            iceberg=1.0 if problem.trade_cost is None else problem.trade_cost,
            tariff=0.0 if tariff is None else tariff,
            export_tax=0.0 if export_tax is None else export_tax,
            base_tariff=0.0 if base.tariff is None else base.tariff,
            base_export_tax=0.0 if base.export_tax is None else base.export_tax,
            productivity=np.exp(problem.productivity),
            endowments=np.exp(problem.endowments),
            transfer=swept.transfer,
            income=swept.income,
            price=price,
            wage=np.exp(swept.costs.wage),
            quantity=quantity,
            slack=_slack(solved),
            switchers=_switchers(problem),
            capital=parameters.capital,
        )
    )


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


def end_hopeless(
    base: Accounts, parameters: Parameters, shock: Shock, rule: DeficitRule, corrector: Corrector
) -> tuple[Shock, tuple[Remark, ...]]:
    """Turn caps below the lowest price that their buyers can bring about into cuts.

    The lower a cap, the higher the wedge that holds it and the less is sold, until nothing is. What the seller's
    price is then, without any sale to those who cap it, is the lowest that they can bring about. A cap below it ends
    the trade, as an embargo would: that is the limit of the equilibria of higher caps.

    base, parameters, rule: as in :func:`suasion.equilibrium.problem.build_problem`.
    shock: compiled scenario.
    corrector: of the base.
    Returns: The shock, and a remark for each cap that ends its trade. The shock as it was where nothing can
      be told: the test is an embargo, which may have no equilibrium itself.
    """
    caps = [limit for limit in shock.limits if limit.kind != "quota"]
    if not caps:
        return shock, ()
    embargo = shock
    for cap in caps:
        embargo = _cut(embargo, cap.cells)
    try:
        lowest = _prices(base, parameters, embargo, rule, corrector)
    except (ShockError, ElasticityError, ConvergenceError):
        return shock, ()
    remarks: list[Remark] = []
    for cap in caps:
        ended = cap.cells & (lowest > cap.bound)
        if ended.any():
            shock = _cut(shock, ended)
            price = 100.0 * float(np.broadcast_to(lowest, ended.shape)[ended].min())
            remarks.append(Remark(Topic.CAP_ENDS_TRADE, {"cap": cap.label.rstrip("."), "price": price}))
    return shock, tuple(remarks)


def _prices(
    base: Accounts, parameters: Parameters, shock: Shock, rule: DeficitRule, corrector: Corrector
) -> FloatArray:
    """Producer prices (1, exporter, sector), new over base."""
    problem = build_problem(base, parameters, shock, rule)
    check(problem)
    return np.asarray(np.exp(solve(problem, corrector=corrector).swept.costs.unit)[None])


def _cut(shock: Shock, cells: BoolArray) -> Shock:
    """Cut some flows; no limit holds for them any more."""
    left = (
        replace(limit, cells=limit.cells & ~cells) if (limit.cells & cells).any() else limit
        for limit in shock.limits
    )
    return replace(shock.cutting(cells), limits=tuple(limit for limit in left if limit.cells.any()))
