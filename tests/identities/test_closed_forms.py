"""The solver against formulas that can be worked out on paper.

Every solve is certified on the way. Tolerances of 1e-11 to 1e-12 are those of the solver; wider ones come from the
digits in which a value is printed or from a difference quotient, and say so.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq
from tests.economies import (
    FloatArray,
    alone,
    between,
    cells,
    certified,
    parameters,
    uneven,
    unsolved,
    welfare,
    without_inputs,
)

from suasion.equilibrium.economy import Economy, log_welfare, prepare
from suasion.equilibrium.iteration import make_residual
from suasion.equilibrium.problem import Problem, Weights
from suasion.equilibrium.system import consumer_price, split, start_vector, sweep
from suasion.equilibrium.types import Shock
from suasion.errors import CollapseError
from suasion.solvers.newton import jacobian
from suasion.world.testing import golden_world, random_world, symmetric_world

SOLVER = 1e-11


# --- small shocks: Hulten's theorem and the second order -------------------------------------------------


def hulten_gap(economy: Economy, shock: Shock) -> float:
    """Ratio less one of sum I dlnW and the first-order formula -sum X dln d + sum Y dln A."""
    base = economy.accounts
    world_gain = (base.income * log_welfare(certified(economy, shock))).sum()
    predicted = 0.0
    if shock.trade_cost is not None:
        predicted -= (base.purchases * np.log(shock.trade_cost.transpose(2, 0, 1))).sum()
    if shock.productivity is not None:
        predicted += (base.output * np.log(shock.productivity)).sum()
    return float(world_gain / predicted - 1.0)


@pytest.mark.parametrize("mobility", [0.0, 1.0])
@pytest.mark.parametrize("kind", ["trade cost", "productivity", "both"])
def test_hulten_to_first_order(kind: str, mobility: float) -> None:
    """World income changes by the value of what is touched; the error shrinks tenfold with the shock."""
    world = random_world(4, 3, seed=11)
    economy = prepare(world, uneven(world, 11, mobility))
    pattern = np.random.default_rng(5).uniform(0.0, 1.0, (4, 3))
    route = cells(world, 0, slice(None)) * np.array([1.0, 0.5, 2.0])

    def gap(h: float) -> float:
        return hulten_gap(
            economy,
            Shock(
                trade_cost=None if kind == "productivity" else np.exp(h * route),
                productivity=None if kind == "trade cost" else np.exp(-h * pattern),
            ),
        )

    errors = [abs(gap(h)) for h in (1e-2, 1e-3, 1e-4)]
    assert errors[0] < 0.05
    # Third-order terms change the ratio of ten by a few per cent at the largest step; rounding at the smallest.
    assert errors[0] / errors[1] == pytest.approx(10.0, rel=0.08)
    assert errors[1] / errors[2] == pytest.approx(10.0, rel=0.02)


def test_second_order_of_an_iceberg() -> None:
    """d2 ln W / d(ln d)2 is (sigma - 1) pm (1 - pm): .48 at sigma 4 and an import share of .2."""
    world = symmetric_world(2, domestic=0.8, va_share=1.0)
    economy = prepare(world, parameters(world, 4.0))
    mask, h = between(world, 0, 1), 1e-3
    up, down = (log_welfare(certified(economy, Shock(trade_cost=np.exp(s * h * mask))))[0] for s in (1, -1))
    # The difference quotient is good to h squared, and to the solver's 1e-11 over h squared.
    assert (up + down) / h**2 == pytest.approx(0.48, abs=2e-5)


# --- symmetric countries -----------------------------------------------------------------------------------


def symmetric_hat(h: float, a: float, zeta: float) -> float:
    """Equation (2.30): welfare from the price index of the good."""
    if zeta == 1.0:
        return h ** (-1.0 / a)
    return ((h ** (zeta - 1.0) - (1.0 - a)) / a) ** (1.0 / (1.0 - zeta))


@pytest.mark.parametrize(
    ("zeta", "printed"),
    [
        (0.2, 0.924838110101),
        (0.5, 0.925269962330),
        (0.9, 0.925830433142),
        (1.0, 0.925967903080),
        (1.5, 0.926640004361),
    ],
)
@pytest.mark.parametrize("mobility", [0.0, 1.0])
def test_symmetric_iceberg(zeta: float, printed: float, mobility: float) -> None:
    """Domestic share .8, value-added share .5, sigma 4, all trade 30 % dearer."""
    world = symmetric_world(2, domestic=0.8, va_share=0.5)
    shock = Shock(trade_cost=np.where(between(world, 0, 1), 1.3, 1.0))
    found = welfare(world, shock, parameters(world, 4.0, zeta, mobility=mobility))
    h = (0.8 + 0.2 * 1.3**-3.0) ** (-1.0 / 3.0)
    assert symmetric_hat(h, 0.5, zeta) == pytest.approx(printed, abs=5e-13)  # twelve digits are printed
    assert found == pytest.approx([printed, printed], abs=SOLVER)


@pytest.mark.parametrize("zeta", [0.5, 1.0, 1.5])
def test_symmetric_embargo(zeta: float) -> None:
    """The limit of the same formula: h is the domestic share to the power -1 / (sigma - 1)."""
    world = symmetric_world(2, domestic=0.8, va_share=0.5)
    found = welfare(world, Shock(cut=between(world, 0, 1)), parameters(world, 4.0, zeta))
    assert found == pytest.approx(symmetric_hat(0.8 ** (-1.0 / 3.0), 0.5, zeta), abs=SOLVER)


def test_mutual_tariff() -> None:
    """Equation (2.31): domestic share .7, sigma 5, both tax 25 %: .9817532064."""
    world = symmetric_world(2, domestic=0.7, va_share=1.0)
    shock = Shock(tariff=np.where(between(world, 0, 1), 0.25, 0.0))
    assert welfare(world, shock, parameters(world, 5.0)) == pytest.approx(0.9817532064, abs=5e-11)  # printed


def test_mutual_tariff_to_second_order() -> None:
    """A tariff of 1 % costs -5.135e-5 against the triangle -(sigma / 2) pd pm t^2 = -5.25e-5."""
    world = symmetric_world(2, domestic=0.7, va_share=1.0)
    shock = Shock(tariff=np.where(between(world, 0, 1), 0.01, 0.0))
    found = np.log(welfare(world, shock, parameters(world, 5.0)))[0]
    assert found == pytest.approx(-5.135e-5, abs=5e-9)  # four digits are printed
    assert found == pytest.approx(
        -(5.0 / 2.0) * 0.7 * 0.3 * 0.01**2, rel=0.03
    )  # the triangle is second order


# --- optimal tariffs -----------------------------------------------------------------------------------------


def best_tariff(economy: Economy, low: float, high: float) -> tuple[float, float]:
    """The first country's optimal tariff, and what 1 / ((sigma - 1) pi_FF) is there."""

    def solve(rate: float) -> object:
        rates = np.zeros((2, 2, 1))
        rates[0, 1] = rate
        return certified(economy, Shock(tariff=rates))

    def slope(rate: float) -> float:
        h = 0.01  # fourth order: the quotient is good to 1e-9, which its zero inherits
        w = [log_welfare(solve(rate + j * h))[0] for j in (-2, -1, 1, 2)]
        return float((w[0] - 8.0 * w[1] + 8.0 * w[2] - w[3]) / (12.0 * h))

    best = float(brentq(slope, low, high, xtol=1e-9))
    partner_home_share = solve(best).swept.pi[0, 1, 1]
    return best, float(1.0 / ((economy.parameters.sigma[0] - 1.0) * partner_home_share))


@pytest.mark.parametrize(("sigma", "printed"), [(5.0, 0.309672), (3.0, 0.622684)])
def test_optimal_tariff_of_equal_countries(sigma: float, printed: float) -> None:
    """t* = 1 / ((sigma - 1) pi_FF), the partner's home share at the optimum; base home share .7."""
    world = symmetric_world(2, domestic=0.7, va_share=1.0)
    best, formula = best_tariff(prepare(world, parameters(world, sigma)), 0.9 * printed, 1.1 * printed)
    assert best == pytest.approx(printed, abs=5e-7)
    assert best == pytest.approx(formula, abs=1e-7)


def two_countries(size: float, sigma: float, iceberg: float) -> FloatArray:
    """Flows of free trade between a country of the given size and one of size 1, productivity equal."""
    labour = np.array([size, 1.0])
    cost = np.where(np.eye(2, dtype=bool), 1.0, iceberg)

    def flows(log_wage: float) -> FloatArray:
        wage = np.exp([log_wage, 0.0])
        weight = (cost * wage) ** (1.0 - sigma)
        return weight / weight.sum(1, keepdims=True) * (wage * labour)[:, None]

    found = flows(brentq(lambda w: flows(w)[1, 0] - flows(w)[0, 1], -5.0, 8.0, xtol=1e-15))
    found[0, 1] = found[1, 0]  # the same to rounding, which the accounts check at 1e-9 of the small country
    return found


@pytest.mark.parametrize(
    ("size", "printed"), [(1.0, 0.259378), (0.1, 0.253283), (0.01, 0.251097), (0.001, 0.250326)]
)
def test_optimal_tariff_of_a_small_country(size: float, printed: float) -> None:
    """It falls to 1 / (sigma - 1) = .25 as the country shrinks: no market power but that of its own variety."""
    world = without_inputs(two_countries(size, 5.0, 2.0))
    best, formula = best_tariff(prepare(world, parameters(world, 5.0)), 0.98 * printed, 1.02 * printed)
    assert best == pytest.approx(printed, abs=1e-6)
    assert best == pytest.approx(formula, abs=1e-6)


# --- autarky ---------------------------------------------------------------------------------------------------


def autarky(economy: Economy, n: int, q: float) -> tuple[float, float]:
    """Equations (2.32), (2.33): welfare in autarky with one elasticity q above Armington; spectral radius."""
    base, sigma = economy.accounts, economy.parameters.sigma
    omega = (1.0 - base.va_share[n])[:, None] * base.input_share[n]
    price = base.pi[:, n, n] ** (-1.0 / (sigma - 1.0))
    kept = base.factor_income[n].sum() / base.income[n]
    if q == 1.0:
        logs = np.linalg.solve(np.eye(sigma.size) - omega, np.log(price))
        return float(kept * np.exp(-base.final_share[n] @ logs)), 0.0
    scaled = omega * price ** (1.0 - q)
    radius = float(np.abs(np.linalg.eigvals(scaled)).max())
    if radius >= 1.0 and q < 1.0:
        return np.nan, radius
    cost = np.linalg.solve(np.eye(sigma.size) - scaled, base.va_share[n])
    total = base.final_share[n] @ (price ** (1.0 - q) * cost)
    return float(kept * total ** (-1.0 / (1.0 - q))), radius


@pytest.mark.parametrize("q", [0.2, 0.5, 0.9, 1.0, 1.7])
@pytest.mark.parametrize("tariffs", [False, True])
@pytest.mark.parametrize("deficits", ["balance", "world"])
def test_autarky_with_inputs(q: float, tariffs: bool, deficits: str) -> None:
    """Inputs included, in every country; lost tariff revenue and deficits are in VA / I."""
    world = random_world(4, 3, seed=5, tariffs=tariffs)
    economy = prepare(world, parameters(world, [3.0, 5.0, 4.0], q), deficits)
    for n in range(4):
        formula, radius = autarky(economy, n, q)
        assert radius < 1.0  # the formula's own condition
        found = welfare(economy, Shock(cut=alone(world, n)))[n]
        assert found == pytest.approx(formula, abs=SOLVER)


def test_autarky_of_the_golden_economy() -> None:
    """Equation (2.32) for R: .841607553988, printed with twelve digits."""
    world = golden_world()
    economy = prepare(world, parameters(world, 5.0))
    assert autarky(economy, 0, 1.0)[0] == pytest.approx(0.841607553988, abs=5e-13)
    assert welfare(economy, Shock(cut=alone(world, 0)))[0] == pytest.approx(0.841607553988, abs=SOLVER)


def test_autarky_without_inputs_is_one_share() -> None:
    """W = pi_nn ^ (1 / (sigma - 1)); at a home share of .92 and sigma 6 the loss is 1.654 % of autarky income."""
    world = symmetric_world(2, domestic=0.92, va_share=1.0)
    found = welfare(world, Shock(cut=between(world, 0, 1)), parameters(world, 6.0))[0]
    assert found == pytest.approx(0.92 ** (1.0 / 5.0), abs=SOLVER)
    assert 100.0 * (1.0 - found) == pytest.approx(1.654, abs=5e-4)


# --- collapse ----------------------------------------------------------------------------------------------------

THRESHOLD = 2.378414  # h* = (1 - a) ** (-1 / (1 - zeta)) at zeta .2, a .5


def collapsing(h: float, sigma: float = 3.0) -> tuple[Economy, Shock]:
    """Two equal countries whose embargo raises the price of the good to ``h``."""
    world = symmetric_world(2, domestic=h ** (1.0 - sigma), va_share=0.5)
    return prepare(world, parameters(world, sigma, 0.2)), Shock(cut=between(world, 0, 1))


def test_collapse_threshold_value() -> None:
    assert pytest.approx(THRESHOLD, abs=5e-7) == 0.5 ** (-1.0 / 0.8)
    assert symmetric_hat(THRESHOLD * (1 - 1e-5), 0.5, 0.2) > 0.0


@pytest.mark.parametrize("factor", [0.9, 0.99])
def test_below_the_threshold_there_is_an_equilibrium(factor: float) -> None:
    h = THRESHOLD * factor
    assert welfare(*collapsing(h)) == pytest.approx(symmetric_hat(h, 0.5, 0.2), abs=SOLVER)


@pytest.mark.parametrize("factor", [1.0001, 1.01, 2.0])
def test_above_the_threshold_there_is_none(factor: float) -> None:
    with pytest.raises(CollapseError, match=r"no finite cost.*Cut less, or raise zeta"):
        welfare(*collapsing(THRESHOLD * factor))


@pytest.mark.parametrize(("sigma", "share"), [(2.0, 0.4204), (3.0, 0.1768), (5.0, 0.0313)])
def test_critical_home_share(sigma: float, share: float) -> None:
    """pi_nn* = (1 - a) ** ((sigma - 1) / (1 - q)), the same threshold as a level of dependence."""
    exact = 0.5 ** ((sigma - 1.0) / 0.8)
    assert exact == pytest.approx(share, abs=5.1e-5)  # four decimals are printed
    world = symmetric_world(2, domestic=exact * 1.05, va_share=0.5)
    assert welfare(world, Shock(cut=between(world, 0, 1)), parameters(world, sigma, 0.2))[0] > 0.0
    world = symmetric_world(2, domestic=exact * 0.999, va_share=0.5)
    with pytest.raises(CollapseError, match="no finite cost"):
        welfare(world, Shock(cut=between(world, 0, 1)), parameters(world, sigma, 0.2))


def test_collapse_is_the_spectral_radius_reaching_one() -> None:
    """Several sectors, common elasticity q < 1: on both sides of rho(Omega H) = 1, equation (2.33)."""
    world, q, seen = random_world(3, 3, seed=4), 0.2, set()
    for sigma in (1.2, 1.25, 1.3, 1.4, 1.5, 2.0):
        economy = prepare(world, parameters(world, sigma, q))
        for n in range(3):
            formula, radius = autarky(economy, n, q)
            shock = Shock(cut=alone(world, n))
            seen.add(radius >= 1.0)
            if radius >= 1.0:
                with pytest.raises(CollapseError, match=f"production of .*{world.countries[n]}"):
                    welfare(economy, shock)
            elif radius < 0.97:  # nearer to one the residual is magnified beyond the certificate's bound
                assert welfare(economy, shock)[n] == pytest.approx(formula, abs=1e-9)
    assert seen == {True, False}


# --- derivatives: friends and enemies ----------------------------------------------------------------------------


def shifted(problem: Problem, z: FloatArray) -> Problem:
    """The problem with log productivity ``z`` of each country, complex values allowed."""
    return replace(problem, productivity=np.repeat(z[:, None], problem.base.output.shape[1], axis=1))


def solver_matrix(problem: Problem) -> FloatArray:
    """d ln W_n / d ln A_i by the implicit function theorem on the solver's own equations."""
    x0, z0 = start_vector(problem), np.zeros(problem.base.transfer.size)

    def log_w(x: FloatArray, z: FloatArray) -> FloatArray:
        moved = shifted(problem, z)
        return np.log(sweep(moved, x).income) - consumer_price(moved, split(moved, x).price)

    by_x = jacobian(make_residual(problem), x0)
    by_z = jacobian(lambda z: make_residual(shifted(problem, z))(x0.astype(complex)), z0)
    response = -np.linalg.lstsq(by_x, by_z, rcond=None)[0]
    direct = jacobian(lambda z: log_w(x0.astype(complex), z), z0)
    return jacobian(lambda x: log_w(x, z0), x0) @ response + direct


def friends_and_enemies(share: FloatArray, income: FloatArray, elasticity: float) -> FloatArray:
    """First-order response of everyone to everyone, one sector, from shares alone; ``share`` has importers in rows."""
    q, n = income / income.sum(), income.size
    sales = (share * q[:, None]).T / q[:, None]
    cross = sales @ share - np.eye(n)
    left = np.vstack([np.eye(n) - sales - elasticity * cross, q[None]])
    right = np.vstack([-elasticity * cross, np.zeros((1, n))])
    wage = np.linalg.lstsq(left, right, rcond=None)[0]
    return wage - share @ (wage - np.eye(n))


def test_friends_and_enemies_matrix_is_the_jacobian() -> None:
    rng = np.random.default_rng(3)
    world = without_inputs(rng.lognormal(0.0, 1.0, (5, 5)) * np.where(np.eye(5, dtype=bool), 5.0, 1.0))
    elasticities = parameters(world, 5.0)
    economy = prepare(world, elasticities)
    base = economy.accounts
    expected = friends_and_enemies(base.pi[0], base.income, 4.0)
    problem = replace(
        unsolved(world, elasticities),
        base=base,
        weights=Weights(base.pi, base.pi, None, None),
        transfer=np.zeros(5),
    )
    assert np.abs(solver_matrix(problem) - expected).max() < 1e-8
    # And the solved responses to a finite step, by a fourth-order quotient good to 1e-8.
    h, j = 3e-3, 2

    def moved(step: float) -> FloatArray:
        productivity = np.ones((5, 1))
        productivity[j] = np.exp(step)
        return log_welfare(certified(economy, Shock(productivity=productivity)))

    quotient = (8.0 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12.0 * h)
    assert np.abs(quotient - expected[:, j]).max() < 1e-8


def test_a_row_of_the_matrix_shows_friends_and_enemies() -> None:
    """Partners gain from each other's productivity; a competitor on third markets loses."""
    flow = np.array([[5.0, 0.0, 1.0], [0.0, 5.0, 1.0], [1.0, 1.0, 5.0]])
    world = without_inputs(flow)
    base = prepare(world, parameters(world, 5.0)).accounts
    matrix = friends_and_enemies(base.pi[0], base.income, 4.0)
    assert matrix[0, 2] > 0.0 > matrix[0, 1]


# --- limits of parameters ------------------------------------------------------------------------------------------


def golden_shock() -> Shock:
    """R's energy a quarter less productive, and trade of R and W a fifth dearer."""
    world = golden_world()
    productivity = np.ones((3, 2))
    productivity[0, 0] = 0.75
    return Shock(productivity=productivity, trade_cost=np.where(between(world, 0, 2), 1.2, 1.0))


def with_mobility(mobility: float) -> FloatArray:
    world = golden_world()
    given = parameters(world, [6.0, 3.0], zeta=0.5, epsilon=0.2, kappa=0.9, mobility=mobility)
    return welfare(world, golden_shock(), given)


def test_roy_limits() -> None:
    """Dispersion of one is specific, infinite is mobile: the same equations as those written for the limits."""
    specific, mobile = with_mobility(1.0), with_mobility(0.0)
    assert with_mobility(1.0 - 1e-6) == pytest.approx(
        specific, abs=1e-6
    )  # the limits are approached linearly
    assert with_mobility(1e-6) == pytest.approx(mobile, abs=1e-6)
    path = np.array([with_mobility(1.0 / r)[0] for r in (1.0, 2.0, 5.0, 1e4)])
    assert (np.diff(path) * np.sign(mobile[0] - specific[0]) > 0).all()  # R moves from one limit to the other
    assert path[-1] == pytest.approx(mobile[0], abs=1e-4)


@pytest.mark.parametrize("nest", ["zeta", "epsilon", "eta", "kappa"])
def test_continuity_at_an_elasticity_of_one(nest: str) -> None:
    """One plus or minus 1e-7 agrees with Cobb-Douglas to eight digits."""
    world = random_world(3, 3, seed=8)
    given = uneven(world, 8)
    shock = Shock(cut=between(world, 0, 1))

    def at(value: float) -> FloatArray:
        changed = replace(given, **{nest: np.full_like(getattr(given, nest), value)})
        return np.exp(log_welfare(certified(prepare(world, changed), shock)))

    for near in (1e-7, 1e-10, 1e-13):  # certified throughout: no digit is lost to the root 1 / (1 - zeta)
        assert at(1.0 + near) == pytest.approx(at(1.0), abs=1e-8)
        assert at(1.0 - near) == pytest.approx(at(1.0), abs=1e-8)


def test_finite_costs_converge_to_the_embargo() -> None:
    """At the rate d ** -(sigma_min - 1): with a smallest sigma of 3 a hundredfold for every tenfold."""
    world = golden_world()
    economy = prepare(world, parameters(world, [6.0, 3.0], zeta=0.5, epsilon=0.2, kappa=0.9))
    route = between(world, 0, 2)
    limit = welfare(economy, Shock(cut=route))[0]
    gaps = [
        welfare(economy, Shock(trade_cost=np.where(route, d, 1.0)))[0] - limit for d in (10.0, 100.0, 1000.0)
    ]
    assert gaps[0] / gaps[1] == pytest.approx(100.0, rel=0.05)  # faster sectors still count at d = 10
    assert gaps[1] / gaps[2] == pytest.approx(100.0, rel=0.005)
    assert 0.0 < gaps[2] < 1e-6
