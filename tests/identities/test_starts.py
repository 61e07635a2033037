"""Points that ship spare the search for a balanced base, and only where the equations hold at them."""

from __future__ import annotations

import numpy as np
import pytest

from suasion.equilibrium import Shock
from suasion.equilibrium.accounts import accounts_of
from suasion.equilibrium.economy import base_of
from suasion.equilibrium.elasticities.horizon import resolve_base
from suasion.equilibrium.problem import build_problem
from suasion.equilibrium.solve import rebase, settled
from suasion.equilibrium.starts import start_of
from suasion.world import load_world


@pytest.mark.parametrize("given", [{"year": 2022}, {"year": 2023}, {"year": 2024}, {"states": "all"}])
def test_embedded_worlds_balance_at_their_points(given):
    world = load_world(**given)
    start = start_of(world)
    assert start is not None
    problem = build_problem(accounts_of(world), resolve_base(world), Shock(), "eliminate")
    found = settled(problem, start)
    assert found is not None
    assert found.solution.iterations == 0
    # Rounding of the machine on which the points were made is some 1e-12; the solver's tolerance is 1e-11.
    assert found.solution.residual < 1e-11


def test_the_base_is_that_of_a_search():
    """Both meet the equations to 1e-11, which wages of the smallest economy magnify a hundred times at most."""
    world = load_world()
    parameters = resolve_base(world)
    searched, shipped = rebase(accounts_of(world), parameters), base_of(world, parameters)
    assert np.abs(searched.income / shipped.income - 1.0).max() < 1e-9
    assert np.abs(searched.pi - shipped.pi).max() < 1e-9


def test_a_changed_world_is_searched_for():
    """The point of the usual world is no solution of one with other tariffs, and its base is not taken for one."""
    world = load_world(tariffs="zero")
    parameters, start = resolve_base(world), start_of(world)
    assert start is not None
    raw = accounts_of(world)
    assert settled(build_problem(raw, parameters, Shock(), "eliminate"), start) is None
    base = base_of(world, parameters)
    assert np.abs(base.transfer).max() == 0.0
    assert np.abs(base.income / base_of(load_world(), parameters).income - 1.0).max() > 1e-4
