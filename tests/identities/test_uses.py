"""Instruments of one use: against twins of every sector, a short solver in levels, and their sum over uses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.economies import certified, uneven
from tests.levels import in_levels

import suasion as su
from suasion.coercion import exit_cost, leverage_matrix, sensitivity
from suasion.equilibrium import (
    Embargo,
    PriceCap,
    Quota,
    Scenario,
    Share,
    Tariff,
    TradeCost,
    advance,
    draws,
    resolve,
    simulate,
    simulate_many,
)
from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.adjoint.backward import Seeds
from suasion.equilibrium.adjoint.point import point_of
from suasion.equilibrium.adjoint.solve import gradient, scaling_of
from suasion.equilibrium.batch.many import job_of, respond_draws, respond_many
from suasion.equilibrium.economy import Economy, economy_on, log_welfare, prepare, respond, with_counters
from suasion.equilibrium.scenario.file import parse_scenario
from suasion.equilibrium.scenario.scenario import compile_scenario
from suasion.equilibrium.types import FLOWS, FlowTerms, Parameters, Shock
from suasion.errors import InputError, ScenarioError, ShockError
from suasion.world import World
from suasion.world.testing import random_world

#: Two solvers that close their equations to 1e-10 in logs; welfare is a smooth function of the unknowns.
CLOSE = 1e-9

MEASURES: dict[str, dict[str, Any]] = {
    "cut": {"kind": Embargo, "sectors": ("S1", "S2")},
    "tariff": {"kind": Tariff, "rate": 0.6},
    "iceberg": {"kind": TradeCost, "factor": 1.5, "sectors": ("S2", "S3")},
    "share": {"kind": Share, "removed": 0.7},
}


def measure(name: str, use: Any, coverage: float = 1.0) -> Any:
    """One instrument of C1 against C2."""
    given = dict(MEASURES[name])
    return given.pop("kind")("C1", "C2", **given, use=use, coverage=coverage)


@pytest.fixture(scope="module")
def world() -> World:
    return random_world(4, 3, seed=2, tariffs=True)


@pytest.fixture(scope="module")
def economy(world: World) -> Economy:
    """Four countries, three goods, tariffs, Roy factors; the buyers of two goods switch."""
    elasticities = uneven(world, 3, 2.0 / 3.0, switching=True)
    return prepare(world, replace(elasticities, epsilon=np.full_like(elasticities.epsilon, 0.4)))


def compiled(world: World, *instruments: Any) -> Shock:
    return compile_scenario(world, Scenario("s", list(instruments)))


def terms(base: Any, given: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """FlowTerms of trade of one use for the solver in levels."""
    n, s = base.output.shape
    one, before = np.ones((n, n, s)), base.tariff.transpose(1, 2, 0)
    tariff = before if given.tariff is None else given.tariff
    cost = one if given.trade_cost is None else given.trade_cost
    left = one if given.left is None else given.left
    return cost * (1 + tariff) / (1 + before), left * (1.0 if given.cut is None else ~given.cut), tariff


@pytest.mark.parametrize("coverage", [1.0, 0.6])
@pytest.mark.parametrize("use", ["inputs", "final"])
@pytest.mark.parametrize("name", list(MEASURES))
def test_against_a_solver_in_levels(
    world: World, economy: Economy, name: str, use: str, coverage: float
) -> None:
    shock = compiled(world, measure(name, use, coverage))
    assert shock.by_use
    base = economy.accounts
    expected = in_levels(base, economy.parameters, terms(base, shock), terms(base, shock.final))
    assert log_welfare(certified(economy, shock)) == pytest.approx(expected, abs=CLOSE)


def twins(base: Accounts) -> Accounts:
    """Accounts with every sector twice: one sells for inputs only, one for final use only; factors are mobile."""
    inputs = np.matmul(((1.0 - base.va_share) * base.output)[:, None, :], base.input_share)[:, 0]
    final = base.final_share * base.income[:, None]
    sold = [(base.pi * part.T[..., None] / base.tax_wedge).sum(1).T for part in (inputs, final)]
    mix = np.concatenate([base.input_share, np.zeros_like(base.input_share)], 2)
    assert base.tariff is not None
    return replace(
        base,
        sectors=(*base.sectors, *(f"{name} again" for name in base.sectors)),
        pi=np.concatenate([base.pi] * 2),
        expenditure=np.concatenate([inputs, final], 1),
        output=np.concatenate(sold, 1),
        va_share=np.concatenate([base.va_share] * 2, 1),
        input_share=np.concatenate([mix] * 2, 1),
        final_share=np.concatenate([np.zeros_like(final), base.final_share], 1),
        factor_share=np.concatenate([base.factor_share] * 2, 1),
        tariff=np.concatenate([base.tariff] * 2),
    )


def doubled(parameters: Parameters) -> Parameters:
    """Elasticities of the twins."""
    names = ("sigma", "zeta", "epsilon", "eta")
    twice = {name: np.concatenate([getattr(parameters, name)] * 2, -1) for name in names}
    assert parameters.switching is not None
    nest = {name: np.tile(getattr(parameters.switching, name), 2) for name in ("sigma", "share", "mu")}
    return replace(parameters, **twice, switching=replace(parameters.switching, **nest))


@pytest.mark.parametrize("use", ["inputs", "final"])
@pytest.mark.parametrize("name", list(MEASURES))
def test_against_twins_of_every_sector(world: World, economy: Economy, name: str, use: str) -> None:
    """With mobile factors two plants are as good as one: an ordinary measure on the one twin is one of that use."""
    mobile = replace(economy.parameters, mobility=np.zeros(1))
    base = economy.accounts
    ordinary, shock = compiled(world, measure(name, None)), compiled(world, measure(name, use))
    split = {"inputs": (ordinary, Shock()), "final": (Shock(), ordinary)}[use]
    fields = {}
    for key, rest in FLOWS.items():
        none = np.full((4, 4, 3), rest)
        none = base.tariff.transpose(1, 2, 0) if key == "tariff" and base.tariff is not None else none
        if getattr(ordinary, key) is not None:
            parts = [getattr(part, key) for part in split]
            fields[key] = np.concatenate([none if part is None else part for part in parts], -1)
    apart = economy_on(twins(base), doubled(mobile), "balance")
    expected = log_welfare(certified(apart, Shock(**fields)))
    found = certified(economy_on(base, mobile, "balance"), shock)
    assert log_welfare(found) == pytest.approx(expected, abs=CLOSE)


@pytest.mark.parametrize("name", list(MEASURES))
def test_both_uses_are_the_whole(world: World, economy: Economy, name: str) -> None:
    """Twice the same measure, once for each use, is the measure without a use."""
    whole = certified(economy, compiled(world, measure(name, None)))
    parts = compiled(world, measure(name, "inputs"), measure(name, "final"))
    goods = np.arange(3)
    apart, shock = with_counters(economy, goods), replace(parts, final=parts.final or FlowTerms())
    assert log_welfare(certified(economy, parts)) == pytest.approx(log_welfare(whole), abs=CLOSE)
    assert log_welfare(certified(apart, shock)) == pytest.approx(log_welfare(whole), abs=CLOSE)


def test_batches_and_draws_equal_single_solves(world: World, economy: Economy) -> None:
    """All measures of one use share a batch, with draws of sigma and of b; the single solver certifies each."""
    each = [compiled(world, measure(name, use)) for name in MEASURES for use in ("inputs", "final")]
    apart = with_counters(economy, np.arange(3))
    many = respond_many(apart, [job_of(apart, shock) for shock in each])
    assert many.batched.all()
    for shock, row in zip(each, many.log_welfare, strict=True):
        assert row == pytest.approx(log_welfare(certified(economy, shock)), abs=CLOSE)
    small = random_world(5, 3, seed=4)
    short = prepare(small, resolve(small, "short"), "balance", resolve(small, "long"))
    shock = compiled(small, measure("cut", "inputs"))
    solved, _ = respond(short, shock)
    sets = draws(small, 4, "short", seed=3)
    outcome = respond_draws(short, shock, solved, sets)
    assert outcome.batched.all()
    for one, row in zip(sets, outcome.log_welfare, strict=True):
        alone, _ = respond(replace(short, parameters=one), shock)
        assert row == pytest.approx(log_welfare(alone), abs=CLOSE)


def test_many_scenarios_of_one_use_share_batches(world: World) -> None:
    """Beside ones without a use; every number is that of a single simulation."""
    scenarios = [
        Scenario(f"{name} {use}", [measure(name, use)]) for name in MEASURES for use in ("inputs", None)
    ]
    many = simulate_many(world, scenarios, ["short", "long"])
    assert many.batched.values.all()
    for scenario in scenarios:
        for horizon in ("short", "long"):
            alone = simulate(world, scenario, horizon).welfare.values
            assert many.welfare.sel(scenario=scenario.name, horizon=horizon).values == pytest.approx(
                alone, abs=1e-7
            )


def test_what_a_result_shows(world: World) -> None:
    """Whole goods: flows add up to output, prices lie between those of the uses, flags and parts are there."""
    found = simulate(world, Scenario("s", [measure("cut", "inputs"), measure("tariff", "final")]), "short")
    assert found.trade.shape == (4, 4, 3)
    assert found.trade.values.sum(0) == pytest.approx(found.output_value.values, rel=1e-9)
    assert found.prices.shape == found.output.shape == (4, 3)
    split = found.solved.problem.base.split
    assert split is not None
    logs = found.solved.x[: 4 * 9].reshape(4, 9)
    both = np.expm1(np.stack([logs[:, split.inputs], logs[:, split.final]]))
    assert (found.prices.values >= 100.0 * both.min(0) - 1e-9).all()
    assert (found.prices.values <= 100.0 * both.max(0) + 1e-9).all()
    assert found.trade.sel(importer="C1", exporter="C2", sector="S1").item() > 0.0  # for final use
    assert found.bracket.notnull().all()
    assert abs(found.decomposition.attrs["gap"]) < 1e-4
    with pytest.raises(ShockError, match="one use"):
        _ = found.welfare_linear


@pytest.mark.parametrize("kind", ["quota", "cap"])
def test_limits_of_one_use(world: World, economy: Economy, kind: str) -> None:
    """A quota is the tariff of its use that ships the same, a cap that which brings the seller's price down."""
    item = {
        "quota": Quota("C2", "C1", 0.5, sectors="S2", use="final"),
        "cap": PriceCap("C2", "C1", 0.997, sectors="S2", use="inputs"),
    }[kind]
    solved = certified(economy, compiled(world, item))
    wedge = np.exp(solved.x[-1])
    assert wedge > 1.05
    rate = (1.0 + world.array("tariff")[1, 0, 1]) * wedge - 1.0
    taxed = certified(
        economy, compiled(world, Tariff("C2", "C1", rate, sectors="S2", mode="set", use=item.use))
    )
    assert log_welfare(taxed) == pytest.approx(log_welfare(solved), abs=CLOSE)


def test_derivatives_are_those_of_central_differences(world: World, economy: Economy) -> None:
    """Of welfare by the tariff and cost of each use, at a world with a measure of one use; to 1e-6 of the derivative."""
    shock = compiled(world, measure("iceberg", "inputs"), measure("tariff", "final"))
    apart = with_counters(economy, np.arange(3))
    seen = replace(shock, final=shock.final or FlowTerms())
    solved, _ = respond(apart, seen)
    point = point_of(solved)
    income = np.zeros(4)
    income[1] = 1.0 / point.income[1]
    price = np.zeros(4)
    price[1] = -1.0
    found = gradient(point, Seeds(income, np.zeros(4), price), scaling_of(apart.accounts, apart.parameters))
    step = 2e-3  # four points: wrong by its fourth power, and 1e-11 of each solution is little beside it
    for use in ("inputs", "final"):
        for wrt in ("tariff", "trade_cost"):
            outcomes = []
            for sign in (-2.0, -1.0, 1.0, 2.0):
                terms = seen if use == "inputs" else seen.final
                assert terms is not None
                rest = world.array("tariff") if wrt == "tariff" else np.ones((4, 4, 3))
                array = np.array(rest if getattr(terms, wrt) is None else getattr(terms, wrt))
                cell = array[1, 0, 2]
                array[1, 0, 2] = cell * np.exp(sign * step) if wrt == "trade_cost" else cell + sign * step
                moved = replace(terms, **{wrt: array})
                moved = moved if use == "inputs" else replace(seen, final=moved)
                outcomes.append(log_welfare(certified(apart, moved))[1])
            slope = float(np.dot([1.0, -8.0, 8.0, -1.0], outcomes)) / (12.0 * step)
            assert found.by(wrt, use)[1, 0, 2] == pytest.approx(slope, rel=1e-6)
    whole = found.by("trade_cost")
    parts = found.by("trade_cost", "inputs") + found.by("trade_cost", "final")
    assert whole == pytest.approx(parts, abs=1e-14)


def test_nothing_is_given_up(world: World, economy: Economy) -> None:
    """A measure of one use cannot be built upon where what follows knows no uses, and two bounds cannot share a flow."""
    shock = compiled(world, measure("cut", "inputs"))
    with pytest.raises(InputError, match="one scenario"):
        advance(economy, shock)
    with pytest.raises(ScenarioError, match="Say with `use`"):
        compiled(world, Quota("C1", "C2", 0.5), Tariff("C1", "C3", 0.1, use="final"))
    with pytest.raises(ScenarioError, match="one use"):
        compiled(world, Quota("C1", "C2", 0.5), Quota("C1", "C2", 0.5, use="final"))
    two = compiled(world, Quota("C1", "C2", 0.5, use="inputs"), Quota("C1", "C2", 0.7, use="final"))
    assert [limit.use for limit in two.limits] == ["inputs", "final"]
    certified(economy, two)


def test_a_cut_holds_for_both_uses(world: World, economy: Economy) -> None:
    """A tie that is cut where a measure of one use is in force is cut for every use."""
    shock = compiled(world, measure("tariff", "inputs"))
    cells = compiled(world, Embargo("C1", "C2")).cut
    assert cells is not None
    solved = certified(economy, shock.cutting(cells))
    flows = solved.problem.base.gathered(solved.swept.flows)
    assert flows[:, 0, 1].max() == flows[:, 1, 0].max() == 0.0


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        (Share("C1", "C2", 0.6), Embargo("C1", "C2", coverage=0.6)),
        (Share("C1", "C2", 0.3), Share("C1", "C2", 0.5, coverage=0.6)),
        (Tariff("C1", "C2", 0.15), Tariff("C1", "C2", 0.25, coverage=0.6)),
        (TradeCost("C1", "C2", 1.12), TradeCost("C1", "C2", 1.2, coverage=0.6)),
        (Quota("C1", "C2", 0.7), Quota("C1", "C2", 0.5, coverage=0.6)),
    ],
)
def test_coverage_is_averaged_over_the_flow(world: World, whole: Any, part: Any) -> None:
    """A measure on a part is the same as its average on the whole, up to the last digit of a product."""
    first, second = (compiled(world, item) for item in (whole, part))
    for name in FLOWS:
        one, other = getattr(first, name), getattr(second, name)
        assert (one is None) == (other is None)
        assert one is None or one == pytest.approx(other, abs=1e-15)
    assert [limit.bound for limit in first.limits] == pytest.approx([limit.bound for limit in second.limits])
    assert f"{part.coverage:g}" in part.describe(world)


def test_a_rate_is_set_on_the_part_only(world: World) -> None:
    """The rest of the flow keeps the base's rate."""
    base = world.array("tariff")[0, 1]
    tariff = compiled(world, Tariff("C1", "C2", 0.5, mode="set", coverage=0.4)).tariff
    assert tariff is not None
    assert tariff[0, 1] == pytest.approx(0.2 + 0.6 * base)


def test_measures_in_force_on_a_day() -> None:
    """From the first day to the last, both included; without dates always."""
    steps = [
        Tariff("C1", "C2", 0.1, date="2018-07-06", until="2019-05-09"),
        Tariff("C1", "C2", 0.25, date="2019-05-10"),
        Embargo("C1", "C3"),
    ]
    scenario = Scenario("steps", steps)
    counts = {"2018-07-05": [2], "2018-07-06": [0, 2], "2019-05-09": [0, 2], "2019-05-10": [1, 2]}
    for day, kept in counts.items():
        assert scenario.on(day).instruments == tuple(steps[k] for k in kept)
    assert scenario.on("2019-05-10").year == 2019
    assert Scenario.from_dict(scenario.to_dict()) == scenario
    for wrong in (
        {"date": "2019-13-01"},
        {"date": "2019-05-10", "until": "2019-05-09"},
        {"coverage": 0.0},
        {"use": "all"},
    ):
        with pytest.raises(ScenarioError, match=next(iter(wrong)) if "date" not in wrong else "date|until"):
            Tariff("C1", "C2", 0.1, **wrong)  # type: ignore[arg-type]


def test_in_a_file() -> None:
    """Every key is read, written and refused where it has no meaning."""
    text = (
        "name: n\ninstruments:\n"
        "- {type: embargo, senders: C1, targets: C2, use: inputs, coverage: 0.5, date: 2022-08-10}\n"
        "- {type: price_cap, senders: C1, targets: C2, share: 0.9, use: final, until: '2023-01-01'}\n"
    )
    scenario = parse_scenario(text)
    assert scenario.instruments[0] == Embargo("C1", "C2", use="inputs", coverage=0.5, date="2022-08-10")
    assert parse_scenario(scenario.to_yaml()) == scenario
    with pytest.raises(ScenarioError, match="coverage"):
        parse_scenario(text.replace("use: final", "coverage: 0.5"))
    with pytest.raises(ScenarioError, match="2022-12-05"):
        parse_scenario(text.replace("2022-08-10", "August"))
    with pytest.raises(ScenarioError, match="use"):
        parse_scenario("name: n\ninstruments: [{type: endowments, targets: C1, factor: 0.9, use: inputs}]")


def test_sensitivities_of_one_use(world: World) -> None:
    """Inputs and final use add up to the whole, and a flow of one use cannot be cut off alone."""
    whole, inputs, final = (
        sensitivity(world, su.Welfare("C2"), "tariff", use=use)  # type: ignore[arg-type]
        for use in (None, "inputs", "final")
    )
    together = (inputs.effect + final.effect).values
    assert together == pytest.approx(whole.effect.values, abs=1e-9, nan_ok=True)
    assert inputs.table(3).share_percent.between(0.0, 100.0).all()
    with pytest.raises(InputError, match="one by one"):
        inputs.exact(2)


def test_exit_costs_where_a_measure_of_one_use_is_in_force(world: World) -> None:
    """The further loss is that of both at once less that of the measure; the matrix says the same."""
    given = Scenario("tariff", [Tariff("C3", "C2", 0.4, use="inputs")])
    cost = exit_cost(world, "C1", "C2", given=given, horizon="long")
    both = Scenario("both", [*given.instruments, Embargo("C1", "C2")])
    before, after = (
        np.log1p(simulate(world, one, "long").welfare.sel(country="C1").item() / 100.0)
        for one in (given, both)
    )
    assert cost.loss("C1") == pytest.approx(-100.0 * np.expm1(after - before), abs=1e-7)
    matrix = leverage_matrix(world, "long", given=given, cache=False)
    assert matrix.loss_percent.sel(country="C1", partner="C2").item() == pytest.approx(
        cost.loss("C1"), abs=1e-7
    )
