"""A world after a scenario that is in force for long: whatever is asked of it is asked of what came of that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from suasion.equilibrium.accounts import Accounts, sector_last
from suasion.equilibrium.economy import check_before_balance, prepare, respond
from suasion.equilibrium.elasticities.horizon import resolve_base
from suasion.equilibrium.elasticities.response import Response
from suasion.equilibrium.scenario.scenario import Scenario, compile_scenario
from suasion.equilibrium.solve import accounts_after
from suasion.errors import InputError
from suasion.quotient import over
from suasion.types import DeficitRule
from suasion.world import World


def world_after(world: World, scenario: Scenario, deficits: DeficitRule = "balance") -> World:
    """Return the world to which a scenario has brought another one in the long run.

    With constant elasticities a further measure does there what both together do here, over what the first does alone.

    world: its own elasticities hold, where it has some.
    scenario: what is in force. A binding quota or cap lives on as the tax that it amounts to.
    deficits: deficit rule, see :func:`suasion.equilibrium.simulate`; one that would end deficits later keeps
      them here.
    Returns: Of the same year, in units of the same world factor income.
    Raises InputError: The scenario has a measure of one use only, for which a table has no terms of its own.
    Raises ShockError, ConvergenceError: It has no equilibrium, or none was found.
    """
    shock = compile_scenario(world, scenario)
    if shock.by_use:
        raise InputError(
            f"{scenario.name!r} has a measure of one use only, which cannot be in force already. "
            "Give it together with what is asked, in one scenario."
        )
    rule: DeficitRule = "world" if deficits == "eliminate" else deficits
    parameters = resolve_base(world)
    check_before_balance(world, parameters, shock)
    solved, _ = respond(prepare(world, parameters, rule), shock)
    step = f"Long run after {scenario.name!r}; deficits: {rule}."
    response = replace(world.response or Response(), after=scenario.name)
    return world_with(
        world, accounts_after(solved), provenance=world.provenance.then(step), response=response
    )


def world_with(world: World, accounts: Accounts, **changes: Any) -> World:
    """Return the world of solved accounts, which every part of the library takes like any world.

    world: where they come from.
    accounts: values are in million USD of its world factor income. Of each good all buyers in a country have
      one mix of origins.
    **changes: Other fields of the new world.
    """
    used = accounts.uses
    bought = used.sum(1)
    part = over(bought, accounts.expenditure)
    flow = sector_last(accounts.receipts)
    intermediate = flow * np.minimum(part, 1.0)[:, None, :]
    rates = {
        name: np.zeros(flow.shape) if rate is None else sector_last(rate)
        for name, rate in (("tariff", accounts.tariff), ("export_tax", accounts.export_tax))
    }
    return world.replace(
        intermediate=intermediate,
        final=flow - intermediate,
        input_use=used,
        factor_income=accounts.factor_income,
        **rates,
        **changes,
    )
