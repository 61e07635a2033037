"""Whose growth raises whose real expenditure: Hulten, homogeneity, and the two ways to the same number."""

from __future__ import annotations

import numpy as np
import pytest

from suasion.coercion.welfare_exposure import pair_exposures, welfare_exposure
from suasion.equilibrium import Shock, respond
from suasion.equilibrium.economy import base_of, economy_on, log_welfare
from suasion.equilibrium.elasticities.horizon import resolve, resolve_base
from suasion.world.testing import random_world


@pytest.fixture(scope="module")
def world():
    return random_world(5, 3, seed=11)


@pytest.mark.parametrize("horizon", ["long", "short"])
def test_world_hulten(world, horizon):
    """Money gained by all from one country's productivity is its sales: without taxes nothing else is of first order."""
    accounts = base_of(world, resolve_base(world))
    matrix = pair_exposures(world, horizon).matrix
    gained = accounts.income @ matrix.to_numpy()
    # The transposed equations are solved to 1e-11 of their right-hand side.
    assert gained == pytest.approx(accounts.output.sum(axis=1), rel=1e-8)


def test_a_row_and_a_column_are_those_of_the_matrix(world):
    """Gradients give what a state receives, differences what it gives: both are the matrix, to the square of the step."""
    matrix = pair_exposures(world).matrix
    for name in world.countries:
        table = welfare_exposure(world, name).table.set_index("country")
        row, column = matrix.loc[name].drop(name), matrix[name].drop(name)
        assert table["from_percent"].to_numpy() == pytest.approx(row.to_numpy(), abs=1e-9)
        assert table["on_percent"].to_numpy() == pytest.approx(column.to_numpy(), abs=3e-4)


def test_equal_growth_of_all_is_the_growth_of_everybody(world):
    """A row sums to what the same growth of all countries does: prices between countries need not move the less."""
    accounts = base_of(world, resolve_base(world))
    economy = economy_on(accounts, resolve(world, "long"), "balance")
    step = 1e-3
    up, down = (
        log_welfare(respond(economy, Shock(productivity=np.full_like(accounts.output, np.exp(s * step))))[0])
        for s in (1.0, -1.0)
    )
    # The error of the central difference is of the square of the step, and of 1e-11 / step.
    assert pair_exposures(world).matrix.sum(axis=1).to_numpy() == pytest.approx(
        (up - down) / (2 * step), abs=1e-6
    )


def test_bands_hold_the_centre_and_come_again_with_the_seed(world):
    found = welfare_exposure(world, world.countries[0], draws=8, seed=3).table
    again = welfare_exposure(world, world.countries[0], draws=8, seed=3).table
    assert found.equals(again)
    for name in ("from_percent", "on_percent"):
        assert (found[f"{name}_low"] <= found[f"{name}_high"]).all()
    other = welfare_exposure(world, world.countries[0], draws=8, seed=4).table
    assert not found["from_percent_low"].equals(other["from_percent_low"])


def test_pairs_have_both_directions_and_the_bands_of_the_state(world):
    """The same draws of the elasticities, whether one state is asked for or all pairs."""
    found = pair_exposures(world, draws=4, seed=3)
    name = world.countries[0]
    pairs = found.table[found.table["country"] == name].set_index("partner")
    state = welfare_exposure(world, name, draws=4, seed=3).table.set_index("country")
    # Two solutions of the same transposed equations, each to 1e-11 of their right-hand side.
    for column in ("from_percent", "from_percent_low", "from_percent_high"):
        assert pairs[column].to_numpy() == pytest.approx(state[column].to_numpy(), abs=1e-9)
    assert pairs["on_percent"].to_numpy() == pytest.approx(found.matrix[name].drop(name).to_numpy(), abs=0)
    assert len(found.table) == 10
    mean = (found.table["from_percent"] + found.table["on_percent"]) / 2
    assert found.table["mutual_percent"].to_numpy() == pytest.approx(mean.to_numpy(), abs=1e-15)
