"""What has no equilibrium is recognised before anything iterates, and the message says what breaks and how to mend it."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from tests.economies import alone, between, cells, limit, parameters, uneven, unsolved, without_inputs

import suasion as su
from suasion.equilibrium import simulate
from suasion.equilibrium.diagnose import check, check_collapse
from suasion.equilibrium.economy import prepare, respond
from suasion.equilibrium.problem import build_problem
from suasion.equilibrium.types import Shock
from suasion.errors import (
    CollapseError,
    ConvergenceError,
    ElasticityError,
    InputError,
    NoSupplierError,
    ShockError,
    SuasionError,
)
from suasion.world import World
from suasion.world.testing import golden_world, random_world, symmetric_world


def golden(sigma: object = 5.0, **others: float) -> tuple[World, object]:
    world = golden_world()
    return world, parameters(world, sigma, **others)


# --- sigma ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sigma", [0.76, 0.999])
def test_an_embargo_at_sigma_below_one(sigma: float) -> None:
    world, given = golden([sigma, 5.0])
    with pytest.raises(
        ElasticityError, match=rf"embargo needs sigma > 1.*energy \({sigma:g}\).*quota or a finite"
    ):
        check(unsolved(world, given, Shock(cut=between(world, 0, 1))))


def test_only_the_sectors_that_are_cut_count() -> None:
    world, given = golden([0.76, 5.0])
    check(unsolved(world, given, Shock(cut=cells(world, 0, 1, 1))))  # the other good


def test_a_quota_of_zero_is_a_cut() -> None:
    world, given = golden([0.76, 5.0])
    with pytest.raises(ElasticityError, match="embargo needs sigma > 1"):
        check(unsolved(world, given, limit("quota", cells(world, 0, 1), 0.0)))


def test_finite_shocks_are_allowed_at_sigma_below_one() -> None:
    """Below one a dear origin takes a larger share; with a finite cost there is an equilibrium."""
    world, given = golden(0.76, zeta=0.5, epsilon=0.2, kappa=0.9)
    shock = Shock(trade_cost=np.where(between(world, 0, 2), 1.2, 1.0))
    solved, remarks = respond(prepare(world, given), shock)
    assert solved.solution.converged
    assert remarks == ()


@pytest.mark.parametrize("sigma", [1.0, 1.0 + 5e-5, 1.0 - 5e-5])
def test_sigma_of_one_is_refused_for_any_shock(sigma: float) -> None:
    world, given = golden([sigma, 5.0])
    with pytest.raises(ElasticityError, match=r"sigma is 1 in energy: sourcing shares would never react"):
        check(unsolved(world, given))


def test_many_offenders_are_counted_not_listed() -> None:
    world = random_world(3, 8, seed=0)
    with pytest.raises(ElasticityError, match=r"S1 \(0.9\), S2 \(0.9\), .*S5 \(0.9\) and 3 more:"):
        check(unsolved(world, parameters(world, 0.9), Shock(cut=between(world, 0, 1))))


# --- suppliers --------------------------------------------------------------------------------------------------


def one_supplier() -> World:
    """C3 makes no S1 and buys it from C1 only."""
    flow = np.ones((3, 3, 2))
    flow[:, 2, 0] = 0.0
    flow[2, :, 0] = [1.0, 0.0, 0.0]
    return without_inputs(flow)


def test_a_buyer_without_any_supplier() -> None:
    world = one_supplier()
    with pytest.raises(NoSupplierError, match=r"no supplier at all to C3 S1\. Exempt these sectors"):
        check(unsolved(world, parameters(world, 4.0), Shock(cut=cells(world, 2, 0))))


def test_exempting_the_sector_mends_it() -> None:
    world = one_supplier()
    check(unsolved(world, parameters(world, 4.0), Shock(cut=cells(world, 2, 0, 1))))


def test_more_offenders_are_counted() -> None:
    home = np.eye(3, dtype=bool)[:, :, None]
    world = without_inputs(np.where(home, 0.0, np.ones((3, 3, 7))))  # nobody buys at home
    with pytest.raises(NoSupplierError, match=r"C1 S1, C1 S2, C1 S3, C1 S4, C1 S5 and 2 more"):
        check(unsolved(world, parameters(world, 4.0), Shock(cut=cells(world, 0, slice(None)))))


def test_a_scenario_names_the_same() -> None:
    own = su.Elasticities(sigma=4.0)
    scenario = su.Scenario("cut", [su.ImportBan("C3", "C1")])
    with pytest.raises(NoSupplierError, match="C3 S1"):
        simulate(one_supplier(), scenario, own)


# --- collapse ---------------------------------------------------------------------------------------------------


def rigid(seed: int, sigma: float) -> tuple[World, object]:
    world = random_world(3, 3, seed)
    given = uneven(world, seed)
    low = {"zeta": np.full((3, 3), 0.3), "epsilon": np.full((3, 3), 0.1), "sigma": np.full(3, sigma)}
    return world, replace(given, **low)


def diverges(world: World, given: object, n: int) -> bool:
    """Whether unit costs of a country alone grow beyond all bounds, by plain repetition."""
    base = unsolved(world, given).base
    price = np.log(base.pi[:, n, n]) / (1.0 - given.sigma)
    zeta, epsilon, cost = given.zeta[n], given.epsilon[n], np.zeros(3)
    a, g = base.va_share[n], base.input_share[n]
    for _ in range(20_000):
        inputs = np.log((g * np.exp((1.0 - epsilon)[:, None] * (cost + price))).sum(1)) / (1.0 - epsilon)
        new = np.log(a + (1.0 - a) * np.exp((1.0 - zeta) * inputs)) / (1.0 - zeta)
        if new.max() > 100.0 or np.abs(new - cost).max() < 1e-10:
            return bool(new.max() > 100.0)
        cost = new
    raise AssertionError("neither grew nor settled")


@pytest.mark.parametrize("sigma", [1.15, 1.3, 1.6])
def test_collapse_is_found_exactly_when_costs_diverge(sigma: float) -> None:
    """Weak and strong collapses, in twelve random worlds without trade: no miss and no false alarm."""
    for seed in range(12):
        world, given = rigid(seed, sigma)
        problem = unsolved(world, given, Shock(cut=cells(world, slice(None), slice(None))))
        broken = [c for n, c in enumerate(world.countries) if diverges(world, given, n)]
        if broken:
            with pytest.raises(
                CollapseError, match=rf"production of ({'|'.join(broken)}) S.*spectral radius"
            ):
                check_collapse(problem)
        else:
            check_collapse(problem)


def test_a_collapse_names_the_country_that_breaks() -> None:
    world = symmetric_world(3, domestic=0.1, va_share=0.5)
    given = parameters(world, 2.0, 0.2)
    with pytest.raises(
        CollapseError, match=r"production of C2 good has no finite cost.*Cut less, or raise zeta"
    ):
        check(unsolved(world, given, Shock(cut=alone(world, 1))))


def test_a_productivity_crash_can_collapse_too() -> None:
    """Half the output from the same inputs, everywhere, where inputs are half of cost and hard to replace."""
    world = symmetric_world(2, domestic=0.8, va_share=0.5)
    given = parameters(world, 4.0, 0.2)
    threshold = 0.5 ** (1.0 / 0.8)  # costs feed on themselves from here on
    check(unsolved(world, given, Shock(productivity=np.full((2, 1), threshold * 1.01))))
    with pytest.raises(CollapseError, match="no finite cost"):
        check(unsolved(world, given, Shock(productivity=np.full((2, 1), threshold * 0.99))))


def test_one_flexible_cell_does_not_hide_the_collapse_of_the_others() -> None:
    world, given = next(case for case in (rigid(seed, 1.15) for seed in range(9)) if diverges(*case, 0))
    zeta = given.zeta.copy()
    zeta[1:] = 1.2  # the others can do without inputs; C1 is alone all the same
    mixed = replace(given, zeta=zeta)
    with pytest.raises(CollapseError, match="production of C1"):
        check_collapse(unsolved(world, mixed, Shock(cut=alone(world, 0))))


@pytest.mark.parametrize("zeta", [1.0, 1.4])
def test_no_collapse_where_inputs_can_be_replaced(zeta: float) -> None:
    """At zeta >= 1 costs stay finite however dear inputs are."""
    world = symmetric_world(2, domestic=0.05, va_share=0.5)
    solved, _ = respond(prepare(world, parameters(world, 2.0, zeta)), Shock(cut=between(world, 0, 1)))
    assert solved.solution.converged


def test_cheaper_trade_needs_no_test_for_collapse() -> None:
    world, given = golden(zeta=0.2)
    check_collapse(
        unsolved(world, given, Shock(trade_cost=np.where(between(world, 0, 1), 0.8, 1.0))), sweeps=0
    )


def test_diagnosis_is_quick(world: World) -> None:
    """On the embedded world, an embargo: a small part of the solve, which takes a quarter of a second."""
    given = su.equilibrium.resolve(world, "short")
    scenario = su.Scenario("cut", [su.Embargo("RUS", "CHN")])
    base = prepare(world, given, "world").accounts
    problem = build_problem(base, given, su.equilibrium.compile_scenario(world, scenario), "world")
    start = time.perf_counter()
    check(problem)
    assert time.perf_counter() - start < 1.0  # milliseconds; the bound allows for a busy machine


# --- everything else --------------------------------------------------------------------------------------------


def test_wrong_deficit_rule() -> None:
    world, given = golden()
    with pytest.raises(InputError, match=r"deficits='none' is not one of balance, world, gdp, eliminate"):
        prepare(world, given, "none")


def test_transfers_beyond_what_is_earned() -> None:
    """A surplus country that must keep giving what its ruined economy no longer earns."""
    world = random_world(4, 1, seed=25, tariffs=True)  # C1 gives away nine tenths of what it earns
    given = parameters(world, 4.0)
    productivity = np.ones((4, 1))
    productivity[0] = 0.5
    with pytest.raises(
        ShockError, match=r"C1 would give away all that is earned.*deficits='world'.*Use deficits"
    ):
        respond(prepare(world, given, "world"), Shock(productivity=productivity))
    respond(prepare(world, given, "balance"), Shock(productivity=productivity))  # the advice is good


def test_what_is_not_solved_is_said_with_numbers() -> None:
    """A price cap below what any wedge of its buyers can bring about: no equilibrium, and no number."""
    world = random_world(4, 3, seed=0)
    with pytest.raises(ConvergenceError, match=r"best residual is \d\.\de.*tolerance 1e-11.*Raise the cap"):
        respond(
            prepare(world, uneven(world, 0)), limit("price_cap", cells(world, slice(None), 1, [0, 1]), 0.9)
        )


def test_transfers_that_trade_cannot_carry() -> None:
    """C1's deficit is .6 of its imports; a quota of .7 on all of them leaves less than the gift."""
    world = random_world(4, 3, seed=1, tariffs=True)
    prepared = prepare(world, uneven(world, 1), "world")
    with pytest.raises(ConvergenceError, match=r"more than trade can carry.*deficits='balance'"):
        respond(prepared, limit("quota", cells(world, 0, slice(None)), 0.7))


def test_a_sound_shock_has_no_remarks() -> None:
    world, given = golden()
    assert check(unsolved(world, given, Shock(cut=between(world, 0, 1)))) == ()


@pytest.mark.parametrize("error", [CollapseError, NoSupplierError, ElasticityError, ConvergenceError])
def test_all_are_errors_of_the_package(error: type[Exception]) -> None:
    assert issubclass(error, SuasionError)
