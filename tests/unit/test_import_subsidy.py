"""A subsidy on imports: a negative tariff, and by Lerner's symmetry a subsidy on exports where it covers all trade."""

from __future__ import annotations

import numpy as np
import pytest

from suasion.equilibrium import ExportTax, Scenario, Tariff, compile_scenario, simulate
from suasion.equilibrium.scenario.instruments import ImportSubsidy
from suasion.errors import ScenarioError
from suasion.world import load_world


@pytest.fixture(scope="module")
def world():
    return load_world("g20")


def change(world, instrument):
    return simulate(world, Scenario("s", [instrument])).welfare.values


def test_a_small_one_changes_little_and_a_tariff_takes_it_back(world):
    both = [ImportSubsidy("USA", "CHN", 0.1), Tariff("USA", "CHN", 0.1)]
    rates = compile_scenario(world, Scenario("s", both)).tariff
    assert np.abs(rates).max() < 1e-15  # the base has no tariffs: the two leave none
    assert np.abs(change(world, ImportSubsidy("USA", "CHN", 1e-13))).max() < 1e-10


def test_it_is_a_tariff_below_zero(world):
    found = change(world, ImportSubsidy("USA", "CHN", 0.2, sectors=["C"]))
    assert found == pytest.approx(change(world, Tariff("USA", "CHN", -0.2, sectors=["C"])), abs=1e-12)


def test_lerner_symmetry(world):
    # Border prices fall by 10 % on all imports, or rise by 1 / .9 for all who buy from the country: relative prices are
    # those of an export tax of -10 %, and with balanced trade the country's account is too. Solver tolerance 1e-9.
    found = change(world, ImportSubsidy("USA", "all", 0.1))
    assert found == pytest.approx(change(world, ExportTax("USA", "all", -0.1)), abs=1e-7)
    assert found[world.countries.index("USA")] < 0.0  # it turns the terms of trade against itself


@pytest.mark.parametrize("rate", [0.0, -0.1, 1.5])
def test_it_is_a_part_of_the_price(rate):
    with pytest.raises(ScenarioError, match="rate is"):
        ImportSubsidy("USA", "CHN", rate)
