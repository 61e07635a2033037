"""Leverage of everybody over everybody: what each country loses when cut off from each other one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
import xarray as xr

from suasion.coercion.exit_cost import AS_IT_IS
from suasion.coercion.outcomes import FloatArray, Horizon, base_accounts
from suasion.equilibrium import Elasticities, Scenario, Shock, advance, compile_scenario, resolve
from suasion.equilibrium.economy import Economy, economy_on
from suasion.equilibrium.many import Job, batchable, respond_many
from suasion.equilibrium.patch import cut_patch
from suasion.equilibrium.problem import DeficitRule
from suasion.schema import variable
from suasion.world import World


@dataclass(frozen=True, slots=True)
class LeverageMatrix:
    """Losses of every country when its tie with every other is cut. A positive number is a loss.

    Attributes
    ----------
    loss_percent : (country, partner) per cent of own real expenditure; NaN on the diagonal and where no equilibrium
    loss_usd : (country, partner) million USD at base prices
    residual : (country, partner) largest gap of an equation in the solution, in logs
    reasons : pair, reason: cuts without an equilibrium
    horizon, deficits, given : how they were computed
    """

    loss_percent: xr.DataArray
    loss_usd: xr.DataArray
    residual: xr.DataArray
    reasons: pd.DataFrame
    horizon: str
    deficits: DeficitRule
    given: str

    def table(self) -> pd.DataFrame:
        """One row per ordered pair: country, partner, loss_percent, loss_usd, partner_loss_percent, ratio_percent."""
        percent, usd = self.loss_percent.values, self.loss_usd.values
        codes = np.asarray(self.loss_percent["country"].values)
        row, column = np.nonzero(~np.eye(codes.size, dtype=bool))
        frame = pd.DataFrame({"country": codes[row], "partner": codes[column]})
        frame["loss_percent"], frame["loss_usd"] = percent[row, column], usd[row, column]
        frame["partner_loss_percent"] = percent[column, row]
        frame["ratio_percent"] = frame.loss_percent / frame.partner_loss_percent.where(
            frame.partner_loss_percent > 0
        )
        return frame

    def extremes(self) -> pd.DataFrame:
        """For each country the partner whose loss would cost it most, and the one whose loss would cost it least."""
        rows = []
        for code in self.loss_percent["country"].values:
            losses = self.loss_percent.sel(country=code).to_series().dropna()
            if losses.empty:
                continue
            worst, mildest = str(losses.idxmax()), str(losses.idxmin())
            rows.append(
                {
                    "country": code,
                    "most_dangerous": worst,
                    "loss_percent": losses[worst],
                    "most_harmless": mildest,
                    "least_loss_percent": losses[mildest],
                }
            )
        return pd.DataFrame(rows)


def leverage_matrix(
    world: World,
    horizon: Horizon = "long",
    given: Scenario | None = None,
    *,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> LeverageMatrix:
    """Cut every pair of countries off from each other, one pair at a time, and say what each side loses.

    Parameters
    ----------
    world : World
    horizon : ``"short"``, ``"long"`` or years since the cut
    given : a scenario already in force; losses are further losses
    deficits : deficit rule
    elasticities : own values that replace the presets
    progress : called with (done, total)

    Returns
    -------
    LeverageMatrix
    """
    parameters = resolve(world, horizon, elasticities=elasticities)
    economy = economy_on(base_accounts(world, deficits, elasticities), parameters, deficits)
    if given is not None:
        economy = advance(economy, compile_scenario(world, given))
    n = len(world.countries)
    pairs = list(combinations(range(n), 2))
    outcome = respond_many(economy, [_job(economy, a, b) for a, b in pairs], progress)
    first, second = np.array(pairs).T
    loss, residual = np.full((n, n), np.nan), np.full((n, n), np.nan)
    both = -np.expm1(outcome.log_welfare)
    order = np.arange(len(pairs))
    loss[first, second], loss[second, first] = both[order, first], both[order, second]
    residual[first, second] = residual[second, first] = outcome.residual
    reasons = [
        {"pair": f"{world.countries[a]}-{world.countries[b]}", "reason": reason}
        for (a, b), reason in zip(pairs, outcome.reasons, strict=True)
        if reason
    ]
    return LeverageMatrix(
        loss_percent=_label(world, "loss_percent", 100.0 * loss),
        loss_usd=_label(world, "loss_usd", loss * economy.accounts.income[:, None]),
        residual=_label(world, "residual", residual),
        reasons=pd.DataFrame(reasons, columns=["pair", "reason"]),
        horizon=parameters.horizon,
        deficits=deficits,
        given=AS_IT_IS if given is None else given.name,
    )


def _job(economy: Economy, a: int, b: int) -> Job:
    def full() -> Shock:
        cut = np.zeros(economy.accounts.pi.shape, dtype=bool).transpose(1, 2, 0)
        cut[a, b] = cut[b, a] = True
        return Shock(cut=cut)

    patch = cut_patch(economy.accounts, economy.parameters, a, b) if batchable(economy) else None
    return Job(patch, full)


def _label(world: World, name: str, values: FloatArray) -> xr.DataArray:
    labels = list(world.countries)
    attrs = {"unit": "log gap"} if name == "residual" else variable(name, "exit_cost").attrs
    return xr.DataArray(values, dims=("country", "partner"), coords={"country": labels, "partner": labels}, name=name,
                        attrs=attrs)  # fmt: skip
