"""Worlds with applied tariffs against a short solver in levels: three deficit rules, two horizons."""

from __future__ import annotations

import numpy as np
import pytest
from tests.economies import certified
from tests.levels import in_levels

from suasion.equilibrium import Embargo, Scenario, Tariff, resolve
from suasion.equilibrium.economy import log_welfare, prepare
from suasion.equilibrium.scenario.scenario import compile_scenario
from suasion.world import World, load_world

#: Two solvers that close their equations to 1e-10 in logs; welfare is a smooth function of the unknowns.
CLOSE = 1e-8
SIDES = ["USA", "CHN", "DEU", "IND", "RUS", "VNM"]
WHAT = {"cut": Embargo("USA", "CHN"), "tariff": Tariff("USA", "CHN", 0.25)}


@pytest.fixture(scope="module")
def small() -> World:
    """Six economies and all others, four industries and all others, at applied tariffs."""
    return load_world(tariffs="applied").select(SIDES, ["A01", "B06", "C26", "C29"])


def kept(rule: str, base: object, before: np.ndarray):  # type: ignore[no-untyped-def]
    """What a country receives under a rule, of what all earn (docs/explanation/model.md)."""
    paid = base.factor_income.sum((1, 2))  # type: ignore[attr-defined]

    def by_income(earned: np.ndarray) -> np.ndarray:
        own = before / paid * earned
        return np.asarray(own - own.sum() * earned / earned.sum())

    return {"balance": None, "world": lambda earned: before, "gdp": by_income}[rule]


@pytest.mark.parametrize("rule", ["balance", "world", "gdp"])
@pytest.mark.parametrize("horizon", ["long", "short"])
def test_against_a_solver_in_levels(small: World, rule: str, horizon: str) -> None:
    what = "cut" if horizon == "long" else "tariff"
    shock = compile_scenario(small, Scenario(what, [WHAT[what]]))
    economy = prepare(small, resolve(small, horizon), rule, resolve(small, "long"))
    base = economy.accounts
    assert base.tariff is not None
    before = base.tariff.transpose(1, 2, 0)
    tariff = before if shock.tariff is None else shock.tariff
    left = np.ones_like(before) if shock.cut is None else 1.0 - shock.cut
    transfer = kept(rule, base, small.array("transfer"))
    expected = in_levels(
        base, economy.parameters, ((1.0 + tariff) / (1.0 + before), left, tariff), transfer=transfer
    )
    found = log_welfare(certified(economy, shock))
    assert np.abs(found).max() > 1e-4
    assert found == pytest.approx(expected, abs=CLOSE)
