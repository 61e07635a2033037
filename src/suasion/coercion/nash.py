"""A tariff war: the tariffs that every country sets against all others when all do, equation (M2.3).

Each country's tariff is one rate on all imports, the best answer to those of the others as far as these do not move
with it. It depends on the country's exports alone: on how easily its customers turn to somebody else. The theory has
one factor, no inputs and fixed shares of the goods in spending, so the world is taken as one of final sales: who buys
how much of what from whom, be it for inputs or for final use.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import xarray as xr

from suasion.equilibrium import Elasticities, Parameters, resolve
from suasion.equilibrium.accounts import Accounts, accounts_of, wedge
from suasion.equilibrium.batch.bands import OverDraws, drawn_rows, over_sets, sets_of, with_bands
from suasion.equilibrium.certificate import Certificate
from suasion.equilibrium.economy import Economy, economy_on, log_welfare, respond
from suasion.equilibrium.solve import Solved, rebase
from suasion.equilibrium.types import Shock
from suasion.errors import ConvergenceError
from suasion.solvers import AndersonOptions, anderson
from suasion.types import FloatArray, Progress
from suasion.world import World

#: Largest change of a tariff, in logs of one plus the rate, at which the war has come to rest.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NashTariffs(OverDraws):
    """Tariffs that answer each other, and what they cost.

    Attributes
    ----------
    table : country, tariff_percent (on all imports), base_tariff_percent (mean in the base, by imports before tariffs),
        welfare_percent (change of real income) and welfare_usd (million, at base prices)
    gap : largest distance of a tariff from the answer to the others, in logs of one plus the rate
    certificate : check of the equilibrium
    drawn : (draw, row) tariff_percent, welfare_percent and welfare_usd for draws of the elasticities; None without
    flows, shares : (sector, importer, exporter) of the war: receipts of producers, million USD, and sourcing shares
    """

    table: pd.DataFrame
    gap: float
    certificate: Certificate
    flows: FloatArray = field(repr=False)
    shares: FloatArray = field(repr=False)
    drawn: xr.Dataset | None = field(default=None, repr=False)


DRAWN = ("tariff_percent", "welfare_percent", "welfare_usd")
"""Columns that have bands."""


def nash_tariffs(
    world: World,
    elasticities: Elasticities | None = None,
    *,
    draws: int = 0,
    seed: int = 1,
    progress: Progress | None = None,
) -> NashTariffs:
    """Find the tariffs of a war of all against all.

    Parameters
    ----------
    world : its trade, inputs and final sales together; trade is balanced before the war
    elasticities : own values of sigma; the long run's by default
    draws, seed : draws of the elasticities, each with a war of its own, for 90 % bands, and their seed
    progress : called with (done, total, what)

    Returns
    -------
    NashTariffs

    Raises
    ------
    ConvergenceError
        Tariffs did not come to rest.
    """
    base = final_sales(accounts_of(world))
    sets = sets_of(world, draws, "long", seed, elasticities)
    found = war_on(base, resolve(world, "long", elasticities))
    frames = over_sets(sets, lambda one: war_on(base, one).table, progress)
    drawn = drawn_rows(found.table, frames, DRAWN)
    return replace(found, table=with_bands(found.table, drawn), drawn=drawn)


def final_sales(base: Accounts) -> Accounts:
    """Return accounts in which all that is sold is final and made by one factor alone, as they stand.

    base: accounts with inputs.
    """
    n, s = base.output.shape
    sold = base.receipts.sum(1).T
    spent = base.expenditure.sum(1)
    found = replace(
        base,
        output=sold,
        va_share=np.ones((n, s)),
        input_share=np.zeros((n, s, s)),
        final_share=base.expenditure / spent[:, None],
        factor_share=np.ones((n, s, 1)),
        transfer=np.zeros(n),
    )
    return replace(found, transfer=spent - sold.sum(1) - found.tax_revenue)


def war_on(base: Accounts, parameters: Parameters) -> NashTariffs:
    """Find the tariffs of a war on accounts without inputs.

    base: from :func:`final_sales`.
    parameters: sigma is read; goods have fixed shares in spending, and the factor is mobile.
    """
    plain = _plain(base, parameters)
    economy = economy_on(rebase(base, plain), plain, "balance")
    start = np.log1p(np.full(len(base.countries), 0.3))
    last: list[Solved] = []

    def step(logs: FloatArray) -> FloatArray:
        solved, _ = respond(economy, tariffs(economy, np.expm1(logs)), last[-1].x if last else None)
        last[:] = [solved]
        return np.log1p(best_answers(solved))

    found = anderson(step, start, AndersonOptions(tolerance=TOLERANCE, max_iterations=200, max_step=0.5))
    if not found.converged:
        raise ConvergenceError(
            f"The tariffs did not come to rest: after {found.iterations} rounds some still move by "
            f"{found.residual:.0e}. Take sigma further above 1."
        )
    rates = np.expm1(found.value)
    solved, _ = respond(economy, tariffs(economy, rates), last[-1].x)
    gap = float(np.abs(np.log1p(best_answers(solved)) - found.value).max())
    assert solved.certificate is not None  # as `respond` leaves it
    swept = solved.swept
    return NashTariffs(_table(economy, rates, solved), gap, solved.certificate, swept.flows, swept.pi)


def _plain(base: Accounts, parameters: Parameters) -> Parameters:
    one = np.ones(base.output.shape)
    return Parameters(
        sigma=parameters.modes.sigma[: len(base.sectors)],
        zeta=one,
        epsilon=one,
        eta=one,
        kappa=np.ones(len(base.countries)),
        mobility=np.zeros(1),
        horizon=parameters.horizon,
        years=parameters.years,
    )


def tariffs(economy: Economy, rates: FloatArray) -> Shock:
    """Return the shock of one rate on all imports of each country (N,), in place of what it levies now."""
    n, s = economy.accounts.output.shape
    rate = np.repeat(np.where(np.eye(n, dtype=bool), 0.0, rates[:, None])[..., None], s, axis=2)
    return Shock(tariff=rate)


def best_answers(solved: Solved) -> FloatArray:
    """Return the tariff (N,) that answers those in force, by what its exports meet at this equilibrium (M2.3)."""
    problem, flows = solved.problem, solved.swept.flows.copy()
    own = np.arange(flows.shape[1])
    flows[:, own, own] = 0.0
    strength = (problem.modes.sigma - 1.0)[:, None, None] * (1.0 - solved.swept.pi)
    exports = flows.sum((0, 1))
    elasticity = (strength * flows).sum((0, 1)) / np.where(exports > 0.0, exports, 1.0)
    # Who sells nothing buys nothing, and taxes nothing.
    return np.asarray(np.where(exports > 0.0, 1.0 / np.where(exports > 0.0, elasticity, 1.0), 0.0))


def _table(economy: Economy, rates: FloatArray, solved: Solved) -> pd.DataFrame:
    base, change = economy.accounts, np.expm1(log_welfare(solved))
    border, paid = (np.array(flows.sum(0)) for flows in (base.purchases / wedge(base.tariff), base.purchases))
    for flows in (border, paid):
        np.fill_diagonal(flows, 0.0)
    imports = border.sum(1)
    levied = np.zeros_like(imports) if base.tariff is None else paid.sum(1) - imports
    return pd.DataFrame(
        {
            "country": base.countries,
            "tariff_percent": 100.0 * rates,
            "base_tariff_percent": 100.0 * levied / np.where(imports > 0.0, imports, 1.0),
            "welfare_percent": 100.0 * change,
            "welfare_usd": base.income * change,
        }
    )
