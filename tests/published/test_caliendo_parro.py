"""Caliendo and Parro (2015), NAFTA: the printed figures, what the same equilibrium means exactly, and the difference.

The paper prints a linear formula with base weights as "welfare". The exact change of real income in the same
equilibrium is another number by two orders of magnitude for Mexico. Tests name which is which.

Expected values marked "printed" are those of the paper's tables 2 and 3; "reference" values were computed once by an
independent program on the authors' raw files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from tests.economies import alone, between, certified

from suasion.equilibrium.economy import Economy, certificate_of, log_welfare, prepare
from suasion.equilibrium.from_shares import (
    caliendo_parro_accounts,
    caliendo_parro_parameters,
    caliendo_parro_world,
)
from suasion.equilibrium.result import Result
from suasion.equilibrium.scenario.scenario import Scenario
from suasion.equilibrium.simulate import run
from suasion.equilibrium.solve import rebase
from suasion.equilibrium.types import Shock
from suasion.errors import NoSupplierError
from suasion.sources.caliendo_parro import CaliendoParro, read_caliendo_parro
from suasion.world import World

NAFTA = ["MEX", "CAN", "USA"]
PRINTED = 0.005  # half of the last digit of a figure with two decimals, per cent
REFERENCE = 0.00005  # the same for four decimals

AUTARKY = {"CAN": -10.1244, "USA": -2.2574, "CHN": -12.5021, "DEU": -4.6123, "JPN": -1.6242, "AUS": -6.5056}
TRADE = {  # (importer, exporter): printed change of imports, per cent
    ("MEX", "USA"): 118.31,
    ("MEX", "CAN"): 116.60,
    ("CAN", "MEX"): 58.57,
    ("CAN", "USA"): 9.49,
    ("USA", "MEX"): 109.54,
    ("USA", "CAN"): 6.57,
}


@dataclass(frozen=True)
class Setting:
    """A base of 1993 and the tariffs of 2005 between its three members."""

    world: World
    economy: Economy
    nafta: Shock

    def index(self, country: str) -> int:
        return self.world.countries.index(country)

    def outcome(self) -> Result:
        return run(self.economy, self.world, Scenario("NAFTA"), self.nafta)


def setting(raw: CaliendoParro, deficits: bool) -> Setting:
    world = caliendo_parro_world(raw, deficits)
    economy = prepare(world, caliendo_parro_parameters(raw), "world")
    return Setting(world, economy, Shock(tariff=raw.tariff_2005))


@pytest.fixture(scope="module")
def raw(reference_data: Path) -> CaliendoParro:
    return read_caliendo_parro(reference_data)


@pytest.fixture(scope="module")
def balanced(raw: CaliendoParro) -> Setting:
    """The paper's headline: deficits of zero."""
    return setting(raw, deficits=False)


@pytest.fixture(scope="module")
def nafta(balanced: Setting) -> Result:
    return balanced.outcome()


@pytest.fixture(scope="module")
def with_deficits(raw: CaliendoParro) -> Result:
    return setting(raw, deficits=True).outcome()


def members(values) -> list[float]:
    return values.sel(country=NAFTA).values.tolist()


def test_linear_welfare_is_the_printed_one(nafta: Result) -> None:
    """Table 2, first column: 1.31, -0.06, 0.08."""
    assert members(nafta.welfare_linear) == pytest.approx([1.31, -0.06, 0.08], abs=PRINTED)
    assert members(nafta.welfare_linear) == pytest.approx([1.3121, -0.0638, 0.0848], abs=REFERENCE)


def test_terms_and_volume_of_trade_are_the_printed_ones(nafta: Result) -> None:
    """Table 2: terms of trade -0.41, -0.11, 0.04; volume of trade 1.72, 0.04, 0.04."""
    terms, volume = nafta.linear_parts
    assert members(terms) == pytest.approx([-0.41, -0.11, 0.04], abs=PRINTED)
    assert members(volume) == pytest.approx([1.72, 0.04, 0.04], abs=PRINTED)
    assert members(terms + volume) == pytest.approx(members(nafta.welfare_linear), abs=1e-12)


def test_real_wages_are_the_printed_ones(nafta: Result) -> None:
    """Table 2, last column: 1.72, 0.32, 0.11."""
    assert members(nafta.real_wage) == pytest.approx([1.72, 0.32, 0.11], abs=PRINTED)


def test_exact_welfare_is_not_the_printed_one(nafta: Result) -> None:
    """Real income I / P in the same equilibrium: 0.0073, -0.1101, 0.0741, reference."""
    assert members(nafta.welfare) == pytest.approx([0.0073, -0.1101, 0.0741], abs=REFERENCE)
    assert members(nafta.real_income) == pytest.approx(members(nafta.welfare), abs=1e-9)  # no transfers here


@pytest.mark.parametrize(("importer", "exporter"), list(TRADE))
def test_trade_effects(nafta: Result, importer: str, exporter: str) -> None:
    """Growth of imports from the partners."""
    after = nafta.trade.sel(importer=importer, exporter=exporter).sum().item()
    before = nafta.base.receipts.sum(0)[
        nafta.countries.index(importer), nafta.countries.index(exporter)
    ].item()
    assert 100.0 * (after / before - 1.0) == pytest.approx(TRADE[importer, exporter], abs=PRINTED)


def test_the_sum_of_the_path_is_the_exact_change(nafta: Result) -> None:
    """Integrated along the path Mexico's volume gain is 0.69, not 1.72: base weights count the triangle twice.

    Reference values are from 20 steps of first order, which explains the tolerance; the integral here is exact
    to its reported gap.
    """
    parts = nafta.decomposition.sel(country="MEX")
    assert parts.sel(component="terms of trade").item() == pytest.approx(-0.680, abs=0.004)
    assert parts.sel(component="volume").item() == pytest.approx(0.688, abs=0.004)
    assert parts.sel(component=["technology", "transfer"]).values == pytest.approx([0, 0], abs=1e-9)
    assert nafta.decomposition.attrs["gap"] < 1e-7
    exact = 100.0 * np.log1p(nafta.welfare / 100.0)
    assert nafta.decomposition.sum("component").values == pytest.approx(exact.values, abs=1e-7)


def test_variant_with_the_deficits_of_1993(with_deficits: Result) -> None:
    """Linear 1.17, -0.04, 0.08 and real wages 1.64, 0.33, 0.12 printed; exact absorption -0.045, -0.082, 0.076."""
    assert members(with_deficits.welfare_linear) == pytest.approx([1.17, -0.04, 0.08], abs=PRINTED)
    assert members(with_deficits.real_wage) == pytest.approx([1.64, 0.33, 0.12], abs=PRINTED)
    assert members(with_deficits.welfare) == pytest.approx([-0.045, -0.082, 0.076], abs=0.0005)


def test_the_equilibria_are_certified(nafta: Result, with_deficits: Result) -> None:
    assert nafta.certificate.ok(1e-9)
    assert with_deficits.certificate.ok(1e-9)


def test_the_published_base_does_not_balance_and_the_solved_one_does(
    raw: CaliendoParro, balanced: Setting
) -> None:
    """Clipping 185 negative final shares breaks the accounts: "no shock" would move them."""
    assert (raw.final_residual < 0).sum() == 185
    published = caliendo_parro_accounts(raw)
    moved = rebase(published, caliendo_parro_parameters(raw), "world")
    assert np.abs(np.log(moved.output / published.output)).max() > 0.01
    solved = certified(balanced.economy, Shock())
    assert np.abs(log_welfare(solved)).max() < 1e-9  # accuracy of the solved base


def autarky_formula(economy: Economy, n: int) -> float:
    """Equation (2.32): real income in autarky over the base, lost tariff revenue included."""
    base, sigma = economy.accounts, economy.parameters.sigma
    omega = (1.0 - base.va_share[n])[:, None] * base.input_share[n]
    price = np.linalg.solve(np.eye(sigma.size) - omega, np.log(1.0 / base.pi[:, n, n]) / (sigma - 1.0))
    kept = base.factor_income[n].sum() / base.income[n]
    return float(kept * np.exp(-base.final_share[n] @ price))


@pytest.mark.parametrize("country", list(AUTARKY))
def test_autarky_by_formula_and_by_solver(balanced: Setting, country: str) -> None:
    n = balanced.index(country)
    formula = 100.0 * (autarky_formula(balanced.economy, n) - 1.0)
    assert formula == pytest.approx(AUTARKY[country], abs=REFERENCE)
    solved = certified(balanced.economy, Shock(cut=alone(balanced.world, n)))
    # Two routes to one number: the formula is exact, the solver stops at 1e-11.
    assert 100.0 * np.expm1(log_welfare(solved)[n]) == pytest.approx(formula, abs=1e-7)


@pytest.mark.parametrize("country", ["MEX", "ROW"])
def test_autarky_without_any_domestic_supplier_is_refused(balanced: Setting, country: str) -> None:
    """Output was set to exports there, so some domestic shares are zero: the loss would be 100 %."""
    n = balanced.index(country)
    assert (balanced.economy.accounts.pi[:, n, n] == 0).any()
    with pytest.raises(NoSupplierError, match=f"no supplier at all to {country}"):
        certified(balanced.economy, Shock(cut=alone(balanced.world, n)))


def test_embargo_between_the_united_states_and_china_in_1993(balanced: Setting) -> None:
    cut = between(balanced.world, balanced.index("USA"), balanced.index("CHN"))
    solved = certified(balanced.economy, Shock(cut=cut))
    change = dict(zip(balanced.world.countries, 100.0 * np.expm1(log_welfare(solved)), strict=True))
    expected = {"USA": -0.1190, "CHN": -1.6425, "MEX": 0.0032, "JPN": 0.0060, "DEU": 0.0035}
    assert {c: change[c] for c in expected} == pytest.approx(expected, abs=REFERENCE)
    assert certificate_of(solved).ok(1e-9)
